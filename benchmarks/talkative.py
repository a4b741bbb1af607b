"""A model as wordy as real ones: it plans questions of the bank, and finds in an answer what stands there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from interviews.models import BankQuestion
from lab.loopback.http import Seen
from lab.loopback.replies import WANTED, answer_in

POINTS = 5
QUOTED_WORDS = 8
QUESTION = re.compile(r"^Question: (.+)$", re.MULTILINE)
ASKED_NOW = re.compile(r"^Asked now: (.+)$", re.MULTILINE)
POINT = re.compile(r"^(k\d+): ", re.MULTILINE)
WHY = "Names causes and steps with reasons and one check, more than level 3, but leaves one idea of level 5 out."
FEEDBACK = "You explain your steps clearly and say why they matter. Next time also say what you would do so that it does not happen again."
SUMMARY = (
    "The answers show solid evidence in most competencies. The steps that were described are concrete and come with reasons, "
    "and most of what was expected is there. In some answers one idea is missing, which the ratings of those questions say. "
    "The evidence is even over the whole interview, and no answer stands out as weak."
)


@dataclass(frozen=True, slots=True)
class Talkative:
    """Answers every request in the shape asked for, at the length that prompts ask for."""

    bank: Sequence[BankQuestion]

    def __call__(self, seen: Seen) -> Any:
        if wanted := WANTED.search(seen.prompt):
            return {"questions": [_planned(item) for item in self.bank[: int(wanted[1])]]}
        if QUESTION.search(seen.prompt):
            return _rating(seen.prompt, is_first="feedback:" in seen.system)
        return {"summary": SUMMARY}


def _planned(item: BankQuestion) -> Any:
    return {
        "text": item.text,
        "competency": item.competency,
        "question_type": item.question_type,
        "key_points": [
            {"text": point["text"], "follow_up": point["follow_up"]}
            for point in item.key_points[:POINTS]
        ],
        **{f"level_{level}": item.anchors[level] for level in "135"},
        "time_limit_seconds": item.time_limit_seconds,
    }


def _rating(prompt: str, *, is_first: bool) -> Any:
    """Find every key point but the last, or the one that is asked for now, with eight words of the answer each."""
    points = sorted(POINT.findall(prompt.partition("\nAnswer:")[0]))
    covered = points[-1:] if ASKED_NOW.search(prompt) else points[:-1]
    words = answer_in(prompt).split()
    step = max(1, (len(words) - QUOTED_WORDS) // max(1, len(covered)))
    cut = [" ".join(words[n * step :][:QUOTED_WORDS]) for n in range(len(covered))]
    return {
        "points": [
            *(
                {"id": point, "state": "said", "quote": quote}
                for point, quote in zip(covered, cut, strict=True)
            ),
            *(
                {"id": point, "state": "not_said", "quote": ""}
                for point in points
                if point not in covered
            ),
        ],
        "levels": [{"id": "c1", "level": 4}],
        "sure": 0.85,
        **({"quotes": [], "why": WHY, "feedback": FEEDBACK} if is_first else {}),
    }
