"""The outbox: mail is queued by requests, and made and sent by the loop."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as postbox
from django.db import IntegrityError, OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from accounts.models import Mail, User
from accounts.outbox import (
    BACK_OFF,
    GIVE_UP_AFTER,
    outbox_state,
    queue_mail,
    send_due_mail,
    sending,
)
from accounts.testing import make_user
from accounts.tests.smtp import smtp_server

pytestmark = pytest.mark.django_db
SITE = "https://interview.example.org"


def queue(to: User | str) -> Mail:
    return queue_mail(template="password_reset", to=to, site=SITE)


def make_due() -> None:
    Mail.objects.update(next_attempt_at=timezone.now())


def test_a_queued_mail_is_sent_once_with_a_link_to_our_site() -> None:
    user = make_user()
    queue(user)

    assert [send_due_mail(), send_due_mail()] == [1, 0]

    [message] = postbox.outbox
    assert message.to == [user.email]
    assert f"{SITE}/account/password/reset/" in str(message.body)
    assert Mail.objects.get().sent_at is not None


def test_what_is_stored_holds_no_text_and_no_token() -> None:
    queue(make_user())
    send_due_mail()

    link = str(postbox.outbox[0].body).partition("/account/password/reset/")[2].split()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_mail")
        row = str(cursor.fetchall())

    assert link.strip("/").split("/")[1] not in row
    assert "new password" not in row


def test_mail_is_written_in_its_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    user = make_user()
    User.objects.update(language="de")
    queue(user)
    used: list[str] = []
    real = render_to_string

    def noting(template: str, context: Any) -> str:
        used.append(translation.get_language())
        return real(template, context)

    monkeypatch.setattr("accounts.outbox.render_to_string", noting)
    send_due_mail()

    assert set(used) == {"de"}


def test_an_address_without_an_account_gets_nothing() -> None:
    queue("nobody@example.org")

    assert send_due_mail() == 0

    assert postbox.outbox == []
    assert Mail.objects.get().state == Mail.State.DROPPED


def test_a_disabled_account_gets_nothing() -> None:
    user = make_user()
    queue(user)
    queue(user.email)

    User.objects.update(is_active=False)

    assert send_due_mail() == 0
    assert {m.state for m in Mail.objects.all()} == {Mail.State.DROPPED}


def test_a_row_that_cannot_be_rendered_hurts_no_other() -> None:
    queue_mail(template="no_such_template", to=make_user(), site=SITE)
    queue_mail(template="password_reset", to=make_user())
    queue(make_user())

    assert send_due_mail() == 1

    states = {m.template: m.last_status for m in Mail.objects.waiting()}
    assert states == {
        "no_such_template": "error KeyError",
        "password_reset": "error KeyError",
    }


def test_two_loops_never_take_the_same_mail() -> None:
    first = queue(make_user())
    second = Mail.objects.get()

    assert first.claim(lease=timedelta(minutes=1))

    assert not second.claim(lease=timedelta(minutes=1))
    assert send_due_mail() == 0


@pytest.mark.django_db(transaction=True)
def test_two_loops_at_once_send_each_mail_once() -> None:
    addresses = [queue(make_user()).to for _ in range(8)]

    def loop(_number: int) -> int:
        try:
            return send_due_mail()
        finally:
            connection.close()

    with smtp_server() as server, ThreadPoolExecutor(2) as pool:
        sent = sum(pool.map(loop, range(2)))

    assert sent == len(addresses)
    assert sorted(message["To"] for message in server.inbox) == sorted(addresses)


def test_an_attempt_that_took_too_long_does_not_overrule_the_next_one() -> None:
    slow = queue(make_user())
    slow.claim(lease=timedelta(0))
    fast = Mail.objects.get()
    fast.claim(lease=timedelta(minutes=1))
    fast.settle(Mail.State.SENT, "sent")

    slow.settle(Mail.State.FAILED, "no answer")

    assert Mail.objects.get().state == Mail.State.SENT


def test_a_silent_server_is_asked_once_a_round_and_the_mail_waits() -> None:
    for _ in range(3):
        queue(make_user())

    with smtp_server(HELLO="") as server:
        sent = send_due_mail()

    assert (sent, server.connections) == (0, 1)
    tried = Mail.objects.get(attempts=1)
    assert (tried.state, tried.last_status) == (Mail.State.WAITING, "no answer")
    assert tried.next_attempt_at > timezone.now() + BACK_OFF[0] / 2


def test_mail_that_waited_is_sent_when_the_server_is_back() -> None:
    queue(make_user("ada@example.org"))
    with smtp_server(HELLO="421 try later"):
        send_due_mail()

    make_due()
    with smtp_server() as server:
        assert send_due_mail() == 1

    assert server.inbox[0]["To"] == "ada@example.org"


def test_each_attempt_has_the_same_message_id() -> None:
    queue(make_user())
    with smtp_server() as server:
        send_due_mail()
        Mail.objects.update(state=Mail.State.WAITING, sent_at=None)
        make_due()
        send_due_mail()

    first, second = server.inbox
    assert first["Message-ID"] == second["Message-ID"]


def test_a_refused_recipient_is_given_up_and_the_others_get_their_mail() -> None:
    queue(make_user("gone@example.org"))
    queue(make_user("here@example.org"))

    with smtp_server(gone_example="550 no such user gone@example.org") as server:
        assert send_due_mail() == 1

    assert [m["To"] for m in server.inbox] == ["here@example.org"]
    given_up = Mail.objects.get(state=Mail.State.FAILED)
    assert given_up.last_status == "refused 550"


def test_mail_is_given_up_after_a_day_and_that_shows() -> None:
    queue(make_user())
    Mail.objects.update(queued_at=timezone.now() - GIVE_UP_AFTER)

    with smtp_server(HELLO="421 try later"):
        send_due_mail()

    assert Mail.objects.get().state == Mail.State.FAILED
    assert outbox_state().failing == 1


def test_the_state_counts_what_waits_and_since_when() -> None:
    assert (outbox_state().waiting, outbox_state().oldest_age) == (0, None)
    queue(make_user())
    Mail.objects.update(queued_at=timezone.now() - timedelta(minutes=5))

    state = outbox_state()

    assert (state.waiting, state.failing) == (1, 0)
    assert state.oldest_age is not None
    assert state.oldest_age >= timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_no_connection_is_held_while_a_mail_server_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[bool] = []
    monkeypatch.setattr(
        "django.core.mail.EmailMessage.send",
        lambda _message: held.append(connection.connection is not None),
    )
    queue(make_user())

    send_due_mail()

    assert held == [False]


def test_the_thread_that_sends_survives_a_database_that_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rounds: list[str] = []
    third = threading.Event()

    def away() -> int:
        rounds.append("away")
        if len(rounds) == 3:
            third.set()
        raise OperationalError

    monkeypatch.setattr("accounts.outbox.send_due_mail", away)

    with sending(every=0.001):
        assert third.wait(10)


@pytest.mark.parametrize(
    ("constraint", "values"),
    [
        ("mail_goes_to_a_user_or_an_address", {"address": ""}),
        ("mail_state_is_known", {"state": "lost"}),
        ("mail_sent_has_a_time", {"state": "sent"}),
    ],
)
def test_the_database_refuses_what_cannot_be(constraint: str, values: dict[str, Any]) -> None:
    fields = {"template": "password_reset", "address": "a@example.org", **values}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Mail.objects.create(**fields)
