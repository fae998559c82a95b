"""A program under measurement, in a process of its own.

    python -m bench.contender KIND DOCUMENTS STORAGE

KIND is `ours`, `ours-without-reader`, `stock` or `stock-with-reader`. Each line of its standard
input is a command in JSON, `[name, text…]`, and is answered by a line in JSON: the seconds that it
took, or what was asked for. An earlier release runs by this same file, with its own `index` in
front on the path.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index.ports import Embedder

LIMIT = 10
"""Passages that a retrieval gives, as the stock pipeline does."""


class Contender(Protocol):
    """What is measured of a program; every method does its work once and keeps nothing of it."""

    def retrieve(self, question: str) -> object: ...
    def answer(self, question: str) -> object: ...
    def embed(self, texts: Sequence[str]) -> object: ...


class Ours:
    """Quoth's index, brought up to date, with or without its reader."""

    def __init__(self, documents: Path, storage: Path, reader: str) -> None:
        from index import open_index

        self._index = open_index(documents=documents, storage=storage, reader_model=reader)
        self._index.reindex()
        self._storage = storage.absolute()

    def retrieve(self, question: str) -> object:
        return self._index.search(question, LIMIT)

    def answer(self, question: str) -> object:
        return self._index.ask(question)

    def embed(self, texts: Sequence[str]) -> object:
        return self._embedder.embed(texts)

    @cached_property
    def _embedder(self) -> Embedder:
        from index.embedding import open_embedder

        return open_embedder("default", self._storage)


class Stock:
    """llama-index and Chroma; with a reader, what one would write to read its chunks."""

    def __init__(self, documents: Path, storage: Path, *, reader: bool) -> None:
        from bench.stock import StockPipeline, reading_pipeline

        self._pipeline = StockPipeline(documents, storage)
        self._read = reading_pipeline() if reader else None

    def retrieve(self, question: str) -> object:
        return self._pipeline.ask(question)

    def answer(self, question: str) -> object:
        chunks = self._pipeline.ask(question)
        if self._read is None:
            return chunks
        return self._read(question, [each.text for each in chunks])

    def embed(self, texts: Sequence[str]) -> object:
        from bench.stock import sentence_transformer

        return sentence_transformer().encode(list(texts), show_progress_bar=False)


def contender(kind: str, documents: Path, storage: Path) -> Contender:
    """The program of that kind. Raises ValueError for another word."""
    match kind:
        case "ours":
            return Ours(documents, storage, "default")
        case "ours-without-reader":
            return Ours(documents, storage, "none")
        case "stock" | "stock-with-reader":
            return Stock(documents, storage, reader=kind != "stock")
    raise ValueError(f"no contender {kind!r}")


def timed(work: Callable[[], object]) -> float:
    """Seconds of the wall clock."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def resident(process: int | str = "self") -> float:
    """MiB of a process in memory now; what it shares with others counts in each."""
    pages = int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def together(program: Contender, questions: Sequence[str], threads: int) -> float:
    """Seconds for all of the questions, by so many threads."""
    with ThreadPoolExecutor(threads) as pool:
        return timed(lambda: list(pool.map(program.retrieve, questions)))


def obey(program: Contender, name: str, texts: Sequence[str]) -> object:
    """What a command asks for: seconds for each text, seconds for all, or MiB."""
    match name:
        case "retrieve":
            return [timed(partial(program.retrieve, each)) for each in texts]
        case "answer":
            return [timed(partial(program.answer, each)) for each in texts]
        case "embed":
            return timed(lambda: program.embed(texts))
        case "memory":
            return resident()
    return together(program, texts, int(name.removeprefix("threads ")))


def main() -> None:
    """Open, say so, and obey until the input ends."""
    kind, documents, storage = sys.argv[1:4]
    program = contender(kind, Path(documents), Path(storage))
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        name, *texts = json.loads(line)
        print(json.dumps(obey(program, name, texts)), flush=True)


if __name__ == "__main__":
    main()
