"""Noun phrases before and after a cue and at the head of a clause, found without a tagger."""

from __future__ import annotations

from collections.abc import Sequence

from index.attribution_names import (
    LEADING,
    Source,
    Span,
    gender_of,
    links_name,
    name_in,
    person_end,
    source_of,
)
from index.attribution_words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    NOUNS_TOO,
    ORGANISATION,
    PARTICLES,
    PLURAL_SOURCES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    STRONG,
    SUBORDINATORS,
    TIMES,
    WEAK,
    Token,
    is_adverb,
    is_role,
    is_verb,
    word_set,
)


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
    if _in_phrase(token) or _joins(tokens, at, low, high) or _counted(tokens, at, low):
        return True
    before = tokens[at - 1] if at > low else None
    if before is None or token.kind != "word":
        return False
    if _adjective(tokens, at, high):
        return True
    if token.low in NOUNS_TOO:
        adjective = at - 2 >= low and tokens[at - 2].low in DETERMINERS
        return before.low in DETERMINERS or before.possessive or adjective or before.is_name
    # "three people briefed on the matter": what is left of the cue is one phrase, so no verb.
    reduced = token.low.endswith("ed") and token.low not in STRONG and at + 1 < len(tokens)
    return reduced and tokens[at + 1].low in PREPOSITIONS and _in_phrase(before)


def _adjective(tokens: Sequence[Token], at: int, high: int) -> bool:
    """A participle between an article and a noun: "a |divided Supreme Court"."""
    ended = tokens[at].low.endswith("ed") and at > 0 and tokens[at - 1].low in {"a", "an", "the"}
    return ended and at + 1 < high and _in_phrase(tokens[at + 1])


def _in_phrase(token: Token) -> bool:
    if token.text == "&":
        return True
    if token.kind != "word":
        return False
    low = token.low
    if (token.bare in TIMES and not token.text.isupper()) or low in AUXILIARIES:
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
    run = before.capital and tokens[at].capital
    return before.low not in PREPOSITIONS and before.low not in DETERMINERS and not run


def _light(token: Token) -> bool:
    low = token.low
    return is_adverb(token) or low in LEADING or low in CONJUNCTIONS


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
        or (last > at and tokens[last].low in NOUNS_TOO)
        or (last == at and _retired(tokens, at, high))
        or (last == at + 1 and _adjective(tokens, last, high))
        or _in_phrase(tokens[last])
        or _joins_after(tokens, last, at, high)
        or _counted(tokens, last, at)
    ):
        if last > at and _leaves(tokens, last):
            break
        last += 1
    while last > at and tokens[last - 1].low in PREPOSITIONS:
        last -= 1
    bare = last == at + 1 and tokens[at].low in {"a", "an", "the"}
    return (at, last) if last > at and not bare else None


def _counted(tokens: Sequence[Token], at: int, low: int) -> bool:
    """ "His wife of 51 |years" is one phrase, though "years" would begin a time."""
    return at - 2 > low and tokens[at - 2].low == "of" and tokens[at - 1].text.isdigit()


def _retired(tokens: Sequence[Token], at: int, high: int) -> bool:
    """A participle before a name: ", |retired Gen. Maria del Valle"."""
    token = tokens[at]
    plain = token.low.endswith("ed") and token.low not in STRONG and token.low not in WEAK
    return plain and at + 1 < high and tokens[at + 1].capital


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
        if before.is_name and token.low == "of" and following.low in POSSESSIVES:
            return True
        if before.is_name and token.low not in {"of", "and"} and following.low != "charge":
            return True
        return token.low in _ADVERBIAL or following.bare in TIMES or following.low in {"a", "an"}
    if is_adverb(token):
        return not before.possessive and before.low not in DETERMINERS
    return before.is_name and not token.capital and token.low in DETERMINERS


_ADVERBIAL = word_set("during after before about against amid via following through despite")


