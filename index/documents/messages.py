"""What parent and child say to each other: JSON objects, each after its length in four bytes.

JSON and not pickle: the child has read hostile input, and its words are checked like any other's.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from datetime import date
from typing import BinaryIO

from index.passages import Document, Failure, Heading, Reading

ALIVE: dict[str, object] = {"alive": True}
"""What the child says while it reads a file that takes long page by page."""
LENGTH = struct.Struct(">I")
LONGEST = 2**29
"""Bytes: text of 20 million characters, each escaped, and some room."""


class Garbled(Exception):
    """The other side said something that is no message."""


def packed(message: dict[str, object]) -> bytes:
    body = json.dumps(message, ensure_ascii=True, separators=(",", ":")).encode("ascii")
    return LENGTH.pack(len(body)) + body


def unpacked(read: Callable[[int], bytes]) -> dict[str, object]:
    """The next message; EOFError when the other side is gone. `read(n)` gives n bytes or fewer."""
    (length,) = LENGTH.unpack(_exactly(read, LENGTH.size))
    if length > LONGEST:
        raise Garbled(f"a message of {length} bytes")
    try:
        message = json.loads(_exactly(read, length))
    except ValueError as error:
        raise Garbled("no JSON") from error
    if not isinstance(message, dict):
        raise Garbled("no object")
    return message


def _exactly(read: Callable[[int], bytes], size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = read(min(size - len(parts), 2**20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def write(file: BinaryIO, message: dict[str, object]) -> None:
    file.write(packed(message))
    file.flush()


def reading_to_json(reading: Reading) -> dict[str, object]:
    return {
        "documents": [_document_to_json(each) for each in reading.documents],
        "failures": [[each.source, each.reason] for each in reading.failures],
    }


def _document_to_json(document: Document) -> dict[str, object]:
    return {
        "source": document.source,
        "title": document.title,
        "text": document.text,
        "date": document.date.isoformat() if document.date else None,
        "author": document.author,
        "language": document.language,
        "pages": document.pages,
        "headings": [[each.start, each.title] for each in document.headings],
    }


def reading_from_json(message: dict[str, object]) -> Reading:
    """What the child found; raises Garbled when a field is missing or of another kind."""
    try:
        documents = [_document_from_json(each) for each in message["documents"]]  # type: ignore[attr-defined]
        failures = [
            Failure(source=str(source), reason=str(reason))
            for source, reason in message["failures"]  # type: ignore[attr-defined]
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise Garbled("fields are missing") from error
    return Reading(tuple(documents), tuple(failures))


def _document_from_json(found: dict[str, object]) -> Document:
    day = found["date"]
    return Document(
        source=_text(found["source"]),
        title=_text(found["title"]),
        text=_text(found["text"]),
        date=date.fromisoformat(_text(day)) if day is not None else None,
        author=_optional(found["author"]),
        language=_optional(found["language"]),
        pages=tuple(int(each) for each in found["pages"]),  # type: ignore[attr-defined]
        headings=tuple(Heading(int(at), _text(title)) for at, title in found["headings"]),  # type: ignore[attr-defined]
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)
