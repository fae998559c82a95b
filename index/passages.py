"""The nouns: what flows from a file to an answer. Frozen, and true from birth."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from index.errors import QuoteMismatch
from index.scopes import EVERYBODY


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a document, at a character offset of its text."""

    start: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A stored text and where it came from.

    `text` is normalised once, before any offset is taken: every quote is a slice of it.
    """

    source: str
    """Identity: the path below the documents folder (posix), or a link."""
    title: str
    text: str
    date: date | None = None
    author: str | None = None
    language: str | None = None
    """ISO 639-1, or None when unknown."""
    pages: tuple[int, ...] = ()
    """Character offset at which each page begins; empty where the format has no pages."""
    headings: tuple[Heading, ...] = ()
    _digests: dict[int, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Each passage asks for them, and a text of megabytes takes a while."""

    @property
    def id(self) -> str:
        """16 hex digits of source, title and text: the same anywhere, new with each version."""
        return self._digest(self.source, self.title, self.text)

    @property
    def content_id(self) -> str:
        """16 hex digits of title and text: equal for the same text under two names."""
        return self._digest(self.title, self.text)

    def _digest(self, *parts: str) -> str:
        if len(parts) not in self._digests:
            self._digests[len(parts)] = _digest(*parts)
        return self._digests[len(parts)]

    def page_at(self, offset: int) -> int | None:
        """The 1-based page that holds the character at `offset`; None without pages."""
        return max(1, bisect_right(self.pages, offset)) if self.pages else None

    def heading_at(self, offset: int) -> str | None:
        """The title of the nearest heading at or before `offset`; None when there is none."""
        at = bisect_right(self.headings, offset, key=lambda heading: heading.start)
        return self.headings[at - 1].title if at else None


