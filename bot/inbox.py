"""Updates on their way in: noted before Telegram hears that they arrived, each handled once.

Telegram forgets an update when the next one is asked for, or when a webhook has answered. So each
is in the journal by then, with its words until it was handled: a program that dies in between finds
it there. What was being sent in that moment is not sent again, since it may have arrived.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.addressing import may_concern
from bot.records.journal import Journal, Unanswered
from bot.threads import aside
from bot.throttle import came_to_nothing
from index.errors import QuothError

WAITING = 1_000
"""Updates that may be on their way at once; Telegram keeps the others for us."""
MOST_STARTS = 2
"""Starts of the program that an update may fail to survive; it may be what ends it."""
SIGNS = ("sendChatAction", "sendMessageDraft", "sendRichMessageDraft")
"""What begins with "send" and leaves no message."""

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Handled:
    id: int
    requests: int = 0
    """Those that may have made a message."""
    over: bool = False


_HANDLED: ContextVar[_Handled | None] = ContextVar("handled", default=None)


@contextmanager
def incidentally() -> Iterator[None]:
    """What is sent inside is no answer: after a restart the update is answered all the same."""
    token = _HANDLED.set(None)
    try:
        yield
    finally:
        _HANDLED.reset(token)


class Inbox(asyncio.Queue[object]):
    """The queue between the library's updater and its application."""

    def __init__(self, journal: Journal, bot: int, *, most: int = WAITING) -> None:
        super().__init__()
        self._journal, self._bot_id = journal, bot
        self._most, self._inside = most, 0
        self._room = asyncio.Event()
        self._room.set()
        self._cut_off: set[int] = set()
        self._again: set[int] = set()

    async def put(self, item: object) -> None:
        """Takes an update in when there is room; one that was received before is left out."""
        if isinstance(item, Update):
            if _is_kept(item) and not await self._receive(item):
                return
            await self._find_room()
        await super().put(item)

    async def recover(self, bot: Bot) -> int:
        """Takes in what an earlier run did not finish; how many updates that are."""
        found = await self._noting(Journal.unanswered) or []
        for each in found:
            update = Update.de_json(json.loads(each.body), bot)
            if _is_over(each):
                self._cut_off.add(update.update_id)
            self._count(1)
            self.put_nowait(update)
        return len(found)

    async def again(self, update: Update) -> None:
        """Takes in once more what was handled: it could not be answered then."""
        await self._noting(Journal.again, update.update_id, update.to_json())
        self._again.add(update.update_id)
        self._count(1)
        self.put_nowait(update)

    def is_again(self, update: Update) -> bool:
        """Whether this was taken in once more, however old it is by now."""
        return update.update_id in self._again

    def was_cut_off(self, update: Update) -> bool:
        """Whether an earlier run ended while it answered this, so that it must not again."""
        return update.update_id in self._cut_off

    @asynccontextmanager
    async def handling(self, update: object) -> AsyncIterator[None]:
        """Around the handling of an update; one that is cancelled or fails stays unanswered."""
        handled = _Handled(update.update_id) if isinstance(update, Update) else None
        token = _HANDLED.set(handled)
        try:
            yield
            await self.done(update)
        finally:
            _HANDLED.reset(token)
            if handled:
                handled.over = True

    async def done(self, update: object) -> None:
        """This needs no (more) answer."""
        if isinstance(update, Update) and _is_kept(update):
            self._cut_off.discard(update.update_id)
            self._again.discard(update.update_id)
            await self._noting(Journal.done, update.update_id)

    def leave(self, update: object) -> None:
        """An update is on its way no more; another one may come."""
        if isinstance(update, Update):
            self._count(-1)

    @asynccontextmanager
    async def sending(self, endpoint: str) -> AsyncIterator[None]:
        """Around a request: notes beforehand that the update handled here may get a message."""
        handled = _HANDLED.get()
        if handled is None or handled.over or not _makes_a_message(endpoint):
            yield
            return
        await self._request(handled, 1)
        try:
            yield
        except TelegramError as error:
            if came_to_nothing(error):
                await self._request(handled, -1)
            raise

    async def _request(self, handled: _Handled, change: int) -> None:
        before, handled.requests = handled.requests > 0, handled.requests + change
        if before != (handled.requests > 0):
            await self._noting(Journal.maybe_sent, handled.id, handled.requests > 0)

    async def _receive(self, update: Update) -> bool:
        new = await self._noting(Journal.receive, update.update_id, update.to_json())
        return new is not False

    async def _noting(
        self, work: Callable[Concatenate[Journal, int, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """What the journal says; None when it cannot be used, which costs nobody an answer."""
        try:
            return await aside(work, self._journal, self._bot_id, *args, **kwargs)
        except QuothError as error:
            log.warning("what was received cannot be noted: %s", error)
            return None

    async def _find_room(self) -> None:
        while not self._room.is_set():
            await self._room.wait()
        self._count(1)

    def _count(self, change: int) -> None:
        self._inside += change
        if self._inside < self._most:
            self._room.set()
        else:
            self._room.clear()


def _is_kept(update: Update) -> bool:
    """Not what others say to each other in groups, and no inline query, which is over at once."""
    message = update.message or update.edited_message
    return may_concern(message) if message else update.inline_query is None


def _is_over(found: Unanswered) -> bool:
    return found.maybe_sent or found.starts > MOST_STARTS


def _makes_a_message(endpoint: str) -> bool:
    begins = endpoint.startswith(("send", "copy", "forward", "answerGuest"))
    return begins and endpoint not in SIGNS
