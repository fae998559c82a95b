"""Examples as the numbers a reader takes: token windows, and batches of a like length."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from tokenizers import Encoding, Tokenizer

from training.examples import Example, Span

MAX_LENGTH = 320
"""Tokens of question and passage together; 93 % of the training passages fit."""

QUESTION_LENGTH = 64
_SPECIAL = 3  # [CLS] question [SEP] passage [SEP]


@dataclass(frozen=True, slots=True)
class Window:
    """A pair as tokens; `start` and `end` are the answer's tokens, both 0 for 'not here'.

    The passage's tokens begin at `passage_at`; `offsets` has the characters of each.
    """

    ids: list[int]
    passage_at: int
    start: int
    end: int
    offsets: list[Span]


Batch = dict[str, torch.Tensor]


class PairEncoder:
    """Turns examples into windows; a long passage is cut to one that keeps its answer."""

    def __init__(
        self, tokenizer: Tokenizer, rng: random.Random, max_length: int = MAX_LENGTH
    ) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._rng = rng
        self._max_length = max_length
        self._first, self._between = map(tokenizer.token_to_id, ("[CLS]", "[SEP]"))

    def windows(self, examples: Sequence[Example]) -> list[Window]:
        """One window an example."""
        asked = self._encoded([example.question for example in examples])
        read = self._encoded([example.passage for example in examples])
        return [
            self._window(question.ids[:QUESTION_LENGTH], passage, example.answer)
            for question, passage, example in zip(asked, read, examples, strict=True)
        ]

    def _encoded(self, texts: list[str]) -> list[Encoding]:
        encoded: list[Encoding] = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        return encoded

    def _window(self, question: list[int], passage: Encoding, answer: Span | None) -> Window:
        room = self._max_length - _SPECIAL - len(question)
        first, last = _tokens(passage, answer) if answer else (0, 0)
        begin = self._begin(len(passage.ids), room, first, last)
        lead = [self._first, *question, self._between]
        shift = len(lead) - begin
        here = answer is not None and last - begin < room
        return Window(
            ids=[*lead, *passage.ids[begin : begin + room], self._between],
            passage_at=len(lead),
            start=first + shift if here else 0,
            end=last + shift if here else 0,
            offsets=passage.offsets[begin : begin + room],
        )

    def _begin(self, length: int, room: int, first: int, last: int) -> int:
        """Where a window starts: at the beginning when all fits, else anywhere with the answer."""
        if length <= room:
            return 0
        return self._rng.randint(max(0, min(last - room + 1, first)), min(first, length - room))


def batches(windows: Sequence[Window], budget: int, rng: random.Random) -> list[Batch]:
    """Batches of at most `budget` tokens each, of a like length, in random order."""
    groups: list[list[Window]] = [[]]
    for window in sorted(windows, key=lambda each: (len(each.ids), rng.random())):
        if len(window.ids) * (len(groups[-1]) + 1) > budget:
            groups.append([])
        groups[-1].append(window)
    rng.shuffle(groups)
    return [padded(group) for group in groups if group]


def padded(group: Sequence[Window]) -> Batch:
    """The windows as one batch of tensors."""
    width = max(len(window.ids) for window in group)
    ids = torch.zeros(len(group), width, dtype=torch.long)
    mask, types = torch.zeros_like(ids), torch.zeros_like(ids)
    for row, window in enumerate(group):
        ids[row, : len(window.ids)] = torch.tensor(window.ids)
        mask[row, : len(window.ids)] = 1
        types[row, window.passage_at : len(window.ids)] = 1
    return {
        "input_ids": ids,
        "attention_mask": mask,
        "token_type_ids": types,
        "start_positions": torch.tensor([window.start for window in group]),
        "end_positions": torch.tensor([window.end for window in group]),
    }


def _tokens(passage: Encoding, answer: Span) -> tuple[int, int]:
    """The first and the last token that overlap the answer's characters."""
    inside = [i for i, (a, z) in enumerate(passage.offsets) if a < answer[1] and z > answer[0]]
    return (inside[0], inside[-1]) if inside else (0, len(passage.ids))
