"""Catches up on expired questions, interrupted turns and pending ratings; sends mail; sweeps what has expired."""

from __future__ import annotations

import os
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.outbox import send_due_mail, sending
from interviews.services.jobs import JOBS, PATIENCE
from interviews.services.supervisor import LIMIT, Supervisor

EVERY = 2.0
WORKERS = 8


class Command(BaseCommand):
    """One round by default; `--loop` goes on until it is stopped."""

    help = "Catch up on expired questions, interrupted turns and pending ratings."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until stopped")
        parser.add_argument("--every", type=float, default=EVERY, help="seconds between rounds")
        parser.add_argument("--parent", type=int, default=0, help="stop when this process is gone")
        parser.add_argument("--limit", type=int, default=LIMIT, help="items of each job per round")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["loop"]:
            with sending():
                self._keep_going(options)
        else:
            send_due_mail()
            self._round(Supervisor(JOBS, limit=options["limit"], patience=PATIENCE))

    def _keep_going(self, options: dict[str, Any]) -> None:
        supervisor = Supervisor(JOBS, limit=options["limit"], patience=PATIENCE, workers=WORKERS)
        if options["parent"]:
            supervisor.is_stopped = lambda: os.getppid() != options["parent"]
        self._round(supervisor)
        while not supervisor.is_stopped():
            time.sleep(options["every"])
            self._round(supervisor)

    def _round(self, supervisor: Supervisor) -> None:
        done = supervisor.run()
        self.stdout.write(", ".join(f"{name} {count}" for name, count in sorted(done.items())))
