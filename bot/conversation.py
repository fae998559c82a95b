"""A question → a reply: the same for Telegram and the terminal."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import words
from bot.library import Library
from bot.opening import Opening
from bot.replies import Reply, answered, sentence, sources
from index.errors import IndexMissing, QuestionUnusable, QuothError
from index.passages import Answer, NoAnswer, Turn

REMEMBERED_TURNS = 4
REMEMBERED_SECONDS = 30 * 60.0
REMEMBERED_PLACES = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody talks: their follow-up questions are about what was said there."""

    chat: int
    topic: int | None
    person: int


@dataclass(slots=True)
class Counts:
    """Since the start."""

    questions: int = 0
    refusals: int = 0
    """Questions that the documents don't answer."""


class Conversation:
    """Holds the conversations of all places, each with a short memory that fades."""

    def __init__(self, library: Library, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.counts = Counts()
        self.opening = Opening(library)
        self._library, self._clock = library, clock
        self._turns: OrderedDict[Place, deque[tuple[float, Turn]]] = OrderedDict()

    async def ask(self, place: Place, question: str) -> Reply:
        """The reply to a question; a sentence that says what to do where there is no answer."""
        try:
            found = await self._library.ask(question, self._history(place))
        except QuestionUnusable as error:
            return sentence(str(error))
        except IndexMissing:
            return sentence(words.NO_INDEX)
        except QuothError as error:
            self.counts.questions += 1
            return sentence(str(error))
        self.counts.questions += 1
        self.counts.refusals += isinstance(found, NoAnswer)
        if isinstance(found, Answer):
            self._remember(place, Turn(found.question, found.text))
        trace = {**found.trace, "confidence": found.confidence} if found.trace else None
        return replace(answered(found), trace=trace)

    async def sources(self, page: int = 0) -> Reply:
        """A page (0-based) of the list of documents."""
        try:
            return sources(await self._library.documents(), page)
        except QuothError as error:
            return sentence(str(error))

    async def holdings(self) -> str:
        """What the bot knows: the number of documents and the date of the index."""
        try:
            status = await self._library.status()
        except QuothError:
            return words.HOLDS_NOTHING
        if not status.documents or status.built is None:
            return words.HOLDS_NOTHING
        built = f"{status.built.day} {status.built:%B %Y, %H:%M} UTC"
        documents = words.counted(status.documents, "document")
        return words.HOLDS.format(documents=documents, built=built)

    def forget(self) -> None:
        """Drops what was said: after a reindex it may repeat what has gone from the documents."""
        self._turns.clear()

    def _history(self, place: Place) -> list[Turn]:
        turns = self._turns.get(place, deque())
        since = self._clock() - REMEMBERED_SECONDS
        while turns and turns[0][0] < since:
            turns.popleft()
        return [turn for _, turn in turns]

    def _remember(self, place: Place, turn: Turn) -> None:
        turns = self._turns.setdefault(place, deque(maxlen=REMEMBERED_TURNS))
        turns.append((self._clock(), turn))
        self._turns.move_to_end(place)
        if len(self._turns) > REMEMBERED_PLACES:
            self._turns.popitem(last=False)
