"""People in front of the browser: what they open and press, and what goes wrong around them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page

from accounts.models import User

MOST_TABS = 80
FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels?.[0]?.textContent ?? "";
  return (label + " " + (element.getAttribute("aria-label") ?? element.textContent)).trim();
}"""


@dataclass
class Visitor:
    """One person's browser, with everything that its consoles complain about."""

    context: BrowserContext
    base_url: str
    complaints: list[str] = field(default_factory=list)

    @cached_property
    def page(self) -> Page:
        return self.new_tab()

    def new_tab(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._note)
        page.on("pageerror", self._note_error)
        return page

    def sign_in(self, user: User) -> None:
        """Be signed in, without the form, which other tests use."""
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        name = settings.SESSION_COOKIE_NAME
        session = client.cookies[name].value
        self.context.add_cookies([{"name": name, "value": session, "url": self.base_url}])

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _note_error(self, error: Error) -> None:
        self.complaints.append(str(error))


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is named `name` has the focus."""
    for _press in range(MOST_TABS):
        if page.evaluate(FOCUSED).startswith(name):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} cannot be reached with the Tab key on {page.url}.")


def press_on(page: Page, name: str) -> None:
    tab_to(page, name)
    page.keyboard.press("Enter")


def go_by(page: Page, name: str) -> None:
    """Follow a link, or send a form, that leads to another page."""
    with page.expect_navigation():
        press_on(page, name)
