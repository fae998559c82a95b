"""Which updates were received, and which of them are not answered yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.records.database import Database
from bot.records.state import DAY

KNOWN_DAYS = 2
"""Telegram offers an update again for a day at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """An update that nobody finished. `body` is its JSON."""

    body: str
    maybe_sent: bool
    """A message was being sent when the program ended: whether it arrived is not known."""
    starts: int
    """How often the program has started since, and not finished it."""


class Journal:
    """Updates by their ids, a bot's own. The words of one are kept until it has been handled."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def receive(self, bot: int, update: int, body: str) -> bool:
        """Notes an update; False when it was received before."""
        return bool(
            self._database.change(
                "INSERT OR IGNORE INTO received(bot, id, at, body) VALUES(?, ?, ?, ?)",
                *(bot, update, int(self._clock()), body),
            )
        )

    def maybe_sent(self, bot: int, update: int, maybe: bool) -> None:
        """Notes that a message about it is being sent, or that it was not sent after all."""
        self._database.change(
            "UPDATE received SET maybe_sent=? WHERE bot=? AND id=?", maybe, bot, update
        )

    def done(self, bot: int, update: int) -> None:
        """Notes that an update was handled; of its words nothing stays."""
        self._database.change("UPDATE received SET body=NULL WHERE bot=? AND id=?", bot, update)

    def again(self, bot: int, update: int, body: str) -> None:
        """Notes that an update that was handled is to be handled once more."""
        self._database.change(
            "UPDATE received SET body=?, maybe_sent=0, starts=0 WHERE bot=? AND id=?",
            *(body, bot, update),
        )

    def unanswered(self, bot: int) -> list[Unanswered]:
        """What an earlier run did not finish, in order; counts that it was asked for."""
        with self._database.together():
            self._tidy()
            self._database.change(
                "UPDATE received SET starts=starts+1 WHERE bot=? AND body IS NOT NULL", bot
            )
            rows = self._database.rows(
                "SELECT body, maybe_sent, starts FROM received "
                "WHERE bot=? AND body IS NOT NULL ORDER BY id",
                bot,
            )
        return [
            Unanswered(body=body, maybe_sent=bool(maybe), starts=starts)
            for body, maybe, starts in rows
        ]

    def tidy(self) -> None:
        """Drops the ids that Telegram will not offer again."""
        with self._database.together():
            self._tidy()

    def _tidy(self) -> None:
        before = int(self._clock()) - KNOWN_DAYS * DAY
        self._database.change("DELETE FROM received WHERE body IS NULL AND at<?", before)
