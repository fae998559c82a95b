"""What pronouns, "the second" and "that valley" stand for."""

from __future__ import annotations

import re
from itertools import islice

from index.following.clauses import clause_of
from index.following.turns import Before, defines, names_in
from index.following.words import (
    AUX,
    COUNT,
    GROUP_NOUNS,
    KINDS,
    MONTHS,
    PAST,
    PLACE_NOUNS,
    PREPOSITION,
    SAYING,
    TOKEN,
    VERBS,
    WH,
    is_participle,
)
from index.words import STOP_WORDS

MOST_PRONOUNS = 5
"""What follows them in a question is left as it is."""
PRONOUN = re.compile(
    r"\b(?:he|she|him|her|hers|his|himself|herself|they|them|their|theirs|it|its|there|then|"
    r"that|this|these|those|one)\b(?!['’-]\w)",
    re.I,
)
_EXPLETIVE = re.compile(
    r"\b(?:(?:is|was) (?:it|that|this|there) (?:true|possible|likely|the case|known|clear|that|a|"
    r"an|any|rain\w*|snow\w*|who|safe to)\b|"
    r"(?:might|must|may|could|would|will) it be (?!in|at)\w+\b|"
    r"(?:does|did|will|would|can) it (?:take|matter|cost|snow|rain|become|get (?:dark|cold|late)|"
    r"mean (?:when|if|to|that))\b|has it been\b|it (?:is|was) said\b|"
    r"(?:is|are|was|were|be|been|will|has|have) there\b(?!$)|(?:that|^)there\b|"
    r"there (?:is|are|was|were|will|has|must|may|re)\b|at th(?:is|at) (?:time|point)\b|"
    r"what time is it|that (?:is|are|was|were|has|have|had|will|there|because) )",
    re.I,
)
"""Words that stand for nothing, or for something in the same question."""
_CLAUSE_BEGINS = re.compile(
    r" (?:and|or|when|that|if|because|but|after|before|which|who|as|while|says?|said|tells?)\b"
    r"|\bto \w+(?: with)? $",
    re.I,
)
ORDINAL = re.compile(
    r"\bthe (?P<which>first|second|third|last|other|latter|former)(?: one|"
    r" of (?:them|these|those))?\b(?= *$|,| (?:is|was|do|does|did|say|said|happen)\b)",
    re.I,
)


def one_listed(which: str, before: Before) -> str | None:
    """The second of what the lead lists, or what the second quote names."""
    listed = re.split(r", (?:and )?| and | or ", before.lead)
    at = {"first": 0, "former": 0, "second": 1, "other": 1, "third": 2}.get(which, -1)
    if len(listed) > 1 and at < len(listed):
        return listed[at]
    quotes = before.quotes.strip().split("\n")
    chosen = quotes[at] if at < len(quotes) else ""
    known = {each.text for each in names_in(before.question)}
    return next((each.noun for each in names_in(chosen) if each.text not in known), None)


def resolved(asked: str, before: Before) -> str | None:
    """Each pronoun without its referent in the question exchanged for the likeliest noun."""
    ordinal = ORDINAL.search(asked)
    if ordinal:
        chosen = one_listed(ordinal["which"].casefold(), before)
        return asked[: ordinal.start()] + chosen + asked[ordinal.end() :] if chosen else None
    skipped = [match.span() for match in _EXPLETIVE.finditer(asked)]
    parts: list[str] = []
    done = 0
    for pronoun in islice(PRONOUN.finditer(asked), MOST_PRONOUNS):
        if any(start <= pronoun.start() < end for start, end in skipped):
            continue
        noun = _referent(pronoun, asked, before)
        if noun and not (parts and noun.endswith(("'s", "s'"))):
            parts += [asked[done : pronoun.start()], noun]
            done = _end(pronoun, asked)
    return "".join([*parts, asked[done:]]) if parts else None


def _end(pronoun: re.Match[str], asked: str) -> int:
    """Where the pronoun ends, with the noun that it points with: "that valley"."""
    noun = re.compile(r" \w+").match(asked, pronoun.end())
    return noun.end() if noun and pronoun[0].casefold() in _POINTING else pronoun.end()


_ANYONE = frozenset({"they", "them", "it"})
"""Pronouns that often stand for nobody: "where do they shoot this film"."""
_POINTING = frozenset({"that", "this", "these", "those"})


