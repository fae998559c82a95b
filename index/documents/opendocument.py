"""OpenDocument texts, presentations and drawings (odt, odp, odg)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.documents.containers import Container
from index.documents.dates import date_of
from index.documents.draft import ITEM, PARAGRAPH, Block, Draft
from index.documents.markup import Element, attribute, name_of, xml_root
from index.documents.original import Original
from index.documents.tables import UNNAMED_SHEET, table_blocks
from index.documents.word import HEADING

DROPPED = {"tracked-changes", "annotation", "forms", "sequence-decls", "image", "note-citation",
           "table-of-content", "ruby-text"}  # fmt: skip
MOST_REPEATED = 50


def read_opendocument(original: Original) -> Iterator[Draft]:
    """Headings, paragraphs, list items and table rows; a slide is a page."""
    container = Container(original)
    content = container.member("content.xml")
    if content is None:
        raise original.unreadable("it holds no OpenDocument text")
    yield opendocument_draft(xml_root(original, content), metadata(original, container))


def opendocument_draft(root: Element, about: dict[str, Any]) -> Draft:
    """What the content says, which in a flat file stands among all else."""
    body = next((each for each in root.iter() if name_of(each) == "body"), root)
    slides = [each for each in body.iter() if name_of(each) == "page"]
    sheets = [each for part in body if _is(part, "spreadsheet") for each in part]
    styles = _heading_styles(root)
    if slides:
        pages = enumerate(slides, 1)
        blocks = [block for n, slide in pages for block in _blocks(slide, styles, page=n)]
    elif sheets:
        blocks = [block for each in sheets if _is(each, "table") for block in _sheet(each)]
    else:
        blocks = list(_blocks(body, styles))
    return Draft(blocks=blocks, pages=len(slides), **about)


def metadata(original: Original, container: Container) -> dict[str, Any]:
    """Title, author, date and language; only what is there."""
    data = container.spare("meta.xml")
    return metadata_in(xml_root(original, data)) if data else {}


def metadata_in(root: Element) -> dict[str, Any]:
    about = next((each for each in root.iter() if name_of(each) == "meta"), root)
    found = {name_of(each): each.text for each in about.iter() if each.text}
    return {
        "title": found.get("title"),
        "author": found.get("initial-creator") or found.get("creator"),
        "created": date_of(found.get("creation-date") or found.get("date")),
        "language": found.get("language"),
    }


def _heading_styles(root: Element) -> set[str]:
    """The styles of the text that are made from one for titles: a paragraph in it is a heading."""
    return {
        attribute(each, "name") or ""
        for each in root.iter()
        if name_of(each) == "style" and HEADING.match(attribute(each, "parent-style-name") or "")
    } | {"Title"}


def _blocks(
    element: Element, styles: set[str], joint: str = PARAGRAPH, page: int | None = None
) -> Iterator[Block]:
    for child in element:
        kind = name_of(child)
        if kind == "frame" and attribute(child, "class") == "title":
            texts = [_running(each) for each in child.iter() if name_of(each) == "p"]
            yield Block(" ".join(texts), heading=True, page=page)
        elif kind == "h" or (kind == "p" and attribute(child, "style-name") in styles):
            yield Block(_running(child), heading=True, page=page)
        elif kind == "p":
            yield Block(_running(child), joint=joint, page=page)
            yield from _framed(child, styles, page)
        elif kind == "table":
            yield from table_blocks(list(_rows(child)), page)
        elif kind == "list":
            yield from _blocks(child, styles, ITEM, page)
        elif kind not in DROPPED:
            yield from _blocks(child, styles, joint, page)


def _framed(paragraph: Element, styles: set[str], page: int | None) -> Iterator[Block]:
    """Text boxes and notes that are anchored in a paragraph."""
    for each in paragraph.iter():
        if name_of(each) in ("text-box", "note-body"):
            yield from _blocks(each, styles, page=page)


def _running(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        kind = name_of(child)
        if kind == "s" or kind == "tab":
            parts.append(" ")
        elif kind == "line-break":
            parts.append("\n")
        elif kind not in DROPPED and kind not in ("frame", "custom-shape", "note"):
            parts.append(_running(child))
        parts.append(child.tail or "")
    return "".join(parts)


def _sheet(table: Element) -> Iterator[Block]:
    """The rows of a sheet below its name, if somebody gave it one."""
    blocks = list(table_blocks(list(_rows(table))))
    name = attribute(table, "name") or ""
    if blocks and not UNNAMED_SHEET.match(name):
        yield Block(name, heading=True)
    yield from blocks


def _rows(table: Element) -> Iterator[list[str]]:
    for row in table.iter():
        if _is(row, "table-row"):
            cells = _cells(row)
            yield from [cells] * (_times(row, "number-rows-repeated") if any(cells) else 1)


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if name_of(cell) in ("table-cell", "covered-table-cell"):
            text = " ".join(" ".join(_paragraphs(cell)).split()) or _value(cell)
            cells += [text] * _times(cell, "number-columns-repeated")
    return cells


def _paragraphs(cell: Element) -> Iterator[str]:
    """What stands in a cell; not what somebody noted about it."""
    for child in cell:
        if name_of(child) in ("p", "h"):
            yield _running(child)
        elif name_of(child) not in DROPPED:
            yield from _paragraphs(child)


def _value(cell: Element) -> str:
    """The value of a cell whose program did not write how it is shown."""
    values = (attribute(cell, name) for name in ("string-value", "date-value", "value"))
    return next((each for each in values if each), "")


def _times(element: Element, name: str) -> int:
    repeated = attribute(element, name) or "1"
    return min(int(repeated) if repeated.isdigit() else 1, MOST_REPEATED)


def _is(element: Element, name: str) -> bool:
    return name_of(element) == name
