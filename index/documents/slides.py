"""PowerPoint presentations (pptx): a slide is a page."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from index.documents.charts import chart_blocks
from index.documents.containers import Container
from index.documents.draft import PARAGRAPH, ROW, Block, Draft
from index.documents.markup import Element, attribute, name_of, xml_root
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.word import core_properties, run_text

TITLES = {"title", "ctrTitle"}
RUNNING = {"sldNum", "dt", "ftr", "hdr"}
"""Slide number, date, footer and header."""


def read_pptx(original: Original) -> Iterator[Draft]:
    """The slides in their order: title, text and tables, then the speaker's notes."""
    container = Container(original)
    slides = _in_order(original, container)
    if not slides:
        raise original.unreadable("it holds no PowerPoint presentation")
    blocks = [
        block
        for number, name in enumerate(slides, start=1)
        for block in _slide(original, container, name, number)
    ]
    yield Draft(blocks=blocks, pages=len(slides), **core_properties(original, container))


def _in_order(original: Original, container: Container) -> list[str]:
    """The slides as the presentation lists them; by number where it does not say."""
    listed = container.spare("ppt/presentation.xml")
    related = dict(_related(original, container, "ppt/presentation.xml"))
    if listed:
        root = xml_root(original, listed)
        ids = [_relation(each) for each in root.iter() if name_of(each) == "sldId"]
        found = [related[each] for each in ids if each in related]
        found = [name for name in found if container.has(name)]
        if found:
            return found
    numbered = [re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name) for name in container.names()]
    return [match[0] for match in sorted(filter(None, numbered), key=lambda match: int(match[1]))]


def _relation(slide: Element) -> str:
    """The r:id of a list entry, which has an id of its own too."""
    return next((str(value) for key, value in slide.attrib.items() if key.endswith("}id")), "")


def _related(original: Original, container: Container, part: str) -> Iterator[tuple[str, str]]:
    """(id, name) of the parts that a part refers to."""
    folder, base = posixpath.split(part)
    data = container.spare(f"{folder}/_rels/{base}.rels")
    for each in xml_root(original, data) if data else ():
        target = attribute(each, "Target") or ""
        name = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        yield attribute(each, "Id") or "", name


def _slide(original: Original, container: Container, name: str, number: int) -> Iterator[Block]:
    root = xml_root(original, container.member(name) or b"")
    shapes = list(_shapes(root))
    # The title may stand anywhere in the file, but is what comes first on the slide.
    shapes.sort(key=lambda shape: _placeholder(shape) not in TITLES)
    for shape in shapes:
        yield from _shape(shape, number)
    for _, part in _related(original, container, name):
        data = container.spare(part) if part.startswith((*EXTRA, CHART)) else None
        if data and part.startswith(CHART):
            yield from chart_blocks(xml_root(original, data), number)
        elif data:
            for shape in _shapes(xml_root(original, data)):
                yield from _shape(shape, number)


EXTRA = ("ppt/notesSlides/", "ppt/diagrams/data")
CHART = "ppt/charts/chart"


def _shapes(element: Element) -> Iterator[Element]:
    """Shapes, tables and diagram points, also those in groups, in their order."""
    for child in element:
        kind = name_of(child)
        if kind in ("sp", "tbl", "pt", "cxnSp"):
            yield child
        elif kind != "Fallback":
            yield from _shapes(child)


def _placeholder(shape: Element) -> str:
    found = next((each for each in shape.iter() if name_of(each) == "ph"), None)
    return (attribute(found, "type") or "body") if found is not None else ""


def _shape(shape: Element, number: int) -> Iterator[Block]:
    if name_of(shape) == "tbl":
        yield from table_blocks([_row(row) for row in shape if name_of(row) == "tr"], number)
        return
    kind = _placeholder(shape)
    if kind in RUNNING:
        return
    texts = [run_text(each) for each in shape.iter() if name_of(each) == "p"]
    if kind in TITLES:
        yield Block(" ".join(texts), heading=True, page=number)
        return
    joint = PARAGRAPH
    for text in texts:
        if text.strip():
            yield Block(text, joint=joint, page=number)
            joint = ROW


def _row(row: Element) -> list[str]:
    return [
        " ".join(run_text(each) for each in cell.iter() if name_of(each) == "p")
        for cell in row
        if name_of(cell) == "tc"
    ]
