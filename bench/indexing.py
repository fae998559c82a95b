"""How fast and how large indexing is, beside the stock pipeline on the same files.

    python -m bench.indexing                       rates, and reindexing 5,000 documents
    python -m bench.indexing --memory 50000        and the memory of indexing so many short ones
    python -m bench.indexing --work .bench/here    keep what is made there

The documents are made here, from a few hundred words. Each program embeds with the same model.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.contender import resident
from index.settings import IndexSettings
from index.wiring import Index, assemble

NAMES = """Aster Bruno Carla Dorian Edda Falk Gesine Hanno Ilse Jonas Klara Lorenz Mara Nils Otti
Paula Quirin Rahel Sven Tilda Ute Veit Wanda Xaver Yara Zeno""".split()
PLACES = """Altmoor Birkfeld Cranz Dornau Ellersee Farnwald Gollin Hasenried Ilmtal Jarmen Kolberg
Lindau Mohlsdorf Nesse Oderin Pagram Quellbach Rehna Soltau Tarnow Ulmen Varel Wieda""".split()
THINGS = """bridge mill orchard ferry lighthouse archive brewery station quarry theatre canal market
chapel observatory harbour library workshop vineyard dam tower garden school""".split()
VERBS = "opened closed rebuilt surveyed sold restored flooded moved painted described".split()
QUALITIES = "old narrow famous quiet wooden northern copper abandoned green crowded".split()
EXTRAS = """because the river had risen after weeks of rain; although the council asked for
more time; before the winter storms reached the coast; so that the children of both villages could
use it; while the newspapers wrote about little else""".replace("\n", " ").split("; ")
LONG, SHORT = 12, 3
"""Sentences of a document: side by side and for reindexing, and of a short one."""
SAMPLED_EVERY = 0.2
"""Seconds between two looks at the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Documents a second, on the same files."""

    documents: int
    sentences: int
    ours: float
    stock: float

    @property
    def times(self) -> float:
        return self.ours / self.stock


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Seconds to index so many documents, and to index them again."""

    documents: int
    first: float
    nothing_changed: float
    one_changed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The most memory of the program and its children together, in MiB, by quarter of the run."""

    documents: int
    sentences: int
    seconds: float
    quarters: tuple[float, ...]

    @property
    def peak(self) -> float:
        return max(self.quarters)


def make_documents(folder: Path, count: int, sentences: int, seed: int = 1) -> Path:
    """So many text files of so many sentences, in folders of 500; the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        path = folder / f"{number // 500:03}" / f"{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        title = f"{_thing(chance)} of {chance.choice(PLACES)}, report {number}".capitalize()
        body = [_sentence(chance) for _ in range(sentences)]
        paragraphs = [" ".join(body[at : at + 4]) for at in range(0, sentences, 4)]
        path.write_text("\n\n".join([title, *paragraphs]) + "\n", "utf-8")
    return folder


def _thing(chance: random.Random) -> str:
    return f"the {chance.choice(QUALITIES)} {chance.choice(THINGS)}"


def _sentence(chance: random.Random) -> str:
    return (
        f"In {chance.randint(1700, 2020)} {chance.choice(NAMES)} {chance.choice(NAMES)} "
        f"{chance.choice(VERBS)} {_thing(chance)} near {chance.choice(PLACES)} "
        f"{chance.choice(EXTRAS)}."
    )


def side_by_side(work: Path, count: int) -> Rates:
    """Both index the same files; models are loaded before the time runs."""
    documents = make_documents(work / "side", count, LONG)
    with opened(documents, work / "ours") as index:
        index.search("what was opened")
        ours = seconds(index.reindex)
        sentences = index.status().sentences
    return Rates(
        documents=count,
        sentences=sentences,
        ours=count / ours,
        stock=count / _stock(documents, work),
    )


def _stock(documents: Path, work: Path) -> float:
    from llama_index.core.embeddings import BaseEmbedding

    from bench.stock import StockPipeline

    class Timed(StockPipeline):
        took = 0.0

        def _build(self, folder: Path, embedding: BaseEmbedding) -> None:
            embedding.get_text_embedding("warm up")
            self.took = seconds(lambda: super(Timed, self)._build(folder, embedding))

    shutil.rmtree(work / "stock", ignore_errors=True)
    return Timed(documents, work / "stock").took


