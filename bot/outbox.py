"""Sending a reply so that it arrives once, whatever happens on the way.

A send whose outcome is unknown is never repeated. Whether it arrived can be found out where the
message would stand right after the one it answers: an edit of a message that is not there, or not
ours, is refused, and an edit that changes nothing is refused in other words. An edit of another
message of ours would destroy it: `bot.arrivals` says where none can stand.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakValueDictionary

from telegram import (
    Bot,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import MessageLimit
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import words
from bot.arrivals import Arrivals
from bot.capabilities import Capabilities, Feature
from bot.pages import Page, keyboard, pages, utf16
from bot.replies import Enclosure, Reply, sentence
from bot.rich import rich_html
from bot.threads import aside
from bot.throttle import came_to_nothing

LOOKS = 3
"""So often a place is looked at while Telegram does not say what stands there."""
LONGEST_CAPTION = int(MessageLimit.CAPTION_LENGTH)
FILE_TIMEOUT = 120.0
"""Seconds for a file to go up, and to be taken."""
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a reply goes: a chat, its topic, and the message it answers."""

    chat: int
    topic: int | None = None
    answers: int | None = None
    after: int | None = None
    """The newest message of the chat when the reply was begun; None when that is not known."""
    since: float = 0.0
    """When that one was written, in seconds."""


