"""What a noun phrase names: speaker, role and gender; and the fullest form of a name."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.attribution_words import (
    ABBREVIATIONS,
    AUXILIARIES,
    BEARERS,
    CONJUNCTIONS,
    DETERMINERS,
    NOBODY,
    ORGANISATION,
    PARTICLES,
    PARTIES,
    PLURAL_SOURCES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SUBORDINATORS,
    TEXTS,
    TITLE_WORDS,
    TITLES,
    Token,
    is_demonym,
    is_role,
    tokens_of,
    word_set,
)
from index.first_names import FEMALE, MALE

LEADING = word_set(
    """meanwhile however still also then so instead later earlier though indeed yet perhaps now
    separately similarly recently finally previously additionally initially apparently reportedly
    ironically unfortunately clearly usually currently eventually privately publicly officially
    elsewhere afterward afterwards but and"""
)


@dataclass(frozen=True, slots=True)
class Source:
    """A phrase that names who speaks: `name` is the speaker, `role` what they are."""

    start: int
    end: int
    name: tuple[int, int]
    role: tuple[int, int] | None
    kind: str
    """"name", "pronoun", "noun", or "nobody" where the text says that it doesn't say."""
    gender: str = ""
    """"m", "f", "p" (several people), "n" (no person) or "" when the text does not tell."""


Span = tuple[int, int]


def source_of(text: str, tokens: Sequence[Token], span: Span) -> Source | None:
    """What the noun phrase names; None where it cannot speak ("which", "it" without a cue)."""
    first, high = span
    if _unsaid(tokens, span):
        here = (tokens[first].start, tokens[high - 1].end)
        return Source(*here, here, None, "nobody")
    empty = _POINTING | {"a", "an", "the"}
    if all(t.text.isdigit() or t.low in empty for t in tokens[first:high]):
        return None
    if tokens[high - 1].low.endswith(("'s", "s'")):
        return _owning(text, tokens, span)
    if high - first == 1 and tokens[first].low in PRONOUNS | {"him", "her", "them"}:
        token = tokens[first]
        return Source(
            token.start, token.end, (token.start, token.end), None, "pronoun", _sex(token.low)
        )
    while first < high and not tokens[first].text[0].isalnum() and tokens[first].text[0] != "@":
        first += 1
    if first >= high:
        return None
    if _is_origin(tokens, first, high):
        return _noun(tokens, first, high)
    high = person_end(tokens, first, high)
    named = name_in(tokens, first, high)
    if named is None or _anothers(tokens, first, named[0]):
        return _noun(tokens, first, high)
    if tokens[first].low in _COUNTING:
        return _noun(tokens, first, high)
    left, right = named
    begin, end = tokens[left].start, tokens[right - 1].end
    role = (tokens[first].start, tokens[left - 1].end) if left > first else None
    if role and text[role[0] : role[1]].casefold().rstrip(".") in TITLES | {"the", "both", "a"}:
        role = None
    gender = gender_of(tokens, first, left, right)
    if left - first == 1 and tokens[first].low in POSSESSIVES:
        gender = "n"  # "Her Lear divided the critics"
    return Source(tokens[first].start, end, (begin, end), role, "name", gender)


def _anothers(tokens: Sequence[Token], first: int, left: int) -> bool:
    """The name is another's: "the star witness in the trial of the founder |Ana Ruiz"."""
    if tokens[first].bare in PLURAL_SOURCES and tokens[first + 1].low in {"to", "of", "for"}:
        return True  # "Aides to former Gov. |Ana Ruiz"
    if (
        left - first < 4
        or tokens[first].low not in DETERMINERS
        or not is_role(tokens[left - 1].low)
    ):
        return False
    at = next((i for i in range(first + 1, left) if tokens[i].low in PREPOSITIONS), first + 1)
    return is_role(tokens[at - 1].low)


