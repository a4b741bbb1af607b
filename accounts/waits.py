"""How long somebody is asked to wait, in words."""

from __future__ import annotations

import math

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

HOUR, MOST_MINUTES = 60, 90


def wait_words(seconds: float) -> str:
    """Say a time so that whoever waits that long may go on: rounded up, to minutes or hours."""
    minutes = math.ceil(seconds / 60)
    if minutes <= 1:
        return _("a minute")
    if minutes == HOUR:
        return _("an hour")
    if minutes <= MOST_MINUTES:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = math.ceil(minutes / HOUR)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def too_many(seconds: float) -> str:
    return _("Too many attempts. Wait %(time)s, then try again.") % {"time": wait_words(seconds)}
