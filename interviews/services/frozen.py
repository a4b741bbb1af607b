"""Questions of frozen interviews, kept in memory: what is published never changes, and every turn needs it."""

from __future__ import annotations

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Sequence

from interviews.models import Interview, Question

MOST_KEPT = 128
Key = tuple[object, ...]


class FrozenQuestions:
    """The questions of the interviews that were used last. Threads may share it; nobody changes what is in it."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Sequence[Question]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, interviews: Sequence[Interview]) -> dict[int, list[Question]]:
        """Return the questions of each interview by its id, in order; one query for those that are not kept."""
        known = {one.pk: kept for one in interviews if (kept := self._get(one))}
        read = _read({one.pk for one in interviews} - known.keys())
        for one in interviews:
            if one.content_hash and one.pk in read:
                self._keep(one, read[one.pk])
        return {pk: list(questions) for pk, questions in (known | read).items()}

    def _get(self, interview: Interview) -> Sequence[Question] | None:
        with self._lock:
            kept = self._kept.get(_key(interview))
            if kept is not None:
                self._kept.move_to_end(_key(interview))
            return kept

    def _keep(self, interview: Interview, questions: Sequence[Question]) -> None:
        with self._lock:
            self._kept[_key(interview)] = questions
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)


def _read(interview_ids: Collection[int]) -> dict[int, list[Question]]:
    found: defaultdict[int, list[Question]] = defaultdict(list)
    if not interview_ids:
        return found
    for question in Question.objects.filter(interview_id__in=interview_ids):
        found[question.interview_id].append(question)
    return found


def _key(interview: Interview) -> Key:
    return interview.pk, interview.content_hash, interview.published_at


frozen_questions = FrozenQuestions()
