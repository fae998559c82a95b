"""The passages nearest to a question, whoever wrote them and whoever holds the vector store.

The catalog holds every vector; the store (Chroma) is a fast index over it that one process at a
time may have open. What the store has not taken over yet is compared one by one, so that an answer
never waits for it: the process that holds it takes over in the background what another one wrote,
and a process that does not hold it compares all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from index.catalog import Catalog, Snapshot
from index.comparing import Block, Comparison
from index.errors import QuothError, VectorsReplaced, VectorsUnusable
from index.ports import Vectors, VectorStore

TAKEN_AT_ONCE = 500
"""Passages whose vectors go from the catalog to the store in one step."""
FORGOTTEN_AT_ONCE = 5_000

log = logging.getLogger(__name__)


class VectorSearch:
    """Nearest passages of the generation that is current.

    `open_store` gives the store, or None as long as another process holds it; it is asked again at
    each question until it gives one.
    """

    def __init__(self, catalog: Catalog, open_store: Callable[[], VectorStore | None]) -> None:
        self._catalog, self._open = catalog, open_store
        self._store: VectorStore | None = None
        self._anew = False
        """The store holds another number of vectors than it should, so it is to begin anew."""
        self._renewed = -1
        """Views of before that many writes do not know what the store holds now."""
        self._opening = threading.Lock()
        self._taking_over = threading.Lock()
        self._helper: threading.Thread | None = None
        self._closing = threading.Event()
        self._compared = Comparison(catalog)

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (passage id, cosine) pairs, best first; empty when nothing is indexed."""
        with self._catalog.snapshot() as snapshot:
            behind = snapshot.vectors_behind()
            others = behind or not snapshot.alone()  # vectors of these may be among the found
            found = self._from_store(snapshot, vector, limit, 2 * limit if others else limit)
            if behind or self._anew:
                self._take_over_soon()
            if found is None:
                return self._compared.nearest_in(snapshot, vector, limit)
            if behind:
                found += self._compared.nearest_in(snapshot, vector, limit, waiting=True)
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
                    store.add([each.passage_id for each in page], Block(page).means)
                    self._catalog.vectors_taken(each.row for each in page)
            except VectorsReplaced:
                self._let_go()
                return False
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
        with self._opening:
            helper = self._helper
        if helper is not None:
            helper.join()
        self._let_go()

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

    def _let_go(self) -> None:
        """The next question opens the store again."""
        with self._opening:
            store, self._store = self._store, None
        if store is not None:
            store.close()

    def _is_whole(self, store: VectorStore) -> bool:
        """Whether it holds as many vectors as it should: else it was made anew, or lost some."""
        with self._catalog.snapshot() as snapshot:
            least, most = snapshot.vectors_due()
        return least <= store.count() <= most

    def _renew(self, store: VectorStore) -> None:
        if self._anew:
            self._catalog.renew_vectors()
        if self._catalog.wants_new_vectors():
            with self._catalog.snapshot() as snapshot:
                self._renewed = snapshot.written
            store.clear()
            self._catalog.vectors_emptied()
        self._anew = False

    def _take_over_soon(self) -> None:
        with self._opening:
            if self._open_still and not (self._helper and self._helper.is_alive()):
                self._helper = threading.Thread(target=self._help, name="vectors", daemon=True)
                self._helper.start()

    def _help(self) -> None:
        try:
            self.take_over()
        except QuothError as error:  # a full disk: the next question tries again
            log.warning("%s", error)

    def _from_store(
        self, snapshot: Snapshot, vector: Vectors, limit: int, asked: int
    ) -> list[tuple[str, float]] | None:
        """What the store finds in this generation among the `asked` nearest that it holds.

        None when it cannot be trusted to find it.
        """
        try:
            store = self._held()
            older = snapshot.written <= self._renewed
            if store is None or self._anew or older or snapshot.wants_new_vectors():
                return None
            found = store.nearest(vector, asked)
            known = snapshot.passages_of(key for key, _ in found)
            kept = [hit for hit in found if hit[0] in known]
            if len(kept) >= limit or len(found) >= store.count():
                return kept
        except VectorsReplaced:
            self._let_go()
        except VectorsUnusable:
            pass
        return None
