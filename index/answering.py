"""Question → Answer | NoAnswer: retrieve, read, and prove every quote."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.attribution import asks_who_said, attribute
from index.errors import QuestionUnusable
from index.passages import Answer, Attribution, Citation, NoAnswer, Sentence, Turn
from index.reading import Evidence, EvidenceFinder
from index.retrieval import Retriever, retrieved

LONGEST_QUESTION = 1_000
"""Characters; longer messages are texts, not questions."""
MOST_CITATIONS = 3
MOST_SENTENCES = 3
LONGEST_QUOTE = 600
"""Characters of a quote of several sentences; a single one may be longer."""
NEARLY = 1.0
"""Sentences beside the best are quoted with it if at least 1/e as likely (scores are logits)."""
REFUSE_BELOW = 0.5
ALIKE = 0.8
"""Share of common words from which two sentences tell the same (a wire story told again)."""

NOTHING_INDEXED = "There are no documents to answer from yet."
NOT_FOUND = "The documents don't say."
NOBODY_NAMED = "The text does not say who."

_POINTS_BACK = re.compile(
    r"(?:It|Its|He|His|She|Her|They|Their|This|These|That|Those|Such|The (?:latter|former|two))\b"
)


class Answerer:
    """Answers questions from the current generation."""

    def __init__(self, retriever: Retriever, finder: EvidenceFinder) -> None:
        self._retriever, self._finder = retriever, finder

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer | NoAnswer:
        """An answer whose quotes are proven, or NoAnswer with the nearest passages.

        Raises QuestionUnusable when there is nothing in the question to look for.
        """
        steps = _Steps()
        asked = usable(question)
        query, candidates = self._retriever.candidates(asked)
        steps.done("retrieval")
        ranked = self._finder.find(query, candidates)
        confidence = self._finder.confidence(ranked)
        steps.done("reading")
        quotes = _quotes(ranked)
        citations = tuple(_citation(at, each, asked) for at, each in enumerate(quotes, start=1))
        steps.done("quoting")
        considered = tuple(retrieved(each) for each in candidates)
        trace = _trace(steps, quotes)
        if not citations or confidence < REFUSE_BELOW:
            return NoAnswer(
                question=asked,
                text=NOT_FOUND if citations else NOTHING_INDEXED,
                nearest=citations,
                considered=considered,
                confidence=confidence,
                trace=trace,
            )
        said = asks_who_said(asked) is not None
        speaker = citations[0].attribution if said else None
        short = _short(quotes[0], citations[0], speaker)
        return Answer(
            question=asked,
            lead=_lead(said, speaker, short),
            citations=citations,
            considered=considered,
            speaker=speaker.speaker if speaker else None,
            short=short,
            asks_speaker=said,
            confidence=confidence,
            trace=trace,
        )


def _trace(steps: _Steps, quotes: list[_Quote]) -> dict[str, object]:
    return {"milliseconds": steps.took, "evidence": [each.best.features for each in quotes]}


def usable(question: str) -> str:
    """The question, its white space tidied; raises QuestionUnusable, which says what to do."""
    asked = re.sub(r"\s+", " ", question).strip()
    if not asked:
        raise QuestionUnusable("Ask a question in a sentence or a few words.")
    if len(asked) > LONGEST_QUESTION:
        raise QuestionUnusable(
            f"That is {len(asked):,} characters. Ask in at most {LONGEST_QUESTION:,}, please."
        )
    if not any(character.isalnum() for character in asked):
        raise QuestionUnusable("There are no words in that. Ask in a sentence or a few words.")
    return asked


@dataclass(slots=True)
class _Steps:
    """Milliseconds that each step took."""

    took: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def done(self, step: str) -> None:
        now = time.perf_counter()
        self.took[step] = round((now - self.last) * 1000, 2)
        self.last = now


@dataclass(slots=True)
class _Quote:
    """A run of one to three neighbouring sentences to be quoted, around the best of them."""

    best: Evidence
    sentences: list[Evidence]
    """In the order of the text."""
    told_again: list[Evidence] = field(default_factory=list)
    """Sentences of other documents that tell the same."""

    @property
    def start(self) -> int:
        return _sentence(self.sentences[0]).start

    @property
    def end(self) -> int:
        return _sentence(self.sentences[-1]).end

    def tells(self, evidence: Evidence) -> bool:
        """Whether the sentence says (nearly) the same as one of these."""
        other = set(_stems(evidence))
        return any(
            len(mine & other) >= ALIKE * len(mine | other)
            for mine in map(set, map(_stems, self.sentences))
        )


def _quotes(ranked: list[Evidence]) -> list[_Quote]:
    """The best few quotes; sentences that tell the same are put together."""
    free = {(each.candidate.stored.row, each.sentence): each for each in ranked}
    quotes: list[_Quote] = []
    for evidence in ranked[: 8 * MOST_CITATIONS]:
        if free.pop((evidence.candidate.stored.row, evidence.sentence), None) is None:
            continue
        same = next((each for each in quotes if each.tells(evidence)), None)
        if same:
            same.told_again.append(evidence)
        elif len(quotes) < MOST_CITATIONS:
            quotes.append(_Quote(evidence, _run(evidence, free)))
    return quotes


def _run(best: Evidence, free: dict[tuple[int, int], Evidence]) -> list[Evidence]:
    """The sentence with those beside it that it leans on, or that are nearly as likely.

    What it takes is taken out of `free`, so that no sentence is quoted twice.
    """
    row, run = best.candidate.stored.row, [best]
    while len(run) < MOST_SENTENCES:
        before = free.get((row, run[0].sentence - 1))
        after = free.get((row, run[-1].sentence + 1))
        near = [each for each in (before, after) if each and _belongs(each, best, run)]
        if not near:
            break
        chosen = max(near, key=lambda each: each.score)
        del free[row, chosen.sentence]
        run = [chosen, *run] if chosen is before else [*run, chosen]
    return run


def _belongs(neighbour: Evidence, best: Evidence, run: list[Evidence]) -> bool:
    ends = [*map(_sentence, run), _sentence(neighbour)]
    if max(each.end for each in ends) - min(each.start for each in ends) > LONGEST_QUOTE:
        return False
    leans = neighbour.sentence < run[0].sentence and _leans(run[0])
    return leans or neighbour.score >= best.score - NEARLY


def _leans(evidence: Evidence) -> bool:
    """Whether the sentence begins with a word that points back to the one before it."""
    sentence = _sentence(evidence)
    text = evidence.candidate.stored.passage.document.text[sentence.start : sentence.end]
    return bool(_POINTS_BACK.match(text))


def _sentence(evidence: Evidence) -> Sentence:
    return evidence.candidate.stored.passage.sentences[evidence.sentence]


def _stems(evidence: Evidence) -> tuple[str, ...]:
    return evidence.candidate.words[evidence.sentence]


def _citation(number: int, quote: _Quote, question: str) -> Citation:
    stored = quote.best.candidate.stored
    document = stored.passage.document
    told = [each.candidate.stored.passage.document for each in quote.told_again]
    also_in = {each.source: each for each in (*stored.also_in, *told)}
    also_in.pop(document.source, None)
    return Citation(
        number=number,
        quote=document.text[quote.start : quote.end],
        start=quote.start,
        end=quote.end,
        document=document,
        passage=stored.passage,
        page=document.page_at(quote.start),
        attribution=attribute(document.text, quote.start, quote.end, about=question),
        also_in=tuple(also_in.values()),
    )


def _short(quote: _Quote, citation: Citation, speaker: Attribution | None) -> str | None:
    """The part of the quote that answers, by the surest reading of its sentences."""
    text = citation.document.text
    if speaker:
        named = text[speaker.mention.start : speaker.mention.end]
        return named if named in citation.quote else None
    read = max(quote.sentences, key=lambda each: each.features["margin"])
    span = read.short if read.features["read"] else quote.best.short
    short = text[span[0] : span[1]].strip() if span else ""
    return short if short and short in citation.quote else None


def _lead(said: bool, speaker: Attribution | None, short: str | None) -> str:
    """The answer in a line, before the quotes; empty when they speak for themselves."""
    if speaker:
        name = " ".join(speaker.speaker.split())
        role = " ".join(speaker.role.split()) if speaker.role else ""
        return f"{name}, {role}" if role else name
    if said:
        return NOBODY_NAMED
    return " ".join(short.split()) if short else ""
