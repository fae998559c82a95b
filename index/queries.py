"""A question taken apart: the words to look for, what they may be misspelt for, and its time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.abbreviations import abbreviations, spelled
from index.ports import Vectors
from index.shelves import View
from index.times import Period, asked_period
from index.words import content_words, stem, stems, words

SHORTEST_MISSPELT = 5
RANKED = 10_000
"""Passages that full text ranks for a question, about. Every one that has any of the words is
ranked, so a word of every tenth passage costs more than all others together; what it is worth is
counted in the candidates all the same."""
LONG_WORD = 8
"""Letters: shorter words are corrected by one letter, those from here on by two."""

_MAY_HOLD_ABBREVIATION = re.compile(
    r"\b[A-Z][A-Z&.-]+\b|\b[A-Z]\w+ (?:(?:of|and|the|for) )*[A-Z]\w+"
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart once."""

    text: str
    vector: Vectors
    """Shape (dimension,)."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Stems to look for, with their weight (rarer is more); empty for a question without words."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Stems of words that no document has, and what is looked for instead."""
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(stem of an abbreviation, stems of its long form): either counts as both."""
    period: Period | None = None
    """The time that the question names."""
    common: frozenset[str] = frozenset()
    """Stems that are not worth looking for beside the rarer ones: too many passages have them."""
    generation: int = 0
    """The generation that is searched; 0 when nothing is built."""

    def match(self) -> str:
        """The question for FTS5: any of its words; empty when there is none."""
        also = [word for short, long in self.aliases for word in (short, *long)]
        own = [word for word in content_words(self.text) if stem(word) not in self.common]
        wanted = [*own, *self.corrected.values(), *also]
        return " OR ".join(f'"{word}"' for word in dict.fromkeys(wanted))

    def told(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """The stems of a text, and those that they stand for where an alias says so."""
        for short, long in self.aliases:
            if short in stems:
                stems += long
            elif set(long) <= set(stems):
                stems += (short,)
        return stems


def taken_apart(view: View, question: str, vector: Vectors, today: date) -> Query:
    """The question's stems, each weighted by BM25's inverse document frequency."""
    wanted = list(dict.fromkeys(stem(word) for word in content_words(question)))
    frequencies = view.frequencies(wanted)
    corrected = {each: _nearest(view, each) for each in wanted if each not in frequencies}
    found = {each: near for each, near in corrected.items() if near}
    wanted = list(dict.fromkeys(found.get(each, each) for each in wanted))
    frequencies |= view.frequencies(found.values())
    total = view.passage_count()
    weights = {
        each: math.log(1 + (total - min(total, count) + 0.5) / (count + 0.5))
        for each in wanted
        for count in [frequencies.get(each, 0)]
    }
    period = asked_period(question, today)
    common = _common({each: frequencies.get(each, 0) for each in wanted})
    return Query(question, vector, weights, found, (), period, common, view.generation)


def _common(frequencies: Mapping[str, int]) -> frozenset[str]:
    """The stems that go over what may be ranked, the most frequent ones; never the rarest two."""
    ranked, common = 0, set()
    for number, each in enumerate(sorted(frequencies, key=frequencies.__getitem__)):
        ranked += frequencies[each]
        if number > 1 and ranked > RANKED:
            common.add(each)
    return frozenset(common)


def as_phrase(words_of: str) -> str:
    """The words one after the other for FTS5; empty for fewer than two."""
    found = words(words_of)
    return f'"{" ".join(found)}"' if len(found) > 1 else ""


def may_hold_abbreviation(question: str) -> bool:
    """Whether it has capitals together ("NRF") or capitalised words that could be abbreviated."""
    return bool(_MAY_HOLD_ABBREVIATION.search(question))


def with_aliases(query: Query, texts: Iterable[str]) -> Query:
    """The query with the abbreviations that these texts define, if the question holds any."""
    known = dict(pair for text in texts for pair in abbreviations(text))
    asked = {short: long for short, long in known.items() if spelled(query.text, {short: long})}
    aliases = tuple((stem(short), stems(long)) for short, long in asked.items())
    return replace(query, aliases=aliases)


def _nearest(view: View, unknown: str) -> str | None:
    """The stem of the documents that a misspelt one stands for; None when none is near enough.

    The first letter is taken to be right, as it mostly is (Yannakoudakis and Fawthrop, 1983).
    """
    if len(unknown) < SHORTEST_MISSPELT or not unknown.isalpha():
        return None
    allowed = 1 if len(unknown) < LONG_WORD else 2
    found = process.extractOne(
        unknown, view.vocabulary(unknown[0]), scorer=OSA.distance, score_cutoff=allowed
    )
    return str(found[0]) if found else None
