"""Who said a quote: speaker, role and cue, each a slice of the text, or nobody.

Rules over the marks and words that news uses (index/attribution_speech.py finds the speeches of a
paragraph, index/attribution_names.py the phrases beside a cue); a wrong name is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index.attribution_names import Source, full_name, sex_of, source_of
from index.attribution_phrases import apposed, subject_of
from index.attribution_questions import asks_what_said, asks_who_said
from index.attribution_speech import Speech, speeches_of
from index.attribution_words import (
    ORGANISATION,
    PLURAL_SOURCES,
    ROLES,
    STRONG,
    TEXTS,
    TITLE_WORDS,
    TITLES,
    Token,
    is_verb,
    paragraphs_of,
    quotations,
    sentences_of,
    tokens_of,
    word_set,
)
from index.passages import Attribution, Sentence

__all__ = [
    "Speech",
    "asks_what_said",
    "asks_who_said",
    "attribute",
    "likely_speech",
    "speeches",
    "spoken_by",
]

_SPEECH_MARK = re.compile(r"[\"“”„«»‹›]|\baccording to\b", re.IGNORECASE)
_BEFORE, _AFTER = 4_000, 2_000
"""Characters of context that are looked at around a quote: some ten paragraphs of news."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A speech and the source that a pronoun in it stands for; None where nobody fits."""

    speech: Speech
    speaker: Source | None


@dataclass(slots=True)
class _Mention:
    source: Source
    sentence: int
    subject: bool
    spoke: bool
    position: int


@dataclass(slots=True)
class _Context:
    """What a reader remembers of the paragraphs before."""

    mentions: list[_Mention] = field(default_factory=list)
    sentence: int = 0
    last: _Heard | None = None
    open: bool = False
    awaiting: bool = False
    label: _Heard | None = None
    turns: int = 0
    quiet: int = 0


def attribute(text: str, start: int, end: int, *, about: str = "") -> Attribution | None:
    """Who said what stands in `text[start:end]`; None if the text names nobody for it.

    `about`: words of the question that say which part is meant where several people speak.
    """
    if not 0 <= start < end <= len(text):
        return None
    low, high = _window(text, start, end)
    over = [h for h in _listen(text, low, high) if h.speech.start < end and h.speech.end > start]
    chosen = _choose(text, over, start, end, asks_who_said(about) or about)
    return _attribution(text, chosen) if chosen is not None else None


def likely_speech(text: str) -> bool:
    """Whether the text has a quotation mark or a plain word of saying. Quick: most have none.

    It misses opinions without either ("Lee thinks the plan is late").
    """
    words = re.findall(r"\w+", text.lower())
    return bool(_SPEECH_MARK.search(text)) or not STRONG.isdisjoint(words)


def speeches(text: str) -> list[tuple[Attribution | None, Sentence]]:
    """Each speech of the text with what is said; the attribution is None where nobody is named."""
    return [
        (_attribution(text, heard), Sentence(heard.speech.start, heard.speech.end))
        for heard in _listen(text, 0, len(text))
    ]


def spoken_by(text: str, speaker: str) -> list[Sentence]:
    """What `speaker` (a surname, a full name or a noun phrase) says in the text; may be empty."""
    asked = _name_words(speaker)
    found: list[Sentence] = []
    for attribution, said in speeches(text):
        if (
            attribution is not None
            and asked
            and _same_person(asked, _name_words(attribution.speaker))
        ):
            found.append(said)
    return found


def _same_person(asked: list[str], named: list[str]) -> bool:
    return set(asked) <= set(named) or (bool(named) and set(named) <= set(asked))


def _name_words(name: str) -> list[str]:
    words = re.findall(r"\w+", name.casefold())
    dull = TITLES | {"the", "a", "an", "of", "s", "for"}
    return [word for word in words if word not in dull and word not in TITLE_WORDS] or words


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    low, high = max(0, start - _BEFORE), min(len(text), end + _AFTER)
    if low and (cut := text.find("\n", low, start)) >= 0:
        low = cut
    if high < len(text) and (cut := text.rfind("\n", end, high)) >= 0:
        high = cut
    return low, high


