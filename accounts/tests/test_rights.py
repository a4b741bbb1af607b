"""Rights over people in the admin: nobody rises, and nobody touches who stands above them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import make_superuser, make_user

pytestmark = pytest.mark.django_db
ON_PEOPLE = [f"accounts.{deed}_user" for deed in ("add", "change", "delete", "view")]
ON_GROUPS = [f"auth.{deed}_group" for deed in ("add", "change", "delete", "view")]
LIST = "admin:accounts_user_changelist"


@pytest.fixture
def clerk() -> User:
    return make_user(staff=True, rights=[*ON_PEOPLE, *ON_GROUPS])


@pytest.fixture
def web(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def change(web: Client, person: User, **changes: Any) -> int:
    """Send the form of a person's page, with every right in it."""
    form = {
        "email": person.email,
        "full_name": person.full_name,
        "language": "en",
        "time_zone": "UTC",
        "is_active": "on",
        **changes,
    }
    url = reverse("admin:accounts_user_change", args=[person.pk])
    return web.post(url, form).status_code


def act(web: Client, action: str, *people: User, **more: str) -> str:
    chosen = {"action": action, "_selected_action": [one.pk for one in people], **more}
    return web.post(reverse(LIST), chosen, follow=True).content.decode()


def test_a_clerk_changes_a_candidate(web: Client) -> None:
    person = make_user()

    assert change(web, person, full_name="New Name") == 302

    person.refresh_from_db()
    assert person.full_name == "New Name"


def test_a_clerk_hands_out_no_rights_not_even_to_themselves(web: Client, clerk: User) -> None:
    person = make_user()
    group = Group.objects.create(name="All")
    rights = {"is_staff": "on", "is_superuser": "on", "groups": [group.pk]}
    rights["user_permissions"] = [Permission.objects.get(codename="erase_user").pk]

    change(web, person, **rights)
    change(web, clerk, **rights)

    for one in (person, clerk):
        fresh = User.objects.get(pk=one.pk)
        assert (fresh.is_superuser, fresh.has_perm("accounts.erase_user")) == (False, False)
        assert not fresh.groups.exists()
    assert not User.objects.get(pk=person.pk).is_staff


def test_a_superuser_hands_out_rights(client: Client) -> None:
    person = make_user()
    client.force_login(make_superuser())

    change(client, person, is_staff="on", is_superuser="on")

    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (True, True)


def above() -> list[User]:
    """Return a superuser, and two who hold a right that the clerk lacks: themselves, and by a group."""
    member = make_user()
    group = Group.objects.create(name="Erasers")
    group.permissions.add(Permission.objects.get(codename="erase_user"))
    member.groups.add(group)
    return [make_superuser(), make_user(rights=["accounts.erase_user"]), member]


def test_who_stands_above_is_not_changed(web: Client) -> None:
    for person in above():
        password = person.password
        new = {"password1": "another-long-one", "password2": "another-long-one"}

        assert change(web, person, email="taken@example.org") == 403
        form = reverse("admin:auth_user_password_change", args=[person.pk])
        assert web.post(form, {**new, "usable_password": "true"}).status_code == 403
        act(web, "disable", person)

        person.refresh_from_db()
        assert (person.password, person.is_active) == (password, True)
        assert person.email != "taken@example.org"


def test_who_stands_above_is_not_enabled(web: Client) -> None:
    people = above()
    User.objects.filter(pk__in=[one.pk for one in people]).update(is_active=False)

    act(web, "enable", *people)

    assert not User.objects.filter(pk__in=[one.pk for one in people], is_active=True).exists()


def test_who_stands_above_is_not_deleted(web: Client) -> None:
    people = above()

    for person in people:
        url = reverse("admin:accounts_user_delete", args=[person.pk])
        assert web.post(url, {"post": "yes"}).status_code == 403
    act(web, "delete_selected", *people, post="yes")

    assert User.objects.filter(pk__in=[one.pk for one in people]).count() == 3


def test_a_superuser_can_still_be_looked_at(web: Client) -> None:
    root = make_superuser()

    assert web.get(reverse("admin:accounts_user_change", args=[root.pk])).status_code == 200


def test_groups_are_changed_by_superusers_only(web: Client, clerk: User) -> None:
    group = Group.objects.create(name="Mine")
    clerk.groups.add(group)
    right = Permission.objects.get(codename="erase_user").pk
    form = {"name": "Mine", "permissions": [right]}

    codes = [
        web.post(reverse("admin:auth_group_add"), {**form, "name": "New"}).status_code,
        web.post(reverse("admin:auth_group_change", args=[group.pk]), form).status_code,
        web.post(reverse("admin:auth_group_delete", args=[group.pk]), {"post": "yes"}).status_code,
    ]

    assert codes == [403, 403, 403]
    assert not User.objects.get(pk=clerk.pk).has_perm("accounts.erase_user")


def test_a_superuser_changes_a_group(client: Client) -> None:
    client.force_login(make_superuser())
    right = Permission.objects.get(codename="erase_user")

    client.post(reverse("admin:auth_group_add"), {"name": "New", "permissions": [right.pk]})

    assert list(Group.objects.get().permissions.all()) == [right]


def test_people_are_deleted_alone_and_together(web: Client) -> None:
    one, two, three = make_user(), make_user(), make_user()

    url = reverse("admin:accounts_user_delete", args=[one.pk])
    assert web.get(url).status_code == 200
    assert web.post(url, {"post": "yes"}).status_code == 302
    act(web, "delete_selected", two, three, post="yes")

    assert User.objects.count() == 1


def test_the_last_superuser_is_not_deleted_in_the_admin(client: Client) -> None:
    root = make_superuser()
    client.force_login(root)

    page = client.post(
        reverse("admin:accounts_user_delete", args=[root.pk]), {"post": "yes"}, follow=True
    )

    assert "last superuser" in page.content.decode()
    assert "last superuser" in act(client, "delete_selected", make_user(), root, post="yes")
    assert User.objects.count() == 2


def test_a_right_alone_opens_no_door(client: Client) -> None:
    person = make_user(rights=ON_PEOPLE)
    client.force_login(person)

    assert client.get(reverse(LIST)).status_code == 302
