"""Which updates wait for which, how many may wait, and who is told so."""

from __future__ import annotations

import asyncio
import threading

from bot import words
from bot.line import Line
from bot.ordering import WAITING_IN_A_LANE
from bot.records import Records
from bot.records.people import Role
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.shelf import Shelf, talking
from tests.test_app import ADMIN, ANSWER, EVIDENCE, QUESTION, replies, texts


class Gate:
    """Holds questions with this word in them until it is opened."""

    def __init__(self, word: str = "slow") -> None:
        self._word, self._open = word, threading.Event()

    def __call__(self, question: str) -> None:
        if self._word in question:
            self._open.wait(10)

    def open(self) -> None:
        self._open.set()


# --- within a chat ---


async def test_a_button_does_not_wait_for_a_long_question(server: BotApiServer):
    ann, gate = server.person(7), Gate()

    async with talking(server, Shelf(before=gate)):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.send_text(ann, ann, "slow cat?")
        await server.press(ann, answer, next(buttons(answer))["callback_data"])
        [opened] = await server.wait_for(lambda: server.bot_messages(ann)[1:])
        gate.open()
        said = await replies(server, ann, 3)

    assert EVIDENCE in opened["text"]
    assert texts(said)[2] == ANSWER


async def test_a_command_does_not_wait_for_a_long_question(server: BotApiServer):
    boss, gate = server.person(ADMIN), Gate()

    async with talking(server, Shelf(before=gate), admin_ids={ADMIN}):
        await server.send_text(boss, boss, "slow cat?")
        await server.send_text(boss, boss, "/cancel")
        [first] = await server.wait_for(lambda: server.bot_messages(boss))
        gate.open()
        await replies(server, boss, 2)

    assert first["text"] == words.NOTHING_RUNS


async def test_what_changes_the_conversation_waits_for_the_question_before_it(
    server: BotApiServer,
):
    ann, gate, shelf = server.person(7), Gate(), Shelf()
    shelf.before = gate

    async with talking(server, shelf):
        await server.send_text(ann, ann, "slow cat?")
        await server.send_text(ann, ann, "/new")
        await server.send_text(ann, ann, "/ask and a dog?")
        await server.wait_for(lambda: shelf.asked)
        gate.open()
        said = await replies(server, ann, 3)

    assert texts(said) == [ANSWER, words.FORGOTTEN, "The documents don't say."]
    assert shelf.asked[1][1] == []


async def test_a_chat_with_too_many_messages_is_told_so_once(server: BotApiServer):
    ann, gate = server.person(7), Gate()

    async with talking(server, Shelf(before=gate), pace=None, questions_per_minute=100):
        await server.send_text(ann, ann, "slow cat?")
        for _ in range(WAITING_IN_A_LANE + 5):
            await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.bot_messages(ann))
        gate.open()
        said = texts(await replies(server, ann, WAITING_IN_A_LANE + 2))

    assert said[0] == words.FULL.format(count=WAITING_IN_A_LANE)
    assert said[1:] == [ANSWER] * (WAITING_IN_A_LANE + 1)


async def test_the_blocked_are_not_told_that_a_chat_is_full(server: BotApiServer):
    ann, bob, gate, records = server.person(7), server.person(8), Gate(), Records()
    records.people.give(8, Role.BLOCKED)
    group = server.group(-5, members=[ann, bob])

    async with talking(server, Shelf(before=gate), records, pace=None, questions_per_minute=100):
        await server.send_text(group, ann, "/ask slow cat?")
        for _ in range(WAITING_IN_A_LANE):
            await server.send_text(group, ann, f"/ask {QUESTION}")
        await server.send_text(group, bob, f"/ask {QUESTION}")
        await server.send_text(group, ann, f"/ask {QUESTION}")
        await server.wait_for(lambda: server.bot_messages(group))
        gate.open()
        said = await replies(server, group, WAITING_IN_A_LANE + 2)

    told = [each for each in said if each["text"] == words.FULL.format(count=WAITING_IN_A_LANE)]
    assert [each["reply_to_message"]["from"]["id"] for each in told] == [7]
    assert len(said) == WAITING_IN_A_LANE + 2


