"""Whom "she", "the senator" and "the statement" stand for, by the people a text has named."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from operator import attrgetter

from index.attribution_names import LEADING, Source, full_name, sex_of, source_of
from index.attribution_phrases import ASKED, apposed, phrase_after, subject_of
from index.attribution_titles import role_at, role_of
from index.attribution_words import (
    CONJUNCTIONS,
    ORGANISATION,
    PARTIES,
    PLURAL_SOURCES,
    PREPOSITIONS,
    ROLES,
    STRONG,
    SUBORDINATORS,
    TEXTS,
    TITLE_WORDS,
    WEAK,
    Token,
    is_demonym,
    is_role,
    is_verb,
    paragraph_tokens,
    sentences_of,
    tokens_of,
    word_set,
)

_REACH = 1_500
"""Characters before a paragraph whose people are remembered."""
_TITLE_REACH = 4_000
"""Characters around "the general" where the only general is looked for."""
_MOST = 60
"""Mentions before a pronoun that are looked at."""
_SUBJECT, _SPOKE = 2.0, 0.75
"""Sentences that a person may be further away for being a subject, for having spoken."""


@dataclass(frozen=True, slots=True)
class _Mention:
    source: Source
    sentence: int
    subject: bool
    spoke: bool
    position: int


@dataclass(slots=True)
class Memory:
    """The people of the paragraphs before, the last speaker, and who "I" is in a transcript."""

    mentions: list[_Mention] = field(default_factory=list)
    sentence: int = 0
    sexes: dict[str, str] = field(default_factory=dict)
    """What "he" and "she" have shown of names that do not tell: surname → "m" or "f"."""
    last: Source | None = None
    own: Source | None = None

    def read(
        self, text: str, paragraph: tuple[int, int], speakers: Sequence[Source], resumed: bool
    ) -> None:
        """Notes the people of a paragraph, sentence by sentence; forgets those far before."""
        start, end = paragraph
        self.mentions = [m for m in self.mentions if m.position >= start - _REACH]
        if _BYLINE.match(text, start, end):
            return
        tokens = paragraph_tokens(text, start, end, resumed)
        for first, high in sentences_of(tokens):
            self.sentence += 1
            self._people(text, tokens[first:high], speakers)

    def _people(self, text: str, tokens: Sequence[Token], speakers: Sequence[Source]) -> None:
        """Notes the people of one sentence in the order in which it has them."""
        left, right, high = tokens[0].start, tokens[-1].end, len(tokens)
        span = subject_of(tokens, 0, high)
        subject = apposed(text, tokens, span, high) if span else None
        subject = _before_its_verb(text, tokens) or subject
        spoke = [each for each in speakers if left <= each.start < right]
        if subject is not None and (subject.kind == "name" or tokens[0].low in ASKED):
            # "Asked if he or Lee knew, Ruiz said no": neither is one who spoke before.
            inner = {"pronoun", "name"} if tokens[0].low in ASKED else {"pronoun"}
            spoke = [s for s in spoke if s.kind not in inner or s.start >= subject.start]
        if subject is None:
            subject = _after_its_verb(text, tokens)
        doers = _apart([*spoke, *([subject] if subject is not None else [])])
        doers = _apart([*doers, *_pronouns(text, tokens, subject)])
        named = _apart([*doers, *_others(text, tokens)])[len(doers) :]
        # "I watched Lee pack" is about Lee.
        mine = subject is not None and subject.gender == "i"
        doers += [each for each in named if mine or _acts(text, each)]
        for each in sorted(dict.fromkeys([*doers, *named]), key=attrgetter("start")):
            beside = _beside_another(text, tokens, each)
            doer, said = each in doers and not beside, each in spoke and not beside
            self._note(text, each, left, subject=doer, spoke=said)

    def _note(self, text: str, source: Source, begun: int, *, subject: bool, spoke: bool) -> None:
        # "He" and "the senator" are other mentions of the one they stand for.
        stands = source.kind == "noun" and _authors(text, source)
        stands = stands or (source.kind == "pronoun" and source.gender in {"m", "f"})
        meant = self.referent(text, source) if stands else source
        if meant is not None or source.kind == "nobody":
            if source.kind == "pronoun" and stands and meant is not None and meant.start < begun:
                self.sexes.setdefault(_surname(text, meant), source.gender)
            mention = _Mention(meant or source, self.sentence, subject, spoke, source.start)
            insort(self.mentions, mention, key=_position)

    def _before(self, position: int) -> list[_Mention]:
        stop = bisect_left(self.mentions, position, key=_position)
        return self.mentions[max(0, stop - _MOST) : stop]

    def referent(self, text: str, source: Source) -> Source | None:
        """The source itself, or whoever it stands for; None where no name before fits."""
        if source.kind == "nobody":
            return None
        if stands_alone(text, source):
            return source
        if source.kind == "noun":
            return self._definite(text, source)
        if source.gender == "i":
            return self.own
        here = self._before(source.start)
        fitting = [
            m
            for m in here
            if _fits(text, m, source.gender)
            and not _beside(text, m.source, source)
            and self._may_be(text, m.source, source.gender)
        ]
        if not fitting and source.gender == "n":
            bodies = [m for m in here if m.source.gender == "n" or _may_be_a_body(text, m.source)]
            fitting = [m for m in bodies if m.subject and m.source.kind != "noun"]
        if not fitting:
            return None
        now = here[-1].sentence
        surer = [m for m in fitting if not _may_be_a_body(text, m.source)]
        fitting = surer if source.gender in {"m", "f"} and surer else fitting
        best = max(fitting, key=lambda m: (_nearness(m, now), -m.position))
        beside = [m for m in fitting if m.sentence == best.sentence and not m.subject]
        names = {text[m.source.name[0] : m.source.name[1]] for m in beside}
        if best.source.kind == "nobody" or (not best.subject and len(names) > 1):
            return None
        return best.source

    def _may_be(self, text: str, source: Source, gender: str) -> bool:
        """Whether "she" has not been another of that surname; a title tells relatives apart."""
        shown = self.sexes.get(_surname(text, source), gender)
        return gender in {shown, source.gender}

    def _definite(self, text: str, source: Source) -> Source:
        """ "The minister" after "Interior Minister Ali Khan"; "the statement" after its author."""
        words = text[source.start : source.end].casefold().split()
        here = self._before(source.start)
        if words[-1] in TEXTS and len(words) < 4:
            spoke = [m.source for m in here if m.subject and _authors(text, m.source)]
            return spoke[-1] if spoke else self.last or source
        if _unnamed_subject(text, here):
            return source
        named = [m for m in here if m.source.kind == "name" and m.source.gender not in {"n", "p"}]
        for mention in reversed(named):
            if _bears(text, mention.source, words):
                return mention.source
        # "The branch manager" is no other's calling, "the Rovers manager" is.
        branch = words[-1] == "manager" and text[source.start : source.end].islower()
        if words[-1] in PARTIES or (
            _describes(words) and not branch and not _met(text, here, words[-1])
        ):
            one = _only_subject(text, named)
            fits = one is not None and {source.gender, sex_of(text, one)} != {"m", "f"}
            return one if one is not None and fits else source
        found = _titled(text, words[-1], source) or _body(text, here, words)
        now = here[-1].sentence if here else 0
        return found or _holder(text, named, now, words) or source

    def interviewee(self, text: str, stop: int) -> Source | None:
        """Whom "an interview with" names before `stop`, else the only subject that is a person."""
        people = [
            m.source
            for m in self.mentions
            if m.subject and m.source.kind == "name" and m.source.gender not in {"n", "p"}
        ]
        if asked := _interviewed(text[:stop]):
            return asked
        surnames = {each.name for each in people}
        return people[0] if len(surnames) == 1 else None


def stands_alone(text: str, source: Source) -> bool:
    """Nobody before it can be meant: a name, "some students"; not "he" and "the students"."""
    if source.kind == "noun":
        words = text[source.start : source.end].casefold().split()
        return words[0] not in _DEFINITE or len(words) > 5
    return source.kind in {"name", "nobody"}


def _apart(sources: Sequence[Source]) -> list[Source]:
    """The sources without those that stand where an earlier one of them stands."""
    kept: list[Source] = []
    for source in sources:
        if not any(_same_place(source, each) for each in kept):
            kept.append(source)
    return kept


def _pronouns(text: str, tokens: Sequence[Token], subject: Source | None) -> Iterator[Source]:
    """Each "he" and "she" of a sentence, from its subject on where it has a name."""
    after = subject.start if subject is not None and subject.kind == "name" else 0
    for at, token in enumerate(tokens):
        if token.low in {"he", "she"} and token.kind == "word" and token.start >= after:
            source = source_of(text, tokens, (at, at + 1))
            if source is not None:
                yield source


def _after_its_verb(text: str, tokens: Sequence[Token]) -> Source | None:
    """The person in "Among them was Nanette Castro", "Also there was the writer Pete Lee"."""
    verb = next((i for i, t in enumerate(tokens[:9]) if t.low in _THERE), 0)
    if not verb or any(token.is_name for token in tokens[1:verb]):
        return None
    span = phrase_after(tokens, verb + 1, len(tokens))
    source = source_of(text, tokens, span) if span else None
    return source if source is not None and source.kind == "name" else None


def _before_its_verb(text: str, tokens: Sequence[Token]) -> Source | None:
    """The person in "In the women's race Ana Ruiz |won", where no comma sets the place off."""
    verb = next((i for i, t in enumerate(tokens) if is_verb(t) or t.kind != "word"), 0)
    left = next((i for i in range(verb, 0, -1) if not tokens[i - 1].is_name), 0)
    if verb - left < 2 or tokens[0].low not in PREPOSITIONS or not is_verb(tokens[verb]):
        return None
    source = source_of(text, tokens, (left, verb))
    return source if source is not None and source.kind == "name" else None


_THERE = word_set("was were is are stood sat came")


def _beside(text: str, one: Source, pronoun: Source) -> bool:
    """Only a comma stands between: "Lee|, she said, ran well"."""
    return text[one.end : pronoun.start].strip() in {",", "—", "–"}


def _beside_another(text: str, tokens: Sequence[Token], source: Source) -> bool:
    """The next "she" is another in "Her teacher, Ana Ruiz, told her", "A reporter asked her"."""
    role = role_of(text, source) or (source.start, source.end)
    first = text[role[0] : role[1]].split()[0].casefold()
    if re.match(r" asked (?:her|him)\b", text[source.end : source.end + 11]):
        return True
    object_ = {"her": "her", "his": "him"}.get(first)
    return object_ is not None and any(
        each.low == object_ and each.start > source.end and is_verb(before)
        for before, each in pairwise(tokens)
    )


def _acts(text: str, source: Source) -> bool:
    """Who did it, and is introduced: "led by Ana Ruiz, a pilot who …", "when Ana Ruiz rose"."""
    before = text[max(0, source.start - 20) : source.start].split(" ")[-3:-1]
    if before[-1:] == ["by"]:
        return role_of(text, source) is not None
    aged = before[-1:] != [] and before[-1].endswith("-old")
    return before[-1:] == ["when"] or (aged and before[0] in {"by", "when"})


_BYLINE = re.compile(r"\s*(?:By|BY|by)\s[^\n.!?\"“]{3,80}\s*\Z|\s*Follow [^\n]{3,60} on \w+")
_position = attrgetter("position")
_DEFINITE = word_set("the his her their its")


def _surname(text: str, source: Source) -> str:
    return text[source.name[0] : source.name[1]].split()[-1]


def _nearness(mention: _Mention, now: int) -> float:
    return mention.sentence - now + _SUBJECT * mention.subject + _SPOKE * mention.spoke


def _same_place(one: Source, other: Source) -> bool:
    return one.start < other.end and other.start < one.end


def _unnamed_subject(text: str, here: Sequence[_Mention]) -> bool:
    """The last one who did something has no name: "A third, who asked not to be named, …"."""
    last = next((m.source for m in reversed(here) if m.subject), None)
    if last is None or last.kind != "noun":
        return False
    words = text[last.start : last.end].casefold().split()
    return words[0] in {"a", "an", "another", "one"} and (
        words[-1] in _ORDINALS or last.gender in {"", "m", "f"}
    )


_ORDINALS = word_set("second third fourth fifth sixth")


def _describes(words: Sequence[str]) -> bool:
    """What one person is, whoever else is there: "the Rovers manager", "the 34-year-old".

    Not whom an office or another person makes it: "the judge", "the spokesman", "the leader".
    """
    head = words[-1]
    kind = head in _CALLINGS or head.endswith(("year-old", "ist", "ician", "ologist"))
    return words[0] == "the" and (kind or is_demonym(head))


_CALLINGS = word_set(
    """coach manager presenter actor actress singer author novelist writer player striker captain
    midfielder goalkeeper defender forward winger quarterback pitcher batsman bowler scientist
    historian researcher artist chef baker comedian filmmaker producer musician rapper conductor
    champion billionaire entrepreneur founder tycoon star veteran newcomer rookie teenager dancer
    poet playwright farmer widow retiree pensioner golfer sprinter swimmer boxer jockey skier
    climber astronaut explorer professor surgeon designer composer broadcaster photographer
    businessman businesswoman millionaire all-star olympian paralympian winner medallist laureate"""
)


def _met(text: str, here: Sequence[_Mention], head: str) -> bool:
    """Somebody without a name was called that before: "a farmer", then "the farmer"."""
    nouns = (m.source for m in here if m.source.kind == "noun")
    return any(text[n.start : n.end].casefold().split()[-1] == head for n in nouns)


def _only_subject(text: str, named: Sequence[_Mention]) -> Source | None:
    """The one person that the nearest sentence with a person for its subject is about."""
    nearest = next((m.sentence for m in reversed(named) if m.subject), None)
    inside = [m for m in named if m.sentence == nearest and m.subject]
    names = {text[m.source.name[0] : m.source.name[1]] for m in inside}
    return inside[0].source if len(names) == 1 else None


def _holder(text: str, named: Sequence[_Mention], now: int, words: Sequence[str]) -> Source | None:
    """Whose office needn't be told: "the prime minister" right after "Sir Keir Starmer"."""
    one = _only_subject(text, named)
    if one is None or words[0] != "the" or words[-1] not in _RULERS or role_of(text, one):
        return None
    return one if now - named[-1].sentence < 2 else None


