"""The number formats of spreadsheets: a number, date or time as its cell shows it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import NamedTuple

BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 15: "d-mmm-yy", 16: "d-mmm",
    17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    37: "#,##0;(#,##0)", 38: "#,##0;(#,##0)", 39: "#,##0.00;(#,##0.00)", 40: "#,##0.00;(#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss",
}  # fmt: skip
"""Codes that a file names by number alone. Others show what the country of the reader is used to:
14 and 22 the day, 5 to 8 and 41 to 44 a currency."""
PARTS = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<gap>.)|\*(?P<fill>.)'
    r"|\[\$(?P<symbol>[^\]-]*)(?:-(?P<place>[^\]]*))?\]|\[(?P<elapsed>h+)\]"
    r"|\[(?P<colour>black|blue|cyan|green|magenta|red|white|yellow|color ?\d+)\]"
    r"|(?P<noon>am/pm|a/p)|(?P<when>y+|m+|d+|h+|s+(?:\.0+)?)"
    r"|(?P<digits>[#0?][#0?,]*(?:\.[#0?]*,*)?|\.[#0?]+,*)|(?P<percent>%)|(?P<text>@)"
    r"|(?P<plain>[-+/():!^&'~{}<>= $€£¥₽₹.,]|[^\x00-\x7f])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[_*].|[^;"\\])*)(?:;|$)', re.DOTALL)
MONTHS = """January February March April May June July August September October November
December""".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ENGLISH = 9
"""The lower ten bits of a place, as Windows numbers them, where English is spoken."""
LONGEST_CODE = 255
LARGEST = 1e15
"""From here on a cell cannot tell each whole number from the next."""
MOST_DECIMALS = 10

Moment = datetime.datetime | datetime.date | datetime.time | datetime.timedelta


class Part(NamedTuple):
    kind: str
    text: str


def shown(value: object, code: str) -> str | None:
    """The cell as that format shows it; None where it leaves it to the program, or asks for more
    than is understood here (fractions, powers, conditions, months in another language).
    """
    sections = _sections(code)
    if isinstance(value, Moment):
        return _moment(value, sections[0]) if sections else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not sections:
        return None
    if not -LARGEST < value < LARGEST:
        return None
    number = Decimal(f"{value:.15g}")
    at = 1 if number < 0 else 2 if number == 0 else 0
    signed = at < len(sections)
    parts = sections[at if signed else 0]
    made = _number(abs(number), parts)
    sign = "-" if number < 0 and not signed and made and re.search(r"[1-9]", made) else ""
    return made and sign + made


@lru_cache(maxsize=1000)
def _sections(code: str) -> list[tuple[Part, ...]]:
    """The format for positive numbers, then for negative ones and for zero if they have one of
    their own; empty when a part of it is not understood.
    """
    if len(code) > LONGEST_CODE:
        return []
    sections = [tuple(_parts(each)) for each in SECTION.findall(code)[:-1]]
    parts = [part for section in sections for part in section]
    known = not any(kind == "other" or _is_too_exact(kind, text) for kind, text in parts)
    return sections[:3] if known else []


def _is_too_exact(kind: str, text: str) -> bool:
    return kind == "digits" and len(text.partition(".")[2]) > MOST_DECIMALS


def _parts(section: str) -> list[Part]:
    found = []
    for match in PARTS.finditer(section):
        kind = match.lastgroup or "other"
        if kind == "place" or match["symbol"] is not None:
            kind, text = "symbol", match["symbol"] or ""
            if match["place"] and not _is_english(match["place"]) and not text:
                kind = "abroad"
        else:
            text = match[kind]
        found.append(Part(kind, text))
    return found


def _is_english(place: str) -> bool:
    """Whether months have their English names there; "F800" is wherever the reader is."""
    named = re.fullmatch(r"[0-9a-f]{1,8}", place, re.IGNORECASE)
    number = int(place, 16) if named else 0
    return number & 0x3FF == ENGLISH or place.lower().startswith("en")


def _number(number: Decimal, parts: Sequence[Part]) -> str | None:
    kinds = [part.kind for part in parts]
    if (
        kinds.count("digits") > 1
        or kinds.count("percent") > 1
        or {"when", "elapsed", "noon", "text"} & set(kinds)
    ):
        return None
    if "digits" not in kinds and "percent" in kinds:
        return None
    scaled = number * 100 if "percent" in kinds else number
    texts = []
    for kind, text in parts:
        if kind == "digits":
            texts.append(_digits(scaled, text))
        elif kind in ("gap", "fill"):
            texts.append(" " if kind == "gap" else "")
        elif kind not in ("colour", "abroad"):
            texts.append(text)
    return " ".join("".join(texts).split())


def _digits(number: Decimal, pattern: str) -> str:
    plain = pattern.rstrip(",") if "." in pattern else pattern
    whole, _, decimals = plain.partition(".")
    thousands = whole.rstrip(",")
    number /= 1000 ** (len(pattern) - len(plain) + len(whole) - len(thousands))
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    left, _, right = f"{rounded:f}".partition(".")
    least = decimals.rfind("0") + 1
    right = right[:least] + right[least:].rstrip("0")
    left = left.lstrip("0").rjust(thousands.count("0"), "0")
    if "," in thousands:
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    return f"{left}.{right}" if right else left


def _moment(value: Moment, parts: Sequence[Part]) -> str | None:
    if any(kind in ("digits", "percent", "text") for kind, _ in parts):
        return None
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        hours = any(text[0] in "hs" for kind, text in parts if kind == "when")
        if hours:  # programs that know no days write each day with the time of its midnight
            return None
    morning = any(kind == "noon" for kind, _ in parts)
    abroad = any(kind == "abroad" for kind, _ in parts)
    texts = []
    for at, (kind, text) in enumerate(parts):
        if kind in ("when", "elapsed", "noon"):
            unit = "n" * len(text) if _is_minute(parts, at) else text.lower()
            told = _told(value, unit, elapsed=kind == "elapsed", morning=morning, abroad=abroad)
            if told is None:
                return None
            texts.append(told)
        elif kind not in ("colour", "abroad", "fill"):
            texts.append(" " if kind == "gap" else text)
    return " ".join("".join(texts).split()) or None


def _is_minute(parts: Sequence[Part], at: int) -> bool:
    """Whether an m is a minute: it follows an hour, or comes before a second."""
    if parts[at].text.lower() not in ("m", "mm"):
        return False
    times = [(n, part) for n, part in enumerate(parts) if part.kind in ("when", "elapsed")]
    place = next(k for k, (n, _) in enumerate(times) if n == at)
    before = times[place - 1][1].text[0].lower() if place else ""
    after = times[place + 1][1].text[0].lower() if place + 1 < len(times) else ""
    return before == "h" or after == "s"


def _told(value: Moment, unit: str, *, elapsed: bool, morning: bool, abroad: bool) -> str | None:
    """One part of a day or a time; None when the value has no such part."""
    size = len(unit)
    if unit[0] in "yd" or unit[0] == "m":
        return _day(value, unit, abroad) if isinstance(value, datetime.date) else None
    hours, minutes, seconds, micro = _clock(value)
    if unit in ("am/pm", "a/p"):
        return ("PM" if hours % 24 >= 12 else "AM")[: 2 if "m" in unit else 1]
    if unit[0] == "h":
        number = hours if elapsed else hours % 24
        number = (number % 12 or 12) if morning and not elapsed else number
        return f"{number:0{size}}"
    if unit[0] == "n":
        return f"{minutes:0{size}}"
    exact, _, places = unit.partition(".")
    fraction = f".{micro:06}"[: 1 + len(places)] if places else ""
    return f"{seconds:0{min(len(exact), 2)}}{fraction}"


def _day(value: datetime.date, unit: str, abroad: bool) -> str | None:
    size = len(unit)
    if abroad and size > 2 and unit[0] != "y":
        return None
    if unit[0] == "y":
        return f"{value.year:04}" if size > 2 else f"{value.year % 100:02}"
    names, number = (MONTHS, value.month) if unit[0] == "m" else (DAYS, value.day)
    if size <= 2:
        return f"{number:0{size}}"
    name = names[value.weekday()] if unit[0] == "d" else names[value.month - 1]
    return name[:1] if size == 5 else name[:3] if size == 3 else name


def _clock(value: Moment) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds and millionths; the hours of a duration may be many."""
    if isinstance(value, datetime.timedelta):
        seconds = value.days * 86400 + value.seconds
        return seconds // 3600, seconds // 60 % 60, seconds % 60, value.microseconds
    if isinstance(value, (datetime.datetime, datetime.time)):
        return value.hour, value.minute, value.second, value.microsecond
    return 0, 0, 0, 0
