"""Tables whose cells are parted by drawn lines: from the lines on a page to rows of cells."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from statistics import median

from index.documents.tables import Row, header_at, stands_above_numbers
from index.documents.wrapping import run_on

Box = tuple[float, float, float, float]
"""left, bottom, right, top."""
Span = tuple[int, int, int, int]
"""Of a cell: its first row and column, and the row and column behind its last."""
SAME = 2.5
"""Points within which lines are one line: a border that was drawn twice."""
TOUCHING = 4.0
MOST_RULES = 400
"""With more lines a page is a drawing or a chart."""
MOST_CELLS = 3000
LONGEST_CELL = 1500
LONGEST_USUAL = 200
"""Characters that half of the cells may have; longer ones are prose in a frame."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line, in points: where it stands, and from where to where it runs."""

    at: float
    start: float
    end: float

    def reaches(self, place: float) -> bool:
        return self.start - TOUCHING <= place <= self.end + TOUCHING


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table row by row, with the borders of its columns, from the left."""

    borders: tuple[float, ...]
    rows: tuple[Row, ...]
    text: str
    """All that stands in its cells, each once, with the line ends as they were drawn."""
    headed: bool
    """Whether it is certain that a row names the columns."""

    def goes_on_in(self, other: Table) -> bool:
        """Whether the other has the same columns."""
        pairs = zip(self.borders, other.borders, strict=False)
        same = all(abs(one - another) <= SAME for one, another in pairs)
        return same and len(self.borders) == len(other.borders)


@dataclass(frozen=True, slots=True)
class Grid:
    """The borders of columns and rows, from the left and from the top, and the cells in them."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: tuple[Span, ...]

    @property
    def box(self) -> Box:
        return self.columns[0], self.rows[-1], self.columns[-1], self.rows[0]

    def places(self, boxes: Sequence[Box]) -> list[int] | None:
        """In which cell each box lies; None when one of them lies in several, or in none."""
        cell_at = {
            (row, column): number
            for number, (top, left, bottom, right) in enumerate(self.cells)
            for row in range(top, bottom)
            for column in range(left, right)
        }
        heights = [-each for each in self.rows]
        found = []
        for left, bottom, right, top in boxes:
            row = bisect(heights, -(bottom + top) / 2) - 1
            columns = bisect(self.columns, left + 1) - 1, bisect(self.columns, right - 1) - 1
            cells = {cell_at.get((row, column)) for column in columns}
            if len(cells) > 1 or None in cells:
                return None
            found += [each for each in cells if each is not None]
        return found

    def box_of(self, cell: Span) -> Box:
        top, left, bottom, right = cell
        return self.columns[left], self.rows[bottom], self.columns[right], self.rows[top]