def _is_origin(tokens: Sequence[Token], first: int, high: int) -> bool:
    """ "The Basque", "the 33-year-old Nigerian", "the seven-time All-Star": no name."""
    last = tokens[high - 1]
    within = tokens[first + 1 : high - 1]
    origin = is_demonym(last.low) or last.low in {"all-star", "olympian", "paralympian"}
    return origin and tokens[first].low == "the" and not any(t.capital for t in within)


def _unsaid(tokens: Sequence[Token], span: Span) -> bool:
    """ "Somebody", "one", or a thing with words on it: "a hand-painted sign"."""
    first, high = span
    alone = high - first == 1 or tokens[first + 1].low in PREPOSITIONS - {"of"}
    if tokens[first].low in NOBODY or (alone and tokens[first].low in {"one", "another"}):
        return True
    head = next((i for i in range(first + 1, high) if tokens[i].low in PREPOSITIONS), high) - 1
    painted = tokens[head].low == "board" and head > first and _lettered(tokens[head - 1])
    return (tokens[head].low in BEARERS or painted) and not tokens[high - 1].possessive


def _lettered(token: Token) -> bool:
    """What makes a board one to be read, not one that decides: "sandwich", "hand-painted"."""
    return token.low in {"sandwich", "wooden", "cardboard"} or token.low.endswith("painted")


_POINTING = word_set("this that these those")
"""They point at what was said before, which a reply doesn't show."""
_COUNTING = DETERMINERS - word_set("the a an his her its their our my your one")


def _owning(text: str, tokens: Sequence[Token], span: Span) -> Source | None:
    """The owner in "in Dr. Patel's view": the same phrase without its possessive ending."""
    last = tokens[span[1] - 1]
    cut = 2 if last.low.endswith("'s") else 1
    bare = Token.of(last.text[:-cut], last.start, last.end - cut, last.kind)
    if not bare.text or bare.low in NOBODY:
        return None
    phrase = [*tokens[span[0] : span[1] - 1], bare]
    return None if bare.possessive else source_of(text, phrase, (0, len(phrase)))


def _noun(tokens: Sequence[Token], first: int, high: int) -> Source | None:
    """A speaker without a name; a text that speaks for its author gives the author."""
    for at in range(first, high - 1):
        if tokens[at].bare in TEXTS and tokens[at + 1].low in {"from", "by"} and at + 2 < high:
            inner = name_in(tokens, at + 2, high) or (at + 2, high)
            return _plain_noun(tokens, inner)
    if tokens[high - 1].bare in TEXTS and high - first > 1:
        owner = next((i for i in range(high - 2, first - 1, -1) if tokens[i].possessive), None)
        if owner is not None:
            named = name_in(tokens, first, owner + 1) or (first, owner + 1)
            return _plain_noun(tokens, named, possessive=True)
    return _plain_noun(tokens, (first, high))


def _plain_noun(tokens: Sequence[Token], span: Span, possessive: bool = False) -> Source | None:
    first, high = span
    if tokens[first].low in _POINTING and first + 1 < high:
        first += 1
    start, end = tokens[first].start, tokens[high - 1].end
    if possessive:
        end -= 2 if tokens[high - 1].low.endswith("'s") else 1
    low = [token.bare for token in tokens[first:high]]
    named = all(token.capital for token in tokens[first:high])
    head = next((i for i, w in enumerate(low) if i and w in PREPOSITIONS), len(low)) - 1
    several = low[head].endswith("s") and low[head][-2:] not in {"ss", "us", "is"}
    several = several and low[0] not in {"a", "an", "one"} and low[head] not in ORGANISATION
    gender = "p" if several or low[head] in PLURAL_SOURCES else "n"
    after = [token.low for token in tokens[high : high + 2]]
    if gender == "n" and (after[:1] == ["who"] or after == [",", "who"]):
        gender = ""
    if is_role(low[head]):
        gender = "f" if low[head] in _WOMEN or low[head].endswith(_ENDING["f"]) else ""
        gender = "m" if low[head] in _MEN or low[head].endswith(_ENDING["m"]) else gender
    return Source(
        start, end, (start, end), None, "name" if named and gender == "" else "noun", gender
    )