def _listen(text: str, low: int, high: int) -> Iterator[_Heard]:
    """The speeches of the window, paragraph by paragraph, with pronouns resolved."""
    context = _Context()
    for start, end in paragraphs_of(text, low, high):
        yield from _paragraph(text, start, end, context)


def _paragraph(text: str, start: int, end: int, context: _Context) -> Iterator[_Heard]:
    labelled = _label(text, start, end)
    resumed = context.open
    context.quiet = 0 if labelled else context.quiet + 1
    if labelled:
        context.turns += 1
        context.label = labelled if labelled.speaker else None
        context.last = context.label
        if context.label:
            yield context.label
    elif context.label and context.turns > 2 and context.quiet < 4:
        yield _spoken(context.label, start, end)
    begin = _after_label(text, start, end) if labelled else start
    found = speeches_of(text, begin, end, resumed)
    _remember(text, begin, end, found, context)
    heard = [_Heard(each, _referent(text, each.source, context)) for each in found]
    yield from _continued(text, start, end, heard, context)
    yield from heard
    left = quotations(text, start, end, resumed)
    context.open = (bool(left) and left[-1][2] and text[start:end].count('"') != 1) or bool(
        left and left[-1][2]
    )
    context.awaiting = text[start:end].rstrip().endswith(":")
    if heard:
        context.last = heard[-1]
    elif not (left and left[0][0] == start) and not context.open:
        context.last = context.label


def _continued(
    text: str, start: int, end: int, heard: Sequence[_Heard], context: _Context
) -> Iterator[_Heard]:
    """A paragraph that begins inside, or with, a quotation of the one who spoke last."""
    first = next(iter(quotations(text, start, end, context.open)), None)
    if context.awaiting and context.last and context.last.speaker and not heard:
        yield _spoken(context.last, start, end)
    elif first and first[0] - start <= 1 and context.last and context.last.speaker:
        own = any(each.speech.start < first[1] for each in heard)
        if not own and (context.open or not heard):
            yield _spoken(context.last, start, first[1] if heard else end)


def _spoken(heard: _Heard, start: int, end: int) -> _Heard:
    return _Heard(replace(heard.speech, start=start, end=end), heard.speaker)


_LABEL = re.compile(r"[ \t>*_#-]{0,6}((?:[^\W\d_a-z][\w.'’-]{0,24}|@[\w.'’-]{1,24}|\([^()\n]{1,40}\)|of|the|for|de|van|,)(?:[ ,]{1,2}(?:[A-Z(][\w.'’)-]{0,24}|of|the|for|de|van|al|bin)){0,6})[*_]{0,3}:[*_]{0,3}(?=\s)")  # fmt: skip  # noqa: E501
_NO_LABEL = word_set(
    """update note photo correction subject from to date cc bcc re fw sent source caption editor's
    headline summary background agenda present apologies action actions decision decisions venue
    time image video read related more breaking watch listen where when what who why how title
    author published topic item minutes attendees question q answer a tags advertisement"""
)


def _label(text: str, start: int, end: int) -> _Heard | None:
    """A transcript's turn, "NAME: words"; its speaker is None for "Q:" and the like."""
    match = _LABEL.match(text, start, end)
    if match is None or match.end() + 1 >= end:
        return None
    name, words = match.group(1), match.group(1).casefold().split()
    if words[0].strip(".,") in _NO_LABEL and words[0] not in {"q", "a"}:
        return None
    tokens = tokens_of(text, match.start(1), match.end(1))
    source = source_of(text, tokens, (0, len(tokens))) if words[0] not in {"q", "a"} else None
    named = len(words) > 1 or name.isupper() or words[0] in ROLES
    known = source and source.kind == "name" and full_name(text, source.name) != source.name
    if source is not None and not named and not known:
        return None
    place = Source(match.start(1), match.end(1), (match.start(1), match.end(1)), None, "name")
    colon = match.end() - 1
    return _Heard(Speech(source or place, (colon, colon + 1), match.end(), end), source)


def _after_label(text: str, start: int, end: int) -> int:
    match = _LABEL.match(text, start, end)
    return match.end() if match else start


