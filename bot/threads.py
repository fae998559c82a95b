"""The one doorway between async and threads: index and records are synchronous."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

SWITCH = 0.0005
"""Seconds after which a thread that computes makes way for one that waits. Answering lets others in
at each row of the catalog, and would then wait for Python's five milliseconds again and again."""
THREADS = 64
"""More than are ever busy: short work, as noting what was received, finds a free one at once."""

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)


def back(call: Callable[[T], None]) -> Callable[[T], None]:
    """`call`, to be called from a thread: it is done in the loop that runs here, in its turn."""
    loop = asyncio.get_running_loop()

    def called(value: T) -> None:
        loop.call_soon_threadsafe(call, value)

    return called


async def aside(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What `work` gives, done in a thread, so that nobody else waits for it."""
    return await asyncio.to_thread(work, *args, **kwargs)


def widen() -> None:
    """Gives the running loop threads enough, of which none waits long for another.

    Of its own it has a few more than there are cores.
    """
    sys.setswitchinterval(SWITCH)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS, "aside"))


def settle() -> None:
    """What is there by now stays: the garbage collector need not look at all of it again."""
    gc.collect()
    gc.freeze()


def insist(seconds: float) -> None:
    """The program ends within so many seconds, whatever its threads still do."""
    timer = threading.Timer(seconds, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    log.warning("Something does not end; the program does. What was written is whole.")
    os._exit(0)
