"""A question → the passages that may answer it, best first.

Two searches find candidates: the sentences nearest by vector, and the passages that share words
(BM25). Each candidate is then scored alike on both counts, from what the catalog stores, and the
scores are combined as a convex sum: measured to be better than reciprocal ranks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.catalog import Catalog, Snapshot, StoredPassage, passage_of_key
from index.passages import RetrievedPassage
from index.ports import Embedder, Nearest, Vectors
from index.words import content_words, stem, stems

NEAREST_SENTENCES = 100
MATCHING_PASSAGES = 40
WEIGHTS = {"sentence": 0.4, "words": 0.4, "passage": 0.1, "sentence words": 0.1}
"""Measured on paragraphs of Wikipedia; see docs/decisions.md."""
SATURATION, LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b, as FTS5 has them."""
SHORTEST_MISSPELT = 5
LONG_WORD = 8
"""Letters: shorter words are corrected by one letter, those from here on by two."""
USUAL_PASSAGE, USUAL_SENTENCE = 120, 30
"""Words, for BM25's length term."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question, taken apart once."""

    text: str
    vector: Vectors
    """Shape (dimension,)."""
    weights: dict[str, float]
    """Stems to look for, with their weight (rarer is more); empty for a question without words."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Stems of words that no document has, and what was looked for instead."""
    generation: int = 0
    """The generation that was searched; 0 when nothing is built."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with what is known of each of its sentences."""

    stored: StoredPassage
    cosines: Vectors
    """Shape (sentences,)."""
    words: tuple[tuple[str, ...], ...]
    """The stems of each sentence."""
    lexical: Vectors
    """BM25 of each sentence, shape (sentences,)."""
    context: frozenset[str]
    """The stems of the document's title and the passage's heading."""
    passage_cosine: float
    passage_lexical: float
    score: float = 0.0


class Retriever:
    """Finds passages for a question in the generation that is current."""

    def __init__(
        self, catalog: Catalog, vectors: Nearest, embedder: Callable[[], Embedder]
    ) -> None:
        self._catalog, self._vectors, self._embedder = catalog, vectors, embedder

    def candidates(self, question: str, limit: int = 30) -> tuple[Query, list[Candidate]]:
        """The question taken apart, and at most `limit` candidates, best first."""
        vector = self._embedder().embed([question])[0]
        with self._catalog.snapshot() as snapshot:
            if snapshot.number == 0:
                return Query(question, vector, {}), []
            query = _query(snapshot, question, vector)
            rows = self._rows(snapshot, query)
            found = [_candidate(snapshot.passage(row), query) for row in rows]
        return query, _ranked(found)[:limit]

    def retrieve(self, question: str, limit: int = 5) -> list[RetrievedPassage]:
        """At most `limit` passages, best first; empty when nothing is indexed."""
        _, found = self.candidates(question, limit)
        return [retrieved(each) for each in found]

    def _rows(self, snapshot: Snapshot, query: Query) -> list[int]:
        near = self._vectors.nearest(query.vector, NEAREST_SENTENCES)
        by_vector = snapshot.passages_of(dict.fromkeys(passage_of_key(key)[0] for key, _ in near))
        by_words: Sequence[tuple[int, float]] = ()
        if query.weights:
            words = [*content_words(query.text), *query.corrected.values()]
            any_word = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
            by_words = snapshot.match(any_word, MATCHING_PASSAGES)
        return list(dict.fromkeys([*by_vector.values(), *(row for row, _ in by_words)]))


def retrieved(candidate: Candidate) -> RetrievedPassage:
    """The candidate as it is told to the outside."""
    best = int(np.argmax(_blend(candidate)))
    return RetrievedPassage(
        passage=candidate.stored.passage,
        score=candidate.score,
        sentence=candidate.stored.passage.sentences[best],
        why={
            "sentence": float(candidate.cosines.max()),
            "words": candidate.passage_lexical,
            "passage": candidate.passage_cosine,
            "sentence words": float(candidate.lexical.max()),
        },
        also_in=candidate.stored.also_in,
    )


