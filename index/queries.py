"""A question taken apart: the words to look for, what they may be misspelt for, and its time."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate, combinations

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.abbreviations import abbreviations, spelled
from index.numerals import other_spellings
from index.shelves import View
from index.times import Period, asked_period
from index.words import content_words, stem, stems, words

SHORTEST_MISSPELT = 5
RANKED = 2_000
"""Passages that full text ranks for words that stand alone, about. Every passage that has any of
them is ranked, so a word of every tenth passage would cost more than all others together. Words
beyond that are looked for in pairs; what each is worth is counted in the candidates all the same.
"""
PAIRED = 3
"""Of the words beyond RANKED, the rarest that are looked for in pairs; beside rare words, two."""
LONG_WORD = 8
"""Letters: shorter words are corrected by one letter, those from here on by two."""

_MAY_HOLD_ABBREVIATION = re.compile(
    r"\b[A-Z][A-Z&.-]+\b|\b[A-Z]\w+ (?:(?:of|and|the|for) )*[A-Z]\w+"
)


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart once."""

    text: str
    weights: Mapping[str, float] = field(default_factory=dict)
    """Stems to look for, with their weight (rarer is more); empty for a question without words."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Stems of words that no document has, and what is looked for instead."""
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """(stem as asked, stems of what it stands for), for abbreviations and numbers: either counts
    as both."""
    period: Period | None = None
    """The time that the question names."""
    common: tuple[str, ...] = ()
    """Stems that too many passages have to look for each alone, the rarest first."""
    generation: int = 0
    """The generation that is searched; 0 when nothing is built."""

    def match(self) -> str:
        """The question for FTS5: any rare word, or two of the others; empty when there is none."""
        also = [word for short, long in self.aliases for word in (short, *long)]
        written = {stem(word): word for word in content_words(self.text)}
        own = [word for each, word in written.items() if each not in self.common]
        corrected = [each for each in self.corrected.values() if each not in self.common]
        alone = [f'"{word}"' for word in dict.fromkeys([*own, *corrected, *also])]
        paired = self.common[:2] if alone else self.common[:PAIRED]
        common = [written.get(each, each) for each in paired]
        pairs = [f'("{one}" AND "{other}")' for one, other in combinations(common, 2)]
        return " OR ".join([*alone, *pairs] or [f'"{word}"' for word in common])

    def told(self, stems: tuple[str, ...]) -> tuple[str, ...]:
        """The stems of a text, and those that they stand for where an alias says so."""
        for short, long in self.aliases:
            if short in stems:
                stems += long
            elif set(long) <= set(stems):
                stems += (short,)
        return stems


def taken_apart(view: View, question: str, today: date) -> Query:
    """The question's stems, each weighted by BM25's inverse document frequency."""
    numbers = {stem(word): other_spellings(word) for word in content_words(question)}
    wanted = list(numbers)
    frequencies = view.frequencies(wanted)
    unknown = [each for each in wanted if each not in frequencies and not numbers[each]]
    corrected = {each: _nearest(view, each) for each in unknown}
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
    aliases = _written_otherwise(view, numbers)
    return Query(question, weights, found, aliases, period, common, view.generation)


def _written_otherwise(
    view: View, numbers: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The spellings of numbers that documents have, as aliases; none that is all over them."""
    other = [(word, stem(each)) for word, spellings in numbers.items() for each in spellings]
    frequencies = view.frequencies([each for _, each in other])
    return tuple((word, (each,)) for word, each in other if 0 < frequencies.get(each, 0) <= RANKED)


def _common(frequencies: Mapping[str, int]) -> tuple[str, ...]:
    """The stems that go over what may be ranked, the most frequent ones, the rarest first."""
    rarest_first = sorted(frequencies, key=frequencies.__getitem__)
    ranked = accumulate(frequencies[each] for each in rarest_first)
    return tuple(each for each, sum_ in zip(rarest_first, ranked, strict=True) if sum_ > RANKED)


def as_phrase(words_of: str) -> str:
    """The words one after the other for FTS5; empty for fewer than two."""
    found = words(words_of)
    return f'"{" ".join(found)}"' if len(found) > 1 else ""


def may_hold_abbreviation(question: str) -> bool:
    """Whether it has capitals together ("NRF") or capitalised words that could be abbreviated."""
    return bool(_MAY_HOLD_ABBREVIATION.search(question))


def with_aliases(query: Query, texts: Iterable[str]) -> Query:
    """The query with the abbreviations that these texts define too, if the question holds any."""
    known = dict(pair for text in texts for pair in abbreviations(text))
    asked = {short: long for short, long in known.items() if spelled(query.text, {short: long})}
    aliases = tuple((stem(short), stems(long)) for short, long in asked.items())
    return replace(query, aliases=(*query.aliases, *aliases))


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
