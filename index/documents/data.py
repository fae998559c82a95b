"""Data as lines that can be quoted: CSV, TSV, JSON, JSON Lines and notebooks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from index.documents.dates import date_of
from index.documents.decoding import decoded
from index.documents.draft import ROW, Block, Draft
from index.documents.markup import html_root
from index.documents.normalising import line
from index.documents.original import Original
from index.documents.plain import markdown_blocks
from index.documents.tables import row_text, table_blocks
from index.documents.web import all_blocks

DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r'"?sep=([,;\t|])"?\n', re.IGNORECASE)
"""How Excel is told what a file is parted by."""


def read_csv(original: Original) -> Iterator[Draft]:
    """Each row on a line, with the header's names."""
    text = decoded(original.data).replace("\0", "")
    # The reader takes a lone carriage return for an error.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    told = SEPARATOR.match(text)
    text = text[told.end() :] if told else text
    delimiter = told[1] if told else _delimiter(text, original.suffix)
    csv.field_size_limit(2**31 - 1)
    yield Draft(blocks=list(table_blocks(_csv_rows(text, delimiter))))


def _csv_rows(text: str, delimiter: str) -> list[list[str]]:
    """The cells of each row. A quotation mark that nothing closes would take all below it into its
    cell; in a file with one, the marks are letters.
    """

    def read(**how: Any) -> list[list[str]]:  # noqa: ANN401  what csv takes
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, **how))

    try:
        return read(strict=True)
    except csv.Error as error:
        unclosed = "end of data" in str(error)
    return read(quoting=csv.QUOTE_NONE if unclosed else csv.QUOTE_MINIMAL)


def _delimiter(text: str, suffix: str) -> str:
    """The delimiter that cuts the first lines into the most even rows."""
    if suffix == ".tsv":
        return "\t"
    sample = [each for each in text[:20_000].split("\n")[:30] if each.strip()]

    def evenness(delimiter: str) -> tuple[float, float]:
        counts = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count, default=1)
        return (counts.count(usual) / max(1, len(counts)) if usual > 1 else 0.0, usual)

    return max(DELIMITERS, key=evenness)


def read_json(original: Original) -> Iterator[Draft]:
    """Each object on a line, "name: value; name: value."; names of nested ones joined by dots."""
    text = decoded(original.data)
    try:
        found = [_loaded(text)]
    except ValueError:
        found = list(_json_lines(original, text))
    found = found[0] if len(found) == 1 and isinstance(found[0], list) else found
    top = found[0] if len(found) == 1 and isinstance(found[0], dict) else {}
    named = {str(key).lower(): value for key, value in top.items() if isinstance(value, str)}
    blocks = [Block(text, joint=ROW) for each in found for text in _json_rows("", each)]
    yield Draft(blocks=blocks, title=named.get("title"), date=date_of(named.get("date")))


def _loaded(text: str) -> object:
    """The value, its numbers as they are written: some are too long to be counted with."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)


def _json_lines(original: Original, text: str) -> Iterator[object]:
    for number, each in enumerate(text.split("\n"), start=1):
        if each.strip():
            try:
                yield _loaded(each)
            except ValueError as error:
                reason = f"it is not valid JSON (line {number}): repair it, or save it as .txt"
                raise original.unreadable(reason) from error


def _json_rows(name: str, value: object) -> Iterator[str]:
    """A line for what is flat in an object, then lines for the lists of objects in it."""
    if isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for each in value:
            yield from _json_rows(name, each)
        return
    flat = dict(_flat(name, value))
    text = row_text(list(flat), [line(each) for each in flat.values()])
    if text:
        yield text
    yield from _nested_rows(name, value)


def _flat(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _flat(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list):
        if not any(isinstance(each, dict | list) for each in value):
            yield name, ", ".join(_scalar(each) for each in value)
    else:
        yield name, _scalar(value)


def _nested_rows(name: str, value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _nested_rows(f"{name}.{key}" if name else str(key), inner)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        yield from _json_rows(name, value)


def _scalar(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


def read_notebook(original: Original) -> Iterator[Draft]:
    """A Jupyter notebook: its Markdown, its code and the text of its output, cell by cell."""
    try:
        book = json.loads(decoded(original.data))
        # Version 3 had sheets, and called the source of code its input.
        cells = book.get("cells") or [c for sheet in book["worksheets"] for c in sheet["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise original.unreadable("it is not a Jupyter notebook") from error
    blocks: list[Block] = []
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            blocks += markdown_blocks(_joined(cell.get("source")))
        else:
            blocks.append(Block(_joined(cell.get("source") or cell.get("input"))))
            for each in cell.get("outputs") or ():
                blocks += _output(each)
    yield Draft(blocks=blocks)


def _output(output: dict[str, object]) -> Iterator[Block]:
    """What code printed or shows: a table by its rows, nothing of a picture."""
    data = output.get("data")
    shown = data if isinstance(data, dict) else {}
    page = _joined(shown.get("text/html"))
    root = html_root(page) if "<table" in page else None
    if root is not None:
        yield from all_blocks(root)
    elif not any(kind.startswith("image/") for kind in shown):
        yield Block(_joined(output.get("text") or shown.get("text/plain")))


def _joined(source: object) -> str:
    return "".join(map(str, source)) if isinstance(source, list) else str(source or "")
