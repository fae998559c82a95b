"""The only place that joins ports and machines: settings → an Index that works."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self

from index import chunking
from index.answering import Answerer, usable
from index.archive import export, take_over, workplace
from index.attribution import attribute
from index.building import Builder
from index.catalog import SCHEMA, Catalog
from index.contributed import PATIENCE, Contributed
from index.documents import IsolatedReader
from index.documents.links import LinkLimits, fetch
from index.embedding import open_embedder
from index.errors import Cancelled, DocumentGone, IndexDamaged, IndexOutdated, QuothError
from index.excerpts import excerpt
from index.folder import FoundFile, file_name
from index.grounding import Grounding
from index.grouping import grouped
from index.language_model import Access, open_language_model
from index.locking import Ownership, lock
from index.passages import (
    Answer,
    Citation,
    Contribution,
    DocumentDetails,
    DocumentSummary,
    Excerpt,
    Generation,
    IndexStatus,
    NoAnswer,
    Quota,
    ReindexReport,
    RetrievedPassage,
    Turn,
)
from index.ports import (
    Embedder,
    LanguageModel,
    PassageSearch,
    ProgressListener,
    Reader,
    VectorStore,
)
from index.prose import Listener, Prices, Writer
from index.reading import EvidenceFinder
from index.retrieval import Retriever
from index.scopes import EVERYBODY, PUBLIC, Scopes
from index.settings import IndexSettings
from index.shelves import Shelf, View, viewed
from index.span_reader import open_reader
from index.vector_search import VectorSearch
from index.vectors import ChromaVectors
from index.verifying import Verification, verify
from index.watching import occasions

SET_ASIDE = "damaged."
"""Begins the names of a damaged catalog's files. They hold what is forgotten later, so they go
with the first reindex that makes up for them."""


def assemble(settings: IndexSettings, *, rebuild: bool = False) -> Index:
    """An index by these settings; `rebuild` starts afresh where another model made what is there.

    Raises IndexOutdated (without `rebuild`), ModelUnavailable and IndexDamaged.
    """
    storage = settings.storage.absolute()
    models = _Models(settings, storage)
    catalog = _catalog(storage, rebuild=rebuild)
    index = Index(settings, models, catalog, _Store(storage, settings))
    try:
        index.agree_on_what_made_it(rebuild=rebuild)
    except QuothError:
        index.close()
        raise
    return index


class Index:
    """Documents that can be asked. Safe to use from several threads; close it when done."""

    def __init__(
        self, settings: IndexSettings, models: _Models, catalog: Catalog, store: _Store
    ) -> None:
        self._settings, self._models, self._store = settings, models, store
        self._storage = settings.storage.absolute()
        self._catalog, self._vectors = catalog, VectorSearch(catalog, store.open)
        self._shelf = Shelf(EVERYBODY, catalog, self._vectors)
        self._documents = IsolatedReader(seconds=settings.read_seconds, memory=settings.read_memory)
        self._outdated = False
        self._builder = self._builder_of(self._storage, catalog, self._vectors)
        self._contributed = Contributed(
            self._storage / "contributed",
            lambda storage, catalog, vectors: self._builder_of(storage, catalog, vectors, own=True),
            lambda: self._made_with,
        )
        self.retriever = Retriever(self._view, lambda: models.embedder)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        told: Callable[[str], None] | None = None,
        *,
        scopes: Scopes = PUBLIC,
        cancelled: Callable[[], bool] | None = None,
        tokens: int | None = None,
    ) -> Answer | NoAnswer:
        """An answer with proven quotes, or NoAnswer with the nearest passages.

        `history` holds the earlier turns of the conversation, oldest first. `told` hears the answer
        as far as it is written and checked; never, where no language model writes it. `scopes` says
        what the asker may read besides what everybody may. With `cancelled` writing ends early, and
        what is checked by then is the answer; `tokens` are what the model may take at most. Raises
        QuestionUnusable for a question without words or over 1,000 characters.
        """
        listener = Listener(told=told, cancelled=cancelled, tokens=tokens)
        return self._answerer.answer(question, history, scopes, listener)

    def search(
        self, question: str, limit: int = 5, *, scopes: Scopes = PUBLIC
    ) -> list[RetrievedPassage]:
        """At most `limit` passages that may answer, best first; empty when nothing is indexed."""
        return self.retriever.retrieve(usable(question), limit, scopes)

    def alike(self, questions: Sequence[str]) -> list[list[int]]:
        """Positions of questions in groups that ask for the same, in the order of their firsts."""
        places: dict[str, list[int]] = {}
        for at, question in enumerate(questions):
            places.setdefault(" ".join(question.casefold().split()), []).append(at)
        if not places:
            return []
        each = list(places.values())
        groups = grouped(self._models.embedder.embed(list(places)))
        return [sorted(at for row in group for at in each[row]) for group in groups]

    def edition(self) -> tuple[int, int]:
        """Changes whenever everybody may find something else, whichever process changed it."""
        with self._view(PUBLIC) as view:
            return view.generation, view.written

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        rebuild: bool = False,
    ) -> ReindexReport:
        """Brings the index up to date with the folder and says what changed.

        Questions are answered from the old index meanwhile. `rebuild` reads every file again.
        Raises IndexBusy, DocumentsUnreadable, or Cancelled when `cancelled()` becomes true.
        """
        if rebuild and self._outdated:
            report = self._rebuilt(progress, cancelled)
        else:
            report = self._builder.reindex(progress, cancelled, rebuild)
        for each in self._storage.glob(f"{SET_ASIDE}*"):
            each.unlink(missing_ok=True)
        return report

    def keep_up(
        self,
        told: Callable[[ReindexReport | QuothError], None],
        stop: threading.Event,
        *,
        watch: bool = False,
        progress: ProgressListener | None = None,
    ) -> None:
        """Reindexes every REINDEX_EVERY seconds, and with `watch` at each change, until `stop`.

        `told` hears of each reindex that changed something, failed, or met other failures than the
        one before. Returns at once when there is nothing to wait for.
        """
        every = self._settings.reindex_every
        with self._catalog.snapshot() as snapshot:
            failed = snapshot.failures()
        for _ in occasions(self._settings.documents, stop, every=every, watch=watch):
            try:
                report = self.reindex(progress, stop.is_set)
            except Cancelled:
                return
            except QuothError as error:
                told(error)
                continue
            if report.changes or report.failed != failed:
                told(report)
            failed = report.failed

    def generations(self) -> list[Generation]:
        """The versions of the index that are kept, newest first; empty before a first reindex."""
        with self._catalog.snapshot() as snapshot:
            return snapshot.generations()

    def rollback(self) -> Generation:
        """Goes back to the version before the current one, which is kept, and gives it.

        The next reindex takes over the folder as it is then. Raises NothingToRollBack when no
        earlier version is kept, and IndexBusy during a reindex.
        """
        with lock(self._storage):
            return self._catalog.rollback()

    def verify(self, *, repair: bool = False) -> Verification:
        """Checks all that is stored, and with `repair` mends it. Raises IndexBusy meanwhile."""
        with lock(self._storage):
            found = verify(self._catalog, self._vectors, repair=repair)
        return self._contributed.verified(found, repair=repair)

    def add(
        self, name: str, content: bytes | Path, scope: str, quota: Quota | None = None
    ) -> Contribution:
        """Reads a file for a scope alone, apart from the folder; it is answered from at once.

        One of the same name is replaced. Raises DocumentUnreadable and QuotaReached, with nothing
        changed then. Does not wait for a reindex.
        """
        source = file_name(name)
        with TemporaryDirectory() as folder:
            path = content if isinstance(content, Path) else Path(folder) / source
            if isinstance(content, bytes):
                path.write_bytes(content)
            facts = path.stat()
            file = FoundFile(source, str(path), facts.st_size, facts.st_mtime_ns)
            return self._contributed.add(file, scope, quota)

    def add_link(self, link: str, scope: str, quota: Quota | None = None) -> Contribution:
        """The same for what an http(s) link gives now."""
        return self._contributed.add(FoundFile(link, "", link=True), scope, quota)

    def contributions(self, scope: str) -> list[Contribution]:
        """What was added for a scope, by name."""
        return self._contributed.listed(scope)

    def publish(self, source: str, scope: str) -> Contribution:
        """Gives a file that was added for a scope to everybody. Raises NothingContributed."""
        return self._contributed.publish(source, scope)

    def move_contributions(self, old: str, new: str) -> None:
        """Gives what was added for a scope to another one: it goes by another name now."""
        self._contributed.move(old, new)

    def forget(self, source: str, scope: str = EVERYBODY) -> list[str]:
        """Takes a file, or the file that holds this document, out of every version, at once.

        Its words and vectors are gone from the storage afterwards. A file that is still among the
        documents is noted in `.quothignore` there, so that it is not read again; a link goes from
        `links.txt`. Gives what went: empty when the index does not hold it. Raises IndexBusy during
        a reindex, and DocumentsUnreadable when its `.quothignore` cannot be understood. What was
        added for another scope than everybody's is forgotten there alone.
        """
        gone = self._contributed.forget(source, scope)
        return gone + self._builder.forget(source) if scope == EVERYBODY else gone

    def export(self, file: Path, *, private: bool = False) -> None:
        """Writes all that everybody may read to one file, a zip; with `private` what was added
        for scopes, too. Raises IndexMissing and StorageUnwritable.
        """
        with self._contributed.catalogs(private=private) as catalogs:
            export(self._catalog, self._storage, file, catalogs)

    def take_over(self, file: Path) -> None:
        """Puts an exported index in place of this one; scopes that it doesn't hold stay.

        Raises ArchiveUnusable and IndexBusy.
        """
        with lock(self._storage):
            replace = self._contributed.replace
            take_over(self._catalog, self._storage, file, self._made_with, replace)
            self._vectors.take_over()

    def passage(
        self, document_id: str, start: int, end: int, *, scopes: Scopes = PUBLIC
    ) -> Citation:
        """The quote at these characters of that version of a document, proven, numbered 1.

        Raises DocumentGone when the version is not in the index any more.
        """
        with self._view(scopes) as view:
            passage = view.holding(document_id).passage_at(document_id, start)
        text = passage.document.text
        if not start < end <= len(text):
            raise DocumentGone(document_id)
        return replace(Citation.of(passage, start, end), attribution=attribute(text, start, end))

    def excerpt(self, document_id: str, offset: int, *, scopes: Scopes = PUBLIC) -> Excerpt:
        """The passage at this character of that version of a document, with what is around it.

        Raises DocumentGone when the version is not in the index any more.
        """
        with self._view(scopes) as view:
            passages = view.holding(document_id).passages_in(document_id)
            return excerpt(passages, offset, document_id)

    def documents(self, *, scopes: Scopes = PUBLIC) -> list[DocumentSummary]:
        """The documents that the asker may read, by title; empty before a first reindex."""
        with self._view(scopes) as view:
            return view.documents()

    def details(self, document_id: str) -> DocumentDetails:
        """More about a document that everybody may read. Raises DocumentGone when it is none."""
        with self._view(PUBLIC) as view:
            found = view.holding(document_id).details(document_id)
        with self._catalog.snapshot() as snapshot:
            return replace(found, added=not snapshot.holds(document_id))

    def status(self, *, scopes: Scopes = PUBLIC) -> IndexStatus:
        """What the index holds for the asker, and what runs it."""
        with self._view(scopes) as view, self._catalog.snapshot() as snapshot:
            generation = snapshot.generation()
            return IndexStatus(
                documents=len(view.documents()),
                passages=view.passage_count(),
                sentences=view.sentence_count(),
                built=generation.built if generation else None,
                generation=snapshot.number,
                model=self._models.embedder.name,
                embedding=self._models.embedder.how,
                reader=self._models.reader.name if self._models.reader else None,
                disk=_size(self._settings.storage),
                failed=snapshot.failures(),
            )

    def agree_on_what_made_it(self, *, rebuild: bool) -> None:
        """Records what makes this index, or checks that the same made what is stored."""
        made, now = self._catalog.made_with(), self._made_with
        self._outdated = made is not None and made != now
        if self._outdated and not rebuild:
            raise IndexOutdated(str(made), now)
        if made is None:
            self._catalog.sign(now)
        if not self._outdated:
            self._catalog.expect(now)

    def close(self) -> None:
        """Ends child processes and closes files; whoever asks after that gets IndexClosed.

        Waits for those who are asking, at most ten seconds.
        """
        self._documents.close()
        self._vectors.close()
        self._store.give_up()
        self._contributed.close()
        self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _view(self, scopes: Scopes) -> Iterator[View]:
        with (
            self._contributed.shelves(scopes) as shelves,
            viewed([self._shelf, *shelves], scopes) as view,
        ):
            yield view

    def _builder_of(
        self, storage: Path, catalog: Catalog, vectors: PassageSearch, *, own: bool = False
    ) -> Builder:
        """A builder for the folder, or for what was added for a scope of its `own`."""
        settings = self._settings
        limits = LinkLimits(size=settings.max_file_bytes, private=settings.private_links)
        return Builder(
            folder=None if own else settings.documents,
            storage=storage,
            catalog=catalog,
            vectors=vectors,
            embedder=lambda: self._models.embedder,
            reader=self._documents,
            chunker=chunking.cut,
            max_file_bytes=settings.max_file_bytes,
            kept_generations=0 if own else settings.kept_generations,
            patience=PATIENCE if own else 0,
            fetch=lambda link, known: fetch(link, limits, known=known),
        )

    def _rebuilt(
        self, progress: ProgressListener | None, cancelled: Callable[[], bool] | None
    ) -> ReindexReport:
        """Builds beside the index, which others may still ask, then takes its place at once."""
        with lock(self._storage), workplace(self._storage, "rebuild.unfinished") as folder:
            catalog = Catalog(folder / "catalog.sqlite")
            try:
                catalog.clear(self._made_with)
                vectors = VectorSearch(catalog, lambda: None)
                report = self._builder_of(folder, catalog, vectors).reindex(progress, cancelled)
            finally:
                catalog.close()
            self._catalog.replace_with(folder / "catalog.sqlite")
            self._outdated = False
            self._catalog.expect(self._made_with)
            self._vectors.take_over()
        self._contributed.remake()
        return report

    @cached_property
    def _answerer(self) -> Answerer:
        finder = EvidenceFinder(self._models.reader)
        return Answerer(self.retriever, finder, self._writer())

    def _writer(self) -> Writer | None:
        """What writes answers; None without a language model."""
        settings, model = self._settings, self._models.language_model
        if model is None:
            return None
        prices = Prices(settings.llm_price_read, settings.llm_price_written)
        grounding = Grounding(self._models.embedder.embed)
        return Writer(model, grounding, seconds=settings.llm_seconds, prices=prices)

    @property
    def _made_with(self) -> str:
        name = self._models.embedder.name
        return f"model {name}, chunker {chunking.VERSION}, schema {SCHEMA}"


def _catalog(storage: Path, *, rebuild: bool) -> Catalog:
    path = storage / "catalog.sqlite"
    try:
        return Catalog(path)
    except IndexDamaged:
        if not rebuild:
            raise
    for each in storage.glob("catalog.sqlite*"):
        each.replace(each.with_name(f"{SET_ASIDE}{each.name}"))
    return Catalog(path)


class _Store:
    """The vector store, for the process that may have it: embedded, that is one at a time."""

    def __init__(self, storage: Path, settings: IndexSettings) -> None:
        self._storage = storage
        self._url, self._collection = settings.chroma_url, settings.chroma_collection
        self._ownership = Ownership(storage)

    def open(self) -> VectorStore | None:
        """The store; None as long as another process has it."""
        if self._url is None and not self._ownership.taken():
            return None
        return ChromaVectors(self._storage, self._url, self._collection)

    def give_up(self) -> None:
        self._ownership.give_up()


class _Models:
    """The models, each loaded when it is first needed, once."""

    def __init__(self, settings: IndexSettings, storage: Path) -> None:
        self._settings, self._storage = settings, storage
        self._lock = threading.Lock()
        self._embedder: Embedder | None = None
        self._reader: Reader | None = None
        self._reader_opened = False
        self.language_model = _language_model(settings)

    @property
    def embedder(self) -> Embedder:
        with self._lock:
            if self._embedder is None:
                self._embedder = open_embedder(self._settings.embedding_model, self._storage)
            return self._embedder

    @property
    def reader(self) -> Reader | None:
        with self._lock:
            if not self._reader_opened:
                self._reader = open_reader(self._settings.reader_model)
                self._reader_opened = True
            return self._reader


def _language_model(settings: IndexSettings) -> LanguageModel | None:
    if settings.llm_model is None:
        return None
    access = Access(
        model=settings.llm_model,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key,
        class_path=settings.llm_class,
        seconds=settings.llm_seconds,
    )
    return open_language_model(access)


def _size(folder: Path) -> int:
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):  # another process may just have removed it
            total += file.stat().st_size if file.is_file() else 0
    return total
