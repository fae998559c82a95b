"""python -m training.weights FOLDER… [--limit N]: learns the few weights of index/reading.py.

From question sets (see bench/README.md): their questions are asked of their documents together, and
as foreign questions of the other sets' documents alone. Prints figures by cross-validation over
documents, and writes index/models/weights.json, fitted on all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from scipy.optimize import minimize

from bench.scoring import squeeze, stands_in
from bench.sets import Question, QuestionSet, lay_out, load_sets, sample
from index.features import of_refusal
from index.queries import Query
from index.reading import WEIGHTS_FILE, Evidence, EvidenceFinder, Learned
from index.retrieval import Candidate, ranked
from index.settings import IndexSettings
from index.span_reader import NONE, open_reader
from index.wiring import assemble

FOLDS = 5
FOREIGN_CANDIDATES = 100
"""Asked for, for a question whose own set is to be left out of them."""
SHRINK = 0.01
"""L2 penalty: the features are few and the questions many, so a little is enough."""
BENT = 0.001
"""The same for the curves."""
REFUSED = 0.03
"""Of the answerable questions that are learnt from; of others up to twice as many are refused."""
ORDER = (
    "passage", "passage cosine", "cosine", "best of passage", "words", "covered", "covered around",
    "covered by passage", "rarest missing", "passage words", "pairs", "expected", "first", "short",
    "read", "margin", "fits", "says again", "covered by context", "title asked", "covered anew",
    "matched", "missing",
)  # fmt: skip
REFUSAL = (
    "best cosine", "best covered", "best of passage", "cosine and covered", "covered",
    "covered around", "covered by passage", "fits", "margin", "matched", "missing", "pairs",
    "passage cosine", "passage words", "rarest missing", "says again", "title asked", "words",
    "behind nearest",
)  # fmt: skip
KNOTS = (0.05, 0.35, 0.65, 0.95)
"""Quantiles of a feature, where its curve may bend."""
READER_ONLY = {"read", "margin", "fits", "says again"}
OWN_WEIGHT = 0.3
"""A set's own unanswerable questions teach less than foreign ones: some are answered elsewhere."""
LEARNT_WEIGHT = 0.5
"""Of the order of questions that the reader has learnt: its margins are too sure there."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the evidence that was found for it, as plain features."""

    fold: int
    group: str
    answerable: bool
    foreign: bool
    learnt: bool
    """The reader has learnt from this question, so it tells little of what it makes of others."""
    sentences: list[dict[str, float]]
    right: NDArray[np.bool_]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, nargs="+", help="questions: of every set, or of each")
    parser.add_argument("--reader", default="default", help="reader_model, as in the settings")
    parser.add_argument(
        "--unseen",
        type=Path,
        help="names of documents, one a line, that the reader did not learn "
        "from: of the sets that hold any of them, only their questions are asked",
    )
    parser.add_argument(
        "--learnt", nargs="*", default=[], help="names of sets that the reader has learnt from"
    )
    parser.add_argument("--home", type=Path, default=Path(".bench"))
    options = parser.parse_args(arguments)
    sets = load_sets(options.folders)
    if options.unseen:
        sets = _only(sets, set(options.unseen.read_text("utf-8").split("\n")))
    learned = {}
    for kind, reader in (("with reader", options.reader), ("without reader", "none")):
        learned[kind] = asdict(learn(kind, ask_all(sets, options, reader)))
    WEIGHTS_FILE.write_text(_written(learned) + "\n", "utf-8")


def _written(learned: Mapping[str, object]) -> str:
    """JSON with a line for each feature."""
    return re.sub(r"(?<!:)\s+(?=[-\d\[\]])", "", json.dumps(learned, indent=1))


def _only(sets: list[QuestionSet], unseen: set[str]) -> list[QuestionSet]:
    kept = []
    for each in sets:
        asked = [one for one in each.questions if one.document.rpartition("/")[2] in unseen]
        kept.append(replace(each, questions=tuple(asked) or each.questions))
    return kept


