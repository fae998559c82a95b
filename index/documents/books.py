"""Books (epub) and XML: feeds as their entries, office files in one file, other XML as its text."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.documents.containers import Container
from index.documents.dates import date_of
from index.documents.draft import PARAGRAPH, ROW, Block, Draft
from index.documents.markup import Element, attribute, html_root, name_of, xml_root
from index.documents.normalising import line
from index.documents.opendocument import metadata_in, opendocument_draft
from index.documents.original import Original
from index.documents.tables import row_text, table_blocks
from index.documents.web import all_blocks, html_draft, page_text

MOST_COLUMNS = 16_384
FONTS = re.compile(rb"Algorithm=\"[^\"]*(?:obfuscation|FontMangling|embedding)[^\"]*\"")


def read_epub(original: Original) -> Iterator[Draft]:
    """The chapters in reading order."""
    container = Container(original)
    _check_rights(original, container)
    package = _package(original, container)
    root = xml_root(original, container.member(package) or b"")
    blocks: list[Block] = []
    for name in _spine(root, package):
        page = html_root(page_text(container.member(name) or b""))
        blocks += all_blocks(page) if page is not None else ()
    yield Draft(blocks=blocks, **_metadata(root))


def _check_rights(original: Original, container: Container) -> None:
    """Fonts may be obfuscated; anything else that is encrypted is the text."""
    data = container.spare("META-INF/encryption.xml") or b""
    if data.count(b"EncryptionMethod ") > len(FONTS.findall(data)):
        raise original.unreadable("it is protected (DRM) and cannot be read here")


def _package(original: Original, container: Container) -> str:
    data = container.spare("META-INF/container.xml")
    for each in xml_root(original, data).iter() if data else ():
        if name_of(each) == "rootfile" and attribute(each, "full-path"):
            return str(attribute(each, "full-path"))
    for name in container.names():
        if name.endswith(".opf"):
            return name
    raise original.unreadable("it is no epub: its table of contents is missing")


def _spine(root: Element, package: str) -> Iterator[str]:
    items = {
        attribute(each, "id"): attribute(each, "href") or ""
        for each in root.iter()
        if name_of(each) == "item"
    }
    for each in root.iter():
        if name_of(each) == "itemref" and attribute(each, "idref") in items:
            path = unquote(items[attribute(each, "idref")].partition("#")[0])
            yield posixpath.normpath(posixpath.join(posixpath.dirname(package), path))


def _metadata(root: Element) -> dict[str, Any]:
    found: dict[str, str] = {}
    for each in root.iter():
        if each.text and name_of(each) in ("title", "creator", "date", "language"):
            found.setdefault(name_of(each), each.text)
    return {
        "title": found.get("title"),
        "author": found.get("creator"),
        "date": date_of(found.get("date")),
        "language": found.get("language"),
    }


def read_xml(original: Original) -> Iterator[Draft]:
    """A page, a feed with its entries under their titles, or the text of any XML by its records."""
    root = xml_root(original, original.data)
    if name_of(root) == "html":
        yield html_draft(page_text(original.data))
        return
    if name_of(root) == "document" and attribute(root, "mimetype"):
        yield opendocument_draft(root, metadata_in(root))
        return
    if name_of(root) == "Workbook":
        yield Draft(blocks=[block for sheet in root for block in table_blocks(_sheet(sheet))])
        return
    entries = [each for each in root.iter() if name_of(each) in ("item", "entry")]
    if name_of(root) in ("rss", "feed", "RDF") and entries:
        title = next((each.text for each in root.iter() if name_of(each) == "title"), None)
        blocks = [block for entry in entries for block in _entry(entry)]
        yield Draft(blocks=blocks, title=title)
        return
    yield Draft(blocks=list(_records(root)))


def _sheet(sheet: Element) -> list[list[str]]:
    """The rows of a sheet of Excel 2003; a cell that has a number of its own leaves a gap."""
    rows = []
    for row in (each for each in sheet.iter() if name_of(each) == "Row"):
        cells: list[str] = []
        for cell in (each for each in row if name_of(each) == "Cell"):
            index = attribute(cell, "Index") or ""
            column = min(int(index), MOST_COLUMNS) if index.isdigit() else 0
            cells += [""] * (column - 1 - len(cells))
            data = [each for each in cell if name_of(each) == "Data"]
            cells.append(" ".join("".join(each.itertext()) for each in data))
        rows.append(cells)
    return rows


def _entry(entry: Element) -> Iterator[Block]:
    texts = {name_of(each): "".join(each.itertext()) for each in entry}
    yield Block(texts.get("title", ""), heading=True)
    day = date_of(texts.get("pubDate") or texts.get("published") or texts.get("updated"))
    if day:
        yield Block(f"Published: {day.isoformat()}.")
    body = texts.get("encoded") or texts.get("content") or texts.get("description")
    page = html_root(body or texts.get("summary") or "")
    yield from all_blocks(page) if page is not None else ()


def _records(element: Element) -> Iterator[Block]:
    """An element whose children are plain is a line; one with running text is a paragraph."""
    children = [each for each in element if name_of(each)]
    running = any((each.tail or "").strip() for each in element)
    if not children or running:
        yield Block(" ".join("".join(element.itertext()).split()))
    elif len(children) > 1 and not any(len(each) for each in children):
        texts = [line(each.text or "") for each in children]
        if any(len(text) > LONGEST_CELL for text in texts):
            yield from (Block(text) for text in texts)
        else:
            yield Block(row_text([name_of(each) for each in children], texts), joint=ROW)
    else:
        joint = PARAGRAPH
        for each in children:
            for block in _records(each):
                yield Block(block.text, joint=block.joint if joint == ROW else joint)
                joint = ROW if block.joint == ROW else PARAGRAPH


LONGEST_CELL = 200
