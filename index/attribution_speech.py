"""Who speaks in one paragraph: each speech with its source, its cue and what is said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.attribution_names import (
    Source,
    Span,
    phrase_after,
    phrase_before,
    apposed,
    relative_head,
    subject_of,
)
from index.attribution_words import (
    ADVERBS,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    NEGATIONS,
    NOT_SPEECH_AFTER,
    PLURAL_SOURCES,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    STRONG,
    SUBORDINATORS,
    TEXTS,
    TIMES,
    WEAK,
    Token,
    is_adverb,
    is_role,
    is_verb,
    sentences_of,
    tokens_of,
)


@dataclass(frozen=True, slots=True)
class Speech:
    """`text[start:end]` is what the source says; it may hold the cue and the source themselves."""

    source: Source
    cue: tuple[int, int]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue found at tokens `at` to `after`, spoken by the tokens `who` of the sentence."""

    who: Span
    at: int
    after: int
    inverted: bool = False
    around: bool = False


def speeches_of(text: str, start: int, end: int, resumed: bool = False) -> list[Speech]:
    """The speeches of the paragraph `text[start:end]`, in order of their cues.

    A quotation without a cue of its own goes with the speech before it, else the one after it.
    """
    tokens = tokens_of(text, start, end, resumed)
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
                found.append(replace(found[-1], start=whole[0], end=whole[1]))
            elif opens:
                loose.append(whole)
        else:
            loose = []
            person = _introduced(text, tokens, first, high)
    return found


def _complete(tokens: Sequence[Token], first: int, high: int) -> bool:
    """The sentence is nothing but a quotation of some words, which waits for no cue after it."""
    return high - first == 1 and tokens[first].text.count(" ") > 1 and not (
        high < len(tokens) and _open_quote(tokens[first])
    )


def _introduced(text: str, tokens: Sequence[Token], first: int, high: int) -> Speech | None:
    """The person a sentence is about, who may speak in the next: 'Terry agreed. "We were robbed."' """
    span = subject_of(tokens, first, high)
    if span is None or not _is_person(tokens, span) or span[1] >= high:
        return None
    source = apposed(text, tokens, span, high)
    if source is None or source.gender in {"n", "p"} or source.kind == "noun":
        return None
    verb = tokens[span[1]]
    return Speech(source, (verb.start, verb.end), verb.start, verb.end)


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
    cues: list[_Cue] = []
    at = first
    while at < high:
        cue = _cue_at(tokens, at, first, high, cues)
        if cue is not None:
            cues.append(cue)
            at = max(at + 1, cue.after)
        else:
            at += 1
    cues = cues or _without_verb(tokens, first, high)
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


def _cue_at(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[_Cue]
) -> _Cue | None:
    token = tokens[at]
    if token.kind != "word":
        return None
    low = token.low
    if (
        low in {"according", "per"}
        and at + 2 < high
        and (low == "per" or tokens[at + 1].low == "to")
    ):
        skip = 2 if low == "according" else 1
        who = phrase_after(tokens, at + skip, high)
        if who and low == "according" and not _cited(tokens, at, who, first):
            return None
        if low == "per" and who and not tokens[who[0]].is_name:
            return None
        return _Cue(who, at, at + skip, around=True) if who else None
    if low in {"view", "words", "opinion", "account", "telling"} and at > first:
        return _in_words(tokens, at, first, high)
    if (
        low in _PUT
        and at + 1 < high
        and tokens[at + 1].low == "it"
        and _after_as(tokens, at, first)
    ):
        who = phrase_before(tokens, at, _after_as(tokens, at, first))
        return _Cue(who, at, at + 2, around=True) if who else None
    unknown = low not in STRONG and low not in WEAK
    if token.capital and at > first or unknown and not _exclaims(tokens, at, first, high):
        return None
    return _verb(tokens, at, first, high, before)


def _cited(tokens: Sequence[Token], at: int, who: Span, first: int) -> bool:
    """ "According to" names a source, not a measure: "varies according to the quantity"."""
    set_off = at == first or tokens[at - 1].kind != "word"
    phrase = tokens[who[0] : who[1]]
    alive = any(token.is_name or token.bare in _CITED or is_role(token.bare) for token in phrase)
    return set_off or alive or phrase[0].low in PRONOUNS | {"him", "her", "them"}


_CITED = (
    PLURAL_SOURCES
    | TEXTS
    | frozenset(
        """report reports study studies survey figures data documents document indictment lawsuit
        ministry council group organisation organization agency union party court affidavit poll
        estimates media papers records forecast analysis research newspaper army military
        bank""".split()
    )
)
_PUT = frozenset("put puts".split())


