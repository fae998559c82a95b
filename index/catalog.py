"""What is stored, in SQLite: files, documents, passages, offsets, full text and generations.

A generation is a set of documents. New text is written beside the old; readers see the generation
that is current when they begin, and `switch` makes another one current in a single transaction.

    file(generation, source)  what was found in the folder, by hash, and why it failed
    member(generation, …)     which documents a generation holds
    document                  a source with a title, a date, pages: a version of it
    content                   the text, once for each distinct title and text
    passage                   offsets and vectors of its sentences; `passage_text` is its full text
    vector_waiting, _gone     what the vector store has yet to take over, and to forget
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from weakref import WeakSet

import numpy as np

from index.errors import (
    DocumentGone,
    IndexDamaged,
    NothingToRollBack,
    QuothError,
    StorageFull,
    StorageUnwritable,
    storage_trouble,
)
from index.passages import Document, DocumentSummary, Failure, Heading, Passage, Sentence
from index.ports import Vectors

SCHEMA = "1"
"""Part of what made an index: raise it when the tables change."""
CACHED_DOCUMENTS = 256
PATIENCE = 30
"""Seconds that a write waits for another process's write to end."""

_Cached = Callable[[str, sqlite3.Connection], Document]

_TABLES = """
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE generation(id INTEGER PRIMARY KEY, built TEXT NOT NULL);
CREATE TABLE content(id INTEGER PRIMARY KEY, key TEXT UNIQUE NOT NULL, text TEXT NOT NULL);
CREATE TABLE document(
    id TEXT PRIMARY KEY, source TEXT NOT NULL, title TEXT NOT NULL, date TEXT, author TEXT,
    language TEXT, pages TEXT NOT NULL, headings TEXT NOT NULL,
    content INTEGER NOT NULL REFERENCES content(id));
CREATE INDEX document_content ON document(content);
CREATE TABLE file(
    generation INTEGER NOT NULL, source TEXT NOT NULL, hash TEXT NOT NULL, size INTEGER NOT NULL,
    modified INTEGER NOT NULL, checked INTEGER NOT NULL, failure TEXT,
    PRIMARY KEY(generation, source)) WITHOUT ROWID;
CREATE TABLE member(
    generation INTEGER NOT NULL, document TEXT NOT NULL REFERENCES document(id),
    content INTEGER NOT NULL, file TEXT NOT NULL,
    PRIMARY KEY(generation, content, document)) WITHOUT ROWID;
CREATE TABLE passage(
    id INTEGER PRIMARY KEY, content INTEGER NOT NULL REFERENCES content(id),
    number INTEGER NOT NULL, context TEXT NOT NULL, sentences BLOB NOT NULL, vectors BLOB NOT NULL,
    UNIQUE(content, number));
CREATE VIRTUAL TABLE passage_text USING fts5(
    context, body, content='', tokenize='porter unicode61');
CREATE VIRTUAL TABLE passage_vocabulary USING fts5vocab(passage_text, row);
"""
_QUEUES = """
CREATE TABLE IF NOT EXISTS vector_waiting(passage INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS vector_gone(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link(
    source TEXT, hash TEXT, etag TEXT, modified TEXT, PRIMARY KEY(source, hash)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file as it was when it was last read. Times in nanoseconds, size in bytes."""

    source: str
    hash: str
    size: int
    modified: int
    checked: int
    failure: str | None = None
    documents: tuple[str, ...] = ()
    """Ids of the documents that the file holds; empty when it failed."""


@dataclass(frozen=True, slots=True)
class StoredLink:
    """What a site said of a version of a link, so that it can be asked whether it changed."""

    source: str
    hash: str
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A set of documents that was, or is, what questions are answered from."""

    number: int
    built: datetime
    documents: int = 0
    current: bool = True
    """Whether questions are answered from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContent:
    """A text as it is stored, to be verified."""

    key: str
    text: str
    documents: tuple[tuple[str, str, str], ...]
    """(id, source, title) of each document that has this text."""
    passages: tuple[tuple[int, str, bytes, int], ...]
    """(number, context, packed offsets, bytes of the vectors) of each passage, by number."""

    def sentences(self) -> list[list[Sentence]]:
        """The sentences of each passage."""
        return [list(_sentences(packed)) for _, _, packed, _ in self.passages]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageVectors:
    """The vectors of a passage's sentences, packed as they are stored."""

    row: int
    passage_id: str
    count: int
    packed: bytes

    @property
    def keys(self) -> list[str]:
        return [vector_key(self.passage_id, at) for at in range(self.count)]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """A passage with the vectors of its sentences, shape (sentences, dimension)."""

    row: int
    passage: Passage
    vectors: Vectors
    context: str
    also_in: tuple[Document, ...] = ()


class _Connection(sqlite3.Connection):
    """Closed at the latest when its thread ends."""

    def __del__(self) -> None:
        self.close()


