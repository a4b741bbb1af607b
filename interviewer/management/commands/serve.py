"""Serves the product: Daphne, and beside it the loop that catches up."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from interviewer.free_port import complaint
from interviewer.http_limits import LimitedCommandLine
from interviews.live.limits import DAPHNE


class Command(BaseCommand):
    """Listens on HOST and PORT until it is stopped."""

    help = "Serve the product on HOST and PORT."

    def handle(self, *args: Any, **options: Any) -> None:
        if told := complaint(settings.HOST, settings.PORT):
            raise CommandError(told)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "catch_up", "--loop"]
        helper = subprocess.Popen(  # noqa: S603 - our own command
            [*manage, "--parent", str(os.getpid())], stdout=subprocess.DEVNULL
        )
        self.stdout.write(f"== http://{settings.HOST}:{settings.PORT}/   (Ctrl-C stops it)")
        self.stdout.flush()
        try:
            LimitedCommandLine().run(
                [
                    *("-b", settings.HOST, "-p", str(settings.PORT)),
                    *DAPHNE,
                    "interviewer.asgi:application",
                ]
            )
        finally:
            helper.terminate()
