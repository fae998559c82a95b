"""Evidence under opaque keys for a language model, and its reply as sentences with their keys.

Keys and fences are drawn anew for each question, so no document can know them beforehand.
"""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.grounding import Ground
from index.passages import Passage

LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
NOTHING = "NOTHING"
"""What a model writes when the evidence does not answer."""
LONGEST_TITLE = 120
LONGEST_EVIDENCE = 700
"""Characters of a sentence that are shown to the model; a longer one is left out."""
LONGEST_SENTENCE = 700

_TO_A_MODEL = re.compile(
    r"""\b(?:ignore|disregard|forget|override|bypass|ignora|ignoriere?n?|ignorez|oublie[zr]?|
        vergiss|olvida)\b.{0,60}\b(?:instruct|rule|prompt|above|previous|prior|before|evidence|told|
        everything|instruc|anweisung|consigne|regl|règle|alles|todo|tout)
    |\b(?:system|developer)\s+(?:prompt|message|instruction|note)
    |(?:^|\W)(?:system|assistant|user|instructions?|note\sto\s(?:the\s)?(?:ai|assistant|model))\s*:
    |<\|?/?(?:im_start|im_end|system|assistant|user|inst|s|eos|endoftext)\b|\[/?inst\]|<<sys>>|\#{2,}
    |\byou\s(?:are|act|will\sact)\s(?:now\s|as\s)?(?:an?|the|my|in|no\slonger|free)?\s?
        (?:ai|assistant|language\smodel|chatbot|bot|llm|dan|developer\smode|jailbr|unrestricted)
    |\b(?:as|dear|attention|hey|hello|to\s(?:the|any|all))\s,?(?:an?\s)?(?:ai|a\.i\.|llm|gpt|chatbot|
        assistant|language\smodel)s?\b
    |\b(?:ai|llm|chatbot|language\smodel|assistant)s?\b.{0,40}\b(?:must|should|shall|please|have\sto|
        say|answer|reply|respond|write|output|tell|ignore)\b
    |\b(?:reply|respond|answer|conclude|begin|end|finish)\b.{0,40}\b(?:with|only|exactly|that|using|by)
        \b.{0,30}["“'‘:]
    |^\W*(?:please\s|now\s|then\s|instead\s|always\s|only\s|just\s|simply\s|next\s|finally\s|and\s)*
        (?:say|write|print|output|repeat|tell|answer|reply|respond|reveal|translate|append|include|
        insert|add|mention|state|claim|announce|cite|quote|recommend|pretend|act|insist|confirm|
        assert|declare|visit|click|schreib|antworte|sag|di|escribe|responde|écris|réponds|dis)\b""",
    re.IGNORECASE | re.VERBOSE,
)
"""A sentence that tells its reader what to write. No document needs one to state a fact."""

