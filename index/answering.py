"""Question → Answer | NoAnswer: retrieve, read, and prove every quote."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index.attribution import asks_who_said, attribute
from index.errors import QuestionUnusable
from index.passages import Answer, Attribution, Citation, NoAnswer, RetrievedPassage, Turn
from index.reading import Evidence, EvidenceFinder
from index.retrieval import Retriever, retrieved
from index.words import stems

LONGEST_QUESTION = 1_000
"""Characters; longer messages are texts, not questions."""
MOST_CITATIONS = 3
REFUSE_BELOW = 0.5
ALIKE = 0.8
"""Share of common words from which two sentences tell the same (a wire story told again)."""

NOTHING_INDEXED = "There are no documents to answer from yet."
NOT_FOUND = "The documents don't say."


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
        evidence = _distinct(self._finder.find(query, candidates))
        steps.done("reading")
        considered = tuple(retrieved(each) for each in candidates)
        citations = _citations(evidence, asked)
        steps.done("quoting")
        if not citations:
            return NoAnswer(question=asked, text=NOTHING_INDEXED, nearest=(), considered=considered)
        confidence = evidence[0][0].confidence
        trace = {"milliseconds": steps.took, "evidence": [each.why for each, _ in evidence]}
        if confidence < REFUSE_BELOW:
            return NoAnswer(
                question=asked,
                text=NOT_FOUND,
                nearest=citations,
                considered=considered,
                confidence=confidence,
                trace=trace,
            )
        return _answer(asked, evidence[0][0], citations, considered, confidence, trace)


def usable(question: str) -> str:
    """The question without the white space around; raises QuestionUnusable, which says what to do."""
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


_Told = tuple[Evidence, tuple[Evidence, ...]]
"""Evidence, and the other sentences that tell the same."""


def _distinct(evidence: list[Evidence]) -> list[_Told]:
    """The best few, those that tell the same put together."""
    chosen: list[tuple[Evidence, list[Evidence]]] = []
    for each in evidence[: 4 * MOST_CITATIONS]:
        words = set(each.candidate.words[each.sentence])
        for first, others in chosen:
            own = set(first.candidate.words[first.sentence])
            if len(words & own) >= ALIKE * len(words | own):
                others.append(each)
                break
        else:
            chosen.append((each, []))
    return [(first, tuple(others)) for first, others in chosen[:MOST_CITATIONS]]


def _citations(evidence: list[_Told], question: str) -> tuple[Citation, ...]:
    return tuple(
        _citation(number, first, others, question)
        for number, (first, others) in enumerate(evidence, start=1)
    )


def _citation(
    number: int, evidence: Evidence, others: tuple[Evidence, ...], question: str
) -> Citation:
    stored = evidence.candidate.stored
    passage, document = stored.passage, stored.passage.document
    sentence = passage.sentences[evidence.sentence]
    same = [stored.also_in, *((o.candidate.stored.passage.document,) for o in others)]
    also_in = {each.source: each for documents in same for each in documents}
    also_in.pop(document.source, None)
    return Citation(
        number=number,
        quote=document.text[sentence.start : sentence.end],
        start=sentence.start,
        end=sentence.end,
        document=document,
        passage=passage,
        page=document.page_at(sentence.start),
        attribution=attribute(document.text, sentence.start, sentence.end, about=question),
        also_in=tuple(also_in.values()),
    )


def _answer(
    question: str,
    best: Evidence,
    citations: tuple[Citation, ...],
    considered: tuple[RetrievedPassage, ...],
    confidence: float,
    trace: dict[str, object],
) -> Answer:
    said = asks_who_said(question) is not None
    speaker = citations[0].attribution if said else None
    short = _short(best, citations[0], speaker)
    return Answer(
        question=question,
        text=_text(said, speaker, short, citations),
        citations=citations,
        considered=considered,
        speaker=speaker.speaker if speaker else None,
        short=short,
        asks_speaker=said,
        confidence=confidence,
        trace=trace,
    )


def _short(best: Evidence, citation: Citation, speaker: Attribution | None) -> str | None:
    text = citation.document.text
    if speaker:
        named = text[speaker.mention.start : speaker.mention.end]
        return named if named in citation.quote else None
    if best.short is None:
        return None
    short = text[best.short[0] : best.short[1]].strip()
    return short if short and short in citation.quote else None


def _text(
    said: bool, speaker: Attribution | None, short: str | None, citations: tuple[Citation, ...]
) -> str:
    quotes = [f"“{each.quote}” [{each.number}]" for each in citations]
    if speaker:
        role = f", {speaker.role}" if speaker.role else ""
        return "\n".join([f"{speaker.speaker}{role} [1]", *quotes])
    if said:
        return "\n".join(["The text does not say who.", *quotes])
    return "\n".join([f"{short} [1]", *quotes] if short else quotes)


_ = replace
