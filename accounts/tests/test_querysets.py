"""Whom and what the querysets of accounts find, on both sides of each of their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.erasing import (
    StillNeeded,
    check_may_erase,
    check_superuser_is_left,
    forget_traces,
)
from accounts.models import FORMER_USER, Mail, TokenFamily, User
from accounts.testing import make_superuser, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def names(people: object) -> set[str]:
    return {user.email.partition("@")[0] for user in people}  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("right", "may_see", "may_change", "may_delete"),
    [
        ("view_user", True, False, False),
        ("change_user", True, True, False),
        ("delete_user", False, False, True),
        ("erase_user", False, False, True),
        ("", False, False, False),
    ],
)
def test_each_deed_on_people_has_its_right(
    right: str, may_see: bool, may_change: bool, may_delete: bool
) -> None:
    clerk = make_user("clerk@example.org", rights=[f"accounts.{right}"] if right else [])
    make_user("other@example.org")
    User.objects.former_user()

    assert names(User.objects.visible_to(clerk)) == {"clerk", *(["other"] if may_see else [])}
    both = {"clerk", "other"}
    assert names(User.objects.managed_by(clerk)) == (both if may_change else set())
    assert names(User.objects.deletable_by(clerk)) == (both if may_delete else set())


def test_who_holds_a_right_that_one_lacks_is_out_of_reach() -> None:
    clerk = make_user("clerk@example.org", rights=["accounts.change_user"])
    held, lacked = Group.objects.create(name="held"), Group.objects.create(name="lacked")
    held.permissions.add(Permission.objects.get(codename="view_mail"))
    lacked.permissions.add(Permission.objects.get(codename="change_mail"))
    clerk.groups.add(held)
    make_user("same@example.org", rights=["accounts.change_user", "accounts.view_mail"])
    make_user("grouped@example.org").groups.add(held)
    make_user("more@example.org", rights=["accounts.view_user"])
    make_user("above@example.org").groups.add(lacked)
    make_superuser("root@example.org")
    User.objects.former_user()

    assert names(User.objects.get_queryset().no_more_than(clerk)) == {"clerk", "same", "grouped"}
    everybody = {"clerk", "same", "grouped", "more", "above", "root", "top"}
    assert (
        names(User.objects.get_queryset().no_more_than(make_superuser("top@example.org")))
        == everybody
    )


def test_candidates_are_active_and_no_staff() -> None:
    make_user("ada@example.org")
    make_user("clerk@example.org", staff=True)
    make_user("gone@example.org").disable()

    assert names(User.objects.candidates()) == {"ada"}


def test_the_former_user_is_one_and_signs_in_nowhere() -> None:
    former = User.objects.former_user()

    assert User.objects.former_user() == former
    assert (former.email, former.full_name, former.is_active) == (FORMER_USER, FORMER_USER, False)
    assert not former.has_usable_password()


def test_a_person_is_made_and_found_by_one_spelling() -> None:
    make_user()
    user = User.objects.create_user(" Ada@Example.ORG ", "secret", full_name="Ada")

    assert user.email == "ada@example.org"
    assert user.check_password("secret")
    assert User.objects.get_by_natural_key(" ADA@example.org") == user
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(None)


def test_disabling_and_signing_out_store_that_and_nothing_else() -> None:
    user = make_user()
    user.full_name = "Not stored"

    user.disable()
    user.note_sign_out()

    user.refresh_from_db()
    assert (user.is_active, user.full_name) == (False, "Ada Candidate")
    assert user.signed_out_at is not None


def test_an_unknown_zone_or_language_falls_back() -> None:
    known = User(time_zone="Europe/Berlin", language="de")
    unknown = User(time_zone="Mars/Base", language="xx")

    assert (known.zone.key, known.known_language) == ("Europe/Berlin", "de")
    assert (unknown.zone.key, unknown.known_language) == (settings.TIME_ZONE, "en")


@pytest.mark.parametrize(
    ("rights", "with_records", "may_others", "may_self"),
    [
        ([], False, False, True),
        ([], True, False, False),
        (["accounts.delete_user"], False, True, True),
        (["accounts.delete_user"], True, False, False),
        (["accounts.erase_user"], False, False, True),
        (["accounts.erase_user"], True, True, True),
    ],
)
def test_erasing_takes_the_right_to(
    rights: list[str], with_records: bool, may_others: bool, may_self: bool
) -> None:
    actor = make_user(rights=rights)

    for person, may in ((make_user(), may_others), (actor, may_self), (make_superuser(), False)):
        if may:
            check_may_erase(person=person, actor=actor, with_records=with_records)
        else:
            with pytest.raises(PermissionDenied):
                check_may_erase(person=person, actor=actor, with_records=with_records)


def test_a_superuser_goes_only_if_another_can_sign_in() -> None:
    root, disabled = make_superuser(), make_superuser()
    disabled.disable()
    make_user()

    with pytest.raises(StillNeeded):
        check_superuser_is_left(root)
    check_superuser_is_left(make_user())
    make_superuser()
    check_superuser_is_left(root)


def test_traces_of_who_is_erased_go_and_those_of_others_stay() -> None:
    people = ada, bob = make_user("ada@example.org"), make_user("bob@example.org")
    users, groups = (ContentType.objects.get_for_model(model) for model in (User, Group))
    logs = {AccessAttempt: {"failures_since_start": 1}, AccessLog: {}, AccessFailureLog: {}}
    for person in people:
        for log, fields in logs.items():
            log.objects.create(username=person.email, **fields)
        OutstandingToken.objects.create(user=person, jti=person.email, expires_at=NOW)
        Mail.objects.create(recipient=person, template="account")
        entry = {"user": bob, "object_id": person.pk, "object_repr": person.email, "action_flag": 2}
        for kind in (users, groups):
            LogEntry.objects.create(content_type=kind, **entry)

    forget_traces(ada)

    for log in logs:
        assert [row.username for row in log.objects.all()] == [bob.email]
    assert [token.user for token in OutstandingToken.objects.all()] == [bob]
    assert [mail.recipient for mail in Mail.objects.all()] == [bob]
    told = {(one.content_type, one.object_id, one.object_repr) for one in LogEntry.objects.all()}
    assert told == {
        (users, str(ada.pk), FORMER_USER),
        (groups, str(ada.pk), ada.email),
        (users, str(bob.pk), bob.email),
        (groups, str(bob.pk), bob.email),
    }
    assert not User.objects.filter(email=FORMER_USER).exists()


def test_deeds_in_the_admin_stay_under_another_name() -> None:
    ada, bob = make_user("ada@example.org"), make_user("bob@example.org")
    for person in (ada, bob):
        LogEntry.objects.create(user=person, object_repr=f"by {person.email}", action_flag=2)

    forget_traces(ada)

    told = {(one.user.email, one.object_repr) for one in LogEntry.objects.all()}
    assert told == {(FORMER_USER, "by ada@example.org"), (bob.email, "by bob@example.org")}


def test_mail_is_due_from_its_time_on_and_the_longest_due_first() -> None:
    for name, at in (("late", NOW), ("first", NOW - MOMENT), ("not yet", NOW + MOMENT)):
        Mail.objects.create(address="ada@example.org", template=name, next_attempt_at=at)
    Mail.objects.create(address="ada@example.org", template="x", state="dropped")

    assert [mail.template for mail in Mail.objects.due(NOW)] == ["first", "late"]


def test_only_what_does_not_wait_is_queued_again() -> None:
    queued = {"queued_at": NOW, "next_attempt_at": NOW}
    waiting = Mail.objects.create(address="ada@example.org", **queued)
    sent = Mail.objects.create(address="ada@example.org", state="sent", sent_at=NOW, **queued)

    assert Mail.objects.send_again() == 1

    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert waiting.queued_at == NOW
    assert (sent.state, sent.sent_at) == ("waiting", None)
    assert sent.queued_at == sent.next_attempt_at < NOW


def test_mail_to_an_address_is_found_however_it_was_queued() -> None:
    ada, bob = make_user("ada@example.org"), make_user("bob@example.org")
    Mail.objects.create(recipient=ada, template="account")
    Mail.objects.create(address="ada@example.org", template="address")
    Mail.objects.create(recipient=bob, template="other")

    assert {mail.template for mail in Mail.objects.to(" ADA@example.org")} == {"account", "address"}


def test_mail_goes_to_the_account_behind_it_while_that_may_sign_in() -> None:
    ada = make_user("ada@example.org")
    make_user("bob@example.org")
    both = [Mail(recipient=ada), Mail(address="Ada@example.org")]

    assert [mail.person for mail in both] == [ada, ada]
    assert [mail.to for mail in both] == ["ada@example.org", "Ada@example.org"]
    ada.disable()
    assert [mail.person for mail in both] == [None, None]


def test_mail_is_claimed_for_one_attempt() -> None:
    mail, other = (Mail.objects.create(address="ada@example.org") for _ in range(2))
    stale = Mail.objects.get(pk=mail.pk)

    assert mail.claim(lease=timedelta(minutes=1))
    assert not mail.claim(lease=timedelta(minutes=1))
    Mail.objects.filter(pk=mail.pk).update(next_attempt_at=timezone.now())
    assert not stale.claim(lease=timedelta(minutes=1))

    stored = Mail.objects.get(pk=mail.pk)
    assert (mail.attempts, stored.attempts, stale.attempts) == (1, 1, 0)
    assert Mail.objects.get(pk=other.pk).attempts == 0


@pytest.mark.parametrize("state", ["sent", "failed", "waiting"])
def test_how_an_attempt_ended_is_noted_by_that_attempt_only(state: str) -> None:
    mail, other = (Mail.objects.create(address="ada@example.org") for _ in range(2))
    stale = Mail.objects.get(pk=mail.pk)
    mail.claim(lease=timedelta(minutes=1))

    stale.settle("failed", "stale")
    mail.settle(state, "told", wait=timedelta(days=1))

    stored = Mail.objects.get(pk=mail.pk)
    assert (stored.state, stored.last_status) == (state, "told")
    assert (stored.sent_at is not None) is (state == "sent")
    assert stored.next_attempt_at > timezone.now() + timedelta(hours=1)
    mail.settle("dropped", "too late")
    expected = "dropped" if state == "waiting" else state
    assert Mail.objects.get(pk=mail.pk).state == expected
    assert Mail.objects.get(pk=other.pk).state == "waiting"


def test_a_family_is_extended_until_it_is_revoked_and_revoked_once() -> None:
    family, other = (TokenFamily.objects.create(user=make_user(), expires_at=NOW) for _ in range(2))

    assert family.extend(NOW + MOMENT)
    family.revoke()
    revoked_at = TokenFamily.objects.get(pk=family.pk).revoked_at
    assert not family.extend(NOW)
    family.revoke()

    family.refresh_from_db()
    other.refresh_from_db()
    assert revoked_at is not None
    assert (family.expires_at, family.revoked_at) == (NOW + MOMENT, revoked_at)
    assert (other.expires_at, other.revoked_at) == (NOW, None)
