"""What the owner is told without having asked: trouble, each once until it is over."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable

from bot.access import Access
from bot.letters import Letters
from bot.records.state import State
from bot.replies import Reply
from bot.threads import aside
from index.errors import QuothError

AN_HOUR = 12
"""So many notices are sent in an hour; what is more stands in the log alone."""

log = logging.getLogger(__name__)


class Notices:
    """Sends to the owner, in their private chat. Without an owner it logs."""

    def __init__(
        self,
        access: Access,
        letters: Letters,
        state: State,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._access, self._letters, self._state, self._clock = access, letters, state, clock
        self._sent: deque[float] = deque()
        self._told: set[str] = set()

    async def tell(self, said: Callable[[], Reply], *, about: str | None = None) -> None:
        """Tells the owner, in their language, in which `said` is called. `about` names a trouble
        that is told once until it is over.

        That holds over a restart too, if it can be noted: the trouble may be a full disk.
        """
        if about and (about in self._told or await aside(self._state.get, _key(about))):
            return
        log.warning("notice: %s", said().text.partition("\n")[0])
        if not self._may_send():
            return
        sent = [await self._letters.send(owner, said) for owner in self._access.owners]
        if about and any(sent):  # an owner who has not written to the bot yet is told later
            self._told.add(about)
            await self._note(about, str(int(self._clock())))

    async def over(self, about: str) -> None:
        """A trouble has ended: when it comes again, it is told again."""
        self._told.discard(about)
        await self._note(about, None)

    async def _note(self, about: str, value: str | None) -> None:
        try:
            await aside(self._state.set, _key(about), value)
        except QuothError as error:
            log.warning("a notice could not be noted: %s", error)

    def _may_send(self) -> bool:
        now = self._clock()
        while self._sent and self._sent[0] <= now - 3600:
            self._sent.popleft()
        if len(self._sent) >= AN_HOUR:
            return False
        self._sent.append(now)
        return True


def _key(about: str) -> str:
    return f"told {about}"
