"""Defence against words to the rater: hidden characters, sentences that speak to it, and two ratings of one answer.

`hidden` and `prepared` make of an answer what a rater reads. `rules` is the table of what such sentences do, made of the
words in `vocabulary`; `detector` finds them, also in the `disguises` that they wear. An answer with such a sentence is
rated with and without it, see `two_ratings`. A finding flags; it never lowers a score.
"""

from ai.defence.detector import addresses_rater, speaks_to_rater, suspects
from ai.defence.prepared import Prepared, prepare, without

__all__ = ["Prepared", "addresses_rater", "prepare", "speaks_to_rater", "suspects", "without"]