_RULERS = word_set("president minister chancellor premier governor mayor pope king queen prince")

_TITLED_AS = {
    "senator": ("sen",),
    "congressman": ("rep", "congressman"),
    "congresswoman": ("rep", "congresswoman"),
    "representative": ("rep",),
    "lawmaker": ("sen", "rep"),
    "governor": ("gov",),
    "general": ("gen",),
    "doctor": ("dr",),
    "professor": ("prof",),
    "colonel": ("col",),
    "reverend": ("rev",),
    "pastor": ("rev",),
    "judge": ("justice",),
}
_OF_MANY = word_set("leader secretary director chairman chair officer minister chief head whip")
"""Heads that only their modifiers make a person's: "the majority leader"."""
_FORMER = word_set("former longtime then-candidate embattled")


def _bears(text: str, source: Source, words: Sequence[str]) -> bool:
    """The named person is called by the phrase's noun somewhere: as a title, as a role."""
    head = words[-1]
    if head not in ROLES:
        return False
    for span in dict.fromkeys((source.name, full_name(text, source.name, source.gender))):
        before = re.findall(r"[\w-]+", text[max(0, span[0] - 60) : span[0]].casefold())[-1:]
        if before and before[0] in _TITLED_AS.get(head, ()):
            return True
    role = role_of(text, source)
    held = set(re.findall(r"[\w-]+", text[role[0] : role[1]].casefold())) if role else set()
    more = set(words[1:-1]) - _FORMER if head in _OF_MANY else set()
    return head in held and more <= held


