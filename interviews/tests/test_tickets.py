"""Tickets for the socket end with the sign-in that they came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.testing import make_user
from interviews.models import SocketTicket
from interviews.services.tickets import issue_ticket, spend_ticket
from interviews.testing import make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


def change_password(user: User) -> None:
    user.set_password("another-good-password")
    user.save()


def change_name(user: User) -> None:
    user.full_name = "Ada Lovelace"
    user.save()


@pytest.mark.parametrize(
    ("deed", "opens"),
    [
        (change_name, True),
        (User.note_sign_out, False),
        (change_password, False),
        (User.disable, False),
    ],
)
def test_a_ticket_is_worth_nothing_once_its_sign_in_has_ended(
    deed: Callable[[User], None], opens: bool
) -> None:
    candidate = make_user()
    token = make_session(candidate).token
    ticket = issue_ticket(user=candidate, token=token)

    deed(User.objects.get(pk=candidate.pk))

    assert (spend_ticket(secret=ticket, token=token) is not None) == opens


def test_a_ticket_after_signing_out_works_once() -> None:
    candidate = make_user()
    token = make_session(candidate).token
    candidate.note_sign_out()
    ticket = issue_ticket(user=User.objects.get(pk=candidate.pk), token=token)

    spent = [spend_ticket(secret=ticket, token=token) for _ in range(2)]

    assert spent == [candidate, None]
    assert not SocketTicket.objects.exists()
