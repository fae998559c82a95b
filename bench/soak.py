"""The whole bot for a long while: many chats, all kinds of updates, faults, and two reindexes.

    python -m bench.soak [--updates 20000] [--chats 500] [--faults 0.05] [--seed 1] [--reader none]

The real bot with a real small index runs as a process of its own against the strict Bot API server
of the tests, whose flood limits are lifted. The exit status is 1 when a question was lost, answered
twice or in a wrong chat, when anything was logged as an error, or when memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.indexing import make_documents
from bench.marked import MARK
from bot import words
from tests.bot_api import BotApiServer, Call
from tests.bot_api_rules import buttons
from tests.bot_api_world import Chat, Person

ROOT = Path(__file__).parent.parent
DOCUMENTS, SENTENCES = 300, 6
ADMIN = 99
MOST_OPEN = 200
"""Questions that wait for an answer at once: people wait for theirs, too."""
GROUP_SHARE = 5
"""Every so manieth chat is a group."""
GROWTH = 0.05
CALM = 120.0
"""Seconds for the last answers to come."""
APOLOGIES = {words.CONNECTION, words.CUT_OFF}
WRITING = {"sendMessage", "sendDocument"}
TROUBLE = re.compile(r" (ERROR|CRITICAL) |Traceback|never (awaited|retrieved)")
QUESTIONS = """Who restored the old bridge? | When was the northern harbour closed? | Where is the
wooden tower? | Who painted the quiet chapel near Ulmen? | What was moved in 1820? | Which school
flooded? | who said the dam is safe? | Why did the council ask for more time?"""
GARBAGE = ["?!…", "🙂" * 40, "‏\u202e abc", "/", "/nonsense", "a" * 4096, "/sorces now", "\u0301x"]
COMMANDS = ["/help", "/start", "/sources", "/sources 2", "/new", "/ask", "/start c_broken"]


@dataclass
class Asked:
    """What was done, and what came of it."""

    marks: dict[str, int] = field(default_factory=dict)
    """The chat of each question."""
    plain: Counter[int] = field(default_factory=Counter)
    """By chat: what gets a reply of another kind."""
    found: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The chats in which each mark was seen."""
    replies: Counter[int] = field(default_factory=Counter)
    apologies: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: int = 0
    seen: int = 0

    def look(self, calls: list[Call]) -> None:
        """Takes note of what the bot has done since."""
        for call in calls[self.seen :]:
            self.faults += not (call.accepted and call.delivered)
            if call.method in WRITING and call.accepted:
                self._heard(call.result["chat"]["id"], call.result.get("text", ""))
        self.seen = len(calls)

    def open(self) -> int:
        """How many questions wait for an answer."""
        return len(self.marks) - len(self.found)

    def _heard(self, chat: int, text: str) -> None:
        if mark := MARK.match(text):
            self.found[mark[0]].append(chat)
        elif text in APOLOGIES:
            self.apologies[chat] += 1
        elif words.REINDEXING not in text:
            self.replies[chat] += 1

    # --- verdicts ---

    def lost(self) -> int:
        """Updates that got neither a reply nor an apology."""
        missing = Counter(chat for mark, chat in self.marks.items() if mark not in self.found)
        for chat, expected in self.plain.items():
            missing[chat] += max(0, expected - self.replies[chat])
        return sum(max(0, count - self.apologies[chat]) for chat, count in missing.items())

    def astray(self) -> int:
        """Answers in a chat that did not ask."""
        return sum(
            chat != self.marks.get(mark) for mark, chats in self.found.items() for chat in chats
        )

    def twice(self) -> int:
        """Answers beyond the first to a question."""
        return sum(len(chats) - 1 for chats in self.found.values())


