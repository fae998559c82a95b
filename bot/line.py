"""The line before the index: so many questions at once, the others in the order they came."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

PATIENCE = 5.0
"""Seconds of waiting after which somebody is told their place."""


class Line:
    """Each chat has one question here at most, so that nobody who asks a lot is served more."""

    def __init__(self, places: int, *, patience: float = PATIENCE) -> None:
        self._free, self._patience = places, patience
        self._waiting: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def turn(self, tell: Callable[[int], Awaitable[None]]) -> AsyncIterator[None]:
        """Holds a place inside of the block. `tell` hears the number in line of who waits long."""
        await self._enter(tell)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, tell: Callable[[int], Awaitable[None]]) -> None:
        if self._free:
            self._free -= 1
            return
        ticket = asyncio.get_running_loop().create_future()
        self._waiting.append(ticket)
        try:
            await asyncio.wait([ticket], timeout=self._patience)
            if not ticket.done():
                await tell(self._waiting.index(ticket) + 1)
            await asyncio.wait([ticket])  # who is cancelled must not cancel it: it is given away
        except BaseException:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
            else:
                self._leave()
            raise

    def _leave(self) -> None:
        if self._waiting:
            self._waiting.popleft().set_result(None)
        else:
            self._free += 1
