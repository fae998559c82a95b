"""A question and passages → the sentences that answer, best first. No language model is needed.

Every sentence is described by a few numbers (index/features.py). Learned weights add them up, once
for the order of the sentences and once for whether the best of them answers at all.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np

from index.expectations import expected, holds
from index.features import Features, of_read, of_refusal, of_sentences
from index.ports import Read, Reader, Span
from index.queries import Query
from index.retrieval import Candidate

WEIGHED_PASSAGES = 20
"""Candidates whose sentences are looked at; more change nothing (docs/decisions.md)."""
READ_FIRST, READ_PASSAGES = 2, 5
"""Likeliest passages that the reader reads: so many first, and where none of them clearly answers,
so many in all; more cost time and change nothing."""
CLEAR = 2.0
"""Logits over "not here" from which a passage clearly answers."""
LONGEST_TITLE = 100
"""Characters of a title or a heading that the reader reads: a line of text, at most."""
WEIGHTS_FILE = Path(__file__).parent / "models" / "weights.json"

LONGEST_WORD = 60
"""Characters."""
_WORD = re.compile(
    r"[\w.+-]+@\w[\w-]*(?:\.[\w-]+)*"  # an address
    r"|\d+(?:[.,:]\d+)+[^\W\d_\u0e00-\uffff]*"  # a number in parts
    r"|(?:[^\W\u0e00-\uffff])+"  # a word; from Thai on, scripts mostly have no spaces
)

Curve = Sequence[tuple[float, float]]
"""(value of a feature, what it adds) at a few points, straight between them, level beyond."""


@dataclass(frozen=True, slots=True)
class Learned:
    """The learned numbers, by feature."""

    order: Mapping[str, float]
    """A weight for each: the higher the sum, the likelier the sentence answers."""
    refusal: Mapping[str, Curve]
    """A curve for each."""
    base: float

    def surety(self, features: Features) -> float:
        """The logit of whether the best sentence answers: the base and what the curves add."""
        return self.base + sum(_on(curve, features[name]) for name, curve in self.refusal.items())


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, and the part of it that does."""

    candidate: Candidate
    sentence: int
    """Its number in the passage."""
    score: float
    short: tuple[int, int] | None
    """The short answer, as characters of the document's text; None when no part stands out."""
    features: Features


class EvidenceFinder:
    """Chooses sentences in candidates."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader
        self._learned = learned("with reader" if reader else "without reader")

    def find(self, query: Query, candidates: list[Candidate]) -> list[Evidence]:
        """Every sentence of the best candidates as evidence, best first; empty without any.

        Candidates come best first; the first WEIGHED_PASSAGES count.
        """
        found = [_Passage.of(query, candidate) for candidate in candidates[:WEIGHED_PASSAGES]]
        reads = self._read(query, found)
        ranked = [
            each
            for at, passage in enumerate(found)
            for each in passage.evidence(self._learned.order, reads.get(at))
        ]
        return sorted(ranked, key=lambda each: -each.score)

    def confidence(self, evidence: list[Evidence]) -> float:
        """0 to 1: how sure it is that the best evidence answers; 0 without evidence."""
        if not evidence:
            return 0.0
        features = of_refusal([each.features for each in evidence])
        return 1 / (1 + math.exp(-self._learned.surety(features)))

    def _read(self, query: Query, found: Sequence[_Passage]) -> dict[int, Read]:
        """What the reader makes of the likeliest passages, by their place among those found."""
        if self._reader is None or not found:
            return {}
        likely = sorted(range(len(found)), key=lambda at: -found[at].unread_score)[:READ_PASSAGES]
        reads: dict[int, Read] = {}
        for some in (likely[:READ_FIRST], likely[READ_FIRST:]):
            candidates = [found[at].candidate for at in some]
            reads |= zip(some, framed(self._reader, query.text, candidates), strict=True)
            if any(each.margin >= CLEAR for each in reads.values()):
                break
        return reads


@dataclass(frozen=True, slots=True)
class _Passage:
    """A candidate with what rules tell of each of its sentences."""

    query: Query
    candidate: Candidate
    kind: str | None
    things: tuple[tuple[int, int] | None, ...]
    """Where each sentence holds such a thing as is asked for, in its own characters."""
    features: tuple[Features, ...]

    @classmethod
    def of(cls, query: Query, candidate: Candidate) -> Self:
        kind, passage = expected(query.text), candidate.stored.passage
        texts = [passage.document.text[each.start : each.end] for each in passage.sentences]
        things = tuple(holds(kind, text, query.text) if kind else None for text in texts)
        features = of_sentences(query, candidate, [thing is not None for thing in things])
        return cls(query, candidate, kind, things, features)

    @property
    def unread_score(self) -> float:
        """How likely it is to answer, as far as that is known without reading it."""
        return max(_sum(learned("without reader").order, each) for each in self.features)

    def evidence(self, order: Mapping[str, float], read: Read | None) -> list[Evidence]:
        """Its sentences, in their order."""
        passage = self.candidate.stored.passage
        found = []
        for number, sentence in enumerate(passage.sentences):
            start, end = sentence.start - passage.start, sentence.end - passage.start
            span = read.best(start, end) if read else None
            span = span and whole_words(passage.text, span)
            words = passage.text[span.start : span.end] if span else ""
            features = self.features[number] | of_read(self.query, self.kind, span, words)
            short = _short(passage.start, span, sentence.start, self.things[number])
            score = _sum(order, features)
            found.append(Evidence(self.candidate, number, score, short, features))
        return found


def framed(reader: Reader, question: str, candidates: Sequence[Candidate]) -> list[Read]:
    """What the reader makes of each passage, under its title: texts seldom name their subject."""
    frames = [_frame(each.stored.context) for each in candidates]
    texts = [each.stored.passage.text for each in candidates]
    reads = reader.read(question, [frame + text for frame, text in zip(frames, texts, strict=True)])
    return [read.without(len(frame)) for read, frame in zip(reads, frames, strict=True)]


def _frame(context: str) -> str:
    """Title and heading as a sentence before the passage."""
    lines = dict.fromkeys(line.strip()[:LONGEST_TITLE] for line in context.splitlines())
    return "".join(f"{line}. " for line in lines if line)


def whole_words(text: str, span: Span) -> Span:
    """The span, as far as the words and numbers go on that it cuts: the reader reads parts."""
    first, start, end = max(0, span.start - LONGEST_WORD), span.start, span.end
    for word in _WORD.finditer(text, first, end + LONGEST_WORD):
        if word.start() < span.start < word.end():
            start = word.start()
        if word.start() < span.end < word.end():
            end = word.end()
    return replace(span, start=start, end=end)


def _short(
    start: int, span: Span | None, sentence_start: int, thing: tuple[int, int] | None
) -> tuple[int, int] | None:
    if span:
        return start + span.start, start + span.end
    return (sentence_start + thing[0], sentence_start + thing[1]) if thing else None


def _sum(order: Mapping[str, float], features: Features) -> float:
    return sum([weight * features[name] for name, weight in order.items()])


def _on(curve: Curve, value: float) -> float:
    values, added = [each[0] for each in curve], [each[1] for each in curve]
    return float(np.interp(value, values, added))


@cache
def learned(kind: str) -> Learned:
    """What was learnt "with reader" or "without reader"."""
    loaded = json.loads(WEIGHTS_FILE.read_text("utf-8"))[kind]
    return Learned(**loaded)
