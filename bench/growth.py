"""How the time of a question and the memory grow with the collection.

    python -m bench.growth [--sizes 10000 100000 1000000] [--work FOLDER] [--questions N]

One index grows from size to size (sentences), so each size is an incremental reindex too. The texts
are made here, of made-up words that are as frequent as words are by Zipf's law. The vectors are
those of a model of one layer with random weights, made here too: a million sentences are embedded
in minutes, and their number, size and the searches among them are those of the real model.
Embedding a question costs less with it, so the growth that shows is larger than the real one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import Progress as Bar
from rich.table import Table

from bench.contender import resident, timed
from bench.speed import percentile
from index.passages import Progress
from index.settings import IndexSettings
from index.wiring import assemble

SENTENCES = 100
"""Of a document."""
LONGEST = 20
"""Words of a sentence."""
VOCABULARY = 60_000
SMALLEST = 20
"""Documents that any collection has."""
WARM = 20
"""Questions that are asked before those that count."""
SMALL_MODEL = """
import sys
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import AutoTokenizer, BertConfig, BertModel
from index.embedding import default_model_folder

inner, made = sys.argv[1:]
torch.manual_seed(1)
shape = BertConfig(
    hidden_size=384, num_hidden_layers=1, num_attention_heads=12, intermediate_size=384
)
BertModel(shape).save_pretrained(inner)
AutoTokenizer.from_pretrained(default_model_folder()).save_pretrained(inner)
words = Transformer(inner, max_seq_length=16)
SentenceTransformer(modules=[words, Pooling(384, pooling_mode="mean"), Normalize()]).save(made)
"""
"""Run in a process of its own, so that torch never counts as memory of the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a collection of so many sentences costs."""

    sentences: int
    retrieval: float
    """Seconds, the median of the questions."""
    slow_retrieval: float
    """Seconds that 95 of 100 questions do not exceed."""
    answer: float
    """Seconds of a whole answer without the reader, the median."""
    memory: float
    """MiB of a process that has opened the index and answered."""
    disk: float
    """MiB under the storage folder."""


def small_model(folder: Path) -> Path:
    """A sentence-transformers model with one layer and random weights, of the default's width."""
    if not (folder / "made").exists():
        command = [sys.executable, "-c", SMALL_MODEL, str(folder / "inner"), str(folder / "made")]
        subprocess.run(command, check=True)
    return folder / "made"


@cache
def words() -> list[str]:
    """The vocabulary, the most frequent word first."""
    onsets, vowels, ends = (
        "b d f g h k l m n p r s t v w z br st tr kl".split(),
        "a e i o u ai ou".split(),
        ["", "n", "r", "s"],
    )
    lots = np.random.default_rng(1)
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        length = 1 + len(found) // 400 % 3 + (len(found) > 100)
        parts = [
            onsets[lots.integers(len(onsets))] + vowels[lots.integers(len(vowels))]
            for _ in range(length)
        ]
        found["".join(parts) + ends[lots.integers(len(ends))]] = None
    return list(found)


@cache
def _shares() -> NDArray[np.float64]:
    """The share of all words that each word and the more frequent ones make up (Zipf, 1949)."""
    shares = np.cumsum(1 / np.arange(1, VOCABULARY + 1))
    made: NDArray[np.float64] = shares / shares[-1]
    return made


def sentences(number: int) -> list[str]:
    """The sentences of a document, the same for the same number."""
    lots = np.random.default_rng(number)
    drawn = np.searchsorted(_shares(), lots.random((SENTENCES, LONGEST)))
    lengths = lots.integers(8, LONGEST, SENTENCES)
    return [
        " ".join(words()[at] for at in row[:length]).capitalize() + "."
        for row, length in zip(drawn, lengths, strict=True)
    ]


def make_documents(folder: Path, count: int) -> Path:
    """So many text files, in folders of 500; those that are there are left as they are."""
    for number in range(count):
        path = folder / f"{number // 500:04}" / f"{number:06}.txt"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        made = sentences(number)
        paragraphs = [" ".join(made[at : at + 4]) for at in range(0, SENTENCES, 4)]
        path.write_text("\n\n".join([f"Report {number}", *paragraphs]) + "\n", "utf-8")
    return folder


def questions(count: int) -> list[str]:
    """Questions of some words of a sentence each, of documents that every size has."""
    asked = []
    for number in range(count):
        told = sentences(number % SMALLEST)[number % SENTENCES].lower().rstrip(".").split()
        asked.append(f"What about {' '.join(told[1::2])}?")
    return asked


def grow(work: Path, size: int) -> None:
    """Brings the index below `work` to that many sentences."""
    make_documents(work / "documents", size // SENTENCES)
    with assemble(settings_of(work)) as index, Bar() as bar:
        task = bar.add_task(f"{size:,} sentences", total=None)

        def told(progress: Progress) -> None:
            bar.update(task, completed=progress.done, total=progress.total)

        index.reindex(told)


def measure(work: Path, asked: Sequence[str]) -> Size:
    """Asks the index below `work`; for a process of its own, whose memory is the index's alone."""
    with assemble(settings_of(work)) as index:
        for each in asked[:WARM]:
            index.ask(each)
        retrieved = [timed(partial(index.search, each)) for each in asked[WARM:]]
        answered = [timed(partial(index.ask, each)) for each in asked[WARM:]]
        status = index.status()
        return Size(
            sentences=status.sentences,
            retrieval=percentile(retrieved, 0.5),
            slow_retrieval=percentile(retrieved, 0.95),
            answer=percentile(answered, 0.5),
            memory=resident(),
            disk=status.disk / 2**20,
        )


def settings_of(work: Path) -> IndexSettings:
    return IndexSettings(
        documents=work / "documents",
        storage=work / "index",
        reader_model="none",
        embedding_model=str(small_model(work / "model")),
    )


def _measured(work: Path, count: int) -> Size:
    command = [sys.executable, "-m", "bench.growth", "--measure", "--work", str(work)]
    done = subprocess.run(
        [*command, "--questions", str(count)], check=True, capture_output=True, text=True
    )
    return Size(**json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    given = _arguments()
    with tempfile.TemporaryDirectory() as folder:
        work = given.work or Path(folder)
        if given.measure:
            print(json.dumps(asdict(measure(work, questions(given.questions)))))
            return
        found = []
        for size in sorted(given.sizes):
            grow(work, size)
            found.append(_measured(work, given.questions))
    if given.json:
        print(json.dumps([asdict(each) for each in found]))
    else:
        Console().print(table(found))


def table(found: Sequence[Size]) -> Table:
    """Each size in a row, its times against the smallest's."""
    made = Table("sentences", "retrieval p50", "p95", "answer p50", "times", "memory", "disk")
    for each in found:
        made.add_row(
            f"{each.sentences:,}",
            f"{1000 * each.retrieval:.1f} ms",
            f"{1000 * each.slow_retrieval:.1f} ms",
            f"{1000 * each.answer:.1f} ms",
            f"{each.retrieval / found[0].retrieval:.2f}",
            f"{each.memory:,.0f} MiB",
            f"{each.disk:,.0f} MiB",
        )
    return made


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=120)
    parser.add_argument("--work", type=Path, help="where to make texts and index; kept")
    parser.add_argument("--measure", action="store_true", help="only ask what is there")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