class Catalog:
    """One SQLite file. A connection a thread; writing is for one thread at a time."""

    def __init__(self, path: Path, *, untrusted: bool = False) -> None:
        """`untrusted` files are a stranger's: only tables and indexes may be in them."""
        self._path = path
        self._untrusted = untrusted
        self._local = threading.local()
        self._opened: WeakSet[sqlite3.Connection] = WeakSet()
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = threading.Lock()
        self._seen = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise storage_trouble(error, path.parent) from error
        self._read_only = _is_read_only(path)
        self._create()

    # What made it

    def made_with(self) -> str | None:
        """What made the index (model, chunker, schema); None before a first build."""
        return self._meta("made_with")

    def sign(self, made_with: str) -> None:
        """Records what an index that is still empty is made with."""
        with self._writing() as connection:
            connection.execute("INSERT OR IGNORE INTO meta VALUES('made_with', ?)", [made_with])

    def clear(self, made_with: str) -> None:
        """Forgets everything, and records what the index is made with from now on."""
        with self._writing() as connection:
            connection.execute("DELETE FROM meta WHERE key <> 'written'")
            _empty(connection)
            connection.execute("INSERT INTO meta VALUES('made_with', ?)", [made_with])
        self._documents.clear()

    # Writing

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Stores a document beside what is there; nobody sees it before `switch`.

        `vectors` has one row a sentence, in order. Text that is stored already is not stored twice.
        """
        self.add_all([(document, passages, vectors)])

    def add_all(self, documents: Iterable[tuple[Document, Sequence[Passage], Vectors]]) -> None:
        """The same for several documents, in one transaction."""
        with self._writing() as connection:
            for document, passages, vectors in documents:
                content, new = _content_row(connection, document)
                connection.execute(
                    "INSERT OR REPLACE INTO document VALUES(?,?,?,?,?,?,?,?,?)",
                    [*_document_row(document), content],
                )
                if new:
                    _insert_passages(connection, content, document, passages, vectors)

    def holds_content(self, content_id: str) -> bool:
        """Whether the text is stored, so that it need not be embedded again."""
        with self._translated():
            found = self._connection.execute("SELECT 1 FROM content WHERE key=?", [content_id])
            return found.fetchone() is not None

    def switch(self, files: Iterable[StoredFile]) -> Generation:
        """Makes the documents of these files what questions are answered from. One transaction."""
        built = datetime.now(UTC).replace(microsecond=0)
        with self._writing() as connection:
            cursor = connection.execute("INSERT INTO generation(built) VALUES(?)", [str(built)])
            number = int(cursor.lastrowid or 0)
            for file in files:
                connection.execute(
                    "INSERT INTO file VALUES(?,?,?,?,?,?,?)",
                    [number, file.source, file.hash, file.size, file.modified, file.checked,
                     file.failure],
                )  # fmt: skip
                connection.executemany(
                    "INSERT OR IGNORE INTO member "
                    "SELECT ?, id, content, ? FROM document WHERE id=?",
                    [(number, file.source, document) for document in file.documents],
                )
            connection.execute("INSERT OR REPLACE INTO meta VALUES('current', ?)", [str(number)])
        return Generation(number=number, built=built)

    def rollback(self) -> Generation:
        """Makes the generation before the current one current; raises NothingToRollBack."""
        with self._writing() as connection:
            row = connection.execute(
                "SELECT id, built FROM generation WHERE id < "
                "(SELECT CAST(value AS INTEGER) FROM meta WHERE key='current') "
                "ORDER BY id DESC LIMIT 1"
            ).fetchone()
            if row is None:
                raise NothingToRollBack
            connection.execute("UPDATE meta SET value=? WHERE key='current'", [str(row[0])])
        return Generation(number=row[0], built=datetime.fromisoformat(row[1]))

    def note_link(self, link: StoredLink) -> None:
        """Remembers what the site said of the version that was read."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO link VALUES(?,?,?,?)",
                [link.source, link.hash, link.etag, link.last_modified],
            )

    def link(self, source: str, hash: str) -> StoredLink | None:
        """What the site said of that version; None when it said nothing."""
        with self._translated():
            row = self._connection.execute(
                "SELECT source, hash, etag, modified FROM link WHERE source=? AND hash=?",
                [source, hash],
            ).fetchone()
        return StoredLink(*row) if row else None

    def forget(self, source: str) -> list[str]:
        """Takes a file out of every generation, the current one too; gives the files that went.

        `source` names the file, or a document of it. What only it held goes with the next `prune`.
        """
        with self._writing() as connection:
            files = {source, *(row[0] for row in connection.execute(
                "SELECT DISTINCT m.file FROM member m JOIN document d ON d.id=m.document "
                "WHERE d.source=?", [source])
            )}  # fmt: skip
            gone = []
            for file in sorted(files):
                connection.execute("DELETE FROM member WHERE file=?", [file])
                if connection.execute("DELETE FROM file WHERE source=?", [file]).rowcount:
                    gone.append(file)
        return gone

    def copy_to(self, path: Path) -> None:
        """Writes all that is stored to a new file, without what was deleted from it."""
        with self._translated():
            self._connection.execute("VACUUM INTO ?", [str(path)])

    def replace_with(self, path: Path) -> None:
        """Takes over all that another catalog's file stores, in place of what is here."""
        connection = self._connection
        with self._translated():
            connection.execute("ATTACH ? AS other", [str(path)])
        try:
            with self._writing():
                _recreate(connection)
                for table, columns in _COPIED.items():
                    connection.execute(
                        f"INSERT INTO main.{table}({columns}) "  # noqa: S608 - our own names
                        f"SELECT {columns} FROM other.{table}"
                    )
                connection.execute(
                    "INSERT INTO main.meta SELECT key, value FROM other.meta "
                    "WHERE key IN ('current', 'made_with')"
                )
                _fill_full_text(connection, "passage_text")
                _renew(connection)
        finally:
            with suppress(sqlite3.Error):
                connection.execute("DETACH other")
        self.settle()

    def prune(self, keep: int) -> int:
        """Removes all generations but the current and the newest `keep` - 1 others.

        What only they held goes from the file too, and its vectors are noted as gone. Gives the
        number of texts that went.
        """
        with self._writing() as connection:
            kept = [row[0] for row in connection.execute(_KEPT, [keep])]
            marks = ",".join("?" * len(kept))
            for table, column in (("file", "generation"), ("member", "generation"),
                                  ("generation", "id")):  # fmt: skip
                connection.execute(
                    f"DELETE FROM {table} WHERE {column} NOT IN ({marks})",  # noqa: S608
                    kept,
                )
            connection.execute("DELETE FROM document WHERE id NOT IN (SELECT document FROM member)")
            connection.execute("DELETE FROM link WHERE (source, hash) NOT IN "
                               "(SELECT source, hash FROM file)")  # fmt: skip
            orphans = connection.execute(
                "SELECT id, key, text FROM content WHERE id NOT IN (SELECT content FROM document)"
            ).fetchall()
            for row in orphans:
                _remove_content(connection, *row)
            if orphans:
                # Full text only marks a deleted row; its words stay until the segments are merged.
                connection.execute("INSERT INTO passage_text(passage_text) VALUES('optimize')")
        self._documents.clear()
        if orphans:
            self.settle()
        return len(orphans)

    def settle(self) -> bool:
        """Moves what is written into the one file, whose free pages are zero (secure_delete).

        False when a reader still needs the log beside it; the next call may do it.
        """
        with self._translated():
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    # Verifying

    def disorder(self) -> list[str]:
        """What SQLite itself finds wrong with the file; empty when nothing is."""
        with self._translated():
            rows = self._connection.execute("PRAGMA integrity_check(20)").fetchall()
        return [row[0] for row in rows if row[0] != "ok"]

    def full_text_is_whole(self) -> bool:
        """Whether full text holds exactly the words of the passages: they are counted again."""
        with self._writing(counted=False) as connection:
            connection.execute(_AGAIN)
            connection.execute("CREATE VIRTUAL TABLE temp.again USING fts5vocab(again_text, row)")
            try:
                _fill_full_text(connection, "again_text")
                return all(connection.execute(each).fetchone() is None for each in _DIFFERENCES)
            finally:
                connection.execute("DROP TABLE temp.again")
                connection.execute("DROP TABLE temp.again_text")

    def renew_full_text(self) -> None:
        """Makes full text anew from the passages."""
        with self._writing() as connection:
            connection.execute("INSERT INTO passage_text(passage_text) VALUES('delete-all')")
            _fill_full_text(connection, "passage_text")

    def drop_contents(self, keys: Iterable[str]) -> None:
        """Forgets texts that are stored wrongly; the next reindex reads their files again."""
        with self._writing() as connection:
            for key in keys:
                row = connection.execute("SELECT id FROM content WHERE key=?", [key]).fetchone()
                passages = connection.execute(
                    "SELECT id, number, length(sentences) / 8 FROM passage WHERE content=?", row
                ).fetchall()
                for passage, number, count in passages:
                    _note_gone(connection, passage, f"{key}-{number}", count)
                connection.execute("DELETE FROM passage WHERE content=?", row)
                connection.execute("DELETE FROM document WHERE content=?", row)
                connection.execute("DELETE FROM content WHERE id=?", row)
            _drop_strays(connection)

    def drop_strays(self) -> None:
        """Forgets members whose documents are not stored, and has their files read again."""
        with self._writing() as connection:
            _drop_strays(connection)

    # What the vector store has yet to do

    def waiting_vectors(self, limit: int) -> list[PassageVectors]:
        """At most `limit` passages whose vectors the store lacks; empty when it lacks none."""
        with self._translated():
            rows = self._connection.execute(
                f"{_PACKED} JOIN vector_waiting w ON w.passage=p.id LIMIT ?", [limit]
            ).fetchall()
        return [_packed(*row) for row in rows]

    def vectors_taken(self, rows: Iterable[int]) -> None:
        """Notes that the store holds the vectors of these passages."""
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM vector_waiting WHERE passage=?", [(row,) for row in rows]
            )

    def gone_vectors(self, limit: int) -> list[str]:
        """At most `limit` keys that the store is to forget."""
        with self._translated():
            rows = self._connection.execute("SELECT key FROM vector_gone LIMIT ?", [limit])
            return [row[0] for row in rows]

    def vectors_forgotten(self, keys: Iterable[str]) -> None:
        """Notes that the store has forgotten these keys."""
        with self._writing() as connection:
            connection.executemany("DELETE FROM vector_gone WHERE key=?", [(key,) for key in keys])

    def vectors_wrong(self, missing: Iterable[str], orphaned: Iterable[str]) -> None:
        """Notes keys that the store lacks, by passage, and keys that it holds for nothing."""
        passages = {tuple(passage_of_key(key)[0].rsplit("-", 1)) for key in missing}
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO vector_waiting SELECT p.id FROM content c "
                "JOIN passage p ON p.content=c.id WHERE c.key=? AND p.number=?",
                sorted(passages),
            )
            connection.executemany(
                "INSERT OR IGNORE INTO vector_gone VALUES(?)", [(key,) for key in orphaned]
            )

    def renew_vectors(self) -> None:
        """Notes that the store is to begin anew and take over everything."""
        with self._writing() as connection:
            _renew(connection)

    def wants_new_vectors(self) -> bool:
        """Whether the store is to begin anew."""
        return self._meta("renew") is not None

    def vectors_emptied(self) -> None:
        """Notes that the store has begun anew."""
        with self._writing() as connection:
            connection.execute("DELETE FROM meta WHERE key='renew'")

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """A view on the generation that is current now; it does not change while it is held.

        Inside another one of the same thread it is that one.
        """
        held: Snapshot | None = getattr(self._local, "snapshot", None)
        if held is not None:
            yield held
            return
        with self._translated():
            connection = self._connection
            connection.execute("BEGIN")
            try:
                self._local.snapshot = self._now(connection)
                yield self._local.snapshot
            finally:
                self._local.snapshot = None
                connection.execute("COMMIT")

    def _now(self, connection: sqlite3.Connection) -> Snapshot:
        facts = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        written = int(facts.get("written", 0))
        if written != self._seen:
            with self._lock:
                self._documents.clear()  # another process may have written
                self._seen = written
        return Snapshot(connection, int(facts.get("current", 0)), self._cached, written)

    def close(self) -> None:
        for connection in list(self._opened):
            with suppress(sqlite3.Error):
                connection.close()
        self._opened.clear()
        self._local = threading.local()

    @property
    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            if self._untrusted:
                connection.execute("PRAGMA trusted_schema=OFF")
                _refuse_programs(connection, self._path.parent)
            if not self._read_only:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute("PRAGMA synchronous=NORMAL")
                connection.execute("PRAGMA secure_delete=ON")
            self._local.connection = connection
            self._opened.add(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        # A log cannot be read where nothing can be written; without one, the file is all there is.
        how = "?immutable=1" if self._read_only else ""
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}{how}",
            uri=True,
            timeout=PATIENCE,
            isolation_level=None,
            check_same_thread=False,
            factory=_Connection,
        )

    def _create(self) -> None:
        if self._read_only:
            return
        with self._translated():
            found = self._connection.execute("SELECT name FROM sqlite_master").fetchall()
        if {("meta",), ("vector_waiting",), ("vector_gone",), ("link",)} <= set(found):
            return
        with self._writing(counted=False) as connection:  # waits for another one that creates it
            found = connection.execute("SELECT name FROM sqlite_master").fetchall()
            script = _QUEUES if ("meta",) in found else _TABLES + _QUEUES
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)

    def _meta(self, key: str) -> str | None:
        with self._translated():
            row = self._connection.execute("SELECT value FROM meta WHERE key=?", [key]).fetchone()
        return row[0] if row else None

    @contextmanager
    def _writing(self, *, counted: bool = True) -> Iterator[sqlite3.Connection]:
        with self._translated():
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                if counted:
                    connection.execute(
                        "INSERT INTO meta VALUES('written', '1') "
                        "ON CONFLICT(key) DO UPDATE SET value=value+1"
                    )
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has rolled back by itself
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's errors as ours: each says what to do."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # a mistake of ours
        except sqlite3.Error as error:
            raise _ours(error, self._path.parent) from error

    def _cached(self, document_id: str, connection: sqlite3.Connection) -> Document:
        with self._lock:
            found = self._documents.get(document_id)
            if found is not None:
                self._documents.move_to_end(document_id)
                return found
        loaded = _load_document(connection, document_id)
        with self._lock:
            self._documents[document_id] = loaded
            while len(self._documents) > CACHED_DOCUMENTS:
                self._documents.popitem(last=False)
        return loaded


