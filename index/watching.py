"""When to look at the folder again: watchfiles lives here."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

SETTLING = 1_000
"""Milliseconds without a change after which a copy is taken to be complete."""
LONGEST_WAIT = 60_000


def occasions(
    folder: Path, stop: threading.Event, *, every: float = 0, watch: bool = False
) -> Iterator[None]:
    """Comes back each time that the folder changed (`watch`) or `every` seconds have gone by.

    Ends when `stop` is set; at once when neither is asked for.
    """
    if watch:
        yield from _changes(folder, stop, every)
    elif every:
        while not stop.wait(every):
            yield


def _changes(folder: Path, stop: threading.Event, every: float) -> Iterator[None]:
    from watchfiles import watch as watched

    waited = watched(
        folder,
        stop_event=stop,
        debounce=10 * SETTLING,
        step=SETTLING,
        rust_timeout=int(1000 * every) or LONGEST_WAIT,
        yield_on_timeout=True,
        watch_filter=None,
    )
    for changes in waited:
        if changes or every:
            yield
