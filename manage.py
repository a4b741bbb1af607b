#!/usr/bin/env python
"""Django's command line for the interviewer."""

import os
import sys

from django.core.management import execute_from_command_line

from ai.uncaught import mask_uncaught

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
    mask_uncaught()
    execute_from_command_line(sys.argv)