def _after_as(tokens: Sequence[Token], at: int, first: int) -> int:
    return next(
        (i + 1 for i in range(at - 1, max(first - 1, at - 9), -1) if tokens[i].low == "as"), 0
    )


def _in_words(tokens: Sequence[Token], at: int, first: int, high: int) -> _Cue | None:
    """ "In the words of Smith", "in Smith's view", "in her words"."""
    if at + 2 < high and tokens[at + 1].low == "of" and tokens[at - 1].low == "the":
        who = phrase_after(tokens, at + 2, high)
        return _Cue(who, at, at + 2, around=True) if who else None
    owner = at - 1
    begin = next(
        (i for i in range(owner, max(first - 1, at - 6), -1) if tokens[i].low in {"in", "by"}), -1
    )
    if begin < 0 or not tokens[owner].possessive:
        return None
    return _Cue((begin + 1, owner + 1), at, at + 1, around=True)


def _verb(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[_Cue]
) -> _Cue | None:
    low = tokens[at].low
    previous = tokens[at - 1] if at > first else None
    after = tokens[at + 1] if at + 1 < high else None
    if low in WEAK and low not in STRONG and not _speaks(tokens, at, first, high):
        return None
    if _negated(tokens, at, first) or (previous and _nominal(previous, low, after)):
        return None
    passive = previous is not None and _passive(tokens, at, first)
    if passive or (after and after.low == "by" and low.endswith("ed")):
        return _by(tokens, at, first, high)
    if low in {"asked", "told", "pressed"} and (not previous or previous.low in {"when", "if", "once"}):
        return None
    if previous and previous.low == "to":
        return _infinitive(tokens, at, first, high, before)
    return _active(tokens, at, first, high, before)


def _exclaims(tokens: Sequence[Token], at: int, first: int, high: int) -> bool:
    """Any past tense right before a quotation and its comma or colon: 'he gushed, "…"'."""
    if not tokens[at].low.endswith("ed") or at + 2 >= high or at == first:
        return False
    return tokens[at + 1].text in ",:" and tokens[at + 2].kind == "quote"


def _speaks(tokens: Sequence[Token], at: int, first: int, high: int) -> bool:
    """A weak cue counts beside a quotation, or before "that", "as", "if", "to" and a clause."""
    near = tokens[at + 1 : min(high, at + 8)]
    if at > first and (tokens[at - 1].kind == "quote"):
        return True
    if near and near[0].low in NOT_SPEECH_AFTER and near[0].low != "to":
        quoted = next((t for t in near if t.kind == "quote"), None)
        return tokens[at].low.startswith(("call", "spoke", "speak")) and bool(quoted or near)
    if tokens[at].low in _FINDING:
        return bool(near) and near[0].low in {"that", "how", "no"}
    if any(
        t.low in {"that", "whether", "if", "as", "why", "how"} or t.kind == "quote" for t in near
    ):
        return True
    if _closing(tokens, at + 1, high) and any(t.kind == "quote" for t in tokens[first:at]):
        return True
    return tokens[at].low in _CLAUSAL and any(
        is_verb(t) for t in tokens[at + 1 : min(high, at + 12)]
    )


_FINDING = frozenset("find finds found show shows showed shown hold holds held".split())
_CLAUSAL = frozenset(
    """believes believed believe thinks thought think hopes hoped feels felt fears feared expects
    expected indicated understood proposed recommended demanded
    asked called dismissed rejected apologised apologized blamed described agreed disagreed
    ordered ruled""".split()
)


def _negated(tokens: Sequence[Token], at: int, first: int) -> bool:
    near = tokens[max(first, at - 3) : at]
    return any(
        (t.low in NEGATIONS or t.low.endswith("n't")) and t.kind == "word" for t in near
    ) and not any(t.low in {"but", "and", "who"} or t.kind == "mark" for t in near)


def _nominal(previous: Token, low: str, after: Token | None) -> bool:
    """A noun or an adjective that looks like a cue: "the report", "an alleged attack"."""
    if previous.low in DETERMINERS - {
        "one",
        "some",
        "many",
        "most",
        "both",
        "all",
        "few",
        "others",
    }:
        return previous.low not in {"this", "that", "these", "those", "another"} or low.endswith(
            "ing"
        )
    if previous.possessive and not previous.low.endswith("s'"):
        return after is None or after.low not in {"that"} or True
    return previous.low in POSSESSIVES or (previous.low in PREPOSITIONS and previous.low != "to")


