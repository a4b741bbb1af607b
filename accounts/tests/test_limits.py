"""What may be tried how often, and what a refusal says; the same for the pages and the API."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.core import mail as postbox
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import Mail, User
from accounts.outbox import send_due_mail
from accounts.testing import PASSWORD, make_api_client, make_user
from accounts.tests.smtp import smtp_server
from accounts.throttles import SharedThrottle
from accounts.waits import wait_words

pytestmark = pytest.mark.django_db
SIGN_UP = {"full_name": "Ada", "email": "ada@example.org", "language": "en", "password": PASSWORD}


def set_rate(monkeypatch: pytest.MonkeyPatch, scope: str, rate: str) -> None:
    monkeypatch.setitem(SharedThrottle.THROTTLE_RATES, scope, rate)


def fail_to_sign_in(client: Client, path: str, times: int) -> None:
    for number in range(times):
        form = {"username": f"{number}@example.org", "password": "wrong-password"}
        client.post(path, form)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "a minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (3600, "an hour"),
        (2 * 3600, "2 hours"),
    ],
)
def test_a_wait_is_told_in_words_and_never_too_short(seconds: int, words: str) -> None:
    assert wait_words(seconds) == words


@pytest.mark.parametrize("path", ["/account/sign-in/", "/admin/login/"])
def test_failed_sign_ins_on_any_page_use_up_the_limit_of_all(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    set_rate(monkeypatch, "login", "3/min")
    user = make_user(staff=True)
    fail_to_sign_in(client, path, 3)

    page = client.post("/account/sign-in/", {"username": user.email, "password": PASSWORD})
    admin = client.post("/admin/login/", {"username": user.email, "password": PASSWORD})
    call = make_api_client().post("/api/auth/login/", {"email": user.email, "password": PASSWORD})

    assert [page.status_code, admin.status_code, call.status_code] == [429] * 3
    assert "Wait a minute" in page.content.decode()
    assert "Wait a minute" in call.json()["detail"]
    assert 0 < int(page["Retry-After"]) <= 60


def test_sign_ins_that_succeed_use_up_no_limit(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rate(monkeypatch, "login", "2/min")
    user = make_user()
    form = {"username": user.email, "password": PASSWORD}

    statuses = {Client().post(reverse("sign-in"), form).status_code for _ in range(5)}

    assert statuses == {302}


def test_over_the_limit_no_password_is_hashed_and_nobody_is_locked_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rate(monkeypatch, "login", "1/min")
    user = make_user()
    fail_to_sign_in(client, reverse("sign-in"), 1)
    hashed: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda _user, raw: hashed.append(raw))

    for _ in range(10):
        client.post(reverse("sign-in"), {"username": user.email, "password": PASSWORD})

    assert hashed == []
    assert not AccessAttempt.objects.filter(username=user.email).exists()


def test_a_class_room_behind_one_address_can_sign_up() -> None:
    emails = [f"pupil{n}@example.org" for n in range(70)]

    statuses = {
        make_api_client().post("/api/auth/register/", {**SIGN_UP, "email": email}).status_code
        for email in emails
    }

    assert statuses == {201}


def test_one_address_gets_a_few_links_an_hour_whether_it_is_known_or_not(client: Client) -> None:
    make_user("ada@example.org")
    replies = {
        email: [client.post(reverse("password-reset"), {"email": email}) for _ in range(7)]
        for email in ("ada@example.org", "nobody@example.org")
    }

    known, unknown = (
        [(r.status_code, r.headers.get("Location")) for r in replies[email]] for email in replies
    )
    assert known == unknown
    assert Mail.objects.to("ada@example.org").count() == 5
    assert "in an hour" in replies["ada@example.org"][-1].content.decode()


def test_no_request_talks_to_the_mail_server(client: Client) -> None:
    make_user("ada@example.org")

    with smtp_server(HELLO="") as server:
        client.post(reverse("password-reset"), {"email": "ada@example.org"})
        client.post(reverse("sign-up"), SIGN_UP)

    assert (server.connections, Mail.objects.waiting().count()) == (0, 2)


def test_one_client_asks_for_a_limited_number_of_links(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rate(monkeypatch, "reset", "2/hour")

    replies = [
        client.post(reverse("password-reset"), {"email": f"{n}@example.org"}) for n in range(3)
    ]

    assert [r.status_code for r in replies] == [302, 302, 429]
    assert "Wait an hour" in replies[-1].content.decode()
    assert Mail.objects.count() == 2


def test_passwords_are_changed_a_limited_number_of_times(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_rate(monkeypatch, "password", "1/hour")
    client.force_login(make_user())
    form = {"old_password": "guess", "new_password1": "x", "new_password2": "x"}

    statuses = [client.post(reverse("password-change"), form).status_code for _ in range(2)]

    assert statuses == [200, 429]


def test_the_admin_has_no_page_of_its_own_to_try_passwords_on(client: Client) -> None:
    client.force_login(make_user(staff=True))

    reply = client.get(reverse("admin:password_change"))

    assert reply["Location"] == reverse("password-change")


def test_tickets_for_the_socket_are_limited_per_person(monkeypatch: pytest.MonkeyPatch) -> None:
    set_rate(monkeypatch, "ticket", "1/min")
    client, other = make_api_client(make_user()), make_api_client(make_user())
    body = {"session_token": "x" * 43}

    statuses = [c.post("/api/auth/ws-ticket/", body).status_code for c in (client, client, other)]

    assert statuses == [404, 429, 404]


def test_the_time_left_of_a_lockout_is_told(client: Client) -> None:
    user = make_user()
    form = {"username": user.email, "password": "wrong-password"}
    for _ in range(8):
        client.post(reverse("sign-in"), form)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=10))

    page = client.post(reverse("sign-in"), form)
    call = make_api_client().post("/api/auth/login/", {"email": user.email, "password": "x"})

    assert "Wait 5 minutes" in page.content.decode()
    assert "Wait 5 minutes" in call.json()["detail"]
    assert 280 < int(page["Retry-After"]) <= 300


def test_after_a_lockout_and_a_reset_the_new_password_works_at_once(client: Client) -> None:
    user, new = make_user(), "another-good-password"
    for _ in range(9):
        client.post(reverse("sign-in"), {"username": user.email, "password": "wrong"})
    client.post(reverse("password-reset"), {"email": user.email})
    send_due_mail()
    link = next(part for part in str(postbox.outbox[0].body).split() if "/reset/" in part)

    form = client.get(link.removeprefix("http://testserver"))["Location"]
    client.post(form, {"new_password1": new, "new_password2": new})

    call = make_api_client().post("/api/auth/login/", {"email": user.email, "password": new})
    page = client.post(reverse("sign-in"), {"username": user.email, "password": new})
    assert (call.status_code, page.status_code) == (200, 302)


def test_a_password_given_by_an_admin_works_at_once(client: Client) -> None:
    user, new = make_user(), "another-good-password"
    for _ in range(9):
        Client().post(reverse("sign-in"), {"username": user.email, "password": "wrong"})
    client.force_login(User.objects.create_superuser("r@example.org", PASSWORD, full_name="R"))

    path = reverse("admin:auth_user_password_change", args=[user.pk])
    client.post(path, {"password1": new, "password2": new})

    form = {"username": user.email, "password": new}
    assert Client().post(reverse("sign-in"), form).status_code == 302


def test_a_taken_address_is_told_to_its_owner_and_to_nobody_else(client: Client) -> None:
    make_user("ada@example.org", full_name="Ada")

    page = client.post(reverse("sign-up"), SIGN_UP)
    call = make_api_client().post("/api/auth/register/", SIGN_UP)

    for said in (page.content.decode(), call.content.decode()):
        assert "We could not make an account with this address." in said
        assert "already exists" not in said
    assert send_due_mail() == 2
    assert postbox.outbox[0].to == ["ada@example.org"]
    assert "You have one already" in str(postbox.outbox[0].body)


def test_a_taken_address_is_not_told_by_a_form_that_makes_no_account(client: Client) -> None:
    make_user("ada@example.org")

    page = client.post(reverse("sign-up"), {**SIGN_UP, "password": "short"})
    call = make_api_client().post("/api/auth/register/", {**SIGN_UP, "full_name": ""})

    assert set(page.context["form"].errors) == {"password"}
    assert set(call.json()["errors"]) == {"full_name"}


def test_a_taken_address_costs_a_hash_as_a_new_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    make_user("ada@example.org")
    hashed: list[str] = []

    def hash_it(raw: str) -> str:
        hashed.append(raw)
        return "!"

    monkeypatch.setattr("accounts.services.make_password", hash_it)

    for email in ("ada@example.org", "new@example.org"):
        make_api_client().post("/api/auth/register/", {**SIGN_UP, "email": email})

    assert len(hashed) == 2


@override_settings(ALLOWED_HOSTS=["interview.example.org"])
def test_a_foreign_host_gets_no_link_into_a_mail(client: Client) -> None:
    make_user("ada@example.org")

    reply = client.post(
        reverse("password-reset"), {"email": "ada@example.org"}, headers={"Host": "evil.example"}
    )

    assert reply.status_code == 400
    assert not Mail.objects.exists()


@pytest.mark.parametrize(
    ("site_url", "link"),
    [("", "http://127.0.0.1:8000/"), ("https://my.example.org", "https://my.example.org/")],
)
def test_if_any_host_is_allowed_links_lead_to_ours_all_the_same(
    client: Client, site_url: str, link: str
) -> None:
    make_user("ada@example.org")

    with override_settings(ALLOWED_HOSTS=["*"], SITE_URL=site_url, HOST="127.0.0.1", PORT=8000):
        client.post(
            reverse("password-reset"),
            {"email": "ada@example.org"},
            headers={"Host": "evil.example"},
        )
    send_due_mail()

    assert link in str(postbox.outbox[0].body)
    assert "evil" not in str(postbox.outbox[0].body)
