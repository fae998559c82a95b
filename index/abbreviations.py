"""Abbreviations that a text itself spells out, and what a question gains from knowing them.

The pairs are found as Schwartz and Hearst describe: "A Simple Algorithm for Identifying
Abbreviation Definitions in Biomedical Text", Pacific Symposium on Biocomputing 8 (2003). To their
rules, which read parentheses, come lines of a glossary, and bounds that trade recall for precision.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from index.words import STOP_WORDS, content_words, stem, words

LONGEST_SHORT = 10
"""Characters of an abbreviation (Schwartz and Hearst, 2003)."""
LONGEST_BEFORE = 1 + LONGEST_SHORT + 2
"""Characters of it with what may stand around it in front of a parenthesis."""
WINDOW = 200
"""Characters in front of a parenthesis in which the long form is looked for."""
INITIALS = 0.5
"""Share of the abbreviation's characters that must begin words of the long form."""

_SHORT = r"[^\W_](?:[\w&./-]{0,8}[^\W_])?"
_IN_PARENTHESES = re.compile(r"\(([^()\n]{2,120}(?:\n[^()\n]{1,80})?)\)")
_BEFORE = re.compile(rf"(?:^|[\s“\"'(])({_SHORT})[”\"']? ?$")
_OR = re.compile(rf" or (?:the )?({_SHORT})(?=[,;.)\s])")
_GLOSSARY = re.compile(
    rf"^[ \t*_>•-]{{0,6}}({_SHORT})[*_]{{0,2}}[ \t]?[:.–—=-][*_]{{0,2}}[ \t]+([^\n]{{3,200}})", re.M
)
_SENTENCE_ENDS = re.compile(r"[.!?;:]\s|\n\s*\n|[()\[\]]")
_LONG_ENDS = re.compile(r"[,;:.!?]\s|[,;:.!?]$|\s[–—-]\s|[()\[\]]")
_SPACE = re.compile(r"\s+")
_MORE = re.compile(r"[;,]\s")
_ALSO_WORDS = STOP_WORDS | {"us", "may", "ms", "mr", "am", "pm"}
"""Written small, these are words and no abbreviations."""


def abbreviations(text: str) -> list[tuple[str, str]]:
    """(short, long) for each abbreviation that the text defines, in its order; empty if none.

    "National Resistance Front (NRF)", "NRF (National Resistance Front)", "the National Resistance
    Front, or NRF", and glossary lines as "NRF: National Resistance Front". A short form appears
    once for each of its long forms.
    """
    found = [*_parenthesised(text), *_alternatives(text), *_listed(text)]
    pairs = ((_plain(short, long), long) for _, short, long in sorted(found))
    return list(dict.fromkeys(pairs))


def spelled(question: str, known: Mapping[str, str]) -> list[str]:
    """Further words to look for: of the long form for an abbreviation, and the other way round.

    `known` maps short forms to long ones. Empty where the question holds neither, and without
    the words that it has already. Case counts for abbreviations that are words when written
    small: "IT", "US", "WHO".
    """
    asked = words(question)
    stems = [stem(each) for each in asked]
    run, has = f" {' '.join(stems)} ", set(stems)
    found: list[str] = []
    for short, long in known.items():
        if _asks(short, asked):
            found += content_words(long)
        elif _holds(long, run, has):
            found.append(short)
    return [each for each in dict.fromkeys(found) if stem(each) not in has]


def _asks(short: str, asked: list[str]) -> bool:
    if short.casefold() in _ALSO_WORDS:
        return short in asked
    parts = [each.casefold() for each in words(short)]
    folded = [each.casefold() for each in asked]
    if len(parts) == 1:
        return parts[0] in folded
    return f" {' '.join(parts)} " in f" {' '.join(folded)} "


def _holds(long: str, run: str, has: set[str]) -> bool:
    """Whether the long form stands in the question, word for word but for endings."""
    wanted = [stem(each) for each in words(long)]
    return bool(wanted) and wanted[0] in has and f" {' '.join(wanted)} " in run


def _parenthesised(text: str) -> Iterator[tuple[int, str, str]]:
    for match in _IN_PARENTHESES.finditer(text):
        before, inside = text[max(0, match.start() - WINDOW) : match.start()], match[1].strip()
        first = _MORE.split(inside, maxsplit=1)[0].strip("“”\"' ")
        if _is_short(first):
            long = _long_form(first, _sentence_end(before))
        else:
            long, name = None, _BEFORE.search(before[-LONGEST_BEFORE:])
            if name and _is_short(name[1]):
                first, long = name[1], _whole(name[1], _LONG_ENDS.split(inside, maxsplit=1)[0])
        if long:
            yield match.start(), first, long


