"""Question → Answer | NoAnswer: retrieve, read, and prove every quote."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from index.attribution import (
    asks_what_said,
    asks_who_said,
    attribute,
    likely_speech,
    may_ask_for_author,
    spoken_by,
)
from index.errors import QuestionUnusable
from index.following import complete
from index.passages import Answer, Attribution, Citation, NoAnswer, Sentence, Turn
from index.prose import NOBODY, Found, Listener, Writer
from index.quoting import Quote, quoted_first, quotes, sentence_of
from index.reading import Evidence, EvidenceFinder
from index.retrieval import Candidate, Retriever, retrieved
from index.scopes import PUBLIC, Scopes
from index.tracing import explained

LONGEST_QUESTION = 1_000
"""Characters; longer messages are texts, not questions."""
REFUSE_BELOW = 0.5
HEARD_PASSAGES = 6
"""Best passages that are searched for the words of somebody who is asked about."""
HEARD_AROUND = 1_500
"""Characters before a passage in which a speaker may have been introduced."""
OWN_WORDS = 2.0
"""What words of the very person who is asked about are worth, on the scale of scores (logits)."""

_FIRST_SMALL_WORD = re.compile(r"^(?:The|An?|His|Her|Its|Their|One)(?= )")

QUOTATION_MARKS = {'"': '"', "“": "”", "”": "“", "«": "»", "»": "«"}

NOTHING_INDEXED = "There are no documents to answer from yet."
NOT_FOUND = "The documents don't say."
NOBODY_NAMED = "The text does not say who."


class Answerer:
    """Answers questions from the current generation."""

    def __init__(
        self, retriever: Retriever, finder: EvidenceFinder, writer: Writer | None = None
    ) -> None:
        self._retriever, self._finder, self._writer = retriever, finder, writer
        self._at_work = threading.BoundedSemaphore(os.cpu_count() or 1)
        """More at once than there are cores would all be slower: threads wait for each other."""

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        scopes: Scopes = PUBLIC,
        listener: Listener = NOBODY,
    ) -> Answer | NoAnswer:
        """An answer whose quotes are proven, or NoAnswer with the nearest passages.

        With a writer it is in prose, as far as that is proven. Raises QuestionUnusable when there
        is nothing in the question to look for.
        """
        written = usable(question)
        if self._writer is None:
            return self._plain(written, complete(written, history), scopes)[0]
        session = self._writer.session(listener)
        asked = session.understood(written, history)
        plain, found = self._plain(written, asked, scopes)
        find = partial(self._find, scopes=scopes)
        return session.reply(plain, asked, found, find, REFUSE_BELOW)

    def _find(self, question: str, *, scopes: Scopes) -> Found:
        with self._at_work:
            query, candidates = self._retriever.candidates(question, scopes=scopes)
            ranked = self._finder.find(query, candidates)
        return Found(ranked, self._finder.confidence(ranked))

    def _plain(self, written: str, asked: str, scopes: Scopes) -> tuple[Answer | NoAnswer, Found]:
        with self._at_work:
            return self._quoted(written, asked, scopes)

    def _quoted(self, written: str, asked: str, scopes: Scopes) -> tuple[Answer | NoAnswer, Found]:
        """The answer by quotes alone, and what was found for it."""
        steps = _Steps()
        said, what_said = asks_who_said(asked), asks_what_said(asked)
        query, candidates = self._retriever.candidates(asked, phrase=said or "", scopes=scopes)
        steps.done("retrieval")
        ranked = self._finder.find(query, candidates)
        confidence = self._finder.confidence(ranked)
        steps.done("reading")
        if said:
            ranked, confidence = quoted_first(said, ranked, confidence)
        if what_said:
            ranked = _own_words_first(what_said[0], ranked)
        proofs = [
            _Proof(each, _attribution(each, said or asked, said is not None))
            for each in quotes(ranked)
        ]
        if said is not None:
            proofs = _named_first(proofs, said)
            if may_ask_for_author(asked) and not (proofs and proofs[0].attribution):
                said = None
        citations = tuple(each.citation(number) for number, each in enumerate(proofs, start=1))
        steps.done("quoting")
        considered = tuple(retrieved(each) for each in candidates)
        trace = {
            "completed": asked,
            "milliseconds": steps.took,
            "confidence needed": REFUSE_BELOW,
            **explained(query, candidates, [each.quote for each in proofs]),
        }
        found = Found(ranked, confidence)
        if not citations or confidence < REFUSE_BELOW:
            refusal = NoAnswer(
                question=written,
                text=NOT_FOUND if citations else NOTHING_INDEXED,
                nearest=citations,
                considered=considered,
                confidence=confidence,
                trace=trace,
            )
            return refusal, found
        speaker = proofs[0].attribution if said is not None else None
        short = _short(proofs[0].quote, citations[0], speaker)
        answer = Answer(
            question=written,
            lead=_lead(said is not None, speaker, short),
            citations=citations,
            considered=considered,
            speaker=speaker.speaker if speaker else None,
            short=short,
            asks_speaker=said is not None,
            confidence=confidence,
            trace=trace,
        )
        return answer, found


def usable(question: str) -> str:
    """The question, its white space tidied; raises QuestionUnusable, which says what to do."""
    whole = question.encode("utf-8", "replace").decode("utf-8")  # no halves of surrogate pairs
    asked = re.sub(r"\s+", " ", whole).strip()
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


@dataclass(frozen=True, slots=True)
class _Proof:
    """A quote and who said it."""

    quote: Quote
    attribution: Attribution | None

    def has(self, words: str) -> bool:
        text = self.quote.best.candidate.stored.passage.document.text
        return bool(_places(text, self.quote, words))

    def citation(self, number: int) -> Citation:
        stored = self.quote.best.candidate.stored
        document = stored.passage.document
        told = [each.candidate.stored.passage.document for each in self.quote.told_again]
        also_in = {each.source: each for each in (*stored.also_in, *told)}
        also_in.pop(document.source, None)
        return Citation(
            number=number,
            quote=document.text[self.quote.start : self.quote.end],
            start=self.quote.start,
            end=self.quote.end,
            document=document,
            passage=stored.passage,
            page=document.page_at(self.quote.start),
            attribution=self.attribution,
            also_in=tuple(also_in.values()),
        )


def _attribution(quote: Quote, about: str, asked: bool) -> Attribution | None:
    """Who said the quote: the words asked for, else its best sentence, else all of it.

    Where nobody `asked` for a speaker, only what looks like speech is listened to.
    """
    passage, best = quote.best.candidate.stored.passage, sentence_of(quote.best)
    if not asked and not likely_speech(passage.document.text[quote.start : quote.end]):
        return None
    text = passage.document.text
    if asked and (places := _places(text, quote, about)):
        there = (attribute(text, *place, about=about) for place in places)
        return next((each for each in there if each), None)
    found = attribute(text, best.start, best.end, about=about)
    if found or (best.start, best.end) == (quote.start, quote.end):
        return found
    return attribute(text, quote.start, quote.end, about=about)


def _places(text: str, quote: Quote, words: str) -> list[tuple[int, int]]:
    """Where the quote has these words one after the other; empty for none of them."""
    if not words:
        return []
    found = re.finditer(rf"\b{re.escape(words)}\b", text[quote.start : quote.end], re.IGNORECASE)
    return [(quote.start + each.start(), quote.start + each.end()) for each in found]


def _named_first(proofs: list[_Proof], said: str) -> list[_Proof]:
    """The first quote with a speaker in front, where others tell of it but name nobody.

    None that lacks the words goes before one that has them: it is about something else.
    """
    there = bool(proofs) and proofs[0].has(said)
    named = [each for each in proofs if each.attribution and (not there or each.has(said))]
    if not named or proofs[0].attribution:
        return proofs
    near = named[0].quote.best.score >= proofs[0].quote.best.score - OWN_WORDS
    return [named[0], *(each for each in proofs if each is not named[0])] if near else proofs


def _own_words_first(speaker: str, ranked: list[Evidence]) -> list[Evidence]:
    """Sentences that the text gives to the speaker are moved up."""
    passages = list({id(each.candidate): each.candidate for each in ranked}.values())
    spoken = {id(each): _spoken_in(each, speaker) for each in passages[:HEARD_PASSAGES]}
    moved = [
        replace(each, score=each.score + OWN_WORDS)
        if any(_overlap(sentence_of(each), part) for part in spoken.get(id(each.candidate), ()))
        else each
        for each in ranked
    ]
    return sorted(moved, key=lambda each: -each.score)


def _spoken_in(candidate: Candidate, speaker: str) -> list[Sentence]:
    passage = candidate.stored.passage
    start = max(0, passage.start - HEARD_AROUND)
    found = spoken_by(passage.document.text[start : passage.end], speaker)
    return [Sentence(each.start + start, each.end + start) for each in found]


def _overlap(one: Sentence, other: Sentence) -> bool:
    return one.start < other.end and other.start < one.end


def _short(quote: Quote, citation: Citation, speaker: Attribution | None) -> str | None:
    """The part of the quote that answers, by the surest reading of its sentences."""
    text = citation.document.text
    if speaker:
        named = text[speaker.mention.start : speaker.mention.end]
        return named if named in citation.quote else None
    read = max(quote.sentences, key=lambda each: each.features["margin"])
    span = read.short if read.features["read"] else quote.best.short
    short = without_half_quotes(whole_quotes(text, *span).strip()) if span else ""
    return short if short and short in citation.quote else None


def whole_quotes(text: str, start: int, end: int) -> str:
    """The words from `start` to `end`, and the mark after them that the last of their quotes lacks.

    A single quote without it is left to `without_half_quotes`.
    """
    words = text[start:end]
    for mark, partner in QUOTATION_MARKS.items():
        count = words.count(mark)
        opened = count % 2 == 1 if mark == partner else count > words.count(partner)
        if opened and count > 1 and partner in words and text.startswith(partner, end):
            return words + partner
    return words


def without_half_quotes(short: str) -> str:
    """The words without a quotation mark that has no partner at an end of them."""
    for mark, partner in QUOTATION_MARKS.items():
        alone = short.count(mark) == 1 if mark == partner else partner not in short
        short = short.strip(mark).strip() if alone else short
    return short


def _lead(said: bool, speaker: Attribution | None, short: str | None) -> str:
    """The answer in a line, before the quotes; empty when they speak for themselves."""
    if speaker:
        name = " ".join(speaker.speaker.split())
        role = " ".join(speaker.role.split()) if speaker.role else ""
        role = _FIRST_SMALL_WORD.sub(lambda found: found[0].lower(), role)
        return f"{name}, {role}" if role else name
    if said:
        return NOBODY_NAMED
    return " ".join(short.split()) if short else ""
