"""The bot's own SQLite file: opening it, migrating it, reading and writing. sqlite3 lives here."""

from __future__ import annotations

import errno
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from bot.records.schema import MIGRATIONS
from index.errors import QuothError

PATIENCE = 10
"""Seconds that a write waits for another process's write to end."""
MEMORY = ":memory:"

log = logging.getLogger(__name__)


class RecordsUnusable(QuothError):
    """What the bot keeps about people and answers cannot be read or written."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"The bot's own records in {path} cannot be used: {reason}.")


DAMAGED = (
    "{reason}. Put a copy of the file back, or move it away: the bot then begins without the "
    "roles, blocks and questions in it"
)
FULL = "the disk is full. Free some space there"
NEWER = "a newer Quoth has written them. Use that one, or move the file away"


class Database:
    """One file and one connection, which threads use in turn: each use is short."""

    def __init__(self, path: Path | None) -> None:
        """None keeps everything in memory, until the end. Raises RecordsUnusable."""
        self._name = str(path) if path else MEMORY
        self._lock = threading.RLock()
        with self._translated():
            self._connection = _opened(path) if path else _connected(MEMORY)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What a query finds; empty when nothing."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> tuple[Any, ...] | None:
        """The first row that a query finds."""
        return next(iter(self.rows(sql, *values)), None)

    def change(self, sql: str, *values: object) -> int:
        """Writes by one statement, at once; how many rows it touched."""
        with self._lock, self._translated():
            return self._connection.execute(sql, values).rowcount

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is read and written inside is one transaction: all of it, or after an error none."""
        with self._lock, self._translated():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                    self._connection.execute("ROLLBACK")
                raise

    def settle(self) -> None:
        """Takes what was deleted off the disk: its pages are zero, and the log beside is cut."""
        self.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """The end: nothing may be called afterwards."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    def _prepare(self) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            self._connection.execute(f"PRAGMA {pragma}").fetchall()
        self._connection.execute("PRAGMA foreign_keys=ON")
        if self._version() != len(MIGRATIONS):
            with self.together():  # waits for another process that migrates it
                self._migrate()

    def _migrate(self) -> None:
        version = self._version()
        if version > len(MIGRATIONS):
            raise RecordsUnusable(self._name, NEWER)
        for migration in MIGRATIONS[version:]:
            for statement in filter(str.strip, migration.split(";")):
                self._connection.execute(statement)
        self._connection.execute(f"PRAGMA user_version={len(MIGRATIONS)}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise  # a mistake of ours
        except sqlite3.Error as error:
            raise RecordsUnusable(self._name, _reason(error)) from error


def _reason(error: sqlite3.Error) -> str:
    if "disk is full" in str(error):
        return FULL
    damaged = not isinstance(error, sqlite3.OperationalError)
    return DAMAGED.format(reason=error) if damaged else str(error)


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to the file, or to a copy in memory where nothing can be written."""
    try:
        _create_for_us_alone(path)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise RecordsUnusable(str(path), error.strerror or type(error).__name__) from error
        log.warning("%s cannot be written: what I note is kept until the end alone.", path)
        copy = _connected(MEMORY)
        if path.exists():
            with closing(_connected(f"{path.absolute().as_uri()}?immutable=1")) as source:
                source.backup(copy)
        return copy
    return _connected(path.absolute().as_uri())


def _connected(name: str) -> sqlite3.Connection:
    return sqlite3.connect(name, PATIENCE, uri=True, isolation_level=None, check_same_thread=False)


def _create_for_us_alone(path: Path) -> None:
    """Makes the file, with nobody else allowed to read it; SQLite gives its logs the same mode."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
