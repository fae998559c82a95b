"""The main text of HTML pages: trafilatura lives here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from configparser import ConfigParser
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any

from index.documents.clearing import clear
from index.documents.dates import date_of
from index.documents.decoding import decoded
from index.documents.draft import ITEM, PARAGRAPH, Block, Draft
from index.documents.main_part import main_part
from index.documents.markup import Element, html_root, name_of
from index.documents.original import Original
from index.documents.page_facts import (
    declared_author,
    declared_date,
    headline,
    is_ambiguous,
    names_in,
)
from index.documents.page_parts import LITTLE, SKIPPED
from index.documents.page_tables import fill_spans
from index.documents.tables import table_blocks
from index.documents.unfolding import drop_hidden

CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
BLOCKS = {"p", "div", "section", "article", "main", "ul", "ol", "dl", "dt", "dd", "blockquote",
          "pre", "figure", "figcaption", "address", "header", "body", "table", "tr", "td", "th",
          "center", "fieldset", "details", "summary", "hr", "html"}  # fmt: skip
LEAST_KEPT = 0.6
"""The share of a page's main part that is taken for its text, at least."""
PARTS = {"p", "list", "head", "table", "quote", "div", "code"}
"""Of trafilatura's tree."""
NOTE_MARK = re.compile(r"\b(?:noteref|backlink)\b")
NOTE = re.compile(r"\b(?:foot|end|rear)note\b")
"""How books name the numbers of notes, and notes: "doc-noteref", "footnote"."""
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6", "head"}


def read_html(original: Original) -> Iterator[Draft]:
    """The main text without menus, adverts and notices, with title, author, date and language."""
    yield html_draft(page_text(original.data))


def page_text(data: bytes, declared: str | None = None) -> str:
    """The page as text, by its mark, its header's charset or the one it names itself."""
    named = CHARSET.search(data[:4096])
    return decoded(data, declared or (named[1].decode("ascii") if named else None))


def html_draft(text: str) -> Draft:
    """The draft of a page; without blocks when the page holds no text."""
    text = re.sub(r"^\s*<\?xml[^>]*\?>|</?noframes[^>]*>", "", text)
    root = html_root(text)
    if root is None:
        return Draft(blocks=())
    author, title = declared_author(root), headline(root)
    date = date_of(declared_date(root))
    clear(root)
    main = _fuller(_main(root), root)
    if date is None and main.date and not is_ambiguous(main.date, text):
        date = main.date
    main = replace(main, author=author or main.author, date=date)
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    title = title or main.title or _page_title(root)
    if not main.blocks:
        return replace(main, blocks=list(all_blocks(root)), title=title, language=language)
    return replace(main, title=title, language=language)


def _fuller(main: Draft, root: Element) -> Draft:
    """The same, or all of the part that the page names as its main one, or else of the page: if
    most of that is lost, or all of its headings.
    """
    part = main_part(root)
    if part is None:
        return main
    blocks = list(_Walk().blocks(part))
    found, whole = (sum(len(block.text) for block in each) for each in (main.blocks, blocks))
    headings, all_headings = (sum(b.heading for b in each) for each in (main.blocks, blocks))
    bare = not headings and all_headings > 1
    return replace(main, blocks=blocks) if bare or found < LEAST_KEPT * whole else main


def _main(root: Element) -> Draft:
    """The main text and what the page says about it; no blocks where none stands out."""
    from trafilatura import bare_extraction

    found: Any = bare_extraction(
        root,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        include_formatting=False,
        config=_config(),
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if found is None or found.body is None:
        return Draft(blocks=())
    return Draft(
        blocks=list(main_blocks(found.body)),
        title=found.title,
        date=date_of(found.date),
        author=names_in(found.author),
    )


@cache
def _config() -> ConfigParser:
    """trafilatura's settings, but for pages with little text, which it would take whole."""
    from trafilatura.settings import use_config

    config = deepcopy(use_config())
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(LITTLE))
    return config


