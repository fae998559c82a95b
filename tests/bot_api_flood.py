"""Telegram's flood limits: who speaks too fast is sent away for a while."""

import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from tests.bot_api_rules import Refused
from tests.bot_api_world import Chat


@dataclass(frozen=True, slots=True)
class Window:
    """At most `limit` requests in any `seconds`."""

    limit: int
    seconds: float


@dataclass(frozen=True, slots=True)
class FloodLimits:
    """What core.telegram.org/bots/faq names. A small burst is `chat=Window(3, 3.0)`."""

    chat: Window = Window(1, 1.0)
    group: Window = Window(20, 60.0)
    total: Window = Window(30, 1.0)


class Flood:
    """Counts requests; `Refused` with 429 past a limit, and until the named time has passed."""

    def __init__(
        self, limits: FloodLimits | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._spent: dict[tuple[str, int], deque[float]] = {}
        self._closed_until: dict[tuple[str, int], float] = {}

    def spend(self, chat: Chat) -> None:
        """Count a message or an edit against its chat and against all."""
        if self._limits is None:
            return
        windows = {("total", 0): self._limits.total, ("chat", chat.id): self._limits.chat}
        if chat.type != "private":
            windows["group", chat.id] = self._limits.group
        self._count(windows)

    def spend_in_all(self) -> None:
        """Count something small, like a chat action, against the total alone."""
        if self._limits is not None:
            self._count({("total", 0): self._limits.total})

    def _count(self, windows: dict[tuple[str, int], Window]) -> None:
        now = self._clock()
        for key, window in windows.items():
            wait = max(self._wait(key, window, now), self._closed_until.get(key, now) - now)
            if wait > 0:
                seconds = math.ceil(wait)
                # Telegram keeps refusing until the time it named has passed.
                self._closed_until.setdefault(key, now + seconds)
                raise Refused(f"Too Many Requests: retry after {seconds}", 429, retry_after=seconds)
        for key in windows:
            self._closed_until.pop(key, None)
            self._spent[key].append(now)

    def _wait(self, key: tuple[str, int], window: Window, now: float) -> float:
        times = self._spent.setdefault(key, deque())
        while times and times[0] <= now - window.seconds:
            times.popleft()
        return times[0] + window.seconds - now if len(times) >= window.limit else 0.0
