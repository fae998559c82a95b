"""The cues of a sentence, and the phrase that each belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.attribution_names import LEADING, Span
from index.attribution_phrases import phrase_after, phrase_before, relative_head, subject_of
from index.attribution_words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    BEARERS,
    CONJUNCTIONS,
    DETERMINERS,
    NEGATIONS,
    NOBODY,
    NOT_SPEECH_AFTER,
    OBJECTING,
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
    word_set,
)


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue found at tokens `at` to `after`, spoken by the tokens `who` of the sentence."""

    who: Span
    at: int
    after: int
    inverted: bool = False
    around: bool = False


def cue_at(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[Cue]
) -> Cue | None:
    token = tokens[at]
    if token.kind != "word":
        return None
    low = token.low
    if low == "according" and at + 2 < high and tokens[at + 1].low == "to":
        who = phrase_after(tokens, at + 2, high)
        cited = who is not None and _cited(tokens, at, who, first)
        return Cue(who, at, at + 2, around=True) if who and cited else None
    if low == "came":
        return _came(tokens, at, first, high)
    if (
        low in _PUT
        and at + 1 < high
        and tokens[at + 1].low == "it"
        and _after_as(tokens, at, first)
    ):
        who = phrase_before(tokens, at, _after_as(tokens, at, first))
        return Cue(who, at, at + 2, around=True) if who else None
    if low in _PUT and [t.low for t in tokens[at + 1 : min(high, at + 3)]] == ["it", "to"]:
        who = phrase_before(tokens, at, first)
        return Cue(who, at, at + 3) if who else None
    unknown = low not in STRONG and low not in WEAK
    if (token.capital and at > first) or (unknown and not _exclaims(tokens, at, first, high)):
        return None
    return _verb(tokens, at, first, high, before)


def _came(tokens: Sequence[Token], at: int, first: int, high: int) -> Cue | None:
    """After a quotation: '"No," |came the reply from Lee'."""
    noun = next((i for i in range(at + 1, min(high, at + 5)) if tokens[i].bare in _REPLIES), 0)
    if not noun or at == first or noun + 1 >= high or tokens[noun + 1].low != "from":
        return None
    who = phrase_after(tokens, noun + 2, high)
    return Cue(who, at, noun + 2, inverted=True) if who else None


def _cited(tokens: Sequence[Token], at: int, who: Span, first: int) -> bool:
    """ "According to" names a source, not a measure: "varies according to the quantity"."""
    set_off = at == first or tokens[at - 1].kind != "word"
    phrase = tokens[who[0] : who[1]]
    alive = any(token.is_name or token.bare in _CITED or is_role(token.bare) for token in phrase)
    return set_off or alive or phrase[0].low in PRONOUNS | {"him", "her", "them"}


_CITED = (
    PLURAL_SOURCES
    | TEXTS
    | word_set(
        """report reports study studies survey figures data documents document indictment lawsuit
        ministry council group organisation organization agency union party court affidavit poll
        estimates media papers records forecast analysis research newspaper army military bank"""
    )
)


_PUT = word_set("put puts")


def _after_as(tokens: Sequence[Token], at: int, first: int) -> int:
    return next(
        (i + 1 for i in range(at - 1, max(first - 1, at - 9), -1) if tokens[i].low == "as"), 0
    )


