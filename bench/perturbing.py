"""Sentences of documents, said again faithfully and falsely: what a check of grounding is held to.

Everything is made at run time from texts that are given; nothing of them is kept.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.claims import Claim
from index.grounding import Ground
from index.words import STOP_STEMS, stem

Pool = Sequence[Ground]

_NUMBER = re.compile(r"(?<![\w.,-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,-])\d+(?!\w|[.,]\d)")
_NUMBER_WORD = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|hundred)\b"
)
_OTHER_NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty".split()
_AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|has|had|have|can|could|will|would|does|did|do|should|must)\b(?! not|n't)"
)
_DENIED = re.compile(r"(?<=\b(?:is|as|re|an|ld|ll|es|id|do|ad|ve|st)) not\b|\bnever ")
_OPENING = re.compile(
    r"^((?:In|On|At|During|After|Before|By|Since|From) [^,;:()\"“]{3,60}), ([^;:\"“()]{20,}?)\.$"
)
_CLAUSE = re.compile(
    r"^(Although|While|Because|When|After|If|Since) ([^,;:()\"“]{8,90}), ([^;:\"“()]{15,}?)\.$"
)
_WHICH = re.compile(r",? (?:which|who|where) [^,.;()\"“]{8,120}(?=\.$)|, [^,.;()\"“]{8,90}(?=\.$)")
_ASIDE = re.compile(r" \([^()]{2,80}\)")
_FILLER = re.compile(r"\b(?:also|however|then|thus|therefore|currently|generally|often),? ")
_DONE = r"\w+ed|built|made|held|found|led|won|bought|sold|taught|fought|lost|caught|sent"
_GROUP = r"(?:The |A |An |the |a |an )?[\w'’-]+(?: (?:of|de|von|the|[\w'’-]+)){0,5}?"
_WHEN = r"(?: (?:in|on|at|after|during|since) [^,.;:]{2,50})?"
_PASSIVE = re.compile(rf"^({_GROUP}) (?:was|were) ({_DONE})({_WHEN}) by ({_GROUP})({_WHEN})\.$")
_ACTIVE = re.compile(
    rf"^((?:The |A )?[A-Z]\w+(?: [A-Z]\w+)*) ({_DONE}) ((?:the|a|an|[A-Z]\w+)(?: [\w'’-]+){{1,5}}?)"
    rf"({_WHEN})\.$"
)
_SAME = {
    "began": "started", "large": "big", "approximately": "about", "such as": "like",
    "because of": "owing to", "located": "situated", "known as": "called", "several": "some",
    "throughout": "across", "primarily": "mainly", "until": "till", "often": "frequently",
    "received": "got", "created": "made", "required": "needed", "various": "different",
    "main": "chief", "near": "close to", "therefore": "so", "however": "but", "built": "erected",
    "obtained": "got", "believed": "thought", "numerous": "many", "entire": "whole",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence as a model might write it, on these grounds, and whether it is faithful."""

    kind: str
    faithful: bool
    text: str
    grounds: tuple[Ground, ...]
    key: bool = True
    """Whether it names keys that exist."""


def cases(pool: Pool, each: int, seed: int) -> list[Case]:
    """At most `each` cases of each kind, the same for the same pool and seed."""
    found: list[Case] = []
    for kind, (faithful, make) in KINDS.items():
        draw = random.Random(f"{seed} {kind}")
        made = 0
        for ground in draw.sample(pool, len(pool)):
            case = make(ground, pool, draw)
            if case and (kind in ("as it is", "key") or case[0] != ground.text.strip()):
                found.append(Case(kind, faithful, *case))
                made += 1
            if made == each:
                break
    return found


Made = tuple[str, tuple[Ground, ...]] | None
Make = Callable[[Ground, Pool, random.Random], Made]


def _number(ground: Ground, _: Pool, draw: random.Random) -> Made:
    text = _said(ground)
    found = [*_NUMBER.finditer(text), *_NUMBER_WORD.finditer(text)]
    if not found:
        return None
    chosen = draw.choice(found)
    there = Claim(ground.text).numbers
    for _attempt in range(9):
        new = _other_number(chosen.group(), draw)
        if not Claim(new).stated_numbers & there:
            return text[: chosen.start()] + new + text[chosen.end() :], (ground,)
    return None


