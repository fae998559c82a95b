"""How well a reader answers: exact match, F1 (Rajpurkar et al. 2016) and telling 'not here'."""

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.encoding import Batch, Window, padded
from training.examples import Example

Logits = tuple[NDArray[np.float32], NDArray[np.float32]]
Scorer = Callable[[Batch], Logits]
"""Start and end logits of a batch, by torch or by ONNX Runtime."""

LONGEST_ANSWER = 30  # tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """The best span's text, and by how much its score is above that of 'not here'."""

    text: str
    margin: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Exact match and F1 over answerable examples; `auroc` of the margin; how many of each."""

    exact: float
    f1: float
    auroc: float
    answerable: int
    unanswerable: int


def readings(
    windows: Sequence[Window], examples: Sequence[Example], scorer: Scorer, size: int = 16
) -> list[Reading]:
    """What the reader makes of each example, in their order."""
    order = sorted(range(len(windows)), key=lambda i: len(windows[i].ids))
    read: dict[int, Reading] = {}
    for first in range(0, len(order), size):
        rows = order[first : first + size]
        starts, ends = scorer(padded([windows[i] for i in rows]))
        for i, start, end in zip(rows, starts, ends, strict=True):
            read[i] = _reading(windows[i], examples[i].passage, start, end)
    return [read[i] for i in range(len(windows))]


def figures(read: Sequence[Reading], examples: Sequence[Example]) -> Figures:
    """The figures of `read` over `examples`; those of an empty half are not numbers."""
    pairs = list(zip(read, examples, strict=True))
    here = [(reading, example) for reading, example in pairs if example.accepted]
    absent = [reading.margin for reading, example in pairs if not example.accepted]
    return Figures(
        exact=_mean([max(_exact(r.text, a) for a in e.accepted) for r, e in here]),
        f1=_mean([max(_f1(r.text, a) for a in e.accepted) for r, e in here]),
        auroc=area_under_curve([reading.margin for reading, _ in here], absent),
        answerable=len(here),
        unanswerable=len(absent),
    )


def mean_figures(parts: Sequence[Figures]) -> Figures:
    """The figures of all parts, each weighed by its examples."""
    here = [part.answerable for part in parts]
    absent = [part.unanswerable for part in parts]
    return Figures(
        exact=float(np.average([part.exact for part in parts], weights=here)),
        f1=float(np.average([part.f1 for part in parts], weights=here)),
        auroc=float(np.average([part.auroc for part in parts], weights=absent)),
        answerable=sum(here),
        unanswerable=sum(absent),
    )


def best_threshold(read: Sequence[Reading], examples: Sequence[Example]) -> float:
    """The margin that parts answerable from unanswerable best (mean of both shares right)."""
    margins = np.array([reading.margin for reading in read])
    here = np.array([bool(example.accepted) for example in examples])
    right = [(here & (margins > m)).sum() / here.sum() for m in margins]
    wrong = [(~here & (margins > m)).sum() / (~here).sum() for m in margins]
    return float(margins[int(np.argmax(np.subtract(right, wrong)))])


def area_under_curve(here: Sequence[float], absent: Sequence[float]) -> float:
    """How often an answerable margin is above an unanswerable one; ties count half."""
    above = np.subtract.outer(np.asarray(here), np.asarray(absent))
    return float(((above > 0) + 0.5 * (above == 0)).mean()) if above.size else float("nan")


def _reading(
    window: Window, passage: str, start: NDArray[np.float32], end: NDArray[np.float32]
) -> Reading:
    count = len(window.offsets)
    inside = slice(window.passage_at, window.passage_at + count)
    spans = start[inside][:, None] + end[inside][None, :]
    allowed = np.tril(np.triu(np.ones((count, count), dtype=bool)), LONGEST_ANSWER - 1)
    first, last = divmod(int(np.where(allowed, spans, -np.inf).argmax()), count)
    text = passage[window.offsets[first][0] : window.offsets[last][1]]
    return Reading(text, float(spans[first, last] - start[0] - end[0]))


def _words(text: str) -> list[str]:
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", bare).split()


def _exact(text: str, answer: str) -> float:
    return float(_words(text) == _words(answer))


def _f1(text: str, answer: str) -> float:
    found, wanted = _words(text), _words(answer)
    shared = sum((Counter(found) & Counter(wanted)).values())
    return 2 * shared / (len(found) + len(wanted)) if shared else 0.0


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
