"""How far a reindex is, in words: documents done of all, passages, rate, time left."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from bot import words
from index.passages import Progress

OVER = 30.0
"""Seconds that a rate is taken over: unchanged files fly by, and large ones take their time."""
ROUGHLY = 3.0
"""Seconds before a rate means anything."""


class Pace:
    """Knows the latest progress of a reindex, and how fast it has been going lately."""

    def __init__(self) -> None:
        self._heard: deque[Progress] = deque()

    def hear(self, progress: Progress) -> None:
        """Takes in where the reindex is now."""
        while len(self._heard) > 1 and self._heard[1].seconds <= progress.seconds - OVER:
            self._heard.popleft()
        # What comes within a second of the one before stands for both: memory stays small.
        if len(self._heard) > 1 and progress.seconds - self._heard[-2].seconds < 1:
            self._heard.pop()
        self._heard.append(progress)

    def line(self) -> str:
        """Where it is, in a line."""
        now = self._heard[-1] if self._heard else None
        if now is None or now.total == 0:
            return words.REINDEXING
        if now.stage == "switching":
            return words.SWITCHING
        read = words.READING.format(done=f"{now.done:,}", total=f"{now.total:,}")
        if now.passages:
            passages = words.counted(now.passages, "passage")
            read = words.READING_SO_FAR.format(read=read, passages=passages)
        rate = self._rate(now)
        if rate is None:
            return read
        left = words.spoken_duration((now.total - now.done) / rate)
        return words.READING_ON.format(read=read, rate=_spoken_rate(rate), left=left)

    def _rate(self, now: Progress) -> float | None:
        """Documents a second; None as long as that cannot be said."""
        first = self._heard[0]
        seconds, done = now.seconds - first.seconds, now.done - first.done
        return done / seconds if seconds >= ROUGHLY and done > 0 else None


class Spaced:
    """Tells progress as lines: each stage, and within a stage one in a few seconds."""

    def __init__(
        self,
        tell: Callable[[str], None],
        *,
        seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell, self._seconds, self._clock = tell, seconds, clock
        self._stage, self._told = "", -seconds
        self._pace = Pace()

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        self._pace.hear(progress)
        if progress.stage != self._stage or now - self._told >= self._seconds:
            self._stage, self._told = progress.stage, now
            self._tell(self._pace.line())


def _spoken_rate(rate: float) -> str:
    if rate >= 1:
        return words.A_SECOND.format(count=f"{rate:,.0f}")
    return words.A_MINUTE.format(count=f"{60 * rate:,.0f}")
