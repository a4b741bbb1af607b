"""Questions of frozen interviews are read once, and never stale."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.testing import make_user
from interviews import services
from interviews.models import Interview, Question
from interviews.services.frozen import MOST_KEPT, FrozenQuestions, frozen_questions
from interviews.services.lookups import fresh
from interviews.testing import answer, make_interview, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


def reads(interviews: list[Interview], kept: FrozenQuestions) -> tuple[dict[int, Any], int]:
    with CaptureQueriesContext(connection) as captured:
        found = kept.of(interviews)
    return found, len(captured)


def test_a_frozen_interview_is_read_once() -> None:
    interview, kept = make_session().interview, FrozenQuestions()

    first, cost = reads([interview], kept)
    again, nothing = reads([interview], kept)

    assert (cost, nothing) == (1, 0)
    assert first == again == {interview.pk: list(interview.questions.all())}


def test_what_a_caller_does_to_its_list_stays_with_it() -> None:
    interview, kept = make_session().interview, FrozenQuestions()
    kept.of([interview])[interview.pk].clear()

    assert len(kept.of([interview])[interview.pk]) == interview.num_questions


def test_a_draft_is_read_every_time() -> None:
    staff, kept = make_user(staff=True), FrozenQuestions()
    draft = make_interview(staff, mode="screening")
    kept.of([draft])
    Question.objects.filter(interview=draft, number=1).update(text="Changed?")

    found, cost = reads([draft], kept)

    assert cost == 1
    assert found[draft.pk][0].text == "Changed?"


def test_a_new_version_has_questions_of_its_own() -> None:
    staff, candidate = make_user(staff=True), make_user()
    session = make_screening(staff, candidate)
    old = [question.pk for question in fresh(session).questions]

    changed = services.edit_interview(interview=session.interview, actor=staff, title="New")
    published = services.publish_interview(interview=changed, actor=staff)
    later = services.assign_interview(interview=published, candidate=candidate, actor=staff)

    assert {q.pk for q in fresh(later).questions}.isdisjoint(old)
    assert [q.pk for q in fresh(session).questions] == old


def test_what_was_used_longest_ago_is_dropped_first() -> None:
    kept = FrozenQuestions()
    interviews = [
        Interview(pk=-number, content_hash="x", num_questions=1) for number in range(MOST_KEPT + 1)
    ]
    for interview in interviews:
        kept._keep(interview, [Question(number=1)])

    assert kept._get(interviews[0]) is None
    assert kept._get(interviews[1]) is not None


def test_a_whole_interview_leaves_what_is_kept_as_it_is_stored() -> None:
    session = make_session(num_questions=3)
    while not session.is_over:
        answer(session, "only k1")
        session = fresh(session).session

    kept = frozen_questions.of([session.interview])[session.interview_id]
    stored = Question.objects.filter(interview=session.interview)

    assert [values(one) for one in kept] == [values(one) for one in stored]


def values(question: Question) -> dict[str, Any]:
    return {field.attname: getattr(question, field.attname) for field in Question._meta.fields}
