"""python -m training.weights FOLDER… [--limit N]: learns the few weights of index/reading.py.

From question sets (see bench/README.md): their questions are asked of their documents together, and
as foreign questions of the other sets' documents alone. Prints figures by cross-validation over
documents, and writes index/models/weights.json, fitted on all of them.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from scipy.optimize import minimize

from bench.scoring import squeeze, stands_in
from bench.sets import Question, QuestionSet, lay_out, load_sets, sample
from index.reading import WEIGHTS_FILE, Evidence, EvidenceFinder, refusal_features
from index.retrieval import Retriever
from index.settings import IndexSettings
from index.span_reader import open_reader
from index.wiring import assemble

FOLDS = 5
CANDIDATES = 60
SHRINK = 0.01
"""L2 penalty: the features are few and the questions many, so a little is enough."""
REFUSED = 0.03
"""Share of answerable questions that may be refused: the goal is 0.04, on other questions too."""
ORDER = (
    "passage", "passage cosine", "cosine", "best of passage", "words", "covered", "covered around",
    "covered by passage", "rarest missing", "passage words", "pairs", "expected", "first", "short",
    "read", "margin", "fits", "says again", "covered by context",
)  # fmt: skip
READER_ONLY = {"read", "margin", "best margin", "fits", "says again"}
OWN_WEIGHT = 0.3
"""A set's own unanswerable questions teach less than foreign ones: some are answered elsewhere."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the evidence that was found for it, as plain features."""

    fold: int
    group: str
    answerable: bool
    foreign: bool
    sentences: list[dict[str, float]]
    right: NDArray[np.bool_]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, help="questions a set")
    parser.add_argument("--reader", default="default", help="reader_model, as in the settings")
    parser.add_argument(
        "--unseen",
        type=Path,
        help="names of documents, one a line, that the reader did not learn "
        "from: of the sets that hold any of them, only their questions are asked",
    )
    parser.add_argument("--home", type=Path, default=Path(".bench"))
    options = parser.parse_args(arguments)
    sets = load_sets(options.folders)
    if options.unseen:
        sets = _only(sets, set(options.unseen.read_text("utf-8").split("\n")))
    learned = {}
    for kind, reader in (("with reader", options.reader), ("without reader", "none")):
        asked = ask_all(sets, options, reader)
        learned[kind] = learn(kind, asked)
    WEIGHTS_FILE.write_text(json.dumps(learned, indent=1) + "\n", "utf-8")


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
        for each in sets:
            for question in track(sample(each.questions, options.limit, 0), each.name):
                found += _ask(index.retriever, finder, question, each.name)
    return found


def _ask(retriever: Retriever, finder: EvidenceFinder, question: Question, own: str) -> list[Asked]:
    query, candidates = retriever.candidates(question.text, CANDIDATES)
    others = [
        each for each in candidates if not each.stored.passage.document.source.startswith(f"{own}/")
    ]
    asked = []
    for foreign, near in ((False, candidates), (True, others)):
        evidence = finder.find(query, near[:30])
        right = np.array([not foreign and _is_right(each, question) for each in evidence], bool)
        features = [each.features for each in evidence]
        fold = int(hashlib.sha256(question.document.encode()).hexdigest(), 16) % FOLDS
        if features:
            asked.append(Asked(fold, own, question.answerable, foreign, features, right))
    return asked


def _is_right(evidence: Evidence, question: Question) -> bool:
    passage = evidence.candidate.stored.passage
    sentence = passage.sentences[evidence.sentence]
    quote = passage.document.text[sentence.start : sentence.end]
    if squeeze(quote) not in squeeze(question.passage):
        return False
    if question.evidence:
        return any(squeeze(quote) in squeeze(each) for each in question.evidence)
    return any(stands_in(answer, quote) for answer in question.answers)


def learn(kind: str, asked: list[Asked]) -> dict[str, dict[str, float]]:
    """Weights for the order and for the refusal; figures of cross-validation are printed."""
    names = [name for name in ORDER if kind == "with reader" or name not in READER_ONLY]
    for fold in range(FOLDS):
        order = fit_order([each for each in asked if each.fold != fold], names)
        for each in asked:
            if each.fold == fold:
                _put_in_order(each, names, order)
    refusing = sorted(name for name in refusal_features(asked[0].sentences)
                      if kind == "with reader" or name not in READER_ONLY)  # fmt: skip
    print(f"\n{kind}")
    _print_order(asked)
    scores = np.zeros(len(asked))
    for fold in range(FOLDS):
        refusal = fit_refusal([each for each in asked if each.fold != fold], refusing)
        for at, each in enumerate(asked):
            if each.fold == fold:
                scores[at] = _refusal_row(each, refusing) @ refusal
    _print_refusal(asked, scores)
    order = fit_order(asked, names)
    for each in asked:
        _put_in_order(each, names, order)
    refusal = fit_refusal(asked, refusing)
    return {"order": _named(names, order), "refusal": _named(refusing, refusal)}


def fit_order(asked: list[Asked], names: list[str]) -> Array:
    """Weights that make the right sentences likely, by softmax over a question's sentences."""
    lists = [(_matrix(each.sentences, names), each.right) for each in asked if each.right.any()]

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = 0.0, np.zeros_like(weights)
        for rows, right in lists:
            scores = rows @ weights
            likely = np.exp(scores - scores.max())
            likely /= likely.sum()
            mass = likely[right].sum() + 1e-12
            total -= np.log(mass)
            slope -= rows.T @ (np.where(right, likely / mass, 0) - likely)
        size = len(lists)
        return total / size + SHRINK * weights @ weights, slope / size + 2 * SHRINK * weights

    found: Array = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    return found


def fit_refusal(asked: list[Asked], names: list[str]) -> Array:
    """Weights of a logistic regression, moved so that REFUSED of the answerable fall below 0."""
    rows = np.array([_refusal_row(each, names) for each in asked])
    right = np.array([each.answerable and not each.foreign for each in asked])
    weight = np.array([1.0 if each.foreign or each.answerable else OWN_WEIGHT for each in asked])

    def loss(weights: Array) -> tuple[float, Array]:
        signed = np.where(right, 1, -1) * (rows @ weights)
        total = (weight * np.logaddexp(0, -signed)).sum() / weight.sum()
        pull = weight * -np.where(right, 1, -1) / (1 + np.exp(signed)) / weight.sum()
        return total + 1e-4 * weights @ weights, rows.T @ pull + 2e-4 * weights

    found: Array = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B").x
    found[names.index("one")] -= np.quantile((rows @ found)[right], REFUSED)
    return found


def _matrix(sentences: list[dict[str, float]], names: list[str]) -> Array:
    return np.array([[each[name] for name in names] for each in sentences])


def _put_in_order(each: Asked, names: list[str], weights: Array) -> None:
    order = np.argsort(-(_matrix(each.sentences, names) @ weights), kind="stable")
    each.sentences[:] = [each.sentences[at] for at in order]
    each.right[:] = each.right[order]


def _refusal_row(each: Asked, names: list[str]) -> Array:
    features = refusal_features(each.sentences)
    return np.array([features[name] for name in names])


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


def _named(names: list[str], weights: Array) -> dict[str, float]:
    return {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}


if __name__ == "__main__":
    main()
