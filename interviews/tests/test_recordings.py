"""What is said aloud: durable before it is acknowledged, heard, confirmed, played, and never anybody else's."""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.testing import make_api_client, make_user
from ai.testing import WEBM, StubEar, make_recording
from interviews import services
from interviews.errors import Conflict, InvalidInput, NotAudio, NotFound, QuotaUsed, TooLarge
from interviews.models import Answer, BankQuestion, InterviewSession, Recording, Turn
from interviews.services import hearing
from interviews.services.lookups import fresh
from interviews.services.recording_files import ORPHANED_AFTER
from interviews.services.recordings import (
    Chunks,
    append_chunks,
    begin_recording,
    keep_recording,
    stored_bytes,
)
from interviews.services.turn.answer import Submission
from interviews.testing import answer, ear_in_use, make_screening, make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub", "folder")]


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.RECORDINGS_DIR = tmp_path / "recordings"
    return tmp_path / "recordings"


@pytest.fixture(autouse=True)
def ear() -> Iterator[StubEar]:
    with ear_in_use(StubEar()) as stub:
        assert stub is not None
        yield stub


@pytest.fixture
def session() -> InterviewSession:
    return make_session()


def begin(session: InterviewSession, key: str = "one") -> Recording:
    return begin_recording(user=session.candidate, token=session.token, turn=1, key=key)


def submit_audio(session: InterviewSession, audio: bytes, **fields: Any) -> Any:
    return services.submit_response(
        user=session.candidate,
        token=session.token,
        submission=Submission(1, audio=audio, **fields),
    )


def post(session: InterviewSession, name: str, **body: Any) -> Any:
    client = make_api_client(session.candidate)
    return client.post(reverse(name), {"session_token": session.token, "turn": 1, **body})


