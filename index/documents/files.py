"""A file of the folder as an Original: its bytes, and the password that lies beside it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from index.documents.decoding import decoded
from index.documents.formats import read_original
from index.documents.original import Limits, Original
from index.errors import DocumentUnreadable
from index.passages import Document, Reading
from index.sidecars import beside

LARGEST = 2**30


def read_file(source: str, path: Path, limits: Limits | None = None) -> list[Document]:
    """The documents of the file, at least one, read in this process: for files that are trusted.

    Raises DocumentUnreadable with the reason, and where there is one with what helps.
    """
    return list(reading_of(source, path, limits or Limits()).documents)


def reading_of(
    source: str, path: Path, limits: Limits, alive: Callable[[], None] = lambda: None
) -> Reading:
    """The documents of the file and what in it could not be read; raises DocumentUnreadable.

    `alive` is called before each page of a scan.
    """
    data = file_bytes(source, path)
    password = _password(path)
    name = path.name.encode("utf-8", "replace").decode("utf-8")
    original = Original(
        source=source, name=name, data=data, password=password, limits=limits, alive=alive
    )
    return read_original(original)


def file_bytes(source: str, path: Path) -> bytes:
    """The bytes of a regular file; a pipe or a device is never waited for."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise DocumentUnreadable(source, _reason(error)) from error
    with os.fdopen(handle, "rb", buffering=0) as file:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            raise DocumentUnreadable(source, "it is not a file but a folder, a pipe or a device")
        if about.st_size > LARGEST:
            raise DocumentUnreadable(source, f"it is larger than {LARGEST // 2**20:,} MiB")
        try:
            return file.readall()
        except OSError as error:
            raise DocumentUnreadable(source, _reason(error)) from error


def _password(path: Path) -> str | None:
    """The first line of what lies beside the file for it, or for its folder; None without any."""
    for name in beside(path.name):
        try:
            with open(path.with_name(name), "rb") as file:
                lines = decoded(file.read(1024)).splitlines()
        except (OSError, ValueError):
            continue
        if lines and lines[0].strip():
            return lines[0].strip()
    return None


def _reason(error: OSError | ValueError) -> str:
    if isinstance(error, FileNotFoundError):
        return "it is gone: it was moved or deleted while it was read, or is a broken link"
    if isinstance(error, PermissionError):
        return "it may not be read: give the account that runs Quoth the right to read it"
    if isinstance(error, OSError) and error.strerror:
        return f"it cannot be opened: {error.strerror.lower()}"
    return "it cannot be opened: its name is not valid here"
