"""Generations: which documents questions are answered from, and which before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from index.catalog.contents import remove_content
from index.catalog.file import CatalogFile
from index.catalog.stored import StoredFile
from index.errors import NothingToRollBack
from index.passages import Generation

_KEPT = (
    "SELECT id FROM generation "
    "ORDER BY id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key='current') DESC, id DESC "
    "LIMIT ?"
)


class Generations(CatalogFile):
    """Switching, going back, forgetting and pruning; each is one transaction."""

    def switch(self, files: Iterable[StoredFile]) -> Generation:
        """Makes the documents of these files what questions are answered from. One transaction."""
        built = datetime.now(UTC).replace(microsecond=0)
        with self._writing() as connection:
            cursor = connection.execute("INSERT INTO generation(built) VALUES(?)", [str(built)])
            number = int(cursor.lastrowid or 0)
            for file in files:
                connection.execute(
                    "INSERT INTO file VALUES(?,?,?,?,?,?,?)",
                    [number, file.source, file.hash, file.size, file.modified, file.checked,
                     file.failure],
                )  # fmt: skip
                connection.executemany(
                    "INSERT OR IGNORE INTO member "
                    "SELECT ?, id, content, ? FROM document WHERE id=?",
                    [(number, file.source, document) for document in file.documents],
                )
            connection.execute("INSERT OR REPLACE INTO meta VALUES('current', ?)", [str(number)])
        return Generation(number=number, built=built)

    def note(self, files: Iterable[StoredFile]) -> None:
        """Has the current generation know sizes and times of files that hold what they held."""
        with self._writing(counted=False) as connection:
            connection.executemany(
                "UPDATE file SET size=?, modified=?, checked=? WHERE source=? AND generation="
                "(SELECT CAST(value AS INTEGER) FROM meta WHERE key='current')",
                [(each.size, each.modified, each.checked, each.source) for each in files],
            )

    def rollback(self) -> Generation:
        """Makes the generation before the current one current; raises NothingToRollBack."""
        with self._writing() as connection:
            row = connection.execute(
                "SELECT id, built FROM generation WHERE id < "
                "(SELECT CAST(value AS INTEGER) FROM meta WHERE key='current') "
                "ORDER BY id DESC LIMIT 1"
            ).fetchone()
            if row is None:
                raise NothingToRollBack
            connection.execute("UPDATE meta SET value=? WHERE key='current'", [str(row[0])])
        return Generation(number=row[0], built=datetime.fromisoformat(row[1]))

    def forget(self, source: str) -> list[str]:
        """Takes a file out of every generation, the current one too; gives the files that went.

        `source` names the file, or a document of it. What only it held goes with the next `prune`.
        """
        with self._writing() as connection:
            files = {source, *(row[0] for row in connection.execute(
                "SELECT DISTINCT m.file FROM member m JOIN document d ON d.id=m.document "
                "WHERE d.source=?", [source])
            )}  # fmt: skip
            gone = []
            for file in sorted(files):
                connection.execute("DELETE FROM member WHERE file=?", [file])
                if connection.execute("DELETE FROM file WHERE source=?", [file]).rowcount:
                    gone.append(file)
        return gone

    def prune(self, keep: int) -> int:
        """Removes all generations but the current and the newest `keep` - 1 others.

        What only they held goes from the file too (from the bytes of the disk with `settle`), and
        its vectors are noted as gone. Gives the number of texts that went.
        """
        with self._writing() as connection:
            kept = [row[0] for row in connection.execute(_KEPT, [keep])]
            marks = ",".join("?" * len(kept))
            for table, column in (("file", "generation"), ("member", "generation"),
                                  ("generation", "id")):  # fmt: skip
                connection.execute(
                    f"DELETE FROM {table} WHERE {column} NOT IN ({marks})",  # noqa: S608
                    kept,
                )
            connection.execute("DELETE FROM document WHERE id NOT IN (SELECT document FROM member)")
            connection.execute("DELETE FROM link_version WHERE (source, hash) NOT IN "
                               "(SELECT source, hash FROM file)")  # fmt: skip
            orphans = connection.execute(
                "SELECT id FROM content WHERE id NOT IN (SELECT content FROM document)"
            ).fetchall()
            for orphan in orphans:  # one text at a time: they may be all there are
                row = connection.execute("SELECT id, key, text FROM content WHERE id=?", orphan)
                remove_content(connection, *row.fetchone())
            if orphans:
                # Full text only marks a deleted row; its words stay until the segments are merged.
                connection.execute("INSERT INTO passage_text(passage_text) VALUES('optimize')")
        self._kept.clear()
        return len(orphans)
