"""What the bot itself keeps: people and roles, answers and votes, the audit. Never documents.

It is a file of its own, STORAGE/bot.sqlite: rebuilding, going back to or importing an index never
touches people, and an exported index never carries them. All of it is synchronous and may be
called from several threads; async callers go through `bot.threads.aside`.

To keep something new: a migration in `schema`, a class over `Database`, and a field of `Records`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from bot.records.added import Added
from bot.records.answers import Answers
from bot.records.audit import Audit
from bot.records.database import Database
from bot.records.journal import Journal
from bot.records.pairing import Pairing
from bot.records.people import People
from bot.records.spending import Spending
from bot.records.state import DAY, Asked, State

FILE = "bot.sqlite"


class Records:
    """The rooms of the storage, over one file. With no folder everything is in memory."""

    def __init__(
        self, storage: Path | None = None, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Raises RecordsUnusable when the file cannot be opened."""
        self.folder = storage
        self.database = Database(storage / FILE if storage else None)
        self.people = People(self.database, clock)
        self.pairing = Pairing(self.database, clock)
        self.audit = Audit(self.database, clock)
        self.answers = Answers(self.database, clock)
        self.added = Added(self.database)
        self.asked = Asked(self.database, clock)
        self.spending = Spending(self.database, clock)
        self.state = State(self.database)
        self.journal = Journal(self.database, clock)
        self._clock = clock

    def tidy(self, *, question_days: int, audit_days: int) -> None:
        """Drops what is too old to be kept, down to the bytes of the disk."""
        now = int(self._clock())
        self.answers.tidy(now - question_days * DAY)
        self.people.tidy(now - question_days * DAY)
        self.audit.tidy(now - audit_days * DAY)
        self.pairing.tidy()
        self.asked.tidy()
        self.spending.tidy(now - question_days * DAY)
        self.journal.tidy()
        self.database.settle()

    def forget(self, person: int) -> int:
        """Drops what is known of a person; how many questions that were.

        What stays: a role by the bare id, so that a block holds; today's counts; the audit.
        """
        count = self.answers.forget(person)
        self.people.forget(person)
        self.pairing.drop(person)
        self.spending.forget(person)
        self.added.forget(person)
        self.database.settle()
        return count

    def close(self) -> None:
        """The end of the storage."""
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
