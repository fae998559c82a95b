"""/broadcast: one message to everybody who talks to the bot, after a preview and a yes."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass, replace

from telegram import Message, MessageEntity, Update
from telegram.error import Forbidden, TelegramError
from telegram.ext import ContextTypes

from bot import words
from bot.access import Access
from bot.acting import Admin, noted
from bot.chatting import target_of
from bot.confirming import Confirmations
from bot.outbox import Outbox, Target
from bot.pages import Page, utf16
from bot.records import Records
from bot.replies import Reply, sentence
from bot.showing import Showing
from bot.threads import aside
from index.errors import QuothError

PAUSE = 1 / 15
"""Seconds between two people: half of what Telegram allows in all, the rest is for answers."""
LAST_WAIT, LAST_REPORT = 2.0, 3.0
"""Seconds for the message that is on its way when the program ends, and then for the report."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Delivery:
    """How far a broadcast is."""

    people: int
    delivered: int = 0
    blocked: int = 0
    """Who has blocked the bot: they are not written to again until they write."""
    failed: int = 0

    @property
    def left(self) -> int:
        """Who was not tried yet."""
        return self.people - self.delivered - self.blocked - self.failed


class Broadcasting:
    """One broadcast at a time. What may have arrived is never sent again."""

    def __init__(
        self,
        access: Access,
        records: Records,
        outbox: Outbox,
        confirmations: Confirmations,
        showing: Showing,
        *,
        pause: float = PAUSE,
    ) -> None:
        self._access, self._records, self._outbox = access, records, outbox
        self._confirmations, self._showing, self._pause = confirmations, showing, pause
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    async def ask(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Shows the message as everybody will see it, and asks whether to send it to how many."""
        message, user = update.effective_message, update.effective_user
        if message is None or user is None:
            return
        target, page = target_of(message), written_after_command(message)
        if not page.text:
            await self._outbox.send(target, sentence(words.BROADCAST_WHAT))
            return
        people = len(await self._people(user.id))
        if not people:
            await self._outbox.send(target, sentence(words.BROADCAST_NOBODY))
            return
        preview = await self._outbox.send_page(target, page)
        admin = Admin(id=user.id)
        question = self._confirmations.ask(
            admin,
            sentence(words.BROADCAST.format(people=words.counted(people, "person", "people"))),
            words.BROADCAST_YES,
            lambda: self._begin(admin, replace(target, after=None), page),
        )
        await self._outbox.send(replace(target, after=preview.message_id), question)

    def cancel(self) -> str | None:
        """Stops a running one after the message that is on its way; None when none runs."""
        if self._task is None or self._task.done():
            return None
        self._stopped = True
        return words.BROADCAST_STOPPING

    async def close(self) -> None:
        """Stops a running one; its report still comes if there is time for that."""
        if self._task and self.cancel():
            await asyncio.wait([self._task], timeout=LAST_WAIT)
            self._task.cancel()
            await asyncio.wait([self._task], timeout=LAST_REPORT)
            self._task.cancel()

    async def _begin(self, admin: Admin, target: Target, page: Page) -> Reply:
        if self._task and not self._task.done():
            return sentence(words.BROADCAST_RUNS)
        people = await self._people(admin.id)
        self._stopped = False
        self._task = asyncio.create_task(self._surely(admin, target, page, people))
        return sentence(words.BROADCAST_BEGUN)

    async def _surely(self, admin: Admin, target: Target, page: Page, people: list[int]) -> None:
        delivery = Delivery(len(people))
        await self._note(admin, _told(words.BROADCAST_SENDING, delivery), page)
        try:
            await self._run(delivery, admin, target, page, people)
        except Exception:  # the task has no other listener
            log.exception("a broadcast failed")
        finally:  # also of one that is cut off
            await self._outbox.send(target, sentence(_report(delivery)))

    async def _note(self, admin: Admin, what: str, page: Page) -> None:
        await noted(self._records.audit, admin, "broadcast", f"{what} {page.text}")

    async def _run(
        self, delivery: Delivery, admin: Admin, target: Target, page: Page, people: list[int]
    ) -> None:
        def line() -> str:
            return _told(words.BROADCAST_SENDING, delivery)

        async with self._showing.progress(target, line, words.BROADCAST_ENDED):
            try:
                await self._deliver_all(delivery, page, people)
            finally:  # before anything is sent, which may take longer than the program has
                await self._note(admin, _report(delivery), page)

    async def _deliver_all(self, delivery: Delivery, page: Page, people: list[int]) -> None:
        for person in people:
            if self._stopped:
                return
            await self._deliver(delivery, person, page)
            await asyncio.sleep(self._pause)

    async def _deliver(self, delivery: Delivery, person: int, page: Page) -> None:
        try:
            await self._outbox.send_page(Target(person), page)
        except Forbidden:
            delivery.blocked += 1
            await self._lose(person)
        except TelegramError as error:
            delivery.failed += 1
            log.warning("a broadcast did not surely reach %s: %s", person, error)
        else:
            delivery.delivered += 1

    async def _lose(self, person: int) -> None:
        try:
            await aside(self._records.people.lose, person)
        except QuothError as error:
            log.warning("%s", error)

    async def _people(self, sender: int) -> list[int]:
        """Who has talked to the bot and may do so still, without groups and the sender."""
        known = await aside(self._records.people.reachable)
        return [id for id in known if id > 0 and id != sender and self._access.may_ask(id, id)]


def written_after_command(message: Message) -> Page:
    """What follows a command, with its bold words and links; empty when nothing does."""
    text = message.text or ""
    found = re.match(r"\S+\s+", text)
    if found is None:
        return Page("")
    cut = utf16(found[0])
    entities = [each for each in message.entities if each.offset >= cut]
    shifted = tuple(MessageEntity.shift_entities(-cut, entities))
    return Page(text[found.end() :], shifted)


def _report(delivery: Delivery) -> str:
    return _told(words.BROADCAST_STOPPED if delivery.left else words.BROADCAST_DONE, delivery)


def _told(sentence: str, delivery: Delivery) -> str:
    return sentence.format(
        people=delivery.people,
        delivered=delivery.delivered,
        blocked=delivery.blocked,
        failed=delivery.failed,
        left=delivery.left,
    )
