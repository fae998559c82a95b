"""The files of an album: each comes as a message of its own, and one of them has the words."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from telegram import Message

SETTLES = 1.0
"""Seconds within which the messages of an album have come."""
REMEMBERED = 100
"""Albums whose files are kept in mind."""
LARGEST = 10
"""Files; Telegram takes no more into one."""

Key = tuple[int, str]
"""The chat and the album."""


class Albums:
    """Brings together what a group was sent together: files without words are passed over there."""

    def __init__(self, *, settles: float = SETTLES) -> None:
        self._settles = settles
        self._files: OrderedDict[Key, list[Message]] = OrderedDict()

    def keep(self, message: Message) -> None:
        """A file that is not for the bot, unless something else says so of its album."""
        key = _key(message)
        if key is None:
            return
        files = self._files.setdefault(key, [])
        if len(files) < LARGEST:
            files.append(message)
        if len(self._files) > REMEMBERED:
            self._files.popitem(last=False)

    async def whole(self, message: Message) -> list[Message]:
        """A message with the others of its album, in order; alone without one."""
        key = _key(message)
        if key is None:
            return [message]
        await asyncio.sleep(self._settles)
        files = {each.message_id: each for each in (*self._files.get(key, ()), message)}
        return [files[id] for id in sorted(files)]


def _key(message: Message) -> Key | None:
    return (message.chat.id, message.media_group_id) if message.media_group_id else None
