"""Says whether an answer is code alone, without a sentence about it."""

from __future__ import annotations

import re

from ai.language import ENGLISH
from ai.text import words

FENCE = re.compile(r"^\s*(?:```|~~~)[\w+-]*\s*$")
COMMENT = re.compile(r"(?:#(?!include)|//|--\s|/\*|<!--|^\s*\*)\s*(.*)$")
LETTERS = re.compile(r'"[^"\n]*"|' + r"'[^'\n]*'|`[^`\n]*`")
STATEMENT = re.compile(
    r"""
    \w[^.!?]*[{}]\s*$ | [()\[\]<>=.][^!?]*;\s*$ | ^\s*(?:async\s+)?(?:def|class)\s+\w+.*:\s*$ | ^\s*(?:import\s+\w|from\s+[\w.]+\s+import\b|\#include\b)
    | ^\s*(?:for|while|if|elif|with|except)\b.+:\s*$ | ^\s*(?:const|let|var)\s+[\w\[{] | ^\s*@\w+(?:\(|\s*$)|^\s*</?\w+[^>]*> | ^=[A-Z]+\(
    | ^\s*(?:SELECT\b.+\bFROM|SELECT|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+(?:TABLE|INDEX|VIEW)|ALTER\s+TABLE)\b
    | ^\s*(?:\$\s*)?(?:docker|kubectl|git|npm|pip|terraform|helm)\s+(?:run|build|push|pull|exec|compose|rollout|apply|get|rebase|commit|checkout
        |merge|reset|revert|install|init|plan)\b(?:\s+\w+)?(?:\s+[^\s\-/:.=~]*[-/:.=~]\S*(?:\s+\w+)?)*(?:\s+\w+)?\s*$
    | ^\s*(?:public|private|protected|static|func|fn)\s+.*[({]\s*$ | ^\s{2,}[\w-]+:\s+\S+\s*$ | \[.+\bfor\b.+\bin\b.+\]\s*$
    """,
    re.VERBOSE,
)
FEWEST_SAID, PROSE_WORDS = 5, 2
# A longer line is no code, which also bounds what the patterns take.
LONGEST_LINE = 200
USED_BY_PROGRAMS = "and or not in is if for with as from by on do this then when which at to into has have get it be"
PROSE = ENGLISH.difference(USED_BY_PROGRAMS.split())
LINE = re.compile(
    r"""
    ^\s*[\])}]+[;,)]*\s*$ | [({\[,]\s*$ | \):\s*$ | ^\s*[\w.\[\]"']+\s*[-+*/]?=\s*\S | \w\(.*\)\s*[;,:{]?\s*$ | ^\s*[\w-]+:(?:\s+\S+)?\s*$
    | ^\s*(?:return|else|try|except|finally|yield|raise|pass|await|break|continue|FROM|WHERE|GROUP\s+BY|ORDER\s+BY|HAVING|LIMIT
        |(?:LEFT|INNER|RIGHT)?\s*JOIN|ON|AND|OR|VALUES|SET|WITH|RUN|COPY|CMD)\b
    | ^\s*\w+\s+(?:int|integer|bigint|serial|text|varchar|boolean|date|timestamp|numeric)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_code_alone(text: str) -> bool:
    """Tell whether every line of an answer is code, and no comment or line of it says anything in words.

    Notes, formulas in sentences, and code with a sentence before, after or beside it are answers: this errs towards them.
    """
    lines = [line for line in text.splitlines() if line.strip() and not FENCE.match(line)]
    if any(len(line) > LONGEST_LINE for line in lines):
        return False
    said = [word for line in lines for word in _said(line)]
    has_statement = any(STATEMENT.search(line) for line in lines)
    return has_statement and all(map(_is_code, lines)) and len(said) < FEWEST_SAID


def _is_code(line: str) -> bool:
    """Tell whether a line is code or a comment; a line of words is neither, however it ends."""
    bare = COMMENT.sub("", line)
    if not bare.strip():
        return True
    looks_so = STATEMENT.search(bare) or LINE.search(bare)
    return bool(looks_so) and _small_words(LETTERS.sub(" ", bare)) < PROSE_WORDS


def _said(line: str) -> list[str]:
    """Return the words of a comment."""
    comment = COMMENT.search(LETTERS.sub(" ", line))
    return words(comment[1]) if comment else []


def _small_words(line: str) -> int:
    """Count the small words that programs have no use for."""
    return sum(word.casefold() in PROSE for word in re.findall(r"[A-Za-z']{2,}", line))
