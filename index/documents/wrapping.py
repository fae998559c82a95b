"""Text with line ends to paragraphs, joining hard-wrapped lines where it is certain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

LIST_ITEM = re.compile(r"\s*(?:[-*+•‣◦▪–—·]|\(?(?:\d{1,3}|[A-Za-z]|[ivx]{1,5})[.)])\s+\S")
CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
NARROWEST, WIDEST = 40, 110
CERTAIN = 0.85
"""The share of line ends that must be where a writer that fills lines would have put them."""


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a plain text, hard-wrapped lines joined; a kept line end is "\\n"."""
    stanzas = [
        [each.rstrip() for each in stanza.split("\n") if each.strip()]
        for stanza in re.split(r"\n[^\S\n]*\n", text.expandtabs(4))
    ]
    stanzas = [stanza for stanza in stanzas if stanza]
    width = wrap_width(stanzas)
    words = vocabulary(text) if width else set()
    return [unwrapped(stanza, width, words) if width else "\n".join(stanza) for stanza in stanzas]


def wrap_width(stanzas: Sequence[Sequence[str]]) -> int | None:
    """The column at which the text was wrapped; None when it does not look wrapped."""
    pairs = [
        (before, after)
        for stanza in stanzas
        for before, after in pairwise(stanza)
        if not LIST_ITEM.match(after) and not before.isupper()  # capitals are a heading
    ]
    if len(pairs) < 3:
        return None
    lengths = sorted(len(before) for before, _ in pairs)
    width = lengths[min(len(lengths) - 1, round(len(lengths) * 0.95))]
    full = sum(_is_full(before, after, width) for before, after in pairs)
    certain = NARROWEST <= width <= WIDEST and full >= CERTAIN * len(pairs)
    return width if certain else None


def _is_full(before: str, after: str, width: int) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    return len(before) + 1 + len(after.split(None, 1)[0]) > width - 2


def unwrapped(lines: Sequence[str], width: int, words: set[str]) -> str:
    """One paragraph of a text wrapped at `width`; list items keep their own lines."""
    joined = lines[0]
    previous = lines[0]
    for each in lines[1:]:
        if LIST_ITEM.match(each) or not _is_full(previous, each, width):
            joined += "\n" + each
        else:
            joined = run_on(joined, each.strip(), words)
        previous = each
    return joined


def run_on(before: str, after: str, words: set[str], typeset: bool = False) -> str:
    """Two lines as one. A hyphen at the line end goes where the word without it occurs in the text
    and the word with it does not; for what does not occur, only in typeset text.
    """
    hyphen = re.search(r"([^\W\d_]+)[-\u2010\xad]$", before)
    rest = re.match(r"[^\W\d_]+", after)
    if hyphen and rest:
        whole, compound = (f"{hyphen[1]}{each}{rest[0]}".lower() for each in ("", "-"))
        dropped = whole in words or (typeset and rest[0].islower() and compound not in words)
        return (before[:-1] if dropped and compound not in words else before) + after
    if before and after and CJK.match(before[-1]) and CJK.match(after[0]):
        return before + after
    return f"{before} {after}"


def vocabulary(text: str) -> set[str]:
    """The words of a text in lower case, compounds with their hyphens."""
    return set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.lower()))


def is_right_to_left(text: str) -> bool:
    """Whether most of it is of a script that is written from right to left."""
    letters = [each for each in text if each.isalpha()]
    turned = sum("\u0590" <= each <= "\u08ff" or "\ufb1d" <= each <= "\ufefc" for each in letters)
    return turned * 2 > len(letters)
