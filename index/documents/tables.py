"""Tables as lines that can be quoted: "Team: Flyers; City: Philadelphia." """

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest

from index.documents.draft import PARAGRAPH, ROW, Block
from index.documents.normalising import line

Row = Sequence[str]
NUMBER = re.compile(r"[-+−(]*(?:[$€£¥]\s?)?[\d.,'\s]*\d[\d.,'\s]*[)%€$£¥]*$")
LONGEST_NAME = 80
"""Characters; what is longer names nothing."""
UNNAMED_SHEET = re.compile(
    r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|лист|table) ?\d+$", re.IGNORECASE
)
"""What spreadsheet programs call a sheet that nobody named."""
YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")


def table_blocks(
    rows: Sequence[Row], page: int | None = None, headed: bool = True
) -> Iterator[Block]:
    """One block a row that holds something, "Header: value; Header: value." with
    the header where there is one; none is looked for unless `headed`.

    A lone cell above the header, or a few of many, are a caption: a paragraph of its own. Below an
    empty row another table begins, if it has a caption and a header of its own.
    """
    for table in _parted([tuple(line(cell) for cell in row) for row in rows]):
        yield from _blocks(table, page, headed)


def _parted(rows: Sequence[Row]) -> list[list[Row]]:
    """The tables of a sheet, without empty rows."""
    tables: list[list[Row]] = [[]]
    for filled, group in groupby(rows, any):
        part = list(group) if filled else []
        if _begins_table(part) and _width(tables[-1]) > 1:
            tables.append([])
        tables[-1] += part
    return tables


def _begins_table(rows: list[Row]) -> bool:
    """Whether there are captions, and below them a header. Names alone may be a row like others."""
    width = _width(rows)
    captions = next((at for at in range(len(rows)) if not _is_caption(rows[at:], width)), 0)
    return width > 1 and captions > 0 and _is_header(rows[captions:])


def _width(rows: Sequence[Row]) -> int:
    return max((len(_filled(row)) for row in rows), default=0)


def _blocks(cells: list[Row], page: int | None, headed: bool) -> Iterator[Block]:
    width = _width(cells)
    while cells and width > 1 and _is_caption(cells, width):
        yield Block("; ".join(_filled(cells.pop(0))), page=page)
    if _are_pairs(cells):
        cells = [(f"{name.rstrip(':')}: {value}",) for name, value in cells]
    header = cells.pop(0) if headed and _is_header(cells) else None
    joint = PARAGRAPH
    for row in cells:
        yield Block(row_text(header, row), joint=joint, page=page)
        joint = ROW
    if header and joint == PARAGRAPH:
        yield Block(row_text(None, header), page=page)


Span = tuple[int, int, int, int]
"""First row and column of cells that are one, and their last."""


def joined_headers(rows: Sequence[Row], spans: Sequence[Span]) -> list[Row]:
    """The rows; names of groups of columns, which span them, stand before the columns' own."""
    joined = list(rows)
    for top in sorted(
        {first for first, left, last, right in spans if first == last < len(rows) - 1}
    ):
        groups = _group_names(rows, top, spans)
        if groups:
            names = [
                f"{groups.get(at, '')} {name}".strip() for at, name in enumerate(rows[top + 1])
            ]
            joined[top], joined[top + 1] = (), names
    return joined


def _group_names(rows: Sequence[Row], top: int, spans: Sequence[Span]) -> dict[int, str]:
    """What stands above each column, where this row names but groups and what goes on below."""
    found: dict[int, str] = {}
    for first, left, last, right in spans:
        if first == top and left < len(rows[top]) and last <= top + 1:
            wide = range(left, right + 1) if first == last else range(left, left + 1)
            found |= dict.fromkeys(wide, rows[top][left])
    filled = [at for at, cell in enumerate(rows[top]) if cell]
    below = [cell for at, cell in enumerate(rows[top + 1]) if cell and at in found]
    named = len(filled) > 1 and all(at in found for at in filled) and len(below) > 1
    return found if named and not any(_is_value(each, "") for each in below) else {}


def row_text(header: Row | None, row: Row) -> str:
    """One row on one line; empty cells are left out."""
    names = header or ()
    named = []
    for at, cell in enumerate(row):
        name = names[at].rstrip(":") if at < len(names) else ""
        if cell:
            named.append(f"{name}: {cell}" if name and name != cell else cell)
    text = "; ".join(named)
    return text if not text or text[-1] in ".!?…。" else f"{text}."


def header_at(rows: Sequence[Row]) -> int | None:
    """Which row names the columns, below captions; None where there is none."""
    width = _width(rows)
    first = next((at for at in range(len(rows)) if not _is_caption(rows[at:], width)), 0)
    return first if width > 1 and _is_header(rows[first:]) else None


def stands_above_numbers(rows: Sequence[Row]) -> bool:
    """Whether below a name in the first row there are numbers alone."""
    columns = zip_longest(*rows, fillvalue="")
    below = [[cell for cell in column[1:] if cell] for column in columns if column[0]]
    return any(cells and all(map(NUMBER.match, cells)) for cells in below)


def _filled(row: Row) -> list[str]:
    return [cell for cell in row if cell]


def _is_caption(rows: Sequence[Row], width: int) -> bool:
    """Whether the first row stands above a table: alone in it, or few cells above a header."""
    filled = len(_filled(rows[0]))
    if _has_corner(rows):
        return False
    return filled == 1 or (2 * filled < width and _is_header(rows[1:]))


def _has_corner(rows: Sequence[Row]) -> bool:
    """Whether the first row names but the last of two columns, which holds numbers."""
    return len(rows[0]) == 2 and not rows[0][0] and bool(rows[0][1]) and stands_above_numbers(rows)


def _are_pairs(rows: Sequence[Row]) -> bool:
    """Whether each row is a name and its value, with no header above: "Weight", "1.1 kg"."""
    if any(len(row) != 2 or not all(row) or not row[0][0].isalpha() for row in rows):
        return False
    if any(len(name) > LONGEST_NAME for name, _ in rows):
        return False
    name, value = rows[0] if rows else ("", "")
    return name.endswith(":") or (value[:1].isdigit() and not YEAR.match(value))


def _is_value(name: str, below: str) -> bool:
    """Whether a cell of the first row is a number; a year above what is no year is a name."""
    return bool(NUMBER.match(name)) and not (YEAR.match(name) and not YEAR.match(below))


def _is_header(rows: Sequence[Row]) -> bool:
    """Whether the first row names the columns: names that differ, most of them no numbers."""
    if len(rows) < 2:
        return False
    names = _filled(rows[0])
    widest = max(len(_filled(row)) for row in rows[1:])
    differ = len({name.lower() for name in names}) == len(names)
    numbers = any(_is_value(name, row) for name, row in zip(rows[0], rows[1], strict=False))
    brief = all(len(name) <= LONGEST_NAME and any(map(str.isalnum, name)) for name in names)
    corner = len(names) == 1 and not rows[0][0] and stands_above_numbers(rows)
    return (
        (len(names) >= 2 or corner)
        and len(names) >= widest - 1
        and differ
        and not numbers
        and brief
    )
