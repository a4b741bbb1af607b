"""A real Daphne for the live room, people who speak into it, and wires that can be cut."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Page

from interviews.live.limits import DAPHNE
from interviews.models import InterviewSession
from interviews.services.hearing import voice_shape
from interviews.tests.browser.conftest import ARGUMENTS, CHROMIUM, PATIENCE_MS
from interviews.tests.browser.people import Visitor

READY_WITHIN = 60.0
MICROPHONE = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
# What is sent while the wire is cut gets lost without an error, as on the way to a dead radio mast.
WIRES = """(() => {
  const Real = window.WebSocket;
  window.wires = { isCut: false, all: [], lost: 0 };
  window.WebSocket = class extends Real {
    constructor(...given) {
      super(...given);
      window.wires.all.push(this);
      if (window.wires.isCut) this.close();
    }
    send(data) {
      if (window.wires.isCut) window.wires.lost += 1;
      else super.send(data);
    }
  };
})()"""
CUT = "() => { window.wires.isCut = true; }"
TEAR = "() => window.wires.all.forEach((wire) => wire.close())"
MEND = "() => { window.wires.isCut = false; }"
CONNECTED = "() => window.wires?.all.some((wire) => wire.readyState === 1) && !window.wires.isCut"


@contextmanager
def running_daphne(**environment: str) -> Iterator[str]:
    """Run Daphne over the tests' database; give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    app = "interviews.tests.browser.asgi:application"
    place = ["-b", "127.0.0.1", "-p", str(port), "-v", "0"]
    command = [sys.executable, "-m", "daphne", *place, *DAPHNE, app]
    own = {"DATABASE_URL": database_url(), "DEBUG": "1", **environment}
    process = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env={**os.environ, **own}, stdout=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def database_url() -> str:
    """Return where the tests' own database is, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def wait_for(port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("Daphne did not come up.")


@contextmanager
def visiting(browser: Browser, url: str, **options: Any) -> Iterator[Visitor]:
    """Open somebody's browser whose wires can be cut."""
    context = browser.new_context(base_url=url, locale="en-GB", **options)
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(WIRES)
    yield Visitor(context, url)
    context.close()


@contextmanager
def speaking(browser: Browser, sound: Path, url: str, **options: Any) -> Iterator[Visitor]:
    """Open the browser of somebody who says what is in `sound`, once, as soon as the microphone opens."""
    microphone = [*MICROPHONE, f"--use-file-for-fake-audio-capture={sound}%noloop"]
    chromium = browser.browser_type.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *microphone])
    with visiting(chromium, url, **options) as visitor:
        yield visitor
    chromium.close()


def speech(
    folder: Path, text: str, *, before: float = 0.8, after: float = 12, louder: int = 0
) -> Path:
    """Make a WAV file in which a machine says `text`, `louder` by decibels, between two silences in seconds."""
    require_speech()
    raw, padded = folder / "raw.wav", folder / "speech.wav"
    subprocess.run(["espeak-ng", "-v", "en", "-s", "140", "-w", raw, text], check=True)
    shaped = ["gain", str(louder), "pad", str(before), str(after)]
    subprocess.run(["sox", "-V1", raw, "-r", "48000", "-c", "1", padded, *shaped], check=True)
    return padded


def require_speech() -> None:
    """Skip where nothing can be said or heard, unless everything is required."""
    missing = [p for p in ("espeak-ng", "sox") if not Path(f"/usr/bin/{p}").exists()]
    why = f"{missing} not installed." if missing else voice_shape()["why"]
    if why:
        (pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip)(why)


def elsewhere(act: Callable[[], object]) -> None:
    """Do something in a thread of its own, because Playwright's loop runs in ours."""

    def act_and_hang_up() -> None:
        act()
        connection.close()

    thread = Thread(target=act_and_hang_up)
    thread.start()
    thread.join()


def enter(visitor: Visitor, session: InterviewSession) -> Page:
    """Open the room in a new tab, connected."""
    visitor.sign_in(session.candidate)
    page = visitor.new_tab()
    page.goto(f"/room/{session.token}/")
    page.wait_for_function(CONNECTED)
    return page


def cut(page: Page, *, seconds: float) -> None:
    """Cut the wire: first what is sent gets lost, then the connection breaks; mend it later."""
    page.evaluate(CUT)
    page.wait_for_timeout(seconds * 500)
    page.evaluate(TEAR)
    page.wait_for_timeout(seconds * 500)
    page.evaluate(MEND)


def send(page: Page) -> None:
    page.get_by_role("button", name="Send answer").click()
