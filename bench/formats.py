"""Reads every file of a folder as a reindex would, and says how each ended.

    python -m bench.formats FOLDER [--seconds 60] [--memory 1024]

A `manifest.json` in the folder may say what is expected: a list of objects with `file`, `expect`
(a sentence that begins with "ordinary", "mail", "scan", "empty", "encrypted" or "malformed"), and
optionally `password`, `contains` and `absent` (lists of strings). Without one, every file may end
as read or as a failure with a reason. The exit code is 1 when a file ended otherwise.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from index.documents import IsolatedReader
from index.errors import DocumentUnreadable
from index.passages import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What a manifest says of a file."""

    file: str
    expect: str = ""
    password: str | None = None
    contains: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """The first word: "ordinary", "mail", "scan", "empty", "encrypted", "malformed" or ""."""
        return self.expect.partition(":")[0].split("/")[0].split(" ")[0].strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a file ended."""

    expectation: Expectation
    documents: tuple[Document, ...] = ()
    reason: str = ""
    seconds: float = 0.0
    complaints: tuple[str, ...] = field(default=())

    @property
    def text(self) -> str:
        return "\n\n".join(document.text for document in self.documents)


def expectations(folder: Path) -> list[Expectation]:
    """What is expected of each file; of files that no manifest names, nothing."""
    manifest = folder / "manifest.json"
    if not manifest.exists():
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        return [Expectation(file=path.relative_to(folder).as_posix()) for path in files]
    return [
        Expectation(
            file=entry["file"],
            expect=entry.get("expect", ""),
            password=entry.get("password"),
            contains=tuple(entry.get("contains", ())),
            absent=tuple(entry.get("absent", ())),
        )
        for entry in json.loads(manifest.read_text("utf-8"))
    ]


def outcome(reader: IsolatedReader, folder: Path, expected: Expectation) -> Outcome:
    """Reads the file; an error that is not DocumentUnreadable is let through: it is a bug."""
    started = time.perf_counter()
    try:
        documents = tuple(reader.read(expected.file, folder / expected.file))
        reason = ""
    except DocumentUnreadable as error:
        documents, reason = (), error.reason
    seconds = time.perf_counter() - started
    read = Outcome(expectation=expected, documents=documents, reason=reason, seconds=seconds)
    return Outcome(
        expectation=expected,
        documents=documents,
        reason=reason,
        seconds=seconds,
        complaints=tuple(complaints(read)),
    )


def complaints(read: Outcome) -> Iterator[str]:
    """In what the outcome differs from what was expected."""
    kind = read.expectation.kind
    if kind in ("ordinary", "mail") and not read.documents:
        yield "should be read"
    if kind == "empty" and read.documents and len(read.text) > 200:
        yield "should say that it holds no text"
    if kind == "encrypted" and "encrypted" not in read.reason:
        yield "should say that it is encrypted"
    if kind == "scan" and not read.documents and "no text layer" not in read.reason:
        yield "should say that it has no text layer"
    text = " ".join(read.text.split())
    yield from (f"lacks {each!r}" for each in read.expectation.contains if each not in text)
    yield from (f"holds {each!r}" for each in read.expectation.absent if each in text)


def with_passwords(
    reader: IsolatedReader, folder: Path, expected: list[Expectation]
) -> Iterator[Outcome]:
    """The encrypted files once more, with their passwords beside them."""
    with tempfile.TemporaryDirectory() as scratch:
        for each in expected:
            if each.password:
                copy = Path(scratch) / Path(each.file).name
                shutil.copy(folder / each.file, copy)
                copy.with_name(f"{copy.name}.password").write_text(f"{each.password}\n", "utf-8")
                opened = Expectation(file=copy.name, expect="ordinary: with its password")
                yield outcome(reader, copy.parent, opened)


def line(found: Outcome) -> str:
    verdict = "WRONG" if found.complaints else "read" if found.documents else "failed"
    what = f"{len(found.documents)} x, {len(found.text):,} characters" if found.documents else ""
    return (
        f"{verdict:6} {found.seconds:6.2f} s  {found.expectation.file[-60:]:60} "
        f"{what}{found.reason} {'; '.join(found.complaints)}"
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--memory", type=int, default=1024, help="MiB")
    given = arguments.parse_args()
    expected = expectations(given.folder)
    with IsolatedReader(given.seconds, given.memory * 2**20) as reader:
        found = [outcome(reader, given.folder, each) for each in expected]
        found += with_passwords(reader, given.folder, expected)
    for each in found:
        print(line(each))
    print(totals(found))
    return 1 if any(each.complaints for each in found) else 0


def totals(found: list[Outcome]) -> str:
    """One line a kind of expectation, and the slowest file."""
    counts = Counter(
        (each.expectation.kind or "any", "read" if each.documents else "failed") for each in found
    )
    lines = [f"{kind:10} {how:6} {count:4}" for (kind, how), count in sorted(counts.items())]
    slowest = max(found, key=lambda each: each.seconds)
    wrong = sum(bool(each.complaints) for each in found)
    name = slowest.expectation.file
    return "\n".join(
        [*lines, f"{len(found)} files, {wrong} wrong; slowest {slowest.seconds:.1f} s ({name})"]
    )


if __name__ == "__main__":
    sys.exit(main())
