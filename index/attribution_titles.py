"""What a named speaker is: the title before a name, the apposition beside it."""

from __future__ import annotations

import re

from index.attribution_names import Source
from index.attribution_words import (
    AUXILIARIES,
    ROLES,
    SUBORDINATORS,
    TITLE_WORDS,
    TITLES,
    is_verb,
    tokens_of,
    word_set,
)


def with_title(text: str, name: tuple[int, int]) -> tuple[int, int]:
    """ "Captain Hobbs", where the text has no more of the name than "Hobbs"."""
    before = tokens_of(text, max(0, name[0] - 30), name[0])
    titled = bool(before) and before[-1].capital and before[-1].bare in TITLES | TITLE_WORDS
    return (before[-1].start, name[1]) if titled else name


def role_of(text: str, source: Source) -> tuple[int, int] | None:
    return source.role or role_at(text, source.name)


_APPOSITION = re.compile(r"\s?[,(—–]\s?((?:[^\W\d_]|[@'’-])[^,.;:()—–\n\"“”]{2,90})(?=[,.)—–;])")


_NO_ROLE = word_set("who whose which where when and but said including with")
_APPOSED = re.compile(
    r"(?:^|[\s\"”’])((?:the|an?|another|his|her|their|its|our|one|[A-Z][\w-]{1,30}['’]s?)"
    r" [^,.;:()\"“”\n]{2,80}),\s\Z",
    re.IGNORECASE,
)


def role_at(text: str, name: tuple[int, int]) -> tuple[int, int] | None:
    """What stands as an apposition after a name, or as a title before it."""
    match = _APPOSITION.match(text, name[1], name[1] + 100)
    if match:
        words = re.findall(r"[\w-]+", match.group(1).casefold())
        clause = next((i for i, word in enumerate(words) if word in SUBORDINATORS), len(words))
        told = not AUXILIARIES.isdisjoint(words[:clause])
        if words and words[0] not in _NO_ROLE and ROLES & set(words) and not told:
            return match.span(1)
    match = _APPOSED.search(text, max(0, name[0] - 110), name[0])
    if match and ROLES & set(re.findall(r"[\w-]+", match.group(1).casefold())):
        words = tokens_of(text, *match.span(1))
        return None if any(is_verb(word) for word in words) else match.span(1)
    start = max(0, name[0] - 60)
    last = text[start : name[0]].rsplit(maxsplit=1)[-1:]
    if not last or tokens_of(last[0], 0, len(last[0]))[-1].bare not in TITLE_WORDS:
        return None  # as for most names; the words before them needn't be looked at
    before = tokens_of(text, start, name[0])
    at = len(before)
    while at and before[at - 1].kind == "word" and before[at - 1].bare in TITLE_WORDS:
        at -= 1
    if at == len(before) or not before:
        return None
    while at and before[at - 1].is_name and before[at - 1].start > start:
        at -= 1
    return before[at].start, before[-1].end
