"""People in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD, make_user

pytestmark = pytest.mark.django_db
URL = "admin:accounts_user_changelist"


@pytest.fixture
def root(client: Client) -> User:
    admin = User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")
    client.force_login(admin)
    return admin


@pytest.mark.usefixtures("root")
def test_an_account_made_here_has_the_one_spelling_of_its_address(client: Client) -> None:
    form = {
        "email": "New@Example.org",
        "full_name": "New",
        "language": "en",
        "usable_password": "true",
        "password1": PASSWORD,
        "password2": PASSWORD,
    }

    client.post(reverse("admin:accounts_user_add"), form)

    assert User.objects.filter(email="new@example.org").exists()


def test_disabling_leaves_oneself_alone(client: Client, root: User) -> None:
    other = make_user()
    chosen = {"action": "disable", "_selected_action": [root.pk, other.pk]}

    client.post(reverse(URL), chosen)

    other.refresh_from_db()
    root.refresh_from_db()
    assert (other.is_active, root.is_active) == (False, True)


@pytest.mark.usefixtures("root")
def test_a_hostile_name_stays_text(client: Client) -> None:
    make_user(full_name="<script>alert(1)</script>")

    content = client.get(reverse(URL)).content

    assert b"<script>alert(1)" not in content
    assert b"&lt;script&gt;alert(1)" in content


def test_a_candidate_has_no_admin(client: Client) -> None:
    client.force_login(make_user())

    assert client.get(reverse(URL)).status_code == 302
