"""Noun phrases beside a cue, full names, and whom a pronoun stands for."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from index.attribution_words import (
    ABBREVIATIONS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    FEMALE,
    MALE,
    NOBODY,
    NOUNS_TOO,
    ORGANISATION,
    PARTICLES,
    PLURAL_SOURCES,
    PREPOSITIONS,
    PRONOUNS,
    STRONG,
    SUBORDINATORS,
    ROLES,
    TEXTS,
    TIMES,
    TITLE_WORDS,
    TITLES,
    Token,
    WEAK,
    is_adverb,
    is_role,
    is_verb,
    tokens_of,
)


@dataclass(frozen=True, slots=True)
class Source:
    """A phrase that names who speaks: `name` is the part that is the speaker, `role` what they are."""

    start: int
    end: int
    name: tuple[int, int]
    role: tuple[int, int] | None
    kind: str
    """"name", "pronoun" or "noun"."""
    gender: str = ""
    """"m", "f", "p" (several people), "n" (no person) or "" when the text does not tell."""


Span = tuple[int, int]


def phrase_before(tokens: Sequence[Token], at: int, low: int) -> Span | None:
    """(first, past the last) token of the noun phrase that ends right before token `at`."""
    high = at
    if high > low and tokens[high - 1].text == ")":
        while high > low and tokens[high - 1].text != "(":
            high -= 1
        high -= 1
    if high <= low or not _inside(tokens, high - 1, low, high):
        return None
    if tokens[high - 1].low in PRONOUNS:
        return high - 1, high
    first = high
    while first > low and _inside(tokens, first - 1, low, high):
        if tokens[first - 1].low in PRONOUNS:
            break
        first -= 1
    while high - first > 2 and tokens[high - 1].low.endswith("ed") and not tokens[high - 1].capital:
        high -= 1
    return _trim(tokens, first, high)


def _inside(tokens: Sequence[Token], at: int, low: int, high: int) -> bool:
    token = tokens[at]
    if _in_phrase(token) or _joins(tokens, at, low, high):
        return True
    before = tokens[at - 1] if at > low else None
    if before is None or token.kind != "word":
        return False
    if token.low in NOUNS_TOO:
        adjective = at - 2 >= low and tokens[at - 2].low in DETERMINERS
        return before.low in DETERMINERS or before.possessive or adjective or before.is_name
    # "three people briefed on the matter": what is left of the cue is one phrase, so no verb.
    reduced = token.low.endswith("ed") and token.low not in STRONG and at + 1 < len(tokens)
    return reduced and tokens[at + 1].low in PREPOSITIONS and _in_phrase(before)


def _in_phrase(token: Token) -> bool:
    if token.text == "&":
        return True
    if token.kind != "word":
        return False
    low = token.low
    if token.bare in TIMES and not token.text.isupper() or low in AUXILIARIES:
        return False
    return low not in SUBORDINATORS and low not in CONJUNCTIONS and not is_verb(token)


def _joins(tokens: Sequence[Token], at: int, low: int, high: int) -> bool:
    """An "and" between two names or two alike phrases belongs to the phrase."""
    if tokens[at].low != "and" or at <= low or at + 1 >= high:
        return False
    left, right = tokens[at - 1], tokens[at + 1]
    if left.is_name and right.is_name:
        return True
    return right.low not in DETERMINERS and not right.capital and left.bare in PLURAL_SOURCES


def _trim(tokens: Sequence[Token], first: int, high: int) -> Span | None:
    """The phrase without the adverbial before it: "In Kabul | a spokesman for the UN"."""
    while first < high and tokens[first].kind == "word" and _light(tokens[first]):
        first += 1
    start = first
    for at in range(first + 1, high):
        before, token = tokens[at - 1], tokens[at]
        determiner = token.low in DETERMINERS and token.low not in {"one", "other", "no"}
        loose = before.low not in PREPOSITIONS and before.low not in DETERMINERS
        if determiner and loose and before.low not in {"and", "all", "both"}:
            start = at
    if start < high and tokens[start].low in PREPOSITIONS:
        start = next((i for i in range(start + 1, high) if _begins(tokens, i)), high)
    while start < high and tokens[start].low in PREPOSITIONS:
        start += 1
    return (start, high) if start < high else None


def _begins(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at - 1]
    return before.low not in PREPOSITIONS and before.low not in DETERMINERS and not before.capital


def _light(token: Token) -> bool:
    low = token.low
    return is_adverb(token) or low in _LEADING or low in CONJUNCTIONS


_LEADING = frozenset(
    """meanwhile however still also then so instead later earlier though indeed yet perhaps now
    separately similarly elsewhere but and""".split()
)


def phrase_after(tokens: Sequence[Token], at: int, high: int) -> Span | None:
    """The noun phrase that begins at token `at`, up to a mark, a verb or a new clause."""
    if at >= high or tokens[at].kind != "word":
        return None
    if tokens[at].low in PRONOUNS or tokens[at].low in {"him", "her", "them"}:
        following = tokens[at + 1] if at + 1 < high else None
        if tokens[at].low != "her" or following is None or not _in_phrase(following):
            return at, at + 1
    last = at
    while last < high and (
        tokens[last].text == "&"
        or last > at and tokens[last].low in NOUNS_TOO
        or _in_phrase(tokens[last]) or _joins_after(tokens, last, at, high)
    ):
        if last > at and _leaves(tokens, last):
            break
        last += 1
    while last > at and tokens[last - 1].low in PREPOSITIONS:
        last -= 1
    return (at, last) if last > at else None


def _joins_after(tokens: Sequence[Token], at: int, first: int, high: int) -> bool:
    if tokens[at].low != "and" or at + 1 >= high or at == first:
        return False
    return tokens[at - 1].is_name and tokens[at + 1].is_name


def _leaves(tokens: Sequence[Token], at: int) -> bool:
    """What follows a name as an adverbial: "said Smith in a statement", "said Smith last week"."""
    token, before = tokens[at], tokens[at - 1]
    if token.low in PREPOSITIONS:
        following = tokens[at + 1] if at + 1 < len(tokens) else token
        if token.low == "of" and following.low.endswith("ing"):
            return True
        if before.is_name and token.low not in {"of", "and"}:
            return True
        return token.low in _ADVERBIAL or following.bare in TIMES or following.low in {"a", "an"}
    return (
        before.is_name
        and not token.capital
        and token.low in DETERMINERS
        or is_adverb(token)
    )


_ADVERBIAL = frozenset(
    "during after before about against amid via following through despite".split()
)


def relative_head(tokens: Sequence[Token], at: int, low: int) -> Span | None:
    """What "who" before token `at` stands for: the name, else the phrase, right before it."""
    if at > low and tokens[at - 1].is_name:
        named = _name_in(tokens, low, at) or _name_run(tokens, low, at)
        return named
    return phrase_before(tokens, at, low)


def _name_run(tokens: Sequence[Token], low: int, at: int) -> Span | None:
    left = at
    while left > low and (tokens[left - 1].is_name or _linking(tokens, left - 1, low)):
        left -= 1
    return (left, at) if left < at else None


def subject_of(
    tokens: Sequence[Token], first: int, high: int, commas: int = 2
) -> Span | None:
    """The noun phrase that the clause starting at `first` begins with, after its adverbials."""
    at = first
    while at < high and (
        tokens[at].text in ",—–-" or tokens[at].kind == "word" and _light(tokens[at])
    ):
        at += 1
    if at < high and _adverbial(tokens[at]):
        comma = next((i for i in range(at, high) if tokens[i].text == ","), None)
        if comma is None or not commas:
            return None
        return subject_of(tokens, comma + 1, high, commas - 1)
    if at >= high or tokens[at].kind != "word":
        return None
    if tokens[at].low in PRONOUNS:
        return at, at + 1
    last = at
    while last < high and (_in_phrase(tokens[last]) or _joins_after(tokens, last, at, high)):
        ended = last > at and tokens[last - 1].is_name and not tokens[last - 1].possessive
        if ended and not _continues_name(tokens, last, high):
            break
        if last > at and _predicate(tokens, last):
            break
        last += 1
    while last > at and tokens[last - 1].low in PREPOSITIONS:
        last -= 1
    return (
        (at, last) if last > at and (tokens[at].capital or tokens[at].low in DETERMINERS) else None
    )


def _predicate(tokens: Sequence[Token], at: int) -> bool:
    """A verb that only its place gives away: "his wife |disagrees"."""
    low, before = tokens[at].low, tokens[at - 1].bare
    if tokens[at].capital:
        return False
    if low in WEAK and low not in NOUNS_TOO:
        return True
    return is_role(before) and low.endswith("s") and not is_role(low.rstrip("s")) and low.isalpha()


def _adverbial(token: Token) -> bool:
    low = token.low
    return (
        low in PREPOSITIONS
        or low in {"asked", "pressed", "questioned", "contacted", "reached"}
        or low in SUBORDINATORS
        or token.bare in TIMES
        or (
            low.endswith("ing")
            and len(low) > 5
            and low not in {"nothing", "everything", "something"}
        )
    )


def _continues_name(tokens: Sequence[Token], at: int, high: int) -> bool:
    token = tokens[at]
    if token.is_name or token.low in {"of", "and", "for", "&"} or token.low in PARTICLES:
        return True
    return is_role(token.low)


def source_of(text: str, tokens: Sequence[Token], span: Span) -> Source | None:
    """What the noun phrase names; None where it cannot speak ("which", "it" without a cue)."""
    first, high = span
    if tokens[first].low in NOBODY:
        return None
    if high - first == 1 and tokens[first].low in PRONOUNS | {"him", "her", "them"}:
        token = tokens[first]
        return Source(
            token.start, token.end, (token.start, token.end), None, "pronoun", _sex(token.low)
        )
    while first < high and not tokens[first].text[0].isalnum() and tokens[first].text[0] != "@":
        first += 1
    if first >= high:
        return None
    high = _person_end(tokens, first, high)
    named = _name_in(tokens, first, high)
    if named is None:
        return _noun(tokens, first, high)
    left, right = named
    begin, end = tokens[left].start, tokens[right - 1].end
    role = (tokens[first].start, tokens[left - 1].end) if left > first else None
    if role and text[role[0] : role[1]].casefold().rstrip(".") in TITLES | {"the", "both", "a"}:
        role = None
    gender = _gender(tokens, first, left, right)
    return Source(tokens[first].start, end, (begin, end), role, "name", gender)


def apposed(text: str, tokens: Sequence[Token], span: Span, high: int) -> Source | None:
    """The source of a phrase, by the name that follows it: "the tenant, Iris Blom, |"."""
    source = source_of(text, tokens, span)
    at = span[1]
    if source is None or source.kind != "noun" or at + 1 >= high or tokens[at].text != ",":
        return source
    beside = phrase_after(tokens, at + 1, high)
    last = _person_end(tokens, at + 1, beside[1]) if beside else at + 1
    named = _name_in(tokens, at + 1, last) if last > at + 1 else None
    closed = last >= high or tokens[last].text in ",.;:)(—–" or tokens[last].low in PREPOSITIONS
    if named is None or not closed or source.gender == "p" or tokens[last - 1].possessive:
        return source
    begin, end = tokens[named[0]].start, tokens[named[1] - 1].end
    gender = _gender(tokens, span[0], named[0], named[1])
    return Source(source.start, end, (begin, end), source.name, "name", gender)


def _noun(tokens: Sequence[Token], first: int, high: int) -> Source | None:
    """A speaker without a name; a text that speaks for its author gives the author."""
    for at in range(first, high - 1):
        if tokens[at].bare in TEXTS and tokens[at + 1].low in {"from", "by"} and at + 2 < high:
            inner = _name_in(tokens, at + 2, high) or (at + 2, high)
            return _plain_noun(tokens, inner)
    if tokens[high - 1].bare in TEXTS and high - first > 1:
        owner = next((i for i in range(high - 2, first - 1, -1) if tokens[i].possessive), None)
        if owner is not None:
            named = _name_in(tokens, first, owner + 1) or (first, owner + 1)
            return _plain_noun(tokens, named, possessive=True)
    return _plain_noun(tokens, (first, high))


def _plain_noun(tokens: Sequence[Token], span: Span, possessive: bool = False) -> Source | None:
    first, high = span
    start, end = tokens[first].start, tokens[high - 1].end
    if possessive:
        end -= 2 if tokens[high - 1].low.endswith("'s") else 1
    low = [token.bare for token in tokens[first:high]]
    named = all(token.capital for token in tokens[first:high])
    head = next((i for i, w in enumerate(low) if i and w in PREPOSITIONS), len(low)) - 1
    gender = "p" if low[head] in PLURAL_SOURCES else "n"
    if is_role(low[head]):
        gender = "f" if low[head] in _WOMEN or low[head].endswith(_ENDING["f"]) else ""
        gender = "m" if low[head] in _MEN or low[head].endswith(_ENDING["m"]) else gender
    return Source(
        start, end, (start, end), None, "name" if named and gender == "" else "noun", gender
    )


def _name_in(tokens: Sequence[Token], first: int, high: int) -> Span | None:
    """The proper name that the phrase ends with, without titles; None where it ends otherwise."""
    left = high
    while left > first and (
        (tokens[left - 1].is_name and not (_owner(tokens[left - 1]) and left < high))
        or (left < high and _linking(tokens, left - 1, first))
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
    if high - left == 1 and (tokens[left].bare in PLURAL_SOURCES or tokens[left].low in ROLES):
        return None
    titled = [
        i for i in range(left, high) if tokens[i].bare in TITLES or tokens[i].bare in TITLE_WORDS
    ]
    if titled and titled[-1] + 1 < high and "and" not in {t.low for t in tokens[left:high]}:
        left = titled[-1] + 1
    elif titled and titled[-1] + 1 == high:
        return None
    return left, high


def _whole_person(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Two capitals and no word of an office or a body before "of": "Terry Hughes |of James Cook"."""
    two = at - 2 >= first and tokens[at - 1].is_name and tokens[at - 2].is_name
    kinds = ORGANISATION | TITLE_WORDS
    return two and not any(t.bare in kinds or t.possessive for t in tokens[max(first, at - 4) : at])


