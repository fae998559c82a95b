"""Files and links that people send: read for them alone, in a group for the group."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import replace

from telegram import Document, Message, MessageEntity, Update
from telegram.constants import ChatMemberStatus, ChatType, FileSizeLimit
from telegram.error import BadRequest, TelegramError
from telegram.ext import ContextTypes
from telegram.ext.filters import MessageFilter

from bot import words
from bot.access import Access
from bot.acting import Admin, noted
from bot.addressing import command_in, is_addressed, place_of, question_in, sender_of
from bot.albums import Albums
from bot.chatting import Chatting, target_of
from bot.inbox import incidentally
from bot.memory import Memory
from bot.outbox import Outbox, Target
from bot.own import Own, Sender, key_of, which
from bot.pressing import end_waiting, query_of
from bot.records.audit import Audit
from bot.replies import Reply, one_line, sentence, shortened
from bot.signs import Signs
from index.errors import QuothError

LARGEST = int(FileSizeLimit.FILESIZE_DOWNLOAD)
"""Bytes: Telegram gives no larger file to a bot."""
READ_AT_ONCE = 2
PATIENCE = 2.0
"""Seconds after which it is said that a file is being read."""
DOWNLOAD_TIMEOUT = 120.0
ASKS = ("?", "؟", "？")
"""How a caption ends that is a question about the file."""
CAPTIONED = ("add", "ask")
"""Commands that say in the caption of a file that it is for the bot."""

Work = Callable[[], Awaitable[Reply]]
Handler = Callable[[Update, ContextTypes.DEFAULT_TYPE], Awaitable[None]]


class JustLink(MessageFilter):
    """Messages to the bot that are a link and nothing else: with a word beside it, one asks."""

    def filter(self, message: Message) -> bool:
        bot = message.get_bot().bot
        return (
            is_addressed(message, bot) and link_in(message, question_in(message, bot)) is not None
        )


class CallToFile(MessageFilter):
    """Messages to the bot without a word of their own, in reply to a file."""

    def filter(self, message: Message) -> bool:
        bot, replied = message.get_bot().bot, message.reply_to_message
        called = is_addressed(message, bot) and not question_in(message, bot)
        return called and replied is not None and replied.document is not None


class Contributions:
    """The handlers. `forget_shared` is /forget for admins."""

    def __init__(
        self,
        own: Own,
        chatting: Chatting,
        access: Access,
        outbox: Outbox,
        signs: Signs,
        memory: Memory,
        audit: Audit,
        *,
        forget_shared: Handler,
        every_file: bool = False,
    ) -> None:
        self._own, self._chatting, self._access = own, chatting, access
        self._outbox, self._signs, self._memory, self._audit = outbox, signs, memory, audit
        self._forget_shared = forget_shared
        self._every_file = every_file
        self._reading = asyncio.Semaphore(READ_AT_ONCE)
        self._albums = Albums()

    async def file(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A file to the bot, in groups with its album; there any file, where that is set."""
        message = update.effective_message
        if message is None or message.document is None:
            return
        bot = context.bot.bot
        command, question = command_in(message, bot.username or ""), question_in(message, bot)
        called = command in CAPTIONED or is_addressed(message, bot)
        if not (self._every_file or called):
            self._albums.keep(message)
            return
        await self._add_files(message, message)
        if question.endswith(ASKS) or (question and command == "ask"):
            await self._chatting.question(update, context)

    async def link(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A message that is just a link."""
        message = update.effective_message
        link = link_in(message, question_in(message, context.bot.bot)) if message else None
        if message and link:
            await self._add_link(message, link)

    async def add(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/add and a link, or in reply to a file or a link; a mention alone in reply to a file."""
        message = update.effective_message
        if message is None:
            return
        replied = message.reply_to_message
        given = link_in(message, question_in(message, context.bot.bot))
        if given is None and replied and replied.document:
            await self._add_files(message, replied)
            return
        link = given or (link_in(replied, replied.text or "") if replied else None)
        if link:
            await self._add_link(message, link)
        else:
            said = words.ADD_WHAT if self._own.quota.files else words.ADDING_OFF
            await self._outbox.send(target_of(message), sentence(said))

    async def mine(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What was added in this chat."""
        message = update.effective_message
        if message:
            admin = self._access.is_admin(sender_of(update))
            listed = await self._own.listed(message.chat.id, admin=admin)
            await self._outbox.send(target_of(message), listed)

    async def forget(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/forget and a name: of what was added here; for admins also of what all share."""
        message = update.effective_message
        if message is None:
            return
        target, chat = target_of(message), message.chat.id
        _command, *named = (message.text or "").split(maxsplit=1)
        try:
            found = await self._own.found(chat, named[0]) if named else []
        except QuothError as error:
            await self._outbox.send(target, sentence(str(error)))
            return
        if found:
            one = await self._own.ask_to_forget(chat, key_of(found[0])) if found[1:] == [] else None
            await self._outbox.send(target, one or which(found))
        elif self._access.is_admin(sender_of(update)):
            await self._forget_shared(update, context)
        else:
            said = words.FORGET_NONE_OWN if named else words.FORGET_WHICH_OWN
            await self._outbox.send(target, sentence(said))

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any button of these. Whether it may be pressed is asked now: roles change."""
        query, data = query_of(update)
        message, person = query.message, query.from_user.id
        _own, what, *rest = data.split(":")
        key = "".join(rest)
        if not isinstance(message, Message):
            await end_waiting(query, words.OLD_BUTTON)
        elif not await self._may(person, message, what, key):
            await end_waiting(query, words.NOT_YOURS_TO_FORGET)
        else:
            await end_waiting(query)
            reply = await self._done(person, message.chat.id, what, key)
            await self._outbox.edit(message.chat.id, message.message_id, reply)

    async def _done(self, person: int, chat: int, what: str, key: str) -> Reply:
        match what:
            case "page":
                admin = self._access.is_admin(person)
                return await self._own.listed(chat, int(key), admin=admin)
            case "forget":
                return await self._own.ask_to_forget(chat, key)
            case "forgotten":
                reply = await self._own.forget(chat, key)
                self._memory.forget_chat(chat)  # after: also what was answered from it meanwhile
                return reply
            case "publish":
                return await self._own.ask_to_publish(chat, key)
            case "published":
                reply, name = await self._own.publish(chat, key)
                if name:
                    await noted(self._audit, Admin(id=person), "publish", name)
                return reply
        return sentence(words.LEFT)

    async def _may(self, person: int, message: Message, what: str, key: str) -> bool:
        """Whether somebody may do that to what was added in a chat.

        Publishing is for admins of the bot. In a group, forgetting is for those, for the admins of
        the group, and for who sent it.
        """
        if self._access.is_admin(person) or what in ("page", "leave"):
            return True
        if what.startswith("publish"):
            return False
        if message.chat.type == ChatType.PRIVATE:
            return True
        if await self._own.is_of(person, message.chat.id, key):
            return True
        try:
            status = (await message.chat.get_member(person)).status
        except TelegramError:
            return False
        return status in (ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR)

    async def _add_files(self, message: Message, holder: Message) -> None:
        """The file that a message holds; in groups its album, whose others are not for the bot."""
        alone = self._every_file or message.chat.type == ChatType.PRIVATE
        files = [holder] if alone else await self._albums.whole(holder)
        for each in files:
            if each.document:
                await self._add_file(message, each.document, whole=len(files) == 1)

    async def _add_file(self, message: Message, document: Document, *, whole: bool) -> None:
        name = document.file_name or words.UNNAMED
        size = document.file_size or 0
        target = target_of(message)
        if not await self._welcome(message):
            return
        if size > LARGEST:
            most, own = words.spoken_size(LARGEST), words.spoken_size(size)
            shown = shortened(one_line(name), 120)
            said = words.FILE_TOO_LARGE.format(name=shown, size=own, most=most)
            await self._outbox.send(target, sentence(said))
            return
        sender = self._sender(message)

        async def work() -> Reply:
            try:
                content = await _downloaded(document)
            except BadRequest as error:
                return sentence(words.FILE_GONE.format(name=one_line(name), reason=error.message))
            except TelegramError:
                return sentence(words.DOWNLOAD_FAILED.format(name=one_line(name)))
            return await self._own.add(message.chat.id, name, content, sender)

        await self._show(target, name, work, whole=whole)

    async def _add_link(self, message: Message, link: str) -> None:
        if not await self._welcome(message):
            return
        sender = self._sender(message)
        await self._show(
            target_of(message), link, lambda: self._own.add_link(message.chat.id, link, sender)
        )

    def _sender(self, message: Message) -> Sender:
        place = place_of(message)
        admin, fate = self._access.is_admin(place.person), self._memory.begin(place)
        return Sender(place.person, fate, admin=admin)

    async def _welcome(self, message: Message) -> bool:
        """Whether this person may add something now; says why not."""
        if not self._own.quota.files:
            await self._outbox.send(target_of(message), sentence(words.ADDING_OFF))
            return False
        return await self._chatting.in_time(message)

    async def _show(self, target: Target, name: str, work: Work, *, whole: bool = True) -> None:
        """Reads, and says what came of it; after a while, that it is being read.

        That is no answer where this is the `whole` of what was sent. Of an album the next start
        knows one file alone: it had better say that it was stopped.
        """
        async with self._signs.looking(target), self._signs.typing(target):
            doing = asyncio.ensure_future(self._in_turn(work))
            await asyncio.wait([doing], timeout=PATIENCE)
            shown = None if doing.done() else await self._say_reading(target, name, whole)
            reply = await doing
        self._memory.forget_chat(target.chat)
        if shown is None or not await self._outbox.edit(target.chat, shown, reply):
            await self._outbox.send(replace(target, after=None) if shown else target, reply)

    async def _in_turn(self, work: Work) -> Reply:
        async with self._reading:
            return await work()

    async def _say_reading(self, target: Target, name: str, whole: bool) -> int | None:
        """The message that says so; None when it could not be sent."""
        said = words.READING_FILE.format(name=shortened(one_line(name), 120))
        try:
            with incidentally() if whole else nullcontext():
                return (await self._outbox.send_first(target, sentence(said))).message_id
        except TelegramError:
            return None


def link_in(message: Message, text: str) -> str | None:
    """The link that the text is, with nothing beside it; None when it is something else."""
    if re.fullmatch(r"https?://\S+", text, re.IGNORECASE):
        return text
    marked = message.parse_entities([MessageEntity.URL]).values()
    return f"https://{text}" if text and text in marked and "." in text else None


async def _downloaded(document: Document) -> bytes:
    file = await document.get_file(read_timeout=DOWNLOAD_TIMEOUT)
    return bytes(await file.download_as_bytearray(read_timeout=DOWNLOAD_TIMEOUT))