def _verb(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[Cue]
) -> Cue | None:
    low = tokens[at].low
    previous = tokens[at - 1] if at > first else None
    after = tokens[at + 1] if at + 1 < high else None
    if previous and previous.low in {"already", "recently"} and tokens[at - 2].low == "those":
        return None
    if low in WEAK and low not in STRONG and not _speaks(tokens, at, first, high):
        return None
    if _negated(tokens, at, first) or (previous and _nominal(previous, low)):
        return None
    passive = previous is not None and _passive(tokens, at, first)
    if after and after.low == "by" and low.endswith("ed") and low not in _BY and not passive:
        return None
    if passive or (after and after.low == "by" and low in _BY):
        return _by(tokens, at, first, high)
    if low == "accused" and after and after.low == "of" and at - first == 2:
        return None  # "A man accused of murder"
    if after and low in {"added", "adds"} and (after.text[0].isdigit() or after.text in "$£€"):
        return None  # "added 41,000 jobs"
    if low == "called" and after and after.is_name and _names(tokens, at, first):
        return None
    if previous and previous.bare in BEARERS and low in _WORN:
        return None
    if previous and previous.low in {"him", "her", "them"} and low.endswith("ing"):
        return Cue((at - 1, at), at, at + 1)
    if low in {"asked", "told", "pressed"} and (
        not previous or previous.low in {"when", "if", "once"}
    ):
        return None
    pronoun = previous is not None and previous.low in PRONOUNS
    if pronoun and tokens[at - 2].low in _UNTIL and after is not None and after.text == ",":
        return None  # "until it reports, …"
    if previous and previous.low == "to":
        return _infinitive(tokens, at, first, high, before)
    return _active(tokens, at, first, high, before)


_UNTIL = word_set("until when if once before after unless")
_WORN = word_set("reading read reads saying said says")
"""After what words stand on: "a note saying"."""


def _names(tokens: Sequence[Token], at: int, first: int) -> bool:
    """ "A man |called Big Len" is his name, not what he says."""
    return at - 2 >= first and tokens[at - 2].low in {"a", "an"} and is_role(tokens[at - 1].low)


_FINDERS = word_set("poll study survey review analysis inquiry investigation audit jury panel")


def _exclaims(tokens: Sequence[Token], at: int, first: int, high: int) -> bool:
    """Any past tense right before a quotation and its comma or colon: 'he gushed, "…"'."""
    if not tokens[at].low.endswith("ed") or at + 2 >= high or at == first:
        return False
    return tokens[at + 1].text in ",:" and tokens[at + 2].kind == "quote"


_BY = word_set(
    """described called accused announced reported claimed labelled labeled dubbed branded quoted
    criticised criticized condemned denounced praised dismissed alleged told"""
)


def _speaks(tokens: Sequence[Token], at: int, first: int, high: int) -> bool:
    """A weak cue counts beside a quotation, or before "that", "as", "if", "to" and a clause."""
    near = tokens[at + 1 : min(high, at + 8)]
    if len(near) > 2 and near[0].low == "on" and near[1].bare in TIMES:
        near = near[2:]  # "agreed on Monday that"
    if tokens[at].low in _URGING and any(token.low == "to" for token in near):
        return True
    if tokens[at].low in _BACK:
        return bool(near) and near[0].low == "back"
    if any(open_quote(token) for token in tokens[max(first, at - 8) : at]):
        return True
    if tokens[at].low in _JUDGING:
        return bool(near) and near[0].text not in {",", ".", "to", "by", "on"}
    if near and near[0].low in NOT_SPEECH_AFTER and near[0].low != "to":
        quoted = next((t for t in near if t.kind == "quote"), None)
        spoke = near[0].low == "of" and tokens[at].low.startswith(("spoke", "speak"))
        return spoke or tokens[at].low.startswith("call") or quoted is not None
    if tokens[at].low in _FINDING:
        finder = any(token.bare in _FINDERS for token in tokens[first:at])
        told = any(token.bare in _RECORDS for token in tokens[max(first, at - 3) : at])
        told = told and any(is_verb(token) for token in near[1:])
        return bool(near) and (finder or told or near[0].low in {"that", "how", "no"})
    if any(
        t.low in {"that", "that's", "whether", "if", "as", "why", "how"} or t.kind == "quote"
        for t in near
    ):
        return True
    return tokens[at].low in _CLAUSAL and any(
        is_verb(t) for t in tokens[at + 1 : min(high, at + 12)]
    )