class Outbox:
    """Sends replies. When a send fails, one sentence says so; nothing is sent twice."""

    def __init__(self, bot: Bot, capabilities: Capabilities | None = None) -> None:
        self._bot, self._newer = bot, capabilities or Capabilities(bot)
        self._arrivals = Arrivals()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def send(self, target: Target, reply: Reply) -> list[int]:
        """All pages of a reply; or a sentence that it failed, which is tried a little longer.

        Returns the ids of the messages that the pages became.
        """
        sent: list[int] = []
        try:
            if rich := await self._send_rich(target, reply):
                return [rich]
            made = self._pages(reply)
            caption = _caption(made) if reply.enclosed else None
            for page in made[:-1] if caption else made:
                target = await self._deliver(target, page)
                sent += [target.after] if target.after else []
            if reply.enclosed:
                sent.append(await self._enclose(target, reply.enclosed, caption or Page("")))
        except Forbidden as error:
            log.info("chat %s does not take messages: %s", target.chat, error.message)
        except (NetworkError, RetryAfter) as error:
            log.warning("sending to chat %s failed: %s", target.chat, error)
            await self._apologise(target)
        return sent

    async def send_first(self, target: Target, reply: Reply) -> Message:
        """A reply of one page, to be edited later; raises what sending raises."""
        return await self.send_page(target, self._pages(reply)[0])

    async def send_page(self, target: Target, page: Page) -> Message:
        """A page as it is; raises what sending raises."""
        async with self._turn(target.chat):
            message = await self._send_page(target, page)
            self._arrivals.note(message.chat.id, message.message_id)
        return message

    async def edit(
        self, chat: int, message: int, reply: Reply, *, may_be_lost: bool = False
    ) -> bool:
        """Writes the first page of `reply`, and its buttons, over a message.

        Returns whether it surely stands there now.

        One that `may_be_lost`, since another follows, is not tried again after a flood limit.
        """
        tries = 1 if may_be_lost else None
        page = replace(self._pages(reply)[0], buttons=reply.buttons)
        return bool(await self._stands(chat, message, page, tries))

    async def whisper(self, target: Target, person: int, reply: Reply) -> None:
        """What concerns one person alone, in a group shown to that person alone where it can be."""
        parameters: dict[str, object] = {
            "chat_id": target.chat,
            "text": self._pages(reply)[0].text,
            "message_thread_id": target.topic,
            "ephemeral_message_parameters": {"receiver_user_id": person},
        }
        if target.chat < 0:
            with suppress(NetworkError):
                if await self._newer.send(Feature.EPHEMERAL, "sendMessage", parameters):
                    return
        await self.send(target, reply)

    async def _send_rich(self, target: Target, reply: Reply) -> int | None:
        """The id of the rich message; None where that is off or refused, or does not fit."""
        bot = self._bot.username if self._newer.has(Feature.RICH) else ""
        html = rich_html(reply, bot) if bot else None
        if html is None:
            return None
        parameters: dict[str, object] = {
            "chat_id": target.chat,
            "rich_message": {"html": html},
            "message_thread_id": target.topic,
            "reply_markup": keyboard(reply.buttons, bot),
            "reply_parameters": _answering(target),
        }
        async with self._turn(target.chat):
            sent = await self._newer.send(Feature.RICH, "sendRichMessage", parameters)
            if sent:
                self._arrivals.note(target.chat, sent.message_id)
        return sent.message_id if sent else None

    @asynccontextmanager
    async def _turn(self, chat: int) -> AsyncIterator[None]:
        """Around a message to a chat: one after the other, and none that is forgotten.

        What may have arrived is looked for among the messages that are not known, and must not be
        taken for one that is just being sent, or that was given up and may have arrived, too.
        """
        async with self._turns.setdefault(chat, asyncio.Lock()):
            try:
                yield
            except BaseException as error:  # also when whoever waits for it is cancelled
                if not came_to_nothing(error):
                    self._arrivals.doubt(chat)
                raise

    async def _deliver(self, target: Target, page: Page) -> Target:
        """Sends a page and says where the next one goes; raises when it may not have arrived."""
        async with self._turn(target.chat):
            try:
                id = (await self._send_page(target, page)).message_id
            except NetworkError as error:
                found = None if came_to_nothing(error) else await self._arrived(target, page)
                if found is None:
                    raise
                log.info("a message to chat %s had arrived after all: %s", target.chat, error)
                id = found
            return replace(target, after=id, since=self._arrivals.note(target.chat, id))

    async def _arrived(self, target: Target, page: Page) -> int | None:
        """The id under which a page arrived although nobody said so; None when it is not found."""
        if target.after is None:
            return None
        for id in self._arrivals.places(target.chat, target.after, target.since):
            stands = await self._stands(target.chat, id, page, LOOKS)
            if stands is None:
                return None
            if stands:
                return id
        return None

    async def _stands(self, chat: int, id: int, page: Page, tries: int | None) -> bool | None:
        """Writes a page over a message; whether it stands there now, None when nobody says so."""
        for _ in range(tries or 1):
            try:
                await self._edit(chat, id, page, tries)
            except BadRequest as error:
                return "not modified" in error.message.lower()
            except NetworkError as error:
                log.debug("editing in chat %s failed: %s", chat, error)
            except TelegramError as error:
                log.debug("editing in chat %s is refused: %s", chat, error)
                return None
            else:
                return True
        return None

    async def _edit(self, chat: int, message: int, page: Page, tries: int | None) -> None:
        await self._bot.edit_message_text(
            page.text,
            chat_id=chat,
            message_id=message,
            entities=page.entities,
            reply_markup=keyboard(page.buttons, self._bot.username),
            link_preview_options=NO_PREVIEW,
            rate_limit_args=tries,  # type: ignore[call-arg]
        )

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
            reply_markup=keyboard(page.buttons, self._bot.username),
            link_preview_options=NO_PREVIEW,
            reply_parameters=_answering(target),
        )

    async def _enclose(self, target: Target, enclosed: Enclosure, caption: Page) -> int:
        """Sends a file with what it says below it; the id of the message."""
        content = enclosed.content
        if isinstance(content, Path):
            content = await aside(content.read_bytes)
        send = self._bot.send_photo if enclosed.picture else self._bot.send_document
        async with self._turn(target.chat):
            message = await send(
                target.chat,
                InputFile(content, enclosed.name),
                caption=caption.text or None,
                caption_entities=caption.entities,
                message_thread_id=target.topic,
                reply_markup=keyboard(caption.buttons, self._bot.username),
                reply_parameters=_answering(target),
                read_timeout=FILE_TIMEOUT,
                write_timeout=FILE_TIMEOUT,
            )
            self._arrivals.note(target.chat, message.message_id)
        return message.message_id

    def _pages(self, reply: Reply) -> list[Page]:
        return pages(reply, self._bot.username)

    async def _apologise(self, target: Target) -> None:
        """One sentence. It may be tried again after a refusal: two of it would do no harm."""
        for pause in (1.0, 5.0, 15.0, 30.0, None):
            try:
                await self._deliver(target, pages(sentence(words.CONNECTION))[0])
            except (NetworkError, RetryAfter) as error:
                log.warning("apologising to chat %s failed: %s", target.chat, error)
                if pause is None or isinstance(error, BadRequest | RetryAfter):
                    return
                await asyncio.sleep(pause)
            else:
                return


def _caption(made: Sequence[Page]) -> Page | None:
    """The last page, if it is short enough to stand below a file."""
    return made[-1] if utf16(made[-1].text) <= LONGEST_CAPTION else None


def _answering(target: Target) -> ReplyParameters | None:
    if target.answers is None:
        return None
    return ReplyParameters(target.answers, allow_sending_without_reply=True)
