"""Signs of work: typing, 👀 in groups, a draft in private. None of them costs an answer."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable

import pytest
from telegram import Bot

from bot.outbox import Target
from bot.signs import KEEP_ALIVE, Signs
from bot.throttle import Pace
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import ANSWER, QUESTION, replies, texts

EYES = [{"type": "emoji", "emoji": "👀"}]


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with server.client() as bot:
        yield bot


def quick(bot: Bot) -> Signs:
    return Signs(bot, patience=0.01, pace=0.01)


# --- drafts ---


async def test_what_is_written_is_shown_as_one_draft_that_grows(server: BotApiServer, bot: Bot):
    ann = server.person(7)

    async with quick(bot).drafting(Target(7)) as draft:
        await server.wait_for(lambda: server.drafts(ann))
        draft.show("Sixteen")
        await server.wait_for(lambda: len(server.drafts(ann)) == 2)
        draft.show("Sixteen hours.")
        await server.wait_for(lambda: len(server.drafts(ann)) == 3)

    drafts = server.drafts(ann)
    assert [each["text"] for each in drafts] == ["", "Sixteen", "Sixteen hours."]
    assert len({each["draft_id"] for each in drafts}) == 1


async def test_a_draft_is_sent_again_before_telegram_takes_it_away(
    server: BotApiServer, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    ann = server.person(7)
    monkeypatch.setattr("bot.signs.KEEP_ALIVE", 0.02)

    async with quick(bot).drafting(Target(7)) as draft:
        draft.show("Sixteen")
        await server.wait_for(lambda: len(server.drafts(ann)) >= 3)

    assert KEEP_ALIVE < 30
    assert {each["text"] for each in server.drafts(ann)} == {"Sixteen"}


async def test_a_quick_answer_has_no_draft(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        await replies(server, ann)

    assert server.drafts(ann) == []


async def test_a_slow_answer_is_drafted_and_sent_once(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()

    def written(told: Callable[[str], None]) -> None:
        told("Sixteen h")
        gate.wait(5)

    async with talking(server, Shelf(written=written)):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.drafts(ann))
        gate.set()
        said = await replies(server, ann)

    assert (texts(said), server.drafts(ann)[0]["text"]) == ([ANSWER], "Sixteen h")


async def test_no_draft_comes_after_the_answer(server: BotApiServer, bot: Bot):
    ann = server.person(7)
    server.stall("sendMessageDraft", 0.2)

    async with quick(bot).drafting(Target(7)) as draft:
        draft.show("Sixteen")
        await asyncio.sleep(0.05)
    before = len(server.called("sendMessageDraft"))
    await server.quiet()

    assert (before, len(server.drafts(ann))) == (1, 1)


@pytest.mark.parametrize(("status", "reason"), [(404, "Not Found"), (400, "Bad Request: no")])
async def test_a_server_that_refuses_drafts_is_not_asked_again(
    server: BotApiServer, bot: Bot, status: int, reason: str
):
    server.person(7)
    server.fail_next("sendMessageDraft", status, reason, times=9)
    signs = quick(bot)

    for _ in range(3):
        async with signs.drafting(Target(7)) as draft:
            draft.show("Sixteen")
            await server.quiet()

    assert len(server.called("sendMessageDraft")) == 1


async def test_there_are_no_drafts_in_groups(
    server: BotApiServer, bot: Bot, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("bot.signs.SIGN_AFTER", 0.01)
    server.group(-5)

    signs = quick(bot)
    async with signs.typing(Target(-5)), signs.drafting(Target(-5)) as draft:
        draft.show("Sixteen")
        await server.wait_for(lambda: server.called("sendChatAction"))
        await server.quiet()

    assert server.called("sendMessageDraft") == []


@pytest.mark.parametrize("chat", [7, -5])
async def test_an_answer_that_is_there_at_once_needs_no_sign(server: BotApiServer, chat: int):
    ann = server.person(7)
    server.group(-5, members=[ann])

    async with talking(server, Shelf()):
        await server.send_text(chat, ann, f"/ask {QUESTION}")
        await replies(server, chat)

    assert [call.method for call in server.calls if call.method != "setMyCommands"] == [
        "getMe",
        "deleteWebhook",
        "sendMessage",
    ]


# --- 👀 ---


async def test_in_a_group_the_bot_looks_at_the_question_until_it_has_answered(
    server: BotApiServer,
):
    ann, gate = server.person(7), threading.Event()
    group = server.group(-5, members=[ann])

    async with talking(server, Shelf(before=lambda _: gate.wait(5) and None)):
        asked = await server.send_text(group, ann, f"/ask {QUESTION}")
        mark = (asked["message_id"], server.bot["id"])
        await server.wait_for(lambda: group.reactions.get(mark) == EYES)
        gate.set()
        said = await replies(server, group)

    assert (texts(said), group.reactions[mark]) == ([ANSWER], [])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No answer is there sooner than the first sign."""
    monkeypatch.setattr("bot.signs.SIGN_AFTER", 0)


