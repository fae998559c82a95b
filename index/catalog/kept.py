"""What was read of the file, kept for the next question until somebody writes to it."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable

from index.passages import Document

DOCUMENTS = 256
"""The documents asked for longest ago are let go first."""


class Kept:
    """Documents and counts; safe to use from several threads."""

    def __init__(self, load: Callable[[sqlite3.Connection, str], Document]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._counts: dict[tuple[str, int], int] = {}
        self._written = 0

    def renew(self, written: int) -> None:
        """Lets all go when the file has been written to, by whatever process."""
        if written != self._written:
            self.clear()
            self._written = written

    def clear(self) -> None:
        """Lets all go."""
        with self._lock:
            self._documents.clear()
            self._counts.clear()

    def document(self, document_id: str, connection: sqlite3.Connection) -> Document:
        """The document with its text; raises DocumentGone when the file has it no more."""
        with self._lock:
            found = self._documents.get(document_id)
            if found is not None:
                self._documents.move_to_end(document_id)
                return found
        loaded = self._load(connection, document_id)
        with self._lock:
            self._documents[document_id] = loaded
            while len(self._documents) > DOCUMENTS:
                self._documents.popitem(last=False)
        return loaded

    def count(self, what: str, written: int, count: Callable[[], int]) -> int:
        """The number of them after that many writes: counting a million rows takes a while."""
        known = self._counts.get((what, written))
        if known is None:
            known = self._counts[what, written] = count()
        return known
