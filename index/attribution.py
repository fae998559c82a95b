"""Who said a quote: speaker, role and cue, each a slice of the text, or nobody.

Rules over the marks and words that news uses (index/attribution_speech.py finds the speeches of a
paragraph, index/attribution_names.py the phrases beside a cue); a wrong name is worse than none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from index.attribution_names import Source, full_name, sex_of, source_of
from index.attribution_questions import asks_what_said, asks_who_said, may_ask_for_author
from index.attribution_referents import Memory, stands_alone
from index.attribution_speech import Speech, announced, speeches_of
from index.attribution_titles import role_at, role_of, with_title
from index.attribution_words import (
    ROLES,
    STRONG,
    TITLE_WORDS,
    TITLES,
    after_dateline,
    is_title,
    paragraphs_of,
    quotations,
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
    "may_ask_for_author",
    "speeches",
    "spoken_by",
]

_SPEECH_MARK = re.compile(r"[\"“”„«»‹›]|\baccording to\b", re.IGNORECASE)
_BEFORE, _AFTER = 4_000, 2_000
"""Characters of context that are looked at around a quote: some ten paragraphs of news."""
_STEP = 1_000
"""Neighbouring quotes have the same window, and what is heard in it is heard once."""


@dataclass(frozen=True, slots=True)
class _Heard:
    """A speech and the source that a pronoun in it stands for; None where nobody fits."""

    speech: Speech
    speaker: Source | None


@dataclass(slots=True)
class _Context:
    """What a reader remembers of the paragraphs before."""

    memory: Memory = field(default_factory=Memory)
    last: _Heard | None = None
    open: bool = False
    awaiting: bool = False
    label: _Heard | None = None
    turns: int = 0
    answered: bool = False
    asked: bool = False
    interviewee: Source | None = None


def attribute(text: str, start: int, end: int, *, about: str = "") -> Attribution | None:
    """Who said what stands in `text[start:end]`; None if the text names nobody for it.

    `about`: words of the question that say which part is meant where several people speak.
    """
    if not 0 <= start < end <= len(text):
        return None
    said = asks_who_said(about) or about
    if is_title(text, *_place(text, start, end, said)):
        return None
    window = _window(text, start, end)
    over = _plainly_heard(text, window, start, end)
    if over is None:
        over = [each for each in _heard(text, *window) if _overlaps(each.speech, start, end)]
    chosen = _choose(text, over, start, end, said)
    return _attribution(text, chosen) if chosen is not None else None


def _place(text: str, start: int, end: int, said: str) -> tuple[int, int]:
    """Where the words asked for stand in `text[start:end]`; all of it where they don't."""
    match = re.search(re.escape(said), text[start:end], re.IGNORECASE) if said else None
    return (start + match.start(), start + match.end()) if match else (start, end)


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
    low = max(0, start // _STEP * _STEP - _BEFORE)
    high = min(len(text), (end // _STEP + 1) * _STEP + _AFTER)
    if low and (cut := text.find("\n", low, start)) >= 0:
        low = cut
    if high < len(text) and (cut := text.rfind("\n", end, high)) >= 0:
        high = cut
    return low, high


def _overlaps(speech: Speech, start: int, end: int) -> bool:
    return speech.start < end and speech.end > start


def _plainly_heard(text: str, window: tuple[int, int], start: int, end: int) -> list[_Heard] | None:
    """What is heard in `text[start:end]` by the words of its own paragraph, as is usual.

    None where that can't be told without those before: a quotation or a turn may go on, or "he" or
    "the minister" speaks. Then all of the window is listened to, which takes ten times as long.
    """
    resumed = announced = False
    for low, high in paragraphs_of(text, *window):
        if high > start or _label(text, low, high):
            break
        left = quotations(text, low, high, resumed)
        resumed = bool(left) and left[-1][2]
        announced = text[low:high].rstrip().endswith(":")
    else:
        return None
    if low > start or high < end or resumed or announced or _label(text, low, high):
        return None
    found = _speeches(text, after_dateline(text, low, high), high)
    if not found and any(at - low <= 1 for at, _, _ in quotations(text, low, high)[:1]):
        return None
    over = [each for each in found if _overlaps(each, start, end)]
    if not all(stands_alone(text, each.source) for each in over):
        return None
    return [_Heard(each, each.source if each.source.kind != "nobody" else None) for each in over]


@lru_cache(maxsize=16)
def _speeches(text: str, start: int, end: int, resumed: bool = False) -> tuple[Speech, ...]:
    return tuple(speeches_of(text, start, end, resumed))


@lru_cache(maxsize=16)
def _heard(text: str, low: int, high: int) -> tuple[_Heard, ...]:
    """What is heard in the window; kept, as a question shows several quotes of one text."""
    return tuple(_listen(text, low, high))


def _listen(text: str, low: int, high: int) -> Iterator[_Heard]:
    """The speeches of the window, paragraph by paragraph, with pronouns resolved."""
    context = _Context()
    for start, end in paragraphs_of(text, low, high):
        yield from _paragraph(text, start, end, context)


def _paragraph(text: str, start: int, end: int, context: _Context) -> Iterator[_Heard]:
    labelled = _label(text, start, end)
    if labelled and labelled.speaker is None:
        labelled = _answering(text, labelled, context)
    resumed = context.open
    if labelled:
        context.turns += 1
        context.label = labelled if labelled.speaker else None
        context.last = context.label
        if context.label:
            yield context.label
    begin = _after_label(text, start, end) if labelled else after_dateline(text, start, end)
    found = _speeches(text, begin, end, resumed)
    memory = context.memory
    memory.last = context.last.speaker if context.last else None
    memory.own = context.label.speaker if context.label else None
    memory.read(text, (begin, end), [each.source for each in found], resumed)
    heard: list[_Heard] = []
    for each in found:
        within = _speaker_around(text, each, heard)
        referent = memory.referent(text, each.source)
        heard.append(_Heard(each, within or referent))
    yield from _continued(text, start, end, heard, context)
    yield from heard
    left = quotations(text, start, end, resumed)
    context.open = bool(left) and left[-1][2]
    cues = {_cue(text, each) for each in heard}
    context.asked = bool(left) and text[slice(*left[-1][:2])].rstrip('"”’»').endswith("?")
    context.asked = context.asked and not text[left[-1][1] : end].strip()
    context.answered = bool(cues & _ANSWERS) or any(each.startswith("came") for each in cues)
    context.awaiting = text[start:end].rstrip().endswith(":")
    if context.awaiting and not labelled and (next_up := announced(text, begin, end)):
        context.last = _Heard(next_up, memory.referent(text, next_up.source))
    elif heard:
        context.last = heard[-1]
    elif not (left and left[0][0] == start) and not context.open:
        context.last = context.label


def _speaker_around(text: str, speech: Speech, heard: Sequence[_Heard]) -> Source | None:
    """Who "he" is in "Lee said he expects"; None for other sources."""
    if speech.source.kind != "pronoun" or not heard or heard[-1].speaker is None:
        return None
    outer = heard[-1].speech
    inside = outer.start <= speech.source.start < outer.end and outer.cue[1] < speech.source.start
    between = text[outer.cue[1] : speech.source.start].split()
    sexes = {speech.source.gender, sex_of(text, heard[-1].speaker)} - {"", "n", "p"}
    return heard[-1].speaker if inside and between in ([], ["that"]) and len(sexes) < 2 else None


def _continued(
    text: str, start: int, end: int, heard: Sequence[_Heard], context: _Context
) -> Iterator[_Heard]:
    """A paragraph that begins inside, or with, a quotation of the one who spoke last."""
    first = next(iter(quotations(text, start, end, context.open)), None)
    if context.awaiting and context.last and context.last.speaker and not heard:
        yield _spoken(context.last, start, end)
    elif first and first[0] - start <= 1 and context.last and context.last.speaker:
        if _awaits_another(text, context, first) and not context.open:
            return
        own = any(each.speech.start < first[1] for each in heard)
        if not own and (context.open or not heard):
            yield _spoken(context.last, start, first[1] if heard else end)


def _awaits_another(text: str, context: _Context, quote: tuple[int, int, bool]) -> bool:
    """What follows a question answers it, and a question that follows an answer asks anew."""
    if context.asked or (context.last and _cue(text, context.last) in _ASKING):
        return True
    return context.answered and text[quote[0] : quote[1]].rstrip('"”’»').endswith("?")


def _cue(text: str, heard: _Heard) -> str:
    return text[slice(*heard.speech.cue)].casefold()


_ASKING = {"asked", "asks", "wondered"}
_ANSWERS = {"replied", "replies", "answered", "answers"}


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
    if start < _FIRST_LINES and _dateline(text, name, start, end):
        return None
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


_FIRST_LINES = 300
"""Characters of a text in which a place before a colon is no speaker: "ISLAMABAD: …"."""
_AGENCY = re.compile(r"\((?:[\w ]*(?:News|Press|Agency|Times|Radio|TV)|[A-Z]{2,4}|Reuters)\)\Z")
_TURN = re.compile(r"^[A-Z][A-Z .'’-]{1,30}:\s", re.MULTILINE)


def _dateline(text: str, name: str, start: int, end: int) -> bool:
    """The only label in capitals, or one with an agency: "KABUL (Pajhwok News)"."""
    others = _TURN.search(text, 0, start) or _TURN.search(text, end, end + _AFTER)
    alone = name.isupper() and len(name) > 1 and others is None
    return alone or _AGENCY.search(name) is not None


def _answering(text: str, labelled: _Heard, context: _Context) -> _Heard:
    """The turn "A:" with the one who is interviewed; "Q:", or nobody known, as it is."""
    if context.interviewee is None and context.turns < 3:
        context.interviewee = context.memory.interviewee(text, labelled.speech.source.start)
    asked = text[labelled.speech.source.start].casefold() == "q"
    return labelled if asked else replace(labelled, speaker=context.interviewee)


def _after_label(text: str, start: int, end: int) -> int:
    match = _LABEL.match(text, start, end)
    return match.end() if match else start


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
    role = role_of(text, source) or role_at(text, full) if named else None
    if named and full == source.name and " " not in text[full[0] : full[1]]:
        full = with_title(text, full)
    return Attribution(
        speaker=text[full[0] : full[1]],
        mention=Sentence(mention.start, mention.end),
        cue=Sentence(*cue),
        role=text[role[0] : role[1]] if role else None,
    )
