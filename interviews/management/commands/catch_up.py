"""Catches up on expired questions, interrupted turns and pending ratings; sends mail; sweeps what has expired."""

from __future__ import annotations

import os
import threading
import time
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection

from accounts.outbox import keep_sending, send_due_mail
from accounts.sweeping import sweep_now_and_then
from interviews import services

PATIENCE = timedelta(seconds=5)


class Command(BaseCommand):
    """One round by default; `--loop` goes on until it is stopped."""

    help = "Catch up on expired questions, interrupted turns and pending ratings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=int, default=10, help="seconds between rounds")
        parser.add_argument("--parent", type=int, default=0, help="stop when this process is gone")
        parser.add_argument("--limit", type=int, default=200, help="rows of each kind per round")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"]:
            threading.Thread(target=keep_sending, name="mail", daemon=True).start()
        else:
            send_due_mail()
        while True:
            done = services.catch_up(limit=options["limit"], patience=PATIENCE)
            self.stdout.write(
                f"expired {done.expired}, carried on {done.carried_on}, "
                f"rated {done.rated}, abandoned {done.abandoned}"
            )
            sweep_now_and_then()
            if not options["loop"] or (options["parent"] and os.getppid() != options["parent"]):
                return
            rest(options["every"])


def rest(seconds: int) -> None:
    """Sleep without a database connection."""
    connection.close()
    time.sleep(seconds)
