"""Parts of a page: their names, and how much of their text is its own."""

from __future__ import annotations

from index.documents.markup import Element, name_of

SKIPPED = {"script", "style", "noscript", "template", "head", "nav", "svg", "iframe", "button",
           "select", "textarea", "form", "footer", "aside", "title"}  # fmt: skip
PARTS = {"div", "section", "center"}
PROSE = 80
"""Characters of a paragraph: what offers other things to read or buy has none so long."""
LITTLE = 60
"""Characters of main text that are enough not to look for more."""
BETWEEN = 3
"""Characters that part one link from the next."""


def weight(element: Element) -> int:
    """Characters that are not in links, nor in what is no text; spaces in a row count once."""
    if name_of(element) in SKIPPED:
        return 0
    return size(element) - sum(map(size, element.iter("a")))


def size(element: Element) -> int:
    """All its characters; spaces in a row count once: pages are indented."""
    return len(" ".join(element.text_content().split()))


def names_of(element: Element) -> str:
    return f"{element.get('id', '')} {element.get('class', '')}"
