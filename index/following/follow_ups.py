"""Follow-up questions spelled out from the turns before, by rules of English; no language model.

What a follow-up leaves out is taken from the last reply's lead, then from the last question, then
from the reply's quotes, then from the turn before. The outcome is for searching and reading: plain
word order, every name in full. Whoever asked sees their own words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.following.clauses import QUESTION, SUBJECT_QUESTION, YES_NO, answer_of, clause_of
from index.following.referents import ORDINAL, PRONOUN, full_noun, one_listed, resolved, time_given
from index.following.turns import OPENING, TURNS, Before, Name, defines, names_in
from index.following.words import (
    ADJUNCT,
    AUX,
    COUNT,
    LONGEST_QUESTION,
    PAST,
    PLACES,
    PREPOSITION,
    SAYING,
    TOKEN,
    VERBS,
    WH,
    is_participle,
)
from index.passages import Turn
from index.words import STOP_WORDS

_AND = re.compile(r"^\W*(?:and|but|or|so)\b", re.I)
_ASKS = re.compile(rf"^(?:{AUX}|who|whose|whom|what|which|how|{ADJUNCT}|says|according|by)\b", re.I)
_BARE = re.compile(
    rf"^(?P<wh>{ADJUNCT}|who|whom|by whom|who exactly|where exactly|"
    r"when exactly|how come|how many|how much|"
    rf"(?:{PREPOSITION} )?(?:what|which|whom)(?: \w+)?)"
    r"(?: (?:is|was|were|did|does) (?:it|that|this)(?: (?:happen|happening|be|so|take place))?"
    r"| exactly| so| not)?$",
    re.I,
)
_WHO_SAID = re.compile(
    r"^(?:who (?:said|says|claimed|told us|wrote|reported|stated) (?:that|this|so|it)|says who|"
    r"according to whom|who is the source(?: of that)?)$",
    re.I,
)
_ABOUT = re.compile(r"^(?:what about|how about|what of|same for) (?P<new>.+)$", re.I)
_WITH_PREPOSITION = re.compile(rf"^(?P<how>{PREPOSITION}) (?P<what>.+)$", re.I)


def complete(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves out; unchanged if it stands alone or nothing fits.

    `history` holds the earlier turns, oldest first, their questions as asked or as completed.
    """
    asked = OPENING.sub("", " ".join(question.split()).strip(" ?!.,…")).strip(" ?!.,")
    if not history or len(question) > LONGEST_QUESTION or not TOKEN.search(question):
        return question
    if _AND.match(question) and asked and not _ASKS.match(asked):
        asked = f"what about {asked}"
    last = complete(history[-1].question[:LONGEST_QUESTION], history[-TURNS:-1])
    before = Before.of(history, last)
    for step in (_bare, _who_said, _swapped, resolved, _elliptic):
        found = step(asked, before) if asked else None
        if found:
            return _tidied(found)
    return question


def _tidied(question: str) -> str:
    said = " ".join(question.split())
    return said[:1].upper() + said[1:LONGEST_QUESTION] + "?"


def _bare(asked: str, before: Before) -> str | None:
    """ "When?", "why was that?": the last question asked for that instead."""
    match = _BARE.match(asked)
    if not match or re.match(r"where (?:is|are) (?:it|that|this)$", asked, re.I):
        return None
    last = match["wh"].casefold().split()[-1]
    if match["wh"].casefold().startswith(("what", "which")) and (
        last in {"one", "else", "what", "which"} or _only_acts(match["wh"]) or last in STOP_WORDS
    ):
        return None
    clause = clause_of(before)
    wh = match["wh"].casefold().removesuffix(" exactly").replace("how come", "why")
    if not clause or (wh.startswith("who") and clause.wh.casefold() == "who"):
        return None
    if clause.wh.casefold() in {"who", "what"} and not clause.rest and _named(before):
        return f"{wh} {clause.aux} {answer_of(before)}"
    verb, _, others = clause.rest.partition(" ")
    object_left_out = clause.wh.casefold() == "what" and clause.aux in {"do", "does", "did"}
    if object_left_out and verb not in SAYING | {"do", "mean", "tell"} and before.lead:
        return f"{wh} {clause.aux} {clause.subject} {verb} {before.lead} {others}"
    return clause.asked(wh)


def _named(before: Before) -> bool:
    return bool([*names_in(before.lead)]) and not defines(before.question)


def _who_said(asked: str, before: Before) -> str | None:
    """ "Who said that?": with what was said, as the last question and its answer have it."""
    if not _WHO_SAID.match(asked):
        return None
    quoted = re.search(r"“([^\n”]{1,200})", before.quotes)
    clause = clause_of(before)
    if clause is None:
        return f"Who said that {quoted[1]}" if quoted else None
    acted = SUBJECT_QUESTION.match(before.question)
    if acted and not (QUESTION.match(before.question) or YES_NO.match(before.question)):
        counted = acted["wh"].split()[-1] if clause.subject in acted["wh"] else ""
        return f"Who said that {answer_of(before)} {counted} {acted['verb']}{acted['rest']}"
    wh = clause.wh.casefold()
    if wh.startswith("how ") and clause.subject in wh:
        return f"Who said that {before.lead} {clause.stated('')}"
    if wh == "what" and not clause.rest and not re.match(r"the |[A-Z]", clause.subject):
        return f"Who said that {before.lead} {clause.aux} {clause.subject}"
    answered = wh == "whether" or wh.startswith("which") or (wh == "who" and clause.rest)
    return f"Who said that {clause.stated('' if answered else before.lead)}"


