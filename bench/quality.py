"""How well Quoth finds, answers and refuses, beside the stock pipeline in the same run.

python -m bench.quality FOLDER… [--limit N] [--json] [--without-stock] [--by-word] …

Exit status: 0 when every quote is the slice it claims to be, 1 when one is not, 2 when a folder
is no question set.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bench.asking import Askable, Proof, ask_all, ask_stock
from bench.figures import SetFigures, SetOutcomes, figures, table, word_table
from bench.scoring import Outcome, f1, of_gold_document, quote_in_passage, right, shows_evidence
from bench.sets import Question, QuestionSet, SetUnusable, lay_out, load_sets, sample
from index import open_index
from index.errors import IndexOutdated

if TYPE_CHECKING:
    from index.wiring import Index

HOME = Path(".bench")
FOOTNOTE = """\
Shares of questions, 0 to 1. The first five are over all answerable questions; of a refused one
the nearest passages count as its citations (--json has them over answered questions alone).
Short answers: answerable questions that were answered. "foreign refused, were 4% of answerable":
what confidence alone would reach at that cost. Stock is judged by whole chunks, ours by quotes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a run was asked to do."""

    folders: tuple[Path, ...]
    limit: int | None
    seed: int
    reader: str
    stock: bool
    foreign: bool
    apart: bool = False
    home: Path = HOME


@dataclass(slots=True)
class Run:
    """What a run came to."""

    sets: list[SetOutcomes] = field(default_factory=list)
    quotes: int = 0
    broken: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command line and returns its exit status."""
    given = _parser().parse_args(arguments)
    options = Options(
        folders=tuple(given.folders), limit=given.limit, seed=given.seed, reader=given.reader,
        stock=not given.without_stock, foreign=not given.without_foreign,
        apart=given.apart,
    )  # fmt: skip
    try:
        run = measure(options)
    except SetUnusable as error:
        print(error, file=sys.stderr)
        return 2
    if given.failures:
        write_outcomes(run, given.failures, failures_only=True)
    if given.outcomes:
        write_outcomes(run, given.outcomes)
    _print(run, as_json=given.json, by_word=given.by_word)
    return 1 if run.broken else 0


def measure(options: Options) -> Run:
    """Indexes, asks and proves. Raises SetUnusable."""
    sets = load_sets(options.folders)
    asked = {each.name: sample(each.questions, options.limit, options.seed) for each in sets}
    run = Run()
    with _progress() as progress:
        stage = Stage(options, progress, run)
        own = _apart(stage, sets, asked) if options.apart else stage.ours(sets, asked)
        foreign = _foreign(stage, sets, asked) if options.foreign else {}
        stock = stage.stock(sets, asked) if options.stock else {}
    run.sets = [
        SetOutcomes(
            name=name, own=own[name], foreign=foreign.get(name, []), stock=stock.get(name, [])
        )
        for name in asked
    ]
    return run


Asked = dict[str, tuple[Question, ...]]
Outcomes = dict[str, list[Outcome]]


