"""An answer in prose by a language model, of which only what the documents say is left.

The answer without a model is made first, and is the reply wherever the model fails, is slow, has
no tokens left, or writes too little that is proven.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index import rephrasing
from index.attribution import likely_speech
from index.errors import WriterSilent
from index.following import complete
from index.grounding import Ground, Grounding
from index.passages import Answer, Citation, Document, NoAnswer, Statement, Turn
from index.ports import LanguageModel
from index.reading import Evidence
from index.writing import Brief, Drafted, brief, is_evidence, one_line, says_nothing
from prompts import filled, load

BEST = 12
"""Sentences that the model sees, the best ones, with"""
AROUND = 1
"""so many before and after each in its passage."""
BEST_EACH = 6
"""The same for each of several questions that are asked together."""
MOST_EVIDENCE = 6_000
"""Characters."""
EXTENDED = 2
"""Sentences before the cited ones that may be taken as evidence too: "He was born in 1918."."""
MOST_STATEMENTS = 8
KEPT_SHARE = 0.5
"""Of the sentences that the model wrote: with fewer left, its answer has lost its thread."""
RESERVE = 700
"""Tokens that a reply may take."""
CHARACTERS_A_TOKEN = 4
MILLION = 1_000_000
PROMPTS = {
    "answer": ("fence", "question", "evidence"),
    "condense": ("fence", "history", "question"),
    "subquestions": ("fence", "question"),
    "refuse": ("fence", "question"),
    "clarify": ("fence", "question", "evidence"),
}
"""What is filled into each."""
LAST_SECONDS = 0.5
"""What is kept of the time for making the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """Who waits for an answer."""

    told: Callable[[str], None] | None = None
    """Hears the answer as far as it is written and proven."""
    cancelled: Callable[[], bool] | None = None
    """Whether to stop writing."""
    tokens: int | None = None
    """How many the model may take for this person; None is no limit."""


NOBODY = Listener()


@dataclass(frozen=True, slots=True)
class Prices:
    """Of a million tokens."""

    read: float = 0.0
    written: float = 0.0


@dataclass(frozen=True, slots=True)
class Found:
    """What was found for a question, best first, and how sure it is that it answers."""

    ranked: Sequence[Evidence]
    confidence: float


Find = Callable[[str], Found]


class Writer:
    """Writes answers with a language model, each question in a session of its own."""

    def __init__(
        self, model: LanguageModel, grounding: Grounding, *, seconds: float, prices: Prices
    ) -> None:
        """Raises PromptChanged when a prompt does not have its placeholders."""
        for name, placeholders in PROMPTS.items():
            load(name, *placeholders)
        self.model, self.grounding = model, grounding
        self.seconds, self.prices = seconds, prices

    def session(self, listener: Listener) -> Session:
        """For one question; its time begins now."""
        return Session(self, listener)


@dataclass(slots=True)
class _Told:
    """What the model did, for the trace."""

    calls: int = 0
    read: int = 0
    written: int = 0
    outcome: str = "not asked"
    trouble: str | None = None
    cut: list[dict[str, object]] = field(default_factory=list)
    subquestions: list[str] = field(default_factory=list)
    milliseconds: float = 0.0


