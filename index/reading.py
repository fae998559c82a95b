"""A question and passages → the sentences that answer, best first. No language model is needed.

Every sentence is described by a few numbers, from retrieval, from rules and, where there is a
reader, from what it makes of the best passages. Learned weights add them up, once for the order of
the sentences and once for whether the best of them answers at all.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from index.expectations import expected, holds
from index.ports import Read, Reader, Span
from index.queries import Query
from index.retrieval import Candidate
from index.words import STOP_STEMS, stems

READ_PASSAGES = 8
"""Candidates that the reader reads; more cost time and change little."""
MARGIN = 8.0
"""Logits: margins are cut at this, on both sides, so that no single number decides alone."""
NEAR = 4
"""Words: as far apart as words that belong together usually are."""
WEIGHTS_FILE = Path(__file__).parent / "models" / "weights.json"

Features = dict[str, float]


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
        self._weights = weights("with reader" if reader else "without reader")

    def find(self, query: Query, candidates: list[Candidate]) -> list[Evidence]:
        """Every sentence of the candidates as evidence, best first; empty without candidates."""
        reads = self._read(query, candidates[:READ_PASSAGES])
        kind = expected(query.text)
        found = [
            self._evidence(query, kind, candidate, number, reads.get(at))
            for at, candidate in enumerate(candidates)
            for number in range(len(candidate.words))
        ]
        return sorted(found, key=lambda each: -each.score)

    def confidence(self, evidence: list[Evidence]) -> float:
        """0 to 1: how sure it is that the best evidence answers; 0 without evidence."""
        if not evidence:
            return 0.0
        features = refusal_features([each.features for each in evidence])
        return 1 / (1 + math.exp(-_sum(self._weights["refusal"], features)))

    def _read(self, query: Query, candidates: list[Candidate]) -> dict[int, Read]:
        if self._reader is None or not candidates:
            return {}
        texts = [each.stored.passage.text for each in candidates]
        return dict(enumerate(self._reader.read(query.text, texts)))

    def _evidence(
        self, query: Query, kind: str | None, candidate: Candidate, number: int, read: Read | None
    ) -> Evidence:
        passage = candidate.stored.passage
        sentence = passage.sentences[number]
        text = passage.document.text[sentence.start : sentence.end]
        span = (
            read.best(sentence.start - passage.start, sentence.end - passage.start)
            if read
            else None
        )
        thing = holds(kind, text, query.text) if kind else None
        read_words = passage.text[span.start : span.end] if span else ""
        features = {
            **_features(query, candidate, number, span, thing is not None),
            "fits": _fits(kind, read_words, query.text),
            "says again": _says_again(query.weights, read_words),
        }
        short = _short(passage.start, span, sentence.start, thing)
        score = _sum(self._weights["order"], features)
        return Evidence(candidate, number, score, short, features)


def _features(
    query: Query, candidate: Candidate, number: int, span: Span | None, holds_thing: bool
) -> Features:
    """What is known of a sentence, each number about -1 to 1."""
    most = sum(query.weights.values()) + 1e-9
    words = set(candidate.words[number])
    around = {w for s in candidate.words[max(0, number - 1) : number + 2] for w in s}
    around |= candidate.context
    everything = around.union(*candidate.words)
    margin = max(-MARGIN, min(MARGIN, span.margin)) / MARGIN if span else 0.0
    return {
        "passage": candidate.score,
        "passage cosine": candidate.passage_cosine,
        "cosine": float(candidate.cosines[number]),
        "best of passage": float(candidate.cosines.max() - candidate.cosines[number]),
        "words": min(1.5, float(candidate.lexical[number]) / (2 * most)),
        "covered": _share(query.weights, words) / most,
        "covered around": _share(query.weights, around) / most,
        "covered by passage": _share(query.weights, everything) / most,
        "covered by context": _share(query.weights, candidate.context) / most,
        "rarest missing": _rarest_missing(query.weights, everything),
        "passage words": candidate.passage_lexical / (2.2 * most),
        "pairs": _pairs(query.weights, candidate.words[number]),
        "expected": float(holds_thing),
        "first": float(number == 0),
        "short": float(len(words) < 6),
        "read": float(span is not None),
        "margin": margin,
    }


def refusal_features(ranked: Sequence[Features]) -> Features:
    """What the best sentence, and the rest beside it, say of whether there is an answer at all."""
    best = ranked[0]
    margins = [each["margin"] for each in ranked if each["read"]]
    return {
        "one": 1.0,
        **{name: best[name] for name in best if name not in ("passage", "first", "short")},
        "best margin": max(margins, default=0.0),
        "best cosine": max(each["cosine"] for each in ranked),
        "cosine and covered": best["cosine"] * best["covered by passage"],
        "best covered": max(each["covered by passage"] for each in ranked),
    }


def _fits(kind: str | None, read: str, question: str) -> float:
    """1 where the words read are of the kind that is asked for, -1 where not, 0 where none is."""
    if kind is None or not read:
        return 0.0
    return 1.0 if holds(kind, read, question) else -1.0


def _says_again(weights: Mapping[str, float], read: str) -> float:
    """The share of the words read that the question has already: such an answer says little."""
    own = [word for word in stems(read) if word not in STOP_STEMS]
    return sum(word in weights for word in own) / len(own) if own else 0.0


def _share(weights: Mapping[str, float], words: set[str] | frozenset[str]) -> float:
    return sum(weight for word, weight in weights.items() if word in words)


def _rarest_missing(weights: Mapping[str, float], words: set[str] | frozenset[str]) -> float:
    """The weight of the rarest word that is asked for and not there, against the rarest at all."""
    missing = [weight for word, weight in weights.items() if word not in words]
    return max(missing, default=0.0) / (max(weights.values(), default=0.0) + 1e-9)


def _pairs(weights: Mapping[str, float], words: Sequence[str]) -> float:
    """The share of words asked for side by side that stand near each other, in that order."""
    asked = list(zip(weights, list(weights)[1:], strict=False))
    at = [(place, word) for place, word in enumerate(words) if word in weights]
    near = {
        (one, other)
        for number, (place, one) in enumerate(at)
        for later, other in at[number + 1 : number + 4]
        if later - place <= NEAR
    }
    return sum(pair in near for pair in asked) / len(asked) if asked else 0.0


def _short(
    start: int, span: Span | None, sentence_start: int, thing: tuple[int, int] | None
) -> tuple[int, int] | None:
    if span:
        return start + span.start, start + span.end
    return (sentence_start + thing[0], sentence_start + thing[1]) if thing else None


def _sum(learned: Mapping[str, float], features: Features) -> float:
    return sum(weight * features[name] for name, weight in learned.items())


@cache
def weights(kind: str) -> dict[str, dict[str, float]]:
    """The learned weights "with reader" or "without reader": "order" and "refusal", by feature."""
    loaded: dict[str, dict[str, dict[str, float]]] = json.loads(WEIGHTS_FILE.read_text("utf-8"))
    return loaded[kind]
