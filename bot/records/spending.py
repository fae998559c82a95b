"""What the language model took of its tokens, for whom and on which day (in UTC)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.records.database import Database
from bot.records.state import DAY


@dataclass(frozen=True, slots=True)
class Spent:
    """Tokens, and what they cost in the currency of the settings' prices."""

    tokens: int = 0
    cost: float = 0.0


class Spending:
    """A row a person and day."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def add(self, person: int, spent: Spent) -> None:
        """Counts what an answer took."""
        self._database.change(
            "INSERT INTO spent VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE "
            "SET tokens=tokens+excluded.tokens, cost=cost+excluded.cost",
            *(int(self._clock() // DAY), person, spent.tokens, spent.cost),
        )

    def today(self, person: int) -> int:
        """The tokens that one person took today."""
        row = self._database.row(
            "SELECT tokens FROM spent WHERE day=? AND person=?",
            *(int(self._clock() // DAY), person),
        )
        return int(row[0]) if row else 0

    def since(self, at: float) -> Spent:
        """What all took since the day of this time."""
        row = self._database.row(
            "SELECT COALESCE(sum(tokens), 0), COALESCE(sum(cost), 0) FROM spent WHERE day>=?",
            int(at // DAY),
        )
        return Spent(int(row[0]), float(row[1])) if row else Spent()

    def forget(self, person: int) -> None:
        """Lets nobody see any more who took it, today's tokens apart."""
        today = int(self._clock() // DAY)
        with self._database.together():
            self._database.change(
                "INSERT INTO spent SELECT day, 0, tokens, cost FROM spent "
                "WHERE person=? AND day<? ON CONFLICT DO UPDATE "
                "SET tokens=tokens+excluded.tokens, cost=cost+excluded.cost",
                *(person, today),
            )
            self._database.change("DELETE FROM spent WHERE person=? AND day<?", person, today)

    def tidy(self, before: float) -> None:
        """Drops what is older."""
        self._database.change("DELETE FROM spent WHERE day<?", int(before // DAY))