def _others(text: str, tokens: Sequence[Token]) -> Iterator[Source]:
    at, high = 0, len(tokens)
    while at < high:
        stop = at
        while stop < high and tokens[stop].is_name:
            stop += 1
        if stop > at:
            source = source_of(text, tokens, (at, stop))
            opening = stop - at == 1 and at == 0 and _opens_sentence(tokens[0])
            if source is not None and source.kind == "name" and not opening:
                yield source
        at = stop + 1


def _opens_sentence(token: Token) -> bool:
    """A word whose capital is the sentence's: "Privately", "Asked", "Along"."""
    return token.low in _OPENING or token.low.endswith("ly")


_OPENING = PREPOSITIONS | SUBORDINATORS | STRONG | WEAK | CONJUNCTIONS | LEADING
_OPENING |= {"along", "born", "pressed", "speaking", "reached"}


def _fits(text: str, mention: _Mention, gender: str) -> bool:
    source = mention.source
    if source.kind == "pronoun":
        return False
    if source.kind == "nobody":
        return gender == "n" and mention.subject
    words = text[source.name[0] : source.name[1]].casefold().split()
    if gender == "p":
        one = source.kind == "noun" and words[0] in {"a", "an", "another"}  # "they" of one person
        return (source.gender in {"p", "n"} or one) and mention.subject
    if gender == "n":
        return source.gender == "n" and mention.subject
    if source.kind == "noun":
        one = mention.spoke and words[0] in {"a", "an", "one", "another"}  # "One shareholder said"
        one = one and ORGANISATION.isdisjoint(words) and TEXTS.isdisjoint(words)
        fits = source.gender in {"", gender} or (one and source.gender == "n")
        return mention.subject and fits and words[-1] not in PLURAL_SOURCES
    known = len(words) > 1 or source.role is not None or source.gender in {"m", "f"}
    known = known or full_name(text, source.name) != source.name
    known = known or _AGED.match(text, source.name[1]) is not None
    known = known or (mention.subject and _OWNING.match(text, source.end) is not None)
    if any(word in ORGANISATION for word in words) or not (known or mention.spoke):
        return False
    sex = sex_of(text, source)
    # A name in passing may be a place or a song: only what shows it a person makes it one.
    return sex == gender or (not sex and (mention.subject or source.role is not None))


