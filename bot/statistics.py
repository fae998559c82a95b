"""/stats: how much was asked, how it fared and how fast, in words and as a picture."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bot import words
from bot.acting import Admin
from bot.chart import Bar, drawn
from bot.records import Records
from bot.records.answers import Answered
from bot.records.spending import Spent
from bot.replies import Block, Enclosure, Reply, sentence, trouble
from bot.threads import aside
from index.errors import QuothError

DAYS = 30
"""So many days are looked at unless another number is asked for."""
MOST_DAYS = 90
LISTED = 14
"""The latest days that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What is counted over some days. Shares are None where nothing can be said."""

    days: tuple[tuple[date, int, int], ...]
    """Each day, oldest first, with its answered and its refused questions."""
    votes: int
    refused: float | None
    helpful: float | None
    """The share of 👍 among the votes."""
    median: float | None
    """Seconds within which half of the answers were there,"""
    slow: float | None
    """and 95 % of them."""

    @property
    def questions(self) -> int:
        return sum(answered + refused for _, answered, refused in self.days)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The command of that name."""

    records: Records
    clock: Callable[[], float] = time.time

    async def shown(self, _: Admin, days: str = "") -> Reply:
        """The figures of some days, as text below a picture."""
        count = min(max(1, int(days)), MOST_DAYS) if days.isdecimal() and len(days) < 6 else DAYS
        today = datetime.fromtimestamp(self.clock(), UTC).date()
        first = today - timedelta(days=count - 1)
        since = datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()
        try:
            asked = await aside(self.records.answers.since, since)
            spent = await aside(self.records.spending.since, since)
        except QuothError as error:
            return trouble(error)
        if not asked:
            return sentence(words.STATS_NONE.format(days=words.counted(count, "day")))
        figures = counted(asked, first, today)
        bars = [Bar(f"{day:%m-%d}", *parts) for day, *parts in figures.days]
        picture = Enclosure("statistics.png", await aside(drawn, bars), picture=True)
        return Reply(_told(figures, spent), enclosed=picture)


def counted(asked: Sequence[Answered], first: date, last: date) -> Figures:
    """The figures of these questions, which were asked from the first to the last of these days."""
    answered: Counter[date] = Counter()
    refused: Counter[date] = Counter()
    for each in asked:
        day = datetime.fromtimestamp(each.at, UTC).date()
        (answered if each.answered else refused)[day] += 1
    days = [first + timedelta(days=at) for at in range((last - first).days + 1)]
    up, down = sum(each.up for each in asked), sum(each.down for each in asked)
    seconds = sorted(each.seconds for each in asked)
    return Figures(
        days=tuple((day, answered[day], refused[day]) for day in days),
        votes=up + down,
        refused=sum(refused.values()) / len(asked) if asked else None,
        helpful=up / (up + down) if up + down else None,
        median=_percentile(seconds, 0.5),
        slow=_percentile(seconds, 0.95),
    )


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The value that this share of all does not exceed; None of nothing."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def _told(figures: Figures, spent: Spent) -> tuple[Block, ...]:
    days = words.counted(len(figures.days), "day")
    questions = words.counted(figures.questions, "question")
    head = words.STATS.format(questions=questions, days=days)
    a_day = figures.questions / len(figures.days)
    lines = [
        words.STATS_A_DAY.format(count=f"{a_day:.1f}" if a_day >= 1 else f"{a_day:.2f}"),
        words.STATS_REFUSED.format(share=_share(figures.refused)),
        words.STATS_HELPFUL.format(
            share=_share(figures.helpful), votes=words.counted(figures.votes, "vote")
        )
        if figures.votes
        else words.STATS_NO_VOTES,
        words.STATS_SECONDS.format(median=_seconds(figures.median), slow=_seconds(figures.slow)),
    ]
    if spent.tokens:
        lines.append(words.STATS_MODEL.format(tokens=f"{spent.tokens:,}", cost=f"{spent.cost:.2f}"))
    latest = [
        words.STATS_DAY.format(day=f"{day:%Y-%m-%d}", count=answered + refused, refused=refused)
        for day, answered, refused in reversed(figures.days[-LISTED:])
        if answered + refused
    ]
    return (
        Block(head, bold=((0, len(head)),)),
        Block("\n".join(lines), tight=True),
        *([Block("\n".join(latest))] if latest else []),
        Block(words.STATS_PICTURE),
    )


def _share(share: float | None) -> str:
    return words.NONE if share is None else f"{share:.0%}"


def _seconds(seconds: float | None) -> str:
    return words.NONE if seconds is None else f"{seconds:.2f} s"
