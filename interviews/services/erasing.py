"""Deletes an account, and what its person said with it."""

from __future__ import annotations

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.erasing import (
    StillNeeded,
    check_may_erase,
    check_superuser_is_left,
    forget_traces,
    lock_for_erasing,
)
from accounts.models import FORMER_USER, User
from interviews.models import (
    AnotherAnswer,
    Answer,
    Aside,
    AuditEvent,
    Interview,
    InterviewSession,
    PointClaim,
    PracticePlan,
    Rating,
    Recording,
    Turn,
)
from interviews.services.browsers import sessions_about


def erase_person(*, person: User, actor: User, with_records: bool = False) -> None:
    """Delete a person with their practice, unless others rely on what they did.

    With records everything they said goes, screenings too; what they did for others stays under “former user”:
    interviews they own, ratings they gave, and the trail. Raises `PermissionDenied`, and `StillNeeded` if the
    person has finished screenings, has rated, or owns screening interviews (without records), or is the last
    superuser.
    """
    check_may_erase(person=person, actor=actor, with_records=with_records)
    sessions = InterviewSession.objects.of_candidate(person)
    browsers = sessions_about(person, set(sessions.values_list("token", flat=True)))
    with transaction.atomic():
        if (locked := lock_for_erasing(person)) is None:
            return
        check_superuser_is_left(locked)
        if not with_records:
            _check_not_needed(locked)
        _hold_still(locked)
        detail = ("with records" if with_records else "") + _counts(locked)
        AuditEvent.objects.record("person.erased", locked, actor=actor, detail=detail.strip(", "))
        _leave_the_rest(locked)
        _take_own_data(locked)
        Session.objects.filter(session_key__in=browsers).delete()
        locked.delete()


def _check_not_needed(person: User) -> None:
    """Raise `StillNeeded` with the reasons why this account is not simply deleted."""
    screenings = InterviewSession.objects.of_candidate(person).filter(interview__mode="screening")
    reasons = {
        _("they finished a screening"): screenings.filter(
            started_at__isnull=False, finished_at__isnull=False
        ),
        _("they rated answers"): Rating.objects.filter(rater=person),
        _("they own screening interviews"): Interview.objects.screening().filter(owner=person),
    }
    found = [reason for reason, rows in reasons.items() if rows.exists()]
    if found:
        told = _("This account is still needed: %(reasons)s. Disable it instead.")
        raise StillNeeded(told % {"reasons": ", ".join(found)})


def _hold_still(person: User) -> None:
    """Lock what is about to go, so that nothing is added to it in the meantime."""
    sessions = InterviewSession.objects.of_candidate(person).select_for_update()
    turns = Turn.objects.filter(session__candidate=person).select_for_update(of=("self",))
    for rows in (sessions, turns):
        list(rows.order_by("pk").values_list("pk", flat=True))


def _counts(person: User) -> str:
    sessions = InterviewSession.objects.of_candidate(person).count()
    answers = Answer.objects.filter(session__candidate=person).count()
    asides = Aside.objects.filter(session__candidate=person).count()
    recordings = Recording.objects.filter(turn__session__candidate=person).count()
    again = AnotherAnswer.objects.filter(turn__session__candidate=person).count()
    said = f"answers {answers}, asides {asides}" if asides else f"answers {answers}"
    said += f", said again {again}" if again else ""
    return f", sessions {sessions}, {said}, recordings {recordings}"


def _take_own_data(person: User) -> None:
    """Delete the person's sessions with all that is in them, and their practice with its plan; the sound goes with its rows."""
    PointClaim.objects.filter(person=person).delete()
    InterviewSession.objects.of_candidate(person).delete()
    Interview.objects.practice().filter(owner=person).delete()
    PracticePlan.objects.of_person(person).delete()


def _leave_the_rest(person: User) -> None:
    """Put “former user” in the person's place, in what others go on working with and in what is kept for proof."""
    owned = Interview.objects.screening().filter(owner=person)
    if owned.exists():
        owned.update(owner=User.objects.former_user(), request_key="", request_sha256="")
    AuditEvent.objects.filter(actor=person).update(actor_label=FORMER_USER)
    AuditEvent.objects.filter(detail=person.email).update(detail=FORMER_USER)
    turns = Turn.objects.filter(session__candidate=person).values_list("pk", flat=True)
    about = AuditEvent.objects.filter(target__in=[f"turn {pk}" for pk in turns])
    about.update(detail="")
    forget_traces(person)