def _referent(pronoun: re.Match[str], asked: str, before: Before) -> str | None:
    word, left, right = pronoun[0].casefold(), asked[: pronoun.start()], asked[pronoun.end() :]
    if word in _POINTING:
        return _pointed(word, left, right, before)
    if word == "then":
        return time_given(before) if not right else None
    if word == "there":
        if any(name.placed for name in names_in(left)):
            return None
        exists = re.match(rf"{COUNT}|{AUX}\b", left, re.I) and re.search(rf"\b{AUX} $", left)
        return None if exists else _place(before)
    if word == "one" or _bound(word, left) or (word in _ANYONE and _new_topic(right, before)):
        return None
    owns = word in {"his", "its", "their"} or (word == "her" and bool(re.match(r" [a-z]", right)))
    noun = _thing(before) if word in {"it", "its"} else _somebody(word, before)
    return noun and (noun + ("'" if noun.endswith("s") else "'s") if owns else noun)


def _new_topic(right: str, before: Before) -> bool:
    """Whether three words or more follow of which the turns before hold none."""
    said = [each.casefold() for each in TOKEN.findall(right)]
    said = [each for each in said if each not in STOP_WORDS]
    known = {each.casefold() for each in TOKEN.findall(f"{before.question} {before.quotes}")}
    return len(said) > 2 and not known.intersection(said)


def _bound(word: str, left: str) -> bool:
    """Whether the question itself says before the pronoun what it stands for."""
    own = re.sub(rf"^(?:{PREPOSITION} )?(?:{COUNT}|what|which|whose) \w+", "", left, flags=re.I)
    own = re.sub(rf"^(?:{WH.pattern}\s*)+", "", own.strip(), flags=re.I)
    nouns = [each for each in map(str.casefold, TOKEN.findall(own)) if each not in STOP_WORDS]
    nouns = [each for each in nouns if not (each in VERBS or each in PAST or is_participle(each))]
    if word in {"him", "her", "them", "it"}:
        return bool(nouns) and bool(_CLAUSE_BEGINS.search(own))
    return bool(nouns)


def _somebody(word: str, before: Before) -> str | None:
    if word not in {"they", "them", "their", "theirs"}:
        return next((each.text for each in before.names() if each.person), None)
    plural = re.match(
        r"(?:the )?(?P<who>(?:two|three|four|\d+|several) \w+(?:s|en))\b", before.lead
    )
    if plural:
        did = re.match(r"^who (?P<did>.+)$", before.question, re.I)
        return f"the {plural['who']}" + (f" who {did['did']}" if did else "")
    nearest = (*names_in(before.lead), *names_in(before.question))
    group = next((each.noun for each in nearest if each.group), None)
    anywhere = (each.noun for each in before.names() if each.group)
    anyone = (each.text for each in before.names() if each.person and " " in each.text)
    return group or _people(before) or next(anywhere, None) or next(anyone, None)


def _people(before: Before) -> str | None:
    """The plural noun that the last question asks about: "the cameras"."""
    clause = clause_of(before)
    subject = clause.subject if clause else ""
    if clause and " " in clause.wh and subject in clause.wh:
        passive = clause.aux.casefold() in {"was", "were", "is", "are"}
        done = clause.rest if passive else f"who {before.question.split(subject, 1)[1].strip()}"
        there = re.fullmatch(r"(?:there|in .*|who (?:are|is) there)", done)
        return f"the {subject}" + ("" if there else f" {done}")
    if re.search(r"(?:s|people|men|women|children)$", subject):
        return subject
    plural = re.search(r"\b(?:the|these|those) (?:[\w-]+ )?[\w-]+[^s\W]s\b", before.question, re.I)
    return plural[0] if plural else None


def _thing(before: Before) -> str | None:
    """What "it" stands for: the answer of "what is the …", else what the last question is about."""
    if before.identifies:
        named = _identified_name(before)
        if named:
            return named
    clause = clause_of(before)
    counts = re.match(COUNT, before.question, re.I)
    if clause and not counts and not _asks_person(before) and len(clause.subject.split()) < 12:
        person = any(
            name.person and name.text == clause.subject for name in names_in(clause.subject)
        )
        if not person or defines(before.question):
            return clause.subject.removeprefix("the name ")
    phrase = re.search(rf"\b(?:the|a|an) [\w' -]+?(?= {AUX}\b|$)", before.question, re.I)
    if phrase:
        return re.sub(r"^(?:a|an) ", "the ", phrase[0])
    return next((each.noun for each in before.names() if not each.person), None)


