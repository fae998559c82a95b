"""The real front door; with the fixture `small_models` it opens in no time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index import open_index
from index.wiring import Index
from tests.doubles import write


def opened(folder: Path, **settings: object) -> Index:
    """`documents` and `index` lie below the folder."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    return open_index(
        documents=folder / "documents",
        storage=folder / "index",
        reader_model="none",
        **settings,
    )


@contextmanager
def with_bears(folder: Path) -> Iterator[Index]:
    """An index of one document for everybody, which is about the bears of the forest."""
    write(folder / "documents", bears="Bears\n\nThe bears of the forest sleep all winter.")
    with opened(folder) as index:
        index.reindex()
        yield index