def _passive(tokens: Sequence[Token], at: int, first: int) -> bool:
    low = tokens[at].low
    if low.endswith("ing") or not (
        low.endswith(("ed", "told", "said", "written")) or low in _PARTICIPLES
    ):
        return False
    back = at - 1
    while back > first and (
        is_adverb(tokens[back]) or tokens[back].low in {"also", "then", "later"}
    ):
        back -= 1
    return tokens[back].low in BE


_PARTICIPLES = frozenset("held felt found understood thought put read shown known".split())


def _by(tokens: Sequence[Token], at: int, first: int, high: int) -> _Cue | None:
    """ "was called a liar by Smith"; "Smith was quoted as saying" is found at "saying"."""
    for by in range(at + 1, min(high, at + 14)):
        if tokens[by].low == "by":
            who = phrase_after(tokens, by + 1, high)
            if who and not tokens[by + 1].low.endswith("ing"):
                return _Cue(who, at, at + 1, around=True)
        if is_verb(tokens[by]) or tokens[by].text in ",;:":
            return None
    return None


def _infinitive(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[_Cue]
) -> _Cue | None:
    """ "went on to say", "took to Twitter to say": the clause's subject speaks."""
    near = {token.low for token in tokens[max(first, at - 6) : at]}
    if not near & {"went", "on", "continued", "took", "rushed", "quick", "emailed", "phoned"}:
        return None
    who = _clause_subject(tokens, at, first, high, before)
    return _Cue(who, at, at + 1) if who else None


def _active(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[_Cue]
) -> _Cue | None:
    back = at
    while back > first and (stepped := _step_back(tokens, back, first)) < back:
        back = stepped
    previous = tokens[back - 1] if back > first else None
    floor = max((cue.after for cue in before if cue.after <= back), default=first)
    if previous is None or previous.kind == "quote" or previous.text in ",—–-!?…":
        return _beside_mark(tokens, at, back, first, high, before)
    if previous.low in {"who", "which", "that"}:
        comma = back - 1 - (1 if back - 2 >= first and tokens[back - 2].text == "," else 0)
        if comma == back - 1 and tokens[at].low not in _RELATIVE:
            return None
        who = relative_head(tokens, comma, floor)
        return _Cue(who, at, at + 1) if who else None
    if previous.low in CONJUNCTIONS or previous.low in {
        "as",
        "while",
        "when",
        "before",
        "after",
        "by",
    }:
        who = _clause_subject(tokens, at, first, high, before)
        return _Cue(who, at, at + 1) if who else None
    who = phrase_before(tokens, back, floor)
    if (
        who is None
        or tokens[at].low.endswith("ing")
        and not (tokens[back:at] and tokens[at - 1].low in BE)
    ):
        if not tokens[at].low.endswith("ing"):
            return None
        who = _clause_subject(tokens, at, first, high, before)
    who = who and (_over_relative(tokens, who, floor) or who)
    return _Cue(who, at, at + 1) if who and _may_speak(tokens, who, at) else None


def _over_relative(tokens: Sequence[Token], who: Span, floor: int) -> Span | None:
    """What a phrase ends a clause about: "people who attended the meeting |said"."""
    verb = False
    for back in range(who[0] - 1, max(floor, who[0] - 9), -1):
        if tokens[back].kind != "word":
            return None
        verb = verb or is_verb(tokens[back])
        if tokens[back].low in {"who", "that", "which"}:
            return phrase_before(tokens, back, floor) if verb else None
    return None


_RELATIVE = frozenset(
    "said says say claim claims claimed believe believes believed told argue argues argued".split()
)


def _step_back(tokens: Sequence[Token], back: int, first: int) -> int:
    """Before an adverb or a time between subject and cue: "on Tuesday", "later", "repeatedly"."""
    token = tokens[back - 1]
    if token.low in ADVERBS or is_adverb(token):
        return back - 1
    if token.bare in TIMES or token.text.isdigit():
        start = back - 1
        while start > first and (tokens[start - 1].bare in TIMES or tokens[start - 1].text.isdigit()):
            start -= 1
        if start > first and tokens[start - 1].low in {"on", "in", "this", "by", "since"}:
            return start - 1
        return start if start > first else back
    return back


