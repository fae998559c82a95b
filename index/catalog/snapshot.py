"""A view on the generation that is current, which does not change while it is held."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from itertools import starmap

from index.catalog.kept import Kept
from index.catalog.stored import (
    PassageVectors,
    StoredContent,
    StoredFile,
    StoredPassage,
    unpack,
    unpacked_sentences,
)
from index.catalog.vector_rows import PACKED, passage_vectors
from index.errors import DocumentGone
from index.passages import (
    Contribution,
    Document,
    DocumentDetails,
    DocumentSummary,
    Failure,
    Generation,
    Heading,
    Passage,
)


class Snapshot:
    """A generation, unchanging. `number` is 0 when nothing was built yet."""

    def __init__(
        self, connection: sqlite3.Connection, number: int, kept: Kept, written: int = 0
    ) -> None:
        self._connection = connection
        self._kept = kept
        self._rows: dict[str, int | None] = {}
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
        """Rows of those passages (by id) that this generation holds, in their order."""
        asked = list(passage_ids)
        self._find_rows([each for each in asked if each not in self._rows])
        return {each: row for each in asked if (row := self._rows[each]) is not None}

    def _find_rows(self, passage_ids: list[str]) -> None:
        if not passage_ids:
            return
        split = [each.rpartition("-") for each in passage_ids]
        # One row, for threads that ask at the same time wait for each other at every row.
        (found,) = self._connection.execute(
            "SELECT json_group_array(json_array(j.key, p.id)) FROM json_each(?) j "
            "JOIN content c ON c.key=json_extract(j.value, '$[0]') "
            "JOIN passage p ON p.content=c.id AND p.number=json_extract(j.value, '$[1]') "
            "WHERE EXISTS (SELECT 1 FROM member m WHERE m.generation=? AND m.content=c.id)",
            [json.dumps([(key, int(number)) for key, _, number in split]), self.number],
        ).fetchone()
        self._rows |= dict.fromkeys(passage_ids)
        self._rows |= {passage_ids[at]: row for at, row in json.loads(found)}

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        """The passages of these rows with text, sentences and vectors, in their order."""
        asked = list(rows)
        found = self._connection.execute(
            "SELECT p.id, p.content, c.key, p.number, p.context, p.sentences, p.vectors "
            "FROM json_each(?) j JOIN passage p ON p.id=j.value JOIN content c ON c.id=p.content",
            [json.dumps(asked)],
        ).fetchall()
        holders = self._documents_of({row[1] for row in found})
        stored = {row: self._stored(holders[content], *rest) for row, content, *rest in found}
        return [stored[row] for row in asked]

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
            "SELECT c.key, p.number, p.sentences FROM document d JOIN content c ON c.id=d.content "
            "JOIN passage p ON p.content=c.id WHERE d.id=? ORDER BY p.number",
            [document_id],
        )
        return [_passage(document, *row) for row in rows]

    def document(self, document_id: str) -> Document:
        """The document with its text; raises DocumentGone when this generation has it no more."""
        if not self.holds(document_id):
            raise DocumentGone(document_id)
        found = self._kept.documents([document_id], self.written, self._connection)
        return found[document_id]

    def holds(self, document_id: str) -> bool:
        """Whether this generation has that version of a document."""
        member = self._connection.execute(
            "SELECT 1 FROM document d JOIN member m ON m.generation=? AND m.content=d.content "
            "AND m.document=d.id WHERE d.id=?",
            [self.number, document_id],
        )
        return member.fetchone() is not None

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many passages each stem occurs; stems that occur nowhere are left out."""
        counted = {
            each: self._kept.count(f"with {each}", self.written, partial(self._frequency, each))
            for each in stems
        }
        return {each: count for each, count in counted.items() if count}

    def _frequency(self, stem: str) -> int:
        row = self._connection.execute(
            "SELECT doc FROM passage_vocabulary WHERE term=?", [stem]
        ).fetchone()
        return int(row[0]) if row else 0

    def vocabulary(self, letter: str) -> list[str]:
        """The stems of all passages that begin with the letter."""
        rows = self._connection.execute(
            "SELECT term FROM passage_vocabulary WHERE term >= ? AND term < ?",
            [letter, chr(ord(letter) + 1)],
        )
        return [row[0] for row in rows]

    def passage_count(self) -> int:
        """Passages that this generation holds."""
        return self._kept.count(
            f"passages of {self.number}",
            self.written,
            lambda: self._count("passage p", "p.content"),
        )

    def alone(self) -> bool:
        """Whether nothing is stored but what this generation holds."""
        return not self._kept.count(
            f"texts not of {self.number}", self.written, self._texts_of_others
        )

    def _texts_of_others(self) -> int:
        row = self._connection.execute(
            "SELECT count(*) FROM content c WHERE NOT EXISTS "
            "(SELECT 1 FROM member m WHERE m.generation=? AND m.content=c.id)",
            [self.number],
        ).fetchone()
        return int(row[0])

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

    def details(self, document_id: str) -> DocumentDetails:
        """More about a document of this generation; raises DocumentGone when it holds no such."""
        row = self._connection.execute(
            "SELECT d.source, d.title, d.date, m.file, f.checked, f.failure, "
            "(SELECT count(*) FROM member o WHERE o.generation=m.generation AND o.file=m.file), "
            "(SELECT count(*) FROM passage p WHERE p.content=d.content), "
            "(SELECT sum(length(p.sentences)) / 8 FROM passage p WHERE p.content=d.content) "
            "FROM document d JOIN member m "
            "ON m.generation=? AND m.content=d.content AND m.document=d.id "
            "JOIN file f ON f.generation=m.generation AND f.source=m.file WHERE d.id=?",
            [self.number, document_id],
        ).fetchone()
        if row is None:
            raise DocumentGone(document_id)
        source, title, day, file, checked, failure, beside, passages, sentences = row
        return DocumentDetails(
            id=document_id, source=source, title=title, date=_date(day), file=file,
            read=datetime.fromtimestamp(checked / 10**9, UTC) if checked else None,
            failure=failure, documents_in_file=beside, passages=passages, sentences=sentences or 0,
        )  # fmt: skip

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

    def contributions(self, source: str | None = None) -> list[Contribution]:
        """What came of each file that was read, by name; of the one, where a source is given."""
        rows = self._connection.execute(
            "SELECT f.source, f.size, min(d.id), d.title, count(*), sum("
            "(SELECT sum(length(p.sentences)) / 8 FROM passage p WHERE p.content=m.content)) "
            "FROM file f JOIN member m ON m.generation=f.generation AND m.file=f.source "
            "JOIN document d ON d.id=m.document WHERE f.generation=? "
            "AND f.source=ifnull(?, f.source) "
            "GROUP BY f.source ORDER BY f.source COLLATE NOCASE",
            [self.number, source],
        )
        return [
            Contribution(
                source=source, title=title, document=id, sentences=int(sentences or 0), size=size,
                documents=documents,
            )
            for source, size, id, title, documents, sentences in rows
        ]  # fmt: skip

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
            f"{PACKED} {lacking}WHERE EXISTS "  # noqa: S608 - our own words
            "(SELECT 1 FROM member m WHERE m.generation=? AND m.content=p.content)",
            [self.number],
        )
        return (passage_vectors(*row) for row in rows)

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
            "SELECT count(*), count(*) - count(w.passage), (SELECT count(*) FROM vector_gone) "
            "FROM passage p LEFT JOIN vector_waiting w ON w.passage=p.id"
        ).fetchone()
        return int(taken), int(every) + int(gone)

    def strays(self) -> list[str]:
        """Files of any generation with a document that is not stored; empty when all are.

        One that was read holds a document: what is empty could not be read.
        """
        rows = self._connection.execute(
            "SELECT DISTINCT m.file FROM member m LEFT JOIN document d "
            "ON d.id=m.document AND d.content=m.content LEFT JOIN content c ON c.id=m.content "
            "LEFT JOIN generation g ON g.id=m.generation "
            "WHERE d.id IS NULL OR c.id IS NULL OR g.id IS NULL "
            "UNION SELECT source FROM (SELECT generation, source FROM file WHERE hash<>'' "
            "EXCEPT SELECT generation, file FROM member)"
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
        """The key of each stored passage's vector, of whatever generation."""
        for (key,) in self._connection.execute(
            "SELECT c.key || '-' || p.number FROM passage p JOIN content c ON c.id=p.content"
        ):
            yield key

    def _documents_of(self, contents: Iterable[int]) -> dict[int, list[Document]]:
        """By content, the documents of this generation that hold it, by source; one at least."""
        (found,) = self._connection.execute(
            "SELECT json_group_array(json_array(d.source, m.content, m.document)) "
            "FROM json_each(?) j CROSS JOIN member m ON m.generation=? AND m.content=j.value "
            "CROSS JOIN document d ON d.id=m.document",
            [json.dumps(list(contents)), self.number],
        ).fetchone()
        rows = [(content, document) for _, content, document in sorted(json.loads(found))]
        documents = [document for _, document in rows]
        kept = self._kept.documents(documents, self.written, self._connection)
        holders: dict[int, list[Document]] = {}
        for content, document in rows:
            holders.setdefault(content, []).append(kept[document])
        return holders

    @staticmethod
    def _stored(
        holders: list[Document],
        key: str,
        number: int,
        context: str,
        packed: bytes,
        vectors: bytes,
    ) -> StoredPassage:
        first, *others = holders
        return StoredPassage(
            passage=_passage(first, key, number, packed),
            vectors=unpack(vectors, len(packed) // 8),
            context=context,
            also_in=tuple(others),
        )


_NONE = "[]"
"""Pages and headings of most documents, as JSON."""


def load_documents(
    connection: sqlite3.Connection, document_ids: Sequence[str]
) -> dict[str, Document]:
    rows = connection.execute(
        "SELECT d.id, d.source, d.title, d.date, d.author, d.language, d.pages, d.headings, c.text "
        "FROM json_each(?) j JOIN document d ON d.id=j.value JOIN content c ON c.id=d.content",
        [json.dumps(list(document_ids))],
    )
    return {id: _document(*rest) for id, *rest in rows}


def _document(
    source: str,
    title: str,
    day: str | None,
    author: str | None,
    language: str | None,
    pages: str,
    headings: str,
    text: str,
) -> Document:
    return Document(
        source=source, title=title, text=text, date=_date(day), author=author, language=language,
        pages=() if pages == _NONE else tuple(json.loads(pages)),
        headings=() if headings == _NONE else tuple(starmap(Heading, json.loads(headings))),
    )  # fmt: skip


def _passage(document: Document, key: str, number: int, packed: bytes) -> Passage:
    sentences = unpacked_sentences(packed)
    return Passage(
        id=f"{key}-{number}",
        document=document,
        start=sentences[0].start,
        end=sentences[-1].end,
        sentences=sentences,
    )


def _date(day: str | None) -> date | None:
    return date.fromisoformat(day) if day else None
