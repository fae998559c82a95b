"""reStructuredText: headings by their underlines, tables by their borders, text without marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.documents.dates import date_of
from index.documents.decoding import decoded
from index.documents.draft import Block, Draft
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.wrapping import paragraphs

UNDERLINE = re.compile(r"([=\-~^\"'`#*+.:_])\1{2,}$")
DIRECTIVE = re.compile(r"\.\. |:[\w-]+:(?:\s|$)")
ADMONITION = re.compile(
    r"\.\. (?=\[[\w#*]+\] )|\.\. (?:note|warning|tip|hint|important|caution|danger|attention|"
    r"error|seealso|admonition|versionadded|versionchanged|deprecated|epigraph|pull-quote)::\s+"
)
FIELD = re.compile(r"^:([\w-]+):[ \t]+(.+)$", re.MULTILINE)
BORDER = r"[ \t]*=+(?: +=+)+[ \t]*"
TABLE = re.compile(
    r"^(?P<grid>[ \t]*\+[-=+]+\+[ \t]*\n(?:[ \t]*[+|][^\n]*\n?)+)"
    rf"|(?<![^\n]\n)^(?P<simple>{BORDER}\n(?:[^\n]*\n){{1,500}}?{BORDER})(?=\n\s*\n|\s*\Z)",
    re.MULTILINE,
)
MARKS = (
    (re.compile(r"``([^`\n]+)``"), r"\1"),
    (re.compile(r"(?::[\w:+-]+:)?`([^`<>]+?)\s*<[^<>`]+>`_{0,2}"), r"\1"),
    (re.compile(r":[\w:+-]+:`[~!]?([^`]+)`"), r"\1"),
    (re.compile(r"`([^`]+)`_{0,2}"), r"\1"),
    (re.compile(r"(?<![\w*])\*\*(?=\S)([^*\n]+?)(?<=\S)\*\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"(?<=\])_(?!\w)|(?<=\w)_(?=[\s.,;:!?)]|$)"), ""),
)
"""Code, links, roles, titles, strong and emphasised words, references."""


def read_rst(original: Original) -> Iterator[Draft]:
    """Headings, paragraphs and table rows; directives but for notes, and fields, are left out."""
    text = decoded(original.data).replace("\r\n", "\n").replace("\r", "\n")
    blocks = list(underlined_blocks(text))
    fields = {name.lower(): value.strip() for name, value in FIELD.findall(text[:2000])}
    yield Draft(
        blocks=blocks,
        author=fields.get("author") or fields.get("authors"),
        date=date_of(fields.get("date")),
    )


def underlined_blocks(text: str) -> Iterator[Block]:
    """The blocks of a text whose headings are underlined."""
    text = text.expandtabs(8)
    start = 0
    for table in TABLE.finditer(text):
        rows = _grid(table["grid"]) if table["grid"] else _columns(table["simple"])
        if rows:
            yield from _paragraphs(text[start : table.start()])
            yield from table_blocks(rows)
            start = table.end()
    yield from _paragraphs(text[start:])


def _grid(table: str) -> list[list[str]]:
    """The rows of a table with drawn borders; none when a cell of it spans others."""
    first, *lines = [each.strip() for each in table.strip().split("\n")]
    places = [at for at, character in enumerate(first) if character == "+"]
    rows: list[list[str]] = [[""] * (len(places) - 1)]
    for line in lines:
        if re.fullmatch(r"\+[-=+]+\+", line):
            rows.append([""] * (len(places) - 1))
        elif any(line[at : at + 1] != "|" for at in places):
            return []
        else:
            cells = [line[left + 1 : right] for left, right in pairwise(places)]
            rows[-1] = _continued(rows[-1], cells)
    return rows


def _columns(table: str) -> list[list[str]]:
    """The rows of a table whose columns are underlined; one that begins empty goes on."""
    border, *lines = table.split("\n")
    starts = [match.start() for match in re.finditer("=+", border)]
    rows: list[list[str]] = []
    for line in lines:
        if not line.strip() or re.fullmatch(BORDER, line):
            continue
        cells = [line[left:right] for left, right in pairwise([*starts, None])]
        if rows and not cells[0].strip():
            rows[-1] = _continued(rows[-1], cells)
        else:
            rows.append(_continued([""] * len(starts), cells))
    return rows


def _continued(row: list[str], cells: list[str]) -> list[str]:
    return [f"{above} {_plain(cell)}".strip() for above, cell in zip(row, cells, strict=True)]


def _paragraphs(text: str) -> Iterator[Block]:
    for paragraph in paragraphs(_plain(text)):
        lines = paragraph.split("\n")
        if len(lines) > 2 and UNDERLINE.match(lines[0]):
            lines = lines[1:]
        if len(lines) >= 2 and UNDERLINE.match(lines[1]) and len(lines[1]) >= len(lines[0]) - 2:
            yield Block(lines[0], heading=True)
            lines = lines[2:]
        text = ADMONITION.sub("", "\n".join(lines))
        if text and not DIRECTIVE.match(text):
            yield Block(text)


def _plain(text: str) -> str:
    """The text without the marks of what is in a line."""
    for mark, put in MARKS:
        text = mark.sub(put, text)
    return text.strip("\n")