@dataclass(frozen=True, slots=True)
class Sentence:
    """`document.text[start:end]` is the sentence."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph or a few: what is retrieved. `document.text[start:end]` is its text."""

    id: str
    document: Document
    start: int
    end: int
    sentences: tuple[Sentence, ...]

    @property
    def text(self) -> str:
        return self.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievedPassage:
    """A passage that may answer, with its score (higher is nearer) and what makes it up."""

    passage: Passage
    score: float
    sentence: Sentence
    """The sentence of the passage that is nearest to the question."""
    why: Mapping[str, float] = field(default_factory=dict)
    also_in: tuple[Document, ...] = ()
    """Other documents that hold (nearly) the same passage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who said a quote, as slices of the text that holds it."""

    speaker: str
    """The speaker in full, as the document has it: "Fahim Dashty"."""
    mention: Sentence
    """Where the text names the speaker for this quote (it may be a pronoun: "he")."""
    cue: Sentence
    """The word that ties speaker and quote: "said", "according to", ":"."""
    role: str | None = None
    """What the text says the speaker is: "spokesman of …"; None when it does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A proven quote. One whose quote is not the slice of its document cannot be constructed."""

    number: int
    """1-based: the [1] of the answer's text."""
    quote: str
    start: int
    end: int
    document: Document
    passage: Passage
    page: int | None = None
    attribution: Attribution | None = None
    """Who said the quote; None where the text does not name anybody for it."""
    also_in: tuple[Document, ...] = ()

    def __post_init__(self) -> None:
        if not self.quote or self.document.text[self.start : self.end] != self.quote:
            raise QuoteMismatch(self.document.source, self.start, self.end)

    @classmethod
    def of(cls, passage: Passage, start: int, end: int, number: int = 1) -> Self:
        """The characters from `start` to `end` of the document that the passage is from."""
        return cls(
            number=number,
            quote=passage.document.text[start:end],
            start=start,
            end=end,
            document=passage.document,
            passage=passage,
            page=passage.document.page_at(start),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A passage with what stands around it: `document.text[start:end]`."""

    passage: Passage
    number: int
    """1-based, of the `total` passages of the document."""
    total: int
    start: int
    end: int
    before: int | None
    """Where the nearest passage before begins that is not wholly shown; None when all are."""
    after: int | None
    """The same for what follows."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that a language model wrote, and the numbers of the citations that prove it."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer that rests on citations."""

    question: str
    lead: str
    """The answer in a line, in front of the quotes; empty when they speak for themselves."""
    citations: tuple[Citation, ...]
    considered: tuple[RetrievedPassage, ...]
    speaker: str | None = None
    """Who said it, for a question that asks; None where the cited text does not name a speaker."""
    short: str | None = None
    """The shortest slice of a quote that answers; None when no part of it stands out."""
    asks_speaker: bool = False
    """The question asks who said something, so a missing speaker is worth a sentence."""
    confidence: float = 0.0
    """0 to 1: how sure the answer is, on the scale that refusal is decided on."""
    prose: tuple[Statement, ...] = ()
    """The answer as a language model wrote it, as far as the citations prove it; else empty."""
    written_by: str | None = None
    """The language model that wrote the prose; None for an answer of quotes alone."""
    trace: Mapping[str, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        numbers = {each.number for each in self.citations}
        if any(not each.citations or not numbers >= set(each.citations) for each in self.prose):
            raise ValueError("a statement must name citations of its answer")
        if self.short is not None and not any(self.short in each.quote for each in self.citations):
            first = self.citations[0]
            raise QuoteMismatch(first.document.source, first.start, first.end)

    @property
    def text(self) -> str:
        """Plain text with [1] markers: the lead, then the prose, or else each quote."""
        quotes = [f"“{each.quote}” [{each.number}]" for each in self.citations]
        below = [self.written] if self.prose else quotes
        return "\n".join([f"{self.lead} [1]", *below] if self.lead else below)

    @property
    def written(self) -> str:
        """The prose with its [1] markers; empty when no language model wrote any."""
        return " ".join(f"{each.text} {_markers(each.citations)}" for each in self.prose)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """The documents do not hold the answer. `nearest` holds the nearest passages, best first."""

    question: str
    text: str
    nearest: tuple[Citation, ...]
    """Proven like any citation; empty when nothing is near or nothing is indexed."""
    considered: tuple[RetrievedPassage, ...]
    confidence: float = 0.0
    asks: str | None = None
    """A question back by a language model, where more about the question may help."""
    trace: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the same conversation and the text of its reply."""

    question: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A file that could not be read, and why, in words for a person."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file held: documents, and what inside it could not be read."""

    documents: tuple[Document, ...]
    failures: tuple[Failure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a reindex is. `done` and `total` count files; `passages` those written so far."""

    stage: str
    """"reading", "embedding" or "switching"."""
    done: int
    total: int
    passages: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a reindex did. Each tuple holds sources."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    duplicates: tuple[tuple[str, str], ...] = ()
    """(the source that repeats, the source whose text it repeats)"""
    seconds: float = 0.0
    generation: int = 0

    @property
    def changes(self) -> int:
        """How many sources were added, changed or removed."""
        return len(self.added) + len(self.changed) + len(self.removed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSummary:
    """A line of the list of documents."""

    id: str
    source: str
    title: str
    date: date | None
    passages: int
    scope: str = EVERYBODY
    """Who may read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """A file or link that somebody added for a scope."""

    source: str
    title: str
    """Of one of its documents, where it holds several."""
    document: str
    """The id of that document."""
    sentences: int
    size: int
    """Bytes of the file as it was sent."""
    documents: int = 1
    """More than one for an archive."""
    replaced: bool = False
    """It took the place of an earlier one of this name."""


@dataclass(frozen=True, slots=True)
class Quota:
    """How much one scope may hold."""

    files: int
    size: int
    """Bytes, as the files were sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetails:
    """What is known of one document, besides its text."""

    id: str
    source: str
    title: str
    date: date | None
    file: str
    """The file or link that holds it; `source` itself, unless that is a member of an archive."""
    documents_in_file: int
    read: datetime | None
    """When the file was last read, in UTC; None when that is not known."""
    failure: str | None
    """Why a newer version of the file could not be read; None when it was."""
    passages: int
    sentences: int
    added: bool = False
    """Somebody sent it: it is not in the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A set of documents that was, or is, what questions are answered from."""

    number: int
    built: datetime
    documents: int = 0
    current: bool = True
    """Whether questions are answered from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexStatus:
    """What the index holds now. Sizes in bytes; `built` is in UTC, None before a first build."""

    documents: int
    passages: int
    sentences: int
    built: datetime | None
    generation: int
    model: str
    embedding: str
    """How sentences are embedded: "onnx int8" or "sentence-transformers"."""
    reader: str | None
    disk: int
    failed: tuple[Failure, ...] = ()


def _markers(numbers: tuple[int, ...]) -> str:
    return "".join(f"[{each}]" for each in numbers)


def _digest(*parts: str) -> str:
    joined = "\0".join(parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
