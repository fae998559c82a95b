"""Lines of a PDF in scripts that run from right to left, put in the order of writing.

A PDF has shapes in places, not text. What is read from it goes from right to left, but for numbers,
which keep the marks beside them where they stand; and a bracket has the shape that it has on the
page, which is the other one of its pair.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.documents.layout import Line
from index.documents.wrapping import is_right_to_left

PAIRS = ("()", "[]", "{}", "«»", "‹›")
OTHER = str.maketrans("".join(PAIRS), "".join(pair[::-1] for pair in PAIRS))
BEFORE_NUMBER = re.compile(r"(?<!\S)([.,:;،؛!؟?٪%]+)(\d[\d.,:/٫٬-]*)(?!\S)")
WORD = re.compile(r"\S+")


def in_writing_order(lines: Sequence[Line], words: Mapping[str, str]) -> list[Line]:
    """The lines of a page, those from right to left as they are written; the columns of a table
    too. `words` are what to put for words whose letters came in another order.
    """
    mirrored = _are_mirrored([each.text for each in lines if is_right_to_left(each.text)])
    return [_written(each, words, mirrored) for each in lines]


def _written(line: Line, words: Mapping[str, str], mirrored: bool) -> Line:
    if not is_right_to_left(line.text):
        return line
    text = _text(line.text, words, mirrored)
    table = line.table
    if table is not None:
        rows = [tuple(_text(cell, words, mirrored) for cell in row[::-1]) for row in table.rows]
        table = replace(table, rows=tuple(rows), text=text)
    return replace(line, text=text, table=table)


def _text(text: str, words: Mapping[str, str], mirrored: bool) -> str:
    if not is_right_to_left(text):
        return text
    text = WORD.sub(lambda match: words.get(match[0], match[0]), text)
    text = BEFORE_NUMBER.sub(r"\2\1", text)
    return text.translate(OTHER) if mirrored else text


def _are_mirrored(texts: Sequence[str]) -> bool:
    """Whether in more lines than not a closing bracket stands before the opening one."""
    votes = 0
    for text in texts:
        for pair in PAIRS:
            first, last = text.find(pair[0]), text.find(pair[1])
            if first >= 0 and last >= 0:
                votes += 1 if last < first else -1
    return votes > 0
