"""Guesses where a speaker pauses, so that a transcript without any mark falls into the same clauses as a typed text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

# Ten times the log-odds that a clause ends with a word (`ENDS`) or begins with it (`BEGINS`), a logistic model of both
# counted at the clause borders of the bank's reference answers; "~ed" stands for other words with that ending.
ENDS_WITH = """
back:22 well:22 day:18 them:18 again:17 there:17 time:16 ~s:15 it:15 too:15 ~ed:13 ~ly:12 ~:11 ~0:10 ~ing:10 are:0
before:-4 has:-4 in:-5 is:-5 only:-5 ask:-6 can:-6 from:-6 was:-6 be:-7 for:-7 my:-7 tell:-7 where:-7 of:-8 say:-8
since:-8 such:-8 without:-8 after:-9 because:-9 but:-9 how:-9 who:-9 an:-10 at:-11 not:-11 they:-11 whether:-11
which:-11 would:-11 by:-12 look:-12 to:-12 with:-12 we:-13 what:-15 as:-16 if:-16 so:-16 or:-17 that:-17 a:-20 and:-23
i:-25 the:-26 then:-26
"""
BEGINS_WITH = """
then:40 which:32 because:28 so:25 if:21 perhaps:21 i:19 since:19 while:18 but:17 such:13 after:9 he:9 each:6 next:6 we:6
and:5 how:5 keep:5 somebody:5 also:4 for:1 first:0 what:-1 ~0:-3 ~ing:-3 a:-3 with:-3 the:-5 ~:-10 ~ed:-10 ~ly:-11
~s:-11 go:-11 in:-11 it:-11 by:-12 into:-12 way:-12 about:-13 per:-13 would:-13 again:-14 back:-14 over:-14
something:-14 up:-14 down:-15 has:-15 may:-15 on:-15 than:-15 not:-16 be:-18 to:-18 out:-19 that:-19 them:-19 are:-21
is:-21 of:-27
"""
SHORTEST, LONGEST, LIKELY = 3, 12, 6
ENDING = re.compile(r"(?:ing|ed|ly|(?<!s)s)$")
EDGES = "'\"()[]-/%+,"


def _odds(listed: str) -> dict[str, int]:
    return {word: int(odds) for word, _, odds in (item.partition(":") for item in listed.split())}


ENDS, BEGINS = _odds(ENDS_WITH), _odds(BEGINS_WITH)


def pauses(tokens: Sequence[str]) -> list[int]:
    """Return the places at which clauses of 3 to 12 words begin, 0 among them.

    A border is where it is likely, and likelier than at its neighbours; what is still too long is cut in two at the
    likeliest place near its middle. So a border depends on the words around it, and hardly on where the text begins.
    """
    words = [token.casefold().strip(EDGES) for token in tokens]
    odds = [0, *(_odds_between(*pair) for pair in pairwise(words))]
    found = [0]
    for at in range(SHORTEST, len(words) - SHORTEST + 1):
        near = odds[max(1, at - SHORTEST + 1) : at + SHORTEST]
        if odds[at] >= max(LIKELY, *near) and at - found[-1] >= SHORTEST:
            found.append(at)
    stretches = pairwise([*found, len(words)])
    return [at for start, end in stretches for at in _halved(odds, start, end)]


def _odds_between(before: str, after: str) -> int:
    return ENDS.get(before, ENDS[_class(before)]) + BEGINS.get(after, BEGINS[_class(after)])


def _halved(odds: Sequence[int], start: int, end: int) -> list[int]:
    """Return where the parts of a stretch begin, none of them of more than 12 words."""
    if end - start <= LONGEST:
        return [start]
    reach = range(start + SHORTEST, end - SHORTEST + 1)
    at = max(reach, key=lambda at: odds[at] - abs(at - (start + end) // 2))
    return [*_halved(odds, start, at), *_halved(odds, at, end)]


def _class(word: str) -> str:
    """Return the class of a word that is not listed: a number, or its ending."""
    if word[:1].isdigit():
        return "~0"
    ending = ENDING.search(word) if len(word) > 4 else None  # noqa: PLR2004 - too short to have an ending
    return f"~{ending.group()}" if ending else "~"
