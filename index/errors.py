"""What can go wrong, on purpose. The text of each may be shown to the person who asked.

QuothError
├─ IndexMissing(storage)                   nothing was built yet
├─ IndexOutdated(made_with, opened_with)   another model, chunker or schema made it
├─ IndexBusy(holder)                       another reindex is running
├─ IndexDamaged(storage, what)             what is stored contradicts itself
├─ DocumentsUnreadable(folder, reason)     the folder of documents cannot be listed
├─ DocumentUnreadable(source, reason)      one file cannot be read; a reindex reports it and goes on
├─ DocumentGone(id)                        a version of a document that is no longer stored
├─ ModelUnavailable(name, reason)          a model cannot be loaded
├─ Cancelled()                             a reindex was stopped by request; the old index stands
├─ QuestionUnusable(reason)                a question with nothing to look for in it
└─ QuoteMismatch(source, start, end)       a quote that is not the slice it claims to be
"""

from __future__ import annotations

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


class IndexBusy(QuothError):
    """Another reindex is running."""

    def __init__(self, holder: str) -> None:
        super().__init__(f"A reindex is already running ({holder}). Wait until it ends.")


class IndexDamaged(QuothError):
    """What is stored contradicts itself."""

    def __init__(self, storage: Path, what: str) -> None:
        super().__init__(f"The index in {storage} is damaged: {what}. Build it again: {REBUILD}")


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


class DocumentGone(QuothError):
    """This version of the document is no longer stored."""

    def __init__(self, document_id: str) -> None:
        super().__init__("This passage is no longer in the documents: its source changed or went.")
        self.document_id = document_id


class ModelUnavailable(QuothError):
    """A model cannot be loaded."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"The model {name} cannot be loaded: {reason}")


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
