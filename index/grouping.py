"""Which texts ask for the same, by their vectors."""

from __future__ import annotations

import numpy as np

from index.ports import Vectors

ALIKE = 0.5
"""The cosine from which on two questions count as the same (tests/test_gaps.py measures it)."""


def grouped(vectors: Vectors, alike: float = ALIKE) -> list[list[int]]:
    """Rows in groups, in the order of the first of each.

    A row joins the group whose first row is nearest, if that is near enough; else it begins one.
    """
    groups: list[list[int]] = []
    firsts = np.empty_like(vectors)
    for row, vector in enumerate(vectors):
        near = firsts[: len(groups)] @ vector
        best = int(near.argmax()) if groups else 0
        if groups and near[best] >= alike:
            groups[best].append(row)
        else:
            firsts[len(groups)] = vector
            groups.append([row])
    return groups
