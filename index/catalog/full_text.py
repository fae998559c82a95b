"""The full text of the passages, filled and counted again."""

from __future__ import annotations

import sqlite3

from index.catalog.stored import unpacked_sentences

AGAIN = (
    "CREATE VIRTUAL TABLE temp.again_text USING fts5("
    "context, body, content='', tokenize='porter unicode61')"
)
DIFFERENCES = (
    "SELECT 1 FROM (SELECT id, sz FROM main.passage_text_docsize "
    "EXCEPT SELECT id, sz FROM temp.again_text_docsize)",
    "SELECT 1 FROM (SELECT id, sz FROM temp.again_text_docsize "
    "EXCEPT SELECT id, sz FROM main.passage_text_docsize)",
    "SELECT 1 FROM (SELECT term, doc, cnt FROM main.passage_vocabulary "
    "EXCEPT SELECT term, doc, cnt FROM temp.again)",
    "SELECT 1 FROM (SELECT term, doc, cnt FROM temp.again "
    "EXCEPT SELECT term, doc, cnt FROM main.passage_vocabulary)",
)


def fill_full_text(connection: sqlite3.Connection, table: str) -> None:
    for row, context, packed, text in connection.execute(
        "SELECT p.id, p.context, p.sentences, c.text FROM passage p "
        "JOIN content c ON c.id=p.content"
    ):
        sentences = unpacked_sentences(packed)
        connection.execute(
            f"INSERT INTO {table}(rowid, context, body) VALUES(?,?,?)",
            [row, context, text[sentences[0].start : sentences[-1].end]],
        )
