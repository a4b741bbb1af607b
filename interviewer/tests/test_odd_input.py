"""Odd input is a 400, on every route and on both databases, and odd rows are no reason for a 500."""

from __future__ import annotations

import base64
import json
import threading
import zoneinfo
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.forms import ProfileForm, SignUpForm
from accounts.models import User
from accounts.models.user import zone_or_default
from accounts.testing import PASSWORD, make_api_client, make_user
from accounts.text import is_seen, is_storable, isolated
from ai.once import Once
from ai.testing import StubEar, make_recording
from interviews.api.audio import read_base64
from interviews.errors import InvalidInput
from interviews.live.entering import sign_in_of
from interviews.live.messages import AnswerMessage, AudioStart, read_message
from interviews.models import Answer, BankQuestion, Interview, Recording
from interviews.services import hearing
from interviews.services.recordings import keep_recording
from interviews.testing import ear_in_use, make_interview, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
HUGE = "99999999999999999999"
UNSEEN = [
    "\u200b",
    "\u200d\u200c",
    "\u2060\ufeff",
    "\u3164",
    "\u2800 \u2800",
    "\u202e\u202c",
    "\u0301",
]


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.org", PASSWORD, full_name="Root")


@pytest.fixture
def admin(root: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(root)
    return client


def changelists() -> list[str]:
    names = {p.name for p in _patterns(get_resolver()) if p.name and p.name.endswith("_changelist")}
    return sorted(names)


def _patterns(resolver: URLResolver) -> list[URLPattern]:
    found: list[URLPattern] = []
    for entry in resolver.url_patterns:
        found += _patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/room/%00/",
        "/room/%00/results/",
        "/staff/sessions/a%00/",
        "/room/a/recordings/1/%00/",
        "/admin/interviews/interview/%00/change/",
        "/dashboard/?page=%00",
        "/interviews/new/?position=%00",
        "/history/?page=1&%00=1",
        "/nowhere/%00",
    ],
)
def test_nul_in_an_address_is_400(admin: Client, path: str) -> None:
    assert admin.get(path).status_code == 400


