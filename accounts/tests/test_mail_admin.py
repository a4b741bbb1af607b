"""The outbox in the admin: read-only, and sending again needs a permission of its own."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.core import mail as postbox
from django.test import Client
from django.urls import reverse

from accounts.models import Mail
from accounts.outbox import queue_mail, send_due_mail
from accounts.testing import make_user

pytestmark = pytest.mark.django_db
URL = "admin:accounts_mail_changelist"


def signed_in_with(client: Client, *codenames: str) -> Client:
    user = make_user(staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def send_again(client: Client, mail: Mail) -> int:
    chosen = {"action": "send_again", "_selected_action": [mail.pk]}
    return client.post(reverse(URL), chosen).status_code


def sent_mail() -> Mail:
    mail = queue_mail(template="password_reset", to=make_user(), site="https://x.example")
    send_due_mail()
    return mail


def test_whoever_may_view_sees_whom_what_and_how_it_went_and_no_link(client: Client) -> None:
    mail = sent_mail()

    page = signed_in_with(client, "view_mail").get(reverse(URL)).content.decode()
    one = client.get(reverse("admin:accounts_mail_change", args=[mail.pk])).content.decode()

    assert mail.to in page
    assert "/account/password/reset/" not in page + one


def test_sending_again_needs_its_permission(client: Client) -> None:
    mail = sent_mail()

    send_again(signed_in_with(client, "view_mail"), mail)

    assert send_due_mail() == 0


def test_with_it_a_mail_is_sent_once_more(client: Client) -> None:
    mail = sent_mail()

    send_again(signed_in_with(client, "view_mail", "resend_mail"), mail)

    assert send_due_mail() == 1
    assert len(postbox.outbox) == 2


@pytest.mark.parametrize("codename", ["add_mail", "change_mail", "delete_mail"])
def test_nobody_writes_mail_by_hand(client: Client, codename: str) -> None:
    mail = sent_mail()
    signed_in_with(client, "view_mail", codename)

    for name, args in (("add", []), ("change", [mail.pk]), ("delete", [mail.pk])):
        assert client.post(reverse(f"admin:accounts_mail_{name}", args=args)).status_code == 403
