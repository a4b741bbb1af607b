"""Who may delete an account, and what the account itself leaves behind."""

from __future__ import annotations

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from rest_framework_simplejwt.token_blacklist.models import OutstandingToken

from accounts.models import FORMER_USER, Mail, User


class StillNeeded(Exception):
    """What others rely on hangs on this account."""


def erase_person(*, person: User, actor: User, with_records: bool = False) -> None:
    """Delete an account by the service that `ERASE_PERSON` names, which knows what else is the person's.

    Raises `PermissionDenied`, and `StillNeeded` if others rely on what the person did.
    """
    erase = import_string(settings.ERASE_PERSON)
    erase(person=person, actor=actor, with_records=with_records)


def check_may_erase(*, person: User, actor: User, with_records: bool) -> None:
    """Raise `PermissionDenied` unless `actor` may delete `person`; with everything they said takes its own right."""
    if with_records and not actor.has_perm("accounts.erase_user"):
        raise PermissionDenied(_("You may not erase what somebody said."))
    if person != actor:
        allowed = with_records or actor.has_perm("accounts.delete_user")
        if not allowed or not User.objects.deletable_by(actor).filter(pk=person.pk).exists():
            raise PermissionDenied(_("You may not delete this account."))


def lock_for_erasing(person: User) -> User | None:
    """Lock an account, and all superusers with it: two of them who delete each other would leave none.

    Returns None if somebody else was first, and the account is gone.
    """
    rows = User.objects.select_for_update().filter(Q(pk=person.pk) | Q(is_superuser=True))
    return {row.pk: row for row in rows.order_by("pk")}.get(person.pk)


def check_superuser_is_left(person: User) -> None:
    """Raise `StillNeeded` if `person` is the last superuser who can sign in."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk)
    if person.is_superuser and not others.exists():
        raise StillNeeded(_("This is the last superuser. Make another one first."))


def forget_traces(person: User) -> None:
    """Take a person's name and address out of the logs and the mail of the account itself."""
    for log in (AccessAttempt, AccessLog, AccessFailureLog):
        log.objects.filter(username=person.email).delete()
    OutstandingToken.objects.filter(user=person).delete()
    Mail.objects.to(person.email).delete()
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.pk)
    )
    about.update(object_repr=FORMER_USER)
    deeds = LogEntry.objects.filter(user=person)
    if deeds.exists():
        deeds.update(user=User.objects.former_user())
