"""Images: their text by recognition, where the extra `ocr` is installed."""

from __future__ import annotations

from collections.abc import Iterator

from index.documents.draft import Draft
from index.documents.original import Original

NO_TEXT = "it is an image without a text layer: install quoth[ocr] to read it"


def read_image(original: Original) -> Iterator[Draft]:
    raise original.unreadable(NO_TEXT)
    yield
