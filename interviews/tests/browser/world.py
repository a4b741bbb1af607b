"""A small world with something on every page, and the list of all pages in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from accounts.models import User
from accounts.testing import make_user
from interviews.models import BankQuestion, Interview, InterviewSession
from interviews.services import make_mentor_link, override_rating, say_again, start_interview
from interviews.services.mentor_links import mentor_token
from interviews.testing import answer, make_bank, make_interview, make_screening, make_session

ANSWER = "First k1, because it has to be. Then k2 follows."
HOSTILE_NAME = "<script>alert('name')</script>\u202e" + "W" * 60
HOSTILE_TITLE = "<img src=x onerror=alert('title')>" + "T" * 110
HOSTILE_ANSWER = "\n".join(
    [
        "<script>alert('answer')</script> k1",
        "<img src=x onerror=alert('answer')>",
        "\u202eright to left override\u2066 k2",
        "L" * 200,
        "</blockquote></article></main>{{ 7|add:1 }}",
    ]
)


@dataclass(frozen=True)
class World:
    """People and what they have."""

    candidate: User
    newcomer: User
    staff: User
    draft: Interview
    active: InterviewSession
    timed: InterviewSession
    done: InterviewSession
    waiting: InterviewSession
    screened: InterviewSession
    unpublished: Interview


def make_world(*, name: str = "Ada Candidate", title: str = "", text: str = ANSWER) -> World:
    """Make the world; `name`, `title` and `text` are what its people wrote."""
    make_bank(16)
    if title:
        BankQuestion.objects.update(position="general")
    candidate = make_user(full_name=name)
    staff = make_staff(name)
    position = title[:120] or "Software engineer"
    return World(
        candidate=candidate,
        newcomer=make_user(full_name="Nora Newcomer"),
        staff=staff,
        draft=make_interview(candidate, position=position, title=title),
        active=begun(make_session(candidate, position=position, title=title), text),
        timed=make_session(candidate, timed=True),
        done=said_again(
            [finished(make_session(candidate, position=position), text) for _n in range(3)][-1],
            text,
        ),
        waiting=make_screening(staff, candidate, title=title),
        screened=overruled(finished(started(make_screening(staff, candidate)), text), staff),
        unpublished=make_interview(staff, mode="screening", title=title),
    )


def make_staff(name: str) -> User:
    staff = make_user(full_name=name, staff=True)
    staff.is_superuser = True
    staff.save(update_fields=["is_superuser"])
    return staff


def started(session: InterviewSession) -> InterviewSession:
    return start_interview(interview=session.interview, user=session.candidate).session


def begun(session: InterviewSession, text: str) -> InterviewSession:
    answer(session, text)
    return session


def finished(session: InterviewSession, text: str) -> InterviewSession:
    """Answer every question, and skip every follow-up."""
    while (turn := session.turns.open().first()) is not None:
        answer(session, "" if turn.is_follow_up else text, skipped=turn.is_follow_up)
    session.refresh_from_db()
    return session


def said_again(session: InterviewSession, text: str) -> InterviewSession:
    """Say the first answer again twice, with one point more."""
    for more in ("k3", "k3 k3"):
        say_again(user=session.candidate, token=session.token, number=1, text=f"{text} {more}")
    return session


def overruled(session: InterviewSession, staff: User) -> InterviewSession:
    turn = session.turns.get(number=1)
    override_rating(turn=turn, score=2, reason="Heard it otherwise.", actor=staff)
    return session


def visitor_pages(world: World) -> list[str]:
    link = make_mentor_link(user=world.candidate, token=world.done.token)
    return [
        reverse("mentor", args=[mentor_token(link)]),
        "/mentor/forged/",
        "/",
        "/account/sign-up/",
        "/account/sign-in/",
        "/account/password/reset/",
        "/account/password/reset/sent/",
        "/account/password/reset/x/y/",
        "/nowhere/",
        "/admin/login/",
        "/api/docs",
    ]


def newcomer_pages(world: World) -> list[str]:
    return ["/dashboard/", "/history/", "/interviews/new/"]


def candidate_pages(world: World) -> list[str]:
    return [
        "/dashboard/",
        "/history/",
        "/interviews/new/?position=Nurse&difficulty=hard",
        "/account/profile/",
        "/account/password/",
        "/microphone/",
        "/microphone/practice/",
        f"/interviews/{world.draft.pk}/",
        f"/interviews/{world.active.interview_id}/delete/",
        f"/interviews/{world.waiting.interview_id}/",
        f"/room/{world.active.token}/",
        f"/room/{world.timed.token}/",
        f"/room/{world.done.token}/results/",
        f"/room/{world.done.token}/again/1/",
        f"/room/{world.screened.token}/results/",
        f"/staff/screenings/{world.unpublished.pk}/",
    ]


def staff_pages(world: World) -> list[str]:
    return [
        "/dashboard/",
        "/staff/screenings/",
        "/staff/screenings/new/",
        f"/staff/screenings/{world.unpublished.pk}/",
        f"/staff/screenings/{world.screened.interview_id}/",
        f"/staff/sessions/{world.screened.token}/",
        "/admin/",
        "/admin/accounts/user/",
        f"/admin/accounts/user/{world.candidate.pk}/change/",
        f"/admin/interviews/interview/{world.unpublished.pk}/change/",
        f"/admin/interviews/interviewsession/{world.screened.pk}/change/",
        "/admin/interviews/bankquestion/",
    ]
