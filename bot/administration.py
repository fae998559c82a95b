"""Reindexing and the state of things: the same for Telegram and the terminal."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from bot import words
from bot.conversation import Conversation
from bot.library import Library
from bot.replies import Block, Reply, sentence
from index.errors import QuothError
from index.passages import Failure, IndexStatus, Progress, ReindexReport
from index.ports import ProgressListener

NAMED = 10
"""So many sources of a kind are named in a report; the others are counted."""


class Administration:
    """One reindex at a time, with its progress and a way to stop it; and the status."""

    def __init__(
        self,
        library: Library,
        conversation: Conversation,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library, self._conversation, self._clock = library, conversation, clock
        self._started = clock()
        self._progress: Progress | None = None
        self._stop: threading.Event | None = None

    @property
    def reindexing(self) -> bool:
        return self._stop is not None

    @property
    def progress(self) -> str:
        """How far the running reindex is, in a line."""
        return progress_line(self._progress)

    def already_running(self) -> Reply:
        """What a second /reindex is told."""
        return sentence(words.REINDEX_RUNS.format(progress=self.progress.rstrip("…")))

    async def reindex(self, listener: ProgressListener | None = None) -> Reply:
        """Brings the index up to date; the report, or the sentence that says why not.

        `listener` hears of the progress from a thread.
        """
        if self._stop is not None:
            return self.already_running()
        stop = self._stop = threading.Event()

        def heard(progress: Progress) -> None:
            self._progress = progress
            if listener:
                listener(progress)

        try:
            report = await self._library.reindex(heard, stop.is_set)
        except QuothError as error:
            return sentence(str(error))
        finally:
            self._stop = self._progress = None
        self._conversation.forget()
        return _reported(report)

    def cancel(self) -> Reply:
        """Asks a running reindex to stop; it does so at the next file."""
        if self._stop is None:
            return sentence(words.REINDEX_NOTHING_RUNS)
        self._stop.set()
        return sentence(words.REINDEX_STOPPING)

    async def status(self) -> Reply:
        """What the index holds and how the bot is."""
        try:
            status = await self._library.status()
        except QuothError as error:
            return sentence(str(error))
        lines = [*_held(status), *self._lived()]
        if self.reindexing:
            lines.append(f"Reindex: {self.progress}")
        text = "\n".join(lines)
        return Reply((Block(text, bold=((0, len(lines[0])),)), *_failures(status.failed)))

    def _lived(self) -> list[str]:
        counts = self._conversation.counts
        asked = words.counted(counts.questions, "question")
        refused = words.counted(counts.refusals, "refusal")
        return [
            f"Memory: {words.spoken_size(_memory())}",
            f"Running for {words.spoken_duration(self._clock() - self._started)}: "
            f"{asked}, {refused}",
        ]


class Spaced:
    """Tells progress as lines: each stage, and within a stage one in a few seconds."""

    def __init__(
        self,
        tell: Callable[[str], None],
        *,
        seconds: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tell, self._seconds, self._clock = tell, seconds, clock
        self._stage, self._told = "", -seconds

    def __call__(self, progress: Progress) -> None:
        now = self._clock()
        if progress.stage != self._stage or now - self._told >= self._seconds:
            self._stage, self._told = progress.stage, now
            self._tell(progress_line(progress))


def progress_line(progress: Progress | None) -> str:
    """How far a reindex is, in words."""
    match progress:
        case Progress(stage="reading"):
            return words.READING.format(done=progress.done, total=progress.total)
        case Progress(stage="embedding"):
            passages = words.counted(progress.passages, "passage")
            return words.EMBEDDING.format(
                done=progress.done, total=progress.total, passages=passages
            )
        case Progress():
            return words.SWITCHING
    return words.REINDEXING


def _reported(report: ReindexReport) -> Reply:
    changes = (*report.added, *report.changed, *report.removed)
    head = words.REINDEX_DONE if changes or report.failed else words.REINDEX_SAME
    counts = [
        f"{len(report.added):,} added, {len(report.changed):,} changed, "
        f"{len(report.removed):,} removed, {report.unchanged:,} unchanged, "
        f"{len(report.failed):,} failed",
        f"{words.counted(len(report.duplicates), 'duplicate')}, "
        f"{words.spoken_duration(report.seconds)}",
    ]
    blocks = [
        Block(head, bold=((0, len(head)),)),
        Block("\n".join(counts), tight=True),
        *_listed("Failed", [f"{each.source}: {each.reason}" for each in report.failed]),
        *_listed("Added", report.added),
        *_listed("Changed", report.changed),
        *_listed("Removed", report.removed),
        *_listed("Duplicates", [f"{copy} repeats {first}" for copy, first in report.duplicates]),
    ]
    return Reply(tuple(blocks))


def _listed(kind: str, lines: Sequence[str]) -> Iterable[Block]:
    """A heading and the lines, folded; nothing without lines."""
    if not lines:
        return []
    shown = [f"• {_within(line)}" for line in lines[:NAMED]]
    if len(lines) > NAMED:
        shown.append(words.MORE.format(count=f"{len(lines) - NAMED:,}"))
    text = "\n".join(shown)
    return [Block(f"{kind}:"), Block(text, quoted=True, folded=len(shown) > 3, tight=True)]


def _within(line: str, limit: int = 300) -> str:
    flat = " ".join(line.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"


def _held(status: IndexStatus) -> list[str]:
    documents = words.counted(status.documents, "document")
    built = f"{status.built:%Y-%m-%d %H:%M} UTC" if status.built else "not built yet"
    return [
        f"{documents}, {words.counted(status.passages, 'passage')}, "
        f"{words.counted(status.sentences, 'sentence')}",
        f"Index: {built} (generation {status.generation})",
        f"Model: {status.model}, {status.embedding}",
        f"Reader: {status.reader or 'none'}",
        f"Disk: {words.spoken_size(status.disk)}",
    ]


def _failures(failed: Sequence[Failure]) -> Iterable[Block]:
    lines = [f"{each.source}: {each.reason}" for each in failed]
    return _listed("Files that could not be read", lines)


def _memory() -> int:
    """Bytes of memory this process holds now; its highest where the system does not say."""
    try:
        resident = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        import resource

        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return highest if sys.platform == "darwin" else highest * 1024
    import resource

    return resident * resource.getpagesize()