_KEY = rf"[{LETTERS}{DIGITS}]{{4}}"
_KEYS = re.compile(
    rf"\s*(?:\[|【|\(|\{{)\s*({_KEY}(?:\s*[,;| ]\s*{_KEY})*)\s*(?:\]|】|\)|\}})", re.IGNORECASE
)
_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FENCED = re.compile(r"^\s*```\w*\s*$", re.MULTILINE)
_BULLET = re.compile(r"^\s*(?:[-*•>#]+|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_JSON_OBJECT = re.compile(r"\{[^{}]*\}")
_TEXTS = ("text", "sentence", "answer", "content")
_KEY_LISTS = ("keys", "key", "evidence", "sources", "citations")
_END_PUNCTUATION = '.!?…”"»'


@dataclass(frozen=True, slots=True)
class Drafted:
    """A sentence of a model's reply. Nothing of it is proven yet."""

    text: str
    grounds: tuple[Ground, ...]
    """What its keys stand for; empty when it names none that exists."""
    unknown: int = 0
    """Keys that were made up."""


@dataclass(frozen=True, slots=True)
class Brief:
    """The evidence of one question, under its keys."""

    grounds: Mapping[str, Ground]
    fence: str

    def shown(self) -> str:
        """The evidence as the model reads it: below each document's title, a line a sentence."""
        lines: list[str] = []
        before: Passage | None = None
        for key, ground in self.grounds.items():
            passage = ground.passage
            if before is None or before.document.id != passage.document.id:
                lines.append(f"From a document with the title: {_titled(passage)}")
            before = passage
            lines.append(f"[{key}] {one_line(ground.text)}")
        return "\n".join(lines)

    def drafted(self, reply: str, *, finished: bool = True) -> list[Drafted]:
        """The sentences of a reply so far, in order; its last line only when it is `finished`."""
        told = _FENCED.sub("", _THOUGHT.sub("", reply))
        parts = _of_json(told) if told.lstrip()[:1] in ("{", "[") else None
        found = parts if parts is not None else _of_lines(told, finished=finished)
        return [self._drafted(text, keys) for text, keys in found if text]

    def _drafted(self, text: str, keys: Iterable[str]) -> Drafted:
        named = list(dict.fromkeys(each.casefold() for each in keys))
        grounds = tuple(self.grounds[each] for each in named if each in self.grounds)
        return Drafted(text[:LONGEST_SENTENCE], grounds, len(named) - len(grounds))


def brief(
    grounds: Iterable[Ground], draw: Callable[[Sequence[str]], str] = secrets.choice
) -> Brief:
    """The evidence under new keys, without sentences that are far too long or speak to a model."""
    keys: dict[str, Ground] = {}
    for ground in grounds:
        if is_evidence(ground):
            key = _new_key(draw)
            while key in keys:
                key = _new_key(draw)
            keys[key] = ground
    return Brief(keys, new_fence(draw))


def is_evidence(ground: Ground) -> bool:
    """Whether an answer may rest on it: it is not far too long, and speaks to no model."""
    return len(ground.text) <= LONGEST_EVIDENCE and not speaks_to_a_model(ground.text)


def speaks_to_a_model(text: str) -> bool:
    """Whether the sentence tells its reader what to write: it is quoted, but no evidence."""
    return bool(_TO_A_MODEL.search(one_line(text)))


def new_fence(draw: Callable[[Sequence[str]], str] = secrets.choice) -> str:
    """A line that no document can hold on purpose."""
    return "=====" + "".join(draw(LETTERS + DIGITS) for _ in range(16)) + "====="


def one_line(text: str) -> str:
    """The text on one line, without characters that only control."""
    kept = "".join(
        " " if each.isspace() else each
        for each in text
        if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co")
    )
    return " ".join(kept.split())


def says_nothing(reply: str) -> bool:
    """Whether the model says that there is nothing to write."""
    return _THOUGHT.sub("", reply).strip(" \n.`*\"'").casefold() == NOTHING.casefold()


def single_lines(reply: str) -> list[str]:
    """The lines of a short reply, bare; empty for one that says nothing."""
    if says_nothing(reply):
        return []
    lines = _FENCED.sub("", _THOUGHT.sub("", reply)).splitlines()
    return [line for line in (_bare(each) for each in lines) if line]


def _new_key(draw: Callable[[Sequence[str]], str]) -> str:
    """Four characters, one of them a digit, so that it is no word."""
    return draw(LETTERS) + draw(DIGITS) + draw(LETTERS) + draw(LETTERS + DIGITS)


def _titled(passage: Passage) -> str:
    return one_line(passage.document.title)[:LONGEST_TITLE]


def _bare(line: str) -> str:
    return one_line(_EMPHASIS.sub("", _BULLET.sub("", line)))


def _of_lines(reply: str, *, finished: bool) -> Iterator[tuple[str, list[str]]]:
    lines = reply.split("\n")
    for line in lines if finished else lines[:-1]:
        bare = _bare(line)
        if bare and not says_nothing(bare):
            yield from _of_line(bare)


def _of_line(line: str) -> Iterator[tuple[str, list[str]]]:
    """A line may hold several sentences, each with its keys before or after its full stop."""
    text, keys, at = "", list[str](), 0
    for found in _KEYS.finditer(line):
        text += line[at : found.start()]
        keys += re.findall(_KEY, found[1], re.IGNORECASE)
        at = found.end()
        rest = line[at:].lstrip()
        if rest[:1] in _END_PUNCTUATION and rest[1:2] in ("", " "):
            text, at = text + rest[:1], len(line) - len(rest) + 1
            rest = rest[1:].lstrip()
        ended = text.rstrip()[-1:] in tuple(_END_PUNCTUATION)
        if (ended or not rest or rest[0].isupper()) and not _KEYS.match(rest):
            yield text.strip(), keys
            text, keys = "", list[str]()
    left = text + line[at:]
    if left.strip():
        yield left.strip(), keys


def _of_json(reply: str) -> list[tuple[str, list[str]]] | None:
    """The sentences of a reply in JSON, whatever its shape; None when it has none."""
    found: list[tuple[str, list[str]]] = []
    for each in _JSON_OBJECT.findall(reply):
        try:
            made = json.loads(each)
        except ValueError:
            continue
        text = next((made[name] for name in _TEXTS if isinstance(made.get(name), str)), None)
        keys: object = next((made[name] for name in _KEY_LISTS if name in made), [])
        if text:
            listed = re.findall(_KEY, json.dumps(keys), re.IGNORECASE)
            found.append((_bare(_KEYS.sub("", text)), listed))
    return found or None