def relative_head(tokens: Sequence[Token], at: int, low: int) -> Span | None:
    """What "who" before token `at` stands for: the name, else the phrase, right before it."""
    if at > low and tokens[at - 1].is_name:
        return name_in(tokens, low, at) or _name_run(tokens, low, at)
    return phrase_before(tokens, at, low)


def _name_run(tokens: Sequence[Token], low: int, at: int) -> Span | None:
    left = at
    while left > low and (tokens[left - 1].is_name or links_name(tokens, left - 1, low)):
        left -= 1
    return (left, at) if left < at else None


def subject_of(tokens: Sequence[Token], first: int, high: int, commas: int = 2) -> Span | None:
    """The noun phrase that the clause starting at `first` begins with, after its adverbials."""
    at = first
    while at < high and (
        tokens[at].text in ",—–-" or (tokens[at].kind == "word" and _light(tokens[at]))
    ):
        at += 1
    at = _past_time(tokens, at, high)
    noun = at + 1 + (at + 1 < high and tokens[at + 1].low in {"last", "next"})
    timed = noun < high and tokens[at].low in DETERMINERS and tokens[noun].bare in TIMES
    if at < high and (timed or _adverbial(tokens[at]) or (commas < 2 and _participle(tokens, at))):
        comma = next((i for i in range(at, high) if tokens[i].text == ","), None)
        if comma is None or not commas:
            return None
        comma = _after_place(tokens, comma, high)
        return subject_of(tokens, comma + 1, high, commas - 1)
    if at >= high or tokens[at].kind != "word":
        return None
    if tokens[at].low in PRONOUNS:
        return at, at + 1
    last = at
    while last < high and (
        _in_phrase(tokens[last])
        or _joins_after(tokens, last, at, high)
        or (last == at + 1 and tokens[last].low in {"last", "next", "earlier"})
        or (last == at + 1 and _adjective(tokens, last, high))
        or _counted(tokens, last, at)
    ):
        ended = last > at and tokens[last - 1].is_name and not tokens[last - 1].possessive
        described = tokens[at].low in DETERMINERS or tokens[last].low in ORGANISATION
        if ended and not described and not _continues_name(tokens, last, high, at):
            break
        if last > at and _predicate(tokens, last):
            break
        last += 1
    while last > at and tokens[last - 1].low in PREPOSITIONS:
        last -= 1
    headed = last > at and (
        tokens[at].capital
        or tokens[at].low in DETERMINERS
        or (tokens[last - 1].is_name and name_in(tokens, at, last) is not None)
    )
    return (at, last) if headed else None


def _after_place(tokens: Sequence[Token], comma: int, high: int) -> int:
    """The comma before the subject: "On Tybee Island, Georgia|, Jeff Dickey stayed"."""
    at = comma + 1
    while at < high and tokens[at].is_name:
        at += 1
    place = at > comma + 1 and at + 1 < high and tokens[at].text == "," and tokens[at + 1].is_name
    verb = next((i for i in range(at + 1, high) if not tokens[i].is_name), high) if place else high
    return at if verb < high and tokens[verb].kind == "word" else comma


def _past_time(tokens: Sequence[Token], first: int, high: int) -> int:
    """After a time that no comma sets off: "Four years ago |Ana won", "At 19 |Ana won"."""
    at = first + (first < high and tokens[first].low in _BEFORE_TIME)
    while at < high and (tokens[at].bare in TIMES or tokens[at].text.isdigit()):
        at += 1
    dated = at > first + (tokens[first].low in PREPOSITIONS if first < high else 0)
    ago = next((i + 1 for i in range(first, min(high, first + 5)) if tokens[i].low == "ago"), 0)
    if ago and all(tokens[i].kind == "word" for i in range(first, ago)):
        return ago
    named = dated and at < high and tokens[at].is_name and tokens[at].kind == "word"
    return at if named and tokens[first].low in _BEFORE_TIME else first


_BEFORE_TIME = word_set("at in on by since until late early")


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
        or low in ASKED
        or low in SUBORDINATORS
        or token.bare in TIMES
        or (
            low.endswith("ing")
            and len(low) > 5
            and low not in {"nothing", "everything", "something"}
        )
    )


