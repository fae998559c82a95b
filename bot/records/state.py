"""Small things that outlive a restart: counts of the day, and values by name."""

from __future__ import annotations

from collections.abc import Callable

from bot.records.database import Database

DAY = 24 * 3600


class Asked:
    """How many questions each person asked today, in UTC."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def add(self, person: int) -> int:
        """Counts a question; how many that makes today."""
        today = self._today()
        with self._database.together():
            self._database.change(
                "INSERT INTO asked VALUES(?, ?, 1) ON CONFLICT DO UPDATE SET count=count+1",
                *(today, person),
            )
            row = self._database.row(
                "SELECT count FROM asked WHERE day=? AND person=?", today, person
            )
        return int(row[0]) if row else 0

    def today(self, person: int) -> int:
        """How many they asked today."""
        row = self._database.row(
            "SELECT count FROM asked WHERE day=? AND person=?", self._today(), person
        )
        return int(row[0]) if row else 0

    def seconds_left(self) -> float:
        """Until the next day begins."""
        return DAY - self._clock() % DAY

    def tidy(self) -> None:
        """Drops the counts of other days."""
        self._database.change("DELETE FROM asked WHERE day<?", self._today())

    def _today(self) -> int:
        return int(self._clock() // DAY)


class State:
    """Values by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, key: str) -> str | None:
        """The value under a name; None when there is none."""
        row = self._database.row("SELECT value FROM state WHERE key=?", key)
        return str(row[0]) if row else None

    def set(self, key: str, value: str | None) -> None:
        """Puts a value under a name; None takes it away."""
        if value is None:
            self._database.change("DELETE FROM state WHERE key=?", key)
        else:
            self._database.change("INSERT OR REPLACE INTO state VALUES(?, ?)", key, value)