def _blend(candidate: Candidate) -> Vectors:
    blend: Vectors = candidate.cosines + candidate.lexical / (candidate.lexical.max() + 1e-9)
    return blend


def _query(snapshot: Snapshot, question: str, vector: Vectors) -> Query:
    """The question's stems, each weighted by BM25's inverse document frequency."""
    wanted = list(dict.fromkeys(stem(word) for word in content_words(question)))
    frequencies = snapshot.frequencies(wanted)
    corrected = {each: _nearest(snapshot, each) for each in wanted if each not in frequencies}
    found = {each: near for each, near in corrected.items() if near}
    wanted = list(dict.fromkeys(found.get(each, each) for each in wanted))
    frequencies |= snapshot.frequencies(found.values())
    total = snapshot.passage_count()
    weights = {
        each: math.log(1 + (total - min(total, count) + 0.5) / (count + 0.5))
        for each in wanted
        for count in [frequencies.get(each, 0)]
    }
    return Query(question, vector, weights, found, snapshot.number)


def _nearest(snapshot: Snapshot, unknown: str) -> str | None:
    """The stem of the documents that a misspelt one stands for; None when none is near enough.

    The first letter is taken to be right, as it mostly is (Yannakoudakis and Fawthrop, 1983).
    """
    if len(unknown) < SHORTEST_MISSPELT or not unknown.isalpha():
        return None
    allowed = 1 if len(unknown) < LONG_WORD else 2
    found = process.extractOne(
        unknown, snapshot.vocabulary(unknown[0]), scorer=OSA.distance, score_cutoff=allowed
    )
    return str(found[0]) if found else None


def _candidate(stored: StoredPassage, query: Query) -> Candidate:
    passage = stored.passage
    text = passage.document.text
    words = tuple(stems(text[each.start : each.end]) for each in passage.sentences)
    context = stems(stored.context)
    mean = stored.vectors.mean(axis=0)
    return Candidate(
        stored=stored,
        cosines=stored.vectors @ query.vector,
        words=words,
        lexical=np.array([bm25([each], query.weights, USUAL_SENTENCE) for each in words]),
        context=frozenset(context),
        passage_cosine=float(mean @ query.vector / max(float(np.linalg.norm(mean)), 1e-9)),
        passage_lexical=bm25([context, *words], query.weights, USUAL_PASSAGE),
    )


def bm25(texts: Sequence[Sequence[str]], weights: Mapping[str, float], usual: int) -> float:
    """BM25 of stems for weighted stems (Robertson and Zaragoza, 2009); `usual` is a usual length."""
    length, counts = 0, dict.fromkeys(weights, 0)
    for text in texts:
        length += len(text)
        for word in text:
            if word in counts:
                counts[word] += 1
    norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / usual)
    return sum(
        weight * count * (SATURATION + 1) / (count + norm)
        for (weight, count) in zip(weights.values(), counts.values(), strict=True)
        if count
    )


def _ranked(found: list[Candidate]) -> list[Candidate]:
    """Best first, by the convex sum of scores that are each brought to 0..1 over the candidates."""
    if not found:
        return []
    parts = {
        "sentence": [float(each.cosines.max()) for each in found],
        "words": [each.passage_lexical for each in found],
        "passage": [each.passage_cosine for each in found],
        "sentence words": [float(each.lexical.max()) for each in found],
    }
    scores = sum(weight * _scaled(parts[name]) for name, weight in WEIGHTS.items())
    order = np.argsort(-np.asarray(scores), kind="stable")
    return [_with_score(found[at], float(np.asarray(scores)[at])) for at in order]


def _scaled(values: list[float]) -> Vectors:
    array = np.asarray(values, np.float32)
    spread = float(array.max() - array.min())
    scaled: Vectors = (array - array.min()) / spread if spread else np.ones_like(array)
    return scaled


def _with_score(candidate: Candidate, score: float) -> Candidate:
    return replace(candidate, score=score)
