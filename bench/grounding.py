"""How well sentences of a language model are checked: `python -m bench.grounding FOLDER…`

Sentences of the documents are said again, faithfully (as they are, clauses moved, adjuncts
dropped, voice changed, two merged, synonyms) and falsely (a number, a name, a key, a quotation,
a negation or two roles changed), and judged as a model's reply is.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.perturbing import KINDS, Case, cases, usable
from index import chunking
from index.documents.normalising import normalised as stored_form
from index.embedding import open_embedder
from index.grounding import Ground, Grounding
from index.passages import Document

GOALS = {"number": 0.98, "name": 0.98, "key": 0.98, "quote": 0.98, "negation": 0.85, "roles": 0.85}
"""For the kinds that have one."""
FAITHFUL = 0.95
"""Of the faithful ones so many are to be kept, all kinds together."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the table; the exit status is 1 when a goal is missed."""
    asked = _parser().parse_args(arguments)
    pool = list(_pool(asked.folders, asked.documents))
    grounding = Grounding(open_embedder("default", Path(".bench/index")).embed)
    total: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for case in cases(pool, asked.each, asked.seed):
        fault = grounding.fault(case.text, case.grounds)
        total[case.kind] += 1
        right[case.kind] += (fault is None) == case.faithful
        if asked.failures and (fault is None) != case.faithful:
            _print_failure(case, fault)
    Console().print(_table(total, right))
    return 0 if _reached(total, right) else 1


def _pool(folders: Iterable[Path], most: int) -> Iterable[Ground]:
    for folder in folders:
        for path in sorted((folder / "documents").glob("*.txt"))[:most]:
            text = stored_form(path.read_text("utf-8"))
            document = Document(source=path.name, title=path.stem.replace("_", " "), text=text)
            for passage in chunking.cut(document):
                every = (Ground(passage, each) for each in range(len(passage.sentences)))
                yield from (each for each in every if usable(each))


def _table(total: Counter[str], right: Counter[str]) -> Table:
    made = Table(title="Sentences of a model, checked")
    for column in ("kind", "sentences", "cut", "kept", "goal"):
        made.add_column(column, justify="left" if column == "kind" else "right")
    for kind, (faithful, _) in KINDS.items():
        share = f"{right[kind] / total[kind]:.3f}" if total[kind] else "–"
        goal = f"≥ {GOALS[kind]:.2f}" if kind in GOALS else ""
        shown = ("", share) if faithful else (share, "")
        made.add_row(kind, str(total[kind]), *shown, goal)
    kept, of = _faithful(total, right)
    made.add_row("all faithful", str(of), "", f"{kept / max(1, of):.3f}", f"≥ {FAITHFUL:.2f}")
    return made


def _faithful(total: Counter[str], right: Counter[str]) -> tuple[int, int]:
    kinds = [kind for kind, (faithful, _) in KINDS.items() if faithful]
    return sum(right[each] for each in kinds), sum(total[each] for each in kinds)


def _reached(total: Counter[str], right: Counter[str]) -> bool:
    kept, of = _faithful(total, right)
    cut = all(right[kind] >= goal * total[kind] for kind, goal in GOALS.items())
    return cut and kept >= FAITHFUL * of


def _print_failure(case: Case, fault: str | None) -> None:
    evidence = " / ".join(each.text for each in case.grounds)
    print(f"{case.kind}: {fault or 'kept'}\n  said     {case.text}\n  evidence {evidence}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.grounding", description=__doc__)
    parser.add_argument(
        "folders", nargs="+", type=Path, help="question sets, or any with documents/"
    )
    parser.add_argument("--each", type=int, default=100, help="sentences of each kind at most")
    parser.add_argument("--documents", type=int, default=150, help="documents of each folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--failures", action="store_true", help="print what is judged wrongly")
    return parser


if __name__ == "__main__":
    sys.exit(main())