_BUSINESSES = word_set(
    """company firm airline retailer startup start-up chain manufacturer maker automaker carmaker
    chipmaker supplier operator lender insurer publisher broadcaster developer"""
)


def _body(text: str, here: Sequence[_Mention], words: Sequence[str]) -> Source | None:
    """The only body that a "the company", "the ministry" can stand for; None for several."""
    if words[0] != "the" or len(words) != 2 or words[1] not in ORGANISATION | _BUSINESSES:
        return None
    last = next((m.source for m in reversed(here) if m.subject and m.spoke), None)
    if words[1] in _BUSINESSES and last is not None and _untitled(text, last):
        return last
    bodies = {
        text[m.source.name[0] : m.source.name[1]].casefold(): m.source
        for m in here
        if m.source.kind == "name"
        and (m.source.gender == "n" or (m.subject and _may_be_a_body(text, m.source)))
    }
    named = [each for name, each in bodies.items() if words[1] in name.split()[1:]]
    if words[1] in _BUSINESSES and not named:
        public = ORGANISATION - _BUSINESSES - {"inc", "corp", "ltd", "group", "bank", "airlines"}
        named = [each for name, each in bodies.items() if public.isdisjoint(name.split())]
    return named[0] if len(named) == 1 else None


def _untitled(text: str, source: Source) -> bool:
    """A name without a title, a role or a sex: "Purdell Pharma"."""
    alone = source.kind == "name" and source.gender in {"", "n"} and source.start == source.name[0]
    return alone and not sex_of(text, source) and role_of(text, source) is None


