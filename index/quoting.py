"""Ranked sentences → the few quotes to show: runs of sentences that answer together."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher

from index.claims import Claim
from index.passages import Sentence
from index.polarity import flipped, opposite
from index.reading import Evidence
from index.words import STOP_STEMS, stems

MOST_QUOTES = 3
MOST_SENTENCES = 3
LONGEST_QUOTE = 600
"""Characters of a quote of several sentences; a single one may be longer."""
NEARLY = 1.0
"""Sentences beside the best are quoted with it if at least 1/e as likely (scores are logits)."""
SHORTEST_RUN = 3
"""Words: fewer in order say little."""
WORD_FOR_WORD = 4.0
"""What holding all the words in order is worth, on the scale of scores (logits)."""
SURE, TOLD, UNTOLD = 0.9, 0.6, 0.4
"""The confidence that a quotation found word for word gives at least, a saying that is told in much
the same words at least, and one that isn't at most."""
IN_ORDER, SENSE, ENOUGH = 12, 12, 18
"""A saying is told where the share of its words that a sentence has in order, and the cosine, each
times this, and the words (eight at most) add up to enough: short ones are met with by chance."""
ALIKE = 0.8
"""Share of common words from which two sentences tell the same (a wire story told again)."""

_POINTS_BACK = re.compile(
    r"(?:It|Its|He|His|She|Her|They|Their|This|These|That|Those|Such|The (?:latter|former|two))\b"
)


@dataclass(slots=True)
class Quote:
    """A run of one to three neighbouring sentences to be quoted, around the best of them."""

    best: Evidence
    sentences: list[Evidence]
    """In the order of the text."""
    told_again: list[Evidence] = field(default_factory=list)
    """Sentences of other documents that tell the same."""
    words: list[frozenset[str]] = field(init=False)
    """The stems of each sentence."""

    def __post_init__(self) -> None:
        self.words = [frozenset(_stems(each)) for each in self.sentences]

    @property
    def start(self) -> int:
        return sentence_of(self.sentences[0]).start

    @property
    def end(self) -> int:
        return sentence_of(self.sentences[-1]).end

    def tells(self, sentence: Evidence) -> bool:
        """Whether the sentence says (nearly) the same as one of these, and nothing against it."""
        words = frozenset(_stems(sentence))
        return any(
            mine == words
            or (len(mine & words) >= ALIKE * len(mine | words) and not _differ(own, sentence))
            for own, mine in zip(self.sentences, self.words, strict=True)
        )


def quoted_first(
    words_of: str, ranked: list[Evidence], confidence: float
) -> tuple[list[Evidence], float]:
    """Sentences that hold these words one after the other in front, and the confidence then.

    For who said something: the words of a quotation, common as each may be, are found in order.
    Where neither the words nor their sense are there, nobody is to be named for them.
    """
    wanted = stems(words_of)
    runs = [_longest_run(wanted, _stems(each)) for each in ranked]
    moved = [
        replace(each, score=each.score + _worth(run, len(wanted)))
        if run >= min(SHORTEST_RUN, len(wanted)) > 1
        else each
        for each, run in zip(ranked, runs, strict=True)
    ]
    whole = max(runs, default=0) == len(wanted) and len(wanted) >= SHORTEST_RUN
    moved.sort(key=lambda each: -each.score)
    if whole and not STOP_STEMS.issuperset(wanted):
        return moved, max(confidence, SURE)
    if len(wanted) < SHORTEST_RUN or not moved:
        return moved, confidence
    told = _told(wanted, moved[0])
    return moved, max(confidence, TOLD) if told else min(confidence, UNTOLD)


def _told(wanted: tuple[str, ...], evidence: Evidence) -> bool:
    """Whether the sentence says this, in these words or nearly; weights by comparing questions
    with and without the document that they were made from."""
    matcher = SequenceMatcher(None, wanted, _stems(evidence), autojunk=False)
    in_order = sum(each.size for each in matcher.get_matching_blocks()) / len(wanted)
    near = IN_ORDER * in_order + SENSE * evidence.features["cosine"]
    return near + min(len(wanted), 8) >= ENOUGH


