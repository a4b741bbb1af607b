"""What is made of the reader's figures, with figures made by hand; and what holds for any model file."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ai.inference import open_tokenizer
from ai.rating import AnswerReading, PointState, rate_text, read_answer, reading
from ai.rating.levels import NO_EVENT
from ai.rating.network import STATES, STEP, TOKENIZER_FILE, WINDOW, Window, windows
from ai.tests.samples import BACKUPS, CONFLICT

SAID = {"said": 1.0}
NOT_SAID: dict[str, float] = {}
ANSWER = "We use disks. Every night a job copies all of our data to a second site. The copies are encrypted."
POINTS = [point["text"] for point in BACKUPS["key_points"]]
AWKWARD = (
    "👩‍👩‍👧 Well…\r\nThe copies are e\u0301ncrypted — “all of them”!\r\n\r\n• backups are made automatically every day;\t"
    "one copy\u00a0is kept at another\u200b site, so that’s safe 🙂 and restoring is tested regularly"
)
LONG = " ".join(f"In year {n} we kept the copies at another site." for n in range(300))


def make_window(
    answer: str, points: Sequence[dict[str, float]], carried: Sequence[str] = ()
) -> Window:
    """Return a window over the words of an answer: each point's chances, and the words that carry it."""
    found = [(word, answer.index(word, at)) for at, word in _words(answer)]
    heavy = [*carried, *[""] * (len(points) - len(carried))]
    weights = [[float(bool(own) and word in own) for word, _ in found] for own in heavy]
    return Window(
        np.array([_row(point) for point in points], np.float32),
        np.array(weights, np.float32),
        [at for _, at in found],
        [at + len(word) for word, at in found],
    )


def _words(answer: str) -> list[tuple[int, str]]:
    places, at = [], 0
    for word in answer.split():
        at = answer.index(word, at)
        places.append((at, word))
        at += len(word)
    return places


def _row(point: dict[str, float]) -> list[float]:
    given = {name: point.get(name, 0.0) for name in STATES}
    return [
        given[name] or (1 - sum(given.values()) if name == "not_said" else 0) for name in STATES
    ]


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Reader:
    return Reader(monkeypatch)