def _swapped(asked: str, before: Before) -> str | None:
    """ "What about Qatar?", "and in Kabul?": the last question with that in it instead."""
    match = _ABOUT.match(asked)
    new = match["new"] if match else asked
    named = re.match(rf"(?P<name>[^,]+), (?P<asked>{WH.pattern}.+)$", new, re.I)
    if match and named:
        return PRONOUN.sub(named["name"], named["asked"], count=1)
    chosen = ORDINAL.match(new)
    brief = len(asked.split()) < 5 and (chosen or _WITH_PREPOSITION.match(asked))
    if WH.search(new) or not (match or brief):
        return None
    dated = re.fullmatch(r"(?P<how>before|after|since|until) (?:that|then)", new, re.I)
    if dated:
        return f"{before.question} {dated['how']} {(time_given(before) or '').partition(' ')[2]}"
    if chosen:
        new = one_listed(chosen["which"].casefold(), before) or ""
    elif PRONOUN.search(new):
        new = resolved(new, before) or ""
    return _put_in(new, before) if new else None


def _put_in(new: str, before: Before) -> str:
    """The last question with `new` in the place of what is of its kind."""
    question = re.sub(rf" {PREPOSITION} (?:his|her|its|their) .*$", "", before.question)
    how = _WITH_PREPOSITION.match(new)
    if how:
        old = re.search(rf"\b{how['how']} (?:the )?[\w' -]+$", question, re.I)
        return f"{question[: old.start()]}{new}" if old else f"{question} {new}"
    if re.fullmatch(r"(?:the )?(?:\w+ed|dead|children|women|men)", new, re.I):
        counted = re.search(r"\b(?:\w+ed|dead|die)\b", question)
        if counted and "many" in question.casefold():
            return question[: counted.start()] + _did(new, question) + question[counted.end() :]
    about = re.search(r"\b(?:say|said|think|tell)\w* about (?P<topic>.+)$", question, re.I)
    if about and (re.match(r"the [a-z]", new) or not any(names_in(f"– {new}"))):
        return question[: about.start("topic")] + new
    kind = _replaceable(new, before)
    return question.replace(kind, new, 1) if kind and kind in question else f"{question} {new}"


def _did(group: str, question: str) -> str:
    """ "the injured" → "injured", "the dead" → "killed" or "died", as the question needs."""
    dead = "killed" if re.search(r"\b(?:was|were|been)\b", question) else "died"
    return group.casefold().removeprefix("the ").replace("dead", dead)


def _replaceable(new: str, before: Before) -> str:
    """The part of the last question that `new` stands for: a place, else the subject."""
    found = [*names_in(before.question)]
    fresh = next(iter(names_in(f"– {new}")), None)
    places = [each.text for each in found if each.placed and not each.person]
    text = " ".join((before.quotes, *before.earlier))
    if fresh and places and (_seen_placed(fresh.text, text) or fresh.text in PLACES):
        return places[-1]
    clause = clause_of(before)
    subject = clause.subject if clause and clause.subject in before.question else ""
    if subject and (not fresh or any(each.text in subject for each in found)):
        return _without_owned(subject, found, bool(fresh))
    named = [each.noun if new.startswith("the ") else each.text for each in found]
    persons = [each.text for each in found if each.person]
    return next(iter((persons or named) if fresh else []), subject)


def _without_owned(subject: str, found: list[Name], named: bool) -> str:
    """Only the owner's name of "Massoud's father" and "the capital of Panjshir"."""
    for each in found if named else ():
        if f"{each.text}'s" in subject or f" of {each.noun}" in subject:
            return each.noun
    return subject


def _seen_placed(name: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:in|at|to|from|near) (?:the )?{re.escape(name)}\b", text))


def _elliptic(asked: str, before: Before) -> str | None:
    """ "How many were injured?", "who died?", "when is the meeting?": with what tells which."""
    definite = re.search(r"\b(?:the|this|that) (?P<noun>\w+)$", asked)
    if definite:
        full = full_noun(definite["noun"], before.question)
        return asked[: definite.start()] + full if full else None
    uncounted = re.match(rf"^{COUNT} (?:{AUX}\b|\w+ed\b|died\b|fled\b|left\b)", asked, re.I)
    brief = len(asked.split()) < 7 and not any(names_in(f"– {asked}"))
    if not brief or not (uncounted or _only_acts(asked)):
        return None
    counted = re.match(r"^how many (\w+) ", before.question, re.I)
    if uncounted and counted:
        asked = re.sub(rf"^({COUNT})", rf"\1 {counted[1]}", asked, flags=re.I)
    about = re.search(rf" {PREPOSITION} (?:the |a |an )?\w.*$", before.question)
    return asked + about[0] if about and about[0] not in asked else None


def _only_acts(asked: str) -> bool:
    """Whether the question has nothing but a verb: "who died", "what happened"."""
    words = [each.casefold() for each in TOKEN.findall(asked)]
    rest = [each for each in words if each not in STOP_WORDS]
    acts = all(is_participle(each) or each in VERBS or each in PAST for each in rest)
    return bool(WH.match(asked)) and len(words) <= 5 and bool(rest) and acts
