"""A question and passages → the sentences that answer, best first. No language model is needed.

Rules score every sentence; the reader, where there is one, reads the best passages and joins in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from index.expectations import expected, holds
from index.ports import Read, Reader
from index.retrieval import Candidate, Query

READ_PASSAGES = 8
"""Candidates that the reader reads; more cost time and change little."""
SENTENCE_WEIGHTS = {"passage": 1.0, "cosine": 0.8, "words": 0.6, "expected": 0.15, "reader": 0.06}
CONFIDENCE = {"bias": -6.0, "cosine": 6.0, "coverage": 4.0, "reader": 0.25}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence that may answer, and the part of it that does."""

    candidate: Candidate
    sentence: int
    """Its number in the passage."""
    score: float
    confidence: float
    """0 to 1, for the refusal."""
    short: tuple[int, int] | None
    """The short answer, as characters of the document's text; None when no part stands out."""
    why: dict[str, float]


class EvidenceFinder:
    """Chooses sentences in candidates."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader

    def find(self, query: Query, candidates: list[Candidate]) -> list[Evidence]:
        """Every sentence of the candidates as evidence, best first; empty without candidates."""
        reads = self._read(query, candidates[:READ_PASSAGES])
        kind = expected(query.text)
        found = [
            _evidence(query, kind, candidate, number, reads.get(at))
            for at, candidate in enumerate(candidates)
            for number in range(len(candidate.words))
        ]
        return sorted(found, key=lambda each: -each.score)

    def _read(self, query: Query, candidates: list[Candidate]) -> dict[int, Read]:
        if self._reader is None or not candidates:
            return {}
        texts = [each.stored.passage.text for each in candidates]
        return dict(enumerate(self._reader.read(query.text, texts)))


def _evidence(
    query: Query, kind: str | None, candidate: Candidate, number: int, read: Read | None
) -> Evidence:
    passage = candidate.stored.passage
    sentence = passage.sentences[number]
    text = passage.document.text[sentence.start : sentence.end]
    span = _span_in(candidate, number, read)
    why = {
        "passage": candidate.score,
        "cosine": float(candidate.cosines[number]),
        "words": float(candidate.lexical[number]) / (sum(query.weights.values()) * 2.2 + 1e-9),
        "expected": float(holds(kind, text, query.text) is not None) if kind else 0.0,
        "reader": max(-6.0, min(10.0, read.margin)) if read and span else 0.0,
    }
    score = sum(weight * why[name] for name, weight in SENTENCE_WEIGHTS.items())
    if span is None and kind:
        at = holds(kind, text, query.text)
        span = (sentence.start + at[0], sentence.start + at[1]) if at else None
    return Evidence(candidate, number, score, _confidence(query, candidate, why), span, why)


def _span_in(candidate: Candidate, number: int, read: Read | None) -> tuple[int, int] | None:
    """The reader's span as characters of the document, if it begins in this sentence."""
    if read is None or read.end <= read.start:
        return None
    passage, sentence = candidate.stored.passage, candidate.stored.passage.sentences[number]
    start, end = passage.start + read.start, passage.start + read.end
    if not sentence.start <= start < sentence.end:
        return None
    return start, min(end, sentence.end)


def _confidence(query: Query, candidate: Candidate, why: dict[str, float]) -> float:
    present = {word for sentence in candidate.words for word in sentence}
    total = sum(query.weights.values())
    covered = sum(weight for word, weight in query.weights.items() if word in present)
    parts = {
        "bias": 1.0,
        "cosine": why["cosine"],
        "coverage": covered / total if total else 0.0,
        "reader": why["reader"],
    }
    return 1 / (1 + math.exp(-sum(CONFIDENCE[name] * value for name, value in parts.items())))


_ = np