def _worth(run: int, words: int) -> float:
    """What holding so many of the words in order adds; all of them outdo any likeness."""
    return WORD_FOR_WORD * run / words * (2 if run == words >= SHORTEST_RUN else 1)


def _longest_run(wanted: tuple[str, ...], words: tuple[str, ...]) -> int:
    """How many of the words wanted stand one after the other."""
    if len(set(wanted) & set(words)) < min(SHORTEST_RUN, len(wanted)):
        return 0
    matcher = SequenceMatcher(None, wanted, words, autojunk=False)
    return matcher.find_longest_match().size


def quotes(ranked: list[Evidence]) -> list[Quote]:
    """The best few quotes; sentences that tell the same are put together."""
    free = {(each.candidate.stored.passage.id, each.sentence): each for each in ranked}
    chosen: list[Quote] = []
    for evidence in ranked[: 8 * MOST_QUOTES]:
        if free.pop((evidence.candidate.stored.passage.id, evidence.sentence), None) is None:
            continue
        same = next((each for each in chosen if each.tells(evidence)), None)
        if same:
            same.told_again.append(evidence)
        elif len(chosen) < MOST_QUOTES:
            chosen.append(Quote(evidence, _run(evidence, free)))
    return chosen


def _run(best: Evidence, free: dict[tuple[str, int], Evidence]) -> list[Evidence]:
    """The sentence with those beside it that it leans on, or that are nearly as likely.

    What it takes is taken out of `free`, so that no sentence is quoted twice.
    """
    passage, run = best.candidate.stored.passage.id, [best]
    while len(run) < MOST_SENTENCES:
        before = free.get((passage, run[0].sentence - 1))
        after = free.get((passage, run[-1].sentence + 1))
        near = [each for each in (before, after) if each and _belongs(each, best, run)]
        if not near:
            break
        chosen = max(near, key=lambda each: each.score)
        del free[passage, chosen.sentence]
        run = [chosen, *run] if chosen is before else [*run, chosen]
    return run


def _belongs(neighbour: Evidence, best: Evidence, run: list[Evidence]) -> bool:
    ends = [*map(sentence_of, run), sentence_of(neighbour)]
    if max(each.end for each in ends) - min(each.start for each in ends) > LONGEST_QUOTE:
        return False
    leans = neighbour.sentence < run[0].sentence and _leans(run[0])
    return leans or neighbour.score >= best.score - NEARLY


def _leans(evidence: Evidence) -> bool:
    """Whether the sentence begins with a word that points back to the one before it."""
    return bool(_POINTS_BACK.match(_text(evidence)))


def sentence_of(evidence: Evidence) -> Sentence:
    """Where the sentence stands in its document."""
    return evidence.candidate.stored.passage.sentences[evidence.sentence]


def _differ(one: Evidence, other: Evidence) -> bool:
    """Whether each has a number or a name that the other has not, or one denies the other."""
    mine, theirs = Claim(_text(one)), Claim(_text(other))
    for ours, others in ((mine.numbers, theirs.numbers), (_names(mine), _names(theirs))):
        if ours - others and others - ours:
            return True
    denied = flipped(mine, [theirs]) or flipped(theirs, [mine])
    return bool(denied or opposite(mine, [theirs]) or opposite(theirs, [mine]))


def _names(claim: Claim) -> frozenset[str]:
    return frozenset(each.stem for name in claim.names for each in name)


def _text(evidence: Evidence) -> str:
    sentence = sentence_of(evidence)
    return evidence.candidate.stored.passage.document.text[sentence.start : sentence.end]


def _stems(evidence: Evidence) -> tuple[str, ...]:
    return evidence.candidate.words[evidence.sentence]
