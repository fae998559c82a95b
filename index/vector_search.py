"""The sentences nearest to a question, whoever wrote them and whoever holds the vector store.

The catalog holds every vector; the store (Chroma) is a fast index over it that one process at a
time may have open. What the store has not taken over yet is compared one by one, so that an answer
never waits for it: the process that holds it takes over in the background what another one wrote,
and a process that does not hold it compares all.
"""

from __future__ import annotations

import logging
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, PassageVectors, Snapshot, passage_of_key, vector_key
from index.errors import QuothError, VectorsUnusable
from index.ports import Vectors, VectorStore

TAKEN_AT_ONCE = 500
"""Passages whose vectors go from the catalog to the store in one step."""
FORGOTTEN_AT_ONCE = 5_000
COMPARED_AT_ONCE = 20_000
"""Vectors that are unpacked at once: about 30 MB of 384 floats."""
KEPT_IN_MEMORY = 200_000
"""Sentences that stay unpacked in int8 for the next question, about 80 MB; more are read again."""

log = logging.getLogger(__name__)


class VectorSearch:
    """Nearest sentences of the generation that is current.

    `open_store` gives the store, or None as long as another process holds it; it is asked again at
    each question until it gives one.
    """

    def __init__(self, catalog: Catalog, open_store: Callable[[], VectorStore | None]) -> None:
        self._catalog, self._open = catalog, open_store
        self._store: VectorStore | None = None
        self._anew = False
        """The store holds another number of vectors than it should, so it is to begin anew."""
        self._opening = threading.Lock()
        self._taking_over = threading.Lock()
        self._helper: threading.Thread | None = None
        self._closing = threading.Event()
        self._compared: tuple[tuple[int, int, bool], _Compared] | None = None

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (key, cosine) pairs, best first; empty when nothing is indexed."""
        with self._catalog.snapshot() as snapshot:
            found = self._from_store(snapshot, vector, limit)
            behind = snapshot.vectors_behind()
            if behind or self._anew:
                self._take_over_soon()
            if found is None:
                return self._compare(snapshot, vector, limit, waiting=False)
            if behind:
                found += self._compare(snapshot, vector, limit, waiting=True)
        return sorted(dict(found).items(), key=lambda hit: -hit[1])[:limit]

    def take_over(self) -> bool:
        """Brings the store up to date with the catalog; False when another process holds it."""
        with self._taking_over:
            try:
                store = self._held()
                if store is None:
                    return False
                self._renew(store)
                while (keys := self._catalog.gone_vectors(FORGOTTEN_AT_ONCE)) and self._open_still:
                    store.remove(keys)
                    self._catalog.vectors_forgotten(keys)
                while (page := self._catalog.waiting_vectors(TAKEN_AT_ONCE)) and self._open_still:
                    store.add([key for each in page for key in each.keys], _unpacked(page))
                    self._catalog.vectors_taken(each.row for each in page)
            except VectorsUnusable as error:
                log.warning("%s", error)
                return False
        return True

    def compare_with_catalog(self) -> tuple[set[str], set[str]] | None:
        """The keys that the store lacks, and those that it holds for nothing.

        None when another process holds the store. What waits to be taken over is not lacking.
        """
        if not self.take_over():
            return None
        with self._catalog.snapshot() as snapshot:
            due = set(snapshot.vector_keys())
        with self._taking_over:
            store = self._held()
            held = set(store.keys()) if store else set()
        return due - held, held - due

    def close(self) -> None:
        """Lets go of the store, after the step that is being taken."""
        self._closing.set()
        if self._helper is not None:
            self._helper.join()
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def _open_still(self) -> bool:
        return not self._closing.is_set()

    def _held(self) -> VectorStore | None:
        with self._opening:
            if self._store is None and self._open_still:
                opened = self._open()
                self._anew = opened is not None and not self._is_whole(opened)
                self._store = opened
            return self._store

    def _is_whole(self, store: VectorStore) -> bool:
        """Whether it holds as many vectors as it should: else it was made anew, or lost some."""
        with self._catalog.snapshot() as snapshot:
            least, most = snapshot.vectors_due()
        return least <= store.count() <= most

    def _renew(self, store: VectorStore) -> None:
        if self._anew:
            self._catalog.renew_vectors()
        if self._catalog.wants_new_vectors():
            store.clear()
            self._catalog.vectors_emptied()
        self._anew = False

    def _take_over_soon(self) -> None:
        if self._helper is None or not self._helper.is_alive():
            self._helper = threading.Thread(target=self._help, name="vectors", daemon=True)
            self._helper.start()

    def _help(self) -> None:
        try:
            self.take_over()
        except QuothError as error:  # a full disk: the next question tries again
            log.warning("%s", error)

    def _from_store(
        self, snapshot: Snapshot, vector: Vectors, limit: int
    ) -> list[tuple[str, float]] | None:
        """What the store finds in this generation; None when it cannot be trusted to find it."""
        with suppress(VectorsUnusable):
            store = self._held()
            if store is None or self._anew or snapshot.wants_new_vectors():
                return None
            asked = 2 * limit  # some may be of other generations
            found = store.nearest(vector, asked)
            known = snapshot.passages_of({passage_of_key(key)[0] for key, _ in found})
            kept = [hit for hit in found if passage_of_key(hit[0])[0] in known]
            if len(kept) >= limit or len(found) >= store.count():
                return kept
        return None

    def _compare(
        self, snapshot: Snapshot, vector: Vectors, limit: int, *, waiting: bool
    ) -> list[tuple[str, float]]:
        """The nearest of all sentences, or of those that wait for the store."""
        version = (snapshot.written, snapshot.number, waiting)
        if self._compared is not None and self._compared[0] == version:
            return self._compared[1].nearest(vector, limit)
        kept: _Compared | None = None
        best: list[tuple[str, float]] = []
        for number, each in enumerate(_blocks(snapshot.packed_vectors(waiting=waiting))):
            best = sorted(best + each.nearest(vector, limit), key=lambda hit: -hit[1])[:limit]
            if number == 0:
                kept = each
            elif kept is not None:
                kept = kept.joined(each) if kept.size < KEPT_IN_MEMORY else None
        self._compared = (version, kept) if kept is not None else None
        return best


class _Compared:
    """Packed vectors side by side, with the passages that they belong to."""

    def __init__(self, passages: list[PassageVectors]) -> None:
        self._ids = [each.passage_id for each in passages]
        self._ends = list(accumulate(each.count for each in passages))
        self.size = self._ends[-1]
        self._scales = np.concatenate(
            [np.frombuffer(each.packed, "<f4", each.count) for each in passages]
        )
        self._rounded: NDArray[np.int8] = np.concatenate([_rounded(each) for each in passages])

    def joined(self, other: _Compared) -> _Compared:
        """Both, one after the other."""
        self._ids += other._ids
        self._ends += [self.size + end for end in other._ends]
        self.size += other.size
        self._scales = np.concatenate([self._scales, other._scales])
        self._rounded = np.concatenate([self._rounded, other._rounded])
        return self

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        if self._rounded.shape[1] != len(vector):
            return []  # made by another model, and about to be made anew
        cosines = np.concatenate(
            [
                self._rounded[at : at + COMPARED_AT_ONCE].astype(np.float32) @ vector
                for at in range(0, self.size, COMPARED_AT_ONCE)
            ]
        )
        cosines *= self._scales
        some = min(limit, self.size)
        best = np.argpartition(-cosines, some - 1)[:some]
        return [(self._key(int(row)), float(cosines[row])) for row in best]

    def _key(self, row: int) -> str:
        at = bisect_right(self._ends, row)
        return vector_key(self._ids[at], row - (self._ends[at - 1] if at else 0))


def _blocks(passages: Iterable[PassageVectors]) -> Iterator[_Compared]:
    block: list[PassageVectors] = []
    size = 0
    for each in passages:
        if not each.count:
            continue
        block.append(each)
        size += each.count
        if size >= COMPARED_AT_ONCE:
            yield _Compared(block)
            block, size = [], 0
    if block:
        yield _Compared(block)


def _rounded(each: PassageVectors) -> NDArray[np.int8]:
    rounded = np.frombuffer(each.packed, np.int8, offset=4 * each.count)
    return rounded.reshape(each.count, -1)


def _unpacked(page: list[PassageVectors]) -> Vectors:
    block = _Compared(page)
    vectors: Vectors = block._rounded.astype(np.float32) * block._scales[:, None]
    return vectors
