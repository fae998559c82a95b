"""One reindex at a time, with its progress and a way to stop it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from bot import words
from bot.library import Library
from bot.progress import Pace
from bot.reports import counts
from index.errors import QuothError
from index.passages import Progress, ReindexReport
from index.ports import ProgressListener

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Last:
    """How the last reindex ended: `outcome` in a sentence."""

    at: datetime
    outcome: str


class AlreadyRunning(QuothError):
    """This very program is reindexing."""

    def __init__(self, progress: str) -> None:
        super().__init__(words.REINDEX_RUNS.format(progress=progress.rstrip("…")))


class ReindexFailed(QuothError):
    """Nobody foresaw why."""

    def __init__(self) -> None:
        super().__init__(words.REINDEX_FAILED)


class Reindexing:
    """Brings the index up to date. `changed` is called after each that went through."""

    def __init__(
        self,
        library: Library,
        changed: Callable[[], None],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library, self._changed, self._clock = library, changed, clock
        self._pace = Pace()
        self._stop: threading.Event | None = None
        self.last: Last | None = None

    @property
    def running(self) -> bool:
        """Whether this program reindexes now."""
        return self._stop is not None

    @property
    def progress(self) -> str:
        """How far the running one is, in a line."""
        return self._pace.line()

    async def run(self, listener: ProgressListener | None = None) -> ReindexReport:
        """Does it and gives the report; `listener` hears of the progress from a thread.

        Raises AlreadyRunning, ReindexFailed, and what the index raises.
        """
        if self._stop is not None:
            raise AlreadyRunning(self.progress)
        stop, pace = threading.Event(), Pace()
        self._stop, self._pace = stop, pace

        def heard(progress: Progress) -> None:
            pace.hear(progress)
            if listener:
                listener(progress)

        try:
            report = await self._library.reindex(heard, stop.is_set)
        except QuothError as error:
            self._ended(str(error))
            raise
        except Exception as error:  # whoever asked for it gets a sentence, as does the owner
            log.exception("reindexing failed")
            self._ended(words.REINDEX_FAILED)
            raise ReindexFailed from error
        finally:
            self._stop = None
        self._ended(counts(report))
        self._changed()
        return report

    def cancel(self) -> str | None:
        """Asks the running one to stop; it does so at the next file. None when none runs."""
        if self._stop is None:
            return None
        self._stop.set()
        return words.REINDEX_STOPPING

    def _ended(self, outcome: str) -> None:
        self.last = Last(datetime.fromtimestamp(self._clock(), UTC), outcome)