def name_in(tokens: Sequence[Token], first: int, high: int) -> Span | None:
    """The proper name that the phrase ends with, without titles; None where it ends otherwise."""
    left = high
    while left > first and (
        (tokens[left - 1].is_name and not (_owner(tokens[left - 1]) and left < high))
        or (left < high and links_name(tokens, left - 1, first))
    ):
        left -= 1
    if left == high or tokens[high - 1].possessive or not tokens[high - 1].is_name:
        return None
    before = left - 1
    while before > first and tokens[before].low in DETERMINERS:
        before -= 1
    if before >= first and tokens[before].low in PREPOSITIONS:
        return None
    if left > first and tokens[left - 1].possessive and tokens[high - 1].bare in ORGANISATION:
        return None
    if tokens[high - 1].bare in PARTIES and tokens[first].low in DETERMINERS:
        return None
    common = tokens[left].bare in PLURAL_SOURCES or tokens[left].low in ROLES
    if high - left == 1 and common and not _surname_too(tokens, left, high, first):
        return None
    titled = [
        i for i in range(left, high) if tokens[i].bare in TITLES or tokens[i].bare in TITLE_WORDS
    ]
    if titled and titled[-1] + 1 < high and "and" not in {t.low for t in tokens[left:high]}:
        left = titled[-1] + 1
        while tokens[left].low in {"of", "the"} and left + 3 < high:
            left += 1 + (tokens[left + 1].low != "the")  # "Leader of the Opposition |Ana Ruiz"
    elif office := _after_office(tokens, left, high):
        left = office
    elif titled and titled[-1] + 1 == high and not _surname_too(tokens, left, high, first):
        return None
    return left, high


def _after_office(tokens: Sequence[Token], left: int, high: int) -> int:
    """Where the name begins after an office that has a body's name: "County Recorder |Ana Ruiz"."""
    for at in range(left + 1, high - 2):
        doer = tokens[at].bare.endswith(("er", "or", "ist", "ian", "man", "woman"))
        doer = doer or is_role(tokens[at].bare)
        if doer and tokens[at - 1].bare in ORGANISATION and tokens[at].bare not in ORGANISATION:
            return at + 1
    return 0