_URGING = word_set(
    """asked asks threatened begged begs pleaded pleads implored pressed pushed ordered orders
    encouraged"""
)
"""What follows "to" is what is said: "begged them to leave"."""
_JUDGING = OBJECTING | word_set("apologised apologized apologises apologizes reckons suspects")
"""What follows is what the one who does it thinks, whatever it is."""
_RECORDS = word_set("statistics data figures records documents results numbers emails research")
_BACK = word_set("fired fires firing shot shoots hit hits hitting struck")
"""Words of saying with "back" alone: "fired back that …"."""


_FINDING = word_set("find finds found show shows showed shown hold holds held")


_CLAUSAL = word_set(
    """believes believed believe thinks thought think hopes hoped feels felt fears feared expects
    expected indicated understood proposed recommended demanded asked called dismissed rejected
    apologised apologized blamed described agreed disagreed ordered ruled reckons reckon reckoned
    suspects suspected worries worried wonders imagines imagined guesses guessed figures figured"""
)


def _negated(tokens: Sequence[Token], at: int, first: int) -> bool:
    near = tokens[max(first, at - 3) : at]
    return any(
        (t.low in NEGATIONS or t.low.endswith("n't")) and t.kind == "word" for t in near
    ) and not any(t.low in {"but", "and", "who"} or t.kind == "mark" for t in near)


def _nominal(previous: Token, low: str) -> bool:
    """A noun or an adjective that looks like a cue: "the report", "an alleged attack"."""
    if previous.low in _OF_A_NOUN:
        return previous.low not in {"this", "that", "these", "those", "another"} or low.endswith(
            "ing"
        )
    means = previous.low == "by" and low.endswith("ing")
    loose = previous.low in PREPOSITIONS and previous.low != "to" and not means
    owned = previous.possessive and not previous.low.endswith("s'")
    return owned or loose or previous.low in POSSESSIVES


_OF_A_NOUN = DETERMINERS - word_set("one some many most both all few others")


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


_PARTICIPLES = word_set("held felt found understood thought put read shown known")


def _by(tokens: Sequence[Token], at: int, first: int, high: int) -> Cue | None:
    """ "was called a liar by Smith"; "Smith was quoted as saying" is found at "saying"."""
    for by in range(at + 1, min(high, at + 14)):
        if tokens[by].low == "by":
            who = phrase_after(tokens, by + 1, high)
            if who and not tokens[by + 1].low.endswith("ing"):
                return Cue(who, at, at + 1, around=True)
        if is_verb(tokens[by]) or tokens[by].text in ",;:":
            return None
    return None


def _infinitive(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[Cue]
) -> Cue | None:
    """ "went on to say", "took to Twitter to say": the clause's subject speaks."""
    if at - 2 > first and tokens[at - 2].low in _HABITS:
        habit = _active(tokens, at - 2, first, high, before)
        return Cue(habit.who, at, at + 1) if habit else None
    near = {token.low for token in tokens[max(first, at - 6) : at]}
    if not near & {"went", "on", "continued", "took", "rushed", "quick", "emailed", "phoned"}:
        return None
    who = _clause_subject(tokens, at, first, high, before)
    return Cue(who, at, at + 1) if who else None


_HABITS = word_set("used liked likes loved loves preferred prefers chose taken took")
"""Before "to say": "what she liked to call"."""


