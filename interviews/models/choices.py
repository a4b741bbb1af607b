"""The closed vocabularies of an interview."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class InterviewType(models.TextChoices):
    """What kind of questions an interview asks."""

    TECHNICAL = "technical", "Technical"
    BEHAVIORAL = "behavioral", "Behavioural"
    SYSTEM_DESIGN = "system_design", "System design"
    SITUATIONAL = "situational", "Situational"
    MIXED = "mixed", "Mixed"


class QuestionType(models.TextChoices):
    """What kind of question one is."""

    TECHNICAL = "technical", "Technical"
    BEHAVIORAL = "behavioral", "Behavioural"
    SYSTEM_DESIGN = "system_design", "System design"
    SITUATIONAL = "situational", "Situational"


class Difficulty(models.TextChoices):
    """How much a question asks of its candidate."""

    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


class Language(models.TextChoices):
    """Languages an interview can be held in."""

    ENGLISH = "en", "English"
    GERMAN = "de", "Deutsch"
    SPANISH = "es", "Español"
    FRENCH = "fr", "Français"


class Feedback(models.TextChoices):
    """When a candidate who practises sees how their answers were read."""

    AFTER_EACH = "after_each", _("After each answer")
    AT_THE_END = "at_the_end", _("All at the end")


# How many times a question's own time there is, in practice; no timer at all is None.
TIME_FACTORS = (1.0, 1.5, 2.0)


def one_of(field: str, choices: type[models.TextChoices]) -> models.Q:
    """Return the condition that `field` holds one of `choices`, for a check constraint."""
    return models.Q(**{f"{field}__in": choices.values})
