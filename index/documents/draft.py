"""What the readers of the formats make, and how a Document is put together from it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Day
from pathlib import PurePosixPath

from index.documents.dates import date_in_name, date_in_opening
from index.documents.normalising import line, normalised
from index.passages import Document, Heading

PARAGRAPH = "\n\n"
ROW = "\n"
RUNNING = " "
ITEM = "item"
"""A list item: a ROW after another one, else a PARAGRAPH."""
LONGEST_TITLE = 200
LIBRARIES = {"python-docx", "openpyxl", "docx", "Un-named", "anonymous", "(anonymous)"}
"""What libraries that write such files name as their author when nobody is named."""


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, a list item or a table row."""

    text: str
    heading: bool = False
    joint: str = PARAGRAPH
    """What stands between the block before and this one: PARAGRAPH, ROW, RUNNING or ITEM."""
    page: int | None = None
    """1-based; None where the format has no pages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document before its text is normalised and its offsets are taken."""

    blocks: Sequence[Block]
    title: str | None = None
    date: Day | None = None
    """What the document says of itself as its date: a header, a meta field."""
    created: Day | None = None
    """When the file was made, which is weaker than a date in its name or first lines."""
    author: str | None = None
    language: str | None = None
    pages: int = 0
    """How many pages the file has; 0 where the format has none."""
    part: str | None = None
    """Which part of the file this is, when it holds several: the name or number of a message."""


def composed(draft: Draft, source: str, name: str) -> Document | None:
    """The document, its text normalised and its offsets taken; None when it has no text."""
    text, pages, headings = _laid_out(draft)
    if not any(character.isalnum() for character in text):
        return None
    first = headings[0].title if headings and headings[0].start < 1000 else None
    return Document(
        source=f"{source}/{draft.part}" if draft.part else source,
        title=_title(draft.title) or _title(first) or readable(name),
        text=text,
        date=draft.date or date_in_name(name) or date_in_opening(text) or _made(draft, name),
        author=_author(draft.author),
        language=language_code(draft.language),
        pages=pages,
        headings=headings,
    )


def _author(author: str | None) -> str | None:
    named = line(author or "")[:LONGEST_TITLE]
    return None if named in LIBRARIES else named or None


def _made(draft: Draft, name: str) -> Day | None:
    """When the file was made; None when its name says that it is about another year."""
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", name)
    made = draft.created
    return None if made and years and str(made.year) not in years else made


def _laid_out(draft: Draft) -> tuple[str, tuple[int, ...], tuple[Heading, ...]]:
    pieces: list[str] = []
    pages: list[int] = []
    headings: list[Heading] = []
    length = 0
    before: Block | None = None
    for block in draft.blocks:
        text = line(block.text) if block.heading else normalised(block.text)
        if not text:
            continue
        joint = _joint(block, before) if length else ""
        before = block
        length += len(joint)
        if block.page is not None:
            pages.extend([length] * (block.page - len(pages)))
        if block.heading:
            headings.append(Heading(length, text[:LONGEST_TITLE]))
        pieces += (joint, text)
        length += len(text)
    if draft.pages:
        pages.extend([length] * (draft.pages - len(pages)))
    return "".join(pieces), tuple(pages), tuple(headings)


def _joint(block: Block, before: Block | None) -> str:
    if block.joint is not ITEM:
        return block.joint
    return ROW if before is not None and before.joint is ITEM else PARAGRAPH


def _title(title: str | None) -> str | None:
    """The title on one line; None when it says nothing."""
    text = line(title or "")
    if not any(character.isalpha() for character in text) or text.lower() in UNTITLED:
        return None
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1].rstrip() + "…"


UNTITLED = {"untitled", "untitled document", "powerpoint presentation", "document", "title",
            "unbenannt", "sans titre", "slide 1", "word document", "presentation",
            "table of contents", "contents", "index", "(anonymous)", "anonymous"}  # fmt: skip


LEADING_DATE = re.compile(r"(?:19|20)\d\d[-.]?[01]\d[-.]?[0-3]\d[-.\s]+(?=[^\W\d])")


def readable(name: str) -> str:
    """A title from a file name: without suffix and leading date, underscores and such as spaces."""
    stem = PurePosixPath(name).stem if re.search(r"\.\w{1,10}$", name) else name
    spaced = re.sub(r"[_\s]+", " ", line(stem)).strip()
    spaced = LEADING_DATE.sub("", spaced) or spaced
    if " " not in spaced:
        spaced = re.sub(r"(?<=[^\W\d])-|-(?=[^\W\d])", " ", spaced)
    return spaced or "untitled"


def language_code(language: str | None) -> str | None:
    """ISO 639-1 from a tag like "en-US" or "pt_BR"; None when it is not one."""
    found = re.match(r"\s*([A-Za-z]{2})(?:[-_][\w-]*)?\s*$", language or "")
    return found[1].lower() if found else None
