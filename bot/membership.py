"""Who is in a group, as Telegram says it: members may read in private what was added there.

It says so for all groups only where the bot is an admin, and for many others. What is not known is
no membership.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot, ChatMember, ChatMemberRestricted
from telegram.constants import ChatMemberStatus
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.access import Access
from bot.scopes import scopes_of
from index.scopes import Scopes

KEPT_SECONDS = 60.0
"""For which somebody who has left may still be taken for a member."""
KEPT = 1_000
INSIDE = {ChatMemberStatus.OWNER, ChatMemberStatus.ADMINISTRATOR, ChatMemberStatus.MEMBER}


@dataclass(frozen=True, slots=True)
class _Known:
    at: float
    group: int | None
    """None for who is not in it."""


class Membership:
    """Asks Telegram, and remembers for a moment what it said."""

    def __init__(
        self, bot: Bot, access: Access, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._bot, self._access, self._clock = bot, access, clock
        self._known: OrderedDict[tuple[int, int], _Known] = OrderedDict()

    async def scopes(self, person: int, chat: int, group: int | None) -> Scopes:
        """What may be read in a chat: in private also what was added in a group one is in."""
        if group is None or chat != person:  # in another group others read along
            return scopes_of(chat)
        inside = await self._inside(person, group)
        return scopes_of(chat, inside) if inside else scopes_of(chat)

    async def _inside(self, person: int, group: int) -> int | None:
        """The group, by its present id; None when they are not in it, or nobody says so."""
        known = self._known.get((person, group))
        if known is None or known.at < self._clock() - KEPT_SECONDS:
            try:
                known = _Known(self._clock(), await self._look(person, group))
            except TelegramError:
                return None
            self._known[person, group] = known
            self._known.move_to_end((person, group))
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        blocked = known.group is not None and self._access.is_blocked(known.group)
        return None if blocked else known.group

    async def _look(self, person: int, group: int) -> int | None:
        """The same, as Telegram says it now. Raises TelegramError when it says nothing."""
        try:
            member = await self._bot.get_chat_member(group, person)
        except ChatMigrated as error:
            group = error.new_chat_id
            member = await self._bot.get_chat_member(group, person)
        except (BadRequest, Forbidden):  # no such group, or none that the bot is in
            return None
        return group if _is_inside(member) else None


def _is_inside(member: ChatMember) -> bool:
    restricted = isinstance(member, ChatMemberRestricted) and member.is_member
    return restricted or member.status in INSIDE
