"""Practice until the day of an interview: what to practise today, and what comes back when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from ai.errors import BankTooSmall
from ai.timetable import Attempt, Day, coming_back, plan_day
from interviews.errors import Conflict, InvalidInput
from interviews.models import AuditEvent, Interview, InterviewSession, PracticePlan, Question, Turn
from interviews.models.interview import InterviewQuerySet
from interviews.services.cleaning import clean_workflow_state_for_db
from interviews.services.creating_once import create_interview_once
from interviews.services.engine import bank_context, no_connection_held, seen_by
from interviews.services.setting_up import any_question, question_values
from interviews.services.spending import metered_work

LONGEST = timedelta(days=365)
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Return:
    """A question that comes back, and the day on which it does."""

    on: date
    question: Question


@dataclass(frozen=True, slots=True)
class Progress:
    """Where somebody is in their plan: what today holds, and what comes back on which later day."""

    plan: PracticePlan
    day: Day
    today: list[Question]
    later: list[Return]

    @property
    def days_left(self) -> int:
        """How many days are left until the interview; negative once it is over."""
        return (self.plan.interview_on - self.plan.today).days


def set_plan(
    *, owner: User, site: str, interview_on: date, **fields: Any
) -> tuple[PracticePlan, bool]:
    """Set the day of a person's interview and what they practise for, in place of an earlier plan.

    Also tells whether there was none. `site` is what links in their reminders begin with. Raises `InvalidInput` for a
    day that is over, or more than a year away.
    """
    _check_day(interview_on, today=PracticePlan(owner=owner).today)
    values = {"interview_on": interview_on, "site": site, **fields}
    with transaction.atomic():
        plan, is_new = PracticePlan.objects.update_or_create(owner=owner, defaults=values)
        AuditEvent.objects.record("practice_plan.set", plan, actor=owner)
    return plan, is_new


def _check_day(day: date, *, today: date) -> None:
    if day < today:
        raise InvalidInput("interview_on", _("This day is over. Choose today or a later day."))
    if day > today + LONGEST:
        raise InvalidInput("interview_on", _("This is far away. Choose a day within a year."))


def stop_plan(*, plan: PracticePlan) -> None:
    """Delete a person's plan; what they practised stays."""
    with transaction.atomic():
        AuditEvent.objects.record("practice_plan.stopped", plan, actor=plan.owner)
        plan.delete()


def progress_of(plan: PracticePlan) -> Progress:
    """Return where the plan's owner is, from the rows of their practice."""
    attempts = attempts_of(plan)
    span = {"day": plan.today, "until": plan.interview_on}
    day, later = plan_day(attempts, **span), coming_back(attempts, **span)
    asked = _latest(plan, {*day.returning, *(name for _on, name in later)})
    return Progress(
        plan,
        day,
        [asked[name] for name in day.returning],
        [Return(on, asked[name]) for on, name in later],
    )


def attempts_of(plan: PracticePlan) -> list[Attempt]:
    """Return which questions the plan's owner answered when, and whether points are known to be unsaid.

    A question counts with all its follow-ups: a point is unsaid if no answer to it said it. One that a language model wrote
    counts as practice and does not come back, as it is in no bank; nor does one whose person wants to know nothing yet.
    """
    practised = Turn.objects.practised_for(
        plan.owner, position=plan.position, language=plan.language
    )
    names = ("question_id", "question__bank_slug", "answer__created_at", "told", "missing")
    turns: dict[tuple[int, str], list[tuple[Any, ...]]] = defaultdict(list)
    for pk, slug, *rest in practised.with_told().order_by().values_list(*names):
        turns[pk, slug].append(tuple(rest))
    return [_attempt(pk, slug, answers, plan) for (pk, slug), answers in turns.items()]


def _attempt(pk: int, slug: str, answers: list[tuple[Any, ...]], plan: PracticePlan) -> Attempt:
    scored = [set(missing) for _at, evaluation, missing in answers if evaluation == "scored"]
    last = max(at for at, _evaluation, _missing in answers)
    unsaid = set.intersection(*scored) if scored and slug else set()
    return Attempt(
        slug or f"written-{pk}", last.astimezone(plan.zone).date(), has_gaps=bool(unsaid)
    )


def _latest(plan: PracticePlan, slugs: set[str]) -> dict[str, Question]:
    """Return questions by slug as their person was asked them last."""
    own = Question.objects.filter(interview__owner=plan.owner, interview__mode="practice")
    asked = own.filter(bank_slug__in=slugs, turns__isnull=False).order_by().values("bank_slug")
    last = asked.annotate(last=Max("pk")).values("last")
    return {question.bank_slug: question for question in Question.objects.filter(pk__in=last)}


def todays_interview(plan: PracticePlan) -> Interview | None:
    """Return the practice interview that was made for today and is not over, if there is one."""
    over = InterviewSession.objects.exclude(status__in=["pending", "active"]).values("interview")
    return _made_today(plan).filter(**_shape(plan)).exclude(pk__in=over).first()


def make_todays_interview(*, plan: PracticePlan) -> Interview:
    """Make a practice interview of what today holds, or return the one that was made before.

    Questions that come back are asked again as they were; new ones are planned as for any other practice. Raises
    `Conflict` if there is nothing to do today, and `InvalidInput` if the bank has no questions.
    """
    if (known := todays_interview(plan)) is not None:
        return known
    progress = progress_of(plan)
    if not progress.day.left:
        raise Conflict(_("There is nothing left to practise today."))
    questions = _questions(plan, progress)
    fields = {**_shape(plan), "num_questions": len(questions)}
    latest = _made_today(plan).aggregate(latest=Max("pk"))["latest"]
    key = f"{_prefix(plan)}{latest or 0}"
    with transaction.atomic():
        interview, is_repeat = create_interview_once(owner=plan.owner, key=key, **fields)
        if not is_repeat:
            Question.objects.bulk_create(any_question(interview, values) for values in questions)
    return interview


def _prefix(plan: PracticePlan) -> str:
    return f"practice-plan-{plan.pk}-{plan.today}-"


def _made_today(plan: PracticePlan) -> InterviewQuerySet:
    return Interview.objects.practice().filter(
        owner=plan.owner, request_key__startswith=_prefix(plan)
    )


def _shape(plan: PracticePlan) -> Values:
    return {name: getattr(plan, name) for name in ("position", "difficulty", "language")}


def _questions(plan: PracticePlan, progress: Progress) -> list[Values]:
    """Return the values of today's questions, those that come back first."""
    returning = [question_values(question) for question in progress.today]
    found = [*returning, *_planned(plan, progress)]
    if not found:
        raise InvalidInput("position", _("There are no questions for this position yet."))
    return [{**values, "number": number} for number, values in enumerate(found, start=1)]


def _planned(plan: PracticePlan, progress: Progress) -> list[Values]:
    """Plan today's new questions, none of which comes back today; none if the bank has too few."""
    if not progress.day.new:
        return []
    interview = Interview(owner=plan.owner, num_questions=progress.day.new, **_shape(plan))
    context = bank_context(interview, seen=seen_by(plan.owner))
    bank = [item for item in context.bank if item["id"] not in progress.day.returning]
    spec = interview.as_spec(seed=_prefix(plan))
    try:
        with metered_work(), no_connection_held():
            planned = context.ai.generate_interview_questions(spec, bank=bank, seen=context.seen)
    except BankTooSmall:
        return []
    return [clean_workflow_state_for_db(question) for question in planned]
