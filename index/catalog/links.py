"""What sites said of the versions of links that were read."""

from __future__ import annotations

from index.catalog.file import CatalogFile
from index.catalog.stored import StoredLink


class Links(CatalogFile):
    """So that a site can be asked whether a link changed."""

    def note_link(self, link: StoredLink) -> None:
        """Remembers what the site said of the version that was read."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO link_version VALUES(?,?,?,?,?)",
                [link.source, link.hash, link.final_url, link.etag, link.last_modified],
            )

    def link(self, source: str, hash: str) -> StoredLink | None:
        """What the site said of that version; None when it said nothing."""
        with self._translated():
            row = self._connection.execute(
                "SELECT source, hash, final, etag, modified FROM link_version "
                "WHERE source=? AND hash=?",
                [source, hash],
            ).fetchone()
        return StoredLink(*row) if row else None
