"""Keeps what candidates say they said, beside the machine's view or in place of it. No rating and no total ever reads it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from accounts.models import User
from interviews.errors import Conflict, NotFound
from interviews.models import PointClaim, Turn
from interviews.services.loaded_session import LoadedSession
from interviews.services.lookups import candidates_session
from interviews.services.states import is_settled, self_check_points

UNKNOWN = "There is no such point in this answer."
TOO_EARLY = "This question is not over yet. Say it in your next answer."


def claim_point(*, user: User, token: str, turn: int, point: str) -> PointClaim:
    """Keep that a candidate said a key point of their own answer; once, however often it is said.

    Raises `NotFound` for what is not theirs or is no point of the answer, and `Conflict` while more can be asked about it or,
    in a screening, while the interview goes on.
    """
    found = _claimable(user, token, turn, {point})
    kept, _is_new = PointClaim.objects.get_or_create(
        turn=found, point=point, defaults={"person": user}
    )
    return kept


def withdraw_claim(*, user: User, token: str, turn: int, point: str) -> None:
    """Take a claim back; harmless if there is none. Raises as `claim_point`."""
    found = _claimable(user, token, turn, {point})
    PointClaim.objects.filter(turn=found, point=point, person=user).delete()


def tick_points(*, user: User, token: str, turn: int, points: Collection[str]) -> None:
    """Keep which points of their answer a candidate says they said, and no others. Raises as `claim_point`."""
    found = _claimable(user, token, turn, set(points))
    with transaction.atomic():
        PointClaim.objects.filter(turn=found, person=user).exclude(point__in=points).delete()
        for point in points:
            PointClaim.objects.get_or_create(turn=found, point=point, defaults={"person": user})


def _claimable(user: User, token: str, number: int, points: set[str]) -> Turn:
    session = candidates_session(user, token)
    turn = session.turn(number)
    if turn is None:
        raise NotFound(UNKNOWN)
    is_told = session.is_over or (session.shows_evaluations and is_settled(session, turn))
    if turn.is_open or not is_told:
        raise Conflict(TOO_EARLY)
    known = {found["point"] for found in turn.points}
    known |= {point["id"] for point in self_check_points(session.session, turn)}
    if not points <= known:
        raise NotFound(UNKNOWN)
    return turn


def claims_by_turn(session: LoadedSession) -> dict[int, list[str]]:
    """Return the ids of the points that the candidate says they said, by the turns' ids."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    for claim in PointClaim.objects.filter(turn__session=session.session):
        found[claim.turn_id].append(claim.point)
    return found
