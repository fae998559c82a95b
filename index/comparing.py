"""The passages nearest to a question, by comparing all that a catalog holds, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from index.catalog import Catalog, PassageVectors, Snapshot, means, unpack
from index.ports import Vectors

COMPARED_AT_ONCE = 20_000
"""Sentences that are unpacked at once: about 30 MB of 384 floats."""
KEPT_IN_MEMORY = 50_000
"""Passages whose vectors stay for the next question, about 80 MB; more are read again."""


class Comparison:
    """Needs no store beside the catalog, so it is never behind."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: tuple[tuple[int, int, bool], Block] | None = None

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (passage id, cosine) pairs of the current generation, best first."""
        with self._catalog.snapshot() as snapshot:
            return self.nearest_in(snapshot, vector, limit)

    def nearest_in(
        self, snapshot: Snapshot, vector: Vectors, limit: int, *, waiting: bool = False
    ) -> list[tuple[str, float]]:
        """The nearest of all passages, or of those that wait for a store."""
        version = (snapshot.written, snapshot.number, waiting)
        held = self._kept
        if held is not None and held[0] == version:
            return held[1].nearest(vector, limit)
        kept: Block | None = None
        best: list[tuple[str, float]] = []
        for number, each in enumerate(_blocks(snapshot.packed_vectors(waiting=waiting))):
            best = sorted(best + each.nearest(vector, limit), key=lambda hit: -hit[1])[:limit]
            if number == 0:
                kept = each
            elif kept is not None:
                kept = kept.joined(each) if len(kept) < KEPT_IN_MEMORY else None
        self._kept = (version, kept) if kept is not None else None
        return best

    def take_over(self) -> bool:
        """Nothing is to be brought up to date."""
        return True

    def compare_with_catalog(self) -> tuple[set[str], set[str]]:
        """Nothing is lacking, and nothing is held for nothing."""
        return set(), set()


class Block:
    """The vectors of passages, side by side."""

    def __init__(self, passages: list[PassageVectors]) -> None:
        counts = [each.count for each in passages]
        vectors = np.concatenate([unpack(each.packed, each.count) for each in passages])
        self._ids = [each.passage_id for each in passages]
        self.means = means(vectors, counts)

    def __len__(self) -> int:
        return len(self._ids)

    def joined(self, other: Block) -> Block:
        """Both, one after the other."""
        self._ids += other._ids
        self.means = np.concatenate([self.means, other.means])
        return self

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        if self.means.shape[1] != len(vector):
            return []  # made by another model, and about to be made anew
        cosines = self.means @ vector
        some = min(limit, len(self))
        best = np.argpartition(-cosines, some - 1)[:some]
        return [(self._ids[row], float(cosines[row])) for row in best]


def _blocks(passages: Iterable[PassageVectors]) -> Iterator[Block]:
    block: list[PassageVectors] = []
    size = 0
    for each in passages:
        if not each.count:
            continue
        block.append(each)
        size += each.count
        if size >= COMPARED_AT_ONCE:
            yield Block(block)
            block, size = [], 0
    if block:
        yield Block(block)
