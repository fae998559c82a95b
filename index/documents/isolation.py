"""Reads files in child processes, so that no file can take more than its time and memory."""

from __future__ import annotations

import contextlib
import os
import queue
import select
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType

from index.documents.messages import ALIVE, Garbled, packed, reading_from_json, unpacked
from index.documents.original import Limits
from index.errors import DocumentUnreadable
from index.passages import Document, Reading

ROOT = Path(__file__).resolve().parents[2]
STARTING = 30.0
"""Seconds that a child may take until it says that it is ready."""
ENVIRONMENT = {
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "1",  # each further arena takes 64 MiB of the address space that is limited
}
PAGES = 60
"""A scan, whose pages may take `seconds` each, may take so many times `seconds`."""
FILES_A_CHILD = 500
"""After so many files a child is replaced: what its libraries leaked goes with it."""


class IsolatedReader:
    """A DocumentReader whose files are read by `workers` child processes, started when needed.

    `seconds` (of a scan: each page) and `memory` (bytes, on top of what an idle child maps) are
    what one file may take; `limits` what it may turn into. Several threads may call `read` at
    once; when all children are busy, they wait.
    """

    def __init__(
        self,
        seconds: float = 60,
        memory: int = 2**30,
        workers: int = 2,
        limits: Limits | None = None,
        child: Sequence[str] = ("-m", "index.documents.child"),
    ) -> None:
        self._seconds = seconds
        self._memory = memory
        self._limits = limits or Limits()
        self._command = [sys.executable, *child, str(int(seconds) + 1), str(memory)]
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._workers = workers
        self._closing = threading.Event()

    def read(self, source: str, path: str | Path) -> list[Document]:
        """The documents of the file, at least one; raises DocumentUnreadable with the reason."""
        return list(self.reading(source, path).documents)

    def reading(self, source: str, path: str | Path) -> Reading:
        """The documents of the file, and the files inside it that could not be read, with reasons.

        Raises DocumentUnreadable when no document comes out of it.
        """
        if self._closing.is_set():
            raise DocumentUnreadable(source, "reading was stopped")
        child = self._idle.get()
        try:
            child, reply = self._answer(child, source, path)
        except BaseException:
            self._idle.put(None)
            raise
        self._put_back(child)
        return self._reading(source, reply)

    def close(self) -> None:
        """Ends the idle children now, and the busy ones when they have answered."""
        self._closing.set()
        held: list[_Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                held.append(self._idle.get_nowait())
        for child in held:
            if child is not None:
                child.end()
            self._idle.put(None)

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _answer(
        self, child: _Child | None, source: str, path: str | Path
    ) -> tuple[_Child, dict[str, object]]:
        """The reply of a child; one that had read others when it failed is replaced once.

        What it read before may have filled its memory.
        """
        request: dict[str, object] = {
            "source": source,
            "path": os.fspath(path),
            "limits": asdict(self._limits),
        }
        if child is None:
            child = _Child(self._command)
        fresh = not child.files
        try:
            reply = child.ask(request, self._seconds)
        except _Overdue:
            child.end()
            reason = f"reading it took longer than {self._seconds:g} seconds (READ_SECONDS)"
            raise DocumentUnreadable(source, reason) from None
        except (EOFError, OSError, Garbled):
            code = child.end()
        except BaseException:
            child.end()
            raise
        else:
            if fresh or not child.spent:
                return child, reply
            code = child.end()
        if not fresh:
            return self._answer(None, source, path)
        raise DocumentUnreadable(source, _crash(code))

    def _put_back(self, child: _Child) -> None:
        if self._closing.is_set() or child.files >= FILES_A_CHILD or child.spent:
            child.end()
            self._idle.put(None)
        else:
            self._idle.put(child)

    def _reading(self, source: str, reply: dict[str, object]) -> Reading:
        if reply.get("exhausted"):
            most = self._memory // 2**20
            reason = f"reading it takes more than {most:,} MiB of memory"
            raise DocumentUnreadable(source, f"{reason} (READ_MEMORY)")
        if "reason" in reply:
            raise DocumentUnreadable(source, str(reply["reason"]))
        try:
            reading = reading_from_json(reply)
        except Garbled as error:
            raise DocumentUnreadable(source, "reading it ended in disorder") from error
        if not reading.documents:
            raise DocumentUnreadable(source, "it holds no text")
        return reading


def _crash(code: int) -> str:
    """What to say of a child that ended: on purpose none does."""
    how = f"signal {-code}" if code < 0 else f"code {code}"
    return f"reading it crashed the reader ({how}): it is damaged, or needs too much memory"


class _Overdue(Exception):
    """The child did not answer in time."""


class _Child:
    """One child process. Only one thread at a time may hold it."""

    def __init__(self, command: Sequence[str]) -> None:
        # Its environment is made here: it must not see tokens, and starts alike everywhere.
        self._process = subprocess.Popen(  # noqa: S603  our own program, arguments of our own
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"PYTHONPATH": str(ROOT), **ENVIRONMENT},
            start_new_session=True,
        )
        self.files = 0
        self.spent = False
        """It ran out of memory once, so it is not asked again."""

    def ask(self, request: dict[str, object], seconds: float) -> dict[str, object]:
        """The reply; raises _Overdue after `seconds`, EOFError or OSError when the child died."""
        assert self._process.stdin is not None  # noqa: S101  a pipe was asked for
        if not self.files:
            self._heard(time.monotonic() + STARTING)
        last = time.monotonic() + PAGES * seconds
        self._process.stdin.write(packed(request))
        self.files += 1
        reply = ALIVE
        while reply == ALIVE:
            now = time.monotonic()
            if now >= last:  # a pipe that is never empty is always heard in time
                raise _Overdue
            reply = self._heard(min(now + seconds, last))
        self.spent = bool(reply.get("exhausted"))
        return reply

    def _heard(self, until: float) -> dict[str, object]:
        return unpacked(lambda size: self._read(size, until))

    def _read(self, size: int, until: float) -> bytes:
        assert self._process.stdout is not None  # noqa: S101  a pipe was asked for
        pipe = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(pipe, select.POLLIN)
        if not poll.poll(max(0.0, until - time.monotonic()) * 1000):
            raise _Overdue
        return os.read(pipe, size)

    def end(self) -> int:
        """Kills the process and gives its exit code, which a crash has set already."""
        try:
            code = self._process.wait(timeout=0.2 if self._process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        return code
