"""An extractive reader: the span of a passage that answers, and how far it beats "not here"."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.errors import ModelUnavailable
from index.onnx import Encoded, OnnxModel, Output, sha256
from index.ports import Read, Reader

DEFAULT, NONE = "default", "none"
FOLDER = Path(__file__).parent / "models"


def open_reader(model: str) -> Reader | None:
    """The reader: the one that comes with Quoth, one exported like it, or an extractive QA model.

    None for "none", and for "default" where no reader was shipped. Raises ModelUnavailable.
    """
    if model == NONE:
        return None
    if model != DEFAULT and (Path(model) / "reader.json").exists():
        return OnnxReader(Path(model))
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
        alone = [[at] for at in range(len(passages))]
        outputs = self._model.run_all(encoded, alone, lambda scores, _: scores)
        return [_read(encoded[at], starts[0], ends[0]) for (at,), (starts, ends) in outputs]


def _read(encoded: Encoded, starts: Output, ends: Output) -> Read:
    """The scores of the passage's own tokens; the first token's are those of "not here"."""
    inside = [at for at, sequence in enumerate(encoded.sequence_ids) if sequence == 1]
    return Read(
        offsets=np.array([encoded.offsets[at] for at in inside], np.int64).reshape(-1, 2),
        starts=starts[inside],
        ends=ends[inside],
        nothing=float(starts[0] + ends[0]),
    )
