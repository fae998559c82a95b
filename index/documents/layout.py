"""Lines on pages to paragraphs in reading order, without running headers and footers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from index.documents.draft import PARAGRAPH, ROW, RUNNING, Block
from index.documents.normalising import line as one_line
from index.documents.ruled import Table
from index.documents.tables import Row, header_at, table_blocks
from index.documents.wrapping import LIST_ITEM, is_right_to_left, run_on, vocabulary


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and its box, in points from the lower left corner of the page."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float
    """Height of the font's box; the same for all lines of one font and size."""
    row: bool = False
    """It was put together from cells, and stays a line of its own."""
    start: int = 0
    """The number of its first letter among the characters of its page."""
    table: Table | None = None
    """The table that all the lines in the box are."""

    @property
    def middle(self) -> float:
        return (self.bottom + self.top) / 2


Page = Sequence[Line]
PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|seite|página|pagina|стр\.?|p\.)\s*)?(?:\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:of|von|de|di|sur|из|/)\s*\d{1,4})?\W*$",
    re.IGNORECASE,
)
PAGE_OF = re.compile(r"\d+\s*(?:of|von|de|di|sur|из|/)\s*\d+")
ENDING = re.compile(r"[.!?…:;。！？؟۔।][\"'”’»)\]]*$")
STOPS = (".", "。", "۔", "।")
LEADER = re.compile(r"\s*(?:[.·…_]\s?){4,}\s*")
"""The dots that lead to a page number or to what is filled in."""
MOST_LINES = 1500
"""Pages with more lines are no prose: their columns are not looked for."""


def page_blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """The blocks of all pages; a paragraph that goes on over a page end runs on."""
    kept = without_margins([joined_fragments(in_reading_order(page)) for page in pages])
    _continue_tables(kept)
    words = vocabulary("\n".join(line.text for page in kept for line in page))
    body = _body_size(kept)
    before: Block | None = None
    for number, page in enumerate(kept, start=1):
        for block in _paragraphs(page, number, words, body):
            if before is not None and block.page != before.page and not page[0].table:
                block = replace(block, joint=RUNNING) if _goes_on(before, block) else block
            yield block
            before = block


def in_reading_order(page: Page) -> list[Line]:
    """The lines as they were drawn, unless that jumps between columns or upwards."""
    lines = list(page)
    if not 2 < len(lines) <= MOST_LINES:
        return lines
    gutter = _gutter(lines)
    if gutter is not None and _interleaved(lines, gutter) > 2:
        return _by_columns(lines, gutter)
    jumps = [
        after.left >= before.right
        for before, after in pairwise(lines)
        if after.bottom > before.top + before.size
    ]
    # To the right and up is the next column; only up is a page that was drawn in parts.
    columns = sum(jumps)
    return _downwards(lines) if len(jumps) - columns > 2 * columns else lines


def _interleaved(lines: Sequence[Line], gutter: float) -> int:
    """How often the drawing order goes over the gutter along one line."""
    return sum(
        before.right <= gutter <= after.left and abs(before.middle - after.middle) < before.size
        for before, after in pairwise(lines)
    )


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the white strip between two columns of prose; None where there is none."""
    best: tuple[int, float, float] | None = None
    for line in lines:
        start = line.right
        rest = [each.left for each in lines if each.left > start]
        if not rest:
            continue
        gutter = (start + min(rest)) / 2
        crossing = sum(each.left < gutter < each.right for each in lines)
        left = [each for each in lines if each.right <= gutter]
        right = [each for each in lines if each.left >= gutter]
        if crossing * 3 > len(lines) or not (_is_prose(left) and _is_prose(right)):
            continue
        found = (crossing, -(min(rest) - start), gutter)
        best = min(best, found) if best else found
    return best[2] if best else None


def _is_prose(lines: Sequence[Line]) -> bool:
    """Whether the lines are long enough for a column of text; a table's cells are not."""
    return len(lines) >= 4 and median(len(line.text) for line in lines) >= 18


def _by_columns(lines: Sequence[Line], gutter: float) -> list[Line]:
    """Left column, then right, between the lines that go over both."""
    ordered: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in _downwards(lines):
        if line.left < gutter < line.right:
            ordered += [*left, *right, line]
            left, right = [], []
        else:
            (left if line.right <= gutter else right).append(line)
    return [*ordered, *left, *right]


