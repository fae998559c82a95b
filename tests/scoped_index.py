"""The real front door; with the fixture `small_models` it opens in no time."""

from __future__ import annotations

from pathlib import Path

from index import open_index
from index.wiring import Index


def opened(folder: Path, **settings: object) -> Index:
    """`documents` and `index` lie below the folder."""
    (folder / "documents").mkdir(parents=True, exist_ok=True)
    return open_index(
        documents=folder / "documents",
        storage=folder / "index",
        reader_model="none",
        **settings,
    )