def test_nul_in_the_address_of_an_api_is_a_problem() -> None:
    reply = make_api_client(make_user()).get("/api/interviews?status=%00")

    assert reply.status_code == 400
    assert reply["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("query", ["q=%00", "id__exact=%00", "o=%00", "_popup=%00", "p=%00"])
def test_nul_in_a_list_of_the_admin_is_400(admin: Client, query: str) -> None:
    codes = {
        name: admin.get(f"{reverse(f'admin:{name}')}?{query}").status_code for name in changelists()
    }

    assert len(codes) > 8
    assert set(codes.values()) == {400}


@pytest.mark.parametrize(
    "query", [f"id__in={HUGE}", f"id__exact={HUGE}", f"q={HUGE}", f"p={HUGE}", "p=" + "9" * 5000]
)
def test_numbers_that_no_column_holds_break_no_list_of_the_admin(admin: Client, query: str) -> None:
    codes = [admin.get(f"{reverse(f'admin:{name}')}?{query}").status_code for name in changelists()]

    assert set(codes) <= {200, 302, 400}


@pytest.mark.parametrize("name", ["action", "_selected_action", "title", "csrfmiddlewaretoken"])
def test_nul_in_a_form_is_400(admin: Client, name: str) -> None:
    form = {"action": "archive", "_selected_action": "1", name: "a\x00b"}

    reply = admin.post(reverse("admin:interviews_interview_changelist"), form)

    assert reply.status_code == 400


def test_a_huge_number_in_a_form_is_no_500(admin: Client) -> None:
    form = {"action": "archive", "_selected_action": HUGE}

    assert admin.post(reverse("admin:interviews_interview_changelist"), form).status_code < 500


@pytest.mark.parametrize(
    "path",
    [
        f"/interviews/{HUGE}/",
        f"/admin/interviews/interview/{HUGE}/change/",
        f"/staff/screenings/{HUGE}/",
        f"/room/a/voice/{HUGE}/",
        f"/history/?page={HUGE}",
        f"/staff/screenings/?page={HUGE}",
        "/staff/screenings/?page=" + "9" * 5000,
        "/room/" + "a" * 5000 + "/",
        f"/account/password/reset/{base64.urlsafe_b64encode(HUGE.encode()).decode()}/a-b/",
    ],
)
def test_what_is_too_large_is_not_found_or_harmless(admin: Client, path: str) -> None:
    assert admin.get(path).status_code in {200, 302, 404}


@pytest.mark.parametrize(
    "path",
    [
        f"interviews/{'9' * 18}/",
        f"users/{'9' * 18}",
        f"interviews?page={HUGE}",
        "interviews?page=" + "9" * 5000,
        f"users?page={HUGE}",
    ],
)
def test_the_api_does_not_stumble_over_large_numbers(root: User, path: str) -> None:
    assert make_api_client(root).get(f"/api/{path}").status_code in {400, 404}


def test_a_cookie_with_nul_signs_nobody_in() -> None:
    client = Client(raise_request_exception=False)

    reply = client.get("/dashboard/", headers={"Cookie": 'sessionid="\\000aaaaaaaaaaa"'})

    assert reply.status_code == 400
    assert sign_in_of({"headers": [(b"cookie", b'sessionid="\\000aaaaaaaaaaa"')]}) == ""


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83d"])
def test_a_sockets_names_are_refused_and_its_words_are_cleaned(text: str) -> None:
    for field, message in [
        ("key", {"type": "answer", "turn": 1, "key": text}),
        ("recording", {"type": "answer", "turn": 1, "key": "k", "recording": text}),
        ("recording", {"type": "audio.start", "turn": 1, "recording": text}),
        ("recording", {"type": "audio.stop", "recording": text, "chunks": 1}),
        ("turn", {"type": "draft", "turn": int(HUGE), "text": "x"}),
    ]:
        with pytest.raises(InvalidInput) as caught:
            read_message(json.dumps(message))
        assert caught.value.field == field

    given = read_message(json.dumps({"type": "answer", "turn": 1, "key": "k", "text": text}))

    assert isinstance(given, AnswerMessage)
    assert given.text in {"ab", "a?"}
    assert isinstance(
        read_message('{"type": "audio.start", "turn": 1, "recording": "r"}'), AudioStart
    )


def test_an_answer_on_the_page_is_taken_without_its_nul() -> None:
    session = make_session()
    client = Client()
    client.force_login(session.candidate)
    form = {"turn": 1, "key": "k", "action": "answer", "response_text": "k1\x00 k2"}

    assert client.post(reverse("room", args=[session.token]), form).status_code == 302
    assert Answer.objects.get().text == "k1 k2"


@pytest.mark.parametrize("text", ["a\x00b", "a\ud83d"])
def test_the_api_refuses_what_cannot_be_stored(text: str) -> None:
    session = make_session()
    client = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "response_text": text}

    def send(method: str, path: str, values: Any) -> int:
        data, kind = json.dumps(values), "application/json"
        return int(client.generic(method, path, data, content_type=kind).status_code)

    assert send("POST", "/api/interviews/session/submit", body) == 400
    assert send("PATCH", "/api/users/me", {"full_name": text}) == 400
    assert send("PATCH", "/api/users/me", {"language": text}) == 400
    assert send("PATCH", "/api/users/me", {"time_zone": text}) == 400
    assert send("POST", "/api/interviews", {"position": text}) == 400
    assert send("POST", "/api/interviews/session/submit", {**body, "session_token": text}) == 400


