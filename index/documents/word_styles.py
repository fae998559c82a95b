"""Which paragraphs of an old Word document (doc) are headings, by [MS-DOC] 2.4.6."""

from __future__ import annotations

import struct
from collections.abc import Iterator

STYLES_AT, PARAGRAPHS_AT = 0xA2, 0x102
"""Where the file's header says where in the table stream the style sheet is, and the list of pages
that tell the style of each paragraph."""
PAGE = 512
BUILT_IN_HEADINGS = {*range(1, 10), 62}
"""Numbers of Word's own styles: heading 1 to 9, and title."""


def heading_ends(stream: bytes, table: bytes) -> set[int]:
    """Where in the stream each heading ends; empty where that cannot be found out."""
    try:
        headings = set(_heading_styles(stream, table))
        return {end for end, style in _paragraphs(stream, table) if style in headings}
    except (struct.error, IndexError):
        return set()


def _heading_styles(stream: bytes, table: bytes) -> Iterator[int]:
    """The numbers of the styles that are headings, as the paragraphs name them."""
    start, size = struct.unpack_from("<II", stream, STYLES_AT)
    (about,) = struct.unpack_from("<H", table, start)
    at = start + 2 + about
    number = 0
    while at + 4 <= start + size:
        (length,) = struct.unpack_from("<H", table, at)
        if length >= 2 and struct.unpack_from("<H", table, at + 2)[0] & 0xFFF in BUILT_IN_HEADINGS:
            yield number
        at += 2 + length + length % 2
        number += 1


def _paragraphs(stream: bytes, table: bytes) -> Iterator[tuple[int, int]]:
    """The end and the style of each paragraph."""
    start, size = struct.unpack_from("<II", stream, PARAGRAPHS_AT)
    count = max(0, size - 4) // 8
    for number in struct.unpack_from(f"<{count}I", table, start + 4 * (count + 1)):
        page = stream[PAGE * (number & 0x3FFFFF) :][:PAGE]
        runs = page[PAGE - 1]
        for run in range(runs):
            (end,) = struct.unpack_from("<I", page, 4 * (run + 1))
            place = 2 * page[4 * (runs + 1) + 13 * run]
            if place:
                named = place + (1 if page[place] else 2)
                yield end, struct.unpack_from("<H", page, named)[0]
