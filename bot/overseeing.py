"""What admins do in Telegram: their commands and buttons, /reindex with its progress, /why."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from telegram import MaybeInaccessibleMessage, Update, User
from telegram.constants import ChatType
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
from bot.replies import sentence
from bot.showing import Showing
from bot.signs import Signs


class Overseeing:
    """The handlers for admins. A reindex runs beside the conversation, which goes on."""

    def __init__(
        self,
        administration: Administration,
        access: Access,
        outbox: Outbox,
        signs: Signs,
        explanations: Explanations,
        showing: Showing,
    ) -> None:
        self._administration, self._access, self._outbox = administration, access, outbox
        self._signs, self._explanations, self._showing = signs, explanations, showing
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
        async with self._showing.progress(target, self._line, words.REINDEX_ENDED):
            report = await self._administration.reindex(admin)
        # Much has been said since.
        await self._outbox.send(replace(target, after=None), report)

    def _line(self) -> str:
        progress = self._administration.reindexing.progress
        return words.REINDEX_SHOWN.format(progress=progress)
