"""What the bot does by itself, now and then: drops what is too old, and looks at the disk."""

from __future__ import annotations

import asyncio
import logging
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

from bot import words
from bot.notices import Notices
from bot.records import Records
from bot.replies import Reply, sentence
from bot.threads import aside
from index.errors import QuothError

EVERY = 600.0
"""Seconds."""
RECOVERED = 1.1
"""Times the limit that must be free again, so that a disk at the limit isn't told of each time."""
DISK = "disk"

log = logging.getLogger(__name__)


class Housekeeping:
    """A task beside the conversation, from `begin` to `close`."""

    def __init__(
        self,
        records: Records,
        notices: Notices,
        *,
        question_days: int,
        audit_days: int,
        low_disk: int,
        every: float = EVERY,
    ) -> None:
        """`low_disk` in bytes; 0 never looks."""
        self._records, self._notices = records, notices
        self._question_days, self._audit_days = question_days, audit_days
        self._low_disk, self._every = low_disk, every
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Starts it; needs a running loop."""
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Ends it."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def once(self) -> None:
        """All of it, once."""
        days = {"question_days": self._question_days, "audit_days": self._audit_days}
        await aside(self._records.tidy, **days)
        folder = self._records.folder
        if folder and self._low_disk:
            await self._look_at_disk(folder)

    async def _look_at_disk(self, folder: Path) -> None:
        usage = await aside(shutil.disk_usage, folder)
        if usage.free < self._low_disk:
            await self._notices.tell(partial(_disk_low, folder, usage.free), about=DISK)
        elif usage.free > RECOVERED * self._low_disk:
            await self._notices.over(DISK)

    async def _run(self) -> None:
        while True:
            try:
                await self.once()
            except (QuothError, OSError) as error:
                log.warning("housekeeping: %s", error)
            except Exception:  # the task has no other listener, and the next time may go well
                log.exception("housekeeping failed")
            await asyncio.sleep(self._every)


def _disk_low(folder: Path, free: int) -> Reply:
    return sentence(words.DISK_LOW.format(folder=folder, free=words.spoken_size(free)))
