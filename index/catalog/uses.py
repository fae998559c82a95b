"""Who is in a file: it is not closed under anybody."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from index.errors import IndexClosed


class Uses:
    """Counts the threads that use something, until no further one may begin."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._threads = 0
        self._ended = False
        self._local = threading.local()

    @contextmanager
    def one(self) -> Iterator[None]:
        """A use, and those of the same thread within it. Raises IndexClosed after the end."""
        if getattr(self._local, "inside", False):
            yield
            return
        with self._changed:
            if self._ended:
                raise IndexClosed
            self._threads += 1
        self._local.inside = True
        try:
            yield
        finally:
            self._local.inside = False
            with self._changed:
                self._threads -= 1
                self._changed.notify_all()

    def end(self, seconds: float) -> bool:
        """No use begins any more; True when all but this thread's own end in so many seconds."""
        own = int(getattr(self._local, "inside", False))
        with self._changed:
            self._ended = True
            return self._changed.wait_for(lambda: self._threads <= own, seconds)
