"""Who was heard, and which role they have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.records.database import Database

HEARD_AGAIN = 3600
"""Seconds after which it is noted that somebody was heard again."""
_COLUMNS = "SELECT id, role, name, username, seen, reachable, language FROM known"
_COUNT = "SELECT count(*) FROM known"
_WITHOUT = "WHERE id NOT IN (SELECT value FROM json_each(?))"


class Role(StrEnum):
    """What somebody may do. Owners are named by a setting and are never stored."""

    OWNER = "owner"
    ADMIN = "admin"
    ALLOWED = "allowed"
    PERSON = "person"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person, or a group (its id is negative). `seen` is in seconds since 1970."""

    id: int
    role: Role = Role.PERSON
    name: str = ""
    username: str | None = None
    """Without @, in small letters. It may have gone to somebody else since they were heard."""
    seen: int = 0
    reachable: bool = False
    """Whether the bot may write to them: they wrote in private, or it is in the group."""
    language: str | None = None
    """The code that their Telegram last said: "de-AT"."""


class People:
    """Everybody the bot has heard of, people and groups."""

    def __init__(self, database: Database, clock: Callable[[], float]) -> None:
        self._database, self._clock = database, clock

    def hear(
        self,
        id: int,
        name: str,
        username: str | None = None,
        *,
        language: str | None = None,
        reachable: bool = False,
    ) -> None:
        """Notes that somebody wrote, and what they are called now."""
        now, username = int(self._clock()), username.lower() if username else None
        known = self.find(id)
        if (
            known
            and (known.name, known.username, known.language) == (name, username, language)
            and known.reachable >= reachable
            and known.seen > now - HEARD_AGAIN
        ):
            return
        with self._database.together():
            if username:  # a name belongs to one person at a time
                self._database.change(
                    "UPDATE known SET username=NULL WHERE username=? AND id<>?", username, id
                )
            self._database.change(
                "INSERT INTO known(id, role, name, username, seen, reachable, language) "
                "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT(id) DO UPDATE SET "
                "name=?3, username=?4, seen=?5, reachable=max(reachable, ?6), language=?7",
                *(id, Role.PERSON, name, username, now, reachable, language),
            )

    def give(self, id: int, role: Role) -> None:
        """Gives somebody a role, in place of the one they had."""
        if role is Role.OWNER:
            raise ValueError("owners are named by a setting")
        self._database.change(
            "INSERT INTO known(id, role, name, seen, reachable) VALUES(?1, ?2, '', ?3, 0) "
            "ON CONFLICT(id) DO UPDATE SET role=?2",
            *(id, role, int(self._clock())),
        )

    def find(self, id: int) -> Known | None:
        """What is known of somebody; None when they were never heard of."""
        row = self._database.row(f"{_COLUMNS} WHERE id=?", id)
        return _known(row) if row else None

    def named(self, username: str) -> Known | None:
        """Who had this @name when last heard."""
        name = username.lstrip("@").lower()
        row = self._database.row(f"{_COLUMNS} WHERE username=?", name)
        return _known(row) if row else None

    def roles(self) -> dict[int, Role]:
        """The roles of all who have another one than everybody."""
        rows = self._database.rows("SELECT id, role FROM known WHERE role<>?", Role.PERSON)
        return {id: Role(role) for id, role in rows}

    def count(self, without: Iterable[int] = ()) -> int:
        """How many people and groups are known, some left out."""
        found = self._database.row(f"{_COUNT} {_WITHOUT}", json.dumps([*without]))
        return int(found[0]) if found else 0

    def page(self, first: int, count: int, without: Iterable[int] = ()) -> list[Known]:
        """Some of those, by role (admins first, blocked last), then who was heard latest."""
        rows = self._database.rows(
            f"{_COLUMNS} {_WITHOUT} "
            "ORDER BY CASE role WHEN 'admin' THEN 0 WHEN 'allowed' THEN 1 "
            "WHEN 'person' THEN 2 ELSE 3 END, seen DESC, id LIMIT ? OFFSET ?",
            *(json.dumps([*without]), count, first),
        )
        return [_known(row) for row in rows]

    def reachable(self) -> list[int]:
        """Ids of the people and groups that the bot may write to, without the blocked."""
        rows = self._database.rows(
            "SELECT id FROM known WHERE reachable AND role<>? ORDER BY id", Role.BLOCKED
        )
        return [id for (id,) in rows]

    def lose(self, id: int) -> None:
        """Notes that the bot may not write to somebody (any more)."""
        self._database.change("UPDATE known SET reachable=0 WHERE id=?", id)

    def forget(self, id: int) -> None:
        """Drops what is known of somebody; of a role only the bare id stays, so that it holds."""
        self._database.change("DELETE FROM known WHERE id=? AND role=?", id, Role.PERSON)
        self._database.change(
            "UPDATE known SET name='', username=NULL, language=NULL WHERE id=?", id
        )

    def tidy(self, before: int) -> None:
        """Drops those without a role who were not heard since."""
        self._database.change("DELETE FROM known WHERE seen<? AND role=?", before, Role.PERSON)


def _known(row: tuple[Any, ...]) -> Known:
    id, role, name, username, seen, reachable, language = row
    return Known(
        id=id,
        role=Role(role),
        name=name,
        username=username,
        seen=seen,
        reachable=bool(reachable),
        language=language,
    )