class Crowd:
    """People and groups who write to the bot at random."""

    def __init__(self, server: BotApiServer, chats: int, seed: int) -> None:
        self.asked, self._server = Asked(), server
        self._chance = random.Random(seed)
        self.admin = server.person(ADMIN, "Boss")
        self._people = [server.person(1000 + number) for number in range(chats)]
        self._groups = [
            server.group(-(1000 + number), members=self._people[number : number + 5])
            for number in range(0, chats, GROUP_SHARE)
        ]
        self._acts: dict[Callable[[], Awaitable[object]], int] = {
            self._question: 45,
            self._in_group: 10,
            self._not_for_us: 8,
            self._command: 9,
            self._button: 10,
            self._garbage: 5,
            self._file: 4,
            self._edit: 5,
            self._elsewhere: 4,
        }
        self._edited: list[tuple[Any, int]] = []

    async def act(self) -> None:
        """One update."""
        [act] = self._chance.choices(list(self._acts), list(self._acts.values()))
        self.asked.kinds[act.__name__.strip("_").replace("_", " ")] += 1
        await act()

    def _person(self) -> Person:
        return self._chance.choice(self._people)

    def _mark(self, chat: int) -> str:
        mark = f"#{len(self.asked.marks) + 1}"
        self.asked.marks[mark] = chat
        return f"{mark} {self._chance.choice(QUESTIONS.split('|')).strip()}"

    async def _question(self) -> None:
        ann = self._person()
        message = await self._server.send_text(ann, ann, self._mark(ann.id))
        self._edited = [*self._edited[-200:], (message, ann.id)]

    async def _in_group(self) -> None:
        group = self._chance.choice(self._groups)
        name = f"@{self._server.bot['username']}"
        await self._server.send_text(group, _member(group), f"{name} {self._mark(group.id)}")

    async def _not_for_us(self) -> None:
        group = self._chance.choice(self._groups)
        await self._server.send_text(group, _member(group), "see you at eight, then")

    async def _command(self) -> None:
        ann = self._person()
        self.asked.plain[ann.id] += 1
        await self._server.send_text(ann, ann, self._chance.choice(COMMANDS))

    async def _button(self) -> None:
        ann = self._person()
        offered = [each for each in self._server.bot_messages(ann)[-3:] if buttons(each)]
        pressed = [
            (message, button["callback_data"])
            for message in offered
            for button in buttons(message)
            if "callback_data" in button
        ]
        if pressed:
            await self._server.press(ann, *self._chance.choice(pressed))
        else:
            await self._question()

    async def _garbage(self) -> None:
        ann = self._person()
        self.asked.plain[ann.id] += 1
        if self._chance.random() < 0.3:
            await self._server.send_sticker(ann, ann)
        else:
            await self._server.send_text(ann, ann, self._chance.choice(GARBAGE))

    async def _file(self) -> None:
        ann = self._person()
        self.asked.plain[ann.id] += 1
        content = self._chance.randbytes(200)
        await self._server.send_document(ann, ann, content, "notes.exe")

    async def _edit(self) -> None:
        if not self._edited:
            return
        message, chat = self._chance.choice(self._edited)
        with suppress(LookupError):
            await self._server.edit_text(message, self._mark(chat))

    async def _elsewhere(self) -> None:
        if self._chance.random() < 0.5:
            await self._server.inline_query(self._person(), "old bridge")
        else:
            name = f"@{self._server.bot['username']}"
            await self._server.guest_message(self._person(), f"{name} who painted the tower?")


def _member(group: Chat) -> int:
    return next(iter(group.members))


@dataclass(slots=True)
class Watch:
    """The memory of a process, in MiB, by the quarter of the run."""

    process: int
    quarters: tuple[list[float], ...] = ([], [], [], [])

    def look(self, share: float) -> None:
        """Notes what it holds now, at that share of the run."""
        pages = int(Path(f"/proc/{self.process}/statm").read_text("ascii").split()[1])
        held = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
        self.quarters[min(3, int(4 * share))].append(held)

    def means(self) -> list[float]:
        """By quarter."""
        return [statistics.fmean(each) if each else 0.0 for each in self.quarters]