class Snapshot:
    """A generation, unchanging. `number` is 0 when nothing was built yet."""

    def __init__(
        self, connection: sqlite3.Connection, number: int, cached: _Cached, written: int = 0
    ) -> None:
        self._connection = connection
        self._cached = cached
        self.number = number
        self.written = written
        """Grows with each write, of whatever process."""

    def generation(self) -> Generation | None:
        """The generation that this is a view on; None before a first build."""
        row = self._connection.execute(
            "SELECT built FROM generation WHERE id=?", [self.number]
        ).fetchone()
        return Generation(number=self.number, built=datetime.fromisoformat(row[0])) if row else None

    def match(self, query: str, limit: int) -> list[tuple[int, float]]:
        """At most `limit` (passage row, BM25) pairs for an FTS5 query, best (highest) first."""
        found = self._connection.execute(
            "SELECT t.rowid, -t.rank FROM passage_text t JOIN passage p ON p.id=t.rowid "
            "WHERE passage_text MATCH ? AND EXISTS "
            "(SELECT 1 FROM member m WHERE m.generation=? AND m.content=p.content) "
            "ORDER BY t.rank LIMIT ?",
            [query, self.number, limit],
        )
        return [(int(row), float(score)) for row, score in found]

    def passages_of(self, passage_ids: Iterable[str]) -> dict[str, int]:
        """Rows of those passages (by id) that this generation holds."""
        rows = {}
        for passage_id in passage_ids:
            key, number = passage_id.rsplit("-", 1)
            found = self._connection.execute(
                "SELECT p.id FROM content c JOIN passage p ON p.content=c.id AND p.number=? "
                "WHERE c.key=? AND EXISTS "
                "(SELECT 1 FROM member m WHERE m.generation=? AND m.content=c.id)",
                [int(number), key, self.number],
            ).fetchone()
            if found:
                rows[passage_id] = int(found[0])
        return rows

    def passage(self, row: int) -> StoredPassage:
        """The passage with its text, sentences and vectors."""
        content, number, context, sentences, vectors = self._connection.execute(
            "SELECT content, number, context, sentences, vectors FROM passage WHERE id=?", [row]
        ).fetchone()
        first, *others = self._documents_of(content)
        return StoredPassage(
            row=row,
            passage=_passage(first, number, sentences),
            vectors=unpack(vectors, len(sentences) // 8),
            context=context,
            also_in=tuple(others),
        )

    def passage_at(self, document_id: str, offset: int) -> Passage:
        """The passage of the document that holds the character; raises DocumentGone."""
        for each in self.passages_in(document_id):
            if each.start <= offset < each.end:
                return each
        raise DocumentGone(document_id)

    def passages_in(self, document_id: str) -> list[Passage]:
        """All passages of the document, in order; raises DocumentGone."""
        document = self.document(document_id)
        rows = self._connection.execute(
            "SELECT p.number, p.sentences FROM document d JOIN passage p ON p.content=d.content "
            "WHERE d.id=? ORDER BY p.number",
            [document_id],
        )
        return [_passage(document, *row) for row in rows]

    def document(self, document_id: str) -> Document:
        """The document with its text; raises DocumentGone when this generation has it no more."""
        member = self._connection.execute(
            "SELECT 1 FROM document d JOIN member m ON m.generation=? AND m.content=d.content "
            "AND m.document=d.id WHERE d.id=?",
            [self.number, document_id],
        )
        if member.fetchone() is None:
            raise DocumentGone(document_id)
        return self._cached(document_id, self._connection)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many passages each stem occurs; stems that occur nowhere are left out."""
        found = {}
        for each in stems:
            row = self._connection.execute(
                "SELECT doc FROM passage_vocabulary WHERE term=?", [each]
            ).fetchone()
            if row:
                found[each] = int(row[0])
        return found

    def vocabulary(self, letter: str) -> list[str]:
        """The stems of all passages that begin with the letter."""
        rows = self._connection.execute(
            "SELECT term FROM passage_vocabulary WHERE term >= ? AND term < ?",
            [letter, chr(ord(letter) + 1)],
        )
        return [row[0] for row in rows]

    def passage_count(self) -> int:
        """Passages that this generation holds."""
        return self._count("passage p", "p.content")

    def sentence_count(self) -> int:
        """Sentences that this generation holds."""
        return self._count("passage p", "p.content", "sum(length(p.sentences)) / 8")

    def _count(self, table: str, content: str, what: str = "count(*)") -> int:
        row = self._connection.execute(
            f"SELECT {what} FROM {table} WHERE EXISTS "  # noqa: S608 - our own names
            f"(SELECT 1 FROM member m WHERE m.generation=? AND m.content={content})",
            [self.number],
        ).fetchone()
        return int(row[0] or 0)

    def documents(self) -> list[DocumentSummary]:
        """All documents of this generation, by title."""
        rows = self._connection.execute(
            "SELECT d.id, d.source, d.title, d.date, "
            "(SELECT count(*) FROM passage p WHERE p.content=d.content) "
            "FROM member m JOIN document d ON d.id=m.document WHERE m.generation=? "
            "ORDER BY d.title COLLATE NOCASE, d.source",
            [self.number],
        )
        return [
            DocumentSummary(id=id, source=source, title=title, date=_date(day), passages=passages)
            for id, source, title, day, passages in rows
        ]

    def files(self) -> dict[str, StoredFile]:
        """The files of this generation by source, failed ones too."""
        documents: dict[str, list[str]] = {}
        for file, document in self._connection.execute(
            "SELECT file, document FROM member WHERE generation=?", [self.number]
        ):
            documents.setdefault(file, []).append(document)
        rows = self._connection.execute(
            "SELECT source, hash, size, modified, checked, failure FROM file WHERE generation=?",
            [self.number],
        )
        return {
            source: StoredFile(
                source=source, hash=hash, size=size, modified=modified, checked=checked,
                failure=failure, documents=tuple(documents.get(source, ())),
            )
            for source, hash, size, modified, checked, failure in rows
        }  # fmt: skip

    def failures(self) -> tuple[Failure, ...]:
        """The files that could not be read, by source."""
        rows = self._connection.execute(
            "SELECT source, failure FROM file WHERE generation=? AND failure IS NOT NULL",
            [self.number],
        )
        return tuple(Failure(source=source, reason=reason) for source, reason in rows)

    def duplicates(self) -> tuple[tuple[str, str], ...]:
        """Pairs of (a source that repeats a text, the first source that holds it)."""
        rows = self._connection.execute(
            "SELECT d.source, first.source FROM member m JOIN document d ON d.id=m.document JOIN "
            "(SELECT m.content, min(d.source) AS source FROM member m "
            "JOIN document d ON d.id=m.document WHERE m.generation=:now "
            "GROUP BY m.content HAVING count(*) > 1) first ON first.content=m.content "
            "WHERE m.generation=:now AND d.source > first.source ORDER BY 1",
            {"now": self.number},
        )
        return tuple(rows.fetchall())

    def generations(self) -> list[Generation]:
        """The generations that are kept, newest first; empty before a first build."""
        rows = self._connection.execute(
            "SELECT g.id, g.built, (SELECT count(*) FROM member m WHERE m.generation=g.id) "
            "FROM generation g ORDER BY g.id DESC"
        )
        return [
            Generation(
                number=number,
                built=datetime.fromisoformat(built),
                documents=documents,
                current=number == self.number,
            )
            for number, built, documents in rows
        ]

    def packed_vectors(self, *, waiting: bool) -> Iterator[PassageVectors]:
        """The vectors of this generation; only those that the vector store lacks when `waiting`."""
        lacking = "JOIN vector_waiting w ON w.passage=p.id " if waiting else ""
        rows = self._connection.execute(
            f"{_PACKED} {lacking}WHERE EXISTS "  # noqa: S608 - our own words
            "(SELECT 1 FROM member m WHERE m.generation=? AND m.content=p.content)",
            [self.number],
        )
        return (_packed(*row) for row in rows)

    def vectors_behind(self) -> bool:
        """Whether the vector store has something to take over or to forget."""
        row = self._connection.execute(
            "SELECT EXISTS(SELECT 1 FROM vector_waiting) OR EXISTS(SELECT 1 FROM vector_gone) "
            "OR EXISTS(SELECT 1 FROM meta WHERE key='renew')"
        ).fetchone()
        return bool(row[0])

    def wants_new_vectors(self) -> bool:
        """Whether the vector store is to begin anew."""
        row = self._connection.execute("SELECT 1 FROM meta WHERE key='renew'").fetchone()
        return row is not None

    def vectors_due(self) -> tuple[int, int]:
        """How many vectors the store holds at least and at most, while some wait or are to go."""
        every, taken, gone = self._connection.execute(
            "SELECT sum(length(sentences)) / 8, sum(CASE WHEN w.passage IS NULL "
            "THEN length(sentences) END) / 8, (SELECT count(*) FROM vector_gone) "
            "FROM passage p LEFT JOIN vector_waiting w ON w.passage=p.id"
        ).fetchone()
        return int(taken or 0), int(every or 0) + int(gone)

    def strays(self) -> list[str]:
        """Files of any generation that name documents which are not stored; empty when all are."""
        rows = self._connection.execute(
            "SELECT DISTINCT m.file FROM member m LEFT JOIN document d "
            "ON d.id=m.document AND d.content=m.content LEFT JOIN content c ON c.id=m.content "
            "LEFT JOIN generation g ON g.id=m.generation "
            "WHERE d.id IS NULL OR c.id IS NULL OR g.id IS NULL"
        )
        return [row[0] for row in rows]

    def contents(self) -> Iterator[StoredContent]:
        """Every text that is stored, of whatever generation."""
        for row, key, text in self._connection.execute("SELECT id, key, text FROM content"):
            documents = self._connection.execute(
                "SELECT id, source, title FROM document WHERE content=?", [row]
            ).fetchall()
            passages = self._connection.execute(
                "SELECT number, context, sentences, length(vectors) FROM passage "
                "WHERE content=? ORDER BY number",
                [row],
            ).fetchall()
            yield StoredContent(
                key=key, text=text, documents=tuple(documents), passages=tuple(passages)
            )

    def vector_keys(self) -> Iterator[str]:
        """Keys of the vectors that any stored passage has, of whatever generation."""
        for key, number, size in self._connection.execute(
            "SELECT c.key, p.number, length(p.sentences) FROM passage p "
            "JOIN content c ON c.id=p.content"
        ):
            yield from (vector_key(f"{key}-{number}", at) for at in range(size // 8))

    def _documents_of(self, content: int) -> list[Document]:
        """Documents of this generation with this text, by source; at least one."""
        rows = self._connection.execute(
            "SELECT m.document FROM member m JOIN document d ON d.id=m.document "
            "WHERE m.generation=? AND m.content=? ORDER BY d.source",
            [self.number, content],
        ).fetchall()
        return [self._cached(row[0], self._connection) for row in rows]


def vector_key(passage_id: str, sentence: int) -> str:
    """The key of a sentence's vector: made of hashes and numbers, so stable across machines."""
    return f"{passage_id}-{sentence}"


def passage_of_key(key: str) -> tuple[str, int]:
    """The passage id and the sentence's number that a vector's key is made of."""
    passage_id, sentence = key.rsplit("-", 1)
    return passage_id, int(sentence)


def pack(vectors: Vectors) -> bytes:
    """Vectors as int8 with a scale each: a quarter of the size, cosines within 0.01."""
    scales = np.maximum(np.abs(vectors).max(axis=1, initial=0), 1e-12).astype("<f4") / 127
    rounded = np.rint(vectors / scales[:, None]).astype(np.int8)
    return bytes(scales.tobytes() + rounded.tobytes())


def unpack(packed: bytes, count: int) -> Vectors:
    """The inverse of `pack` for `count` vectors; shape (count, dimension)."""
    scales = np.frombuffer(packed, "<f4", count)
    rounded = np.frombuffer(packed, np.int8, offset=4 * count).reshape(count, -1)
    vectors: Vectors = rounded.astype(np.float32) * scales[:, None]
    return vectors


_COPIED = {
    "generation": "id, built",
    "content": "id, key, text",
    "document": "id, source, title, date, author, language, pages, headings, content",
    "file": "generation, source, hash, size, modified, checked, failure",
    "member": "generation, document, content, file",
    "passage": "id, content, number, context, sentences, vectors",
}
_AGAIN = (
    "CREATE VIRTUAL TABLE temp.again_text USING fts5("
    "context, body, content='', tokenize='porter unicode61')"
)
_DIFFERENCES = (
    "SELECT 1 FROM (SELECT id, sz FROM main.passage_text_docsize "
    "EXCEPT SELECT id, sz FROM temp.again_text_docsize)",
    "SELECT 1 FROM (SELECT id, sz FROM temp.again_text_docsize "
    "EXCEPT SELECT id, sz FROM main.passage_text_docsize)",
    "SELECT 1 FROM (SELECT term, doc, cnt FROM main.passage_vocabulary "
    "EXCEPT SELECT term, doc, cnt FROM temp.again)",
    "SELECT 1 FROM (SELECT term, doc, cnt FROM temp.again "
    "EXCEPT SELECT term, doc, cnt FROM main.passage_vocabulary)",
)
_PACKED = (
    "SELECT p.id, c.key || '-' || p.number, length(p.sentences) / 8, p.vectors "
    "FROM passage p JOIN content c ON c.id=p.content"
)
_KEPT = (
    "SELECT id FROM generation "
    "ORDER BY id = (SELECT CAST(value AS INTEGER) FROM meta WHERE key='current') DESC, id DESC "
    "LIMIT ?"
)


def _ours(error: sqlite3.Error, storage: Path) -> QuothError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return StorageFull(storage)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return StorageUnwritable(storage, "writing there is not permitted")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageUnwritable(storage, f"another process writes for over {PATIENCE} seconds")
    if code == sqlite3.SQLITE_IOERR:
        return StorageUnwritable(storage, "the disk does not answer")
    return IndexDamaged(storage, f"the catalog cannot be read ({error})")


def _is_read_only(path: Path) -> bool:
    """Whether the catalog is whole, and lies where nothing can be written."""
    log = path.with_name(f"{path.name}-wal")
    unfinished = log.exists() and log.stat().st_size > 0
    return path.exists() and not unfinished and not os.access(path.parent, os.W_OK)


def _refuse_programs(connection: sqlite3.Connection, storage: Path) -> None:
    """Raises IndexDamaged where the file holds views or triggers, which would run here."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type NOT IN ('table', 'index')"
    ).fetchone()
    if found:
        raise IndexDamaged(storage, "it holds more than tables")


def _packed(row: int, passage_id: str, count: int, packed: bytes) -> PassageVectors:
    return PassageVectors(row=row, passage_id=passage_id, count=count, packed=packed)


def _renew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM vector_gone")
    connection.execute("INSERT OR IGNORE INTO vector_waiting SELECT id FROM passage")
    connection.execute("INSERT OR REPLACE INTO meta VALUES('renew', '1')")


def _recreate(connection: sqlite3.Connection) -> None:
    """Empty tables of this release in place of whatever tables there are."""
    written = connection.execute("SELECT value FROM meta WHERE key='written'").fetchone()
    virtual = "SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    plain = "SELECT name FROM main.sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    for which in (virtual, plain):
        for name, *_ in connection.execute(which).fetchall():
            connection.execute(f'DROP TABLE main."{name}"')
    for statement in filter(str.strip, (_TABLES + _QUEUES).split(";")):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES('written', ?)", written or ["0"])


def _empty(connection: sqlite3.Connection) -> None:
    for table in ("generation", "content", "document", "file", "member", "passage",
                  "vector_waiting", "link"):  # fmt: skip
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    connection.execute("INSERT INTO passage_text(passage_text) VALUES('delete-all')")
    _renew(connection)


def _content_row(connection: sqlite3.Connection, document: Document) -> tuple[int, bool]:
    key = document.content_id
    row = connection.execute("SELECT id FROM content WHERE key=?", [key]).fetchone()
    if row:
        return int(row[0]), False
    cursor = connection.execute("INSERT INTO content(key, text) VALUES(?,?)", [key, document.text])
    return int(cursor.lastrowid or 0), True


def _document_row(document: Document) -> list[str | None]:
    return [
        document.id,
        document.source,
        document.title,
        document.date.isoformat() if document.date else None,
        document.author,
        document.language,
        json.dumps(document.pages),
        json.dumps([[heading.start, heading.title] for heading in document.headings]),
    ]


def _insert_passages(
    connection: sqlite3.Connection,
    content: int,
    document: Document,
    passages: Sequence[Passage],
    vectors: Vectors,
) -> None:
    at = 0
    for number, passage in enumerate(passages):
        own = vectors[at : at + len(passage.sentences)]
        at += len(passage.sentences)
        context = context_of(document, passage)
        offsets = np.array([(each.start, each.end) for each in passage.sentences], "<i4")
        cursor = connection.execute(
            "INSERT INTO passage(content, number, context, sentences, vectors) VALUES(?,?,?,?,?)",
            [content, number, context, offsets.tobytes(), pack(own)],
        )
        connection.execute(
            "INSERT INTO passage_text(rowid, context, body) VALUES(?,?,?)",
            [cursor.lastrowid, context, passage.text],
        )
        connection.execute("INSERT INTO vector_waiting VALUES(?)", [cursor.lastrowid])


def context_of(document: Document, passage: Passage) -> str:
    """What frames the passage: the document's title and the heading that it stands under."""
    heading = document.heading_at(passage.start)
    return document.title if not heading else f"{document.title}\n{heading}"


def _remove_content(connection: sqlite3.Connection, row: int, key: str, text: str) -> None:
    for passage, number, context, packed in connection.execute(
        "SELECT id, number, context, sentences FROM passage WHERE content=?", [row]
    ).fetchall():
        sentences = _sentences(packed)
        body = text[sentences[0].start : sentences[-1].end]
        connection.execute(
            "INSERT INTO passage_text(passage_text, rowid, context, body) "
            "VALUES('delete', ?, ?, ?)",
            [passage, context, body],
        )
        _note_gone(connection, passage, f"{key}-{number}", len(sentences))
    connection.execute("DELETE FROM passage WHERE content=?", [row])
    connection.execute("DELETE FROM content WHERE id=?", [row])


def _note_gone(
    connection: sqlite3.Connection, passage: int, passage_id: str, sentences: int
) -> None:
    """The vector store is to forget a passage."""
    connection.execute("DELETE FROM vector_waiting WHERE passage=?", [passage])
    connection.executemany(
        "INSERT OR IGNORE INTO vector_gone VALUES(?)",
        [(vector_key(passage_id, at),) for at in range(sentences)],
    )


def _fill_full_text(connection: sqlite3.Connection, table: str) -> None:
    for row, context, packed, text in connection.execute(
        "SELECT p.id, p.context, p.sentences, c.text FROM passage p "
        "JOIN content c ON c.id=p.content"
    ):
        sentences = _sentences(packed)
        connection.execute(
            f"INSERT INTO {table}(rowid, context, body) VALUES(?,?,?)",
            [row, context, text[sentences[0].start : sentences[-1].end]],
        )


def _drop_strays(connection: sqlite3.Connection) -> None:
    connection.execute(
        "UPDATE file SET hash='', size=-1, checked=0 WHERE (generation, source) IN ("
        "SELECT m.generation, m.file FROM member m WHERE NOT EXISTS "
        "(SELECT 1 FROM document d WHERE d.id=m.document AND d.content=m.content))"
    )
    connection.execute(
        "DELETE FROM member WHERE NOT EXISTS "
        "(SELECT 1 FROM document d WHERE d.id=member.document AND d.content=member.content)"
    )
    for table in ("member", "file"):
        connection.execute(
            f"DELETE FROM {table} WHERE generation NOT IN (SELECT id FROM generation)"  # noqa: S608
        )


def _load_document(connection: sqlite3.Connection, document_id: str) -> Document:
    row = connection.execute(
        "SELECT d.source, d.title, d.date, d.author, d.language, d.pages, d.headings, c.text "
        "FROM document d JOIN content c ON c.id=d.content WHERE d.id=?",
        [document_id],
    ).fetchone()
    if row is None:
        raise DocumentGone(document_id)
    source, title, day, author, language, pages, headings, text = row
    return Document(
        source=source, title=title, text=text, date=_date(day), author=author, language=language,
        pages=tuple(json.loads(pages)),
        headings=tuple(Heading(start, title) for start, title in json.loads(headings)),
    )  # fmt: skip


def _passage(document: Document, number: int, packed: bytes) -> Passage:
    sentences = _sentences(packed)
    return Passage(
        id=f"{document.content_id}-{number}",
        document=document,
        start=sentences[0].start,
        end=sentences[-1].end,
        sentences=sentences,
    )


def _sentences(packed: bytes) -> tuple[Sentence, ...]:
    offsets = np.frombuffer(packed, "<i4").reshape(-1, 2).tolist()
    return tuple(Sentence(start, end) for start, end in offsets)


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
