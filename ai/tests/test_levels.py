"""From what was read of the points to a level: more said is never worse, the opposite never better."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai.rating.levels import (
    HIGHEST,
    LOWEST,
    SHARES,
    Chances,
    Level,
    capped,
    is_sure,
    level_of,
    on_scale,
)

SAID, PARTLY, CONTRADICTED = Chances(1, 0, 0), Chances(0, 1, 0), Chances(0, 0, 1)
NOT_SAID = Chances(0, 0, 0)
KINDS = ("said", "partly", "contradicted")
ERROR = 1e-9


@st.composite
def some_chances(draw: st.DrawFn) -> Chances:
    """Draw a point whose four chances add up to 1, by three cuts between 0 and 1."""
    cuts = sorted(draw(st.lists(st.floats(0, 1), min_size=3, max_size=3)))
    said, partly, contradicted = cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1]
    return Chances(said, partly, contradicted, draw(st.booleans()))


POINTS = st.lists(some_chances(), min_size=1, max_size=6)


def moved(point: Chances, source: str, target: str, share: float) -> Chances:
    """Return a point of whose chance for `source` a share goes to `target`; an empty name is what is not said."""
    absent = 1 - point.said - point.partly - point.contradicted
    amount = share * (cast("float", getattr(point, source)) if source else max(0.0, absent))
    gone = {source: getattr(point, source) - amount} if source else {}
    come = {target: getattr(point, target) + amount} if target else {}
    return replace(point, **gone, **come)


@given(POINTS, st.data(), st.floats(0, 1))
def test_saying_more_never_lowers_the_level(
    points: list[Chances], data: st.DataObject, share: float
) -> None:
    at = data.draw(st.integers(0, len(points) - 1))
    worse, better = data.draw(
        st.sampled_from([("", "said"), ("", "partly"), ("partly", "said"), ("contradicted", "")])
    )

    after = [*points[:at], moved(points[at], worse, better, share), *points[at + 1 :]]

    assert level_of(after).best >= level_of(points).best - ERROR


@given(POINTS, st.data(), st.floats(0, 1))
def test_contradicting_never_raises_the_level(
    points: list[Chances], data: st.DataObject, share: float
) -> None:
    at = data.draw(st.integers(0, len(points) - 1))
    source = data.draw(st.sampled_from(["", "said", "partly"]))

    after = [*points[:at], moved(points[at], source, "contradicted", share), *points[at + 1 :]]

    assert level_of(after).best <= level_of(points).best + ERROR


@given(POINTS)
def test_the_range_is_on_the_scale_and_holds_the_best_estimate(points: list[Chances]) -> None:
    level = level_of(points)

    assert LOWEST <= level.low <= level.best <= level.high <= HIGHEST


@given(POINTS, st.permutations(range(6)))
def test_the_order_of_the_points_does_not_matter(points: list[Chances], order: list[int]) -> None:
    shuffled = [points[at] for at in order if at < len(points)]

    assert level_of(shuffled).best == pytest.approx(level_of(points).best)


@given(POINTS)
def test_marking_all_as_essential_is_marking_none(points: list[Chances]) -> None:
    all_of_them, none = (
        [replace(point, is_essential=essential) for point in points] for essential in (True, False)
    )

    assert level_of(all_of_them).best == pytest.approx(level_of(none).best)


@given(some_chances(), some_chances())
def test_an_essential_point_weighs_more(one: Chances, other: Chances) -> None:
    high, low = sorted((one, other), key=lambda point: point.value, reverse=True)

    essential_said = [replace(high, is_essential=True), replace(low, is_essential=False)]
    other_said = [replace(high, is_essential=False), replace(low, is_essential=True)]

    assert level_of(essential_said).best >= level_of(other_said).best - ERROR


def test_everything_said_is_5_and_nothing_said_is_near_1() -> None:
    assert level_of([SAID] * 4) == Level(HIGHEST, HIGHEST, HIGHEST)
    assert level_of([NOT_SAID] * 4).best < 1.5
    assert level_of([CONTRADICTED] * 4).best == LOWEST


def test_half_of_the_points_is_about_3() -> None:
    assert level_of([SAID, SAID, NOT_SAID, NOT_SAID]).best == pytest.approx(3.4, abs=0.3)
    assert level_of([PARTLY] * 4).best == pytest.approx(3.5, abs=0.5)


def test_an_essential_point_missing_costs_more_than_another() -> None:
    essential = replace(NOT_SAID, is_essential=True)

    assert level_of([SAID, SAID, essential]).best < level_of([SAID, SAID, NOT_SAID]).best


@given(st.floats(-1, 2), st.floats(-1, 2))
def test_the_scale_is_monotone(one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert LOWEST <= on_scale(low) <= on_scale(high) <= HIGHEST


@pytest.mark.parametrize(("level", "share"), list(enumerate(SHARES, start=1)))
def test_each_level_is_reached_at_its_share(level: int, share: float) -> None:
    assert on_scale(share) == pytest.approx(level)


def test_a_clear_reading_is_sure_and_a_doubtful_one_is_not() -> None:
    assert is_sure(level_of([SAID, NOT_SAID, SAID]))
    assert not is_sure(level_of([Chances(0.5, 0, 0)] * 3))


def test_a_cap_holds_for_the_whole_range() -> None:
    assert capped(Level(3.5, 2.5, 4), 2) == Level(2, 2, 2)
    assert capped(Level(1.5, 1, 3), 2) == Level(1.5, 1, 2)


def test_without_a_point_there_is_no_level() -> None:
    with pytest.raises(ValueError, match="no key point"):
        level_of([])