def _whole_person(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Two capitals and no office or body before "of": "Terry Hughes |of James Cook"."""
    two = at - 2 >= first and tokens[at - 1].is_name and tokens[at - 2].is_name
    kinds = ORGANISATION | TITLE_WORDS
    near = tokens[max(first, at - 2) : at]  # "President Ann Poe of Kent" is one
    return two and not any((t.bare in kinds and t.capital) or t.possessive for t in near)


def person_end(tokens: Sequence[Token], first: int, high: int) -> int:
    """Where a person's name ends inside the phrase: "Terry Hughes |of James Cook University"."""
    for at in range(first + 2, high):
        charge = tokens[at + 1].low == "charge" if at + 1 < high else False
        if tokens[at].low in PREPOSITIONS and _whole_person(tokens, at, first) and not charge:
            return at
    return high


def _owner(token: Token) -> bool:
    """A possessive that is not a part of a name, as in "the Farmers' Union"."""
    return token.possessive and token.low not in _IN_NAMES and not token.low.endswith("s'")


_IN_NAMES = word_set("women's men's children's people's king's queen's")


def _surname_too(tokens: Sequence[Token], left: int, high: int, first: int) -> bool:
    """A title that stands where a surname does: "Stephen King", but not "the King"."""
    plain = left == first or tokens[left - 1].low not in DETERMINERS
    before = tokens[high - 2] if high - left > 1 else None
    untitled = before is None or before.bare not in TITLES | TITLE_WORDS
    return plain and untitled and high - left < 4 and tokens[high - 1].bare in _SURNAMES_TOO


_SURNAMES_TOO = word_set(
    "king dean pope prince bishop major judge marshal cardinal cook price lord"
)


def links_name(tokens: Sequence[Token], at: int, first: int) -> bool:
    """A particle or a joining word inside a name: "de la", "of", "and"."""
    token = tokens[at]
    if at <= first:
        return False
    if token.low in {"of", "for"} and _whole_person(tokens, at, first):
        return False
    if token.low in {"of", "&", "and", "for"} or token.low in PARTICLES:
        return (tokens[at - 1].is_name and not tokens[at - 1].possessive) or (
            token.low in PARTICLES and tokens[at - 1].low in PARTICLES
        )
    return (
        token.low == "the"
        and tokens[at - 1].low == "of"
        and at - 2 >= first
        and tokens[at - 2].is_name
    )


def _sex(pronoun: str) -> str:
    if pronoun in {"he", "him"}:
        return "m"
    if pronoun in {"she", "her"}:
        return "f"
    return {"they": "p", "them": "p", "it": "n"}.get(pronoun, "i")


def gender_of(tokens: Sequence[Token], first: int, left: int, right: int) -> str:
    words = [token.bare for token in tokens[left:right]]
    if "and" in words and not any(word in ORGANISATION for word in words):
        return "p"
    owned = max((i + 1 for i in range(first, left) if tokens[i].possessive), default=first)
    before = {token.bare for token in tokens[owned:left]}
    if len(words) > 2 and words[1] in FEMALE:
        return "f"  # "Lou Ann Frye"
    for gender, titles, names in (("m", _MEN, MALE), ("f", _WOMEN, FEMALE)):
        if (
            before & titles
            or any(word.endswith(_ENDING[gender]) for word in before)
            # Alone it may be a surname: "Graham" says nothing of a Lisa Graham.
            or (len(words) > 1 and words[0] in names)
        ):
            return gender
    single_acronym = len(words) == 1 and tokens[left].text.isupper() and len(words[0]) > 1
    the = left - 1 >= first and tokens[left - 1].low == "the" and left - 1 == first
    if any(word in ORGANISATION for word in words) or single_acronym or the:
        return "n"
    return ""


_MEN = word_set(
    """mr sir lord king prince brother father husband son uncle duke man boy grandfather nephew
    grandson baron viscount"""
)


_WOMEN = word_set(
    """mrs ms miss dame lady queen princess sister mother wife daughter woman girl grandmother aunt
    niece granddaughter widow baroness countess duchess"""
)


_ENDING = {"m": ("sman", "rman", "dman"), "f": ("woman", "actress")}


@lru_cache(maxsize=16)
def _names(text: str) -> dict[str, list[Span]]:
    """Each word that ends or begins a name of two words or more → where those names stand."""
    found: dict[str, list[Span]] = {}
    unquoted = _QUOTES.sub("|", text)  # so that no quotation is held together
    for capitals in _CAPITALS.finditer(text):
        run: list[Token] = []
        for token in (*tokens_of(unquoted, *capitals.span()), Token.of(".", 0, 0, "mark")):
            if _extends(run, token, text):
                run.append(token)
                continue
            _keep(found, run)
            run = [token] if token.is_name else []
    return found


_CAPITAL = r"\S{0,4}?[^\W\d_a-zß-öø-ÿ]\S*"
_CAPITALS = re.compile(
    rf"(?<!\S){_CAPITAL}(?:\s{{1,8}}(?:{_CAPITAL}|(?:{'|'.join(sorted(PARTICLES))})(?!\S)))+"
)
"""Words side by side with a capital near their beginning, and particles: any name is in one.

To look at these alone takes a quarter of the time of looking at all words."""
_QUOTES = re.compile(r"[\"“”„‟«»‹›「」『』‘]|(?<!\w)'|'(?!\w)")


def _extends(run: list[Token], token: Token, text: str) -> bool:
    if not run or token.kind != "word" or run[-1].possessive:
        return False
    gap = text[run[-1].end : token.start]
    if gap.strip(" \n") or gap.count("\n") > 1 or len(run) > 7:
        return False
    # A short line is a heading or a label; a name runs on only where the text was wrapped.
    if "\n" in gap and text.find("\n", max(0, run[-1].end - 40), run[-1].end) >= 0:
        return False
    return token.is_name or (token.low in PARTICLES and token.low not in {"y", "e", "und"})


def _keep(found: dict[str, list[tuple[int, int]]], run: list[Token]) -> None:
    while run and not run[-1].is_name:
        run = run[:-1]
    titled = [i for i, t in enumerate(run) if t.bare in TITLES or t.bare in TITLE_WORDS]
    if titled and titled[-1] + 1 == len(run) and run[-1].bare in _SURNAMES_TOO:
        titled = titled[:-1]
    run = run[titled[-1] + 1 :] if titled else run
    while run and run[0].low in _NOT_FIRST:
        run = run[1:]
    if len(run) < 2 or len(run) > 5 or any(token.bare in ORGANISATION for token in run):
        return
    end = run[-1].end - (2 if run[-1].possessive and run[-1].low.endswith("'s") else 0)
    for word in {
        run[-1].bare,
        run[0].bare,
        run[-2].bare if run[-2].low in PARTICLES else run[-1].bare,
    }:
        found.setdefault(word, []).append((run[0].start, end))


_NOT_FIRST = (
    DETERMINERS | PREPOSITIONS | CONJUNCTIONS | SUBORDINATORS | PRONOUNS | LEADING | AUXILIARIES
) | (ABBREVIATIONS - TITLES)


_BLOCK = 200_000
"""Characters of a document that are searched for the fuller form of a name."""


@lru_cache(maxsize=256)
def full_name(text: str, name: tuple[int, int], gender: str = "") -> tuple[int, int]:
    """The fullest form of the name that the text has, the nearest before first; itself if none."""
    words = text[name[0] : name[1]].split()
    if not words or len(words) > 3:
        return name
    base = name[0] // _BLOCK * _BLOCK
    known = _names(text[base : base + _BLOCK])
    last, first = (word.casefold().replace("’", "'") for word in (words[-1], words[0]))
    fuller: list[tuple[int, int]] = []
    spans = known.get(last) or known.get(first) or []
    near = bisect_right(spans, (name[0] - base, len(text)))
    for left, right in spans[:5] + spans[max(5, near - 30) : near + 10]:
        start, end = left + base, right + base
        parts = text[start:end].casefold().split()
        longer = len(parts) > len(words) and set(parts) >= {word.casefold() for word in words}
        if longer and not _other_sex(parts[0], gender):
            fuller.append((start, end))
    own = words[-1].casefold()
    ending = [span for span in fuller if text[span[0] : span[1]].casefold().endswith(own)]
    fuller = ending or [span for span in fuller if span[0] < name[0]]
    return _likeliest(text, fuller, name[0]) if fuller else name


def _likeliest(text: str, fuller: list[tuple[int, int]], at: int) -> tuple[int, int]:
    """The form that the text uses most, by its nearest before `at`: a father is named once."""
    counted = Counter(text[start:end].casefold() for start, end in fuller)
    often = max(counted.values())
    forms = [span for span in fuller if counted[text[span[0] : span[1]].casefold()] == often]
    before = [span for span in forms if span[0] <= at]
    return before[-1] if before else forms[0]


def _other_sex(first: str, gender: str) -> bool:
    return (gender == "m" and first in FEMALE) or (gender == "f" and first in MALE)


@lru_cache(maxsize=256)
def sex_of(text: str, source: Source) -> str:
    """The gender of a named source, by its own words or by its full name's first."""
    if source.gender:
        return source.gender
    start, end = full_name(text, source.name)
    words = text[start:end].casefold().split()
    for first in words[:1]:
        for form in (first, _without_accents(first), first.partition("-")[0]):
            for gender, names in (("m", MALE), ("f", FEMALE)):
                if form in names:
                    return gender
    return ""


def _without_accents(word: str) -> str:
    parted = unicodedata.normalize("NFD", word)
    return "".join(each for each in parted if not unicodedata.combining(each))
