"""PDF: pypdfium2 lives here."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from ctypes import POINTER, byref, c_double, c_int, c_uint, cast, create_string_buffer
from functools import partial
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from index.documents.dates import date_of
from index.documents.draft import ROW, Block, Draft
from index.documents.drawn import rules_on
from index.documents.images import LONGEST_SIDE, can_recognise, lines_in
from index.documents.layout import Line, page_blocks
from index.documents.normalising import BULLET
from index.documents.normalising import line as one_line
from index.documents.original import Original
from index.documents.right_to_left import WORD, in_writing_order
from index.documents.ruled import Box, Grid, grids, table_of
from index.documents.unruled import Letters, Piece, unruled_grids

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage  # type: ignore[import-untyped]

NO_TEXT = "it has no text layer: install quoth[ocr], or save it with its text recognised"
Handle = Any
"""What ctypes gives: pdfium's functions and pointers have no types."""
NOTHING_SEEN = "it has no text layer, and no text was recognised in its pictures"
LINE_END = re.compile(r"\r\n|\n|\r|\ufffe|\x02")
HYPHENS = ("\ufffe", "\x02")
"""What pdfium puts for a hyphen at a line end."""
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
ALEF_LAM = re.compile("[اأإآٱ]ل")
FILE_NAME = re.compile(
    r"microsoft (?:word|powerpoint|excel) - "
    r"|\S+\.(?:docx?|pdf|indd|tex|dvi|qxd|rtf|odt|pptx?|xlsx?|jpe?g|png|tiff?)$",
    re.IGNORECASE,
)
WIDE = 1.6
"""A gap that is so many times as wide as the letters are high is no space between words."""
QUARTER = math.pi / 2
FAR = 1e5
FEW = 20
"""With fewer characters a page may be a scan with a stamp."""
SCANNED = 150 / 72
"""Pixels a point: 150 a inch are enough for print of 8 points."""


def read_pdf(original: Original) -> Iterator[Draft]:
    """Paragraphs by page, headings by size; then the values of its form, its attachments."""
    document = _opened(original)
    try:
        pages = list(_pages(original, document))
        blocks = list(page_blocks(pages))
        if not any(block.text.strip() for block in blocks):
            raise original.unreadable(NOTHING_SEEN if can_recognise() else NO_TEXT)
        blocks += _form(document)
        blocks += _attached(document)
        metadata = document.get_metadata_dict()
        yield Draft(
            blocks=blocks,
            title=_title(metadata.get("Title")) or _largest(blocks, pages),
            author=metadata.get("Author"),
            created=date_of(metadata.get("CreationDate")),
            pages=len(pages),
        )
    finally:
        document.close()


def _opened(original: Original) -> PdfDocument:
    from pypdfium2 import PdfDocument, PdfiumError, raw

    try:
        document = PdfDocument(original.data, password=original.password)
        document.init_forms()
    except PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise original.unreadable(original.locked) from error
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise original.unreadable("it is encrypted in a way that cannot be opened") from error
        raise original.unreadable("it is damaged, or not a PDF") from error
    if len(document) == 0:
        raise original.unreadable("it is damaged: it has no pages")
    return document


def _pages(original: Original, document: PdfDocument) -> Iterator[list[Line]]:
    """The lines of each page; none for a page that is damaged, as long as another one is whole."""
    from pypdfium2 import PdfiumError

    damaged = 0
    for number in range(len(document)):
        try:
            yield _read(original, document, number)
        except PdfiumError as error:
            damaged += 1
            if damaged == len(document):
                raise original.unreadable("it is damaged: none of its pages opens") from error
            yield []


def _read(original: Original, document: PdfDocument, number: int) -> list[Line]:
    """The lines of its text, or where there is next to none, of its picture."""
    page = document[number]
    text_page = page.get_textpage()
    quarters = _turns(text_page)
    if quarters:
        text_page.close()
        page = _turned_back(document, number, page, quarters)
        text_page = page.get_textpage()
    lines = _lines(page, text_page)
    text_page.close()
    if sum(len(line.text) for line in lines) < FEW:
        lines = _recognised(original, page) or lines
    page.close()
    return lines