def _remember(text: str, start: int, end: int, found: Sequence[Speech], context: _Context) -> None:
    """Notes the people of a paragraph, sentence by sentence; forgets those of two before."""
    context.mentions = [m for m in context.mentions if m.position >= start - 1_500]
    tokens = tokens_of(text, start, end, context.open)
    for first, high in sentences_of(tokens):
        context.sentence += 1
        left, right = tokens[first].start, tokens[high - 1].end
        spoke = {s.source.name: s.source for s in found if left <= s.source.start < right}
        span = subject_of(tokens, first, high)
        subject = apposed(text, tokens, span, high) if span else None
        for source in spoke.values():
            context.mentions.append(_Mention(source, context.sentence, True, True, source.start))
        if subject is not None and subject.name not in spoke:
            spoke[subject.name] = subject
            context.mentions.append(_Mention(subject, context.sentence, True, False, subject.start))
        for source in _others(text, tokens, first, high):
            if source.name not in spoke:
                context.mentions.append(
                    _Mention(source, context.sentence, False, False, source.start)
                )


def _others(text: str, tokens: Sequence[Token], first: int, high: int) -> Iterator[Source]:
    at = first
    while at < high:
        stop = at
        while stop < high and tokens[stop].is_name:
            stop += 1
        if stop > at:
            source = source_of(text, tokens, (at, stop))
            if source is not None and source.kind == "name":
                yield source
        at = stop + 1


def _referent(text: str, source: Source, context: _Context) -> Source | None:
    """The source itself, or the one named before that a pronoun or "the minister" stands for."""
    if source.kind == "name":
        return source
    if source.kind == "noun":
        return _definite(text, source, context)
    if source.gender == "i":
        return context.label.speaker if context.label else None
    here = [m for m in context.mentions if m.position < source.start]
    fitting = [m for m in here if _fits(text, m, source.gender)]
    for sentence in dict.fromkeys(m.sentence for m in reversed(fitting)):
        inside = [m for m in fitting if m.sentence == sentence]
        subjects = [m for m in inside if m.subject]
        others = {text[m.source.name[0] : m.source.name[1]] for m in inside}
        if subjects:
            return min(subjects, key=lambda m: m.position).source
        if len(others) == 1:
            return inside[0].source
    return None


def _fits(text: str, mention: _Mention, gender: str) -> bool:
    source = mention.source
    if source.kind == "pronoun":
        return False
    words = text[source.name[0] : source.name[1]].casefold().split()
    if gender == "p":
        return source.gender in {"p", "n"} and mention.subject
    if gender == "n":
        return source.gender == "n" and mention.subject
    if source.kind == "noun":
        return mention.subject and source.gender in {"", gender} and words[-1] not in PLURAL_SOURCES
    known = len(words) > 1 or source.role is not None or source.gender in {"m", "f"}
    known = known or full_name(text, source.name) != source.name
    if any(word in ORGANISATION for word in words) or not (known or mention.spoke):
        return False
    sex = sex_of(text, source)
    # A name in passing may be a place or a song: only what shows it a person makes it one.
    return sex == gender or (not sex and (mention.subject or source.role is not None))


def _definite(text: str, source: Source, context: _Context) -> Source | None:
    """ "The minister" after "Interior Minister Ali Khan"; "the statement" after its author."""
    words = text[source.start : source.end].casefold().split()
    here = [m for m in context.mentions if m.position < source.start]
    if words[0] not in {"the", "his", "her", "their", "its"} or len(words) > 3:
        return source
    if words[-1] in TEXTS:
        last = context.last.speaker if context.last else None
        spoke = [m.source for m in here if m.subject and _authors(text, m.source)]
        return spoke[-1] if spoke else last or source
    for mention in reversed(here):
        other = mention.source
        if other.kind == "name" and other.gender not in {"n", "p"} and words[-1] in ROLES:
            role = _role(text, other)
            if role and words[-1] in text[role[0] : role[1]].casefold().split():
                return other
    return _titled(text, words[-1], source) or source


