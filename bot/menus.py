"""The menus of commands: everybody's, and in each admin's own chat the admins' too."""

from __future__ import annotations

import logging

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import TelegramError

from bot import languages
from bot.access import Access
from bot.offers import Offers

log = logging.getLogger(__name__)


class Menus:
    """What Telegram offers to whom. A menu that cannot be set is logged and costs nothing else."""

    def __init__(self, bot: Bot, access: Access, offers: Offers) -> None:
        self._bot, self._access, self._offers = bot, access, offers
        self._missing: set[int] = set()

    async def publish(self) -> None:
        """Sets all menus."""
        try:
            await self._set(BotCommandScopeDefault(), admin=False)
        except TelegramError as error:
            log.warning("the menu of commands could not be set: %s", error)
        for admin in sorted(self._access.admins):
            await self.show(admin, admin=True)

    async def show(self, person: int, *, admin: bool) -> None:
        """Sets the menu in a person's own chat, for an admin or for nobody special."""
        scope = BotCommandScopeChat(person)
        self._missing.discard(person)
        try:
            if admin:
                await self._set(scope, admin=True)
            else:
                for language in languages.ALL:
                    await self._bot.delete_my_commands(scope=scope, language_code=_code(language))
        except TelegramError as error:
            log.info("the menu of %s could not be set: %s", person, error)
            self._missing.add(person)

    async def catch_up(self, person: int) -> None:
        """Sets the menu of somebody who writes, if it could not be set before they did."""
        if person in self._missing:
            await self.show(person, admin=self._access.is_admin(person))

    async def _set(self, scope: BotCommandScope, *, admin: bool) -> None:
        """In every language that is spoken; who has another one in Telegram sees the English."""
        for language in languages.ALL:
            with languages.speaking(language):
                named = self._offers.commands(admin=admin)
            commands = [BotCommand(name, about) for name, about in named.items()]
            await self._bot.set_my_commands(commands, scope, _code(language))


def _code(language: str) -> str | None:
    """Telegram's name for it: commands without one are for all languages that have none."""
    return None if language == languages.ENGLISH else language
