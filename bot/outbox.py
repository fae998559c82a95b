"""Sending a reply so that it arrives once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ChatAction
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import words
from bot.replies import Button, Page, Reply, pages, sentence

TYPING_LASTS = 4.5
"""Seconds; Telegram shows a chat action for five."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reply goes: a chat, its topic, and the message it answers."""

    chat: int
    topic: int | None = None
    answers: int | None = None


class Outbox:
    """Sends replies. When a send fails, one sentence says so; nothing is sent twice."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, target: Target, reply: Reply) -> None:
        """All pages of a reply; or a sentence that it failed, which is tried a little longer."""
        try:
            for page in pages(reply):
                await self._send_page(target, page)
        except Forbidden as error:
            log.info("chat %s does not take messages: %s", target.chat, error.message)
        except (NetworkError, RetryAfter) as error:
            log.warning("sending to chat %s failed: %s", target.chat, error)
            await self._apologise(target)

    async def send_first(self, target: Target, reply: Reply) -> Message:
        """A reply of one page, to be edited later; raises what sending raises."""
        return await self._send_page(target, pages(reply)[0])

    async def edit(self, chat: int, message: int, reply: Reply) -> None:
        """Writes the first page of `reply` over a message. Trouble is logged: it may be lost."""
        page = pages(reply)[0]
        try:
            await self._bot.edit_message_text(
                page.text,
                chat_id=chat,
                message_id=message,
                entities=page.entities,
                reply_markup=_keyboard(page.buttons),
                link_preview_options=NO_PREVIEW,
                rate_limit_args=1,  # type: ignore[call-arg]
            )
        except TelegramError as error:
            log.debug("editing in chat %s failed: %s", chat, error)

    @asynccontextmanager
    async def typing(self, target: Target) -> AsyncIterator[None]:
        """Shows the typing sign while something is worked on."""
        task = asyncio.create_task(self._type(target))
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _type(self, target: Target) -> None:
        with suppress(TelegramError):
            while True:
                await self._bot.send_chat_action(
                    target.chat, ChatAction.TYPING, message_thread_id=target.topic
                )
                await asyncio.sleep(TYPING_LASTS)

    async def _send_page(self, target: Target, page: Page) -> Message:
        try:
            return await self._send_once(target, page)
        except ChatMigrated as error:
            moved = Target(error.new_chat_id, target.topic)
            return await self._send_once(moved, page)
        except BadRequest as error:
            # Refused, so surely not sent: once more as plain text, without what may be at fault.
            log.warning("Telegram refused a page for chat %s: %s", target.chat, error)
            return await self._send_once(Target(target.chat, target.topic), Page(page.text))

    async def _send_once(self, target: Target, page: Page) -> Message:
        return await self._bot.send_message(
            target.chat,
            page.text,
            message_thread_id=target.topic,
            entities=page.entities,
            reply_markup=_keyboard(page.buttons),
            link_preview_options=NO_PREVIEW,
            reply_parameters=_answering(target),
        )

    async def _apologise(self, target: Target) -> None:
        """One sentence. It may be tried again after a refusal: two of it would do no harm."""
        for pause in (1.0, 5.0, None):
            try:
                await self._send_page(target, pages(sentence(words.CONNECTION))[0])
            except (NetworkError, RetryAfter) as error:
                log.warning("apologising to chat %s failed: %s", target.chat, error)
                if pause is None or isinstance(error, BadRequest | RetryAfter):
                    return
                await asyncio.sleep(pause)
            else:
                return


def _answering(target: Target) -> ReplyParameters | None:
    if target.answers is None:
        return None
    return ReplyParameters(target.answers, allow_sending_without_reply=True)


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_pressed(button) for button in row] for row in rows])


def _pressed(button: Button) -> InlineKeyboardButton:
    return InlineKeyboardButton(button.label, callback_data=button.data)
