"""How fast is sent, and what is sent again.

Telegram allows about one message a second in a chat, 20 a minute in a group and 30 a second in all
(https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). PTB's own limiter
stops all chats when one is told to wait, and does not pace private chats. Here a chat waits for
itself, as long as Telegram says, and all wait for the overall limit in the order they came.

Sent again is only what surely was not carried out: a request that Telegram answered with 429, or
one that never left because no connection came about. A 5xx answer or a broken connection may come
after the message was sent, and two answers are worse than a sentence of apology.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from telegram._utils.types import JSONDict
from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.ext import BaseRateLimiter
from telegram.request import HTTPXRequest

NICETIES = {"sendChatAction", "sendMessageDraft", "setMessageReaction"}
"""Left out where they would have to wait; but a reaction is surely taken away again."""
TYPING = (10, 1.0)
"""So many typing signs in so many seconds, also without a pace: those of a crowd would cost as much
time as its answers."""
CONNECT_AGAIN = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 60.0, 60.0)
"""Seconds to wait before connecting again: about four minutes in all."""
TRIES, LONGEST_WAIT = 4, 60.0
"""How often, and with pauses of how many seconds, what is no message for a chat is tried."""
PACED_CHATS = 2_000
CONNECTIONS, KEPT = 24, 6
"""With Telegram at once, and with nothing to do: each of those is looked at for each request."""

Returned = bool | JSONDict | list[JSONDict]
Sending = Callable[[str], AbstractAsyncContextManager[None]]
"""Surrounds each request, by its endpoint."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most so many requests in so many seconds, a little below what Telegram allows."""

    private: tuple[int, float] = (5, 5.0)
    """Five messages at once, then one a second."""
    group: tuple[int, float] = (18, 60.0)
    overall: tuple[int, float] = (28, 1.0)


class Bucket:
    """So many at once, then evenly so many in so many seconds, strictly in the order of coming."""

    def __init__(self, count: int, seconds: float) -> None:
        self._interval, self._ahead = seconds / count, seconds - seconds / count
        self._next = 0.0
        """When the next one would come if all came evenly."""

    async def acquire(self) -> None:
        """Returns when it is one's turn."""
        wait = self._wait()
        self._next = max(self._next, time.monotonic()) + self._interval
        if wait > 0:
            await asyncio.sleep(wait)

    def has_room(self, count: int) -> bool:
        """Whether so many could go at once."""
        return self._wait() + (count - 1) * self._interval <= 0

    def _wait(self) -> float:
        now = time.monotonic()
        return max(self._next, now) - self._ahead - now


class Throttle(BaseRateLimiter[int]):
    """Paces the requests of each chat by itself; they wait as long as Telegram says.

    `rate_limit_args`: how often to try at most, for what is not worth a wait.
    """

    def __init__(self, pace: Pace | None = Pace(), sending: Sending | None = None) -> None:
        """Without a pace only what Telegram says is waited for."""
        self._pace, self._sending = pace, sending or (lambda _: nullcontext())
        self._overall = Bucket(*pace.overall) if pace else None
        self._typing = Bucket(*TYPING)
        self._chats: OrderedDict[int | str, Bucket] = OrderedDict()
        self._quiet_until: dict[int | str, float] = {}
        self._under_way: set[asyncio.Task[Any]] = set()

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
        """The outcome of the request, after the pauses it takes; raises as the request does.

        False for a nicety that was left out.
        """
        # What only looks at a chat takes nothing from what may be sent there.
        chat = None if endpoint.startswith("get") else data.get("chat_id")
        takes_away = endpoint == "setMessageReaction" and not data.get("reaction")
        nicety = endpoint in NICETIES and not takes_away
        if nicety and not await self._worth_it(endpoint, chat):
            return False
        few = chat is None or takes_away
        tries = 1 if nicety else rate_limit_args or (TRIES if few else None)
        for attempt in count(1):
            await self._turn(chat)
            try:
                async with self._sending(endpoint):
                    return await self._to_its_end(callback(*args, **kwargs))
            except TelegramError as error:
                pause = _pause(error, attempt)
                if pause is None or attempt == tries or (tries and pause > LONGEST_WAIT):
                    raise
                await self._rest(chat, pause)
        raise AssertionError("it counts for ever")

    async def _worth_it(self, endpoint: str, chat: int | str | None) -> bool:
        """Whether a sign can be shown at once."""
        typing = endpoint == "sendChatAction"
        if not self._has_room(chat) or (typing and not self._typing.has_room(1)):
            return False
        if typing:
            await self._typing.acquire()
        return True

    def _to_its_end(self, request: Coroutine[Any, Any, Returned]) -> asyncio.Future[Returned]:
        """The outcome; the request itself goes on when whoever waits for it is cancelled.

        A request that is cancelled keeps its place in httpcore's pool for good (1.0.9), and after
        as many as there are places nothing is sent any more.
        """
        task = asyncio.create_task(request)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()  # looked at, for nobody else may wait for it any more

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
        if self._pace and self._overall:
            await self._bucket(chat, self._pace).acquire()
            await self._overall.acquire()

    def _has_room(self, chat: int | str | None) -> bool:
        if chat is None:
            return True
        resting = self._quiet_until.get(chat, 0.0) > time.monotonic()
        if resting or not (self._pace and self._overall):
            return not resting
        spare = self._pace.group[0] // 2 if _is_group(chat) else 2  # the rest is for messages
        return self._bucket(chat, self._pace).has_room(spare) and self._overall.has_room(spare)

    def _bucket(self, chat: int | str, pace: Pace) -> Bucket:
        if chat not in self._chats:
            self._chats[chat] = Bucket(*(pace.group if _is_group(chat) else pace.private))
            if len(self._chats) > PACED_CHATS:
                self._chats.popitem(last=False)
        self._chats.move_to_end(chat)
        return self._chats[chat]


def connections() -> HTTPXRequest:
    """The connections with Telegram."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=KEPT)
    # A time-out leaves unknown whether a message was sent: rather wait a little longer.
    return HTTPXRequest(read_timeout=20, pool_timeout=10, httpx_kwargs={"limits": limits})


def _pause(error: TelegramError, attempt: int) -> float | None:
    """Seconds after which the request may be made again; None when it must not be."""
    if isinstance(error, RetryAfter):
        # Not `retry_after`: whether that is a number or a timedelta hangs on the environment.
        return error._retry_after.total_seconds() + 0.1
    if was_not_sent(error) and attempt <= len(CONNECT_AGAIN):
        return CONNECT_AGAIN[attempt - 1]
    return None


def was_not_sent(error: BaseException) -> bool:
    """The request surely never left: no connection, or no free one in the pool."""
    unsent = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
    return isinstance(error.__cause__, unsent)


def came_to_nothing(error: BaseException) -> bool:
    """Surely no message came of the request."""
    refusals = (BadRequest, Forbidden, InvalidToken, RetryAfter)
    return isinstance(error, refusals) or was_not_sent(error)


def _is_group(chat: int | str) -> bool:
    return isinstance(chat, str) or chat < 0
