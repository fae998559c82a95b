"""What admins do in Telegram: /reindex with its progress, /cancel, /status, /why."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from telegram import Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import words
from bot.administration import Administration
from bot.chatting import target_of
from bot.explaining import Explanations
from bot.outbox import Outbox, Target
from bot.replies import Reply, sentence

EDIT_EVERY = 4.0
"""Seconds between edits of the progress: within the 20 messages a minute of a group."""

log = logging.getLogger(__name__)


class Overseeing:
    """The handlers for admins. A reindex runs beside the conversation, which goes on."""

    def __init__(
        self,
        administration: Administration,
        outbox: Outbox,
        explanations: Explanations,
        *,
        edit_every: float = EDIT_EVERY,
    ) -> None:
        self._administration, self._outbox, self._edit_every = administration, outbox, edit_every
        self._explanations = explanations
        self._task: asyncio.Task[None] | None = None

    async def reindex(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None:
            return
        target = target_of(message)
        if self._administration.reindexing or (self._task and not self._task.done()):
            await self._outbox.send(target, self._administration.already_running())
            return
        self._task = asyncio.create_task(self._reindex(target))

    async def cancel(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            target = target_of(update.effective_message)
            await self._outbox.send(target, self._administration.cancel())

    async def status(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message:
            target = target_of(update.effective_message)
            await self._outbox.send(target, await self._administration.status())

    async def why(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In reply to an answer: how it came about."""
        message = update.effective_message
        if message:
            asked = message.reply_to_message
            told = self._explanations.why(message.chat.id, asked.message_id if asked else None)
            await self._outbox.send(target_of(message), told)

    async def close(self) -> None:
        """Stops a running reindex, and waits until it has."""
        if self._task and not self._task.done():
            self._administration.cancel()
            await asyncio.wait([self._task])

    async def _reindex(self, target: Target) -> None:
        shown = await self._show(target)
        editing = asyncio.create_task(self._keep_shown(target, shown)) if shown else None
        report = await self._report()
        self._explanations.forget()
        target = replace(target, after=None)  # much has been said since
        if editing:
            editing.cancel()
            with suppress(asyncio.CancelledError):
                await editing
        if shown:
            done = sentence(words.REINDEX_ENDED)
            await self._outbox.edit(target.chat, shown.message_id, done)
        await self._outbox.send(target, report)

    async def _show(self, target: Target) -> Message | None:
        """The message that will show the progress; None when it cannot be sent: work goes on."""
        try:
            return await self._outbox.send_first(target, _shown(words.REINDEXING))
        except TelegramError as error:
            log.warning("the progress of a reindex cannot be shown: %s", error)
            return None

    async def _keep_shown(self, target: Target, message: Message) -> None:
        before = words.REINDEXING
        while True:
            await asyncio.sleep(self._edit_every)
            now = self._administration.progress
            if now != before:
                await self._outbox.edit(
                    target.chat, message.message_id, _shown(now), may_be_lost=True
                )
                before = now

    async def _report(self) -> Reply:
        try:
            return await self._administration.reindex()
        except Exception:  # the task has no other listener
            log.exception("reindexing failed")
            return sentence(words.REINDEX_FAILED)


def _shown(progress: str) -> Reply:
    return sentence(f"{progress}\n{words.MEANWHILE}")
