"""What a reindex did, and what the index holds, as replies for admins. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot import words
from bot.replies import Block, Button, Enclosure, Reply, sentence
from index.passages import Failure, Generation, IndexStatus, ReindexReport

NAMED = 10
"""So many sources of a kind are named in a report; the others are counted."""
LONGEST_LINE = 300
ALL_FAILURES = "failures:"
"""What the button below a report carries: the list as it is when it is pressed."""


def reported(report: ReindexReport) -> Reply:
    """What a reindex did; a button below it gives all failures."""
    head = words.REINDEX_DONE if report.changes or report.failed else words.REINDEX_SAME
    blocks = [
        Block(head, bold=((0, len(head)),)),
        Block(counts(report), tight=True),
        *([Block(words.FOLDER_EMPTY)] if _found_nothing(report) else []),
        *_listed(words.FAILED, _lines(report.failed)),
        *_listed(words.ADDED, report.added),
        *_listed(words.CHANGED, report.changed),
        *_listed(words.REMOVED, report.removed),
        *_listed(words.DUPLICATES, [_repeats(*pair) for pair in report.duplicates]),
    ]
    return Reply(tuple(blocks), failures_button(report.failed))


def _found_nothing(report: ReindexReport) -> bool:
    return not (report.added or report.changed or report.unchanged or report.failed)


def counts(report: ReindexReport) -> str:
    """How many of each kind, and how long it took."""
    return words.REINDEX_COUNTS.format(
        added=f"{len(report.added):,}",
        changed=f"{len(report.changed):,}",
        removed=f"{len(report.removed):,}",
        unchanged=f"{report.unchanged:,}",
        failed=f"{len(report.failed):,}",
        duplicates=words.counted(len(report.duplicates), "duplicate"),
        seconds=words.spoken_duration(report.seconds),
    )


def held(status: IndexStatus, kept: Sequence[Generation]) -> list[str]:
    """What the index holds, and the versions that are kept of it, in lines."""
    built = words.moment(status.built) if status.built else words.NOT_BUILT
    documents = words.counted(status.documents, "document")
    passages = words.counted(status.passages, "passage")
    sentences = words.counted(status.sentences, "sentence")
    before = ", ".join(str(each.number) for each in kept if not each.current)
    return [
        f"{documents}, {passages}, {sentences}",
        words.STATUS_INDEX.format(built=built, number=status.generation),
        *([words.STATUS_KEPT.format(versions=before)] if before else []),
        words.STATUS_MODEL.format(model=status.model, how=status.embedding),
        words.STATUS_READER.format(reader=status.reader or words.NONE),
        words.STATUS_DISK.format(size=words.spoken_size(status.disk)),
    ]


def failures(failed: Sequence[Failure]) -> list[Block]:
    """The files that could not be read, the first of them with the reason; empty without any."""
    return _listed(words.NOT_READ, _lines(failed))


def failures_button(failed: Sequence[Failure]) -> tuple[tuple[Button, ...], ...]:
    """The button that gives all of them; none without failures."""
    return ((Button(words.ALL_FAILURES, ALL_FAILURES),),) if failed else ()


def all_failures(failed: Sequence[Failure]) -> Reply:
    """All of them as a text file."""
    if not failed:
        return sentence(words.FAILURES_NONE)
    text = "".join(f"{' '.join(line.split())}\n" for line in _lines(failed))
    files = words.counted(len(failed), "file")
    return Reply(
        (Block(words.FAILURES_FILE.format(files=files)),),
        # With a mark, so that no viewer takes it for another encoding.
        enclosed=Enclosure("failures.txt", text.encode("utf-8-sig", "replace")),
    )


def _lines(failed: Sequence[Failure]) -> list[str]:
    return [f"{each.source}: {each.reason}" for each in failed]


def _repeats(copy: str, first: str) -> str:
    return words.REPEATS.format(copy=copy, first=first)


def _listed(heading: str, lines: Sequence[str]) -> list[Block]:
    """A heading and the lines, folded; nothing without lines."""
    if not lines:
        return []
    shown = [f"• {within(line, LONGEST_LINE)}" for line in lines[:NAMED]]
    if len(lines) > NAMED:
        shown.append(words.MORE.format(count=f"{len(lines) - NAMED:,}"))
    text = "\n".join(shown)
    return [Block(heading), Block(text, quoted=True, folded=len(shown) > 3, tight=True)]


def within(line: str, limit: int) -> str:
    """A line without line ends, at most so long."""
    flat = " ".join(line.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"
