"""Only our own, forgotten recordings are ever removed, and they are played from their file."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.http import FileResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks, Settings

from ai.testing import make_recording
from interviews.errors import NotAudio
from interviews.models import Installation, InterviewSession, Recording
from interviews.models.recording import new_path
from interviews.playing import recording_response
from interviews.services import recording_files
from interviews.services.recording_files import MARKER, sweep_recordings, sweep_refusal
from interviews.services.recordings import keep_recording, stored_bytes
from interviews.services.shared import shared_cache
from interviews.testing import make_session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bank", "stub")]
SOUND = make_recording("k1 k2 k3")
LONG_AGO = time.time() - 2 * recording_files.ORPHANED_AFTER


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.RECORDINGS_DIR = tmp_path / "recordings"
    return tmp_path / "recordings"


@pytest.fixture
def session(folder: Path) -> InterviewSession:
    return make_session()


def keep(session: InterviewSession, words: str = "k1 k2 k3") -> Recording:
    sound = make_recording(words)
    recording = keep_recording(user=session.candidate, token=session.token, turn=1, audio=sound)
    age(recording.file)
    return recording


def age(path: Path) -> Path:
    os.utime(path, (LONG_AGO, LONG_AGO), follow_symlinks=False)
    return path


def put(folder: Path, name: str) -> Path:
    """Put an old file into a folder."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(b"not ours")
    return age(folder / name)


def test_a_forgotten_recording_is_removed_and_a_known_one_stays(
    session: InterviewSession, folder: Path
) -> None:
    kept, forgotten = keep(session), put(folder, new_path())

    assert sweep_recordings().removed == 1
    assert (kept.file.exists(), forgotten.exists()) == (True, False)


def test_a_young_one_stays(session: InterviewSession, folder: Path) -> None:
    keep(session)
    young = put(folder, new_path())
    young.touch()

    assert sweep_recordings().removed == 0
    assert young.exists()


@pytest.mark.parametrize(
    "name",
    [
        "ab/thesis.odt",
        "ab/" + "c" * 32,
        "ab/" + "ab" + "C" * 30,
        "ab/" + "ab" + "c" * 29,
        "ab/" + "ab" + "c" * 30 + ".bak",
        "photos/2024.jpg",
        "abc/" + "ab" + "c" * 30,
        "ab" + "c" * 30,
        "ab/cd/" + "ab" + "c" * 30,
    ],
)
def test_what_is_not_named_as_ours_is_never_touched(
    session: InterviewSession, folder: Path, name: str
) -> None:
    keep(session)
    foreign = put(folder, name)

    assert sweep_recordings().removed == 0
    assert foreign.exists()


def test_folders_and_links_neither_break_the_sweep_nor_lead_it_out(
    session: InterviewSession, folder: Path, tmp_path: Path
) -> None:
    keep(session)
    elsewhere = put(tmp_path / "elsewhere", "ab" + "c" * 30)
    (folder / "ab").mkdir(exist_ok=True)
    (folder / "ab" / ("ab" + "d" * 30)).mkdir()
    age(folder / "ab" / ("ab" + "d" * 30))
    (folder / "ab" / ("ab" + "e" * 30)).symlink_to(elsewhere)
    (folder / "ab" / ("ab" + "f" * 30)).symlink_to("/nowhere/at/all")
    (folder / "cd").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    forgotten = put(folder, "ab/" + "ab" + "1" * 30)

    assert sweep_recordings().removed == 1
    assert (elsewhere.exists(), forgotten.exists()) == (True, False)


def test_a_folder_without_our_mark_is_left_alone(folder: Path) -> None:
    file = put(folder, new_path())

    swept = sweep_recordings(even_most=True)

    assert (swept.removed, MARKER in swept.refusal, file.exists()) == (0, True, True)


def test_files_of_others_keep_their_rights(folder: Path) -> None:
    file = put(folder, new_path())
    file.chmod(0o644)

    sweep_recordings()

    assert file.stat().st_mode & 0o777 == 0o644


def test_a_sweep_that_is_refused_is_told_until_it_works(
    session: InterviewSession, folder: Path
) -> None:
    keep(session)
    for _ in range(2):
        put(folder, new_path())

    sweep_recordings()
    refused = sweep_refusal()
    sweep_recordings(even_most=True)

    assert "2 of 3 recordings" in refused
    assert sweep_refusal() == ""


def test_the_loop_does_not_look_through_all_recordings_each_round(
    session: InterviewSession, folder: Path
) -> None:
    shared_cache.delete(recording_files.SWEPT_KEY)
    keep(session)

    removed = []
    for _ in range(2):
        put(folder, new_path())
        removed.append(recording_files.remove_forgotten())

    assert removed == [1, 0]


def test_a_folder_from_before_there_were_marks_is_known_by_its_recordings(
    session: InterviewSession, folder: Path
) -> None:
    keep(session)
    (folder / MARKER).unlink()
    forgotten = put(folder, new_path())

    assert sweep_recordings().removed == 1
    assert not forgotten.exists()


