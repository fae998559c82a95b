"""Many chats at once over a large collection, beside the library's default of one after the other.

    python -m bench.load [--passages 50000] [--chats 100] [--reader none] [--work FOLDER]

The real bot runs as a process of its own against the strict Bot API server of the tests, whose
flood limits are lifted. One chat asks alone, one question after the other; then all chats ask in
the same moment, again as soon as they are answered; then they ask at the rate that is promised (40
questions a second, 10 with the reader), each when it likes. The exit status is 1 when a goal is
missed. The documents and the index are kept in FOLDER.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.indexing import EXTRAS, NAMES, PLACES, QUALITIES, THINGS, make_documents
from bench.marked import MARK
from bench.soak import bot, ended
from bench.speed import percentile
from index import open_index
from tests.bot_api import BotApiServer
from tests.bot_api_world import Person

ALONE = 30
WARM = 5
ROUNDS = 5
RATES = {"none": 40.0, "default": 10.0}
"""Answers a second that are promised, by the reader."""
SECONDS = 20.0
"""For which the chats ask at the promised rate."""
TIMES = 10.0
"""So many times the median of one who asks alone may 95 of 100 questions take."""
PATIENCE = 300.0
YEARS = range(1700, 2021)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds from a question to its answer, and answers a second."""

    alone: list[float]
    at_once: list[float]
    throughput: float
    """When all ask as fast as they are answered."""
    at_rate: list[float]
    work: float
    """Seconds of a processor for each answer when all ask at once."""


class People:
    """Those who ask, and when they were answered."""

    def __init__(self, server: BotApiServer, chats: int) -> None:
        self._server, self._chance = server, random.Random(1)
        self.everybody = [server.person(1000 + number) for number in range(chats)]
        self._answered: dict[str, asyncio.Future[float]] = {}
        self._seen = 0

    async def ask(self, person: Person) -> float:
        """Seconds until the answer was there."""
        mark = f"#{len(self._answered) + 1}"
        answered = self._answered[mark] = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        await self._server.send_text(person, person, f"{mark} {self._question()}")
        return await asyncio.wait_for(answered, PATIENCE) - began

    async def watch(self) -> None:
        """Notes the answers as they come; to be cancelled."""
        while True:
            for call in self._server.calls[self._seen :]:
                self._seen += 1
                found = MARK.match(str(call.parameters.get("text", "")))
                if call.method == "sendMessage" and found and call.accepted:
                    waiting = self._answered[found[0]]
                    if not waiting.done():
                        waiting.set_result(call.when)
            await self._server.wait_for_change(1.0)

    async def one_after_the_other(self, person: Person, count: int) -> list[float]:
        """The times of one who asks again when answered."""
        return [await self.ask(person) for _ in range(count)]

    async def at_rate(self, rate: float, seconds: float) -> list[float]:
        """The times when all together ask so many questions a second, each when it likes."""
        asked = []
        for number in range(int(rate * seconds)):
            person = self.everybody[number % len(self.everybody)]
            asked.append(asyncio.create_task(self.ask(person)))
            await asyncio.sleep(self._chance.expovariate(rate))
        return list(await asyncio.gather(*asked))

    def _question(self) -> str:
        pick = self._chance.choice
        thing = f"{pick(QUALITIES)} {pick(THINGS)}"
        return pick(
            [
                f"When did {pick(NAMES)} paint the {thing} near {pick(PLACES)}?",
                f"Who restored the {thing} of {pick(PLACES)} {pick(EXTRAS)}?",
                f"What happened to the {thing} near {pick(PLACES)} in {pick(YEARS)}?",
            ]
        )


def build(work: Path, passages: int) -> None:
    """The documents, one passage each, and their index, as far as they are not there."""
    if not (work / "documents").exists():
        make_documents(work / "documents", passages, 1)
    with open_index(work / "documents", work / "index", reader_model="none") as index:
        index.reindex()


async def measure(work: Path, chosen: argparse.Namespace, *options: str) -> Measured:
    """The times of a bot with these options over the index."""
    for kept in (work / "index").glob("bot.sqlite*"):
        kept.unlink()  # the server of each run numbers its updates anew
    async with BotApiServer(flood=None) as server:
        people = People(server, chosen.chats)
        with (work / "log").open("a", encoding="utf-8") as log:
            process = await bot(server, work, "--reader", chosen.reader, *options, log=log.fileno())
        await server.wait_for(lambda: server.called("setMyCommands"), seconds=PATIENCE)
        watching = asyncio.create_task(people.watch())
        try:
            return await _measured(people, process.pid, chosen)
        finally:
            watching.cancel()
            await ended(process)


async def _measured(people: People, process: int, chosen: argparse.Namespace) -> Measured:
    await asyncio.gather(*(people.ask(one) for one in people.everybody[:WARM]))
    alone = await people.one_after_the_other(people.everybody[0], ALONE)
    began, worked = time.monotonic(), _worked(process)
    asked = await asyncio.gather(
        *(people.one_after_the_other(one, chosen.rounds) for one in people.everybody)
    )
    took, worked = time.monotonic() - began, _worked(process) - worked
    at_once = [seconds for each in asked for seconds in each]
    return Measured(
        alone=alone,
        at_once=at_once,
        throughput=len(at_once) / took,
        work=worked / len(at_once),
        at_rate=await people.at_rate(RATES[chosen.reader], chosen.seconds),
    )


def _worked(process: int) -> float:
    """Seconds of a processor that a process has used, in all its threads."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Prints the table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--chats", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="questions of each at once")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of asking at the rate")
    parser.add_argument("--reader", choices=RATES, default="none")
    parser.add_argument("--work", type=Path, help="keep the documents and the index here")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = chosen.work or Path(folder)
        build(work, chosen.passages)
        ours = asyncio.run(measure(work, chosen))
        plain = asyncio.run(measure(work, chosen, "--one-after-the-other"))
    return _report(ours, plain, RATES[chosen.reader])


def _report(ours: Measured, plain: Measured, rate: float) -> int:
    table = Table("", "ours", "one after the other", "goal")
    for name, row in (("alone", "alone"), ("all at once", "at_once"), ("at the rate", "at_rate")):
        times = [_times(getattr(each, row)) for each in (ours, plain)]
        table.add_row(f"{name}: p50, p95 ms", *times)
    ratios = [_ratio(each) for each in (ours, plain)]
    shown = [f"{each:.1f}" for each in ratios]
    table.add_row("p95 at the rate / p50 alone", *shown, f"< {TIMES:.0f}")
    speeds = [f"{each.throughput:.1f}" for each in (ours, plain)]
    table.add_row("answers a second, all at once", *speeds, f"≥ {rate:.0f}")
    table.add_row("processor ms an answer", *(f"{1000 * each.work:.0f}" for each in (ours, plain)))
    Console().print(table)
    return 0 if ratios[0] < TIMES and ours.throughput >= rate else 1


def _times(seconds: Sequence[float]) -> str:
    return f"{1000 * statistics.median(seconds):.0f}, {1000 * percentile(seconds, 0.95):.0f}"


def _ratio(measured: Measured) -> float:
    return percentile(measured.at_rate, 0.95) / statistics.median(measured.alone)


if __name__ == "__main__":
    sys.exit(main())
