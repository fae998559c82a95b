"""A question → the passages that may answer it, best first.

Two searches find candidates: the passages nearest by vector, and those that share words (BM25).
Each candidate is then scored alike on both counts, from what the catalog stores, and the scores are
combined as a convex sum: measured to be better than reciprocal ranks.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain

import numpy as np

from index.catalog import StoredPassage, means
from index.passages import RetrievedPassage
from index.ports import Embedder, Vectors
from index.queries import Query, as_phrase, may_hold_abbreviation, taken_apart, with_aliases
from index.scopes import PUBLIC, Scopes
from index.shelves import View, Views
from index.times import fits
from index.words import stems

NEAREST_PASSAGES = 30
MATCHING_PASSAGES = 20
WEIGHTS = {"sentence": 0.4, "words": 0.4, "passage": 0.1, "sentence words": 0.1}
"""Measured on paragraphs of Wikipedia; see docs/decisions.md."""
SATURATION, LENGTH_SHARE = 1.2, 0.75
"""BM25's k1 and b, as FTS5 has them."""
ROUNDING = 1e-6
"""The share by which equal scores may differ: brought to 0..1, that would decide between equals."""
TIME_WEIGHT = 0.05
"""For a document of the very time that is asked for: enough to decide between near equals."""
USUAL_PASSAGE, USUAL_SENTENCE = 120, 30
"""Words, for BM25's length term."""

_beside = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="nearest")
"""Looks for the nearest passages of a question while its own thread looks for its words: the model
and Chroma let go of Python's lock. Only for one that is alone: others would wait for the core."""

Near = list[list[str]]
"""By part of a view, the keys of the passages nearest to a question."""
Seen = tuple[Vectors, Near, int]
"""A question's vector, what is nearest to it in a view, and what was written when it was seen."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer, with what is known of each of its sentences."""

    stored: StoredPassage
    cosines: Vectors
    """Shape (sentences,)."""
    words: tuple[tuple[str, ...], ...]
    """The stems of each sentence."""
    held: tuple[tuple[str, ...], ...]
    """Those of them that are asked for."""
    lexical: Vectors
    """BM25 of each sentence, shape (sentences,)."""
    context: frozenset[str]
    """The stems of the document's title and the passage's heading."""
    passage_cosine: float
    passage_lexical: float
    score: float = 0.0


class Retriever:
    """Finds passages for a question in what an asker may read."""

    def __init__(
        self,
        views: Views,
        embedder: Callable[[], Embedder],
        today: Callable[[], date] = date.today,
    ) -> None:
        self._searching, self._counting = 0, threading.Lock()
        self._views, self._embedder, self._today = views, embedder, today

    def candidates(
        self, question: str, limit: int = 30, phrase: str = "", scopes: Scopes = PUBLIC
    ) -> tuple[Query, list[Candidate]]:
        """The question taken apart, and at most `limit` candidates that the asker may read.

        The best come first. Passages that hold `phrase` word for word are among them.
        """
        with self._views(scopes) as view, self._among() as others:
            if not view.parts:
                return Query(question), []
            looking = None if others else _beside.submit(self._seen, question, limit, scopes)
            query = taken_apart(view, question, self._today())
            matching = _matching(view, query, phrase)
            vector, nearest = self._nearest(view, question, limit, looking)
            stored = _stored(view, nearest, matching)
            if may_hold_abbreviation(question):
                spelled = with_aliases(query, (each.passage.text for each in stored))
                if spelled.aliases != query.aliases:
                    query = spelled
                    stored = _stored(view, nearest, _matching(view, query, phrase))
        return query, ranked(_candidates(stored, query, vector), query, limit, phrase)

    @contextmanager
    def _among(self) -> Iterator[int]:
        """Counts a question in; gives how many others are looked for now."""
        with self._counting:
            others, self._searching = self._searching, self._searching + 1
        try:
            yield others
        finally:
            with self._counting:
                self._searching -= 1

    def _nearest(
        self, view: View, question: str, limit: int, looking: Future[Seen] | None
    ) -> tuple[Vectors, Near]:
        """The question's vector and what is nearest to it in this very view."""
        if looking is None:
            vector = self._embedded(question)
            return vector, _near(view, vector, limit)
        vector, nearest, written = looking.result()
        return vector, nearest if written == view.written else _near(view, vector, limit)

    def _seen(self, question: str, limit: int, scopes: Scopes) -> Seen:
        """The same in a view of its own thread: another generation may be current by then."""
        vector = self._embedded(question)
        with self._views(scopes) as view:
            return vector, _near(view, vector, limit), view.written

    def _embedded(self, question: str) -> Vectors:
        vector: Vectors = self._embedder().embed([question])[0]
        return vector

    def retrieve(
        self, question: str, limit: int = 5, scopes: Scopes = PUBLIC
    ) -> list[RetrievedPassage]:
        """At most `limit` passages, best first; empty when nothing is indexed."""
        _, found = self.candidates(question, limit, scopes=scopes)
        return [retrieved(each) for each in found]


def _near(view: View, vector: Vectors, limit: int) -> Near:
    enough = max(NEAREST_PASSAGES, limit)
    return [[key for key, _ in part.vectors.nearest(vector, enough)] for part in view.parts]


