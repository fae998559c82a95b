"""A real catalog and a real Chroma with an embedder by eye: an index that opens in no time.

Its functions can be run in processes of their own.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from index import chunking
from index.building import Builder
from index.catalog import Catalog
from index.locking import Ownership
from index.passages import Progress, ReindexReport
from index.ports import Fetch, Vectors
from index.retrieval import Retriever
from index.shelves import alone
from index.vector_search import VectorSearch
from index.vectors import ChromaVectors
from tests.doubles import PlainReader, WordEmbedder


class SmallIndex:
    """`documents` and `index` lie below the folder."""

    def __init__(self, folder: Path, kept_generations: int = 0, fetch: Fetch | None = None) -> None:
        self.storage = folder / "index"
        self.catalog = Catalog(self.storage / "catalog.sqlite")
        self.ownership = Ownership(self.storage)
        self.vectors = VectorSearch(self.catalog, self._open)
        embedder = WordEmbedder(256)
        self.builder = Builder(
            folder=folder / "documents",
            storage=self.storage,
            catalog=self.catalog,
            vectors=self.vectors,
            embedder=lambda: embedder,
            reader=PlainReader(),
            chunker=chunking.cut,
            max_file_bytes=10**6,
            kept_generations=kept_generations,
            fetch=fetch,
        )
        self._retriever = Retriever(alone(self.catalog, self.vectors), lambda: embedder)
        self._embedder = embedder
        self._store: ChromaVectors | None = None

    def reindex(self, progress: Callable[[Progress], None] | None = None) -> ReindexReport:
        return self.builder.reindex(progress)

    def search(self, question: str, limit: int = 5) -> list[str]:
        """Sources, best first."""
        found = self._retriever.retrieve(question, limit)
        return [each.passage.document.source for each in found]

    def question(self, text: str) -> Vectors:
        return self._embedder.embed([text])[0]

    @property
    def store(self) -> ChromaVectors:
        """Chroma, which this process must hold."""
        assert self._store is not None
        return self._store

    def holds(self) -> bool:
        return self._store is not None

    def stored(self) -> int:
        return self._store.count() if self._store else 0

    def close(self) -> None:
        self.vectors.close()
        self.ownership.give_up()
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self) -> ChromaVectors | None:
        self._store = ChromaVectors(self.storage) if self.ownership.taken() else None
        return self._store


def reindex_in(folder: Path) -> None:
    with SmallIndex(folder) as index:
        index.reindex()


def reindex_slowly_in(folder: Path) -> None:
    """The file `began` says that it is on its way."""

    def dawdle(_: Progress) -> None:
        (folder / "began").touch()
        time.sleep(0.03)

    with SmallIndex(folder) as index:
        index.reindex(dawdle)


def forget(index: SmallIndex, source: str) -> list[str]:
    """As the front door does it."""
    return index.builder.forget(source)
