"""Strangers ask to be let in: they get a code, admins get buttons, and one admin decides."""

from __future__ import annotations

from telegram import Message, Update, User
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.chatting import target_of
from bot.naming import called, known_as
from bot.outbox import Outbox, Target
from bot.pressing import end_waiting
from bot.records import Records
from bot.records.pairing import Request
from bot.records.people import Role
from bot.replies import Block, Button, Reply, sentence
from bot.threads import aside

PREFIX = "pair"
OUTCOMES = {
    "a": (Role.ALLOWED, "allow", words.PAIRING_APPROVED_BY),
    "d": (None, "decline", words.PAIRING_DECLINED_BY),
    "b": (Role.BLOCKED, "block", words.PAIRING_BLOCKED_BY),
}
"""What a button stands for: the role it gives, its name in the audit, and what admins read."""


class Admission:
    """The way in for strangers, where one is needed."""

    def __init__(self, access: Access, records: Records, outbox: Outbox) -> None:
        self._access, self._records, self._outbox = access, records, outbox

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
        role, action, outcome = OUTCOMES[kind]
        request = await aside(pairing.take if role else pairing.decline, code)
        if request is None:
            return None
        if role and self._access.objection(admin.id, request.person, role) is None:
            await self._access.give(request.person, role)
        who = await self._who(request.person)
        await aside(self._records.audit.note, admin.id, action, who)
        told = sentence(outcome.format(who=who, admin=called(admin.full_name)))
        for chat, id in request.told:
            await self._outbox.edit(chat, id, told)
        if role is Role.ALLOWED:
            await self._outbox.send(Target(request.person), sentence(words.PAIRING_APPROVED))
        elif role is None:
            await self._outbox.send(Target(request.person), sentence(words.PAIRING_DECLINED))
        return request

    async def _tell_admins(self, user: User, request: Request) -> None:
        asked = words.PAIRING_ASKED.format(who=known_as(user), code=request.code)
        reply = Reply((Block(asked),), (_buttons(request.code),))
        told = []
        for admin in sorted(self._access.admins):
            told += [(admin, id) for id in await self._outbox.send(Target(admin), reply)]
        await aside(self._records.pairing.tell, request.code, told)

    async def _who(self, person: int) -> str:
        known = await aside(self._records.people.find, person)
        return known_as(known) if known else str(person)


def _buttons(code: str) -> tuple[Button, ...]:
    labels = {"a": words.APPROVE, "d": words.DECLINE, "b": words.BLOCK}
    return tuple(Button(label, f"{PREFIX}:{kind}:{code}") for kind, label in labels.items())
