"""Pictures as SVG, drawn by pygal and coloured by our own style sheet (the page's policy forbids inline style)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pygal
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from pygal.etree import etree

PLAIN = {
    "js": [],
    "css": [],
    "show_legend": False,
    "disable_xml_declaration": True,
    "no_prefix": True,
    "value_formatter": lambda value: f"{value:.0f}" if value is not None else "",
}
UNWANTED = {"style", "script", "title", "desc", "defs"}
MOST_LABELS = 10
BAR = {
    "class": "score-bar",
    "viewBox": "4 2 200 8",
    "preserveAspectRatio": "none",
    "aria-hidden": "true",
}


@lru_cache(maxsize=101)
def score_bar(score: int) -> SafeString:
    """Draw one bar for a score, 0-100; its name and number stand beside it as text."""
    chart = pygal.HorizontalBar(
        width=208,
        height=12,
        margin=0,
        spacing=0,
        range=(0, 100),
        show_x_labels=False,
        show_y_labels=False,
        **PLAIN,
    )
    chart.add("", [score])
    return _svg(chart, BAR)


def progress_over_time(points: Sequence[dict[str, Any]]) -> SafeString | None:
    """Draw the overall scores of one person's practice, oldest first."""
    if len(points) < 2:  # noqa: PLR2004 - one point is no course
        return None
    scores = [point["score"] for point in points]
    days = [date_format(timezone.localtime(point["finished_at"]), "j M") for point in points]
    chart = _line(days)
    chart.add("", scores)
    said = ", ".join(f"{day} {score}" for day, score in zip(days, scores, strict=True))
    label = f"Overall score of your practice interviews, oldest first: {said}."
    return _svg(
        chart,
        {"class": "chart", "role": "img", "aria-label": label},
        labelled=_labelled(scores),
    )


def _line(days: Sequence[str]) -> Any:
    chart = pygal.Line(
        width=560,
        height=240,
        margin_top=8,
        margin_right=36,
        margin_bottom=32,
        margin_left=44,
        range=(0, 112),
        y_labels=[0, 25, 50, 75, 100],
        dots_size=4,
        print_values=True,
        **PLAIN,
    )
    chart.x_labels = [days[0], *[""] * (len(days) - 2), days[-1]]
    return chart


def _labelled(scores: Sequence[int]) -> set[int]:
    """Choose the points that carry their number: all, or the first, the best and the last of many."""
    if len(scores) <= MOST_LABELS:
        return set(range(len(scores)))
    return {0, scores.index(max(scores)), len(scores) - 1}


def _svg(chart: Any, attributes: dict[str, str], *, labelled: set[int] | None = None) -> SafeString:
    """Return the chart's SVG for inline use, without script, style or tooltips.

    The texts were escaped by the XML serialiser, so the result is safe whatever they hold.
    """
    tree = chart.render_tree()
    _strip(tree)
    _place_numbers(tree, labelled or set())
    tree.attrib.pop("id", None)
    for name, value in attributes.items():
        tree.set(name, value)
    return mark_safe(str(etree.tostring(tree, encoding="unicode")))  # noqa: S308 - serialised XML


def _strip(tree: Any) -> None:
    for parent in list(tree.iter()):
        parent.attrib.pop("style", None)
        for child in list(parent):
            if _is_unwanted(child):
                parent.remove(child)


def _is_unwanted(element: Any) -> bool:
    name = str(element.tag).rsplit("}", 1)[-1]
    is_comment = callable(element.tag)
    return is_comment or name in UNWANTED or "tooltip-overlay" in element.get("class", "")


def _place_numbers(tree: Any, labelled: set[int]) -> None:
    """Put each point's number above it; pygal puts it beside, where the line runs through it."""
    dots = _with_class(tree, "dot")
    for place, (dot, number) in enumerate(zip(dots, _with_class(tree, "value"), strict=False)):
        number.text = number.text if place in labelled else ""
        number.set("x", dot.get("cx"))
        number.set("y", f"{float(dot.get('cy')) - 11:.1f}")
        number.attrib.pop("text-anchor", None)


def _with_class(tree: Any, name: str) -> list[Any]:
    return [element for element in tree.iter() if name in element.get("class", "").split()]
