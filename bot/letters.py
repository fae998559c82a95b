"""What somebody is sent who has not just written: in the language that they last wrote in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from bot import languages
from bot.outbox import Outbox, Target
from bot.records.people import People
from bot.replies import Reply
from bot.threads import aside


class Letters:
    """To people in their private chats. `said` is called where their language is spoken."""

    def __init__(self, people: People, outbox: Outbox) -> None:
        self._people, self._outbox = people, outbox

    async def send(self, person: int, said: Callable[[], Reply]) -> list[int]:
        """The ids of the messages that arrived; none when the bot may not write to them."""
        with await self._speaking(person):
            return await self._outbox.send(Target(person), said())

    async def edit(self, person: int, message: int, said: Callable[[], Reply]) -> None:
        """Writes over a message that they were sent."""
        with await self._speaking(person):
            await self._outbox.edit(person, message, said())

    async def _speaking(self, person: int) -> AbstractContextManager[None]:
        known = await aside(self._people.find, person)
        return languages.speaking(known.language if known else None)
