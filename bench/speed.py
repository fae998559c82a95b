"""How fast Quoth is, beside the stock pipeline and beside an earlier release, in one run.

    python -m bench.speed SET… [--questions N] [--rounds R] [--release REF] [--json]

Each program runs in a process of its own over the documents of the sets. The rounds interleave: in
each, every program does the same work, one after the other, and a ratio is made of what was
measured side by side. Shown are medians over the rounds, with the least and the most. Times of a
shared machine are noise; the ratios are what counts. `bench.growth` measures larger collections.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.sets import lay_out, load_sets, sample

ROOT = Path(__file__).parent.parent
WORK = ROOT / ".bench" / "speed"
OPENING_SECONDS = 3600.0
EMBEDDED = 600
"""Sentences that are embedded in a round."""
TOGETHER = 64
"""Questions that are asked at once in a round, by one thread and by eight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A ratio over the rounds, and what it should be."""

    measure: str
    ratios: tuple[float, ...]
    goal: str
    seconds: tuple[float, ...] = ()
    """Ours, in seconds, by round; empty where the figure is no time."""

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)


class Program:
    """A contender in its process, which obeys one command at a time."""

    def __init__(self, kind: str, documents: Path, storage: Path, root: Path = ROOT) -> None:
        command = [sys.executable, str(ROOT / "bench" / "contender.py"), kind]
        self._process = subprocess.Popen(
            [*command, str(documents), str(storage)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{ROOT}", "HF_HUB_OFFLINE": "1"},
        )
        self._reply()

    def seconds(self, name: str, texts: Sequence[str]) -> list[float]:
        """Seconds for each text."""
        found = self._ask(name, texts)
        return [float(each) for each in found] if isinstance(found, list) else []

    def number(self, name: str, texts: Sequence[str] = ()) -> float:
        """Seconds for all texts, or MiB for "memory"."""
        found = self._ask(name, texts)
        return float(found) if isinstance(found, (int, float)) else float("nan")

    def end(self) -> None:
        """Lets the process come to its end."""
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(60)

    def _ask(self, name: str, texts: Sequence[str]) -> object:
        if self._process.stdin is None:
            raise RuntimeError("the program takes no commands")
        self._process.stdin.write(json.dumps([name, *texts]) + "\n")
        self._process.stdin.flush()
        return self._reply()

    def _reply(self) -> object:
        if self._process.stdout is None:
            raise RuntimeError("the program gives no replies")
        # Libraries print what they like: a reply is the next line that is JSON.
        for line in self._process.stdout:
            if line.startswith(("[", '"')) or line[0].isdigit():
                reply: object = json.loads(line)
                return reply
        raise RuntimeError(f"a program ended with {self._process.wait()}")


@contextmanager
def programs(documents: Path, release: Path | None) -> Iterator[dict[str, Program]]:
    """Every contender, opened and up to date; the release's as `before`."""
    bare = WORK / "ours-without-reader"
    if not bare.exists():
        Program("ours", documents, WORK / "ours").end()
        shutil.copytree(WORK / "ours", bare)
    with ExitStack() as stack:
        opened = {
            "ours": Program("ours", documents, WORK / "ours"),
            "ours-without-reader": Program("ours-without-reader", documents, bare),
            "stock": Program("stock", documents, WORK / "stock"),
            "stock-with-reader": Program("stock-with-reader", documents, WORK / "stock"),
        }
        if release:
            opened["before"] = Program("ours", documents, WORK / "before", release)
        for each in opened.values():
            stack.callback(each.end)
        yield opened


def checkout(ref: str) -> Path:
    """The files of an earlier release, from the history."""
    folder = WORK / f"release-{ref}"
    if not folder.exists():
        folder.mkdir(parents=True)
        files = subprocess.run(
            ["git", "archive", ref], cwd=ROOT, check=True, capture_output=True
        ).stdout
        subprocess.run(["tar", "-x"], cwd=folder, input=files, check=True)
    return folder


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def side_by_side(
    running: Mapping[str, Program], questions: Sequence[str], rounds: int
) -> list[Figure]:
    """The figures of a warm program; each round asks other questions."""
    taken: dict[tuple[str, str], list[list[float]]] = {}
    for program in running.values():
        program.seconds("answer", questions[:3])
    for at in track(range(rounds), "rounds"):
        asked = questions[at::rounds]
        for kind, program in running.items():
            for name in ("retrieve", "answer"):
                taken.setdefault((kind, name), []).append(program.seconds(name, asked))
    return _warm_figures(taken)


def _warm_figures(taken: Mapping[tuple[str, str], list[list[float]]]) -> list[Figure]:
    ours, bare, stock = ("ours", "answer"), ("ours-without-reader", "answer"), ("stock", "retrieve")
    found = []
    for share, name in ((0.5, "p50"), (0.95, "p95")):
        parts = (
            ("retrieval / stock's", ("ours", "retrieve"), stock, "≤ 0.5"),
            ("answer without reader / stock's retrieval", bare, stock, "≤ 1.0"),
            (
                "answer with reader / stock with reader",
                ours,
                ("stock-with-reader", "answer"),
                "≤ 0.2",
            ),
        )
        for label, one, other, goal in parts:
            found.append(_ratio(f"{label}, {name}", taken[one], taken[other], share, goal))
    if ("before", "answer") in taken:
        before = taken["before", "answer"]
        found.append(_ratio("answer / the release before, p50", taken[ours], before, 0.5, ""))
    reading = tuple(
        1000 * (percentile(one, 0.5) - percentile(other, 0.5))
        for one, other in zip(taken[ours], taken[bare], strict=True)
    )
    return [*found, Figure(measure="the reader adds, ms, p50", ratios=reading, goal="≤ 120")]


