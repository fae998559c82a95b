"""Who may ask, who may administer, and how often."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

WINDOW = 60.0
"""Seconds over which questions are counted."""
REMEMBERED = 10_000
"""People whose questions are counted; the ones heard longest ago are forgotten first."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this message be answered now? If not, for how many seconds, and was that said already."""

    welcome: bool
    seconds: float = 0.0
    sentence_due: bool = False


@dataclass(slots=True)
class _Heard:
    times: deque[float] = field(default_factory=deque)
    told: bool = False


class Access:
    """Asked for each message; knows people and chats by their Telegram ids alone."""

    def __init__(
        self,
        *,
        admins: Collection[int] = (),
        allowed: Collection[int] = (),
        per_minute: int = 20,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.admins = frozenset(admins)
        self.per_minute = per_minute
        self._allowed, self._clock = frozenset(allowed), clock
        self._heard: OrderedDict[int, _Heard] = OrderedDict()

    def may_ask(self, person: int | None, chat: int) -> bool:
        """Everybody may when nobody is named; else the named people and chats, and admins."""
        return not self._allowed or bool({person, chat} & (self._allowed | self.admins))

    def hear(self, person: int) -> Verdict:
        """Counts a question of this person, unless there were too many within the minute."""
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
