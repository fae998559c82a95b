"""The sockets that machines plug into. Named in our words; no library's types pass through."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.passages import Document, Passage, Progress

Vectors = NDArray[np.float32]
"""Shape (texts, dimension), each row of length 1, so that a dot product is a cosine."""

ProgressListener = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader found in (question, passage): the best span and its margin over "not here".

    `start` and `end` are characters of the passage text that was given. `margin` is in logits:
    above 0 the model prefers the span to "not here".
    """

    start: int
    end: int
    margin: float


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


class VectorStore(Protocol):
    """Sentence vectors by key, near to a question's vector."""

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Stores vectors under their keys; a key that is there already is replaced."""
        ...

    def remove(self, keys: Sequence[str]) -> None:
        """Forgets the keys; unknown ones are ignored."""
        ...

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (key, cosine) pairs, best first; `vector` has shape (dimension,)."""
        ...

    def keys(self) -> Iterable[str]:
        """All keys that are stored."""
        ...

    def count(self) -> int:
        """How many vectors are stored."""
        ...

    def close(self) -> None: ...


class Reader(Protocol):
    """An extractive reader: finds the span of a passage that answers."""

    @property
    def name(self) -> str: ...

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One `Read` a passage text, in order."""
        ...


class DocumentReader(Protocol):
    """Turns a file into documents (an archive holds several)."""

    def read(self, source: str, path: str) -> list[Document]:
        """The documents of the file, at least one; raises DocumentUnreadable with the reason."""
        ...

    def close(self) -> None: ...


class Chunker(Protocol):
    """Cuts a document into passages of sentences."""

    def __call__(self, document: Document) -> list[Passage]: ...