def _may_be_a_body(text: str, source: Source) -> bool:
    """A name that nothing shows to be a person's: "Altamont"."""
    name = text[source.name[0] : source.name[1]]
    alone = source.kind == "name" and not source.gender and " " not in name
    if not alone or full_name(text, source.name) != source.name or sex_of(text, source):
        return False
    if role_at(text, source.name) or _OWNING.match(text, source.end):
        return False
    if source.role and is_role(text[slice(*source.role)].split()[-1]):
        return False  # "Her friend Tojo"
    around = text[max(0, source.start - _TITLE_REACH) : source.end + _TITLE_REACH]
    before = re.findall(rf"(\w+|,) {re.escape(name)}\b", around)
    paper = not {"told", "tells", "telling"}.isdisjoint(before)
    return not paper and any(word.islower() or word == "," for word in before)


_INTERVIEWED = re.compile(r"\b(?:(?:interview|conversation|chat) with|interviewed|questions for) ")


def _interviewed(text: str) -> Source | None:
    """Who is named in "an interview with the mayor, Ana Ruiz"; None where nobody is."""
    match = _INTERVIEWED.search(text)
    tokens = tokens_of(text, match.end(), min(len(text), match.end() + 80)) if match else []
    first = next((i for i, token in enumerate(tokens) if token.is_name), len(tokens))
    high = next((i for i in range(first, len(tokens)) if not tokens[i].is_name), len(tokens))
    source = source_of(text, tokens, (first, high)) if high - first > 1 else None
    return source if source is not None and source.kind == "name" else None


_OWNING = re.compile(r" [^.;:\"“]{2,40} (?:his|her)\b")
"""After a name that is a person's: "Sadiqullah pulled out his son"."""
_AGED = re.compile(r", \d\d,")


def _titled(text: str, title: str, source: Source) -> Source | None:
    """The only one in the text whose name bears the title: "the general", "General Ilić"."""
    if title not in TITLE_WORDS:
        return None
    low = max(0, source.start - _TITLE_REACH)
    found: dict[str, tuple[int, int]] = {}
    for match in re.finditer(
        rf"\b{title.capitalize()}(?= [^\W\d_a-z])", text[low : low + 2 * _TITLE_REACH]
    ):
        begin = low + match.end() + 1
        tokens = tokens_of(text, begin, min(len(text), begin + 60))
        count = next((i for i, t in enumerate(tokens) if not t.is_name), len(tokens))
        if count:
            found.setdefault(tokens[count - 1].bare, (begin, tokens[count - 1].end))
    if len(found) != 1:
        return None
    name = next(iter(found.values()))
    return Source(source.start, source.end, name, None, "name", source.gender)


def _authors(text: str, source: Source) -> bool:
    return source.kind != "pronoun" and text[source.start : source.end].split()[-1] not in TEXTS
