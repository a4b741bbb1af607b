"""What somebody set up: the interview and its questions."""

from __future__ import annotations

from typing import cast

from django.apps import apps
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.text import Visible, isolated
from ai.schemas import InterviewSpec, PlannedQuestion
from interviews.models.choices import (
    TIME_FACTORS,
    Difficulty,
    Feedback,
    InterviewType,
    Language,
    one_of,
)
from interviews.models.content import QuestionFields
from interviews.models.counting import number_of
from interviews.models.rights import DELETE, managed_screenings, readable_screenings


def _own_practice(user: User) -> Q:
    return Q(owner=user, mode="practice")


class InterviewQuerySet(models.QuerySet["Interview"]):
    """Vocabulary of interviews; the lookup is the authorisation."""

    def visible_to(self, user: User) -> InterviewQuerySet:
        """Return what `user` may read as more than a candidate: their own practice, and screenings by right."""
        return self.filter(_own_practice(user) | readable_screenings(user))

    def managed_by(self, user: User) -> InterviewQuerySet:
        """Return what `user` may change: their own practice, and their screenings with the right to."""
        return self.filter(_own_practice(user) | managed_screenings(user))

    def deletable_by(self, user: User) -> InterviewQuerySet:
        """Return what `user` may delete, as far as nobody has a session in it."""
        return self.filter(_own_practice(user) | managed_screenings(user, right=DELETE))

    def startable_by(self, user: User) -> InterviewQuerySet:
        """Return what `user` may answer: their own practice, and what was assigned to them."""
        sessions = apps.get_model("interviews", "InterviewSession")._default_manager
        assigned = sessions.filter(candidate=user).values("interview")
        return self.filter(_own_practice(user) | Q(pk__in=assigned))

    def assigned_to(self, user: User) -> InterviewQuerySet:
        """Return the screening interviews that `user` is asked to answer."""
        return self.screening().filter(sessions__candidate=user).distinct()

    def practice(self) -> InterviewQuerySet:
        return self.filter(mode=Interview.Mode.PRACTICE)

    def screening(self) -> InterviewQuerySet:
        return self.filter(mode=Interview.Mode.SCREENING)

    def with_counts(self) -> InterviewQuerySet:
        sessions = apps.get_model("interviews", "InterviewSession")._default_manager.all()
        return self.annotate(
            sessions_total=number_of(sessions, "interview"),
            sessions_completed=number_of(sessions.filter(status="completed"), "interview"),
        )


