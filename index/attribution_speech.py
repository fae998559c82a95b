"""Who speaks in one paragraph: each speech with its source, its cue and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.attribution_cues import Cue, closes, cue_at, cues_without_verb, is_person, open_quote
from index.attribution_names import Source
from index.attribution_phrases import apposed, subject_of
from index.attribution_words import (
    CONJUNCTIONS,
    DETERMINERS,
    OBJECTING,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
    Token,
    is_verb,
    paragraph_tokens,
    sentences_of,
    tokens_of,
    word_set,
)


@dataclass(frozen=True, slots=True)
class Speech:
    """`text[start:end]` is what the source says; it may hold the cue and the source themselves."""

    source: Source
    cue: tuple[int, int]
    start: int
    end: int


def speeches_of(text: str, start: int, end: int, resumed: bool = False) -> list[Speech]:
    """The speeches of the paragraph `text[start:end]`, in order of their cues.

    A quotation without a cue of its own goes with the speech before it, else the one after it.
    """
    tokens = paragraph_tokens(text, start, end, resumed)
    found: list[Speech] = []
    loose: list[tuple[int, int]] = []
    person: Speech | None = None
    for first, high in sentences_of(tokens):
        own = _sentence(text, tokens, first, high)
        opens = tokens[first].kind == "quote"
        if own:
            if loose and (opens or own[0].start >= own[0].end):
                own[0] = replace(own[0], start=loose[0][0], end=max(own[0].end, loose[-1][1]))
                loose = []
            found += [each for each in own if _says_something(text, each)]
            person = None
        elif opens or _long_quote(tokens[first:high]):
            whole = (tokens[first].start, tokens[high - 1].end)
            if opens and person is not None and _complete(tokens, first, high):
                found.append(replace(person, start=whole[0], end=whole[1]))
            elif found and (opens or _same_subject(text, tokens, first, high, found[-1])):
                found.append(replace(_main(text, found), start=whole[0], end=whole[1]))
            elif opens:
                loose.append(whole)
        else:
            loose = []
            person = _introduced(text, tokens, first, high)
    return found


def _main(text: str, found: Sequence[Speech]) -> Speech:
    """The last speech, or the one that it only vouches for: "Lee said, |according to a copy"."""
    last = found[-1]
    vouches = len(found) > 1 and text[slice(*last.cue)].startswith("according")
    return found[-2] if vouches and last.start <= found[-2].start < last.end else last


def _complete(tokens: Sequence[Token], first: int, high: int) -> bool:
    """The sentence is nothing but a quotation of some words, which waits for no cue after it."""
    return (
        high - first == 1
        and tokens[first].text.count(" ") > 1
        and not (high < len(tokens) and open_quote(tokens[first]))
    )


def _introduced(text: str, tokens: Sequence[Token], first: int, high: int) -> Speech | None:
    """Who a sentence is about and may speak in the next: 'Terry agreed. "We were robbed."'"""
    span = subject_of(tokens, first, high)
    if span is None or not is_person(tokens, span) or span[1] >= high:
        return None
    source = apposed(text, tokens, span, high)
    if source is None or source.gender in {"n", "p"} or source.kind in {"noun", "nobody"}:
        return None
    verb = tokens[span[1]]
    return Speech(source, (verb.start, verb.end), verb.start, verb.end)


def announced(text: str, start: int, end: int) -> Speech | None:
    """Who is about to speak after a paragraph like "Lee issued a statement on Monday:"."""
    tokens = tokens_of(text, start, end)
    sentences = list(sentences_of(tokens))
    return _introduced(text, tokens, *sentences[-1]) if sentences else None


def _says_something(text: str, speech: Speech) -> bool:
    return any(char.isalnum() or char == ":" for char in text[speech.start : speech.end])


def _long_quote(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "quote" and token.text.count(" ") >= 2 for token in tokens)


def _same_subject(text: str, tokens: Sequence[Token], first: int, high: int, last: Speech) -> bool:
    span = subject_of(tokens, first, high)
    source = apposed(text, tokens, span, high) if span else None
    if source is None:
        return False
    if source.kind == "pronoun":
        return source.gender in {"m", "f"} and last.source.gender in {"", source.gender}
    name = text[source.name[0] : source.name[1]]
    return text[last.source.name[0] : last.source.name[1]].endswith(name)


def _sentence(text: str, tokens: Sequence[Token], first: int, high: int) -> list[Speech]:
    cues: list[Cue] = []
    at = first
    while at < high:
        cue = cue_at(tokens, at, first, high, cues)
        if cue is not None:
            cues.append(cue)
            at = max(at + 1, cue.after)
        else:
            at += 1
    cues = [cue for n, cue in enumerate(cues) if not _told_of(tokens, cue, cues[:n], high)]
    cues = cues or cues_without_verb(tokens, first, high)
    found: list[Speech] = []
    for number, cue in enumerate(cues):
        source = apposed(text, tokens, cue.who, high)
        if source is not None:
            following = cues[number + 1] if number + 1 < len(cues) else None
            left, right = _content(tokens, cue, first, high, cues[:number], following)
            found.append(
                Speech(source, (tokens[cue.at].start, tokens[cue.after - 1].end), left, right)
            )
    return found


def _told_of(tokens: Sequence[Token], cue: Cue, before: Sequence[Cue], high: int) -> bool:
    """A verb of doing in what somebody says: 'wrote that the state had offered "no evidence"'."""
    if not before or _separate(tokens, before[-1], cue):
        return False
    if tokens[cue.at].low in {"asked", "asks"} and cue.after < high:
        return tokens[cue.after].kind == "quote" and tokens[cue.after].text[1:2].islower()
    # "wrote that all signs suggested it was an accident"
    doing = tokens[cue.at].low.startswith("suggest") and not is_person(tokens, cue.who)
    if not (doing or tokens[cue.at].low in _DOING) or _judges(tokens, cue, high):
        return False
    if [token.kind for token in tokens[cue.after + 1 : cue.after + 2]] == ["quote"]:
        # 'a charge that Lee rejected as "invented"' is Lee's
        return tokens[cue.after].low not in {"as", ",", ":", "that"}
    return cue.after >= high or tokens[cue.after].text not in ",:that"


def _judges(tokens: Sequence[Token], cue: Cue, high: int) -> bool:
    """What the thought is, is quoted: 'that the queen thought her son "too clever"'."""
    if tokens[cue.at].low not in {"thought", "considered", "believed"}:
        return False
    quote = next((i for i in range(cue.after, high) if tokens[i].kind != "word"), high)
    between = tokens[cue.after : quote]
    plain = not any(is_verb(t) or t.low == "that" for t in between)
    return quote < high and tokens[quote].kind == "quote" and bool(between) and plain


_DOING = word_set(
    """offer offers offered offering learn learned learning feel feels felt expect expected find
    finds found show shows showed hold held understand understood point pointed charge charged
    continue continued begin began express expressed consider considered imagine decide decided
    believe believed think thought hope hoped fear feared fire fired hit shot order ordered rule
    ruled reject rejected dismiss dismissed blame blamed figure figured respond responded read"""
)


def _content(
    tokens: Sequence[Token],
    cue: Cue,
    first: int,
    high: int,
    before: Sequence[Cue],
    following: Cue | None,
) -> tuple[int, int]:
    """Where what is said begins and ends; an empty span where the sentence holds nothing said."""
    floor = first
    for earlier in before:
        if _separate(tokens, earlier, cue):
            floor = max(floor, _opening(earlier, cue))
    limit = high
    if following is not None and _separate(tokens, cue, following) and not cue.around:
        limit = following.who[0] if following.who[0] > cue.at else following.at
    if cue.around:
        return tokens[floor].start, tokens[limit - 1].end
    begin = min(cue.who[0], cue.at) if cue.who[0] >= floor else cue.at
    floor = next((i + 1 for i in range(begin - 1, floor, -1) if tokens[i].text == ";"), floor)
    tail = cue.who[1] if cue.inverted else cue.after
    if tail < limit and tokens[tail].low == "back":
        tail += 1
    if (that := _after_aside(tokens, tail, limit)) and not cue.inverted:
        return tokens[that].start, tokens[limit - 1].end
    leading = begin > floor and _ends_content(tokens, begin - 1, floor)
    closing = closes(tokens, tail, limit) and not _has_object(tokens, cue, tail, limit, leading)
    quoted_tail = any(t.kind == "quote" for t in tokens[tail:limit])
    if (
        leading
        and not cue.inverted
        and tail < limit
        and tokens[tail].text == ","
        and _goes_on(tokens, tail + 1, limit)
    ):
        return tokens[floor].start, tokens[limit - 1].end
    if leading and open_quote(tokens[begin - 1]) and not closing and not quoted_tail:
        return tokens[floor].start, tokens[begin - 1].end
    if leading and (closing or cue.inverted):
        return tokens[floor].start, tokens[(limit if quoted_tail or not closing else begin) - 1].end
    if leading and closing is False and quoted_tail and tokens[floor].kind == "quote":
        return tokens[floor].start, tokens[limit - 1].end
    plain = tokens[cue.at].low in _PLAIN or tail >= limit or tokens[tail].kind == "mark"
    if closing and not quoted_tail and not leading and plain:
        return tokens[begin].start, tokens[begin].start
    if tail >= limit or tokens[tail].text in ".":
        return tokens[begin].start, tokens[begin].start
    return tokens[tail].start, tokens[limit - 1].end


def _has_object(tokens: Sequence[Token], cue: Cue, tail: int, limit: int, leading: bool) -> bool:
    """What follows is what is said, not to whom: "accused |the council of negligence"."""
    if leading or cue.inverted or tail >= limit or tokens[tail].kind != "word":
        return False
    low = tokens[cue.at].low
    if low in OBJECTING:
        return tokens[tail].bare not in TIMES
    clause = tokens[tail].low in DETERMINERS and any(is_verb(t) for t in tokens[tail:limit])
    return clause and low in {"said", "says", "say", "believes", "believed", "thinks", "thought"}


_PLAIN = word_set("said say says told tells added adds wrote writes replied asked tweeted")


def _goes_on(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """After "the budget, she said," the sentence goes on with what is said."""
    if at >= limit or tokens[at].kind != "word":
        return False
    low = tokens[at].low
    return not low.endswith("ing") and low not in CONJUNCTIONS | SUBORDINATORS | PREPOSITIONS


def _after_aside(tokens: Sequence[Token], at: int, limit: int) -> int:
    """Where "that" stands after a few words set off by commas: "said, however, |that"; else 0."""
    comma = next((i for i in range(at, min(limit, at + 4)) if tokens[i].text == ","), limit)
    second = next((i for i in range(comma + 1, min(limit, comma + 9)) if tokens[i].text == ","), 0)
    inner = tokens[at:second]
    plain = not any(token.kind == "quote" or is_verb(token) for token in inner)
    return second + 1 if plain and second + 1 < limit and tokens[second + 1].low == "that" else 0


def _opening(earlier: Cue, cue: Cue) -> int:
    return min(cue.who[0], cue.at) if cue.who[0] > earlier.at else cue.at


def _separate(tokens: Sequence[Token], one: Cue, two: Cue) -> bool:
    """The second cue begins a speech of its own, not one inside the first's."""
    opening = _opening(one, two)
    previous = tokens[opening - 1]
    return (
        two.who == one.who
        or previous.low in {"while", "but", "whereas", "and"}
        or previous.text == ";"
        or (previous.text == "," and tokens[one.who[0] - 1].low in {"when", "after", "once"})
    )


def _ends_content(tokens: Sequence[Token], at: int, floor: int) -> bool:
    token = tokens[at]
    if token.kind == "quote":
        return True
    before = tokens[floor:at]
    told = len(before) > 4 or any(each.kind == "quote" or is_verb(each) for each in before)
    told = told or tokens[at + 1].low in PRONOUNS  # "Lee, she said, ran well"
    return token.text in ",—–-?!…" and at > floor and told
