"""What kind of thing a question expects (a name, a date, a number, a place), and finding one."""

from __future__ import annotations

import re

from index.words import stems

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NUMBER_WORD = (
    "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    "sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|"
    "hundred|thousand|million|billion|dozen|half|once|twice)"
)
_NAME = r"[A-ZÀ-ÞŠŽČĆĐ][\w’'-]*\w|[A-Z]\."

_PATTERNS = {
    "when": re.compile(
        rf"(?:\d{{1,2}} {_MONTH}(?: \d{{4}})?|{_MONTH} \d{{1,2}}(?:, \d{{4}})?|{_MONTH} \d{{4}}"
        rf"|{_DAY}(?:,? \d{{1,2}} {_MONTH})?|\b(?:1\d|20)\d\ds?\b|\b{_MONTH}\b"
        r"|\b\d{1,2}(?:st|nd|rd|th) century\b|\b\d{1,2}:\d\d\b)"
    ),
    "how many": re.compile(
        rf"[$€£]?\d[\d,.]*(?:\s?%| percent| (?:million|billion|thousand))?|\b{_NUMBER_WORD}"
        rf"(?:[- ]{_NUMBER_WORD})*\b",
        re.IGNORECASE,
    ),
    "who": re.compile(rf"(?:{_NAME})(?:(?: (?:of|the|de|van|von|bin|al|ibn))? (?:{_NAME}))*"),
    "where": re.compile(
        rf"(?<=\b(?:in|at|to|on|of) )(?:the )?(?:{_NAME})(?:,? (?:{_NAME}))*"
        rf"|(?<=\b(?:from|near) )(?:the )?(?:{_NAME})(?:,? (?:{_NAME}))*"
    ),
}
_KINDS = {
    "how many": re.compile(r"\bhow (?:many|much|old|long|far|tall|high|large|big|often)\b", re.I),
    "when": re.compile(
        r"\bwhen\b|\b(?:what|which|in what|in which) (?:year|date|day|month|century)\b", re.I
    ),
    "where": re.compile(r"\bwhere\b|\b(?:what|which) (?:city|country|place|town|state)\b", re.I),
    "who": re.compile(r"\bwho(?:m|se)?\b", re.I),
}


def expected(question: str) -> str | None:
    """ "how many", "when", "where" or "who"; None for a question that does not say."""
    return next((kind for kind, pattern in _KINDS.items() if pattern.search(question)), None)


def holds(kind: str, text: str, question: str) -> tuple[int, int] | None:
    """Where the text first holds such a thing that the question itself does not; else None."""
    asked = set(stems(question))
    for found in _PATTERNS[kind].finditer(text):
        sentence_start = kind == "who" and found.start() == 0 and " " not in found.group()
        if not sentence_start and not set(stems(found.group())) <= asked:
            return found.span()
    return None
