"""Pictures as SVG, drawn by pygal and coloured by our own style sheet (the page's policy forbids inline style)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pygal
from django.utils.safestring import SafeString, mark_safe
from pygal.etree import etree

WIDTH = 640
BAR_HEIGHT = 34
PLAIN = {
    "js": [],
    "css": [],
    "show_legend": False,
    "print_values": True,
    "disable_xml_declaration": True,
    "explicit_size": False,
    "pretty_print": False,
    "no_prefix": True,
    "margin": 8,
    "range": (0, 100),
    "y_labels": [0, 25, 50, 75, 100],
    "value_formatter": lambda value: f"{value:.0f}" if value is not None else "",
}


def inline(chart: Any, *, label: str) -> SafeString:
    """Return the chart's SVG for inline use, with a text alternative and without script or style.

    The labels were escaped by the XML serialiser, so the result is safe whatever they hold.
    """
    tree = chart.render_tree()
    for parent in list(tree.iter()):
        for child in list(parent):
            if _local_name(child) in {"style", "script", "title", "desc"}:
                parent.remove(child)
    tree.set("role", "img")
    tree.set("aria-label", label)
    tree.set("class", f"chart {tree.get('class', '')}".strip())
    svg = str(etree.tostring(tree, encoding="unicode"))
    return mark_safe(svg)  # noqa: S308 - serialised XML


def _local_name(element: Any) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def competency_profile(competencies: Sequence[dict[str, Any]]) -> SafeString | None:
    """Draw one bar per competency, 0-100."""
    if not competencies:
        return None
    pairs = [(item["competency"], item["score"]) for item in competencies]
    return _bars(pairs, label="Competencies")


def question_bars(questions: Sequence[dict[str, Any]]) -> SafeString | None:
    """Draw one bar per question, 0-100; a question without a score has none."""
    pairs = [(f"Question {item['question_number']}", item["score"]) for item in questions]
    if all(score is None for _name, score in pairs):
        return None
    return _bars(pairs, label="Questions")


def _bars(pairs: Sequence[tuple[str, int | None]], *, label: str) -> SafeString:
    chart = pygal.HorizontalBar(width=WIDTH, height=60 + BAR_HEIGHT * len(pairs), **PLAIN)
    chart.x_labels = [name for name, _score in reversed(pairs)]
    chart.add("", [score for _name, score in reversed(pairs)])
    said = ", ".join(
        f"{name} {score if score is not None else 'not scored'}" for name, score in pairs
    )
    return inline(chart, label=f"{label}, 0 to 100: {said}.")


def progress_over_time(points: Sequence[dict[str, Any]]) -> SafeString | None:
    """Draw the overall scores of one person's practice, oldest first."""
    if len(points) < 2:  # noqa: PLR2004 - one point is no course
        return None
    chart = pygal.Line(width=WIDTH, height=260, **PLAIN, dots_size=4, show_x_labels=False)
    chart.add("", [point["score"] for point in points])
    scores = ", ".join(str(point["score"]) for point in points)
    return inline(
        chart, label=f"Overall score of your practice interviews, oldest first: {scores}."
    )
