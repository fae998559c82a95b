"""Spreadsheets (xlsx, xls, xlsb, large ods): python-calamine lives here."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.documents.cell_codes import LARGEST_SHEET, Codes, codes_of_members, codes_of_streams
from index.documents.cell_formats import shown
from index.documents.compound import MAGIC, Compound
from index.documents.containers import Container
from index.documents.draft import Block, Draft, readable
from index.documents.markup import attribute, name_of, xml_root
from index.documents.opendocument import metadata, read_opendocument
from index.documents.original import Original
from index.documents.tables import UNNAMED_SHEET, Row, Span, joined_headers, table_blocks
from index.documents.word import core_properties

COMMENTS = re.compile(r"xl/comments(?:/comment)?\d*\.xml")


def read_sheets(original: Original) -> Iterator[Draft]:
    """Each row on a line with its header's names; the sheets' names are headings."""
    from python_calamine import CalamineWorkbook, PasswordError

    if _holds_its_text(original):
        for draft in read_opendocument(original):
            yield replace(draft, title=draft.title or readable(original.name))
        return
    properties, codes = _about(original)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(original.data))
    except PasswordError as error:
        raise original.unreadable("it is encrypted: save it without a password") from error
    blocks: list[Block] = []
    for name in _shown_names(book):
        table = list(table_blocks(_rows(book.get_sheet_by_name(name), codes.get(name, {}))))
        if table and not UNNAMED_SHEET.match(name):
            blocks.append(Block(name, heading=True))
        blocks += table
    blocks += _comments(original)
    title = properties.pop("title", None) or readable(original.name)
    yield Draft(blocks=blocks, title=title, **properties)


def _comments(original: Original) -> Iterator[Block]:
    """What is noted at cells, below all sheets, each after the place of its cell."""
    if original.data.startswith(MAGIC):
        return
    container = Container(original)
    for name in filter(COMMENTS.fullmatch, container.names()):
        data = container.spare(name)
        for each in xml_root(original, data).iter() if data else ():
            if name_of(each) == "comment":
                said = "".join(run.text or "" for run in each.iter() if name_of(run) == "t")
                text = " ".join(said.split())
                yield Block(f"{attribute(each, 'ref') or ''}: {text}" if text else "")


def _shown_names(book: Any) -> list[str]:  # noqa: ANN401  it has no type
    """The names of the sheets that are not hidden; all of a book that shows none."""
    names = [each.name for each in book.sheets_metadata if str(each.visible).endswith(".Visible")]
    return names or list(book.sheet_names)


def _rows(sheet: Any, codes: Codes) -> list[Row]:  # noqa: ANN401  it has no type
    """The cells of each row, of empty ones in a row only the first: there may be a million."""
    left = sheet.start[1] if sheet.start else 0
    rows: list[Row] = []
    places: list[int] = []
    for number, row in enumerate(sheet.iter_rows()):
        filled = row.count("") < len(row)
        if filled:
            cells = enumerate(row, left)
            rows.append([_cell(value, codes.get((number, column))) for column, value in cells])
        elif rows and rows[-1]:
            rows.append([])
        if len(places) < len(rows):
            places.append(number)
    return joined_headers(rows, _spans(sheet, places, left))


def _spans(sheet: Any, places: list[int], left: int) -> list[Span]:  # noqa: ANN401
    """The merged cells, as places in the rows that are kept."""
    at = {number: place for place, number in enumerate(places)}
    return [
        (at[top], first - left, at[bottom], last - left)
        for (top, first), (bottom, last) in sheet.merged_cell_ranges or ()
        if top in at and bottom in at and first >= left
    ]


def _holds_its_text(original: Original) -> bool:
    """Whether it is an OpenDocument sheet, which says how each cell is shown, and no larger than
    can be taken as a whole.
    """
    if original.data.startswith(MAGIC):
        return False
    return 0 < Container(original).size("content.xml") <= LARGEST_SHEET


def _about(original: Original) -> tuple[dict[str, Any], dict[str, Codes]]:
    """What the file says about itself, and how the numbers of its sheets are shown.

    Its container is checked for size on the way.
    """
    if original.data.startswith(MAGIC):
        compound = Compound(original)
        return dict(compound.properties()), codes_of_streams(compound)
    container = Container(original)
    if original.suffix == ".ods" or "content.xml" in container.names():
        return metadata(original, container), {}
    return core_properties(original, container), codes_of_members(original, container)


def _cell(value: object, code: str | None) -> str:
    """A cell as a sheet shows it; without a format of its own whole numbers have no ".0", and
    dates are in ISO 8601.
    """
    if code and value != "" and (text := shown(value, code)) is not None:
        return text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.timedelta):
        return shown(value, "[h]:mm:ss") or ""
    return str(value)
