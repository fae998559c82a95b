"""The whole bot for a long while: many chats, all kinds of updates, faults, and two reindexes.

    python -m bench.soak [--updates 20000] [--chats 500] [--faults 0.05] [--seed 1] [--reader none]

The real bot with a real small index runs as a process of its own against the strict Bot API server
of the tests, whose flood limits are lifted. The exit status is 1 when a question was lost, answered
twice, in a wrong chat or over another message, when anything was logged as an error, or when memory
grew; also when no answer came for so long (--patience) that the run was broken off. What got no
answer is named.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from asyncio.subprocess import Process
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.contender import resident
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
START = 300.0
"""Seconds for the bot to build its index and begin,"""
PATIENCE = 180.0
"""while so many questions are open, for the next answer,"""
CALM = 120.0
"""for the last answers to come,"""
END = 30.0
"""and for the bot to end; it promises ten."""
LOOKS = 20
"""Every so manieth update the memory is looked at."""
NAMED = 20
"""Chats that are named when their questions got no answer, and lines of the log."""
GROUP_SHARE = 5
"""Every so manieth chat is a group."""
GROWTH = 0.05
APOLOGIES = {words.CONNECTION, words.CUT_OFF}
INCIDENTAL = (words.BUSY.partition("{")[0], words.REINDEX_SHOWN.rpartition("\n")[2])
"""What stands in messages that are no reply: another one follows."""
WRITING = {"sendMessage", "sendDocument"}
BRINGS_A_MESSAGE = ("p:", "m:")
"""The data of buttons that get a message, and not a change of one."""
TROUBLE = re.compile(r" (ERROR|CRITICAL) |Traceback|never (awaited|retrieved)")
QUESTIONS = """Who restored the old bridge? | When was the northern harbour closed? | Where is the
wooden tower? | Who painted the quiet chapel near Ulmen? | What was moved in 1820? | Which school
flooded? | who said the dam is safe? | Why did the council ask for more time?"""
GARBAGE = ["?!…", "🙂" * 40, "‏\u202e abc", "/", "/nonsense", "a" * 4096, "/sorces now", "\u0301x"]
COMMANDS = ["/help", "/start", "/sources", "/sources 2", "/new", "/ask", "/start c_broken"]


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked with a mark, and where."""

    chat: int
    text: str


