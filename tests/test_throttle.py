"""How fast is sent, what is sent again, and which updates wait for which."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import Chat, Message, Update
from telegram.error import BadRequest, NetworkError, RetryAfter, TimedOut

from bot.ordering import ChatOrder
from bot.throttle import BURST, LONGEST_WAIT, PER_GROUP, Throttle, was_not_sent


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
    throttle: Throttle, callback: Any, chat: int = 7, endpoint: str = "sendMessage"
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


@pytest.mark.parametrize(
    "error", [TimedOut(), NetworkError("502"), BadRequest("no"), RetryAfter(int(LONGEST_WAIT) + 1)]
)
async def test_a_request_whose_outcome_is_unknown_or_final_is_not_made_again(error: Exception):
    requests = Requests(error)

    with pytest.raises(type(error)):
        await sent(Throttle(), requests)

    assert (len(requests.times), was_not_sent(error)) == (1, False)


async def test_a_private_chat_is_paced_after_a_burst():
    throttle, requests = Throttle(), Requests()

    for _ in range(BURST + 1):
        await sent(throttle, requests)

    assert requests.times[BURST - 1] - requests.times[0] < 0.5
    assert requests.times[BURST] - requests.times[0] >= 0.9


async def test_typing_signs_leave_room_for_the_messages_of_a_group():
    throttle, requests = Throttle(), Requests()

    for _ in range(PER_GROUP):
        await sent(throttle, requests, chat=-5, endpoint="sendChatAction")

    assert 0 < len(requests.times) <= PER_GROUP // 2 + 1


# --- order ---


def update(chat: int) -> Update:
    message = Message(1, None, Chat(chat, "private"))  # type: ignore[arg-type]
    return Update(1, message=message)


async def test_a_chat_that_floods_takes_one_place_alone():
    order, done, gate = ChatOrder(2), [], asyncio.Event()

    async def slow(number: int) -> None:
        await gate.wait()
        done.append(number)

    async def quick() -> None:
        done.append("quick")

    flood = [asyncio.create_task(order.process_update(update(7), slow(n))) for n in range(5)]
    await asyncio.sleep(0)
    await asyncio.wait_for(order.process_update(update(8), quick()), 1)
    gate.set()
    await asyncio.gather(*flood)

    assert done == ["quick", 0, 1, 2, 3, 4]


async def test_at_most_so_many_chats_are_served_at_once():
    order, now, most = ChatOrder(2), 0, 0

    async def work() -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1

    await asyncio.gather(*(order.process_update(update(chat), work()) for chat in range(6)))

    assert most == 2
