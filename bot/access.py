"""Who has which role: who may ask, who may administer, and who may change that."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from telegram import Update
from telegram.constants import ChatID
from telegram.ext.filters import UpdateFilter

from bot import words
from bot.addressing import sender_of
from bot.records.people import People, Role
from bot.threads import aside

IMPERSONAL = frozenset({ChatID.ANONYMOUS_ADMIN, ChatID.FAKE_CHANNEL, ChatID.SERVICE_CHAT})
"""Ids under which Telegram shows many people: anonymous admins, channels, forwarded posts."""
ADMINS = frozenset({Role.OWNER, Role.ADMIN})


class Mode(StrEnum):
    """Who may ask without having been let in."""

    EVERYBODY = "everybody"
    LIST = "list"
    """Nobody."""
    PAIRING = "pairing"
    """Nobody, but whoever writes gets a code, and admins are asked whether to let them in."""


class Access:
    """Roles of people and chats by their Telegram ids.

    Roles from the settings hold always; the others are kept in the records, and in memory, since
    each update asks for one.
    """

    def __init__(
        self,
        people: People,
        *,
        owner: int | None = None,
        admins: Collection[int] = (),
        allowed: Collection[int] = (),
        mode: Mode = Mode.EVERYBODY,
    ) -> None:
        self.mode, self._people = mode, people
        self._fixed = {
            **dict.fromkeys(admins, Role.ADMIN),
            **({} if owner is None else {owner: Role.OWNER}),
        }
        self._allowed = frozenset(allowed) - self._fixed.keys()
        self._kept = people.roles()

    @property
    def admins(self) -> frozenset[int]:
        """The owner and all admins."""
        kept = {id for id, role in self._kept.items() if role in ADMINS}
        return frozenset(self._fixed) | kept

    @property
    def owners(self) -> frozenset[int]:
        """Who is told of trouble, and appoints admins."""
        return frozenset(id for id, role in self._fixed.items() if role is Role.OWNER)

    @property
    def named(self) -> dict[int, Role]:
        """All whom the settings name, with the roles they have now."""
        return {id: self.role(id) for id in (*self._fixed, *self._allowed)}

    def role(self, id: int) -> Role:
        """The role of a person or a chat."""
        named = Role.ALLOWED if id in self._allowed else Role.PERSON
        return self._fixed.get(id) or self._kept.get(id, named)

    def is_admin(self, id: int | None) -> bool:
        """Whether this is a person who may administer."""
        return id is not None and id not in IMPERSONAL and id > 0 and self.role(id) in ADMINS

    def is_blocked(self, *ids: int | None) -> bool:
        """Whether one of these, a person or their chat, gets no reply at all. Admins always do."""
        return any(id is not None and self.role(id) is Role.BLOCKED for id in ids)

    def may_ask(self, person: int | None, chat: int | None) -> bool:
        """Whether a person, or in whose name something was written, may ask in a chat."""
        if self.is_admin(person):
            return True
        if self.is_blocked(person, chat):
            return False
        let_in = any(id is not None and self.role(id) is Role.ALLOWED for id in (person, chat))
        return let_in or self.mode is Mode.EVERYBODY

    def objection(self, actor: int, target: int, role: Role) -> str | None:
        """The sentence that says why `actor` may not give `target` this role; None when they may.

        Owners appoint admins; admins let in and block. Nobody changes what the settings say, or
        themselves.
        """
        if not self.is_admin(actor):
            return words.UNKNOWN_COMMAND
        if target in self._fixed or (role is Role.PERSON and self._is_named(target)):
            return words.ROLE_FIXED
        if target in IMPERSONAL:
            return words.ROLE_OF_NOBODY
        if target == actor:
            return words.ROLE_OWN
        if role is Role.ADMIN and target < 0:
            return words.ROLE_OF_A_CHAT
        if Role.ADMIN in (role, self.role(target)) and self.role(actor) is not Role.OWNER:
            return words.ROLE_BY_OWNER
        return None

    async def give(self, id: int, role: Role) -> None:
        """Gives somebody a role from now on, also after a restart. `objection` is asked before."""
        await aside(self._people.give, id, role)
        self._kept[id] = role
        if role is Role.PERSON:
            del self._kept[id]

    async def move(self, old: int, new: int) -> None:
        """A group has got another id: its role goes with it."""
        role = self.role(old)
        if role is not Role.PERSON and self.role(new) is Role.PERSON:
            await self.give(new, role)

    def _is_named(self, id: int) -> bool:
        """Whether somebody is let in by the settings, and not blocked by chat."""
        return id in self._allowed and id not in self._kept


class Administering(UpdateFilter):
    """What comes from an admin, asked anew for each update: roles change."""

    def __init__(self, access: Access) -> None:
        super().__init__(name="Administering")
        self._access = access

    def filter(self, update: Update) -> bool:
        return self._access.is_admin(sender_of(update))
