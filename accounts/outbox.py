"""Mail that is queued by requests and sent by the loop, so that nobody waits for a mail server."""

from __future__ import annotations

import logging
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from accounts.models import Mail, User, normalise_email

log = logging.getLogger(__name__)

BACK_OFF = tuple(timedelta(seconds=s) for s in (15, 60, 5 * 60, 15 * 60, 60 * 60))
GIVE_UP_AFTER = timedelta(days=1)
STEPS_OF_SMTP = 10
ROUND_SECONDS = 20.0
STOP_SECONDS = 5.0
ABOUT_ONE_MAIL = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)


class NoLongerNeeded(Exception):
    """What a mail is about is gone, or its recipient has no account."""


@dataclass(frozen=True, slots=True)
class OutboxState:
    """How the outbox is: mail that waits, since when the oldest waits, and how much of it failed or was given up."""

    waiting: int
    oldest_age: timedelta | None
    failing: int


def queue_mail(*, template: str, to: User | str, **ids: Any) -> Mail:
    """Note that a mail is to be sent. `ids` is what its template needs to look things up: no text, and no secret."""
    who = {"recipient": to} if isinstance(to, User) else {"address": normalise_email(to)}
    return Mail.objects.create(template=template, ids=ids, **who)


def send_due_mail(limit: int = 50) -> int:
    """Send what is due, oldest first; return how many were sent. Stops when the server does not answer."""
    stop_at = time.monotonic() + ROUND_SECONDS
    sent = 0
    for mail in list(Mail.objects.due(timezone.now()).select_related("recipient")[:limit]):
        if time.monotonic() > stop_at:
            break
        outcome = _attempt(mail)
        sent += outcome == Mail.State.SENT
        if outcome is None:
            break
    return sent


@contextmanager
def sending(every: float = 2.0) -> Iterator[None]:
    """Send what is due in a thread of its own meanwhile, so that a silent server holds nothing else up."""
    stopped = threading.Event()
    thread = threading.Thread(target=_keep_sending, args=(stopped, every), name="mail", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(STOP_SECONDS)


def _keep_sending(stopped: threading.Event, every: float) -> None:
    while not stopped.is_set():
        try:
            send_due_mail()
        except Exception as error:  # noqa: BLE001 - a supervisor's loop: the database may be away for a while
            log.warning("Mail could not be looked through: %s.", type(error).__name__)
        finally:
            connection.close()
        stopped.wait(every)


def outbox_state() -> OutboxState:
    """Return how much mail waits and how much of it has failed."""
    now = timezone.now()
    oldest = Mail.objects.waiting().order_by("queued_at").values_list("queued_at", flat=True)
    first = oldest.first()
    tried = Mail.objects.waiting().exclude(last_status="").count()
    lately = Mail.objects.filter(state=Mail.State.FAILED, queued_at__gte=now - 2 * GIVE_UP_AFTER)
    return OutboxState(
        waiting=oldest.count(),
        oldest_age=now - first if first else None,
        failing=tried + lately.count(),
    )


def _attempt(mail: Mail) -> str | None:
    """Try to send one mail; return its new state, or None if the server is to be left alone for now."""
    if not mail.claim(lease=timedelta(seconds=STEPS_OF_SMTP * settings.EMAIL_TIMEOUT)):
        return Mail.State.WAITING
    try:
        _without_connection(render(mail).send)
    except NoLongerNeeded:
        mail.settle(Mail.State.DROPPED, "no longer needed")
        return Mail.State.DROPPED
    except Exception as error:  # noqa: BLE001 - one bad mail must not keep the others from being sent
        return _postpone(mail, error)
    mail.settle(Mail.State.SENT, "sent")
    return Mail.State.SENT


def render(mail: Mail) -> EmailMessage:
    """Make the message, in its reader's language. Raises `NoLongerNeeded`."""
    context = import_string(settings.MAIL_CONTEXTS[mail.template])(mail)
    person = mail.person
    with translation.override(person.known_language if person else settings.LANGUAGE_CODE):
        subject = render_to_string(f"mail/{mail.template}.subject.txt", context)
        body = render_to_string(f"mail/{mail.template}.txt", context)
    return EmailMessage(
        " ".join(subject.split()), body, to=[mail.to], headers={"Message-ID": message_id(mail)}
    )


def message_id(mail: Mail) -> str:
    """Return the same id for each attempt, by which a mailbox recognises a mail that reached it twice."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">") or "localhost"
    return f"<mail-{mail.pk}-{int(mail.queued_at.timestamp())}@{domain}>"


def _without_connection(send: Callable[[], int]) -> None:
    """Talk to the mail server while no database connection is held."""
    if not connection.in_atomic_block:
        connection.close()
    send()


def _postpone(mail: Mail, error: Exception) -> str | None:
    """Try again later, or give up on what is too old or was refused for good; None if the server is at fault."""
    status = status_word(error)
    too_old = timezone.now() - mail.queued_at >= GIVE_UP_AFTER
    if too_old or status.startswith("refused 5"):
        mail.settle(Mail.State.FAILED, status)
        log.error("Mail %s (%s) was given up: %s.", mail.pk, mail.template, status)
    else:
        wait = BACK_OFF[min(mail.attempts, len(BACK_OFF)) - 1]
        mail.settle(Mail.State.WAITING, status, wait=wait)
        log.warning("Mail %s (%s) waits %s: %s.", mail.pk, mail.template, wait, status)
    at_fault = isinstance(error, OSError) and not isinstance(error, ABOUT_ONE_MAIL)
    return None if at_fault else Mail.State.WAITING


def status_word(error: Exception) -> str:
    """Say in our own words what went wrong; a server's text can hold addresses and secrets."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
        return f"refused {min(codes, default=0)}"
    if isinstance(error, smtplib.SMTPDataError):
        return f"refused {error.smtp_code}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"sign-in refused {error.smtp_code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"server refused {error.smtp_code}"
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer"
    return "unreachable" if isinstance(error, OSError) else f"error {type(error).__name__}"[:40]
