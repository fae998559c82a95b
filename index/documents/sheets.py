"""Spreadsheets (xlsx, xls, xlsb, large ods): python-calamine lives here."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.documents.cell_codes import LARGEST_SHEET, Codes, codes_of_members, codes_of_streams
from index.documents.cell_formats import shown
from index.documents.compound import MAGIC, Compound
from index.documents.containers import Container
from index.documents.draft import Block, Draft, readable
from index.documents.opendocument import metadata, read_opendocument
from index.documents.original import Original
from index.documents.tables import UNNAMED_SHEET, table_blocks
from index.documents.word import core_properties


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
    names = book.sheet_names
    for name in names:
        rows = list(_rows(book.get_sheet_by_name(name), codes.get(name, {})))
        table = list(table_blocks(rows))
        if table and not UNNAMED_SHEET.match(name):
            blocks.append(Block(name, heading=True))
        blocks += table
    title = properties.pop("title", None) or readable(original.name)
    yield Draft(blocks=blocks, title=title, **properties)


def _rows(sheet: Any, codes: Codes) -> Iterator[list[str]]:  # noqa: ANN401  it has no type
    """The cells of each row, of empty ones in a row only the first: there may be a million."""
    before = False
    left = sheet.start[1] if sheet.start else 0
    for number, row in enumerate(sheet.iter_rows()):
        filled = row.count("") < len(row)
        if filled:
            yield [
                _cell(value, codes.get((number, column))) for column, value in enumerate(row, left)
            ]
        elif before:
            yield []
        before = filled


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
