"""Does a sentence that a language model wrote say only what its evidence says?

Code decides, not a model: what is not found in the evidence is not said. The floors are measured
by `python -m bench.grounding`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.attribution import attribute, likely_speech
from index.binding import points_back, unbound
from index.claims import Claim, Token
from index.passages import Attribution, Passage
from index.polarity import flipped, opposite
from index.ports import Vectors
from index.roles import exchanged
from index.words import stem

COVERED = 0.6
"""The share of the sentence's content words, names aside, that must stand in the evidence."""
WORD_ALIKE = 0.45
"""How near each other word must be to a word of the evidence by the index's embedder (cosine),"""
ALIKE = 0.55
"""and the sentence to the evidence."""
NAME_REACH = 3
"""The words of a name may have so many words of the evidence between them ("Ada M. Holm")."""
SHORTEST = 2
"""Words with a sense: fewer claim nothing that could be checked."""

_LINK = re.compile(r"\w+://\S+|\b(?:www|t)\.\S+|@\w+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?\b")
_GLUE = frozenset(
    map(
        stem,
        """according called named known also however because owing due since till within across like
        including include became become made make took take said says stated state regarding
        concerning thus upon among amid having around therefore whose although though whereas got
        get gave give one thought believed different various several""".split(),
    )
)
"""Stems that only join the words of a paraphrase."""

Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Ground:
    """A sentence of a passage, as evidence."""

    passage: Passage
    number: int
    """Of the sentence, in its passage."""

    @property
    def start(self) -> int:
        return self.passage.sentences[self.number].start

    @property
    def end(self) -> int:
        return self.passage.sentences[self.number].end

    @property
    def text(self) -> str:
        return self.passage.document.text[self.start : self.end]

    def spoken(self) -> Attribution | None:
        """Who said it, as far as the text names somebody."""
        return attribute(self.passage.document.text, self.start, self.end)


