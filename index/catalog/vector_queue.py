"""What the vector store has yet to take over, and to forget."""

from __future__ import annotations

from collections.abc import Iterable

from index.catalog.file import CatalogFile
from index.catalog.schema import renew
from index.catalog.stored import PassageVectors
from index.catalog.vector_rows import PACKED, passage_vectors


class VectorQueue(CatalogFile):
    """The vector store follows the catalog: notes to it, struck out once they are done."""

    def waiting_vectors(self, limit: int) -> list[PassageVectors]:
        """At most `limit` passages whose vectors the store lacks; empty when it lacks none."""
        with self._translated():
            rows = self._connection.execute(
                f"{PACKED} JOIN vector_waiting w ON w.passage=p.id LIMIT ?", [limit]
            ).fetchall()
        return [passage_vectors(*row) for row in rows]

    def vectors_taken(self, rows: Iterable[int]) -> None:
        """Notes that the store holds the vectors of these passages."""
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM vector_waiting WHERE passage=?", [(row,) for row in rows]
            )

    def gone_vectors(self, limit: int) -> list[str]:
        """At most `limit` keys that the store is to forget."""
        with self._translated():
            rows = self._connection.execute("SELECT key FROM vector_gone LIMIT ?", [limit])
            return [row[0] for row in rows]

    def vectors_forgotten(self, keys: Iterable[str]) -> None:
        """Notes that the store has forgotten these keys."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM vector_gone WHERE key=?", [(key,) for key in keys])

    def vectors_wrong(self, missing: Iterable[str], orphaned: Iterable[str]) -> None:
        """Notes keys that the store lacks, and keys that it holds for nothing."""
        passages = {tuple(key.rsplit("-", 1)) for key in missing}
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO vector_waiting SELECT p.id FROM content c "
                "JOIN passage p ON p.content=c.id WHERE c.key=? AND p.number=?",
                sorted(passages),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO vector_gone VALUES(?)", [(key,) for key in orphaned]
            )

    def renew_vectors(self) -> None:
        """Notes that the store is to begin anew and take over everything."""
        with self._writing() as connection:
            renew(connection)

    def wants_new_vectors(self) -> bool:
        """Whether the store is to begin anew."""
        return self._meta("renew") is not None

    def vectors_emptied(self) -> None:
        """Notes that the store has begun anew, whatever of the queue was worked off before."""
        with self._writing() as connection:
            renew(connection)
            connection.execute("DELETE FROM meta WHERE key='renew'")
