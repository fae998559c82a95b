"""What people write in Telegram, and what they get: questions, /help, /sources, buttons."""

from __future__ import annotations

from telegram import CallbackQuery, Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.addressing import is_addressed, place_of, question_in, unknown_command
from bot.conversation import Conversation
from bot.explaining import Explanations
from bot.outbox import Outbox, Target
from bot.pointers import read_link, read_passage_data, read_sources_data, read_step_data
from bot.replies import Reply, sentence


class Chatting:
    """The handlers for everybody."""

    def __init__(
        self,
        conversation: Conversation,
        access: Access,
        outbox: Outbox,
        explanations: Explanations,
    ) -> None:
        self._conversation, self._access, self._outbox = conversation, access, outbox
        self._explanations = explanations

    async def start(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        if await self._let_in(message):
            holdings = await self._conversation.holdings()
            await self._say(message, f"{words.START}\n\n{holdings}\n\n{words.HELP_TELEGRAM}")

    async def follow(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start with the parameter of a link: opens the quote that it was made for."""
        message = _message(update)
        if await self._let_in(message):
            link = read_link(context.args[0] if context.args else "")
            opening = self._conversation.opening
            opened = await opening.follow(link) if link else sentence(words.BROKEN_LINK)
            await self._outbox.send(target_of(message), opened)

    async def help(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        if await self._let_in(message):
            parts = [words.HELP, await self._conversation.holdings(), words.HELP_TELEGRAM]
            if _sender(message) in self._access.admins:
                parts.append(words.HELP_ADMIN)
            await self._say(message, "\n\n".join(parts))

    async def question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Text, a mention, a reply to the bot or /ask, new or edited."""
        message = _message(update)
        if not await self._let_in(message) or not await self._in_time(message):
            return
        asked = question_in(message, context.bot.bot)
        if not asked:
            private = message.chat.type == ChatType.PRIVATE
            await self._say(message, words.ASK_SOMETHING_HERE if private else words.ASK_SOMETHING)
            return
        target = target_of(message)
        async with self._outbox.typing(target):
            reply = await self._conversation.ask(place_of(message), asked)
        sent = await self._outbox.send(target, reply)
        if reply.trace:
            self._explanations.keep(message.chat.id, sent, reply.trace)

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        if await self._let_in(message):
            page = context.args[0] if context.args else ""
            number = int(page) if page.isdecimal() and len(page) < 7 else 1
            await self._outbox.send(
                target_of(message), await self._conversation.sources(number - 1)
            )

    async def not_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A sticker, a voice message, a photo, …"""
        message = _message(update)
        if await self._let_in(message):
            await self._say(message, words.TEXT_ONLY)

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that does not exist, for this person."""
        message = _message(update)
        if not self._is_for_us(message, context.bot.bot) or not await self._let_in(message):
            return
        known = ["start", *words.COMMANDS]
        if _sender(message) in self._access.admins:
            known += words.ADMIN_COMMANDS
        await self._say(message, unknown_command(message.text or "/", known))

    async def open(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The button of a citation: opens the passage below the answer it belongs to."""
        query, data = _query(update)
        spot = read_passage_data(data)
        if await self._may_press(query, understood=spot is not None) and spot:
            await self._outbox.send(_below(query), await self._conversation.opening.open(spot))

    async def walk(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """‹ and › below a passage: shows the passage before or after it in its place."""
        query, data = _query(update)
        step = read_step_data(data)
        if await self._may_press(query, understood=step is not None) and step:
            await self._show_instead(query, await self._conversation.opening.walk(step))

    async def turn(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button under the list of documents: shows another page in its place."""
        query, data = _query(update)
        page = read_sources_data(data)
        if await self._may_press(query, understood=page is not None) and page is not None:
            await self._show_instead(query, await self._conversation.sources(page))

    async def old_button(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any other button: one of another version of this bot."""
        query, _data = _query(update)
        await _answer(query, words.OLD_BUTTON)

    async def _let_in(self, message: Message) -> bool:
        """Whether this person may ask; says so when not, in private."""
        if self._access.may_ask(_sender(message), message.chat.id):
            return True
        if message.chat.type == ChatType.PRIVATE:
            await self._say(message, words.NOT_ALLOWED.format(person=_sender(message)))
        return False

    async def _may_press(self, query: CallbackQuery, *, understood: bool) -> bool:
        """Whether a button is to be followed; ends its waiting sign, with a word when it is not."""
        chat = query.message.chat.id if query.message else None
        if understood and chat and self._access.may_ask(query.from_user.id, chat):
            await _answer(query)
            return True
        await _answer(query, words.OLD_BUTTON)
        return False

    async def _show_instead(self, query: CallbackQuery, reply: Reply) -> None:
        if query.message:
            await self._outbox.edit(query.message.chat.id, query.message.message_id, reply)

    async def _in_time(self, message: Message) -> bool:
        """Whether this person has asked few enough; says once a minute that it was too often."""
        verdict = self._access.hear(place_of(message).person)
        if verdict.sentence_due:
            limit, wait = self._access.per_minute, words.spoken_duration(verdict.seconds)
            await self._say(message, words.TOO_MANY.format(limit=limit, seconds=wait))
        return verdict.welcome

    @staticmethod
    def _is_for_us(message: Message, bot: User) -> bool:
        """Commands to other bots, and bare unknown ones in groups, are none of our business."""
        command = (message.text or "").split(maxsplit=1)[0]
        name = command.partition("@")[2]
        if name:
            return name.lower() == (bot.username or "").lower()
        return is_addressed(message, bot)

    async def _say(self, message: Message, text: str) -> None:
        await self._outbox.send(target_of(message), sentence(text))


def target_of(message: Message) -> Target:
    """Where the reply to a message goes: the same topic; in groups it is tied to the message."""
    topic = message.message_thread_id if message.is_topic_message else None
    private = message.chat.type == ChatType.PRIVATE
    edited = message.edit_date is not None
    id = message.message_id
    return Target(
        message.chat.id, topic, id if edited or not private else None, None if edited else id
    )


def _below(query: CallbackQuery) -> Target:
    message = query.message
    if isinstance(message, Message):
        topic = message.message_thread_id if message.is_topic_message else None
        return Target(message.chat.id, topic, message.message_id)
    if message is None:
        raise ValueError("the button of an inline message has no chat")
    return Target(message.chat.id, None, message.message_id)


def _message(update: Update) -> Message:
    message = update.effective_message
    if message is None:
        raise ValueError("a handler of messages was given an update without one")
    return message


def _query(update: Update) -> tuple[CallbackQuery, str]:
    query = update.callback_query
    if query is None:
        raise ValueError("a handler of buttons was given an update without one")
    return query, query.data or ""


def _sender(message: Message) -> int | None:
    return message.from_user.id if message.from_user else None


async def _answer(query: CallbackQuery, text: str | None = None) -> None:
    """Ends the button's waiting sign; after a quarter of an hour Telegram takes no answer."""
    try:
        await query.answer(text)
    except TelegramError:
        return