class Grounding:
    """Judges sentences. `embed` gives vectors of length 1."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed

    def fault(self, sentence: str, grounds: Sequence[Ground]) -> str | None:
        """Why the sentence may not be said on these grounds, for an admin; None when it may."""
        if not grounds:
            return "it names no evidence"
        draft = Claim(sentence)
        if len(draft.content) < SHORTEST:
            return "it is no statement"
        evidence = [Claim(each.text) for each in grounds]
        titles = Claim(" . ".join(each.passage.document.title for each in grounds))
        return (
            _link(sentence, grounds)
            or _quotation(draft, evidence)
            or _number(draft, evidence)
            or _name(draft, [*evidence, titles])
            or _sense(draft, evidence)
            or _polarity(draft, evidence)
            or _roles(draft, evidence)
            or _binding(draft, grounds, evidence)
            or _speaker(sentence, grounds)
            or self._foreign_word(draft, evidence)
            or self._far(sentence, evidence)
        )

    def _foreign_word(self, draft: Claim, evidence: Sequence[Claim]) -> str | None:
        """A word that neither stands in the evidence nor is near to one that does."""
        there = frozenset().union(*(each.stems for each in evidence))
        new = [each for each in _plain_words(draft) if each.stem not in there | _GLUE]
        if not new:
            return None
        known = [word for each in evidence for word in each.words if word.is_content]
        texts = list(dict.fromkeys(each.folded for each in [*new, *known]))
        vectors = dict(zip(texts, self._embed(texts), strict=True))
        for each in new:
            nearest = max(float(vectors[each.folded] @ vectors[w.folded]) for w in known)
            if nearest < WORD_ALIKE:
                return f"a word is far from all of the evidence: {each.text}, {nearest:.2f}"
        return None

    def _far(self, sentence: str, evidence: Sequence[Claim]) -> str | None:
        texts = [each.text for each in evidence]
        vectors = self._embed([sentence, " ".join(texts), *texts])
        nearest = float((vectors[1:] @ vectors[0]).max())
        return f"it is far from its evidence: {nearest:.2f}" if nearest < ALIKE else None


def invented(text: str, known: Sequence[str]) -> str | None:
    """A number, name or quotation of the text that is in none of the known texts, and why."""
    draft, evidence = Claim(text), [Claim(each) for each in known]
    return _quotation(draft, evidence) or _number(draft, evidence) or _name(draft, evidence)


def names_link(text: str) -> str | None:
    """The first address or @name in the text; None without one."""
    found = _LINK.search(text)
    return found.group() if found else None


def _link(sentence: str, grounds: Sequence[Ground]) -> str | None:
    link = names_link(sentence)
    held = link is None or any(link in each.text for each in grounds)
    return None if held else f"an address is not there: {link}"


def _quotation(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    for quoted in draft.quoted:
        if not any(each.holds_quoted(quoted) for each in evidence):
            return f"a quotation is not there: {quoted}"
    return None


def _number(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    there = frozenset().union(*(each.numbers | each.stated_numbers for each in evidence))
    missing = sorted(draft.stated_numbers - there)
    return f"a number is not there: {missing[0]}" if missing else None


def _name(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    folded = frozenset().union(*(each.folded | each.months for each in evidence))
    stems = frozenset().union(*(each.stems for each in evidence))
    initials = frozenset().union(*(each.acronyms for each in evidence))
    for name in draft.names:
        if "".join(each.folded[0] for each in name) in folded and len(name) > 1:
            continue
        for token in name:
            if not (
                token.folded in folded or token.stem in stems or token.folded in initials
            ) and not _is_number(token):
                return f"a name is not there: {token.text}"
        if len(name) > 1 and not any(_holds_name(each, name) for each in evidence):
            return f"a name is not there: {' '.join(each.text for each in name)}"
    return None


def _is_number(token: Token) -> bool:
    return bool(Claim(token.text).numbers)


def _holds_name(evidence: Claim, name: Sequence[Token]) -> bool:
    """Whether the words of the name stand in this order, near each other."""
    words = [each.stem for each in evidence.words]
    sought = [each.stem for each in name]
    for at, word in enumerate(words):
        if word == sought[0] and _follow(words, at, sought[1:]):
            return True
    return False


def _follow(words: Sequence[str], at: int, sought: Sequence[str]) -> bool:
    for each in sought:
        window = words[at + 1 : at + 2 + NAME_REACH]
        if each not in window:
            return False
        at += 1 + window.index(each)
    return True


def _sense(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    there = frozenset().union(*(each.stems for each in evidence))
    own = {each.stem for each in _plain_words(draft)}
    share = len(own & there) / len(own) if own else 1.0
    return f"too little of it is there: {share:.0%}" if share < COVERED else None


def _plain_words(draft: Claim) -> list[Token]:
    """The words with a sense that are neither names nor numbers."""
    names = {id(each) for name in draft.names for each in name}
    return [
        each
        for each in draft.words
        if each.is_content and id(each) not in names and not _is_number(each)
    ]


def _polarity(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    word = flipped(draft, evidence)
    if word:
        return f"it turns into its opposite, or makes certain or doubtful: {word}"
    word = opposite(draft, evidence)
    return f"the evidence says the opposite of: {word}" if word else None


def _roles(draft: Claim, evidence: Sequence[Claim]) -> str | None:
    pair = exchanged(draft, evidence)
    return f"two change their places: {pair[0]}, {pair[1]}" if pair else None


def _binding(draft: Claim, grounds: Sequence[Ground], evidence: Sequence[Claim]) -> str | None:
    units: list[list[Claim]] = []
    last: Ground | None = None
    for ground, claim in sorted(zip(grounds, evidence, strict=True), key=_place):
        follows = last == Ground(ground.passage, ground.number - 1)
        if follows and points_back(ground.text):
            units[-1].append(claim)
        else:
            units.append([claim])
        last = ground
    word = unbound(draft, units)
    return f"the evidence says that of something else: {word}" if word else None


def _place(pair: tuple[Ground, Claim]) -> tuple[str, int]:
    return pair[0].passage.id, pair[0].number


def _speaker(sentence: str, grounds: Sequence[Ground]) -> str | None:
    """A sentence that gives words to somebody must have it from the text."""
    if not likely_speech(sentence) and "ccording to" not in sentence:
        return None
    said = attribute(sentence, 0, len(sentence))
    if said is None:
        return None
    speakers = [each for each in (ground.spoken() for ground in grounds) if each]
    named = _name_words(said.speaker)
    if any(named & _name_words(each.speaker) for each in speakers):
        return None
    return f"the text does not give it to {' '.join(said.speaker.split())}"


def _name_words(name: str) -> set[str]:
    return {each.casefold() for each in re.findall(r"\w+", name) if len(each) > 2} - {"the"}
