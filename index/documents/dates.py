"""Dates as documents write them. None rather than wrong: what is ambiguous is no date."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

# Month names of languages that write the day, the month and the year in a row.
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio janeiro januari styczeń stycznia января "
            "январь",
            "february feb februar février fevrier febrero febbraio fevereiro februari luty lutego "
            "февраля февраль",
            "march mar märz maerz mars marzo março marco maart marzec marca марта март",
            "april apr avril abril aprile kwiecień kwietnia апреля апрель",
            "may mai mayo maggio maio mei maj maja мая май",
            "june jun juni juin junio giugno junho czerwiec czerwca июня июнь",
            "july jul juli juillet julio luglio julho lipiec lipca июля июль",
            "august aug août aout agosto augusti augustus sierpień sierpnia августа август",
            "september sep sept septembre septiembre settembre setembro wrzesień września "
            "сентября сентябрь",
            "october oct oktober okt octobre octubre ottobre outubro październik października "
            "октября октябрь",
            "november nov novembre noviembre novembro listopad listopada ноября ноябрь",
            "december dec dezember dez décembre decembre diciembre dicembre dezembro grudzień "
            "grudnia декабря декабрь",
        ),
        start=1,
    )
    for name in names.split()
}
DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
OF = r"(?:of |de |d')?"
WRITTEN = tuple(
    re.compile(rf"(?<!\w){pattern}(?!\w)")
    for pattern in (
        rf"{YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?",
        rf"{DAY} {OF}{MONTH},? {OF}{YEAR}",
        rf"{MONTH} {DAY},? {YEAR}",
        rf"{YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{YEAR}",
        rf"{YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})",
    )
)
IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)([01]\d)\2([0-3]\d)(?!\d)")
OPENING_LINES = 6
LONGEST_DATELINE = 90
OF_A_LIFE = re.compile(r"\b(?:birth|born|died|death|geb(?:oren|\.)|gest\.|né|née)\b", re.IGNORECASE)
"""Beside such a word a date is somebody's, and not the document's."""


def date_in(text: str) -> date | None:
    """The date that `text` names; None when it names none, several, or an ambiguous one."""
    found = {day for pattern in WRITTEN for match in pattern.finditer(text) if (day := _day(match))}
    return found.pop() if len(found) == 1 else None


def date_of(value: str | None) -> date | None:
    """The date of a metadata field: ISO 8601, RFC 2822, PDF's "D:20210904…", or written out."""
    value = (value or "").strip()[:200]
    compact = re.match(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)(?!\d{1,5}$)", value)
    if compact:
        return _valid(*map(int, compact.groups()))
    iso = re.match(r"(\d{4})-(\d\d)-(\d\d)(?!\d)", value)
    if iso:
        return _valid(*map(int, iso.groups()))
    try:
        mailed: datetime | None = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        mailed = None
    return _valid(mailed.year, mailed.month, mailed.day) if mailed else date_in(value)


def date_in_name(name: str) -> date | None:
    """The date in a file name such as "2021-09-04-panjshir.txt"; None when it has none or two."""
    found = {_valid(int(m[1]), int(m[3]), int(m[4])) for m in IN_NAME.finditer(name)} - {None}
    return found.pop() if len(found) == 1 else None


def date_in_opening(text: str) -> date | None:
    """The date of a dateline among the first lines: "Kabul, 4 September 2021"."""
    opening = [each for each in text[:2000].split("\n") if each][:OPENING_LINES]
    for each in opening:
        if len(each) > LONGEST_DATELINE or OF_A_LIFE.search(each):
            continue
        if (found := date_in(each)) and _is_dateline(each):
            return found
    return None


def _is_dateline(text: str) -> bool:
    """Whether little but a place, a label or an agency stands beside the date."""
    rest = text
    for pattern in WRITTEN:
        rest = pattern.sub(" ", rest)
    words = re.findall(r"[^\W\d_]+", rest)
    return len(words) <= 6 and not re.search(r"[a-zа-я][.!?] ", rest)


def _day(match: re.Match[str]) -> date | None:
    named = match["month"].lower()
    month = int(named) if named.isdigit() else MONTHS.get(named, 0)
    return _valid(int(match["year"]), month, int(match["day"]))


def _valid(year: int, month: int, day: int) -> date | None:
    """The date, unless it does not exist or lies before books or far ahead of now."""
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if 1500 <= year <= datetime.now().year + 1 else None
