"""What was said lately, so that one can go on from it: by place, and by the bot's own messages."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from bot.pointers import Spot
from bot.replies import Reply
from index.passages import Turn

REMEMBERED_TURNS = 4
REMEMBERED_SECONDS = 30 * 60.0
REMEMBERED_PLACES = 1_000
KEPT_ANSWERS = 2_000
"""Latest answers that can be replied to, or asked for more; older ones are forgotten first."""
KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody talks: their follow-up questions are about what was said there."""

    chat: int
    topic: int | None
    person: int


@dataclass(eq=False, slots=True, weakref_slot=True)
class Fate:
    """What has been forgotten since a question, or the reading of a file, was begun.

    It is looked at before anything of that is kept, so that nothing brings back what was dropped.
    """

    forgotten: bool = False
    """Who asked: of the question nothing is noted, and the file is not kept for them."""
    outdated: bool = False
    """What was said in its place, or what the answer may rest on: it is not remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its reply, with what it takes to go on from there."""

    reply: Reply
    question: str = ""
    answered: bool | None = None
    """False when the documents don't hold it; None when nothing was looked for."""
    before: tuple[Turn, ...] = ()
    """What was said before it in the same conversation, oldest first."""
    turn: Turn | None = None
    """The question and the answer, when there is one."""
    further: tuple[Spot, ...] = ()
    """Sentences that come nearest after those in the reply."""
    shown: int = 0
    """How many quotes the replies up to this one have shown."""
    seconds: float = 0.0
    generation: int = 0
    fate: Fate = field(default_factory=Fate, compare=False)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What the next question follows."""
        return (*self.before, self.turn) if self.turn else self.before


NOTHING = Exchange(reply=Reply(()))


@dataclass(frozen=True, slots=True)
class _Kept:
    at: float
    place: Place
    exchange: Exchange


class Memory:
    """Short, and fading. Nothing in it outlives a restart.

    What is forgotten stays so: what was begun before, and is answered only now, is not kept.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turns: OrderedDict[Place, deque[tuple[float, Turn]]] = OrderedDict()
        self._kept: OrderedDict[tuple[int, int], _Kept] = OrderedDict()
        self._begun: WeakKeyDictionary[Fate, Place] = WeakKeyDictionary()

    def begin(self, place: Place) -> Fate:
        """For what is begun in this place: tells what is forgotten from now on."""
        fate = Fate()
        self._begun[fate] = place
        return fate

    def turns(self, place: Place) -> tuple[Turn, ...]:
        """What was said lately in this place, oldest first."""
        turns = self._turns.get(place, deque())
        since = self._clock() - REMEMBERED_SECONDS
        while turns and turns[0][0] < since:
            turns.popleft()
        return tuple(turn for _, turn in turns)

    def turns_after(self, place: Place, message: int) -> tuple[Turn, ...] | None:
        """What a reply to an answer follows; None when that is not known (any more).

        Of somebody else's conversation it is that answer alone, which they see and reply to.
        """
        kept = self._find(place.chat, message)
        if kept is None:
            return None
        return kept.exchange.turns if kept.place == place else _only(kept.exchange.turn)

    def exchange(self, chat: int, message: int) -> Exchange | None:
        """What a message of the bot was a reply to; None when that is not known (any more)."""
        kept = self._find(chat, message)
        return kept.exchange if kept else None

    def add(self, place: Place, turn: Turn, fate: Fate) -> None:
        """The next question in this place may follow it, unless it was forgotten meanwhile."""
        if fate.outdated:
            return
        turns = self._turns.setdefault(place, deque(maxlen=REMEMBERED_TURNS))
        turns.append((self._clock(), turn))
        self._turns.move_to_end(place)
        if len(self._turns) > REMEMBERED_PLACES:
            self._turns.popitem(last=False)

    def keep(self, place: Place, messages: Iterable[int], exchange: Exchange) -> None:
        """Notes as which messages a reply was sent, unless it was forgotten meanwhile."""
        if exchange.fate.outdated:
            return
        kept = _Kept(self._clock(), place, replace(exchange, reply=Reply(())))
        for message in messages:
            self._kept[place.chat, message] = kept
        while len(self._kept) > KEPT_ANSWERS:
            self._kept.popitem(last=False)

    def keep_as(self, chat: int, message: int, messages: Iterable[int], exchange: Exchange) -> None:
        """Notes as which messages more of a reply was sent, in the place of that reply."""
        kept = self._find(chat, message)
        if kept:
            self.keep(kept.place, messages, exchange)

    def forget(self, place: Place) -> None:
        """Drops what was said in one place. That it was stays noted, so that it is not recalled."""
        self._drop(lambda each: each == place)

    def forget_person(self, person: int) -> None:
        """Drops what somebody said, wherever that was."""
        for fate, place in self._begun.items():
            fate.forgotten |= place.person == person
        self._drop(lambda each: each.person == person)

    def forget_chat(self, chat: int) -> None:
        """Drops what was said in a chat: its documents have changed."""
        self._drop(lambda each: each.chat == chat)

    def clear(self) -> None:
        """Drops all: after a reindex it may repeat what has gone from the documents."""
        self._turns.clear()
        self._kept.clear()
        for fate in self._begun:
            fate.outdated = True

    def _drop(self, meant: Callable[[Place], bool]) -> None:
        for place in filter(meant, list(self._turns)):
            del self._turns[place]
        for key, kept in self._kept.items():
            if meant(kept.place):
                self._kept[key] = replace(kept, exchange=NOTHING)
        for fate, place in self._begun.items():
            fate.outdated |= meant(place)

    def _find(self, chat: int, message: int) -> _Kept | None:
        kept = self._kept.get((chat, message))
        return kept if kept and kept.at >= self._clock() - KEPT_SECONDS else None


def _only(turn: Turn | None) -> tuple[Turn, ...]:
    return (turn,) if turn else ()