def _downwards(lines: Sequence[Line]) -> list[Line]:
    """From top to bottom; what stands on one line from left to right."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda each: -each.middle):
        if rows and abs(rows[-1][0].middle - line.middle) < min(rows[-1][0].size, line.size) / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda each: each.left)]


def joined_fragments(lines: Sequence[Line]) -> list[Line]:
    """Pieces of one line put together: around a superscript, and the cells of a table's row."""
    joined: list[Line] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last is not None and _beside(last, line):
            gap = line.left - last.right
            space = "" if gap < 0.12 * last.size or line.text[:1] in ",.;:)" else " "
            joined[-1] = Line(
                last.text + space + line.text,
                min(last.left, line.left),
                min(last.bottom, line.bottom),
                max(last.right, line.right),
                max(last.top, line.top),
                max(last.size, line.size),
                last.row or gap > 1.2 * last.size,
            )
        else:
            joined.append(line)
    return joined


def _continue_tables(pages: Sequence[list[Line]]) -> None:
    """Gives a table that goes on over a page end its header on each page, and a row that does
    to the first of them.
    """
    for above, page in pairwise(pages):
        before, after = (each[at].table if each else None for each, at in ((above, -1), (page, 0)))
        if before is None or after is None or not before.goes_on_in(after):
            continue
        at = header_at(before.rows) if before.headed else None
        header = () if at is None else before.rows[at : at + 1]
        rows = after.rows[1:] if after.rows[:1] == header else after.rows
        if rows and _is_rest(rows[0]):
            whole = [
                one_line(" ".join(pair)) for pair in zip(before.rows[-1], rows[0], strict=True)
            ]
            joined = replace(before, rows=(*before.rows[:-1], tuple(whole)))
            above[-1] = replace(above[-1], table=joined)
            rows = rows[1:]
        if rows:
            headed = after.headed or bool(header)
            page[0] = replace(page[0], table=replace(after, rows=header + rows, headed=headed))
        else:
            page.pop(0)


def _is_rest(row: Row) -> bool:
    """Whether it is what did not fit of the row above it."""
    return not row[0] and all(cell[:1].islower() for cell in row if cell)


def _beside(last: Line, line: Line) -> bool:
    if last.table or line.table:
        return False
    overlap = min(last.top, line.top) - max(last.bottom, line.bottom)
    lower = min(last.top - last.bottom, line.top - line.bottom)
    return overlap > 0.5 * lower and line.left > last.right - 0.5 * last.size


def without_margins(pages: Sequence[Page]) -> list[list[Line]]:
    """The pages without page numbers and without what repeats at their top and bottom."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _edges(page)})
    often = max(3, len(pages) // 10) if len(pages) > 2 else 2
    largest = 1.12 * _body_size(pages)
    kept = []
    for page in pages:
        edges = {id(line) for line in _edges(page)}
        dropped = {
            id(line)
            for line in page
            if id(line) in edges
            and (
                _is_page_number(line, page) or (_named(line, largest) and seen[_key(line)] >= often)
            )
        }
        kept.append([line for line in page if id(line) not in dropped])
    return kept


def _edges(page: Page) -> list[Line]:
    """The two highest and the three lowest lines: footers run to an address or a notice."""
    ordered = sorted(page, key=lambda line: -line.middle)
    return ordered[:2] + ordered[2:][-3:] if len(ordered) > 2 else ordered


def _key(line: Line) -> tuple[str, int]:
    """What stays the same from page to page: the text but for numbers, and the height.

    Of a table the numbers too, but for those of pages: one may look like that of the page before.
    """
    if line.table:
        return PAGE_OF.sub("#", line.text.lower()), round(line.middle / 6)
    return re.sub(r"\W+|\d+|\b[ivxlc]+\b", "#", line.text.lower()), round(line.middle / 6)


def _named(line: Line, largest: float) -> bool:
    """Whether it has a word: rows of numbers look alike and say different things, and so do
    headings ("Chapter 2"), which are large.
    """
    return line.size <= largest and bool(re.search(r"[^\W\d_]{3}", line.text))


def _is_page_number(line: Line, page: Page) -> bool:
    lowest = min(each.middle for each in page)
    highest = max(each.middle for each in page)
    at_edge = line.middle in (lowest, highest)
    return len(page) > 3 and at_edge and bool(PAGE_NUMBER.match(line.text))


def _body_size(pages: Sequence[Page]) -> float:
    """The size that most characters have."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _paragraphs(page: Page, number: int, words: set[str], body: float) -> Iterator[Block]:
    for chunk in _chunks(page):
        if chunk[0].table:
            table = chunk[0].table
            yield from table_blocks(table.rows, number, table.headed)
            continue
        heading = _is_heading(chunk, body)
        joint = PARAGRAPH
        for text in [" ".join(line.text for line in chunk)] if heading else _filled(chunk, words):
            yield Block(text, heading=heading, joint=joint, page=number)
            joint = ROW


