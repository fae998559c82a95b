"""What a reader is given: the bytes of a file, its name, and how much of it may be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from index.errors import DocumentUnreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file may turn into."""

    characters: int = 20_000_000
    """Characters of text, over all documents of the file."""
    nesting: int = 4
    """Files in files: an archive in a mail in an archive is 2."""
    members: int = 2_000
    """Files in one archive, and parts in one container (a docx is a zip)."""
    unpacked: int = 512 * 2**20
    """Bytes that one archive or container may unpack to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file, or a file inside one: `source` is its identity, `name` its last part."""

    source: str
    name: str
    data: bytes = field(repr=False)
    password: str | None = field(default=None, repr=False)
    limits: Limits = field(default_factory=Limits)
    depth: int = 0
    alive: Callable[[], None] = field(default=lambda: None, repr=False, compare=False)
    """Called before each page that takes seconds: the time that reading may take begins anew."""

    @property
    def suffix(self) -> str:
        """In lower case with its dot; empty without one."""
        return PurePosixPath(self.name).suffix.lower()

    def unreadable(self, reason: str) -> DocumentUnreadable:
        """The error to raise for this file."""
        return DocumentUnreadable(self.source, reason)

    @property
    def locked(self) -> str:
        """The reason to give when the file needs a password."""
        if self.password:
            return "it is encrypted, and the password beside it does not open it"
        if self.depth:
            return (
                "it is encrypted: put its password beside the file that holds it, "
                "into a file of the same name with .password at its end"
            )
        return f"it is encrypted: put its password into {self.name}.password beside it"

    def inside(self, name: str, data: bytes) -> Original:
        """The file `name` that this one holds."""
        short = PurePosixPath(name).name or "unnamed"
        source = f"{self.source}/{name or 'unnamed'}"
        depth = self.depth + 1
        return replace(self, source=source, name=short, data=data, depth=depth)
