"""Who may read and who may act on a screening interview, until rights are given for each interview by itself.

Recruiters (the right to add, change or delete interviews) work with their own screenings, and see no others.
Auditors (only the right to view interviews) read every screening. Superusers may do both with all of them.
Practice is its candidate's own, whoever asks. The querysets of the app take their rules from here.
"""

from __future__ import annotations

from django.db.models import Q

from accounts.models import User

CREATE = "interviews.add_interview"
READ = "interviews.view_interview"
CHANGE = "interviews.change_interview"
DELETE = "interviews.delete_interview"
NOTHING = Q(pk__in=[])


def may_create_screenings(user: User) -> bool:
    return user.has_perm(CREATE)


def may_read_screenings(user: User) -> bool:
    return any(user.has_perm(right) for right in (READ, CREATE, CHANGE, DELETE))


def readable_screenings(user: User, path: str = "") -> Q:
    """Return the condition on rows whose interview, at `path`, is a screening that `user` may read."""
    if not user.is_superuser and any(user.has_perm(right) for right in (CREATE, CHANGE, DELETE)):
        return _screenings(path, owner=user)
    return _screenings(path) if user.has_perm(READ) else NOTHING


def managed_screenings(user: User, path: str = "", *, right: str = CHANGE) -> Q:
    """Return the condition on rows whose interview, at `path`, is a screening that `user` may act on."""
    if not user.has_perm(right):
        return NOTHING
    return _screenings(path) if user.is_superuser else _screenings(path, owner=user)


def _screenings(path: str, **wanted: object) -> Q:
    return Q(**{f"{path}{name}": value for name, value in {"mode": "screening", **wanted}.items()})
