"""Documents and their text, written beside what is there, and taken out again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

import numpy as np

from index.catalog.file import CatalogFile
from index.catalog.schema import empty
from index.catalog.stored import pack, unpacked_sentences
from index.passages import Document, Passage
from index.ports import Vectors


class Contents(CatalogFile):
    """What made the index, and the documents in it."""

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
            empty(connection)
            connection.execute("INSERT INTO meta VALUES('made_with', ?)", [made_with])
        self._kept.clear()

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


def remove_content(connection: sqlite3.Connection, row: int, key: str, text: str) -> None:
    for passage, number, context, packed in connection.execute(
        "SELECT id, number, context, sentences FROM passage WHERE content=?", [row]
    ).fetchall():
        sentences = unpacked_sentences(packed)
        body = text[sentences[0].start : sentences[-1].end]
        connection.execute(
            "INSERT INTO passage_text(passage_text, rowid, context, body) "
            "VALUES('delete', ?, ?, ?)",
            [passage, context, body],
        )
        note_gone(connection, passage, f"{key}-{number}")
    connection.execute("DELETE FROM passage WHERE content=?", [row])
    connection.execute("DELETE FROM content WHERE id=?", [row])


def note_gone(connection: sqlite3.Connection, passage: int, passage_id: str) -> None:
    """The vector store is to forget a passage."""
    connection.execute("DELETE FROM vector_waiting WHERE passage=?", [passage])
    connection.execute("INSERT OR IGNORE INTO vector_gone VALUES(?)", [passage_id])
