"""Which reader reads which file, and the one place where a reader's trouble becomes a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module

from index.documents.draft import Draft, composed
from index.documents.images import NO_TEXT
from index.documents.kinds import kind_of
from index.documents.original import Original
from index.documents.unlocking import unlocked
from index.errors import DocumentUnreadable
from index.passages import Document, Failure, Reading
from index.sidecars import is_sidecar

# Suffix to reader, "module:function" below index.documents: a parser is imported when it is needed.
READERS = {
    ".txt": "plain:read_text", ".text": "plain:read_text", ".log": "plain:read_log",
    ".md": "plain:read_markdown", ".markdown": "plain:read_markdown",
    ".rst": "restructured:read_rst",
    ".csv": "data:read_csv", ".tsv": "data:read_csv", ".tab": "data:read_csv",
    ".json": "data:read_json", ".jsonl": "data:read_json", ".ndjson": "data:read_json",
    ".ipynb": "data:read_notebook",
    ".html": "web:read_html", ".htm": "web:read_html", ".xhtml": "web:read_html",
    ".xml": "books:read_xml", ".rss": "books:read_xml", ".atom": "books:read_xml",
    ".fodt": "books:read_xml", ".fods": "books:read_xml", ".fodp": "books:read_xml",
    ".pdf": "pdf:read_pdf", ".rtf": "rtf:read_rtf",
    ".docx": "word:read_docx", ".docm": "word:read_docx", ".dotx": "word:read_docx",
    ".doc": "old_office:read_doc", ".dot": "old_office:read_doc", ".ppt": "old_office:read_ppt",
    ".pps": "old_office:read_ppt", ".pptx": "slides:read_pptx", ".pptm": "slides:read_pptx",
    ".ppsx": "slides:read_pptx", ".xlsx": "sheets:read_sheets", ".xlsm": "sheets:read_sheets",
    ".xlsb": "sheets:read_sheets", ".xls": "sheets:read_sheets", ".ods": "sheets:read_sheets",
    ".odt": "opendocument:read_opendocument", ".odp": "opendocument:read_opendocument",
    ".ott": "opendocument:read_opendocument", ".odg": "opendocument:read_opendocument",
    ".epub": "books:read_epub",
    ".eml": "mail:read_mail", ".mbox": "mail:read_mbox", ".msg": "outlook:read_msg",
    ".tnef": "tnef:read_tnef",
    ".zip": "containers:read_zip", ".tar": "archives:read_tar",
    ".gz": "archives:read_packed", ".tgz": "archives:read_packed", ".bz2": "archives:read_packed",
    ".xz": "archives:read_packed",
    ".png": "images:read_image", ".jpg": "images:read_image", ".jpeg": "images:read_image",
    ".tif": "images:read_image", ".tiff": "images:read_image", ".webp": "images:read_image",
    ".bmp": "images:read_image", ".gif": "images:read_image",
}  # fmt: skip
SUFFIXES = frozenset(READERS)
NOTHING = "it is empty"
EMPTY = "it holds no text"
NOT_MISSED = (EMPTY, NOTHING, NO_TEXT)
"""Why a file inside a read one may fail unsaid: a logo in a mail, an empty file in an archive."""


@dataclass(slots=True)
class _Found:
    """What is found in a file, and in the files inside of it."""

    whole: Original
    documents: list[Document] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    characters: int = 0

    def add(self, document: Document) -> None:
        """Raises DocumentUnreadable for the whole when it becomes more than may be read of it."""
        self.documents.append(document)
        self.characters += len(document.text)
        most = self.whole.limits.characters
        if self.characters > most:
            reason = f"it holds more than {most:,} characters of text: split it"
            raise self.whole.unreadable(reason)


def read_original(original: Original) -> Reading:
    """Everything in the file. Raises DocumentUnreadable when no document comes out of it."""
    found = _Found(original)
    _read_into(found, original)
    if not found.documents:
        raise original.unreadable(_why_nothing(original, found.failures))
    missed = tuple(each for each in found.failures if each.reason not in NOT_MISSED)
    return Reading(tuple(found.documents), missed)


def _why_nothing(original: Original, failures: list[Failure]) -> str:
    """The reason of the first file inside it, when all it holds is files that cannot be read."""
    if not failures:
        return EMPTY
    name = failures[0].source.removeprefix(f"{original.source}/")
    return f"{EMPTY} of its own, and of {name} in it: {failures[0].reason}"


def _read_into(found: _Found, original: Original) -> None:
    for each in _drafts(original):
        if isinstance(each, Original):
            if not is_sidecar(each.name):
                _read_inner(found, each)
            continue
        document = composed(each, original.source, original.name)
        if document is not None:
            found.add(document)


def _read_inner(found: _Found, inner: Original) -> None:
    """A file in a file: what is wrong with it is a line in the report, not the end of the other."""
    if inner.depth > inner.limits.nesting:
        reason = f"it lies more than {inner.limits.nesting} files deep"
        found.failures.append(Failure(source=inner.source, reason=reason))
        return
    before = len(found.documents)
    try:
        _read_into(found, inner)
    except DocumentUnreadable as error:
        if error.source == found.whole.source:
            raise
        found.failures.append(Failure(source=error.source, reason=error.reason))
        return
    if len(found.documents) == before:
        found.failures.append(Failure(source=inner.source, reason=EMPTY))


def _drafts(original: Original) -> Iterator[Draft | Original]:
    """The reader's drafts; whatever a parser raises on what it was given becomes a reason."""
    if not original.data:
        raise original.unreadable(NOTHING)
    try:
        opened = unlocked(original)
        yield from _reader(opened)(opened)
    except DocumentUnreadable:
        raise
    except RecursionError as error:
        raise original.unreadable("what is in it is nested too deeply") from error
    except MemoryError:
        raise
    # Parsers of hostile files raise anything; this is their door, and the reason names what.
    except Exception as error:
        kind = f"{original.suffix} file" if original.suffix else "file of its kind"
        reason = f"it is damaged, or no real {kind} ({type(error).__name__})"
        raise original.unreadable(reason) from error


Reader = Callable[[Original], Iterable[Draft | Original]]


def _reader(original: Original) -> Reader:
    """The reader for what the file is; what it is called decides only where its bytes do not."""
    module, _, function = READERS[kind_of(original)].partition(":")
    found: Reader = getattr(import_module(f"index.documents.{module}"), function)
    return found
