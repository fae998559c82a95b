"""What admins do about people in Telegram: roles, the list of people, the audit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from telegram import Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bot import languages, words
from bot.access import Access
from bot.addressing import sender_of
from bot.admission import Admission
from bot.chatting import target_of
from bot.letters import Letters
from bot.menus import Menus
from bot.naming import known_as, meant_by
from bot.outbox import Outbox
from bot.pressing import end_waiting
from bot.records import Records
from bot.records.audit import ITSELF, Noted
from bot.records.pairing import CODE
from bot.records.people import Known, Role
from bot.replies import Block, Reply, sentence, shortened, turning
from bot.threads import aside

ON_A_PAGE = 15
LONGEST_DETAIL = 150
"""Characters of what was done, so that a page of the audit is one message."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a command makes of somebody, and what is `done` then, in English.

    `told` is said to that person, if anything is.
    """

    action: str
    role: Role
    done: str
    told: str | None = None


PROMOTE = Change("promote", Role.ADMIN, words.PROMOTED, words.PROMOTED_YOU)
DEMOTE = Change("demote", Role.ALLOWED, words.DEMOTED, words.DEMOTED_YOU)
SHUT_OUT = Change("demote", Role.PERSON, words.SHUT_OUT)
ALLOW = Change("allow", Role.ALLOWED, words.LET_IN, words.PAIRING_APPROVED)
BLOCK = Change("block", Role.BLOCKED, words.BLOCKED)
UNBLOCK = Change("unblock", Role.PERSON, words.UNBLOCKED)


class Roles:
    """The handlers of these commands. Each asks Access again; each change is in the audit."""

    def __init__(
        self,
        access: Access,
        records: Records,
        outbox: Outbox,
        letters: Letters,
        admission: Admission,
        menus: Menus,
    ) -> None:
        self._access, self._records, self._outbox = access, records, outbox
        self._letters, self._admission, self._menus = letters, admission, menus

    async def promote(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Makes somebody an admin; for owners."""
        await self._change(update, context, PROMOTE)

    async def demote(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """One step down: an admin may still ask, who was let in is so no longer."""
        await self._change(update, context, DEMOTE)

    async def allow(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Lets somebody in: a person, the code of a stranger, or the group it is written in."""
        message, admin = update.effective_message, update.effective_user
        code = context.args[0] if context.args else ""
        if message and admin and CODE.fullmatch(code):
            request = await self._admission.decide(code, "a", admin)
            said = words.PAIRING_DONE if request else words.PAIRING_OVER
            await self._say(message, said)
            return
        await self._change(update, context, ALLOW)

    async def block(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """From now on somebody, or a group, gets no reply at all."""
        await self._change(update, context, BLOCK)

    async def unblock(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody who was blocked is like everybody else again."""
        await self._change(update, context, UNBLOCK)

    async def people(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """The list of all who are known, with their roles; in private."""
        await self._listed(update, self._people_page)

    async def audit(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What admins did, newest first; in private."""
        await self._listed(update, self._audit_page)

    async def turn(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button under one of these lists: another page in its place, still for admins only."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        if not self._access.is_admin(query.from_user.id):
            await end_waiting(query, words.OLD_BUTTON)
            return
        await end_waiting(query)
        kind, _colon, page = (query.data or "").partition(":")
        made = await (self._people_page if kind == "people" else self._audit_page)(int(page))
        await self._outbox.edit(query.message.chat.id, query.message.message_id, made)

    async def _change(
        self, update: Update, context: ContextTypes.DEFAULT_TYPE, change: Change
    ) -> None:
        message, actor = update.effective_message, sender_of(update)
        if message is None or actor is None:
            return
        target = await self._target(message, context, change)
        if isinstance(target, str):
            await self._say(message, target)
            return
        change = self._fitting(change, target.role)
        who = known_as(target)
        objection = self._access.objection(actor, target.id, change.role)
        if objection or target.role is change.role:
            await self._say(message, objection or words.ROLE_SAME.format(who=who))
            return
        await self._access.give(target.id, change.role)
        await aside(self._records.pairing.drop, target.id)
        await aside(self._records.audit.note, actor, change.action, who)
        if Role.ADMIN in (target.role, change.role):
            await self._menus.show(target.id, admin=change.role is Role.ADMIN)
        await self._say(message, languages.said(change.done).format(who=who, id=target.id))
        if change.told and target.reachable and target.id > 0:
            await self._letters.send(target.id, partial(_told, change.told))
        if self._access.may_ask(target.id, target.id):
            await self._admission.answer(target.id)

    @staticmethod
    def _fitting(change: Change, now: Role) -> Change:
        """The change as it is for somebody with a role: down by one step, never by accident."""
        if change is DEMOTE and now is not Role.ADMIN:
            return SHUT_OUT if now is Role.ALLOWED else replace(SHUT_OUT, role=now)
        if (change is ALLOW and now is Role.ADMIN) or (
            change is UNBLOCK and now is not Role.BLOCKED
        ):
            return replace(change, role=now)
        return change

    async def _target(
        self, message: Message, context: ContextTypes.DEFAULT_TYPE, change: Change
    ) -> Known | str:
        """Whom a command means, with the role they have now; or the sentence that asks for it."""
        people, meant = self._records.people, meant_by(message, context.args or ())
        if isinstance(meant, str):
            named = await aside(people.named, meant)
            if named is None or not await _is_called(context, named.id, meant):
                return words.NAME_UNKNOWN.format(name=meant)
            meant = named.id
        if meant is None and change is ALLOW and not context.args and _is_group(message):
            meant = message.chat.id
        if change is BLOCK and not context.args and meant == message.chat.id:
            return words.BLOCKS_ALL.format(id=meant)
        if meant is None or (isinstance(meant, User) and meant.is_bot):
            return words.WHOM
        if isinstance(meant, User):
            await aside(people.hear, meant.id, meant.full_name, meant.username)
            meant = meant.id
        return replace(await self._known(meant), role=self._access.role(meant))

    async def _known(self, id: int) -> Known:
        known = await aside(self._records.people.find, id)
        return known or Known(id=id)

    async def _listed(self, update: Update, page: Callable[[int], Awaitable[Reply]]) -> None:
        message = update.effective_message
        if message is None:
            return
        if message.chat.type != ChatType.PRIVATE:  # others would read it
            await self._say(message, words.IN_PRIVATE)
            return
        await self._outbox.send(target_of(message), await page(0))

    async def _people_page(self, page: int) -> Reply:
        people, named = self._records.people, list(self._access.named)
        last = max(0, len(named) + await aside(people.count, named) - 1) // ON_A_PAGE
        page = max(0, min(page, last))
        start = page * ON_A_PAGE
        listed = [await self._known(id) for id in named[start : start + ON_A_PAGE]]
        others = max(0, start - len(named)), ON_A_PAGE - len(listed)
        listed += await aside(people.page, *others, named)
        lines = [
            words.PERSON_LINE.format(
                who=known_as(known), role=words.ROLES[self._access.role(known.id)]
            )
            for known in listed
        ]
        return _page(words.PEOPLE, lines, "people", page, last)

    async def _audit_page(self, page: int) -> Reply:
        audit = self._records.audit
        last = max(0, await aside(audit.count) - 1) // ON_A_PAGE
        page = max(0, min(page, last))
        shown = await aside(audit.latest, ON_A_PAGE, page * ON_A_PAGE)
        return _page(words.AUDIT, [_line(noted) for noted in shown], "audit", page, last)

    async def _say(self, message: Message, text: str) -> None:
        await self._outbox.send(target_of(message), sentence(text))


async def _is_called(context: ContextTypes.DEFAULT_TYPE, id: int, name: str) -> bool:
    """Whether a person still has this @name, which they may have left to somebody else."""
    try:
        now = await context.bot.get_chat(id)
    except TelegramError:
        return False
    return (now.username or "").lower() == name.lstrip("@").lower()


def _told(english: str) -> Reply:
    return sentence(languages.said(english))


def _is_group(message: Message) -> bool:
    return message.chat.type in (ChatType.GROUP, ChatType.SUPERGROUP)


def _line(noted: Noted) -> str:
    itself = noted.actor == ITSELF
    who = words.BY_ITSELF if itself else known_as(Known(id=noted.actor, name=noted.name))
    when = f"{datetime.fromtimestamp(noted.at, UTC):%Y-%m-%d %H:%M}"
    detail = shortened(noted.detail, LONGEST_DETAIL)
    return words.AUDIT_LINE.format(when=when, who=who, action=noted.action, detail=detail)


def _page(head: str, lines: Sequence[str], prefix: str, page: int, last: int) -> Reply:
    """A page (0-based) of a list; a sentence instead of the lines when there are none."""
    blocks = [Block(head, bold=((0, len(head)),))]
    blocks += [Block(f"• {line.strip()}", tight=at > 0) for at, line in enumerate(lines)]
    blocks += [] if lines else [Block(words.LIST_EMPTY)]
    if last:
        blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
    return Reply(tuple(blocks), turning(prefix, page, last))