def _chunks(page: Page) -> Iterator[list[Line]]:
    """Lines that stand together: one size, one spacing, no indent between them."""
    gaps = [
        before.middle - after.middle
        for before, after in pairwise(page)
        if 0 < before.middle - after.middle < 2.5 * before.size
    ]
    spacing = median(gaps) if gaps else 0.0
    chunk: list[Line] = []
    for line in page:
        if chunk and _is_apart(chunk, line, spacing):
            yield chunk
            chunk = []
        chunk.append(line)
    if chunk:
        yield chunk


def _is_apart(chunk: Sequence[Line], line: Line, spacing: float) -> bool:
    last = chunk[-1]
    if last.table or line.table:
        return True
    gap = last.middle - line.middle
    own = chunk[-2].middle - last.middle if len(chunk) > 1 else spacing
    usual = min(max(own, spacing * 0.8), spacing * 1.3) if spacing else last.size
    usual = max(usual, last.size)
    if gap < -last.size:
        return not _continues_column(last, line)
    resized = abs(line.size - last.size) > 0.12 * last.size
    indented = line.left > last.left + 0.8 * last.size and len(chunk) > 1 and _ends(last)
    return gap > 1.25 * usual + 1 or resized or (indented and not LIST_ITEM.match(last.text))


def _continues_column(last: Line, line: Line) -> bool:
    """Whether a paragraph goes on at the top of the next column."""
    return abs(last.size - line.size) < 0.1 and not _ends(last) and line.text[:1].islower()


def _ends(line: Line) -> bool:
    return bool(ENDING.search(line.text))


def _is_heading(chunk: Sequence[Line], body: float) -> bool:
    text = " ".join(line.text for line in chunk)
    large = min(line.size for line in chunk) > 1.12 * body
    words = sum(word[0].isalpha() for word in text.split())
    return large and len(chunk) <= 4 and len(text) <= 200 and words > 0 and not text.endswith(STOPS)


def _filled(chunk: Sequence[Line], words: set[str]) -> Iterator[str]:
    """The paragraphs of a chunk: a line goes on where its next word would not have fitted."""
    text = chunk[0].text
    columns = [column for column in _columns(chunk) for _ in column]
    for (before, after), column in zip(pairwise(chunk), columns, strict=False):
        if _is_full(before, after, column) and not LIST_ITEM.match(after.text):
            text = run_on(text, after.text, words, typeset=True)
        else:
            yield LEADER.sub(" … ", text)
            text = after.text
    yield LEADER.sub(" … ", text)


def _columns(chunk: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each column that a chunk goes through."""
    column = [chunk[0]]
    for before, after in pairwise(chunk):
        if after.middle > before.middle + before.size:
            yield column
            column = []
        column.append(after)
    yield column


def _is_full(before: Line, after: Line, column: Sequence[Line]) -> bool:
    """Whether the next word would not have fitted; right-to-left lines end at their left."""
    if _is_row(before) or _is_row(after):
        return False
    if before.text.endswith(("-", "\u2010")):
        return True
    right, left = max(line.right for line in column), min(line.left for line in column)
    width = after.right - after.left
    word = width * (len(after.text.split(" ", 1)[0]) + 1) / max(1, len(after.text))
    room = before.left - left if is_right_to_left(before.text) else right - before.right
    return room < word * 1.1 + 1


def _is_row(line: Line) -> bool:
    """Whether the line is a row of a table or of a table of contents."""
    words = line.text.split()
    numbers = sum(word[-1].isdigit() or word == "-" for word in words)
    return line.row or LEADER.search(line.text) is not None or numbers * 2 > max(2, len(words))


def _goes_on(before: Block, block: Block) -> bool:
    if before.heading or block.heading or ENDING.search(before.text) or len(before.text) < 40:
        return False
    return block.text[:1].islower()
