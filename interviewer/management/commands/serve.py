"""Serves the product: Daphne, and beside it the loop that catches up."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import Any

from daphne.cli import CommandLineInterface
from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connections

from interviewer.supervisor import KeptProcess
from interviews.live.limits import DAPHNE
from interviews.services.leases import give_back_leases


class Command(BaseCommand):
    """Listens on HOST and PORT until it is stopped."""

    help = "Serve the product on HOST and PORT."

    def handle(self, *args: Any, **options: Any) -> None:
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py"), "catch_up", "--loop"]
        give_back_leases_if_possible()
        self.stdout.write(f"== http://{settings.HOST}:{settings.PORT}/   (Ctrl-C stops it)")
        self.stdout.flush()
        with KeptProcess([*manage, "--parent", str(os.getpid())]):
            CommandLineInterface().run(
                [
                    *("-b", settings.HOST, "-p", str(settings.PORT)),
                    *DAPHNE,
                    "interviewer.asgi:application",
                ]
            )


def give_back_leases_if_possible() -> None:
    """Free at once what a server that died here was working on; if the database is away, the loop does it later."""
    with suppress(DatabaseError):
        give_back_leases()
    connections.close_all()
