"""The local ear on human speech: errors, speed, memory, and how far behind the speaker it is at the end.

`python -m benchmarks.speech SPEECH_FOLDER MODEL_FOLDER`, where the first holds recordings and `transcripts.json`.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

from ai.providers.local_speech import LocalSpeech
from ai.speech.audio import RATE, Samples, decode
from ai.speech.testing import (
    encode,
    faster,
    over_the_phone,
    quieter,
    silence,
    word_error_rate,
)

MODEL = Path("var/models/whisper-base")
ANSWER_SECONDS, PAUSE_SECONDS, FEED_EVERY = 60.0, 0.6, 3.0
SPEAKERS = 4
CONDITIONS: dict[str, Callable[[Samples], Samples]] = {
    "at -40 dB (goal ≤ 8 %)": lambda samples: quieter(samples, 40.0),
    "at 1.25 times the tempo (goal ≤ 6 %)": lambda samples: faster(samples, 1.25),
    "over a phone's band, 300 to 3,400 Hz (goal ≤ 8 %)": over_the_phone,
}

Rows = list[tuple[str, str]]


@dataclass(frozen=True)
class Recording:
    """A recording, what is said in it, and how long it is in seconds."""

    data: bytes
    said: str
    seconds: float


def run(folder: Path, model: Path = MODEL) -> Rows:
    """Return the rows of the table; takes about 3 minutes, most of them listening in real time."""
    ear = LocalSpeech(model)
    recordings = read(folder)
    try:
        ear.listen(recordings[0].data, language="en")
        return [
            *whole_files(ear, recordings),
            *hard_conditions(ear, recordings),
            *live(ear, recordings, 1),
            *live(ear, recordings, SPEAKERS),
            memory(ear),
        ]
    finally:
        ear.close()


def read(folder: Path) -> list[Recording]:
    transcripts = json.loads((folder / "transcripts.json").read_text())
    return [recording((folder / name).read_bytes(), said) for name, said in transcripts.items()]


def recording(data: bytes, said: str) -> Recording:
    return Recording(data, said, len(decode(data, max_seconds=600)) / RATE)


def whole_files(ear: LocalSpeech, recordings: list[Recording]) -> Rows:
    """Transcribe each file by itself, then one long answer made of them."""
    begun = time.perf_counter()
    heard = [ear.listen(each.data, language="en").text for each in recordings]
    spent = time.perf_counter() - begun
    errors = word_error_rate([each.said for each in recordings], heard)
    answer = long_answer(recordings, first=0)
    begun, before = time.perf_counter(), processor_seconds(ear)
    ear.listen(answer.data, language="en")
    long, cost = time.perf_counter() - begun, processor_seconds(ear) - before
    return [
        ("speech: word error rate (goal ≤ 4 %)", f"{errors:.1%}"),
        ("speech: real-time factor, files of 3 to 11 s", f"{spent / total(recordings):.2f}"),
        ("speech: real-time factor, a minute's answer", f"{long / answer.seconds:.2f}"),
        ("speech: processor time per second, a minute's answer", f"{cost / answer.seconds:.2f} s"),
    ]


def hard_conditions(ear: LocalSpeech, recordings: list[Recording]) -> Rows:
    """Transcribe each file as somebody quiet, fast or on the phone would sound."""
    return [
        (f"speech: word error rate {name}", f"{errors_after(change, ear, recordings):.1%}")
        for name, change in CONDITIONS.items()
    ]


def errors_after(
    change: Callable[[Samples], Samples], ear: LocalSpeech, recordings: list[Recording]
) -> float:
    changed = [
        encode(change(decode(each.data, max_seconds=600)), "wav", "pcm_s16le", rate=RATE)
        for each in recordings
    ]
    heard = [ear.listen(data, language="en").text for data in changed]
    return word_error_rate([each.said for each in recordings], heard)


def live(ear: LocalSpeech, recordings: list[Recording], speakers: int) -> Rows:
    """Let `speakers` people answer at once, in real time; return how long the slowest waited at the end."""
    answers = [long_answer(recordings, first=number) for number in range(speakers)]
    with ThreadPoolExecutor(speakers) as people:
        results = list(people.map(lambda answer: speak(ear, answer), answers))
    texts, waits, costs = zip(*results, strict=True)
    name = f"speech: {speakers} speaking for {answers[0].seconds:.0f} s"
    errors = word_error_rate([each.said for each in answers], texts)
    return [
        (f"{name}, transcript after the last word (goal ≤ 3 s)", f"{max(waits):.1f} s"),
        (f"{name}, processor time of that", f"{max(costs):.1f} s"),
        (f"{name}, word error rate", f"{errors:.1%}"),
    ]


def speak(ear: LocalSpeech, answer: Recording) -> tuple[str, float, float]:
    """Feed an answer as it grows; return the transcript, and the seconds and processor seconds after its end."""
    transcript = ear.live(language="en")
    begun = time.perf_counter()
    for second in np.arange(FEED_EVERY, answer.seconds, FEED_EVERY):
        time.sleep(max(0.0, begun + second - time.perf_counter()))
        transcript.feed(answer.data[: int(len(answer.data) * second / answer.seconds)])
    time.sleep(max(0.0, begun + answer.seconds - time.perf_counter()))
    spent = processor_seconds(ear)
    text = transcript.finish(answer.data).text
    return text, time.perf_counter() - begun - answer.seconds, processor_seconds(ear) - spent


def long_answer(recordings: list[Recording], *, first: int) -> Recording:
    """Return an answer of about a minute as WebM, as a browser sends it, beginning with another file each time."""
    parts, said, seconds = [], [], 0.0
    for each in _from(recordings, first):
        parts += [decode(each.data, max_seconds=600), silence(PAUSE_SECONDS)]
        said.append(each.said)
        seconds += each.seconds + PAUSE_SECONDS
        if seconds >= ANSWER_SECONDS:
            break
    return recording(encode(np.concatenate(parts), "webm", "libopus"), " ".join(said))


def _from(recordings: list[Recording], first: int) -> Iterator[Recording]:
    turn = first % len(recordings)
    return cycle([*recordings[turn:], *recordings[:turn]])


def total(recordings: list[Recording]) -> float:
    return sum(each.seconds for each in recordings)


def processor_seconds(ear: LocalSpeech) -> float:
    """Return what the worker has used so far (Linux): on a busy machine it tells more than the clock."""
    fields = Path(f"/proc/{ear.processes[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(ear: LocalSpeech) -> tuple[str, str]:
    """Return the most memory the worker has held (Linux)."""
    status = Path(f"/proc/{ear.processes[0]}/status").read_text()
    held = int(status.split("VmHWM:")[1].split()[0]) // 1024
    return "speech: memory of the worker", f"{held} MB"


if __name__ == "__main__":
    for name, figure in run(Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else MODEL):
        print(f"{name:<72} {figure:>8}")
