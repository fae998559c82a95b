"""The words of a text as the full-text index sees them: folded, stemmed, without stop words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from Stemmer import Stemmer

_WORD = re.compile(r"\w+")
_stemmer = Stemmer("porter")

STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be because been before being both but by can "
    "could d did do does doing don during each few for from further had has have having he her "
    "here hers him his how i if in into is it its itself just ll m me more most my no nor not now "
    "of off on once only or other our out over own re s same she should so some such t than that "
    "the their them then there these they this those through to too under until up ve very was we "
    "were what when where which while who whom whose why will with would you your tell please "
    "many much".split()
)
"""Words that say nothing of what is asked for; ours, of the usual English ones."""


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The word folded and stemmed by Porter's algorithm, as FTS5's `porter unicode61` does."""
    folded = word.casefold()
    if not folded.isascii():
        parted = unicodedata.normalize("NFKD", folded)
        folded = "".join(each for each in parted if not unicodedata.combining(each))
    return str(_stemmer.stemWord(folded))


STOP_STEMS = frozenset(map(stem, STOP_WORDS))


def words(text: str) -> list[str]:
    """The words of the text as written, in order."""
    return _WORD.findall(text)


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """The stems of all words of the text, in order; those of a sentence are asked for often."""
    # Most text is ASCII, where this finds the same words in a third of the time.
    found = text.translate(_PARTED).split() if text.isascii() else _WORD.findall(text)
    return tuple(map(stem, found))


_PARTED = {
    code: each.lower() if _WORD.fullmatch(each) else " "
    for code in range(128)
    for each in chr(code)
}


def content_words(text: str) -> list[str]:
    """The words of the text that are no stop words; all of them when nothing else is left."""
    found = words(text)
    return [word for word in found if word.casefold() not in STOP_WORDS] or found
