"""The straight lines that are drawn on a page of a PDF: pypdfium2 lives here and in `pdf`."""

from __future__ import annotations

from collections.abc import Iterator
from ctypes import byref, c_float, c_int
from itertools import islice, pairwise
from typing import Any

from index.documents.ruled import Rule

Handle = Any
"""What ctypes gives: pdfium's functions and pointers have no types."""
Point = tuple[float, float]
Stroke = tuple[Point, Point]
Matrix = tuple[float, float, float, float, float, float]
THIN = 3.0
"""Points; what is thinner is a line, also when it is filled."""
SHORT = 6.0
MOST_OBJECTS = 20_000
MOST_SEGMENTS = 10_000
"""With more pieces of lines a page is a drawing or a chart."""
MOST_OF_A_PATH = 200
DEEPEST = 3
IN_PLACE: Matrix = (1, 0, 0, 1, 0, 0)


def rules_on(page: Handle) -> tuple[list[Rule], list[Rule]]:
    """The lines that go across and those that go down; none of either on a page of drawings."""
    from pypdfium2 import raw  # type: ignore[import-untyped]

    count = raw.FPDFPage_CountObjects(page.raw)
    if count > MOST_OBJECTS:
        return [], []
    found = [raw.FPDFPage_GetObject(page.raw, at) for at in range(count)]
    every = (path for each in found for path in _paths(raw, each, IN_PLACE, 0))
    paths = list(islice(every, MOST_SEGMENTS))
    if sum(segments for _, segments, _ in paths) > MOST_SEGMENTS:
        return [], []
    across: list[Rule] = []
    down: list[Rule] = []
    for (x, y), (to_x, to_y) in (stroke for path in paths for stroke in _strokes(raw, *path)):
        if abs(y - to_y) <= THIN and abs(x - to_x) > SHORT:
            across.append(Rule((y + to_y) / 2, min(x, to_x), max(x, to_x)))
        elif abs(x - to_x) <= THIN and abs(y - to_y) > SHORT:
            down.append(Rule((x + to_x) / 2, min(y, to_y), max(y, to_y)))
    return across, down


Path = tuple[Handle, int, Matrix]
"""A path, how many segments it has, and where it is placed."""


def _paths(raw: Handle, found: Handle, place: Matrix, depth: int) -> Iterator[Path]:
    """The object, if it is a path, and the paths in it, if it is a form."""
    kind = raw.FPDFPageObj_GetType(found)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield found, raw.FPDFPath_CountSegments(found), place
    elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
        inner = _times(_matrix(raw, found), place)
        for at in range(min(raw.FPDFFormObj_CountObjects(found), MOST_OBJECTS)):
            yield from _paths(raw, raw.FPDFFormObj_GetObject(found, at), inner, depth + 1)


def _strokes(raw: Handle, path: Handle, count: int, place: Matrix) -> Iterator[Stroke]:
    """The path's straight strokes; of a thin filled rectangle the one that it is."""
    if not 1 < count <= MOST_OF_A_PATH:
        return
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(path, byref(fill), byref(stroke))
    for corners in _outlines(raw, path, count, _times(_matrix(raw, path), place)):
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        if max(xs) - min(xs) <= THIN or max(ys) - min(ys) <= THIN:
            yield (min(xs), min(ys)), (max(xs), max(ys))
        elif stroke.value:
            yield from pairwise(corners)


def _outlines(raw: Handle, path: Handle, count: int, place: Matrix) -> Iterator[list[Point]]:
    """The corners of each part of the path, the first again at the end of a closed one; none
    of one that has curves.
    """
    corners: list[Point] = []
    x, y = c_float(), c_float()
    a, b, c, d, e, f = place
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, at)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_BEZIERTO:
            return
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if kind == raw.FPDF_SEGMENT_MOVETO and corners:
            yield corners
            corners = []
        corners.append((a * x.value + c * y.value + e, b * x.value + d * y.value + f))
        if raw.FPDFPathSegment_GetClose(segment):
            corners.append(corners[0])
    if corners:
        yield corners


def _matrix(raw: Handle, found: Handle) -> Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(found, byref(matrix))
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    """What comes of `inner` when `outer` is applied to it."""
    a, b, c, d, e, f = inner
    A, B, C, D, E, F = outer
    return (
        a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D,
        e * A + f * C + E, e * B + f * D + F,
    )  # fmt: skip
