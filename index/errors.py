"""What can go wrong, on purpose. The text of each may be shown to the person who asked.

QuothError
├─ IndexMissing(storage)                   nothing was built yet
├─ IndexOutdated(made_with, opened_with)   another model, chunker or schema made it
├─ IndexReplaced(made_with, runs_with)     another program rebuilt it otherwise meanwhile
├─ IndexBusy(holder)                       another reindex is running
├─ IndexDamaged(storage, what)             what is stored contradicts itself
├─ StorageFull(storage)                    the disk of the index is full; the old index stands
├─ StorageUnwritable(storage, reason)      the index cannot be written; the old index stands
├─ VectorsUnusable(reason)                 Chroma failed; the catalog answers without it
├─ NothingToRollBack()                     no earlier generation of the index is kept
├─ ArchiveUnusable(path, reason)           an archive that cannot be taken over
├─ DocumentsUnreadable(folder, reason)     the folder of documents cannot be listed
├─ DocumentUnreadable(source, reason)      one file cannot be read; a reindex reports it and goes on
├─ NothingContributed(source)              nobody added a file of this name for this scope
├─ QuotaReached(reason)                    a scope holds as much as it may
├─ DocumentGone(id)                        a version of a document that is no longer stored
├─ ModelUnavailable(name, reason)          a model cannot be loaded
├─ WriterSilent(reason, broken)            the language model gave nothing; we answer without it
├─ Cancelled()                             a reindex was stopped by request; the old index stands
├─ QuestionUnusable(reason)                a question with nothing to look for in it
└─ QuoteMismatch(source, start, end)       a quote that is not the slice it claims to be
"""

from __future__ import annotations

import errno
from pathlib import Path

REBUILD = "python -m index reindex --rebuild"


class QuothError(Exception):
    """Everything that is raised on purpose; its text may be shown to the asker."""


class IndexMissing(QuothError):
    """The storage holds no index yet."""

    def __init__(self, storage: Path) -> None:
        super().__init__(f"There is no index in {storage} yet. Build one: python -m index reindex")


class IndexOutdated(QuothError):
    """The index was made by another model, chunker or schema than the one that opens it."""

    def __init__(self, made_with: str, opened_with: str) -> None:
        super().__init__(
            f"The index was made with {made_with}, but is opened with {opened_with}. "
            f"Build it again: {REBUILD}"
        )


class IndexReplaced(QuothError):
    """Another program built the index anew, with another model or chunker, while this one runs."""

    def __init__(self, made_with: str, runs_with: str) -> None:
        super().__init__(
            "Another program has built the index again, in another way than this one reads it, so "
            "nothing can be answered until whoever runs this program starts it again. "
            f"(Made with {made_with}; this program runs with {runs_with}.)"
        )


class IndexBusy(QuothError):
    """Another reindex is running."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"A reindex is already running ({holder}). Wait until it ends.")


class IndexClosed(QuothError):
    """Somebody asks an index that was closed meanwhile."""

    def __init__(self) -> None:
        super().__init__("The index was closed. Open it again with open_index.")


class IndexDamaged(QuothError):
    """What is stored contradicts itself."""

    def __init__(self, storage: Path, what: str) -> None:
        super().__init__(f"The index in {storage} is damaged: {what}. Build it again: {REBUILD}")


class StorageFull(QuothError):
    """The disk that holds the index is full; the old index stands."""

    def __init__(self, storage: Path) -> None:
        super().__init__(
            f"The disk that holds {storage} is full. Free some space there and try again; "
            "the index is as it was before."
        )


class StorageUnwritable(QuothError):
    """The index cannot be written; the old index stands."""

    def __init__(self, storage: Path, reason: str) -> None:
        super().__init__(
            f"The index in {storage} cannot be written: {reason}. "
            "Make the folder writable for this user, or set STORAGE to another one."
        )


class VectorsUnusable(QuothError):
    """Chroma failed. Its vectors are kept in the catalog as well, which answers without it."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"Chroma cannot be used ({reason}). Mend it: python -m index verify --repair"
        )


class VectorsReplaced(VectorsUnusable):
    """Another process let the server's collection begin anew; it is to be opened again."""

    def __init__(self) -> None:
        super().__init__("another process has begun it anew")


class NothingToRollBack(QuothError):
    """No earlier generation of the index is kept."""

    def __init__(self) -> None:
        super().__init__("There is no earlier version of the index to go back to.")


class ArchiveUnusable(QuothError):
    """An archive that cannot be taken over; the old index stands."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} cannot be imported: {reason}. The index is as it was before.")


class DocumentsUnreadable(QuothError):
    """The folder of documents does not exist or cannot be listed."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"The documents in {folder} cannot be listed: {reason}. "
            "Set DOCUMENTS to a folder that can be read."
        )


class DocumentUnreadable(QuothError):
    """One file cannot be read; `reason` says why, in words for a person."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class NothingContributed(QuothError):
    """Nothing of this name was added for this scope."""

    def __init__(self, source: str) -> None:
        super().__init__(f"There is no {source} among these documents.")


class QuotaReached(QuothError):
    """A scope holds as much as it may; nothing was added."""


class DocumentGone(QuothError):
    """This version of the document is no longer stored."""

    def __init__(self, document_id: str) -> None:
        super().__init__("This passage is no longer in the documents: its source changed or went.")
        self.document_id = document_id


class ModelUnavailable(QuothError):
    """A model cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The model {name} cannot be loaded: {reason}")


class WriterSilent(QuothError):
    """The language model gave no reply; answers are made without it."""

    def __init__(self, reason: str, *, broken: bool = False) -> None:
        """`broken` when it failed so often just now that it is left alone for a while."""
        super().__init__(f"The language model gave no reply: {reason}")
        self.reason = reason
        self.broken = broken


class Cancelled(QuothError):
    """A reindex was stopped by request; the old index stands."""

    def __init__(self) -> None:
        super().__init__("The reindex was stopped. The index is as it was before.")


class QuestionUnusable(QuothError):
    """A question with nothing to look for in it; the text says what to do."""


class QuoteMismatch(QuothError):
    """A quote is not the slice of the stored text that it claims to be."""

    def __init__(self, source: str, start: int, end: int) -> None:
        super().__init__(f"A quote from {source} does not match the stored text at {start}:{end}.")


def storage_trouble(error: OSError, storage: Path) -> QuothError:
    """What the system says of writing below the storage folder, as an error of ours."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StorageFull(storage)
    return StorageUnwritable(storage, error.strerror or type(error).__name__)
