"""Tables of pages: those that only place things, cells that span others, lists in cells."""

from __future__ import annotations

from index.documents.markup import Element
from index.documents.page_parts import LITTLE, size, weight

LONGEST_SPANNING = 200
MOST_SPANNED = 100


def lay_out_tables(root: Element) -> None:
    """Makes divisions of the tables of old sites that only place things."""
    for table in list(root.iter("table")):
        cells = table.xpath("./tr/*|./*/tr/*")
        if any(map(_places, cells)):
            for each in [table, *table.xpath("./tr|./*[tr]|./*/tr"), *cells]:
                each.tag = "div"


def _places(cell: Element) -> bool:
    """Whether a cell holds a part of the page and not a value."""
    prose = len(cell.findall("p")) > 1 and size(cell) > LITTLE * 2
    return prose or cell.find(".//table") is not None


def fill_spans(root: Element) -> None:
    """Gives each row of a table a cell for each column: one that spans rows is in all of them."""
    for table in root.iter("table"):
        if table.find(".//table") is None and table.xpath(".//*[@rowspan or @colspan]"):
            rows = list(table.iter("tr"))
            groups = len(rows) > 2 and _groups(rows[0]) and all(map(_is_head, rows[:2]))
            _fill_rows(rows)
            if groups:
                _join(rows[0], rows[1])


def _groups(row: Element) -> bool:
    """Whether it names groups of columns, beside others: one name over all is a caption."""
    return len(row) > 1 and any(_spans(each) > 1 for each in row)


def _spans(cell: Element) -> int:
    number = cell.get("colspan", "1").strip()
    return int(number) if number.isdecimal() and len(number) < 5 else 1


def _is_head(row: Element) -> bool:
    return len(row) > 0 and all(each.tag == "th" for each in row)


def _join(groups: Element, names: Element) -> None:
    """Says the name of each group before the names of its columns, in one row."""
    above = ""
    for group, name in zip(groups, names, strict=False):
        above = " ".join(group.text_content().split()) or above
        own = " ".join(name.text_content().split())
        if above and own != above:
            for each in list(name):
                name.remove(each)
            name.text = f"{above} {own}".strip()
    groups.getparent().remove(groups)


def _fill_rows(rows: list[Element]) -> None:
    above: dict[int, tuple[int, Element]] = {}
    for row in rows:
        cells = [each for each in row if each.tag in ("td", "th")]
        below: dict[int, tuple[int, Element]] = {}
        filled: list[Element] = []
        while cells or any(column >= len(filled) for column in above):
            column = len(filled)
            if column in above:
                rest, cell = above[column]
                filled.append(_like(cell, cell.text_content()))
            elif cells:
                cell = cells.pop(0)
                rest = _span(cell, "rowspan") - 1
                filled += [cell, *(_like(cell, "") for _ in range(_span(cell, "colspan") - 1))]
            else:
                filled.append(row.makeelement("td"))
                continue
            if rest > 0:
                below[column] = (rest - 1, cell)
        row[:] = filled
        above = below


def _like(cell: Element, text: str) -> Element:
    """Another cell of its kind; a long text is not said in each row."""
    made = cell.makeelement(cell.tag)
    made.text = text if len(text) <= LONGEST_SPANNING else ""
    return made


def _span(cell: Element, name: str) -> int:
    """How many rows or columns the cell takes; the attribute is taken away."""
    number = cell.attrib.pop(name, "1").strip()
    return max(1, min(int(number), MOST_SPANNED)) if number.isdecimal() else 1


def flatten_tables(root: Element) -> None:
    """Leaves but their text in cells, since trafilatura drops lists and links there."""
    for table in root.iter("table"):
        if len(table.xpath(".//tr")) > 1 and 2 * weight(table) > size(table):
            for cell in table.xpath(".//td|.//th"):
                _flatten(cell)


def _flatten(cell: Element) -> None:
    for each in list(cell.iter("style", "script", "noscript", "template")):
        each.drop_tree()
    for item in cell.xpath(".//li[following-sibling::li]"):
        item.tail = ", "
    for each in cell.iter("br", "p", "div", "ul", "ol"):
        each.tail = f" {each.tail or ''}"
    text = " ".join(cell.text_content().split())
    for each in list(cell):
        cell.remove(each)
    cell.text = text