def _active(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[Cue]
) -> Cue | None:
    if tokens[at].low.endswith("ing") and at > first and tokens[at - 1].low in _OVERHEARD:
        return _overheard(tokens, at, first)
    back = at
    while back > first and (stepped := _step_back(tokens, back, first)) < back:
        back = stepped
    previous = tokens[back - 1] if back > first else None
    floor = max((cue.after for cue in before if cue.after <= back), default=first)
    if previous is None or previous.kind == "quote" or previous.text in ",—–-!?…":
        return _beside_mark(tokens, at, back, first, high, before)
    if previous.low in {"who", "which", "that"}:
        comma = back - 1 - (1 if back - 2 >= first and tokens[back - 2].text == "," else 0)
        if tokens[comma - 1].text == ")":  # "Ana Ruiz (Con), who |said"
            comma = max((i for i in range(first, comma) if tokens[i].text == "("), default=comma)
        quoted = any(token.kind == "quote" for token in tokens[at + 1 : min(high, at + 5)])
        if comma == back - 1 and tokens[at].low not in _RELATIVE and not quoted:
            return None
        plain = comma < back - 1 and not _clause_before(tokens, comma, floor)
        who = _before_apposition(tokens, comma, floor) if plain else None
        who = who or relative_head(tokens, comma, floor)
        if who and tokens[who[0]].low in DETERMINERS and tokens[who[0] - 1].text == ",":
            # "Ana Ruiz, a host who |said"
            apposed = phrase_before(tokens, who[0] - 1, floor)
            who = apposed if apposed and tokens[apposed[0]].is_name else who
        return Cue(who, at, at + 1) if who else None
    if previous.low in CONJUNCTIONS or previous.low in {
        "as",
        "while",
        "when",
        "before",
        "after",
        "by",
    }:
        who = _clause_subject(tokens, at, first, high, before)
        return Cue(who, at, at + 1) if who else None
    who = phrase_before(tokens, back, floor)
    if who is None or (
        tokens[at].low.endswith("ing") and not (tokens[back:at] and tokens[at - 1].low in BE)
    ):
        if not tokens[at].low.endswith("ing"):
            who = _over_relative(tokens, (back, back), floor)
            return Cue(who, at, at + 1) if who else None
        who = _absolute(tokens, at, first) or _clause_subject(tokens, at, first, high, before)
    who = who and (_over_relative(tokens, who, floor) or who)
    if who and back == at and _is_base(tokens[at].low) and not _several(tokens, who):
        return None  # "to see a second telescope |confirm it"
    return Cue(who, at, at + 1) if who and _may_speak(tokens, who, at) else None


def _absolute(tokens: Sequence[Token], at: int, first: int) -> Span | None:
    """Who does it in "with one minister |calling it a farce"."""
    for back in range(at - 1, max(first, at - 8), -1):
        if tokens[back].low == "with" and back + 1 < at:
            return back + 1, at
        if tokens[back].kind != "word" or is_verb(tokens[back]):
            return None
    return None


def _is_base(low: str) -> bool:
    """A form that goes with one person in no tense: "confirm", "say", not "told" or "wrote"."""
    return low in STRONG and (
        low + "s" in STRONG or low + "es" in STRONG or low[:-1] + "ies" in STRONG
    )


def _several(tokens: Sequence[Token], who: Span) -> bool:
    """The phrase may be of several, or of nobody known to be one."""
    words = {token.low for token in tokens[who[0] : who[1]]}
    inner = range(who[0] + 1, who[1])
    last = tokens[next((i for i in inner if tokens[i].low in PREPOSITIONS), who[1]) - 1].low
    plural = last.endswith("s") or last in PLURAL_SOURCES or last in _BODIES
    return plural or bool(words & ({"and", "i", "we", "they", "you", "who"} | _COUNTS))


_BODIES = word_set("people men women group number majority handful team couple pair series")
_COUNTS = word_set("some many several most both two three four five six all few others")


def _overheard(tokens: Sequence[Token], at: int, first: int) -> Cue | None:
    """ "He can be heard |telling them": whoever stands before the auxiliaries."""
    back = at - 1
    while back > first and (tokens[back - 1].low in AUXILIARIES or is_adverb(tokens[back - 1])):
        back -= 1
    who = phrase_before(tokens, back, first)
    return Cue(who, at, at + 1) if who else None


_OVERHEARD = word_set("heard seen filmed recorded caught shown overheard")
"""Before "saying": "he can be heard saying"."""


