"""What forms say of this installation's engine: true of the one that is configured."""

from __future__ import annotations

from django.utils.translation import gettext as _

from interviews.models.choices import Language
from interviews.services.engine import ai_service


def job_description_help() -> str:
    """Say what a job description is for."""
    if ai_service().reads_job_description:
        return "Shapes questions, never ratings."
    return "Kept for your own reference: this installation chooses questions from its bank and does not read it."


def languages_help(*, is_practice: bool) -> str:
    """Say in which languages answers are not rated, if there are any, and what happens to them instead."""
    unrated = [str(label) for code, label in Language.choices if not ai_service().rates(code)]
    if not unrated:
        return ""
    told = f"Answers in {', '.join(unrated)} are kept, but not rated here."
    if not is_practice:
        return f"{told} {_('A person reads them.')}"
    instead = _(
        "You can check them yourself: after each one you get its key points to tick off, with a good answer beside yours."
    )
    return f"{told} {instead}"
