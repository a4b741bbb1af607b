"""Making, changing, publishing, assigning and deleting interviews."""

from __future__ import annotations

import pytest

from accounts.testing import grant, make_user
from ai.testing import StubModel
from interviews import services
from interviews.errors import Conflict, InvalidInput
from interviews.models import AuditEvent, Interview, InterviewSession
from interviews.testing import answer, make_interview, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


def make_published(**fields: object) -> Interview:
    staff = make_user(staff=True)
    interview = make_interview(staff, mode="screening", **fields)
    return services.publish_interview(interview=interview, actor=staff)


def test_practice_is_planned_when_it_starts(stub: StubModel) -> None:
    make_interview()

    assert stub.calls == []


def test_a_screening_interview_has_its_questions_at_once() -> None:
    interview = make_interview(make_user(staff=True), mode="screening", num_questions=3)

    assert [q.number for q in interview.questions.all()] == [1, 2, 3]
    assert interview.is_draft


@pytest.mark.parametrize("staff", [True, False])
def test_setting_up_a_screening_takes_the_right_to(staff: bool) -> None:
    with pytest.raises(InvalidInput, match="no right") as caught:
        services.create_interview(owner=make_user(staff=staff), position="X", mode="screening")

    assert caught.value.field == "mode"


def test_practice_becomes_a_screening_only_with_the_right_to() -> None:
    draft = make_interview()

    with pytest.raises(InvalidInput, match="no right"):
        services.edit_interview(interview=draft, actor=draft.owner, mode="screening")

    grant(draft.owner, "interviews.add_interview")
    edited = services.edit_interview(interview=draft, actor=draft.owner, mode="screening")
    assert edited.mode == "screening"


def test_a_bank_that_is_too_small_is_told_at_the_number_of_questions() -> None:
    with pytest.raises(InvalidInput) as caught:
        make_interview(make_user(staff=True), mode="screening", num_questions=20)

    assert caught.value.field == "num_questions"
    assert not Interview.objects.exists()


def test_publishing_freezes_under_a_hash() -> None:
    one, two = make_published(), make_published()

    assert one.status == Interview.Status.PUBLISHED
    assert len(one.content_hash) == 64
    assert one.content_hash == two.content_hash
    assert make_published(difficulty="hard").content_hash != one.content_hash


def test_what_is_published_is_not_published_again() -> None:
    interview = make_published()

    with pytest.raises(Conflict):
        services.publish_interview(interview=interview, actor=interview.owner)


def test_an_interview_without_questions_is_not_published() -> None:
    staff = make_user(staff=True)
    interview = make_interview(staff, mode="screening")
    interview.questions.all().delete()

    with pytest.raises(Conflict, match="no questions"):
        services.publish_interview(interview=interview, actor=staff)


def test_an_edit_of_a_published_interview_makes_a_new_version() -> None:
    interview = make_published()

    changed = services.edit_interview(
        interview=interview, actor=interview.owner, title="Second try"
    )

    interview.refresh_from_db()
    assert (changed.version, changed.previous_version, changed.status) == (2, interview, "draft")
    assert changed.questions.count() == interview.questions.count()
    assert interview.title == ""


def test_an_edit_that_shapes_the_plan_plans_anew() -> None:
    interview = make_interview(make_user(staff=True), mode="screening", num_questions=2)

    changed = services.edit_interview(interview=interview, actor=interview.owner, num_questions=3)

    assert changed.pk == interview.pk
    assert changed.questions.count() == 3


def test_practice_that_has_begun_is_not_changed() -> None:
    session = make_session()

    with pytest.raises(Conflict, match="has begun"):
        services.edit_interview(
            interview=Interview.objects.get(), actor=session.candidate, difficulty="hard"
        )


def test_assigning_twice_gives_the_same_session() -> None:
    staff, candidate = make_user(staff=True), make_user()
    session = make_screening(staff, candidate)

    again = services.assign_interview(interview=session.interview, candidate=candidate, actor=staff)

    assert again == session
    assert AuditEvent.objects.filter(action="session.assigned").count() == 1


def test_a_draft_and_practice_cannot_be_assigned() -> None:
    staff = make_user(staff=True)
    draft = make_interview(staff, mode="screening")

    for interview in (draft, make_interview()):
        with pytest.raises(Conflict, match="Publish"):
            services.assign_interview(interview=interview, candidate=make_user(), actor=staff)


def test_a_disabled_candidate_gets_no_assignment() -> None:
    interview = make_published()
    candidate = make_user()
    candidate.is_active = False

    with pytest.raises(Conflict, match="disabled"):
        services.assign_interview(interview=interview, candidate=candidate, actor=interview.owner)


def test_who_has_started_finishes_an_interview_that_is_archived_meanwhile() -> None:
    staff, candidate = make_user(staff=True), make_user()
    session = make_screening(staff, candidate)
    begun = services.start_interview(interview=session.interview, user=candidate)

    services.archive_interview(interview=session.interview, actor=staff)
    again = services.start_interview(interview=session.interview, user=candidate)

    assert again.pk == begun.pk
    assert again.status == "active"


def test_an_archived_interview_cannot_be_started() -> None:
    staff, candidate = make_user(staff=True), make_user()
    session = make_screening(staff, candidate)
    services.archive_interview(interview=session.interview, actor=staff)

    with pytest.raises(Conflict, match="closed"):
        services.start_interview(interview=session.interview, user=candidate)


def test_deleting_takes_the_owners_own_session_along() -> None:
    session = make_session()
    answer(session)

    services.delete_interview(interview=session.interview, actor=session.candidate)

    assert not InterviewSession.objects.exists()
    assert AuditEvent.objects.filter(action="interview.deleted").exists()


def test_other_peoples_sessions_keep_an_interview() -> None:
    session = make_screening(make_user(staff=True), make_user())

    with pytest.raises(Conflict, match="Archive"):
        services.delete_interview(interview=session.interview, actor=session.interview.owner)