def test_parts_of_a_question_with_nul_are_refused(admin: Client) -> None:
    question = BankQuestion.objects.all()[0]
    for name, value in [
        ("terms", ["a\x00b"]),
        ("anchors", {"1": "a\x00", "3": "b", "5": "c"}),
        (
            "key_points",
            [{"id": "a\x00", "text": "A point", "paraphrases": ["one"], "follow_up": "And?"}],
        ),
        ("sources", [{"title": "A\ud83d page", "url": "https://a.example/"}]),
    ]:
        setattr(question, name, value)
        with pytest.raises(Exception, match=name):
            question.full_clean()
        question.refresh_from_db()


@pytest.mark.parametrize("name", UNSEEN)
def test_invisible_characters_make_no_name(name: str) -> None:
    user = make_user()
    client = make_api_client(user)
    form = ProfileForm({"full_name": name, "language": "en", "time_zone": "UTC"}, instance=user)
    sign_up = SignUpForm(
        {"full_name": name, "email": "a@example.org", "language": "en", "password": PASSWORD}
    )
    register = {"email": "b@example.org", "password": PASSWORD, "full_name": name}

    assert form.errors == {"full_name": ["Write your name, as it should appear."]}
    assert sign_up.errors == {"full_name": ["Write your name, as it should appear."]}
    assert "full_name" in client.patch("/api/users/me", {"full_name": name}).json()["errors"]
    assert "full_name" in make_api_client().post("/api/auth/register", register).json()["errors"]
    for field in ("position", "title"):
        body = {"position": "Nurse", field: name}
        assert field in client.post("/api/interviews", body).json()["errors"]
    demo = {"position": name, "response_text": "x"}
    assert (
        "position" in client.post("/api/interviews/demo/complete-workflow", demo).json()["errors"]
    )
    with pytest.raises(Exception, match="competency"):
        BankQuestion(competency=name).full_clean()


@pytest.mark.parametrize(
    "name", ["A", "王", "مريم", "é", "e\u0301", "7", "🙂", "O\u2019Neil", "\u0645\u200c\u062e"]
)
def test_what_can_be_seen_is_a_name(name: str) -> None:
    assert is_seen(name)
    assert is_storable({"name": [name]})


def test_a_name_does_not_turn_what_stands_around_it() -> None:
    turned = isolated("\u202eevil\u2069\u202c")

    assert turned == "\u2068evil\u2069"
    assert isolated("Ada Öztürk") == "Ada Öztürk"
    assert isolated("مريم") == "\u2068مريم\u2069"
    assert str(User(full_name="\u202eadA")) == "\u2068adA\u2069"
    assert str(Interview(title="\u202eneil")) == "\u2068neil\u2069"


def test_names_are_isolated_on_pages_and_in_the_admin(admin: Client, root: User) -> None:
    candidate = make_user(full_name="\u202eadA")
    session = make_screening(root, candidate, title="\u202eeltiT")
    pages = [
        reverse("admin:interviews_interviewsession_changelist"),
        reverse("admin:accounts_user_change", args=[candidate.pk]),
        reverse("screening", args=[session.interview_id]),
        reverse("admin:interviews_interview_change", args=[session.interview_id]),
    ]

    for page in pages:
        text = admin.get(page).content.decode()
        assert "\u2068adA\u2069" in text or "\u2068eltiT\u2069" in text
        title = text.split("<title>")[1].split("</title>")[0]
        assert "\u202e" not in title


@pytest.mark.parametrize(
    "zone", ["Mars/Olympus", "", "Europe", "../etc/passwd", "a\\b", "US/Pacific-New"]
)
def test_a_zone_that_this_machine_does_not_know_is_no_500(admin: Client, zone: str) -> None:
    user = make_user()
    User.objects.filter(pk=user.pk).update(time_zone=zone)
    client, api = Client(raise_request_exception=False), make_api_client(user)
    client.force_login(user)

    pages = ["/dashboard/", "/account/profile/", "/interviews/new/", "/microphone/"]
    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
    assert api.get("/api/users/me").json()["time_zone"] == zone
    assert admin.get(reverse("admin:accounts_user_change", args=[user.pk])).status_code == 200
    assert ProfileForm(instance=User.objects.get(pk=user.pk)).initial["time_zone"] == "UTC"
    assert zone_or_default(zone) == zoneinfo.ZoneInfo("UTC")


