"""The index as the bot needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from bot.threads import aside
from index.passages import (
    Answer,
    Citation,
    DocumentSummary,
    IndexStatus,
    NoAnswer,
    ReindexReport,
    Turn,
)
from index.ports import ProgressListener


class Answering(Protocol):
    """What the bot asks of an index. Its methods may be called from several threads."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer | NoAnswer: ...

    def passage(self, document_id: str, start: int, end: int) -> Citation: ...

    def documents(self) -> list[DocumentSummary]: ...

    def status(self) -> IndexStatus: ...

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

    async def ask(self, question: str, history: Sequence[Turn]) -> Answer | NoAnswer:
        return await aside(self._index.ask, question, history)

    async def passage(self, document_id: str, start: int, end: int) -> Citation:
        return await aside(self._index.passage, document_id, start, end)

    async def documents(self) -> list[DocumentSummary]:
        return await aside(self._index.documents)

    async def status(self) -> IndexStatus:
        return await aside(self._index.status)

    async def reindex(
        self, progress: ProgressListener, cancelled: Callable[[], bool]
    ) -> ReindexReport:
        return await aside(self._index.reindex, progress, cancelled)
