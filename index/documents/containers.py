"""Zip files: archives of documents, and the containers of docx, odt, epub and their like."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator

from index.documents.draft import Draft
from index.documents.normalising import line
from index.documents.original import Original
from index.documents.zip_cipher import METHOD, WrongPassword, decrypted
from index.errors import DocumentUnreadable

BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, struct.error)
"""What zipfile raises on damaged files; an encrypted member is a RuntimeError."""
HIDDEN = ("__MACOSX/", ".DS_Store", "Thumbs.db")


class Container:
    """A zip file, read within the limits of `original`; raises DocumentUnreadable beyond them."""

    def __init__(self, original: Original) -> None:
        self._original = original
        self._left = original.limits.unpacked
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(original.data))
        except (*BROKEN, NotImplementedError) as error:
            reason = "it is damaged or incomplete: its zip directory cannot be read"
            raise original.unreadable(reason) from error
        if len(self._zip.infolist()) > original.limits.members:
            raise original.unreadable(f"it holds more than {original.limits.members:,} files")
        # It may lie about its sizes; what is unpacked here is counted too.
        if sum(each.file_size for each in self._zip.infolist()) > self._left:
            raise too_large(self._original)
        self._by_name = {_named(each).lstrip("/"): each for each in self._zip.infolist()}

    def names(self) -> list[str]:
        """The names of all members that are files."""
        return [name for name, each in self._by_name.items() if not each.is_dir()]

    def member(self, name: str) -> bytes | None:
        """The bytes of a member; None when there is none of that name."""
        found = self._by_name.get(name)
        return self._unpacked(found) if found else None

    def spare(self, name: str) -> bytes | None:
        """A member that the text can do without; None when it is missing or damaged."""
        try:
            return self.member(name)
        except DocumentUnreadable:
            if self._left < 0:
                raise
            return None

    def has(self, name: str) -> bool:
        return name in self._by_name

    def size(self, name: str) -> int:
        """How many bytes the member says that it unpacks to; 0 when there is none of that name."""
        return self._by_name[name].file_size if name in self._by_name else 0

    def link(self, name: str) -> bool:
        """Whether the member is a symbolic link."""
        return (self._by_name[name].external_attr >> 16) & 0o170000 == 0o120000

    def _unpacked(self, member: zipfile.ZipInfo) -> bytes:
        try:
            data = self._bytes(member, self._original.password)
        except NotImplementedError as error:
            reason = "a way of packing that it uses is not known here: pack it as an ordinary zip"
            raise self._original.unreadable(reason) from error
        except (RuntimeError, WrongPassword) as error:
            raise self._original.unreadable(self._original.locked) from error
        except BROKEN as error:
            reason = f"it is damaged: {member.filename} in it cannot be unpacked"
            raise self._original.unreadable(reason) from error
        self._left -= len(data)
        if self._left < 0:
            raise too_large(self._original)
        return data

    def _bytes(self, member: zipfile.ZipInfo, password: str | None) -> bytes:
        """What the member holds, or one byte more than may still be unpacked."""
        if member.compress_type == METHOD and password:
            return decrypted(self._original.data, member, password, self._left + 1)
        with self._zip.open(member, pwd=password.encode() if password else None) as file:
            return file.read(self._left + 1)


def too_large(original: Original) -> DocumentUnreadable:
    """The error to raise for a file that unpacks to more than it may."""
    most = original.limits.unpacked // 2**20
    return original.unreadable(f"it unpacks to more than {most:,} MiB")


def read_zip(original: Original) -> Iterator[Draft | Original]:
    """Every member as a file of its own; links and hidden files are passed over."""
    container = Container(original)
    for name in container.names():
        if is_hidden(name) or container.link(name):
            continue
        data = container.member(name)
        if data is not None:
            yield original.inside(spelled(name), data)


def is_hidden(name: str) -> bool:
    """Whether a member is what a system puts beside the files that it packs."""
    base = name.rpartition("/")[2]
    return name.startswith(HIDDEN) or base in HIDDEN or base.startswith("._")


UTF_8 = 0x800
"""The flag of a member whose name is in UTF-8."""
RUSSIAN = re.compile(rb"[\x80-\xaf\xe0-\xf1]{3}")


def _named(member: zipfile.ZipInfo) -> str:
    """The member's name. Without the flag it is in the code page of DOS, or so it should be: many
    write UTF-8, and where Windows speaks Russian its own page, in which letters stand together.
    """
    if member.flag_bits & UTF_8 or member.filename.isascii():
        return member.filename
    try:
        raw = member.filename.encode("cp437")
    except UnicodeError:
        return member.filename
    try:
        return raw.decode("utf-8")
    except UnicodeError:
        return raw.decode("cp866") if RUSSIAN.search(raw) else member.filename


def spelled(name: str) -> str:
    """A member's path on one line, with nothing in it that leads elsewhere."""
    parts = line(name).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..")) or "unnamed"
