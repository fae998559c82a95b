"""Plain text, logs and Markdown (markdown-it-py lives here)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.dates import date_in_opening, date_of
from index.documents.decoding import decoded
from index.documents.draft import ITEM, PARAGRAPH, Block, Draft
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.wrapping import paragraphs

if TYPE_CHECKING:
    from markdown_it.token import Token

NOTE = re.compile(r"\[\^[^\]\s]{1,60}\]:\s*")
NOTE_MARK = re.compile(r"(?<=\S)\[\^[^\]\s]{1,60}\](?!:)")
"""What a note begins with, and its number in the text: "[^1]: The note." and "here[^1]"."""
TITLE_LINE = re.compile(r"[^\n]{0,119}[^\n.!?;,:](?<![.!?…][\"'”’»)])")
FRONT_MATTER = re.compile(r"---[^\S\n]*\n(.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|$)", re.DOTALL)
FIELD = re.compile(r"([A-Za-z][\w -]{0,30}):[^\S\n]*(.*)")
BYLINE = re.compile(r"(?:By|Von|Par|Por|Di|От|Автор:?)\s+([^\W\d_][^\d\n.!?,:;]{2,60})")
LONGEST_DATELINE = 60
LIST = re.compile(r"(?:bullet|ordered)_list_")


def read_text(original: Original) -> Iterator[Draft]:
    """Paragraphs are separated by blank lines; hard-wrapped ones are joined.

    A short first line without a stop, with more below it, is the title; lines like "From: …" or
    "By …" and a dateline may stand right below it.
    """
    first, *others = [*paragraphs(_lines(original))] or [""]
    title, _, below = first.partition("\n")
    labels = below.split("\n") if below else []
    beside = len(labels) < 2 or all(map(_is_label, labels))
    author = next(filter(None, map(BYLINE.fullmatch, labels)), None)
    titled = bool(others) and beside and bool(TITLE_LINE.fullmatch(title))
    opening = [Block(title, heading=True), Block(below)] if titled else [Block(first)]
    yield Draft(
        blocks=[*opening, *map(Block, others)], author=author[1] if titled and author else None
    )


def _is_label(text: str) -> bool:
    """Whether the line below a title says from whom or when the text is."""
    dated = len(text) < LONGEST_DATELINE and date_in_opening(text) is not None
    return dated or bool(FIELD.match(text) or BYLINE.fullmatch(text))


def read_log(original: Original) -> Iterator[Draft]:
    """Every line stays a line."""
    yield Draft(blocks=[Block(_lines(original))])


def read_markdown(original: Original) -> Iterator[Draft]:
    """Markdown without its marks; title, date, author and language from YAML front matter."""
    text = _lines(original)
    fields, body = front_matter(text)
    yield Draft(
        blocks=list(markdown_blocks(body)),
        title=fields.get("title"),
        date=date_of(fields.get("date") or fields.get("published")),
        author=fields.get("author") or fields.get("authors"),
        language=fields.get("lang") or fields.get("language"),
    )


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The simple fields of a YAML front matter, and the text after it; no fields without one."""
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text
    pairs = (FIELD.match(each) for each in found[1].split("\n"))
    fields = {pair[1].strip().lower(): pair[2].strip().strip("\"'[]") for pair in pairs if pair}
    return (fields, text[found.end() :]) if fields else ({}, text)


def markdown_blocks(text: str) -> Iterator[Block]:
    """Headings, paragraphs, list items and table rows, without the marks."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    at = 0
    lists = 0
    while at < len(tokens):
        token = tokens[at]
        lists += token.nesting if LIST.match(token.type) else 0
        if token.type == "table_open":
            end = next(i for i in range(at, len(tokens)) if tokens[i].type == "table_close")
            yield from table_blocks(list(_table_rows(tokens[at:end])))
            at = end
        elif token.type == "inline":
            heading = tokens[at - 1].type == "heading_open"
            yield Block(_inline(token), heading=heading, joint=ITEM if lists else PARAGRAPH)
        elif token.type in ("fence", "code_block"):
            yield Block(token.content)
        elif token.type == "html_block":
            yield Block(re.sub(r"<!--.*?-->|<[^>]*>", " ", token.content, flags=re.DOTALL))
        at += 1


def _table_rows(tokens: list[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "inline":
            row.append(_inline(token))
        elif token.type == "tr_close":
            yield row


def _inline(token: Token) -> str:
    parts: list[str] = []
    for child in token.children or ():
        if child.type == "text":
            parts.append(NOTE_MARK.sub("", child.content if parts else NOTE.sub("", child.content)))
        elif child.type in ("code_inline", "image"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or (
            child.type == "html_inline" and child.content.lower().startswith("<br")
        ):
            parts.append("\n")
    return "".join(parts)


def _lines(original: Original) -> str:
    text = decoded(original.data)
    return text.replace("\r\n", "\n").replace("\r", "\n")
