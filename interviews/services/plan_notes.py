"""What an interview's plan does not keep of what was asked for: the same for pages, REST and admin."""

from __future__ import annotations

from ai.plan_notes import plan_notes
from ai.schemas import PlanNote
from interviews.models import BankQuestion, Interview
from interviews.services.engine import bank_context, seen_by


def interview_plan_notes(interview: Interview) -> list[PlanNote]:
    """Return the notes on the questions that an interview has, or on those that its owner will get.

    Practice is planned when it starts; no provider is asked before. See `ai.plan_notes`.
    """
    spec = interview.as_spec(seed="")
    questions = [question.as_planned() for question in interview.questions.all()]
    seen = set() if questions else seen_by(interview.owner)
    context = bank_context(interview, seen=seen)
    positions = BankQuestion.objects.in_reach(interview.language).positions()
    if not questions:
        return context.ai.plan_notes(
            spec, bank=context.bank, seen=context.seen, positions=positions
        )
    return [
        *plan_notes(spec, questions, bank=context.bank, positions=positions),
        *context.ai.language_notes(spec),
    ]
