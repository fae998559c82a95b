"""How much was asked, how it fared and how fast."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.chart import Bar, drawn, nice
from bot.records import Records
from bot.records.answers import Answered
from bot.statistics import counted
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking

BOSS = 99
DAY = datetime(2026, 11, 20, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n"


def answer(
    day: int = 0, *, answered: bool = True, seconds: float = 1.0, up: int = 0, down: int = 0
):
    at = int((DAY + timedelta(days=day)).timestamp())
    return Answered(
        chat=7, asker=7, question="?", answered=answered, seconds=seconds, generation=1,
        at=at, up=up, down=down,
    )  # fmt: skip


def test_questions_are_counted_by_day_and_shares_are_of_all():
    some = [
        *(answer(seconds=number / 10) for number in range(1, 20)),
        answer(2, answered=False, seconds=9.0, up=3, down=1),
    ]

    figures = counted(some, DAY.date(), (DAY + timedelta(days=2)).date())

    assert [parts for _, *parts in figures.days] == [[19, 0], [0, 0], [0, 1]]
    assert (figures.questions, figures.refused, figures.helpful) == (20, 0.05, 0.75)
    assert (figures.median, figures.slow) == (1.0, 1.9)


def test_of_nothing_nothing_is_said():
    figures = counted([], DAY.date(), DAY.date())

    assert (figures.refused, figures.helpful, figures.median, figures.slow) == (None,) * 4


async def test_statistics_come_as_a_picture_with_its_numbers_below(server: BotApiServer):
    boss, records = server.person(BOSS), Records()
    for answered in (True, True, False):
        note = Answered(chat=7, asker=7, question="?", answered=answered, seconds=0.5, generation=1)
        records.answers.vote(records.answers.note(note, []), 7, up=answered)

    async with talking(server, Shelf(), records, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/stats 7")
        await server.wait_for(lambda: server.bot_messages(boss))
        [sent] = server.bot_messages(boss)

    assert server.files[sent["photo"][0]["file_id"]].content.startswith(PNG)
    assert sent["caption"].split("\n")[:5] == [
        "3 questions in 7 days",
        "A day: 0.43",
        "Refused: 33%",
        "Helpful: 67% of 3 votes",
        "Seconds: half within 0.50 s, 95 % within 0.50 s",
    ]


async def test_without_questions_there_is_a_sentence(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, Shelf(), admin_ids={BOSS}):
        await server.send_text(boss, boss, "/stats nonsense")
        await server.wait_for(lambda: server.bot_messages(boss))
        [told] = server.bot_messages(boss)

    assert told["text"] == words.STATS_NONE.format(days="30 days")


@pytest.mark.parametrize("bars", [[Bar("1", 0, 0)], [Bar("1", 1, 0)] * 90, [Bar("1", 10**6, 9)]])
def test_any_bars_make_a_picture(bars: list[Bar]):
    assert drawn(bars).startswith(PNG)


@given(st.integers(0, 10**9))
def test_the_scale_is_round_and_high_enough(highest: int):
    top = nice(highest)

    assert top >= highest
    assert (top % 4, set(str(top)[1:]) | {"0"}) == (0, {"0"})
