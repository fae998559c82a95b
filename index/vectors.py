"""Sentence vectors in Chroma: chromadb lives here, and its distances become cosines here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from index.errors import ModelUnavailable
from index.ports import Vectors

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

COLLECTION = "sentences"
SEARCH_BREADTH = 200
"""HNSW's ef_search: at least as many as are ever asked for, else Chroma returns fewer."""
PAGE = 5_000
"""Vectors that are added, removed or listed at once; below Chroma's own limit."""


class ChromaVectors:
    """Vectors in a Chroma collection with cosine distance: embedded, or on a server."""

    def __init__(self, storage: Path, url: str | None = None) -> None:
        self._client = _client(storage / "vectors", url)
        self._collection = self._client.get_or_create_collection(
            COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_BREADTH}},
            embedding_function=None,
        )

    def add(self, keys: Sequence[str], vectors: Vectors) -> None:
        for at in range(0, len(keys), PAGE):
            page = slice(at, at + PAGE)
            self._collection.upsert(ids=list(keys[page]), embeddings=vectors[page])

    def remove(self, keys: Sequence[str]) -> None:
        for at in range(0, len(keys), PAGE):
            self._collection.delete(ids=list(keys[at : at + PAGE]))

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        limit = min(limit, SEARCH_BREADTH)
        found = self._collection.query(
            query_embeddings=np.asarray([vector]), n_results=limit, include=["distances"]
        )
        distances = found["distances"] or [[]]
        # In a cosine collection a distance is 1 - cosine.
        return [(key, 1 - far) for key, far in zip(found["ids"][0], distances[0], strict=True)]

    def keys(self) -> Iterator[str]:
        at = 0
        while page := self._collection.get(limit=PAGE, offset=at, include=[])["ids"]:
            yield from page
            at += len(page)

    def count(self) -> int:
        return self._collection.count()

    def clear(self) -> None:
        """Forgets every vector."""
        self._client.delete_collection(COLLECTION)
        self._collection = self._client.create_collection(
            COLLECTION,
            configuration={"hnsw": {"space": "cosine", "ef_search": SEARCH_BREADTH}},
            embedding_function=None,
        )

    def close(self) -> None:
        """Lets go of the files, so that the folder can be opened again or removed."""
        close = getattr(self._client, "close", None)
        if close is not None:
            close()


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
        raise ModelUnavailable(f"Chroma server at {url}", type(error).__name__) from error
