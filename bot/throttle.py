"""How fast is sent, and what is sent again.

Telegram allows about one message a second in a chat, 20 a minute in a group and 30 a second in all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). PTB's own limiter
stops all chats when one is told to wait, and does not pace private chats.

Sent again is only what surely was not carried out: a request that Telegram answered with 429, or
one that never left because no connection came about. A 5xx answer or a broken connection may come
after the message was sent, and two answers are worse than a sentence of apology.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
from aiolimiter import AsyncLimiter
from telegram._utils.types import JSONDict
from telegram.error import NetworkError, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter

NICETIES = {"sendChatAction", "sendMessageDraft", "setMessageReaction"}
"""Left out where they would have to wait."""
TRIES = 4
LONGEST_WAIT = 300.0
"""Seconds. When Telegram asks to wait longer, the request fails."""
CONNECT_AGAIN = (0.5, 2.0, 5.0)
"""Seconds to wait before connecting again."""
BURST, REFILL = 5, 5.0
"""Five messages at once in a private chat, then one a second."""
PER_GROUP, GROUP_SECONDS = 18, 60.0
OVERALL, OVERALL_SECONDS = 28, 1.0
PACED_CHATS = 2_000

Returned = bool | JSONDict | list[JSONDict]


class Throttle(BaseRateLimiter[int]):
    """Paces the requests of each chat by itself. `rate_limit_args`: how often to try, default 4."""

    def __init__(self) -> None:
        self._overall = AsyncLimiter(OVERALL, OVERALL_SECONDS)
        self._chats: OrderedDict[int | str, AsyncLimiter] = OrderedDict()
        self._quiet_until: dict[int | str, float] = {}

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Returned]],
        args: Any,  # noqa: ANN401 - the signature is the library's
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Returned:
        """The outcome of the request, after the pauses it takes; raises as the request does."""
        chat = data.get("chat_id")
        nicety = endpoint in NICETIES
        if nicety and not self._has_room(chat):
            return True  # a sign that is not worth a wait
        tries = 1 if nicety else rate_limit_args or TRIES
        for attempt in range(1, tries + 1):
            await self._turn(chat)
            try:
                return await callback(*args, **kwargs)
            except TelegramError as error:
                pause = self._pause(error, attempt)
                if pause is None or attempt == tries:
                    raise
                await self._rest(chat, pause)
        raise AssertionError("a try returns or raises")

    def _pause(self, error: TelegramError, attempt: int) -> float | None:
        """Seconds after which the request may be made again; None when it must not be."""
        if isinstance(error, RetryAfter):
            # Not `retry_after`: whether that is a number or a timedelta hangs on the environment.
            seconds = error._retry_after.total_seconds()
            return seconds + 0.1 if seconds <= LONGEST_WAIT else None
        if isinstance(error, NetworkError) and was_not_sent(error):
            return CONNECT_AGAIN[min(attempt, len(CONNECT_AGAIN)) - 1]
        return None

    async def _rest(self, chat: int | str | None, seconds: float) -> None:
        if chat is not None:
            self._quiet_until[chat] = time.monotonic() + seconds
        await asyncio.sleep(seconds)

    async def _turn(self, chat: int | str | None) -> None:
        if chat is None:
            return
        # It may have been told to wait longer while this one waited.
        while (left := self._quiet_until.get(chat, 0.0) - time.monotonic()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(left)
        self._quiet_until.pop(chat, None)
        await self._limiter(chat).acquire()
        await self._overall.acquire()

    def _has_room(self, chat: int | str | None) -> bool:
        if chat is None:
            return True
        resting = self._quiet_until.get(chat, 0.0) > time.monotonic()
        spare = PER_GROUP // 2 if _is_group(chat) else 2  # the rest is for messages
        limiter = self._limiter(chat)
        return not resting and limiter.has_capacity(spare) and self._overall.has_capacity(spare)

    def _limiter(self, chat: int | str) -> AsyncLimiter:
        if chat not in self._chats:
            paced = (PER_GROUP, GROUP_SECONDS) if _is_group(chat) else (BURST, REFILL)
            self._chats[chat] = AsyncLimiter(*paced)
            if len(self._chats) > PACED_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat)
        return self._chats[chat]


def was_not_sent(error: TelegramError) -> bool:
    """The request surely never left: no connection, or no free one in the pool."""
    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(error.__cause__, unsent)


def _is_group(chat: int | str) -> bool:
    return isinstance(chat, str) or chat < 0
