"""/why: an admin replies to an answer and is told how it came about; nobody else is."""

from __future__ import annotations

from bot import words
from bot.explaining import KEPT_ANSWERS, Explanations, explained
from bot.pages import pages
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.shelf import talking

ADMIN = 99
QUESTION = "who said the defense is unbreakable"


async def test_an_admin_is_told_how_an_answer_came_about(server: BotApiServer, sample: Index):
    boss = server.person(ADMIN, "Boss")

    async with talking(server, sample, admin_ids={ADMIN}):
        await server.send_text(boss, boss, QUESTION)
        await server.wait_for(lambda: server.bot_messages(boss), seconds=30)
        [answer] = server.bot_messages(boss)
        await server.send_text(boss, boss, "/why", reply_to=answer["message_id"])
        await server.wait_for(lambda: len(server.bot_messages(boss)) > 1, seconds=30)
        told = server.bot_messages(boss)[1]["text"]

    assert told.startswith(words.WHY)
    assert f"Looked for: {QUESTION}" in told
    assert "2021-09-04-panjshir-fighting" in told
    assert "retrieval" in told
    assert "generation" in told


async def test_why_without_an_answer_says_what_to_do(server: BotApiServer, sample: Index):
    boss = server.person(ADMIN, "Boss")

    async with talking(server, sample, admin_ids={ADMIN}):
        await server.send_text(boss, boss, "/why")
        await server.wait_for(lambda: server.bot_messages(boss), seconds=30)

    assert server.bot_messages(boss)[0]["text"] == words.WHY_UNKNOWN


async def test_a_stranger_gets_no_explanation(server: BotApiServer, sample: Index):
    ann = server.person(7, "Ann")

    async with talking(server, sample, admin_ids={ADMIN}):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.bot_messages(ann), seconds=30)
        [answer] = server.bot_messages(ann)
        await server.send_text(ann, ann, "/why", reply_to=answer["message_id"])
        await server.wait_for(lambda: len(server.bot_messages(ann)) > 1, seconds=30)
        told = server.bot_messages(ann)[1]["text"]

    assert words.WHY not in told
    assert "2021" not in told


def test_every_reply_of_the_index_can_be_explained(sample: Index):
    for question in (QUESTION, "who won the world cup?", "when did the lighthuose open?"):
        reply = sample.ask(question)

        page = pages(explained({**reply.trace, "confidence": reply.confidence}))[0]

        assert question in page.text


def test_the_oldest_traces_are_forgotten_first(sample: Index):
    reply = sample.ask(QUESTION)
    trace = {**reply.trace, "confidence": reply.confidence}
    kept = Explanations()
    for message in range(KEPT_ANSWERS + 1):
        kept.keep(1, [message], trace)

    assert kept.why(1, 0).text == words.WHY_UNKNOWN
    assert kept.why(1, 1).text.startswith(words.WHY)
    assert kept.why(2, 1).text == words.WHY_UNKNOWN