def test_a_language_that_is_not_spoken_here_falls_back() -> None:
    assert User(language="tlh").known_language == "en"
    assert User(language="de").known_language == "de"


SOUND = bytes(range(251, 256)) + make_recording("k1 k2 k3")
BASE64 = base64.b64encode(SOUND).decode()


@pytest.mark.parametrize(
    "text",
    [
        BASE64,
        BASE64.rstrip("="),
        base64.urlsafe_b64encode(SOUND).decode(),
        base64.urlsafe_b64encode(SOUND).decode().rstrip("="),
        base64.encodebytes(SOUND).decode(),
        base64.encodebytes(SOUND).decode().replace("\n", "\r\n"),
        f" {BASE64} ",
        f"data:audio/webm;codecs=opus;base64,{BASE64}",
        f"data:;base64,{BASE64}",
        f"DATA:audio/webm;BASE64,{BASE64.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}",
    ],
)
def test_every_common_spelling_of_base64_is_read(text: str) -> None:
    assert read_base64(text) == SOUND


@pytest.mark.parametrize("text", ["!!!", "a", "abcde", "data:audio/webm,abcd", "äöü=", "ab=cd"])
def test_what_is_not_base64_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_base64(text)


def test_threads_hear_one_recording_with_one_ear(settings: Any, tmp_path: Any) -> None:
    settings.RECORDINGS_DIR = tmp_path
    session = make_session()
    begun: list[Any] = []

    with ear_in_use(StubEar()):
        ears, gate = hearing.Ears(), threading.Barrier(8)

        def begin() -> None:
            transcript = StubEar()
            gate.wait()
            begun.append(ears.get(1) or ears.keep(1, transcript))

        threads = [threading.Thread(target=begin) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        sound = make_recording("k1")
        recording = keep_recording(user=session.candidate, token=session.token, turn=1, audio=sound)
        hearing.hear(recording)

    assert len({id(one) for one in begun}) == 1
    assert len(hearing._ears) == 0
    assert Recording.objects.get().transcript is not None


def test_what_a_process_makes_once_is_made_once_by_many_threads() -> None:
    made: list[int] = []
    started = threading.Barrier(8)

    @Once
    def model() -> object:
        made.append(1)
        threading.Event().wait(0.05)
        return object()

    def ask() -> None:
        started.wait()
        model()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert made == [1]
    model.cache_clear()
    model()
    assert made == [1, 1]


def test_an_interview_of_odd_titles_can_be_made() -> None:
    assert make_interview(title="\u0645\u0631\u064a\u0645").name == "\u0645\u0631\u064a\u0645"


@pytest.mark.parametrize("key", ["abc", "1.5"])
def test_an_action_on_odd_keys_is_no_fault(admin: Client, key: str) -> None:
    data = {"action": "delete_selected", "_selected_action": key}

    codes = [admin.post(reverse(f"admin:{name}"), data).status_code for name in changelists()]

    assert max(codes) < 500


@pytest.mark.parametrize(
    "query", ["?created_at__year=0", "?created_at__year=99999", "?candidate=abc&interview=%2500"]
)
@pytest.mark.parametrize("page", ["changelist", "add"])
def test_odd_years_and_choices_in_the_admin_are_no_fault(
    admin: Client, root: User, page: str, query: str
) -> None:
    make_screening(root, make_user())

    response = admin.get(reverse(f"admin:interviews_interviewsession_{page}") + query)

    assert response.status_code < 500


def test_an_odd_choice_in_a_form_of_the_admin_is_no_fault(admin: Client, root: User) -> None:
    make_screening(root, make_user())

    response = admin.post(
        reverse("admin:interviews_interviewsession_add"), {"candidate": "abc", "interview": "x"}
    )

    assert response.status_code < 500
