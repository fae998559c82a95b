"""Which updates wait for which: in order within a chat, chats beside each other.

A chat has three lanes. Talk is what is asked and what changes the conversation; commands and
buttons overtake it, so that /cancel or a look at a passage never waits behind a long question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from telegram import Message, Update
from telegram.ext import BaseUpdateProcessor

from bot.addressing import command_in, may_concern
from bot.inbox import Inbox

WAITING_IN_A_LANE = 30
"""So many updates of a chat may wait; further ones are declined with a sentence."""
IN_TURN = ("ask", "new", "more", "add", "mine", "forget", "forgetme")
"""Commands that belong to the talk: their order with the questions matters."""

log = logging.getLogger(__name__)


class Kind(StrEnum):
    """What is said in a chat, by how long it may take and what its order matters for."""

    TALK = "talk"
    COMMAND = "command"
    BUTTON = "button"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Lane:
    """Where updates are handled one after the other."""

    kind: Kind
    place: int
    """The chat; for what is typed elsewhere, where the bot is not, the person."""


@dataclass(slots=True)
class _Traffic:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    updates: int = 0
    declined: bool = False


Declining = Callable[[Message, int], Coroutine[Any, Any, bool]]


class ChatOrder(BaseUpdateProcessor):
    """Handles the updates of a lane one after the other, and lanes beside each other.

    How many questions are worked on at once is decided elsewhere (`bot.line`), so that a chat that
    waits for Telegram's limits holds nobody else up.
    """

    def __init__(self, inbox: Inbox) -> None:
        super().__init__(2**31 - 1)  # the inbox says how many there may be
        self._inbox = inbox
        self._lanes: dict[Lane, _Traffic] = {}
        self._waiting: set[asyncio.Task[Any]] = set()
        self._working: dict[asyncio.Task[Any], Lane | None] = {}
        self._stopped: set[asyncio.Task[Any]] = set()
        self._closed = False
        self.decline: Declining | None = None
        """Tells somebody that so many of their messages wait, and that this one is passed over;
        False when nobody is told, because they get no replies."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        try:
            if not self._closed:
                await self._process(update, coroutine)
        finally:
            if asyncio.iscoroutine(coroutine):
                coroutine.close()  # which does nothing to one that has ended
            self._inbox.leave(update)

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""

    async def finish(self, seconds: float) -> None:
        """Ends: what waits stays in the journal, what is under way gets so many seconds."""
        self._closed = True
        for task in self._waiting:
            task.cancel()
        under_way = set(self._working) - {asyncio.current_task()}
        if not under_way:
            return
        _, late = await asyncio.wait(under_way, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            log.warning("%s updates were not finished; they are looked at again later.", len(late))
            await asyncio.wait(late, timeout=1)

    def stop(self, chat: int) -> bool:
        """Breaks off what is being answered in a chat, for good; False when nothing is."""
        talk = Lane(Kind.TALK, chat)
        tasks = [task for task, lane in self._working.items() if lane == talk]
        self._stopped.update(tasks)
        for task in tasks:
            task.cancel()
        return bool(tasks)

    async def _process(self, update: object, coroutine: Awaitable[Any]) -> None:
        lane = lane_of(update) if isinstance(update, Update) else None
        if lane and await self._is_full(lane, update):
            await self._inbox.done(update)
            return
        async with self._turn(lane) as task, self._inbox.handling(update):
            await self._carried_out(task, coroutine)

    async def _carried_out(self, task: asyncio.Task[Any], coroutine: Awaitable[Any]) -> None:
        try:
            await coroutine
        except asyncio.CancelledError:
            if task not in self._stopped:
                raise
            task.uncancel()

    @asynccontextmanager
    async def _turn(self, lane: Lane | None) -> AsyncIterator[asyncio.Task[Any]]:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("updates are processed in tasks")
        async with self._in(lane, task):
            self._working[task] = lane
            try:
                yield task
            finally:
                del self._working[task]
                self._stopped.discard(task)

    @asynccontextmanager
    async def _in(self, lane: Lane | None, task: asyncio.Task[Any]) -> AsyncIterator[None]:
        if lane is None:
            yield
            return
        traffic = self._lanes.setdefault(lane, _Traffic())
        traffic.updates += 1
        self._waiting.add(task)
        try:
            async with traffic.lock:
                self._waiting.discard(task)
                yield
        finally:
            self._waiting.discard(task)
            traffic.updates -= 1
            if not traffic.updates:
                del self._lanes[lane]

    async def _is_full(self, lane: Lane, update: object) -> bool:
        """Whether the lane takes no more; says so once until it has emptied."""
        traffic = self._lanes.get(lane)
        waiting = traffic.updates - 1 if traffic else 0
        if traffic is None or waiting < WAITING_IN_A_LANE:
            return False
        message = update.effective_message if isinstance(update, Update) else None
        if self.decline and message and not traffic.declined:
            traffic.declined = True  # from now on, and not only once it has been said
            traffic.declined = await self.decline(message, waiting)
        return True


def lane_of(update: Update) -> Lane | None:
    """Where an update waits for its turn; None for what needs no order and what is not for us."""
    message = update.message or update.edited_message
    if message:
        if not may_concern(message):
            return None
        command = command_in(message, message.get_bot().username)
        quick = update.message and message.text and command and command not in IN_TURN
        return Lane(Kind.COMMAND if quick else Kind.TALK, message.chat.id)
    chat, person = update.effective_chat, update.effective_user
    if chat and (update.callback_query or update.message_reaction):
        return Lane(Kind.BUTTON, chat.id)
    if person and (update.inline_query or update.guest_message or update.callback_query):
        return Lane(Kind.ELSEWHERE, person.id)
    return None
