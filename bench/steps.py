"""Where the time of a question goes: the median milliseconds of each of its steps.

    python -m bench.steps FOLDER… [--limit N]

Over the index that `bench.quality` keeps of these question sets. Each step is the function that the
question's road goes through, timed where it is called; what a step calls counts to it as well.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

from rich.console import Console
from rich.table import Table

from bench.quality import HOME, kept_index, key_of
from bench.sets import SetUnusable, load_sets, sample
from index import answering, open_index, reading, retrieval
from index.catalog import Snapshot
from index.embedding import OnnxEmbedder
from index.span_reader import OnnxReader
from index.vector_search import VectorSearch
from index.vectors import ChromaVectors

STEPS: Sequence[tuple[str, Any, str]] = (
    ("the question's vector", OnnxEmbedder, "embed"),
    ("its words: frequencies, spelling, time", retrieval, "taken_apart"),
    ("nearest passages", VectorSearch, "nearest"),
    ("  … of that Chroma's query", ChromaVectors, "nearest"),
    ("full text", Snapshot, "match"),
    ("passages from the catalog", Snapshot, "passages"),
    ("scores of the candidates", retrieval, "_candidates"),
    ("their order", retrieval, "ranked"),
    ("reading and weighing", reading.EvidenceFinder, "find"),
    ("  … of that the reader's model", OnnxReader, "read"),
    ("quotes", answering, "quotes"),
)


@contextmanager
def timed(took: dict[str, list[float]]) -> Iterator[None]:
    """Adds the milliseconds of each step to the last entry of its list."""

    def watched(name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(step)
        def call(*args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the step takes
            began = time.perf_counter()
            try:
                return step(*args, **named)
            finally:
                took[name][-1] += 1000 * (time.perf_counter() - began)

        return call

    patches = [patch.object(of, name, watched(said, getattr(of, name))) for said, of, name in STEPS]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def main() -> int:
    """Prints the table; 2 when there is no index yet."""
    parser = argparse.ArgumentParser(prog="python -m bench.steps", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=60, help="questions a set")
    given = parser.parse_args()
    try:
        sets = load_sets(given.folders)
        storage = kept_index(sets)
    except SetUnusable as error:
        print(error, file=sys.stderr)
        return 2
    asked = [one.text for each in sets for one in sample(each.questions, given.limit, 2)]
    took: dict[str, list[float]] = defaultdict(lambda: [0.0])
    with open_index(HOME / "documents" / key_of(sets), storage) as index:
        for question in asked[:10]:
            index.ask(question)
        with timed(took):
            for question in asked:
                for name, *_ in (("all", None), *STEPS):
                    took[name].append(0.0)
                began = time.perf_counter()
                index.ask(question)
                took["all"][-1] += 1000 * (time.perf_counter() - began)
    table = Table("step", "ms, median", "ms, 95 of 100")
    for name, *_ in (*STEPS, ("all", None)):
        times = sorted(took[name][1:])
        table.add_row(
            name, f"{statistics.median(times):.1f}", f"{times[int(0.95 * len(times))]:.1f}"
        )
    Console().print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
