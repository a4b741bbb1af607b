"""No page shows a link or a button that its reader may not use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client

from accounts.outbox import queue_mail
from accounts.testing import grant, make_user
from interviewer.tests.test_routes import ROLES, World
from interviews.models import Spending

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
REFUSED = {403, 404, 405, 500}
ELSEWHERE = ("/static/", "/api/schema", "/account/sign-out/", "/admin/logout/")


@dataclass
class Form:
    """A form with where it goes, and whether there is anything to press."""

    action: str
    method: str
    has_button: bool = False


@dataclass
class Page(HTMLParser):
    """The links and forms of one page."""

    links: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in {"a", "audio"}:
            self.links.append(given.get("href", given.get("src", "")))
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        if self.forms and (tag == "button" or given.get("type") == "submit"):
            self.forms[-1].has_button = True


def own(base: str, targets: list[str]) -> Iterator[str]:
    """Yield the addresses on this site, whole, and without what is not a page of ours."""
    for target in targets:
        url = urlsplit(urljoin(f"http://testserver{base}", target))
        path = url.path + (f"?{url.query}" if url.query else "")
        if url.netloc == "testserver" and not path.startswith(ELSEWHERE):
            yield path


def kind(url: str) -> str:
    """Return what makes an address one of a kind: a list is filtered in many ways, and the admin's rows are alike."""
    path = urlsplit(url).path
    return re.sub(r"\d+", "N", path) if path.startswith("/admin/") else path


def walk(client: Client, start: str) -> tuple[set[str], set[str]]:
    """Follow every link from a page on and press every button once; return the pages, and what was refused."""
    pages: set[str] = set()
    refused: set[str] = set()
    waiting, seen = [start], {kind(start)}
    while waiting:
        url = waiting.pop()
        response = client.get(url, follow=True, headers={"Accept": "text/html"})
        if response.status_code in REFUSED:
            refused.add(url)
        if not response["Content-Type"].startswith("text/html"):
            continue
        here = response.redirect_chain[-1][0] if response.redirect_chain else url
        pages.add(urlsplit(here).path)
        page = Page()
        page.feed(response.content.decode())
        refused |= {action for action in pressed(here, page) if press(client, action) in REFUSED}
        new = {kind(link): link for link in own(here, page.links)}
        waiting += [link for name, link in new.items() if name not in seen]
        seen |= new.keys()
    return pages, refused


def pressed(here: str, page: Page) -> set[str]:
    actions = [form.action or here for form in page.forms if form.method == "post"]
    usable = [form.has_button for form in page.forms if form.method == "post"]
    return set(own(here, [a for a, has_button in zip(actions, usable, strict=True) if has_button]))


def press(client: Client, action: str) -> int:
    """Send an empty form, and forget what it did."""
    with transaction.atomic():
        status = client.post(action, headers={"Accept": "text/html"}).status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.parametrize("role", ROLES)
def test_no_link_and_no_button_ends_in_a_refusal(role: str) -> None:
    world, client = World(), Client()
    person = world.people[role]
    if person is not None:
        client.force_login(person)

    pages, refused = walk(client, "/")

    assert refused == set()
    assert len(pages) >= (3 if person is None else 5)
    assert ("/staff/screenings/" in pages) == (role in STAFF_PAGES)
    assert ("/admin/" in pages) == (role in {"viewer", "superuser"})


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("owner", []),
        ("owner", ["view_interviewsession", "add_interviewsession", "change_interviewsession"]),
        ("auditor", []),
        ("auditor", ["view_interviewsession"]),
        ("staff", ["view_auditevent", "view_spending"]),
    ],
)
def test_no_link_of_the_admin_ends_in_a_refusal_with_few_rights(
    role: str, rights: list[str]
) -> None:
    world, client = World(), Client()
    person = world.people[role]
    assert person is not None
    grant(person, *(f"interviews.{right}" for right in rights))
    person.is_staff = True
    person.save()
    Spending.objects.create(
        session=world.screening, calls=1, input_tokens=1, output_tokens=1, micros=1
    )
    client.force_login(person)

    pages, refused = walk(client, "/admin/")

    assert refused == set()
    assert any(page.endswith("/change/") for page in pages)


def test_no_link_of_the_outbox_ends_in_a_refusal() -> None:
    client, person = Client(), make_user(staff=True, rights=["accounts.view_mail"])
    queue_mail(template="password_reset", to=person, site="http://testserver")
    client.force_login(person)

    pages, refused = walk(client, "/admin/")

    assert refused == set()
    assert any(page.endswith("/change/") for page in pages)


STAFF_PAGES = {"viewer", "auditor", "owner", "other_owner", "superuser"}
