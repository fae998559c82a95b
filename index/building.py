"""The difference between the folder and the index, and one safe switch.

New text and vectors are written beside the old; questions are answered from the old generation
until `Catalog.switch`, a single transaction. Stopped or killed before it, nothing has changed.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from index.catalog import Catalog, StoredFile
from index.errors import Cancelled, DocumentsUnreadable, DocumentUnreadable, QuothError
from index.locking import lock
from index.passages import Document, Failure, Passage, Progress, ReindexReport
from index.ports import Chunker, DocumentReader, Embedder, ProgressListener, Vectors
from index.vector_search import VectorSearch

EMBEDDED_AT_ONCE = 512
"""Sentences gathered, over documents, before they are embedded and written."""
READ_AHEAD = 8
"""Files that may be read and wait while earlier ones are embedded."""
SETTLED = 2_000_000_000
"""Nanoseconds: a file modified this shortly before it was hashed may change unseen by its clock."""
SIDECARS = (".password",)
NO_VECTORS = np.zeros((0, 0), np.float32)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file of the folder, before it is read. `problem` says why it cannot be."""

    source: str
    path: str
    size: int = 0
    modified: int = 0
    problem: str | None = None


class Builder:
    """Brings the index up to date with the folder."""

    def __init__(
        self,
        *,
        folder: Path,
        storage: Path,
        catalog: Catalog,
        vectors: VectorSearch,
        embedder: Callable[[], Embedder],
        reader: DocumentReader,
        chunker: Chunker,
        max_file_bytes: int,
        kept_generations: int = 0,
        workers: int = 2,
    ) -> None:
        self._folder, self._storage = folder, storage
        self._catalog, self._vectors = catalog, vectors
        self._embedder, self._reader, self._chunker = embedder, reader, chunker
        self._max_file_bytes, self._workers = max_file_bytes, workers
        self._kept = 1 + kept_generations

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        again: bool = False,
    ) -> ReindexReport:
        """Reads what is new or changed, forgets what went, and switches; `again` reads everything.

        Raises IndexBusy when another reindex runs, DocumentsUnreadable when the folder cannot be
        listed, and Cancelled when `cancelled` says so. One unreadable file stops nothing.
        """
        with lock(self._storage):
            run = _Run(progress or _silent, cancelled or _never)
            try:
                return self._reindex(run, again)
            finally:
                self._tidy()

    def _tidy(self) -> None:
        """Removes what no version holds. When that fails, the next reindex does it."""
        try:
            self._catalog.prune(self._kept)
            self._vectors.take_over()
        except QuothError as error:
            log.warning("What is not needed any more stays for now: %s", error)

    def _reindex(self, run: _Run, again: bool) -> ReindexReport:
        found = list(find_files(self._folder, self._max_file_bytes))
        with self._catalog.snapshot() as snapshot:
            before = snapshot.files()
        files = self._read_all(run, found, {} if again else before, before)
        for source, old in _hidden_by_problems(found, before).items():
            files.setdefault(source, old)
        run.tell("switching")
        if files == before:
            return self._report(run, before, files)
        self._catalog.switch(files.values())
        return self._report(run, before, files)

    def _read_all(
        self,
        run: _Run,
        found: list[FoundFile],
        known: dict[str, StoredFile],
        before: dict[str, StoredFile],
    ) -> dict[str, StoredFile]:
        """Each file as it is now stored; new text and vectors are written beside the old."""
        run.total = len(found)
        files: dict[str, StoredFile] = {}
        batch = _Batch()
        with ThreadPoolExecutor(self._workers) as pool:
            for file, reading in _ahead(pool, found, lambda each: self._read(each, known)):
                try:
                    stored, documents = reading.result()
                except DocumentUnreadable as error:
                    kept = before.get(file.source)
                    stored, documents = _failed(file, error.reason, kept), []
                files[file.source] = stored
                for document in documents:
                    self._prepare(document, batch)
                if len(batch.texts) >= EMBEDDED_AT_ONCE:
                    self._write(batch, run)
                    batch = _Batch()
                run.done += 1
                run.tell("reading")
                run.stop_if_cancelled()
        self._write(batch, run)
        return files

    def _read(
        self, file: FoundFile, known: dict[str, StoredFile]
    ) -> tuple[StoredFile, list[Document]]:
        """The file as it is to be stored and, if it is new or changed, its documents."""
        if file.problem:
            raise DocumentUnreadable(file.source, file.problem)
        old = known.get(file.source)
        if old and not old.failure and _untouched(file, old):
            return old, []
        checked = time.time_ns()
        digest = _hash(file)
        stored = StoredFile(
            source=file.source,
            hash=digest,
            size=file.size,
            modified=file.modified,
            checked=checked,
        )
        if old and not old.failure and old.hash == digest:
            return replace(stored, documents=old.documents), []
        documents = self._reader.read(file.source, file.path)
        return replace(stored, documents=tuple(each.id for each in documents)), documents

    def _prepare(self, document: Document, batch: _Batch) -> None:
        if (
            self._catalog.holds_content(document.content_id)
            or document.content_id in batch.contents
        ):
            batch.known.append(document)
            return
        passages = self._chunker(document)
        batch.contents.add(document.content_id)
        batch.new.append((document, passages))
        batch.texts += [
            document.text[sentence.start : sentence.end]
            for passage in passages
            for sentence in passage.sentences
        ]

    def _write(self, batch: _Batch, run: _Run) -> None:
        """Embeds the gathered sentences, and stores text and vectors beside what is there."""
        vectors = self._embedder().embed(batch.texts) if batch.texts else NO_VECTORS
        at = 0
        new: list[tuple[Document, Sequence[Passage], Vectors]] = []
        for document, passages in batch.new:
            count = sum(len(passage.sentences) for passage in passages)
            new.append((document, passages, vectors[at : at + count]))
            at += count
            run.passages += len(passages)
        self._catalog.add_all([*new, *((document, [], NO_VECTORS) for document in batch.known)])
        self._vectors.take_over()

    def _report(
        self, run: _Run, before: dict[str, StoredFile], now: dict[str, StoredFile]
    ) -> ReindexReport:
        with self._catalog.snapshot() as snapshot:
            generation, duplicates = snapshot.number, snapshot.duplicates()
        read = {source: file for source, file in now.items() if not file.failure}
        changed = {s for s, f in read.items() if s in before and f.documents != before[s].documents}
        return ReindexReport(
            added=tuple(sorted(source for source in read if source not in before)),
            changed=tuple(sorted(changed)),
            removed=tuple(sorted(source for source in before if source not in now)),
            unchanged=sum(source in before and source not in changed for source in read),
            failed=tuple(
                Failure(source=file.source, reason=file.failure)
                for file in sorted(now.values(), key=lambda file: file.source)
                if file.failure
            ),
            duplicates=duplicates,
            seconds=run.seconds,
            generation=generation,
        )


