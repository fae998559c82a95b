"""Which messages of the bot stand in its chats, so that one of unknown outcome can be told apart.

The bot can look for such a message only by writing it once more over each place where it may stand.
So no place is named where something else could stand that the bot sent and does not know of.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

LOOKED_AT = 3
"""Messages after a question among which an answer is looked for."""
KNOWN = 5_000
"""Messages that are kept in mind: those of three minutes at the pace that Telegram allows."""
DOUBTFUL = 1_000
"""Chats in which a message may stand that nobody knows."""


class Arrivals:
    """Keeps in mind what surely arrived since the start, and where something may have."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._known: OrderedDict[tuple[int, int], float] = OrderedDict()
        self._doubtful: OrderedDict[int, float] = OrderedDict()
        self._complete_since = float(int(clock()))  # Telegram's dates are whole seconds
        """All that was sent since is known or doubtful."""

    def note(self, chat: int, message: int) -> float:
        """A message surely stands there; the time of that."""
        now = self._known[chat, message] = self._clock()
        if len(self._known) > KNOWN:
            self._forget(self._known.popitem(last=False)[1])
        return now

    def doubt(self, chat: int) -> None:
        """A message may have arrived in this chat, under an id that nobody knows."""
        self._doubtful[chat] = self._clock()
        self._doubtful.move_to_end(chat)
        if len(self._doubtful) > DOUBTFUL:
            self._forget(self._doubtful.popitem(last=False)[1])

    def places(self, chat: int, after: int, since: float) -> list[int]:
        """Where a message may stand that was sent after another one, of that id and time.

        None where another message that nobody knows could stand there as well.
        """
        if since < self._complete_since or since <= self._doubtful.get(chat, 0.0):
            return []
        places = range(after + 1, after + 1 + LOOKED_AT)
        return [id for id in places if (chat, id) not in self._known]

    def _forget(self, time: float) -> None:
        self._complete_since = max(self._complete_since, time)
