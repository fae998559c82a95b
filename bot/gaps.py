"""/gaps: what was asked in vain, or answered badly, by what it asks for; and an item of each."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from bot import words
from bot.acting import Admin, Step, noted
from bot.citing import unwrapped
from bot.evaluation import Evaluation, item_of
from bot.library import Library
from bot.pointers import Spot, passage_data, read_passage_data
from bot.records import Records
from bot.records.answers import Answered
from bot.replies import Block, Button, Reply, one_line, sentence, shortened, trouble, turning
from bot.threads import aside
from index.errors import QuothError
from index.passages import Answer, Citation

DAYS = 90
"""Questions of so many days are looked at."""
MOST = 1_000
"""So many of them, the newest."""
ON_A_PAGE = 6
WORDINGS = 10
NEAREST = 3
SETTLED = "settled gaps"
SETTLED_KEPT = 5_000


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions that ask for the same, newest first."""

    asked: tuple[Answered, ...]

    @property
    def newest(self) -> Answered:
        """The one that stands for all."""
        return self.asked[0]

    @property
    def wordings(self) -> list[str]:
        """Each wording once."""
        return list(dict.fromkeys(one_line(each.question) for each in self.asked))


class Gaps:
    """Groups them, shows them, and writes down what an admin knows of one.

    Nobody's name is shown, and nothing of what was asked where a person's or a group's own
    documents were looked into: what is asked of these tells of them.
    """

    def __init__(
        self,
        library: Library,
        records: Records,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._library, self._records, self._clock = library, records, clock
        # Records that are kept in memory have no folder: then neither has this.
        self._evaluation = Evaluation(records.folder or Path(gettempdir()))
        self._asked: list[Answered] = []
        self._grouped: list[Gap] = []
        self._own = 0
        """Questions that are not shown."""

    async def listed(self, admin: Admin, page: str = "") -> Reply:
        """A page of the gaps; people's questions are for no group to read."""
        if not admin.private:
            return sentence(words.IN_PRIVATE)
        return await self._page(int(page) - 1 if page.isdecimal() and len(page) < 6 else 0)

    def turn(self, _: Admin, page: str) -> Step | str:
        """A button below the list: another page of it."""
        return Step(lambda: self._page(int(page))) if page.isdecimal() else words.OLD_BUTTON

    def open(self, _: Admin, key: str) -> Step | str:
        """The button of a gap: its wordings, and what comes nearest in the documents now."""
        if not key.isdecimal():
            return words.OLD_BUTTON
        return Step(lambda: self._details(int(key)), instead=False)

    def judge(self, admin: Admin, data: str) -> Step | str:
        """The button that says what should have been the answer.

        `<question>:<1 or 0>:<passage data>`: the quote there answers, or nothing does.
        """
        found = re.fullmatch(r"(\d{1,15}):([01]):(.+)", data)
        spot = read_passage_data(found[3]) if found else None
        if not found or not spot:
            return words.OLD_BUTTON
        key, answerable = int(found[1]), found[2] == "1"
        return Step(lambda: self._note(admin, key, spot, answerable=answerable))

    def settle(self, admin: Admin, key: str) -> Step | str:
        """The button that takes a gap off the list."""
        return Step(lambda: self._settled(admin, int(key))) if key.isdecimal() else words.OLD_BUTTON

    async def _gaps(self) -> list[Gap]:
        since = self._clock() - DAYS * 24 * 3600
        settled = set(await self._ids_settled())
        found = await aside(self._records.answers.unhelpful, since)
        self._own = sum(each.own for each in found)
        asked = [each for each in found if not each.own and each.id not in settled][:MOST]
        if asked != self._asked:
            groups = await self._library.alike([each.question for each in asked])
            self._grouped = [Gap(tuple(asked[at] for at in group)) for group in groups]
            self._asked = asked
        return self._grouped

    async def _page(self, page: int) -> Reply:
        try:
            gaps = await self._gaps()
        except QuothError as error:
            return trouble(error)
        if not gaps:
            return Reply((Block(words.GAPS_NONE.format(days=DAYS)), *self._not_shown()))
        last = (len(gaps) - 1) // ON_A_PAGE
        page = max(0, min(page, last))
        shown = gaps[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
        questions = words.counted(sum(len(each.asked) for each in gaps), "question")
        head = words.GAPS.format(questions=questions, days=DAYS)
        blocks = [Block(head, bold=((0, len(head)),)), *(Block(_line(each)) for each in shown)]
        if last:
            blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
        blocks += self._not_shown()
        buttons = tuple(
            (Button(shortened(one_line(each.newest.question), 60), f"gap:{each.newest.id}"),)
            for each in shown
        )
        return Reply(tuple(blocks), (*buttons, *turning("gaps", page, last)))

    def _not_shown(self) -> list[Block]:
        own = words.counted(self._own, "question")
        return [Block(words.GAPS_OWN.format(questions=own))] if self._own else []

    async def _details(self, key: int) -> Reply:
        try:
            gap = await self._find(key)
            nearest = await self._nearest(gap.newest.question) if gap else ()
        except QuothError as error:
            return trouble(error)
        if gap is None:
            return sentence(words.GAP_GONE)
        head = one_line(gap.newest.question)
        wordings = [f"• {shortened(each, 300)}" for each in gap.wordings[1 : WORDINGS + 1]]
        blocks = [Block(head, bold=((0, len(head)),)), Block(_counts(gap), tight=True)]
        blocks += [Block(words.GAP_ALSO), Block("\n".join(wordings), tight=True)] * bool(wordings)
        for number, each in enumerate(nearest, start=1):
            title = shortened(one_line(each.document.title), 150)
            text = unwrapped(each.document.text, each.start, each.end)
            blocks.append(Block(words.GAP_PASSAGE.format(number=number, title=title)))
            blocks.append(Block(text, quoted=True, folded=True, tight=True))
        blocks.append(Block(words.GAP_ASK if nearest else words.GAP_EMPTY))
        return Reply(tuple(blocks), _choices(key, nearest))

    async def _note(self, admin: Admin, key: int, spot: Spot, *, answerable: bool) -> Reply:
        try:
            gap = await self._find(key)
            if gap is None:
                return sentence(words.GAP_GONE)
            passage = (await self._library.excerpt(spot.document, spot.start)).passage
            question = gap.newest.question
            item = item_of(f"gap-{key}", question, spot, passage, answerable=answerable)
            await aside(self._evaluation.add, item)
            await self._settle(gap)
        except QuothError as error:
            return trouble(error)
        await noted(self._records.audit, admin, "gaps", f"{item.id} {item.document}")
        title = shortened(one_line(passage.document.title), 150)
        said = words.GAP_NOTED if answerable else words.GAP_NOTED_NONE
        question = shortened(one_line(question), 300)
        return sentence(said.format(question=question, title=title, file=self._evaluation.file))

    async def _settled(self, admin: Admin, key: int) -> Reply:
        try:
            gap = await self._find(key)
            if gap is None:
                return sentence(words.GAP_GONE)
            await self._settle(gap)
        except QuothError as error:
            return trouble(error)
        await noted(self._records.audit, admin, "gaps", f"gap-{key} settled")
        return sentence(words.GAP_SETTLED.format(question=one_line(gap.newest.question)))

    async def _settle(self, gap: Gap) -> None:
        """Takes these questions off the list; what is asked from now on comes onto it again."""
        ids = [*await self._ids_settled(), *(each.id for each in gap.asked)]
        await aside(self._records.state.set, SETTLED, json.dumps(ids[-SETTLED_KEPT:]))

    async def _ids_settled(self) -> list[int]:
        kept = await aside(self._records.state.get, SETTLED)
        return list(json.loads(kept)) if kept else []

    async def _find(self, key: int) -> Gap | None:
        """The gap that a question is in; None when it is closed, or too old."""
        gaps = await self._gaps()
        return next((gap for gap in gaps if key in {each.id for each in gap.asked}), None)

    async def _nearest(self, question: str) -> Sequence[Citation]:
        """What comes nearest in the documents as they are now, best first."""
        found = await self._library.ask(question, (), tokens=0)
        return (found.citations if isinstance(found, Answer) else found.nearest)[:NEAREST]


def _line(gap: Gap) -> str:
    question = shortened(one_line(gap.newest.question), 200)
    return words.GAP_LINE.format(question=question, counts=_counts(gap))


def _counts(gap: Gap) -> str:
    refused = sum(not each.answered for each in gap.asked)
    newest = f"{datetime.fromtimestamp(gap.newest.at, UTC):%Y-%m-%d}"
    parts = [words.GAP_REFUSED.format(count=refused)] * bool(refused)
    voted = len(gap.asked) - refused
    parts += [words.GAP_VOTED_DOWN.format(count=voted)] * bool(voted)
    return " · ".join([*parts, words.GAP_NEWEST.format(day=newest)])


def _choices(key: int, nearest: Sequence[Citation]) -> tuple[tuple[Button, ...], ...]:
    """A button for each passage, one that says that none answers, and one that lets it be."""
    spots = [passage_data(each) for each in nearest]
    rows = [
        (Button(words.GAP_ANSWERS.format(number=number), f"judge:{key}:1:{spot}"),)
        for number, spot in enumerate(spots, start=1)
    ]
    rows += [(Button(words.GAP_UNANSWERABLE, f"judge:{key}:0:{spot}"),) for spot in spots[:1]]
    return (*rows, (Button(words.GAP_SETTLE, f"settle:{key}"),))
