"""The curated question bank."""

from __future__ import annotations

from typing import cast

from django.db import models

from ai.schemas import BankItem
from interviews.models.choices import Difficulty, Language, QuestionType, one_of


class BankQuestionQuerySet(models.QuerySet["BankQuestion"]):
    """Vocabulary of the bank."""

    def active(self) -> BankQuestionQuerySet:
        return self.filter(is_active=True)

    def as_items(self) -> list[BankItem]:
        return [question.as_item() for question in self]


class BankQuestion(models.Model):
    """A question that interviews are planned from, with its key points and rating anchors."""

    slug = models.SlugField(max_length=80, unique=True)
    position = models.SlugField(max_length=60, help_text="A position's slug, or “general”.")
    position_names = models.JSONField(
        default=list, blank=True, help_text="Job titles that mean this position."
    )
    question_type = models.CharField(max_length=20, choices=QuestionType)
    difficulty = models.CharField(max_length=10, choices=Difficulty)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    competency = models.CharField(max_length=80)
    text = models.TextField(max_length=1000)
    adaptable = models.BooleanField(
        default=False, help_text="The text holds {position}, to be replaced by the job title."
    )
    reference_answer = models.TextField(max_length=4000)
    key_points = models.JSONField(help_text="What a strong answer covers, with a follow-up each.")
    anchors = models.JSONField(help_text="What an answer at levels 1 to 5 looks like.")
    terms = models.JSONField(
        default=list,
        blank=True,
        help_text="Words of the trade that a recogniser of speech may miss.",
    )
    sources = models.JSONField(
        default=list,
        blank=True,
        help_text="Public pages that bear out the facts, each with title and url.",
    )
    time_limit_seconds = models.PositiveIntegerField(default=180)
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

    def as_item(self) -> BankItem:
        """Return the question as the planner sees it."""
        item = {
            "id": self.slug,
            "position": self.position,
            "position_names": self.position_names,
            "question_type": self.question_type,
            "difficulty": self.difficulty,
            "language": self.language,
            "competency": self.competency,
            "text": self.text,
            "adaptable": self.adaptable,
            "reference_answer": self.reference_answer,
            "key_points": self.key_points,
            "anchors": self.anchors,
            "terms": self.terms,
            "time_limit_seconds": self.time_limit_seconds,
        }
        return cast("BankItem", item)
