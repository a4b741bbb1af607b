"""The admin of interviews: what staff do there, and that candidates' words stay words."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.testing import PASSWORD, make_user
from ai.testing import StubModel
from interviews import services
from interviews.models import BankQuestion, Interview, InterviewSession, Turn
from interviews.testing import answer, make_interview, make_screening

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
HOSTILE = '<script>alert("k1")</script><img src=x onerror=alert(1)>'
NEW = {
    "title": "Support, first round",
    "position": "Software engineer",
    "mode": "screening",
    "interview_type": "technical",
    "difficulty": "medium",
    "num_questions": 2,
    "follow_ups_per_question": 1,
    "language": "en",
    "questions-TOTAL_FORMS": 0,
    "questions-INITIAL_FORMS": 0,
}


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")


@pytest.fixture
def admin(root: User) -> Client:
    client = Client()
    client.force_login(root)
    return client


def make_begun_screening(candidate: User | None = None, **fields: Any) -> InterviewSession:
    session = make_screening(make_user(), candidate or make_user(), **fields)
    return services.start_interview(interview=session.interview, user=session.candidate).session


def act(admin: Client, model: str, action: str, *rows: Any) -> str:
    """Run an admin action over rows and return what the next page says."""
    url = reverse(f"admin:interviews_{model}_changelist")
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return admin.post(url, chosen, follow=True).content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_screening_interview_is_made_with_its_questions(admin: Client, root: User) -> None:
    admin.post(reverse("admin:interviews_interview_add"), NEW)

    interview = Interview.objects.get()
    assert (interview.owner, interview.questions.count(), interview.status) == (root, 2, "draft")


@pytest.mark.django_db(transaction=True)
def test_a_bank_that_is_too_small_is_told_and_the_draft_is_kept(admin: Client) -> None:
    response = admin.post(
        reverse("admin:interviews_interview_add"), {**NEW, "num_questions": 20}, follow=True
    )

    assert "The bank holds 6 questions" in response.content.decode()
    assert Interview.objects.get().questions.count() == 0


def test_drafts_are_published_and_archived_by_actions(admin: Client, root: User) -> None:
    interview = make_interview(root, mode="screening")

    assert "is published" in act(admin, "interview", "publish", interview)
    interview.refresh_from_db()
    assert interview.content_hash
    act(admin, "interview", "archive", interview)
    interview.refresh_from_db()
    assert interview.status == "archived"


def test_what_cannot_be_published_says_why(admin: Client, root: User) -> None:
    published = make_screening(root, make_user()).interview

    assert "Only the draft of a screening interview" in act(
        admin, "interview", "publish", published
    )


def test_the_questions_of_a_draft_are_chosen_anew(admin: Client, root: User) -> None:
    interview = make_interview(root, mode="screening")
    interview.questions.all().delete()

    act(admin, "interview", "plan_again", interview)

    assert interview.questions.count() == 2


def test_what_is_published_is_frozen_here_too(admin: Client, root: User) -> None:
    interview = make_screening(root, make_user()).interview
    url = reverse("admin:interviews_interview_change", args=[interview.pk])

    admin.post(url, {**NEW, "title": "Changed", "position": "Changed"})

    interview.refresh_from_db()
    assert (interview.title, interview.position) == ("", "Software engineer")


def test_a_question_with_broken_key_points_is_refused_by_name(admin: Client, root: User) -> None:
    interview = make_interview(root, mode="screening", num_questions=1)
    question = interview.questions.get()
    form = {
        **NEW,
        "num_questions": 1,
        "questions-TOTAL_FORMS": 1,
        "questions-INITIAL_FORMS": 1,
        "questions-0-id": question.pk,
        "questions-0-interview": interview.pk,
        "questions-0-number": 1,
        "questions-0-text": "New text?",
        "questions-0-competency": "C",
        "questions-0-question_type": "technical",
        "questions-0-difficulty": "easy",
        "questions-0-time_limit_seconds": 120,
        "questions-0-anchors": json.dumps({"1": "a", "3": "b", "5": "c"}),
        "questions-0-key_points": json.dumps([{"id": "k1", "text": "Too little here"}]),
    }

    response = admin.post(reverse("admin:interviews_interview_change", args=[interview.pk]), form)

    assert "Key point k1, follow_up" in response.content.decode()
    question.refresh_from_db()
    assert question.text != "New text?"


def test_a_session_made_here_is_an_assignment(admin: Client, root: User) -> None:
    interview, candidate = make_screening(root, make_user()).interview, make_user()

    admin.post(
        reverse("admin:interviews_interviewsession_add"),
        {"interview": interview.pk, "candidate": candidate.pk},
    )

    session = InterviewSession.objects.get(candidate=candidate)
    assert (session.interview, session.status) == (interview, "pending")


def test_practice_and_staff_are_not_offered_for_assigning(admin: Client, root: User) -> None:
    practice = make_interview()

    admin.post(
        reverse("admin:interviews_interviewsession_add"),
        {"interview": practice.pk, "candidate": root.pk},
    )

    assert not InterviewSession.objects.exists()


def test_a_session_shows_turns_ratings_and_evidence_to_read_only(admin: Client) -> None:
    session = make_begun_screening()
    answer(session, "so k1 it is")
    url = reverse("admin:interviews_interviewsession_change", args=[session.pk])

    content = admin.get(url).content.decode()

    assert 'data-points="1">k1</a>' in content
    assert "</svg> Heard</h4>" in content
    assert "Bank question" in content
    assert 'name="turns-0-text"' not in content
    assert admin.post(url, {"status": "completed"}).status_code == 403


def test_hostile_words_stay_words(admin: Client) -> None:
    session = make_begun_screening(make_user(full_name=HOSTILE), title=HOSTILE)
    answer(session, HOSTILE)
    pages = [
        reverse("admin:interviews_interviewsession_change", args=[session.pk]),
        reverse("admin:interviews_interviewsession_changelist"),
        reverse("admin:interviews_interview_changelist"),
        reverse("admin:interviews_interview_change", args=[session.interview_id]),
        reverse("admin:interviews_auditevent_changelist"),
    ]

    for page in pages:
        content = admin.get(page).content.decode()
        assert "<script>alert" not in content
        assert "<img src=x" not in content


def test_what_could_not_be_scored_is_tried_again(admin: Client, stub: StubModel) -> None:
    session = make_begun_screening()
    stub.is_down = True
    answer(session)
    Turn.objects.filter(number=1).update(evaluation="not_scored", attempts=5)
    stub.is_down = False

    said = act(admin, "interviewsession", "retry_ratings", session)

    assert "1 of 1 answers are rated now" in said
    assert Turn.objects.get(number=1).evaluation == "scored"


def test_the_trail_can_be_read_and_not_written(admin: Client, root: User) -> None:
    make_screening(root, make_user())

    assert admin.get(reverse("admin:interviews_auditevent_changelist")).status_code == 200
    assert admin.get(reverse("admin:interviews_auditevent_add")).status_code == 403


def test_a_bank_question_changed_here_is_our_own(admin: Client) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    form = bank_form(question, text="Changed?")

    admin.post(reverse("admin:interviews_bankquestion_change", args=[question.pk]), form)

    question.refresh_from_db()
    assert (question.text, question.is_own) == ("Changed?", True)


def bank_form(question: BankQuestion, **changes: Any) -> dict[str, Any]:
    plain = ("slug", "position", "question_type", "difficulty", "language", "competency", "text")
    values = {name: getattr(question, name) for name in (*plain, "reference_answer")}
    point = {
        "id": "k1",
        "text": "A point of it",
        "paraphrases": ["said so"],
        "follow_up": "And then?",
    }
    parts = {
        "key_points": json.dumps([point]),
        "anchors": json.dumps(question.anchors),
        "position_names": "[]",
        "terms": "[]",
        "sources": "[]",
        "time_limit_seconds": 120,
        "is_active": "on",
    }
    return {**values, **parts, **changes}


def test_anchors_without_level_3_are_refused(admin: Client) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    form = bank_form(question, anchors=json.dumps({"1": "a", "5": "b"}), text="Changed?")

    response = admin.post(reverse("admin:interviews_bankquestion_change", args=[question.pk]), form)

    assert "levels" in response.content.decode()
    question.refresh_from_db()
    assert question.text != "Changed?"


@pytest.mark.parametrize(
    ("field", "value", "remedy"),
    [
        ("sources", '[{"title": "Only a name"}]', "each with title and url"),
        ("sources", '[{"title": "A script", "url": "javascript:alert(1)"}]', "title and url"),
        ("sources", '"https://www.who.int"', "Give a list of pages"),
        ("terms", '"lactate"', "Give a list of words"),
        ("terms", "[1]", "Give a list of words"),
        ("position_names", '{"Nurse": 1}', "Give a list of job titles"),
    ],
)
def test_a_list_of_something_else_is_refused(
    admin: Client, field: str, value: str, remedy: str
) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    form = bank_form(question, **{field: value}, text="Changed?")

    response = admin.post(reverse("admin:interviews_bankquestion_change", args=[question.pk]), form)

    assert remedy in html.unescape(response.content.decode())
    question.refresh_from_db()
    assert question.text != "Changed?"


@pytest.mark.parametrize("field", ["sources", "terms", "position_names"])
@pytest.mark.parametrize("value", ["", "null"])
def test_a_list_that_is_left_empty_is_an_empty_list(admin: Client, field: str, value: str) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    form = bank_form(question, **{field: value}, text="Changed?")

    admin.post(reverse("admin:interviews_bankquestion_change", args=[question.pk]), form)

    question.refresh_from_db()
    assert (question.text, getattr(question, field)) == ("Changed?", [])


def test_the_sources_of_a_question_are_links(admin: Client) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    question.sources = [{"title": "Bread & salt", "url": "https://bread.example/?a=1&b=2"}]
    question.save()

    page = admin.get(reverse("admin:interviews_bankquestion_change", args=[question.pk]))

    assert (
        '<a href="https://bread.example/?a=1&amp;b=2" rel="noreferrer noopener">Bread &amp; salt</a>'
        in page.content.decode()
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Are you married or planning it?", "seems to ask about married"),
        (
            "What is your <b>age</b>?",
            "“What is your &lt;b&gt;age&lt;/b&gt;?” seems to ask about age",
        ),
    ],
)
def test_the_page_of_a_question_says_what_to_mend(admin: Client, text: str, told: str) -> None:
    question = BankQuestion.objects.first()
    assert question is not None
    BankQuestion.objects.update(text=text)
    url = reverse("admin:interviews_bankquestion_change", args=[question.pk])

    assert told in admin.get(url).content.decode()

    BankQuestion.objects.update(text="What is done first?")
    assert told not in admin.get(url).content.decode()


def test_bank_questions_are_switched_off_and_on(admin: Client) -> None:
    question = BankQuestion.objects.first()
    assert question is not None

    act(admin, "bankquestion", "switch_off", question)
    question.refresh_from_db()
    assert not question.is_active
    act(admin, "bankquestion", "switch_on", question)
    question.refresh_from_db()
    assert question.is_active


def export(admin: Client) -> str:
    fields = {f"bankquestionresource_{name}": "on" for name in EXPORTED}
    response = admin.post(
        reverse("admin:interviews_bankquestion_export"), {"format": "0", "resource": "", **fields}
    )
    return response.content.decode()


EXPORTED = (
    "slug",
    "position",
    "position_names",
    "question_type",
    "difficulty",
    "language",
    "competency",
    "text",
    "adaptable",
    "reference_answer",
    "key_points",
    "anchors",
    "terms",
    "sources",
    "time_limit_seconds",
    "is_active",
)


def import_(admin: Client, rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    upload = SimpleUploadedFile("bank.csv", file.getvalue().encode(), "text/csv")
    preview = admin.post(
        reverse("admin:interviews_bankquestion_import"), {"format": "0", "import_file": upload}
    )
    confirm = preview.context.get("confirm_form")
    if confirm is not None:
        admin.post(reverse("admin:interviews_bankquestion_process_import"), confirm.initial)
    return preview.content.decode()


def test_the_bank_is_exported_and_imported_again_as_our_own(admin: Client) -> None:
    for question in BankQuestion.objects.all():
        point = {"id": "k1", "text": "A point", "paraphrases": ["said so"], "follow_up": "And?"}
        question.key_points = [point]
        question.save()
    rows = list(csv.DictReader(io.StringIO(export(admin))))
    assert len(rows) == 6
    rows[0] |= {"slug": "made-elsewhere", "text": "Made elsewhere?"}

    import_(admin, rows[:1])

    made = BankQuestion.objects.get(slug="made-elsewhere")
    assert (made.text, made.is_own, made.key_points[0]["follow_up"]) == (
        "Made elsewhere?",
        True,
        "And?",
    )


def test_a_broken_row_is_named_and_nothing_is_imported(admin: Client) -> None:
    rows = list(csv.DictReader(io.StringIO(export(admin))))
    rows[0] |= {"slug": "broken", "key_points": '[{"id": "k1", "text": "Alone"}]'}

    said = import_(admin, rows[:1])

    assert "Key point k1, follow_up" in said
    assert not BankQuestion.objects.filter(slug="broken").exists()
