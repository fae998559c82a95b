"""What a page hides: what opens at a touch is text, all else is not."""

from __future__ import annotations

import re

from index.documents.markup import Element, name_of
from index.documents.page_parts import BETWEEN, names_of, size

HIDDEN = "//template|//*[@hidden and not(@hidden='until-found')]|//*[@style or @class]"
STYLE = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em)?(?:;|$)"
    r"|(?:left|top|text-indent):-\d{3,}|clip:rect\(0"
)
"""How a style says, its spaces taken away, that nobody sees it."""
CLASS = re.compile(r"(?:^|\s)(?:hidden|hide|d-none|is-hidden|display-none)(?:\s|$)")
SHOWN = re.compile(
    r"(?:sm|md|lg|xl)[:-](?:block|flex|inline|grid)|d-(?:sm|md|lg|xl)-(?:block|flex)"
)
"""What is hidden on small screens alone."""
FOLDED = re.compile(
    r"accordion|collaps|toggle|expand|faq|answer|tab-?(?:pane|panel)", re.IGNORECASE
)
"""How parts are named that open at a touch."""


def open_folded(root: Element) -> None:
    """Shows what opens at a touch, below what is touched, which may be a button, as a heading."""
    opened = set(root.xpath("//@aria-controls"))
    for element in list(root.iter("button", "summary", "div", "a", "span")):
        if _is_opener(element):
            element.tag = "span" if _in_heading(element) else "h4"
            element.attrib.clear()
    for element in _hidden(root):
        folded = FOLDED.search(names_of(element)) or element.get("role") == "tabpanel"
        if folded or element.get("id") in opened:
            element.attrib.pop("hidden", None)
            element.attrib.pop("style", None)
            element.attrib.pop("class", None)


def _hidden(root: Element) -> list[Element]:
    """What is not shown by its attribute, style or class."""
    return [
        each
        for each in root.xpath(HIDDEN)
        if each.tag == "template"
        or (each.get("hidden") is not None and each.get("hidden") != "until-found")
        or STYLE.search("".join(each.get("style", "").lower().split()))
        or (CLASS.search(each.get("class", "")) and not SHOWN.search(each.get("class", "")))
    ]


def _is_opener(element: Element) -> bool:
    """Whether it opens a part of the text: not a menu, nor a dialog."""
    if element.get("aria-expanded") is None and not (
        element.tag == "button" and (FOLDED.search(names_of(element)) or _in_heading(element))
    ):
        return False
    away = {"nav", "header", "footer", "form"}
    outside = any(each.tag in away for each in element.iterancestors())
    return not outside and element.get("aria-haspopup") is None and len(element) <= BETWEEN


def _in_heading(element: Element) -> bool:
    return any(re.fullmatch("h[1-6]|dt", name_of(each)) for each in element.iterancestors())


def open_forms(root: Element) -> None:
    """Makes divisions of forms that hold text instead of fields, or most of a page."""
    for form in list(root.iter("form")):
        fields = form.xpath(".//input[not(@type='hidden')]|.//textarea|.//select")
        if not fields or 2 * size(form) > size(root):
            form.tag = "div"


def drop_hidden(root: Element) -> None:
    """Takes away what a reader is not shown; not most of a page, which its scripts show."""
    for element in _hidden(root):
        most = 2 * size(element) > size(root)
        if element.getparent() is not None and not most:
            element.drop_tree()
