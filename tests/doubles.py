"""Small real objects that stand in for machines; each passes the real one's tests."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from index.errors import DocumentUnreadable
from index.passages import Document, Reading
from index.ports import Read, Vectors
from index.words import stems


class WordEmbedder:
    """Vectors that one can compute by eye: a dimension for each word, shared words are near."""

    name = "words@1"
    how = "by eye"

    def __init__(self, dimension: int = 64) -> None:
        self._dimension = dimension
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.full((len(texts), self._dimension), 1e-3, np.float32)
        for row, text in enumerate(texts):
            for word in stems(text):
                vectors[row, sum(map(ord, word)) % self._dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class ListVectors:
    """Vectors in a dictionary, compared one by one."""

    def __init__(self) -> None:
        self._vectors: dict[str, Vectors] = {}

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        self._vectors.update(zip(keys, vectors, strict=True))

    def remove(self, keys: Sequence[str]) -> None:
        for key in keys:
            self._vectors.pop(key, None)

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        found = [(key, float(each @ vector)) for key, each in self._vectors.items()]
        return sorted(found, key=lambda hit: -hit[1])[:limit]

    def keys(self) -> Iterator[str]:
        return iter(list(self._vectors))

    def count(self) -> int:
        return len(self._vectors)

    def clear(self) -> None:
        self._vectors.clear()

    def close(self) -> None:
        return None


class PlainReader:
    """Reads a file as UTF-8; the first line is the title, a date in the name the date.

    A file that says "broken" is.
    """

    def __init__(self) -> None:
        self.read_sources: list[str] = []

    def reading(self, source: str, path: str) -> Reading:
        self.read_sources.append(source)
        try:
            text = Path(path).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise DocumentUnreadable(source, str(error)) from error
        if text.startswith("broken"):
            raise DocumentUnreadable(source, "it is broken")
        title = text.partition("\n")[0] or source
        named = re.search(r"\d{4}-\d\d-\d\d", source)
        day = date.fromisoformat(named[0]) if named else None
        return Reading((Document(source=source, title=title, text=text, date=day),))

    def close(self) -> None:
        return None


class ScriptedReader:
    """Finds what it is told to find: the first of its phrases that stands in a passage."""

    name = "scripted"

    def __init__(self, *phrases: str, margin: float = 5.0) -> None:
        self._phrases, self._margin = phrases, margin

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        return [self._one(passage) for passage in passages]

    def _one(self, passage: str) -> Read:
        offsets = np.array([each.span() for each in re.finditer(r"\w+", passage)] or [(0, 0)])
        starts = np.full(len(offsets), -self._margin / 2, np.float32)
        ends = starts.copy()
        for phrase in self._phrases:
            at = passage.find(phrase)
            if at >= 0:
                starts[np.searchsorted(offsets[:, 0], at)] = self._margin / 2
                ends[np.searchsorted(offsets[:, 1], at + len(phrase))] = self._margin / 2
                break
        return Read(offsets=offsets, starts=starts, ends=ends, nothing=0.0)


def write(folder: Path, **texts: str) -> Path:
    """The folder with a file for each name; `__` in a name stands for a subfolder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / (name.replace("__", "/") + ".txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder
