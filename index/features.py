"""What is known of a sentence that may answer: few numbers, each about -1 to 1.

From retrieval and rules (`of_sentences`), from what a reader makes of it (`of_read`), and
of the ranked sentences together, whether they answer at all (`of_refusal`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from index.expectations import holds
from index.ports import Span
from index.queries import Query
from index.retrieval import Candidate
from index.words import STOP_STEMS, stems

MARGIN = 16.0
"""Logits: margins are cut at this, on both sides, so that no single number decides alone."""
NEAR = 4
"""Words: as far apart as words that belong together usually are."""

_ASIDE = re.compile(r" \([^)]*\)$")
"""What a title adds to tell it from others: "Speed (1994 film)"."""

Features = dict[str, float]


def of_sentences(
    query: Query, candidate: Candidate, holding: Sequence[bool]
) -> tuple[Features, ...]:
    """Of each sentence, what it holds of what is asked for, by itself and with those beside it.

    `holding`: whether each holds such a thing as is asked for.
    """
    most = sum(query.weights.values()) + 1e-9
    common = _of_passage(query, candidate, most)
    context = {word for word in query.weights if word in candidate.context}
    held = [frozenset(each) for each in candidate.held]
    cosines, lexical = candidate.cosines.tolist(), candidate.lexical.tolist()
    best = max(cosines)
    return tuple(
        [
            common
            | {
                "cosine": cosines[number],
                "best of passage": best - cosines[number],
                "words": min(1.5, lexical[number] / (2 * most)),
                "covered": _share(query.weights, own) / most,
                "covered around": _share(
                    query.weights, context.union(*held[max(0, number - 1) : number + 2])
                )
                / most,
                "covered anew": _share(query.weights, own - context) / most,
                "pairs": _pairs(query.weights, words) if len(own) > 1 else 0.0,
                "expected": float(holding[number]),
                "first": float(number == 0),
                "short": float(len(set(words)) < 6),
            }
            for number, (own, words) in enumerate(zip(held, candidate.words, strict=True))
        ]
    )


def _of_passage(query: Query, candidate: Candidate, most: float) -> Features:
    """What all sentences of the passage have in common."""
    everything = candidate.context.union(*candidate.held)
    covered = _share(query.weights, everything)
    title = query.told(stems(_ASIDE.sub("", candidate.stored.passage.document.title)))
    return {
        "passage": candidate.score,
        "passage cosine": candidate.passage_cosine,
        "covered by passage": covered / most,
        "covered by context": _share(query.weights, candidate.context) / most,
        "rarest missing": _rarest_missing(query.weights, everything),
        "passage words": candidate.passage_lexical / (2.2 * most),
        "matched": candidate.passage_lexical / 20,
        "missing": (most - covered) / 10,
        "title asked": _asked(query, title),
    }


def of_read(query: Query, kind: str | None, span: Span | None, words: str) -> Features:
    """What the reader makes of the sentence; all 0 where it was not read."""
    if span is None:
        return {"read": 0.0, "margin": 0.0, "fits": 0.0, "says again": 0.0}
    return {
        "read": 1.0,
        "margin": max(-MARGIN, min(MARGIN, span.margin)) / MARGIN,
        "fits": _fits(kind, words, query.text),
        "says again": _asked(query, stems(words)),
    }


def of_refusal(ranked: Sequence[Features]) -> Features:
    """What the best sentence, and the rest beside it, say of whether there is an answer at all."""
    best = ranked[0]
    nearest = max(each["passage cosine"] for each in ranked)
    return {
        **best,
        "best cosine": max(each["cosine"] for each in ranked),
        "best covered": max(each["covered by passage"] for each in ranked),
        "cosine and covered": best["cosine"] * best["covered by passage"],
        "behind nearest": nearest - best["passage cosine"],
    }


def _fits(kind: str | None, read: str, question: str) -> float:
    """1 where the words read are of the kind that is asked for, -1 where not, 0 where none is."""
    if kind is None or not read:
        return 0.0
    return 1.0 if holds(kind, read, question) else -1.0


def _asked(query: Query, words: Sequence[str]) -> float:
    """The share of these words, stop words aside, that the question has too."""
    own = [word for word in words if word not in STOP_STEMS]
    return sum(word in query.weights for word in own) / len(own) if own else 0.0


def _share(weights: Mapping[str, float], words: Collection[str]) -> float:
    return sum([weight for word, weight in weights.items() if word in words]) if words else 0.0


def _rarest_missing(weights: Mapping[str, float], words: Collection[str]) -> float:
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
