"""How an answer came about: what was looked for, found, quoted and left out."""

from __future__ import annotations

from collections.abc import Sequence

from index.queries import Query
from index.quoting import Quote
from index.reading import Evidence
from index.retrieval import Candidate

SHOWN = 10
"""Passages that are told of; the others scored less."""


def explained(
    query: Query, candidates: Sequence[Candidate], quotes: Sequence[Quote]
) -> dict[str, object]:
    """Plain values, ready for JSON: scores as they were, words as they were looked for."""
    quoted = {each.best.candidate.stored.passage.id for each in quotes}
    return {
        "generation": query.generation,
        "looked for": {word: round(weight, 2) for word, weight in query.weights.items()},
        "corrected": dict(query.corrected),
        "retrieved": [
            _passage(each, each.stored.passage.id in quoted) for each in candidates[:SHOWN]
        ],
        "left out": max(0, len(candidates) - SHOWN),
        "quoted": [_quote(each) for each in quotes],
    }


def _passage(candidate: Candidate, quoted: bool) -> dict[str, object]:
    passage = candidate.stored.passage
    return {
        "source": passage.document.source,
        "start": passage.start,
        "score": round(candidate.score, 3),
        "cosine": round(float(candidate.cosines.max()), 3),
        "words": round(candidate.passage_lexical, 2),
        "outcome": "quoted" if quoted else "no sentence of it is among the best",
    }


def _quote(quote: Quote) -> dict[str, object]:
    return {
        "source": quote.best.candidate.stored.passage.document.source,
        "start": quote.start,
        "score": round(quote.best.score, 3),
        "features": {name: round(value, 3) for name, value in quote.best.features.items() if value},
        "told again by": [_source(each) for each in quote.told_again],
    }


def _source(evidence: Evidence) -> str:
    return evidence.candidate.stored.passage.document.source
