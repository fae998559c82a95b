"""The turns before a question, taken apart: the last question, its lead and quotes, and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.following.words import GROUP_NOUNS, NOT_NAMES, PLACE_NOUNS, TOKEN
from index.passages import Turn
from index.words import STOP_WORDS

TURNS = 3
"""The latest turns that are looked at."""
LONGEST_REPLY = 2_000
OPENING = re.compile(
    r"^(?:(?:and|but|so|or|ok|okay|also|then|well|yes|thanks|thank you|exactly)\b[ ,]*)+", re.I
)
_PLACED = re.compile(r"\b(?:in|at|to|from|near|of|into|outside|around|through|on)(?: the)? $", re.I)
_THE = re.compile(r"\bthe $", re.I)
_MARKER = re.compile(r"\s*\[\d+\]\s*$")


@dataclass(frozen=True, slots=True)
class Name:
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
        group = self.the or self.text.isupper() or bool(parts & (GROUP_NOUNS | PLACE_NOUNS))
        return not group and not (self.placed and len(parts) == 1)

    @property
    def group(self) -> bool:
        parts = {part.casefold() for part in self.text.split()}
        place = bool(parts & PLACE_NOUNS) or (self.placed and not self.the)
        return not place and (self.the or self.text.isupper() or bool(parts & GROUP_NOUNS))


@dataclass(frozen=True, slots=True)
class Before:
    """The turns before, taken apart: the last question, its lead and quotes, then the earlier."""

    question: str
    lead: str
    quotes: str
    earlier: tuple[str, ...]

    @classmethod
    def of(cls, history: Sequence[Turn], asked: str) -> Before:
        """`asked` is the last question, completed."""
        latest = [*history[-TURNS:]][::-1]
        lead, quotes = _parts(latest[0].reply)
        earlier = [text for turn in latest[1:] for text in (turn.question, *_parts(turn.reply))]
        question = " ".join(asked.split()).strip(" ?!.,")
        return cls(OPENING.sub("", question), lead, quotes, tuple(earlier))

    @property
    def identifies(self) -> bool:
        """Whether the last question asked which thing, so that its answer is the topic now."""
        asks = re.match(r"^(?:what|which)\b", self.question, re.I)
        return bool(asks) and not defines(self.question)

    def names(self) -> Iterator[Name]:
        """Every name, the likeliest first, each in its fullest form."""
        texts = (self.lead, self.question, self.quotes, *self.earlier)
        if defines(self.question):
            texts = (self.question, self.lead, self.quotes, *self.earlier)
        everything = [name for text in texts for name in names_in(text)]
        if re.match(r"^who\b.*['’]s?\b", self.question) and not defines(self.question):
            known = {name.text for name in names_in(self.question)}
            everything.sort(key=lambda name: name.text in known)
        for name in everything:
            yield self._in_full(name, everything)

    def _in_full(self, name: Name, everything: list[Name]) -> Name:
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


def defines(question: str) -> bool:
    """Whether it asks what a name is: "Who is Fahim Dashty", "Where is Kapisa"."""
    match = re.match(
        r"^(?:who|what|where) (?:is|are|was|were) (?:the )?(?P<name>.+)$", question, re.I
    )
    found = list(names_in(question))
    return bool(match and len(found) == 1 and found[0].text == match["name"])


def names_in(text: str) -> Iterator[Name]:
    """Runs of capitalised words that are no months, roles or beginnings of sentences."""
    run: list[re.Match[str]] = []
    for token in [*TOKEN.finditer(text), None]:
        joined = token and (not run or text[run[-1].end() : token.start()] == " ")
        if token and joined and is_capital(token[0]):
            run.append(token)
        else:
            yield from _name(text, run)
            run = [token] if token and is_capital(token[0]) else []
        if run and run[-1][0][-2:] in {"'s", "’s"}:
            yield from _name(text, run)
            run = []


def is_capital(word: str) -> bool:
    return word[0].isupper()


def _name(text: str, run: list[re.Match[str]]) -> Iterator[Name]:
    while run and run[0][0].casefold() in (STOP_WORDS | NOT_NAMES):
        run = run[1:]
    while run and run[-1][0].casefold() in NOT_NAMES:
        run = run[:-1]
    titles = [at for at, each in enumerate(run) if each[0].casefold() in NOT_NAMES]
    run = run[titles[-1] + 1 :] if titles else run
    if not run:
        return
    start, end = run[0].start(), run[-1].end()
    name = re.sub(r"['’]s$", "", text[start:end])
    before = text[max(0, start - 16) : start]
    begins = not before.strip(' “"') or before.rstrip(' “"')[-1:] in ".?!:\n"
    common = begins and len(run) == 1 and re.match(r" [a-z]", text[end : end + 2])
    if not common or text[end : end + 4] in {" is ", " was"}:
        yield Name(name, bool(_THE.search(before)), bool(_PLACED.search(before)))
