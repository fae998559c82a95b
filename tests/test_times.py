"""The time that a question names is read, and days are weighed by it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.times import Period, asked_period, fits

TODAY = date(2021, 9, 8)  # a Wednesday
FIRST, LAST = date.min, date.max


@pytest.mark.parametrize(
    ("question", "start", "end"),
    [
        ("What happened in September 2021?", date(2021, 9, 1), date(2021, 9, 30)),
        ("what happened on 4 September 2021", date(2021, 9, 4), date(2021, 9, 4)),
        ("What happened on September 4th, 2021?", date(2021, 9, 4), date(2021, 9, 4)),
        ("Who met on Saturday, 4 September 2021?", date(2021, 9, 4), date(2021, 9, 4)),
        ("What was said on 2021-09-04?", date(2021, 9, 4), date(2021, 9, 4)),
        ("What was said on 4.9.2021?", date(2021, 9, 4), date(2021, 9, 4)),
        ("Who died in February 2020?", date(2020, 2, 1), date(2020, 2, 29)),
        ("What happened in 2021?", date(2021, 1, 1), date(2021, 12, 31)),
        ("Who has ruled since 2020?", date(2020, 1, 1), TODAY),
        ("Who ruled before 1996?", FIRST, date(1995, 12, 31)),
        ("Who ruled after 2001?", date(2002, 1, 1), TODAY),
        ("Who ruled until September 1996?", FIRST, date(1996, 9, 30)),
        ("Who ruled between 1996 and 2001?", date(1996, 1, 1), date(2001, 12, 31)),
        ("Who ruled from 1996 to 2001?", date(1996, 1, 1), date(2001, 12, 31)),
        ("Who ruled in the 1990s?", date(1990, 1, 1), date(1999, 12, 31)),
        ("What was said yesterday?", date(2021, 9, 7), date(2021, 9, 7)),
        ("What is said today?", TODAY, TODAY),
        ("What happened the day before yesterday?", date(2021, 9, 6), date(2021, 9, 6)),
        ("What happened last week?", date(2021, 8, 30), date(2021, 9, 5)),
        ("What happened this week?", date(2021, 9, 6), date(2021, 9, 12)),
        ("What happened last month?", date(2021, 8, 1), date(2021, 8, 31)),
        ("What happened last year?", date(2020, 1, 1), date(2020, 12, 31)),
        ("What happened in the last three days?", date(2021, 9, 5), TODAY),
        ("What happened two weeks ago?", date(2021, 8, 22), date(2021, 8, 28)),
        ("What happened last Saturday?", date(2021, 9, 4), date(2021, 9, 4)),
        ("What happened last Wednesday?", date(2021, 9, 1), date(2021, 9, 1)),
        ("What does the report from 2020 say?", date(2020, 1, 1), date(2020, 12, 31)),
        ("What caused the 1973 oil crisis?", date(1973, 1, 1), date(1973, 12, 31)),
        ("What is the latest report of 4 September 2021?", date(2021, 9, 4), date(2021, 9, 4)),
    ],
)
def test_a_time_is_read(question, start, end):
    actual = asked_period(question, TODAY)

    assert actual == Period(start, end)


@pytest.mark.parametrize(
    "question",
    [
        "What is the latest count?",
        "Who is the most recent minister?",
        "the newest figures",
        "What has happened recently?",
    ],
)
def test_the_latest_is_asked_for(question):
    actual = asked_period(question, TODAY)

    assert actual == Period(FIRST, TODAY, latest=True)


def test_of_a_day_of_the_week_only_the_weekday_is_known():
    actual = asked_period("Who fought on Saturday?", TODAY)

    assert actual == Period(FIRST, LAST, weekday=5)
    assert [fits(actual, date(2021, 9, day)) for day in (3, 4, 11)] == [0.0, 1.0, 1.0]


def test_a_date_without_a_year_fits_in_any_year():
    actual = asked_period("What happened on 4 September?", TODAY)

    assert actual == Period(date(2000, 9, 4), date(2000, 9, 4), any_year=True)
    assert [fits(actual, date(year, 9, 4)) for year in (1999, 2021)] == [1.0, 1.0]
    assert fits(actual, date(2021, 3, 1)) == 0.0


@pytest.mark.parametrize(
    "question",
    [
        "Who said the defense is unbreakable?",
        "May I march to the second office?",
        "How many of the 2000 people were injured?",
        "What costs $1999?",
        "What happened on 31 February 20210?",
        "How far are 1500 kilometers?",
        "The last of the three",
        "¿Qué pasó?",
        "",
    ],
)
def test_a_question_without_a_time_has_no_period(question):
    actual = asked_period(question, TODAY)

    assert actual is None


def test_a_day_fits_less_the_further_it_is_from_the_period():
    period = Period(date(2021, 9, 4), date(2021, 9, 4))

    actual = [fits(period, day) for day in (date(2021, 9, 4), date(2021, 9, 5), date(2021, 9, 30))]

    assert actual == [1.0, pytest.approx(6 / 7), 0.0]


def test_of_the_latest_a_year_older_fits_half_as_well():
    period = Period(FIRST, TODAY, latest=True)

    actual = [fits(period, day) for day in (date(2030, 1, 1), TODAY, date(2020, 9, 8), FIRST)]

    assert actual == [1.0, 1.0, 0.5, pytest.approx(0.0)]


_PIECES = (
    "last week in 2021 before 4 september 9999 month since ago 31 next year 1000 decade feb - 0 "
    "three saturday to 999 years of may 1.1. 2000-02-30 yesterday"
)


@given(st.text() | st.lists(st.sampled_from(_PIECES.split())).map(" ".join), st.dates(), st.dates())
def test_any_question_on_any_day_gives_a_fit_from_nothing_to_one(question, today, day):
    period = asked_period(question, today)

    assert period is None or period.start <= period.end
    assert period is None or 0 <= fits(period, day) <= 1
