"""The curated question bank."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from ai.schemas import BANK_ONLY, BankItem, Position
from interviews.models.choices import Difficulty, Language, QuestionType, one_of
from interviews.models.content import QuestionFields
from interviews.question_parts import validate_sources, validate_titles

ROW_ONLY = frozenset({"id", "is_active", "is_own"})


class BankQuestionQuerySet(models.QuerySet["BankQuestion"]):
    """Vocabulary of the bank."""

    def active(self) -> BankQuestionQuerySet:
        return self.filter(is_active=True)

    def of_positions(self, *positions: str) -> BankQuestionQuerySet:
        return self.filter(position__in=positions)

    def in_reach(self, language: str) -> BankQuestionQuerySet:
        """Keep what an interview in a language is planned from: questions in it and in English."""
        return self.active().filter(language__in={language, "en"})

    def positions(self) -> list[Position]:
        """Return every position of these questions, with its job titles."""
        rows = self.order_by("position").values_list("position", "position_names").distinct()
        return [{"position": position, "position_names": names} for position, names in rows]

    def as_items(self) -> list[BankItem]:
        return [question.as_item() for question in self]


class BankQuestion(QuestionFields):
    """A question that interviews are planned from, with its key points and rating anchors."""

    slug = models.SlugField(max_length=80, unique=True)
    position = models.SlugField(max_length=60, help_text="A position's slug, or “general”.")
    position_names = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_titles],
        help_text="Job titles that mean this position.",
    )
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    adaptable = models.BooleanField(
        default=False, help_text="The text holds {position}, to be replaced by the job title."
    )
    sources = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_sources],
        help_text="Public pages that bear out the facts, each with title and url.",
    )
    is_active = models.BooleanField("active", default=True)
    is_own = models.BooleanField(
        "our own", default=False, help_text="Made here; loading the shipped bank leaves it alone."
    )

    objects = BankQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("question_type", QuestionType), name="bank_question_type_is_known"
            ),
            models.CheckConstraint(
                condition=one_of("difficulty", Difficulty), name="bank_question_difficulty_is_known"
            ),
            models.CheckConstraint(
                condition=one_of("language", Language), name="bank_question_language_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(time_limit_seconds__range=(30, 3600)),
                name="bank_question_time_limit_is_sane",
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def clean(self) -> None:
        """Ask for what only a question of the bank has to have."""
        if not self.reference_answer.strip():
            raise ValidationError({"reference_answer": _("Write what a very good answer says.")})
        if self.adaptable != ("{position}" in self.text):
            told = _("This is for a text with {position}, and only for such a text.")
            raise ValidationError({"adaptable": told})

    def as_item(self) -> BankItem:
        """Return the question as the planner sees it."""
        own = {name: getattr(self, name) for name in BANK_ONLY - {"id"}}
        return cast("BankItem", {"id": self.slug, **own, **self.content()})
