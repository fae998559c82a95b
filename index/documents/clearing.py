"""Clears a page of what is not its text, and marks where its text is, for `web` to look there."""

from __future__ import annotations

import re
from collections import Counter

from index.documents.markup import Element, name_of

SKIPPED = {"script", "style", "noscript", "template", "head", "nav", "svg", "iframe", "button",
           "select", "textarea", "form", "footer", "aside", "title"}  # fmt: skip
MARKS = (
    "//a[contains(concat(' ', @class, ' '), ' headerlink ') or normalize-space() = '¶']"
    "|//*[contains(@class, 'mw-editsection')]"
    "|//sup[contains(@class, 'reference') or contains(@class, 'noprint')]"
    "|//*[@id='toc' or @role='doc-toc' or @role='navigation' or @role='search']"
    "|//button|//*[@role='button']"
)
"""What belongs to the page's machinery: permalinks, edit links, numbers of notes, menus."""
HIDDEN = (
    "//template|//*[@hidden and not(@hidden='until-found')]"
    "|//*[contains(translate(@style, ' ', ''), 'display:none')]"
)
LONGEST_SPANNING = 200
MOST_SPANNED = 100
CONSENT = re.compile(r"cookie|consent|gdpr|\bcmp-|onetrust|truste-", re.IGNORECASE)
OFFERS = re.compile(r"recommend|upsell", re.IGNORECASE)
PROSE = 80
"""Characters of a paragraph: what offers other things to read or buy has none so long."""
NAMED = re.compile(r"post|entry|article|text|content", re.IGNORECASE)
PARTS = {"div", "section", "center"}
LITTLE = 60
"""Characters of main text that are enough not to look for more."""
BETWEEN = 3
"""Characters that part one link from the next."""
MOST = 0.7
"""A part that holds so much of the page's text is where the main text is."""


def clear(root: Element) -> None:
    """Takes away notices and menus, and names the part of the page that holds its text."""
    drop_hidden(root)
    _drop_notices(root)
    _lay_out_tables(root)
    fill_spans(root)
    _drop_menus(root)
    _flatten_tables(root)
    _mark_main(root)


def drop_hidden(root: Element) -> None:
    """Takes away what a reader is not shown; not most of a page, which its scripts show."""
    for element in root.xpath(HIDDEN):
        most = 2 * len(element.text_content()) > len(root.text_content())
        if element.getparent() is not None and not most:
            element.drop_tree()


def fill_spans(root: Element) -> None:
    """Gives each row of a table a cell for each column: one that spans rows is in all of them."""
    for table in root.iter("table"):
        if table.find(".//table") is None and table.xpath(".//*[@rowspan or @colspan]"):
            _fill_rows(list(table.iter("tr")))


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


def _drop_notices(root: Element) -> None:
    """Takes away notices about cookies and the like, and what belongs to the page's machinery."""
    for element in root.xpath(MARKS):
        if element.getparent() is not None:
            element.drop_tree()
    for folded in list(root.iter("details", "summary")):
        folded.tag = "h4" if folded.tag == "summary" else "div"
    for element in list(root.iter()):
        if element.getparent() is not None and (_is_notice(element) or _is_offer(element)):
            element.drop_tree()


def _is_notice(element: Element) -> bool:
    """Whether it asks for consent; some sites mark the whole page with the state of it."""
    return bool(CONSENT.search(_named(element))) and len(element.xpath(".//p")) < 10


def _is_offer(element: Element) -> bool:
    """Whether it names other things to read or to buy, and says no more about them."""
    return bool(OFFERS.search(_named(element))) and not any(
        len(each.text_content()) > PROSE for each in element.iter("p")
    )


def _named(element: Element) -> str:
    return f"{element.get('id', '')} {element.get('class', '')}"


def _lay_out_tables(root: Element) -> None:
    """Makes divisions of the tables of old sites that only place things."""
    for table in list(root.iter("table")):
        cells = table.xpath("./tr/*|./*/tr/*")
        if any(map(_places, cells)):
            for each in [table, *table.xpath("./tr|./*[tr]|./*/tr"), *cells]:
                each.tag = "div"


def _flatten_tables(root: Element) -> None:
    """Leaves but their text in cells, since trafilatura drops lists and links there."""
    for table in root.iter("table"):
        if len(table.xpath(".//tr")) > 1 and 2 * _weight(table) > len(table.text_content()):
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


def _drop_menus(root: Element) -> None:
    """Takes away what is but links, as long as the page has other text."""
    menus = [
        each
        for each in root.iter("div", "ul", "ol", "p", "span", "tr")
        if (links := len(list(each.iter("a")))) > 1
        and _weight(each) <= BETWEEN * links
        and next(each.iterancestors("td", "th"), None) is None
        and each.find("th") is None
    ]
    if _weight(root) >= LITTLE:
        for each in menus:
            if each.getparent() is not None:
                each.drop_tree()


def _mark_main(root: Element) -> None:
    """Names the part that holds most of the text, on pages that do not: trafilatura goes by names.

    Where several parts have the name, as in a forum, it would take the first one alone.
    """
    for each in root.xpath("//article[following-sibling::article or preceding-sibling::article]"):
        each.tag = "div"
    named = [each for each in root.iter(*PARTS) if NAMED.search(each.get("class", ""))]
    often = Counter(each.get("class") for each in named)
    for each in named:
        if often[each.get("class")] > 1:
            del each.attrib["class"]
    body = root.find("body")
    if body is None or root.xpath("//article|//main|//*[@role='main' or @itemprop='articleBody']"):
        return
    part, most = body, MOST * _weight(body)
    while inner := [each for each in part if each.tag in PARTS and _weight(each) >= most]:
        part = inner[0]
    if part is not body:
        article = part.makeelement("article")
        part.addprevious(article)
        article.append(part)


def _weight(element: Element) -> int:
    """Characters that are not in links, nor in what is no text."""
    if name_of(element) in SKIPPED:
        return 0
    return len(element.text_content()) - sum(len(a.text_content()) for a in element.iter("a"))


def _places(cell: Element) -> bool:
    """Whether a cell holds a part of the page and not a value."""
    prose = len(cell.findall("p")) > 1 and len(cell.text_content()) > 200
    return prose or cell.find(".//table") is not None
