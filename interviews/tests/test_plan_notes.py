"""What an interview's plan does not keep is said before it begins: on pages, in REST and in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.testing import make_user
from ai.providers.embedded import EmbeddedModel
from ai.testing import StubModel
from interviews import services
from interviews.models import BankQuestion, Interview
from interviews.services.engine import bank_for
from interviews.testing import (
    answer,
    make_interview,
    make_recruiter,
    make_session,
    model_in_use,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

UNKNOWN = "No questions for this job: these are general ones."


class Writer(StubModel):
    """A model that writes questions, and so reads job descriptions."""

    writes_questions = True


@pytest.fixture
def general(bank: None) -> None:
    BankQuestion.objects.filter(slug__in=["bank-0", "bank-1"]).update(
        position="general", position_names=[]
    )


def codes(interview: Interview) -> list[str]:
    return [note["code"] for note in services.interview_plan_notes(interview)]


def signed_in(client: Client, interview: Interview) -> Client:
    client.force_login(interview.owner)
    return client


def test_practice_is_told_before_it_is_planned(stub: StubModel) -> None:
    interview = make_interview(difficulty="hard", interview_type="behavioral")

    assert codes(interview) == ["other_kind", "other_difficulty"]
    assert stub.calls == []
    assert not interview.questions.exists()


def test_practice_that_has_begun_is_told_of_its_own_questions() -> None:
    interview = make_session(difficulty="hard").interview
    BankQuestion.objects.update(difficulty="hard")

    assert codes(interview) == ["other_difficulty"]


def test_the_questions_somebody_had_before_count() -> None:
    first = make_session(num_questions=4)
    answer(first)
    asked = first.turns.values_list("question__bank_slug", flat=True)
    BankQuestion.objects.filter(slug__in=asked).update(difficulty="hard")

    again = make_interview(first.candidate, difficulty="hard", num_questions=4)
    stranger = make_interview(difficulty="hard", num_questions=4)

    notes = [services.interview_plan_notes(one)[0]["text"] for one in (again, stranger)]
    assert notes[0].startswith("All questions are medium")
    assert notes[1].startswith("2 of 4 questions are medium")


@pytest.mark.usefixtures("general")
def test_a_candidate_reads_it_and_chooses_the_nearest_position(client: Client) -> None:
    interview = make_interview(position="Circus clown")
    page = signed_in(client, interview).get(reverse("interview", args=[interview.pk]))

    chosen = client.post(
        reverse("nearest-position", args=[interview.pk]), {"position": "Software engineer"}
    )

    assert UNKNOWN in page.text
    assert 'name="position" value="Software engineer"' in page.text
    assert chosen["Location"] == reverse("interview", args=[interview.pk])
    interview.refresh_from_db()
    assert interview.position == "Software engineer"
    assert UNKNOWN not in client.get(chosen["Location"]).text


@pytest.mark.usefixtures("general")
def test_only_what_is_offered_can_be_chosen(client: Client) -> None:
    interview = make_interview(position="Circus clown")

    signed_in(client, interview).post(
        reverse("nearest-position", args=[interview.pk]), {"position": "Lion tamer"}
    )

    interview.refresh_from_db()
    assert interview.position == "Circus clown"


@pytest.mark.usefixtures("general")
def test_a_stranger_chooses_nothing(client: Client) -> None:
    interview = make_interview(position="Circus clown")
    client.force_login(make_user())

    url = reverse("nearest-position", args=[interview.pk])

    assert client.post(url, {"position": "Software engineer"}).status_code == 404


@pytest.mark.usefixtures("general")
def test_a_recruiter_reads_it_before_publishing_and_chooses_another(client: Client) -> None:
    staff = make_recruiter(staff=True)
    interview = make_interview(staff, mode="screening", position="Circus clown")
    url = reverse("screening", args=[interview.pk])
    before = signed_in(client, interview).get(url)

    client.post(reverse("nearest-position", args=[interview.pk]), {"position": "Software engineer"})

    assert "Before you publish" in before.text
    assert UNKNOWN in before.text
    assert UNKNOWN not in client.get(url).text


@pytest.mark.usefixtures("general")
def test_a_question_that_a_recruiter_rewrote_gets_no_note() -> None:
    interview = make_interview(
        make_recruiter(staff=True), mode="screening", position="Circus clown", num_questions=2
    )
    before = codes(interview)

    for question in interview.questions.all():
        question.text = f"How do you make child {question.number} laugh?"
        question.save(update_fields=["text"])

    assert before == ["unknown_position"]
    assert codes(interview) == []


@pytest.mark.usefixtures("general")
@pytest.mark.parametrize(("language", "told"), [("en", ["unknown_position"]), ("de", [])])
def test_a_position_of_another_language_is_unknown_to_plan_and_notes_alike(
    language: str, told: list[str]
) -> None:
    BankQuestion.objects.exclude(position="general").update(
        position="clown", position_names=["Circus clown"], language="de"
    )
    interview = make_interview(position="Circus clown", language=language, num_questions=2)

    planned = {item["position"] for item in bank_for("Circus clown", language)}

    assert ("clown" in planned) is (told == [])
    assert [code for code in codes(interview) if code == "unknown_position"] == told


@pytest.mark.usefixtures("general")
def test_only_positions_that_can_be_planned_are_offered() -> None:
    BankQuestion.objects.exclude(position="general").update(language="de")
    interview = make_interview(position="Circus clown", language="en", num_questions=2)

    (note,) = services.interview_plan_notes(interview)

    assert note["positions"] == []


def test_a_candidate_of_a_screening_reads_it_but_changes_nothing(client: Client) -> None:
    staff, candidate = make_recruiter(staff=True), make_user()
    interview = make_interview(staff, mode="screening", difficulty="hard")
    interview = services.publish_interview(interview=interview, actor=staff)
    services.assign_interview(interview=interview, candidate=candidate, actor=staff)
    client.force_login(candidate)

    page = client.get(reverse("interview", args=[interview.pk]))

    assert "All questions are medium instead of hard." in page.text
    assert "nearest-position" not in page.text


@pytest.mark.usefixtures("general")
def test_rest_tells_it_with_the_interview_and_not_in_lists() -> None:
    owner = make_user()
    client = APIClient()
    client.force_authenticate(owner)

    made = client.post(
        reverse("api-interview-list"),
        {"position": "Circus clown", "interview_type": "technical", "num_questions": 2},
        format="json",
    )
    listed = client.get(reverse("api-interview-list"))

    note: dict[str, Any] = made.json()["plan_notes"][0]
    assert note == {
        "code": "unknown_position",
        "text": UNKNOWN,
        "positions": ["Software engineer"],
    }
    assert "plan_notes" not in listed.json()["results"][0]


def test_a_change_of_the_bank_does_not_change_an_interviews_etag() -> None:
    interview = make_interview()
    client = APIClient()
    client.force_authenticate(interview.owner)
    url = reverse("api-interview-detail", args=[interview.pk])
    before = client.get(url)

    BankQuestion.objects.update(difficulty="hard")
    after = client.get(url)

    assert before.json()["plan_notes"] == []
    assert after.json()["plan_notes"] != []
    assert before["ETag"] == after["ETag"]


@pytest.mark.usefixtures("general")
def test_the_admin_shows_it_with_a_draft(client: Client) -> None:
    boss = make_recruiter(staff=True)
    interview = make_interview(boss, mode="screening", position="Circus clown")

    page = signed_in(client, interview).get(
        reverse("admin:interviews_interview_change", args=[interview.pk])
    )

    assert UNKNOWN in page.text
    assert "Or choose the nearest: Software engineer." in page.text


def test_a_job_description_is_said_to_shape_questions_only_if_something_reads_it(
    client: Client,
) -> None:
    client.force_login(make_recruiter(staff=True))
    unread = client.get(reverse("new-screening"))
    with model_in_use(Writer()):
        read = client.get(reverse("new-screening"))

    assert "does not read it" in unread.text
    assert "Shapes questions" not in unread.text
    assert "Shapes questions, never ratings." in read.text


def test_languages_that_are_not_rated_are_told_before_the_start(client: Client) -> None:
    with model_in_use(EmbeddedModel()):
        interview = make_interview(language="de")
        form = signed_in(client, interview).get(reverse("new-interview"))
        page = client.get(reverse("interview", args=[interview.pk]))

    assert "Answers in Deutsch, Español, Français are kept, but not rated here." in form.text
    assert "Answers in German are kept, but not rated here." in page.text
    assert "what you covered" not in page.text
    assert "rated by this system" not in page.text
    assert "not rated here" not in client.get(reverse("new-interview")).text


def test_the_set_up_page_names_the_jobs_that_have_questions(client: Client) -> None:
    client.force_login(make_user())

    assert "Software engineer. For any other job" in client.get(reverse("new-interview")).text
