"""An index in memory: the double that the bot's tests talk to, and a real bot to talk through."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import SecretStr
from telegram.ext import Application

from bot.app import build_application
from bot.library import Answering
from bot.line import PATIENCE
from bot.records import Records
from bot.serving import GRACE, serving
from bot.settings import BotSettings
from bot.throttle import Pace
from index.errors import DocumentGone, NothingToRollBack, QuestionUnusable
from index.excerpts import excerpt
from index.passages import (
    Answer,
    Citation,
    Contribution,
    Document,
    DocumentDetails,
    DocumentSummary,
    Excerpt,
    Failure,
    Generation,
    IndexStatus,
    NoAnswer,
    Passage,
    Progress,
    ReindexReport,
    RetrievedPassage,
    Sentence,
    Turn,
)
from index.ports import ProgressListener
from index.scopes import EVERYBODY, PUBLIC, Scopes
from tests.bot_api import BotApiServer

CATS = Document(
    source="animals/cats.txt",
    title="Cats",
    text="Cats rest a lot. A cat sleeps for sixteen hours, said Ann Lee. Then it eats.",
    date=date(2021, 9, 4),
    pages=(0,),
)
EVIDENCE = "A cat sleeps for sixteen hours, said Ann Lee."


def citation(
    document: Document = CATS,
    quote: str = EVIDENCE,
    number: int = 1,
    also_in: tuple[Document, ...] = (),
) -> Citation:
    """A quote of a document; its passage is the whole text, cut at full stops."""
    start = document.text.index(quote)
    return Citation(
        number=number,
        quote=quote,
        start=start,
        end=start + len(quote),
        document=document,
        passage=whole(document),
        page=document.page_at(start),
        also_in=also_in,
    )


def whole(document: Document) -> Passage:
    """The document as one passage."""
    ends = [at + 1 for at, character in enumerate(document.text) if character == "."]
    ends = ends if ends and ends[-1] == len(document.text) else [*ends, len(document.text)]
    starts = [0, *(end + 1 for end in ends[:-1])]
    sentences = tuple(Sentence(a, b) for a, b in zip(starts, ends, strict=True) if a < b)
    return Passage(
        id=f"{document.id}:0",
        document=document,
        start=0,
        end=len(document.text),
        sentences=sentences,
    )


def retrieved(document: Document) -> RetrievedPassage:
    """The document as a passage that was found, for its first sentence."""
    passage = whole(document)
    return RetrievedPassage(passage=passage, score=0.5, sentence=passage.sentences[0])


@dataclass
class Shelf:
    """Knows one thing, about cats, and refuses the rest. `before` runs in each call of `ask`."""

    documents_held: list[Document] = field(default_factory=lambda: [CATS])
    before: Callable[[str], None] = lambda _: None
    written: Callable[[Callable[[str], None]], None] = lambda _: None
    """Tells the answer as far as it is written, in each call of `ask`."""
    reply: Answer | NoAnswer | Exception | None = None
    report: ReindexReport | Exception = field(default_factory=ReindexReport)
    gate: threading.Event = field(default_factory=threading.Event)
    """A reindex waits here; set it to let it end."""
    asked: list[tuple[str, list[Turn]]] = field(default_factory=list)
    versions: list[Generation] = field(default_factory=list)
    failed: list[Failure] = field(
        default_factory=lambda: [Failure(source="broken.pdf", reason="it is broken")]
    )
    cut: Callable[[Document], list[Passage]] = lambda document: [whole(document)]
    searched: list[str] = field(default_factory=list)
    cancelled: Callable[[], bool] = lambda: False
    """Whether the latest question was stopped."""
    tokens: list[int | None] = field(default_factory=list)
    """What a language model may take, in each call of `ask`."""
    number: int = 1
    """Of the generation that is searched."""
    near: Sequence[Document] = ()
    """What comes near to each answer beside its quotes."""

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        told: Callable[[str], None] | None = None,
        *,
        scopes: Scopes = PUBLIC,
        cancelled: Callable[[], bool] = lambda: False,
        tokens: int | None = None,
    ) -> Answer | NoAnswer:
        self.cancelled = cancelled
        self.asked.append((question, list(history)))
        self.tokens.append(tokens)
        self.written(told or (lambda _: None))
        self.before(question)
        if isinstance(self.reply, Exception):
            raise self.reply
        if self.reply:
            return self.reply
        if not any(map(str.isalnum, question)):
            raise QuestionUnusable("There are no words in that.")
        if "cat" not in question.lower():
            return NoAnswer(
                question=question,
                text="The documents don't say.",
                nearest=(citation(),),
                considered=(),
            )
        return self.answer(citation(), lead="sixteen hours", question=question, near=self.near)

    @staticmethod
    def answer(
        *citations: Citation, lead: str = "", question: str = "?", near: Sequence[Document] = ()
    ) -> Answer:
        """What `ask` finds: the citations, and in a line what they say."""
        return Answer(
            question=question,
            lead=lead,
            citations=citations,
            considered=tuple(map(retrieved, near)),
            short=lead or None,
        )

    def search(self, question: str, limit: int) -> list[RetrievedPassage]:
        self.searched.append(question)
        if not any(map(str.isalnum, question)):
            raise QuestionUnusable("There are no words in that.")
        return [retrieved(each) for each in self.documents_held][:limit]

    def alike(self, questions: Sequence[str]) -> list[list[int]]:
        """Those with the same last word."""
        groups: dict[str, list[int]] = {}
        for at, question in enumerate(questions):
            groups.setdefault(question.strip("?").split()[-1].lower(), []).append(at)
        return list(groups.values())

    def edition(self) -> tuple[int, int]:
        return self.number, 0

    def excerpt(self, document_id: str, offset: int, *, scopes: Scopes = PUBLIC) -> Excerpt:
        for document in self.documents_held:
            if document.id == document_id:
                return excerpt(self.cut(document), offset, document_id)
        raise DocumentGone(document_id)

    def documents(self, *, scopes: Scopes = PUBLIC) -> list[DocumentSummary]:
        return [
            DocumentSummary(id=d.id, source=d.source, title=d.title, date=d.date, passages=1)
            for d in self.documents_held
        ]

    def status(self, *, scopes: Scopes = PUBLIC) -> IndexStatus:
        return IndexStatus(
            documents=len(self.documents_held),
            passages=1,
            sentences=3,
            built=datetime(2026, 8, 2, 10, 30, tzinfo=UTC),
            generation=1,
            model="words@1",
            embedding="by eye",
            reader=None,
            disk=2048,
            failed=tuple(self.failed),
        )

    def details(self, document_id: str) -> DocumentDetails:
        for document in self.documents_held:
            if document.id == document_id:
                return DocumentDetails(
                    id=document_id,
                    source=document.source,
                    title=document.title,
                    date=document.date,
                    file=document.source,
                    documents_in_file=1,
                    read=datetime(2026, 8, 2, 10, 30, tzinfo=UTC),
                    failure=None,
                    passages=1,
                    sentences=len(whole(document).sentences),
                )
        raise DocumentGone(document_id)

    def generations(self) -> list[Generation]:
        return list(self.versions)

    def export(self, file: Path) -> None:
        file.write_bytes(b"the whole shelf")

    def rollback(self) -> Generation:
        current = next(at for at, each in enumerate(self.versions) if each.current)
        if current + 1 == len(self.versions):
            raise NothingToRollBack
        self.versions = [
            replace(each, current=at == current + 1) for at, each in enumerate(self.versions)
        ]
        return self.versions[current + 1]

    def contributions(self, scope: str) -> list[Contribution]:
        return []

    def move_contributions(self, old: str, new: str) -> None:
        return None

    def forget(self, source: str, scope: str = EVERYBODY) -> list[str]:
        held = [each.source for each in (*self.documents_held, *self.failed)]
        self.documents_held = [each for each in self.documents_held if each.source != source]
        self.failed = [each for each in self.failed if each.source != source]
        return [source] if source in held else []

    def reindex(
        self,
        progress: ProgressListener | None = None,
        cancelled: Callable[[], bool] | None = None,
        rebuild: bool = False,
    ) -> ReindexReport:
        from index.errors import Cancelled

        if progress:
            progress(Progress(stage="reading", done=1, total=2))
        while not self.gate.wait(0.01):
            if cancelled and cancelled():
                raise Cancelled
        if progress:
            progress(Progress(stage="switching", done=2, total=2, passages=7))
        if isinstance(self.report, Exception):
            raise self.report
        return self.report


def settings_for(server: BotApiServer, **named: object) -> BotSettings:
    """Settings of a bot that takes this server for Telegram."""
    base = server.base_url.removesuffix("/bot")
    token = SecretStr(server.token)
    return BotSettings.model_validate(
        {"telegram_bot_token": token, "bot_api_base_url": base, **named}
    )


@asynccontextmanager
async def talking(
    server: BotApiServer,
    index: Answering,
    records: Records | None = None,
    *,
    edit_every: float = 0.05,
    reindex_every: float = 0,
    patience: float = PATIENCE,
    pace: Pace | None = Pace(),  # noqa: B008 - it is frozen
    grace: float = GRACE,
    **settings: object,
) -> AsyncIterator[Application]:  # type: ignore[type-arg]
    """A real bot that polls the server."""
    chosen = settings_for(server, **settings)
    application = build_application(
        chosen,
        index,
        records,
        reindex_every=reindex_every,
        edit_every=edit_every,
        patience=patience,
        pace=pace,
    )
    async with serving(application, chosen, grace=grace):
        yield application
