"""The tables, and how they are made and emptied."""

from __future__ import annotations

import sqlite3

SCHEMA = "1"
"""Part of what made an index: raise it when the tables change."""

TABLES = """
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
QUEUES = """
CREATE TABLE IF NOT EXISTS vector_waiting(passage INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS vector_gone(key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS link_version(
    source TEXT, hash TEXT, final TEXT NOT NULL, etag TEXT, modified TEXT,
    PRIMARY KEY(source, hash)) WITHOUT ROWID;
DROP TABLE IF EXISTS link;
"""


def recreate(connection: sqlite3.Connection) -> None:
    """Empty tables of this release in place of whatever tables there are."""
    written = connection.execute("SELECT value FROM meta WHERE key='written'").fetchone()
    virtual = "SELECT name FROM main.sqlite_master WHERE sql LIKE 'CREATE VIRTUAL%'"
    plain = "SELECT name FROM main.sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%'"
    for which in (virtual, plain):
        for name, *_ in connection.execute(which).fetchall():
            connection.execute(f'DROP TABLE main."{name}"')
    for statement in filter(str.strip, (TABLES + QUEUES).split(";")):
        connection.execute(statement)
    connection.execute("INSERT INTO meta VALUES('written', ?)", written or ["0"])


def empty(connection: sqlite3.Connection) -> None:
    for table in ("generation", "content", "document", "file", "member", "passage",
                  "vector_waiting", "link_version"):  # fmt: skip
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
    connection.execute("INSERT INTO passage_text(passage_text) VALUES('delete-all')")
    renew(connection)


def renew(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM vector_gone")
    connection.execute("INSERT OR IGNORE INTO vector_waiting SELECT id FROM passage")
    connection.execute("INSERT OR REPLACE INTO meta VALUES('renew', '1')")
