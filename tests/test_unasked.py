"""What looks like a question and is none, through a real bot."""

from __future__ import annotations

import time

import pytest

from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import ANSWER, QUESTION, replies, texts

HOUR = 3600


async def told(server: BotApiServer, chat: object) -> list[str]:
    """What the bot said, once it has looked at all it was sent."""
    await server.wait_for(lambda: not server.updates)
    return texts(await replies(server, chat, 0))


@pytest.mark.parametrize("seconds", [0, 2 * HOUR])
async def test_an_edit_that_nobody_made_is_not_answered(server: BotApiServer, seconds: int):
    """Telegram sends one after a first reaction, for example, without a time of editing."""
    ann = server.person(7)
    group = server.group(-100, members=[ann])

    async with talking(server, Shelf()):
        asked = await server.send_text(group, ann, f"/ask {QUESTION}")
        await replies(server, group)
        server.add_update("edited_message", asked | {"date": asked["date"] - seconds})
        said = await told(server, group)

    assert said == [ANSWER]


@pytest.mark.parametrize("seconds", [0, 2 * HOUR])
async def test_an_edit_that_changes_no_word_is_not_answered(server: BotApiServer, seconds: int):
    ann = server.person(7)

    async with talking(server, Shelf()):
        asked = await server.send_text(ann, ann, "a dog?")
        await replies(server, ann)
        edited = await server.edit_text(asked, QUESTION)
        await replies(server, ann, 2)
        server.add_update("edited_message", edited | {"edit_date": int(time.time()) - seconds})
        said = await told(server, ann)

    assert said == ["The documents don't say.", ANSWER]


async def test_a_question_that_is_edited_back_is_answered_each_time(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        asked = await server.send_text(ann, ann, QUESTION)
        await server.edit_text(asked, "a dog?")
        await server.edit_text(asked, QUESTION)
        said = texts(await replies(server, ann, 3))

    assert said == [ANSWER, "The documents don't say.", ANSWER]


async def test_an_edited_link_or_call_for_a_file_asks_nothing(server: BotApiServer):
    ann = server.person(7)
    group = server.group(-100, members=[ann])

    async with talking(server, Shelf()):
        held = await server.send_document(group, ann, b"Cats sleep.", "cats.txt")
        called = await server.send_text(group, ann, "between ourselves", reply_to=held)
        await server.edit_text(called, "@quoth_bot")
        linked = await server.send_text(group, ann, "between ourselves")
        await server.edit_text(linked, "@quoth_bot https://example.org/cats")
        said = await told(server, group)

    assert said == []


async def test_a_quote_that_somebody_sends_through_the_bot_asks_nothing(server: BotApiServer):
    ann, another = server.person(7), server.person(8)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION, via_bot=server.bot)
        await server.send_text(ann, ann, "a dog?", via_bot=another.as_json() | {"is_bot": True})
        said = await told(server, ann)

    assert said == ["The documents don't say."]
