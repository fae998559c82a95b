"""Word and PowerPoint of before 2007 (doc, ppt), by Microsoft's published formats.

[MS-DOC] 2.4.1 tells how the text of a document is found by its piece table, [MS-PPT] 2.1.2 how the
current version of each slide is found by the persist directories.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from index.documents.compound import Compound
from index.documents.decoding import decoded
from index.documents.draft import PARAGRAPH, ROW, Block, Draft
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.word_styles import heading_ends

FIELD = re.compile(r"\x13[^\x13-\x15]*(?:\x14([^\x13-\x15]*))?\x15")
WORD_97 = 0xC1
HEADING_END = "\x1d"
"""Instead of the paragraph's own end, within this module."""
LONGEST_HEADING = 300


def read_doc(original: Original) -> Iterator[Draft]:
    """The body, its notes and text boxes; running headers and footers are left out."""
    compound = Compound(original)
    stream = compound.stream("WordDocument")
    if stream is None:
        raise original.unreadable("it is no Word document")
    magic, version = struct.unpack_from("<HH", stream)
    (flags,) = struct.unpack_from("<H", stream, 10)
    if flags & 0x100:
        raise original.unreadable("it is encrypted: open it in Word and save it without a password")
    if magic != 0xA5EC or version < WORD_97:
        start, end = struct.unpack_from("<II", stream, 0x18)
        text = decoded(stream[start:end], "cp1252")
    else:
        table = compound.stream("1Table" if flags & 0x200 else "0Table") or b""
        text = _without_headers(_pieces(stream, table, heading_ends(stream, table)), stream)
    yield Draft(blocks=list(_doc_blocks(text)), **compound.properties())  # type: ignore[arg-type]


def _pieces(stream: bytes, table: bytes, ends: set[int]) -> str:
    """The text as the piece table orders it; a heading ends with a mark of its own."""
    at, size = struct.unpack_from("<II", stream, 0x1A2)
    end = at + size
    while at < end and table[at] == 1:
        at += 3 + struct.unpack_from("<H", table, at + 1)[0]
    (length,) = struct.unpack_from("<I", table, at + 1)
    count = (length - 4) // 12
    borders = struct.unpack_from(f"<{count + 1}I", table, at + 5)
    parts = []
    for number in range(count):
        (place,) = struct.unpack_from("<I", table, at + 5 + 4 * (count + 1) + 8 * number + 2)
        characters = borders[number + 1] - borders[number]
        if place & 0x40000000:
            first = (place & 0x3FFFFFFF) // 2
            text = stream[first : first + characters].decode("cp1252", "replace")
            parts.append(_marked(text, first, 1, ends))
        else:
            raw = stream[place : place + 2 * characters]
            parts.append(_marked(raw.decode("utf-16-le", "replace"), place, 2, ends))
    return "".join(parts)


def _marked(text: str, place: int, width: int, ends: set[int]) -> str:
    """The text with a mark at the end of each heading; its length stays."""
    if not ends or len(text.encode("utf-16-le")) != 2 * len(text):
        return text  # places are counted in units of UTF-16
    return "".join(
        HEADING_END if each == "\r" and place + width * (at + 1) in ends else each
        for at, each in enumerate(text)
    )


def _without_headers(text: str, stream: bytes) -> str:
    """Body, footnotes, then (after the headers) comments, endnotes and text boxes."""
    body, footnotes, headers = struct.unpack_from("<3I", stream, 0x4C)
    start = body + footnotes
    return text[:start] + "\r" + text[start + headers :]


def _doc_blocks(text: str) -> Iterator[Block]:
    previous = ""
    while previous != text:
        previous, text = text, FIELD.sub(lambda field: field[1] or "", text)
    text = text.replace(HEADING_END, HEADING_END + "\r")
    text = text.replace("\x1e", "-").replace("\x0b", "\n").replace("\x0c", "\r")
    rows: list[list[str]] = []
    # A cell ends with \x07, and so does a row, after its last cell.
    for piece in text.split("\x07\x07"):
        if "\x07" not in piece:
            yield from table_blocks(rows)
            rows = []
            yield from map(_line, piece.split("\r"))
            continue
        first, *others = piece.split("\x07")
        if not rows:
            before, _, first = first.rpartition("\r")
            yield from map(_line, before.split("\r"))
        rows.append([cell.replace("\r", " ") for cell in (first, *others)])
    yield from table_blocks(rows)


def _line(text: str) -> Block:
    plain = text.removesuffix(HEADING_END)
    return Block(plain, heading=plain != text and len(plain) <= LONGEST_HEADING)


