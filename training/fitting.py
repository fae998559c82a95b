"""Fine-tuning against a clock: the learning rate falls with the time that is left."""

import json
import logging
import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy
from transformers import BertForQuestionAnswering

from training.encoding import Batch
from training.evaluate import Logits

Note = Callable[[BertForQuestionAnswering], dict[str, float]]
"""Figures to write down of a reader that is still in training."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How long to train (minutes of processor time, of all threads together) and how fast.

    Processor time stands still while the program is stopped or waits for others.
    """

    minutes: float
    peak: float = 2e-4
    warm_up: float = 0.04
    floor: float = 0.02
    accumulate: int = 2
    note_every: float = 5

    def rate(self, elapsed: float) -> float:
        """The learning rate after a share `elapsed` of the time: up, then linearly down."""
        if elapsed < self.warm_up:
            return self.peak * elapsed / self.warm_up
        left = (1 - elapsed) / (1 - self.warm_up)
        return self.peak * max(self.floor, left)


def load_reader(folder: Path, dropout: float = 0.0) -> BertForQuestionAnswering:
    """The encoder of `folder` with a start and an end head; the head is new if it has none."""
    model: BertForQuestionAnswering = BertForQuestionAnswering.from_pretrained(
        folder,
        hidden_dropout_prob=dropout,
        attention_probs_dropout_prob=0.0,  # else attention takes its slow way on a CPU
        attn_implementation="sdpa",
    )
    return model


class Threads:
    """Uses as many threads as are fastest now, on a machine that others use too.

    Where another program holds a core, threads that wait for each other are slower than one.
    """

    def __init__(self, most: int, trial_every: int = 12) -> None:
        self._speeds = dict.fromkeys(range(1, most + 1), math.inf)
        self._trial_every = trial_every
        self._batches = 0
        self._now = most

    def choose(self) -> None:
        """Set the threads for the next batch: the fastest number, now and then another one."""
        self._batches += 1
        counts = sorted(self._speeds, key=self._speeds.__getitem__, reverse=True)
        others = counts[1:] or counts
        trial = self._batches % self._trial_every == 0
        self._now = others[self._batches // self._trial_every % len(others)] if trial else counts[0]
        torch.set_num_threads(self._now)

    def learn(self, tokens: int, seconds: float) -> None:
        """Remember how fast the last batch went."""
        speed, old = tokens / seconds, self._speeds[self._now]
        self._speeds[self._now] = speed if math.isinf(old) else 0.6 * old + 0.4 * speed


def fit(
    model: BertForQuestionAnswering,
    batches: Iterable[Batch],
    schedule: Schedule,
    out: Path,
    note: Note,
    threads: Threads,
) -> None:
    """Train until the time is up or the batches are; weights and figures are kept in `out`."""
    # The words' vectors stay: their update would cost more than it teaches in so short a time.
    model.bert.embeddings.word_embeddings.weight.requires_grad_(False)
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        learned, lr=schedule.peak, betas=(0.9, 0.98), weight_decay=0.01, fused=True
    )
    diary = _Diary(schedule, out, note)
    model.train()
    for number, batch in enumerate(batches, 1):
        threads.choose()
        began = time.monotonic()
        loss = _backward(model, batch, schedule.accumulate)
        tokens = int(batch["attention_mask"].sum())
        threads.learn(tokens, time.monotonic() - began)
        diary.add(loss, tokens)
        if number % schedule.accumulate == 0:
            if diary.elapsed() >= 1:
                break
            _step(optimizer, learned, schedule.rate(diary.elapsed()))
            diary.add_step(model)
    diary.write(model)


def average(folders: Sequence[Path], out: Path) -> None:
    """Write to `out` the reader whose weights are the mean of those of `folders`.

    Tuned from one start they lie in one valley, and their mean reads at least as well as each
    ("model soups", Wortsman et al. 2022).
    """
    readers = [load_reader(folder).state_dict() for folder in folders]
    mean = {name: torch.stack([each[name] for each in readers]).mean(0) for name in readers[0]}
    model = load_reader(folders[0])
    model.load_state_dict(mean)
    model.save_pretrained(out)


class _Diary:
    """Counts what was used, and writes it down with the weights and a probe's figures."""

    def __init__(self, schedule: Schedule, out: Path, note: Note) -> None:
        self._schedule, self._out, self._note = schedule, out, note
        self._steps = self._tokens = 0
        self._losses: list[float] = []
        self._began = self._written = time.process_time()

    def elapsed(self) -> float:
        """The share of the time that is used up; that of writing isn't counted."""
        return (time.process_time() - self._began) / (60 * self._schedule.minutes)

    def add(self, loss: float, tokens: int) -> None:
        self._losses.append(loss)
        self._tokens += tokens

    def add_step(self, model: BertForQuestionAnswering) -> None:
        self._steps += 1
        if time.process_time() - self._written > 60 * self._schedule.note_every:
            self.write(model)

    def write(self, model: BertForQuestionAnswering) -> None:
        now = time.process_time()
        figures: dict[str, float] = {
            "steps": self._steps,
            "tokens": self._tokens,
            "seconds": round(now - self._began),
            "loss": sum(self._losses) / max(1, len(self._losses)),
        }
        figures |= self._note(model)
        model.save_pretrained(self._out)
        with (self._out / "progress.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(figures) + "\n")
        _log.info("%s", figures)
        self._losses.clear()
        self._written = time.process_time()
        self._began += self._written - now


@torch.no_grad()
def torch_logits(model: BertForQuestionAnswering, batch: Batch) -> Logits:
    """Start and end logits of `batch`, in full precision."""
    logits = model(**_inputs(batch))
    return logits.start_logits.numpy(), logits.end_logits.numpy()


def _inputs(batch: Batch) -> Batch:
    return {name: batch[name] for name in ("input_ids", "attention_mask", "token_type_ids")}


def _backward(model: BertForQuestionAnswering, batch: Batch, parts: int) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**_inputs(batch))
    outside = batch["attention_mask"] == 0
    start = cross_entropy(_masked(logits.start_logits, outside), batch["start_positions"])
    end = cross_entropy(_masked(logits.end_logits, outside), batch["end_positions"])
    loss = start + end
    torch.autograd.backward(loss / (2 * parts))
    return float(loss.detach()) / 2


def _masked(scores: torch.Tensor, outside: torch.Tensor) -> torch.Tensor:
    return scores.float().masked_fill(outside, -1e4)


def _step(optimizer: torch.optim.Optimizer, learned: list[torch.nn.Parameter], rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate
    torch.nn.utils.clip_grad_norm_(learned, 1.0)
    optimizer.step()
    optimizer.zero_grad()
