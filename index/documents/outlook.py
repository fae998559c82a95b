"""Outlook messages (msg), by [MS-OXMSG]: a stream a property, a storage an attachment."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from index.documents.compound import Compound
from index.documents.decoding import decoded
from index.documents.draft import Block, Draft
from index.documents.mail import message_blocks
from index.documents.markup import html_root
from index.documents.original import Original
from index.documents.rtf import rtf_blocks
from index.documents.web import all_blocks, page_text
from index.documents.wrapping import paragraphs

SUBJECT, SENDER, SENDER_ADDRESS, TO = "0037", "0C1A", "0C1F", "0E04"
BODY, RTF, HTML = "1000", "1009", "1013"
ATTACHED, LONG_NAME, SHORT_NAME = "3701", "3707", "3704"
SENT, DELIVERED, CODEPAGE = 0x0039, 0x0E06, 0x3FFD
EMBEDDED = "__substg1.0_3701000D/"
ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}/", re.IGNORECASE)


def read_msg(original: Original) -> Iterator[Draft | Original]:
    """The message, then its attachments as files of their own."""
    compound = Compound(original)
    yield from _message(original, compound, "", 0)


def _message(
    original: Original, compound: Compound, prefix: str, depth: int
) -> Iterator[Draft | Original]:
    fixed = _fixed(compound.stream(f"{prefix}__properties_version1.0") or b"", bool(prefix))
    page = struct.unpack("<I", fixed[CODEPAGE][:4])[0] if CODEPAGE in fixed else 0
    message = _Properties(compound, prefix, f"cp{page}" if page else None)
    attached = list(_attachments(compound, prefix))
    subject, sender = message.text(SUBJECT), message.text(SENDER) or message.text(SENDER_ADDRESS)
    names = [name for name, _, _ in attached]
    yield Draft(
        blocks=message_blocks(subject, sender, message.text(TO), list(message.body()), names),
        title=subject,
        author=sender,
        date=_date(fixed.get(SENT) or fixed.get(DELIVERED)),
        part=prefix.partition("/")[0].rpartition("_#")[2] or None,
    )
    for name, data, embedded in attached:
        if data is not None:
            yield original.inside(name, data)
        elif depth < original.limits.nesting:
            yield from _message(original, compound, embedded, depth + 1)


class _Properties:
    """The text properties of a message or attachment."""

    def __init__(self, compound: Compound, prefix: str, encoding: str | None) -> None:
        self._compound = compound
        self._prefix = f"{prefix}__substg1.0_"
        self._encoding = encoding

    def text(self, tag: str) -> str:
        """The property; empty without it."""
        wide = self._compound.stream(f"{self._prefix}{tag}001F")
        if wide is not None:
            return wide.decode("utf-16-le", "replace").strip("\0")
        narrow = self._compound.stream(f"{self._prefix}{tag}001E")
        return decoded(narrow, self._encoding).strip("\0") if narrow else ""

    def bytes(self, tag: str) -> bytes | None:
        return self._compound.stream(f"{self._prefix}{tag}0102")

    def body(self) -> Iterator[Block]:
        """The plain text, else the HTML, else the RTF."""
        plain = self.text(BODY)
        if plain.strip():
            for each in paragraphs(plain.replace("\r\n", "\n")):
                yield Block(each)
            return
        page = self.bytes(HTML)
        html = page_text(page) if page else self.text(HTML)
        root = html_root(html) if html else None
        if root is not None:
            yield from all_blocks(root)
        elif packed := self.bytes(RTF):
            yield from rtf_blocks(decompressed(packed).decode("latin-1"))


def _attachments(compound: Compound, prefix: str) -> Iterator[tuple[str, bytes | None, str]]:
    """Name, bytes and (for a message in the message, which has no bytes) where it lies."""
    places = {
        prefix + found[0]
        for name in compound.names()
        if name.startswith(prefix) and (found := ATTACHMENT.match(name[len(prefix) :]))
    }
    for place in sorted(places):
        about = _Properties(compound, place, None)
        name = about.text(LONG_NAME) or about.text(SHORT_NAME) or about.text("3001")
        yield (
            re.sub(r"[\x00-\x1f/\\]+", "_", name).strip() or "attachment",
            about.bytes(ATTACHED),
            place + EMBEDDED,
        )


def _fixed(data: bytes, embedded: bool) -> dict[int, bytes]:
    """The properties of fixed size, by their number."""
    start = 24 if embedded else 32
    return {
        struct.unpack_from("<H", data, at + 2)[0]: data[at + 8 : at + 16]
        for at in range(start, len(data) - 15, 16)
    }


def _date(value: bytes | None) -> date | None:
    """The day of a FILETIME: tenths of microseconds since 1601."""
    ticks = struct.unpack("<Q", value)[0] if value else 0
    days = ticks // (10_000_000 * 86_400)
    return (datetime(1601, 1, 1) + timedelta(days=days)).date() if 0 < days < 200_000 else None


def decompressed(data: bytes) -> bytes:
    """Compressed RTF, by [MS-OXRTFCP] 2.2: a dictionary of 4096 bytes that starts as PRIMER."""
    size, _, kind = struct.unpack_from("<III", data, 0)
    if kind == UNCOMPRESSED:
        return data[16 : 4 + size]
    window = bytearray(PRIMER.ljust(4096, b"\0"))
    write, at, out = len(PRIMER), 16, bytearray()
    while at < len(data):
        control, at = data[at], at + 1
        for bit in range(8):
            if control >> bit & 1:
                if at + 1 >= len(data):
                    return bytes(out)
                offset, length = data[at] << 4 | data[at + 1] >> 4, (data[at + 1] & 15) + 2
                at += 2
                if offset == write % 4096:
                    return bytes(out)
            elif at < len(data):
                window[write % 4096] = data[at]
                out.append(data[at])
                write, at = write + 1, at + 1
                continue
            else:
                return bytes(out)
            for step in range(length):
                byte = window[(offset + step) % 4096]
                window[write % 4096] = byte
                out.append(byte)
                write += 1
    return bytes(out)


UNCOMPRESSED = 0x414C454D
PRIMER = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
