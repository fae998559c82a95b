"""Strangers ask to be let in: they get a code, admins get buttons, and one admin decides."""

from __future__ import annotations

from functools import partial

from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.chatting import target_of
from bot.letters import Letters
from bot.naming import called, known_as
from bot.outbox import Outbox
from bot.pressing import end_waiting
from bot.records import Records
from bot.records.pairing import Request
from bot.records.people import Role
from bot.replies import Block, Button, Reply, sentence
from bot.threads import aside

PREFIX = "pair"
DECISIONS = {"a": (Role.ALLOWED, "allow"), "d": (None, "decline"), "b": (Role.BLOCKED, "block")}
"""What a button stands for: the role it gives, and its name in the audit."""


class Admission:
    """The way in for strangers, where one is needed."""

    def __init__(self, access: Access, records: Records, outbox: Outbox, letters: Letters) -> None:
        self._access, self._records, self._outbox = access, records, outbox
        self._letters = letters

    async def ask(self, message: Message) -> None:
        """A stranger wrote in private: a code for them, and buttons for the admins."""
        user = message.from_user
        if user is None:
            return
        request = await aside(self._records.pairing.ask, user.id)
        if request is None:
            await self._outbox.send(target_of(message), sentence(words.PAIRING_FULL))
        elif request.new:
            said = words.PAIRING_CODE.format(code=request.code)
            await self._outbox.send(target_of(message), sentence(said))
            await self._tell_admins(user, request)
        elif not request.declined:
            said = words.PAIRING_WAITS.format(code=request.code)
            await self._outbox.send(target_of(message), sentence(said))

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
        return request

    async def _tell_admins(self, user: User, request: Request) -> None:
        asked = partial(_asked, known_as(user), request.code)
        told = []
        for admin in sorted(self._access.admins):
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
