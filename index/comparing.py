"""The sentences nearest to a question, by comparing all that a catalog holds, one by one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog, PassageVectors, Snapshot, vector_key
from index.ports import Vectors

COMPARED_AT_ONCE = 20_000
"""Vectors that are unpacked at once: about 30 MB of 384 floats."""
KEPT_IN_MEMORY = 200_000
"""Sentences that stay unpacked in int8 for the next question, about 80 MB; more are read again."""


class Comparison:
    """Needs no store beside the catalog, so it is never behind."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: tuple[tuple[int, int, bool], Block] | None = None

    def nearest(self, vector: Vectors, limit: int) -> list[tuple[str, float]]:
        """At most `limit` (key, cosine) pairs of the current generation, best first."""
        with self._catalog.snapshot() as snapshot:
            return self.nearest_in(snapshot, vector, limit)

    def nearest_in(
        self, snapshot: Snapshot, vector: Vectors, limit: int, *, waiting: bool = False
    ) -> list[tuple[str, float]]:
        """The nearest of all sentences, or of those that wait for a store."""
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
                kept = kept.joined(each) if kept.size < KEPT_IN_MEMORY else None
        self._kept = (version, kept) if kept is not None else None
        return best

    def take_over(self) -> bool:
        """Nothing is to be brought up to date."""
        return True

    def compare_with_catalog(self) -> tuple[set[str], set[str]]:
        """Nothing is lacking, and nothing is held for nothing."""
        return set(), set()


class Block:
    """Packed vectors side by side, with the passages that they belong to."""

    def __init__(self, passages: list[PassageVectors]) -> None:
        self._ids = [each.passage_id for each in passages]
        self._ends = list(accumulate(each.count for each in passages))
        self.size = self._ends[-1]
        self._scales = np.concatenate(
            [np.frombuffer(each.packed, "<f4", each.count) for each in passages]
        )
        self._rounded: NDArray[np.int8] = np.concatenate([_rounded(each) for each in passages])

    def joined(self, other: Block) -> Block:
        """Both, one after the other."""
        self._ids += other._ids
        self._ends += [self.size + end for end in other._ends]
        self.size += other.size
        self._scales = np.concatenate([self._scales, other._scales])
        self._rounded = np.concatenate([self._rounded, other._rounded])
        return self

    def unpacked(self) -> Vectors:
        """All of them; shape (size, dimension)."""
        vectors: Vectors = self._rounded.astype(np.float32) * self._scales[:, None]
        return vectors

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


def _rounded(each: PassageVectors) -> NDArray[np.int8]:
    rounded = np.frombuffer(each.packed, np.int8, offset=4 * each.count)
    return rounded.reshape(each.count, -1)
