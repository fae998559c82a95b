"""One message to everybody who talks to the bot, after a preview and a yes."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Chat, Message, MessageEntity

from bot import words
from bot.broadcasting import written_after_command
from bot.pages import utf16
from bot.records import Records
from bot.records.people import Role
from tests.bot_api import BotApiServer
from tests.bot_api_rules import utf16_slice
from tests.shelf import Shelf, talking
from tests.test_overseeing import data_of, press, said, shown

BOSS, ANN, BOB, CARL = 99, 7, 8, 9


def known(records: Records, *people: int) -> Records:
    """Records of people who have written to the bot in private."""
    for id in people:
        records.people.hear(id, f"Person {id}", reachable=True)
    return records


def told(server: BotApiServer, chat: Any) -> list[str]:
    return [each["text"] for each in server.bot_messages(chat)]


async def test_a_broadcast_is_shown_first_and_goes_out_after_a_yes(server: BotApiServer):
    boss, ann, bob = server.person(BOSS), server.person(ANN), server.person(BOB)
    group = server.group(-5, members=[boss, ann])
    records = known(Records(), BOSS, ANN, BOB, -5)

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, "/broadcast We are back.\nAsk away!")
        asked = await shown(server, boss, "That goes to")
        before = told(server, ann)
        await press(server, boss, asked, words.BROADCAST_YES)
        report = await shown(server, boss, "Delivered")

    assert (asked["text"], before) == ("That goes to 2 people, as you see it above. Send it?", [])
    assert [told(server, each) for each in (ann, bob, group)] == [
        ["We are back.\nAsk away!"],
        ["We are back.\nAsk away!"],
        [],
    ]
    assert told(server, boss)[0] == "We are back.\nAsk away!"
    assert report["text"] == "Delivered: 2. Have blocked me: 0. Failed: 0."
    assert [(each.actor, each.action, each.detail) for each in records.audit.latest(5)] == [
        (BOSS, "broadcast", f"{report['text']} We are back. Ask away!"),
        (BOSS, "broadcast", "Sending: 0 of 2 We are back. Ask away!"),
    ]
    assert words.BROADCAST_ENDED in told(server, boss)


async def test_who_has_blocked_the_bot_is_counted_and_not_written_to_again(server: BotApiServer):
    boss, ann, bob = server.person(BOSS), server.person(ANN), server.person(BOB)
    records = known(Records(), ANN, BOB, 1234)  # whom Telegram does not know any more

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        bob.blocked = True
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to 3 people")
        await press(server, boss, asked, words.BROADCAST_YES)
        report = await shown(server, boss, "Delivered")
        await server.send_text(boss, boss, "/broadcast Again")
        again = await shown(server, boss, "That goes to 2 people")

    assert report["text"] == "Delivered: 1. Have blocked me: 1. Failed: 1."
    assert (told(server, ann), bool(again)) == (["Hello"], True)


async def test_it_goes_to_nobody_who_may_not_ask(server: BotApiServer):
    boss, ann, bob = server.person(BOSS), server.person(ANN), server.person(BOB)
    records = known(Records(), ANN, BOB, CARL)
    records.people.give(ANN, Role.ALLOWED)
    records.people.give(CARL, Role.BLOCKED)

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None, access="list"):
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to")
        await press(server, boss, asked, words.BROADCAST_YES)
        await shown(server, boss, "Delivered: 1")

    assert (told(server, ann), told(server, bob)) == (["Hello"], [])


async def test_cancel_stops_a_broadcast_and_the_report_counts_who_was_left(server: BotApiServer):
    boss, ann = server.person(BOSS), server.person(ANN)
    for id in range(100, 130):
        server.person(id)
    records = known(Records(), ANN, *range(100, 130))

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to 31 people")
        await server.press(boss, asked, data_of(asked, words.BROADCAST_YES))
        await server.wait_for(lambda: told(server, ann))
        await server.send_text(boss, boss, "/cancel")
        await shown(server, boss, words.BROADCAST_STOPPING)
        report = await shown(server, boss, "Stopped.")

    reached = sum(bool(told(server, id)) for id in (ANN, *range(100, 130)))
    assert 0 < reached < 31
    assert f"Delivered: {reached}." in report["text"]
    assert f"Not tried: {31 - reached}." in report["text"]


async def test_a_bot_that_is_stopped_stops_its_broadcast(server: BotApiServer):
    boss, ann = server.person(BOSS), server.person(ANN)
    records = known(Records(), ANN, *range(100, 300))

    async with asyncio.timeout(15), talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to")
        await server.press(boss, asked, data_of(asked, words.BROADCAST_YES))
        await server.wait_for(lambda: told(server, ann))

    assert told(server, boss)[-1].startswith("Stopped. Delivered: 1.")


async def test_a_broadcast_that_is_cut_off_is_reported_and_in_the_audit(
    server: BotApiServer, monkeypatch: pytest.MonkeyPatch
):
    boss, ann, bob = server.person(BOSS), server.person(ANN), server.person(BOB)
    records = known(Records(), ANN, BOB)
    monkeypatch.setattr("bot.broadcasting.LAST_WAIT", 0.05)

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to 2 people")
        server.stall("sendMessage", 0)  # it is begun,
        server.stall("sendMessage", 0)  # reaches one,
        server.retry_after("sendMessage", 60)  # and waits for the other
        await server.press(boss, asked, data_of(asked, words.BROADCAST_YES))
        await server.wait_for(lambda: len(server.called("sendMessage")) == 5)
        await server.quiet()

    reached = told(server, ann) + told(server, bob)
    said = "Stopped. Delivered: 1. Have blocked me: 0. Failed: 0. Not tried: 1."
    assert (reached, told(server, boss)[-1]) == (["Hello"], said)
    assert [each.detail for each in records.audit.latest(5)] == [
        f"{said} Hello",
        "Sending: 0 of 2 Hello",
    ]


async def test_the_audit_has_what_a_broadcast_reached_though_no_report_can_be_sent(
    server: BotApiServer, monkeypatch: pytest.MonkeyPatch
):
    boss, ann = server.person(BOSS), server.person(ANN)
    records = known(Records(), ANN)
    for limit in ("LAST_WAIT", "LAST_REPORT"):
        monkeypatch.setattr(f"bot.broadcasting.{limit}", 0.2)

    async with talking(server, Shelf(), records, admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, "/broadcast Hello")
        asked = await shown(server, boss, "That goes to 1 person")
        server.stall("sendMessage", 0)  # it is begun,
        server.retry_after("sendMessage", 60)  # and waits
        await server.press(boss, asked, data_of(asked, words.BROADCAST_YES))
        await server.wait_for(lambda: len(server.called("sendMessage")) == 4)
        await server.quiet()
        server.retry_after("editMessageText", 60, times=9)

    said = "Stopped. Delivered: 0. Have blocked me: 0. Failed: 0. Not tried: 1."
    assert told(server, ann) == []
    assert records.audit.latest(1)[0].detail == f"{said} Hello"


async def test_bold_words_and_links_arrive_as_they_were_written(server: BotApiServer):
    boss, ann = server.person(BOSS), server.person(ANN)
    entities = [
        {"type": "bold", "offset": 16, "length": 4},
        {"type": "text_link", "offset": 21, "length": 4, "url": "https://example.org/"},
    ]

    async with talking(server, Shelf(), known(Records(), ANN), admin_ids={BOSS}, pace=None):
        text = "/broadcast 🐈🐈 bold link"
        await server.send_text(boss, boss, text, entities=entities)
        asked = await shown(server, boss, "That goes to 1 person")
        await press(server, boss, asked, words.BROADCAST_YES)
        await shown(server, boss, "Delivered: 1")

    [sent] = server.bot_messages(ann)
    marked = [utf16_slice(sent["text"], e["offset"], e["length"]) for e in sent["entities"]]
    assert (sent["text"], marked) == ("🐈🐈 bold link", ["bold", "link"])


@pytest.mark.parametrize(
    ("written", "beginning"),
    [("/broadcast", words.BROADCAST_WHAT), ("/broadcast Hello", words.BROADCAST_NOBODY)],
)
async def test_without_words_or_people_there_is_nothing_to_send(
    server: BotApiServer, written: str, beginning: str
):
    boss = server.person(BOSS)

    async with talking(server, Shelf(), admin_ids={BOSS}, pace=None):
        await server.send_text(boss, boss, written)
        [only] = await said(server, boss)

    assert only["text"] == beginning


async def test_nobody_but_an_admin_broadcasts(server: BotApiServer):
    ann = server.person(ANN)

    async with talking(server, Shelf(), known(Records(), BOB), admin_ids={BOSS}, pace=None):
        await server.send_text(ann, ann, "/broadcast Hello")
        [only] = await said(server, ann)

    assert only["text"] == words.UNKNOWN_COMMAND


@given(st.text(max_size=50), st.integers(0, 60), st.integers(1, 30))
def test_what_follows_a_command_keeps_its_entities_in_place(rest: str, offset: int, length: int):
    text = "/broadcast\n" + rest
    entity = MessageEntity(MessageEntity.BOLD, offset, length)
    message = Message(1, datetime.now(UTC), Chat(1, "private"), text=text, entities=[entity])

    page = written_after_command(message)

    assert text.endswith(page.text)
    for each in page.entities:
        before = utf16(text) - utf16(page.text)
        assert each.offset + before == offset