def _person_end(tokens: Sequence[Token], first: int, high: int) -> int:
    """Where a person's name ends inside the phrase: "Terry Hughes |of James Cook University"."""
    for at in range(first + 2, high):
        if tokens[at].low in PREPOSITIONS and _whole_person(tokens, at, first):
            return at
    return high


def _owner(token: Token) -> bool:
    """A possessive that is not a part of a name, as in "the Farmers' Union"."""
    return token.possessive and token.low not in _IN_NAMES and not token.low.endswith("s'")


_IN_NAMES = frozenset("women's men's children's people's king's queen's".split())


def _linking(tokens: Sequence[Token], at: int, first: int) -> bool:
    """A particle or a joining word inside a name: "de la", "of", "and"."""
    token = tokens[at]
    if at <= first:
        return False
    if token.low in {"of", "for"} and _whole_person(tokens, at, first):
        return False
    if token.low in {"of", "&", "and", "for"} or token.low in PARTICLES:
        return (
            tokens[at - 1].is_name
            and not tokens[at - 1].possessive
            or (token.low in PARTICLES and tokens[at - 1].low in PARTICLES)
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


def _gender(tokens: Sequence[Token], first: int, left: int, right: int) -> str:
    words = [token.bare for token in tokens[left:right]]
    if "and" in words and not any(word in ORGANISATION for word in words):
        return "p"
    before = {token.bare for token in tokens[first:left]}
    for gender, titles, names in (("m", _MEN, MALE), ("f", _WOMEN, FEMALE)):
        if (
            before & titles
            or any(word.endswith(_ENDING[gender]) for word in before)
            or words[0] in names
        ):
            return gender
    single_acronym = len(words) == 1 and tokens[left].text.isupper() and len(words[0]) > 1
    if any(word in ORGANISATION for word in words) or single_acronym:
        return "n"
    return ""


_MEN = frozenset("mr sir lord king prince brother father husband son uncle duke".split())
_WOMEN = frozenset("mrs ms miss dame lady queen princess sister mother wife daughter".split())
_ENDING = {"m": ("sman", "rman", "dman"), "f": ("woman", "actress")}


@lru_cache(maxsize=4)
def _names(text: str) -> dict[str, list[tuple[int, int]]]:
    """Each word that ends or begins a name of two words or more → where those names stand."""
    found: dict[str, list[tuple[int, int]]] = {}
    run: list[Token] = []
    for token in (*tokens_plain(text), Token(".", 0, 0, "mark")):
        if _extends(run, token, text):
            run.append(token)
            continue
        _keep(found, run)
        run = [token] if token.is_name else []
    return found


def tokens_plain(text: str) -> list[Token]:
    """Tokens of all of the text, quotations not held together."""
    return tokens_of(text.translate(_QUOTES), 0, len(text))


_QUOTES = str.maketrans(dict.fromkeys("\"“”„‟«»‹›「」『』'‘", "|"))


def _extends(run: list[Token], token: Token, text: str) -> bool:
    if not run or token.kind != "word" or run[-1].possessive:
        return False
    if text[run[-1].end : token.start].strip(" ") or len(run) > 7:
        return False
    return token.is_name or token.low in PARTICLES and token.low not in {"y", "e", "und"}


def _keep(found: dict[str, list[tuple[int, int]]], run: list[Token]) -> None:
    while run and not run[-1].is_name:
        run = run[:-1]
    titled = [i for i, t in enumerate(run) if t.bare in TITLES or t.bare in TITLE_WORDS]
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
    DETERMINERS | PREPOSITIONS | CONJUNCTIONS | SUBORDINATORS | PRONOUNS | _LEADING | AUXILIARIES
) | (ABBREVIATIONS - TITLES)


