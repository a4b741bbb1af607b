"""An answer in another language is noticed, and an English one, whatever it talks about, is not."""

from __future__ import annotations

import hashlib

import pytest

from ai.language import MODEL_FILE, name_of, other_language
from ai.tests.data_files import read
from lab.attacks import benign, read_corpus

FOREIGN: dict[str, list[str]] = read("languages.yaml")
FEWEST_LANGUAGES, CAUGHT = 20, 0.97
ENGLISH_NOTES = [
    "Docker, Kubernetes, Terraform, Jenkins, Ansible, Grafana, Prometheus, Helm",
    "Kanban limits WIP, pull not push, small batches",
    "SEO, SEM, email marketing, social media, influencers, PR, retargeting, CRM",
    "The German word Schadenfreude and the French word ennui are hard to translate",
    "I said bonjour to Monsieur Dupont, and he ordered his pain au chocolat as on any other day",
    "Maria Garcia phoned Juan Fernandez about the bed in Santa Monica",
    "BECAUSE IT WAS ATTACHED TO THE POSITIVE TERMINAL.",
    "P(A) = 0.6 * 0.6 * 0.4 = 0.144, P(B) = 6 * 0.6 * 0.4 = 1.44",
]


def test_the_model_is_the_one_that_the_notice_names() -> None:
    digest = hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest()

    assert digest in (MODEL_FILE.parent / "NOTICE").read_text(encoding="utf-8")


def test_other_languages_are_caught_with_english_terms_among_the_words() -> None:
    texts = [text for own in FOREIGN.values() for text in own]

    caught = [text for text in texts if other_language(text)]

    assert len(FOREIGN) >= FEWEST_LANGUAGES
    assert len(caught) >= CAUGHT * len(texts)


@pytest.mark.parametrize("code", ["de", "es", "fr", "pl", "tr", "ru", "ja"])
def test_a_long_answer_is_named_by_its_language(code: str) -> None:
    assert other_language(" ".join(FOREIGN[code])) == code
    assert name_of(code) in {
        "German",
        "Spanish",
        "French",
        "Polish",
        "Turkish",
        "Russian",
        "Japanese",
    }


@pytest.mark.parametrize("code", ["de", "es", "fr"])
def test_an_answer_in_the_interview_s_language_is_expected(code: str) -> None:
    assert [text for text in FOREIGN[code] if other_language(text, expected=code)] == []


def test_english_is_another_language_in_a_german_interview() -> None:
    assert other_language("I would listen to both of them first.", expected="de") == "en"


@pytest.mark.parametrize("text", ENGLISH_NOTES)
def test_english_with_names_terms_capitals_and_formulas_is_english(text: str) -> None:
    assert other_language(text) == ""


@pytest.mark.parametrize("text", read("term_lists.yaml")["lists"])
def test_a_list_of_names_or_codes_is_no_foreign_answer(text: str) -> None:
    assert other_language(text) == ""


@pytest.mark.parametrize("text", read("term_lists.yaml")["sentences"])
def test_sentences_in_capitals_or_full_of_names_are_in_their_language(text: str) -> None:
    assert other_language(text) != ""


def test_most_sentences_in_capitals_are_caught() -> None:
    texts = [text.upper() for own in FOREIGN.values() for text in own]

    assert sum(other_language(text) != "" for text in texts) >= 0.95 * len(texts)


def test_honest_english_is_not_refused() -> None:
    sentences = read_corpus("everyday.yaml")
    english = [
        text for key, own in sentences.items() if key not in {"de", "es", "found"} for text in own
    ]

    assert [text for text in [*english, *benign()[:20]] if other_language(text)] == []


@pytest.mark.parametrize(
    "text", ["", "ok", "no", "si", "ja genau", "ich wei\u00df nicht", "443", "...?"]
)
def test_too_short_to_tell_is_the_interview_s_language(text: str) -> None:
    assert other_language(text) == ""


def test_a_language_without_a_name_is_another_one() -> None:
    assert name_of("ceb") == "another language"