def _other_number(old: str, draw: random.Random) -> str:
    if old.isalpha():
        return draw.choice(_OTHER_NUMBERS)
    at = draw.choice([at for at, each in enumerate(old) if each.isdigit()])
    digit = draw.choice([each for each in "123456789" if each != old[at]])
    return old[:at] + digit + old[at + 1 :]


def _name(ground: Ground, pool: Pool, draw: random.Random) -> Made:
    text = _said(ground)
    own = [" ".join(t.text for t in name) for name in Claim(text).names]
    held = [each for each in own if re.search(rf"\b{re.escape(each)}\b", text)]
    other = Claim(_said(draw.choice(pool))).names
    if not held or not other:
        return None
    new = " ".join(token.text for token in draw.choice(other))
    known = Claim(f"{ground.text} . {ground.passage.document.title}")
    if {each.stem for each in Claim(new).words} & known.stems:
        return None
    return re.sub(rf"\b{re.escape(draw.choice(held))}\b", new, text, count=1), (ground,)


def _key(ground: Ground, pool: Pool, draw: random.Random) -> Made:
    """The sentence under the key of another one, half of them of the same passage."""
    same = [
        Ground(ground.passage, number)
        for number in range(len(ground.passage.sentences))
        if number != ground.number
    ]
    other = draw.choice(same) if same and draw.random() < 0.5 else draw.choice(pool)
    return None if other.text == ground.text else (_said(ground), (other,))


def _quote(ground: Ground, pool: Pool, draw: random.Random) -> Made:
    words = _said(ground).split()
    if len(words) < 10 or '"' in ground.text or "“" in ground.text:
        return None
    start = draw.randrange(len(words) - 7)
    span = words[start : start + 7]
    at = draw.randrange(7)
    new = draw.choice(draw.choice(pool).text.split()).strip(".,;:()\"“”'")
    if not new.isalpha() or new.casefold() in ground.text.casefold():
        return None
    changed = [*span[:at], new, *span[at + 1 :]]
    return " ".join([*words[:start], f"“{' '.join(changed)}”", *words[start + 7 :]]), (ground,)


def _negation(ground: Ground, _: Pool, draw: random.Random) -> Made:
    text = _said(ground)
    denied = list(_DENIED.finditer(text))
    if denied:
        chosen = draw.choice(denied)
        return text[: chosen.start()] + text[chosen.end() :], (ground,)
    auxiliaries = list(_AUXILIARY.finditer(text))
    if not auxiliaries:
        return None
    chosen = draw.choice(auxiliaries)
    return f"{text[: chosen.end()]} {draw.choice(['not', 'never'])}{text[chosen.end() :]}", (
        ground,
    )


def _roles(ground: Ground, _: Pool, draw: random.Random) -> Made:
    """Two names change places over a verb; names of one list are left alone, as their order is."""
    text = _said(ground)
    names = [" ".join(token.text for token in name) for name in Claim(text).names]
    pairs = [
        (one, other)
        for one in names
        for other in names
        if text.count(one) == 1 == text.count(other)
        and text.find(one) < text.find(other)
        and _parted(text[text.find(one) + len(one) : text.find(other)])
    ]
    if not pairs:
        return None
    one, other = draw.choice(pairs)
    swapped = text.replace(one, "\0").replace(other, one).replace("\0", other)
    return swapped, (ground,)


def _parted(between: str) -> bool:
    """Whether a verb may stand between two names, and they are no list."""
    words = re.findall(r"\w+", between)
    verb = any(each in _VERBS or each.endswith("ed") for each in words)
    return verb and 1 <= len(words) <= 8 and not {"and", "or"} & set(words)


_VERBS = frozenset(
    "is was are were has had became made took gave led won lost beat wrote met saw held".split()
)


def _mixed(ground: Ground, _: Pool, draw: random.Random) -> Made:
    """A name of the next sentence in the place of one of this, under both keys."""
    if ground.number + 1 == len(ground.passage.sentences):
        return None
    following = Ground(ground.passage, ground.number + 1)
    own = Claim(_said(ground))
    names = [" ".join(token.text for token in name) for name in own.names]
    other = [
        " ".join(token.text for token in name)
        for name in Claim(_said(following)).names
        if not {each.stem for each in name} & own.stems
    ]
    if not names or not other:
        return None
    text = re.sub(rf"\b{re.escape(draw.choice(names))}\b", draw.choice(other), own.text, count=1)
    return text, (ground, following)


