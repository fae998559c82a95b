"""What the owner is told without having asked, and what the bot does by itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import NamedTuple

import pytest
from telegram import Bot

from bot import words
from bot.access import Access
from bot.housekeeping import Housekeeping
from bot.letters import Letters
from bot.notices import AN_HOUR, Notices
from bot.outbox import Outbox
from bot.records import Records
from bot.records.answers import Answered
from bot.records.state import DAY
from bot.replies import Reply, sentence
from tests.bot_api import BotApiServer
from tests.test_records import Clock

OWNER, ADMIN = 99, 98
LOW = 1000


class Disk(NamedTuple):
    total: int
    used: int
    free: int


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def records(tmp_path, clock):
    with Records(tmp_path, clock=clock) as opened:
        yield opened


def said(text: str) -> Callable[[], Reply]:
    return lambda: sentence(text)


def notices(bot: Bot, records: Records, clock: Clock, owner: int | None = OWNER) -> Notices:
    access = Access(records.people, owner=owner, admins=(ADMIN,))
    return Notices(access, Letters(records.people, Outbox(bot)), records.state, clock=clock)


def housekeeping(records: Records, told: Notices) -> Housekeeping:
    return Housekeeping(records, told, question_days=90, audit_days=365, low_disk=LOW)


def texts(server: BotApiServer, person: int) -> list[str]:
    return [message["text"] for message in server.bot_messages(person)]


async def test_the_owner_alone_is_told(server: BotApiServer, records: Records, clock: Clock):
    server.person(OWNER), server.person(ADMIN)

    async with server.client() as bot:
        await notices(bot, records, clock).tell(said("Trouble!"))

    assert (texts(server, OWNER), texts(server, ADMIN)) == (["Trouble!"], [])


async def test_without_an_owner_it_stands_in_the_log(
    server: BotApiServer, records: Records, clock: Clock, caplog
):
    async with server.client() as bot:
        await notices(bot, records, clock, owner=None).tell(said("Trouble!"))

    assert "Trouble!" in caplog.text


async def test_a_trouble_is_told_once_until_it_is_over_also_after_a_restart(
    server: BotApiServer, records: Records, clock: Clock
):
    server.person(OWNER)

    async with server.client() as bot:
        await notices(bot, records, clock).tell(said("one"), about="disk")
        after = notices(bot, records, clock)
        await after.tell(said("two"), about="disk")
        await after.over("disk")
        await after.tell(said("three"), about="disk")

    assert texts(server, OWNER) == ["one", "three"]


async def test_a_full_disk_is_told_of_once_although_that_cannot_be_noted(
    server: BotApiServer, records: Records, clock: Clock
):
    server.person(OWNER)
    records.database.rows("PRAGMA query_only=ON")

    async with server.client() as bot:
        told = notices(bot, records, clock)
        for _ in range(2):
            await told.tell(said("The disk is full."), about="disk")

    assert texts(server, OWNER) == ["The disk is full."]


async def test_an_owner_who_has_not_begun_is_told_when_they_have(
    server: BotApiServer, records: Records, clock: Clock
):
    owner = server.person(OWNER, started=False)

    async with server.client() as bot:
        told = notices(bot, records, clock)
        await told.tell(said("early"), about="disk")
        owner.started = True
        await told.tell(said("late"), about="disk")

    assert texts(server, OWNER) == ["late"]


async def test_notices_are_bounded(server: BotApiServer, records: Records, clock: Clock):
    server.person(OWNER)

    async with server.client() as bot:
        told = notices(bot, records, clock)
        for number in range(AN_HOUR + 5):
            await told.tell(said(str(number)))
        clock.now += 3600
        await told.tell(said("later"))

    assert len(texts(server, OWNER)) == AN_HOUR + 1
    assert texts(server, OWNER)[-1] == "later"


async def test_a_disk_that_fills_is_told_of_once_until_it_has_room_again(
    server: BotApiServer, records: Records, clock: Clock, monkeypatch
):
    server.person(OWNER)
    free = iter([LOW - 1, LOW - 2, LOW + 1, LOW - 1, 2 * LOW, LOW - 5])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(9 * LOW, 0, next(free)))

    async with server.client() as bot:
        house = housekeeping(records, notices(bot, records, clock))
        for _ in range(6):
            await house.once()

    said = [words.DISK_LOW.format(folder=records.folder, free=f"{n} bytes") for n in (999, 995)]
    assert texts(server, OWNER) == said


async def test_what_is_old_is_dropped(server: BotApiServer, records: Records, clock: Clock):
    asked = Answered(chat=7, asker=7, question="?", answered=True, seconds=0.1, generation=1)
    records.answers.note(asked, [1])
    clock.now += 91 * DAY

    async with server.client() as bot:
        await housekeeping(records, notices(bot, records, clock)).once()

    assert records.answers.since(0) == []
