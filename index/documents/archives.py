"""Archives of Unix: tar, and what gzip, bzip2 and xz pack, a tar or a single file."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath
from typing import IO

from index.documents.containers import is_hidden, spelled, too_large
from index.documents.decoding import decoded
from index.documents.draft import Draft
from index.documents.original import Original

PACKED = ((b"\x1f\x8b", gzip.open), (b"BZh", bz2.open), (b"\xfd7zXZ\0", lzma.open))
"""How a packed file begins, and what opens it."""
BROKEN = (tarfile.TarError, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError)
SUFFIXES = {".gz", ".bz2", ".xz"}
"""What is taken from a packed file's name to have that of the file in it."""
BLOCK = 2**20


def is_tar(data: bytes) -> bool:
    """Whether it is a tar of after 1988, which says so at the end of its first header."""
    return data[257:262] == b"ustar"


def read_packed(original: Original) -> Iterator[Draft | Original]:
    """The file that is packed, or if that is a tar, every member of it."""
    data = _unpacked(original)
    if is_tar(data):
        yield from read_tar(replace(original, data=data))
        return
    name = PurePosixPath(original.name)
    inner = name.stem if name.suffix.lower() in SUFFIXES else original.name
    yield original.inside(inner, data)


def _unpacked(original: Original) -> bytes:
    """What is packed, taken a block at a time, since it does not say how much it is."""
    opened = next(each for start, each in PACKED if original.data.startswith(start))
    most = original.limits.unpacked
    found = bytearray()
    try:
        with opened(io.BytesIO(original.data)) as file:
            while block := file.read(BLOCK):
                found += block
                if len(found) > most:
                    raise too_large(original)
    except BROKEN as error:
        raise original.unreadable("it is damaged or incomplete: it cannot be unpacked") from error
    return bytes(found)


def read_tar(original: Original) -> Iterator[Draft | Original]:
    """Every member as a file of its own; links, devices and hidden files are passed over."""
    left = original.limits.unpacked
    for number, (name, content) in enumerate(_members(original)):
        if number >= original.limits.members:
            raise original.unreadable(f"it holds more than {original.limits.members:,} files")
        if content is None or is_hidden(name):
            continue
        data = content.read(left + 1)  # a sparse one may say that it is larger than any disk
        left -= len(data)
        if left < 0:
            raise too_large(original)
        yield original.inside(spelled(name), data)


def _members(original: Original) -> Iterator[tuple[str, IO[bytes] | None]]:
    """Name and content of each member; no content where it is no file."""
    try:
        with tarfile.open(fileobj=io.BytesIO(original.data), mode="r:") as archive:
            for member in archive:
                name = decoded(member.name.encode("utf-8", "surrogateescape"))
                yield name, archive.extractfile(member) if member.isreg() else None
    except BROKEN as error:
        raise original.unreadable("it is damaged or incomplete: it cannot be unpacked") from error
