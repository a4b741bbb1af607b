"""How an answer was given, not what it says: counted by code, in four languages, and never part of any score."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

from ai.text import plain, words

WORDS_A_MINUTE = 130
SHORTEST_SPEECH = 5.0
LONG_PAUSE = 2.0
FALLBACK = "en"
NUMBER = re.compile(r"(?<!\w)\d+(?:[.,:]\d+)*")
Cues = Mapping[str, str]


def _table(**by_language: str) -> Cues:
    return MappingProxyType(by_language)


MYSELF = _table(
    en="i|i'm|i've|i'd|i'll|me|my|mine|myself",
    de="ich|mich|mir|mein|meine|meinen|meinem|meiner|meines",
    es="yo|me|mi|mis|mí|conmigo",
    fr="je|j'\\w+|me|m'\\w+|moi|mon|ma|mes",
)
TOGETHER = _table(
    en="we|we're|we've|we'd|we'll|us|our|ours|ourselves",
    de="wir|uns|unser|unsere|unseren|unserem|unserer",
    es="nosotros|nosotras|nos|nuestro|nuestra|nuestros|nuestras",
    fr="nous|notre|nos",
)
FILLERS = _table(
    en="um+|uh+|erm?|hmm+|you know|i mean|sort of|kind of|basically|actually|like i said",
    de="äh+m?|ähm+|hm+|halt|sozusagen|quasi|irgendwie|eigentlich",
    es="eh+|em+|este|o sea|pues|bueno|digamos|en plan",
    fr="euh+|hum+|ben|bah|du coup|en fait|genre|voilà|quoi",
)
RESULT = _table(
    en="as a result|in the end|led to|so that|since then|afterwards|the result|turned out|reduced|increased|improved|"
    "saved|finished|solved|succeeded|cut|fell (?:from|to|by)|rose (?:from|to|by)|went (?:down|up)|dropped|grew",
    de="am ende|ergebnis|dadurch|seitdem|danach|schließlich|führte|gesunken|gestiegen|verbessert|gespart|gelöst|geschafft|"
    "sank|stieg|verringert",
    es="al final|resultado|desde entonces|como consecuencia|gracias a|redujo|redujimos|reduje|aumentó|mejoró|mejoramos|"
    "ahorramos|logré|logramos|conseguí|conseguimos",
    fr="à la fin|au final|résultat|depuis|grâce à|finalement|réduit|augmenté|amélioré|gagné|réussi|résolu|baissé",
)
SITUATION = _table(
    en="when|once|last (?:year|month|week|summer|winter|autumn|spring)|at the time|in my (?:last|first|previous|team|job)|"
    "while|during|years? ago|months? ago|worked (?:at|in|as|for)",
    de="als|damals|letztes|letzten|letzte|in meine[mr]|während|vor (?:\\w+ )?jahr\\w*|einmal",
    es="cuando|una vez|el año pasado|hace|en mi|durante|trabajaba",
    fr="quand|lorsque|une fois|l'année dernière|il y a|dans mon|dans ma|pendant|travaillais",
)
TASK = _table(
    en="had to|needed to|my (?:task|job|role|goal) was|was (?:asked|supposed|responsible)|were (?:asked|supposed)|the goal|"
    "the problem|wanted to|should have",
    de="musste|mussten|sollte|sollten|aufgabe|ziel|zuständig|problem|wollte",
    es="tenía que|teníamos que|debía|mi tarea|objetivo|encargad[oa]|problema|quería",
    fr="devais|devions|fallait|ma tâche|objectif|chargée?|problème|voulais",
)
ACTION = _table(
    en=r"(?:i|we) (?:\w+ly |also |then |first )?(?:\w+ed|made|took|gave|built|wrote|told|spoke|met|set|found|began|"
    "brought|ran|led|went|chose|put|got|held|kept|sent|drew|taught|cut)",
    de="habe ich|ich habe|wir haben|haben wir|ich \\w+te|wir \\w+ten",
    es="\\w{3,}(?:é|í|amos|imos)",
    fr="j'ai|nous avons|on a",
)
STORY = MappingProxyType({"situation": SITUATION, "task": TASK, "action": ACTION, "result": RESULT})


@dataclass(frozen=True, slots=True)
class Pauses:
    """The pauses of more than two seconds between the first word and the last: how many, and their seconds in all."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is known of an answer that was spoken: what the machine heard, how many seconds it took, and its long pauses.

    These are None if it is not known when somebody spoke.
    """

    heard: str
    seconds: float
    pauses: Pauses | None = None


def long_pauses(speech: Sequence[tuple[float, float]]) -> Pauses | None:
    """Count the long pauses between stretches of speech, given in seconds and in order; None without any stretch."""
    if not speech:
        return None
    gaps = [begin - end for (_, end), (begin, _) in pairwise(speech)]
    long = [gap for gap in gaps if gap > LONG_PAUSE]
    return Pauses(len(long), sum(long))


@dataclass(frozen=True, slots=True)
class Mirror:
    """What a listener might notice of an answer. Counts are of words that were found, so each may miss some.

    `seconds` is how long it took or, if it was typed, how long it would take to say; `pace`, words a minute, and `fillers`
    are None if it was not spoken; `pauses` counts those of more than two seconds, `pause_share` is their share of the
    time in percent, and both are None, too, if it is not known when somebody spoke. `terms` are words of the trade that were used. `story` tells for each part of a story,
    in order, whether words for it were found; it is empty for other questions.
    """

    words: int
    seconds: int
    pace: int | None
    fillers: int | None
    pauses: int | None
    pause_share: int | None
    myself: int
    together: int
    numbers: list[str]
    names_result: bool
    terms: list[str]
    story: dict[str, bool]


def mirror_of(
    answer: str,
    *,
    language: str,
    terms: Sequence[str] = (),
    is_story: bool = False,
    spoken: Spoken | None = None,
) -> Mirror:
    """Look at how `answer` was given. Deterministic; a language without tables is looked at as English."""
    text = plain(answer).casefold()
    count = len(words(answer))
    timed = spoken if spoken and spoken.seconds >= SHORTEST_SPEECH else None
    said = plain(timed.heard).casefold() if timed else ""
    pauses = timed.pauses if timed else None
    return Mirror(
        words=count,
        seconds=round(timed.seconds if timed else count * 60 / WORDS_A_MINUTE),
        pace=round(len(words(said)) * 60 / timed.seconds) if timed else None,
        fillers=_count(FILLERS, said, language) if timed else None,
        pauses=pauses.count if pauses else None,
        pause_share=round(100 * pauses.seconds / timed.seconds) if timed and pauses else None,
        myself=_count(MYSELF, text, language),
        together=_count(TOGETHER, text, language),
        numbers=NUMBER.findall(text),
        names_result=bool(_count(RESULT, text, language)),
        terms=[term for term in terms if _count({FALLBACK: re.escape(term.casefold())}, text, "")],
        story=_story(text, language) if is_story else {},
    )


def _story(text: str, language: str) -> dict[str, bool]:
    return {part: bool(_count(cues, text, language)) for part, cues in STORY.items()}


def _count(cues: Cues, text: str, language: str) -> int:
    listed = cues.get(language, cues[FALLBACK])
    return len(re.findall(rf"(?<!\w)(?:{listed})(?!\w)", text))
