"""Changing interviews over the API: ETags, versions, statuses, and making one only once."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from accounts.testing import make_api_client, make_user
from interviews import services
from interviews.errors import Changed, Conflict
from interviews.models import AuditEvent, Interview
from interviews.testing import make_interview, make_recruiter, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]

LIST = "/api/interviews/"
NEW = {"position": "Software engineer", "interview_type": "technical", "num_questions": 2}


@pytest.fixture
def boss() -> User:
    return make_recruiter()


@pytest.fixture
def client(boss: User) -> APIClient:
    return make_api_client(boss)


def address(interview: Interview) -> str:
    return f"{LIST}{interview.pk}/"


def published(boss: User) -> Interview:
    return make_screening(boss, make_user()).interview


def test_reading_changing_and_making_tell_the_same_tag(client: APIClient, boss: User) -> None:
    made = client.post(LIST, NEW)
    url = f"{LIST}{made.json()['id']}/"

    read = client.get(url)

    assert read["ETag"] == made["ETag"]
    assert read["ETag"].startswith('"')
    changed = client.patch(url, {"title": "x"})
    assert changed["ETag"] != read["ETag"]
    assert changed["ETag"] == client.get(url)["ETag"] == client.head(url)["ETag"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("{tag}", 200),
        ("*", 200),
        ('"other", {tag}', 200),
        ('"other",{tag}', 200),
        ('"other"', 412),
        ('"other", "another"', 412),
        ("W/{tag}", 412),
        ('""', 412),
        ("", 400),
        ("unquoted", 400),
        ('"open', 400),
        ('{tag}, "open', 400),
    ],
)
def test_if_match_is_honoured(client: APIClient, boss: User, header: str, code: int) -> None:
    url = address(make_interview(boss))
    sent = {"If-Match": header.format(tag=client.get(url)["ETag"])}

    read = client.get(url, headers=sent)
    changed = client.patch(url, {"title": "x"}, headers=sent)

    assert (read.status_code, changed.status_code) == (code, code)
    assert Interview.objects.get().title == ("x" if code == 200 else "")
    kinds = {200: None, 400: "/api/problems#invalid", 412: "/api/problems#precondition-failed"}
    assert [reply.json().get("type") for reply in (read, changed)] == [kinds[code]] * 2


def test_a_change_of_what_somebody_else_changed_is_412(client: APIClient, boss: User) -> None:
    url = address(make_interview(boss))
    tag = client.get(url)["ETag"]
    client.patch(url, {"title": "first"}, headers={"If-Match": tag})

    second = client.patch(url, {"title": "second"}, headers={"If-Match": tag})
    deleted = client.delete(url, headers={"If-Match": tag})

    assert (second.status_code, deleted.status_code) == (412, 412)
    assert Interview.objects.get().title == "first"


def test_the_precondition_is_checked_against_the_locked_row(boss: User) -> None:
    interview = make_interview(boss)
    Interview.objects.update(title="meanwhile")

    def refuse(row: Interview) -> None:
        if row.title:
            raise Changed(row.title)

    with pytest.raises(Changed, match="meanwhile"):
        services.edit_interview(
            interview=interview, actor=boss, precondition=refuse, title="lost update"
        )

    assert Interview.objects.get().title == "meanwhile"


def test_an_edit_keeps_what_others_changed_meanwhile(boss: User) -> None:
    interview = make_interview(boss)
    Interview.objects.update(title="meanwhile")

    services.edit_interview(interview=interview, actor=boss, job_description="mine")

    found = Interview.objects.get()
    assert (found.title, found.job_description) == ("meanwhile", "mine")


def test_who_has_it_already_is_told_so(client: APIClient, boss: User) -> None:
    url = address(make_interview(boss))
    tag = client.get(url)["ETag"]

    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        response = client.get(url, headers={"If-None-Match": known})
        assert (response.status_code, response.content) == (304, b"")
        assert response["ETag"] == tag
    assert client.get(url, headers={"If-None-Match": '"x"'}).status_code == 200


def test_a_second_change_of_a_published_interview_edits_the_draft_there_is(
    client: APIClient, boss: User
) -> None:
    url = address(published(boss))

    first = client.patch(url, {"title": "A"})
    second = client.patch(url, {"job_description": "B"})

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["id"] == second.json()["id"]
    assert (second.json()["title"], second.json()["version"]) == ("A", 2)
    assert second["Content-Location"] == f"{LIST}{second.json()['id']}"
    assert Interview.objects.filter(version=2).count() == 1
    assert client.patch(url, {"title": ""}).json()["title"] == ""


def test_a_change_that_changes_nothing_makes_no_version(client: APIClient, boss: User) -> None:
    interview = published(boss)

    response = client.patch(address(interview), {"title": interview.title})

    assert response.json()["id"] == interview.pk
    assert Interview.objects.count() == 1


def test_once_the_next_version_is_published_it_is_the_one_to_change(
    client: APIClient, boss: User
) -> None:
    interview = published(boss)
    following = client.patch(address(interview), {"title": "A"}).json()["id"]
    client.patch(f"{LIST}{following}/", {"status": "published"})

    old = client.patch(address(interview), {"title": "B"})
    new = client.patch(f"{LIST}{following}/", {"title": "B"})

    assert (old.status_code, old.json()["type"]) == (409, "/api/problems#newer-version")
    assert str(following) in old.json()["detail"]
    assert new.json()["version"] == 3


def test_numbers_of_versions_are_not_used_twice(client: APIClient, boss: User) -> None:
    interview = published(boss)
    following = client.patch(address(interview), {"title": "A"}).json()["id"]
    client.patch(f"{LIST}{following}/", {"status": "archived"})

    again = client.patch(address(interview), {"title": "B"}).json()

    assert again["version"] == 3


def test_what_was_published_meanwhile_is_not_edited(boss: User) -> None:
    draft = make_interview(boss, mode="screening")
    services.publish_interview(interview=Interview.objects.get(), actor=boss)

    with pytest.raises(Conflict, match="meantime"):
        services.edit_interview(interview=draft, actor=boss, title="late")

    assert Interview.objects.get().title == ""
    assert Interview.objects.get().status == "published"


def test_a_screening_is_published_and_archived_by_its_status(client: APIClient, boss: User) -> None:
    url = address(make_interview(boss, mode="screening"))

    assert client.patch(url, {"status": "draft"}).json()["status"] == "draft"
    assert client.patch(url, {"status": "published"}).json()["status"] == "published"
    assert client.patch(url, {"status": "archived"}).json()["status"] == "archived"
    assert client.patch(url, {"status": "archived"}).status_code == 200
    actions = AuditEvent.objects.values_list("action", flat=True)
    assert {"interview.published", "interview.archived"} <= set(actions)


@pytest.mark.parametrize("wanted", ["published", "archived", "unknown"])
def test_practice_has_no_status_to_set(client: APIClient, boss: User, wanted: str) -> None:
    response = client.patch(address(make_interview(boss)), {"status": wanted})

    assert response.status_code == 400
    assert response.json()["errors"]["status"]
    assert Interview.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("present", "wanted"),
    [("published", "draft"), ("archived", "draft"), ("archived", "published")],
)
def test_a_status_that_cannot_be_set_is_refused_with_the_remedy(
    client: APIClient, boss: User, present: str, wanted: str
) -> None:
    url = address(make_interview(boss, mode="screening"))
    client.patch(url, {"status": present})

    response = client.patch(url, {"status": wanted})

    assert response.status_code == 400
    assert response.json()["errors"]["status"]
    assert Interview.objects.get().status == present


def test_a_new_status_comes_by_itself(client: APIClient, boss: User) -> None:
    url = address(make_interview(boss, mode="screening"))

    mixed = client.patch(url, {"title": "x", "status": "published"})
    whole = client.patch(url, {**client.get(url).json(), "status": "published"})

    assert mixed.status_code == 400
    assert "by itself" in mixed.json()["errors"]["status"][0]
    assert whole.json()["status"] == "published"


def test_publishing_keeps_to_if_match(client: APIClient, boss: User) -> None:
    url = address(make_interview(boss, mode="screening"))

    response = client.patch(url, {"status": "published"}, headers={"If-Match": '"old"'})

    assert response.status_code == 412
    assert Interview.objects.get().status == "draft"


def test_whats_made_has_a_location(client: APIClient, boss: User) -> None:
    made = client.post(LIST, NEW)
    registered = APIClient().post(
        "/api/auth/register",
        {"email": "x@example.org", "password": "correct-horse-battery", "full_name": "X"},
    )
    token = make_session(boss).token
    ticket = client.post("/api/auth/ws-ticket", {"session_token": token})

    assert [r.status_code for r in (made, registered, ticket)] == [201, 201, 201]
    assert client.get(made["Location"]).json() == made.json()
    signed_in = {"Authorization": f"Bearer {registered.json()['access']}"}
    me = APIClient().get(registered["Location"], headers=signed_in)
    assert me.json() == registered.json()["user"]
    assert ticket["Location"] == ticket.json()["url"]


def make_once(client: APIClient, key: str = "one", **fields: Any) -> Any:
    return client.post(LIST, {**NEW, **fields}, headers={"Idempotency-Key": key})


@pytest.mark.parametrize("mode", ["practice", "screening"])
def test_the_same_key_makes_one_interview(client: APIClient, mode: str) -> None:
    first = make_once(client, mode=mode)

    again = make_once(client, mode=mode)

    assert (first.status_code, again.status_code) == (201, 201)
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert again["Location"] == first["Location"]
    assert Interview.objects.count() == 1


def test_the_same_key_with_other_fields_is_422(client: APIClient) -> None:
    make_once(client)

    response = make_once(client, num_questions=3)

    assert response.status_code == 422
    assert response.json()["type"] == "/api/problems#key-reused"
    assert Interview.objects.count() == 1


def test_other_keys_other_people_and_no_key_make_more(client: APIClient) -> None:
    make_once(client)

    replies = [
        make_once(client, key="two"),
        make_once(make_api_client(make_user())),
        client.post(LIST, NEW),
        client.post(LIST, NEW),
    ]

    assert all("Idempotent-Replayed" not in reply for reply in replies)
    assert Interview.objects.count() == 5


def test_a_key_that_is_too_long_is_named(client: APIClient) -> None:
    response = make_once(client, key="x" * 129)

    assert response.status_code == 400
    assert set(response.json()["errors"]) == {"Idempotency-Key"}


def test_somebody_lists_what_was_assigned_to_them(boss: User) -> None:
    ada = make_user()
    assigned = make_screening(boss, ada).interview
    make_screening(boss, make_user())
    own = make_interview(ada)
    client = make_api_client(ada)

    def listed(**query: str) -> list[int]:
        return [item["id"] for item in client.get(LIST, query).json()["results"]]

    assert listed(assigned="me") == [assigned.pk]
    assert listed(assigned="me", status="draft") == []
    assert listed() == listed(assigned="") == [own.pk]
    assert client.get(LIST, {"assigned": "you"}).status_code == 400
