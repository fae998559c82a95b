"""Follow-up questions spelled out from the turns before, by rules of English; no language model.

What a follow-up leaves out is taken from the last reply's lead, then from the last question, then
from the reply's quotes, then from the turn before. The outcome is for searching and reading: plain
word order, every name in full. Whoever asked sees their own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.passages import Turn
from index.words import STOP_WORDS

TURNS = 3
"""The latest turns that are looked at."""
LONGEST_REPLY = 2_000
LONGEST_QUESTION = 400
"""Characters; a longer question says enough by itself."""
MOST_PRONOUNS = 5
"""What follows them in a question is left as it is."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AUX = r"(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|must|may|might)"
_PREPOSITION = (
    r"(?:in|on|at|to|from|for|by|with|near|of|about|during|after|before|since|under|over)"
)
_COUNT = r"how (?:many|much)"
_ADJUNCT = (
    r"(?:since |until |from )?(?:when|where)|why|how(?: long| often| far| old)?|what time|what day"
)
_OPENING = re.compile(
    r"^(?:(?:and|but|so|or|ok|okay|also|then|well|yes|thanks|thank you|exactly)\b[ ,]*)+", re.I
)
_AND = re.compile(r"^\W*(?:and|but|or|so)\b", re.I)
_ASKS = re.compile(
    rf"^(?:{_AUX}|who|whose|whom|what|which|how|{_ADJUNCT}|says|according|by)\b", re.I
)
_BARE = re.compile(
    rf"^(?P<wh>{_ADJUNCT}|who|whom|by whom|who exactly|where exactly|"
    r"when exactly|how come|how many|how much|"
    rf"(?:{_PREPOSITION} )?(?:what|which|whom)(?: \w+)?)"
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
_QUESTION = re.compile(
    rf"^(?P<wh>(?:by|in|on|at|from|to|with|for) (?:what|which|whom) ?\w*|{_COUNT}(?: \w+)?|"
    rf"{_ADJUNCT}|who|whom|(?:what|which)(?: (?!{_AUX}\b)\w+)?) (?P<aux>{_AUX}) (?P<rest>.+)$",
    re.I,
)
_SUBJECT_QUESTION = re.compile(
    rf"^(?P<wh>who|what|(?:what|which) \w+|{_COUNT} \w+) (?P<verb>\w+)(?P<rest>.*)$", re.I
)
_YES_NO = re.compile(rf"^(?P<aux>{_AUX}) (?P<rest>.+)$", re.I)
_WH = re.compile(rf"\b(?:who|whom|whose|what|which|{_COUNT}|{_ADJUNCT})\b", re.I)
_WITH_PREPOSITION = re.compile(rf"^(?P<how>{_PREPOSITION}) (?P<what>.+)$", re.I)
_PLACED = re.compile(r"\b(?:in|at|to|from|near|of|into|outside|around|through|on)(?: the)? $", re.I)
_THE = re.compile(r"\bthe $", re.I)
_MARKER = re.compile(r"\s*\[\d+\]\s*$")
_TOKEN = re.compile(r"\w+(?:[-'’.]\w+)*")
_PRONOUN = re.compile(
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
_ORDINAL = re.compile(
    r"\bthe (?P<which>first|second|third|last|other|latter|former)(?: one|"
    r" of (?:them|these|those))?\b(?= *$|,| (?:is|was|do|does|did|say|said|happen)\b)",
    re.I,
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_GROUP_NOUNS = _words(
    """airlines airline alliance army association bank bureau college commission committee
    company corporation council court emirates force forces foundation front government group
    institute ministry movement nations office organisation organization parliament party
    police states team union university"""
)
_PLACE_NOUNS = _words(
    """airport bay city country district gorge heights hospital island lake mountains ocean
    province region river road sea street town valley village"""
)
_NOT_NAMES = _words(
    """january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
    thursdays fridays saturdays sundays secretary secretary-general president minister
    ambassador former leader spokesman spokeswoman commander city son daughter state district
    province heights capital killed date place no yes note what who deputy chief director mr
    mrs ms dr twitter i"""
)
_PARTICIPLES = _words(
    """kept held shot known made taken born built found given sent sold told seen set put written
    spoken left lost won led done gone come due located open closed based called going"""
)
_VERBS = _words(
    """act agree appear arrive ask attack become begin believe bring build buy call capture carry
    cause change choose claim close come continue convene cost
    lay design recommend
    own invent discover establish introduce announce increase decrease rise grow drop cancel
    approve adopt ban allow require support elect appoint resign marry study teach develop release
    earn sue arrest accuse create cross cut decide deny destroy die
    do end enter fall fight find fire flee fly follow form get give go happen hear help hold
    host include injure invade join keep kill know land last launch lead leave lie like live
    lose make mean meet move need offer open order pay plan play produce promise publish put
    reach read receive rely remain reopen repair report resist resume return rule run say see
    seem sell send serve shoot show sign speak stand start stay stop take talk tell think
    travel try use visit wait want warn water win work write"""
)
_PAST = dict(
    pair.split(":")
    for pair in _words(
        """became:become began:begin brought:bring built:build came:come fell:fall found:find
    fought:fight gave:give held:hold kept:keep knew:know led:lead left:leave lost:lose
    made:make met:meet paid:pay put:put ran:run said:say saw:see sent:send shot:shoot
    sold:sell spoke:speak stood:stand took:take told:tell thought:think went:go won:win
    wrote:write died:die used:use closed:close promised:promise announced:announce
    resumed:resume chaired:chair"""
    )
)


def complete(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves out; unchanged if it stands alone or nothing fits.

    `history` holds the earlier turns, oldest first, their questions as asked or as completed.
    """
    asked = _OPENING.sub("", " ".join(question.split()).strip(" ?!.,…")).strip(" ?!.,")
    if not history or len(question) > LONGEST_QUESTION or not _TOKEN.search(question):
        return question
    if _AND.match(question) and asked and not _ASKS.match(asked):
        asked = f"what about {asked}"
    before = _Before.of(history)
    for step in (_bare, _who_said, _swapped, _resolved, _elliptic):
        found = step(asked, before) if asked else None
        if found:
            return _tidied(found)
    return question


def _tidied(question: str) -> str:
    said = " ".join(question.split())
    return said[:1].upper() + said[1:LONGEST_QUESTION] + "?"


@dataclass(frozen=True, slots=True)
class _Name:
    text: str
    the: bool
    """Stands behind "the"."""
    placed: bool
    """Stands behind a preposition of place."""

    @property
    def noun(self) -> str:
        return f"the {self.text}" if self.the else self.text

    @property
    def person(self) -> bool:
        parts = {part.casefold() for part in self.text.split()}
        group = self.the or self.text.isupper() or bool(parts & (_GROUP_NOUNS | _PLACE_NOUNS))
        return not group and not (self.placed and len(parts) == 1)

    @property
    def group(self) -> bool:
        parts = {part.casefold() for part in self.text.split()}
        place = bool(parts & _PLACE_NOUNS) or (self.placed and not self.the)
        return not place and (self.the or self.text.isupper() or bool(parts & _GROUP_NOUNS))


@dataclass(frozen=True, slots=True)
class _Before:
    """The turns before, taken apart: the last question, its lead and quotes, then the earlier."""

    question: str
    lead: str
    quotes: str
    earlier: tuple[str, ...]

    @classmethod
    def of(cls, history: Sequence[Turn]) -> _Before:
        latest = [*history[-TURNS:]][::-1]
        lead, quotes = _parts(latest[0].reply)
        earlier = [text for turn in latest[1:] for text in (turn.question, *_parts(turn.reply))]
        asked = complete(latest[0].question[:LONGEST_QUESTION], history[-TURNS:-1])
        question = " ".join(asked.split()).strip(" ?!.,")
        return cls(_OPENING.sub("", question), lead, quotes, tuple(earlier))

    @property
    def identifies(self) -> bool:
        """Whether the last question asked which thing, so that its answer is the topic now."""
        asks = re.match(r"^(?:what|which)\b", self.question, re.I)
        return bool(asks) and not _defines(self.question)

    def names(self) -> Iterator[_Name]:
        """Every name, the likeliest first, each in its fullest form."""
        texts = (self.lead, self.question, self.quotes, *self.earlier)
        if _defines(self.question):
            texts = (self.question, self.lead, self.quotes, *self.earlier)
        everything = [name for text in texts for name in _names(text)]
        if re.match(r"^who\b.*['’]s?\b", self.question) and not _defines(self.question):
            known = {name.text for name in _names(self.question)}
            everything.sort(key=lambda name: name.text in known)
        for name in everything:
            yield self._in_full(name, everything)

    def _in_full(self, name: _Name, everything: list[_Name]) -> _Name:
        """ "Mujahid" → "Zabihullah Mujahid", where the turns have it."""
        ending = " " + name.text
        longer = (each for each in everything[:50] if each.text.endswith(ending))
        return next(longer, name) if name.person else name


def _parts(reply: str) -> tuple[str, str]:
    """The lead of a reply without its marker ("" if it has none), and the quotes."""
    first, _, others = reply[:LONGEST_REPLY].strip().partition("\n")
    if first.startswith("“"):
        return "", first + "\n" + others
    return (_MARKER.sub("", first) if _MARKER.search(first) else ""), others


def _defines(question: str) -> bool:
    """Whether it asks what a name is: "Who is Fahim Dashty", "Where is Kapisa"."""
    match = re.match(
        r"^(?:who|what|where) (?:is|are|was|were) (?:the )?(?P<name>.+)$", question, re.I
    )
    found = list(_names(question))
    return bool(match and len(found) == 1 and found[0].text == match["name"])


def _names(text: str) -> Iterator[_Name]:
    """Runs of capitalised words that are no months, roles or beginnings of sentences."""
    run: list[re.Match[str]] = []
    for token in [*_TOKEN.finditer(text), None]:
        joined = token and (not run or text[run[-1].end() : token.start()] == " ")
        if token and joined and _capital(token[0]):
            run.append(token)
        else:
            yield from _name(text, run)
            run = [token] if token and _capital(token[0]) else []
        if run and run[-1][0][-2:] in {"'s", "’s"}:
            yield from _name(text, run)
            run = []


def _capital(word: str) -> bool:
    return word[0].isupper()


def _name(text: str, run: list[re.Match[str]]) -> Iterator[_Name]:
    while run and run[0][0].casefold() in (STOP_WORDS | _NOT_NAMES):
        run = run[1:]
    while run and run[-1][0].casefold() in _NOT_NAMES:
        run = run[:-1]
    titles = [at for at, each in enumerate(run) if each[0].casefold() in _NOT_NAMES]
    run = run[titles[-1] + 1 :] if titles else run
    if not run:
        return
    start, end = run[0].start(), run[-1].end()
    name = re.sub(r"['’]s$", "", text[start:end])
    before = text[max(0, start - 16) : start]
    begins = not before.strip(' “"') or before.rstrip(' “"')[-1:] in ".?!:\n"
    common = begins and len(run) == 1 and re.match(r" [a-z]", text[end : end + 2])
    if not common or text[end : end + 4] in {" is ", " was"}:
        yield _Name(name, bool(_THE.search(before)), bool(_PLACED.search(before)))


@dataclass(frozen=True, slots=True)
class _Clause:
    """A question taken apart: wh + auxiliary + subject + the rest."""

    wh: str
    aux: str
    subject: str
    rest: str

    def asked(self, wh: str) -> str:
        return " ".join((wh, self.aux.casefold(), self.subject, self.rest))

    def stated(self, answer: str) -> str:
        """The clause as a statement; `answer` stands at its end where it is an object."""
        aux = self.aux.casefold()
        said = "" if aux in {"do", "did", "does"} else aux
        rest = re.sub(r"^do\b", answer, self.rest)
        return " ".join((self.subject, said, rest, "" if rest != self.rest else answer))


def _clause(before: _Before) -> _Clause | None:
    """The last question with its answer put in where it asked for its subject."""
    match = _QUESTION.match(before.question)
    if match and match["wh"].casefold() in {"who", "what", "which"}:
        return _identified(match, before)
    if match:
        counted = re.match(rf"(?P<how>{_COUNT}|what|which) (?P<noun>\w+)$", match["wh"], re.I)
        verb = match["rest"].split()[0].casefold()
        if counted and (counted["how"][0] in "hH" or _participle(verb) or verb in _VERBS):
            return _Clause(match["wh"], match["aux"], counted["noun"], match["rest"])
        return _Clause(match["wh"], match["aux"], *_subject(match["rest"], match["aux"]))
    whether = _YES_NO.match(before.question)
    if whether:
        return _Clause("whether", whether["aux"], *_subject(whether["rest"], whether["aux"]))
    return _acted(before)


def _identified(match: re.Match[str], before: _Before) -> _Clause:
    """ "Who will convene X" → the answer will convene X; "What did X send" keeps its subject."""
    aux, rest = match["aux"].casefold(), match["rest"]
    first = rest.split()[0].casefold()
    if aux in {"do", "does", "did"}:
        return _Clause(match["wh"], aux, *_subject(rest, aux))
    if first in _VERBS or first.endswith(("ed", "ing")) or first in _PARTICIPLES:
        return _Clause(match["wh"], aux, _answer(before) or "it", rest)
    return _Clause(match["wh"], aux, *_subject(rest, aux))


def _acted(before: _Before) -> _Clause | None:
    """ "Who sent a plane", "How many people died": the verb itself follows what is asked for."""
    match = _SUBJECT_QUESTION.match(before.question)
    if not match:
        return None
    verb, wh = match["verb"].casefold(), match["wh"]
    present = verb.endswith("s") and not verb.endswith("ss")
    counted = wh.split()[-1] if wh.casefold().startswith("how") else None
    doer = counted or _answer(before) or "they"
    return _Clause(wh, "does" if present else "did", doer, _base(verb) + match["rest"])


def _base(verb: str) -> str:
    """The verb's plain form, as after "did"."""
    if verb in _PAST:
        return _PAST[verb]
    for ending, plain in (("ies", "y"), ("ied", "y"), ("es", "e"), ("s", ""), ("ed", "")):
        if verb.endswith(ending) and len(verb) > len(ending) + 2:
            stem = verb.removesuffix(ending)
            return stem + "e" if ending == "ed" and stem + "e" in _VERBS else stem + plain
    return verb


def _answer(before: _Before) -> str:
    """What answered the last question, as a name where there is one; "" when nothing did."""
    named = [*_names(before.lead)]
    if named:
        return next(before.names()).noun
    if before.question.casefold().startswith("who"):
        person = next((each.text for each in before.names() if each.person), "")
        return person if re.match(r"[A-Z]", before.lead) else before.lead.split(",")[0]
    return before.lead.split(",")[0]


def _subject(rest: str, aux: str) -> tuple[str, str]:
    """(subject, what follows it) of the words behind the auxiliary."""
    words = rest.split()
    for at, word in enumerate(words[1:], start=1):
        plain = word.casefold()
        acts = plain in _VERBS and words[at - 1].casefold() not in {"a", "an", "the"}
        if aux.casefold() in {"is", "are", "was", "were", "has", "have", "had"}:
            acts = _participle(plain) and words[at - 1].casefold() not in {"a", "an", "the"}
            acts = acts or plain == "to"
        if acts:
            return " ".join(words[:at]), " ".join(words[at:])
    if aux.casefold() not in {"do", "does", "did"} or len(words) < 3:
        return rest, ""
    at = 2 if words[0].casefold() in {"the", "a", "an", "his", "her", "its", "their"} else 1
    while at < len(words) - 1 and _capital(words[at]):
        at += 1
    return " ".join(words[:at]), " ".join(words[at:])


def _participle(word: str) -> bool:
    return word in _PARTICIPLES or (word.endswith(("ed", "ing")) and len(word) > 5)


def _bare(asked: str, before: _Before) -> str | None:
    """ "When?", "why was that?": the last question asked for that instead."""
    match = _BARE.match(asked)
    if not match or re.match(r"where (?:is|are) (?:it|that|this)$", asked, re.I):
        return None
    last = match["wh"].casefold().split()[-1]
    if match["wh"].casefold().startswith(("what", "which")) and (
        last in {"one", "else", "what", "which"} or _only_acts(match["wh"]) or last in STOP_WORDS
    ):
        return None
    clause = _clause(before)
    wh = match["wh"].casefold().removesuffix(" exactly").replace("how come", "why")
    if not clause or (wh.startswith("who") and clause.wh.casefold() == "who"):
        return None
    if clause.wh.casefold() in {"who", "what"} and not clause.rest and _named(before):
        return f"{wh} {clause.aux} {_answer(before)}"
    verb, _, others = clause.rest.partition(" ")
    object_left_out = clause.wh.casefold() == "what" and clause.aux in {"do", "does", "did"}
    if object_left_out and verb not in _SAYING | {"do", "mean", "tell"} and before.lead:
        return f"{wh} {clause.aux} {clause.subject} {verb} {before.lead} {others}"
    return clause.asked(wh)


def _named(before: _Before) -> bool:
    return bool([*_names(before.lead)]) and not _defines(before.question)


def _who_said(asked: str, before: _Before) -> str | None:
    """ "Who said that?": with what was said, as the last question and its answer have it."""
    if not _WHO_SAID.match(asked):
        return None
    quoted = re.search(r"“([^\n”]{1,200})", before.quotes)
    clause = _clause(before)
    if clause is None:
        return f"Who said that {quoted[1]}" if quoted else None
    acted = _SUBJECT_QUESTION.match(before.question)
    if acted and not (_QUESTION.match(before.question) or _YES_NO.match(before.question)):
        counted = acted["wh"].split()[-1] if clause.subject in acted["wh"] else ""
        return f"Who said that {_answer(before)} {counted} {acted['verb']}{acted['rest']}"
    wh = clause.wh.casefold()
    if wh.startswith("how ") and clause.subject in wh:
        return f"Who said that {before.lead} {clause.stated('')}"
    if wh == "what" and not clause.rest and not re.match(r"the |[A-Z]", clause.subject):
        return f"Who said that {before.lead} {clause.aux} {clause.subject}"
    answered = wh == "whether" or wh.startswith("which") or (wh == "who" and clause.rest)
    return f"Who said that {clause.stated('' if answered else before.lead)}"


def _swapped(asked: str, before: _Before) -> str | None:
    """ "What about Qatar?", "and in Kabul?": the last question with that in it instead."""
    match = _ABOUT.match(asked)
    new = match["new"] if match else asked
    named = re.match(rf"(?P<name>[^,]+), (?P<asked>{_WH.pattern}.+)$", new, re.I)
    if match and named:
        return _PRONOUN.sub(named["name"], named["asked"], count=1)
    chosen = _ORDINAL.match(new)
    brief = len(asked.split()) < 5 and (chosen or _WITH_PREPOSITION.match(asked))
    if _WH.search(new) or not (match or brief):
        return None
    dated = re.fullmatch(r"(?P<how>before|after|since|until) (?:that|then)", new, re.I)
    if dated:
        return f"{before.question} {dated['how']} {(_time(before) or '').partition(' ')[2]}"
    if chosen:
        new = _listed(chosen["which"].casefold(), before) or ""
    elif _PRONOUN.search(new):
        new = _resolved(new, before) or ""
    return _put_in(new, before) if new else None


def _put_in(new: str, before: _Before) -> str:
    """The last question with `new` in the place of what is of its kind."""
    question = re.sub(rf" {_PREPOSITION} (?:his|her|its|their) .*$", "", before.question)
    how = _WITH_PREPOSITION.match(new)
    if how:
        old = re.search(rf"\b{how['how']} (?:the )?[\w' -]+$", question, re.I)
        return f"{question[: old.start()]}{new}" if old else f"{question} {new}"
    if re.fullmatch(r"(?:the )?(?:\w+ed|dead|children|women|men)", new, re.I):
        counted = re.search(r"\b(?:\w+ed|dead|die)\b", question)
        if counted and "many" in question.casefold():
            return question[: counted.start()] + _did(new, question) + question[counted.end() :]
    about = re.search(r"\b(?:say|said|think|tell)\w* about (?P<topic>.+)$", question, re.I)
    if about and (re.match(r"the [a-z]", new) or not any(_names(f"– {new}"))):
        return question[: about.start("topic")] + new
    kind = _replaceable(new, before)
    return question.replace(kind, new, 1) if kind and kind in question else f"{question} {new}"


def _did(group: str, question: str) -> str:
    """ "the injured" → "injured", "the dead" → "killed" or "died", as the question needs."""
    dead = "killed" if re.search(r"\b(?:was|were|been)\b", question) else "died"
    return group.casefold().removeprefix("the ").replace("dead", dead)


def _replaceable(new: str, before: _Before) -> str:
    """The part of the last question that `new` stands for: a place, else the subject."""
    found = [*_names(before.question)]
    fresh = next(iter(_names(f"– {new}")), None)
    places = [each.text for each in found if each.placed and not each.person]
    text = " ".join((before.quotes, *before.earlier))
    if fresh and places and (_seen_placed(fresh.text, text) or fresh.text in _PLACES):
        return places[-1]
    clause = _clause(before)
    subject = clause.subject if clause and clause.subject in before.question else ""
    if subject and (not fresh or any(each.text in subject for each in found)):
        return _without_owned(subject, found, bool(fresh))
    named = [each.noun if new.startswith("the ") else each.text for each in found]
    persons = [each.text for each in found if each.person]
    return next(iter((persons or named) if fresh else []), subject)


def _without_owned(subject: str, found: list[_Name], named: bool) -> str:
    """Only the owner's name of "Massoud's father" and "the capital of Panjshir"."""
    for each in found if named else ():
        if f"{each.text}'s" in subject or f" of {each.noun}" in subject:
            return each.noun
    return subject


def _seen_placed(name: str, text: str) -> bool:
    return bool(re.search(rf"\b(?:in|at|to|from|near) (?:the )?{re.escape(name)}\b", text))


_PLACES = _words(
    """Afghanistan Albania Algeria Argentina Australia Austria Bahrain Bangladesh Belgium Brazil
    Britain Canada Chile China Colombia Cuba Cyprus Denmark Egypt Ethiopia Finland France
    Germany Ghana Greece Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Japan
    Jordan Kazakhstan Kenya Kuwait Lebanon Libya Malaysia Mali Mexico Mongolia Morocco Myanmar
    Nepal Netherlands Nigeria Norway Oman Pakistan Palestine Peru Philippines Poland Portugal
    Qatar Romania Russia Rwanda Senegal Serbia Somalia Spain Sudan Sweden Switzerland Syria
    Tajikistan Tanzania Thailand Tunisia Turkey Turkmenistan Uganda Ukraine Uruguay Uzbekistan
    Venezuela Vietnam Yemen Zambia Zimbabwe Geneva Berlin London Paris Moscow Washington Kabul"""
)
"""Countries named in one word and a few capitals: to tell "what about Qatar" from "… Guterres"."""


def _listed(which: str, before: _Before) -> str | None:
    """The second of what the lead lists, or what the second quote names."""
    listed = re.split(r", (?:and )?| and | or ", before.lead)
    at = {"first": 0, "former": 0, "second": 1, "other": 1, "third": 2}.get(which, -1)
    if len(listed) > 1 and at < len(listed):
        return listed[at]
    quotes = before.quotes.strip().split("\n")
    chosen = quotes[at] if at < len(quotes) else ""
    known = {each.text for each in _names(before.question)}
    return next((each.noun for each in _names(chosen) if each.text not in known), None)


def _resolved(asked: str, before: _Before) -> str | None:
    """Each pronoun without its referent in the question exchanged for the likeliest noun."""
    ordinal = _ORDINAL.search(asked)
    if ordinal:
        chosen = _listed(ordinal["which"].casefold(), before)
        return asked[: ordinal.start()] + chosen + asked[ordinal.end() :] if chosen else None
    skipped = [match.span() for match in _EXPLETIVE.finditer(asked)]
    parts: list[str] = []
    done = 0
    for pronoun in islice(_PRONOUN.finditer(asked), MOST_PRONOUNS):
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
_SAYING = _words("""say said says claim claimed write promise announce believe deny""")
_KINDS = _words(
    """place man woman person thing one event day year time people spokesman leader airline money
    operation flight meeting name road front group"""
)


def _referent(pronoun: re.Match[str], asked: str, before: _Before) -> str | None:
    word, left, right = pronoun[0].casefold(), asked[: pronoun.start()], asked[pronoun.end() :]
    if word in _POINTING:
        return _pointed(word, left, right, before)
    if word == "then":
        return _time(before) if not right else None
    if word == "there":
        if any(name.placed for name in _names(left)):
            return None
        exists = re.match(rf"{_COUNT}|{_AUX}\b", left, re.I) and re.search(rf"\b{_AUX} $", left)
        return None if exists else _place(before)
    if word == "one" or _bound(word, left) or (word in _ANYONE and _new_topic(right, before)):
        return None
    owns = word in {"his", "its", "their"} or (word == "her" and bool(re.match(r" [a-z]", right)))
    noun = _thing(before) if word in {"it", "its"} else _somebody(word, before)
    return noun and (noun + ("'" if noun.endswith("s") else "'s") if owns else noun)


def _new_topic(right: str, before: _Before) -> bool:
    """Whether three words or more follow of which the turns before hold none."""
    said = [each.casefold() for each in _TOKEN.findall(right)]
    said = [each for each in said if each not in STOP_WORDS]
    known = {each.casefold() for each in _TOKEN.findall(f"{before.question} {before.quotes}")}
    return len(said) > 2 and not known.intersection(said)


def _bound(word: str, left: str) -> bool:
    """Whether the question itself says before the pronoun what it stands for."""
    own = re.sub(rf"^(?:{_PREPOSITION} )?(?:{_COUNT}|what|which|whose) \w+", "", left, flags=re.I)
    own = re.sub(rf"^(?:{_WH.pattern}\s*)+", "", own.strip(), flags=re.I)
    nouns = [each for each in map(str.casefold, _TOKEN.findall(own)) if each not in STOP_WORDS]
    nouns = [each for each in nouns if not (each in _VERBS or each in _PAST or _participle(each))]
    if word in {"him", "her", "them", "it"}:
        return bool(nouns) and bool(_CLAUSE_BEGINS.search(own))
    return bool(nouns)


def _somebody(word: str, before: _Before) -> str | None:
    if word not in {"they", "them", "their", "theirs"}:
        return next((each.text for each in before.names() if each.person), None)
    plural = re.match(
        r"(?:the )?(?P<who>(?:two|three|four|\d+|several) \w+(?:s|en))\b", before.lead
    )
    if plural:
        did = re.match(r"^who (?P<did>.+)$", before.question, re.I)
        return f"the {plural['who']}" + (f" who {did['did']}" if did else "")
    nearest = (*_names(before.lead), *_names(before.question))
    group = next((each.noun for each in nearest if each.group), None)
    anywhere = (each.noun for each in before.names() if each.group)
    anyone = (each.text for each in before.names() if each.person and " " in each.text)
    return group or _people(before) or next(anywhere, None) or next(anyone, None)


def _people(before: _Before) -> str | None:
    """The plural noun that the last question asks about: "the cameras"."""
    clause = _clause(before)
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


def _thing(before: _Before) -> str | None:
    """What "it" stands for: the answer of "what is the …", else what the last question is about."""
    if before.identifies:
        named = _identified_name(before)
        if named:
            return named
    clause = _clause(before)
    counts = re.match(_COUNT, before.question, re.I)
    if clause and not counts and not _asks_person(before) and len(clause.subject.split()) < 12:
        person = any(name.person and name.text == clause.subject for name in _names(clause.subject))
        if not person or _defines(before.question):
            return clause.subject.removeprefix("the name ")
    phrase = re.search(rf"\b(?:the|a|an) [\w' -]+?(?= {_AUX}\b|$)", before.question, re.I)
    if phrase:
        return re.sub(r"^(?:a|an) ", "the ", phrase[0])
    return next((each.noun for each in before.names() if not each.person), None)


def _identified_name(before: _Before) -> str | None:
    """The name that answered "What is the capital …", "Which district …"."""
    name = next(_names(before.lead), None)
    if name:
        return name.noun
    kind = re.match(r"^(?:what|which) (\w+)", before.question, re.I)
    named = kind and re.search(rf"\b(?!The )([A-Z][\w-]+) {re.escape(kind[1])}\b", before.quotes)
    return named[0] if named else None


def _asks_person(before: _Before) -> bool:
    return bool(re.match(r"^(?:who|whom)\b", before.question, re.I))


def _place(before: _Before) -> str | None:
    where = re.match(r"^where\b", before.question, re.I)
    name = next(_names(before.lead), None)
    if before.lead and (where or (before.identifies and name)):
        known = re.match(rf"{_PREPOSITION} ", before.lead, re.I)
        return before.lead if known else f"in {name.noun if name else before.lead}"
    names = [*_names(before.question), *_names(before.lead), *_names(before.quotes)]
    placed = next((each for each in names if each.placed and not each.person), None)
    return f"in {placed.noun}" if placed else None


def _time(before: _Before) -> str | None:
    """The time that the lead or the last question gives, with its preposition."""
    for text in (before.lead, before.question):
        match = re.search(rf"\b(?P<day>\d{{1,2}} )?(?:(?:{_MONTHS})\b ?)?(?:1\d|20)\d\d\b", text)
        match = match or re.search(rf"\b(?P<day>\d{{1,2}} )(?:{_MONTHS})\b", text)
        if match:
            return f"{'on' if match['day'] else 'in'} {match[0].strip()}"
    return None


def _pointed(word: str, left: str, right: str, before: _Before) -> str | None:
    """ "that" as what was said or happened, and "that valley"; None for "said that the …"."""
    last = left.split()[-1].casefold() if left.strip() else ""
    noun = re.match(r" (\w+)", right)
    if noun and (
        not last or re.fullmatch(rf"{_PREPOSITION}|{_AUX}", last) or last in _VERBS - _SAYING
    ):
        if noun[1].casefold() in STOP_WORDS:
            return None
        kind = _that(noun[1], before)
        alone = right.strip() == noun[1] and re.fullmatch(_AUX, last)
        return f"{_thing(before) or 'that'} {noun[1]}" if alone and not kind else kind
    if right.strip() or word in {"these", "those"}:
        return None
    if last in _SAYING or re.search(r"\b(?:tell|told) \w+ $", left):
        return _statement(before)
    return _thing(before)


def _statement(before: _Before) -> str:
    """What was said: the words asked about, or the quoted words with what they are about."""
    said = re.match(r"^who (?:said|says|claimed|wrote|called) (?P<what>.+)$", before.question, re.I)
    if said:
        return said["what"]
    about = re.search(r" about (?P<what>.+)$", before.question)
    first = before.quotes.strip().strip("“").split("\n")[0]
    quoted = re.search(r"[\"“](?P<words>[^\"“”]{3,100})[\"”]", first)
    words = quoted["words"] if quoted else before.lead
    return f"{about['what'] if about else ''} {words}"


def _that(noun: str, before: _Before) -> str | None:
    """ "that valley" → "the Panjshir valley" where a text has it so, else what "it" stands for."""
    for text in (before.lead, before.question, before.quotes):
        found = _full(noun, text)
        if found:
            return found
    return _thing(before) if noun.casefold() in _KINDS | _PLACE_NOUNS | _GROUP_NOUNS else None


def _full(noun: str, text: str) -> str | None:
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


def _elliptic(asked: str, before: _Before) -> str | None:
    """ "How many were injured?", "who died?", "when is the meeting?": with what tells which."""
    definite = re.search(r"\b(?:the|this|that) (?P<noun>\w+)$", asked)
    if definite:
        full = _full(definite["noun"], before.question)
        return asked[: definite.start()] + full if full else None
    uncounted = re.match(rf"^{_COUNT} (?:{_AUX}\b|\w+ed\b|died\b|fled\b|left\b)", asked, re.I)
    brief = len(asked.split()) < 7 and not any(_names(f"– {asked}"))
    if not brief or not (uncounted or _only_acts(asked)):
        return None
    counted = re.match(r"^how many (\w+) ", before.question, re.I)
    if uncounted and counted:
        asked = re.sub(rf"^({_COUNT})", rf"\1 {counted[1]}", asked, flags=re.I)
    about = re.search(rf" {_PREPOSITION} (?:the |a |an )?\w.*$", before.question)
    return asked + about[0] if about and about[0] not in asked else None


def _only_acts(asked: str) -> bool:
    """Whether the question has nothing but a verb: "who died", "what happened"."""
    words = [each.casefold() for each in _TOKEN.findall(asked)]
    rest = [each for each in words if each not in STOP_WORDS]
    acts = all(_participle(each) or each in _VERBS or each in _PAST for each in rest)
    return bool(_WH.match(asked)) and len(words) <= 5 and bool(rest) and acts
