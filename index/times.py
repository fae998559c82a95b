"""The time that a question names, and how well a day fits it. English.

Good for a small bonus among passages that are otherwise alike: of two reports on the same matter,
the one of the day that is asked for, or the latest. Not good for leaving anything out: "the 1973
oil crisis" and "the War of 1812" name a time as well, and what tells of it may be of any day.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

HALF_LIFE = 365
"""Days after which a text fits "latest" half as well."""
SHORTEST_GRACE, LONGEST_GRACE = 7, 31
"""Days around a period in which the fit falls to nothing: news is told some days late."""
LEAP_YEAR = 2000
"""Stands for the unknown year of "4 September", so that 29 February exists."""

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = {
    **{"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    **{"seven": 7, "eight": 8, "nine": 9, "ten": 10, "couple of": 2, "few": 3, "several": 4},
}
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365, "decade": 3652}

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<year>1\d{3}|20\d\d)(?![\d%])"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_FROM = r"(?P<how>since|after|before|until|till|by)"
_COUNT = (
    r"(?P<count>\d{1,3}|couple of|few|several|"
    + "|".join(w for w in _NUMBERS if " " not in w)
    + ")"
)
_NOT_A_YEAR = (
    r"(?!\s*(?:[.,]\d|percent\b|per cent\b|people\b|men\b|women\b|children\b|km\b|"
    r"kilomet|met(?:er|re)|miles\b|dollars\b|euros\b|pounds\b|degrees\b|times\b|words\b|"
    r"fighters\b|troops\b|soldiers\b))"
)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `start` to `end`, both within it."""

    start: date
    end: date
    latest: bool = False
    """What was asked for is the latest; `end` is the day of asking."""
    weekday: int | None = None
    """0 (Monday) to 6 where only "on Saturday" is known; `start` and `end` then say nothing."""
    any_year: bool = False
    """Only day and month are known ("on 4 September"); `start` and `end` are of a year for all."""


def asked_period(question: str, today: date) -> Period | None:
    """The time that the question names; None without one. `today` is the day of asking."""
    text = " ".join(question[:2_000].split()).casefold()
    for reading in _READINGS:
        found = reading(text, today)
        if found:
            return found
    return None


def fits(period: Period, day: date) -> float:
    """How well a text of that day fits: 1 within the period, less with each day beside it, then 0.

    For "latest" it halves with each year of age; for a weekday it is 1 or 0.
    """
    if period.weekday is not None:
        return float(day.weekday() == period.weekday)
    if period.latest:
        return float(0.5 ** (max(0, (period.end - day).days) / HALF_LIFE))
    if period.any_year:
        day = day.replace(year=LEAP_YEAR)
    beside = max((period.start - day).days, (day - period.end).days, 0)
    length = (period.end - period.start).days + 1
    grace = min(max(length, SHORTEST_GRACE), LONGEST_GRACE)
    return max(0.0, 1 - beside / grace)


def _latest(text: str, today: date) -> Period | None:
    found = re.search(
        r"\b(?:latest|newest|most recent(?:ly)?|recently|currently|up[ -]to[ -]date)\b", text
    )
    return Period(date.min, today, latest=True) if found else None


def _between(text: str, today: date) -> Period | None:
    """ "between 1996 and 2001", "from 1996 to 2001", "1996–2001"."""
    years = r"(?P<first>1\d{3}|20\d\d) ?(?:and|to|until|till|-|–|—) ?(?P<last>1\d{3}|20\d\d)\b"
    found = re.search(rf"\b{years}", text)
    if not found or found["first"] > found["last"]:
        return None
    return Period(date(int(found["first"]), 1, 1), date(int(found["last"]), 12, 31))


def _dated(text: str, today: date) -> Period | None:
    """A day or a month, with its year or without."""
    for pattern in (
        rf"\b{_DAY}(?: of)? {_MONTH},? {_YEAR}\b",
        rf"\b{_MONTH} {_DAY},? {_YEAR}\b",
        rf"\b{_YEAR}-(?P<month>\d\d)-{_DAY}\b",
        rf"\b{_DAY}\. ?(?P<month>\d\d?)\. ?{_YEAR}\b",
        rf"\b{_MONTH},?(?: of)? {_YEAR}\b",
        rf"\b{_DAY}(?: of)? {_MONTH}",
        rf"\b{_MONTH} {_DAY}(?!\d)\b",
        rf"\b(?:in|since|before|after|during|by|until|of|from|for|early|late|mid) {_MONTH}",
    ):
        found = re.search(pattern, text)
        period = _of_parts(found.groupdict()) if found else None
        if found and period:
            return period if period.any_year else _bounded(period, text[: found.start()], today)
    return None


