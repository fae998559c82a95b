"""Whether a sentence lets two of its names or numbers change their places.

Nothing is parsed: the sentence is compared with its evidence as it is, and with two of its names
exchanged. If it fits better with them exchanged, they were exchanged before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain, combinations

from index.attribution_words import BE
from index.claims import Claim, Token

NEAR = 5
"""Words between which an order is looked at."""
MARGIN = 1.25
"""How many times better the exchanged sentence must fit."""
GROUP = 8
"""Words that an agent or a patient may have."""
MOST = 8
"""Names and numbers of a sentence that are exchanged with each other."""


def exchanged(draft: Claim, evidence: Iterable[Claim]) -> tuple[str, str] | None:
    """Two names or numbers of the draft that have changed places; None when none have."""
    there = [_words(each) for each in evidence]
    held = set().union(*map(set, there)) if there else set()
    own, pairs = _words(draft), _pairs(there)
    names = [name[-1].stem for name in draft.names]
    numbers = [each.stem for each in draft.words if each.digits]
    for one, other in chain(_couples(names, held), _couples(numbers, held)):
        here = _fit(own, {one, other}, pairs)
        swap = {one: other, other: one}
        moved = _fit([swap.get(each, each) for each in own], {one, other}, pairs)
        if moved > MARGIN * here:
            return one, other
    return None


def _couples(things: list[str], held: set[str]) -> Iterable[tuple[str, str]]:
    """Each two of the things that the evidence holds."""
    return combinations([each for each in dict.fromkeys(things) if each in held][:MOST], 2)


def _words(claim: Claim) -> list[str]:
    """Content words in order, a name as its last word, passive turned into active.

    "B was beaten by Tom A" as "A beaten B".
    """
    firsts = {id(each) for name in claim.names for each in name[:-1]}
    tokens = [each for each in claim.tokens if id(each) not in firsts]
    return [each.stem for each in _active(tokens) if each.is_content]


def _active(tokens: list[Token]) -> list[Token]:
    """The tokens with agent and patient of each passive in the order of the active."""
    for at, token in enumerate(tokens):
        if token.folded != "by" or at + 1 == len(tokens):
            continue
        verb = _passive_verb(tokens, at)
        if verb is None:
            continue
        be = verb - 1 if tokens[verb - 1].folded in BE else verb
        start, end = _group_before(tokens, be), _group_after(tokens, at + 1)
        if start < be and end > at + 1 and not tokens[at + 1].digits:
            agent, patient, more = tokens[at + 1 : end], tokens[start:be], tokens[verb + 1 : at]
            rest = _active(tokens[end:])
            return [*tokens[:start], *agent, tokens[verb], *patient, *more, *rest]
    return list(tokens)


def _passive_verb(tokens: list[Token], by: int) -> int | None:
    """Where the participle stands that a "by" belongs to; None where it is another "by"."""
    for at in range(by - 1, max(0, by - 7), -1):
        if not tokens[at].is_word and tokens[at].text != ",":
            return None
        after_be = tokens[at - 1].folded in BE and not tokens[at].folded.endswith("ing")
        bare = at == by - 1 and tokens[at].folded.endswith(_PARTICIPLES)
        if (after_be and tokens[at].is_content) or bare:
            return at
    return None


def _group_before(tokens: list[Token], end: int) -> int:
    """Where the noun group that ends before `end` begins."""
    at = end
    while at > 0 and end - at < GROUP and _of_group(tokens[at - 1], _OPENINGS):
        at -= 1
    return at


def _group_after(tokens: list[Token], start: int) -> int:
    at = start
    while at < len(tokens) and at - start < GROUP and _of_group(tokens[at], _BREAKS):
        at += 1
    return at


def _of_group(token: Token, breaks: frozenset[str]) -> bool:
    return (token.is_word or token.text in "-.&'’") and token.folded not in breaks


_PARTICIPLES = ("ed", "en", "wn", "ung", "ilt", "ade", "ld", "ght", "ound", "id")
_OPENINGS = frozenset("and but or which who that while when after before because".split())
_BREAKS = _OPENINGS | frozenset("in on at from to with for during between until as".split())


def _pairs(texts: list[list[str]]) -> Counter[tuple[str, str]]:
    """Ordered pairs of words that stand near each other, nearer ones counting more."""
    found: Counter[tuple[str, str]] = Counter()
    for words in texts:
        for pair, weight in _near(words):
            found[pair] = max(found[pair], weight)
    return found


def _near(words: list[str]) -> list[tuple[tuple[str, str], int]]:
    return [
        ((word, words[later]), NEAR + 1 - (later - at))
        for at, word in enumerate(words)
        for later in range(at + 1, min(at + 1 + NEAR, len(words)))
    ]


def _fit(words: list[str], moved: set[str], pairs: Counter[tuple[str, str]]) -> float:
    """How well the order around the moved words is that of the evidence."""
    return sum(
        min(weight, pairs[pair])
        for pair, weight in _near(words)
        if moved & set(pair) and pair in pairs
    )
