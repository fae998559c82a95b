"""The difference between the folder and the index, and one safe switch.

New text and vectors are written beside the old; questions are answered from the old generation
until `Catalog.switch`, a single transaction. Stopped or killed before it, nothing has changed.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np

from index.catalog import Catalog, StoredFile, StoredLink
from index.errors import Cancelled, DocumentUnreadable, QuotaReached, QuothError
from index.folder import LINK_STARTS, LINKS, FoundFile, find_files, ignore, in_words
from index.heap import give_back
from index.locking import lock
from index.passages import (
    Document,
    Failure,
    Passage,
    Progress,
    Quota,
    Reading,
    ReindexReport,
)
from index.ports import (
    Chunker,
    DocumentReader,
    Embedder,
    Fetch,
    PassageSearch,
    ProgressListener,
    Vectors,
)

EMBEDDED_AT_ONCE = 1024
"""Sentences gathered, over documents, before they are embedded and written."""
WRITTEN_AT_ONCE = 500
"""Documents whose text is stored already, gathered before they are written."""
READ_AHEAD = 32
"""Files that may be read and wait while earlier ones are cut."""
SETTLED = 2_000_000_000
"""Nanoseconds: a file modified this shortly before it was hashed may change unseen by its clock."""
NAMED = 3
"""So many files that cannot be read inside of one are named; the others are counted."""
NO_VECTORS = np.zeros((0, 0), np.float32)

log = logging.getLogger(__name__)


class Builder:
    """Brings the index up to date with the folder."""

    def __init__(
        self,
        *,
        folder: Path | None,
        storage: Path,
        catalog: Catalog,
        vectors: PassageSearch,
        embedder: Callable[[], Embedder],
        reader: DocumentReader,
        chunker: Chunker,
        max_file_bytes: int,
        kept_generations: int = 0,
        fetch: Fetch | None = None,
        workers: int = 2,
        patience: float = 0,
    ) -> None:
        """`patience` is how many seconds to wait for another writer. No `folder`, no reindex."""
        self._folder, self._storage = folder, storage
        self._catalog, self._vectors = catalog, vectors
        self._embedder, self._reader, self._chunker = embedder, reader, chunker
        self._max_file_bytes, self._workers = max_file_bytes, workers
        self._fetch = fetch
        self._kept = 1 + kept_generations
        self._patience = patience

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        again: bool = False,
    ) -> ReindexReport:
        """Reads what is new or changed, forgets what went, and switches; `again` reads everything.

        Where nothing is new but times, they are noted and the version stays.
        Raises IndexBusy when another reindex runs, DocumentsUnreadable when the folder cannot be
        listed, and Cancelled when `cancelled` says so. One unreadable file stops nothing.
        """
        with lock(self._storage):
            run = _Run(progress or _silent, cancelled or _never)
            try:
                return self._reindex(run, again)
            finally:
                self._tidy()

    def add(self, file: FoundFile, quota: Quota | None = None) -> bool:
        """Reads one file or link, which is answered from at once; True when it replaced another.

        Raises DocumentUnreadable and QuotaReached; nothing has changed then.
        """
        stored, documents = self._read(file, None)
        with lock(self._storage, self._patience):
            with self._catalog.snapshot() as snapshot:
                before = snapshot.files()
            others = [each for source, each in before.items() if source != file.source]
            if quota:
                _check(quota, [*others, stored])
            self._take(documents)
            self._catalog.switch([*others, stored])
            self._tidy()
        return file.source in before

    def copy(self, files: Iterable[StoredFile], document: Callable[[str], Document]) -> None:
        """Takes over files of another catalog; their documents are cut and embedded anew."""
        with lock(self._storage, self._patience):
            with self._catalog.snapshot() as snapshot:
                now = snapshot.files()
            for file in files:
                self._take([document(id) for id in file.documents])
                now[file.source] = file
            self._catalog.switch(now.values())
            self._tidy()

    def _take(self, documents: Iterable[Document]) -> None:
        batch = _Batch()
        for document in documents:
            self._prepare(document, batch)
        self._write(batch, _Run(_silent, _never))

    def forget(self, source: str, version: StoredFile | None = None) -> list[str]:
        """Takes a file, or the file of this document, out of every version; gives what went.

        With a `version` nothing goes if the file holds something else by now. Its words and vectors
        are gone from the storage afterwards, and what is still in the folder is noted as ignored.
        Raises IndexBusy during a reindex, and DocumentsUnreadable with nothing changed.
        """
        with lock(self._storage, self._patience):
            if version and not self._is_still(version):
                return []
            folder = self._folder if self._folder and self._folder.exists() else None
            found = list(find_files(folder, 0)) if folder else []
            files = self._catalog.forget(source)
            if folder:
                for file in files:
                    ignore(folder, file, found)
            if files:
                self._catalog.prune(self._kept)
                self._catalog.renew_vectors()
                self._vectors.take_over()
                if not self._catalog.settle():
                    log.warning("What was forgotten is read still; the next reindex clears it")
        return files

    def _is_still(self, version: StoredFile) -> bool:
        with self._catalog.snapshot() as snapshot:
            now = snapshot.files().get(version.source)
        return now is not None and now.hash == version.hash

    def _tidy(self) -> None:
        """Removes what no version holds. When that fails, the next reindex does it."""
        try:
            self._catalog.prune(self._kept)
            self._vectors.take_over()
            self._catalog.settle()
        except QuothError as error:
            log.warning("What is not needed any more stays for now: %s", error)

    def _reindex(self, run: _Run, again: bool) -> ReindexReport:
        if self._folder is None:
            raise ValueError("what has no folder is not reindexed")
        found = list(find_files(self._folder, self._max_file_bytes))
        with self._catalog.snapshot() as snapshot:
            before = snapshot.files()
        files = self._read_all(run, found, {} if again else before, before)
        for source, old in _hidden_by_problems(found, before).items():
            files.setdefault(source, old)
        run.tell("switching")
        if _held(files) != _held(before) or (again and files != before):
            self._catalog.switch(files.values())
        elif files != before:
            self._catalog.note(each for each in files.values() if each != before[each.source])
        return self._report(run, before, files)

    def _read_all(
        self,
        run: _Run,
        found: list[FoundFile],
        known: dict[str, StoredFile],
        before: dict[str, StoredFile],
    ) -> dict[str, StoredFile]:
        """Each file as it is now stored; new text and vectors are written beside the old.

        Three things go on at once, each a little ahead of the next: child processes read files,
        this thread cuts them into sentences, and another one embeds and writes them.
        """
        run.total = len(found)
        files: dict[str, StoredFile] = {}
        batch = _Batch()
        with _Behind(lambda each: self._write(each, run)) as writing:
            with ThreadPoolExecutor(self._workers) as pool:
                for file, outcome in _ahead(pool, found, known, self._read):
                    try:
                        stored, documents = outcome()
                    except DocumentUnreadable as error:
                        kept = before.get(file.source)
                        stored, documents = _failed(file, error.reason, kept), []
                    files[file.source] = stored
                    for document in documents:
                        self._prepare(document, batch)
                    if documents:
                        batch.files += 1
                    else:
                        run.read += 1
                    if len(batch.texts) >= EMBEDDED_AT_ONCE or len(batch.known) >= WRITTEN_AT_ONCE:
                        writing.put(batch)
                        batch = _Batch(before=batch.contents)
                    run.tell("reading")
                    run.stop_if_cancelled()
            writing.put(batch)
        return files

    def _read(self, file: FoundFile, old: StoredFile | None) -> _Outcome:
        """The file as it is to be stored and, if it is new or changed, its documents."""
        if file.problem:
            raise DocumentUnreadable(file.source, file.problem)
        if file.link:
            return self._read_link(file, old)
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
        return _with(stored, self._reader.reading(file.source, file.path))

    def _read_link(self, file: FoundFile, old: StoredFile | None) -> _Outcome:
        """The same for a link; what the site says has not changed is not fetched again."""
        if self._fetch is None:
            raise DocumentUnreadable(file.source, "links are not read here")
        held = old if old and not old.failure else None
        said = self._catalog.link(file.source, held.hash) if held else None
        fetched = self._fetch(file.source, said)
        if fetched.unchanged and held:
            return held, []
        digest = hashlib.sha256(fetched.data).hexdigest()
        if fetched.etag or fetched.last_modified:
            self._catalog.note_link(
                StoredLink(
                    file.source, digest, fetched.final_url, fetched.etag, fetched.last_modified
                )
            )
        stored = StoredFile(
            source=file.source,
            hash=digest,
            size=len(fetched.data),
            modified=0,
            checked=time.time_ns(),
        )
        if held and held.hash == digest:
            return replace(stored, checked=held.checked, documents=held.documents), []
        with TemporaryDirectory() as folder:
            path = str(fetched.saved_in(Path(folder)))
            return _with(stored, self._reader.reading(file.source, path))

    def _prepare(self, document: Document, batch: _Batch) -> None:
        key = document.content_id
        if key in batch.contents or key in batch.before or self._catalog.holds_content(key):
            batch.known.append(document)
            return
        passages = self._chunker(document)
        batch.contents.add(key)
        batch.new.append((document, passages))
        batch.texts += [
            document.text[sentence.start : sentence.end]
            for passage in passages
            for sentence in passage.sentences
        ]

    def _write(self, batch: _Batch, run: _Run) -> None:
        """Embeds the gathered sentences, and stores text and vectors beside what is there."""
        vectors = self._embedded(batch.texts, run)
        at = 0
        new: list[tuple[Document, Sequence[Passage], Vectors]] = []
        for document, passages in batch.new:
            count = sum(len(passage.sentences) for passage in passages)
            new.append((document, passages, vectors[at : at + count]))
            at += count
            run.passages += len(passages)
        known: list[tuple[Document, Sequence[Passage], Vectors]] = [
            (document, [], NO_VECTORS) for document in batch.known
        ]
        if new or known:
            self._catalog.add_all([*new, *known])
            self._vectors.take_over()
            give_back()
        run.written += batch.files
        run.tell("reading")

    def _embedded(self, texts: list[str], run: _Run) -> Vectors:
        """A vector a text. One large document may have hundreds of thousands."""
        parts = []
        for at in range(0, len(texts), EMBEDDED_AT_ONCE):
            run.stop_if_cancelled()
            parts.append(self._embedder().embed(texts[at : at + EMBEDDED_AT_ONCE]))
        return np.concatenate(parts) if parts else NO_VECTORS

    def _report(
        self, run: _Run, before: dict[str, StoredFile], now: dict[str, StoredFile]
    ) -> ReindexReport:
        with self._catalog.snapshot() as snapshot:
            generation, duplicates = snapshot.number, snapshot.duplicates()
        read = {source: file for source, file in now.items() if not file.broken}
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


@dataclass(slots=True)
class _Run:
    """Where a reindex is."""

    listener: ProgressListener
    cancelled: Callable[[], bool]
    total: int = 0
    read: int = 0
    """Files that hold nothing new."""
    written: int = 0
    """Files whose documents are stored; counted by the thread that writes."""
    passages: int = 0
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    def tell(self, stage: str) -> None:
        self.listener(
            Progress(
                stage=stage,
                done=self.read + self.written,
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
    files: int = 0
    before: set[str] = field(default_factory=set)
    """Texts of the batches before, which may not be stored yet."""


class _Behind:
    """Does the work on each batch in a thread, one after the other, while the next is gathered.

    At most one batch waits, so that memory stays flat. What goes wrong is raised by `put`, or at
    the end; after an error in the block what waits is not done.
    """

    def __init__(self, work: Callable[[_Batch], None]) -> None:
        self._pool = ThreadPoolExecutor(1)
        self._work = work
        self._going: deque[Future[None]] = deque()

    def put(self, batch: _Batch) -> None:
        while len(self._going) > 1:
            self._going.popleft().result()
        self._going.append(self._pool.submit(self._work, batch))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._pool.shutdown(cancel_futures=kind is not None)
        if kind is None:
            for each in self._going:
                each.result()


_Outcome = tuple[StoredFile, Sequence[Document]]


def _with(stored: StoredFile, reading: Reading) -> _Outcome:
    """The file with what it held, and with what in it could not be read."""
    documents = tuple(each.id for each in reading.documents)
    failure = _missed(stored.source, reading.failures)
    return replace(stored, documents=documents, failure=failure), reading.documents


def _missed(source: str, failures: Sequence[Failure]) -> str | None:
    """Which files inside of one cannot be read, and why; None when all can."""
    named = [
        f"{each.source.removeprefix(source + '/')} in it cannot be read: {each.reason}"
        for each in failures[:NAMED]
    ]
    if len(failures) > NAMED:
        named.append(f"and {len(failures) - NAMED} more files in it")
    return "; ".join(named) or None


def _ahead(
    pool: ThreadPoolExecutor,
    files: list[FoundFile],
    known: dict[str, StoredFile],
    read: Callable[[FoundFile, StoredFile | None], _Outcome],
) -> Iterator[tuple[FoundFile, Callable[[], _Outcome]]]:
    """Files with their readings in order, a few read ahead, so that memory stays flat."""
    waiting: deque[tuple[FoundFile, Callable[[], _Outcome]]] = deque()
    going: list[Future[_Outcome]] = []
    try:
        for file in files:
            old = known.get(file.source)
            if old is not None and _untouched(file, old):
                waiting.append((file, partial(_as_it_was, old)))
            else:
                future = pool.submit(read, file, old)
                going = [each for each in going if not each.done()] + [future]
                waiting.append((file, future.result))
            while len(waiting) > READ_AHEAD:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()
    finally:
        for each in going:
            each.cancel()


def _as_it_was(old: StoredFile) -> _Outcome:
    return old, []


def _held(files: dict[str, StoredFile]) -> dict[str, tuple[object, ...]]:
    """What the files hold and why they failed, whenever they were written."""
    return {source: (file.hash, file.documents, file.failure) for source, file in files.items()}


def _hash(file: FoundFile) -> str:
    try:
        with open(file.path, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise DocumentUnreadable(file.source, in_words(error)) from error


def _untouched(file: FoundFile, old: StoredFile) -> bool:
    """Size and time say that it is as it was when hashed; a fresh file is hashed again."""
    if file.problem or file.link or old.broken:
        return False
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
    if any(file.problem and file.source == LINKS for file in found):
        closed += LINK_STARTS
    return {source: file for source, file in before.items() if closed and source.startswith(closed)}


def _check(quota: Quota, files: Sequence[StoredFile]) -> None:
    """Raises QuotaReached when these files are more than may be held."""
    size = sum(each.size for each in files)
    if len(files) > quota.files:
        raise QuotaReached(f"At most {quota.files:,} documents can be kept here. Forget one first.")
    if size > quota.size:
        most, over = quota.size / 2**20, (size - quota.size) / 2**20
        raise QuotaReached(
            f"At most {most:,.0f} MB of documents can be kept here, and this one is "
            f"{over:,.1f} MB too much. Forget some first."
        )


def _silent(_: Progress) -> None:
    return None


def _never() -> bool:
    return False
