#!/usr/bin/env python
"""Django's command line for the interviewer."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from ai.masking import fit_for_log
from ai.uncaught import mask_uncaught


def main() -> None:
    """Run the command; a setting that cannot work is told in a sentence, with --traceback where it was found."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "interviewer.settings")
    mask_uncaught()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"== {fit_for_log(str(error))}")


if __name__ == "__main__":
    main()
