"""How many answers the embedded engine rates, and how much memory it takes."""

from __future__ import annotations

import resource
import time

from ai.planning import planned_from_bank
from ai.providers.embedded import EmbeddedModel
from ai.schemas import AskedTurn, PlannedQuestion
from interviews.bank_files import read_bank

SAMPLE = 60


def run() -> list[tuple[str, str]]:
    """Return the rows: answers per second on one core, and milliseconds for an answer of 250 words."""
    english = [question for question in read_bank() if question.language == "en"]
    rows = english[:: max(1, 379 // SAMPLE)]
    questions = [planned_from_bank(1, row.as_item()) for row in rows]
    rate(questions[0], questions[0]["reference_answer"])
    begun = time.perf_counter()
    for question in questions:
        rate(question, question["reference_answer"])
    per_second = len(questions) / (time.perf_counter() - begun)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        ("answers rated per second, reference answers of about 117 words", f"{per_second:.1f}"),
        ("one answer of 250 words, warm (goal ≤ 80 ms)", f"{long_answer(questions):.0f} ms"),
        ("peak memory of this process", f"{megabytes:.0f} MB"),
    ]


def rate(question: PlannedQuestion, answer: str) -> None:
    asked: AskedTurn = {
        "turn": 1,
        "question_number": 1,
        "text": question["text"],
        "is_follow_up": False,
        "key_point_id": "",
    }
    EmbeddedModel().evaluate(question, asked=asked, answer=answer, earlier=[], language="en")


def long_answer(questions: list[PlannedQuestion]) -> float:
    """Return the milliseconds for 250 words, the median of ten different answers."""
    times = []
    for first, second, third in zip(questions, questions[1:11], questions[2:], strict=False):
        text = " ".join(f"{q['reference_answer']}" for q in (first, second, third))
        answer = " ".join(text.split()[:250])
        rate(first, "Something short to warm up its key points.")
        begun = time.perf_counter()
        rate(first, answer)
        times.append((time.perf_counter() - begun) * 1000)
    return sorted(times)[len(times) // 2]
