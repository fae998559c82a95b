"""How often somebody may ask, in a minute and in a day."""

from __future__ import annotations

from bot.limits import WINDOW, Limits
from bot.records import Records
from bot.records.state import DAY


class Clock:
    """Stands still until it is moved."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def limits(clock: Clock | None = None, *, per_minute: int = 20, per_day: int = 0) -> Limits:
    clock = clock or Clock()
    records = Records(clock=clock)
    return Limits(records.asked, per_minute=per_minute, per_day=per_day, clock=clock)


async def test_questions_over_the_limit_are_declined_until_the_minute_is_over():
    clock = Clock()
    some = limits(clock, per_minute=2)

    first = [(await some.admit(7)).welcome for _ in range(3)]
    clock.now = WINDOW
    later = (await some.admit(7)).welcome

    assert (first, later) == ([True, True, False], True)


async def test_a_decline_is_said_once_a_minute_and_says_for_how_long():
    clock = Clock()
    some = limits(clock, per_minute=1)
    await some.admit(7)
    clock.now = 20.0

    declined = [await some.admit(7), await some.admit(7)]

    assert [(each.seconds, each.sentence_due) for each in declined] == [(40.0, True), (40.0, False)]


async def test_people_are_counted_apart():
    some = limits(per_minute=1, per_day=1)

    assert [(await some.admit(person)).welcome for person in (7, 8)] == [True, True]


async def test_the_limit_of_the_day_holds_until_midnight():
    clock = Clock(DAY / 2)
    some = limits(clock, per_day=2)

    today = [await some.admit(7) for _ in range(3)]
    clock.now = DAY
    tomorrow = await some.admit(7)

    assert [each.welcome for each in (*today, tomorrow)] == [True, True, False, True]
    assert (today[2].seconds, today[2].sentence_due, today[2].whole_day) == (DAY / 2, True, True)


async def test_who_is_exempt_is_not_counted_for_the_day():
    some = limits(per_day=1)

    assert all([(await some.admit(7, all_day=True)).welcome for _ in range(3)])


async def test_what_the_minute_declined_is_not_counted_for_the_day():
    clock = Clock()
    some = limits(clock, per_minute=1, per_day=2)

    for _ in range(5):
        await some.admit(7)
    clock.now = WINDOW

    assert (await some.admit(7)).welcome


async def test_a_count_that_cannot_be_written_costs_nobody_an_answer():
    records = Records()
    records.database.rows("PRAGMA query_only=ON")  # as on a full disk
    some = Limits(records.asked, per_day=1)

    assert (await some.admit(7)).welcome