def grids(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[Grid]:
    """The grids that the lines make, at least two rows and columns each, most borders drawn."""
    across, down = _joined(across), _joined(down)
    if len(across) + len(down) > MOST_RULES:
        return
    for rows, columns in _connected(across, down):
        grid = _grid(rows, columns)
        if grid is not None:
            yield grid


Style = tuple[object, ...]
"""What letters look like; equal where they look alike."""


def table_of(grid: Grid, drawn: Sequence[str], style_in: Callable[[Box], Style]) -> Table | None:
    """The table of what is drawn in each of the grid's cells; None when that is none of a table.

    A cell that spans rows says in each of them what it says.
    """
    texts = [_running(text) for text in drawn]
    filled = [len(text) for text in texts if text]
    if 2 * len(filled) < len(texts) or len(filled) < 4:
        return None
    if max(filled) > LONGEST_CELL or median(filled) > LONGEST_USUAL:
        return None
    rows = [["" for _ in grid.columns[1:]] for _ in grid.rows[1:]]
    for (top, left, bottom, _), text in zip(grid.cells, texts, strict=True):
        for row in rows[top:bottom]:
            row[left] = text
    text = "\n".join(filter(None, drawn))
    return Table(grid.columns, tuple(map(tuple, rows)), text, _is_headed(grid, rows, style_in))


def _is_headed(grid: Grid, rows: list[list[str]], style_in: Callable[[Box], Style]) -> bool:
    """Whether the row that may be a header looks otherwise than the one below, or stands above
    numbers. Without that the first of many rows is not told from the others.
    """
    at = header_at(rows)
    if at is None:
        return False
    if stands_above_numbers(rows[at:]):
        return True
    columns = zip(rows[at], rows[at + 1], strict=True)
    both = [column for column, texts in enumerate(columns) if all(texts)]
    styles = [
        [style_in(grid.box_of((row, column, row + 1, column + 1))) for column in both]
        for row in (at, at + 1)
    ]
    differ = sum(one != other for one, other in zip(*styles, strict=True))
    return bool(both) and 2 * differ >= len(both)


def _running(text: str) -> str:
    """The lines of a cell as one."""
    lines = text.split("\n")
    return reduce(lambda before, after: run_on(before, after, set(), typeset=True), lines)


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """The lines with those put together that go on in one another."""
    joined: list[Rule] = []
    placed: list[list[Rule]] = []
    for rule in sorted(rules, key=lambda each: each.at):
        if placed and rule.at - placed[-1][0].at <= SAME:
            placed[-1].append(rule)
        else:
            placed.append([rule])
    for group in placed:
        for rule in sorted(group, key=lambda each: each.start):
            last = joined[-1] if joined else None
            if last and last.at == group[0].at and rule.start <= last.end + SAME:
                joined[-1] = Rule(last.at, last.start, max(last.end, rule.end))
            else:
                joined.append(Rule(group[0].at, rule.start, rule.end))
    return joined


def _connected(across: list[Rule], down: list[Rule]) -> Iterator[tuple[list[Rule], list[Rule]]]:
    """The lines in groups that touch each other."""
    left = set(range(len(down)))
    unseen = list(across)
    while unseen:
        rows, columns = [], []
        queue = [unseen.pop()]
        while queue:
            row = queue.pop()
            rows.append(row)
            for at in [each for each in left if _cross(row, down[each])]:
                left.discard(at)
                columns.append(down[at])
                queue += [each for each in unseen if _cross(each, down[at])]
                unseen = [each for each in unseen if not _cross(each, down[at])]
        yield rows, columns


def _cross(across: Rule, down: Rule) -> bool:
    return across.reaches(down.at) and down.reaches(across.at)


def _grid(across: list[Rule], down: list[Rule]) -> Grid | None:
    """The grid of lines that touch each other; None when too few of its borders are drawn."""
    if len(across) < 2 or not down:
        return None
    ends = [min(each.start for each in across), max(each.end for each in across)]
    columns = _distinct([*(each.at for each in down), *ends])
    ends = [min(each.start for each in down), max(each.end for each in down)]
    rows = _distinct([*(each.at for each in across), *ends])[::-1]
    if min(len(columns), len(rows)) < 3 or len(columns) * len(rows) > MOST_CELLS:
        return None
    beside = _drawn(down, columns, rows)
    below = _drawn(across, rows, columns)
    if _share(beside) < 0.75 or _share(below) < 0.5:
        return None
    return Grid(tuple(columns), tuple(rows), tuple(_spans(beside, below)))


def _distinct(places: Sequence[float]) -> list[float]:
    """The places from the smallest, those that touch as one."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > TOUCHING:
            kept.append(place)
    return kept


Drawn = list[list[bool]]
"""For each border between two columns (or rows): whether it is drawn in each row (or column)."""


def _drawn(rules: list[Rule], borders: Sequence[float], others: Sequence[float]) -> Drawn:
    middles = [(first + last) / 2 for first, last in pairwise(others)]
    found = []
    for border in borders[1:-1]:
        here = [each for each in rules if abs(each.at - border) <= TOUCHING]
        found.append([any(each.reaches(middle) for each in here) for middle in middles])
    return found


def _share(drawn: Drawn) -> float:
    each = [one for border in drawn for one in border]
    return sum(each) / len(each)


def _spans(beside: Drawn, below: Drawn) -> Iterator[Span]:
    """The cells: each goes on to the right and down until a border is drawn."""
    rows, columns = len(beside[0]), len(below[0])
    taken: set[tuple[int, int]] = set()
    for top in range(rows):
        for left in range(columns):
            if (top, left) in taken:
                continue
            right, bottom = left + 1, top + 1
            while right < columns and not beside[right - 1][top] and (top, right) not in taken:
                right += 1
            while bottom < rows and not any(below[bottom - 1][left:right]):
                bottom += 1
            taken |= {(row, at) for row in range(top, bottom) for at in range(left, right)}
            yield top, left, bottom, right
