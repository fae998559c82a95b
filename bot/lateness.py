"""What comes too late to be answered: asked long ago, or cut off by the end of the program."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import words
from bot.addressing import command_in, is_addressed
from bot.chatting import target_of
from bot.inbox import Inbox
from bot.outbox import Outbox
from bot.replies import sentence

REMEMBERED = 10_000
"""Chats that were told; the ones told longest ago are forgotten first."""


class Lateness:
    """Stops such updates. Nobody is left without a word, and a chat gets one for all it asked."""

    def __init__(
        self, inbox: Inbox, outbox: Outbox, limit: float, *, clock: Callable[[], float] = time.time
    ) -> None:
        """`limit`: seconds after which a message is not answered any more."""
        self._inbox, self._outbox = inbox, outbox
        self._limit, self._clock = limit, clock
        self._told: OrderedDict[int, float] = OrderedDict()

    async def look(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop for what is not to be answered."""
        message = update.message or update.edited_message
        if self._inbox.was_cut_off(update):
            if message:
                target = replace(target_of(message), answers=message.message_id)
                await self._outbox.send(target, sentence(words.CUT_OFF))
            raise ApplicationHandlerStop
        if message and self._age(message) > self._limit and not self._inbox.is_again(update):
            await self._apologise(message)
            raise ApplicationHandlerStop

    def _age(self, message: Message) -> float:
        return self._clock() - (message.edit_date or message.date).timestamp()

    async def _apologise(self, message: Message) -> None:
        chat, now = message.chat.id, self._clock()
        told = self._told.get(chat)
        if not _asks(message) or (told is not None and now - told < self._limit):
            return
        self._told[chat] = now
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        await self._outbox.send(target_of(message), sentence(words.AWAY))


def _asks(message: Message) -> bool:
    """Whether somebody waits for a reply to this."""
    bot = message.get_bot().bot
    known = (*words.COMMANDS, *words.ADMIN_COMMANDS, "start")
    return is_addressed(message, bot) or command_in(message, bot.username or "") in known
