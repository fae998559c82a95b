"""Ways to make a question that its passage does not answer."""

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_matrix

from training.examples import Example, sentences

NEAREST = 6
"""How many of the best ranked passages a hard negative is drawn from."""

_OPPOSITES = [
    ("first", "last"), ("before", "after"), ("most", "least"), ("largest", "smallest"),
    ("highest", "lowest"), ("north", "south"), ("northern", "southern"), ("east", "west"),
    ("eastern", "western"), ("more", "less"), ("increase", "decrease"), ("over", "under"),
    ("oldest", "youngest"), ("begin", "end"), ("began", "ended"), ("start", "stop"),
    ("early", "late"), ("won", "lost"), ("win", "lose"), ("above", "below"), ("best", "worst"),
    ("with", "without"), ("always", "never"), ("like", "dislike"), ("good", "bad"),
    ("old", "new"), ("easy", "difficult"), ("major", "minor"), ("inside", "outside"),
    ("accepted", "rejected"), ("included", "excluded"), ("male", "female"), ("long", "short"),
    ("longest", "shortest"), ("small", "large"), ("strong", "weak"), ("rich", "poor"),
    ("public", "private"), ("buy", "sell"), ("bought", "sold"), ("open", "close"),
    ("allowed", "forbidden"), ("common", "rare"), ("fast", "slow"), ("high", "low"),
]  # fmt: skip
_OPPOSITE = dict(_OPPOSITES) | {right: left for left, right in _OPPOSITES}
_NAME = re.compile(r"(?<=\s)[A-Z][\w'-]*(?:\s+[A-Z][\w'-]*)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_AUXILIARY = re.compile(r"\b(did|does|do|was|were|is|are|can|could|would|will|has|have)\b(?=\s)")


class HardNegatives:
    """For each question, passages of its set (and `others`) that rank well and don't answer it."""

    def __init__(self, examples: Sequence[Example], others: Sequence[Example] = ()) -> None:
        self._passages = sorted({example.passage for example in [*examples, *others]})
        self._near = _ranked([example.question for example in examples], self._passages)
        self._row = {_key(example): row for row, example in enumerate(examples)}
        self._lowered = [passage.lower() for passage in self._passages]

    def passages(self, example: Example) -> list[str]:
        """The nearest of them, best first; empty when each one holds the answer."""
        near = self._near[self._row[_key(example)]]
        return [self._passages[i] for i in near if self._is_negative(i, example)][:NEAREST]

    def _is_negative(self, i: int, example: Example) -> bool:
        return self._passages[i] != example.passage and not any(
            answer.lower() in self._lowered[i] for answer in example.accepted
        )


def elsewhere(example: Example, near: Sequence[str], rng: random.Random) -> Example | None:
    """The question asked of one of the passages `near` it; None when there is none."""
    if not near:
        return None
    return replace(example, passage=rng.choice(near), answer=None, accepted=())


def without_answer(example: Example) -> Example | None:
    """The passage less its answering sentence; None if too little or the answer is left."""
    if example.answer is None:
        return None
    first, last = example.answer
    kept = [
        example.passage[start:end]
        for start, end in sentences(example.passage)
        if end <= first or start >= last
    ]
    rest = "".join(kept).strip()
    if len(rest) < 40 or any(answer.lower() in rest.lower() for answer in example.accepted):
        return None
    return replace(example, passage=rest, answer=None, accepted=())


def with_another_question(example: Example, rng: random.Random) -> Example | None:
    """A question that asks for something else the passage doesn't say; None if none can be made.

    The kinds are those people used for SQuAD 2.0 (Rajpurkar et al. 2018, table 1): another name or
    number in the question, an opposite, a negation.
    """
    ways = [_swapped, _swapped, _opposed, _opposed, _negated]
    rng.shuffle(ways)
    for way in ways:
        question = way(example, rng)
        if question and question != example.question:
            return replace(example, question=question, answer=None, accepted=())
    return None


def _swapped(example: Example, rng: random.Random) -> str | None:
    for kind in rng.sample([_NAME, _NUMBER], 2):
        asked = list(kind.finditer(example.question))
        lowered = example.question.lower()
        told = kind.findall(example.passage)
        others = [each for each in told if each.strip("'-").lower() not in lowered]
        if asked and others:
            place = rng.choice(asked)
            other: str = rng.choice(others)
            return example.question[: place.start()] + other + example.question[place.end() :]
    return None


def _opposed(example: Example, rng: random.Random) -> str | None:
    words = [m for m in re.finditer(r"\w+", example.question) if m.group().lower() in _OPPOSITE]
    if not words:
        return None
    place = rng.choice(words)
    opposite = _OPPOSITE[place.group().lower()]
    return example.question[: place.start()] + opposite + example.question[place.end() :]


def _negated(example: Example, rng: random.Random) -> str | None:
    place = _AUXILIARY.search(example.question)
    if place is None:
        return None
    if place.group() in ("did", "does", "do", "was", "were", "is", "are") and rng.random() < 0.5:
        return example.question[: place.end()] + "n't" + example.question[place.end() :]
    after = re.compile(r"\s+\w+").match(example.question, place.end())
    end = after.end() if after else place.end()
    return example.question[:end] + rng.choice([" not", " never"]) + example.question[end:]


def _key(example: Example) -> tuple[str, str]:
    return example.question, example.passage


def _ranked(questions: Sequence[str], passages: Sequence[str]) -> list[list[int]]:
    """Rows of `passages` for each question, best first, by BM25 (k1 = 1.2, b = 0.75)."""
    vocabulary: dict[str, int] = {}
    weights = _bm25(_counts(passages, vocabulary))
    asked = _counts(questions, vocabulary, grow=False)
    ranked: list[list[int]] = []
    for first in range(0, asked.shape[0], 512):
        scores = (asked[first : first + 512, : weights.shape[1]] @ weights.T).toarray()
        ranked += np.argsort(-scores, axis=1)[:, : 5 * NEAREST].tolist()
    return ranked


def _counts(texts: Sequence[str], vocabulary: dict[str, int], *, grow: bool = True) -> csr_matrix:
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        for word, count in Counter(re.findall(r"\w+", text.lower())).items():
            if grow or word in vocabulary:
                rows.append(row)
                columns.append(vocabulary.setdefault(word, len(vocabulary)))
                values.append(count)
    return csr_matrix((values, (rows, columns)), (len(texts), len(vocabulary)), dtype=np.float32)


def _bm25(counts: csr_matrix) -> csr_matrix:
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    holding = np.bincount(counts.indices, minlength=counts.shape[1])
    rarity = np.log1p((counts.shape[0] - holding + 0.5) / (holding + 0.5))
    norm = 1.2 * (0.25 + 0.75 * lengths / lengths.mean())
    weights = counts.copy()
    per_value = np.repeat(norm, np.diff(counts.indptr))
    weights.data = counts.data * 2.2 / (counts.data + per_value) * rarity[counts.indices]
    return weights
