"""The commands that look after an index: reindex, verify, rollback, forget, export and import."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.as_json import as_json
from index.errors import QuothError
from index.passages import ReindexReport
from index.progress_bar import shown
from index.settings import IndexSettings

if TYPE_CHECKING:
    from index.wiring import Index

Command = Callable[[IndexSettings, argparse.Namespace], int]
Adding = Callable[[str, str, Command], argparse.ArgumentParser]


def add_commands(add: Adding) -> None:
    """Adds each command with its arguments; `add` takes its name, its help and what runs it."""
    command = add("reindex", "bring the index up to date", reindex)
    command.add_argument("--rebuild", action="store_true", help="read every file again")
    command.add_argument("--watch", action="store_true", help="and again whenever a file changes")
    command = add("verify", "check that what is stored is whole", verify)
    command.add_argument("--repair", action="store_true", help="mend what can be mended")
    add("versions", "list the versions of the index that are kept", versions)
    command = add("rollback", "go back to the version before", rollback)
    command.add_argument("--yes", action="store_true", help="do not ask")
    command = add("forget", "take a document out of the index, and out of all versions", forget)
    command.add_argument("source", help="the file, as `python -m index search --json` names it")
    command = add("export", "write the whole index to one file", export)
    command.add_argument("file", type=Path)
    command.add_argument(
        "--private", action="store_true", help="with what people added for themselves or a group"
    )
    command = add("import", "take over an exported index in place of this one", take_over)
    command.add_argument("file", type=Path)


def reindex(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings, rebuild=asked.rebuild) as index, _interruptible() as stop:
        with shown() as progress:
            report = index.reindex(progress, stop.is_set, rebuild=asked.rebuild)
        _print(report, asked)
        if asked.watch:
            print(f"Watching {settings.documents}; Ctrl-C ends it.", file=sys.stderr)
            index.keep_up(lambda each: _print(each, asked), stop, watch=True)
    return 0


def verify(settings: IndexSettings, asked: argparse.Namespace) -> int:
    from index.verifying import describe

    with _open(settings) as index:
        found = index.verify(repair=asked.repair)
    if asked.json:
        print(json.dumps(as_json(found)))
    else:
        print(describe(found))
    return 0 if found.whole else 1


def versions(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        for each in index.generations():
            if asked.json:
                print(json.dumps(as_json(each)))
            else:
                now = "  <- questions are answered from this one" if each.current else ""
                built = f"{each.built:%Y-%m-%d %H:%M} UTC"
                print(f"{each.number}  {built}  {each.documents} documents{now}")
    return 0


def rollback(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        if not asked.yes and not _confirmed("Go back to the version before?"):
            print("Nothing was changed.")
            return 1
        to = index.rollback()
    print(
        f"Questions are answered from version {to.number} of {to.built:%Y-%m-%d %H:%M} UTC. "
        "The next reindex takes over the folder as it is then."
    )
    return 0


def forget(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        files = index.forget(asked.source)
    if not files:
        print(f"The index holds no {asked.source}.", file=sys.stderr)
        return 1
    print("Forgotten: " + ", ".join(files))
    left = [file for file in files if (settings.documents / file).exists()]
    if left:
        print("Still in the folder, and left out by .quothignore: " + ", ".join(left))
    return 0


def export(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        index.export(asked.file, private=asked.private)
    print(f"{asked.file}: {asked.file.stat().st_size / 2**20:.1f} MiB")
    return 0


def take_over(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        index.take_over(asked.file)
        status = index.status()
    print(f"{status.documents} documents, {status.sentences} sentences.")
    return 0


def in_words(report: ReindexReport) -> str:
    """The report in lines for a person."""
    counts = [
        f"{len(report.added)} added",
        f"{len(report.changed)} changed",
        f"{len(report.removed)} removed",
        f"{report.unchanged} unchanged",
        f"{len(report.failed)} failed",
        f"{len(report.duplicates)} duplicates",
    ]
    lines = [", ".join(counts) + f", in {report.seconds:.1f} seconds"]
    lines += [f"  failed: {each.source}: {each.reason}" for each in report.failed]
    lines += [f"  duplicate: {again} repeats {first}" for again, first in report.duplicates]
    return "\n".join(lines)


def _open(settings: IndexSettings, *, rebuild: bool = False) -> Index:
    from index.wiring import assemble

    return assemble(settings, rebuild=rebuild)


def _print(outcome: ReindexReport | QuothError, asked: argparse.Namespace) -> None:
    if isinstance(outcome, QuothError):
        print(outcome, file=sys.stderr, flush=True)
    else:
        text = json.dumps(as_json(outcome)) if asked.json else in_words(outcome)
        print(text, flush=True)


def _confirmed(question: str) -> bool:
    try:
        return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:
        return False


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that the first Ctrl-C sets; the second one interrupts."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def asked_to_stop(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, asked_to_stop)
    try:
        yield stop
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, before)
