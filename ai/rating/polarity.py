"""Tells whether two texts say opposite things about the same matter; cautious, by words alone."""

from __future__ import annotations

import re
from collections import defaultdict

from ai.language import ENGLISH
from ai.text import plain, stem

NEGATING = (
    "not no never none nothing nobody neither nor without cannot hardly barely isn't aren't wasn't weren't don't "
    "doesn't didn't won't wouldn't can't couldn't shouldn't haven't hasn't hadn't mustn't needn't dont doesnt isnt "
    "arent wasnt cant wont didnt false untrue impossible "
    "avoid avoids avoiding prevent prevents preventing refuse refuses stop stops lack lacks fail fails "
    "forbid forbids unless"
)
NEGATORS = frozenset(NEGATING.split())
NOT_ONLY = frozenset(["only", "just", "merely", "necessarily", "always", "sure"])
TURNING = "and but because so which whereas while although though however since therefore"
TURNS = frozenset(TURNING.split())
TOKEN = re.compile(r"[^\W\d_]+(?:['\"][^\W\d_]+)?|\d+|[.,;:!?]")
MARKS = frozenset(".,;:!?")
REACH, WHOLE_CLAUSE = 6, 40
ANTONYM = 1.5
OPPOSITE = 0.5
DOUBT = 0.5
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
hot/cold hide/show hides/shows heavier/lighter heavy/light hard/soft harder/softer dissolve/solid
attract/repel absorb/reflect expand/contract warm/cool warmer/cooler
"""


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pair in PAIRS.split():
        one, _, other = pair.partition("/")
        found[stem(one)].add(stem(other))
        found[stem(other)].add(stem(one))
    return {word: frozenset(others - {word}) for word, others in found.items()}


OPPOSITES = _opposites()


def is_opposite(wanted: str, given: str) -> bool:
    """Tell whether one of two texts negates what both speak of, or swaps a word for its antonym."""
    return conflict(wanted, given) >= OPPOSITE


def conflict(wanted: str, given: str) -> float:
    """Return the share, 0-1, of the words touched by a negation or an antonym on which two texts disagree.

    A word that both texts use counts as agreed where both negate it and as a clash where one does; scopes of
    negation are those of NegEx (Chapman et al., 2001): six words, or up to the next mark or conjunction. A word
    whose antonym is in the other text clashes unless just one of them is negated. Half a word is always taken for agreed,
    so that a single one proves less than several. A heuristic: it does not see
    irony, quantities or reversed roles.
    """
    ours, theirs = signs(wanted), signs(given)
    agreed = sum(-1 in ours[word] & theirs[word] for word in ours.keys() & theirs.keys())
    clashes: float = sum(not ours[word] & theirs[word] for word in ours.keys() & theirs.keys())
    for word, other in _antonyms(ours, theirs):
        if ours[word] & theirs[other]:
            clashes += ANTONYM
        else:
            agreed += 1
    return clashes / (clashes + agreed + DOUBT) if clashes else 0.0


def _antonyms(ours: dict[str, set[int]], theirs: dict[str, set[int]]) -> list[tuple[str, str]]:
    """Return the pairs of antonyms of which each text has one word, and not the other's."""
    return [
        (word, other)
        for word in sorted(ours.keys() & OPPOSITES.keys() - theirs.keys())
        for other in sorted(OPPOSITES[word] & theirs.keys() - ours.keys())
    ]


def signs(text: str) -> dict[str, set[int]]:
    """Return for each meaningful stem the signs it occurs with: 1 plainly, -1 within a negation."""
    found: dict[str, set[int]] = defaultdict(set)
    tokens = [token.replace('"', "'") for token in TOKEN.findall(plain(text).casefold())]
    left = 0
    for at, token in enumerate(tokens):
        following = tokens[at + 1 : at + 4]
        if token in NEGATORS:
            left = _scope(left, following)
        elif token in MARKS or token in TURNS:
            left = left if left > REACH else 0
        else:
            if token not in ENGLISH and len(token) > 1:
                found[stem(token)].add(-1 if left else 1)
            left = max(0, left - 1)
    return dict(found)


def _scope(left: int, following: list[str]) -> int:
    """Return how many words a negator reaches: none after "not only", all after "not true that"."""
    if following[:1] and following[0] in NOT_ONLY:
        return left
    if left:
        return 0
    return WHOLE_CLAUSE if "that" in following else REACH
