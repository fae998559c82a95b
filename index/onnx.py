"""Running exported models: onnxruntime and tokenizers live here."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding as Encoded
from tokenizers import Tokenizer

__all__ = ["Encoded", "OnnxModel", "Output", "Tokens", "batches", "sha256"]

BATCH_TOKENS = 1024
"""Padded tokens that are run at once: larger batches leave the processor's cache."""

Tokens = NDArray[np.int64]
Output = NDArray[np.float32]
Result = TypeVar("Result")

_cores = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="model")
"""Of all models together: more at once than there are cores would wait for each other."""


class OnnxModel:
    """A transformer exported to ONNX, and its tokenizer.

    A batch is run by one thread: two that share its work take half as much processor time again.
    """

    def __init__(self, model: Path, tokenizer: Path, max_tokens: int) -> None:
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.intra_op_num_threads = 1
        # A plan of the memory for each shape of a batch is seldom used again, and never let go.
        options.enable_mem_pattern = False
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

    def run_all(
        self,
        encoded: Sequence[Encoded],
        parts: Sequence[list[int]],
        made_of: Callable[[list[Output], Tokens], Result],
    ) -> Iterator[tuple[list[int], Result]]:
        """Each part, places in `encoded`, with what is made of its outputs and attention mask.

        On all cores; a single part in the caller's own thread.
        """

        def run(part: list[int]) -> Result:
            return made_of(*self._run([encoded[at] for at in part]))

        results = map(run, parts) if len(parts) < 2 else _cores.map(run, parts)
        return zip(parts, results, strict=True)

    def _run(self, batch: Sequence[Encoded]) -> tuple[list[Output], Tokens]:
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
