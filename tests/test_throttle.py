"""How fast is sent, and what is sent again."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut
from telegram.ext import ApplicationBuilder

from bot.throttle import LONGEST_WAIT, TYPING, Pace, Throttle, was_not_sent
from tests.bot_api import BotApiServer


class Requests:
    """Raises its errors one after the other, then succeeds; knows when it was called."""

    def __init__(self, *errors: Exception) -> None:
        self._errors, self.times = list(errors), []

    async def __call__(self) -> bool:
        self.times.append(time.monotonic())
        if self._errors:
            raise self._errors.pop(0)
        return True


async def sent(
    throttle: Throttle, callback: Any, chat: int | None = 7, endpoint: str = "sendMessage"
) -> Any:
    return await throttle.process_request(callback, (), {}, endpoint, {"chat_id": chat}, None)


def unsent() -> NetworkError:
    error = NetworkError("no connection")
    error.__cause__ = httpx.ConnectError("refused")
    return error


async def test_a_request_waits_as_long_as_telegram_says():
    requests = Requests(RetryAfter(timedelta(seconds=0.2)))

    await sent(Throttle(), requests)

    assert requests.times[1] - requests.times[0] >= 0.2


async def test_a_look_at_a_group_takes_nothing_from_what_may_be_sent_there():
    throttle = Throttle(Pace(group=(2, 60.0)))
    for _ in range(3):
        await sent(throttle, Requests(), chat=-5, endpoint="getChatMember")

    async with asyncio.timeout(5):
        for _ in range(2):
            await sent(throttle, Requests(), chat=-5)


async def test_other_chats_go_on_while_one_waits():
    throttle, slow, quick = Throttle(), Requests(RetryAfter(timedelta(seconds=0.5))), Requests()

    waiting = asyncio.create_task(sent(throttle, slow, chat=7))
    await asyncio.sleep(0.05)
    await sent(throttle, quick, chat=8)
    done_first = not waiting.done()
    await waiting

    assert done_first


async def test_a_request_that_never_left_is_made_again():
    requests = Requests(unsent())

    assert await sent(Throttle(), requests)
    assert len(requests.times) == 2


@pytest.mark.parametrize("error", [TimedOut(), NetworkError("502"), BadRequest("no")])
async def test_a_request_whose_outcome_is_unknown_or_final_is_not_made_again(error: Exception):
    requests = Requests(error)

    with pytest.raises(type(error)):
        await sent(Throttle(), requests)

    assert (len(requests.times), was_not_sent(error)) == (1, False)


async def test_a_private_chat_is_paced_after_a_burst():
    throttle, requests = Throttle(), Requests()

    burst, _ = Pace().private
    for _ in range(burst + 1):
        await sent(throttle, requests)

    assert requests.times[burst - 1] - requests.times[0] < 0.5
    assert requests.times[burst] - requests.times[0] >= 0.9


async def test_typing_signs_leave_room_for_the_messages_of_a_group():
    throttle, requests = Throttle(), Requests()

    limit, _ = Pace().group
    for _ in range(limit):
        await sent(throttle, requests, chat=-5, endpoint="sendChatAction")

    assert 0 < len(requests.times) <= limit // 2 + 1


async def test_a_crowd_is_shown_no_more_typing_than_leaves_room_for_its_answers():
    throttle, requests = Throttle(None), Requests()

    for chat in range(1, 101):
        await sent(throttle, requests, chat=chat, endpoint="sendChatAction")
    for chat in range(1, 101):
        await sent(throttle, requests, chat=chat)

    most, seconds = TYPING
    assert (
        most
        <= len(requests.times) - 100
        <= most * (1 + (requests.times[-1] - requests.times[0]) / seconds)
    )


async def test_a_message_waits_however_often_telegram_asks_it_to():
    requests = Requests(*(RetryAfter(timedelta(seconds=0.01)) for _ in range(9)))

    assert await sent(Throttle(None), requests)
    assert len(requests.times) == 10


async def test_what_is_for_no_chat_does_not_wait_for_long():
    requests = Requests(RetryAfter(int(LONGEST_WAIT) + 1))

    with pytest.raises(RetryAfter):
        await sent(Throttle(), requests, chat=None, endpoint="setMyCommands")

    assert len(requests.times) == 1


async def test_a_chat_that_sends_much_takes_its_turn_among_the_others():
    throttle, order = Throttle(Pace(private=(99, 1.0), overall=(1, 0.02))), []

    async def send(chat: int) -> None:
        async def note() -> bool:
            order.append(chat)
            await asyncio.sleep(0)
            return True

        await sent(throttle, note, chat=chat)

    async def send_many(chat: int) -> None:
        for _ in range(5):
            await send(chat)

    await asyncio.gather(send_many(7), send(8), send(9))

    assert (order[0], set(order[1:3])) == (7, {8, 9})


async def test_a_request_goes_on_when_nobody_waits_for_it_any_more():
    arrived = asyncio.Event()

    async def request() -> None:
        await asyncio.sleep(0.02)
        arrived.set()
        raise TimedOut

    waiting = asyncio.create_task(sent(Throttle(), request))
    await asyncio.sleep(0.01)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5):
        await arrived.wait()


async def test_waiters_that_are_cancelled_leave_the_connections_to_others(server: BotApiServer):
    server.person(7)
    chance = random.Random(1)
    application = (
        ApplicationBuilder()
        .token(server.token)
        .base_url(server.base_url)
        .connection_pool_size(4)
        .pool_timeout(2)
        .rate_limiter(Throttle(None))
        .build()
    )

    async def given_up(bot: Bot) -> None:
        waiting = asyncio.create_task(bot.send_chat_action(7, "typing"))
        await asyncio.sleep(0.01 * chance.random())
        waiting.cancel()
        with suppress(asyncio.CancelledError, TimedOut):
            await waiting

    async with application.bot as bot:
        for _ in range(40):
            await asyncio.gather(*(given_up(bot) for _ in range(8)))
        sent = await bot.send_message(7, "here")

    assert sent.text == "here"