def _over_relative(tokens: Sequence[Token], who: Span, floor: int) -> Span | None:
    """What a phrase ends a clause about: "people who attended the meeting |said"."""
    verb, plain = False, True
    for back in range(who[0] - 1, max(floor, who[0] - 17), -1):
        if tokens[back].kind != "word" and tokens[back].text not in "£$€%":
            return None
        verb = verb or is_verb(tokens[back])
        low = tokens[back].low
        if low in SUBORDINATORS and low not in _WITHIN_RELATIVE:
            return None
        plain = plain and low not in SUBORDINATORS
        if plain and _reduces(tokens, back):
            return phrase_before(tokens, back, floor)
        if tokens[back].low in {"who", "that", "which"}:
            # "the union that represents controllers |blamed": only its place makes it a verb
            verb = verb or (back + 1 == who[0] < who[1] - 1 and _third_person(tokens[who[0]]))
            end = back - 1 if tokens[back - 1].low in PREPOSITIONS else back  # "in which"
            return phrase_before(tokens, end, floor) if verb else None
    return None


_WITHIN_RELATIVE = word_set("who that which after before since until")


def _reduces(tokens: Sequence[Token], at: int) -> bool:
    """A participle after a noun, as the clause's verb is the cue: "Polls |released before it"."""
    token = tokens[at]
    before = tokens[at - 1]
    plain = token.low.endswith("ed") and is_verb(token) and not is_verb(before)
    plain = plain and before.low not in SUBORDINATORS | PRONOUNS
    following = tokens[at + 1] if at + 1 < len(tokens) else token
    return plain and (following.low in PREPOSITIONS or following.bare in TIMES)


def _third_person(token: Token) -> bool:
    return token.low.endswith("s") and not token.capital and token.low not in DETERMINERS


_RELATIVE = word_set(
    "said says say claim claims claimed believe believes believed told argue argues argued"
)


def _step_back(tokens: Sequence[Token], back: int, first: int) -> int:
    """Before an adverb or a time between subject and cue: "on Tuesday", "later", "repeatedly"."""
    token = tokens[back - 1]
    if token.low in ADVERBS or is_adverb(token):
        return back - 1
    if token.bare in TIMES or token.text.isdigit():
        start = back - 1
        while start > first and (
            tokens[start - 1].bare in TIMES or tokens[start - 1].text.isdigit()
        ):
            start -= 1
        if start > first and tokens[start - 1].low in {"on", "in", "this", "by", "since"}:
            return start - 1
        return start if start > first else back
    return back


def _may_speak(tokens: Sequence[Token], who: Span, at: int) -> bool:
    """A bare lower-case noun before a cue is a source only where people are meant."""
    head = tokens[who[1] - 1]
    if tokens[who[0]].low in DETERMINERS | PRONOUNS | NOBODY or any(
        t.capital for t in tokens[who[0] : who[1]]
    ):
        return head.low not in {"it"} or tokens[at].low not in {"read"}
    return (
        head.bare in ROLES
        or is_role(head.bare)
        or head.low.endswith("s")
        or tokens[at].low in {"said", "say", "says"}
    )


def _beside_mark(
    tokens: Sequence[Token], at: int, back: int, first: int, high: int, before: Sequence[Cue]
) -> Cue | None:
    """A cue after a mark: "…," said Smith; Smith, the mayor, said …; …, saying …"""
    after = at + 1
    while after < high and is_adverb(tokens[after]):
        after += 1
    if tokens[at].low.endswith("ing"):
        who = _clause_subject(tokens, at, first, high, before)
        return Cue(who, at, at + 1) if who else None
    following = phrase_after(tokens, after, high)
    quoted = back > first and tokens[back - 1].kind == "quote"
    quoted = quoted or (back - 1 > first and tokens[back - 2].kind == "quote")
    if (
        following
        and tokens[following[0]].low not in PREPOSITIONS | {"him", "her", "them"}
        and not _is_time(tokens, following)
        and _inverts(tokens, following, at, first, high, quoted)
    ):
        return Cue(following, at, at + 1, inverted=True)
    who = _before_apposition(tokens, back - 1, first) if back > first else None
    who = who or _clause_subject(tokens, at, first, high, before)
    return Cue(who, at, at + 1) if who else None


def _is_time(tokens: Sequence[Token], span: Span) -> bool:
    return all(token.bare in TIMES for token in tokens[span[0] : span[1]])


