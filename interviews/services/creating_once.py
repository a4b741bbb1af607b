"""Makes an interview once, however often it is asked for with the same key."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from interviews.errors import InvalidInput, KeyReused
from interviews.models import Interview
from interviews.services.cleaning import clean_text
from interviews.services.setting_up import create_interview

KEY_LENGTH = 128


def create_interview_once(*, owner: User, key: str, **fields: Any) -> tuple[Interview, bool]:
    """Make a draft interview, or return the one that this key made before; also tell whether it is a repeat.

    Without a key every call makes one. Raises `InvalidInput`, and `KeyReused` for the same key with other fields.
    """
    key = clean_text(key).strip()
    if not key:
        return create_interview(owner=owner, **fields), False
    if len(key) > KEY_LENGTH:
        told = _("A key has at most %(most)s characters.") % {"most": KEY_LENGTH}
        raise InvalidInput("Idempotency-Key", told)
    sha256 = _sha256(fields)
    if known := _made_before(owner, key, sha256):
        return known, True
    named = {**fields, "request_key": key, "request_sha256": sha256}
    try:
        return create_interview(owner=owner, **named), False
    except IntegrityError:
        if known := _made_before(owner, key, sha256):
            return known, True
        raise


def _sha256(fields: dict[str, Any]) -> str:
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _made_before(owner: User, key: str, sha256: str) -> Interview | None:
    known = Interview.objects.filter(owner=owner, request_key=key).first()
    if known is not None and known.request_sha256 != sha256:
        raise KeyReused(
            _("This Idempotency-Key came with another interview before. Use a new key.")
        )
    return known