def find_files(folder: Path, max_bytes: int) -> Iterator[FoundFile]:
    """The files below the folder by source; hidden ones and sidecars are left out.

    Raises DocumentsUnreadable when the folder itself cannot be listed.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise DocumentsUnreadable(folder, _words(error)) from error
    yield from _find(entries, "", max_bytes)


def _find(entries: list[os.DirEntry[str]], below: str, max_bytes: int) -> Iterator[FoundFile]:
    for entry in entries:
        source = below + os.fsencode(entry.name).decode("utf-8", "backslashreplace")
        if entry.name.startswith((".", "~$")) or entry.name.endswith(SIDECARS):
            continue
        try:
            if entry.is_dir(follow_symlinks=False):
                inside = sorted(os.scandir(entry.path), key=lambda entry: entry.name)
                yield from _find(inside, source + "/", max_bytes)
            else:
                yield _file(entry, source, max_bytes)
        except OSError as error:
            yield FoundFile(source, entry.path, problem=_words(error))


def _file(entry: os.DirEntry[str], source: str, max_bytes: int) -> FoundFile:
    facts = entry.stat()
    problem = None
    if stat.S_ISDIR(facts.st_mode):
        problem = "a link to a folder is not followed; put the folder itself here"
    elif not stat.S_ISREG(facts.st_mode):
        problem = "not a regular file"
    elif facts.st_size > max_bytes:
        size, most = facts.st_size / 2**20, max_bytes / 2**20
        problem = f"{size:,.0f} MiB is over the limit of {most:,.0f} MiB (MAX_FILE_BYTES)"
    return FoundFile(source, entry.path, facts.st_size, facts.st_mtime_ns, problem)


@dataclass(slots=True)
class _Run:
    """Where a reindex is."""

    listener: ProgressListener
    cancelled: Callable[[], bool]
    total: int = 0
    done: int = 0
    passages: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tell(self, stage: str) -> None:
        self.listener(
            Progress(
                stage=stage,
                done=self.done,
                total=self.total,
                passages=self.passages,
                seconds=self.seconds,
            )
        )

    def stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise Cancelled


@dataclass(slots=True)
class _Batch:
    """Documents whose sentences are embedded together."""

    new: list[tuple[Document, list[Passage]]] = field(default_factory=list)
    known: list[Document] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)


_Outcome = tuple[StoredFile, list[Document]]


def _ahead(
    pool: ThreadPoolExecutor, files: list[FoundFile], read: Callable[[FoundFile], _Outcome]
) -> Iterator[tuple[FoundFile, Future[_Outcome]]]:
    """Files with their readings in order, a few read ahead, so that memory stays flat."""
    waiting: list[tuple[FoundFile, Future[_Outcome]]] = []
    try:
        for file in files:
            waiting.append((file, pool.submit(read, file)))
            if len(waiting) > READ_AHEAD:
                yield waiting.pop(0)
        while waiting:
            yield waiting.pop(0)
    finally:
        for _, future in waiting:
            future.cancel()


def _hash(file: FoundFile) -> str:
    try:
        with open(file.path, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise DocumentUnreadable(file.source, _words(error)) from error


def _untouched(file: FoundFile, old: StoredFile) -> bool:
    """Size and time say that it is as it was when hashed; a fresh file is hashed again."""
    same = (file.size, file.modified) == (old.size, old.modified)
    return same and old.checked - old.modified > SETTLED


def _failed(file: FoundFile, reason: str, kept: StoredFile | None) -> StoredFile:
    """A file that cannot be read now; what was read of it earlier stays, and it is tried again."""
    documents = kept.documents if kept else ()
    if documents:
        reason += " (the earlier version is kept)"
    return StoredFile(
        source=file.source,
        hash="",
        size=file.size,
        modified=file.modified,
        checked=0,
        failure=reason,
        documents=documents,
    )


def _hidden_by_problems(
    found: list[FoundFile], before: dict[str, StoredFile]
) -> dict[str, StoredFile]:
    """Files of folders that cannot be listed now: they may still be there, so they stay."""
    closed = tuple(f"{file.source}/" for file in found if file.problem)
    return {source: file for source, file in before.items() if closed and source.startswith(closed)}


def _words(error: OSError) -> str:
    known = {
        "FileNotFoundError": "it is not there (any more)",
        "PermissionError": "reading it is not permitted",
        "NotADirectoryError": "it is not a folder",
    }
    return known.get(type(error).__name__, error.strerror or type(error).__name__)


def _silent(_: Progress) -> None:
    return None


def _never() -> bool:
    return False
