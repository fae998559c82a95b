"""Who may write: filelock lives here.

A lock is the operating system's, so that a dead process leaves none behind.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import IndexBusy, storage_trouble

TURN_SECONDS = 300.0
"""That one waits for its turn at most."""


@contextmanager
def lock(storage: Path, patience: float = 0) -> Iterator[None]:
    """Holds the right to write, after at most `patience` seconds.

    Raises IndexBusy naming who holds it and since when.
    """
    holder = storage / "reindex.holder"
    try:
        storage.mkdir(parents=True, exist_ok=True)
        held = FileLock(storage / "reindex.lock", timeout=patience)
        held.acquire()
    except Timeout as error:
        raise IndexBusy(_who(holder)) from error
    except OSError as error:
        raise storage_trouble(error, storage) from error
    try:
        _sign(holder)
        yield
    finally:
        held.release()


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """One at a time, of whatever process, is between the lock at this path and its end.

    Raises OSError where the lock cannot be written, or when another one takes too long.
    """
    turn = FileLock(path, timeout=TURN_SECONDS)
    try:
        turn.acquire()
    except Timeout as error:
        raise OSError(errno.ETIMEDOUT, "another process is at it for too long") from error
    try:
        yield
    finally:
        turn.release()


class Ownership:
    """Whether this process, and no other, may open the embedded vector store."""

    def __init__(self, storage: Path) -> None:
        # Taken in one thread and given up in another.
        self._lock = FileLock(storage / "vectors.lock", timeout=0, thread_local=False)

    def taken(self) -> bool:
        """Takes it if nobody has it; True when it is ours."""
        try:
            self._lock.acquire()
        except (Timeout, OSError):  # a storage that cannot be written is nobody's
            return False
        return True

    def give_up(self) -> None:
        self._lock.release(force=True)


def _sign(holder: Path) -> None:
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    try:
        holder.write_text(f"process {os.getpid()}, since {now}", "utf-8")
    except OSError as error:
        raise storage_trouble(error, holder.parent) from error


def _who(holder: Path) -> str:
    try:
        return holder.read_text("utf-8")
    except OSError:
        return "by another process"
