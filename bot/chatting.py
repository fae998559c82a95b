"""What people write in Telegram, and what they get: questions, /help, /sources, links."""

from __future__ import annotations

from functools import partial

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.addressing import asked_in, command_in, is_addressed, place_of, unknown_command
from bot.conversation import Conversation
from bot.explaining import Explanations
from bot.inbox import incidentally
from bot.limits import Limits, Verdict
from bot.line import Line
from bot.membership import Membership
from bot.offers import Offers
from bot.outbox import Outbox, Target
from bot.pointers import read_link
from bot.replies import sentence
from bot.signs import Signs
from bot.voting import Voting


class Chatting:
    """The handlers for everybody whom the doorkeeper lets through."""

    def __init__(
        self,
        conversation: Conversation,
        access: Access,
        limits: Limits,
        outbox: Outbox,
        explanations: Explanations,
        voting: Voting,
        signs: Signs,
        line: Line,
        membership: Membership,
        offers: Offers,
    ) -> None:
        self._conversation, self._access, self._outbox = conversation, access, outbox
        self._membership, self._offers = membership, offers
        self._limits, self._explanations = limits, explanations
        self._voting, self._signs, self._line = voting, signs, line
        self._told_anonymous: set[int] = set()

    async def start(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        holdings = await self._conversation.holdings(message.chat.id)
        await self._say(message, f"{words.START}\n\n{holdings}\n\n{self._offers.usage()}")

    async def follow(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """/start with the parameter of a link: opens the quote that it was made for."""
        message = _message(update)
        link = read_link(context.args[0] if context.args else "")
        if link and link.group and not await self.in_time(message):  # Telegram is asked for it
            return
        opening = self._conversation.opening
        person, chat = place_of(message).person, message.chat.id
        scopes = await self._membership.scopes(person, chat, link.group if link else None)
        opened = await opening.follow(link, scopes) if link else sentence(words.BROKEN_LINK)
        await self._outbox.send(target_of(message), opened)

    async def help(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        me = context.bot.bot
        inline = me.username if me.supports_inline_queries else None
        holdings = await self._conversation.holdings(message.chat.id)
        admin = self._access.is_admin(_sender(message))
        await self._say(message, self._offers.help(holdings, inline, admin=admin))

    async def question(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Text, a mention, a reply to the bot or /ask, new or edited."""
        message = _message(update)
        if not await self.in_time(message):
            return
        asked = asked_in(message, context.bot.bot)
        if not asked:
            private = message.chat.type == ChatType.PRIVATE
            await self._say(message, words.ASK_SOMETHING_HERE if private else words.ASK_SOMETHING)
            return
        target, place = target_of(message), place_of(message)
        fate = self._conversation.memory.begin(place)
        async with self._signs.looking(target):
            in_line = self._line.turn(partial(self._tell_place, target))
            signs = self._signs
            async with signs.typing(target), in_line, signs.drafting(target) as draft:
                exchange = await self._conversation.ask(
                    place, asked, _replied_to(message), draft.show, fate
                )
            sent = await self._outbox.send(target, exchange.reply)
        self._conversation.memory.keep(place, sent, exchange)
        if exchange.reply.trace and not fate.outdated:
            self._explanations.keep(message.chat.id, sent, exchange.reply.trace)
        await self._voting.note(place, exchange, sent)

    async def _tell_place(self, target: Target, place: int) -> None:
        with incidentally():
            await self._outbox.send(target, sentence(words.BUSY.format(place=place)))

    async def new(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forgets what this person was told in this chat or topic."""
        message = _message(update)
        self._conversation.memory.forget(place_of(message))
        await self._say(message, words.FORGOTTEN)

    async def sources(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = _message(update)
        page = context.args[0] if context.args else ""
        number = int(page) if page.isdecimal() and len(page) < 7 else 1
        listed = await self._conversation.sources(message.chat.id, number - 1)
        await self._outbox.send(target_of(message), listed)

    async def not_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A sticker, a voice message, a photo, …"""
        message = _message(update)
        await self._say(message, self._offers.what_is_read())

    async def unknown(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """A command that does not exist, for this person."""
        message = _message(update)
        if self._is_anonymous_command(message):
            await self._outbox.send(target_of(message), sentence(words.ANONYMOUS))
            return
        if not self._is_for_us(message, context.bot.bot):
            return
        offered = self._offers.commands(admin=self._access.is_admin(_sender(message)))
        await self._say(message, unknown_command(message.text or "/", ["start", *offered]))

    async def in_time(self, message: Message) -> bool:
        """Whether this person has asked few enough; says when to come back, once a minute."""
        exempt = self._access.is_admin(_sender(message))
        verdict = await self._limits.admit(place_of(message).person, all_day=exempt)
        if verdict.sentence_due:
            await self._say(message, too_many(verdict, self._limits))
        return verdict.welcome

    def _is_anonymous_command(self, message: Message) -> bool:
        """Whether an anonymous admin of a group wants to administer, told once if not to us alone.

        What they write bears the name of the group.
        """
        sender, chat = message.sender_chat, message.chat.id
        command = command_in(message, message.get_bot().username)
        if sender is None or sender.id != chat or command not in words.ADMIN_COMMANDS:
            return False
        before, ours = chat in self._told_anonymous, "@" in (message.text or "").split()[0]
        self._told_anonymous.add(chat)
        return ours or not before

    @staticmethod
    def _is_for_us(message: Message, bot: User) -> bool:
        """Commands to other bots, and bare unknown ones in groups, are none of our business."""
        command = (message.text or "").split(maxsplit=1)[0]
        name = command.partition("@")[2]
        if name:
            return name.lower() == (bot.username or "").lower()
        return is_addressed(message, bot)

    async def _say(self, message: Message, text: str) -> None:
        target, said = target_of(message), sentence(text)
        if message.from_user:
            await self._outbox.whisper(target, message.from_user.id, said)
        else:
            await self._outbox.send(target, said)


def target_of(message: Message) -> Target:
    """Where the reply to a message goes: the same topic; in groups it is tied to the message."""
    topic = message.message_thread_id if message.is_topic_message else None
    private = message.chat.type == ChatType.PRIVATE
    edited = message.edit_date is not None
    id = message.message_id
    answers = id if edited or not private else None
    after = None if edited else id
    return Target(message.chat.id, topic, answers, after, message.date.timestamp())


def too_many(verdict: Verdict, limits: Limits) -> str:
    """The sentence for who asked too often."""
    wait = words.spoken_duration(verdict.seconds)
    if verdict.whole_day:
        return words.TOO_MANY_TODAY.format(limit=limits.per_day, wait=wait)
    return words.TOO_MANY.format(limit=limits.per_minute, seconds=wait)


def _message(update: Update) -> Message:
    message = update.effective_message
    if message is None:
        raise ValueError("a handler of messages was given an update without one")
    return message


def _replied_to(message: Message) -> int | None:
    """The message that this one is a reply to. What opened a topic is no such message."""
    replied = message.reply_to_message
    return replied.message_id if replied and not replied.forum_topic_created else None


def _sender(message: Message) -> int | None:
    sender = message.sender_chat or message.from_user
    return sender.id if sender else None
