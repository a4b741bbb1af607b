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
    "off_topic": "This does not seem to answer the question. Read it once more, and start with its core.",
}
NOTES = {
    "no_event": "Tell of one real event: without it an answer to such a question is level 2 at most.",
    "addresses_rater": "What speaks to the rater instead of the question does not count.",
    "negation": "One part seems to say the opposite of what is expected.",
    "cut": "The answer is very long, and only its first part was read.",
    "repeated": "Much of the answer repeats itself, and each thought counts once.",
}


def feedback(
    points: Sequence[KeyPoint],
    covered: Collection[str],
    missing: Collection[str],
    flags: Collection[str],
) -> str:
    """Say in one to three sentences what was covered, what to add first, and what did not count."""
    advice = next((ADVICE[flag] for flag in ADVICE if flag in flags), "")
    said = [advice] if advice else _coverage(points, covered, missing)
    notes = [
        note
        for flag, note in NOTES.items()
        if flag in flags and not (advice and flag == "no_event")
    ]
    return " ".join([*said, *notes][:3])


def _coverage(
    points: Sequence[KeyPoint], covered: Collection[str], missing: Collection[str]
) -> list[str]:
    there = [point["text"] for point in points if point["id"] in covered]
    open_ones = [point for point in points if point["id"] in missing]
    first = sorted(open_ones, key=lambda point: not point.get("essential", False))[:1]
    total = len(points)
    if not there:
        said = "This answer brought across none of the key points that were still open."
        return [said, *(f"Start with this one: {sentence(p['text'])}" for p in first)]
    if not first:
        return [f"You covered all {total} key points, and nothing important is missing."]
    return [
        f"You covered {len(there)} of {total} key points, among them: {sentence(there[0])}",
        f"The most important one to add: {sentence(first[0]['text'])}",
    ]


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


def rationale(question: PlannedQuestion, covered: Collection[str]) -> str:
    """Say how many key points were heard; an anchor would say more about the person than was read."""
    return f"{len(covered)} of {len(question['key_points'])} key points heard."


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
