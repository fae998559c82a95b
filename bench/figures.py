"""Outcomes into figures, goals beside them, and the table for people."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

from rich.table import Table

from bench.scoring import (
    Outcome,
    Ranking,
    balanced_accuracy,
    chunk_meets_passage,
    exact_match,
    f1,
    mean,
    quote_in_passage,
    ranking,
    refused_at,
    refused_share,
)

COST = 0.04
"""Answerable questions that may be refused: 4 %."""
GOALS: dict[str, dict[str, float]] = {
    "squad2": {
        "document@1": 0.95, "passage@1": 0.87, "evidence@1": 0.84, "evidence@3": 0.92,
        "short F1": 0.65, "foreign refused": 0.95, "answerable refused": COST,
        "balanced accuracy": 0.66,
    },
    "qed": {
        "document@1": 0.96, "passage@1": 0.96, "evidence@1": 0.84, "evidence@3": 0.93,
        "short F1": 0.55, "foreign refused": 0.95, "answerable refused": COST,
    },
    "clapnq": {
        "document@1": 0.94, "passage@1": 0.94, "foreign refused": 0.95, "answerable refused": COST,
        "balanced accuracy": 0.66,
    },
}  # fmt: skip
AT_MOST = {"answerable refused"}
WORDS = ("who", "whom", "whose", "when", "where", "how many", "how much", "how long", "how",
         "why", "which", "what")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOutcomes:
    """All that was asked for one set."""

    name: str
    own: Sequence[Outcome]
    """Its questions, asked of the documents of all sets together."""
    foreign: Sequence[Outcome]
    """Its questions, asked of the other sets' documents; empty with one set."""
    stock: Sequence[Outcome]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFigures:
    """The figures of one set. Shares are 0 to 1; None where nothing was asked."""

    name: str
    questions: int
    ours: dict[str, float | None]
    stock: dict[str, float | None]
    answered_only: Ranking
    words: dict[str, Ranking]
    goals: dict[str, float]

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def figures(asked: SetOutcomes) -> SetFigures:
    """What one set's outcomes come to, beside its goals."""
    answered = [each for each in asked.own if not each.refused]
    return SetFigures(
        name=asked.name,
        questions=len(asked.own),
        ours=_ours(asked),
        stock=_stock(asked.stock),
        answered_only=ranking(answered, quote_in_passage),
        words=by_word(asked.own),
        goals=GOALS.get(asked.name, {}),
    )


def by_word(outcomes: Sequence[Outcome]) -> dict[str, Ranking]:
    """The ranking of each question word that occurs, in the order of WORDS, "other" last."""
    words: dict[str, list[Outcome]] = {word: [] for word in (*WORDS, "other")}
    for each in outcomes:
        if each.question.answerable:
            words[question_word(each.question.text)].append(each)
    return {word: ranking(them, quote_in_passage) for word, them in words.items() if them}


def question_word(question: str) -> str:
    """The first question word of the question; "other" without one."""
    found = re.search(rf"\b({'|'.join(WORDS)})\b", question.casefold())
    return found[1] if found else "other"


def reached(name: str, value: float | None, goal: float | None) -> bool | None:
    """Whether the goal is met; None where there is no goal or no value."""
    if value is None or goal is None:
        return None
    return value <= goal if name in AT_MOST else value >= goal


def table(all_figures: Sequence[SetFigures]) -> Table:
    """A row a measure, and for each set our figure with its goal beside the stock pipeline's."""
    made = Table(title="Quoth beside the stock pipeline")
    made.add_column("measure")
    for each in all_figures:
        made.add_column(f"{each.name} ({each.questions})", justify="right")
        made.add_column("goal")
        made.add_column("stock", justify="right", style="dim")
    for name in all_figures[0].ours:
        made.add_row(name, *(cell for each in all_figures for cell in _cells(each, name)))
    return made


def word_table(each: SetFigures) -> Table:
    """A row a question word."""
    made = Table(title=f"{each.name}, by question word")
    for column in ("word", "questions", "document@1", "passage@1", "evidence@1", "evidence@3"):
        made.add_column(column, justify="left" if column == "word" else "right")
    for word, found in each.words.items():
        shares = (found.document, found.passage[1], found.evidence[1], found.evidence[3])
        made.add_row(word, str(found.questions), *(_number("", share) for share in shares))
    return made


def _ours(asked: SetOutcomes) -> dict[str, float | None]:
    answerable = [each for each in asked.own if each.question.answerable]
    answered = [each for each in answerable if not each.refused]
    return {
        **_flat(ranking(asked.own, quote_in_passage)),
        "short exact": _short(answered, exact_match),
        "short F1": _short(answered, f1),
        "foreign refused": refused_share(asked.foreign),
        "answerable refused": refused_share(answerable),
        "balanced accuracy": balanced_accuracy(asked.own),
        f"foreign refused, were {COST:.0%} of answerable": refused_at(
            answerable, asked.foreign, COST
        ),
        "ms, median": _median(asked.own),
    }


def _stock(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    if not outcomes:
        return {}
    return {**_flat(ranking(outcomes, chunk_meets_passage)), "ms, median": _median(outcomes)}


def _flat(found: Ranking) -> dict[str, float | None]:
    return {
        "document@1": found.document,
        **{f"passage@{rank}": share for rank, share in found.passage.items()},
        **{f"evidence@{rank}": share for rank, share in found.evidence.items()},
    }


def _short(
    answered: Sequence[Outcome], measure: Callable[[str | None, Sequence[str]], float]
) -> float | None:
    return mean([measure(each.short, each.question.answers) for each in answered])


def _median(outcomes: Sequence[Outcome]) -> float | None:
    return statistics.median(each.milliseconds for each in outcomes) if outcomes else None


def _cells(each: SetFigures, name: str) -> tuple[str, str, str]:
    value, goal = each.ours.get(name), each.goals.get(name)
    mark = {True: "[green]✓[/]", False: "[red]✗[/]", None: ""}[reached(name, value, goal)]
    sign = "≤" if name in AT_MOST else "≥"
    wanted = f"{mark} {sign} {goal:.2f}".strip() if goal is not None else ""
    return _number(name, value), wanted, _number(name, each.stock.get(name))


def _number(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.0f}" if name.startswith("ms") else f"{value:.3f}"
