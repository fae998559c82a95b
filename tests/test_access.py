"""Who may ask, and how often."""

from __future__ import annotations

from bot.access import WINDOW, Access


def test_everybody_may_ask_when_nobody_is_named():
    access = Access()

    assert access.may_ask(7, 7)


def test_only_the_named_and_admins_may_ask_when_somebody_is_named():
    access = Access(admins={1}, allowed={2, -5})

    asked = [access.may_ask(*who) for who in [(1, 1), (2, 2), (7, 7), (7, -5), (None, -6)]]

    assert asked == [True, True, False, True, False]


def test_questions_over_the_limit_are_declined_until_the_minute_is_over():
    now = [0.0]
    access = Access(per_minute=2, clock=lambda: now[0])

    first = [access.hear(7).welcome for _ in range(3)]
    now[0] = WINDOW
    later = access.hear(7).welcome

    assert (first, later) == ([True, True, False], True)


def test_a_decline_is_said_once_and_says_for_how_long():
    now = [0.0]
    access = Access(per_minute=1, clock=lambda: now[0])
    access.hear(7)
    now[0] = 20.0

    declined = [access.hear(7), access.hear(7)]

    assert [(each.seconds, each.sentence_due) for each in declined] == [(40.0, True), (40.0, False)]


def test_people_are_counted_apart():
    access = Access(per_minute=1)

    assert [access.hear(7).welcome, access.hear(8).welcome] == [True, True]