def again(work: Path, count: int) -> Again:
    """The first time, with nothing changed, and with one document changed."""
    documents = make_documents(work / "again", count, LONG, seed=2)
    with opened(documents, work / "again-index") as index:
        index.search("what was opened")
        first = seconds(index.reindex)
        time.sleep(2.1)  # a file is trusted by its time when it is older than the clock's grain
        index.reindex()
        unchanged = seconds(index.reindex)
        changed = documents / "000" / "000007.txt"
        with changed.open("a", encoding="utf-8") as file:
            file.write("\nIt was painted blue in the end.\n")
        one = seconds(index.reindex)
    return Again(documents=count, first=first, nothing_changed=unchanged, one_changed=one)


def memory(work: Path, count: int) -> Memory:
    """Indexes short documents in a process of its own, and watches its memory from here."""
    documents = make_documents(work / "many", count, SHORT, seed=3)
    opened(documents, work / "many-index").close()  # exports the model, once, with torch
    process = multiprocessing.get_context("spawn").Process(
        target=_index_once, args=(documents, work / "many-index")
    )
    began = time.monotonic()
    process.start()
    samples = _watched(process)
    took = time.monotonic() - began
    with opened(documents, work / "many-index", fresh=False) as index:
        sentences = index.status().sentences
    size = -(-len(samples) // 4)
    quarters = tuple(max(samples[at : at + size]) for at in range(0, len(samples), size))
    return Memory(documents=count, sentences=sentences, seconds=took, quarters=quarters)


def _index_once(documents: Path, storage: Path) -> None:
    with opened(documents, storage, fresh=False) as index:
        index.reindex()


def _watched(process: multiprocessing.process.BaseProcess) -> list[float]:
    samples = []
    while process.is_alive():
        samples.append(sum(map(_resident, [process.pid or 0, *_below(process.pid or 0)])))
        process.join(SAMPLED_EVERY)
    if process.exitcode:
        raise RuntimeError(f"indexing ended with {process.exitcode}")
    return samples


def _below(pid: int) -> list[int]:
    """The children of a process, and theirs; one that is just being started still has all of its
    parent's memory, which counts once.
    """
    found = []
    command = _command(pid)
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = [int(each) for each in task.read_text().split()]
        except OSError:
            continue
        for child in children:
            if _command(child) != command:
                found += [child, *_below(child)]
    return found


def _command(pid: int) -> bytes:
    """The command line of a process; empty when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _resident(pid: int) -> float:
    """MiB of a process; 0 when it has ended."""
    try:
        return resident(pid)
    except (OSError, IndexError):
        return 0.0


def opened(documents: Path, storage: Path, *, fresh: bool = True) -> Index:
    """An index over the documents; what was there before goes when `fresh`, but for the model."""
    if fresh and storage.exists():
        for each in storage.iterdir():
            if each.name != "models":
                shutil.rmtree(each) if each.is_dir() else each.unlink()
    return assemble(IndexSettings(documents=documents, storage=storage, reader_model="none"))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--side", type=int, default=400, help="documents to index side by side")
    parser.add_argument("--again", type=int, default=5000, help="documents to index again")
    parser.add_argument("--memory", type=int, default=0, help="short documents to index at once")
    parser.add_argument("--work", type=Path, help="where to make documents and indexes")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        found: list[Rates | Again | Memory] = []
        if given.side:
            found.append(side_by_side(work, given.side))
        if given.again:
            found.append(again(work, given.again))
        if given.memory:
            found.append(memory(work, given.memory))
    if given.json:
        print(json.dumps({type(each).__name__.lower(): asdict(each) for each in found}))
        return
    table = Table("measure", "found", "goal")
    for each in found:
        for row in rows(each):
            table.add_row(*row)
    Console().print(table)


def rows(found: Rates | Again | Memory) -> list[tuple[str, str, str]]:
    """(measure, found, goal) for people."""
    match found:
        case Rates():
            return [
                ("documents a second", f"{found.ours:.1f}", ""),
                ("stock: documents a second", f"{found.stock:.1f}", ""),
                ("times as fast", f"{found.times:.1f}", "at least 4"),
            ]
        case Again():
            share = found.nothing_changed / found.first
            return [
                (f"{found.documents} documents: the first time", f"{found.first:.1f} s", ""),
                ("nothing changed", f"{found.nothing_changed:.2f} s, {share:.2%}", "under 1 %"),
                ("one changed", f"{found.one_changed:.2f} s", "under 2 s"),
            ]
        case Memory():
            quarters = ", ".join(f"{each:.0f}" for each in found.quarters)
            return [
                (f"{found.documents} short documents", f"{found.seconds:.0f} s", ""),
                ("largest memory", f"{found.peak:.0f} MiB", "under 1,229 MiB"),
                ("by quarter", f"{quarters} MiB", "flat"),
            ]


if __name__ == "__main__":
    main()
