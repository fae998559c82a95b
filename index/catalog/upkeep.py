"""Verifying what is stored, and mending what can be mended."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from index.catalog.contents import note_gone
from index.catalog.file import CatalogFile
from index.catalog.full_text import AGAIN, DIFFERENCES, fill_full_text


class Upkeep(CatalogFile):
    """What is wrong with the file, and the ways out."""

    def disorder(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when nothing is."""
        with self._translated():
            rows = self._connection.execute("PRAGMA integrity_check(20)").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]

    def full_text_is_whole(self) -> bool:
        """Whether full text holds exactly the words of the passages: they are counted again."""
        with self._writing(counted=False) as connection:
            connection.execute(AGAIN)
            connection.execute("CREATE VIRTUAL TABLE temp.again USING fts5vocab(again_text, row)")
            try:
                fill_full_text(connection, "again_text")
                return all(connection.execute(each).fetchone() is None for each in DIFFERENCES)
            finally:
                connection.execute("DROP TABLE temp.again")
                connection.execute("DROP TABLE temp.again_text")

    def renew_full_text(self) -> None:
        """Makes full text anew from the passages."""
        with self._writing() as connection:
            connection.execute("INSERT INTO passage_text(passage_text) VALUES('delete-all')")
            fill_full_text(connection, "passage_text")

    def drop_contents(self, keys: Iterable[str]) -> None:
        """Forgets texts that are stored wrongly; the next reindex reads their files again."""
        with self._writing() as connection:
            for key in keys:
                row = connection.execute("SELECT id FROM content WHERE key=?", [key]).fetchone()
                passages = connection.execute(
                    "SELECT id, number FROM passage WHERE content=?", row
                ).fetchall()
                for passage, number in passages:
                    note_gone(connection, passage, f"{key}-{number}")
                connection.execute("DELETE FROM passage WHERE content=?", row)
                connection.execute("DELETE FROM document WHERE content=?", row)
                connection.execute("DELETE FROM content WHERE id=?", row)
            _drop_strays(connection)

    def drop_strays(self) -> None:
        """Forgets what lacks its text or its document, and has their files read again."""
        with self._writing() as connection:
            _drop_strays(connection)


def _drop_strays(connection: sqlite3.Connection) -> None:
    # Passages too, for SQLite may give the row of a lost text to the next one.
    for table in ("document", "passage"):
        connection.execute(
            f"DELETE FROM {table} WHERE content NOT IN (SELECT id FROM content)"  # noqa: S608
        )
    connection.execute("DELETE FROM vector_waiting WHERE passage NOT IN (SELECT id FROM passage)")
    connection.execute(
        "UPDATE file SET hash='', size=-1, checked=0 WHERE (generation, source) IN ("
        "SELECT m.generation, m.file FROM member m WHERE NOT EXISTS "
        "(SELECT 1 FROM document d WHERE d.id=m.document AND d.content=m.content)) "
        "OR hash<>'' AND (generation, source) NOT IN (SELECT generation, file FROM member)"
    )
    connection.execute(
        "DELETE FROM member WHERE NOT EXISTS "
        "(SELECT 1 FROM document d WHERE d.id=member.document AND d.content=member.content)"
    )
    for table in ("member", "file"):
        connection.execute(
            f"DELETE FROM {table} WHERE generation NOT IN (SELECT id FROM generation)"  # noqa: S608
        )
