"""Finding and answering in people's own documents: the front door.

    from index import open_index

    with open_index(documents="data/documents", storage="data/index") as index:
        index.reindex()
        reply = index.ask("who said the defense is unbreakable")

Importing this is cheap: models, Chroma and SQLite are loaded when an index is opened.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import QuothError
from index.passages import (
    Answer,
    Attribution,
    Citation,
    Document,
    NoAnswer,
    Passage,
    ReindexReport,
    RetrievedPassage,
    Sentence,
    Turn,
)

if TYPE_CHECKING:
    from os import PathLike

    from index.wiring import Index

__all__ = [
    "Answer",
    "Attribution",
    "Citation",
    "Document",
    "NoAnswer",
    "Passage",
    "QuothError",
    "ReindexReport",
    "RetrievedPassage",
    "Sentence",
    "Turn",
    "open_index",
]


def open_index(
    documents: str | PathLike[str] | None = None,
    storage: str | PathLike[str] | None = None,
    **settings: object,
) -> Index:
    """An index over the files in `documents`, kept in `storage`; each keyword overrides a setting.

    Nothing is read until `reindex()`. Raises IndexOutdated when the storage was made by another
    model or chunker, and ModelUnavailable when a model cannot be loaded.
    """
    from index.settings import IndexSettings
    from index.wiring import assemble

    named = {"documents": documents, "storage": storage}
    given = {name: value for name, value in named.items() if value is not None}
    return assemble(IndexSettings.model_validate({**given, **settings}))
