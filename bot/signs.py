"""Signs that somebody is being answered: typing, 👀 in groups, a draft that grows.

They are niceties: nothing waits for them, and no failure of theirs costs an answer. What a server
refuses is not tried again there: drafts nowhere, reactions not in that chat.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram import Bot
from telegram.constants import ChatAction, MessageLimit, ReactionEmoji
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.capabilities import Capabilities, Feature
from bot.outbox import Target

SIGN_AFTER = 1.0
"""Seconds; most answers are there by then, and a sign costs as much as sending them."""
TYPING_LASTS = 4.5
"""Seconds; Telegram shows a chat action for five."""
PATIENCE = 1.0
"""Seconds of work after which a draft is shown,"""
PACE = 1.0
"""between two drafts that say something new,"""
KEEP_ALIVE = 20.0
"""and after which the same is sent again: Telegram shows a draft for thirty."""
LAST_SIGN = 2.0
"""Seconds for a sign under way to arrive, so that it does not come after the answer."""
LONGEST_DRAFT = int(MessageLimit.MAX_TEXT_LENGTH) // 2
"""Characters, which may count two each."""
UNREACTIVE_CHATS = 1_000
REFUSED = (BadRequest, InvalidToken)
"""InvalidToken is how the library tells a method that the server does not know."""

log = logging.getLogger(__name__)


class Draft:
    """What is shown of an answer while it is written; at first only that it is worked on."""

    def __init__(self) -> None:
        self._text = ""
        self._news, self._over = asyncio.Event(), asyncio.Event()

    def show(self, text: str) -> None:
        """From now on this is shown, in place of what was before."""
        self._text = text
        self._news.set()

    def end(self) -> None:
        """From now on nothing is shown: the answer is there."""
        self._over.set()
        self._news.set()

    async def is_over(self, seconds: float) -> bool:
        """Whether it ended, within these seconds."""
        await _within(seconds, self._over)
        return self._over.is_set()

    async def news(self, seconds: float) -> None:
        """Returns when something is new, or after these seconds."""
        await _within(seconds, self._news)

    def take(self) -> str:
        """What is to be shown now; empty for a bare sign of work."""
        self._news.clear()
        return self._text.strip()[:LONGEST_DRAFT]


class Signs:
    """Shows them in a chat, each as long as a block of code runs."""

    def __init__(
        self,
        bot: Bot,
        capabilities: Capabilities | None = None,
        *,
        patience: float = PATIENCE,
        pace: float = PACE,
    ) -> None:
        self._bot, self._patience, self._pace = bot, patience, pace
        self._newer = capabilities or Capabilities(bot)
        self._drafts_refused = False
        self._looking: set[asyncio.Task[None]] = set()
        self._unreactive: OrderedDict[int, None] = OrderedDict()

    @asynccontextmanager
    async def drafting(self, target: Target) -> AsyncIterator[Draft]:
        """In a private chat after a while a draft, which shows what is given to it."""
        draft = Draft()
        drafting = asyncio.create_task(self._keep_drafting(target, draft))
        try:
            yield draft
        finally:
            draft.end()
            await asyncio.wait([drafting], timeout=LAST_SIGN)
            await _end(drafting)

    @asynccontextmanager
    async def typing(self, target: Target) -> AsyncIterator[None]:
        """Typing, after a moment."""
        typing = asyncio.create_task(self._type(target))
        try:
            yield
        finally:
            await _end(typing)

    @asynccontextmanager
    async def looking(self, target: Target) -> AsyncIterator[None]:
        """👀 on the question, in groups, after a moment; taken away when the answer is there."""
        over = asyncio.Event()
        task = asyncio.create_task(self._look(target, over))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)
        try:
            yield
        finally:
            over.set()

    async def close(self) -> None:
        """Waits a little for what is under way."""
        if self._looking:
            await asyncio.wait(self._looking, timeout=LAST_SIGN)
        await _end(*self._looking)

    async def _look(self, target: Target, over: asyncio.Event) -> None:
        await _within(SIGN_AFTER, over)
        if not over.is_set() and await self._react(target, ReactionEmoji.EYES):
            await over.wait()
            await self._react(target, None)

    async def _type(self, target: Target) -> None:
        await asyncio.sleep(SIGN_AFTER)
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(
                    target.chat, ChatAction.TYPING, message_thread_id=target.topic
                )
                await asyncio.sleep(TYPING_LASTS)

    async def _keep_drafting(self, target: Target, draft: Draft) -> None:
        if target.chat < 0 or self._drafts_refused or await draft.is_over(self._patience):
            return
        id = secrets.randbelow(2**31 - 1) + 1
        while await self._show(target, id, draft.take()):
            if await draft.is_over(self._pace):
                return
            await draft.news(KEEP_ALIVE)
            if await draft.is_over(0):
                return

    async def _show(self, target: Target, id: int, text: str) -> bool:
        """Whether it is of use to go on."""
        stop = {"can_stop": True} if self._newer.has(Feature.STOP) else None
        try:
            await self._bot.send_message_draft(
                target.chat, id, text or None, message_thread_id=target.topic, api_kwargs=stop
            )
        except REFUSED as error:
            if stop:
                self._newer.give_up(Feature.STOP, error)
                return await self._show(target, id, text)
            self._drafts_refused = True
            log.info("drafts are not taken here, and not tried again: %s", error)
            return False
        except TelegramError as error:
            log.debug("a draft in chat %s failed: %s", target.chat, error)
            return False
        return True

    async def _react(self, target: Target, emoji: str | None) -> bool:
        """Whether it worked."""
        chat, message = target.chat, target.answers
        if chat > 0 or message is None or chat in self._unreactive:
            return False
        try:
            return await self._bot.set_message_reaction(chat, message, emoji)
        except BadRequest as error:
            log.debug("no reaction in chat %s: %s", chat, error)
            if "not found" not in error.message.lower():  # the question was deleted
                self._unreactive[chat] = None
            if len(self._unreactive) > UNREACTIVE_CHATS:
                self._unreactive.popitem(last=False)
        except TelegramError as error:
            log.debug("a reaction in chat %s failed: %s", chat, error)
        return False


async def _end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _within(seconds: float, event: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
