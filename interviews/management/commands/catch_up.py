"""Catches up on expired questions, interrupted turns and pending ratings; sends mail; sweeps what has expired."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.outbox import keep_sending, send_due_mail
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
            threading.Thread(target=keep_sending, name="mail", daemon=True).start()
        else:
            send_due_mail()
        workers = WORKERS if options["loop"] else 1
        supervisor = Supervisor(JOBS, limit=options["limit"], patience=PATIENCE, workers=workers)
        if options["parent"]:
            supervisor.is_stopped = lambda: os.getppid() != options["parent"]
        while True:
            done = supervisor.run()
            self.stdout.write(", ".join(f"{name} {count}" for name, count in sorted(done.items())))
            if not options["loop"] or supervisor.is_stopped():
                return
            time.sleep(options["every"])
