"""Which number format each cell of a workbook has (xlsx, xls): what its numbers look like."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from index.documents.cell_formats import BUILT_IN
from index.documents.compound import Compound
from index.documents.containers import Container
from index.documents.decoding import decoded
from index.documents.markup import attribute, name_of, xml_root
from index.documents.original import Original

Codes = dict[tuple[int, int], str]
"""Row and column of a cell, both from 0, to its code; cells that have none are left out."""

CELL = re.compile(rb"<(?:\w+:)?c\s([^<>]*)>")
PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
STYLE = re.compile(rb"\bs=[\"'](\d{1,6})[\"']")
LARGEST_SHEET = 64 * 2**20
"""Bytes; in larger ones numbers are shown without their formats, since both are held at once."""
SHEET, FORMAT, STYLED, BEGINNING, END = 0x85, 0x41E, 0xE0, 0x809, 0x0A
NUMBER, SMALL, FORMULAS, ROW_OF_SMALL = 0x203, 0x27E, (0x06, 0x206, 0x406), 0xBD
"""Records of xls: a sheet, a format, a style, the beginning and end of a part; kinds of cells."""


def codes_of_members(original: Original, container: Container) -> dict[str, Codes]:
    """The codes of each sheet of an xlsx, by the sheet's name; empty where no style has one."""
    styles = container.spare("xl/styles.xml")
    codes = _style_codes(original, styles) if styles else {}
    if not codes:
        return {}
    found = {}
    for name, member in _sheet_members(original, container):
        if container.size(member) <= LARGEST_SHEET and (sheet := container.spare(member)):
            found[name] = _cell_codes(sheet, codes)
    return found


def _style_codes(original: Original, styles: bytes) -> dict[int, str]:
    """Number of a cell's style to its code."""
    root = xml_root(original, styles)
    own = {
        attribute(each, "numFmtId"): attribute(each, "formatCode") or ""
        for each in root.iter()
        if name_of(each) == "numFmt"
    }
    listed = next((each for each in root if name_of(each) == "cellXfs"), ())
    found = {}
    for number, style in enumerate(each for each in listed if name_of(each) == "xf"):
        chosen = attribute(style, "numFmtId") or "0"
        code = own.get(chosen) or (BUILT_IN.get(int(chosen)) if chosen.isdigit() else None)
        if code and code.lower() != "general":
            found[number] = code
    return found


def _sheet_members(original: Original, container: Container) -> Iterator[tuple[str, str]]:
    """Name and member of each sheet."""
    book, relations = (
        container.spare(each) for each in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    )
    if not book or not relations:
        return
    targets = {
        attribute(each, "Id"): attribute(each, "Target") or ""
        for each in xml_root(original, relations)
    }
    for each in xml_root(original, book).iter():
        if name_of(each) == "sheet":
            key = next((v for k, v in each.attrib.items() if k.endswith("}id")), None)
            target = targets.get(key, "").lstrip("/")
            member = target if target.startswith("xl/") else f"xl/{target}"
            yield attribute(each, "name") or "", member


def _cell_codes(sheet: bytes, codes: dict[int, str]) -> Codes:
    found: Codes = {}
    for cell in CELL.finditer(sheet):
        style, place = STYLE.search(cell[1]), PLACE.search(cell[1])
        code = codes.get(int(style[1])) if style else None
        if code and place:
            found[int(place[2]) - 1, _column(place[1])] = code
    return found


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number - 1


def codes_of_streams(compound: Compound) -> dict[str, Codes]:
    """The same for an xls."""
    book = compound.stream("Workbook") or compound.stream("Book") or b""
    own: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    for kind, data in _records(book, 0):
        if kind == FORMAT and len(data) > 4:
            own[struct.unpack_from("<H", data)[0]] = _text(data[2:], 2)
        elif kind == STYLED and len(data) >= 4:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == SHEET and len(data) > 7:
            sheets.append((_text(data[6:], 1), struct.unpack_from("<I", data)[0]))
    codes = [own.get(each) or BUILT_IN.get(each, "") for each in styles]
    return {name: dict(_coded(book, start, codes)) for name, start in sheets}


def _coded(book: bytes, start: int, codes: list[str]) -> Iterator[tuple[tuple[int, int], str]]:
    for kind, data in _records(book, start):
        cells: list[tuple[int, int, int]] = []
        if kind in (NUMBER, SMALL, *FORMULAS) and len(data) >= 6:
            cells = [struct.unpack_from("<HHH", data)]
        elif kind == ROW_OF_SMALL and len(data) >= 6:
            row, first = struct.unpack_from("<HH", data)
            places = range(4, len(data) - 6, 6)
            styles = (struct.unpack_from("<H", data, at)[0] for at in places)
            cells = [(row, column, style) for column, style in enumerate(styles, first)]
        for row, column, style in cells:
            if style < len(codes) and codes[style].lower() not in ("", "general"):
                yield (row, column), codes[style]


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Kind and data of each record of the part that begins there; charts inside it are passed."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind & 0xFF == BEGINNING & 0xFF) - (kind == END)
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + size]
        if depth < 1:
            return
        at += 4 + size


def _text(data: bytes, counted: int) -> str:
    """A text after its length, which takes `counted` bytes: of Excel since 97 with a mark whether
    its letters have two bytes each, of older ones without.
    """
    length = int.from_bytes(data[:counted], "little")
    rest = data[counted:]
    if rest[:1] == b"\1":
        return rest[1 : 1 + 2 * length].decode("utf-16-le", "replace")
    if rest[:1] == b"\0":
        return rest[1 : 1 + length].decode("latin-1")
    return decoded(data[1 : 1 + data[0]])
