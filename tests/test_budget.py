"""A language model in chat: its prose above the quotes, tokens that run out, trouble told once."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

from bot import words
from bot.library import Library
from bot.records import Records
from bot.records.spending import Spent
from index.passages import Statement
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, citation, talking

BOSS = 99
TOLD = {
    "model": "small",
    "outcome": "written",
    "trouble": None,
    "calls": 1,
    "tokens read": 700,
    "tokens written": 50,
    "cost": 0.25,
    "milliseconds": 12.0,
    "subquestions": [],
    "cut": [{"sentence": "It costs 9 crowns.", "why": "a number is not there: 9"}],
}
TRACE = {
    "completed": "a cat?",
    "milliseconds": {},
    "looked for": {},
    "corrected": {},
    "confidence needed": 0.5,
    "generation": 1,
    "quoted": [],
    "retrieved": [],
    "left out": 0,
}


def prose(**told: object) -> Shelf:
    """A shelf whose answer a model wrote, with this in its trace."""
    answer = replace(
        Shelf.answer(citation()),
        prose=(Statement("Cats sleep for sixteen hours.", (1,)),),
        written_by="small",
        trace={**TRACE, "language model": {**TOLD, **told}},
    )
    return Shelf(reply=answer)


async def test_prose_stands_above_its_quotes_and_why_shows_what_was_cut(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, prose(), admin_ids={BOSS}):
        await server.send_text(boss, boss, "a cat?")
        await server.wait_for(lambda: server.bot_messages(boss))
        [answer] = server.bot_messages(boss)
        await server.send_text(boss, boss, "/why", reply_to=answer["message_id"])
        await server.wait_for(lambda: len(server.bot_messages(boss)) > 1)
        why = server.bot_messages(boss)[1]["text"]

    assert answer["text"].startswith("Cats sleep for sixteen hours. [1]\n\n[1] Cats")
    assert "Language model: small: written" in why
    assert "700 read, 50 written in 1 calls" in why
    assert "a number is not there: 9 – It costs 9 crowns." in why


async def test_tokens_are_counted_for_a_person_and_run_out(server: BotApiServer):
    person, boss, shelf, records = server.person(7), server.person(BOSS), prose(), Records()

    async with talking(server, shelf, records, admin_ids={BOSS}, llm_tokens_a_day=1_000):
        for asker in (person, person, person, boss):
            before = len(shelf.asked)
            await server.send_text(asker, asker, "a cat?")
            await server.wait_for(lambda count=before: len(shelf.asked) > count)
            await server.wait_for(
                lambda count=before: records.spending.since(0).tokens == 750 * (count + 1)
            )

    assert shelf.tokens == [1_000, 250, 0, None]
    assert records.spending.since(0) == Spent(3_000, 1.0)


async def test_tokens_and_cost_stand_in_the_statistics(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, prose(), admin_ids={BOSS}):
        await server.send_text(boss, boss, "a cat?")
        await server.wait_for(lambda: server.bot_messages(boss))
        await server.send_text(boss, boss, "/stats")
        await server.wait_for(lambda: len(server.bot_messages(boss)) > 1)
        told = server.bot_messages(boss)[1]

    assert "Language model: 750 tokens, cost 0.25" in (told.get("caption") or told["text"])


async def test_the_owner_hears_once_that_the_model_fails_and_again_after_it_worked(
    server: BotApiServer,
):
    boss, shelf = server.person(BOSS), prose(trouble="status 500", **{"tokens written": 0})
    bad, good = shelf.reply, prose().reply

    async with talking(server, shelf, admin_ids={BOSS}):
        for at, reply in enumerate((bad, bad, good, bad), start=1):
            shelf.reply = reply
            await server.send_text(boss, boss, "a cat?")
            await server.wait_for(lambda count=at: len(answers(server, boss)) == count)
        await server.wait_for(lambda: len(notices(server, boss)) == 2)

    assert (
        notices(server, boss)
        == [words.MODEL_TROUBLE.format(model="small", reason="status 500")] * 2
    )


async def test_a_question_that_is_stopped_stops_the_model_too():
    began, goes_on = threading.Event(), threading.Event()

    def work(_: str) -> None:
        began.set()
        goes_on.wait(10)

    shelf = Shelf(before=work)
    asking = asyncio.create_task(Library(shelf).ask("a cat?", ()))
    await asyncio.to_thread(began.wait, 10)
    before = shelf.cancelled()

    asking.cancel()
    await asyncio.wait([asking])

    assert (before, shelf.cancelled()) == (False, True)
    goes_on.set()


def test_who_is_forgotten_leaves_sums_behind_and_no_trace():
    now = [1_000_000.0]
    records = Records(clock=lambda: now[0])
    records.spending.add(7, Spent(10, 0.5))
    now[0] += 24 * 3600
    records.spending.add(7, Spent(3, 0.1))

    records.forget(7)

    assert records.spending.today(7) == 3
    rows = records.database.rows("SELECT person, tokens FROM spent ORDER BY day")
    assert [tuple(row) for row in rows] == [(0, 10), (7, 3)]


def answers(server, chat):
    return [each for each in server.bot_messages(chat) if "Cats sleep" in each["text"]]


def notices(server, chat):
    texts = [each["text"] for each in server.bot_messages(chat)]
    return [each for each in texts if "several times in a row" in each]
