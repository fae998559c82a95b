"""What admins do in Telegram: their commands and buttons, /reindex with its progress, /why."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from telegram import MaybeInaccessibleMessage, Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.acting import Admin
from bot.administration import Administration
from bot.chatting import target_of
from bot.explaining import Explanations
from bot.outbox import Outbox, Target
from bot.pressing import below, end_waiting, query_of
from bot.reindexing import AlreadyRunning
from bot.replies import Reply, sentence
from bot.signs import Signs

EDIT_EVERY = 4.0
"""Seconds between edits of the progress: within the 20 messages a minute of a group."""

log = logging.getLogger(__name__)


class Overseeing:
    """The handlers for admins. A reindex runs beside the conversation, which goes on."""

    def __init__(
        self,
        administration: Administration,
        access: Access,
        outbox: Outbox,
        signs: Signs,
        explanations: Explanations,
        *,
        edit_every: float = EDIT_EVERY,
    ) -> None:
        self._administration, self._access, self._outbox = administration, access, outbox
        self._signs, self._edit_every, self._explanations = signs, edit_every, explanations
        self._task: asyncio.Task[None] | None = None
        self.commands = list(administration.commands)
        self.buttons = f"^(?:{'|'.join(administration.presses)}):"

    async def command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any command that Administration knows."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        written, *rest = (message.text or "").split(maxsplit=1)
        name = written.lstrip("/").partition("@")[0].lower()
        target = target_of(message)
        async with self._signs.typing(target):
            reply = await self._administration.command(name, self._admin(user, message), *rest)
        await self._outbox.send(target, reply)

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any button of these. Whether an admin presses it is asked now: roles change."""
        query, data = query_of(update)
        message = query.message
        if message is None or not self._access.is_admin(query.from_user.id):
            await end_waiting(query, words.OLD_BUTTON)
            return
        step = self._administration.press(self._admin(query.from_user, message), data)
        if isinstance(step, str):
            await end_waiting(query, step)
            return
        await end_waiting(query)
        if step.meanwhile:
            await self._outbox.edit(message.chat.id, message.message_id, sentence(step.meanwhile))
        async with self._signs.typing(below(query)):
            reply = await step.act()
        instead = step.instead and not reply.enclosed
        if not instead or not await self._outbox.edit(message.chat.id, message.message_id, reply):
            await self._outbox.send(below(query), reply)

    async def reindex(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        target, reindexing = target_of(message), self._administration.reindexing
        if reindexing.running or (self._task and not self._task.done()):
            running = AlreadyRunning(reindexing.progress)
            await self._outbox.send(target, sentence(str(running)))
            return
        self._task = asyncio.create_task(self._reindex(target, self._admin(user, message)))

    async def why(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """In reply to an answer: how it came about."""
        message = update.effective_message
        if message:
            asked = message.reply_to_message
            told = self._explanations.why(message.chat.id, asked.message_id if asked else None)
            await self._outbox.send(target_of(message), told)

    async def close(self) -> None:
        """Stops a running reindex, and waits until it has."""
        while self._task and not self._task.done():
            self._administration.reindexing.cancel()  # again: it may not have begun yet
            await asyncio.wait([self._task], timeout=0.1)

    def _admin(self, user: User, message: MaybeInaccessibleMessage) -> Admin:
        return Admin(
            id=user.id,
            owner=user.id in self._access.owners,
            private=message.chat.type == ChatType.PRIVATE,
        )

    async def _reindex(self, target: Target, admin: Admin) -> None:
        shown = await self._show(target)
        editing = asyncio.create_task(self._keep_shown(target, shown)) if shown else None
        report = await self._administration.reindex(admin)
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
            now = self._administration.reindexing.progress
            if now != before:
                await self._outbox.edit(
                    target.chat, message.message_id, _shown(now), may_be_lost=True
                )
                before = now


def _shown(progress: str) -> Reply:
    return sentence(words.REINDEX_SHOWN.format(progress=progress))