def _alternatives(text: str) -> Iterator[tuple[int, str, str]]:
    """ "The National Resistance Front, or NRF"."""
    for match in _OR.finditer(text):
        if match[1].isupper() and len(match[1]) > 2 and _is_short(match[1]):
            before = text[max(0, match.start() - WINDOW) : match.start()]
            long = _long_form(match[1], _sentence_end(before))
            if long and _initials(match[1], long) == 1:
                yield match.start(), match[1], long


def _listed(text: str) -> Iterator[tuple[int, str, str]]:
    """Lines of a glossary: "NRF: National Resistance Front, the militias of …"."""
    for match in _GLOSSARY.finditer(text):
        if not _is_short(match[1]):
            continue
        parts = _LONG_ENDS.split(match[2].strip("*_ "), maxsplit=1)[0].split()[: _most(match[1])]
        prefixes = (" ".join(parts[:count]) for count in range(1, len(parts) + 1))
        whole = (each for each in prefixes if _whole(match[1], each))
        long = next((each for each in whole if _initials(match[1], each) == 1), None)
        if long:
            yield match.start(), match[1], long


def _is_short(word: str) -> bool:
    """Two to ten characters, at most two words, and the capitals of an abbreviation."""
    if not 2 <= len(word) <= LONGEST_SHORT or len(word.split()) > 2 or not word[0].isalnum():
        return False
    capitals = sum(each.isupper() for each in word)
    return capitals >= 2 or (capitals == 1 and any(each.isdigit() for each in word))


def _plain(short: str, long: str) -> str:
    """The short form without the s of "NGOs", unless the long form is where it comes from."""
    plural = short.endswith("s") and short[:-1].isupper() and len(short) > 2
    return short[:-1] if plural and long.endswith("s") else short


def _most(short: str) -> int:
    """Words that the long form has at most (Schwartz and Hearst, 2003)."""
    count = sum(each.isalnum() for each in short)
    return min(count + 5, count * 2)


def _sentence_end(before: str) -> str:
    """What of the text in front belongs to the same sentence."""
    return _SENTENCE_ENDS.split(before)[-1]


def _whole(short: str, phrase: str) -> str | None:
    """The phrase, if all of it is the long form."""
    said = _SPACE.sub(" ", phrase).strip("“”\"'*_ ").removeprefix("the ")
    return said if said and _long_form(short, said) == said else None


def _long_form(short: str, before: str) -> str | None:
    """The end of `before` that spells the short form; None if it does not.

    From right to left, each letter of the short form is found in turn; the first begins a word
    that says something.
    """
    phrase = _SPACE.sub(" ", before).strip("“”\"' ,")
    letters = [each.casefold() for each in short if each.isalnum()]
    letters = letters[:-1] if short.endswith("s") and short[:-1].isupper() else letters
    at = len(phrase)
    for number in range(len(letters) - 1, -1, -1):
        at -= 1
        while at >= 0 and not _fits(phrase, at, letters[number], first=number == 0):
            at -= 1
        if at < 0:
            return None
    return _believable(short, phrase[at:])


def _fits(phrase: str, at: int, letter: str, *, first: bool) -> bool:
    if phrase[at].casefold() != letter or not first:
        return phrase[at].casefold() == letter
    begins = at == 0 or not phrase[at - 1].isalnum()
    return begins and phrase[at:].split(" ", 1)[0] not in STOP_WORDS


def _believable(short: str, long: str) -> str | None:
    """The long form, unless it is too long, too short, or spells the letters by chance."""
    parts = long.split()
    own = short.casefold() in (each.casefold() for each in parts)
    if own or len(long) <= len(short) or len(parts) > _most(short):
        return None
    return long if _initials(short, long) >= INITIALS or len(parts) == 1 else None


def _initials(short: str, long: str) -> float:
    """Share of the short form's characters that begin words of the long form, in their order."""
    initials = [each[0].casefold() for each in words(long)]
    letters = [each.casefold() for each in short if each.isalnum()]
    letters = letters[:-1] if short.endswith("s") and short[:-1].isupper() else letters
    begun = at = 0
    for letter in letters:
        if letter in initials[at:]:
            at = initials.index(letter, at) + 1
            begun += 1
    return begun / max(1, len(letters))
