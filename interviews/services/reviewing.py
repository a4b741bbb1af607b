"""Lets a person check a rating and overrule it; both ratings stay."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Conflict, InvalidInput, NotFound
from interviews.models import AuditEvent, InterviewSession, Rating, Turn
from interviews.services.cleaning import clean_text

REASON_LENGTH = 500


def override_rating(*, turn: Turn, score: int, reason: str, actor: User) -> Rating:
    """Rate a turn as a person, on the scale 1 to 5, with a reason; the machine's rating stays beside it.

    Raises `InvalidInput` for a level off the scale or no reason, `Conflict` for a turn without an answer,
    and `NotFound` unless the turn is one that `actor` may review.
    """
    reason = clean_text(reason).strip()
    if score not in range(1, 6):
        raise InvalidInput("score", "Choose a level from 1 to 5.")
    if not reason or len(reason) > REASON_LENGTH:
        raise InvalidInput("reason", "Say why, in at most 500 characters.")
    with transaction.atomic():
        mine = Turn.objects.reviewable_by(actor).select_related("question")
        current = mine.select_for_update(of=("self",)).filter(pk=turn.pk).first()
        if current is None:
            raise NotFound(_("There is no such answer, or it is not yours to review."))
        if current.flow == Turn.Flow.ASKED:
            raise Conflict("This question was not answered yet.")
        return _store(current, score=score, reason=reason, actor=actor)


def _store(turn: Turn, *, score: int, reason: str, actor: User) -> Rating:
    rating = Rating.objects.create(
        turn=turn,
        criterion=turn.question.competency,
        rater=actor,
        by_person=True,
        score=score,
        reason=reason,
    )
    InterviewSession.objects.filter(pk=turn.session_id).describe_again()
    turn.evaluation, turn.needs_person, turn.next_attempt_at = Turn.Evaluation.SCORED, False, None
    turn.save(update_fields=["evaluation", "needs_person", "next_attempt_at"])
    AuditEvent.objects.record("rating.overridden", turn, actor=actor, detail=f"level {score}")
    return rating
