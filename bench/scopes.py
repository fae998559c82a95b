"""What documents that people add cost: those who have none, and those who have some.

    python -m bench.scopes [--folder N] [--people N] [--work FOLDER] [--questions N]

A folder of made-up documents (`bench.growth`, with its small model) is asked for everybody before
and after people added one document each, and by people who have 1, 10 and 100 documents, in turn.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.contender import timed
from bench.growth import grow, questions, sentences, settings_of
from bench.speed import percentile
from index.scopes import PUBLIC, Scopes
from index.wiring import Index, assemble

OWN = (1, 10, 100)
"""Documents of the people who ask; each has a hundred sentences."""
WARM = 5


def add(index: Index, scope: str, numbers: Sequence[int]) -> float:
    """Adds made-up documents for a scope; seconds that one took, at the median."""
    took = []
    for number in numbers:
        content = f"Report {number}\n\n{' '.join(sentences(number))}".encode()
        took.append(timed(partial(index.add, f"{number}.txt", content, scope)))
    return percentile(took, 0.5)


def ask(index: Index, asked: Sequence[str], askers: Mapping[str, Scopes]) -> dict[str, list[float]]:
    """Seconds of each question for each asker, one after the other in turn."""
    took: dict[str, list[float]] = {name: [] for name in askers}
    for number, question in enumerate(asked):
        for name, scopes in askers.items():
            seconds = timed(partial(index.search, question, scopes=scopes))
            if number >= WARM:
                took[name].append(seconds)
    return took


def table(took: Mapping[str, Sequence[float]]) -> Table:
    made = Table("asker", "retrieval p50", "p95")
    for name, each in took.items():
        p50, p95 = percentile(each, 0.5), percentile(each, 0.95)
        made.add_row(name, f"{1000 * p50:.1f} ms", f"{1000 * p95:.1f} ms")
    return made


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        grow(work, given.folder)
        asked = questions(given.questions)
        with assemble(settings_of(work)) as index:
            before = ask(index, asked, {"everybody, nobody has any": PUBLIC})
            for person in range(given.people):
                add(index, f"person:{person}", [10**6 + person])
            owners = {count: f"owner:{count}" for count in OWN}
            last = [add(index, scope, range(count)) for count, scope in owners.items()][-1]
            told = {"everybody, others have some": PUBLIC}
            told |= {f"with {count} of their own": Scopes.of(s) for count, s in owners.items()}
            took = before | ask(index, asked, told)
    Console().print(table(took))
    Console().print(f"Adding one of {OWN[-1]}: {last:.2f} s")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=int, default=20_000, help="sentences of the folder")
    parser.add_argument("--people", type=int, default=200, help="others with a document each")
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--work", type=Path, help="where it is made, and left")
    return parser.parse_args()


if __name__ == "__main__":
    main()
