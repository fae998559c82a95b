"""The reindex that comes by itself, every so many seconds, and tells the owner what is new."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from bot import words
from bot.acting import Admin, noted
from bot.notices import Notices
from bot.records.audit import ITSELF, Audit
from bot.reindexing import AlreadyRunning, Reindexing
from bot.replies import Reply, sentence
from bot.reports import counts, reported
from index.errors import Cancelled, IndexBusy, QuothError
from index.passages import Failure

TROUBLE = "reindex"
"""The name of the trouble that is told once until a reindex goes well."""

log = logging.getLogger(__name__)


class Schedule:
    """Reindexes every `every` seconds until it is closed; 0 never does.

    The owner hears of what changed, of files that could not be read for the first time, and of a
    reindex that failed. One that somebody else runs at that time stands for its own.
    """

    def __init__(
        self,
        reindexing: Reindexing,
        notices: Notices,
        audit: Audit,
        *,
        every: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._reindexing, self._notices, self._audit = reindexing, notices, audit
        self._clock = clock
        self.every = every
        self.next: datetime | None = None
        self._task: asyncio.Task[None] | None = None
        self._failed: frozenset[Failure] = frozenset()

    def begin(self, failed: tuple[Failure, ...] = ()) -> None:
        """Starts counting; `failed` is known already. Needs a running loop."""
        self._failed = frozenset(failed)
        if self.every and self._task is None:
            self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Ends it. If it is reindexing, that is stopped and waited for."""
        if self._task is None:
            return
        self.every = 0
        if self.next:
            self._task.cancel()
        else:
            self._reindexing.cancel()
        await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self.every:
            self.next = datetime.fromtimestamp(self._clock() + self.every, UTC)
            await asyncio.sleep(self.every)
            self.next = None
            try:
                await self._once()
            except Exception:  # the task has no other listener, and the next time may go well
                log.exception("the reindex on schedule failed")

    async def _once(self) -> None:
        try:
            report = await self._reindexing.run()
        except QuothError as error:
            await tell_of(error, self._notices)
            return
        failed = frozenset(report.failed)
        if report.changes:
            await noted(self._audit, Admin(id=ITSELF), "reindex", counts(report))
        if report.changes or failed - self._failed:
            await self._notices.tell(partial(reported, report))
        self._failed = failed
        await self._notices.over(TROUBLE)


async def tell_of(error: QuothError, notices: Notices) -> None:
    """Tells the owner why a reindex failed, unless it was stopped, or another one is running."""
    if isinstance(error, AlreadyRunning | IndexBusy | Cancelled):
        log.info("%s", error)
    else:
        await notices.tell(partial(_failed, error), about=TROUBLE)


def _failed(error: QuothError) -> Reply:
    return sentence(words.REINDEX_FAILED_SO.format(error=error))