def _may_speak(tokens: Sequence[Token], who: Span, at: int) -> bool:
    """A bare lower-case noun before a cue is a source only where people are meant."""
    head = tokens[who[1] - 1]
    if tokens[who[0]].low in DETERMINERS | PRONOUNS or any(
        t.capital for t in tokens[who[0] : who[1]]
    ):
        return head.low not in {"it"} or tokens[at].low not in {"read"}
    return head.bare in ROLES or is_role(head.bare) or head.low.endswith("s") or tokens[at].low in {"said", "say", "says"}


def _beside_mark(
    tokens: Sequence[Token], at: int, back: int, first: int, high: int, before: Sequence[_Cue]
) -> _Cue | None:
    """A cue after a mark: "…," said Smith; Smith, the mayor, said …; …, saying …"""
    after = at + 1
    while after < high and is_adverb(tokens[after]):
        after += 1
    if tokens[at].low.endswith("ing"):
        who = _clause_subject(tokens, at, first, high, before)
        return _Cue(who, at, at + 1) if who else None
    following = phrase_after(tokens, after, high)
    quoted = back > first and tokens[back - 1].kind == "quote"
    quoted = quoted or back - 1 > first and tokens[back - 2].kind == "quote"
    if (
        following
        and not _is_time(tokens, following)
        and _inverts(tokens, following, at, first, high, quoted)
    ):
        return _Cue(following, at, at + 1, inverted=True)
    who = _before_apposition(tokens, back - 1, first) if back > first else None
    who = who or _clause_subject(tokens, at, first, high, before)
    return _Cue(who, at, at + 1) if who else None


def _is_time(tokens: Sequence[Token], span: Span) -> bool:
    return all(token.bare in TIMES for token in tokens[span[0] : span[1]])


def _inverts(
    tokens: Sequence[Token], span: Span, at: int, first: int, high: int, quoted: bool
) -> bool:
    stop = tokens[span[1]] if span[1] < high else None
    ends = stop is None or stop.kind != "word" or not is_verb(stop)
    if quoted:
        return ends
    if tokens[at].low not in _INVERTING or _before_apposition(tokens, at - 1, first):
        return False
    return ends and (
        stop is None or stop.kind == "mark" or stop.low in PREPOSITIONS | {"who"} | TIMES
    )


_INVERTING = frozenset(
    """said says wrote writes added adds explained explains insisted argued warned noted announced
    tweeted reported reports claimed conceded admitted recalled told asked""".split()
)


def _before_apposition(
    tokens: Sequence[Token], comma: int, first: int, depth: int = 4
) -> Span | None:
    """ "Fahim Dashty, the spokesman, |said": the phrase before the apposition that ends at a comma."""
    if tokens[comma].text not in ",—–-" or not depth:
        return None
    back = comma - 1
    while back > first and tokens[back].text not in ",—–-" and tokens[back].kind != "quote":
        back -= 1
    if back <= first or tokens[back].text not in ",—–-":
        return None
    inner = tokens[back + 1 : comma]
    if not inner:
        return None
    who = phrase_before(tokens, back, first)
    if who is None:
        return _before_apposition(tokens, back, first, depth - 1) if len(inner) < 12 else None
    if inner[0].low in {"who", "which", "whose"} or inner[0].text[0].isdigit():
        return _before_apposition(tokens, back, first, depth - 1) or who
    if inner[0].capital and tokens[who[0]].low in DETERMINERS and all(t.capital for t in inner):
        return back + 1, comma
    if inner[0].low.endswith("ed"):
        return who
    if any(is_verb(token) for token in inner[:1]) or inner[0].low in CONJUNCTIONS:
        return who if tokens[who[0]].is_name else None
    further = _before_apposition(tokens, back, first, depth - 1)
    return further or who


def _clause_subject(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[_Cue]
) -> Span | None:
    """Who a cue without a subject of its own belongs to: the speaker before it, or the subject."""
    if before:
        return before[-1].who
    begin = first
    for back in range(at - 1, first, -1):
        if tokens[back].text in ";:":
            begin = back + 1
            break
    if tokens[begin].kind == "quote":
        begin = next((i for i in range(begin, at) if tokens[i].kind == "word"), at)
    return subject_of(tokens, begin, at)


def _without_verb(tokens: Sequence[Token], first: int, high: int) -> list[_Cue]:
    """A colon before a quotation, a name after a dash, and any verb beside a quotation."""
    for at in range(first, high):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < high else None
        if token.text == ":" and after is not None and after.kind == "quote":
            who = subject_of(tokens, first, at)
            if who and _is_person(tokens, who):
                return [_Cue(who, at, at + 1)]
        if (
            token.text in {"—", "–", "-"}
            and at > first
            and tokens[at - 1].kind == "quote"
            and after
        ):
            who = phrase_after(tokens, at + 1, high)
            if who and after.is_name and (who[1] >= high or tokens[who[1]].text in ",.("):
                return [_Cue(who, at, at + 1, inverted=True)]
        if token.kind == "quote" and after and after.kind == "word":
            beside = _verb_beside(tokens, at + 1, high)
            if beside:
                return [beside]
    return []


