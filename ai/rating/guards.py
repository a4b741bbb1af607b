"""Names what is odd about an answer before it is read: lists, echoes and the like."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ai.defence import addresses_rater
from ai.language import ENGLISH, other_language
from ai.text import Clause, content_stems, plain, stem, words

DONT_KNOW = re.compile(
    r"\bi\s+(?:\w+\s+)?(?:do not|don't|dont)\s+(?:\w+\s+)?(?:know|remember|have (?:an?|any) (?:answer|idea|clue))\b"
    r"|\bi (?:have|had) no (?:idea|clue|answer)\b|\b(?:no|not (?:an?|any)) (?:idea|clue|answer)\b"
    r"|\b(?:i am|i'm|im)?\s*not (?:really )?sure\b|\bi (?:can't|cannot|can not) (?:answer|say)\b"
    r"|\b(?:i (?:would )?(?:like to )?(?:pass|skip)|never heard of (?:it|this|that)|next question)\b|^\W*(?:n/?a|pass|skip|none|nothing)\W*$"
    r"|\b(?:i|i've|i have|we|we've|we have) (?:never|not|haven't|have not) (?:really |actually |ever |yet )?"
    r"(?:done|did|used|seen|had|met|tried|faced|had to do|dealt with|worked (?:with|on)|come across|been in)"
    r" (?:it|this|that|one|any|anything like (?:it|this|that)|(?:such )?a situation(?: like (?:it|this|that))?)\b"
    r"|\b(?:haven't|have not) (?:ever )?(?:done|used|seen|had|tried|dealt with|worked (?:with|on)|come across) (?:it|this|that|one)\b"
    r"|\b(?:i would|i'd|i) (?:just |only )?(?:have to guess|be (?:only |just )?guessing)\b",
    re.IGNORECASE,
)
SMALL_TALK_WORDS = "sorry honestly really unfortunately question answer think just know sure afraid"
SMALL_TALK = frozenset(SMALL_TALK_WORDS.split())
HOPELESS = frozenset({"blank", "language", "echo", "dont_know"})
FORMULA_SHARE, NOTES, NOTE_WORDS = 0.5, 3, 2.5
ITEM_END = re.compile(r"[,;|/\n\u2022]|(?:^|\s)-\s|\d\.")
FEW_WORDS, LIST_TOKENS, LIST_SHARE, COMMA_LIST_SHARE, COMMAS_PER_WORD = 3, 5, 0.15, 0.3, 0.25
ECHO_SHARE, SAME_START = 0.7, 4
FILLER_WORDS = "ask asked asking well okay ok um uh er hmm please thank thanks good great interesting repeat explain describe tell hello"
FILLER = frozenset(map(stem, (*FILLER_WORDS.split(), *SMALL_TALK)))
TELLING_WORDS = "yes no not never none neither both always only cannot before after first last zero"
NUMBER_WORDS = "one two three four five six seven eight nine ten"
TELLING = frozenset([*TELLING_WORDS.split(), *NUMBER_WORDS.split()])
YES_OR_NO = re.compile(
    r"(?:(?<=[.!?] )|^)(?:is|are|was|were|do|does|did|can|could|should|would|will|has|have|must|may) \w+"
)
CHOICE = re.compile(r"(\w+) or (?:the |an? |to |of |in )?(\w+)")
REPEAT_TOKENS, REPEAT_SHARE, GRAM = 24, 0.6, 4


def text_flags(question: str, answer: str, parts: Sequence[Clause]) -> list[str]:
    """Return those flags that a text has by itself; `parts` are its clauses. One of the first four stands alone.

    `blank`, `language` (not English), `echo`, `dont_know`, `keyword_list`, `repeated`,
    `addresses_rater`, `cut` (longer than is read).
    """
    tokens = words(answer)
    checks = {
        "blank": not tokens,
        "language": other_language(answer) != "",
        "echo": is_echo(question, answer),
        "dont_know": is_dont_know(answer),
        "keyword_list": is_keyword_list(answer),
        "repeated": is_repeated(tokens),
        "addresses_rater": addresses_rater(answer),
    }
    found = [name for name, is_so in checks.items() if is_so]
    return found[:1] if HOPELESS.intersection(found) else found


def is_echo(question: str, answer: str) -> bool:
    """At least 70 % of the question's meaningful words, and nothing that answers it: no new word, number, denial or choice."""
    asked, given = content_stems(question), content_stems(answer)
    if not asked or len(asked & given) < ECHO_SHARE * len(asked):
        return False
    new = [one for one in given - asked - FILLER if not _inflects(one, asked)]
    return not new and not (_tells(question, answer) or _chooses(question, answer))


def _inflects(given: str, asked: set[str]) -> bool:
    """Tell whether a stem is the question's own word in another form."""
    return len(given) >= SAME_START and any(one[:SAME_START] == given[:SAME_START] for one in asked)


def _tells(question: str, answer: str) -> bool:
    """Tell whether a number, a yes or a denial is new, or a question for yes or no became a statement."""
    asked, given = words(question), words(answer)
    new = {word for word in given if word in TELLING or word.isdigit() or word.endswith("n't")}
    opening = YES_OR_NO.search(plain(question).casefold())
    return bool(new.difference(asked)) or (
        opening is not None and opening[0] not in " ".join(given)
    )


def _chooses(question: str, answer: str) -> bool:
    """Tell whether of two things with an "or" between them only one is left."""
    left = set(words(answer))
    return any(
        len(left.intersection(two)) == 1 for two in CHOICE.findall(plain(question).casefold())
    )


def is_dont_know(answer: str) -> bool:
    """Says that there is no answer, and hardly anything else."""
    rest, times = DONT_KNOW.subn(" ", plain(answer))
    return times > 0 and len(content_stems(rest) - SMALL_TALK) <= FEW_WORDS


def is_keyword_list(answer: str) -> bool:
    """Hardly any of the small words that sentences are made with, or few of them and many commas.

    A calculation has none of them either, and is no list of terms; nor are notes, several items of some words each.
    """
    everything = words(answer)
    tokens = [token for token in everything if len(token) > 1 and not token.isdigit()]
    if len(tokens) < max(LIST_TOKENS, FORMULA_SHARE * len(everything)):
        return False
    items = [item for item in ITEM_END.split(answer) if words(item)]
    if len(items) >= NOTES and len(everything) >= NOTE_WORDS * len(items):
        return False
    small = sum(token in ENGLISH for token in tokens) / len(tokens)
    commas = sum(mark in ",;|/\n" for mark in answer) / len(tokens)
    return small < LIST_SHARE or (small < COMMA_LIST_SHARE and commas > COMMAS_PER_WORD)


def is_repeated(tokens: Sequence[str]) -> bool:
    """Most runs of four words occur more than once."""
    runs = list(zip(*(tokens[at:] for at in range(GRAM)), strict=False))
    return len(tokens) >= REPEAT_TOKENS and len(set(runs)) < REPEAT_SHARE * len(runs)
