"""The SQLite file: a connection a thread, transactions, views on it, and its errors as ours."""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from weakref import WeakSet

from index.catalog.kept import Kept
from index.catalog.schema import QUEUES, TABLES
from index.catalog.snapshot import Snapshot, load_documents
from index.catalog.uses import Uses
from index.errors import (
    IndexClosed,
    IndexDamaged,
    IndexReplaced,
    QuothError,
    StorageFull,
    StorageUnwritable,
    storage_trouble,
)

PATIENCE = 30
"""Seconds that a write waits for another process's write to end."""
ENDING = 5.0
"""Seconds that closing waits for the threads that are in the file, twice: before and after they
are broken off."""

log = logging.getLogger(__name__)


class _Connection(sqlite3.Connection):
    """Closed at the latest when its thread ends."""

    def __del__(self) -> None:
        self.close()


class CatalogFile:
    """One SQLite file. A connection a thread; writing is for one thread at a time."""

    def __init__(self, path: Path, *, untrusted: bool = False) -> None:
        """`untrusted` files are a stranger's: only tables and indexes may be in them."""
        self._path = path
        self._untrusted = untrusted
        self._local = threading.local()
        self._opened: WeakSet[sqlite3.Connection] = WeakSet()
        self._uses = Uses()
        self._kept = Kept(load_documents)
        self._expected: str | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_trouble(error, path.parent) from error
        self._read_only = _is_read_only(path)
        self._create()

    def expect(self, made_with: str) -> None:
        """Has each view raise IndexReplaced from when another process made the index otherwise."""
        self._expected = made_with

    def settle(self) -> bool:
        """Moves what is written into the one file, whose free pages are zero (secure_delete).

        False when a reader still needs the log beside it; the next call may do it.
        """
        with self._translated():
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """A view on the generation that is current now; it does not change while it is held.

        Inside another one of the same thread it is that one. Raises IndexReplaced.
        """
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None:
            yield held
            return
        with self._translated():
            connection = self._connection
            connection.execute("BEGIN")
            try:
                self._local.snapshot = self._now(connection)
                yield self._local.snapshot
            finally:
                self._local.snapshot = None
                connection.execute("COMMIT")

    def _now(self, connection: sqlite3.Connection) -> Snapshot:
        facts = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        made = facts.get("made_with")
        if made and self._expected and made != self._expected:
            raise IndexReplaced(made, self._expected)
        written = int(facts.get("written", 0))
        self._kept.renew(written)
        return Snapshot(connection, int(facts.get("current", 0)), self._kept, written)

    def close(self) -> None:
        """Waits for the threads that are in it; whoever comes later gets IndexClosed."""
        if not self._uses.end(ENDING):
            for connection in list(self._opened):
                connection.interrupt()
            if not self._uses.end(ENDING):
                log.warning("The catalog is still in use, so it stays open")
                return
        for connection in list(self._opened):
            with suppress(sqlite3.Error):
                connection.close()
        self._opened.clear()
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            if self._untrusted:
                connection.execute("PRAGMA trusted_schema=OFF")
                _refuse_programs(connection, self._path.parent)
            if not self._read_only:
                _write_ahead(connection)
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute("PRAGMA secure_delete=ON")
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        # A log cannot be read where nothing can be written; without one, the file is all there is.
        how = "?immutable=1" if self._read_only else ""
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}{how}",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )

    def _create(self) -> None:
        if self._read_only:
            return
        with self._translated():
            found = self._connection.execute("SELECT name FROM sqlite_master").fetchall()
        if {("meta",), ("vector_waiting",), ("vector_gone",), ("link_version",)} <= set(found):
            return
        with self._writing(counted=False) as connection:  # waits for another one that creates it
            found = connection.execute("SELECT name FROM sqlite_master").fetchall()
            script = QUEUES if ("meta",) in found else TABLES + QUEUES
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)

    def _meta(self, key: str) -> str | None:
        with self._translated():
            row = self._connection.execute("SELECT value FROM meta WHERE key=?", [key]).fetchone()
        return row[0] if row else None

    @contextmanager
    def _writing(self, *, counted: bool = True) -> Iterator[sqlite3.Connection]:
        with self._translated():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if counted:
                    connection.execute(
                        "INSERT INTO meta VALUES('written', '1') "
                        "ON CONFLICT(key) DO UPDATE SET value=value+1"
                    )
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """A use of the file, and SQLite's errors as ours: each says what to do."""
        try:
            with self._uses.one():
                yield
        except sqlite3.ProgrammingError:
            raise  # a mistake of ours
        except sqlite3.Error as error:
            raise _ours(error, self._path.parent) from error


def _ours(error: sqlite3.Error, storage: Path) -> QuothError:
    code = _code(error)
    if code == sqlite3.SQLITE_INTERRUPT:
        return IndexClosed()
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(storage)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageUnwritable(storage, "writing there is not permitted")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageUnwritable(storage, f"another process writes for over {PATIENCE} seconds")
    if code == sqlite3.SQLITE_IOERR:
        return StorageUnwritable(storage, "the disk does not answer")
    return IndexDamaged(storage, f"the catalog cannot be read ({error})")


def _code(error: sqlite3.Error) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Writes beside readers. Of several that begin with a new file, SQLite lets none wait here."""
    until = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
        time.sleep(0.01)


def _is_read_only(path: Path) -> bool:
    """Whether the catalog is whole, and lies where nothing can be written."""
    log = path.with_name(f"{path.name}-wal")
    unfinished = log.exists() and log.stat().st_size > 0
    return path.exists() and not unfinished and not os.access(path.parent, os.W_OK)


def _refuse_programs(connection: sqlite3.Connection, storage: Path) -> None:
    """Raises IndexDamaged where the file holds views or triggers, which would run here."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')"
    ).fetchone()
    if found:
        raise IndexDamaged(storage, "it holds more than tables")