def upload(audio: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("answer.webm", audio, content_type="audio/webm")


def test_chunks_are_appended_in_order_and_only_once(session: InterviewSession) -> None:
    recording = begin(session)

    assert append_chunks(recording, Chunks(0, 1, make_recording("k1 "))) == 1
    assert append_chunks(recording, Chunks(0, 1, make_recording("k1 "))) == 1
    assert append_chunks(recording, Chunks(3, 1, b"too early")) == 1
    assert append_chunks(recording, Chunks(1, 2, b"k2 k3")) == 3

    assert stored_bytes(recording) == make_recording("k1 k2 k3")
    assert begin(session).chunks == 3
    assert recording.media_type == "audio/webm"


def test_what_a_crash_left_behind_the_last_acknowledged_byte_is_written_over(
    session: InterviewSession,
) -> None:
    recording = begin(session)
    append_chunks(recording, Chunks(0, 1, make_recording("k1 ")))
    with recording.file.open("ab") as file:
        file.write(b"half a chunk that was never acknowledged")

    append_chunks(recording, Chunks(1, 1, b"k2"))

    assert recording.file.read_bytes() == make_recording("k1 k2")


def test_sound_is_on_the_disk_before_it_is_acknowledged(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = begin(session)
    seen: list[tuple[bytes, int]] = []

    def fsync(handle: int) -> None:
        seen.append((os.pread(handle, 100, 0), Recording.objects.get(pk=recording.pk).chunks))

    monkeypatch.setattr(os, "fsync", fsync)
    append_chunks(recording, Chunks(0, 1, make_recording("k1")))

    assert seen == [(make_recording("k1"), 0)]
    assert recording.chunks == 1


def test_sound_that_a_disk_does_not_take_is_not_acknowledged(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = begin(session)

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        append_chunks(recording, Chunks(0, 1, make_recording("k1")))

    recording.refresh_from_db()
    assert (recording.chunks, recording.size) == (0, 0)


def test_other_sound_without_a_key_is_another_answer(session: InterviewSession) -> None:
    submit_audio(session, make_recording("k1 k2 k3"))

    assert submit_audio(session, make_recording("k1 k2 k3")).is_replay
    with pytest.raises(Conflict):
        submit_audio(session, make_recording("other"))


def test_two_connections_cannot_mix_their_chunks(session: InterviewSession) -> None:
    one, two = begin(session), begin(session)
    append_chunks(one, Chunks(0, 1, make_recording("k1 ")))

    assert append_chunks(two, Chunks(0, 1, make_recording("other"))) == 1
    assert stored_bytes(two) == make_recording("k1 ")


def test_recordings_are_private_files(session: InterviewSession) -> None:
    recording = begin(session)
    append_chunks(recording, Chunks(0, 1, make_recording("k1")))

    assert recording.file.stat().st_mode & 0o077 == 0
    assert recording.file.parent.stat().st_mode & 0o077 == 0


def test_limits_are_named(session: InterviewSession, settings: Settings) -> None:
    settings.MAX_RECORDING_MB, settings.MAX_RECORDINGS_PER_TURN = 1, 1
    recording = begin(session)

    with pytest.raises(TooLarge, match="1 MB"):
        append_chunks(recording, Chunks(0, 1, WEBM + b"x" * 1_048_576))
    with pytest.raises(NotAudio):
        append_chunks(recording, Chunks(0, 1, b"<script>"))
    with pytest.raises(QuotaUsed):
        begin(session, "two")
    with pytest.raises(InvalidInput):
        begin(session, "")
    with pytest.raises(InvalidInput):
        begin(session, "ü")


def test_only_the_open_turn_of_ones_own_session_is_recorded(session: InterviewSession) -> None:
    answer(session)

    with pytest.raises(Conflict):
        begin(session)
    with pytest.raises(NotFound):
        begin_recording(user=make_user(), token=session.token, turn=2, key="one")


def test_a_transcript_is_to_be_confirmed_and_both_versions_stay(session: InterviewSession) -> None:
    heard = post(session, "api-transcribe", audio_base64=b64(make_recording("k1 medlock")))
    assert heard.status_code == 200
    shape = heard.json()
    assert (shape["text"], shape["nothing_heard"]) == ("k1 medlock", False)
    assert not Answer.objects.exists()

    done = post(
        session, "api-submit", response_text="k1 deadlock k2 k3", recording=shape["recording"]
    )

    assert done.status_code == 200
    stored = Answer.objects.get()
    assert (stored.text, stored.modality) == ("k1 deadlock k2 k3", "audio")
    assert done.json()["evaluation"]["score"] == 100
    turn = services.session_results(fresh(session))["turns"][0]
    assert turn["recordings"][0]["text"] == "k1 medlock"


def b64(audio: bytes) -> str:
    return base64.b64encode(audio).decode()


def test_the_questions_terms_and_the_interviews_language_go_to_the_ear(ear: StubEar) -> None:
    BankQuestion.objects.update(terms=["deadlock", "MVCC"])
    session = make_session()

    post(session, "api-transcribe", audio_base64=b64(make_recording("k1")))

    assert ear.calls == ["live en deadlock,MVCC", "finish"]


def test_audio_may_be_the_answer_as_a_file_or_in_base64(session: InterviewSession) -> None:
    client = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "audio": upload(make_recording("k1 k2 k3"))}

    done = client.post(reverse("api-submit"), body, format="multipart")

    assert done.status_code == 200
    assert done.json()["transcript"] == "k1 k2 k3"
    assert Answer.objects.get().modality == "audio"
    session = fresh(session).session
    done = client.post(
        reverse("api-submit"),
        {"session_token": session.token, "turn": 2, "audio_base64": b64(make_recording("k1"))},
    )
    assert done.json()["transcript"] == "k1"


def test_the_same_audio_again_is_a_replay_that_is_not_heard_twice(
    session: InterviewSession, ear: StubEar
) -> None:
    first = submit_audio(session, make_recording("k1"), key="one")
    again = submit_audio(session, make_recording("k1"), key="one")

    assert (first.is_replay, again.is_replay) == (False, True)
    assert first.reply == again.reply
    assert ear.calls.count("finish") == 1
    assert Recording.objects.count() == 1


def test_nothing_heard_asks_again_and_never_scores(session: InterviewSession) -> None:
    refused = post(session, "api-submit", audio_base64=b64(make_recording("")))

    assert refused.status_code == 400
    assert "Nothing could be heard" in refused.json()["errors"]["audio"][0]
    assert not Answer.objects.exists()
    assert fresh(session).open_turn is not None


def test_an_ear_that_is_down_loses_nothing(session: InterviewSession, ear: StubEar) -> None:
    ear.is_down = True
    refused = post(session, "api-submit", audio_base64=b64(make_recording("k1")))
    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert Recording.objects.get().size > 0

    ear.is_down = False
    done = post(session, "api-submit", audio_base64=b64(make_recording("k1")))

    assert done.json()["transcript"] == "k1"
    assert Recording.objects.count() == 1


def test_without_an_ear_audio_is_a_503_and_words_still_work(session: InterviewSession) -> None:
    with ear_in_use(None):
        refused = post(session, "api-transcribe", audio_base64=b64(make_recording("k1")))
        done = post(session, "api-submit", response_text="k1 k2 k3")

    assert refused.status_code == 503
    assert done.status_code == 200


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"audio_base64": "!!!"}, 400),
        ({"audio_base64": b64(b"GIF89a")}, 415),
        ({"audio_base64": ""}, 400),
        ({}, 400),
    ],
)
def test_what_is_no_sound_is_refused(
    session: InterviewSession, body: dict[str, str], status: int
) -> None:
    assert post(session, "api-transcribe", **body).status_code == status


