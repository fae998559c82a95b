"""Passages' vectors in Chroma: chromadb lives here, and its distances become cosines here."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar
from urllib.parse import urlsplit

import numpy as np

from index.errors import VectorsReplaced, VectorsUnusable
from index.ports import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

SEARCH_BREADTH = 120
"""HNSW's ef_search: at least as many as are ever asked for, else Chroma returns fewer."""
PAGE = 5_000
"""Vectors that are added, removed or listed at once; below Chroma's own limit."""

log = logging.getLogger(__name__)
P = ParamSpec("P")
T = TypeVar("T")


class ChromaVectors:
    """Vectors in a Chroma collection with cosine distance: embedded, or on a server.

    Embedded, one process may have it open. It is an index over vectors that are kept elsewhere:
    what a killed process left half written is thrown away when it is opened again, and `count`
    is 0 then. Raises VectorsUnusable when Chroma fails, VectorsReplaced when the collection on a
    server is not the one that was opened.
    """

    def __init__(self, storage: Path, url: str | None = None, collection: str = "passages") -> None:
        self._url, self._folder, self._name = url, storage / "vectors", collection
        self._unfinished = storage / "vectors.unfinished"
        if url is None and self._unfinished.exists():
            log.warning("The vectors were being written when a process ended; they are made anew")
            self._erase()
        try:
            self._open()
        except VectorsUnusable:
            if url is not None:
                raise
            self._erase()
            self._open()

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        with self._writing():
            for at in range(0, len(keys), PAGE):
                page = slice(at, at + PAGE)
                _told(self._collection.upsert, ids=list(keys[page]), embeddings=vectors[page])

    def remove(self, keys: Sequence[str]) -> None:
        with self._writing():
            for at in range(0, len(keys), PAGE):
                _told(self._collection.delete, ids=list(keys[at : at + PAGE]))

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        found = _told(
            self._collection.query,
            query_embeddings=np.asarray([vector]),
            n_results=min(limit, SEARCH_BREADTH),
            include=["distances"],
        )
        distances = found["distances"] or [[]]
        # In a cosine collection a distance is 1 - cosine.
        return [(key, 1 - far) for key, far in zip(found["ids"][0], distances[0], strict=True)]

    def keys(self) -> Iterator[str]:
        at = 0
        while page := _told(self._collection.get, limit=PAGE, offset=at, include=[])["ids"]:
            yield from page
            at += len(page)

    def count(self) -> int:
        return _told(self._collection.count)

    def clear(self) -> None:
        """Forgets every vector; embedded, their bytes are gone from the disk as well."""
        if self._url is None:
            self.close()
            self._erase()
        else:
            _told(self._client.delete_collection, self._name)
        self._open()

    def close(self) -> None:
        """Lets go of the files, so that the folder can be opened again or removed."""
        close = getattr(self._client, "close", None)
        if close is not None:
            close()

    def _open(self) -> None:
        self._client = _told(_client, self._folder, self._url)
        self._collection: Collection = _told(
            self._client.get_or_create_collection,
            self._name,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_BREADTH}},
            embedding_function=None,
        )

    def _erase(self) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)
        with suppress(OSError):
            self._unfinished.unlink(missing_ok=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Leaves a mark for as long as files may be half written."""
        if self._url is not None:
            yield
            return
        try:
            self._unfinished.touch()
            yield
            # Chroma brings its graph on the disk up to date with the next question.
            size = self._dimension()
            if size:
                self.nearest(np.full(size, 1.0, np.float32), 1)
            self._unfinished.unlink(missing_ok=True)
        except OSError as error:
            raise VectorsUnusable(error.strerror or type(error).__name__) from error

    def _dimension(self) -> int:
        some = _told(self._collection.peek, 1)["embeddings"]
        return 0 if some is None or not len(some) else len(some[0])


def _told(call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What Chroma gives; whatever it raises, as an error of ours."""
    try:
        return call(*args, **kwargs)
    except (VectorsUnusable, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # its own, ValueError, httpx errors, and panics of its engine
        name = type(error).__name__
        raise VectorsReplaced if name == "NotFoundError" else VectorsUnusable(name) from error


def _client(folder: Path, url: str | None) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    settings = Settings(anonymized_telemetry=False)
    if url is None:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(str(folder), settings=settings)
    address = urlsplit(url)
    try:
        return chromadb.HttpClient(
            host=address.hostname or "localhost",
            port=address.port or 8000,
            ssl=address.scheme == "https",
            settings=settings,
        )
    except Exception as error:  # chromadb raises plain ValueError and httpx errors alike
        server = f"{address.hostname}:{address.port or 8000}"
        reason = f"no server answers at {server}: start it, or unset CHROMA_URL"
        raise VectorsUnusable(reason) from error
