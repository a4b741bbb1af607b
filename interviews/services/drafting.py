"""Keeps what is typed so far; a device that has not seen a longer draft never overwrites it."""

from __future__ import annotations

import hashlib

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ai.masking import keep_private
from interviews.errors import NewerDraft
from interviews.models import Turn
from interviews.services.cleaning import clean_answer, clean_text
from interviews.services.lookups import candidates_session

ELSEWHERE = _("Another window or device has saved a longer text for this question.")


def draft_revision(text: str) -> str:
    """Name a draft by its text, so that a device can say on which draft its own is based."""
    return hashlib.sha256(clean_text(text).encode()).hexdigest()[:16]


def save_draft(*, user: User, token: str, turn: int, text: str, base: str | None = None) -> bool:
    """Keep what is typed so far; False if that turn is not open any more.

    `base` is the revision of the draft that this one was made from. If another one is stored and it is longer, nothing is
    saved. An empty `base` stands for none; without any, the draft is stored whatever was there.
    Raises `NotFound`, `InvalidInput` for a draft that is too long to become an answer, and `NewerDraft`.
    """
    keep_private(text)
    draft = clean_answer(text, field="draft")
    while True:
        current = candidates_session(user, token).open_turn
        if current is None or current.number != turn:
            return False
        if base is not None:
            _check(current, draft, base)
        if current.save_draft(draft):
            return True


def _check(current: Turn, draft: str, base: str) -> None:
    stored = draft_revision(current.draft)
    if base != stored and len(draft) < len(current.draft):
        raise NewerDraft(str(ELSEWHERE), turn=current.number, draft=current.draft, revision=stored)
