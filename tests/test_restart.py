"""A bot that ends, by its own will or not: no question is lost, and none is answered twice."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Update

from bot import words
from bot.inbox import MOST_STARTS, Inbox
from bot.records import Records
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import ANSWER, QUESTION, replies, texts
from tests.test_starting import ended, started

HOUR = 3600
SERVE = """
import sys, time
from pathlib import Path
from bot.logs import start_logging
from bot.records import Records
from bot.settings import BotEnvironment
from bot.starting import in_telegram
from tests.shelf import Shelf
here = Path(sys.argv[1])
def before(question):
    (here / "asked").touch()
    while "slow" in question and not (here / "go").exists():
        time.sleep(0.01)
start_logging("INFO")
with Records(here) as records:
    sys.exit(in_telegram(Shelf(before=before), BotEnvironment(), records))
"""


@asynccontextmanager
async def running(
    server: BotApiServer, here: Path, **settings: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot as a process of its own, which keeps its records here."""
    process = await started(
        *("-c", SERVE, str(here)),
        TELEGRAM_BOT_TOKEN=server.token,
        BOT_API_BASE_URL=server.base_url.removesuffix("/bot"),
        **settings,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


@pytest.fixture(params=["polling", "webhook"])
def ways(request: pytest.FixtureRequest, unused_tcp_port: int) -> dict[str, str]:
    """How updates come."""
    if request.param == "polling":
        return {}
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{unused_tcp_port}/hook",
        "WEBHOOK_PORT": str(unused_tcp_port),
        "WEBHOOK_SECRET": "always-the-same",
    }


async def happens(server: BotApiServer, found: Callable[[], Any]) -> Any:
    return await server.wait_for(found, seconds=30)


# --- as a process ---


@pytest.mark.slow
async def test_what_a_killed_bot_had_received_is_answered_by_the_next(
    server: BotApiServer, tmp_path: Path, ways: dict[str, str]
):
    ann, bob = server.person(7), server.person(8)

    async with running(server, tmp_path, **ways) as bot:
        await server.send_text(ann, ann, "slow cat?")
        await server.send_text(ann, ann, QUESTION)
        await server.send_text(bob, bob, "slow cat?")
        await happens(server, lambda: (tmp_path / "asked").exists() and not server.updates)
        bot.send_signal(signal.SIGKILL)
        await bot.communicate()
    before = server.bot_messages(ann)
    (tmp_path / "go").touch()
    async with running(server, tmp_path, **ways):
        await happens(server, lambda: len(server.bot_messages(ann)) == 2)
        await happens(server, lambda: server.bot_messages(bob))
        await server.quiet()

    assert before == []
    assert (texts(server.bot_messages(ann)), texts(server.bot_messages(bob))) == (
        [ANSWER, ANSWER],
        [ANSWER],
    )


@pytest.mark.slow
async def test_an_answer_that_was_being_sent_is_not_sent_again(
    server: BotApiServer, tmp_path: Path, ways: dict[str, str]
):
    ann = server.person(7)
    server.stall("sendMessage", 4, when="after")

    async with running(server, tmp_path, **ways) as bot:
        await server.send_text(ann, ann, QUESTION)
        await happens(server, lambda: server.bot_messages(ann))
        bot.send_signal(signal.SIGKILL)
        await bot.communicate()
    async with running(server, tmp_path, **ways):
        await happens(server, lambda: len(server.bot_messages(ann)) == 2)
        await server.quiet()

    assert texts(server.bot_messages(ann)) == [ANSWER, words.CUT_OFF]


@pytest.mark.slow
async def test_a_bot_that_is_told_to_stop_finishes_what_is_under_way(
    server: BotApiServer, tmp_path: Path, ways: dict[str, str]
):
    ann = server.person(7)

    async with running(server, tmp_path, **ways) as bot:
        await server.send_text(ann, ann, "slow cat?")
        await server.send_text(ann, ann, "a dog?")
        await happens(server, lambda: (tmp_path / "asked").exists() and not server.updates)
        bot.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.2)
        (tmp_path / "go").touch()
        status, printed = await ended(bot)
        first = texts(server.bot_messages(ann))
    async with running(server, tmp_path, **ways):
        await happens(server, lambda: len(server.bot_messages(ann)) == 2)
        await server.quiet()

    assert (status, first, "Traceback" in printed) == (0, [ANSWER], False)
    assert texts(server.bot_messages(ann)) == [ANSWER, "The documents don't say."]


@pytest.mark.slow
async def test_what_does_not_end_in_ten_seconds_is_asked_again_at_the_next_start(
    server: BotApiServer, tmp_path: Path
):
    ann = server.person(7)

    async with running(server, tmp_path) as bot:
        await server.send_text(ann, ann, "slow cat?")
        await happens(server, lambda: (tmp_path / "asked").exists())
        told = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        status, printed = await ended(bot)
        took = time.monotonic() - told
    (tmp_path / "go").touch()
    async with running(server, tmp_path):
        await happens(server, lambda: server.bot_messages(ann))
        await server.quiet()

    assert (status, took < 12, "Traceback" in printed) == (0, True, False)
    assert texts(server.bot_messages(ann)) == [ANSWER]


