"""python -m index reindex | ask | search | status: the index from the command line."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.errors import QuothError
from index.passages import (
    Answer,
    Citation,
    Document,
    IndexStatus,
    NoAnswer,
    Passage,
    Progress,
    ReindexReport,
    RetrievedPassage,
)
from index.settings import IndexEnvironment, IndexSettings

if TYPE_CHECKING:
    from index.wiring import Index


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status is 0, or 1 with a sentence on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    asked = _parser().parse_args(arguments)
    try:
        return int(asked.run(_settings(asked), asked))
    except QuothError as error:
        print(error, file=sys.stderr)
    except ValidationError as error:
        for each in error.errors():
            name = "_".join(map(str, each["loc"])).upper()
            print(f"The setting {name} is wrong: {each['msg']}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m index", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--documents", type=Path, help="the folder of documents")
    common.add_argument("--storage", type=Path, help="where the index is kept")
    common.add_argument("--json", action="store_true", help="print JSON, one object a line")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    reindex = commands.add_parser("reindex", parents=[common], help="bring the index up to date")
    reindex.add_argument("--rebuild", action="store_true", help="read every file again")
    reindex.set_defaults(run=_reindex)

    ask = commands.add_parser("ask", parents=[common], help="answer questions")
    ask.add_argument("question", nargs="*")
    ask.add_argument("--file", type=argparse.FileType("r", encoding="utf-8"), help="one a line")
    ask.add_argument("--trace", action="store_true", help="say how each answer was found")
    ask.set_defaults(run=_ask)

    search = commands.add_parser("search", parents=[common], help="show the nearest passages")
    search.add_argument("question", nargs="+")
    search.add_argument("--limit", type=int, default=5)
    search.set_defaults(run=_search)

    status = commands.add_parser("status", parents=[common], help="say what the index holds")
    status.set_defaults(run=_status)
    return parser


def _settings(asked: argparse.Namespace) -> IndexSettings:
    given = {"documents": asked.documents, "storage": asked.storage}
    return IndexEnvironment(**{name: value for name, value in given.items() if value})


def _open(settings: IndexSettings, *, rebuild: bool = False) -> Index:
    from index.wiring import assemble

    return assemble(settings, rebuild=rebuild)


def _reindex(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings, rebuild=asked.rebuild) as index:
        report = index.reindex(progress=_tell, rebuild=asked.rebuild)
    print(json.dumps(as_json(report)) if asked.json else in_words(report))
    return 0


def _tell(progress: Progress) -> None:
    if sys.stderr.isatty():
        end = "\n" if progress.stage == "switching" else ""
        print(f"\r{progress.done} of {progress.total} files", end=end, file=sys.stderr, flush=True)


def _ask(settings: IndexSettings, asked: argparse.Namespace) -> int:
    lines = asked.file or ()
    questions = [*asked.question, *(line.strip() for line in lines if line.strip())]
    with _open(settings) as index:
        for question in questions:
            try:
                reply = index.ask(question)
            except QuothError as error:
                print(json.dumps({"question": question, "error": str(error)}) if asked.json
                      else error)  # fmt: skip
                continue
            if asked.json:
                print(json.dumps(as_json(reply, trace=asked.trace), ensure_ascii=False))
            else:
                print(_spoken(reply, trace=asked.trace))
    return 0


def _spoken(reply: Answer | NoAnswer, *, trace: bool) -> str:
    shown = reply.citations if isinstance(reply, Answer) else reply.nearest
    lines = [reply.text]
    if isinstance(reply, NoAnswer) and shown:
        lines += ["Nearest:", *(f"“{each.quote}” [{each.number}]" for each in shown)]
    lines += [_reference(each) for each in shown]
    if trace:
        lines.append(json.dumps({"confidence": reply.confidence, **reply.trace}, indent=1))
    return "\n".join([*lines, ""])


def _reference(citation: Citation) -> str:
    document = citation.document
    facts = [document.title, document.date and str(document.date), document.source]
    page = f"page {citation.page}" if citation.page else None
    return f"[{citation.number}] " + " · ".join(str(fact) for fact in [*facts, page] if fact)


def _search(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        for hit in index.search(" ".join(asked.question), asked.limit):
            if asked.json:
                print(json.dumps(as_json(hit), ensure_ascii=False))
            else:
                print(f"{hit.score:.2f}  {hit.passage.document.title}\n{hit.passage.text}\n")
    return 0


def _status(settings: IndexSettings, asked: argparse.Namespace) -> int:
    with _open(settings) as index:
        status = index.status()
    print(json.dumps(as_json(status)) if asked.json else _state(status))
    return 0


def _state(status: IndexStatus) -> str:
    built = f"{status.built:%Y-%m-%d %H:%M} UTC" if status.built else "not yet"
    lines = [
        f"documents  {status.documents}",
        f"passages   {status.passages}",
        f"sentences  {status.sentences}",
        f"built      {built}",
        f"model      {status.model} ({status.embedding})",
        f"reader     {status.reader or 'none'}",
        f"disk       {status.disk / 2**20:.1f} MiB",
    ]
    return "\n".join(
        [*lines, *(f"failed     {each.source}: {each.reason}" for each in status.failed)]
    )


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


def as_json(value: object, *, trace: bool = False) -> Any:
    """A noun as JSON, with the names of the Python API; a document without its text."""
    if isinstance(value, Document):
        return {
            "id": value.id,
            "source": value.source,
            "title": value.title,
            "date": as_json(value.date),
            "author": value.author,
        }
    if isinstance(value, Passage):
        return {"id": value.id, "start": value.start, "end": value.end, "text": value.text}
    if isinstance(value, RetrievedPassage):
        found = {each: as_json(getattr(value, each)) for each in ("passage", "score", "why")}
        return {**found, "document": as_json(value.passage.document)}
    if isinstance(value, (Answer, NoAnswer)):
        kind = {"answered": isinstance(value, Answer)}
        left_out = {"considered"} if trace else {"considered", "trace"}
        return kind | {k: as_json(v) for k, v in _fields(value).items() if k not in left_out}
    if dataclasses.is_dataclass(value):
        return {name: as_json(each) for name, each in _fields(value).items()}
    if isinstance(value, (tuple, list)):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _fields(value: object) -> dict[str, object]:
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}  # type: ignore[arg-type]


if __name__ == "__main__":
    sys.exit(main())
