"""What a sentence claims, as far as code can see it: its words, numbers, names and quotations.

Numbers are compared by value ("two", "2", "5 million", "5,000,000"), names by their words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from index.attribution_words import ADVERBS, CONJUNCTIONS, DETERMINERS, PREPOSITIONS, SUBORDINATORS
from index.words import STOP_STEMS, STOP_WORDS, stem

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)*(?:st|nd|rd|th|s)?\b|\w+(?:['’]\w+)*|[^\w\s]", re.UNICODE
)
_ORDINAL = re.compile(r"(?:st|nd|rd|th)$")
_THOUSANDS = re.compile(r",(?=\d{3}(?!\d))")
_ISO_DATE = re.compile(r"\b\d{4}-(\d\d)-\d\d\b")
_POSSESSIVE = re.compile(r"['’]s?$")
_QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"|«([^»]*)»|„([^“”]*)[“”]|(?<!\w)‘([^’]{3,})’(?!\w)")
_EDGES = " \n\t.,;:!?…"

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NUMBER_WORDS = (
    {word: value for value, word in enumerate(_ONES) if value != 1}
    | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
    | {"dozen": 12, "twice": 2, "thrice": 3, "both": 2}
)
_UNITS = {word: value for value, word in enumerate(_ONES[:10]) if value}
_SCALES = {
    "hundred": 10**2,
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "bn": 10**9,
    "m": 10**6,
}
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_SIGNS = {"%": "%", "percent": "%", "$": "$", "dollars": "$", "dollar": "$", "€": "€"}
_SIGNS |= {"euros": "€", "euro": "€", "£": "£", "pounds": "£", "pound": "£"}
_PLAIN_BEGINNINGS = (
    STOP_WORDS
    | {each.casefold() for each in ADVERBS | CONJUNCTIONS | DETERMINERS}
    | PREPOSITIONS
    | SUBORDINATORS
    | frozenset(
        """according however therefore thus moreover additionally furthermore finally instead
        today yes together overall around nearly almost approximately roughly hence similarly
        likewise nobody nothing someone something everyone everything people""".split()
    )
)
"""Words that are capitals at the beginning of a sentence only."""


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign of a text."""

    text: str
    folded: str
    """Lower case, without accents and possessive endings."""

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum()

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def digits(self) -> bool:
        return self.text[0].isdigit()

    @property
    def stem(self) -> str:
        return stem(self.folded)

    @property
    def is_content(self) -> bool:
        return self.is_word and self.stem not in STOP_STEMS