def _matching(view: View, query: Query, phrase: str) -> list[dict[int, StoredPassage]]:
    """By part, the passages that share words with the question or hold the phrase, by row."""
    matches = [match for match in (query.match(), as_phrase(phrase)) if match]
    found = []
    for part in view.parts:
        rows = dict.fromkeys(
            row for match in matches for row, _ in part.snapshot.match(match, MATCHING_PASSAGES)
        )
        found.append(dict(zip(rows, part.snapshot.passages(rows), strict=True)))
    return found


def _stored(
    view: View, nearest: Sequence[list[str]], matching: Sequence[dict[int, StoredPassage]]
) -> list[StoredPassage]:
    """What is found in any part, each passage once, with all documents that hold it."""
    found: dict[str, StoredPassage] = {}
    for part, keys, sharing in zip(view.parts, nearest, matching, strict=True):
        near = list(part.snapshot.passages_of(keys).values())
        more = [row for row in near if row not in sharing]
        known = sharing | dict(zip(more, part.snapshot.passages(more), strict=True))
        for stored in (known[row] for row in dict.fromkeys([*near, *sharing])):
            before = found.get(stored.passage.id)
            found[stored.passage.id] = _joined(before, stored) if before else stored
    return list(found.values())


def _joined(one: StoredPassage, other: StoredPassage) -> StoredPassage:
    """The same passage of two parts."""
    return replace(one, also_in=(*one.also_in, other.passage.document, *other.also_in))


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


def _candidates(stored: Sequence[StoredPassage], query: Query, vector: Vectors) -> list[Candidate]:
    """Each passage with its scores; the vectors of all are compared at once."""
    if not stored:
        return []
    vectors = np.concatenate([each.vectors for each in stored])
    counts = [len(each.vectors) for each in stored]
    nearness = means(vectors, counts) @ vector
    cosines = np.split(vectors @ vector, np.cumsum(counts[:-1]))
    return [
        _candidate(each, query, own, float(near))
        for each, own, near in zip(stored, cosines, nearness, strict=True)
    ]


def _candidate(
    stored: StoredPassage, query: Query, cosines: Vectors, passage_cosine: float
) -> Candidate:
    text, asked = stored.passage.document.text, query.weights.__contains__
    words = tuple([stems(text[each.start : each.end]) for each in stored.passage.sentences])
    context = stems(stored.context)
    if query.aliases:
        words, context = tuple(map(query.told, words)), query.told(context)
    held = tuple([tuple(filter(asked, each)) for each in words])
    lexical = [
        bm25(own, len(each), query.weights, USUAL_SENTENCE) if own else 0.0
        for own, each in zip(held, words, strict=True)
    ]
    return Candidate(
        stored=stored,
        cosines=cosines,
        words=words,
        held=held,
        lexical=np.array(lexical),
        context=frozenset(context),
        passage_cosine=passage_cosine,
        passage_lexical=bm25(
            [*filter(asked, context), *chain.from_iterable(held)],
            len(context) + sum(map(len, words)),
            query.weights,
            USUAL_PASSAGE,
        ),
    )


def bm25(held: Sequence[str], length: int, weights: Mapping[str, float], usual: int) -> float:
    """BM25 of the words asked for that a text of so many words holds (Robertson & Zaragoza, 2009).

    `usual` is a usual length.
    """
    norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * length / usual)
    score = 0.0
    for word in dict.fromkeys(held):
        count = held.count(word)
        score += weights[word] * count * (SATURATION + 1) / (count + norm)
    return score


def ranked(
    found: Sequence[Candidate], query: Query, limit: int, phrase: str = ""
) -> list[Candidate]:
    """At most `limit`, best first: those that hold `phrase` word for word, then the others.

    By the convex sum of scores that are each brought to 0..1 over the candidates. A time that is
    asked for adds a little; of equals the newer comes first.
    """
    if not found:
        return []
    parts = {
        "sentence": [float(each.cosines.max()) for each in found],
        "words": [each.passage_lexical for each in found],
        "passage": [each.passage_cosine for each in found],
        "sentence words": [float(each.lexical.max()) for each in found],
    }
    summed = np.sum([weight * _scaled(parts[name]) for name, weight in WEIGHTS.items()], axis=0)
    scores = [
        float(score) + TIME_WEIGHT * _timely(each, query)
        for each, score in zip(found, summed, strict=True)
    ]
    asked = _phrase(phrase)
    order = sorted(
        range(len(found)),
        key=lambda at: (
            asked not in _phrase(found[at].stored.passage.text) if asked else False,
            -round(scores[at], 4),
            -_day(found[at]).toordinal(),
        ),
    )
    return [replace(found[at], score=scores[at]) for at in order[:limit]]


def _phrase(words_of: str) -> str:
    """The stems in a row; empty for fewer than two, which are no phrase."""
    found = stems(words_of)
    return f" {' '.join(found)} " if len(found) > 1 else ""


def _timely(candidate: Candidate, query: Query) -> float:
    dated = candidate.stored.passage.document.date
    return fits(query.period, dated) if query.period and dated else 0.0


def _day(candidate: Candidate) -> date:
    return candidate.stored.passage.document.date or date.min


def _scaled(values: list[float]) -> Vectors:
    array = np.asarray(values, np.float32)
    spread = float(array.max() - array.min())
    if spread <= ROUNDING * float(np.abs(array).max()):
        return np.ones_like(array)
    scaled: Vectors = (array - array.min()) / spread
    return scaled