def main_blocks(body: Element) -> Iterator[Block]:
    """The blocks of trafilatura's tree, which is TEI: head, p, list, item, quote, table."""
    if not any(name_of(each) in PARTS for each in body):
        yield Block(_running(body))
        return
    if body.text and body.text.strip():
        yield Block(body.text)
    for element in body:
        kind = name_of(element)
        if kind == "table":
            yield from table_blocks(_rows(element, "row", ("cell",)))
        elif kind == "list":
            yield from _items(element)
        elif kind == "head":
            yield Block(_running(element), heading=True)
        elif kind in ("div", "quote") and any(name_of(e) in ("p", "list", "head") for e in element):
            yield from main_blocks(element)
        else:
            yield Block(_running(element))
        if element.tail and element.tail.strip():
            yield Block(element.tail)


def _items(element: Element) -> Iterator[Block]:
    for item in element.iter():
        if name_of(item) == "item":
            inner = [_running(e) + (e.tail or "") for e in item if name_of(e) != "list"]
            yield Block(" ".join("".join([item.text or "", *inner]).split()), joint=ITEM)


def _rows(table: Element, row: str, cells: tuple[str, ...]) -> list[list[str]]:
    """The cells of each row; a name beside its value, as in a box of facts, is one with it."""
    lines = [each for each in table.iter() if name_of(each) == row]
    found = [[cell for cell in each if name_of(cell) in cells] for each in lines]
    texts = [[" ".join(_running(cell).split()) for cell in each] for each in found]
    if not any([_names(cell) for cell in each] == [True, False] for each in found):
        return texts
    return [[f"{each[0].rstrip(':')}: {each[1]}"] if _is_pair(each) else each for each in texts]


def _is_pair(texts: list[str]) -> bool:
    return len(texts) == 2 and all(texts)


def _names(cell: Element) -> bool:
    return name_of(cell) == "th" or cell.get("role") == "head"


def _running(element: Element) -> str:
    """The text of an element, its line breaks kept."""
    parts = [element.text or ""]
    for child in element:
        if name_of(child) in ("lb", "br"):
            parts.append("\n")
        else:
            parts.append(_running(child))
        parts.append(child.tail or "")
    return "".join(parts)


def all_blocks(root: Element) -> Iterator[Block]:
    """Every paragraph of a page, menus and all but scripts: for mail, books and bare pages."""
    drop_hidden(root)
    fill_spans(root)
    _open_notes(root)
    yield from _Walk().blocks(root)


def _open_notes(root: Element) -> None:
    """Takes away the numbers of notes and the ways back from them, and keeps the notes."""
    for element in list(root.iter("a", "sup", "aside")):
        kind = f"{element.get('epub:type', '')} {element.get('role', '')}"
        if NOTE_MARK.search(kind) and element.getparent() is not None:
            element.drop_tree()
        elif NOTE.search(kind):
            element.tag = "div"


class _Walk:
    """Collects running text until a block begins or ends."""

    def __init__(self) -> None:
        self.text: list[str] = []

    def blocks(self, element: Element) -> Iterator[Block]:
        kind = name_of(element)
        if kind in SKIPPED or not kind:
            return
        if kind == "table" and not element.xpath(".//*[local-name()='table']"):
            yield from self.flushed()
            yield from table_blocks(_rows(element, "tr", ("td", "th")))
            return
        border = kind in BLOCKS or kind in HEADINGS or kind == "li"
        if border:
            yield from self.flushed()
        self.add(element.text, kind == "pre")
        for child in element:
            if name_of(child) == "br":
                self.text.append("\n")
            else:
                yield from self.blocks(child)
            self.add(child.tail, kind == "pre")
        if border:
            yield from self.flushed(heading=kind in HEADINGS, joint=ITEM if kind == "li" else None)

    def add(self, text: str | None, verbatim: bool) -> None:
        if text:
            self.text.append(text if verbatim else re.sub(r"\s+", " ", text))

    def flushed(self, heading: bool = False, joint: str | None = None) -> Iterator[Block]:
        text = "".join(self.text).strip()
        self.text = []
        if text:
            yield Block(text, heading=heading, joint=joint or PARAGRAPH)


def _page_title(root: Element) -> str | None:
    found = root.find(".//title")
    return found.text_content() if found is not None else None