def _titled(text: str, title: str, source: Source) -> Source | None:
    """The only one in the text whose name bears the title: "the general", "General Ilić"."""
    if title not in TITLE_WORDS:
        return None
    low = max(0, source.start - _BEFORE)
    found: dict[str, tuple[int, int]] = {}
    for match in re.finditer(
        rf"\b{title.capitalize()}(?= [^\W\d_a-z])", text[low : low + 2 * _BEFORE]
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


def _choose(text: str, over: Sequence[_Heard], start: int, end: int, about: str) -> _Heard | None:
    """The speech that the words asked for stand in; without them the one that covers most."""
    if not over:
        return None
    asked = {w for w in re.findall(r"\w+", about.casefold()) if len(w) > 3}
    scores = [_shared(text, heard, asked) for heard in over]
    best = max(scores)
    shared = len(asked & set(re.findall(r"\w+", text[start:end].casefold())))
    if asked and best and best * 5 >= shared * 2:
        meant = [h for h, score in zip(over, scores, strict=True) if score == best]
        return min(meant, key=lambda h: (h.speaker is None, h.speech.end - h.speech.start))
    if asked and shared > 1 and not best:
        return None
    reach = [min(h.speech.end, end) - max(h.speech.start, start) for h in over]
    whole = max(reach)
    meant = [h for h, size in zip(over, reach, strict=True) if size == whole]
    return min(meant, key=lambda h: h.speech.end - h.speech.start)


def _shared(text: str, heard: _Heard, asked: set[str]) -> int:
    said = text[heard.speech.start : heard.speech.end]
    return len(asked & set(re.findall(r"\w+", said.casefold())))


def _attribution(text: str, heard: _Heard) -> Attribution | None:
    source = heard.speaker
    if source is None:
        return None
    mention, cue = heard.speech.source, heard.speech.cue
    named = source.kind == "name"
    full = full_name(text, source.name, source.gender) if named else source.name
    role = _role(text, source) or _role_at(text, full) if named else None
    if named and full == source.name and " " not in text[full[0] : full[1]]:
        full = _with_title(text, full)
    return Attribution(
        speaker=text[full[0] : full[1]],
        mention=Sentence(mention.start, mention.end),
        cue=Sentence(*cue),
        role=text[role[0] : role[1]] if role else None,
    )


def _with_title(text: str, name: tuple[int, int]) -> tuple[int, int]:
    """ "Captain Hobbs", where the text has no more of the name than "Hobbs"."""
    before = tokens_of(text, max(0, name[0] - 30), name[0])
    titled = bool(before) and before[-1].capital and before[-1].bare in TITLES | TITLE_WORDS
    return (before[-1].start, name[1]) if titled else name


def _role(text: str, source: Source) -> tuple[int, int] | None:
    return source.role or _role_at(text, source.name)


_APPOSITION = re.compile(r"\s?[,(—–]\s?((?:[^\W\d_]|[@'’-])[^,.;:()—–\n\"“”]{2,90})(?=[,.)—–;])")


_NO_ROLE = word_set("who whose which where when and but said including with")
_APPOSED = re.compile(
    r"(?:^|[\s\"”’])((?:the|a|an|his|her|their|its|our|one|[A-Z][\w-]{1,30}['’]s?)"
    r" [^,.;:()\"“”\n]{2,80}),\s\Z",
    re.IGNORECASE,
)


def _role_at(text: str, name: tuple[int, int]) -> tuple[int, int] | None:
    """What stands as an apposition after a name, or as a title before it."""
    match = _APPOSITION.match(text, name[1], name[1] + 100)
    if match:
        words = re.findall(r"[\w-]+", match.group(1).casefold())
        if words and words[0] not in _NO_ROLE and ROLES & set(words):
            return match.span(1)
    match = _APPOSED.search(text, max(0, name[0] - 110), name[0])
    if match and ROLES & set(re.findall(r"[\w-]+", match.group(1).casefold())):
        words = tokens_of(text, *match.span(1))
        return None if any(is_verb(word) for word in words) else match.span(1)
    before = tokens_of(text, max(0, name[0] - 60), name[0])
    at = len(before)
    while at and before[at - 1].kind == "word" and before[at - 1].bare in TITLE_WORDS:
        at -= 1
    if at == len(before) or not before:
        return None
    while at and before[at - 1].is_name and before[at - 1].start > max(0, name[0] - 60):
        at -= 1
    return before[at].start, before[-1].end
