"""What admins did: who, when and what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.records.database import Database

ITSELF = 0
"""The actor of what the bot did by itself, for instance a reindex on its schedule."""
LONGEST_DETAIL = 500
"""Characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """One action. `at` is in seconds since 1970; `name` is empty for who is not known any more."""

    at: int
    actor: int
    name: str
    action: str
    detail: str


class Audit:
    """The actions of admins, kept for a limited time; nobody can change them by chat."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def note(self, actor: int, action: str, detail: str = "") -> None:
        """Notes that somebody (a Telegram id, or ITSELF) did something: "block", "8 Bob"."""
        detail = " ".join(detail.split())[:LONGEST_DETAIL]
        self._database.change(
            "INSERT INTO audit(at, actor, action, detail) VALUES(?, ?, ?, ?)",
            *(int(self._clock()), actor, action, detail),
        )

    def latest(self, count: int, skipped: int = 0) -> list[Noted]:
        """The latest actions, newest first; empty when there are no (more)."""
        rows = self._database.rows(
            "SELECT at, actor, coalesce(name, ''), action, detail FROM audit "
            "LEFT JOIN known ON known.id=actor ORDER BY audit.id DESC LIMIT ? OFFSET ?",
            *(count, skipped),
        )
        return [
            Noted(at=at, actor=actor, name=name, action=action, detail=detail)
            for at, actor, name, action, detail in rows
        ]

    def count(self) -> int:
        """How many actions are kept."""
        found = self._database.row("SELECT count(*) FROM audit")
        return int(found[0]) if found else 0

    def tidy(self, before: int) -> None:
        """Drops what is older."""
        self._database.change("DELETE FROM audit WHERE at<?", before)