def test_what_is_too_large_is_a_413_however_it_comes(
    session: InterviewSession, settings: Settings
) -> None:
    settings.MAX_RECORDING_MB = 1
    large = WEBM + os.urandom(1_100_000)
    client = make_api_client(session.candidate)
    body = {"session_token": session.token, "turn": 1, "audio": upload(large)}

    assert client.post(reverse("api-submit"), body, format="multipart").status_code == 413
    assert post(session, "api-transcribe", audio_base64=b64(large)).status_code == 413
    assert post(session, "api-transcribe", audio_base64=b64(large * 8)).status_code == 413


def test_audio_and_text_together_are_refused(session: InterviewSession) -> None:
    both = post(session, "api-submit", audio_base64=b64(make_recording("k1")), response_text="k1")

    assert both.status_code == 400
    assert "audio_base64" in both.json()["errors"]


def test_another_turns_recording_confirms_nothing(session: InterviewSession) -> None:
    refused = post(session, "api-submit", response_text="k1", recording="unknown")

    assert refused.status_code == 400
    assert "recording" in refused.json()["errors"]


def test_a_recording_is_played_in_whole_and_in_part(session: InterviewSession) -> None:
    sound = make_recording("k1 k2 k3")
    recording = keep_recording(user=session.candidate, token=session.token, turn=1, audio=sound)
    client = Client()
    client.force_login(session.candidate)
    url = reverse("recording", args=[session.token, 1, recording.key])

    def get(value: str) -> Any:
        return client.get(url, headers={"Range": value} if value else {})

    whole, part, tail, off = get(""), get("bytes=4-5"), get("bytes=-2"), get("bytes=99-")
    assert (whole.status_code, b"".join(whole)) == (200, sound)
    assert (part.status_code, b"".join(part)) == (206, b"k1")
    assert part["Content-Range"] == f"bytes 4-5/{len(sound)}"
    assert b"".join(tail) == b"k3"
    assert (off.status_code, off["Content-Range"]) == (416, f"bytes */{len(sound)}")
    assert whole["Content-Type"] == "audio/webm"
    assert whole["X-Content-Type-Options"] == "nosniff"
    assert "private" in whole["Cache-Control"]


