"""Loads the project for commands of the laboratory, which run outside `manage.py`."""

from __future__ import annotations

import os

import django


def load_project() -> None:
    """Load settings and apps; models and services can be imported only after this."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
    django.setup()
