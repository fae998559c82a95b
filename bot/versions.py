"""Going back to the version of the index before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import words
from bot.acting import Admin, noted
from bot.confirming import Confirmations
from bot.library import Library
from bot.records.audit import Audit
from bot.replies import Reply, sentence, trouble
from index.errors import NothingToRollBack, QuothError
from index.passages import Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """/rollback. `changed` is called after it; `scheduled` says whether a reindex will follow."""

    library: Library
    confirmations: Confirmations
    audit: Audit
    changed: Callable[[], None]
    scheduled: bool = False

    async def rollback(self, admin: Admin, _: str = "") -> Reply:
        """Asks whether to go back, and says from which version to which."""
        try:
            now, before = await self._now_and_before()
        except QuothError as error:
            return trouble(error)
        question = words.ROLLBACK.format(
            number=before.number,
            built=words.moment(before.built),
            documents=words.counted(before.documents, "document"),
            now=now.number,
            now_built=words.moment(now.built),
            now_documents=words.counted(now.documents, "document"),
        )
        return self.confirmations.ask(
            admin,
            sentence(question),
            words.ROLLBACK_YES.format(number=before.number),
            lambda: self._go_back(admin, now, before),
        )

    async def _go_back(self, admin: Admin, now: Generation, before: Generation) -> Reply:
        try:
            if await self._now_and_before() != (now, before):
                return sentence(words.ROLLBACK_OVERTAKEN)
            to = await self.library.rollback()
        except QuothError as error:
            return trouble(error)
        self.changed()
        await noted(self.audit, admin, "rollback", f"{now.number} → {to.number}")
        said = words.ROLLBACK_DONE_SCHEDULED if self.scheduled else words.ROLLBACK_DONE
        return sentence(said.format(number=to.number, built=words.moment(to.built)))

    async def _now_and_before(self) -> tuple[Generation, Generation]:
        """The current version and the one before; raises NothingToRollBack without them."""
        kept = await self.library.generations()
        now = next((each for each in kept if each.current), None)
        before = next((each for each in kept if now and each.number < now.number), None)
        if now is None or before is None:
            raise NothingToRollBack
        return now, before
