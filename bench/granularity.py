"""One vector a sentence, or one a passage: what each finds, and what each costs in Chroma.

    python -m bench.granularity FOLDER…

The index that `bench.quality` keeps over these sets has a vector for each sentence; a passage's is
the mean of them. For each answerable question: is the gold passage among the nearest, by either?
Then both are put into Chroma, in a process each, and asked.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.contender import resident
from bench.quality import kept_index
from bench.scoring import squeeze
from bench.sets import Question, SetUnusable, load_sets, sample
from bench.speed import percentile
from index.catalog import Catalog, means, unpack
from index.embedding import DEFAULT, open_embedder
from index.ports import Vectors
from index.vectors import ChromaVectors

NEAREST = (10, 30, 50)


@dataclass(frozen=True, slots=True)
class Held:
    """Every passage's text, the vectors of all sentences, how many each passage has, and their
    means.
    """

    texts: list[str]
    sentences: Vectors
    counts: list[int]
    passages: Vectors


def held_by(catalog: Catalog) -> Held:
    """What the current generation holds."""
    with catalog.snapshot() as snapshot:
        packed = list(snapshot.packed_vectors(waiting=False))
        stored = snapshot.passages([each.row for each in packed])
    sentences = np.concatenate([unpack(each.packed, each.count) for each in packed])
    counts = [each.count for each in packed]
    texts = [squeeze(each.passage.text) for each in stored]
    return Held(texts, sentences, counts, means(sentences, counts))


def rank(scores: np.ndarray, texts: Sequence[str], question: Question) -> int:
    """How many passages are nearer than the nearest that lies in the gold one."""
    gold = squeeze(question.passage)
    order = np.argsort(-scores, kind="stable")
    return next((at for at, row in enumerate(order) if texts[row] in gold), len(texts))


def found(held: Held, asked: Vectors, questions: Sequence[Question]) -> dict[str, list[int]]:
    """The rank of each question's gold passage, by the best sentence and by the mean."""
    first = np.cumsum([0, *held.counts[:-1]])
    ranks: dict[str, list[int]] = {"sentence": [], "passage": []}
    for vector, question in zip(asked, questions, strict=True):
        best = np.maximum.reduceat(held.sentences @ vector, first)
        ranks["sentence"].append(rank(best, held.texts, question))
        ranks["passage"].append(rank(held.passages @ vector, held.texts, question))
    return ranks


def in_chroma(vectors: Vectors, asked: Vectors, told: multiprocessing.SimpleQueue) -> None:
    """Tells (seconds to put them in, MiB that took, median ms of a question)."""
    with tempfile.TemporaryDirectory() as folder:
        store = ChromaVectors(Path(folder))
        before, began = resident(), time.perf_counter()
        store.add([str(at) for at in range(len(vectors))], vectors)
        took, times = time.perf_counter() - began, []
        for vector in asked:
            began = time.perf_counter()
            store.nearest(vector, 50)
            times.append(1000 * (time.perf_counter() - began))
        told.put((took, resident() - before, percentile(times, 0.5)))
        store.close()


def main() -> int:
    """Prints both beside each other; 2 when there is no index yet."""
    parser = argparse.ArgumentParser(prog="python -m bench.granularity", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--limit", type=int, default=300, help="questions a set")
    given = parser.parse_args()
    try:
        sets = load_sets(given.folders)
        storage = kept_index(sets)
    except SetUnusable as error:
        print(error, file=sys.stderr)
        return 2
    embedder, held = open_embedder(DEFAULT, storage), held_by(Catalog(storage / "catalog.sqlite"))
    table = Table("", "a sentence", "a passage")
    asked = np.zeros((0, held.sentences.shape[1]), np.float32)
    for each in sets:
        questions = [one for one in sample(each.questions, given.limit, 1) if one.answerable]
        vectors = embedder.embed([one.text for one in questions])
        asked = np.concatenate([asked, vectors])
        ranks = found(held, vectors, questions)
        for most in NEAREST:
            table.add_row(f"{each.name}: among the {most} nearest", *_shares(ranks, most))
    table.add_row("vectors", f"{len(held.sentences):,}", f"{len(held.texts):,}")
    costs = [_cost(vectors, asked) for vectors in (held.sentences, held.passages)]
    for at, name in enumerate(("Chroma: seconds to fill", "MiB of memory", "median ms")):
        table.add_row(name, *(f"{cost[at]:.1f}" for cost in costs))
    Console().print(table)
    return 0


def _shares(ranks: dict[str, list[int]], most: int) -> list[str]:
    return [f"{np.mean([rank < most for rank in each]):.3f}" for each in ranks.values()]


def _cost(vectors: Vectors, asked: Vectors) -> tuple[float, float, float]:
    context = multiprocessing.get_context("spawn")
    told = context.SimpleQueue()
    process = context.Process(target=in_chroma, args=(vectors, asked, told))
    process.start()
    cost: tuple[float, float, float] = told.get()
    process.join()
    return cost


if __name__ == "__main__":
    sys.exit(main())