def _turns(text_page: Handle) -> int:
    """By how many quarters of a circle most of the text is turned to the right; 0 for upright."""
    from pypdfium2 import raw

    def letters(many: int) -> Iterator[int]:
        count = text_page.count_chars()
        for at in range(0, count, max(1, count // many)):
            if chr(min(raw.FPDFText_GetUnicode(text_page, at), 0x10FFFF)).isalnum():
                yield round(raw.FPDFText_GetCharAngle(text_page, at) / QUARTER) % 4

    if not any(letters(8)):
        return 0
    found = Counter(letters(64))
    quarters, times = found.most_common(1)[0]
    return quarters if 2 * times > found.total() else 0


def _turned_back(document: PdfDocument, number: int, page: PdfPage, quarters: int) -> PdfPage:
    """The page with its text upright, and its box with it: a table across was set sideways."""
    from pypdfium2 import raw

    left, bottom, right, top = page.get_mediabox()
    matrix = {
        1: (0, 1, -1, 0, top, -left),
        2: (-1, 0, 0, -1, right, top),
        3: (0, -1, 1, 0, -bottom, right),
    }[quarters]
    everything = raw.FS_RECTF(-FAR, FAR, FAR, -FAR)
    raw.FPDFPage_TransFormWithClip(page, raw.FS_MATRIX(*matrix), everything)
    # What pdfium takes for the order of lines goes by how the page is shown.
    page.set_rotation(0)
    page.close()
    return document[number]


def _lines(page: PdfPage, text_page: Handle) -> list[Line]:
    """The lines of a page as they are drawn, with their boxes."""
    from pypdfium2 import raw

    text = _characters(text_page)
    lines: list[Line] = []
    start = 0
    for end in [*LINE_END.finditer(text), None]:
        stop = end.start() if end else len(text)
        words = text[start:stop]
        if words.strip():
            words += "-" if end and end[0] in HYPHENS else ""
            borders = [start, *_gaps(raw, text_page, start, stop), stop]
            for first, last in pairwise(borders):
                part = words[first - start : last - start if last < stop else None]
                line = _line(raw, text_page, part, first, last - first)
                lines += [line] if line else []
        start = end.end() if end else stop
    for grid in grids(*rules_on(page)) if lines else ():
        lines = _with_table(lines, grid, text_page)
    for grid in unruled_grids([each for each in lines if not each.table], _letters(text_page)):
        lines = _with_table(lines, grid, text_page, certain=True)
    if RIGHT_TO_LEFT.search(text):
        lines = in_writing_order(lines, _unligated(text_page, text))
    return lines


def _unligated(text_page: Handle, text: str) -> dict[str, str]:
    """The words in which alef and lam are one shape, as they are written: with the lam first."""
    letters = list(text)
    for match in ALEF_LAM.finditer(text):
        at = match.start()
        if text_page.get_charbox(at) == text_page.get_charbox(at + 1):
            letters[at : at + 2] = letters[at + 1], letters[at]
    whole = "".join(letters)
    words = {match[0]: whole[match.start() : match.end()] for match in WORD.finditer(text)}
    return {word: written for word, written in words.items() if word != written}


def _letters(text_page: Handle) -> Letters:
    """Where the letters of a line stand."""

    def letters(piece: Piece) -> list[tuple[float, float]]:
        places = [at for at, each in enumerate(piece.text, piece.start) if each != " "]
        return [(left, right) for left, _, right, _ in map(text_page.get_charbox, places)]

    return letters


def _with_table(
    lines: list[Line], grid: Grid, text_page: Handle, *, certain: bool = False
) -> list[Line]:
    """The lines, those in the grid as the one of a table; as they are when no table is in it.

    It is none unless the words in its cells are those of the lines: a frame may cut through them.
    `certain` asks for a header, too.
    """
    left, bottom, right, top = grid.box
    inside = {
        id(each): each
        for each in lines
        if bottom < each.middle < top and left < (each.left + each.right) / 2 < right
    }
    if not inside:
        return lines
    within = list(inside.values())
    table = table_of(
        grid,
        _texts_of(grid, within) or [_text_in(text_page, grid.box_of(each)) for each in grid.cells],
        partial(_style_in, text_page, within),
    )
    words = Counter(word for each in within for word in each.text.split())
    if table is None or Counter(table.text.split()) != words or (certain and not table.headed):
        return lines
    whole = Line(table.text, *grid.box, median(each.size for each in within), table=table)
    first = next(at for at, each in enumerate(lines) if id(each) in inside)
    return [each for each in [*lines[:first], whole, *lines[first:]] if id(each) not in inside]


def _texts_of(grid: Grid, lines: list[Line]) -> list[str] | None:
    """The lines in each cell; None when one of them goes over a border, or lies in no cell."""
    places = grid.places([(each.left, each.bottom, each.right, each.top) for each in lines])
    if places is None:
        return None
    texts = [""] * len(grid.cells)
    last: dict[int, Line] = {}
    for each, cell in zip(lines, places, strict=True):
        above = last.get(cell)
        beside = above is not None and abs(above.middle - each.middle) < each.size / 2
        texts[cell] += (" " if beside else "\n") + each.text if above else each.text
        last[cell] = each
    return texts


def _text_in(text_page: Handle, box: Box) -> str:
    """The lines in the box, without what only reaches into it from another one."""
    left, bottom, right, top = box
    inset = min(2.0, (top - bottom) / 5)
    text = text_page.get_text_bounded(left + 1, bottom + inset, right - 1, top - inset)
    for mark in HYPHENS:
        text = text.replace(mark, "-\n")
    return "\n".join(" ".join(each.split()) for each in text.splitlines() if each.strip())


def _style_in(text_page: Handle, lines: Iterable[Line], box: Box) -> tuple[object, ...]:
    """Font and colour of the first line that begins in the box; nothing without any."""
    from pypdfium2 import raw

    left, bottom, right, top = box
    for each in lines:
        if bottom < each.middle < top and left <= each.left + 1 < right:
            name = create_string_buffer(256)
            raw.FPDFText_GetFontInfo(text_page, each.start, name, len(name), byref(c_int()))
            colour = [c_uint() for _ in range(4)]
            raw.FPDFText_GetFillColor(text_page, each.start, *map(byref, colour))
            return name.value, *(each.value for each in colour)
    return ()


def _characters(text_page: Handle) -> str:
    """The text with one character an index, which the boxes are asked by."""
    from pypdfium2 import raw

    count = text_page.count_chars()
    text: str = text_page.get_text_range() if count else ""
    if len(text) == count:
        return text
    codes = (raw.FPDFText_GetUnicode(text_page, at) for at in range(count))
    return "".join(chr(code) if code < 0x110000 else " " for code in codes)


def _boxes(
    raw: Handle, text_page: Handle, start: int, count: int
) -> list[tuple[float, float, float]]:
    """left, right and height of each piece of a line that was drawn at once."""
    left, top, right, bottom = (c_double() for _ in range(4))
    corners = byref(left), byref(top), byref(right), byref(bottom)
    boxes = []
    for number in range(raw.FPDFText_CountRects(text_page, start, count)):
        raw.FPDFText_GetRect(text_page, number, *corners)
        boxes.append((left.value, right.value, top.value - bottom.value))
    return boxes


def _gaps(raw: Handle, text_page: Handle, start: int, stop: int) -> list[int]:
    """Where a line that pdfium took for one goes over a gutter: between columns or cells."""
    boxes = _boxes(raw, text_page, start, stop - start)
    beyond = [
        after[0]
        for before, after in pairwise(boxes)
        if after[0] - before[1] > WIDE * max(before[2], after[2])
    ]
    found: list[int] = []
    left, top, right, bottom = (c_double() for _ in range(4))
    for at in range(start, stop) if beyond else ():
        raw.FPDFText_GetCharBox(text_page, at, byref(left), byref(right), byref(bottom), byref(top))
        if right.value > left.value and abs(left.value - beyond[0]) < 1:
            found.append(at)
            beyond.pop(0)
        if not beyond:
            break
    return found


def _line(raw: Handle, text_page: Handle, part: str, start: int, count: int) -> Line | None:
    """The line of some characters; None for one that is turned to run up or down the page, as
    stamps do.

    Bottom and top are those of the font, which are the same whatever letters a line has.
    """
    text, letter = BULLET.sub("•", part.strip()), start + len(part) - len(part.lstrip())
    boxes = _boxes(raw, text_page, start, count)
    loose = [raw.FS_RECTF() for _ in range(3)]
    for at, each in zip((0, count // 2, count - 1), loose, strict=True):
        raw.FPDFText_GetLooseCharBox(text_page, start + at, byref(each))
    font = max(loose, key=lambda each: abs(each.top - each.bottom))
    size = abs(font.top - font.bottom) or 1.0
    if not boxes:
        return Line(text, font.left, font.bottom, font.right, font.top, size, start=letter)
    lefts, rights, heights = zip(*boxes, strict=True)
    tall = count > 5 and sum(heights) > 2 * (max(rights) - min(lefts)) and len(boxes) == 1
    if tall and raw.FPDFText_GetCharAngle(text_page, letter) > 0.1:
        return None
    return Line(text, min(lefts), font.bottom, max(rights), font.top, size, start=letter)


def _form(document: PdfDocument) -> Iterator[Block]:
    """The filled fields of a form, "name: value." a line."""
    from pypdfium2 import raw

    environment = document.formenv
    for number in range(len(document)) if environment else ():
        page = document[number]
        for at in range(raw.FPDFPage_GetAnnotCount(page)):
            annotation = raw.FPDFPage_GetAnnot(page, at)
            if raw.FPDFAnnot_GetSubtype(annotation) == raw.FPDF_ANNOT_WIDGET:
                name = _field(raw.FPDFAnnot_GetFormFieldAlternateName, environment, annotation)
                name = name or _field(raw.FPDFAnnot_GetFormFieldName, environment, annotation)
                value = _field(raw.FPDFAnnot_GetFormFieldValue, environment, annotation)
                if value and value != "Off":
                    yield Block(f"{name}: {value}." if name else value, joint=ROW)
            raw.FPDFPage_CloseAnnot(annotation)
        page.close()


def _field(function: Handle, environment: Handle, annotation: Handle) -> str:
    """A string of a form field, which pdfium gives in UTF-16 after its length in bytes."""
    from pypdfium2 import raw

    size = function(environment, annotation, None, 0)
    if not 2 < size < 2**20:
        return ""
    buffer = create_string_buffer(size)
    function(environment, annotation, cast(buffer, POINTER(raw.FPDF_WCHAR)), size)
    return one_line(buffer.raw.decode("utf-16-le", "replace").rstrip("\0"))


def _attached(document: PdfDocument) -> Iterator[Block]:
    names = [document.get_attachment(at).get_name() for at in range(document.count_attachments())]
    if names:
        yield Block(f"Attachments: {'; '.join(names)}")


def _title(title: str | None) -> str | None:
    """The title of the metadata, unless a program put the file's name there."""
    return None if not title or FILE_NAME.match(title.strip()) else title


def _largest(blocks: list[Block], pages: list[list[Line]]) -> str | None:
    """The first of the largest headings of the first page; None without headings there."""
    sizes = {line.text[:20]: line.size for line in reversed(pages[0])}
    headings = [block.text for block in blocks if block.heading and block.page == 1]
    largest = max((sizes.get(text[:20], 0.0) for text in headings), default=0.0)
    return next((text for text in headings if sizes.get(text[:20], 0.0) >= 0.8 * largest), None)


def _recognised(original: Original, page: PdfPage) -> list[Line]:
    """The lines of a scanned page, where the extra `ocr` is installed; none elsewhere."""
    if not can_recognise() or not _has_picture(page):
        return []
    original.alive()
    width, height = page.get_size()
    scale = min(SCANNED, LONGEST_SIDE / max(width, height, 1))
    picture = page.render(scale=scale, rev_byteorder=True).to_numpy()
    return list(lines_in(picture[:, :, :3]))


def _has_picture(page: PdfPage) -> bool:
    from pypdfium2 import raw

    return any(each.type == raw.FPDF_PAGEOBJ_IMAGE for each in page.get_objects(max_depth=3))
