"""Tells what only reads like something said to us: a story of another fault, or what the question asks to be said."""

from __future__ import annotations

import re
from collections.abc import Sequence

TO_US = re.compile(
    r"\b(?:sorry|apolog\w+|excuse|pardon|please|hello|hi|you|your|question|answer|interview|now|today|yet|still|right now)\b"
)
PAST = re.compile(
    r"\b(?:was|were|did(?: not|n't)?|could(?: not|n't)|had|lost|forgot|missed|pressed|hit|clicked|sent|died|passed|closed"
    r"|froze|crashed|broke|stopped|disappeared|vanished|went|cut|ran|hung|failed|disconnected|dropped)\b"
)
PRESENT = re.compile(
    r"\b(?:is|are|am|does|do|don't|doesn't|isn't|aren't|can't|cannot|keeps?|won't|\w+'m)\b"
)
DONE = r"(?!tried|needed|wanted|waited|seemed)(?:[a-z]{2,}ed|got|took|went|made|did|told|wrote|sent|found|put|set|ran|built|bought|brought|gave|kept|spoke|had|rebuilt|redid|cut|drew|read|showed|rang|fell back|went on|began|chose|swapped)"
ACTOR = r"^(?:(?:so|then|and|but|luckily|afterwards|after that) )*(?:i|we|he|she|they|my \w+|our \w+|the (?:team|it|technician|client|customer|teacher|boss|manager))"
DID = re.compile(rf"{ACTOR} (?:\w+ly |just |then |both |all )?{DONE}\b")
DOES = re.compile(
    rf"{ACTOR}(?:'d|'ll)? (?:\w+ly |just |then |always |would |will )?(?!can|am|are|is|was|do\b|don't|need|want|think|hope|try|know|see\b|hear\b|feel|lost|have no)[a-z]{{3,}}\b"
)
REPAIR = re.compile(
    r"\b(?:restarted|reloaded|refreshed|rebooted|reconnected|reopened|rejoined|logged|switched|changed|plugged|moved|came|opened|closed|typed|clicked|pressed)\b"
)
HABIT = re.compile(
    r"^(?:always|usually|often|every (?:time|day|morning|week|call|meeting|shift|lesson)|each (?:time|call|meeting)|i (?:always|usually|often|never)\b"
    r"|(?:that(?:'s| is| was) )?(?:always )?my (?:very )?(?:first|usual|standard|next|opening|only|second) (?:question|sentence|words?|line|step|reply|thought))"
)
ASKS_FOR_WORDS = re.compile(
    r"\bwhat (?:do|would|will|should|could|can) (?:you|one|an? \w+) (?:first |then )?(?:say|ask|reply|answer|write)\b(?! (?:is|are|was|were)\b)"
    r"|\b(?:which|what)(?: \w+){0,3} questions? (?:do|would|will|should|could) (?:you|one) (?:\w+ )?ask|\bhow (?:do|would) you (?:greet|ask|word|phrase|open (?:a|the) (?:call|talk|meeting))\b|\bin which words\b"
)
ASKS_FOR_A_DEED = re.compile(
    r"\bwhat (?:do|would|will|should|is the first thing) you (?:\w+ )?do\b|\bhow (?:do|would) you (?:react|proceed|begin|start|respond|handle)\b"
)
ASKS_FOR_A_FEELING = re.compile(
    r"\bhow (?:do|does|would|did) [^?.]{0,40}\bfeel\b|\bwhat (?:do|would|did) you feel\b|\bhow (?:do|would) you react\b[^?.]{0,40}\b(?:stress|pressure|nerv|criticism|audience|deadline)"
)
OF_A_FAULT = re.compile(
    r"\b(?:faults?|errors?|crash\w*|breaks?|broke\w*|outages?|incidents?|failures?|fail(?:s|ed)?|goes wrong|went wrong|go wrong|what is wrong|(?:do|does|did) not work|(?:do|does|did)n't work"
    r"|stop(?:s|ped) working|technical (?:problem|difficult|trouble)\w*|cannot be reached|emergency|breakdowns?)\b"
)
BARE = re.compile(r"^(?:wait|hold on|hang on|repeat(?: it)?|test|testing|explain|rephrase)[.!]*$")
FEELING = re.compile(
    r"^i(?:'m| am| feel| am feeling)\b(?!.*\b(?:dark|can't|cannot|this|faint|to (?:go on|continue|answer|think)|attack|about)\b)"
)
OURS = re.compile(
    r"\b(?:question|interview|re-?phras\w*|repeat|answers?|i|i'm|we|sorry|me to|are you an?|recorded|break|skip|hint)\b"
)
ROOMS = re.compile(r"\b(?:text|words?|mic\w*|recording|tab|timer|clock|answers?)\b")
ASKS_WHAT_HAPPENED = re.compile(
    r"\b(?:tell me about|describe|what happened|have you (?:ever )?|when did|last time|an? (?:time|situation|example|case) (?:when|where|in which|that|of))"
)


def is_story(pieces: Sequence[str], kinds: Sequence[str | None]) -> bool:
    """Tell whether what is found is told of another time: in the past, and then what was done about it; or said to be a habit."""
    found = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind]
    if kinds[-1] is None and HABIT.search(pieces[-1]):
        return True
    if kinds[-1] is not None or not DID.search(pieces[-1]) or _is_to_us(pieces):
        return False
    own = any(re.search(r"\bmy\b", piece) for piece in found)
    return all(map(_is_past, found)) and not (own and REPAIR.search(pieces[-1]))


def may_answer(question: str, pieces: Sequence[str], kinds: Sequence[str | None]) -> bool:
    """Tell whether the pieces, all said to us by their words, may as well be what a question asks for.

    That is words to be said, a deed in a word, a feeling, or a fault: what happened, or what is done about one.
    """
    asked = " ".join(question.casefold().replace("\u2019", "'").split())
    of = {kind for kind in kinds if kind}
    if ASKS_FOR_WORDS.search(asked) and of <= {"rephrase", "fault"}:
        return all("?" in piece and not OURS.search(piece) for piece in pieces)
    if ASKS_FOR_A_DEED.search(asked) and all(map(BARE.search, pieces)):
        return True
    if _is_to_us(pieces):
        return False
    if ASKS_FOR_A_FEELING.search(asked) and of == {"distress"}:
        return all(map(FEELING.search, pieces))
    return (
        bool(OF_A_FAULT.search(asked)) and of == {"fault"} and _tells_of_one(asked, pieces, kinds)
    )


def _tells_of_one(asked: str, pieces: Sequence[str], kinds: Sequence[str | None]) -> bool:
    """Tell whether a report of a fault says what was done about it, or at least what happened if that is asked for."""
    if kinds[-1] is None:
        return bool(DID.search(pieces[-1]) or DOES.search(pieces[-1]))
    past = all(map(_is_past, pieces)) and not any(map(ROOMS.search, pieces))
    return past and bool(ASKS_WHAT_HAPPENED.search(asked))


def _is_past(piece: str) -> bool:
    return bool(PAST.search(piece)) and not PRESENT.search(piece)


def _is_to_us(pieces: Sequence[str]) -> bool:
    return any(map(TO_US.search, pieces))
