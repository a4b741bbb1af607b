"""Tells whether two texts say opposite things about the same matter; cautious, by words alone."""

from __future__ import annotations

from collections.abc import Sequence

from ai.text import content_stems, stem, words

NEGATING = (
    "not no never none nothing nobody neither nor without cannot hardly barely isn't aren't wasn't weren't don't "
    "doesn't didn't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't mustn't needn't dont doesnt isnt "
    "cant wont "
    "avoid avoids avoiding prevent prevents preventing refuse refuses stop stops instead lack lacks fail fails "
    "forbid forbids unless"
)
NEGATORS = frozenset(NEGATING.split())
NOT_ONLY = frozenset(["only", "just", "merely", "necessarily", "always", "sure"])
REACH = 5
PAIRS = """
open/closed open/close connected/disconnected connected/separated connect/disconnect
same/different equal/different equal/unequal increase/decrease increases/decreases higher/lower
high/low more/less more/fewer faster/slower fast/slow larger/smaller bigger/smaller large/small
longer/shorter long/short strong/weak always/never all/none everybody/nobody before/after
first/last safe/unsafe possible/impossible allowed/forbidden allow/forbid accept/reject
accept/refuse enable/disable enabled/disabled include/exclude positive/negative true/false
valid/invalid right/wrong correct/incorrect public/private early/late earlier/later
dependent/independent synchronous/asynchronous ordered/unordered sorted/unsorted
stable/unstable mutable/immutable known/unknown complete/incomplete damaged/undamaged lose/keep
loses/keeps worse/better worst/best up/down rise/fall rises/falls gain/lose cheap/expensive
hot/cold hide/show hides/shows
"""
ANTONYMS = tuple((a, b) for a, _, b in (pair.partition("/") for pair in PAIRS.split()))


def is_opposite(wanted: str, given: str) -> bool:
    """Tell whether one of two texts negates what both speak of, or swaps a word for its antonym.

    A heuristic: negators within five words before a shared word are counted, as in NegEx (Chapman et al.,
    2001), and compared by parity; it does not see irony, quantities or reversed roles.
    """
    common = content_stems(wanted) & content_stems(given)
    if not common:
        return False
    flips = _negations(words(wanted), common) + _negations(words(given), common)
    return (flips + _antonyms(set(words(wanted)), set(words(given)))) % 2 == 1


def _negations(tokens: Sequence[str], about: set[str]) -> int:
    """Count the negating words that stand shortly before a word whose stem is in `about`."""
    return sum(_negates(tokens, at, about) for at in range(len(tokens)))


def _negates(tokens: Sequence[str], at: int, about: set[str]) -> bool:
    if tokens[at] not in NEGATORS:
        return False
    following = tokens[at + 1 : at + 1 + REACH]
    if following and following[0] in NOT_ONLY:
        return False
    return any(stem(word) in about for word in following)


def _antonyms(wanted: set[str], given: set[str]) -> int:
    """Count the pairs of antonyms of which either text has one word, and not the other's."""
    return sum(
        (a in wanted) != (b in wanted)
        and (a in given) != (b in given)
        and (a in wanted) != (a in given)
        for a, b in ANTONYMS
    )
