"""The buttons below answers, passages and lists: what each opens, and where."""

from __future__ import annotations

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.conversation import Conversation
from bot.membership import Membership
from bot.outbox import Outbox, Target
from bot.pointers import (
    read_more_data,
    read_passage_data,
    read_sources_data,
    read_step_data,
)
from bot.replies import Reply
from bot.scopes import group_of, scopes_of


class Pressing:
    """The handlers of buttons. Each button says by itself what it opens."""

    def __init__(
        self,
        conversation: Conversation,
        access: Access,
        outbox: Outbox,
        membership: Membership,
    ) -> None:
        self._conversation, self._access, self._outbox = conversation, access, outbox
        self._membership = membership

    async def open(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The button of a citation: opens the passage below the answer it belongs to."""
        query, data = query_of(update)
        spot = read_passage_data(data)
        if await self._may_press(query, understood=spot is not None) and spot:
            target = below(query)
            opening, chat = self._conversation.opening, target.chat
            opened = await opening.open(spot, scopes_of(chat), group_of(chat))
            await self._outbox.send(target, opened)

    async def walk(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """‹ and › below a passage: shows the passage before or after it in its place."""
        query, data = query_of(update)
        step = read_step_data(data)
        if await self._may_press(query, understood=step is not None) and step:
            person, chat = query.from_user.id, below(query).chat
            scopes = await self._membership.scopes(person, chat, step.group)
            await self._show_instead(query, await self._conversation.opening.walk(step, scopes))

    async def turn(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button under the list of documents: shows another page in its place."""
        query, data = query_of(update)
        page = read_sources_data(data)
        if await self._may_press(query, understood=page is not None) and page is not None:
            chat = below(query).chat
            await self._show_instead(query, await self._conversation.sources(chat, page))

    async def more(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What comes next to the quotes of an answer, below it."""
        query, data = query_of(update)
        more = read_more_data(data)
        if await self._may_press(query, understood=more is not None) and more and query.message:
            chat, message = query.message.chat.id, more.message or query.message.message_id
            exchange = await self._conversation.more(chat, message, more.skip)
            sent = await self._outbox.send(below(query), exchange.reply)
            self._conversation.memory.keep_as(chat, message, sent, exchange)

    async def old_button(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Any other button: one of another version of this bot."""
        query, _data = query_of(update)
        await end_waiting(query, words.OLD_BUTTON)

    async def _may_press(self, query: CallbackQuery, *, understood: bool) -> bool:
        """Whether a button is to be followed; ends its waiting sign, with a word when it is not."""
        chat = query.message.chat.id if query.message else None
        if understood and chat and self._access.may_ask(query.from_user.id, chat):
            await end_waiting(query)
            return True
        await end_waiting(query, words.OLD_BUTTON)
        return False

    async def _show_instead(self, query: CallbackQuery, reply: Reply) -> None:
        if query.message:
            await self._outbox.edit(query.message.chat.id, query.message.message_id, reply)


def below(query: CallbackQuery) -> Target:
    """Where what a button brings goes: below its message."""
    message = query.message
    if isinstance(message, Message):
        topic = message.message_thread_id if message.is_topic_message else None
        return Target(message.chat.id, topic, message.message_id)
    if message is None:
        raise ValueError("the button of an inline message has no chat")
    return Target(message.chat.id, None, message.message_id)


def query_of(update: Update) -> tuple[CallbackQuery, str]:
    """The query of a button, and its data."""
    query = update.callback_query
    if query is None:
        raise ValueError("a handler of buttons was given an update without one")
    return query, query.data or ""


async def end_waiting(query: CallbackQuery, text: str | None = None) -> None:
    """Ends the button's waiting sign; after a quarter of an hour Telegram takes no answer."""
    try:
        await query.answer(text)
    except TelegramError:
        return