async def test_what_others_say_in_a_group_waits_for_nobody_and_fills_nothing(
    server: BotApiServer,
):
    ann, gate = server.person(7), Gate()
    group = server.group(-5, members=[ann])

    async with talking(server, Shelf(before=gate)):
        await server.send_text(group, ann, "/ask slow cat?")
        for _ in range(2 * WAITING_IN_A_LANE):
            await server.send_text(group, ann, "nobody is meant")
        await server.send_text(group, ann, "/ask quick cat?")
        await server.wait_for(lambda: not server.updates)
        gate.open()
        said = await replies(server, group, 2)

    assert texts(said) == [ANSWER, ANSWER]


# --- among chats ---


async def test_chats_that_wait_for_telegram_hold_nobody_else_up(server: BotApiServer):
    held, ann = [server.person(id) for id in range(2, 6)], server.person(7)
    server.retry_after("sendMessage", 600, times=4)

    async with talking(server, Shelf(), concurrent_updates=1, grace=0.1):
        for one in held:
            await server.send_text(one, one, QUESTION)
        await server.wait_for(lambda: len(server.called("sendMessage")) == 4)
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [ANSWER]


async def test_who_waits_long_is_told_their_place(server: BotApiServer):
    people, gate = [server.person(id) for id in range(2, 10)], Gate("slow")

    async with talking(server, Shelf(before=gate), concurrent_updates=1, patience=0.2):
        await server.send_text(people[0], people[0], "slow cat?")
        await server.wait_for(lambda: server.called("sendChatAction"))
        for one in people[1:]:
            await server.send_text(one, one, QUESTION)
        await server.wait_for(lambda: all(server.bot_messages(one) for one in people[1:]))
        gate.open()
        for one in people[1:]:
            await replies(server, one, 2)

    said = [texts(server.bot_messages(one)) for one in people]
    places = {words.BUSY.format(place=place) for place in range(1, len(people))}
    assert said[0] == [ANSWER]
    assert {told for told, _ in said[1:]} == places
    assert {answer for _, answer in said[1:]} == {ANSWER}


async def nobody(_: int) -> None:
    raise AssertionError("nobody waits long")


async def test_a_line_serves_in_the_order_of_coming_and_so_many_at_once():
    line, served, now, most = Line(2), [], 0, 0

    async def ask(number: int) -> None:
        nonlocal now, most
        async with line.turn(nobody):
            now += 1
            most = max(most, now)
            served.append(number)
            await asyncio.sleep(0.01)
            now -= 1

    await asyncio.gather(*map(ask, range(6)))

    assert (served, most) == ([0, 1, 2, 3, 4, 5], 2)


async def test_who_leaves_a_line_leaves_their_place_to_the_next():
    line, gate = Line(1), asyncio.Event()

    async def hold() -> str:
        async with line.turn(nobody):
            await gate.wait()
            return "served"

    first, second, third = (asyncio.create_task(hold()) for _ in range(3))
    await asyncio.sleep(0)
    second.cancel()
    first.cancel()
    gate.set()

    assert await third == "served"
    assert await asyncio.wait_for(hold(), 1) == "served"


async def test_who_holds_a_place_and_who_waits_long_for_it_can_be_cancelled_together():
    line, waits = Line(1, patience=0), asyncio.Event()

    async def tell(_: int) -> None:
        waits.set()

    async def hold() -> None:
        async with line.turn(tell):
            await asyncio.Event().wait()

    async def ask() -> str:
        async with line.turn(nobody):
            return "served"

    holds, waiting = asyncio.create_task(hold()), asyncio.create_task(hold())
    await asyncio.wait_for(waits.wait(), 10)
    holds.cancel()
    waiting.cancel()
    ended = await asyncio.gather(holds, waiting, return_exceptions=True)

    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2
    assert await asyncio.wait_for(ask(), 10) == "served"


async def test_who_is_cancelled_as_their_turn_comes_leaves_it_to_the_next():
    line, gate = Line(1), asyncio.Event()

    async def ask() -> str:
        async with line.turn(nobody):
            return "served"

    async def hold() -> None:
        async with line.turn(nobody):
            await gate.wait()
        second.cancel()  # whose turn it is since this very moment

    first, second, third = map(asyncio.create_task, (hold(), ask(), ask()))
    await asyncio.sleep(0)
    gate.set()

    assert await asyncio.wait_for(third, 10) == "served"
    assert (first.done(), second.cancelled()) == (True, True)
