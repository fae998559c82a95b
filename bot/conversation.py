"""A question → a reply: the same for Telegram and the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import words
from bot.budget import Budget
from bot.citing import answered, further, linked, sources
from bot.courtesies import answer_in_kind
from bot.library import Library
from bot.memory import NOTHING, Exchange, Fate, Memory, Place
from bot.opening import Opening
from bot.pointers import More, Spot
from bot.recalling import Recall, recall_nothing
from bot.replies import Reply, sentence, trouble
from bot.scopes import group_of, scopes_of
from index.errors import IndexMissing, QuestionUnusable, QuothError
from index.passages import Answer, Citation, NoAnswer, RetrievedPassage, Turn
from index.scopes import PUBLIC, Scopes

FURTHER = 9
"""So many sentences beyond an answer can be asked for,"""
FURTHER_AT_ONCE = 3
"""and so many are shown at once."""


@dataclass(slots=True)
class Counts:
    """Since the start."""

    questions: int = 0
    refusals: int = 0
    """Questions that the documents don't answer."""


class Conversation:
    """Holds the conversations of all places, each with a short memory that fades."""

    def __init__(
        self,
        library: Library,
        *,
        recall: Recall = recall_nothing,
        budget: Budget | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.counts = Counts()
        self.opening = Opening(library)
        self.memory = Memory(clock)
        self._library, self._recall, self._clock = library, recall, clock
        self._budget = budget

    async def ask(
        self,
        place: Place,
        question: str,
        replied_to: int | None = None,
        told: Callable[[str], None] | None = None,
        fate: Fate | None = None,
    ) -> Exchange:
        """A question and its reply; a sentence that says what to do where there is no answer.

        A question in reply to an earlier answer (the message `replied_to`) follows that one.
        `told` hears the answer as far as it is written, where a language model writes it. `fate`
        is the question's where that was begun before, as when it waited.
        """
        fate = fate or self.memory.begin(place)
        began, before = self._clock(), await self._before(place, replied_to)
        tokens = await self._budget.left(place.person) if self._budget else None
        found = await self._found(question, before, told, scopes_of(place.chat), tokens)
        if isinstance(found, Reply):
            return Exchange(reply=found, fate=fate)
        if self._budget:
            await self._budget.note(place.person, found)
        turn = Turn(found.question, found.text) if isinstance(found, Answer) else None
        if turn:
            self.memory.add(place, turn, fate)
        exchange = _exchange(found, before, turn, self._clock() - began, group_of(place.chat))
        return replace(exchange, fate=fate)

    async def ask_in_public(self, question: str) -> Reply:
        """The reply to a question where anybody may read it; nothing is remembered of it.

        A language model is not asked: there may be many of these, and they are waited for.
        """
        found = await self._found(question, (), None, PUBLIC, 0)
        return found if isinstance(found, Reply) else linked(found)

    async def more(self, chat: int, message: int, skip: int = 0) -> Exchange:
        """The next sentences beyond a reply of the bot and the first `skip` after it.

        Of an answer that is no longer remembered, as after a restart, what comes near to its
        question now. A sentence when there are none.
        """
        try:
            known = self.memory.exchange(chat, message) or await self._anew(chat, message)
        except QuothError as error:
            return Exchange(reply=trouble(error))
        shown = known.further[skip : skip + FURTHER_AT_ONCE]
        left = known.further[skip + FURTHER_AT_ONCE :]
        citations = [await self._cited(spot, scopes_of(chat)) for spot in shown]
        held = [each for each in citations if each]
        if not held:
            return replace(known, reply=sentence(words.NO_MORE), further=left)
        first = known.shown + skip + 1
        numbered = [replace(each, number=at) for at, each in enumerate(held, first)]
        button = More(skip + FURTHER_AT_ONCE, message) if left else None
        reply = further(numbered, more=button, group=group_of(chat))
        return replace(known, reply=reply, further=left, shown=known.shown + skip + len(held))

    async def sources(self, chat: int, page: int = 0) -> Reply:
        """A page (0-based) of the list of documents that may be read in a chat."""
        try:
            return sources(await self._library.documents(scopes=scopes_of(chat)), page)
        except QuothError as error:
            return trouble(error)

    async def holdings(self, chat: int) -> str:
        """What may be read in a chat: the number of documents and the date of the index."""
        try:
            status = await self._library.status(scopes=scopes_of(chat))
        except QuothError:
            return words.HOLDS_NOTHING
        if not status.documents or status.built is None:
            return words.HOLDS_NOTHING
        built = words.day_and_time(status.built)
        documents = words.counted(status.documents, "document")
        return words.HOLDS.format(documents=documents, built=built)

    def forget(self) -> None:
        """Drops what was said: after a reindex it may repeat what has gone from the documents."""
        self.memory.clear()

    async def _found(
        self,
        question: str,
        before: tuple[Turn, ...],
        told: Callable[[str], None] | None,
        scopes: Scopes,
        tokens: int | None,
    ) -> Answer | NoAnswer | Reply:
        """What the index finds, counted; a reply to a courtesy, and to say why it cannot look."""
        if kind := answer_in_kind(question):
            return sentence(kind)
        try:
            found = await self._library.ask(question, before, told, scopes=scopes, tokens=tokens)
        except QuestionUnusable as error:
            return trouble(error)
        except IndexMissing:
            return sentence(words.NO_INDEX)
        except QuothError as error:
            self.counts.questions += 1
            return trouble(error)
        if isinstance(found, NoAnswer):
            if not (found.nearest or found.considered):  # there is nothing to find anything in
                return sentence(words.HOLDS_NOTHING)
            self.counts.refusals += 1
        self.counts.questions += 1
        return found

    async def _before(self, place: Place, replied_to: int | None) -> tuple[Turn, ...]:
        """What a question follows: the answer it replies to, or what was said last."""
        if replied_to is None:
            return self.memory.turns(place)
        followed = self.memory.turns_after(place, replied_to)
        if followed is not None:
            return followed
        recalled = await self._recall(place.chat, replied_to)
        if recalled is None or not recalled.answered:
            return self.memory.turns(place)
        return (Turn(recalled.question, ""),)

    async def _anew(self, chat: int, message: int) -> Exchange:
        """What is found for the question of an older answer now; nothing when it is not known."""
        asked = await self._recall(chat, message)
        if asked is None:
            return NOTHING
        found = await self._library.ask(asked.question, (), scopes=scopes_of(chat), tokens=0)
        turn = Turn(found.question, found.text) if isinstance(found, Answer) else None
        return _exchange(found, (), turn, 0.0, group_of(chat))

    async def _cited(self, spot: Spot, scopes: Scopes) -> Citation | None:
        try:
            excerpt = await self._library.excerpt(spot.document, spot.start, scopes=scopes)
        except QuothError:
            return None
        return Citation.of(excerpt.passage, spot.start, spot.end)


def _exchange(
    found: Answer | NoAnswer,
    before: tuple[Turn, ...],
    turn: Turn | None,
    seconds: float,
    group: int | None,
) -> Exchange:
    citations = found.citations if isinstance(found, Answer) else found.nearest
    left = [_spot(each) for each in found.considered if not _is_cited(each, citations)][:FURTHER]
    trace = {**found.trace, "confidence": found.confidence} if found.trace else None
    generation = found.trace.get("generation", 0)
    return Exchange(
        reply=replace(answered(found, more=bool(left), group=group), trace=trace),
        question=found.question,
        answered=isinstance(found, Answer),
        before=before,
        turn=turn,
        further=tuple(left),
        shown=len(citations),
        seconds=seconds,
        generation=generation if isinstance(generation, int) else 0,
    )


def _is_cited(found: RetrievedPassage, citations: tuple[Citation, ...]) -> bool:
    return any(each.passage.id == found.passage.id for each in citations)


def _spot(found: RetrievedPassage) -> Spot:
    return Spot(found.passage.document.id, found.sentence.start, found.sentence.end)