def test_a_folder_of_two_installations_is_swept_by_neither(
    session: InterviewSession, folder: Path
) -> None:
    keep(session)
    file = put(folder, new_path())
    Installation.objects.all().delete()
    keep(session, "k1")

    swept = sweep_recordings(even_most=True)

    assert "another installation" in swept.refusal
    assert file.exists()
    assert len((folder / MARKER).read_text().split()) == 2


def test_if_most_would_go_none_does_until_a_person_says_so(
    session: InterviewSession, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keep(session)
    files = [put(folder, new_path()) for _ in range(2)]

    with pytest.raises(CommandError, match="2 of 3 recordings"):
        call_command("sweep_recordings")
    assert all(file.exists() for file in files)
    assert "No recordings are swept" in caplog.text

    call_command("sweep_recordings", "--even-most")
    assert not any(file.exists() for file in files)


def test_the_wrong_database_sweeps_nothing(session: InterviewSession, folder: Path) -> None:
    recording = keep(session)
    Recording.objects.all().delete()
    Installation.objects.all().delete()

    assert sweep_recordings(even_most=True).removed == 0
    assert recording.file.exists()


def test_a_deleted_recording_takes_its_sound_along_at_once(
    session: InterviewSession,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    recording = keep(session)

    with django_capture_on_commit_callbacks(execute=True):
        session.delete()

    assert not recording.file.exists()


def test_a_recording_that_is_open_to_others_becomes_private(session: InterviewSession) -> None:
    recording = keep(session)
    recording.file.chmod(0o644)
    age(recording.file)

    sweep_recordings()

    assert recording.file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("instead", ["nothing", "folder", "link", "pipe"])
def test_what_stands_in_a_recordings_place_is_neither_heard_nor_played(
    session: InterviewSession, tmp_path: Path, instead: str
) -> None:
    recording = keep(session)
    path: Path = recording.file
    path.unlink()
    if instead == "folder":
        path.mkdir()
    elif instead == "link":
        path.symlink_to(put(tmp_path, "secret"))
    elif instead == "pipe":
        os.mkfifo(path)

    with pytest.raises(NotAudio, match="cannot be read"):
        stored_bytes(recording)
    assert play(session, recording).status_code == 404


def play(session: InterviewSession, recording: Recording, **headers: str) -> Any:
    client = Client()
    client.force_login(session.candidate)
    return client.get(reverse("recording", args=[session.token, 1, recording.key]), headers=headers)


@pytest.mark.parametrize(
    ("asked", "status", "sent"),
    [
        ("bytes=0-", 200, SOUND),
        ("bytes=4-5", 206, SOUND[4:6]),
        ("Bytes=4-5", 206, SOUND[4:6]),
        ("bytes=4-99999", 206, SOUND[4:]),
        ("bytes=-2", 206, SOUND[-2:]),
        ("bytes=-99999", 200, SOUND),
        ("bytes=-0", 416, b""),
        ("bytes=99999-", 416, b""),
        ("bytes=5-4", 200, SOUND),
        ("bytes=0-1,4-5", 200, SOUND),
        ("bytes=" + "9" * 5000 + "-", 200, SOUND),
        ("lines=1-2", 200, SOUND),
        ("bytes=-", 200, SOUND),
    ],
)
def test_ranges_are_served_from_the_file(
    session: InterviewSession, asked: str, status: int, sent: bytes
) -> None:
    reply = play(session, keep(session), Range=asked)

    assert reply.status_code == status
    assert b"".join(reply) == sent
    if status != 416:
        assert int(reply["Content-Length"]) == len(sent)


@pytest.mark.parametrize("header", ["bytes=99-", "bytes=-5", "bytes=0-0", "bytes=\u0661-"])
def test_an_empty_file_has_no_ranges(session: InterviewSession, header: str) -> None:
    recording = keep(session)
    recording.file.write_bytes(b"")
    request = RequestFactory().get("/", headers={"Range": header})

    response = recording_response(request, recording)

    assert (response.status_code, response["Content-Length"]) == (200, "0")


def test_a_range_under_another_sounds_tag_gets_the_whole(session: InterviewSession) -> None:
    recording = keep(session)
    whole = play(session, recording)
    b"".join(whole)
    tag = whole["ETag"]

    same = play(session, recording, Range="bytes=0-1", **{"If-Range": tag})
    other = play(session, recording, Range="bytes=0-1", **{"If-Range": '"another"'})
    dated = play(
        session, recording, Range="bytes=0-1", **{"If-Range": "Sat, 28 Nov 2026 06:00:00 GMT"}
    )

    assert [len(b"".join(reply)) for reply in (same, other, dated)] == [2, len(SOUND), len(SOUND)]


def test_a_large_recording_is_not_read_into_memory(
    session: InterviewSession,
) -> None:
    recording = keep(session)
    with recording.file.open("r+b") as file:
        file.truncate(64 * 1024 * 1024)
    recording.grow(chunks=recording.chunks, size=64 * 1024 * 1024)
    whole = play(session, recording, Range="bytes=1000-")
    assert isinstance(whole, FileResponse)
    blocks = [len(block) for block in whole]

    assert (max(blocks), sum(blocks)) == (64 * 1024, 64 * 1024 * 1024 - 1000)