def slowly(_: str) -> None:
    time.sleep(0.1)


@pytest.mark.usefixtures("at_once")
async def test_in_a_busy_group_the_sign_is_taken_from_each_question_that_had_it(
    server: BotApiServer,
):
    ann = server.person(7)
    group = server.group(-5, members=[ann])

    def signs(shown: bool) -> list[int]:
        calls = server.called("setMessageReaction")
        return sorted(
            int(each.parameters["message_id"])
            for each in calls
            if bool(each.parameters.get("reaction")) is shown
        )

    async with talking(server, Shelf(before=slowly), pace=Pace(group=(4, 2.0))):
        for _ in range(4):
            await server.send_text(group, ann, f"/ask {QUESTION}")
        await replies(server, group, 4)
        await server.wait_for(lambda: not any(group.reactions.values()))
        await server.quiet()

    assert signs(True)
    assert signs(False) == signs(True)


async def test_taking_a_sign_away_is_tried_again_when_telegram_has_it_wait(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()
    group = server.group(-5, members=[ann])

    async with talking(server, Shelf(before=lambda _: gate.wait(5) and None)):
        await server.send_text(group, ann, f"/ask {QUESTION}")
        await server.wait_for(lambda: EYES in group.reactions.values())
        server.retry_after("setMessageReaction", 1)
        gate.set()
        await replies(server, group)
        await server.wait_for(lambda: EYES not in group.reactions.values())

    assert len(server.called("setMessageReaction")) == 3


@pytest.mark.usefixtures("at_once")
async def test_a_reaction_that_takes_long_holds_nobody_up(server: BotApiServer):
    ann = server.person(7)
    group = server.group(-5, members=[ann])
    server.stall("setMessageReaction", 60, times=9)

    async with talking(server, Shelf(before=slowly)):
        for count in (1, 2):
            await server.send_text(group, ann, f"/ask {QUESTION}")
            await server.wait_for(lambda n=count: len(server.bot_messages(group)) == n)

    assert texts(server.bot_messages(group)) == [ANSWER, ANSWER]


async def test_in_private_it_does_not(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        await replies(server, ann)

    assert server.called("setMessageReaction") == []


@pytest.mark.usefixtures("at_once")
async def test_a_group_that_takes_no_reactions_is_answered_and_not_tried_again(
    server: BotApiServer,
):
    ann = server.person(7)
    group = server.group(-5, members=[ann])
    server.fail_next("setMessageReaction", 400, "Bad Request: REACTION_INVALID", times=9)

    async with talking(server, Shelf(before=slowly)):
        for count in (1, 2):
            await server.send_text(group, ann, f"/ask {QUESTION}")
            said = await replies(server, group, count)

    assert (texts(said), len(server.called("setMessageReaction"))) == ([ANSWER, ANSWER], 1)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("method", ["setMessageReaction", "sendChatAction"])
async def test_a_sign_that_fails_costs_no_answer(server: BotApiServer, method: str):
    ann = server.person(7)
    group = server.group(-5, members=[ann])
    server.drop(method, times=9)

    async with talking(server, Shelf(before=slowly)):
        await server.send_text(group, ann, f"/ask {QUESTION}")
        said = await replies(server, group)

    assert (texts(said), bool(server.called(method))) == ([ANSWER], True)
