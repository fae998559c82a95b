"""What comes out of the catalog, and how vectors and offsets are packed in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.passages import Document, Passage, Sentence
from index.ports import Vectors, unit


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was when it was last read. Times in nanoseconds, size in bytes."""

    source: str
    hash: str
    size: int
    modified: int
    checked: int
    failure: str | None = None
    """Why it could not be read, or which files inside of it."""
    documents: tuple[str, ...] = ()
    """Ids of the documents that the file holds, or held before it broke."""

    @property
    def broken(self) -> bool:
        """Whether it could not be read as it is now; it is tried again next time."""
        return self.failure is not None and not self.hash


@dataclass(frozen=True, slots=True)
class StoredLink:
    """What a site said of a version of a link, so that it can be asked whether it changed."""

    source: str
    hash: str
    final_url: str
    """The link that it came from in the end, which alone is asked."""
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    """A text as it is stored, to be verified."""

    key: str
    text: str
    documents: tuple[tuple[str, str, str], ...]
    """(id, source, title) of each document that has this text."""
    passages: tuple[tuple[int, str, bytes, int], ...]
    """(number, context, packed offsets, bytes of the vectors) of each passage, by number."""

    def sentences(self) -> list[list[Sentence]]:
        """The sentences of each passage."""
        return [list(unpacked_sentences(packed)) for _, _, packed, _ in self.passages]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageVectors:
    """The vectors of a passage's `count` sentences, packed as they are stored."""

    row: int
    passage_id: str
    """The same on every machine, and the key of its vector in the store."""
    count: int
    packed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with the vectors of its sentences, shape (sentences, dimension)."""

    passage: Passage
    vectors: Vectors
    context: str
    also_in: tuple[Document, ...] = ()


def pack(vectors: Vectors) -> bytes:
    """Vectors as int8 with a scale each: a quarter of the size, cosines within 0.01."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0), 1e-12).astype("<f4") / 127
    rounded = np.rint(vectors / scales[:, None]).astype(np.int8)
    return bytes(scales.tobytes() + rounded.tobytes())


def unpack(packed: bytes, count: int) -> Vectors:
    """The inverse of `pack` for `count` vectors; shape (count, dimension)."""
    scales = np.frombuffer(packed, "<f4", count)
    rounded = np.frombuffer(packed, np.int8, offset=4 * count).reshape(count, -1)
    vectors: Vectors = rounded.astype(np.float32) * scales[:, None]
    return vectors


def means(vectors: Vectors, counts: Sequence[int]) -> Vectors:
    """The mean of each passage's sentences, of length 1; shape (passages, dimension).

    `vectors` are the sentences of the passages one after the other, `counts` how many each has.
    """
    return unit(np.add.reduceat(vectors, np.cumsum([0, *counts[:-1]])))


def unpacked_sentences(packed: bytes) -> tuple[Sentence, ...]:
    offsets = np.frombuffer(packed, "<i4").reshape(-1, 2).tolist()
    return tuple(Sentence(start, end) for start, end in offsets)
