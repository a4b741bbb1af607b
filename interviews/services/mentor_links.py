"""Private links by which candidates show the results of their practice to a mentor, who needs no account."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import Conflict, NotFound
from interviews.models import AuditEvent, InterviewSession, MentorLink
from interviews.models.mentor_link import MentorLinkQuerySet
from interviews.services.loaded_session import LoadedSession, load_session

SALT = "interviews.mentor-links"
MOST_OPEN = 5


def open_mentor_links(*, user: User, token: str) -> MentorLinkQuerySet:
    """Return the links to a candidate's own practice that work now. Raises `NotFound`."""
    return open_links_of(_own_practice(user, token))


def open_links_of(session: InterviewSession) -> MentorLinkQuerySet:
    """Return the links to a session that work now."""
    return MentorLink.objects.open_at(timezone.now()).filter(session=session)


def make_mentor_link(*, user: User, token: str) -> MentorLink:
    """Make a link to the results of a candidate's own practice.

    Raises `NotFound` for what is not theirs or is no practice, and `Conflict` while the interview goes on, or if there are
    enough links already.
    """
    with transaction.atomic():
        session = _own_practice(user, token, is_locked=True)
        if not session.is_over:
            raise Conflict(_("The interview is still going on. Finish it first."))
        if open_links_of(session).count() >= MOST_OPEN:
            told = _("There are %(most)s links already. Withdraw one of them first.")
            raise Conflict(told % {"most": MOST_OPEN})
        link = MentorLink.objects.create(session=session)
        AuditEvent.objects.record("mentor_link.made", link, actor=user)
    return link


def withdraw_mentor_link(*, user: User, token: str, link: int) -> None:
    """End a link at once; harmless if it has ended. Raises `NotFound` for what is not the candidate's."""
    found = MentorLink.objects.of_candidate(user).filter(session__token=token, pk=link).first()
    if found is None:
        raise NotFound("There is no such link.")
    with transaction.atomic():
        if found.withdraw():
            AuditEvent.objects.record("mentor_link.withdrawn", found, actor=user)


def mentor_token(link: MentorLink) -> str:
    """Return what opens a link's page; it is the same each time, and no other key or row gives it."""
    return signing.Signer(salt=SALT).sign_object([link.pk, link.nonce])


def mentor_address(link: MentorLink, *, site: str) -> str:
    """Return the whole address that a candidate passes on; `site` is what it begins with."""
    return site + reverse("mentor", args=[mentor_token(link)])


def link_of_token(token: str) -> MentorLink:
    """Return the link that a token names, whether it still works or not.

    Raises `NotFound` for a token that is not ours, and for one whose interview was deleted.
    """
    try:
        pk, nonce = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        raise NotFound("There is no such link.") from None
    link = MentorLink.objects.filter(pk=pk, nonce=nonce).first()
    if link is None:
        raise NotFound("There is no such link.")
    return link


def shown_session(link: MentorLink) -> LoadedSession | None:
    """Return the loaded session that a link shows; None once the link has ended."""
    is_open = MentorLink.objects.open_at(timezone.now()).filter(pk=link.pk).exists()
    return load_session(InterviewSession.objects.filter(pk=link.session_id)) if is_open else None


def _own_practice(user: User, token: str, *, is_locked: bool = False) -> InterviewSession:
    own = InterviewSession.objects.of_candidate(user).filter(interview__mode="practice")
    session = (
        (own.select_for_update(of=("self",)) if is_locked else own).filter(token=token).first()
    )
    if session is None:
        raise NotFound("There is no such session.")
    return session
