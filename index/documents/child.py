"""The process that reads files: `python -m index.documents.child`, started by `isolation`.

It takes one request a message from its input and gives one reply a message, until its input ends.
"""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from index.documents.files import reading_of
from index.documents.messages import ALIVE, reading_to_json, unpacked, write
from index.documents.original import Limits
from index.errors import DocumentUnreadable

GRACE = 5
"""Seconds that the parent has to end an overdue child before it ends itself."""
LARGEST_WRITTEN = 256 * 2**20
"""A file in memory again as a temporary one, which opening an encrypted doc takes."""


def main() -> None:
    seconds, memory = int(sys.argv[1]), int(sys.argv[2])
    _limit(memory)
    replies = _own_output()
    requests: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    write(replies, {"ready": True})

    def alive() -> None:
        # The alarm kills without any Python running, so an orphan that loops in a parser ends too.
        signal.alarm(seconds + GRACE)
        write(replies, ALIVE)

    while True:
        request = requests.get()
        alive()
        write(replies, reply_to(request, alive))
        signal.alarm(0)


def reply_to(request: dict[str, object], alive: Callable[[], None]) -> dict[str, object]:
    """The documents of the file, or the reason why there are none."""
    source = str(request["source"])
    try:
        limits = Limits(**request["limits"])  # type: ignore[arg-type]
        return reading_to_json(reading_of(source, Path(str(request["path"])), limits, alive))
    except DocumentUnreadable as error:
        return {"reason": error.reason}
    except MemoryError:
        return {"exhausted": True}


def _limit(memory: int) -> None:
    """Memory on top of what the interpreter maps already; no core files, no large files."""
    # Only Linux limits the address space; elsewhere the time limit has to do.
    with contextlib.suppress(OSError, ValueError):
        used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_WRITTEN, LARGEST_WRITTEN))


def _own_output() -> BinaryIO:
    """The reply pipe, out of reach of libraries that print."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return replies


def _listen(requests: BinaryIO, heard: queue.SimpleQueue[dict[str, object]]) -> None:
    """Passes requests on; ends the process with its parent."""
    try:
        while True:
            heard.put(unpacked(requests.read))
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
