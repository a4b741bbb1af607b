"""A real Chromium against the running product; one browser for the whole package."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from interviews import services
from interviews.tests.browser.people import Visitor

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]
PATIENCE_MS = 15_000

expect.set_options(timeout=PATIENCE_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test with a browser a second try: two cores are sometimes too busy for it. Both show in the report."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start Chromium; where there is none, skip, unless everything is required."""
    if not Path(CHROMIUM).exists():
        missing = pytest.fail if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip
        missing(f"There is no browser at {CHROMIUM}.")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, where Django then refuses the ORM.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_visitor(
    browser: Browser, transactional_db: None, live_server: LiveServer
) -> Iterator[Callable[..., Visitor]]:
    """Open browsers of different people; each closes before the database is emptied."""
    contexts: list[BrowserContext] = []

    def open_context(**options: Any) -> Visitor:
        context = browser.new_context(base_url=live_server.url, locale="en-GB", **options)
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        return Visitor(context, live_server.url)

    yield open_context
    for context in contexts:
        context.close()


@pytest.fixture
def loop(new_visitor: Callable[..., Visitor]) -> Iterator[None]:
    """Catch up round after round beside the server, as it is when the product runs."""
    stopped = threading.Event()

    def work() -> None:
        while not stopped.wait(0.5):
            services.catch_up()
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stopped.set()
    thread.join()


@pytest.fixture
def visitor(new_visitor: Callable[..., Visitor]) -> Visitor:
    return new_visitor()


@pytest.fixture
def page(visitor: Visitor) -> Page:
    return visitor.page
