"""A message of unknown outcome is looked for, and no other one is written over for it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest

from bot import arrivals, words
from bot.arrivals import LOOKED_AT, Arrivals
from bot.outbox import LOOKS
from bot.records import Records
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.shelf import Shelf, talking
from tests.test_app import ADMIN, ANSWER, QUESTION, replies, texts

CHAT, OTHER = 7, 8
DOG = "how long does a dog sleep?"


class Clock:
    """Seconds that pass when somebody says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


# --- through the bot ---


async def test_a_look_that_meets_a_fault_is_repeated(server: BotApiServer):
    ann = server.person(CHAT)
    server.drop("sendMessage", when="after")
    server.fail_next("editMessageText", times=LOOKS - 1)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: len(server.called("editMessageText")) == LOOKS)
        await server.quiet()

    assert texts(server.bot_messages(ann)) == [ANSWER]


async def test_of_two_answers_in_doubt_neither_is_written_over(server: BotApiServer):
    ann, gate = server.person(CHAT), threading.Event()
    shelf = Shelf(before=lambda asked: gate.wait(5) and None if "dog" in asked else None)
    server.drop("sendMessage", when="after")
    server.fail_next("editMessageText", times=LOOKS)

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        await server.send_text(ann, ann, DOG)
        await replies(server, ann, 2)
        server.fail_next("sendMessage")
        gate.set()
        said = await replies(server, ann, 3)

    assert texts(said) == [ANSWER, words.CONNECTION, words.CONNECTION]


@pytest.mark.slow
async def test_a_message_that_is_just_arriving_is_not_written_over(server: BotApiServer):
    boss, gate = server.person(ADMIN), threading.Event()
    shelf = Shelf(before=lambda _: gate.wait(5) and None)

    async with talking(server, shelf, admin_ids={ADMIN}):
        await server.send_text(boss, boss, QUESTION)
        await server.wait_for(lambda: shelf.asked)
        server.stall("sendMessage", 0.5, when="after")
        server.fail_next("sendMessage")
        await server.send_text(boss, boss, "/reindex")
        [shown] = await server.wait_for(lambda: server.bot_messages(boss))
        gate.set()
        await server.wait_for(lambda: len(server.bot_messages(boss)) == 2)
        await server.send_text(boss, boss, "/cancel")
        said = await replies(server, boss, 4)

    assert said[0]["message_id"] == shown["message_id"]
    assert texts(said)[:2] == [words.REINDEX_ENDED, words.CONNECTION]


async def test_what_an_earlier_run_said_is_not_written_over(server: BotApiServer, tmp_path: Path):
    ann, gate = server.person(CHAT), threading.Event()
    slow = Shelf(before=lambda asked: gate.wait(9) and None if "dog" in asked else None)

    with Records(tmp_path) as records:
        async with talking(server, slow, records, grace=0.1):
            await server.send_text(ann, ann, QUESTION)
            [answer] = await replies(server, ann)
            await server.send_text(ann, ann, DOG)
            await server.wait_for(lambda: len(slow.asked) == 2)
            opens = next(buttons(answer))["callback_data"]
            await server.press(ann, answer, opens)
            [_, opened] = await replies(server, ann, 2)
        gate.set()
        await asyncio.sleep(1)  # Telegram's dates are whole seconds
        server.fail_next("sendMessage")
        async with talking(server, Shelf(), records):
            said = await replies(server, ann, 3)

    assert texts(said) == [ANSWER, *texts([opened]), words.CONNECTION]


# --- what is kept in mind ---


def test_what_is_known_is_no_place_for_another():
    sent = Arrivals(Clock())
    sent.note(CHAT, 12)
    sent.note(OTHER, 13)

    assert sent.places(CHAT, 11, since=100) == [13, 14]
    assert len(sent.places(OTHER, 20, since=100)) == LOOKED_AT


def test_where_something_may_stand_only_what_was_asked_later_is_looked_for():
    clock = Clock()
    sent = Arrivals(clock)
    clock.now = 200.5
    sent.doubt(CHAT)

    assert sent.places(CHAT, 11, since=200) == []
    assert sent.places(CHAT, 11, since=201) == [12, 13, 14]
    assert sent.places(OTHER, 11, since=150) == [12, 13, 14]


def test_nothing_is_looked_for_that_was_asked_before_the_start():
    sent = Arrivals(Clock())

    assert [sent.places(CHAT, 11, since=since) for since in (99, 100)] == [[], [12, 13, 14]]


@pytest.mark.parametrize("limit", ["KNOWN", "DOUBTFUL"])
def test_what_is_forgotten_is_not_written_over_either(limit: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(arrivals, limit, 1)
    clock = Clock()
    sent = Arrivals(clock)
    for at in (200, 201):
        clock.now = at
        sent.note(at, 12)
        sent.doubt(at)

    assert [sent.places(OTHER, 11, since=since) for since in (199, 200)] == [[], [12, 13, 14]]
    assert sent.places(200, 11, since=199) == []
