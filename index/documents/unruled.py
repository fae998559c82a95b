"""Tables without drawn lines: rows of as many cells, numbers among them, below a header."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Protocol

from index.documents.ruled import Grid
from index.documents.tables import NUMBER

LONGEST_CELL = 60
FEWEST_CELLS = 6
"""Of the rows below the header: three rows of two columns, or two rows of three."""
APART = 0.5
"""Of the height of a letter: what at least parts one column from the next."""
AROUND = 3.0
"""Points around a table in which nothing of it stands."""


class Piece(Protocol):
    """What is drawn in one go on a line: a cell, or several that stand close."""

    @property
    def text(self) -> str: ...
    @property
    def left(self) -> float: ...
    @property
    def bottom(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def size(self) -> float: ...
    @property
    def start(self) -> int: ...
    @property
    def middle(self) -> float: ...


Pieces = Sequence[Piece]
Letters = Callable[[Piece], Sequence[tuple[float, float]]]
"""From where to where each letter of a piece goes."""


def unruled_grids(lines: Pieces, letters: Letters) -> Iterator[Grid]:
    """The grids that rows of as many cells each make with the row above them, the header."""
    rows = _rows(lines)
    at = 0
    while at < len(rows):
        end = at + 1
        while end < len(rows) and _goes_on(rows[end - 1], rows[end]):
            end += 1
        grid = _grid(rows, at, end, letters) if len(rows[at]) > 1 else None
        if grid:
            yield grid
        at = end


def _rows(lines: Pieces) -> list[list[Piece]]:
    """What stands along one line, from the left; the lines from the top."""
    rows: list[list[Piece]] = []
    for each in sorted(lines, key=lambda line: -line.middle):
        if rows and abs(rows[-1][0].middle - each.middle) < each.size / 4:
            rows[-1].append(each)
        else:
            rows.append([each])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _goes_on(above: Pieces, row: Pieces) -> bool:
    """Whether the next row has as many cells, each below the one above it."""
    same = len(above) == len(row) and _is_near(above, row)
    return same and all(
        one.left < other.right and other.left < one.right
        for one, other in zip(above, row, strict=True)
    )


def _is_near(above: Pieces, row: Pieces) -> bool:
    return above[0].middle - row[0].middle < 2.5 * max(above[0].size, row[0].size)


def _grid(rows: Sequence[Pieces], at: int, end: int, letters: Letters) -> Grid | None:
    """The grid of these rows, the first of which may be the header, or else the one before."""
    first = at + 1 if end - at > 1 and not _has_number(rows[at]) else at
    header, body = rows[first - 1] if first else [], rows[first:end]
    if not header or not body or len(body) * len(body[0]) < FEWEST_CELLS:
        return None
    columns = list(zip(*body, strict=True))
    numbers = any(all(NUMBER.match(cell.text) for cell in each) for each in columns[1:])
    brief = all(len(cell.text) <= LONGEST_CELL for row in body for cell in row)
    if not numbers or not brief or _has_number(header) or not _is_near(header, body[0]):
        return None
    taken = sorted(letter for piece in header for letter in letters(piece))
    borders = [_border(left, right, taken) for left, right in pairwise(columns)]
    whole = [piece for row in (header, *body) for piece in row]
    return _of_borders([header, *body], whole, borders)


def _has_number(row: Pieces) -> bool:
    return any(NUMBER.match(word) for piece in row for word in piece.text.split())


def _border(left: Pieces, right: Pieces, taken: Sequence[tuple[float, float]]) -> float | None:
    """The middle of the widest strip between two columns in which the header has no letter."""
    start, end = max(each.right for each in left), min(each.left for each in right)
    within = [(a, b) for a, b in taken if b > start and a < end]
    reached, best = start, (0.0, 0.0)
    for begins, ends in [*within, (end, end)]:
        best = max(best, (begins - reached, (begins + reached) / 2))
        reached = max(reached, ends)
    return best[1] if best[0] >= APART * left[0].size else None


def _of_borders(
    rows: Sequence[Pieces], pieces: Pieces, borders: Sequence[float | None]
) -> Grid | None:
    between = [each for each in borders if each is not None]
    if len(between) < len(borders):
        return None
    left, right = min(each.left for each in pieces), max(each.right for each in pieces)
    heights = [(a[0].middle + b[0].middle) / 2 for a, b in pairwise(rows)]
    top, bottom = max(each.top for each in rows[0]), min(each.bottom for each in rows[-1])
    return Grid(
        columns=(left - AROUND, *between, right + AROUND),
        rows=(top + 1, *heights, bottom - 1),
        cells=tuple(
            (row, column, row + 1, column + 1)
            for row in range(len(rows))
            for column in range(len(between) + 1)
        ),
    )
