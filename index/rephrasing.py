"""Short texts that a language model writes for us: questions, and refusals. Each is checked.

None of them states a fact of the documents. What does not pass its check is as if not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.grounding import invented, names_link
from index.passages import Turn
from index.words import STOP_STEMS, stems
from index.writing import new_fence, one_line, says_nothing, single_lines
from prompts import filled

Ask = Callable[[str], str]
"""A prompt → the model's reply; empty when there is none."""

TURNS = 3
LONGEST_REPLY = 600
"""Characters of an earlier reply that are shown."""
LONGEST_QUESTION = 300
LONGEST_REFUSAL = 120
MOST_QUESTIONS = 3
KEPT_WORDS = 0.5
"""The share of a follow-up's own words that must be left in it when it is spelled out."""
LONG_ENOUGH = 6
"""Words with a sense: a question of so many that points at nothing is understood alone."""
SHORT = 4
"""Words with a sense: a question of so few may be meant in several ways."""

_POINTS = re.compile(
    r"\b(?:he|she|him|her|his|they|them|their|it|its|there|then|that|this|those|one|other)\b", re.I
)
_JOINS = re.compile(
    r"\b(?:both|in common|compared?|difference|respectively|than|as well as|earlier|later|"
    r"which (?:two|three|four|of)|what (?:two|three)|and (?:who|what|when|where|which|how|why))\b",
    re.I,
)
_ENGLISH = frozenset(
    """the who what when where which how why did does were are of to and there any many is
    has have say says said tell about""".split()
)


def points_back(question: str, history: Sequence[Turn]) -> bool:
    """Whether the question may need what was said before."""
    long = len(_own(question)) >= LONG_ENOUGH
    return bool(history) and not (long and not _POINTS.search(question))


def joins_facts(question: str) -> bool:
    """Whether it asks for several facts at once ("which two … both …"); by rules of English."""
    return bool(_JOINS.search(question))


def is_english(question: str) -> bool:
    """Whether it has a word that is English alone; a question without any letters a–z has none."""
    return bool(_ENGLISH & set(re.findall(r"\w+", question.casefold())))


def is_short(question: str) -> bool:
    """Whether more about what is meant may help."""
    return len(_own(question)) <= SHORT


def condensed(ask: Ask, question: str, history: Sequence[Turn]) -> str | None:
    """The follow-up, understandable alone; None when the model has none that can be trusted."""
    turns = [
        f"Question: {one_line(each.question)}\nAnswer: {one_line(each.reply)[:LONGEST_REPLY]}"
        for each in history[-TURNS:]
    ]
    before = "\n".join(turns)
    reply = ask(filled("condense", fence=new_fence(), history=before, question=question))
    known = [question, *(f"{each.question} {each.reply}" for each in history[-TURNS:])]
    lines = single_lines(reply)
    if len(lines) != 1 or not _question(lines[0], known):
        return None
    own, left = _own(question), set(_own(lines[0]))
    return lines[0] if sum(each in left for each in own) >= KEPT_WORDS * len(own) else None


def subquestions(ask: Ask, question: str) -> list[str]:
    """Simple questions whose answers are needed together; empty when there are none to trust."""
    reply = ask(filled("subquestions", fence=new_fence(), question=question))
    asked = [each for each in single_lines(reply) if _question(each, [question])]
    return list(dict.fromkeys(asked))[:MOST_QUESTIONS]


def clarifying(ask: Ask, question: str, nearest: Sequence[str]) -> str | None:
    """A question back; None when there is none to trust."""
    evidence = "\n".join(map(one_line, nearest))
    reply = ask(filled("clarify", fence=new_fence(), question=question, evidence=evidence))
    lines = single_lines(reply)
    good = len(lines) == 1 and lines[0][-1] in "?？؟" and _question(lines[0], [question, *nearest])
    return lines[0] if good else None


def refusal(ask: Ask, question: str) -> str | None:
    """ "The documents don't say." in the language of the question; None without a trusted one.

    The model sees the question alone, so no document can have a say in it.
    """
    lines = single_lines(ask(filled("refuse", fence=new_fence(), question=question)))
    if len(lines) != 1 or len(lines[0]) > LONGEST_REFUSAL or says_nothing(lines[0]):
        return None
    plain = not re.search(r"[\d\"“”«»?:@<>]", lines[0]) and not names_link(lines[0])
    return lines[0] if plain else None


def _question(line: str, known: Sequence[str]) -> bool:
    return len(line) <= LONGEST_QUESTION and not names_link(line) and not invented(line, known)


def _own(question: str) -> list[str]:
    return [each for each in stems(question) if each not in STOP_STEMS]
