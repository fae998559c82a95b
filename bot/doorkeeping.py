"""What is looked at before every other handler: who writes, and whether they may."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import partial

from telegram import Chat, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import words
from bot.access import Access, Mode
from bot.addressing import is_addressed, sender_of
from bot.admission import Admission
from bot.chatting import target_of
from bot.limits import REMEMBERED, Limits
from bot.menus import Menus
from bot.outbox import Outbox, Target
from bot.own import Own
from bot.pressing import end_waiting
from bot.records.people import HEARD_AGAIN, People
from bot.replies import one_line, sentence
from bot.threads import aside
from index.errors import QuothError

AWAY = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)

log = logging.getLogger(__name__)


class Doorkeeper:
    """Stops every update of whoever may not ask. The blocked, and what no person wrote, get no
    reply; strangers get a sentence or a code, in private."""

    def __init__(
        self,
        access: Access,
        limits: Limits,
        outbox: Outbox,
        admission: Admission,
        menus: Menus,
        people: People,
        own: Own,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._access, self._limits, self._outbox = access, limits, outbox
        self._admission, self._menus = admission, menus
        self._people, self._own, self._clock = people, own, clock
        self._heard: OrderedDict[int, tuple[str, str | None, str | None, bool, int]] = OrderedDict()

    async def look(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop unless the sender may ask."""
        await self._follow(update.message)
        sender, chat = sender_of(update), update.effective_chat
        place = chat.id if chat else None
        if sender is None or _nobody_wrote(update):
            raise ApplicationHandlerStop
        if self._access.is_blocked(sender, place) and not self._access.is_admin(sender):
            raise ApplicationHandlerStop
        if update.my_chat_member:  # asks for nothing
            return
        await self._hear(update, context.bot.bot)
        if not self._access.may_ask(sender, place):
            await self._turn_away(update)
            raise ApplicationHandlerStop
        await self._menus.catch_up(sender)

    def unheard(self, who: int) -> None:
        """Of this person or group nothing is noted any more: the next word of theirs is new."""
        self._heard.pop(who, None)

    async def membership(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot came into a chat or left it, or a person blocked it or lets it write again."""
        changed = update.my_chat_member
        if changed is None:
            return
        if changed.new_chat_member.status in AWAY:
            await aside(self._people.lose, changed.chat.id)
            self.unheard(changed.chat.id)
        elif changed.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
            await self._note(changed.chat, changed.chat.title or "", reachable=True)
            if changed.old_chat_member.status in AWAY:
                await self._welcome(changed.chat, changed.from_user)

    async def _welcome(self, group: Chat, by: User) -> None:
        """Tells an admin who brings the bot into a group how its members are let in."""
        if self._access.is_admin(by.id) and not self._access.may_ask(None, group.id):
            said = words.GROUP_NOT_LET_IN.format(group=one_line(group.title or str(group.id)))
            await self._outbox.send(Target(by.id), sentence(said))

    async def _follow(self, message: Message | None) -> None:
        """A group that becomes a supergroup says so in both, as it has another id then. Its role
        and its documents go with it, whoever made it one and however long ago that was."""
        if message and message.migrate_to_chat_id:
            await self._move(message.chat.id, message.migrate_to_chat_id)
        elif message and message.migrate_from_chat_id:
            await self._move(message.migrate_from_chat_id, message.chat.id)

    async def _move(self, old: int, new: int) -> None:
        await self._access.move(old, new)
        await self._own.move(old, new)

    async def _turn_away(self, update: Update) -> None:
        query, message = update.callback_query, update.message
        if query:
            await end_waiting(query, words.NOT_ALLOWED.format(person=query.from_user.id))
        elif message and message.chat.type == ChatType.PRIVATE and message.from_user:
            if not self._limits.hear(message.from_user.id).welcome:
                return
            if self._access.mode is Mode.PAIRING:
                await self._admission.ask(update)
                return
            said = words.NOT_ALLOWED.format(person=message.from_user.id)
            await self._outbox.send(target_of(message), sentence(said))

    async def _hear(self, update: Update, bot: User) -> None:
        """Notes who speaks to the bot; of those who speak to others in a group, nothing, nor of
        chats that the bot is not in."""
        if update.guest_message:
            return
        message, user, chat = update.effective_message, update.effective_user, update.effective_chat
        spoken_to = update.callback_query or (message and _speaks_to(message, bot))
        if user and spoken_to and not user.is_bot:
            private = chat is not None and chat.type == ChatType.PRIVATE
            await self._note(user, user.full_name, reachable=private)
        if chat and spoken_to and chat.type in (ChatType.GROUP, ChatType.SUPERGROUP):
            await self._note(chat, chat.title or "", reachable=True)

    async def _note(self, who: User | Chat, name: str, *, reachable: bool) -> None:
        language = who.language_code if isinstance(who, User) else None
        heard = (name, who.username, language, reachable, int(self._clock() // HEARD_AGAIN))
        if self._heard.get(who.id) == heard:
            return
        try:
            hear = partial(self._people.hear, language=language, reachable=reachable)
            await aside(hear, who.id, name, who.username)
        except QuothError as error:  # a full disk costs nobody an answer
            log.warning("%s", error)
        self._heard[who.id] = heard
        if len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)


def _nobody_wrote(update: Update) -> bool:
    """A post that a linked channel forwarded by itself, or a message of another bot."""
    message = update.effective_message
    if message is None or update.callback_query:
        return False
    by_bot = bool(message.from_user and message.from_user.is_bot and not message.sender_chat)
    return bool(message.is_automatic_forward) or by_bot


def _speaks_to(message: Message, bot: User) -> bool:
    said = message.text or message.caption or ""
    return is_addressed(message, bot) or said.startswith("/")
