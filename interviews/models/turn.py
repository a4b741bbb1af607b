"""A turn of a session: one thing asked, one answer, one evaluation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, F, Prefetch, Q, Value, When
from django.utils import timezone

from accounts.models import User
from interviews.models.choices import TIME_FACTORS, Feedback
from interviews.models.rights import managed_screenings

if TYPE_CHECKING:
    from interviews.models.aside import Aside
    from interviews.models.rating import Rating


class TurnQuerySet(models.QuerySet["Turn"]):
    """Vocabulary of turns."""

    def reviewable_by(self, user: User) -> TurnQuerySet:
        """Return the turns whose ratings `user` may overrule or retry: never practice, never their own."""
        mine = managed_screenings(user, "session__interview__")
        return self.filter(mine & ~Q(session__candidate=user))

    def practised_by(self, user: User) -> TurnQuerySet:
        """Return what `user` answered in practice, for whatever position."""
        practice = self.filter(session__candidate=user, session__interview__mode="practice")
        return practice.filter(answer__isnull=False)

    def practised_for(self, user: User, *, position: str, language: str) -> TurnQuerySet:
        """Return what `user` answered in practice for a position, in one language."""
        return self.practised_by(user).filter(
            session__interview__position__iexact=position,
            session__interview__language=language,
        )

    def with_told(self) -> TurnQuerySet:
        """Add `told`: each turn's evaluation as its candidate may know it by now, none if they wait for the end."""
        waits = When(
            session__finished_at=None,
            session__interview__feedback=Feedback.AT_THE_END,
            then=Value(Turn.Evaluation.NONE.value),
        )
        return self.annotate(told=Case(waits, default=F("evaluation")))

    def open(self) -> TurnQuerySet:
        return self.filter(flow=Turn.Flow.ASKED)

    def with_ratings(self) -> TurnQuerySet:
        """Load each turn's answer, `rating_list` and `aside_list`; the question is linked by the session."""
        ratings = Prefetch("ratings", to_attr="rating_list")
        asides = Prefetch("asides", to_attr="aside_list")
        return self.select_related("answer").prefetch_related(ratings, asides)  # type: ignore[no-redef]

    def overdue(self, *, now: datetime, grace: timedelta) -> TurnQuerySet:
        """Return open turns whose own time or whose session's time has run out."""
        late = Q(deadline__lt=now - grace) | Q(session__deadline__lt=now - grace)
        return self.open().filter(late, session__status="active")

    def awaiting_work(self, *, now: datetime) -> TurnQuerySet:
        """Return turns that are answered but not carried on, or not rated although their time has come."""
        due = Q(next_attempt_at__isnull=True) | Q(next_attempt_at__lte=now)
        free = Q(session__lease_until__isnull=True) | Q(session__lease_until__lt=now)
        unrated = self.filter(evaluation=Turn.Evaluation.PENDING)
        return unrated.filter(Q(flow=Turn.Flow.ANSWERED) | due, free)

    def rated_by(self, attempt: int) -> TurnQuerySet:
        """Return closed turns whose rating this attempt may still store: none was made since."""
        pending = self.filter(flow=Turn.Flow.CLOSED, evaluation=Turn.Evaluation.PENDING)
        return pending.filter(attempts=attempt)


