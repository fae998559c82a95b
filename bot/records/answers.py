"""Which questions were asked and how they fared: for votes, for gaps and for statistics."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from bot.records.database import Database

_COLUMNS = (
    "SELECT id, chat, asker, at, question, answered, seconds, generation, own, "
    "(SELECT count(*) FROM vote WHERE answer=id AND up), "
    "(SELECT count(*) FROM vote WHERE answer=id AND NOT up) FROM answer "
)
_BY_MESSAGE = _COLUMNS + "WHERE id=(SELECT answer FROM answer_message WHERE chat=? AND message=?)"  # noqa: S608
_SINCE = _COLUMNS + "WHERE at>=? ORDER BY at, id"
_UNHELPFUL = (
    _COLUMNS + "WHERE at>=? AND (NOT answered OR "  # noqa: S608 - our own words
    "(SELECT sum(CASE WHEN up THEN -1 ELSE 1 END) FROM vote WHERE answer=id) > 0) "
    "ORDER BY at DESC, id DESC"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question and what became of it. `at` is in seconds since 1970."""

    chat: int
    asker: int
    question: str
    answered: bool
    """False when it was refused: the documents did not hold it."""
    seconds: float
    generation: int
    """Of the index that answered."""
    own: bool = True
    """Whether documents that a person or a group has added were looked into, or may have been: then
    it is nobody else's business."""
    at: int = 0
    id: int = 0
    up: int = 0
    """Votes for the answer."""
    down: int = 0


class Answers:
    """The questions of the last days. They are personal: kept for a limited time, or not at all."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def note(
        self,
        answer: Answered,
        messages: Iterable[int],
        unless: Callable[[], bool] = lambda: False,
    ) -> int:
        """Notes an answer as of now, sent as these messages of its chat; the id it gets.

        0, and nothing is noted, when `unless` says so; a `forget` comes before it or after all.
        """
        with self._database.together():
            if unless():
                return 0
            self._database.change(
                "INSERT INTO answer(chat, asker, at, question, answered, seconds, generation, own) "
                "VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                *(answer.chat, answer.asker, int(self._clock()), answer.question),
                *(answer.answered, answer.seconds, answer.generation, answer.own),
            )
            [id] = self._database.rows("SELECT last_insert_rowid()")[0]
            for message in messages:
                self._database.change(
                    "INSERT OR REPLACE INTO answer_message VALUES(?, ?, ?)",
                    *(answer.chat, message, id),
                )
        return int(id)

    def find(self, chat: int, message: int) -> Answered | None:
        """The answer that a message is (a part of); None when that is not known (any more)."""
        row = self._database.row(_BY_MESSAGE, chat, message)
        return _answered(row) if row else None

    def vote(self, answer: int, person: int, up: bool | None) -> None:
        """Sets a person's only vote on an answer, or with None takes it back."""
        with self._database.together():
            self._database.change("DELETE FROM vote WHERE answer=? AND person=?", answer, person)
            if up is not None:
                self._database.change(
                    "INSERT INTO vote SELECT id, ?, ? FROM answer WHERE id=?", person, up, answer
                )

    def vote_of(self, answer: int, person: int) -> bool | None:
        """How a person voted on an answer; None when they did not."""
        row = self._database.row("SELECT up FROM vote WHERE answer=? AND person=?", answer, person)
        return bool(row[0]) if row else None

    def since(self, at: float) -> list[Answered]:
        """All that are kept from this time on, oldest first."""
        return [_answered(row) for row in self._database.rows(_SINCE, int(at))]

    def unhelpful(self, at: float) -> list[Answered]:
        """Those since then that were refused, or voted down more than up; newest first."""
        return [_answered(row) for row in self._database.rows(_UNHELPFUL, int(at))]

    def forget(self, person: int) -> int:
        """Drops the questions and the votes of a person; how many questions that were."""
        with self._database.together():
            self._database.change("DELETE FROM vote WHERE person=?", person)
            return self._database.change("DELETE FROM answer WHERE asker=?", person)

    def tidy(self, before: int) -> None:
        """Drops what is older."""
        self._database.change("DELETE FROM answer WHERE at<?", before)


def _answered(row: tuple[Any, ...]) -> Answered:
    id, chat, asker, at, question, answered, seconds, generation, own, up, down = row
    return Answered(
        id=id,
        chat=chat,
        asker=asker,
        at=at,
        question=question,
        answered=bool(answered),
        seconds=seconds,
        generation=generation,
        own=bool(own),
        up=up,
        down=down,
    )
