"""winmail.dat, in which Outlook wraps what it attaches, by [MS-OXTNEF]."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from index.documents.decoding import decoded
from index.documents.draft import Block, Draft
from index.documents.mail import message_blocks
from index.documents.markup import html_root
from index.documents.original import Original
from index.documents.outlook import decompressed
from index.documents.rtf import rtf_blocks
from index.documents.web import all_blocks, page_text
from index.documents.wrapping import paragraphs

MAGIC = b"\x78\x9f\x3e\x22"
CODEPAGE, SUBJECT, PROPERTIES = 0x9007, 0x8004, 0x9003
BEGINS, TITLE, DATA, ATTACHED_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
"""Attributes: an attachment begins, its short name, its bytes, its properties."""
PLAIN, RTF, HTML, SENDER, TO = 0x1000, 0x1009, 0x1013, 0x0C1A, 0x0E04
LONG_NAME, OBJECT = 0x3707, 0x3701
SIZES = {0x02: 4, 0x03: 4, 0x04: 4, 0x05: 8, 0x06: 8, 0x07: 8, 0x0A: 4, 0x0B: 4, 0x14: 8,
         0x40: 8, 0x48: 16}  # fmt: skip
"""Bytes of the values of a fixed size, by their type."""
SEVERAL, NAMED = 0x1000, 0x8000
INTERFACE = 16
"""Bytes that name its kind before an object, such as a message in the message."""
Properties = dict[int, bytes]


def read_tnef(original: Original) -> Iterator[Draft | Original]:
    """What is attached, as files of their own; the message too, unless a mail that holds this says
    it already.
    """
    message, attached = _taken_apart(original)
    page = message.get(CODEPAGE, b"")
    encoding = f"cp{struct.unpack_from('<I', page)[0]}" if len(page) >= 4 else None
    names = [name for name, _ in attached]
    if not (original.depth and original.suffix == ".dat"):
        yield _draft(message, encoding, names)
    for name, data in attached:
        yield original.inside(name, data)


def _draft(message: Properties, encoding: str | None, names: list[str]) -> Draft:
    subject, sender, to = (_text(message, each, encoding) for each in (SUBJECT, SENDER, TO))
    body = list(_body(message, encoding))
    return Draft(
        blocks=message_blocks(subject, sender, to, body, names),
        title=subject or None,
        author=sender or None,
    )


def _body(message: Properties, encoding: str | None) -> Iterator[Block]:
    """The plain text, else the HTML, else the RTF."""
    if plain := _text(message, PLAIN, encoding):
        for each in paragraphs(plain.replace("\r\n", "\n")):
            yield Block(each)
    elif HTML in message:
        root = html_root(page_text(message[HTML], encoding))
        yield from all_blocks(root) if root is not None else ()
    elif RTF in message:
        yield from rtf_blocks(decompressed(message[RTF]).decode("latin-1"))


def _text(properties: Properties, number: int, encoding: str | None) -> str:
    data = properties.get(number, b"")
    wide = len(data) > 1 and data[1::2].count(0) > len(data) // 4
    text = data.decode("utf-16-le", "replace") if wide else decoded(data, encoding)
    return text.strip("\0").strip()


def _taken_apart(original: Original) -> tuple[Properties, list[tuple[str, bytes]]]:
    """What is said of the message, and name and bytes of each attachment."""
    message: Properties = {}
    attached: list[Properties] = []
    for kind, data in _attributes(original.data):
        if kind == BEGINS:
            attached.append({})
        elif kind in (TITLE, DATA) and attached:
            attached[-1][kind] = data
        elif kind == ATTACHED_PROPERTIES and attached:
            attached[-1] |= dict(_properties(data))
        elif kind in (CODEPAGE, SUBJECT):
            message[kind] = data
        elif kind == PROPERTIES:
            message |= dict(_properties(data))
    return message, [found for each in attached if (found := _attachment(each))]


def _attachment(properties: Properties) -> tuple[str, bytes] | None:
    named = _text(properties, LONG_NAME, None) or _text(properties, TITLE, None)
    name = re.sub(r"[\x00-\x1f/\\]+", "_", named).strip() or "attachment"
    inner = properties.get(OBJECT, b"")[INTERFACE:]
    if inner.startswith(MAGIC):
        return f"{name}.tnef", inner
    data = properties.get(DATA) or properties.get(OBJECT)
    return (name, data) if data else None


def _attributes(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each attribute's number and bytes; what is cut off is left out."""
    at = len(MAGIC) + 2
    while at + 9 <= len(data):
        number, size = struct.unpack_from("<HxxI", data, at + 1)
        if at + 9 + size > len(data):
            return
        yield number, data[at + 9 : at + 9 + size]
        at += 9 + size + 2


def _properties(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Each property's number and its (first) value; those that programs name have none."""
    (count,) = struct.unpack_from("<I", data)
    at = 4
    for _ in range(count):
        kind, number = struct.unpack_from("<HH", data, at)
        at += 4
        if number >= NAMED:
            at = _past_name(data, at)
        values = 1
        size = SIZES.get(kind & ~SEVERAL)
        if kind & SEVERAL or size is None:
            (values,) = struct.unpack_from("<I", data, at)
            at += 4
        for place in range(min(values, len(data))):
            length = size
            if length is None:
                (length,) = struct.unpack_from("<I", data, at)
                at += 4
            if not place and number < NAMED:
                yield number, data[at : at + length]
            at += -(-length // 4) * 4


def _past_name(data: bytes, at: int) -> int:
    """Where the value of a named property begins."""
    by_text, size = struct.unpack_from("<II", data, at + 16)
    return at + 24 + (-(-size // 4) * 4 if by_text else 0)
