"""What a question is made of: the one place that names its fields."""

from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.text import Visible
from interviews.models.choices import Difficulty, QuestionType
from interviews.question_parts import validate_anchors, validate_key_points, validate_terms


class QuestionFields(models.Model):
    """The fields that a question of the bank and a question of an interview share.

    A field that is added here (and migrated) is in the bank's files, the lint, the admin, import and export, the
    planner, an interview's content and its hash. `ai.schemas` names those that `ai` itself reads.
    """

    question_type = models.CharField(max_length=20, choices=QuestionType)
    difficulty = models.CharField(max_length=10, choices=Difficulty)
    competency = models.CharField(max_length=80, validators=[Visible()])
    text = models.TextField(max_length=1000, validators=[Visible()])
    in_other_words = models.TextField(
        max_length=1000,
        blank=True,
        default="",
        validators=[Visible()],
        help_text="The same question said differently, for a candidate who asks what is meant.",
    )
    reference_answer = models.TextField(max_length=4000, blank=True, validators=[Visible()])
    key_points = models.JSONField(
        default=list,
        validators=[validate_key_points],
        help_text="What a strong answer covers, with a follow-up each.",
    )
    anchors = models.JSONField(
        default=dict,
        validators=[validate_anchors],
        help_text="What an answer at levels 1 to 5 looks like.",
    )
    terms = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_terms],
        help_text="Words of the trade that a recogniser of speech may miss.",
    )
    time_limit_seconds = models.PositiveIntegerField(
        default=180, validators=[MinValueValidator(30), MaxValueValidator(3600)]
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field; a list that was left empty is an empty list."""
        for field in self._meta.concrete_fields:
            if field.default is list and getattr(self, field.attname) is None:
                setattr(self, field.attname, [])
        super().clean_fields(exclude)

    def content(self) -> dict[str, Any]:
        """Return the values of the shared fields."""
        return {name: getattr(self, name) for name in content_fields()}


def content_fields() -> list[str]:
    """Return the names of the shared fields."""
    return [field.name for field in QuestionFields._meta.get_fields()]
