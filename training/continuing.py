"""Trains a shipped reader further, on everything at once, the judged sets included.

    python -m training.continuing --data FOLDER --learn FOLDER… --probe FOLDER… --out FOLDER

It begins with the weights of the int8 file that is shipped (`training.recovering`). What it has
learnt from can't judge it: `--probe` names sets that it doesn't learn from, and their figures are
written down while it trains and at the end.
"""

import argparse
import json
import logging
from dataclasses import asdict
from pathlib import Path

from training.examples import read_judged
from training.export import OnnxScorer
from training.fitting import Schedule, Threads, fit, load_reader
from training.mixture import open_sources, tuning_slices
from training.recovering import recovered
from training.train import (
    DROPOUT,
    PRECISIONS,
    PROBED,
    Judge,
    Probe,
    description,
    finish,
    sample,
    seeded,
    window_batches,
)

OTHERS = 1.0
"""Examples of the other sets beside each of the judged ones, which are the nearest to what is
asked, and few."""

MADE = 1.0
"""Negatives beside each answerable one of them. With few, a reader learns of sets without
unanswerable questions that whatever is asked like theirs is answered."""


def main() -> None:
    """Train, export, judge, and describe."""
    given = _arguments()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    rng = seeded(given.seed)
    sources = open_sources(given.data)
    learnt = [each for folder in given.learn for each in read_judged(folder)]
    drawn = tuning_slices(learnt, sources, rng, OTHERS, MADE)
    recovered(given.start).save_pretrained(given.out / "start")
    probed = [each for folder in given.probe for each in read_judged(folder)]
    schedule = Schedule(minutes=given.minutes, peak=given.peak, warm_up=0.05)
    model = load_reader(given.out / "start", DROPOUT)
    probe, threads = Probe(sample(probed, PROBED)), Threads(given.threads)
    fit(model, window_batches(drawn, rng), schedule, given.out, probe, threads)
    finish(given.out)
    scorer = OnnxScorer(given.out / PRECISIONS["int8"], given.threads)
    judged = {each.name: Judge(read_judged(each)).figures(scorer) for each in given.probe}
    described = description(given.out / PRECISIONS["int8"]) | {"elsewhere": judged}
    text = json.dumps(described, indent=1, default=asdict)
    (given.out / "reader.json").write_text(text + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of the training sets")
    add("--learn", type=Path, nargs="+", required=True, help="sets like what will be asked")
    add("--probe", type=Path, nargs="+", default=[], help="sets to judge by, and not to learn from")
    add("--out", type=Path, required=True, help="where weights and figures are kept")
    add(
        "--start",
        type=Path,
        default=Path("index/models/reader.int8.onnx"),
        help="what to begin with",
    )
    add("--minutes", type=float, default=120, help="of one thread's processor time")
    add("--peak", type=float, default=1.2e-4, help="highest learning rate")
    add("--threads", type=int, default=2, help="at most so many")
    add("--seed", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
