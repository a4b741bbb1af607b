"""Good replies for the loopback model: a plan, a rating, a follow-up, a summary, each by what was asked."""

from __future__ import annotations

import re
from typing import Any, cast

from ai.points import level_of_states
from ai.schemas import KeyPoint, PointStateName
from lab.loopback.http import Seen

WANTED = re.compile(r"Number of questions: (\d+)")
TYPE = re.compile(r"Interview type: (\w+)")
CRITERION = re.compile(r"^(c\d+): ", re.MULTILINE)
ANSWER = re.compile(r"^\[([0-9a-f]{16})\]\n(.*)\n\[\1\]$", re.MULTILINE | re.DOTALL)
POINT = re.compile(r"^(\S+): ", re.MULTILINE)
STORY_PART = re.compile(r"s\d")


def good_reply(seen: Seen) -> Any:
    """Answer as a friendly model would that finds every answer worth a 4."""
    if WANTED.search(seen.prompt):
        return plan_reply(seen.prompt)
    if CRITERION.search(seen.prompt):
        return rating_reply(seen.prompt, level=4, is_first="feedback:" in seen.system)
    if "Missing idea:" in seen.prompt:
        return {"question": "What else would you look at?"}
    return {"summary": "The answers show solid evidence throughout, as the ratings say."}


def plan_reply(prompt: str) -> Any:
    count, kind = WANTED.search(prompt), TYPE.search(prompt)
    kind_name = kind[1] if kind and kind[1] != "mixed" else "technical"
    return {
        "questions": [
            {
                "text": f"How would you approach task number {number}?",
                "competency": f"Skill {number % 3}",
                "question_type": kind_name,
                "key_points": [
                    {"text": f"Idea {n} of task {number}", "follow_up": "What comes after that?"}
                    for n in (1, 2, 3)
                ],
                "level_1": "Nothing to the point",
                "level_3": "Some of it",
                "level_5": "All of it, with reasons",
                "time_limit_seconds": 180,
            }
            for number in range(1, int(count[1] if count else 1) + 1)
        ]
    }


def answer_in(prompt: str) -> str:
    """Return the candidate's words in a rating prompt."""
    found = ANSWER.search(prompt)
    return found[2] if found else ""


def point_ids(prompt: str) -> list[str]:
    """Return the ids of the key points and of the parts of a story in a rating prompt."""
    return POINT.findall(prompt.partition("\nAnswer:")[0].partition("\nKey points:\n")[2])


def rating_reply(prompt: str, *, level: int, is_first: bool = True) -> Any:
    """Rate every criterion `level`, with as many points said as make it, by the first words of the answer.

    A further rater adds no words to people.
    """
    quote = " ".join(answer_in(prompt).split()[:6])
    asked = prompt.partition("\nAnswer:")[0]
    words = {"quotes": [], "why": "By the anchors.", "feedback": "Good. Say more about the rest."}
    return {
        "points": [
            {"id": point, "state": state, "quote": "" if state == "not_said" else quote}
            for point, state in _states(asked, level).items()
        ],
        "levels": [
            {"id": name, "level": level} for name in dict.fromkeys(CRITERION.findall(asked))
        ],
        "sure": 0.9,
        **(words if is_first else {}),
    }


def _states(asked: str, level: int) -> dict[str, PointStateName]:
    """Return states whose level is nearest to `level`, the first points first; every part of a story is told."""
    ids = point_ids(asked)
    points = sorted(name for name in ids if not STORY_PART.fullmatch(name))
    mixes = [
        ["said"] * said + ["partly"] * partly
        for said in range(len(points) + 1)
        for partly in range(min(1, len(points) - said) + 1)
    ]
    nearest = min(mixes, key=lambda mix: abs(_level(points, mix) - level))
    states = [*nearest, *["not_said"] * (len(points) - len(nearest))]
    told = {name: "said" for name in ids if name not in points}
    return cast("dict[str, PointStateName]", {**dict(zip(points, states, strict=True)), **told})


def _level(points: list[str], mix: list[str]) -> float:
    states = cast("list[PointStateName]", mix)
    wanted: list[KeyPoint] = [{"id": name, "text": "", "follow_up": ""} for name in points]
    return level_of_states(wanted, dict(zip(points, states, strict=False)), {}).best
