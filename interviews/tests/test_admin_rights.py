"""Who may do what in the admin: every list, every action, import and export."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.testing import grant, make_superuser, make_user
from ai.testing import StubModel
from interviews.models import AuditEvent, Interview, Rating, Turn
from interviews.testing import make_interview, make_recruiter, make_screening, make_session
from interviews.tests.worlds import World, make_auditor

REGISTRY: dict[Any, Any] = admin.site._registry
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]


@pytest.fixture
def world(stub: StubModel) -> World:
    return World(stub)


def test_a_superuser_reaches_practice_nowhere_in_the_admin(world: World) -> None:
    web, session = Client(), world.practice
    web.force_login(make_superuser())
    lists = {
        "interview": (
            session.interview_id,
            ("publish", "archive", "plan_again", "delete_selected"),
        ),
        "interviewsession": (session.pk, ("retry_ratings",)),
    }

    for model, (pk, actions) in lists.items():
        url = reverse(f"admin:interviews_{model}_changelist")
        assert f"/{pk}/change/" not in web.get(url).content.decode()
        page = web.get(reverse(f"admin:interviews_{model}_change", args=[pk]), follow=True)
        assert "doesn’t exist" in page.content.decode()
        for action in actions:
            web.post(url, {"action": action, "_selected_action": [pk], "post": "yes"})

    turn = session.turns.get(number=1)
    assert turn.evaluation == "not_scored"
    assert Interview.objects.get(pk=session.interview_id).status == "published"


def test_not_even_ones_own_practice_is_in_the_admin() -> None:
    root, web = make_superuser(), Client()
    session = make_session(root)
    web.force_login(root)

    for model, pk in (("interview", session.interview_id), ("interviewsession", session.pk)):
        listed = web.get(reverse(f"admin:interviews_{model}_changelist")).content.decode()
        assert f"/{pk}/change/" not in listed


def test_staff_without_rights_find_an_empty_admin_and_no_link_to_it() -> None:
    web = Client()
    web.force_login(make_user(staff=True))

    assert web.get(reverse("admin:index")).context["app_list"] == []
    assert b"/admin/" not in web.get(reverse("dashboard")).content


def request_of(person: User) -> HttpRequest:
    request = HttpRequest()
    request.user = person
    return request


def test_every_action_of_the_admin_names_its_permission() -> None:
    unnamed = []
    for model, model_admin in REGISTRY.items():
        for action, name, _description in model_admin._get_base_actions():
            if not getattr(action, "allowed_permissions", None):
                unnamed.append(f"{model._meta.label}.{name}")

    assert unnamed == []


def every_action() -> list[tuple[str, str]]:
    """Return each list of the admin with each of its actions, as a superuser has them."""
    request = request_of(make_superuser())
    return [
        (f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", name)
        for model, model_admin in REGISTRY.items()
        for name in model_admin.get_actions(request)
    ]


def test_who_may_only_view_changes_nothing_by_any_action(world: World) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    AccessAttempt.objects.create(username="x", failures_since_start=1)
    AccessAttempt.objects.update(attempt_time=long_ago)
    web = Client()
    web.force_login(make_auditor(staff=True))
    actions = every_action()
    assert {"disable", "retry_ratings", "switch_off", "publish", "cleanup_expired_attempts"} <= {
        name for _url, name in actions
    }

    before = snapshot()
    for url, name in actions:
        model = model_of(url)
        chosen = list(model._default_manager.values_list("pk", flat=True)[:50])
        form = {"action": name, "_selected_action": chosen, "post": "yes", "select_across": "1"}
        assert web.post(reverse(url), form).status_code in {200, 302, 403}

    assert snapshot() == before


def model_of(url: str) -> Any:
    return next(
        model
        for model in REGISTRY
        if url == f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    )


def snapshot() -> dict[str, list[Any]]:
    """Return every row of everything that the admin shows, but for what signing in writes."""
    return {
        model._meta.label: sorted(
            (str(row) for row in model._default_manager.values()),
        )
        for model in [*REGISTRY, Turn, Rating]
    }


def test_import_and_export_have_their_rights() -> None:
    def codes(*rights: str) -> list[int]:
        web = Client()
        web.force_login(
            make_user(staff=True, rights=[f"interviews.{r}_bankquestion" for r in rights])
        )
        urls = ["export", "import", "process_import"]
        return [
            web.post(reverse(f"admin:interviews_bankquestion_{url}"), {}).status_code
            for url in urls
        ]

    assert codes() == [403, 403, 403]
    assert codes("view") == [200, 403, 403]
    assert codes("view", "change") == [200, 403, 403]
    assert codes("view", "add") == [200, 403, 403]
    assert 403 not in codes("view", "add", "change")


def test_an_action_leaves_the_screenings_of_others_alone(world: World) -> None:
    other = make_recruiter(staff=True)
    own = make_interview(other, mode="screening")
    rights = ["view", "change", "add"]
    for one in Permission.objects.filter(
        codename__in=[f"{right}_interviewsession" for right in rights]
    ):
        other.user_permissions.add(one)
    web = Client()
    web.force_login(User.objects.get(pk=other.pk))
    interviews = reverse("admin:interviews_interview_changelist")
    sessions = reverse("admin:interviews_interviewsession_changelist")

    chosen = [own.pk, world.screening.interview_id]
    web.post(interviews, {"action": "archive", "_selected_action": chosen})
    web.post(sessions, {"action": "retry_ratings", "_selected_action": [world.screening.pk]})

    own.refresh_from_db()
    assert own.status == "archived"
    assert Interview.objects.get(pk=world.screening.interview_id).status == "published"
    assert world.screening.turns.get(number=1).evaluation == "not_scored"
    assert f"/{world.screening.pk}/change/" not in web.get(sessions).content.decode()


def test_a_recruiter_works_with_their_own_in_the_admin() -> None:
    owner = make_recruiter(staff=True)
    session = make_screening(owner, make_user())
    draft = make_interview(owner, mode="screening")
    web = Client()
    web.force_login(owner)

    page = web.get(reverse("admin:interviews_interview_change", args=[draft.pk]))
    assert 'name="questions-0-text"' in page.content.decode()
    frozen = web.get(
        reverse("admin:interviews_interview_change", args=[session.interview_id])
    ).content.decode()
    assert 'name="questions-0-text"' not in frozen
    assert session.interview.questions.first().text in frozen  # type: ignore[union-attr]


def test_only_a_superuser_hands_a_screening_over(world: World) -> None:
    heir, interview = make_recruiter(), world.screening.interview
    url = reverse("admin:interviews_interview_change", args=[interview.pk])
    none = {"questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0, "owner": heir.pk}
    owner, root = Client(), Client()
    User.objects.filter(pk=world.owner.pk).update(is_staff=True)
    owner.force_login(world.owner)
    root.force_login(make_superuser())

    owner.post(url, none)
    interview.refresh_from_db()
    assert interview.owner == world.owner
    root.post(url, none)
    interview.refresh_from_db()
    assert interview.owner == heir
    assert AuditEvent.objects.filter(action="interview.handed_over").count() == 1


def test_deleting_in_the_admin_leaves_a_trail_and_keeps_what_is_used(world: World) -> None:
    draft = make_interview(world.owner, mode="screening")
    web = Client()
    web.force_login(make_superuser())
    url = reverse("admin:interviews_interview_changelist")

    chosen = [draft.pk, world.screening.interview_id]
    for selected in (chosen, [draft.pk]):
        form = {"action": "delete_selected", "_selected_action": selected, "post": "yes"}
        web.post(url, form)

    assert not Interview.objects.filter(pk=draft.pk).exists()
    assert Interview.objects.filter(pk=world.screening.interview_id).exists()
    assert AuditEvent.objects.filter(action="interview.deleted").count() == 1


ASSIGNER = ("interviews.view_interviewsession", "interviews.add_interviewsession")


@pytest.mark.parametrize("typed", ["ada@example.org", " ADA@example.org "])
def test_who_may_not_browse_people_assigns_by_address(typed: str) -> None:
    owner, candidate, web = make_recruiter(staff=True), make_user("ada@example.org"), Client()
    interview = make_screening(owner, make_user(full_name="Somebody Else")).interview
    web.force_login(grant(owner, *ASSIGNER))
    url = reverse("admin:interviews_interviewsession_add")

    page = web.get(url).content.decode()
    web.post(url, {"interview": interview.pk, "candidate": typed})

    assert interview.sessions.filter(candidate=candidate).exists()
    assert 'type="email"' in page
    assert "Somebody Else" not in page


@pytest.mark.parametrize("typed", ["nobody@example.org", "staff@example.org", ""])
def test_an_address_of_no_candidate_is_told(typed: str) -> None:
    owner, web = make_recruiter(staff=True), Client()
    make_user("staff@example.org", staff=True)
    interview = make_screening(owner, make_user()).interview
    web.force_login(grant(owner, *ASSIGNER))

    reply = web.post(
        reverse("admin:interviews_interviewsession_add"),
        {"interview": interview.pk, "candidate": typed},
    )

    assert "candidate" in reply.context["adminform"].form.errors
    assert interview.sessions.count() == 1


def test_an_interview_is_handed_over_to_somebody_who_used_the_same_key() -> None:
    root, web = make_superuser(), Client()
    mine, theirs = (make_interview(make_recruiter(), mode="screening") for _ in range(2))
    Interview.objects.update(request_key="1", request_sha256="x")
    web.force_login(root)
    url = reverse("admin:interviews_interview_change", args=[mine.pk])
    form = web.get(url).context["adminform"].form
    values = {
        name: "" if form[name].value() is None else form[name].value() for name in form.fields
    }
    questions = {"questions-TOTAL_FORMS": 0, "questions-INITIAL_FORMS": 0}

    reply = web.post(url, {**values, **questions, "owner": theirs.owner_id})

    assert reply.status_code == 302
    assert Interview.objects.filter(owner=theirs.owner).count() == 2
