"""Word documents (docx): paragraphs, tables and notes in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from index.documents.charts import chart_blocks
from index.documents.containers import Container
from index.documents.dates import date_of
from index.documents.draft import ITEM, PARAGRAPH, Block, Draft
from index.documents.markup import Element, attribute, name_of, xml_root
from index.documents.original import Original
from index.documents.tables import table_blocks

DROPPED = {"del", "moveFrom", "instrText", "delText", "pPr", "rPr", "Fallback", "drawing", "pict"}
"""Deleted text, field codes, properties, and the second copy of what Word draws two ways."""
HEADING = re.compile(r"(?:heading|title$|subtitle$|überschrift|titre|título|titolo)", re.IGNORECASE)

DRAWN = re.compile(r"word/(?:charts/chart|diagrams/data)\d+\.xml")
TEMPLATE_DATES = {date(2013, 12, 23), date(2013, 1, 27)}
"""When the templates of python-docx and python-pptx were made: their files say it if none else."""


def read_docx(original: Original) -> Iterator[Draft]:
    """The body, then foot- and endnotes and comments; running headers and footers are left out."""
    container = Container(original)
    main = main_part(container, "word/document.xml")
    if main is None:
        raise original.unreadable("it holds no Word document")
    styles = _heading_styles(original, container)
    body = xml_root(original, container.member(main) or b"")
    blocks = [*_blocks(body, styles), *_drawn(original, container)]
    for notes in ("footnotes", "endnotes", "comments"):
        data = container.spare(f"word/{notes}.xml")
        blocks += _notes(xml_root(original, data)) if data else ()
    yield Draft(blocks=blocks, **core_properties(original, container))


def _drawn(original: Original, container: Container) -> Iterator[Block]:
    """What charts and diagrams say, which lie beside the text."""
    for name in sorted(filter(DRAWN.fullmatch, container.names())):
        data = container.spare(name)
        if not data:
            continue
        root = xml_root(original, data)
        if "/charts/" in name:
            yield from chart_blocks(root)
        else:
            yield from (Block(run_text(each)) for each in root.iter() if name_of(each) == "p")


def main_part(container: Container, usual: str) -> str | None:
    """The usual name of the main part, or the one that ends like it, perhaps with a number: Word
    on the web writes "document2.xml". None without one.
    """
    names = container.names()
    if usual in names:
        return usual
    stem = usual.rpartition("/")[2].removesuffix(".xml")
    ending = re.compile(rf"{stem}\d*\.xml$", re.IGNORECASE)
    return next((name for name in names if ending.search(name)), None)


def core_properties(original: Original, container: Container) -> dict[str, Any]:
    """Title, author, date and language as Office and Dublin Core name them; only what is there."""
    data = container.spare("docProps/core.xml")
    if not data:
        return {}
    found = {name_of(each): each.text for each in xml_root(original, data) if each.text}
    made = date_of(found.get("created") or found.get("modified"))
    return {
        "title": found.get("title"),
        "author": found.get("creator"),
        "created": None if made in TEMPLATE_DATES else made,
        "language": found.get("language"),
    }


def _heading_styles(original: Original, container: Container) -> set[str]:
    """Ids of the styles that are headings, by name or by outline level."""
    data = container.spare("word/styles.xml")
    ids = set()
    for style in xml_root(original, data).iter() if data else ():
        if name_of(style) != "style" or attribute(style, "type") != "paragraph":
            continue
        names = [attribute(each, "val") or "" for each in style if name_of(each) == "name"]
        level = any(name_of(each) == "outlineLvl" for each in style.iter())
        if level or any(HEADING.match(name) for name in names):
            ids.add(attribute(style, "styleId") or "")
    return ids


def _blocks(element: Element, styles: set[str]) -> Iterator[Block]:
    for child in element:
        kind = name_of(child)
        if kind == "p":
            yield from _paragraph(child, styles)
        elif kind == "tbl":
            yield from table_blocks(_grid(child))
        elif kind not in DROPPED:
            yield from _blocks(child, styles)


def _paragraph(paragraph: Element, styles: set[str]) -> Iterator[Block]:
    style = numbered = ""
    for each in paragraph.iter():
        if name_of(each) == "pStyle":
            style = attribute(each, "val") or ""
        elif name_of(each) == "numPr":
            numbered = "list"
    text = run_text(paragraph)
    heading = style in styles and len(text) <= 300
    if text.strip():
        yield Block(text, heading=heading, joint=ITEM if numbered and not heading else PARAGRAPH)
    for box in _boxes(paragraph):
        yield from _blocks(box, styles)


def _boxes(element: Element) -> Iterator[Element]:
    """Text boxes anchored in a paragraph, each once."""
    for child in element:
        if name_of(child) == "txbxContent":
            yield child
        elif name_of(child) != "Fallback":
            yield from _boxes(child)


def run_text(element: Element) -> str:
    """The text of a paragraph's runs, with its tabs and line breaks."""
    parts: list[str] = []
    for child in element:
        kind = name_of(child)
        if kind == "t":
            parts.append(child.text or "")
        elif kind in ("tab", "ptab"):
            parts.append(" ")
        elif kind in ("br", "cr"):
            parts.append("\n")
        elif kind == "noBreakHyphen":
            parts.append("-")
        elif kind not in DROPPED and not (kind == "r" and _is_hidden(child)):
            parts.append(run_text(child))
    return "".join(parts)


def _is_hidden(run: Element) -> bool:
    """Whether the run is text that Word does not show."""
    properties = next((each for each in run if name_of(each) == "rPr"), ())
    marks = [each for each in properties if name_of(each) in ("vanish", "specVanish")]
    return any(attribute(each, "val") not in ("0", "false", "off") for each in marks)


def _rows(table: Element) -> Iterator[Element]:
    for child in table:
        if name_of(child) == "tr":
            yield child
        elif name_of(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _rows(child)


def _grid(table: Element) -> list[list[str]]:
    """The cells of each row; one that spans rows says in each of them what it says."""
    grid: list[list[str]] = []
    for row in _rows(table):
        cells = [""] * _count(row, "gridBefore", 0)
        for cell in _cells(row):
            texts = [run_text(each) for each in cell.iter() if name_of(each) == "p"]
            text = " ".join(" ".join(texts).split())
            if grid and _goes_on(cell) and len(cells) < len(grid[-1]):
                text = grid[-1][len(cells)]
            cells += [text, *[""] * (_count(cell, "gridSpan", 1) - 1)]
        grid.append(cells)
    return grid


def _goes_on(cell: Element) -> bool:
    """Whether the cell is the lower part of one that spans rows."""
    merged = [each for each in cell.iter() if name_of(each) == "vMerge"]
    return bool(merged) and attribute(merged[0], "val") != "restart"


def _count(element: Element, name: str, usual: int) -> int:
    """The number that a property of a row or cell gives."""
    found = next((attribute(each, "val") for each in element.iter() if name_of(each) == name), "")
    return min(int(found), 100) if found and found.isdigit() else usual


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if name_of(child) == "tc":
            yield child
        elif name_of(child) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from _cells(child)


def _notes(root: Element) -> Iterator[Block]:
    for note in root:
        if attribute(note, "type") in ("separator", "continuationSeparator"):
            continue
        text = " ".join(run_text(each) for each in note.iter() if name_of(each) == "p")
        yield Block(text)