class Session:
    """All that the model does for one question, within one time and one number of tokens."""

    def __init__(self, writer: Writer, listener: Listener) -> None:
        self._model, self._grounding = writer.model, writer.grounding
        self._prices, self._listener = writer.prices, listener
        self._until = time.monotonic() + writer.seconds - LAST_SECONDS
        self._told = _Told()

    def understood(self, question: str, history: Sequence[Turn]) -> str:
        """The question, understandable without the conversation."""
        by_rules = complete(question, history)
        if not rephrasing.points_back(question, history):
            return by_rules
        return rephrasing.condensed(self._ask, question, history) or by_rules

    def reply(
        self, plain: Answer | NoAnswer, asked: str, found: Found, find: Find, sure: float
    ) -> Answer | NoAnswer:
        """The reply in prose, or the `plain` one; its trace says what the model did.

        `asked` is the question as it was understood, `sure` the confidence that an answer needs.
        """
        further = self._further(asked, find)
        answerable = bool(further) and all(each.confidence >= sure for each in further)
        made = plain
        if isinstance(plain, Answer) or answerable:
            made = self._prose(plain, asked, _grounds([found, *further]))
        if isinstance(made, NoAnswer):
            made = self._refusal(made)
        return replace(made, trace={**plain.trace, "language model": self._trace()})

    def _further(self, asked: str, find: Find) -> list[Found]:
        """What is found for the questions that are asked in this one."""
        if not rephrasing.joins_facts(asked):
            return []
        self._told.subquestions = rephrasing.subquestions(self._ask, asked)
        return [find(each) for each in self._told.subquestions]

    def _prose(
        self, plain: Answer | NoAnswer, asked: str, grounds: list[Ground]
    ) -> Answer | NoAnswer:
        shown = brief(grounds)
        question = one_line(asked)
        prompt = filled("answer", fence=shown.fence, question=question, evidence=shown.shown())
        proof = _Proof(self._grounding, shown, self._listener)
        reply = self._ask(prompt, proof)
        if not reply and not proof.stopped:
            return plain
        proof.hear(reply, finished=not proof.stopped)
        self._told.cut = proof.cut
        if says_nothing(reply):
            self._told.outcome = "it found no answer in the evidence"
        elif not proof.kept:
            self._told.outcome = "no sentence of it is proven"
        elif len(proof.kept) < KEPT_SHARE * (len(proof.kept) + len(proof.cut)):
            self._told.outcome = "too little of it is proven"
        else:
            self._told.outcome = "written"
            return _answer(plain, proof.kept, self._model.name)
        return plain

    def _refusal(self, plain: NoAnswer) -> NoAnswer:
        """The refusal in the asker's language, and a question back where that may help."""
        text, asks = plain.text, None
        if plain.nearest and not rephrasing.is_english(plain.question):
            text = rephrasing.refusal(self._ask, plain.question) or text
        if plain.nearest and rephrasing.is_short(plain.question):
            nearest = [each.quote for each in plain.nearest]
            asks = rephrasing.clarifying(self._ask, plain.question, nearest)
        return replace(plain, text=text, asks=asks)

    def _ask(self, prompt: str, proof: _Proof | None = None) -> str:
        """What the model says; empty when it says nothing, and the trace says why."""
        if self._listener.tokens is not None:
            needed = len(prompt) // CHARACTERS_A_TOKEN + RESERVE
            if needed > self._listener.tokens - self._told.read - self._told.written:
                self._told.outcome = "no tokens are left for today"
                return ""
        began = time.monotonic()
        streamed = proof.hear if proof and self._listener.told else None
        try:
            said = self._model.say(prompt, until=self._until, heard=streamed)
        except WriterSilent as error:
            self._told.outcome = error.reason
            self._told.trouble = error.reason if error.broken else self._told.trouble
            return ""
        finally:
            self._told.calls += 1
            self._told.milliseconds += (time.monotonic() - began) * 1000
        self._told.read += said.read
        self._told.written += said.written
        return said.text

    def _trace(self) -> dict[str, object]:
        """Plain values, ready for JSON."""
        told = self._told
        price = told.read * self._prices.read + told.written * self._prices.written
        return {
            "model": self._model.name,
            "outcome": told.outcome,
            "trouble": told.trouble,
            "calls": told.calls,
            "tokens read": told.read,
            "tokens written": told.written,
            "cost": round(price / MILLION, 6),
            "milliseconds": round(told.milliseconds, 2),
            "subquestions": told.subquestions,
            "cut": told.cut,
        }


@dataclass(frozen=True, slots=True)
class _Proven:
    text: str
    grounds: tuple[Ground, ...]


class _Proof:
    """Judges a reply while it is written, a sentence at a time."""

    def __init__(self, grounding: Grounding, shown: Brief, listener: Listener) -> None:
        self._grounding, self._shown, self._listener = grounding, shown, listener
        self._seen = 0
        self.kept: list[_Proven] = []
        self.cut: list[dict[str, object]] = []
        self.stopped = False

    def hear(self, reply: str, *, finished: bool = False) -> bool:
        """Judges what is new in the reply so far; whether the model should go on."""
        drafted = self._shown.drafted(reply, finished=finished)
        for each in drafted[self._seen : MOST_STATEMENTS]:
            self._judge(each)
        self._seen = len(drafted)
        if self._listener.cancelled is not None and self._listener.cancelled():
            self.stopped = True
        return not self.stopped and self._seen < MOST_STATEMENTS

    def _judge(self, drafted: Drafted) -> None:
        if any(each.text == drafted.text for each in self.kept):
            return
        fault, grounds = self._fault(drafted)
        if fault:
            made_up = {"made up keys": drafted.unknown} if drafted.unknown else {}
            self.cut.append({"sentence": drafted.text, "why": fault, **made_up})
            return
        self.kept.append(_Proven(drafted.text, grounds))
        if self._listener.told is not None:
            self._listener.told(" ".join(each.text for each in self.kept))

    def _fault(self, drafted: Drafted) -> tuple[str | None, tuple[Ground, ...]]:
        """Why the sentence is cut, and its grounds, with sentences before them if they help."""
        fault = self._grounding.fault(drafted.text, drafted.grounds)
        grounds = drafted.grounds
        for _ in range(EXTENDED if fault else 0):
            before = _with_one_before(grounds)
            if before == grounds:
                break
            grounds = before
            if not self._grounding.fault(drafted.text, grounds):
                return None, grounds
        return fault, drafted.grounds


