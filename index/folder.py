"""What is in the folder of documents, and what in it is not to be read: pathspec lives here.

`.quothignore` in the folder names what is left out, as .gitignore does.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from pathspec import GitIgnoreSpec

from index.documents.decoding import BOMS
from index.errors import DocumentsUnreadable, storage_trouble
from index.sidecars import beside, is_sidecar

IGNORED = ".quothignore"
LINKS = "links.txt"
LINK_STARTS = ("http://", "https://")
LONGEST_NAME = 150
"""Bytes, in UTF-8."""
Ignored = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the folder, before it is read. `problem` says why it cannot be."""

    source: str
    path: str
    size: int = 0
    modified: int = 0
    problem: str | None = None
    link: bool = False
    """`source` is a link of `links.txt`, and there is no path."""


def find_files(folder: Path, max_bytes: int) -> Iterator[FoundFile]:
    """The files below the folder by name, then the links that its `links.txt` names.

    Hidden files, sidecars and what `.quothignore` names are left out. Raises DocumentsUnreadable
    when the folder itself, or its ignore file, cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        ignored = _ignored(folder / IGNORED)
    except OSError as error:
        raise DocumentsUnreadable(folder, in_words(error)) from error
    yield from _find([each for each in entries if each.name != LINKS], "", max_bytes, ignored)
    yield from _links(folder / LINKS)


def ignore(folder: Path, source: str, found: Iterable[FoundFile]) -> None:
    """Has a link, or a file that is among those found there, left out from now on.

    What lies in a folder that cannot be listed now may be there. Raises StorageUnwritable.
    """
    try:
        if source.startswith(LINK_STARTS):
            _strike_out(folder / LINKS, source)
        elif any(each.path and f"{source}/".startswith(f"{each.source}/") for each in found):
            before = _lines(folder / IGNORED)
            (folder / IGNORED).write_text("\n".join([*before, _exactly(source), ""]), "utf-8")
    except OSError as error:
        raise storage_trouble(error, folder) from error


def file_name(name: str) -> str:
    """A name that a stranger gives, as one that a file can have: never a path, never empty."""
    last = re.split(r"[/\\]", name)[-1]
    plain = "".join(each for each in last if each.isprintable()).strip(" .")
    start, dot, suffix = plain.rpartition(".")
    if len(plain.encode()) <= LONGEST_NAME:
        return plain or "document"
    kept = dot + suffix if 0 < len(suffix) <= 10 else ""
    return _within(start if kept else plain, LONGEST_NAME - len(kept.encode())) + kept


def _within(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _find(
    entries: list[os.DirEntry[str]], below: str, max_bytes: int, ignored: Ignored
) -> Iterator[FoundFile]:
    by_name = {entry.name: entry for entry in entries if is_sidecar(entry.name)}
    for entry in entries:
        source = below + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
        if entry.name.startswith((".", "~$")) or is_sidecar(entry.name):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                if not ignored(source + "/"):
                    inside = sorted(os.scandir(entry.path), key=lambda entry: entry.name)
                    yield from _find(inside, source + "/", max_bytes, ignored)
            elif not ignored(source):
                passwords = [by_name[each] for each in beside(entry.name) if each in by_name]
                yield _file(entry, passwords, source, max_bytes)
        except OSError as error:
            yield FoundFile(source, entry.path, problem=in_words(error))


def _links(listed: Path) -> Iterator[FoundFile]:
    try:
        lines = _lines(listed, "replace")
    except OSError as error:
        yield FoundFile(LINKS, str(listed), problem=in_words(error))
        return
    for line in dict.fromkeys(map(_link, lines)):
        if line.startswith(LINK_STARTS):
            yield FoundFile(line, "", link=True)
        elif line and not line.startswith("#"):
            yield FoundFile(f"{LINKS}: {line[:100]}", "", problem="it is not an http(s) link")


def _ignored(path: Path) -> Ignored:
    """What the file names, by its lines; a line that is no pattern raises OSError in words."""
    lines = _lines(path)
    if not any(line.strip() for line in lines):
        return lambda source: False
    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except (ValueError, re.error) as error:
            raise OSError(0, f"{IGNORED} holds a line that is no pattern: {line[:100]}") from error
    return GitIgnoreSpec.from_lines(lines).match_file


def _lines(path: Path, errors: str = "strict") -> list[str]:
    """The lines of a text file, by its byte order mark or as UTF-8; none when it is not there.

    Raises OSError in words when it is neither; with `errors="replace"` a wrong byte is "�".
    """
    if not path.exists():
        return []
    data = path.read_bytes()
    encoding = next((name for mark, name in BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding, errors)
    except UnicodeDecodeError as error:
        raise OSError(0, f"{path.name} is no text in UTF-8") from error
    if "\0" in text:  # UTF-16 without a mark
        raise OSError(0, f"{path.name} is no text in UTF-8")
    return [line.rstrip("\r\n") for line in StringIO(text)]


def _exactly(source: str) -> str:
    """A pattern that means this file alone, as far as its name can be put into one line."""
    escaped = re.sub(r"([\\*?\[\]! #])", r"\\\1", source)
    return "/" + re.sub(r"[\0-\x1f\x7f-\x9f]|[^\S ]", "?", escaped)


def _link(line: str) -> str:
    """The line as a link, whose scheme may be written in capitals."""
    return re.sub("^https?://", lambda found: found[0].lower(), line.strip(), flags=re.IGNORECASE)


def _strike_out(listed: Path, link: str) -> None:
    kept = [line for line in _lines(listed, "replace") if _link(line) != link]
    listed.write_text("\n".join([*kept, ""]), "utf-8")


def _file(
    entry: os.DirEntry[str], passwords: list[os.DirEntry[str]], source: str, max_bytes: int
) -> FoundFile:
    """The file; one whose password came or changed is modified, too."""
    facts = entry.stat()
    modified = max(facts.st_mtime_ns, *(each.stat().st_mtime_ns for each in passwords), 0)
    problem = None
    if stat.S_ISDIR(facts.st_mode):
        problem = "a link to a folder is not followed; put the folder itself here"
    elif not stat.S_ISREG(facts.st_mode):
        problem = "not a regular file"
    elif facts.st_size > max_bytes:
        size, most = facts.st_size / 2**20, max_bytes / 2**20
        problem = f"{size:,.0f} MiB is over the limit of {most:,.0f} MiB (MAX_FILE_BYTES)"
    return FoundFile(source, entry.path, facts.st_size, modified, problem)


def in_words(error: OSError) -> str:
    """Why the system refuses, for a person."""
    known = {
        "FileNotFoundError": "it is not there (any more)",
        "PermissionError": "reading it is not permitted",
        "NotADirectoryError": "it is not a folder",
    }
    return known.get(type(error).__name__, error.strerror or type(error).__name__)