_BLOCK = 200_000
"""Characters of a document that are searched for the fuller form of a name."""


def full_name(text: str, name: tuple[int, int], gender: str = "") -> tuple[int, int]:
    """The fullest form of the name that the text has, the nearest before it first; itself if none."""
    words = text[name[0] : name[1]].split()
    if not words or len(words) > 3:
        return name
    base = name[0] // _BLOCK * _BLOCK
    known = _names(text[base : base + _BLOCK])
    last, first = words[-1].casefold(), words[0].casefold()
    fuller: list[tuple[int, int]] = []
    spans = known.get(last) or known.get(first) or []
    near = bisect_right(spans, (name[0] - base, len(text)))
    for left, right in spans[:5] + spans[max(5, near - 30) : near + 10]:
        start, end = left + base, right + base
        parts = text[start:end].casefold().split()
        longer = len(parts) > len(words) and set(parts) >= {word.casefold() for word in words}
        if longer and not _other_sex(parts[0], gender):
            fuller.append((start, end))
    before = [span for span in fuller if span[0] <= name[0]]
    ends = [s for s in before if text[s[0] : s[1]].casefold().endswith(last)] or before or fuller
    return (ends[-1] if before else ends[0]) if ends else name


def _other_sex(first: str, gender: str) -> bool:
    return gender == "m" and first in FEMALE or gender == "f" and first in MALE


def sex_of(text: str, source: Source) -> str:
    """The gender of a named source, by its own words or by its full name's first."""
    if source.gender:
        return source.gender
    start, end = full_name(text, source.name)
    first = text[start:end].casefold().split()[:1]
    if first and first[0] in MALE:
        return "m"
    return "f" if first and first[0] in FEMALE else ""
