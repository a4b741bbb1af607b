"""Code alone is no answer; code with a sentence is."""

from __future__ import annotations

import pytest

from ai.code_only import is_code_alone
from ai.tests.data_files import read
from lab.attacks import everyday

SAMPLES: dict[str, list[str]] = read("code.yaml")


@pytest.mark.parametrize("text", SAMPLES["alone"])
def test_code_without_a_sentence_is_code_alone(text: str) -> None:
    assert is_code_alone(text)


@pytest.mark.parametrize("text", ["", " \n", *SAMPLES["said"]])
def test_whoever_says_something_has_answered(text: str) -> None:
    assert not is_code_alone(text)


def test_sentences_are_no_code() -> None:
    assert [text for text in everyday() if is_code_alone(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "git commit" + " --no-edit" * 40 + " !",
        "[" * 800 + " for in" * 228,
        "and then we talk " * 1200,
        "Listen; apologise; fix; follow up;",
        "I would do it;",
    ],
    ids=["arguments", "brackets", "speech", "notes", "half a sentence"],
)
def test_what_is_long_or_only_ends_like_code_is_read_at_once_and_is_no_code(text: str) -> None:
    assert not is_code_alone(text)