def test_staff_hear_a_screening_but_not_another_persons_practice() -> None:
    staff, candidate = make_user(staff=True), make_user()
    screening = make_screening(staff, candidate)
    services.start_interview(interview=screening.interview, user=candidate)
    practice = make_session(candidate)
    client = Client()
    client.force_login(staff)
    codes = []
    for session in (screening, practice):
        sound = make_recording("k1")
        recording = keep_recording(user=candidate, token=session.token, turn=1, audio=sound)
        url = reverse("recording", args=[session.token, 1, recording.key])
        reply = client.get(url)
        b"".join(reply)
        codes.append(reply.status_code)

    assert codes == [200, 404]


def test_an_expired_question_takes_what_was_said_where_nothing_was_typed() -> None:
    session = make_session(timed=True)
    append_chunks(begin(session), Chunks(0, 1, make_recording("k1 k2")))
    past = timezone.now() - timedelta(minutes=10)
    Turn.objects.filter(session=session).update(deadline=past)

    services.catch_up()

    assert Answer.objects.get().text == "k1 k2"


def test_a_busy_ear_does_not_lose_an_expired_spoken_answer(ear: StubEar) -> None:
    session = make_session(timed=True)
    append_chunks(begin(session), Chunks(0, 1, make_recording("k1 k2")))
    past = timezone.now() - timedelta(minutes=10)
    Turn.objects.filter(session=session).update(deadline=past)
    ear.is_down = True
    services.catch_up()
    assert not Answer.objects.exists()

    ear.is_down = False
    services.catch_up()

    assert Answer.objects.get().text == "k1 k2"


@pytest.mark.usefixtures("folder")
def test_deleting_an_interview_deletes_its_sound(
    session: InterviewSession, django_capture_on_commit_callbacks: Any
) -> None:
    recording = begin(session)
    append_chunks(recording, Chunks(0, 1, make_recording("k1")))
    kept = begin(make_session())
    append_chunks(kept, Chunks(0, 1, make_recording("k1")))

    with django_capture_on_commit_callbacks(execute=True):
        services.delete_interview(interview=session.interview, actor=session.candidate)

    assert (recording.file.exists(), kept.file.exists()) == (False, True)


def test_deleting_a_person_leaves_their_sound_to_the_sweep(
    session: InterviewSession, folder: Path
) -> None:
    recording = begin(session)
    append_chunks(recording, Chunks(0, 1, make_recording("k1")))
    kept = begin(make_session())
    append_chunks(kept, Chunks(0, 1, make_recording("k1")))
    hour_ago = timezone.now().timestamp() - 2 * ORPHANED_AFTER
    for one in (recording, kept):
        os.utime(one.file, (hour_ago, hour_ago))

    session.delete()
    services.catch_up()

    assert [str(path.relative_to(folder)) for path in folder.glob("*/*")] == [kept.path]


def test_trying_the_microphone_keeps_nothing(session: InterviewSession, folder: Path) -> None:
    client = Client()
    client.force_login(session.candidate)

    def attempt(**body: Any) -> Any:
        return client.post(reverse("try-voice"), body)

    heard = attempt(audio=upload(make_recording("hello there")), language="en")
    assert heard.json()["text"] == "hello there"
    assert attempt(audio=upload(b"nonsense")).status_code == 415
    assert attempt().status_code == 400
    assert attempt(audio=upload(make_recording("x")), language="tlh").status_code == 400
    with ear_in_use(None):
        assert attempt(audio=upload(make_recording("x"))).status_code == 503
    assert not folder.exists()
    assert not Recording.objects.exists()


def test_many_growing_transcripts_do_not_fill_the_memory(
    session: InterviewSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "MOST_EARS", 2)
    for number in range(4):
        recording = begin(session, f"r{number}")
        append_chunks(recording, Chunks(0, 1, make_recording("k1")))
        assert hearing.hear_so_far(recording) == "k1"

    assert len(hearing._ears) == 2
