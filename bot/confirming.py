"""What is done only when the one who asked for it says so once more, within a few minutes."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot import words
from bot.acting import Admin, Step
from bot.replies import Button, Reply, sentence

LASTS = 5 * 60.0
"""Seconds for which a question is open."""
OPEN = 200
"""So many are open at once; the oldest close first."""


@dataclass(frozen=True, slots=True)
class _Asked:
    person: int
    until: float
    step: Step


class Confirmations:
    """Open questions, each for the one who asked. None outlives a restart."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: OrderedDict[str, _Asked] = OrderedDict()

    def ask(
        self,
        admin: Admin,
        question: Reply,
        yes: str,
        act: Callable[[], Awaitable[Reply]],
        meanwhile: str = "",
    ) -> Reply:
        """The question with two buttons: one does it, the other one leaves it."""
        token = secrets.token_urlsafe(12)
        step = Step(act, meanwhile=meanwhile)
        self._asked[token] = _Asked(admin.id, self._clock() + LASTS, step)
        while len(self._asked) > OPEN:
            self._asked.popitem(last=False)
        choice = (Button(yes, f"yes:{token}"), Button(words.LEAVE_IT, f"no:{token}"))
        return replace(question, buttons=(*question.buttons, choice))

    def agree(self, admin: Admin, token: str) -> Step | str:
        """What the question was about, once; or why not."""
        asked = self._asked.get(token)
        if asked is None or asked.until < self._clock():
            return words.TOO_LATE
        if asked.person != admin.id:
            return words.NOT_YOURS
        del self._asked[token]
        return asked.step

    def decline(self, admin: Admin, token: str) -> Step | str:
        """Closes the question: nothing is done."""
        asked = self._asked.get(token)
        if asked and asked.person != admin.id:
            return words.NOT_YOURS
        self._asked.pop(token, None)
        return Step(_left)


async def _left() -> Reply:
    return sentence(words.LEFT)
