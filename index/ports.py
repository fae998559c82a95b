"""The sockets that machines plug into. Named in our words; no library's types pass through."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.passages import Document, Passage, Progress, Reading

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), each row of length 1, so that a dot product is a cosine."""

LONGEST_SPAN = 30
"""Tokens: answers are short, and longer spans are seldom right (SQuAD's own scripts use 30)."""

ProgressListener = Callable[[Progress], None]


def unit(vectors: Vectors) -> Vectors:
    """Each row brought to length 1; a row of zeros stays one."""
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = (vectors / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of a text, and their margin in logits over "not here"."""

    start: int
    end: int
    margin: float


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """What a reader makes of (question, passage): each token as beginning or end of the answer."""

    offsets: NDArray[np.int64]
    """Characters of the passage, shape (tokens, 2)."""
    starts: NDArray[np.float32]
    ends: NDArray[np.float32]
    nothing: float
    """The score of "not here", on the scale of a start and an end together."""

    def without(self, characters: int) -> Read:
        """The same of a text that lacks so many characters at its beginning."""
        kept = self.offsets[:, 0] >= characters
        offsets = self.offsets[kept] - characters
        return Read(offsets, self.starts[kept], self.ends[kept], self.nothing)

    @property
    def margin(self) -> float:
        """Logits by which the best span beats "not here"; minus infinity without tokens."""
        span = self.best(0, int(self.offsets[-1, 1])) if len(self.offsets) else None
        return span.margin if span else -math.inf

    def best(self, start: int, end: int) -> Span | None:
        """The best span between these characters of the passage; None without tokens there."""
        first, last = np.searchsorted(self.offsets[:, 0], (start, end))
        if first >= last:
            return None
        size = last - first
        sums = self.starts[first:last, None] + self.ends[None, first:last]
        near = np.tri(size, k=LONGEST_SPAN - 1, dtype=bool) & np.tri(size, dtype=bool).T
        at = int(np.where(near, sums, -np.inf).argmax())
        begin, finish = first + at // size, first + at % size
        return Span(
            start=int(self.offsets[begin, 0]),
            end=int(self.offsets[finish, 1]),
            margin=float(self.starts[begin] + self.ends[finish]) - self.nothing,
        )


class Embedder(Protocol):
    """Turns text into vectors of length 1."""

    @property
    def name(self) -> str:
        """Model and its hash: an index made under another name does not open."""
        ...

    @property
    def how(self) -> str:
        """What runs it, for people: "onnx int8"."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One row a text, in order; shape (0, dimension) for no texts."""
        ...


class Nearest(Protocol):
    """Finds passages by their vectors."""

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (passage id, cosine) pairs, best first.

        `vector` has shape (dimension,) and length 1.
        """
        ...


class PassageSearch(Nearest, Protocol):
    """Finds the passages of a catalog, and keeps up with it."""

    def take_over(self) -> bool:
        """Keeps up with what was written; False when that is another process's to do."""
        ...

    def compare_with_catalog(self) -> tuple[set[str], set[str]] | None:
        """The keys that are lacking, and those that are held for nothing; None when not known."""
        ...


class VectorStore(Nearest, Protocol):
    """Vectors of passages by key, near to a question's vector. May raise VectorsUnusable."""

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Stores vectors under their keys; a key that is there already is replaced."""
        ...

    def remove(self, keys: Sequence[str]) -> None:
        """Forgets the keys; unknown ones are ignored."""
        ...

    def keys(self) -> Iterable[str]:
        """All keys that are stored."""
        ...

    def count(self) -> int:
        """How many vectors are stored."""
        ...

    def clear(self) -> None:
        """Forgets every vector; the next may have another dimension."""
        ...

    def close(self) -> None: ...


class Reader(Protocol):
    """An extractive reader: finds the span of a passage that answers."""

    @property
    def name(self) -> str: ...

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One `Read` a passage text, in order."""
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """What a language model answered, and how many tokens that took."""

    text: str
    read: int
    written: int


Heard = Callable[[str], bool]
"""Hears all that was said so far, whenever more is said; gives whether to go on."""


class LanguageModel(Protocol):
    """Writes. Nothing that it says is believed."""

    @property
    def name(self) -> str: ...

    def say(self, prompt: str, *, until: float, heard: Heard | None = None) -> Said:
        """The reply to a prompt, in pieces if somebody `heard` them, never empty.

        Returns before `until` (a time of `time.monotonic`). Raises WriterSilent when there is none.
        """
        ...


class DocumentReader(Protocol):
    """Turns a file into documents (an archive holds several)."""

    def reading(self, source: str, path: str) -> Reading:
        """The documents of the file, at least one, and what inside it could not be read.

        Raises DocumentUnreadable with the reason.
        """
        ...

    def close(self) -> None: ...


class FetchedLink(Protocol):
    """What a link gave."""

    @property
    def data(self) -> bytes: ...

    @property
    def final_url(self) -> str:
        """After redirects."""
        ...

    @property
    def etag(self) -> str | None: ...

    @property
    def last_modified(self) -> str | None: ...

    @property
    def unchanged(self) -> bool:
        """Whether the site says that the version which was named is still the newest."""
        ...

    def saved_in(self, folder: Path) -> Path:
        """Writes the data below the folder, under a name that says what it is."""
        ...


class Known(Protocol):
    """The version of a link that was read before."""

    @property
    def final_url(self) -> str: ...

    @property
    def etag(self) -> str | None: ...

    @property
    def last_modified(self) -> str | None: ...


Fetch = Callable[[str, Known | None], FetchedLink]
"""(link, version read before) → what it gives; raises DocumentUnreadable with the reason."""


class Chunker(Protocol):
    """Cuts a document into passages of sentences."""

    def __call__(self, document: Document) -> list[Passage]: ...
