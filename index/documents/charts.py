"""Charts of Office files: what they show, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator

from index.documents.cell_formats import shown
from index.documents.draft import PARAGRAPH, ROW, Block
from index.documents.markup import Element, attribute, name_of
from index.documents.tables import row_text

MOST_POINTS = 1000


def chart_blocks(root: Element, page: int | None = None) -> Iterator[Block]:
    """The title, then a row a category: its name and the value of each series there."""
    title = next((each for each in root.iter() if name_of(each) == "title"), None)
    if title is not None and (text := _text(title)) and not _within_axis(title):
        yield Block(text, page=page)
    columns = [each for each in root.iter() if name_of(each) == "ser"]
    names = [_text(_part(each, "tx")) for each in columns]
    labels = next(filter(None, (_points(_part(each, "cat", "xVal")) for each in columns)), {})
    values = [_points(_part(each, "val", "yVal")) for each in columns]
    joint = PARAGRAPH
    for at in sorted(set().union(*values))[:MOST_POINTS]:
        row = [labels.get(at, ""), *(column.get(at, "") for column in values)]
        if text := row_text(["", *names], row):
            yield Block(text, joint=joint, page=page)
            joint = ROW


def _within_axis(title: Element) -> bool:
    return any(name_of(each).endswith("Ax") for each in title.iterancestors())


def _part(series: Element, *names: str) -> Element | None:
    return next((each for each in series if name_of(each) in names), None)


def _text(part: Element | None) -> str:
    if part is None:
        return ""
    texts = [each.text or "" for each in part.iter() if name_of(each) in ("t", "v")]
    return " ".join("".join(texts).split())


def _points(part: Element | None) -> dict[int, str]:
    """Position to text; numbers as the chart shows them."""
    if part is None:
        return {}
    code = next((each.text or "" for each in part.iter() if name_of(each) == "formatCode"), "")
    found = {}
    for each in part.iter():
        place = attribute(each, "idx") or "" if name_of(each) == "pt" else ""
        if place.isdecimal():
            found[int(place)] = _number(_text(each), code)
    return found


def _number(text: str, code: str) -> str:
    try:
        return shown(float(text), code) or text
    except ValueError:
        return text