def _with_one_before(grounds: tuple[Ground, ...]) -> tuple[Ground, ...]:
    before = (Ground(each.passage, each.number - 1) for each in grounds if each.number)
    return tuple(dict.fromkeys([*grounds, *filter(is_evidence, before)]))


def _grounds(ways: Sequence[Found]) -> list[Ground]:
    """The best sentences with their neighbours, those of a passage together in their order."""
    best = BEST if len(ways) == 1 else BEST_EACH
    wanted: dict[str, dict[int, Ground]] = {}
    left, told = MOST_EVIDENCE, set[str]()
    for rank in range(best):
        for each in (way.ranked[rank] for way in ways if rank < len(way.ranked)):
            passage = each.candidate.stored.passage
            chosen = wanted.setdefault(passage.id, {})
            first, last = max(0, each.sentence - AROUND), each.sentence + AROUND + 1
            for number in range(first, min(last, len(passage.sentences))):
                ground = Ground(passage, number)
                text = one_line(ground.text)
                if text not in told and left >= len(text):
                    chosen[number] = ground
                    told.add(text)
                    left -= len(text)
    return [chosen[number] for chosen in wanted.values() for number in sorted(chosen)]


def _answer(plain: Answer | NoAnswer, kept: Sequence[_Proven], name: str) -> Answer:
    """The prose with proven slices as its citations, numbered as they are first used.

    A question for a speaker keeps the first quote of the plain answer, which proves the speaker.
    """
    quoted = plain.citations if isinstance(plain, Answer) else plain.nearest
    asks_speaker = isinstance(plain, Answer) and plain.asks_speaker
    used = [ground for each in kept for ground in each.grounds]
    cited = _Citations(quoted[:1] if asks_speaker else (), quoted, used, plain)
    prose = tuple(
        Statement(each.text, tuple(dict.fromkeys(map(cited.number, each.grounds)))) for each in kept
    )
    citations = tuple(cited.made)
    short = plain.short if isinstance(plain, Answer) else None
    return Answer(
        question=plain.question,
        lead=plain.lead if isinstance(plain, Answer) and asks_speaker else "",
        citations=citations,
        considered=plain.considered,
        speaker=plain.speaker if isinstance(plain, Answer) else None,
        short=short if short and any(short in each.quote for each in citations) else None,
        asks_speaker=asks_speaker,
        confidence=plain.confidence,
        prose=prose,
        written_by=name,
    )


class _Citations:
    """Makes a citation for each run of neighbouring grounds, once."""

    def __init__(
        self,
        first: Iterable[Citation],
        quoted: Sequence[Citation],
        grounds: Sequence[Ground],
        plain: Answer | NoAnswer,
    ) -> None:
        self.made: list[Citation] = list(first)
        self._quoted, self._grounds = quoted, frozenset(grounds)
        self._also_in = {each.passage.id: each.also_in for each in plain.considered}

    def number(self, ground: Ground) -> int:
        """The number of the citation that holds the ground; it is made when there is none yet."""
        known = _holding(self.made, ground)
        if known is None:
            known = _holding(self._quoted, ground) or self._run(ground)
            known = replace(known, number=len(self.made) + 1)
            self.made.append(known)
        return known.number

    def _run(self, ground: Ground) -> Citation:
        first = last = ground.number
        while Ground(ground.passage, first - 1) in self._grounds:
            first -= 1
        while Ground(ground.passage, last + 1) in self._grounds:
            last += 1
        passage, document = ground.passage, ground.passage.document
        start, end = passage.sentences[first].start, passage.sentences[last].end
        speech = likely_speech(document.text[start:end])
        return Citation(
            number=1,
            quote=document.text[start:end],
            start=start,
            end=end,
            document=document,
            passage=passage,
            page=document.page_at(start),
            attribution=ground.spoken() if speech else None,
            also_in=self._others(passage.id),
        )

    def _others(self, passage: str) -> tuple[Document, ...]:
        return self._also_in.get(passage, ())


def _holding(citations: Iterable[Citation], ground: Ground) -> Citation | None:
    for each in citations:
        if (
            each.passage.id == ground.passage.id
            and each.start <= ground.start
            and ground.end <= each.end
        ):
            return each
    return None
