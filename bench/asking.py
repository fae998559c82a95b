"""Asking an index the questions of the sets, and proving each quote that comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bench.scoring import Cited, Outcome, squeeze
from bench.sets import Question
from index.errors import QuestionUnusable
from index.passages import Answer, Citation, NoAnswer, RetrievedPassage

SHOWN = 5
"""Passages that an outcome explains."""


class Askable(Protocol):
    """What is asked: an index that is opened and up to date."""

    def ask(self, question: str) -> Answer | NoAnswer: ...


class Chunk(Protocol):
    """A chunk of the stock pipeline."""

    @property
    def source(self) -> str: ...
    @property
    def text(self) -> str: ...


class Chunks(Protocol):
    """The stock pipeline: a question to chunks, best first."""

    def ask(self, question: str) -> Sequence[Chunk]: ...


@dataclass(slots=True)
class Proof:
    """Quotes that were compared with their slice and with their file, read again."""

    documents: Path
    quotes: int = 0
    broken: list[str] = field(default_factory=list)
    """One line for each quote that differs."""
    _files: dict[str, str] = field(default_factory=dict)

    def check(self, citations: Iterable[Citation]) -> None:
        """Counts each citation, and keeps a line for each that is not what it claims."""
        for each in citations:
            self.quotes += 1
            place = f"{each.document.source} {each.start}:{each.end}"
            if each.document.text[each.start : each.end] != each.quote:
                self.broken.append(f"{place}: not its slice")
            elif squeeze(each.quote) not in self._text(each.document.source):
                self.broken.append(f"{place}: not in its file")

    def _text(self, source: str) -> str:
        if source not in self._files:
            path = self.documents / source
            text = path.read_text("utf-8") if path.is_file() else ""
            self._files[source] = squeeze(text)
        return self._files[source]


def ask_all(
    index: Askable, questions: Sequence[Question], proof: Proof, tick: Callable[[], None]
) -> list[Outcome]:
    """One outcome a question, in order; `tick` is called after each."""
    outcomes = []
    for question in questions:
        outcomes.append(_ask(index, question, proof))
        tick()
    return outcomes


def ask_stock(
    pipeline: Chunks, questions: Sequence[Question], tick: Callable[[], None]
) -> list[Outcome]:
    """The same of the stock pipeline, which refuses nothing."""
    outcomes = []
    for question in questions:
        began = time.perf_counter()
        chunks = pipeline.ask(question.text)
        taken = 1000 * (time.perf_counter() - began)
        cited = tuple(Cited(text=each.text, sources=(each.source,)) for each in chunks)
        outcomes.append(Outcome(question=question, refused=False, cited=cited, milliseconds=taken))
        tick()
    return outcomes


def _ask(index: Askable, question: Question, proof: Proof) -> Outcome:
    began = time.perf_counter()
    try:
        reply = index.ask(question.text)
    except QuestionUnusable:
        return Outcome(question=question, refused=True, cited=())
    taken = 1000 * (time.perf_counter() - began)
    citations = reply.citations if isinstance(reply, Answer) else reply.nearest
    proof.check(citations)
    return Outcome(
        question=question,
        refused=isinstance(reply, NoAnswer),
        cited=tuple(_cited(each) for each in citations),
        short=reply.short if isinstance(reply, Answer) else None,
        confidence=reply.confidence,
        milliseconds=taken,
        why=tuple(_explained(each) for each in reply.considered[:SHOWN]),
        trace=dict(reply.trace),
    )


def _cited(citation: Citation) -> Cited:
    sources = (citation.document.source, *(each.source for each in citation.also_in))
    return Cited(text=citation.quote, sources=sources)


def _explained(found: RetrievedPassage) -> dict[str, object]:
    document, sentence = found.passage.document, found.sentence
    return {
        "source": document.source,
        "score": found.score,
        "why": dict(found.why),
        "sentence": document.text[sentence.start : sentence.end],
    }
