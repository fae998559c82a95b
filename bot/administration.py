"""What admins can do, the same for Telegram and the terminal: their commands and buttons."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from bot import words
from bot.acting import Admin, Command, Press, Step, noted
from bot.confirming import Confirmations
from bot.conversation import Conversation
from bot.documents import Documents
from bot.exporting import Exporting
from bot.gaps import Gaps
from bot.library import Library
from bot.notices import Notices
from bot.records import Records
from bot.reindexing import AlreadyRunning, Reindexing
from bot.replies import Block, Reply, sentence, trouble
from bot.reports import all_failures, failures, failures_button, held, reported
from bot.schedule import TROUBLE, Schedule, tell_of
from bot.statistics import Statistics
from bot.versions import Versions
from index.errors import QuothError
from index.passages import Failure
from index.ports import ProgressListener


class Administration:
    """Joins the rooms of the admins.

    `forget` is called, besides the conversation's own, when an answer may rest on what has gone.
    With `every` seconds it reindexes by itself, and the owner hears of that.
    """

    def __init__(
        self,
        library: Library,
        conversation: Conversation,
        records: Records | None = None,
        *,
        forget: Callable[[], None] = lambda: None,
        notices: Notices | None = None,
        every: float = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._library, self._conversation, self._clock = library, conversation, clock
        self._forget, self._started = forget, clock()
        records = records or Records()
        self._audit = records.audit
        self.reindexing = Reindexing(library, self._changed)
        self.cancels: list[Callable[[], str | None]] = [self.reindexing.cancel]
        """What /cancel stops: each says so, or gives None when there is nothing to stop."""
        self._notices = notices
        self.schedule: Schedule | None = None
        if notices:
            self.schedule = Schedule(self.reindexing, notices, self._audit, every=every)
        self.confirmations = Confirmations(clock)
        self.commands: dict[str, Command] = {"cancel": self._cancel, "status": self._status}
        self.presses: dict[str, Press] = {
            "yes": self.confirmations.agree,
            "no": self.confirmations.decline,
            "failures": self._failures,
        }
        self._add_documents(records)
        self._add_questions(records)

    def _add_documents(self, records: Records) -> None:
        """What is about the documents and the index of them."""
        library, confirmations, audit = self._library, self.confirmations, records.audit
        exporting = Exporting(library, records)

        def forgotten() -> None:
            self._changed()
            exporting.discard()

        documents = Documents(
            library=library, confirmations=confirmations, audit=audit, changed=forgotten
        )
        versions = Versions(
            library=library,
            confirmations=confirmations,
            audit=audit,
            changed=self._changed,
            scheduled=bool(self.schedule and self.schedule.every),
        )
        self.commands |= {
            "docs": documents.listed,
            "forget": documents.forget,
            "rollback": versions.rollback,
            "export": exporting.export,
        }
        self.presses |= {
            "docs": documents.turn,
            "doc": documents.open,
            "forget": documents.choose,
        }

    def _add_questions(self, records: Records) -> None:
        """What is about the questions of people."""
        gaps = Gaps(self._library, records)
        self.commands |= {"gaps": gaps.listed, "stats": Statistics(records).shown}
        self.presses |= {
            "gaps": gaps.turn,
            "gap": gaps.open,
            "judge": gaps.judge,
            "settle": gaps.settle,
        }

    async def command(self, name: str, admin: Admin, rest: str = "") -> Reply:
        """What a command says; `rest` are the words after it. Its name is one of `commands`."""
        return await self.commands[name](admin, rest)

    def press(self, admin: Admin, data: str) -> Step | str:
        """What a button of admins does, or the sentence that says why it does nothing."""
        kind, _colon, rest = data.partition(":")
        press = self.presses.get(kind)
        return press(admin, rest) if press else words.OLD_BUTTON

    async def reindex(self, admin: Admin, listener: ProgressListener | None = None) -> Reply:
        """Brings the index up to date; the report, or the sentence that says why not."""
        try:
            report = await self.reindexing.run(listener)
        except AlreadyRunning as error:
            return trouble(error)
        except QuothError as error:
            await noted(self._audit, admin, "reindex", str(error))
            if self._notices and not admin.owner:
                await tell_of(error, self._notices)
            return trouble(error)
        outcome = self.reindexing.last.outcome if self.reindexing.last else ""
        await noted(self._audit, admin, "reindex", outcome)
        if self._notices:
            await self._notices.over(TROUBLE)
        return reported(report)

    async def begin(self) -> None:
        """Starts the schedule, if there is one."""
        if self.schedule:
            failed: tuple[Failure, ...] = ()
            with suppress(QuothError):
                failed = (await self._library.status()).failed
            self.schedule.begin(failed)

    async def close(self) -> None:
        """Ends the schedule, and a reindex of it."""
        if self.schedule:
            await self.schedule.close()

    def _changed(self) -> None:
        self._conversation.forget()
        self._forget()

    async def _cancel(self, admin: Admin, _: str) -> Reply:
        said = [told for cancel in self.cancels if (told := cancel())]
        if said:
            await noted(self._audit, admin, "cancel")
        return sentence("\n".join(said) or words.NOTHING_RUNS)

    async def _status(self, _: Admin, __: str) -> Reply:
        """What the index holds and how the bot is."""
        try:
            status, kept = await self._library.status(), await self._library.generations()
        except QuothError as error:
            return trouble(error)
        lines = [*held(status, kept), *self._lived(), *self._reindexes()]
        block = Block("\n".join(lines), bold=((0, len(lines[0])),))
        return Reply((block, *failures(status.failed)), failures_button(status.failed))

    def _lived(self) -> list[str]:
        counts = self._conversation.counts
        return [
            words.STATUS_MEMORY.format(size=words.spoken_size(_memory())),
            words.STATUS_LIVED.format(
                duration=words.spoken_duration(self._clock() - self._started),
                asked=words.counted(counts.questions, "question"),
                refused=words.counted(counts.refusals, "refusal"),
            ),
        ]

    def _reindexes(self) -> list[str]:
        """The reindex that runs, the last one, and the next one."""
        running, last = self.reindexing.running, self.reindexing.last
        lines = [words.STATUS_REINDEX.format(progress=self.reindexing.progress)] if running else []
        if last:
            when = words.moment(last.at)
            outcome = last.outcome.replace("\n", ", ")
            lines.append(words.STATUS_LAST.format(when=when, outcome=outcome))
        following = self.schedule.next if self.schedule else None
        if following:
            lines.append(words.STATUS_NEXT.format(when=words.moment(following)))
        return lines

    def _failures(self, _: Admin, __: str) -> Step | str:
        return Step(self._all_failures, instead=False)

    async def _all_failures(self) -> Reply:
        try:
            return all_failures((await self._library.status()).failed)
        except QuothError as error:
            return trouble(error)


def _memory() -> int:
    """Bytes of memory this process holds now; its highest where the system does not say."""
    try:
        resident = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except (OSError, ValueError, IndexError):
        import resource

        highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return highest if sys.platform == "darwin" else highest * 1024
    import resource

    return resident * resource.getpagesize()
