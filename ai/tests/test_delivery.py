"""The mirror: counts of how an answer was given, in four languages."""

from __future__ import annotations

import pytest

from ai.delivery import Pauses, Spoken, long_pauses, mirror_of

STORIES = {
    "en": "Last year in my team I had to move a server. I planned it with Ana and we tested it twice. In the end it took 2 hours.",
    "de": "Letztes Jahr musste ich einen Server umziehen. Ich habe es geplant, wir haben es 2 Mal geprüft. Am Ende lief es.",
    "es": "El año pasado yo tenía que mover un servidor. Planifiqué todo y nosotros probamos 2 veces. Al final funcionó.",
    "fr": "L'année dernière je devais déplacer un serveur. J'ai tout préparé, nous avons essayé 2 fois. Au final, il marchait.",
}


@pytest.mark.parametrize("language", STORIES)
def test_a_story_shows_its_four_parts_its_people_and_its_numbers(language: str) -> None:
    mirror = mirror_of(STORIES[language], language=language, is_story=True)

    assert mirror.story == dict.fromkeys(("situation", "task", "action", "result"), True)
    assert mirror.myself >= 1
    assert mirror.together >= 1
    assert mirror.numbers == ["2"]
    assert mirror.names_result


def test_platitudes_tell_no_story() -> None:
    mirror = mirror_of("I am a good team player and always honest.", language="en", is_story=True)

    assert mirror.story == dict.fromkeys(("situation", "task", "action", "result"), False)
    assert not mirror.names_result
    assert mirror.numbers == []


def test_only_stories_are_looked_at_as_stories() -> None:
    assert mirror_of(STORIES["en"], language="en").story == {}


def test_what_was_typed_has_a_length_when_spoken_and_no_pace() -> None:
    mirror = mirror_of("word " * 130, language="en")

    assert (mirror.words, mirror.seconds, mirror.pace, mirror.fillers) == (130, 60, None, None)


def test_what_was_spoken_has_a_pace_and_the_fillers_that_were_heard() -> None:
    spoken = Spoken("Um, I mean the index, uh, helps the query you know.", 6.0)

    mirror = mirror_of("The index helps the query.", language="en", spoken=spoken)

    assert (mirror.seconds, mirror.pace, mirror.fillers) == (6, 110, 4)


def test_only_pauses_of_more_than_two_seconds_between_words_count() -> None:
    speech = [(5.0, 6.0), (8.0, 9.0), (11.5, 12.0), (15.0, 16.0)]

    assert long_pauses(speech) == Pauses(2, 5.5)
    assert long_pauses(speech[:2]) == Pauses(0, 0)


def test_where_nobody_is_known_to_speak_no_pause_is_counted() -> None:
    assert long_pauses([]) is None


def test_what_was_spoken_has_its_pauses_with_their_share() -> None:
    mirror = mirror_of("Yes.", language="en", spoken=Spoken("Yes.", 20.0, Pauses(2, 5.0)))

    assert (mirror.pauses, mirror.pause_share) == (2, 25)


@pytest.mark.parametrize(
    "spoken", [None, Spoken("Yes.", 20.0), Spoken("Yes.", 4.0, Pauses(1, 3.0))]
)
def test_what_was_typed_or_is_not_timed_has_no_pauses(spoken: Spoken | None) -> None:
    mirror = mirror_of("Yes.", language="en", spoken=spoken)

    assert mirror.pauses is mirror.pause_share is None


def test_a_breath_has_no_pace() -> None:
    assert mirror_of("Yes.", language="en", spoken=Spoken("Yes.", 0.4)).pace is None


def test_terms_of_the_trade_are_found_as_whole_words() -> None:
    mirror = mirror_of("We added an Index in C++.", language="en", terms=["index", "C++", "add"])

    assert mirror.terms == ["index", "C++"]


def test_an_empty_answer_and_a_language_without_tables_are_looked_at_too() -> None:
    assert mirror_of("", language="en").words == 0
    assert mirror_of("I did it", language="it").myself == 1
