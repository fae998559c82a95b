"""What was read of the file, kept for the next question until somebody writes to it."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

from index.passages import Document

DOCUMENTS = 256
"""The documents asked for longest ago are let go first."""
COUNTS = 20_000


class Kept:
    """Documents and counts; safe to use from several threads."""

    def __init__(
        self, load: Callable[[sqlite3.Connection, Sequence[str]], dict[str, Document]]
    ) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._counts: dict[tuple[str, int], int] = {}
        self._written = 0

    def renew(self, written: int) -> None:
        """Lets all go when the file has been written to, by whatever process."""
        with self._lock:
            if written > self._written:
                self._written = written
                self._let_go()

    def clear(self) -> None:
        """Lets all go."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        self._documents.clear()
        self._counts.clear()

    def documents(
        self, document_ids: Sequence[str], written: int, connection: sqlite3.Connection
    ) -> dict[str, Document]:
        """The documents with their texts, by id; those that the file has no more are left out.

        After that many writes: a view of before reads past what is kept, and leaves it as it is,
        since a document may get another date or author under the same id.
        """
        found = self._found(document_ids, written)
        missing = [each for each in document_ids if each not in found]
        loaded = self._load(connection, missing) if missing else {}
        self._keep(loaded, written)
        return found | loaded

    def _found(self, document_ids: Sequence[str], written: int) -> dict[str, Document]:
        with self._lock:
            if written != self._written:
                return {}
            found = {
                each: self._documents[each] for each in document_ids if each in self._documents
            }
            for each in found:
                self._documents.move_to_end(each)
            return found

    def _keep(self, loaded: dict[str, Document], written: int) -> None:
        with self._lock:
            if written != self._written:
                return
            self._documents |= loaded
            while len(self._documents) > DOCUMENTS:
                self._documents.popitem(last=False)

    def count(self, what: str, written: int, count: Callable[[], int]) -> int:
        """The number of them after that many writes: counting a million rows takes a while."""
        known = self._counts.get((what, written))
        if known is None:
            if len(self._counts) >= COUNTS:
                self._counts.clear()
            known = self._counts[what, written] = count()
        return known