def ask_all(sets: list[QuestionSet], options: argparse.Namespace, reader: str) -> list[Asked]:
    """Every question with its evidence, and again without its own set's documents."""
    key = "+".join(sorted(each.name for each in sets))
    documents = lay_out(sets, options.home / "documents" / key)
    settings = IndexSettings(documents=documents, storage=options.home / "index" / key)
    found = []
    with assemble(settings, rebuild=True) as index:
        index.reindex()
        finder = EvidenceFinder(open_reader(reader))
        for each, limit in zip(sets, _limits(options.limit, len(sets)), strict=True):
            learnt = each.name in options.learnt and reader != NONE
            for question in track(sample(each.questions, limit, 0), each.name):
                query, near = index.retriever.candidates(question.text)
                _, more = index.retriever.candidates(question.text, FOREIGN_CANDIDATES)
                of_others = [one for one in more if not _is_of(one, each.name)]
                foreign = ranked(of_others, query, len(near))
                found += asked(finder, query, near, foreign, question, each.name, learnt=learnt)
    return found


def _limits(given: Sequence[int] | None, count: int) -> list[int | None]:
    """One for each of `count` sets; None means all questions."""
    return [*given] if given and len(given) == count else [given[0] if given else None] * count


def _is_of(candidate: Candidate, name: str) -> bool:
    return candidate.stored.passage.document.source.startswith(f"{name}/")


def asked(
    finder: EvidenceFinder,
    query: Query,
    candidates: list[Candidate],
    of_others: list[Candidate],
    question: Question,
    own: str,
    *,
    learnt: bool,
) -> Iterator[Asked]:
    """The question of its own set's documents among others, and of the others alone."""
    fold = int(hashlib.sha256(question.document.encode()).hexdigest(), 16) % FOLDS
    for foreign, near in ((False, candidates), (True, of_others)):
        evidence = finder.find(query, near)
        right = np.array([not foreign and _is_right(each, question) for each in evidence], bool)
        features = [each.features for each in evidence]
        if features:
            yield Asked(fold, own, question.answerable, foreign, learnt, features, right)


def _is_right(evidence: Evidence, question: Question) -> bool:
    passage = evidence.candidate.stored.passage
    sentence = passage.sentences[evidence.sentence]
    quote = passage.document.text[sentence.start : sentence.end]
    if squeeze(quote) not in squeeze(question.passage):
        return False
    if question.evidence:
        return any(squeeze(quote) in squeeze(each) for each in question.evidence)
    return any(stands_in(answer, quote) for answer in question.answers)


def learn(kind: str, asked: list[Asked]) -> Learned:
    """Weights for the order, curves for the refusal; figures of cross-validation are printed."""
    order, refusal = (
        [name for name in names if kind == "with reader" or name not in READER_ONLY]
        for names in (ORDER, REFUSAL)
    )
    for fold in range(FOLDS):
        weights = fit_order([each for each in asked if each.fold != fold], order)
        for each in asked:
            if each.fold == fold:
                _put_in_order(each, order, weights)
    print(f"\n{kind}")
    _print_order(asked)
    scores = np.zeros(len(asked))
    for fold in range(FOLDS):
        found = fit_refusal([each for each in asked if each.fold != fold], refusal)
        for at, each in enumerate(asked):
            if each.fold == fold:
                scores[at] = found.surety(of_refusal(each.sentences))
    _print_refusal(asked, scores)
    weights = fit_order(asked, order)
    for each in asked:
        _put_in_order(each, order, weights)
    named = {name: round(float(each), 4) for name, each in zip(order, weights, strict=True)}
    return replace(fit_refusal(asked, refusal), order=named)


def fit_order(asked: list[Asked], names: list[str]) -> Array:
    """Weights that make the right sentences likely, by softmax over a question's sentences."""
    lists = [
        (_matrix(each.sentences, names), each.right, LEARNT_WEIGHT if each.learnt else 1.0)
        for each in asked
        if each.right.any()
    ]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros_like(weights)
        for rows, right, weight in lists:
            scores = rows @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            mass = likely[right].sum() + 1e-12
            total -= weight * np.log(mass)
            slope -= weight * rows.T @ (np.where(right, likely / mass, 0) - likely)
        size = sum(weight for *_, weight in lists)
        return total / size + SHRINK * weights @ weights, slope / size + 2 * SHRINK * weights

    found: Array = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return found


