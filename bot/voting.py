"""What people hold of answers: 👍 and 👎, by button or by reaction, one vote a person."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from telegram import ReactionType, ReactionTypeEmoji, Update
from telegram.constants import ReactionEmoji
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.library import Library
from bot.memory import Exchange, Place
from bot.pointers import VOTE_UP
from bot.pressing import end_waiting, query_of
from bot.records.answers import Answered, Answers
from bot.scopes import scope_of
from bot.threads import aside
from index.errors import QuothError

log = logging.getLogger(__name__)


class Voting:
    """Notes answers as they are sent, and the votes on them. The notes outlive a restart."""

    def __init__(self, answers: Answers, access: Access, library: Library) -> None:
        self._answers, self._access, self._library = answers, access, library

    async def note(self, place: Place, exchange: Exchange, messages: list[int]) -> None:
        """Notes which question these messages answer, unless its asker was forgotten meanwhile.

        Trouble is logged: the answer has arrived.
        """
        fate = exchange.fate
        if exchange.answered is None or not messages:
            return
        answered = Answered(
            chat=place.chat,
            asker=place.person,
            question=exchange.question,
            answered=exchange.answered,
            seconds=exchange.seconds,
            generation=exchange.generation,
            own=fate.outdated or await self._reads_own(place.chat),  # some may have gone since
        )
        try:
            await aside(self._answers.note, answered, messages, lambda: fate.forgotten)
        except QuothError as error:
            log.warning("an answer could not be noted: %s", error)

    async def _reads_own(self, chat: int) -> bool:
        """Whether a chat has documents of its own; if that cannot be known, it may have."""
        try:
            return bool(await self._library.contributions(scope_of(chat)))
        except QuothError:
            return True

    async def press(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """👍 or 👎 below an answer; the same again takes the vote back."""
        query, data = query_of(update)
        person, message = query.from_user.id, query.message
        if message is None or not self._access.may_ask(person, message.chat.id):
            await end_waiting(query, words.OLD_BUTTON)
            return
        said = await aside(self._toggle, message.chat.id, message.message_id, person, data)
        await end_waiting(query, said)

    async def react(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """👍 or 👎 as a reaction to an answer, set or taken away."""
        changed = update.message_reaction
        if changed is None or changed.user is None:
            return
        before, now = _vote_in(changed.old_reaction), _vote_in(changed.new_reaction)
        if before != now and self._access.may_ask(changed.user.id, changed.chat.id):
            await aside(self._set, changed.chat.id, changed.message_id, changed.user.id, now)

    def _toggle(self, chat: int, message: int, person: int, data: str) -> str:
        answer, up = self._answers.find(chat, message), data == VOTE_UP
        if answer is None:
            return words.VOTE_TOO_LATE
        again = self._answers.vote_of(answer.id, person) is up
        self._answers.vote(answer.id, person, None if again else up)
        if again:
            return words.VOTE_TAKEN_BACK
        return words.VOTED_UP if up else words.VOTED_DOWN

    def _set(self, chat: int, message: int, person: int, up: bool | None) -> None:
        answer = self._answers.find(chat, message)
        if answer:
            self._answers.vote(answer.id, person, up)


def _vote_in(reactions: Iterable[ReactionType]) -> bool | None:
    """What the reactions say; None when they say nothing of it."""
    emoji = {each.emoji for each in reactions if isinstance(each, ReactionTypeEmoji)}
    if ReactionEmoji.THUMBS_DOWN in emoji:
        return False
    return True if ReactionEmoji.THUMBS_UP in emoji else None