def _inverts(
    tokens: Sequence[Token], span: Span, at: int, first: int, high: int, quoted: bool
) -> bool:
    stop = tokens[span[1]] if span[1] < high else None
    ends = stop is None or stop.kind != "word" or not is_verb(stop)
    if quoted:
        return ends
    if tokens[at].low not in STRONG or _before_apposition(tokens, at - 1, first):
        return False
    return ends and (
        stop is None or stop.kind == "mark" or stop.low in PREPOSITIONS | {"who"} | TIMES
    )


def _before_apposition(
    tokens: Sequence[Token], comma: int, first: int, depth: int = 4
) -> Span | None:
    """ "Fahim Dashty, the spokesman, |said": what stands before the apposition."""
    titled = tokens[comma].kind == "quote" and open_quote(tokens[comma])
    if tokens[comma - 1].text == ")":  # "Ana Ruiz (Con, Bath), who ran, |said"
        comma = max((i for i in range(first, comma) if tokens[i].text == "("), default=comma)
    if not depth or not (titled or tokens[comma].text in ",—–-("):
        return None
    back = comma - 1
    while back > first and tokens[back].text not in ",—–-" and tokens[back].kind != "quote":
        back -= 1
    if back <= first or tokens[back].text not in ",—–-":
        return None
    inner = tokens[back + 1 : comma]
    if not inner:
        return None
    if _owned_role(tokens, back, first) and tokens[back + 1].is_name:
        return back + 1, comma
    who = phrase_before(tokens, back, first) or relative_head(tokens, back, first)
    if (
        who
        and who[1] - first == 1
        and (tokens[first].low in LEADING or tokens[first].low[-3:] == "ing")
    ):
        return None  # "However, a man, who ran, |said"
    if who is None:
        return _before_apposition(tokens, back, first, depth - 1) if len(inner) < 12 else None
    if inner[0].low in {"who", "which", "whose"} or inner[0].text[0].isdigit():
        return _before_apposition(tokens, back, first, depth - 1) or who
    if inner[0].capital and tokens[who[0]].low in DETERMINERS and all(t.capital for t in inner):
        placed = tokens[back - 1].is_name and any(
            token.low in PREPOSITIONS for token in tokens[who[0] : who[1]]
        )
        # "Ana Ruiz, a baker in Portland, Oregon, |said"
        further = _before_apposition(tokens, back, first, depth - 1) if placed else None
        return further or (back + 1, comma)
    if inner[0].low.endswith("ed"):
        return who
    if any(is_verb(token) for token in inner[:1]) or inner[0].low in CONJUNCTIONS:
        return who if tokens[who[0]].is_name else None
    described = inner[0].low in DETERMINERS or is_role(inner[0].low) or inner[0].possessive
    if described and tokens[who[1] - 1].is_name and tokens[who[0]].is_name:
        return who
    if who[0] > first and tokens[who[0] - 1].low in SUBORDINATORS:
        return who
    further = _before_apposition(tokens, back, first, depth - 1)
    return further or who


def _clause_before(tokens: Sequence[Token], comma: int, first: int) -> bool:
    """Between the comma and the one before stands a clause: ", contradicted that of Lee|, who"."""
    back = comma - 1
    while back > first and tokens[back].kind == "word":
        back -= 1
    return any(is_verb(token) for token in tokens[back + 1 : comma])


def _owned_role(tokens: Sequence[Token], at: int, first: int) -> bool:
    """ "…, whose president|, Faith Amundson, called it": the name after the role speaks."""
    near = [token.low for token in tokens[max(first, at - 5) : at]]
    return "whose" in near and is_role(tokens[at - 1].bare)


def _clause_subject(
    tokens: Sequence[Token], at: int, first: int, high: int, before: Sequence[Cue]
) -> Span | None:
    """Who a cue without a subject of its own belongs to: the speaker before it, or the subject."""
    own = [cue for cue in before if not cue.around]
    if own:
        return own[-1].who
    begin = first
    joined = tokens[at - 1].low == "and" and tokens[at - 2].kind == "word"
    for back in range(at - 1, first, -1):
        # "…, where some people blocked the road and |chanted"
        if tokens[back].text in ";:" or (joined and tokens[back].low in {"where", "while"}):
            begin = back + 1
            break
    return subject_of(tokens, begin, at)