def _word(ground: Ground, pool: Pool, draw: random.Random) -> Made:
    """A noun, verb or adjective of another sentence in the place of one of this."""
    text = _said(ground)
    own, other = _plain_words(text), _plain_words(_said(draw.choice(pool)))
    new = [each for each in other if stem(each) not in Claim(text).stems]
    if not own or not new:
        return None
    return re.sub(rf"\b{draw.choice(own)}\b", draw.choice(new), text, count=1), (ground,)


def _added(ground: Ground, pool: Pool, draw: random.Random) -> Made:
    """The end of another sentence after this one's."""
    text, other = _said(ground), _said(draw.choice(pool)).split()[-5:]
    tail = " ".join(other)
    if not re.fullmatch(r"[a-z ’'-]+\.", tail) or len(_plain_words(tail)) < 2:
        return None
    return f"{text[:-1]} and {tail}", (ground,)


def _plain_words(text: str) -> list[str]:
    found = re.findall(r"(?<= )[a-z]{5,}(?=[ ,.])", text)
    return [each for each in found if stem(each) not in STOP_STEMS]


def _as_it_is(ground: Ground, _: Pool, __: random.Random) -> Made:
    return _said(ground), (ground,)


def _moved(ground: Ground, _: Pool, __: random.Random) -> Made:
    found = _OPENING.match(ground.text)
    if found is None:
        return None
    opening, rest = found.groups()
    return f"{_capital(rest)} {opening[0].lower()}{opening[1:]}.", (ground,)


def _clauses(ground: Ground, _: Pool, __: random.Random) -> Made:
    found = _CLAUSE.match(ground.text)
    if found is None:
        return None
    word, one, other = found.groups()
    return f"{_capital(other)}, {word.lower()} {one}.", (ground,)


def _dropped(ground: Ground, _: Pool, __: random.Random) -> Made:
    bare = _FILLER.sub("", _ASIDE.sub("", _WHICH.sub("", ground.text)))
    return (_capital(bare), (ground,)) if len(bare) > 30 else None


def _voice(ground: Ground, _: Pool, __: random.Random) -> Made:
    """Passive into active and back, where it is plain."""
    passive, active = _PASSIVE.match(ground.text), _ACTIVE.match(ground.text)
    if passive:
        patient, verb, when, agent, later = passive.groups()
        return f"{_capital(agent)} {verb} {_lower(patient)}{when}{later}.", (ground,)
    if active:
        agent, verb, patient, when = active.groups()
        return f"{_capital(patient)} was {verb} by {_lower(agent)}{when}.", (ground,)
    return None


def _merged(ground: Ground, _: Pool, __: random.Random) -> Made:
    """Two neighbours as one sentence, on both."""
    after = ground.number + 1
    if after == len(ground.passage.sentences) or len(ground.text) > 180:
        return None
    following = Ground(ground.passage, after)
    if len(following.text) > 180 or not re.search(r"\w\.$", ground.text):
        return None
    return f"{ground.text[:-1]}, and {following.text}", (ground, following)


def _synonyms(ground: Ground, _: Pool, __: random.Random) -> Made:
    text = _said(ground)
    for word, other in _SAME.items():
        text = re.sub(rf"\b{word}\b", other, text)
    return text, (ground,)


def _said(ground: Ground) -> str:
    return " ".join(ground.text.split())


def _lower(text: str) -> str:
    """The text with an article in small letters at its beginning."""
    return re.sub("^(?:The|An?) ", lambda found: found.group().lower(), text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


KINDS: dict[str, tuple[bool, Make]] = {
    "number": (False, _number),
    "name": (False, _name),
    "key": (False, _key),
    "quote": (False, _quote),
    "negation": (False, _negation),
    "roles": (False, _roles),
    "mixed": (False, _mixed),
    "word": (False, _word),
    "added": (False, _added),
    "as it is": (True, _as_it_is),
    "opening moved": (True, _moved),
    "clauses moved": (True, _clauses),
    "adjunct dropped": (True, _dropped),
    "voice": (True, _voice),
    "two merged": (True, _merged),
    "synonyms": (True, _synonyms),
}


def usable(ground: Ground) -> bool:
    """Whether it is a plain sentence of a middling length."""
    text = ground.text
    return 40 <= len(text) <= 300 and text[0].isupper() and text.rstrip().endswith(".")
