"""What the database itself guarantees about people."""

from uuid import UUID

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from accounts.models import Mail, TokenFamily, User
from accounts.services import EmailTaken, register_user
from accounts.testing import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_an_address_is_unique_whatever_its_letters() -> None:
    make_user("ada@example.org")

    with pytest.raises(IntegrityError, match=r"user_email_unique_ignoring_case"):
        User.objects.bulk_create([User(email="ADA@example.org")])


def test_a_language_is_a_known_one() -> None:
    with pytest.raises(IntegrityError, match="user_language_is_known"):
        User.objects.bulk_create([User(email="x@example.org", language="xx")])


def test_a_race_for_an_address_has_one_winner() -> None:
    make_user("ada@example.org")

    with pytest.raises(EmailTaken):
        register_user(email="Ada@Example.org", password=PASSWORD, full_name="Ada")


def test_a_time_zone_is_one_that_exists() -> None:
    user = make_user()
    user.time_zone = "Nowhere"

    with pytest.raises(ValidationError, match="Europe/Berlin"):
        user.full_clean()


def test_a_superuser_is_staff() -> None:
    admin = User.objects.create_superuser("Root@Example.org", PASSWORD, full_name="Root")

    assert (admin.email, admin.is_staff, admin.is_superuser) == ("root@example.org", True, True)


def test_a_person_is_called_by_name_or_else_by_address() -> None:
    assert str(User(full_name="Ada", email="ada@example.org")) == "Ada"
    assert str(User(email="ada@example.org")) == "ada@example.org"


def test_a_row_names_itself_by_nothing_personal() -> None:
    assert str(Mail(pk=1, template="account", address="ada@example.org")) == "account 1"
    assert str(TokenFamily(pk=UUID(int=1))) == f"tokens {UUID(int=1)}"