def _verb_beside(tokens: Sequence[Token], at: int, high: int) -> _Cue | None:
    inner = tokens[at - 1].text.rstrip("\"'”’»")
    if not inner.endswith((",", "?", "!", "—", "–")):
        return None
    if tokens[at].low.endswith(("ed", "s")) and not tokens[at].capital:
        who = phrase_after(tokens, at + 1, high)
        return _Cue(who, at, at + 1, inverted=True) if who and _is_person(tokens, who) else None
    who = subject_of(tokens, at, high)
    if who and _is_person(tokens, who) and who[1] < high and is_verb(tokens[who[1]]):
        return _Cue(who, who[1], who[1] + 1)
    return None


def _is_person(tokens: Sequence[Token], who: Span) -> bool:
    low = tokens[who[0]].low
    if who[1] - who[0] == 1 and low in PRONOUNS:
        return low not in {"it", "i", "we", "who"}
    last = tokens[who[1] - 1]
    return last.is_name or last.bare in ROLES


def _content(
    tokens: Sequence[Token],
    cue: _Cue,
    first: int,
    high: int,
    before: Sequence[_Cue],
    following: _Cue | None,
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
    tail = cue.who[1] if cue.inverted else cue.after
    leading = begin > floor and _ends_content(tokens, begin - 1, floor)
    closing = _closing(tokens, tail, limit)
    quoted_tail = any(t.kind == "quote" for t in tokens[tail:limit])
    if leading and not cue.inverted and tokens[tail].text == "," and _goes_on(tokens, tail + 1, limit):
        return tokens[floor].start, tokens[limit - 1].end
    if leading and _open_quote(tokens[begin - 1]) and not closing and not quoted_tail:
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


_PLAIN = frozenset("said say says told tells added adds wrote writes replied asked tweeted".split())


def _goes_on(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """After "the budget, she said," the sentence goes on with what is said."""
    if at >= limit or tokens[at].kind != "word":
        return False
    low = tokens[at].low
    return not low.endswith("ing") and low not in CONJUNCTIONS | SUBORDINATORS | PREPOSITIONS


def _open_quote(token: Token) -> bool:
    """A quotation that ends with a comma or so waits for its speaker."""
    return token.kind == "quote" and token.text.rstrip("\"'”’»›“").endswith((",", "?", "!", "—", "–"))


def _opening(earlier: _Cue, cue: _Cue) -> int:
    return min(cue.who[0], cue.at) if cue.who[0] > earlier.at else cue.at


def _separate(tokens: Sequence[Token], one: _Cue, two: _Cue) -> bool:
    """The second cue begins a speech of its own, not one inside the first's."""
    opening = _opening(one, two)
    previous = tokens[opening - 1]
    return (
        two.who == one.who
        or previous.low in {"while", "but", "whereas", "and"}
        or previous.text == ";"
    )


def _ends_content(tokens: Sequence[Token], at: int, floor: int) -> bool:
    token = tokens[at]
    if token.kind == "quote":
        return True
    return token.text in ",—–-?!…" and at > floor


def _closing(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Nothing is said after the cue: a mark follows, or only to whom, where and when."""
    if at >= limit or tokens[at].kind == "mark" and tokens[at].text not in ":([\"'":
        return True
    if tokens[at].text == ":" or tokens[at].kind == "quote":
        return False
    for place in range(at, min(limit, at + 14)):
        token = tokens[place]
        if token.kind == "mark" and token.text in ",.;—–":
            return True
        if token.kind != "word" or is_verb(token) or token.low in {"that", "if", "whether", "to"}:
            return False
        if place == at and not _trails(token):
            return False
    return False


def _trails(token: Token) -> bool:
    low = token.low
    return (
        token.bare in TIMES
        or low in PREPOSITIONS
        or token.capital
        or low.endswith(("ly", "ers"))
        or (
            low
            in {
                "the",
                "a",
                "his",
                "her",
                "their",
                "him",
                "them",
                "me",
                "us",
                "parliament",
                "journalists",
            }
        )
    )


def is_text(token: Token) -> bool:
    """The word names a written thing that speaks for its author: "the statement said"."""
    return token.bare in TEXTS