@pytest.mark.slow
async def test_killed_at_any_moment_no_question_is_lost_or_answered_twice(
    server: BotApiServer, tmp_path: Path
):
    """Each is answered, or its asker is told that the bot was stopped; and never twice."""
    people = [server.person(id) for id in range(10, 30)]
    for moment in (0.0, 0.02, 0.05, 0.1, 0.2):
        async with running(server, tmp_path) as bot:
            await happens(server, lambda: not server.updates)
            for one in people:
                await server.send_text(one, one, QUESTION)
            await happens(server, lambda: len(server.updates) < 20)
            await asyncio.sleep(moment)
            bot.send_signal(signal.SIGKILL)
            await bot.communicate()
    async with running(server, tmp_path):
        await happens(server, lambda: all(len(server.bot_messages(one)) >= 5 for one in people))
        await server.quiet(0.5)

    for one in people:
        said = texts(server.bot_messages(one))
        assert len(said) <= 5 + said.count(words.CUT_OFF)
        assert set(said) <= {ANSWER, words.CUT_OFF}
        assert said.count(ANSWER) <= 5


# --- in this process ---


def aged(server: BotApiServer, seconds: int) -> None:
    """What waits for the bot was written so long ago."""
    for update in server.updates:
        update["message"]["date"] -= seconds


async def test_what_was_asked_while_the_bot_was_away_is_answered(server: BotApiServer):
    ann = server.person(7)
    await server.send_text(ann, ann, QUESTION)
    aged(server, HOUR - 60)

    async with talking(server, Shelf()):
        said = await replies(server, ann)

    assert texts(said) == [ANSWER]


async def test_what_was_asked_too_long_ago_gets_one_apology_a_chat(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)
    group = server.group(-5, members=[ann])
    for _ in range(3):
        await server.send_text(ann, ann, QUESTION)
    await server.send_text(ann, ann, "/sources")
    await server.send_text(bob, bob, QUESTION)
    await server.send_text(group, ann, "nobody is meant")
    aged(server, HOUR + 60)

    async with talking(server, Shelf()):
        await replies(server, bob)
        said = await replies(server, ann)
        await server.send_text(ann, ann, QUESTION)
        later = await replies(server, ann, 2)

    assert texts(said) == texts(server.bot_messages(bob)) == [words.AWAY]
    assert (texts(later)[1], server.bot_messages(group)) == (ANSWER, [])


async def test_an_update_that_comes_twice_is_handled_once(server: BotApiServer):
    ann, shelf, records = server.person(7), Shelf(), Records()
    await server.send_text(ann, ann, QUESTION)
    again = list(server.updates)

    for _ in range(2):
        async with talking(server, shelf, records):
            await replies(server, ann)
        server.updates[:] = again

    assert len(server.bot_messages(ann)) == 1


async def test_another_bot_over_the_same_records_has_updates_of_its_own(tmp_path: Path):
    records, shelf = Records(), Shelf()

    said = []
    for token in ("2:x", "3:x"):
        async with BotApiServer(token, flood=None) as server, talking(server, shelf, records):
            ann = server.person(7)
            await server.send_text(ann, ann, QUESTION)
            said += texts(await replies(server, ann))

    assert said == [ANSWER, ANSWER]


async def test_what_may_be_what_ends_the_program_is_not_tried_for_ever(server: BotApiServer):
    ann, records = server.person(7), Records()
    await server.send_text(ann, ann, QUESTION)
    [update] = server.updates
    server.updates.clear()
    records.journal.receive(1, update["update_id"], json.dumps(update))
    for _ in range(MOST_STARTS):
        records.journal.unanswered(1)

    async with talking(server, Shelf(), records):
        said = await replies(server, ann)

    assert texts(said) == [words.CUT_OFF]


async def test_of_what_was_answered_no_words_stay(server: BotApiServer, tmp_path: Path):
    ann, bob = server.person(7), server.person(8)
    group = server.group(-5, members=[ann, bob])

    with Records(tmp_path) as records:
        async with talking(server, Shelf(), records):
            await server.send_text(ann, ann, "a quokka and a cat?")
            await server.send_text(group, bob, "between ourselves: quokka")
            await replies(server, ann)
        kept = records.database.rows("SELECT body FROM received")

    assert kept == [(None,)]


async def test_records_that_cannot_be_written_cost_nobody_an_answer(server: BotApiServer):
    ann, records = server.person(7), Records()

    async with talking(server, Shelf(), records):
        records.database.change("DROP TABLE received")
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [ANSWER]


async def test_a_full_inbox_leaves_updates_with_telegram():
    inbox = Inbox(Records().journal, 1, most=2)
    updates = [Update(id) for id in range(3)]

    for each in updates[:2]:
        await inbox.put(each)
    third = asyncio.create_task(inbox.put(updates[2]))
    await asyncio.sleep(0.05)
    waited = not third.done()
    inbox.leave(updates[0])
    await asyncio.wait_for(third, 1)

    assert (waited, inbox.qsize()) == (True, 3)