class Claim:
    """A text taken apart. Nothing in it is trusted; it may be of a model or of a document."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            Token(each, _folded(each))
            for each in _TOKEN.findall(unicodedata.normalize("NFC", text))
        ]

    @cached_property
    def words(self) -> list[Token]:
        return [each for each in self.tokens if each.is_word]

    @cached_property
    def folded(self) -> frozenset[str]:
        return frozenset(each.folded for each in self.words)

    @cached_property
    def stems(self) -> frozenset[str]:
        return frozenset(each.stem for each in self.words)

    @cached_property
    def content(self) -> list[str]:
        """The stems of words that are neither stop words nor numbers, in order."""
        return [
            each.stem
            for each in self.words
            if each.is_content and not each.digits and each.folded not in _NUMBER_WORDS
        ]

    @cached_property
    def numbers(self) -> frozenset[str]:
        """Each number by its value, and with its sign: "5000000", "20 %"."""
        return frozenset(_numbers(self.tokens))

    @cached_property
    def stated_numbers(self) -> frozenset[str]:
        """The numbers as a statement means them: "5 million" is not also 5."""
        return frozenset(_numbers(self.tokens, whole=True))

    @cached_property
    def months(self) -> frozenset[str]:
        """Months named by the numbers of dates ("2021-09-04")."""
        numbers = (int(each) for each in _ISO_DATE.findall(self.text))
        return frozenset(_MONTHS[each - 1] for each in numbers if 1 <= each <= 12)

    @cached_property
    def names(self) -> list[tuple[Token, ...]]:
        """Runs of capitalised words; a plain word that only begins the sentence is none."""
        return list(_names(self.tokens))

    @cached_property
    def acronyms(self) -> frozenset[str]:
        """First letters of the names of two words and more: "un" for United Nations."""
        return frozenset(
            "".join(each.folded[0] for each in name) for name in self.names if len(name) > 1
        )

    @cached_property
    def quoted(self) -> list[str]:
        """What stands in quotation marks; an empty pair is an empty string."""
        return ["".join(each) for each in _QUOTED.findall(self.text)]

    def holds_quoted(self, quoted: str) -> bool:
        """Whether these words stand here one after the other, marks at their ends aside."""
        sought = _plain(quoted).strip(_EDGES)
        if not sought:
            return False
        inner = sought[0].swapcase() + sought[1:]
        text = _plain(self.text)
        return any(
            re.search(rf"(?<!\w){re.escape(each)}(?!\w)", text) is not None
            for each in (sought, inner)
        )


def _folded(text: str) -> str:
    if _is_initials(text):
        text = text.replace(".", "")
    bare = _POSSESSIVE.sub("", text) if len(text) > 2 else text
    plain = unicodedata.normalize("NFKD", bare.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each)) or bare


def _is_initials(text: str) -> bool:
    return len(text) > 3 and text.endswith(".") and text[1] == "."


def _plain(text: str) -> str:
    """White space and the kinds of marks made alike."""
    alike = re.sub('[“”„«»"]', '"', re.sub("[‘’]", "'", unicodedata.normalize("NFC", text)))
    return " ".join(alike.split())


def _numbers(tokens: list[Token], *, whole: bool = False) -> Iterator[str]:
    """Values with their signs; with `whole` only what the number comes to."""
    at = 0
    while at < len(tokens):
        value, used = _number(tokens, at)
        if value is None:
            at += 1
            continue
        scaled = value
        after = at + used
        while after < len(tokens) and (scale := _SCALES.get(tokens[after].folded)):
            scaled = _times(scaled, scale)
            after += 1
        sign = _sign(tokens, at, after)
        found = {scaled} if whole else {value, scaled}
        yield from (f"{each} {sign}" for each in found if sign)
        if not whole or not sign:
            yield from found
        at = after


def _number(tokens: list[Token], at: int) -> tuple[str | None, int]:
    """The number that begins at a token, and how many tokens it takes; (None, 0) without one."""
    token = tokens[at]
    if token.digits:
        bare = _ORDINAL.sub("", _THOUSANDS.sub("", token.text.casefold()))
        return bare.lstrip("0") or "0", 1
    value = _NUMBER_WORDS.get(token.folded)
    if value is None:
        scale = _SCALES.get(token.folded) if len(token.folded) > 2 else None
        return (str(scale), 1) if scale else (None, 0)
    if token.folded in _TENS:
        rest = [each.folded for each in tokens[at + 1 : at + 3]]
        if rest and rest[0] in _UNITS:
            return str(value + _UNITS[rest[0]]), 2
        if len(rest) == 2 and rest[0] in "-‐–" and rest[1] in _UNITS:
            return str(value + _UNITS[rest[1]]), 3
    return str(value), 1


def _times(value: str, scale: int) -> str:
    try:
        return f"{float(value.replace(',', '')) * scale:.12g}"
    except ValueError:
        return value


def _sign(tokens: list[Token], start: int, end: int) -> str | None:
    before = _SIGNS.get(tokens[start - 1].text) if start else None
    if before and before != "%":
        return before
    after = _SIGNS.get(tokens[end].folded) if end < len(tokens) else None
    if end + 1 < len(tokens) and [each.folded for each in tokens[end : end + 2]] == ["per", "cent"]:
        after = "%"
    return after


def _names(tokens: list[Token]) -> Iterator[tuple[Token, ...]]:
    run: list[Token] = []
    begins = True
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        plain = begins and token.folded in _PLAIN_BEGINNINGS
        alone = token.text == "I" and not (following and following.text == ".")
        if token.is_word and token.capital and not plain and not alone:
            run.append(token)
        elif not (run and token.text in "-.&" and following and following.capital):
            if run:
                yield tuple(run)
            run = []
        begins = token.text in '.!?:"“«' or (begins and not token.is_word)
    if run:
        yield tuple(run)
