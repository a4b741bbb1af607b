"""The account pages: making an account, signing in and out, passwords, profile."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from accounts.outbox import send_due_mail
from accounts.testing import PASSWORD, make_user
from accounts.throttles import SignUpThrottle

pytestmark = pytest.mark.django_db

SIGN_UP = {
    "full_name": "Ada Lovelace",
    "email": "Ada@Example.org ",
    "language": "en",
    "password": PASSWORD,
    "time_zone": "Europe/Berlin",
}


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    form = {"username": email, "password": password}
    return client.post(reverse("sign-in"), form).status_code


def test_signing_up_makes_a_candidate_and_signs_them_in(client: Client) -> None:
    response = client.post(reverse("sign-up"), SIGN_UP)

    assert response["Location"] == reverse("dashboard")
    user = User.objects.get()
    assert (user.email, user.time_zone, user.is_staff) == (
        "ada@example.org",
        "Europe/Berlin",
        False,
    )
    assert client.get(reverse("dashboard")).status_code == 200


def test_passwords_are_stored_with_argon2(client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]

    client.post(reverse("sign-up"), SIGN_UP)

    assert User.objects.get().password.startswith("argon2$argon2id$")


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("email", "not-an-address", "valid email"),
        ("password", "12345678", "too common"),
        ("password", "short", "too short"),
        ("full_name", "", "Write your name"),
        ("language", "xx", "not one of the available choices"),
    ],
)
def test_a_bad_value_at_sign_up_is_named_at_its_field(
    client: Client, field: str, value: str, told: str
) -> None:
    response = client.post(reverse("sign-up"), {**SIGN_UP, field: value})

    assert any(told in error for error in response.context["form"].errors[field])
    assert not User.objects.exists()


def test_an_address_in_other_letters_is_the_same_account(client: Client) -> None:
    make_user("ada@example.org")

    response = client.post(reverse("sign-up"), {**SIGN_UP, "email": "ADA@example.ORG"})

    assert "email" in response.context["form"].errors
    assert User.objects.count() == 1


def test_one_network_makes_a_limited_number_of_accounts(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SignUpThrottle, "rate", "1/hour", raising=False)
    Client().post(reverse("sign-up"), SIGN_UP)

    response = client.post(reverse("sign-up"), {**SIGN_UP, "email": "bob@example.org"})

    assert "Wait an hour" in response.content.decode()
    assert User.objects.count() == 1


def test_a_strange_time_zone_is_no_reason_to_refuse_somebody(client: Client) -> None:
    client.post(reverse("sign-up"), {**SIGN_UP, "time_zone": "Mars/Olympus"})

    assert User.objects.get().time_zone == "UTC"


def test_signing_in_and_out(client: Client) -> None:
    user = make_user()

    assert sign_in(client, user.email.upper()) == 302
    assert client.get(reverse("profile")).status_code == 200
    client.post(reverse("sign-out"))
    assert client.get(reverse("profile")).status_code == 302


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: Client) -> None:
    user = make_user()
    form = {"username": user.email, "password": "wrong-password"}

    known = client.post(reverse("sign-in"), form)
    unknown = client.post(reverse("sign-in"), {**form, "username": "nobody@example.org"})

    assert known.context["form"].errors == unknown.context["form"].errors
    assert known.status_code == unknown.status_code == 200


def test_a_disabled_account_cannot_sign_in_and_is_signed_out(client: Client) -> None:
    user = make_user()
    sign_in(client, user.email)

    User.objects.update(is_active=False)

    assert client.get(reverse("profile")).status_code == 302
    assert sign_in(client, user.email) == 200


def test_too_many_failures_lock_one_account_from_one_address_only(client: Client) -> None:
    user, other = make_user(), make_user()
    for _ in range(8):
        sign_in(client, user.email, "wrong-password")

    locked = client.post(reverse("sign-in"), {"username": user.email, "password": PASSWORD})

    assert locked.status_code == 429
    assert b"Wait 15 minutes" in locked.content
    assert sign_in(client, other.email) == 302


def test_the_lockout_comes_before_the_password_is_hashed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    for _ in range(8):
        sign_in(client, user.email, "wrong-password")
    hashed: list[str] = []
    monkeypatch.setattr(User, "check_password", lambda _user, raw: hashed.append(raw))

    sign_in(client, user.email)

    assert hashed == []


def test_a_new_password_ends_every_other_session(client: Client) -> None:
    user, elsewhere = make_user(), Client()
    sign_in(client, user.email)
    sign_in(elsewhere, user.email)
    new = "another-good-password"

    client.post(
        reverse("password-change"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )

    assert client.get(reverse("profile")).status_code == 200
    assert elsewhere.get(reverse("profile")).status_code == 302
    assert sign_in(Client(), user.email, new) == 302


def test_a_password_is_reset_by_a_link_that_works_once(client: Client) -> None:
    user = make_user()
    client.post(reverse("password-reset"), {"email": user.email})
    send_due_mail()
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[0].body))
    assert link is not None
    new = {"new_password1": "another-good-password", "new_password2": "another-good-password"}

    form_url = client.get(link[1])["Location"]
    client.post(form_url, new)

    assert sign_in(Client(), user.email, "another-good-password") == 302
    assert b"does not work any more" in Client().get(link[1]).content


def test_a_reset_for_an_unknown_address_looks_the_same_and_sends_nothing(client: Client) -> None:
    known = client.post(reverse("password-reset"), {"email": make_user().email})
    unknown = client.post(reverse("password-reset"), {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert send_due_mail() == len(mail.outbox) == 1


def test_a_profile_is_changed_and_its_times_follow(client: Client) -> None:
    user = make_user()
    client.force_login(user)
    changes = {"full_name": "Ada King", "language": "de", "time_zone": "Asia/Tokyo"}

    client.post(reverse("profile"), changes)

    user.refresh_from_db()
    assert {name: getattr(user, name) for name in changes} == changes


def test_an_unknown_time_zone_in_the_profile_is_refused(client: Client) -> None:
    client.force_login(make_user())

    response = client.post(
        reverse("profile"), {"full_name": "A", "language": "en", "time_zone": "Nowhere"}
    )

    assert "time_zone" in response.context["form"].errors


def test_after_signing_in_one_is_never_sent_to_another_site(client: Client) -> None:
    form = {"username": make_user().email, "password": PASSWORD, "next": "https://evil.example/"}

    response = client.post(reverse("sign-in"), form)

    assert response["Location"] == reverse("dashboard")
