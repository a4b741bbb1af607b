"""What the embedded engine says to people: feedback, rationales and summaries, from figures alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ai.language import name_of
from ai.schemas import CompetencyScore, KeyPoint, PlannedQuestion, Report

NOT_ENGLISH = (
    "The embedded rater reads English only, and this answer seems to be in another language."
)
CODE_ALONE = "This is code without a sentence about it. Say in words what it does, and why."
GENERIC_FOLLOW_UPS = {
    "en": "Could you say more about that, perhaps with an example?",
    "de": "Können Sie dazu noch etwas mehr sagen, vielleicht an einem Beispiel?",
    "es": "¿Podría contar algo más sobre eso, quizá con un ejemplo?",
    "fr": "Pourriez-vous en dire un peu plus, peut-être avec un exemple ?",
}
ADVICE = {
    "blank": "There are no words in this answer yet. A first thought in one or two sentences is enough to begin with.",
    "echo": "That repeats the question. Say what you would answer, even if it is only a first thought.",
    "dont_know": "Saying so is honest. Next time, say what you would try or where you would look.",
    "keyword_list": "These are terms without sentences. Say what each of them does, and why it matters.",
    "off_topic": "It is not clear yet how this answers the question. Start with its core, in one sentence.",
}
NOTES = {
    "no_event": "Tell of one real event: without it an answer to such a question is level 2 at most.",
    "addresses_rater": "What speaks to the rater instead of the question does not count.",
    "repeated": "Much of the answer repeats itself, and each thought counts once.",
}
ALL_HEARD = "Heard: all {} points, and nothing important is missing."
NOTHING_NEW = "Nothing new of what this question looks for was heard in this answer."


def feedback(  # noqa: PLR0913 - what an answer came to, in parts
    points: Sequence[KeyPoint],
    covered: Collection[str],
    missing: Collection[str],
    flags: Collection[str],
    *,
    opposite: Sequence[KeyPoint] = (),
    perhaps: Collection[str] = (),
) -> str:
    """Say in one to three sentences what was heard, what seems to say the opposite or is worth adding, and what did not count.

    `covered` was surely heard, `perhaps` was touched or is not sure.
    """
    advice = next((ADVICE[flag] for flag in ADVICE if flag in flags), "")
    heard = _what_was_heard(points, covered, perhaps)
    open_ones = [p for p in points if p["id"] in missing and p["id"] not in perhaps]
    said = [advice] if advice else _heard_and_open(heard, open_ones, opposite)
    notes = [
        note
        for flag, note in NOTES.items()
        if flag in flags and not (advice and flag == "no_event")
    ]
    return " ".join([*said, *notes][:3])


def _what_was_heard(
    points: Sequence[KeyPoint], covered: Collection[str], perhaps: Collection[str]
) -> list[str]:
    there = [point["text"] for point in points if point["id"] in covered]
    unsure = [point["text"] for point in points if point["id"] in perhaps]
    if len(there) == len(points):
        return [ALL_HEARD.format(len(points))]
    surely = [_heard(there)] if there else []
    return [*surely, *([_heard(unsure, "Perhaps heard")] if unsure else [])]


def _heard_and_open(
    heard: list[str],
    open_ones: Sequence[KeyPoint],
    opposite: Sequence[KeyPoint],
) -> list[str]:
    if opposite:
        return [*heard, f"You seem to say the opposite of this: {sentence(opposite[0]['text'])}"]
    if not open_ones:
        return heard
    first = sentence(_most_important(open_ones)["text"])
    if not heard:
        return [NOTHING_NEW, f"A good place to start: {first}"]
    return [*heard, f"The most important one to add: {first}"]


def _most_important(missing: Sequence[KeyPoint]) -> KeyPoint:
    """Return the first essential point of those not heard; if none is essential, the first."""
    return next((point for point in missing if point.get("essential")), missing[0])


def heard_so_far(there: Sequence[str]) -> str:
    """Say what was heard of a question that is still open, and nothing of what was not."""
    return _heard(there) if there else "Your answer is saved."


def _heard(there: Sequence[str], how: str = "Heard") -> str:
    more = f" And {len(there) - 1} more." if len(there) > 1 else ""
    return f"{how}: {sentence(there[0])}{more}"


def in_another_language(code: str, expected: str) -> str:
    """Say that an answer is in another language than its interview."""
    return (
        f"This answer seems to be in {name_of(code)}, and the interview is in {name_of(expected)}."
    )


def not_read(code: str) -> str:
    """Say that the rater cannot read a language."""
    return f"Answers in {name_of(code)} cannot be rated automatically yet."


def generic_follow_up(language: str) -> str:
    """Ask neutrally for more, in the interview's language or else in English."""
    return GENERIC_FOLLOW_UPS.get(language, GENERIC_FOLLOW_UPS["en"])


def sentence(text: str) -> str:
    """Return a text with a full stop, where it has no end of its own."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def rationale(
    question: PlannedQuestion, heard: Collection[str], perhaps: Collection[str] = ()
) -> str:
    """Say how many key points were heard; an anchor would say more about the person than was read."""
    if not heard and not perhaps:
        return NOTHING_NEW
    total = len(question["key_points"])
    more = f"; perhaps {len(perhaps)} more" if perhaps else ""
    return f"Heard: {len(heard)} of {total} key points{more}."


def summary(report: Report) -> str:
    """Describe the figures of a report in two to five sentences."""
    rated = [q["score"] for q in report["questions"] if q["score"] is not None]
    total = len(report["questions"])
    if not rated and report["status"] == "complete":
        return "None of the answers could be rated, so there is no overall score."
    if not rated:
        return "No answer has been rated yet. The summary follows as soon as one is."
    return " ".join(
        part
        for part in (
            f"{len(rated)} of {total} questions {'is' if len(rated) == 1 else 'are'} rated.",
            _left_out(report["left_out"]),
            _overall(report),
            _strongest(report["competencies"]),
        )
        if part
    )


def _left_out(numbers: Sequence[int]) -> str:
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"Question {numbers[0]} could not be rated and does not count."
    listed = ", ".join(map(str, numbers))
    return f"Questions {listed} could not be rated and do not count."


def _overall(report: Report) -> str:
    if report["overall_score"] is None:
        return "The overall score follows when all of them are."
    band = f", which is {report['recommendation']}" if report["recommendation"] else ""
    return f"The overall score is {report['overall_score']} of 100{band}."


def _strongest(competencies: Sequence[CompetencyScore]) -> str:
    ranked = sorted(competencies, key=lambda c: (-c["score"], c["competency"]))
    if not ranked:
        return ""
    best, worst = ranked[0], ranked[-1]
    strong = f"{best['competency']} came out highest with {best['score']}"
    if worst["score"] == best["score"]:
        return f"{strong}." if len(ranked) == 1 else "All competencies came out alike."
    return f"{strong}, and {worst['competency']} lowest with {worst['score']}."
