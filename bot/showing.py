"""A message that shows how far something is, and is edited as it goes on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from telegram import Message
from telegram.error import TelegramError

from bot.outbox import Outbox, Target
from bot.replies import sentence

EDIT_EVERY = 4.0
"""Seconds between edits: within the 20 messages a minute of a group."""

log = logging.getLogger(__name__)


class Showing:
    """Shows progress in a chat as long as a block of code runs. It may fail: the work goes on."""

    def __init__(self, outbox: Outbox, *, every: float = EDIT_EVERY) -> None:
        self._outbox, self._every = outbox, every

    @asynccontextmanager
    async def progress(
        self, target: Target, line: Callable[[], str], ended: str
    ) -> AsyncIterator[None]:
        """What `line` says now and then; at the end the message says `ended`."""
        before = line()
        shown = await self._begin(target, before)
        editing = asyncio.create_task(self._keep(target, shown, line, before)) if shown else None
        try:
            yield
        finally:
            if editing and shown:
                editing.cancel()
                with suppress(asyncio.CancelledError):
                    await editing
                await self._outbox.edit(target.chat, shown.message_id, sentence(ended))

    async def _begin(self, target: Target, line: str) -> Message | None:
        try:
            return await self._outbox.send_first(target, sentence(line))
        except TelegramError as error:
            log.warning("progress cannot be shown in chat %s: %s", target.chat, error)
            return None

    async def _keep(
        self, target: Target, message: Message, line: Callable[[], str], before: str
    ) -> None:
        while True:
            await asyncio.sleep(self._every)
            now = line()
            if now != before:
                id, chat = message.message_id, target.chat
                await self._outbox.edit(chat, id, sentence(now), may_be_lost=True)
                before = now