def fit_refusal(asked: list[Asked], names: list[str]) -> Learned:
    """Curves that tell whether the best sentence answers, by logistic regression.

    Every set counts alike. Moved so that REFUSED of the answerable fall below 0, of those that the
    reader has not learnt from; the order is left empty.
    """
    asked = [each for each in asked if each.foreign or each.answerable or not each.learnt]
    features = [of_refusal(each.sentences) for each in asked]
    right = np.array([each.answerable and not each.foreign for each in asked])
    group = np.array([each.group for each in asked])
    weight = np.array([1.0 if each.foreign or each.answerable else OWN_WEIGHT for each in asked])
    weight /= [(group == each).sum() for each in group]
    values = {name: np.array([each[name] for each in features]) for name in names}
    knots = {name: np.unique(np.quantile(values[name], KNOTS).round(4)) for name in names}
    rows = np.hstack([np.ones((len(asked), 1)), *(_steps(values[n], knots[n]) for n in names)])
    found = _logistic(rows, right, weight)
    new = right & np.array([not each.learnt for each in asked])
    base = found[0] - np.quantile((rows @ found)[new], REFUSED)
    curves, at = {}, 1
    for name in names:
        steps = len(knots[name]) - 1
        heights = np.concatenate([[0.0], np.cumsum(found[at : at + steps])])
        curves[name] = tuple(zip(_rounded(knots[name]), _rounded(heights), strict=True))
        at += steps
    return Learned({}, curves, round(float(base), 4))


def _steps(values: Array, knots: Array) -> Array:
    """How far each value has come from each knot to the next, 0 to 1."""
    return np.clip((values[:, None] - knots[:-1]) / (knots[1:] - knots[:-1]), 0, 1)


def _logistic(rows: Array, right: NDArray[np.bool_], weight: Array) -> Array:
    def loss(weights: Array) -> tuple[float, Array]:
        signed = np.where(right, 1, -1) * (rows @ weights)
        total = (weight * np.logaddexp(0, -signed)).sum() / weight.sum()
        pull = weight * -np.where(right, 1, -1) / (1 + np.exp(signed)) / weight.sum()
        return total + BENT * weights @ weights, rows.T @ pull + 2 * BENT * weights

    found: Array = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x
    return found


def _rounded(values: Array) -> list[float]:
    return [round(float(each), 4) for each in values]


def _matrix(sentences: list[dict[str, float]], names: list[str]) -> Array:
    return np.array([[each[name] for name in names] for each in sentences])


def _put_in_order(each: Asked, names: list[str], weights: Array) -> None:
    order = np.argsort(-(_matrix(each.sentences, names) @ weights), kind="stable")
    each.sentences[:] = [each.sentences[at] for at in order]
    each.right[:] = each.right[order]


def _print_order(asked: list[Asked]) -> None:
    for group in sorted({each.group for each in asked}):
        mine = [e for e in asked if e.group == group and e.answerable and not e.foreign]
        first = np.mean([e.right[:1].any() for e in mine])
        third = np.mean([e.right[:3].any() for e in mine])
        print(
            f"  {group}: right sentence first {first:.3f}, among three {third:.3f}, of {len(mine)}"
        )


def _print_refusal(asked: list[Asked], scores: Array) -> None:
    for group in sorted({each.group for each in asked}):
        here = np.array([each.group == group for each in asked])
        foreign = np.array([each.foreign for each in asked])
        able = np.array([each.answerable for each in asked])
        refused = scores < 0
        kept = refused[here & ~foreign & able].mean()
        away = refused[here & foreign].mean()
        own = here & ~foreign & ~able
        balanced = (1 - kept + refused[own].mean()) / 2 if own.any() else float("nan")
        print(
            f"  {group}: answerable refused {kept:.3f}, foreign refused {away:.3f}, "
            f"balanced accuracy on its own {balanced:.3f}"
        )


if __name__ == "__main__":
    main()