class Turn(models.Model):
    """One thing asked of the candidate, on two tracks: the flow of the interview, and its evaluation."""

    class Flow(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        CLOSED = "closed", "Closed"

    class Evaluation(models.TextChoices):
        NONE = "none", "None yet"
        PENDING = "pending", "Pending"
        SCORED = "scored", "Scored"
        NOT_SCORED = "not_scored", "Not scored"

    session = models.ForeignKey(
        "interviews.InterviewSession", on_delete=models.CASCADE, related_name="turns"
    )
    question = models.ForeignKey(
        "interviews.Question", on_delete=models.CASCADE, related_name="turns"
    )
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=1000)
    is_follow_up = models.BooleanField(default=False)
    key_point_id = models.CharField(max_length=20, blank=True)
    flow = models.CharField(max_length=10, choices=Flow, default=Flow.ASKED)
    evaluation = models.CharField(max_length=10, choices=Evaluation, default=Evaluation.NONE)
    asked_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    time_factor = models.FloatField(default=1.0)
    draft = models.TextField(blank=True)
    draft_saved_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    points = models.JSONField(default=list)
    level = models.FloatField(null=True, blank=True)
    lowest_level = models.FloatField(null=True, blank=True)
    highest_level = models.FloatField(null=True, blank=True)
    is_sure = models.BooleanField(default=True)
    covered = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    flags = models.JSONField(default=list)
    feedback = models.TextField(blank=True)
    needs_person = models.BooleanField(default=False)
    aside_count = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = TurnQuerySet.as_manager()

    rating_list: list[Rating]
    aside_list: list[Aside]

    class Meta:
        ordering = ["session_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "number"], name="turn_number_unique_in_session"
            ),
            models.UniqueConstraint(
                fields=["session"], condition=Q(flow="asked"), name="turn_one_open_per_session"
            ),
            models.UniqueConstraint(
                fields=["session", "question"],
                condition=Q(is_follow_up=False),
                name="turn_question_asked_once",
            ),
            models.UniqueConstraint(
                fields=["session", "question", "key_point_id"],
                condition=Q(is_follow_up=True),
                name="turn_follow_up_once_per_key_point",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="turn_number_starts_at_1"),
            models.CheckConstraint(
                condition=Q(flow__in=["asked", "answered", "closed"]), name="turn_flow_is_known"
            ),
            models.CheckConstraint(
                condition=Q(time_factor__in=TIME_FACTORS), name="turn_time_factor_is_known"
            ),
            models.CheckConstraint(
                condition=Q(evaluation__in=["none", "pending", "scored", "not_scored"]),
                name="turn_evaluation_is_known",
            ),
            models.CheckConstraint(
                condition=Q(level=None)
                | Q(
                    lowest_level__gte=1,
                    lowest_level__lte=F("level"),
                    highest_level__gte=F("level"),
                    highest_level__lte=5,
                ),
                name="turn_level_is_in_its_range",
            ),
            models.CheckConstraint(
                condition=(Q(flow="asked") & Q(evaluation="none"))
                | (~Q(flow="asked") & ~Q(evaluation="none")),
                name="turn_is_evaluated_only_once_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["evaluation", "flow"], name="turn_on_its_two_tracks"),
            models.Index(
                fields=["session"], condition=Q(needs_person=True), name="turn_needs_a_person"
            ),
            models.Index(fields=["deadline"], condition=Q(flow="asked"), name="turn_open_deadline"),
        ]

    def __str__(self) -> str:
        return f"turn {self.number} of session {self.session_id}"

    @property
    def is_open(self) -> bool:
        return self.flow == self.Flow.ASKED

    @property
    def given_answer(self) -> Answer | None:
        """The answer, or None while there is none."""
        return getattr(self, "answer", None)

    @property
    def time_limit(self) -> int | None:
        """The seconds that there are for this turn, or None without a timer."""
        limit = self.question.time_limit_seconds
        return round(limit * self.time_factor) if self.deadline else None

    def is_rating_due(self, now: datetime) -> bool:
        """Tell whether a rating was left pending; an answered turn is rated by whoever carries it on."""
        pending = self.flow == self.Flow.CLOSED and self.evaluation == self.Evaluation.PENDING
        return pending and (self.next_attempt_at is None or self.next_attempt_at <= now)

    def save_draft(self, text: str) -> bool:
        """Keep what was typed so far; False if the turn is not open any more, or has another draft by now."""
        same = Turn.objects.open().filter(pk=self.pk, draft=self.draft)
        return bool(same.update(draft=text, draft_saved_at=timezone.now()))


class Answer(models.Model):
    """What the candidate said in a turn; written once, never changed."""

    class Modality(models.TextChoices):
        TEXT = "text", "Typed"
        AUDIO = "audio", "Spoken"
        DRAFT = "draft", "Draft at the end of the time"
        SKIPPED = "skipped", "Skipped"

    turn = models.OneToOneField(Turn, on_delete=models.CASCADE, related_name="answer")
    session = models.ForeignKey(
        "interviews.InterviewSession", on_delete=models.CASCADE, related_name="answers"
    )
    key = models.CharField("idempotency key", max_length=128)
    text = models.TextField(blank=True)
    modality = models.CharField(max_length=10, choices=Modality, default=Modality.TEXT)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["turn_id"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key"], name="answer_key_unique_in_session"),
            models.CheckConstraint(condition=~Q(key=""), name="answer_has_key"),
            models.CheckConstraint(
                condition=Q(modality__in=["text", "audio", "draft", "skipped"]),
                name="answer_modality_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(modality="skipped") | Q(text=""), name="answer_skipped_is_empty"
            ),
        ]

    def __str__(self) -> str:
        return f"answer to {self.turn_id}"

    @property
    def is_spoken(self) -> bool:
        return self.modality == self.Modality.AUDIO
