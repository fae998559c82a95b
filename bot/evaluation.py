"""Questions that admins made items of an evaluation, which `python -m bench.quality` reads."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bot.pointers import Spot
from index.errors import storage_trouble
from index.passages import Passage

FILE = Path("evaluation", "questions.jsonl")
"""Below the storage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A question as a line of the file; `bench/README.md` says what each name means."""

    id: str
    question: str
    answerable: bool
    document: str
    passage: str
    answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


class Evaluation:
    """The items, in a file below the storage."""

    def __init__(self, storage: Path) -> None:
        self.file = storage / FILE

    def add(self, item: Item) -> None:
        """Appends an item. Raises StorageFull and StorageUnwritable."""
        line = json.dumps(asdict(item), ensure_ascii=False)
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a", encoding="utf-8", errors="replace") as opened:
                opened.write(line + "\n")
        except OSError as error:
            raise storage_trouble(error, self.file.parent) from error


def item_of(id: str, question: str, spot: Spot, passage: Passage, *, answerable: bool) -> Item:
    """The question with the quote at this spot, or with the passage around it that has none."""
    document = passage.document
    quote = (document.text[spot.start : spot.end],) if answerable else ()
    return Item(
        id=id,
        question=question,
        answerable=answerable,
        document=document.source,
        passage=passage.text,
        answers=quote,
        evidence=quote,
    )
