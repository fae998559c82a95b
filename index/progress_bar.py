"""How far a reindex is, in one line of the terminal: rich draws it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from index.passages import Progress
from index.ports import ProgressListener

ROUGHLY = 3
"""Seconds before a rate means anything."""


@contextmanager
def shown() -> Iterator[ProgressListener]:
    """A listener that draws on standard error; it draws nothing where that is not a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Drawn

    console = Console(file=sys.stderr)
    columns = (BarColumn(), TextColumn("{task.description}", markup=False))
    with Drawn(*columns, console=console, transient=True, disable=not console.is_terminal) as drawn:
        bar = drawn.add_task("", total=None)

        def listen(progress: Progress) -> None:
            drawn.update(
                bar, total=progress.total, completed=progress.done, description=line(progress)
            )

        yield listen


def line(progress: Progress) -> str:
    """Documents done of all, passages, rate and time left."""
    parts = [f"{progress.done} of {progress.total} files"]
    if progress.passages:
        parts.append(f"{progress.passages} passages")
    if progress.seconds > ROUGHLY and progress.done:
        rate = progress.done / progress.seconds
        parts.append(f"{rate:.0f} a second" if rate >= 1 else f"{60 * rate:.0f} a minute")
        parts.append(f"{_duration((progress.total - progress.done) / rate)} left")
    if progress.stage != "reading":
        parts.append(progress.stage)
    return ", ".join(parts)


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
