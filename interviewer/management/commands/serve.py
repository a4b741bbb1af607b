"""Serves the product: Daphne, and beside it the loop that catches up."""

from __future__ import annotations

import os
import sys
from threading import Thread
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from interviewer.free_port import complaint
from interviewer.http_limits import LimitedCommandLine
from interviewer.memory import keep_lean
from interviewer.supervisor import KeptProcess
from interviews.live.limits import DAPHNE
from interviews.services.jobs import PATIENCE, catch_up


class Command(BaseCommand):
    """Listens on HOST and PORT until it is stopped."""

    help = "Serve the product on HOST and PORT."

    def handle(self, *args: Any, **options: Any) -> None:
        if told := complaint(settings.HOST, settings.PORT):
            raise CommandError(told)
        keep_lean()
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "catch_up", "--loop"]
        # The loop's own process takes seconds to start; whoever waits since the last crash does not have to.
        Thread(target=catch_up, kwargs={"patience": PATIENCE}, daemon=True).start()
        self.stdout.write(f"== http://{settings.NAME_IN_URL}:{settings.PORT}/   (Ctrl-C stops it)")
        self.stdout.flush()
        with KeptProcess([*manage, "--parent", str(os.getpid())]):
            LimitedCommandLine().run(
                [
                    *("-b", settings.HOST, "-p", str(settings.PORT)),
                    *DAPHNE,
                    "interviewer.asgi:application",
                ]
            )