class Interview(models.Model):
    """A set-up interview: position, kind, difficulty and number of questions."""

    class Mode(models.TextChoices):
        PRACTICE = "practice", "Practice"
        SCREENING = "screening", "Screening"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        ARCHIVED = "archived", "Archived"

    EXTRA_TIME = (
        (1.0, _("As planned")),
        (1.5, _("Half as much again")),
        (2.0, _("Twice as much")),
    )

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interviews"
    )
    title = models.CharField(max_length=160, blank=True, validators=[Visible()])
    position = models.CharField(max_length=120, validators=[Visible()])
    interview_type = models.CharField(
        max_length=20, choices=InterviewType, default=InterviewType.MIXED
    )
    difficulty = models.CharField(max_length=10, choices=Difficulty, default=Difficulty.MEDIUM)
    num_questions = models.PositiveSmallIntegerField(
        default=4, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.PRACTICE)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    job_description = models.TextField(max_length=5000, blank=True)
    follow_ups_per_question = models.PositiveSmallIntegerField(
        default=1, validators=[MaxValueValidator(3)]
    )
    timed = models.BooleanField(
        default=False,
        help_text="Every question has its time limit; when it ends, the draft counts.",
    )
    feedback = models.CharField(
        max_length=10,
        choices=Feedback,
        default=Feedback.AFTER_EACH,
        help_text=_(
            "After each answer, or all at the end, as in a real interview. A screening shows none."
        ),
    )
    time_factor = models.FloatField(
        choices=EXTRA_TIME, default=1.0, help_text=_("How many times the planned time there is.")
    )
    session_time_limit_minutes = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(480)]
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    content_hash = models.CharField(max_length=64, blank=True)
    previous_version = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="next_versions"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    request_key = models.CharField(max_length=128, blank=True, editable=False)
    request_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("interview_type", InterviewType), name="interview_type_is_known"
            ),
            models.CheckConstraint(
                condition=one_of("difficulty", Difficulty), name="interview_difficulty_is_known"
            ),
            models.CheckConstraint(
                condition=one_of("language", Language), name="interview_language_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["practice", "screening"]), name="interview_mode_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published", "archived"]),
                name="interview_status_is_known",
            ),
            models.CheckConstraint(
                condition=Q(num_questions__range=(1, 20)), name="interview_has_1_to_20_questions"
            ),
            models.CheckConstraint(
                condition=Q(follow_ups_per_question__lte=3),
                name="interview_has_at_most_3_follow_ups",
            ),
            models.CheckConstraint(
                condition=Q(session_time_limit_minutes__isnull=True)
                | Q(session_time_limit_minutes__range=(5, 480)),
                name="interview_session_time_limit_is_sane",
            ),
            models.CheckConstraint(
                condition=one_of("feedback", Feedback), name="interview_feedback_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mode="practice") | Q(feedback=Feedback.AFTER_EACH),
                name="interview_feedback_is_chosen_in_practice",
            ),
            models.CheckConstraint(
                condition=Q(time_factor__in=TIME_FACTORS), name="interview_time_factor_is_known"
            ),
            models.CheckConstraint(
                condition=Q(mode="practice") | Q(time_factor=1.0),
                name="interview_extra_time_is_for_practice",
            ),
            models.CheckConstraint(
                condition=~Q(status="published")
                | (~Q(content_hash="") & Q(published_at__isnull=False)),
                name="interview_published_is_hashed",
            ),
            models.UniqueConstraint(
                fields=["owner", "request_key"],
                condition=~Q(request_key=""),
                name="interview_request_key_unique_per_owner",
            ),
            models.UniqueConstraint(
                fields=["previous_version"],
                condition=~Q(status="archived"),
                name="interview_has_one_next_version",
            ),
        ]

    def __str__(self) -> str:
        return isolated(self.name)

    @property
    def name(self) -> str:
        return self.title or f"{self.position}, {self.get_interview_type_display().lower()}"

    @property
    def is_practice(self) -> bool:
        return self.mode == self.Mode.PRACTICE

    @property
    def tells_at_the_end(self) -> bool:
        """Whether who practises wants to see nothing of how they were rated before the end."""
        return self.feedback == Feedback.AT_THE_END

    @property
    def is_draft(self) -> bool:
        return self.status == self.Status.DRAFT

    @property
    def estimated_minutes(self) -> int:
        """A typical duration: three minutes a question and one a follow-up, of which half are asked."""
        return round(self.num_questions * (3 + self.follow_ups_per_question / 2))

    @property
    def minutes_for_all(self) -> int | None:
        """The time for the whole interview with its extra time; None without a limit."""
        minutes = self.session_time_limit_minutes
        return round(minutes * self.time_factor) if minutes else None

    def as_spec(self, *, seed: str) -> InterviewSpec:
        spec = {
            "position": self.position,
            "interview_type": self.interview_type,
            "difficulty": self.difficulty,
            "num_questions": self.num_questions,
            "mode": self.mode,
            "language": self.language,
            "job_description": self.job_description,
            "follow_ups_per_question": self.follow_ups_per_question,
            "seed": seed,
        }
        return cast("InterviewSpec", spec)


class Question(QuestionFields):
    """One planned question of an interview, with everything its rating rests on."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="questions")
    number = models.PositiveSmallIntegerField()
    bank_slug = models.SlugField(max_length=80, blank=True)

    class Meta:
        ordering = ["interview_id", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "number"], name="question_number_unique_in_interview"
            ),
            models.CheckConstraint(
                condition=Q(number__range=(1, 20)), name="question_number_is_1_to_20"
            ),
            models.CheckConstraint(
                condition=Q(time_limit_seconds__range=(30, 3600)),
                name="question_time_limit_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"

    def as_planned(self) -> PlannedQuestion:
        planned = {"number": self.number, "bank_id": self.bank_slug, **self.content()}
        return cast("PlannedQuestion", planned)
