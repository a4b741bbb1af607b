"""Changes one thing at a time in the code that decides, and lists the changes that no test notices: `make mutants`.

A driver of our own, as mutmut 3.8 does not get through here: its statistics fail on tests that fork and lock, and it
knows neither the terms of a `Q` nor of a `filter`. Each group is one pytest process that collects its tests once and
makes its database; each mutant is a fork of it, with a copy of that database, that swaps the code of one function (or
one constant of a module) and runs the tests that call it, the quickest first. What a class states is not changed.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol
from django.db import connection

from benchmarks.mutations import Mutant, mutants_of

FOLDER = Path("var/mutants")
MINUTES = float(os.environ.get("MUTANTS_MINUTES", "58"))
OUTCOMES = {256: "noticed", int(signal.SIGALRM): "too slow", 0: "survived", None: "no test"}
GROUPS: dict[str, tuple[list[str], list[str]]] = {
    "permissions": (
        ["interviews/models/rights.py", "interviews/services/lookups.py", "interviews/services/erasing.py",
         "accounts/erasing.py", "accounts/models/user.py"],
        ["interviews/tests/test_querysets.py", "interviews/tests/test_finding.py", "interviews/tests/test_rights.py",
         "interviews/tests/test_erasing.py", "interviews/tests/test_erasing_traces.py", "accounts/tests/test_querysets.py",
         "accounts/tests/test_rights.py", "accounts/tests/test_models.py"],
    ),
    "querysets": (
        ["interviews/models/session.py", "interviews/models/turn.py", "interviews/models/interview.py",
         "interviews/models/recording.py", "interviews/models/spending.py", "interviews/models/audit.py",
         "interviews/models/ticket.py", "accounts/models/mail.py", "accounts/models/tokens.py"],
        ["interviews/tests/test_querysets.py", "interviews/tests/test_finding.py", "interviews/tests/test_rights.py", "interviews/tests/test_leases.py",
         "interviews/tests/test_results.py", "interviews/tests/test_models.py", "accounts/tests/test_querysets.py",
         "accounts/tests/test_models.py"],
    ),
    "leases": (
        ["interviews/services/turn/lease.py", "interviews/services/turn/renewal.py", "interviews/services/processes.py"],
        ["interviews/tests/test_leases.py", "interviews/tests/test_renewal.py", "interviews/tests/test_querysets.py",
         "interviews/tests/test_finding.py"],
    ),
    "rules": (
        ["ai/rules.py", "ai/defence/two_ratings.py"],
        ["ai/tests/test_workflow.py", "ai/tests/test_follow_ups.py", "ai/tests/test_two_ratings.py", "ai/tests/test_steering.py"],
    ),
    "scoring": (
        ["ai/scoring/evaluations.py", "ai/quotes.py", "ai/scoring/evidence.py", "ai/scoring/levels.py", "ai/scoring/reports.py"],
        ["ai/tests/test_scoring.py"],
    ),
    "laboratory": (
        ["lab/answers.py", "lab/graded.py", "lab/judge.py", "lab/measures.py", "lab/metamorphic.py", "lab/steering.py"],
        ["lab/tests/test_answers.py", "lab/tests/test_graded.py", "lab/tests/test_judge.py", "lab/tests/test_quality.py",
         "ai/tests/test_steering.py"],
    ),
}  # fmt: skip


def main(names: list[str]) -> None:
    """Go on with each group in a process of its own, as many at a time as there are cores, and tell how far each is."""
    names = names or list(GROUPS)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_go_on, until=time.time() + MINUTES * 60), names))
    for name in names:
        _tell(name)


def _go_on(name: str, *, until: float) -> None:
    own = {"MUTANTS_UNTIL": str(until), "VAR_DIR": str(FOLDER / name)}
    environment = {**os.environ, **own, "DATABASE_URL": "", "REDIS_URL": ""}
    command = [sys.executable, "-c", f"from benchmarks.mutants import run; run({name!r})"]
    subprocess.run(command, env=environment, check=False)


def run(name: str) -> None:
    options = ["-q", "-s", "--no-migrations", "-p", "no:cacheprovider", "-p", "no:xdist"]
    sys.exit(pytest.main([*options, *GROUPS[name][1]], plugins=[Plugin(name)]))


def _tell(name: str) -> None:
    known = _known(name).values()
    counts = {
        out: sum(one["outcome"] == out for one in known) for out in (*OUTCOMES.values(), "broken")
    }
    left = sum(mutant.id not in _known(name) for mutant in _mutants(name))
    print(f"\n{name}: {', '.join(f'{n} {out}' for out, n in counts.items())}, {left} not tried")
    for one in known:
        if one["outcome"] != "noticed":
            print(f"  {one['outcome']}: {one['where']}: {one['what']}")


def _mutants(name: str) -> list[Mutant]:
    return [mutant for path in GROUPS[name][0] for mutant in mutants_of(Path(path))]


def _known(name: str) -> dict[str, dict[str, str]]:
    """Return the last outcome of each mutant that still is one."""
    file = FOLDER / f"{name}.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    found = {one["id"]: one for one in map(json.loads, lines)}
    return {mutant.id: found[mutant.id] for mutant in _mutants(name) if mutant.id in found}


class Plugin:
    """Runs mutants instead of tests; what was noticed once is not run again, whatever else was tried comes last."""

    def __init__(self, name: str) -> None:
        self.name, self.until = name, float(os.environ["MUTANTS_UNTIL"])
        self.called: dict[str, list[str]] = {}
        self.seconds: dict[str, float] = {}

    def pytest_configure(self) -> None:
        """Try the same examples every time; pytest wants to be the first who imports hypothesis."""
        settings = import_module("hypothesis").settings
        settings.register_profile("mutants", deadline=None, derandomize=True)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        _is_green(session.items[0])
        if (database := Path(connection.settings_dict["NAME"])).exists():
            _snapshot(database)
        self.functions = _functions_of(GROUPS[self.name][0])
        self._learn(items)
        known = _known(self.name)
        todo = [m for m in _mutants(self.name) if known.get(m.id, {}).get("outcome") != "noticed"]
        for mutant in sorted(todo, key=lambda m: m.id in known):
            if time.time() > self.until:
                break
            self._note(mutant, self._outcome(mutant, items))
        return True

    def _learn(self, items: dict[str, pytest.Item]) -> None:
        """Run every test once without a mutant, to learn what it calls; what fails then is left out."""
        file = FOLDER / f"{self.name}.calls"
        _forked(lambda: _write_calls(file, items, GROUPS[self.name][0]), limit=1800)
        for nodeid, is_green, seconds, called in json.loads(file.read_text()):
            if not is_green:
                print(f"left out, fails by itself: {nodeid}")
                continue
            self.seconds[nodeid] = seconds
            for function in called:
                self.called.setdefault(function, []).append(nodeid)

    def _outcome(self, mutant: Mutant, items: dict[str, pytest.Item]) -> str:
        function = f"{mutant.path}:{mutant.function}"
        nodeids = list(self.seconds) if mutant.names else self.called.get(function, [])
        nodeids.sort(key=lambda nodeid: self.seconds[nodeid])
        tests = [items[nodeid] for nodeid in nodeids]
        limit = 30 + 5 * int(sum(self.seconds[nodeid] for nodeid in nodeids))
        status = _forked(lambda: self._is_noticed(mutant, tests), limit=limit) if tests else None
        return OUTCOMES.get(status, "broken")

    def _is_noticed(self, mutant: Mutant, tests: Iterable[pytest.Item]) -> int:
        try:
            _set_constant(mutant)
        except Exception:  # noqa: BLE001 - a module that cannot be loaded is noticed by anything
            return 1
        for code in _codes(mutant.compiled()):
            for function in self.functions.get(
                (str(mutant.path), code.co_qualname, code.co_firstlineno), []
            ):
                function.__code__ = code
        for value in vars(_module(mutant)).values():
            if hasattr(value, "cache_clear"):
                value.cache_clear()
        return int(not all(map(_is_green, tests)))

    def _note(self, mutant: Mutant, outcome: str) -> None:
        about = {"id": mutant.id, "where": mutant.where, "what": mutant.what, "outcome": outcome}
        with (FOLDER / f"{self.name}.jsonl").open("a") as file:
            file.write(json.dumps(about) + "\n")


def _forked(work: Callable[[], int], *, limit: int) -> int:
    """Return the wait status of a fork that does the work: the exit code times 256, or the signal that ended it."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    signal.alarm(limit)
    code = 3
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        _use_own_database()
        code = work()
    finally:
        os._exit(code)


