"""The index as the bot needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.pointers import Link
from bot.threads import aside, back
from index.passages import (
    Answer,
    DocumentDetails,
    DocumentSummary,
    Excerpt,
    Generation,
    IndexStatus,
    NoAnswer,
    ReindexReport,
    RetrievedPassage,
    Turn,
)
from index.ports import ProgressListener


class Answering(Protocol):
    """What the bot asks of an index. Its methods may be called from several threads."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        told: Callable[[str], None] | None = None,
    ) -> Answer | NoAnswer: ...

    def search(self, question: str, limit: int) -> list[RetrievedPassage]: ...

    def edition(self) -> tuple[int, int]: ...

    def excerpt(self, document_id: str, offset: int) -> Excerpt: ...

    def documents(self) -> list[DocumentSummary]: ...

    def details(self, document_id: str) -> DocumentDetails: ...

    def status(self) -> IndexStatus: ...

    def generations(self) -> list[Generation]: ...

    def rollback(self) -> Generation: ...

    def forget(self, source: str) -> list[str]: ...

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        rebuild: bool = False,
    ) -> ReindexReport: ...


class Library:
    """The index for async callers: each call runs in a thread, so that nobody else waits for it."""

    def __init__(self, index: Answering) -> None:
        self._index = index

    async def ask(
        self,
        question: str,
        history: Sequence[Turn],
        told: Callable[[str], None] | None = None,
    ) -> Answer | NoAnswer:
        return await aside(self._index.ask, question, history, back(told) if told else None)

    async def search(self, question: str, limit: int) -> list[RetrievedPassage]:
        return await aside(self._index.search, question, limit)

    async def edition(self) -> tuple[int, int]:
        return await aside(self._index.edition)

    async def excerpt(self, document_id: str, offset: int) -> Excerpt:
        return await aside(self._index.excerpt, document_id, offset)

    async def find_again(self, document_id: str, link: Link) -> int | None:
        """Where the words of a link stand in this document; None when they are not in it."""

        def found() -> int | None:
            return link.found_in(self._index.excerpt(document_id, 0).passage.document.text)

        return await aside(found)

    async def documents(self) -> list[DocumentSummary]:
        return await aside(self._index.documents)

    async def details(self, document_id: str) -> DocumentDetails:
        return await aside(self._index.details, document_id)

    async def generations(self) -> list[Generation]:
        return await aside(self._index.generations)

    async def rollback(self) -> Generation:
        return await aside(self._index.rollback)

    async def forget(self, source: str) -> list[str]:
        return await aside(self._index.forget, source)

    async def status(self) -> IndexStatus:
        return await aside(self._index.status)

    async def reindex(
        self, progress: ProgressListener, cancelled: Callable[[], bool]
    ) -> ReindexReport:
        return await aside(self._index.reindex, progress, cancelled)
