"""How often somebody may ask, in a minute and in a day."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.records.state import Asked
from bot.threads import aside
from index.errors import QuothError

WINDOW = 60.0
"""Seconds over which questions are counted."""
REMEMBERED = 10_000
"""People whose questions are counted; the ones heard longest ago are forgotten first."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this message be answered now? If not, for how many seconds, and was that said already."""

    welcome: bool
    seconds: float = 0.0
    sentence_due: bool = False
    whole_day: bool = False
    """Whether it is the limit of the day that was reached."""


@dataclass(slots=True)
class _Heard:
    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Limits:
    """Asked for each question. The minute is counted in memory, the day (in UTC) in the records."""

    def __init__(
        self,
        asked: Asked,
        *,
        per_minute: int = 20,
        per_day: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`per_day` 0 is no limit."""
        self.per_minute, self.per_day = per_minute, per_day
        self._asked, self._clock = asked, clock
        self._heard: OrderedDict[int, _Heard] = OrderedDict()

    async def admit(self, person: int, *, all_day: bool = False) -> Verdict:
        """Counts a question, unless there were too many; with `all_day` the day does not matter."""
        verdict = self.hear(person)
        if not verdict.welcome or all_day or not self.per_day:
            return verdict
        try:
            today = await aside(self._asked.add, person)
        except QuothError as error:  # a full disk costs nobody an answer
            log.warning("a question could not be counted: %s", error)
            return verdict
        if today <= self.per_day:
            return verdict
        return Verdict(False, self._asked.seconds_left(), sentence_due=True, whole_day=True)

    def hear(self, person: int) -> Verdict:
        """The same for the minute alone."""
        now = self._clock()
        heard = self._heard.setdefault(person, _Heard())
        self._heard.move_to_end(person)
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)
        while heard.times and heard.times[0] <= now - WINDOW:
            heard.times.popleft()
        if len(heard.times) < self.per_minute:
            heard.times.append(now)
            heard.told = False
            return Verdict(welcome=True)
        due, heard.told = not heard.told, True
        return Verdict(False, heard.times[0] + WINDOW - now, due)
