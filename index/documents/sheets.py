"""Spreadsheets (xlsx, xls, xlsb, ods): python-calamine lives here."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

from index.documents.compound import MAGIC, Compound
from index.documents.containers import Container
from index.documents.draft import Block, Draft, readable
from index.documents.opendocument import metadata
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.word import core_properties

UNNAMED = re.compile(r"(?:sheet|tabelle|feuil|hoja|foglio|planilha|blad|лист|table) ?\d+$", re.I)
"""What spreadsheet programs call a sheet that nobody named."""


def read_sheets(original: Original) -> Iterator[Draft]:
    """Each row on a line with its header's names; the sheets' names are headings."""
    from python_calamine import CalamineWorkbook, PasswordError

    properties = _properties(original)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(original.data))
    except PasswordError as error:
        raise original.unreadable("it is encrypted: save it without a password") from error
    blocks: list[Block] = []
    names = book.sheet_names
    for name in names:
        table = list(table_blocks(list(_rows(book.get_sheet_by_name(name)))))
        if table and not UNNAMED.match(name):
            blocks.append(Block(name, heading=True))
        blocks += table
    title = properties.pop("title", None) or readable(original.name)
    yield Draft(blocks=blocks, title=title, **properties)


def _rows(sheet: Any) -> Iterator[list[str]]:  # noqa: ANN401  calamine has no type for it
    """The cells of each row, of empty ones in a row only the first: there may be a million."""
    before = False
    for row in sheet.iter_rows():
        filled = row.count("") < len(row)
        if filled:
            yield [_cell(value) for value in row]
        elif before:
            yield []
        before = filled


def _properties(original: Original) -> dict[str, Any]:
    """What the file says about itself; its container is checked for size on the way."""
    if original.data.startswith(MAGIC):
        return dict(Compound(original).properties())
    container = Container(original)
    if original.suffix == ".ods" or "content.xml" in container.names():
        return metadata(original, container)
    return core_properties(original, container)


def _cell(value: object) -> str:
    """A cell as a sheet shows it: whole numbers without ".0", dates in ISO 8601."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    return str(value)
