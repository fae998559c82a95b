"""Running exported models: onnxruntime and tokenizers live here."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding as Encoded
from tokenizers import Tokenizer

__all__ = ["Encoded", "OnnxModel", "Output", "batches", "sha256"]

BATCH_TOKENS = 4096
"""Padded tokens that are run at once; larger batches gain nothing on two cores."""

Tokens = NDArray[np.int64]
Output = NDArray[np.float32]


class OnnxModel:
    """A transformer exported to ONNX, and its tokenizer."""

    def __init__(self, model: Path, tokenizer: Path, max_tokens: int, threads: int = 0) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = threads
        # A plan of the memory for each shape of a batch is seldom used again, and never let go.
        options.enable_mem_pattern = False
        # Idle threads that spin would take the core that serves the chat.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {each.name for each in self._session.get_inputs()}
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens, strategy="longest_first")

    def encode(self, texts: Sequence[str] | Sequence[tuple[str, str]]) -> list[Encoded]:
        """Tokens of each text, or of each pair of texts, with offsets in characters."""
        encoded: list[Encoded] = self._tokenizer.encode_batch(list(texts))
        return encoded

    def run(self, batch: Sequence[Encoded]) -> tuple[list[Output], Tokens]:
        """The model's outputs for the padded batch, and the attention mask."""
        shape = (len(batch), max(len(each.ids) for each in batch))
        ids, mask, types = (np.zeros(shape, np.int64) for _ in range(3))
        for row, each in enumerate(batch):
            ids[row, : len(each.ids)] = each.ids
            mask[row, : len(each.ids)] = 1
            types[row, : len(each.ids)] = each.type_ids
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
        return self._session.run(None, {k: v for k, v in feed.items() if k in self._inputs}), mask


def batches(lengths: Sequence[int]) -> list[list[int]]:
    """Positions in batches of at most BATCH_TOKENS padded tokens, by length: little is padded."""
    found: list[list[int]] = [[]]
    for at in sorted(range(len(lengths)), key=lengths.__getitem__):
        if found[-1] and (len(found[-1]) + 1) * lengths[at] > BATCH_TOKENS:
            found.append([])
        found[-1].append(at)
    return [batch for batch in found if batch]


def sha256(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
