"""Who added what to a group, so that they can take it back: nothing else is asked of this."""

from __future__ import annotations

from bot.records.database import Database


class Added:
    """A row a group and document. A document is known by a fingerprint of its name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, chat: int, document: str, person: int) -> None:
        """It is theirs from now on, also when somebody else added one of that name before."""
        self._database.change(
            "INSERT OR REPLACE INTO added VALUES(?, ?, ?)", chat, document, person
        )

    def who(self, chat: int, document: str) -> int | None:
        """Who added it; None when that is not known."""
        row = self._database.row(
            "SELECT person FROM added WHERE chat=? AND document=?", chat, document
        )
        return int(row[0]) if row else None

    def drop(self, chat: int, document: str) -> None:
        """It is there no longer."""
        self._database.change("DELETE FROM added WHERE chat=? AND document=?", chat, document)

    def move(self, old: int, new: int) -> None:
        """A group has got another id."""
        self._database.change("UPDATE OR REPLACE added SET chat=? WHERE chat=?", new, old)

    def forget(self, person: int) -> None:
        """Drops what is known of a person; their documents stay in the groups."""
        self._database.change("DELETE FROM added WHERE person=?", person)