class Reader:
    """Reads with windows made by hand in place of the model's."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def __call__(
        self, answer: str, *found: Window, points: int = 1, kind: str = "technical"
    ) -> AnswerReading:
        self.patch.setattr(reading, "read_windows", lambda *_: list(found))
        return read_answer("Why?", ["A point"] * points, answer, question_type=kind)


@pytest.mark.parametrize(
    ("chances", "state", "sure"),
    [
        ({"said": 0.95}, PointState.SAID, True),
        ({"said": 0.6, "partly": 0.2}, PointState.SAID, False),
        ({"partly": 0.95}, PointState.PARTLY, True),
        ({"contradicted": 0.95}, PointState.CONTRADICTED, True),
        ({"said": 0.3, "contradicted": 0.4}, PointState.CONTRADICTED, False),
        ({"said": 0.05}, PointState.NOT_SAID, True),
        ({"said": 0.4}, PointState.NOT_SAID, False),
    ],
)
def test_the_likeliest_state_counts_and_doubt_is_told(
    read: Reader, chances: dict[str, float], state: PointState, sure: bool
) -> None:
    point = read(ANSWER, make_window(ANSWER, [chances], [ANSWER])).points[0]

    assert (point.state, point.sure) == (state, sure)
    assert point.p_said == pytest.approx(chances.get("said", 0) + chances.get("partly", 0) / 2)
    assert bool(point.quote) == (state is not PointState.NOT_SAID)


def test_a_point_is_quoted_in_whole_sentences(read: Reader) -> None:
    point = read(ANSWER, make_window(ANSWER, [SAID], ["copies all of our data"])).points[0]

    assert point.quote == "Every night a job copies all of our data to a second site."
    assert ANSWER[point.start : point.end] == point.quote


def test_each_point_has_words_of_its_own(read: Reader) -> None:
    window = make_window(ANSWER, [SAID, SAID], ["Every night a job", "encrypted."])

    first, second = read(ANSWER, window, points=2).points

    assert first.quote.startswith("Every night")
    assert second.quote == "The copies are encrypted."


def test_without_words_that_carry_it_a_point_is_not_said(read: Reader) -> None:
    point = read(ANSWER, make_window(ANSWER, [SAID])).points[0]

    assert (point.state, point.quote) == (PointState.NOT_SAID, "")


def test_the_window_that_mentions_a_point_most_clearly_counts(read: Reader) -> None:
    digression = make_window(ANSWER, [NOT_SAID], [ANSWER])
    clear = make_window(ANSWER, [{"said": 0.9}], [ANSWER])

    for order in ((digression, clear), (clear, digression), (digression, digression, clear)):
        assert read(ANSWER, *order).points[0].state is PointState.SAID


def told(read: Reader, event: float, action: float = 1.0) -> AnswerReading:
    story = [{"said": event}, {"said": action}, NOT_SAID, NOT_SAID]
    window = make_window(ANSWER, [SAID, SAID, *story], [ANSWER] * 6)
    return read(ANSWER, window, points=2, kind="behavioral")


def test_a_story_without_an_event_is_at_most_level_2(read: Reader) -> None:
    assert told(read, 1.0).level == 5
    assert told(read, 0.1).level == NO_EVENT
    assert told(read, 0.1).high == NO_EVENT
    assert told(read, 1.0, action=0.0).level == 5


def test_only_a_behavioral_answer_is_read_as_a_story(read: Reader) -> None:
    assert told(read, 0.9).told == pytest.approx([0.9, 1, 0, 0])
    assert read(ANSWER, make_window(ANSWER, [SAID], [ANSWER])).told == []


def test_without_a_key_point_nothing_can_be_read() -> None:
    with pytest.raises(ValueError, match="no key point"):
        read_answer("Why?", [], ANSWER, question_type="technical")


@given(st.integers(0, 5000))
def test_windows_overlap_and_leave_nothing_out(length: int) -> None:
    found = list(windows(length))

    assert all(0 <= start <= end <= length and end - start <= WINDOW for start, end in found)
    assert {at for start, end in found for at in range(start, end)} == set(range(length))
    overlaps = [before[1] - after[0] for before, after in pairwise(found)]
    assert all(overlap >= WINDOW - STEP for overlap in overlaps)


def real(
    answer: str, points: Sequence[str] = POINTS, *, asked: str = "", earlier: str = ""
) -> AnswerReading:
    """Read by the model file as it is."""
    return read_answer(
        BACKUPS["text"], points, answer, question_type="technical", asked=asked, earlier=earlier
    )


@pytest.mark.parametrize("answer", ["", " \n\t ", "\u200b"])
def test_an_answer_without_words_says_nothing(answer: str) -> None:
    found = real(answer)

    assert {point.state for point in found.points} == {PointState.NOT_SAID}
    assert found.level < 1.5
    assert [point.quote for point in found.points] == [""] * len(POINTS)


@pytest.mark.parametrize("answer", [AWKWARD, LONG, "👍 yes", "no stop at all", "a.b.c", "😀" * 50])
def test_quotes_are_verbatim_at_their_offsets(answer: str) -> None:
    found = real(answer)

    for point in found.points:
        assert answer[point.start : point.end] == point.quote
        assert bool(point.quote) == (point.state is not PointState.NOT_SAID)
        assert 0 <= point.p_said <= 1
    assert 1 <= found.low <= found.level <= found.high <= 5


def test_an_answer_of_three_thousand_words_is_read_to_its_end() -> None:
    long = f"{'We sell bread and cake in the old town. ' * 375}{BACKUPS['reference_answer']}"
    assert len(long.split()) > 3000

    found = real(long)

    assert found.points[3].state is PointState.SAID
    assert "encrypted" in found.points[3].quote


def test_what_is_read_of_a_point_does_not_depend_on_the_others() -> None:
    """The model counts in eight bits, whose steps depend a little on all that is read at once."""
    together = real(BACKUPS["reference_answer"]).points
    reverse = real(BACKUPS["reference_answer"], POINTS[::-1]).points[::-1]
    alone = [real(BACKUPS["reference_answer"], [point]).points[0] for point in POINTS]

    for one, other, third in zip(together, reverse, alone, strict=True):
        assert one.p_said == pytest.approx(other.p_said, abs=0.05)
        assert one.p_said == pytest.approx(third.p_said, abs=0.05)


def test_the_same_words_are_read_alike_in_eight_threads() -> None:
    expected = real(AWKWARD)

    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: real(AWKWARD), range(8)))


def test_the_reference_says_most_points_and_another_matter_hardly_any() -> None:
    baking = "My grandmother bakes bread on Sunday, and afterwards we take the dog to the lake."

    good, other = real(BACKUPS["reference_answer"]), real(baking)

    assert [point.state for point in good.points].count(PointState.SAID) >= 3
    assert [point.state for point in other.points].count(PointState.NOT_SAID) >= 3
    assert good.level > other.level + 1


def test_what_is_denied_is_not_taken_for_said() -> None:
    opposite = (
        "It is a myth that backups should be made every day. All copies are kept in the same room. Nobody needs to test "
        "restoring them. The copies are not encrypted."
    )

    found = real(opposite)

    assert PointState.SAID not in {point.state for point in found.points}
    assert found.level <= 2


def test_a_follow_up_says_what_words_like_it_refer_to() -> None:
    asked = "How do you know that a restore will work?"

    found = real("We try it twice a year.", asked=asked, earlier="We copy all data every night.")

    assert found.points[2].state is not PointState.NOT_SAID


def test_a_real_event_is_told_from_a_plan() -> None:
    points = [point["text"] for point in CONFLICT["key_points"]]
    plan = "I would listen to the other person's reasons first and look for a compromise."

    def level(answer: str) -> float:
        return read_answer(CONFLICT["text"], points, answer, question_type="behavioral").level

    assert level(CONFLICT["reference_answer"]) >= 4
    assert level(plan) <= NO_EVENT


def test_text_is_rated_by_the_nearest_reference() -> None:
    other = "Gloves are thrown away after use, and a mask is worn near people who cough."
    answer = "All copies are encrypted."

    alone = rate_text("Why?", ["The copies are encrypted."], answer)
    both = rate_text("Why?", [other, "The copies are encrypted."], answer)

    assert both.score == alone.score
    assert all(answer[one["start"] : one["end"]] == one["quote"] for one in both.evidence)


def test_a_typed_separator_is_text() -> None:
    pieces = open_tokenizer(TOKENIZER_FILE).encode("a [SEP] b", add_special_tokens=False).tokens

    assert pieces == ["a", "[", "sep", "]", "b"]
