"""What is wrong with a page: for axe, for the console, and for the width of a phone."""

from __future__ import annotations

from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize

from interviews.tests.browser.people import Visitor

PHONE: ViewportSize = {"width": 390, "height": 780}
SCHEMES: tuple[tuple[Literal["light", "dark"], ViewportSize], ...] = (
    ("light", {"width": 1280, "height": 900}),
    ("dark", PHONE),
)
AXE = Axe()
AXE_OPTIONS = {"preload": False, "resultTypes": ["violations"]}
SERIOUS = {"serious", "critical"}
# What is in other people's markup: Swagger's operations, and the admin's pickers.
NOT_OURS = {"/api/docs": {"nested-interactive"}, "/admin/": {"aria-prohibited-attr"}}
WIDTH = "document.documentElement.scrollWidth"
TOO_WIDE = """() => [...document.querySelectorAll("body *")]
  .filter((element) => element.scrollWidth > 391)
  .map((element) => element.outerHTML.slice(0, 80)).slice(-3)"""
SMALL_TARGETS = """() => {
  const pressable = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const inText = (element) => element.matches("a") && getComputedStyle(element).display === "inline"
    && [...element.parentElement.childNodes].some((node) => node.nodeType === 3 && /\\p{L}/u.test(node.data));
  const hit = (element) => (element.type === "checkbox" && element.labels[0]) || element;
  return [...document.querySelectorAll(pressable)]
    .filter((element) => element.checkVisibility() && !element.closest(".skip-link") && !inText(element))
    .map((element) => [element, hit(element).getBoundingClientRect()])
    .filter(([, { width, height }]) => Math.min(width, height) < 43.9)
    .map(([element, { width, height }]) =>
      `${Math.round(width)} x ${Math.round(height)}: ${element.outerHTML.replace(/\\s+/g, " ").slice(0, 110)}`);
}"""
EXPECTED_STATUS = ("status of 400", "status of 403", "status of 404", "status of 409")


def axe_problems(page: Page, path: str = "") -> list[str]:
    """Return what axe calls serious or critical, on a wide light page and on a dark phone."""
    found = []
    for scheme, size in SCHEMES:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        found += [f"{scheme}: {problem}" for problem in _axe(page, path)]
    return found


def _axe(page: Page, path: str) -> list[str]:
    violations: list[dict[str, Any]] = AXE.run(page, options=AXE_OPTIONS).response["violations"]
    return [
        f"{violation['id']} at {node['target']}: {node['failureSummary'][:160]}"
        for violation in violations
        if violation["impact"] in SERIOUS and violation["id"] not in not_ours(path)
        for node in violation["nodes"]
    ]


def not_ours(path: str) -> set[str]:
    return {rule for start, rules in NOT_OURS.items() if path.startswith(start) for rule in rules}


def width_problems(page: Page) -> list[str]:
    """Return what makes the page wider than a phone."""
    page.set_viewport_size(PHONE)
    width = page.evaluate(WIDTH)
    return [f"{width} px wide: {page.evaluate(TOO_WIDE)}"] if width > PHONE["width"] else []


def console_problems(visitor: Visitor) -> list[str]:
    """Return what the console said since the last look, except that a request was refused as it should be."""
    said = [line for line in visitor.complaints if not any(s in line for s in EXPECTED_STATUS)]
    visitor.complaints.clear()
    return said


def problems(visitor: Visitor, page: Page, path: str = "") -> list[str]:
    """Return everything that is wrong with what a page shows now."""
    return [*console_problems(visitor), *axe_problems(page, path), *width_problems(page)]


def small_targets(page: Page) -> list[str]:
    """Return what can be pressed on a phone and is smaller than a finger; links in running text may be."""
    page.set_viewport_size(PHONE)
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found