def cues_without_verb(tokens: Sequence[Token], first: int, high: int) -> list[Cue]:
    """A colon before a quotation, a name after a dash, and any verb beside a quotation."""
    for at in range(first, high):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < high else None
        if token.text == ":" and after is not None and after.kind == "quote":
            who = _replying(tokens, first, at)
            if who:
                return [Cue(who, at - 1, at + 1)]
            who = subject_of(tokens, first, at)
            text_near = any(t.bare in TEXTS for t in tokens[max(first, at - 4) : at])
            reach = 2 * _NEAR_COLON if text_near else _NEAR_COLON
            if who and (tokens[who[1]].text.isdigit() or at - who[1] > reach):
                continue  # "Rovers 3 Albion 3: …" is a score
            if who and apposed_person(tokens, who, at):
                return [Cue(who, at, at + 1)]
            who = relative_head(tokens, at, first)
            if who and tokens[at - 1].is_name:
                return [Cue(who, at, at + 1)]
        if (
            token.text in {"—", "–", "-"}
            and at > first
            and tokens[at - 1].kind == "quote"
            and after
        ):
            who = phrase_after(tokens, at + 1, high)
            if who and after.is_name and (who[1] >= high or tokens[who[1]].text in ",.("):
                return [Cue(who, at, at + 1, inverted=True)]
        if token.kind == "quote" and after and after.kind == "word":
            beside = _verb_beside(tokens, at + 1, high)
            if beside:
                return [beside]
    return []


_NEAR_COLON = 14
"""Words between a subject and the colon before what it says."""


def _replying(tokens: Sequence[Token], first: int, at: int) -> Span | None:
    """The owner of an answer before a colon: 'Speaker Roland Buckner's response: "No."'"""
    noun = next((i for i in range(at - 1, max(first, at - 5), -1) if tokens[i].bare in _REPLIES), 0)
    if not noun or not tokens[noun - 1].possessive:
        return None
    return phrase_before(tokens, noun, first)


_REPLIES = word_set("response reply answer retort verdict message advice take reaction assessment")


def apposed_person(tokens: Sequence[Token], who: Span, high: int) -> bool:
    """The phrase is a person, or one is named right after it."""
    if is_person(tokens, who):
        return True
    return who[1] + 1 < high and tokens[who[1]].text == "," and tokens[who[1] + 1].is_name


def _verb_beside(tokens: Sequence[Token], at: int, high: int) -> Cue | None:
    inner = tokens[at - 1].text.rstrip("\"'”’»")
    if not inner.endswith((",", "?", "!", "—", "–")):
        return None
    if tokens[at].low.endswith(("ed", "s")) and not tokens[at].capital:
        who = phrase_after(tokens, at + 1, high)
        return Cue(who, at, at + 1, inverted=True) if who and is_person(tokens, who) else None
    who = subject_of(tokens, at, high)
    if who and is_person(tokens, who) and who[1] < high and is_verb(tokens[who[1]]):
        return Cue(who, who[1], who[1] + 1)
    return None


def is_person(tokens: Sequence[Token], who: Span) -> bool:
    low = tokens[who[0]].low
    if who[1] - who[0] == 1 and low in PRONOUNS:
        return low not in {"it", "i", "we", "who"}
    last = tokens[who[1] - 1]
    return last.is_name or last.bare in ROLES


def open_quote(token: Token) -> bool:
    """A quotation that ends with a comma or so waits for its speaker."""
    return token.kind == "quote" and token.text.rstrip("\"'”’»›“").endswith(
        (",", "?", "!", "—", "–")
    )


def closes(tokens: Sequence[Token], at: int, limit: int) -> bool:
    """Nothing is said after the cue: a mark follows, or only to whom, where and when."""
    if at >= limit or (tokens[at].kind == "mark" and tokens[at].text not in ":([\"'"):
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
    return limit - at < 14


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
