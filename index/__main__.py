"""The index from the command line: python -m index COMMAND."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from index.as_json import as_json
from index.errors import QuothError
from index.passages import (
    Answer,
    Citation,
    IndexStatus,
    NoAnswer,
)
from index.settings import IndexEnvironment, IndexSettings, what_is_wrong
from index.upkeep import Command, add_commands

if TYPE_CHECKING:
    from index.wiring import Index


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status is 0, or 1 with a sentence on standard error."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    asked = _parser().parse_args(arguments)
    try:
        status = int(asked.run(_settings(asked), asked))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read has seen enough (`| head`); Python must not try to write the rest at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except QuothError as error:
        print(error, file=sys.stderr)
    except ValidationError as error:
        print("\n".join(what_is_wrong(error)), file=sys.stderr)
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

    def add(name: str, help: str, run: Command) -> argparse.ArgumentParser:
        command = commands.add_parser(name, parents=[common], help=help)
        command.set_defaults(run=run)
        return command

    add_commands(add)
    ask = commands.add_parser("ask", parents=[common], help="answer questions")
    ask.add_argument("question", nargs="*")
    ask.add_argument("--file", type=argparse.FileType("r", encoding="utf-8-sig"), help="one a line")
    ask.add_argument("--trace", action="store_true", help="say how each answer was found")
    ask.set_defaults(run=_ask, refuse=ask.error)

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


def _open(settings: IndexSettings) -> Index:
    from index.wiring import assemble

    return assemble(settings)


def _ask(settings: IndexSettings, asked: argparse.Namespace) -> int:
    status = 0
    questions = _questions(asked)
    with _open(settings) as index:
        for question in questions:
            try:
                reply = index.ask(question)
            except QuothError as error:
                status = 1
                if asked.json:
                    print(json.dumps({"question": question, "error": str(error)}))
                print(error, file=sys.stderr)
                continue
            if asked.json:
                print(json.dumps(as_json(reply, trace=asked.trace), ensure_ascii=False))
            else:
                print(_spoken(reply, trace=asked.trace))
    return status


def _questions(asked: argparse.Namespace) -> list[str]:
    """What is asked, that of a file last. Ends the program where the arguments cannot be used."""
    if not asked.question and not asked.file:
        asked.refuse("ask a question, or give a --file of questions")
    try:
        lines = [line.strip() for line in asked.file or ()]
    except UnicodeDecodeError:
        asked.refuse(f"{asked.file.name} is not text in UTF-8")
    return [*asked.question, *filter(None, lines)]


def _spoken(reply: Answer | NoAnswer, *, trace: bool) -> str:
    shown = reply.citations if isinstance(reply, Answer) else reply.nearest
    quotes = [f"“{each.quote}” [{each.number}]" for each in shown]
    lines = [reply.text]
    if isinstance(reply, NoAnswer):
        lines += [reply.asks] if reply.asks else []
        lines += ["Nearest:", *quotes] if shown else []
    elif reply.prose:
        lines += quotes
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


if __name__ == "__main__":
    sys.exit(main())
