"""Which updates wait for which: in order within a chat, chats beside each other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

WAITING = 1_000
"""Updates that may wait here at once; more are left with Telegram or in the queue."""


class ChatOrder(BaseUpdateProcessor):
    """Handles the updates of a chat one after the other, and at most `at_once` chats at a time.

    A chat that writes a lot waits for itself and never holds more than one of the places.
    """

    def __init__(self, at_once: int) -> None:
        super().__init__(WAITING)
        self._places = asyncio.Semaphore(at_once)
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        key = _place(update)
        lock, waiting = self._chats.get(key, (asyncio.Lock(), 0))
        self._chats[key] = (lock, waiting + 1)
        try:
            async with lock, self._places:
                await coroutine
        finally:
            lock, waiting = self._chats.pop(key)
            if waiting > 1:
                self._chats[key] = (lock, waiting - 1)

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""


def _place(update: object) -> int:
    """The chat of an update, or else its person, who types an inline query; 0 for neither."""
    if not isinstance(update, Update):
        return 0
    place = update.effective_chat or update.effective_user
    return place.id if place else 0
