"""A copy of all that is stored, and taking one over."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from index.catalog.file import CatalogFile
from index.catalog.full_text import fill_full_text
from index.catalog.schema import recreate, renew

COPIED = {
    "generation": "id, built",
    "content": "id, key, text",
    "document": "id, source, title, date, author, language, pages, headings, content",
    "file": "generation, source, hash, size, modified, checked, failure",
    "member": "generation, document, content, file",
    "passage": "id, content, number, context, sentences, vectors",
}


class Copying(CatalogFile):
    """To a file, and from one."""

    def copy_to(self, path: Path) -> None:
        """Writes all that is stored to a new file, without what was deleted from it."""
        with self._translated():
            self._connection.execute("VACUUM INTO ?", [str(path)])

    def replace_with(self, path: Path) -> None:
        """Takes over all that another catalog's file stores, in place of what is here."""
        with self._translated():
            connection = self._connection
            connection.execute("ATTACH ? AS other", [str(path)])
            try:
                with self._writing():
                    self._copy_from_other(connection)
            finally:
                with suppress(sqlite3.Error):
                    connection.execute("DETACH other")
        self.settle()

    def _copy_from_other(self, connection: sqlite3.Connection) -> None:
        recreate(connection)
        for table, columns in COPIED.items():
            connection.execute(
                f"INSERT INTO main.{table}({columns}) "  # noqa: S608 - our own names
                f"SELECT {columns} FROM other.{table}"
            )
        connection.execute(
            "INSERT INTO main.meta SELECT key, value FROM other.meta "
            "WHERE key IN ('current', 'made_with')"
        )
        fill_full_text(connection, "passage_text")
        renew(connection)
