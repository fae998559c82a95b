"""The one doorway between async and threads: index and records are synchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def back(call: Callable[[T], None]) -> Callable[[T], None]:
    """`call`, to be called from a thread: it is done in the loop that runs here, in its turn."""
    loop = asyncio.get_running_loop()

    def called(value: T) -> None:
        loop.call_soon_threadsafe(call, value)

    return called


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives, done in a thread, so that nobody else waits for it."""
    return await asyncio.to_thread(work, *args, **kwargs)
