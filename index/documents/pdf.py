"""PDF: pypdfium2 lives here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents.dates import date_of
from index.documents.draft import Block, Draft
from index.documents.original import Original
from index.documents.wrapping import paragraphs

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument  # type: ignore[import-untyped]

NO_TEXT = "it has no text layer: install quoth[ocr], or save it with its text recognised"


def read_pdf(original: Original) -> Iterator[Draft]:
    """Paragraphs by page."""
    document = _opened(original)
    try:
        blocks = [
            Block(text, page=number + 1)
            for number in range(len(document))
            for text in paragraphs(
                document[number].get_textpage().get_text_range().replace("\r\n", "\n")
            )
        ]
        if not any(block.text.strip() for block in blocks):
            raise original.unreadable(NO_TEXT)
        metadata = document.get_metadata_dict()
        yield Draft(
            blocks=blocks,
            title=metadata.get("Title"),
            author=metadata.get("Author"),
            date=date_of(metadata.get("CreationDate")),
            pages=len(document),
        )
    finally:
        document.close()


def _opened(original: Original) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        return PdfDocument(original.data, password=original.password)
    except PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise original.unreadable(original.locked) from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise original.unreadable("it is encrypted in a way that cannot be opened") from error
        raise original.unreadable("it is damaged, or not a PDF") from error
