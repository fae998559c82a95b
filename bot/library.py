"""The index as the bot needs it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.pointers import Link
from bot.threads import aside, back
from index.passages import (
    Answer,
    Contribution,
    DocumentDetails,
    DocumentSummary,
    Excerpt,
    Generation,
    IndexStatus,
    NoAnswer,
    Quota,
    ReindexReport,
    RetrievedPassage,
    Turn,
)
from index.ports import ProgressListener
from index.scopes import EVERYBODY, PUBLIC, Scopes


class Answering(Protocol):
    """What the bot asks of an index. Its methods may be called from several threads."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        told: Callable[[str], None] | None = None,
        *,
        scopes: Scopes = PUBLIC,
        cancelled: Callable[[], bool] | None = None,
        tokens: int | None = None,
    ) -> Answer | NoAnswer: ...

    def search(self, question: str, limit: int) -> list[RetrievedPassage]: ...

    def alike(self, questions: Sequence[str]) -> list[list[int]]: ...

    def edition(self) -> tuple[int, int]: ...

    def excerpt(self, document_id: str, offset: int, *, scopes: Scopes = PUBLIC) -> Excerpt: ...

    def documents(self, *, scopes: Scopes = PUBLIC) -> list[DocumentSummary]: ...

    def details(self, document_id: str) -> DocumentDetails: ...

    def status(self, *, scopes: Scopes = PUBLIC) -> IndexStatus: ...

    def generations(self) -> list[Generation]: ...

    def rollback(self) -> Generation: ...

    def forget(self, source: str, scope: str = EVERYBODY) -> list[str]: ...

    def add(
        self, name: str, content: bytes, scope: str, quota: Quota | None = None
    ) -> Contribution: ...

    def add_link(self, link: str, scope: str, quota: Quota | None = None) -> Contribution: ...

    def contributions(self, scope: str) -> list[Contribution]: ...

    def publish(self, source: str, scope: str) -> Contribution: ...

    def move_contributions(self, old: str, new: str) -> None: ...

    def export(self, file: Path) -> None: ...

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        rebuild: bool = False,
    ) -> ReindexReport: ...


class Library:
    """The index for async callers: each call runs in a thread, so that nobody else waits for it.

    What is asked without `scopes` is asked for everybody.
    """

    def __init__(self, index: Answering) -> None:
        self._index = index

    async def ask(
        self,
        question: str,
        history: Sequence[Turn],
        told: Callable[[str], None] | None = None,
        *,
        scopes: Scopes = PUBLIC,
        tokens: int | None = None,
    ) -> Answer | NoAnswer:
        """What the index finds. When the caller is cancelled, a language model is stopped too."""
        hears, over = back(told) if told else None, threading.Event()
        try:
            return await aside(
                self._index.ask,
                question,
                history,
                hears,
                scopes=scopes,
                cancelled=over.is_set,
                tokens=tokens,
            )
        finally:
            over.set()

    async def search(self, question: str, limit: int) -> list[RetrievedPassage]:
        return await aside(self._index.search, question, limit)

    async def alike(self, questions: Sequence[str]) -> list[list[int]]:
        return await aside(self._index.alike, questions)

    async def edition(self) -> tuple[int, int]:
        return await aside(self._index.edition)

    async def excerpt(self, document_id: str, offset: int, *, scopes: Scopes = PUBLIC) -> Excerpt:
        return await aside(self._index.excerpt, document_id, offset, scopes=scopes)

    async def find_again(
        self, document_id: str, link: Link, *, scopes: Scopes = PUBLIC
    ) -> int | None:
        """Where the words of a link stand in this document; None when they are not in it."""

        def found() -> int | None:
            excerpt = self._index.excerpt(document_id, 0, scopes=scopes)
            return link.found_in(excerpt.passage.document.text)

        return await aside(found)

    async def documents(self, *, scopes: Scopes = PUBLIC) -> list[DocumentSummary]:
        return await aside(self._index.documents, scopes=scopes)

    async def details(self, document_id: str) -> DocumentDetails:
        return await aside(self._index.details, document_id)

    async def generations(self) -> list[Generation]:
        return await aside(self._index.generations)

    async def rollback(self) -> Generation:
        return await aside(self._index.rollback)

    async def forget(self, source: str, scope: str = EVERYBODY) -> list[str]:
        return await aside(self._index.forget, source, scope)

    async def add(self, name: str, content: bytes, scope: str, quota: Quota) -> Contribution:
        return await aside(self._index.add, name, content, scope, quota)

    async def add_link(self, link: str, scope: str, quota: Quota) -> Contribution:
        return await aside(self._index.add_link, link, scope, quota)

    async def contributions(self, scope: str) -> list[Contribution]:
        return await aside(self._index.contributions, scope)

    async def publish(self, source: str, scope: str) -> Contribution:
        return await aside(self._index.publish, source, scope)

    async def move_contributions(self, old: str, new: str) -> None:
        await aside(self._index.move_contributions, old, new)

    async def export(self, file: Path) -> None:
        await aside(self._index.export, file)

    async def status(self, *, scopes: Scopes = PUBLIC) -> IndexStatus:
        return await aside(self._index.status, scopes=scopes)

    async def reindex(
        self, progress: ProgressListener, cancelled: Callable[[], bool]
    ) -> ReindexReport:
        return await aside(self._index.reindex, progress, cancelled)
