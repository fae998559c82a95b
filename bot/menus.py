"""The menus of commands: everybody's, and in each admin's own chat the admins' too."""

from __future__ import annotations

import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot import words
from bot.access import Access

log = logging.getLogger(__name__)


class Menus:
    """What Telegram offers to whom. A menu that cannot be set is logged and costs nothing else."""

    def __init__(self, bot: Bot, access: Access) -> None:
        self._bot, self._access = bot, access
        self._missing: set[int] = set()

    async def publish(self) -> None:
        """Sets all menus."""
        common = _commands(words.COMMANDS)
        try:
            await self._bot.set_my_commands(common, scope=BotCommandScopeDefault())
            await self._bot.set_my_commands(common, scope=BotCommandScopeAllPrivateChats())
        except TelegramError as error:
            log.warning("the menu of commands could not be set: %s", error)
        for admin in sorted(self._access.admins):
            await self.show(admin, admin=True)

    async def show(self, person: int, *, admin: bool) -> None:
        """Sets the menu in a person's own chat, for an admin or for nobody special."""
        scope = BotCommandScopeChat(person)
        all_of_them = {**words.COMMANDS, **words.ADMIN_COMMANDS}
        self._missing.discard(person)
        try:
            if admin:
                await self._bot.set_my_commands(_commands(all_of_them), scope=scope)
            else:
                await self._bot.delete_my_commands(scope=scope)
        except TelegramError as error:
            log.info("the menu of %s could not be set: %s", person, error)
            self._missing.add(person)

    async def catch_up(self, person: int) -> None:
        """Sets the menu of somebody who writes, if it could not be set before they did."""
        if person in self._missing:
            await self.show(person, admin=self._access.is_admin(person))


def _commands(named: dict[str, str]) -> list[BotCommand]:
    return [BotCommand(name, about) for name, about in named.items()]
