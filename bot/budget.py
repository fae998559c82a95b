"""How much of the language model each person may take in a day, and whether it works."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from bot import words
from bot.notices import Notices
from bot.records.spending import Spending, Spent
from bot.replies import Reply, sentence
from bot.threads import aside
from index.errors import QuothError
from index.passages import Answer, NoAnswer

MODEL = "language model"
"""Its part of a trace, and its trouble."""

log = logging.getLogger(__name__)


class Budget:
    """Asked before each question, and told of each answer."""

    def __init__(
        self,
        spending: Spending,
        notices: Notices,
        *,
        per_day: int,
        exempt: Callable[[int], bool],
    ) -> None:
        """`per_day` 0 is no limit, and `exempt` people have none."""
        self._spending, self._notices = spending, notices
        self._per_day, self._exempt = per_day, exempt
        self._may_be_told = True
        """Whether the owner may have been told of a trouble that is not over."""

    async def left(self, person: int) -> int | None:
        """Tokens that this person may take today; None is no limit."""
        if not self._per_day or self._exempt(person):
            return None
        try:
            return max(0, self._per_day - await aside(self._spending.today, person))
        except QuothError as error:
            log.warning("tokens cannot be counted: %s", error)
            return self._per_day

    async def note(self, person: int, found: Answer | NoAnswer) -> None:
        """Counts what an answer took, and tells the owner when the model fails again and again."""
        told = found.trace.get(MODEL)
        if not isinstance(told, Mapping) or not told["calls"]:
            return
        try:
            await aside(self._spending.add, person, _spent(told))
            await self._tell(told)
        except QuothError as error:
            log.warning("what the language model took could not be noted: %s", error)

    async def _tell(self, told: Mapping[str, Any]) -> None:
        if told["trouble"]:
            self._may_be_told = True
            await self._notices.tell(partial(_trouble, told), about=MODEL)
        elif told["tokens written"] and self._may_be_told:
            self._may_be_told = False
            await self._notices.over(MODEL)


def _spent(told: Mapping[str, Any]) -> Spent:
    return Spent(told["tokens read"] + told["tokens written"], told["cost"])


def _trouble(told: Mapping[str, Any]) -> Reply:
    text = words.MODEL_TROUBLE.format(model=told["model"], reason=told["trouble"])
    return sentence(text)
