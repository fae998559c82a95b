"""How a passage's packed vectors are selected."""

from __future__ import annotations

from index.catalog.stored import PassageVectors

PACKED = (
    "SELECT p.id, c.key || '-' || p.number, length(p.sentences) / 8, p.vectors "
    "FROM passage p JOIN content c ON c.id=p.content"
)


def passage_vectors(row: int, passage_id: str, count: int, packed: bytes) -> PassageVectors:
    return PassageVectors(row=row, passage_id=passage_id, count=count, packed=packed)