def _snapshot(database: Path) -> None:
    """Keep the database as it is now, with what its log holds, for forks to begin with."""
    with (
        sqlite3.connect(database) as now,
        sqlite3.connect(database.with_name("begin.sqlite3")) as kept,
    ):
        now.backup(kept)


def _use_own_database() -> None:
    """Leave the parent's connection alone, and work on a copy of what its database was at the beginning."""
    begin = Path(connection.settings_dict["NAME"]).with_name("begin.sqlite3")
    for old in begin.parent.glob("fork.sqlite3*"):
        old.unlink()
    if begin.exists():
        connection.connection = None
        connection.settings_dict["NAME"] = shutil.copy(begin, begin.with_name("fork.sqlite3"))


def _is_green(item: pytest.Item) -> bool:
    """Run one test, and keep what the whole session shares, like its database."""
    kept: Any = item.session
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=kept))


def _write_calls(file: Path, items: dict[str, pytest.Item], paths: list[str]) -> int:
    file.write_text(json.dumps(list(_calls(items, paths))))
    return 0


def _calls(
    items: dict[str, pytest.Item], paths: list[str]
) -> Iterator[tuple[str, bool, float, list[str]]]:
    wanted = {str(Path(path).resolve()): path for path in paths}
    called: set[str] = set()

    def note(frame: FrameType, _event: str, _argument: object) -> None:
        if path := wanted.get(frame.f_code.co_filename):
            called.add(f"{path}:{frame.f_code.co_qualname.partition('.<locals>')[0]}")

    threading.settrace(note)
    sys.settrace(note)
    for nodeid, item in items.items():
        called.clear()
        begun = time.monotonic()
        is_green = _is_green(item)
        yield nodeid, is_green, time.monotonic() - begun, sorted(called)


def _functions_of(paths: list[str]) -> dict[tuple[str, str, int], list[FunctionType]]:
    """Return what lives now of the functions that these files define, by file, name and line."""
    wanted = {str(Path(path).resolve()): path for path in paths}
    found: dict[tuple[str, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and (path := wanted.get(one.__code__.co_filename)):
            key = path, one.__code__.co_qualname, one.__code__.co_firstlineno
            found.setdefault(key, []).append(one)
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _module(mutant: Mutant) -> ModuleType:
    return sys.modules[mutant.path.with_suffix("").as_posix().replace("/", ".")]


def _set_constant(mutant: Mutant) -> None:
    """Set the constant anew in its module, and wherever it was imported; nothing if a function was changed."""
    if not mutant.names:
        return
    module = _module(mutant)
    before, changed = dict(vars(module)), dict[str, Any](vars(module))
    exec(mutant.compiled(), changed)  # noqa: S102 - it is our own code
    for name in mutant.names:
        for other in list(sys.modules.values()):
            if getattr(other, "__dict__", {}).get(name) is before[name]:
                setattr(other, name, changed[name])


if __name__ == "__main__":
    main(sys.argv[1:])
