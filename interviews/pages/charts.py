"""Pictures as SVG, drawn by pygal and coloured by our own style sheet (the page's policy forbids inline style).

pygal is imported with the first picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from interviews.services.doubts import Figure
from interviews.services.practice_history import Course

PLAIN = {
    "js": [],
    "css": [],
    "show_legend": False,
    "disable_xml_declaration": True,
    "no_prefix": True,
    "value_formatter": lambda value: f"{value:.0f}" if value is not None else "",
}
UNWANTED = {"style", "script", "title", "desc", "defs"}
ABOVE, BELOW = -11, 23
BAR = {
    "class": "score-bar",
    "viewBox": "4 2 200 8",
    "preserveAspectRatio": "none",
    "aria-hidden": "true",
}
Label = tuple[str, int]


@lru_cache(maxsize=101)
def score_bar(score: int) -> SafeString:
    """Draw one bar for a score, 0-100; its name and number stand beside it as text."""
    from pygal import HorizontalBar  # noqa: PLC0415

    chart = HorizontalBar(
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


def progress_over_time(course: Course) -> SafeString | None:
    """Draw the totals of practice for one position, oldest first; None if there is only one.

    A line joins the sure ones; one that is not sure is a bar over its range.
    """
    if len(course.practices) < 2:  # noqa: PLR2004 - one point is no course
        return None
    totals = [practice.total for practice in course.practices]
    days = [_day(practice.session.finished_at) for practice in course.practices]
    chart = _course(days)
    sure = [(place, total) for place, total in enumerate(totals) if total.sure]
    chart.add("", [(place, total.score) for place, total in sure])
    unsure = [(place, total) for place, total in enumerate(totals) if not total.sure]
    for place, total in unsure:
        chart.add("", [(place, total.low), (place, total.high)])
    said = ", ".join(f"{day} {in_words(total)}" for day, total in zip(days, totals, strict=True))
    label = _("Totals for %(position)s, oldest first: %(totals)s.")
    attributes = {"class": "chart", "role": "img"}
    attributes["aria-label"] = label % {"position": course.position, "totals": said}
    return _svg(chart, attributes, labels=_labels([t for _p, t in sure], [t for _p, t in unsure]))


def _day(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "j M")


def in_words(total: Figure) -> str:
    """Write a total, or the range that it is in if it is not sure."""
    if total.sure:
        return str(total.score)
    told = _("between %(low)s and %(high)s, not sure")
    return told % {"low": total.low, "high": total.high}


def _course(days: Sequence[str]) -> Any:
    """Return an empty chart with a place for each day, the first and the last of which are named."""
    from pygal import XY  # noqa: PLC0415

    last = len(days) - 1
    chart = XY(
        width=560,
        height=240,
        margin_top=8,
        margin_right=36,
        margin_bottom=32,
        margin_left=44,
        range=(-14, 112),
        xrange=(0, last),
        y_labels=[0, 25, 50, 75, 100],
        dots_size=4,
        print_values=True,
        **PLAIN,
    )
    chart.x_labels = [{"value": 0, "label": days[0]}, {"value": last, "label": days[-1]}]
    return chart


def _labels(sure: Sequence[Figure], unsure: Sequence[Figure]) -> list[Label]:
    """Return what stands at each dot, in the order in which they are drawn, and how far below it.

    That is a sure total's number above its dot, and the edges of a range below and above its bar.
    """
    edges = [((str(total.low), BELOW), (str(total.high), ABOVE)) for total in unsure]
    return [*((str(total.score), ABOVE) for total in sure), *chain.from_iterable(edges)]


def _svg(chart: Any, attributes: dict[str, str], *, labels: Sequence[Label] = ()) -> SafeString:
    """Return the chart's SVG for inline use, without script, style or tooltips.

    The texts were escaped by the XML serialiser, so the result is safe whatever they hold.
    """
    from pygal.etree import etree  # noqa: PLC0415

    tree = chart.render_tree()
    _strip(tree)
    _place_numbers(tree, labels)
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


def _place_numbers(tree: Any, labels: Sequence[Label]) -> None:
    """Put each point's number above or below it; pygal puts it beside, where the line runs through it."""
    dots = _with_class(tree, "dot")
    for dot, number, (text, below) in zip(dots, _with_class(tree, "value"), labels, strict=False):
        number.text = text
        number.set("x", dot.get("cx"))
        number.set("y", f"{float(dot.get('cy')) + below:.1f}")
        number.attrib.pop("text-anchor", None)


def _with_class(tree: Any, name: str) -> list[Any]:
    return [element for element in tree.iter() if name in element.get("class", "").split()]
