"""Text in pictures, where the extra `ocr` is installed: RapidOCR and Pillow live here.

RapidOCR (Apache-2.0) comes with its models (PP-OCR: Latin and Chinese scripts) in its package.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from index.documents.draft import Draft
from index.documents.layout import Line, page_blocks
from index.documents.original import Original

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_TEXT = "it is an image, which has no text layer: install quoth[ocr] to read it"
MOST_PIXELS = 100_000_000
LONGEST_SIDE = 2400
"""Pixels; the recogniser works on 2000 at most."""


def can_recognise() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None


def read_image(original: Original) -> Iterator[Draft]:
    """The text in the picture; each picture of several in one file is a page."""
    if not can_recognise():
        raise original.unreadable(NO_TEXT)
    pages = []
    for picture in _pictures(original):
        original.alive()
        pages.append(lines_in(picture))
    yield Draft(blocks=list(page_blocks(pages)), pages=len(pages) if len(pages) > 1 else 0)


def _pictures(original: Original) -> Iterator[NDArray[Any]]:
    import numpy as np
    from PIL import Image, ImageOps, ImageSequence

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        file = Image.open(io.BytesIO(original.data))
        for frame in ImageSequence.Iterator(file):
            turned = ImageOps.exif_transpose(frame).convert("RGB")
            turned.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            yield np.asarray(turned)
    except Image.DecompressionBombError as error:
        most = MOST_PIXELS // 1_000_000
        raise original.unreadable(f"it has more than {most} million pixels") from error


def lines_in(picture: NDArray[Any]) -> Sequence[Line]:
    """The lines in an RGB picture, with their boxes, counted in pixels from its lower left."""
    found = _recognised(picture)
    if found.boxes is None:
        return []
    height = picture.shape[0]
    return [_line(text, box, height) for text, box in zip(found.txts, found.boxes, strict=True)]


def _recognised(picture: NDArray[Any]) -> Any:  # noqa: ANN401  RapidOCR has no types
    recogniser = _recogniser()
    try:
        return recogniser(picture[:, :, ::-1])
    # Each of its engines has its own errors; on a picture that could be decoded, memory ran out.
    except Exception as error:
        raise MemoryError from error


def _line(text: str, box: NDArray[Any], height: int) -> Line:
    left, right = float(box[:, 0].min()), float(box[:, 0].max())
    top, bottom = height - float(box[:, 1].min()), height - float(box[:, 1].max())
    return Line(text, left, bottom, right, top, round(top - bottom, -1) or 1.0)


@cache
def _recogniser() -> Any:  # noqa: ANN401  RapidOCR has no types
    from rapidocr import RapidOCR

    # One thread and one line at a time: two would not fit into a child's memory.
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Rec.rec_batch_num": 1,
        }
    )
