"""The one doorway between async and threads: index and records are synchronous."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives, done in a thread, so that nobody else waits for it."""
    return await asyncio.to_thread(work, *args, **kwargs)
