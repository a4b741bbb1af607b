"""Says before an interview begins what its plan does not keep of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ai.planning import titles_of
from ai.schemas import BankItem, InterviewSpec, PlannedQuestion, PlanNote, PlanNoteCode, Position

LANGUAGES = {"en": "English", "de": "German", "es": "Spanish", "fr": "French"}
LATER = {
    "practice": "You can check them yourself.",
    "screening": "A person reads them.",
}


def plan_notes(
    spec: InterviewSpec,
    questions: Sequence[PlannedQuestion],
    *,
    bank: Sequence[BankItem],
    positions: Sequence[Position] = (),
) -> list[PlanNote]:
    """Return a note for each thing that the planned `questions` do not keep of `spec`; none if they keep it all.

    That is the position, with up to three nearest ones of `positions` (those of `bank` without any) if it is none of these, the kind, the difficulty and the
    language. Questions that are not of `bank`, or do not read as there, were written for this interview, and count as being
    for its position and in its language. The notes of a plan are the same whatever its seed.
    """
    plan = _Plan(spec, questions, {item["id"]: item for item in bank})
    return [*plan.position(positions or bank), *plan.kind(), *plan.difficulty(), *plan.language()]


def not_rated_note(spec: InterviewSpec) -> PlanNote:
    """Return the note for an interview in a language whose answers are not rated."""
    language = LANGUAGES[spec["language"]]
    return _note(
        "not_rated", f"Answers in {language} are kept, but not rated here. {LATER[spec['mode']]}"
    )


def too_few_note(reason: str) -> PlanNote:
    """Return the note for an interview that the bank cannot fill."""
    return _note("too_few_questions", reason)


@dataclass(frozen=True, slots=True)
class _Plan:
    spec: InterviewSpec
    questions: Sequence[PlannedQuestion]
    items: dict[str, BankItem]

    def position(self, positions: Sequence[Position]) -> Iterator[PlanNote]:
        if not self._from_bank():
            return
        titles, title = titles_of(positions), self.spec["position"]
        position = titles.position_of(title)
        names = {item["position"]: item["position_names"] for item in positions}
        if not position:
            nearest = [names[other][0] for other in titles.nearest(title)]
            told = "No questions for this job: these are general ones."
            yield _note("unknown_position", told, nearest)
        elif self._lacks_own(position):
            told = "The bank has none of this kind for this job: these are general questions."
            yield _note("general_questions", told)
        elif not titles.are_same(title, names[position][0]):
            yield _note("near_position", f"This job is taken as “{names[position][0]}”.")

    def _lacks_own(self, position: str) -> bool:
        """Tell whether the questions of the kind asked for are general ones because the position has none."""
        wanted = self.spec["interview_type"]
        own = {q["question_type"] for q in self.items.values() if q["position"] == position}
        return wanted not in {"mixed", *own} and any(
            item["question_type"] == wanted for item in self._from_bank()
        )

    def kind(self) -> Iterator[PlanNote]:
        wanted = self.spec["interview_type"]
        others = [q for q in self.questions if wanted not in {"mixed", q["question_type"]}]
        if others:
            kind = wanted.replace("_", " ")
            yield _note("other_kind", f"{self._share(others)} of another kind than {kind}.")

    def difficulty(self) -> Iterator[PlanNote]:
        wanted = self.spec["difficulty"]
        others = [q for q in self.questions if q["difficulty"] != wanted]
        if others:
            found = " or ".join(sorted({q["difficulty"] for q in others}, reverse=True))
            told = "easier or harder than medium" if wanted == "medium" else found
            instead = "" if wanted == "medium" else f" instead of {wanted}"
            yield _note("other_difficulty", f"{self._share(others)} {told}{instead}.")

    def language(self) -> Iterator[PlanNote]:
        wanted = self.spec["language"]
        others = [item for item in self._from_bank() if item["language"] != wanted]
        if others:
            told = f"in English: there are too few in {LANGUAGES[wanted]}."
            yield _note("other_language", f"{self._share(others)} {told}")

    def _from_bank(self) -> list[BankItem]:
        pairs = ((q, self.items.get(q["bank_id"])) for q in self.questions)
        return [item for q, item in pairs if item and _reads_as(q["text"], item)]

    def _share(self, some: Sequence[object]) -> str:
        total = len(self.questions)
        if len(some) == total:
            return "All questions are" if total > 1 else "The question is"
        return f"{len(some)} of {total} questions {'is' if len(some) == 1 else 'are'}"


def _reads_as(text: str, item: BankItem) -> bool:
    """Tell whether a question has the bank's words, with any job title in them if it is adaptable."""
    before, *after = (" ".join(part.split()) for part in item["text"].split("{position}"))
    if not item["adaptable"] or not after:
        return text.split() == item["text"].split()
    around = r"\s*\S.*".join(map(re.escape, [before, *after]))
    return re.fullmatch(around, " ".join(text.split())) is not None


def _note(code: PlanNoteCode, text: str, positions: Sequence[str] = ()) -> PlanNote:
    return {"code": code, "text": text, "positions": list(positions)}