def _identified_name(before: Before) -> str | None:
    """The name that answered "What is the capital …", "Which district …"."""
    name = next(names_in(before.lead), None)
    if name:
        return name.noun
    kind = re.match(r"^(?:what|which) (\w+)", before.question, re.I)
    named = kind and re.search(rf"\b(?!The )([A-Z][\w-]+) {re.escape(kind[1])}\b", before.quotes)
    return named[0] if named else None


def _asks_person(before: Before) -> bool:
    return bool(re.match(r"^(?:who|whom)\b", before.question, re.I))


def _place(before: Before) -> str | None:
    where = re.match(r"^where\b", before.question, re.I)
    name = next(names_in(before.lead), None)
    if before.lead and (where or (before.identifies and name)):
        known = re.match(rf"{PREPOSITION} ", before.lead, re.I)
        return before.lead if known else f"in {name.noun if name else before.lead}"
    names = [*names_in(before.question), *names_in(before.lead), *names_in(before.quotes)]
    placed = next((each for each in names if each.placed and not each.person), None)
    return f"in {placed.noun}" if placed else None


def time_given(before: Before) -> str | None:
    """The time that the lead or the last question gives, with its preposition."""
    for text in (before.lead, before.question):
        match = re.search(rf"\b(?P<day>\d{{1,2}} )?(?:(?:{MONTHS})\b ?)?(?:1\d|20)\d\d\b", text)
        match = match or re.search(rf"\b(?P<day>\d{{1,2}} )(?:{MONTHS})\b", text)
        if match:
            return f"{'on' if match['day'] else 'in'} {match[0].strip()}"
    return None


def _pointed(word: str, left: str, right: str, before: Before) -> str | None:
    """ "that" as what was said or happened, and "that valley"; None for "said that the …"."""
    last = left.split()[-1].casefold() if left.strip() else ""
    noun = re.match(r" (\w+)", right)
    if noun and (not last or re.fullmatch(rf"{PREPOSITION}|{AUX}", last) or last in VERBS - SAYING):
        if noun[1].casefold() in STOP_WORDS:
            return None
        kind = _that(noun[1], before)
        alone = right.strip() == noun[1] and re.fullmatch(AUX, last)
        return f"{_thing(before) or 'that'} {noun[1]}" if alone and not kind else kind
    if right.strip() or word in {"these", "those"}:
        return None
    if last in SAYING or re.search(r"\b(?:tell|told) \w+ $", left):
        return _statement(before)
    return _thing(before)


def _statement(before: Before) -> str:
    """What was said: the words asked about, or the quoted words with what they are about."""
    said = re.match(r"^who (?:said|says|claimed|wrote|called) (?P<what>.+)$", before.question, re.I)
    if said:
        return said["what"]
    about = re.search(r" about (?P<what>.+)$", before.question)
    first = before.quotes.strip().strip("“").split("\n")[0]
    quoted = re.search(r"[\"“](?P<words>[^\"“”]{3,100})[\"”]", first)
    words = quoted["words"] if quoted else before.lead
    return f"{about['what'] if about else ''} {words}"


def _that(noun: str, before: Before) -> str | None:
    """ "that valley" → "the Panjshir valley" where a text has it so, else what "it" stands for."""
    for text in (before.lead, before.question, before.quotes):
        found = full_noun(noun, text)
        if found:
            return found
    return _thing(before) if noun.casefold() in KINDS | PLACE_NOUNS | GROUP_NOUNS else None


def full_noun(noun: str, text: str) -> str | None:
    """The noun with the words that tell which: "the meeting on aid", "Panjshir province"."""
    behind = r"(?: (?:of|on|in|at|for) (?:the )?\w+)?"
    found = re.search(rf"(?P<kind>(?:[\w-]+ ){{0,2}}){re.escape(noun)}(?P<more>{behind})\b", text)
    if not found:
        return None
    kind: list[str] = []
    for word in reversed(found["kind"].split()):
        if word.casefold() in STOP_WORDS:
            break
        kind.insert(0, word)
    more = found["more"] if found["more"].split()[-1:] != ["the"] else ""
    return " ".join(("the", *kind, noun + more)) if kind or more else None
