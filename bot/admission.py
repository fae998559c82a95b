"""Strangers ask to be let in: they get a code, admins get buttons, and one admin decides.

What they asked before is answered once they are in. Until then it is in memory alone.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial

from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.addressing import command_in, sender_of
from bot.chatting import target_of
from bot.letters import Letters
from bot.naming import called, known_as
from bot.outbox import Outbox
from bot.pressing import end_waiting
from bot.records import Records
from bot.records.pairing import OUTSTANDING, Request
from bot.records.people import Role
from bot.replies import Block, Button, Reply, sentence
from bot.threads import aside

PREFIX = "pair"
DECISIONS = {"a": (Role.ALLOWED, "allow"), "d": (None, "decline"), "b": (Role.BLOCKED, "block")}
"""What a button stands for: the role it gives, and its name in the audit."""
KEPT_OF_EACH = 3
"""So many first questions of a stranger are answered once they are let in,"""
KEPT_FOR = 3600.0
"""and for so many seconds after they were asked."""


class Admission:
    """The way in for strangers, where one is needed."""

    def __init__(
        self,
        access: Access,
        records: Records,
        outbox: Outbox,
        letters: Letters,
        again: Callable[[Update], Awaitable[None]],
    ) -> None:
        """`again` takes in an update once more."""
        self._access, self._records, self._outbox = access, records, outbox
        self._letters, self._again = letters, again
        self._asked: dict[int, list[Update]] = {}

    async def ask(self, update: Update) -> None:
        """A stranger wrote in private: a code for them, and buttons for the admins."""
        message = update.message
        user = message.from_user if message else None
        if message is None or user is None:
            return
        request = await aside(self._records.pairing.ask, user.id)
        if request and not request.declined:
            self._keep(user.id, update, message)
        if request is None:
            await self._outbox.send(target_of(message), sentence(words.PAIRING_FULL))
        elif request.new:
            said = words.PAIRING_CODE.format(code=request.code)
            await self._outbox.send(target_of(message), sentence(said))
            await self._tell(sorted(self._access.admins), known_as(user), request)
        elif not request.declined:
            said = words.PAIRING_WAITS.format(code=request.code)
            await self._outbox.send(target_of(message), sentence(said))

    async def catch_up(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """/start of an admin: shows them who waits, as far as they could not be told before."""
        admin = sender_of(update)
        if admin is None:
            return
        for request in await aside(self._records.pairing.waiting):
            if all(chat != admin for chat, _id in request.told):
                await self._tell((admin,), await self._who(request.person), request)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button below a request. Whether an admin presses it is asked now: roles change."""
        query = update.callback_query
        if query is None:
            return
        if not self._access.is_admin(query.from_user.id):
            await end_waiting(query, words.OLD_BUTTON)
            return
        _prefix, kind, code = (query.data or "").split(":")
        request = await self.decide(code, kind, query.from_user)
        await end_waiting(query, None if request else words.PAIRING_OVER)
        if request is None and query.message:
            shown = query.message
            await self._outbox.edit(shown.chat.id, shown.message_id, sentence(words.PAIRING_OVER))

    async def decide(self, code: str, kind: str, admin: User) -> Request | None:
        """Ends a request, tells all who wait for that; None when there is no such (any more)."""
        pairing = self._records.pairing
        role, action = DECISIONS[kind]
        request = await aside(pairing.take if role else pairing.decline, code)
        if request is None:
            return None
        if role and self._access.objection(admin.id, request.person, role) is None:
            await self._access.give(request.person, role)
        who = await self._who(request.person)
        await aside(self._records.audit.note, admin.id, action, who)
        decided = partial(_decided, kind, who, called(admin.full_name))
        for chat, id in request.told:
            await self._letters.edit(chat, id, decided)
        if role is not Role.BLOCKED:
            await self._letters.send(request.person, partial(_told, kind))
        if role is Role.ALLOWED:
            await self.answer(request.person)
        else:
            self._asked.pop(request.person, None)
        return request

    async def answer(self, person: int) -> None:
        """Somebody is in: what they asked before is taken in once more."""
        for update in self._asked.pop(person, []):
            message = update.message
            if message and time.time() - message.date.timestamp() < KEPT_FOR:
                await self._again(update)

    def _keep(self, person: int, update: Update, message: Message) -> None:
        command = command_in(message, message.get_bot().username)
        if not message.text or (message.text.startswith("/") and command != "ask"):
            return
        if person not in self._asked and len(self._asked) >= OUTSTANDING:
            del self._asked[next(iter(self._asked))]
        kept = self._asked.setdefault(person, [])
        if len(kept) < KEPT_OF_EACH:
            kept.append(update)

    async def _tell(self, admins: Iterable[int], who: str, request: Request) -> None:
        asked = partial(_asked, who, request.code)
        told = list(request.told)
        for admin in admins:
            told += [(admin, id) for id in await self._letters.send(admin, asked)]
        await aside(self._records.pairing.tell, request.code, told)

    async def _who(self, person: int) -> str:
        known = await aside(self._records.people.find, person)
        return known_as(known) if known else str(person)


def _asked(who: str, code: str) -> Reply:
    """What admins see of a request."""
    labels = {"a": words.APPROVE, "d": words.DECLINE, "b": words.BLOCK}
    buttons = [Button(label, f"{PREFIX}:{kind}:{code}") for kind, label in labels.items()]
    return Reply((Block(words.PAIRING_ASKED.format(who=who, code=code)),), (tuple(buttons),))


def _decided(kind: str, who: str, admin: str) -> Reply:
    """What admins see in its place."""
    decided = {
        "a": words.PAIRING_APPROVED_BY,
        "d": words.PAIRING_DECLINED_BY,
        "b": words.PAIRING_BLOCKED_BY,
    }
    return sentence(decided[kind].format(who=who, admin=admin))


def _told(kind: str) -> Reply:
    """What the person hears."""
    return sentence(words.PAIRING_APPROVED if kind == "a" else words.PAIRING_DECLINED)
