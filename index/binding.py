"""Whether the names and numbers of a sentence stand with the same words as in the evidence.

A sentence on several sentences of the text could else give to one person what is said of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.claims import Claim, Token

BESIDE = 2
"""Words with a sense on each side that a name or number is looked at with."""
TOGETHER = 0.5
"""The share of them that must stand with it in one sentence of the evidence."""

_POINTS_BACK = re.compile(
    r"\W*(?:it|its|he|his|she|her|they|their|this|these|that|those|such|there)\b",
    re.IGNORECASE,
)


def points_back(text: str) -> bool:
    """Whether a sentence begins with a word that stands for something before it."""
    return bool(_POINTS_BACK.match(text))


def unbound(draft: Claim, units: Sequence[Sequence[Claim]]) -> str | None:
    """A name or number that stands with other words than in the evidence; None without one.

    `units` are the sentences of the evidence; those that point back are in one with the one before.
    """
    if len(units) < 2:
        return None
    held = [frozenset().union(*(each.stems for each in unit)) for unit in units]
    words = [each for each in draft.words if each.is_content]
    names = {id(each) for name in draft.names for each in name}
    for at, word in enumerate(words):
        if id(word) in names or word.digits:
            beside = _beside(words, at, names)
            stems = [each for each in held if word.stem in each]
            if beside and stems and max(_share(beside, each) for each in stems) < TOGETHER:
                return word.text
    return None


def _beside(words: Sequence[Token], at: int, names: set[int]) -> list[Token]:
    """The nearest plain words before and after a word."""

    def plain(some: Sequence[Token]) -> list[Token]:
        return [each for each in some if id(each) not in names and not each.digits][:BESIDE]

    return [*plain(words[:at][::-1]), *plain(words[at + 1 :])]


def _share(words: Sequence[Token], stems: frozenset[str]) -> float:
    return sum(each.stem in stems for each in words) / len(words)