ASKED = word_set(
    "asked pressed questioned contacted reached born raised educated challenged quizzed"
)


def _participle(tokens: Sequence[Token], at: int) -> bool:
    """After a comma: ", |first published by the Post, Lee can be heard"."""
    near = tokens[at : at + 2]
    return not near[0].capital and any(
        t.low.endswith("ed") and t.low not in STRONG and not t.capital for t in near
    )


def _modifies(token: Token) -> bool:
    """Between a sentence's capital and a name, a noun: "Ninth |seed Katya Dorogina"."""
    low = token.low
    return _in_phrase(token) and low not in WEAK | PREPOSITIONS and not low.endswith(("s", "ly"))


def _continues_name(tokens: Sequence[Token], at: int, high: int, begin: int) -> bool:
    token = tokens[at]
    if token.is_name or token.low in {"of", "and", "for", "&"} or token.low in PARTICLES:
        return True
    if is_role(token.low) or token.low in PLURAL_SOURCES:
        return True
    ahead = next((i for i in range(at, min(high, at + 4)) if tokens[i].capital), at)
    inner = tokens[at:ahead]
    whole = ahead + 1 < high and tokens[ahead].is_name and tokens[ahead + 1].is_name
    if len(inner) == 1 and (at == begin + 1 or whole) and _modifies(token) and not is_verb(token):
        return True
    return any(is_role(t.low) for t in inner) and not any(is_verb(t) for t in inner)


def _called(tokens: Sequence[Token], first: int, high: int) -> Span | None:
    """The name in "a former postman called Gordie Reid", "identified by the police as Ana Ruiz"."""
    verb = next((i for i in range(first, min(high, first + 10)) if tokens[i].low in _NAMING), high)
    if any(token.text == "," for token in tokens[first:verb]):
        return None
    left = verb + 1
    while left < high and (
        tokens[left].low in {"as", "by", "the"} or tokens[left].bare in PLURAL_SOURCES
    ):
        left += 1
    return _name_run(
        tokens, left, next((i for i in range(left, high) if not tokens[i].is_name), high)
    )


_NAMING = word_set("called named identified known")


def apposed(text: str, tokens: Sequence[Token], span: Span, high: int) -> Source | None:
    """The source of a phrase, by the name after it: "the tenant, Iris Blom, |", "his aide is X"."""
    source = source_of(text, tokens, span)
    at = span[1]
    if source is None or source.kind not in {"noun", "nobody"} or at + 1 >= high:
        return source
    if tokens[at].low == "who" and source.gender in {"", "m", "f"}:
        # "A contractor who built them, Selçuk Aydın, |"
        at = next((i for i in range(at, min(high, at + 10)) if tokens[i].text == ","), at)
    told = tokens[at].low in {"is", "was"} and source.gender in {"", "m", "f"}
    if tokens[at].text != "," and not told and tokens[at].low not in _NAMING:
        return source
    if called := _called(tokens, at + (tokens[at].text == "," or told), high):
        begin, end = tokens[called[0]].start, tokens[called[1] - 1].end
        gender = gender_of(tokens, span[0], *called)
        return Source(source.start, end, (begin, end), source.name, "name", gender)
    beside = phrase_after(tokens, at + 1, high)
    last = person_end(tokens, at + 1, beside[1]) if beside else at + 1
    named = name_in(tokens, at + 1, last) if last > at + 1 else None
    closed = last >= high or tokens[last].text in ",.;:)(—–" or tokens[last].low in PREPOSITIONS
    if named is None or not closed or source.gender == "p" or tokens[last - 1].possessive:
        return source
    begin, end = tokens[named[0]].start, tokens[named[1] - 1].end
    gender = gender_of(tokens, span[0], named[0], named[1])
    if source.gender == "n" and tokens[span[1] - 1].bare in ORGANISATION:
        gender = "n"
    return Source(source.start, end, (begin, end), source.name, "name", gender)