@dataclass(frozen=True, slots=True)
class _Record:
    kind: int
    instance: int
    body: bytes
    container: bool


DOCUMENT, SLIDE_LIST, SLIDE_PERSIST = 1000, 4080, 1011
TEXT_HEADER, TEXT_CHARS, TEXT_BYTES = 3999, 4000, 4008
TITLES = {0, 6}
ENCRYPTED_TOKEN = 0xF3D1C4DF


def read_ppt(original: Original) -> Iterator[Draft]:
    """The slides as pages, each with its title as a heading."""
    compound = Compound(original)
    stream, user = compound.stream("PowerPoint Document"), compound.stream("Current User")
    if stream is None or user is None:
        raise original.unreadable("it is no PowerPoint presentation")
    token, edit = struct.unpack_from("<II", user, 12)
    if token == ENCRYPTED_TOKEN:
        raise original.unreadable("it is encrypted: save it without a password")
    places, main = _persisted(stream, edit)
    document = _record_at(stream, places[main])
    slides = list(_slides(document, stream, places))
    blocks = [block for number, slide in enumerate(slides, 1) for block in _shown(slide, number)]
    properties = compound.properties()
    yield Draft(blocks=blocks, pages=len(slides), **properties)  # type: ignore[arg-type]


def _persisted(stream: bytes, edit: int) -> tuple[dict[int, int], int]:
    """Where each object of the newest version lies, and the number of the document."""
    places: dict[int, int] = {}
    main = None
    seen: set[int] = set()
    while edit and edit not in seen:
        seen.add(edit)
        before, directory, document = struct.unpack_from("<III", stream, edit + 16)
        main = document if main is None else main
        for number, place in _directory(_record_at(stream, directory).body):
            places.setdefault(number, place)
        edit = before
    return places, main or 0


def _directory(body: bytes) -> Iterator[tuple[int, int]]:
    at = 0
    while at + 4 <= len(body):
        (entry,) = struct.unpack_from("<I", body, at)
        first, count = entry & 0xFFFFF, entry >> 20
        for number, place in enumerate(struct.unpack_from(f"<{count}I", body, at + 4)):
            yield first + number, place
        at += 4 + 4 * count


Slide = list[tuple[str, bool]]


def _slides(document: _Record, stream: bytes, places: dict[int, int]) -> Iterator[Slide]:
    """(text, is a title) for each text of each slide: of its outline, then of its shapes."""
    for part in _records(document.body):
        if part.kind != SLIDE_LIST or part.instance != 0:
            continue
        slide: Slide = []
        persist = None
        title = False
        for record in _records(part.body):
            if record.kind == SLIDE_PERSIST:
                if persist is not None:
                    yield slide + _shapes(stream, places.get(persist))
                slide, persist = [], struct.unpack_from("<I", record.body)[0]
            title = _collect(record, slide, title)
        if persist is not None:
            yield slide + _shapes(stream, places.get(persist))


def _collect(record: _Record, slide: Slide, title: bool) -> bool:
    """Adds the text of a record; gives whether the next text is a title."""
    if record.kind == TEXT_HEADER:
        return struct.unpack_from("<I", record.body)[0] in TITLES
    if record.kind == TEXT_CHARS:
        slide.append((record.body.decode("utf-16-le", "replace"), title))
    elif record.kind == TEXT_BYTES:
        slide.append((record.body.decode("latin-1"), title))
    return title


def _shapes(stream: bytes, place: int | None) -> Slide:
    """The texts that are in the shapes of a slide and not in the outline."""
    found: Slide = []
    if place is not None:
        title = False
        for record in _deep(_record_at(stream, place)):
            title = _collect(record, found, title)
    return found


def _deep(record: _Record, depth: int = 0) -> Iterator[_Record]:
    for inner in _records(record.body):
        yield inner
        if inner.container and depth < 30:
            yield from _deep(inner, depth + 1)


def _record_at(stream: bytes, at: int) -> _Record:
    head, kind, size = struct.unpack_from("<HHI", stream, at)
    return _Record(kind, head >> 4, stream[at + 8 : at + 8 + size], head & 0xF == 0xF)


def _records(body: bytes) -> Iterator[_Record]:
    at = 0
    while at + 8 <= len(body):
        record = _record_at(body, at)
        yield record
        at += 8 + len(record.body)


def _shown(slide: Slide, number: int) -> Iterator[Block]:
    for text, title in slide:
        lines = re.split(r"\r", text.replace("\x0b", "\n"))
        if title:
            yield Block(" ".join(lines), heading=True, page=number)
            continue
        joint = PARAGRAPH
        for each in lines:
            yield Block(each, joint=joint, page=number)
            joint = ROW