async def soak(chosen: argparse.Namespace, work: Path) -> tuple[Crowd, Watch, int, str, float]:
    """Runs it all; besides what happened the exit status, the log and the seconds it took."""
    make_documents(work / "documents", DOCUMENTS, SENTENCES)
    log = (work / "log").open("w+", encoding="utf-8")
    async with BotApiServer(flood=None) as server:
        crowd = Crowd(server, chosen.chats, chosen.seed)
        process = await bot(server, work, "--reader", chosen.reader, log=log.fileno())
        await server.wait_for(lambda: server.called("setMyCommands"), seconds=300)
        watch, began = Watch(process.pid), time.monotonic()
        server.misbehave(chosen.faults, chosen.seed)
        await _crowded(server, crowd, watch, chosen.updates, work)
        server.misbehave(0)
        with suppress(TimeoutError):
            await server.wait_for(lambda: _calm(server, crowd), seconds=CALM)
        took = time.monotonic() - began
        process.send_signal(signal.SIGTERM)
        status = await process.wait()
    log.seek(0)
    return crowd, watch, status, log.read(), took


async def bot(
    server: BotApiServer, work: Path, *options: str, log: int
) -> asyncio.subprocess.Process:
    """The bot over the documents in a folder, as a process of its own."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.marked", str(work), *options),
        cwd=ROOT,
        env={
            "PATH": "",
            "TELEGRAM_BOT_TOKEN": server.token,
            "BOT_API_BASE_URL": server.base_url.removesuffix("/bot"),
            "ADMIN_IDS": str(ADMIN),
            "QUESTIONS_PER_MINUTE": "1000000",
            "QUESTIONS_PER_DAY": "0",
        },
        stdout=log,
        stderr=log,
    )


async def _crowded(
    server: BotApiServer, crowd: Crowd, watch: Watch, updates: int, work: Path
) -> None:
    reindexed = {updates // 3: 1, 2 * updates // 3: 2}
    with Progress(console=Console(stderr=True)) as shown:
        bar = shown.add_task("updates", total=updates)
        for number in range(updates):
            if seed := reindexed.get(number):
                make_documents(work / "documents" / "more", 40, SENTENCES, seed)
                crowd.asked.plain[ADMIN] += 1  # its report; the progress before it may be lost
                await server.send_text(crowd.admin, crowd.admin, "/reindex")
            await crowd.act()
            crowd.asked.look(server.calls)
            while crowd.asked.open() > MOST_OPEN or len(server.updates) > MOST_OPEN:
                await server.wait_for_change(0.05)
                crowd.asked.look(server.calls)
            if number % 20 == 0:
                watch.look(number / updates)
                shown.update(bar, completed=number)
                await asyncio.sleep(0)


def _calm(server: BotApiServer, crowd: Crowd) -> bool:
    crowd.asked.look(server.calls)
    return not crowd.asked.lost() and not server.updates


def main() -> int:
    """Prints the table; 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--updates", type=int, default=20_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--faults", type=float, default=0.05, help="the share of all calls")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", default="none")
    parser.add_argument("--log", type=Path, help="keep the bot's log here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        crowd, watch, status, log, took = asyncio.run(soak(chosen, Path(work)))
    if chosen.log:
        chosen.log.write_text(log, "utf-8")
    return _report(crowd.asked, watch, status, log, took)


def _report(asked: Asked, watch: Watch, status: int, log: str, took: float) -> int:
    means = watch.means()
    grown = means[3] / max(1.0, means[1]) - 1
    troubles = TROUBLE.findall(log)
    verdicts = [
        ("lost", asked.lost(), asked.lost() == 0),
        ("answered twice", asked.twice(), asked.twice() == 0),
        ("in a wrong chat", asked.astray(), asked.astray() == 0),
        ("errors in the log", len(troubles), not troubles),
        ("exit status", status, status == 0),
        (
            "MiB by quarter",
            " ".join(f"{each:.0f}" for each in means),
            grown <= GROWTH,
        ),
    ]
    table = Table(title=", ".join(f"{count:,} {kind}" for kind, count in asked.kinds.items()))
    for heading in ("", "measured", ""):
        table.add_column(heading)
    table.add_row("questions with a mark", f"{len(asked.marks):,}")
    table.add_row("of them answered", f"{len(asked.found):,}")
    table.add_row("apologies", f"{sum(asked.apologies.values()):,}")
    table.add_row("calls; failed or unheard", f"{asked.seen:,}, {asked.faults:,}")
    table.add_row("seconds", f"{took:.0f}")
    for name, value, holds in verdicts:
        table.add_row(name, str(value), "holds" if holds else "FAILS")
    Console().print(table)
    return 0 if all(holds for _, _, holds in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
