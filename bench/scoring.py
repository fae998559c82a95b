"""What counts as right: a reply beside the gold of its question. Pure; needs no index."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bench.sets import Question
from index.documents.normalising import normalised as stored_form

TELLING = 20
"""Characters, white space aside, from which a text is taken for the same text elsewhere."""
ANCHOR = 24
RANKS = (1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What was shown: a quote of ours or a chunk of the stock pipeline."""

    text: str
    sources: tuple[str, ...]
    """The document it is from, and others that are known to hold it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One question asked, and what came back."""

    question: Question
    refused: bool
    cited: tuple[Cited, ...]
    """The citations, best first; of a refusal those that are shown as nearest."""
    short: str | None = None
    confidence: float = 0.0
    milliseconds: float = 0.0
    why: tuple[dict[str, object], ...] = ()
    """How the first passages came to be considered, for people."""
    trace: dict[str, object] = field(default_factory=dict)


Judge = Callable[[Question, Cited], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """Shares of the questions, 0 to 1; None when there was no question to count."""

    questions: int
    document: float | None
    passage: dict[int, float | None] = field(default_factory=dict)
    evidence: dict[int, float | None] = field(default_factory=dict)
    """By rank: right within the first 1, the first 3."""


def ranking(outcomes: Sequence[Outcome], in_passage: Judge) -> Ranking:
    """How well the answerable questions among `outcomes` were found."""
    asked = [each for each in outcomes if each.question.answerable]
    return Ranking(
        questions=len(asked),
        document=_share(asked, of_gold_document, 1),
        passage={rank: _share(asked, in_passage, rank) for rank in RANKS},
        evidence={rank: _share(asked, shows_evidence, rank) for rank in RANKS},
    )


def right(outcome: Outcome, judge: Judge, rank: int) -> bool:
    """Whether any of the first `rank` citations is right by `judge`."""
    return any(judge(outcome.question, each) for each in outcome.cited[:rank])


def of_gold_document(question: Question, cited: Cited) -> bool:
    """From the gold document, or of the gold passage's text where another document holds it too."""
    return question.document in cited.sources or _same_text(cited.text, question.passage)


def quote_in_passage(question: Question, cited: Cited) -> bool:
    """The quote lies in the gold passage, white space aside."""
    inside = squeeze(cited.text) in squeeze(question.passage)
    return inside and of_gold_document(question, cited)


def chunk_meets_passage(question: Question, cited: Cited) -> bool:
    """Over half of the chunk lies in the gold passage, or over half of the passage in the chunk."""
    chunk, passage = squeeze(cited.text), squeeze(question.passage)
    shared = overlap(chunk, passage)
    return 2 * shared > min(len(chunk), len(passage)) and of_gold_document(question, cited)


def shows_evidence(question: Question, cited: Cited) -> bool:
    """An accepted answer stands in the text; or gold evidence, where the set marks sentences."""
    if question.evidence:
        return any(_holds(cited.text, sentence) for sentence in question.evidence)
    return any(stands_in(answer, cited.text) for answer in question.answers)


def stands_in(answer: str, text: str) -> bool:
    """The answer is in the text as whole words; case and the width of white space aside."""
    sought, within = (" ".join(stored_form(each).casefold().split()) for each in (answer, text))
    return bool(sought) and bool(re.search(rf"(?<!\w){re.escape(sought)}(?!\w)", within))


def exact_match(short: str | None, answers: Iterable[str]) -> float:
    """1 when the short answer is an accepted one by SQuAD's normalisation, else 0."""
    return float(any(normalised(short or "") == normalised(answer) for answer in answers))


def f1(short: str | None, answers: Iterable[str]) -> float:
    """The best word overlap with an accepted answer, 0 to 1, as SQuAD's evaluation has it."""
    found = normalised(short or "")
    return max((_f1(found, normalised(answer)) for answer in answers), default=0.0)


def normalised(text: str) -> list[str]:
    """Words in lower case without ASCII punctuation and articles (Rajpurkar et al. 2016)."""
    bare = "".join(char for char in text.lower() if char not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", bare).split()


@lru_cache(maxsize=4096)
def squeeze(text: str) -> str:
    """The text without white space, and without the invisible characters that are never stored."""
    return "".join(stored_form(text).split())


def overlap(one: str, two: str) -> int:
    """Characters that two slices of a text share: all of the shorter, or an end and a beginning."""
    if one in two or two in one:
        return min(len(one), len(two))
    return max(_tail_is_head(one, two), _tail_is_head(two, one))


def refused_share(outcomes: Sequence[Outcome]) -> float | None:
    """The share of refused questions, 0 to 1; None when nothing was asked."""
    return mean([float(each.refused) for each in outcomes])


def balanced_accuracy(outcomes: Sequence[Outcome]) -> float | None:
    """The mean of "answerable and answered" and "unanswerable and refused"; None without both."""
    refused = refused_share([each for each in outcomes if not each.question.answerable])
    lost = refused_share([each for each in outcomes if each.question.answerable])
    return None if refused is None or lost is None else (refused + 1 - lost) / 2


def refused_at(
    answerable: Sequence[Outcome], foreign: Sequence[Outcome], cost: float
) -> float | None:
    """Foreign refused if confidence alone decided and `cost` of the answerable ones were too."""
    if not answerable or not foreign:
        return None
    rising = sorted(each.confidence for each in answerable)
    threshold = rising[min(int(cost * len(rising)), len(rising) - 1)]
    return mean([float(each.confidence < threshold) for each in foreign])


def mean(values: Sequence[float]) -> float | None:
    """The mean; None of nothing."""
    return sum(values) / len(values) if values else None


def _share(outcomes: Sequence[Outcome], judge: Judge, rank: int) -> float | None:
    return mean([float(right(each, judge, rank)) for each in outcomes])


def _same_text(one: str, two: str) -> bool:
    """Over half of the shorter text lies in the other, and it is long enough to tell."""
    bare, other = squeeze(one), squeeze(two)
    shared = overlap(bare, other)
    return shared >= TELLING and 2 * shared > min(len(bare), len(other))


def _holds(text: str, sentence: str) -> bool:
    bare, sought = squeeze(text), squeeze(sentence)
    shared = overlap(bare, sought)
    return (shared >= TELLING and 2 * shared > len(sought)) or (bool(bare) and bare in sought)


def _tail_is_head(one: str, two: str) -> int:
    """The length of the longest end of `one` that `two` begins with, from ANCHOR characters on."""
    anchor = two[:ANCHOR]
    at = one.find(anchor)
    while at >= 0 and not two.startswith(one[at:]):
        at = one.find(anchor, at + 1)
    return len(one) - at if at >= 0 else 0


def _f1(found: list[str], gold: list[str]) -> float:
    if not found or not gold:
        return float(found == gold)
    shared = sum((Counter(found) & Counter(gold)).values())
    return 2 * shared / (len(found) + len(gold))
