"""Any extractive question answering model of Hugging Face as a reader: transformers lives here."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.errors import ModelUnavailable
from index.ports import Read

MAX_TOKENS = 384
READ_AT_ONCE = 8


class TransformersReader:
    """An extractive QA model by name or path, on torch: slower to start and to run than our own."""

    def __init__(self, model: str) -> None:
        try:
            from transformers import AutoModelForQuestionAnswering, AutoTokenizer

            self._tokenizer = AutoTokenizer.from_pretrained(model)  # type: ignore[no-untyped-call]
            self._model = AutoModelForQuestionAnswering.from_pretrained(model).eval()
        except (OSError, ValueError, ImportError) as error:
            raise ModelUnavailable(model, str(error).strip().partition("\n")[0]) from error
        if not self._tokenizer.is_fast:
            raise ModelUnavailable(model, "its tokenizer keeps no offsets")
        self.name = model

    def read(self, question: str, passages: Sequence[str]) -> list[Read]:
        """One `Read` a passage, in order; a passage that is too long is read from its beginning."""
        reads: list[Read] = []
        for at in range(0, len(passages), READ_AT_ONCE):
            reads += self._read(question, list(passages[at : at + READ_AT_ONCE]))
        return reads

    def _read(self, question: str, passages: list[str]) -> list[Read]:
        import torch

        encoded = self._tokenizer(
            [question] * len(passages),
            passages,
            truncation="only_second",
            max_length=MAX_TOKENS,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").numpy()
        with torch.inference_mode():
            made = self._model(**encoded)
        starts, ends = made.start_logits.float().numpy(), made.end_logits.float().numpy()
        reads = []
        for row in range(len(passages)):
            inside = [at for at, part in enumerate(encoded.sequence_ids(row)) if part == 1]
            reads.append(
                Read(
                    offsets=np.asarray(offsets[row][inside], np.int64).reshape(-1, 2),
                    starts=starts[row][inside],
                    ends=ends[row][inside],
                    nothing=float(starts[row][0] + ends[row][0]),
                )
            )
        return reads