@dataclass
class Asked:
    """What was done, and what came of it."""

    questions: dict[str, Question] = field(default_factory=dict)
    """By their marks."""
    waiting: defaultdict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By chat: the marks of what was not answered there yet."""
    plain: Counter[int] = field(default_factory=Counter)
    """By chat: what gets a reply of another kind."""
    found: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """The chats in which each mark was seen."""
    overwritten: list[str] = field(default_factory=list)
    """What was written over a message that said something else, and what that was."""
    guests: set[str] = field(default_factory=set)
    """The ids of what was asked in chats that the bot is not in, and is not answered yet."""
    replies: Counter[int] = field(default_factory=Counter)
    apologies: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    faults: int = 0

    def ask(self, chat: int, question: str) -> str:
        """The question as it is to be sent, with a mark of its own."""
        mark = f"#{len(self.questions) + 1}"
        self.questions[mark] = Question(chat, question)
        self.waiting[chat].append(mark)
        return f"{mark} {question}"

    def look(self, calls: list[Call]) -> None:
        """Takes note of what the bot has done since."""
        for call in calls:
            self.calls += 1
            self.faults += not (call.accepted and call.delivered)
            if call.method == "answerGuestQuery" and call.accepted:
                self.guests.discard(str(call.parameters["guest_query_id"]))
            elif call.method in WRITING and call.accepted:
                self._heard(call.result["chat"]["id"], call.result.get("text", ""))
            elif call.method == "editMessageText" and call.accepted:
                self._changed(str(call.parameters["text"]))

    def open(self) -> int:
        """How many questions wait for an answer; not those for which an apology came instead."""
        return sum(
            max(0, len(marks) - self.apologies[chat]) for chat, marks in self.waiting.items()
        )

    def _heard(self, chat: int, text: str) -> None:
        if mark := MARK.match(text):
            self.found[mark[0]].append(chat)
            if mark[0] in self.waiting[chat]:
                self.waiting[chat].remove(mark[0])
        elif text in APOLOGIES:
            self.apologies[chat] += 1
        elif not any(each in text for each in INCIDENTAL):
            self.replies[chat] += 1

    def _changed(self, text: str) -> None:
        """An answer that had arrived cannot be changed into itself: Telegram refuses that."""
        if MARK.match(text) or text in APOLOGIES:
            self.overwritten.append(text.partition("\n")[0])

    # --- verdicts ---

    def lost(self) -> int:
        """Updates that got neither a reply nor an apology."""
        chats = {*self.waiting, *self.plain}
        return sum(max(0, self._missing(each) - self.apologies[each]) for each in chats)

    def unanswered(self) -> dict[int, list[str]]:
        """By chat: the marked questions without an answer, where not each got an apology."""
        return {
            chat: [f"{mark} {self.questions[mark].text}" for mark in marks]
            for chat, marks in self.waiting.items()
            if marks and self._missing(chat) > self.apologies[chat]
        }

    def astray(self) -> int:
        """Answers in a chat that did not ask."""
        return sum(
            mark not in self.questions or chat != self.questions[mark].chat
            for mark, chats in self.found.items()
            for chat in chats
        )

    def twice(self) -> int:
        """Answers beyond the first to a question."""
        return sum(len(chats) - 1 for chats in self.found.values())

    def _missing(self, chat: int) -> int:
        unmarked = max(0, self.plain[chat] - self.replies[chat])
        return len(self.waiting.get(chat, ())) + unmarked


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
        question = " ".join(self._chance.choice(QUESTIONS.split("|")).split())
        return self.asked.ask(chat, question)

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
        if not pressed:
            await self._question()
            return
        message, data = self._chance.choice(pressed)
        self.asked.plain[ann.id] += data.startswith(BRINGS_A_MESSAGE)
        await self._server.press(ann, message, data)

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
        if self._chance.random() < 0.5:
            await self._server.send_document(ann, ann, self._chance.randbytes(200), "notes.exe")
        else:
            note = f"Notes\n\nThe old bridge was seen by {self._chance.randrange(1000)} people."
            await self._server.send_document(ann, ann, note.encode("ascii"), "notes.txt")

    async def _edit(self) -> None:
        if not self._edited:
            return
        message, chat = self._chance.choice(self._edited)
        await self._server.edit_text(message, self._mark(chat))

    async def _elsewhere(self) -> None:
        if self._chance.random() < 0.5:
            await self._server.inline_query(self._person(), "old bridge")
        else:
            name = f"@{self._server.bot['username']}"
            asked = f"{name} who painted the tower?"
            self.asked.guests.add(await self._server.guest_message(self._person(), asked))


def _member(group: Chat) -> int:
    return next(iter(group.members))


@dataclass(slots=True)
class Watch:
    """The memory of a process, in MiB, by the quarter of the run."""

    process: int
    quarters: tuple[list[float], ...] = field(default_factory=lambda: ([], [], [], []))

    def look(self, share: float) -> None:
        """Notes what it holds now, at that share of the run."""
        self.quarters[min(3, int(4 * share))].append(resident(self.process))

    def means(self) -> list[float]:
        """By quarter; 0 for one that was not reached."""
        return [statistics.fmean(each) if each else 0.0 for each in self.quarters]

    def grown(self) -> float:
        """By what share the last quarter is above the second."""
        means = self.means()
        return means[3] / max(1.0, means[1]) - 1


@dataclass(slots=True, kw_only=True)
class Run:
    """What happened."""

    asked: Asked
    watch: Watch
    wanted: int
    """Updates that were to be sent, and"""
    sent: int = 0
    """how many were: fewer when no answer came for too long, or the bot ended."""
    seconds: float = 0.0
    status: int = 0
    log: str = ""

    def verdicts(self) -> list[tuple[str, str, bool]]:
        """What was measured, and whether it is as it should be."""
        troubles = len(TROUBLE.findall(self.log))
        counts = [
            ("lost", self.asked.lost()),
            ("answered twice", self.asked.twice()),
            ("in a wrong chat", self.asked.astray()),
            ("written over another message", len(self.asked.overwritten)),
            ("guests without an answer", len(self.asked.guests)),
            ("errors in the log", troubles),
            ("exit status", self.status),
        ]
        memory = " ".join(f"{each:.0f}" for each in self.watch.means())
        return [
            ("updates", f"{self.sent:,} of {self.wanted:,}", self.sent == self.wanted),
            *((name, str(count), count == 0) for name, count in counts),
            ("MiB by quarter", memory, self.watch.grown() <= GROWTH),
        ]


class Driver:
    """Sends the updates as fast as they are answered, and tells how far it is."""

    def __init__(
        self, server: BotApiServer, crowd: Crowd, process: Process, run: Run, patience: float
    ) -> None:
        self._server, self._crowd, self._process = server, crowd, process
        self._run, self._patience = run, patience
        self._began, self._quarter = time.monotonic(), 0

    async def drive(self, documents: Path) -> None:
        """Until all are sent, no answer has come for too long, or the bot has ended."""
        wanted = self._run.wanted
        changes = {wanted // 3: 1, 2 * wanted // 3: 2}
        while self._run.sent < wanted and self._process.returncode is None:
            if seed := changes.get(self._run.sent):
                await self._reindex(documents, seed)
            if self._run.sent % LOOKS == 0:
                self._run.watch.look(self._run.sent / wanted)
                await asyncio.sleep(0)  # the server answers meanwhile
            await self._crowd.act()
            self._run.sent += 1
            self._tell()
            if not await self._room():
                sys.stderr.write(f"No answer for {self._patience:.0f} s: broken off.\n")
                return

    async def calm(self) -> None:
        """Waits for the last answers, as long as is allowed."""
        until = time.monotonic() + CALM
        while time.monotonic() < until and self._process.returncode is None:
            self.look()
            asked = self._run.asked
            if not (asked.lost() or asked.guests or self._server.updates):
                return
            await self._server.wait_for_change(0.1)

    def look(self) -> None:
        """Takes note of what the bot has done; the server need not keep it."""
        self._run.asked.look(self._server.calls)
        self._server.calls.clear()

    async def _room(self) -> bool:
        """Waits until people may ask on; False when they may not for too long."""
        self.look()
        until = time.monotonic() + self._patience
        while max(self._run.asked.open(), len(self._server.updates)) > MOST_OPEN:
            if time.monotonic() > until:
                return False
            await self._server.wait_for_change(0.05)
            self.look()
        return True

    async def _reindex(self, documents: Path, seed: int) -> None:
        make_documents(documents / "more", 40, SENTENCES, seed)
        self._run.asked.plain[ADMIN] += 1  # its report; the progress before it may be lost
        await self._server.send_text(self._crowd.admin, self._crowd.admin, "/reindex")

    def _tell(self) -> None:
        """A line at the end of each quarter."""
        quarter = 4 * self._run.sent // self._run.wanted
        if quarter > self._quarter:
            self._quarter, asked = quarter, self._run.asked
            sys.stderr.write(
                f"{self._run.sent:,} of {self._run.wanted:,} updates, "
                f"{time.monotonic() - self._began:.0f} s; {asked.open()} questions wait, "
                f"{sum(asked.apologies.values())} apologies; "
                f"{self._run.watch.means()[quarter - 1]:.0f} MiB\n"
            )


async def soak(chosen: argparse.Namespace, work: Path) -> Run:
    """Runs it all. Raises TimeoutError when the bot does not begin."""
    make_documents(work / "documents", DOCUMENTS, SENTENCES)
    with (work / "log").open("w+", encoding="utf-8") as log:
        async with BotApiServer(flood=None) as server:
            process = await bot(server, work, "--reader", chosen.reader, log=log.fileno())
            try:
                run = await _driven(server, process, chosen, work / "documents")
            finally:
                status = await ended(process)
        log.seek(0)
        run.status, run.log = status, log.read()
    return run


async def _driven(
    server: BotApiServer, process: Process, chosen: argparse.Namespace, documents: Path
) -> Run:
    # It asks for updates once it has begun: a fault before that would be one of the start.
    await server.wait_for(
        lambda: server.allowed_updates or process.returncode is not None, seconds=START
    )
    crowd = Crowd(server, chosen.chats, chosen.seed)
    run = Run(asked=crowd.asked, watch=Watch(process.pid), wanted=chosen.updates)
    driver, began = Driver(server, crowd, process, run, chosen.patience), time.monotonic()
    server.misbehave(chosen.faults, chosen.seed)
    await driver.drive(documents)
    server.misbehave(0)
    await driver.calm()
    run.seconds = time.monotonic() - began
    return run


async def bot(server: BotApiServer, work: Path, *options: str, log: int) -> Process:
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


async def ended(process: Process) -> int:
    """The exit status of a bot that is told to end; of one that does not, that of a killed one."""
    with suppress(ProcessLookupError):  # it has ended by itself
        process.terminate()
    try:
        async with asyncio.timeout(END):
            return await process.wait()
    except TimeoutError:
        process.kill()
        return await process.wait()


def main() -> int:
    """Prints the table; 1 when something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--updates", type=int, default=20_000)
    parser.add_argument("--chats", type=int, default=500)
    parser.add_argument("--faults", type=float, default=0.05, help="the share of all calls")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", default="none")
    parser.add_argument(
        "--patience", type=float, default=PATIENCE, help="seconds without an answer, at most"
    )
    parser.add_argument("--log", type=Path, help="keep the bot's log here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        run = asyncio.run(soak(chosen, Path(work)))
    if chosen.log:
        chosen.log.write_text(run.log, "utf-8")
    return report(run)


def report(run: Run) -> int:
    """Prints what happened and what got no answer; 1 when something went wrong."""
    asked, verdicts = run.asked, run.verdicts()
    table = Table(title=", ".join(f"{count:,} {kind}" for kind, count in asked.kinds.items()))
    for heading in ("", "measured", ""):
        table.add_column(heading)
    table.add_row("questions with a mark", f"{len(asked.questions):,}")
    table.add_row("of them answered", f"{len(asked.found):,}")
    table.add_row("apologies", f"{sum(asked.apologies.values()):,}")
    table.add_row("calls; failed or unheard", f"{asked.calls:,}, {asked.faults:,}")
    table.add_row("seconds", f"{run.seconds:.0f}")
    for name, value, holds in verdicts:
        table.add_row(name, value, "holds" if holds else "FAILS")
    Console().print(table)
    for line in _particulars(run):
        print(line)
    return 0 if all(holds for _, _, holds in verdicts) else 1


def _particulars(run: Run) -> list[str]:
    """What got no answer, by chat, and the first lines of trouble in the log."""
    unanswered = list(run.asked.unanswered().items())
    named = [f"No answer in chat {chat}: {'; '.join(marks)}" for chat, marks in unanswered[:NAMED]]
    more = [f"… and in {len(unanswered) - NAMED} more chats"] * (len(unanswered) > NAMED)
    troubles = [line for line in run.log.splitlines() if TROUBLE.search(line)]
    return [*named, *more, *troubles[:NAMED]]


if __name__ == "__main__":
    sys.exit(main())