def _of_parts(parts: dict[str, str | None]) -> Period | None:
    """The day or the month of these parts; None for a day that no calendar has."""
    month = _month(parts["month"] or "")
    year = int(parts.get("year") or LEAP_YEAR)
    if not 1 <= month <= 12:
        return None
    last = monthrange(year, month)[1]
    day = int(parts.get("day") or 0)
    if day > last or (parts.get("day") and day == 0):
        return None
    start, end = date(year, month, day or 1), date(year, month, day or last)
    return Period(start, end, any_year=not parts.get("year"))


def _month(name: str) -> int:
    if name.isdecimal():
        return int(name)
    return next(at for at, month in enumerate(_MONTHS, start=1) if month.startswith(name[:3]))


def _relative(text: str, today: date) -> Period | None:
    """ "yesterday", "last week", "in the past three days", "two months ago"."""
    for word, days in (
        ("day before yesterday", 2),
        ("yesterday", 1),
        ("today", 0),
        ("tomorrow", -1),
    ):
        if re.search(rf"\b{word}\b", text):
            return Period(_before(today, days), _before(today, days))
    ago = re.search(rf"\b{_COUNT} (?P<unit>day|week|month|year|decade)s? ago\b", text)
    if ago:
        days, unit = _number(ago["count"]) * _DAYS[ago["unit"]], _DAYS[ago["unit"]]
        return Period(_before(today, days + unit // 2), _before(today, days - unit // 2))
    past = re.search(
        rf"\b(?:last|past|previous) {_COUNT} (?P<unit>day|week|month|year|decade)s?\b", text
    )
    if past:
        return Period(_before(today, _number(past["count"]) * _DAYS[past["unit"]]), today)
    named = re.search(r"\b(?P<which>this|last|past|next) (?P<unit>week|month|year|decade)\b", text)
    return _calendar(named["which"], named["unit"], today) if named else None


def _calendar(which: str, unit: str, today: date) -> Period:
    """The whole week, month, year or decade that lies before, around or after today."""
    step = {"last": -1, "past": -1, "next": 1}.get(which, 0)
    if unit == "week":
        monday = _before(today, today.weekday() - 7 * step)
        return Period(monday, _before(monday, -6))
    if unit == "month":
        months = today.year * 12 + today.month - 1 + step
        year, month = _year(months // 12), months % 12 + 1
        return Period(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
    size = 10 if unit == "decade" else 1
    first = (today.year // size + step) * size
    return Period(date(_year(first), 1, 1), date(_year(first + size - 1), 12, 31))


def _weekday(text: str, today: date) -> Period | None:
    """ "on Saturday" of an unknown week; "last Saturday" is the one before today."""
    found = re.search(
        rf"\b(?P<which>last |on |this |by |since )?(?P<day>{'|'.join(_WEEKDAYS)})\b", text
    )
    if not found:
        return None
    weekday = _WEEKDAYS.index(found["day"])
    if found["which"] != "last ":
        return Period(date.min, date.max, weekday=weekday)
    day = _before(today, (today.weekday() - weekday - 1) % 7 + 1)
    return Period(day, day)


def _of_year(text: str, today: date) -> Period | None:
    """A year or a decade: "in 2021", "since 2020", "the 1990s"."""
    decade = re.search(r"\b(?P<year>1\d\d0|20\d0)['’]?s\b", text)
    if decade:
        first = int(decade["year"])
        years = Period(date(first, 1, 1), date(first + 9, 12, 31))
        return _bounded(years, text[: decade.start()], today)
    found = re.search(rf"(?<![\d.,$€£-])\b{_YEAR}\b{_NOT_A_YEAR}", text)
    if not found:
        return None
    year = int(found["year"])
    return _bounded(Period(date(year, 1, 1), date(year, 12, 31)), text[: found.start()], today)


def _bounded(period: Period, before: str, today: date) -> Period:
    """The period itself, or all before or after it where the words in front say so."""
    how = re.search(
        rf"\b{_FROM}(?: (?:the|early|late|mid|about|around|on|of|year|monday|tuesday|"
        r"wednesday|thursday|friday|saturday|sunday),?){0,3} ?$",
        before,
    )
    match how["how"] if how else None:
        case "since":
            return Period(period.start, max(today, period.end))
        case "after":
            return Period(_before(period.end, -1), max(today, _before(period.end, -1)))
        case "before":
            return Period(date.min, _before(period.start, 1))
        case "until" | "till" | "by":
            return Period(date.min, period.end)
        case _:
            return period


def _before(day: date, days: int) -> date:
    """That many days earlier, within what a calendar can tell."""
    ordinal = day.toordinal() - days
    return date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))


def _year(year: int) -> int:
    return min(max(year, date.min.year), date.max.year)


def _number(word: str) -> int:
    return int(word) if word.isdecimal() else _NUMBERS[word]


_READINGS: tuple[Callable[[str, date], Period | None], ...] = (
    *(_dated, _between, _of_year, _relative, _weekday, _latest),
)
"""The more exact comes first: "the latest report of 4 September 2021" asks for that day."""
