"""An extractive reader: the span of a passage that answers, and how far it beats "not here"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.onnx import OnnxModel, Output, batches, sha256
from index.ports import Read, Reader

DEFAULT, NONE = "default", "none"
FOLDER = Path(__file__).parent / "models"
LONGEST_SPAN = 30
"""Tokens: answers are short; longer spans are seldom right (SQuAD's own scripts use 30)."""


def open_reader(model: str) -> Reader | None:
    """The reader: the one that comes with Quoth, or an extractive QA model by name or path.

    None for "none", and for "default" where no reader was shipped. Raises ModelUnavailable.
    """
    if model == NONE:
        return None
    if model != DEFAULT:
        from index.foreign_reader import TransformersReader

        return TransformersReader(model)
    return OnnxReader(FOLDER) if (FOLDER / "reader.json").exists() else None


class OnnxReader:
    """The reader that comes with Quoth, on onnxruntime."""

    def __init__(self, folder: Path) -> None:
        made = json.loads((folder / "reader.json").read_text("utf-8"))
        weights = folder / "reader.int8.onnx"
        if not weights.exists() or sha256(weights) != made["sha256"]:
            raise ModelUnavailable("reader", "its file is missing or changed; install Quoth again")
        self.name = f"quoth-reader@{made['sha256'][:12]}"
        tokenizer = folder / "reader.tokenizer.json"
        if not tokenizer.exists():
            from index.embedding import default_model_folder

            tokenizer = default_model_folder() / "tokenizer.json"
        self._model = OnnxModel(weights, tokenizer, made["max_length"])

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One `Read` a passage, in order; a passage that is too long is read from its beginning."""
        encoded = self._model.encode([(question, passage) for passage in passages])
        reads: dict[int, Read] = {}
        for batch in batches([len(each.ids) for each in encoded]):
            (starts, ends), _ = self._model.run([encoded[at] for at in batch])
            for row, at in enumerate(batch):
                each = encoded[at]
                inside = np.array([sequence == 1 for sequence in each.sequence_ids])
                size = len(inside)
                reads[at] = best_span(starts[row, :size], ends[row, :size], inside, each.offsets)
        return [reads[at] for at in range(len(passages))]


def best_span(
    starts: Output, ends: Output, inside: NDArray[np.bool_], offsets: Sequence[tuple[int, int]]
) -> Read:
    """The best span of the tokens `inside`, by start and end logits; the first token is "not here"."""
    nothing = float(starts[0] + ends[0])
    size = len(inside)
    near = np.tri(size, k=LONGEST_SPAN, dtype=bool) & ~np.tri(size, k=-1, dtype=bool)
    allowed = near & inside[:, None] & inside[None, :]
    scores = np.where(allowed, starts[:, None] + ends[None, :], -1e9)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    if not inside.any():
        return Read(start=0, end=0, margin=-1e9)
    margin = float(scores[first, last]) - nothing
    return Read(start=offsets[first][0], end=offsets[last][1], margin=margin)
