"""Memory that was freed goes back to the system: the C library's allocator lives here."""

from __future__ import annotations

import ctypes
import sys
from functools import cache


def give_back() -> None:
    """Has the allocator keep nothing that is free; does nothing where it is not glibc's.

    Threads that take and free by turns leave gaps everywhere, which it would keep for them.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> ctypes._FuncPointer | None:
    if not sys.platform.startswith("linux"):
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
