"""Practice until the day of an interview that somebody has elsewhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.models.user import zone_or_default
from accounts.text import Visible, isolated
from interviews.models.choices import Difficulty, Language, one_of

EVENING = range(18, 22)
DECISIONS_KEPT = timedelta(days=7)


class PracticePlanQuerySet(models.QuerySet["PracticePlan"]):
    """Vocabulary of practice plans; the lookup is the authorisation."""

    def of_person(self, user: User) -> PracticePlanQuerySet:
        """Return the plan of `user`; nobody else may read or change it, whatever their rights."""
        return self.filter(owner=user)

    def to_remind(self, now: datetime) -> PracticePlanQuerySet:
        """Return the plans whose owners want a reminder, have evening, and were not looked at today.

        The day of the interview is left out: what is in the evening comes after it.
        """
        wanted = self.filter(wants_reminder=True, owner__is_active=True)
        names = wanted.order_by().values_list("owner__time_zone", flat=True).distinct()
        due = Q(pk__in=[])
        for day, zones in _evenings(names, now):
            decided = PracticeReminder.objects.filter(person=OuterRef("owner"), day=day)
            due |= Q(~Exists(decided), owner__time_zone__in=zones, interview_on__gt=day)
        return wanted.filter(due).select_related("owner")


def _evenings(
    names: models.QuerySet[PracticePlan, str], now: datetime
) -> Iterator[tuple[date, list[str]]]:
    """Return the time zones in which it is evening now, by the date that they have."""
    found: dict[date, list[str]] = defaultdict(list)
    for name in names:
        local = now.astimezone(zone_or_default(name))
        if local.hour in EVENING:
            found[local.date()].append(name)
    yield from found.items()


class PracticePlan(models.Model):
    """What somebody practises for, until which day, and whether a mail reminds them in the evening."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="practice_plans"
    )
    position = models.CharField(max_length=120, validators=[Visible()])
    difficulty = models.CharField(max_length=10, choices=Difficulty, default=Difficulty.MEDIUM)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    interview_on = models.DateField("day of the interview")
    wants_reminder = models.BooleanField(default=False)
    site = models.CharField(max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PracticePlanQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["owner"], name="practice_plan_one_per_person"),
            models.CheckConstraint(
                condition=one_of("difficulty", Difficulty), name="practice_plan_difficulty_is_known"
            ),
            models.CheckConstraint(
                condition=one_of("language", Language), name="practice_plan_language_is_known"
            ),
            models.CheckConstraint(condition=~Q(position=""), name="practice_plan_has_position"),
        ]
        indexes = [
            models.Index(
                fields=["interview_on"],
                condition=Q(wants_reminder=True),
                name="practice_plan_reminds",
            ),
        ]

    def __str__(self) -> str:
        return f"{isolated(self.position)}, {self.interview_on}"

    @property
    def zone(self) -> ZoneInfo:
        return self.owner.zone

    @property
    def today(self) -> date:
        """Return the date that its owner has now."""
        return timezone.localdate(timezone=self.zone)

    @property
    def is_over(self) -> bool:
        return self.interview_on < self.today

    def stop_reminding(self) -> None:
        self.wants_reminder = False
        self.save(update_fields=["wants_reminder"])


class PracticeReminder(models.Model):
    """That it was decided whether to remind somebody on a day, which happens once a day."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="practice_reminders"
    )
    day = models.DateField()
    is_sent = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "day"], name="practice_reminder_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"

    @staticmethod
    def forget_old() -> None:
        """Delete the decisions of days that are past in every time zone."""
        PracticeReminder.objects.filter(day__lt=timezone.now().date() - DECISIONS_KEPT).delete()