def _ratio(
    measure: str, ours: list[list[float]], other: list[list[float]], share: float, goal: str
) -> Figure:
    mine = tuple(percentile(each, share) for each in ours)
    theirs = tuple(percentile(each, share) for each in other)
    ratios = tuple(one / two for one, two in zip(mine, theirs, strict=True))
    return Figure(measure=measure, ratios=ratios, goal=goal, seconds=mine)


def threads(ours: Program, questions: Sequence[str], rounds: int) -> Figure:
    """Questions a second of eight threads against one thread's."""
    some = list(questions[:TOGETHER])
    ratios = tuple(
        ours.number("threads 1", some) / ours.number("threads 8", some) for _ in range(rounds)
    )
    return Figure(measure="questions a second, 8 threads / 1", ratios=ratios, goal="≥ 1.7")


def embedding(ours: Program, stock: Program, sentences: Sequence[str], rounds: int) -> Figure:
    """Sentences a second, ours against SentenceTransformer.encode on torch."""
    for program in (ours, stock):
        program.number("embed", sentences[:8])
    ratios = []
    for at in range(rounds):
        some = list(sentences[at::rounds])[:EMBEDDED]
        ratios.append(stock.number("embed", some) / ours.number("embed", some))
    return Figure(measure="sentences embedded a second / torch", ratios=tuple(ratios), goal="≥ 3")


def memory(running: Mapping[str, Program]) -> Figure:
    """MiB after the work, against the stock process."""
    ratio = running["ours"].number("memory") / running["stock"].number("memory")
    return Figure(measure="memory / stock's process", ratios=(ratio,), goal="≤ 0.5")


def cold(documents: Path, question: str, rounds: int) -> Figure:
    """`python -m index ask` against stock's program, as whole processes over the same documents."""
    ours = [sys.executable, "-m", "index", "ask", question]
    settings = {"DOCUMENTS": str(documents), "STORAGE": str(WORK / "ours")}
    stock = [sys.executable, str(ROOT / "bench" / "contender.py"), "stock"]
    stock += [str(documents), str(WORK / "stock")]
    asked = json.dumps(["retrieve", question]) + "\n"
    mine, theirs = [], []
    for _ in range(rounds):
        mine.append(_whole(ours, settings))
        theirs.append(_whole(stock, {}, asked))
    ratios = tuple(one / two for one, two in zip(mine, theirs, strict=True))
    return Figure(measure="cold ask / stock's", ratios=ratios, goal="≤ 0.25", seconds=tuple(mine))


def _whole(command: Sequence[str], settings: Mapping[str, str], given: str = "") -> float:
    began = time.perf_counter()
    subprocess.run(
        command,
        input=given,
        text=True,
        capture_output=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, **settings, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"},
        timeout=OPENING_SECONDS,
    )
    return time.perf_counter() - began


def installed_megabytes() -> float:
    """What the virtual environment of this program takes on the disk, in MB."""
    files = (path for path in Path(sys.prefix).rglob("*") if path.is_file())
    return sum(path.stat().st_size for path in files) / 1e6


def main() -> None:
    given = _arguments()
    sets = load_sets(given.sets)
    WORK.mkdir(parents=True, exist_ok=True)
    documents = lay_out(sets, WORK / "documents")
    asked = [each for one in sets for each in sample(one.questions, given.questions, 1)]
    questions = [each.text for each in asked]
    sentences = sorted({part for each in asked for part in each.passage.split(". ") if part})
    release = checkout(given.release) if given.release else None
    with programs(documents, release) as running:
        found = side_by_side(running, questions, given.rounds)
        found.append(threads(running["ours-without-reader"], questions, given.rounds))
        found.append(embedding(running["ours"], running["stock"], sentences, given.rounds))
        found.append(memory(running))
    found.append(cold(documents, questions[0], given.rounds))
    if given.json:
        print(json.dumps([asdict(each) for each in found]))
        return
    Console().print(table(found))
    print(f"installed: {installed_megabytes():,.0f} MB in {sys.prefix}")


def table(found: Sequence[Figure]) -> Table:
    """Median, least and most of each ratio, the goal, and ours in milliseconds."""
    made = Table("measure", "median", "range", "goal", "ours, ms")
    for each in found:
        ours = f"{1000 * statistics.median(each.seconds):.0f}" if each.seconds else ""
        span = f"{min(each.ratios):.2f} to {max(each.ratios):.2f}"
        made.add_row(each.measure, f"{each.ratio:.2f}", span, each.goal, ours)
    return made


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET")
    parser.add_argument("--questions", type=int, default=100, help="of each set")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--release", metavar="REF", help="an earlier commit to run beside")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
