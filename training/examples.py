"""Questions asked of passages, read from the sets a reader is trained and judged on."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
Span = tuple[int, int]
"""Characters of a passage, from the first to the one after the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question, a passage, and where the passage answers it (None: it doesn't)."""

    question: str
    passage: str
    answer: Span | None
    accepted: tuple[str, ...] = ()
    document: str = ""

    def __post_init__(self) -> None:
        if self.answer and not 0 <= self.answer[0] < self.answer[1] <= len(self.passage):
            raise ValueError(f"The answer {self.answer} lies outside its passage")


def read_examples(path: Path, titled: bool = False) -> list[Example]:
    """The answerable examples of a file with a `question`, `context` and `answers` a line.

    `titled`: `document` is the title of an article, and stands before its passages.
    """
    examples = [_answered(row) for row in _rows(path)]
    return [under_title(each) for each in examples] if titled else examples


def read_judged(folder: Path) -> list[Example]:
    """Every example of an evaluation set, the unanswerable too, with all accepted answers.

    An answerable one whose answer doesn't stand in its passage literally is left out. The title of
    the document stands before the passage.
    """
    judged = [_judged(row) for row in _rows(folder / "questions.jsonl") if row["passage"]]
    kept = [example for example in judged if example.answer or not example.accepted]
    return [under_title(each) for each in kept]


def under_title(example: Example) -> Example:
    """The example with its document's title before its passage, as a reader is given it in use."""
    title = example.document.removesuffix(".txt").replace("_", " ")
    frame = f"{title}. "
    answer = example.answer and (example.answer[0] + len(frame), example.answer[1] + len(frame))
    return replace(example, passage=frame + example.passage, answer=answer)


def folds(examples: Sequence[Example], count: int) -> Iterator[tuple[list[Example], list[Example]]]:
    """`count` times (to learn from, to judge by), parted by document, about equally large."""
    sizes = Counter(example.document for example in examples)
    parts: list[set[str]] = [set() for _ in range(count)]
    for document, _ in sizes.most_common():
        min(parts, key=lambda part: sum(sizes[each] for each in part)).add(document)
    for part in parts:
        yield (
            [example for example in examples if example.document not in part],
            [example for example in examples if example.document in part],
        )


def sentences(text: str) -> list[Span]:
    """The sentences of `text` by their closing marks; rough, good enough to leave one out."""
    ends = [match.end() for match in re.finditer(r"[.!?][\"')\]]*\s+", text)] + [len(text)]
    starts = [0, *ends[:-1]]
    return [(start, end) for start, end in zip(starts, ends, strict=True) if start < end]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def _answered(row: dict[str, Any]) -> Example:
    answers = row["answers"]
    answer = _middle([each for each in answers if each["text"]], lambda each: len(each["text"]))
    start = answer["start"]
    return Example(
        question=row["question"],
        passage=row["context"],
        answer=(start, start + len(answer["text"])),
        accepted=tuple(each["text"] for each in answers),
        document=row["document"],
    )


def _judged(row: dict[str, Any]) -> Example:
    question, passage = row["question"], row["passage"]
    answers = [answer for answer in row["answers"] if answer]
    return Example(
        question=question,
        passage=passage,
        answer=_located(question, passage, _middle(answers, len)) if answers else None,
        accepted=tuple(answers),
        document=row["document"],
    )


def _middle(answers: Sequence[T], length: Callable[[T], int]) -> T:
    """The one of middle length, the shorter of two: most like what several people marked."""
    return sorted(answers, key=length)[(len(answers) - 1) // 2]


def _located(question: str, passage: str, answer: str) -> Span | None:
    """Where `answer` stands: of several sentences the one most like `question`; None if nowhere."""
    asked = set(re.findall(r"\w+", question.lower()))
    found: list[tuple[int, Span]] = []
    for start, end in sentences(passage):
        shared = len(asked & set(re.findall(r"\w+", passage[start:end].lower())))
        for match in re.finditer(re.escape(answer), passage[start : end + len(answer)]):
            if start + match.start() < end:
                found.append((shared, (start + match.start(), start + match.end())))
    return max(found, key=lambda each: (each[0], -each[1][0]))[1] if found else None
