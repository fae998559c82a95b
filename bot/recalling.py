"""What an older answer was to, when the short memory has lost it: after a restart or a reindex.

Of the answer itself nothing is kept; its question says what a reply to it is about, and what else
comes near.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from bot.records.answers import Answered, Answers
from bot.threads import aside
from index.errors import QuothError

Recall = Callable[[int, int], Awaitable[Answered | None]]
"""The question that a message of a chat answered; None when that is not known."""

log = logging.getLogger(__name__)


def recalling(answers: Answers) -> Recall:
    """Recalls from the records. Trouble is logged: the question is then asked by itself."""

    async def recall(chat: int, message: int) -> Answered | None:
        try:
            return await aside(answers.find, chat, message)
        except QuothError as error:
            log.warning("an older answer could not be looked up: %s", error)
            return None

    return recall


async def recall_nothing(_chat: int, _message: int) -> Answered | None:
    """Where no records are kept."""
    return None
