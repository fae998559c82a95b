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

from index.catalog.catalog import Catalog
from index.catalog.schema import SCHEMA
from index.catalog.snapshot import Snapshot
from index.catalog.stored import (
    PassageVectors,
    StoredContent,
    StoredFile,
    StoredLink,
    StoredPassage,
    means,
    pack,
    unpack,
)

__all__ = [
    "SCHEMA",
    "Catalog",
    "PassageVectors",
    "Snapshot",
    "StoredContent",
    "StoredFile",
    "StoredLink",
    "StoredPassage",
    "means",
    "pack",
    "unpack",
]
