"""What is said to us is told from an answer, and an answer is never taken for it."""

from __future__ import annotations

import pytest

from ai.aside_replies import TEXTS, Setting, reply_to
from ai.asides import KINDS, AsideKind, aside_kind
from ai.schemas import Mode
from ai.tests.data_files import read
from lab.attacks import everyday

SAID: dict[str, dict[AsideKind, list[str]]] = read("asides.yaml")
HONEST: list[str] = read("asides.yaml")["honest"]
PHRASES = [
    (kind, text)
    for part in ("known", "kept")
    for kind, texts in SAID[part].items()
    for text in texts
]
MODES: tuple[Mode, ...] = ("practice", "screening")


def test_there_are_enough_phrasings_and_half_of_them_were_kept_for_this_test() -> None:
    known, kept = (sum(map(len, SAID[part].values())) for part in ("known", "kept"))

    assert known + kept >= 60
    assert kept >= known


@pytest.mark.parametrize(("kind", "text"), PHRASES)
def test_what_is_said_to_us_is_recognised(kind: AsideKind, text: str) -> None:
    assert aside_kind(text) == kind


@pytest.mark.parametrize("text", read("asides.yaml")["later"])
def test_other_phrasings_are_recognised(text: str) -> None:
    assert aside_kind(text) is not None


@pytest.mark.parametrize(("kind", "text"), PHRASES[::7])
def test_spelling_and_politeness_make_no_difference(kind: AsideKind, text: str) -> None:
    assert aside_kind(f"  {text.upper()}\n") == kind
    assert aside_kind(f"Sorry, {text}") == kind


@pytest.mark.parametrize("text", HONEST)
def test_an_answer_that_holds_such_a_sentence_is_an_answer(text: str) -> None:
    assert aside_kind(text) is None


@pytest.mark.parametrize("text", read("asides.yaml")["stories"])
def test_a_story_of_another_fault_is_an_answer(text: str) -> None:
    assert aside_kind(text) is None


@pytest.mark.parametrize("text", read("asides.yaml")["reports"])
def test_a_report_to_us_is_none_although_it_says_what_was_tried(text: str) -> None:
    assert aside_kind(text) is not None


@pytest.mark.parametrize(("question", "text", "taken_for"), read("asides.yaml")["asked_for"])
def test_what_the_question_asks_for_is_an_answer(question: str, text: str, taken_for: str) -> None:
    assert aside_kind(text) is not None
    assert (aside_kind(text, question=question) is None) is (taken_for == "answer")


def test_everyday_sentences_are_answers() -> None:
    assert [text for text in everyday() if aside_kind(text)] == []


@pytest.mark.parametrize("text", ["", " ", "?!", "sorry " * 59, "can you " * 29, "x" * 20_000])
def test_odd_texts_are_no_asides(text: str) -> None:
    assert aside_kind(text) is None


def setting(**changes: object) -> Setting:
    values = {
        "question_type": "technical",
        "in_other_words": "",
        "is_follow_up": False,
        "language": "en",
        "mode": "practice",
    }
    return Setting(**{**values, **changes})  # type: ignore[arg-type]


def test_the_question_is_given_in_other_words() -> None:
    reply = reply_to("rephrase", setting(in_other_words="What slows a query down?"))

    assert reply == "In other words: What slows a query down?"


@pytest.mark.parametrize("kind", ["technical", "behavioral", "system_design", "situational"])
def test_without_other_words_the_reply_says_what_kind_of_answer_is_asked_for(kind: str) -> None:
    assert reply_to("rephrase", setting(question_type=kind)) == TEXTS["en"][kind]


def test_a_follow_up_is_not_explained_by_its_questions_words() -> None:
    reply = reply_to("rephrase", setting(in_other_words="What slows it?", is_follow_up=True))

    assert "What slows it?" not in reply


@pytest.mark.parametrize("language", sorted(TEXTS))
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_a_reply_in_every_language(kind: AsideKind, mode: Mode, language: str) -> None:
    reply = reply_to(kind, setting(mode=mode, language=language))

    assert len(reply) > len("In other words: ")
    assert "{" not in reply
    assert TEXTS[language].keys() == TEXTS["en"].keys()


def test_only_the_second_one_of_a_screening_is_passed_on() -> None:
    told = TEXTS["en"]["second"]

    assert reply_to("fault", setting(mode="screening", is_second=True)).endswith(told)
    assert told not in reply_to("fault", setting(mode="screening"))
    assert told not in reply_to("fault", setting(is_second=True))
