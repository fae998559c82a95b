"""Strangers who wait to be let in, each with a short code that they and the admins see."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.records.database import Database

LETTERS, DIGITS = "ABCDEFGHJKMNPQRSTVWXYZ", "23456789"
"""Without those that are read for one another."""
CODE = re.compile(f"[{LETTERS}][{LETTERS}{DIGITS}]{{5}}", re.IGNORECASE | re.ASCII)
"""What a code looks like: never like an id."""
LASTS = 24 * 3600
"""Seconds for which a code may be approved, and after which a new one may be asked for."""
OUTSTANDING = 20
"""So many strangers may wait at once."""
_ALL = "SELECT person, code, expires, told, declined FROM pairing"
_OPEN = _ALL + " WHERE NOT declined AND expires>?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A stranger waits. `expires` is in seconds since 1970."""

    person: int
    code: str
    expires: int
    told: tuple[tuple[int, int], ...] = ()
    """(chat, message) of each message that shows it to an admin."""
    declined: bool = False
    """By an admin: it is kept until it expires, so that it is not made again at once."""
    new: bool = False
    """Whether it was made by this very call."""


class Pairing:
    """The requests that nobody has decided on yet, and those declined until they expire."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def ask(self, person: int) -> Request | None:
        """The request of a person, a new one if they had none; None when too many others wait."""
        with self._database.together():
            self.tidy()
            row = self._database.row(f"{_ALL} WHERE person=?", person)
            if row:
                return _request(row)
            waiting = self._database.row("SELECT count(*) FROM pairing WHERE NOT declined")
            if waiting and waiting[0] >= OUTSTANDING:
                return None
            code, expires = _code(), int(self._clock()) + LASTS
            request = Request(person=person, code=code, expires=expires, new=True)
            self._database.change(
                "INSERT INTO pairing(person, code, expires) VALUES(?, ?, ?)",
                *(person, code, expires),
            )
        return request

    def find(self, code: str) -> Request | None:
        """The request with this code; None when there is none, or it has expired or was decided."""
        row = self._database.row(f"{_OPEN} AND code=?", int(self._clock()), code.upper())
        return _request(row) if row else None

    def waiting(self) -> list[Request]:
        """The requests that nobody has decided on yet, oldest first."""
        rows = self._database.rows(f"{_OPEN} ORDER BY expires", int(self._clock()))
        return [_request(row) for row in rows]

    def tell(self, code: str, messages: Sequence[tuple[int, int]]) -> None:
        """Notes which messages show a request to admins, so that they can be changed."""
        self._database.change("UPDATE pairing SET told=? WHERE code=?", json.dumps(messages), code)

    def take(self, code: str) -> Request | None:
        """Ends a request, once: the second who decides gets None."""
        with self._database.together():
            request = self.find(code)
            if request:
                self.drop(request.person)
        return request

    def decline(self, code: str) -> Request | None:
        """Ends a request, once; the person may ask again when the code would have expired."""
        with self._database.together():
            request = self.find(code)
            if request:
                self._database.change("UPDATE pairing SET declined=1 WHERE code=?", request.code)
        return request

    def drop(self, person: int) -> None:
        """Forgets the request of a person."""
        self._database.change("DELETE FROM pairing WHERE person=?", person)

    def tidy(self) -> None:
        """Drops what has expired."""
        self._database.change("DELETE FROM pairing WHERE expires<=?", int(self._clock()))


def _code() -> str:
    rest = (secrets.choice(LETTERS + DIGITS) for _ in range(5))
    return secrets.choice(LETTERS) + "".join(rest)


def _request(row: tuple[Any, ...]) -> Request:
    person, code, expires, told, declined = row
    messages = tuple((chat, message) for chat, message in json.loads(told))
    return Request(
        person=person, code=code, expires=expires, told=messages, declined=bool(declined)
    )