@dataclass(frozen=True, slots=True)
class Stage:
    """Questions asked of one index after the other, with a bar for each."""

    options: Options
    progress: Progress
    run: Run

    def ours(self, sets: Sequence[QuestionSet], asked: Asked) -> Outcomes:
        """The outcomes of all questions in `asked`, by name, of an index over `sets`."""
        documents, storage = self._folders(sets)
        proof = Proof(documents)
        with self._index(documents, storage) as index:
            outcomes = {
                name: ask_all(index, questions, proof, self._bar(f"ask {name}", len(questions)))
                for name, questions in asked.items()
            }
        self.run.quotes += proof.quotes
        self.run.broken += proof.broken
        return outcomes

    def stock(self, sets: Sequence[QuestionSet], asked: Asked) -> Outcomes:
        """The same of the stock pipeline."""
        from bench.stock import StockPipeline

        documents, _ = self._folders(sets)
        pipeline = StockPipeline(documents, self.options.home / "stock")
        return {
            name: ask_stock(pipeline, questions, self._bar(f"stock {name}", len(questions)))
            for name, questions in asked.items()
        }

    @contextmanager
    def _index(self, documents: Path, storage: Path) -> Iterator[Askable]:
        try:
            index = self._opened(documents, storage)
        except IndexOutdated:
            shutil.rmtree(storage.parent)  # the others were made with the same
            index = self._opened(documents, storage)
        try:
            yield index
        finally:
            index.close()

    def _opened(self, documents: Path, storage: Path) -> Index:
        index = open_index(documents, storage, reader_model=self.options.reader)
        bar = self.progress.add_task(f"index {documents.name}", total=None)
        try:
            index.reindex(
                progress=lambda now: self.progress.update(bar, completed=now.done, total=now.total)
            )
        except BaseException:
            index.close()
            raise
        return index

    def spare_embedding(self, sets: Sequence[QuestionSet], held: Sequence[QuestionSet]) -> None:
        """Starts the index over `sets` as a copy of the one over `held`, if it is not there yet.

        Forgetting documents is much quicker than embedding the rest of them again.
        """
        source, target = self._storage(held), self._storage(sets)
        if source.exists() and not target.exists():
            unfinished = target.with_name(target.name + ".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(source, unfinished)
            unfinished.rename(target)

    def _folders(self, sets: Sequence[QuestionSet]) -> tuple[Path, Path]:
        documents = self.options.home / "documents" / key_of(sets)
        return lay_out(sets, documents), self._storage(sets)

    def _storage(self, sets: Sequence[QuestionSet]) -> Path:
        return self.options.home / "index" / key_of(sets)

    def _bar(self, title: str, total: int) -> Callable[[], None]:
        bar = self.progress.add_task(title, total=total)
        return lambda: self.progress.advance(bar)


def key_of(sets: Sequence[QuestionSet]) -> str:
    return "+".join(sorted(each.name for each in sets))


def kept_index(sets: Sequence[QuestionSet]) -> Path:
    """The storage of the index that a run over these sets has left.

    Raises SetUnusable when none has.
    """
    storage = HOME / "index" / key_of(sets)
    if not (storage / "catalog.sqlite").exists():
        raise SetUnusable("Run bench.quality over these sets first: its index is read here.")
    return storage


def write_outcomes(run: Run, path: Path, *, failures_only: bool = False) -> None:
    """One JSON object a line for each question: what went wrong, what was cited and why."""
    with path.open("w", encoding="utf-8") as file:
        for line in (line for each in run.sets for line in _lines(each)):
            if line["wrong"] or not failures_only:
                file.write(json.dumps(line, ensure_ascii=False, default=_plain) + "\n")


def faults(outcome: Outcome, *, foreign: bool) -> list[str]:
    """The names of what went wrong; empty when nothing did."""
    if foreign or not outcome.question.answerable:
        return [] if outcome.refused else ["answered"]
    checks = {
        "refused": not outcome.refused,
        "document@1": right(outcome, of_gold_document, 1),
        "passage@1": right(outcome, quote_in_passage, 1),
        "evidence@1": right(outcome, shows_evidence, 1),
        "evidence@3": right(outcome, shows_evidence, 3),
        "short": outcome.refused or f1(outcome.short, outcome.question.answers) >= 0.5,
    }
    return [name for name, fine in checks.items() if not fine]


def _lines(asked: SetOutcomes) -> Iterator[dict[str, object]]:
    for asked_of, outcomes in (("own", asked.own), ("foreign", asked.foreign)):
        for outcome in outcomes:
            wrong = faults(outcome, foreign=asked_of == "foreign")
            yield {"set": asked.name, "asked_of": asked_of, "wrong": wrong, **asdict(outcome)}


def _plain(value: object) -> object:
    """What a trace may hold besides JSON's own types: numbers of NumPy, mappings."""
    if isinstance(value, Mapping):
        return dict(value)
    return value.item() if isinstance(value, np.generic) else str(value)


def _apart(stage: Stage, sets: Sequence[QuestionSet], asked: Asked) -> Outcomes:
    """Each set's questions, asked of its own documents alone."""
    outcomes: Outcomes = {}
    for each in sets:
        stage.spare_embedding([each], sets)
        outcomes |= stage.ours([each], {each.name: asked[each.name]})
    return outcomes


def _foreign(stage: Stage, sets: Sequence[QuestionSet], asked: Asked) -> Outcomes:
    """Each set's questions, asked of the other sets' documents; empty with one set."""
    outcomes: Outcomes = {}
    for each in sets:
        others = [other for other in sets if other is not each]
        if others:
            stage.spare_embedding(others, sets)
            outcomes |= stage.ours(others, {each.name: asked[each.name]})
    return outcomes


def _print(run: Run, *, as_json: bool, by_word: bool) -> None:
    found = [figures(each) for each in run.sets]
    if as_json:
        print(json.dumps(_as_json(run, found), ensure_ascii=False, indent=1))
        return
    width = None if sys.stdout.isatty() else 60 + 30 * len(found)
    console = Console(width=width)
    console.print(table(found))
    console.print(FOOTNOTE, highlight=False)
    for each in found if by_word else []:
        console.print(word_table(each))
    console.print(_proof_line(run), highlight=False, style="red" if run.broken else "green")


def _as_json(run: Run, found: Sequence[SetFigures]) -> dict[str, object]:
    quotes = {"checked": run.quotes, "broken": run.broken}
    return {"sets": [each.as_json() for each in found], "quotes": quotes}


def _proof_line(run: Run) -> str:
    if not run.quotes:
        return "No quote came back, so none was compared."
    equal = 1 - len(run.broken) / run.quotes
    summary = f"{run.quotes} quotes compared with the stored text: {equal:.2%} equal"
    return "\n".join([summary, *run.broken[:9]])


@contextmanager
def _progress() -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    add = parser.add_argument
    add("folders", nargs="+", type=Path, metavar="FOLDER", help="a question set")
    add("--limit", type=int, metavar="N", help="ask N questions a set")
    add("--seed", type=int, default=1, help="which N (default 1)")
    add("--reader", default="default", help="none, default, or an extractive QA model")
    add("--json", action="store_true", help="print JSON instead of the table")
    add("--without-stock", action="store_true", help="leave the stock pipeline out")
    add("--without-foreign", action="store_true", help="leave out other sets' questions")
    add("--apart", action="store_true", help="index each set by itself (stock stays together)")
    add("--by-word", action="store_true", help="also a table by question word")
    add("--failures", type=Path, metavar="FILE", help="write what went wrong as JSON lines")
    add("--outcomes", type=Path, metavar="FILE", help="the same of all questions")
    return parser


if __name__ == "__main__":
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    sys.exit(main())
