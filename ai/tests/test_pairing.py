"""Which sentence of a model answer a key point is about."""

from __future__ import annotations

from ai.pairing import sentences_about

TEXT = "A job copies the data every night. The copies are encrypted. Twice a year we restore one as a drill."
GERMAN = "Ich sichere die Daten jede Nacht. Zweimal im Jahr übe ich das Wiederherstellen der Daten."


def found(points: list[str], text: str) -> list[str | None]:
    return [text[at.start : at.end] if at else None for at in sentences_about(points, text)]


def test_a_point_is_paired_with_the_sentence_that_shares_its_rare_words() -> None:
    points = ["Data is copied every night", "A copy is restored as a drill", "Copies are encrypted"]

    assert found(points, TEXT) == [
        "A job copies the data every night.",
        "Twice a year we restore one as a drill.",
        "The copies are encrypted.",
    ]


def test_small_words_of_any_language_pair_nothing() -> None:
    assert found(["Ich habe die Kosten im Blick"], GERMAN) == [None]
    assert found(["Das Wiederherstellen wird zweimal im Jahr geübt"], GERMAN) != [None]


def test_a_point_of_something_else_and_an_empty_text_are_paired_with_nothing() -> None:
    assert found(["Customers are told in person"], TEXT) == [None]
    assert found(["Copies are encrypted", "..."], "") == [None, None]
