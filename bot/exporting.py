"""/export: the whole index as one file, for the owner."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import words
from bot.acting import Admin, noted
from bot.library import Library
from bot.records import Records
from bot.replies import Block, Enclosure, Reply, sentence, trouble
from bot.threads import aside
from index.errors import QuothError, storage_trouble

LARGEST = 50 * 10**6
"""Bytes that a bot may send (https://core.telegram.org/bots/api#senddocument)."""
FOLDER = "export"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exporting:
    """The command of that name."""

    library: Library
    records: Records
    largest: int = LARGEST

    async def export(self, admin: Admin, _: str = "") -> Reply:
        """The archive, or where it lies when it is too large to be sent."""
        if not admin.owner:
            return sentence(words.FOR_THE_OWNER)
        if not admin.private:
            return sentence(words.IN_PRIVATE)
        name = f"quoth-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.zip"
        try:
            with TemporaryDirectory() as empty:
                # Records that are kept in memory have no folder: then what is too large is lost.
                folder = (self.records.folder or Path(empty)) / FOLDER
                reply, size = await self._exported(folder / name)
        except QuothError as error:
            return trouble(error)
        await noted(self.records.audit, admin, "export", size)
        return reply

    def discard(self) -> None:
        """Deletes the archives that lie there: they hold what is being forgotten."""
        if self.records.folder:
            for file in (self.records.folder / FOLDER).glob("quoth-*.zip*"):
                try:
                    file.unlink(missing_ok=True)
                except OSError as error:
                    log.warning("%s holds what was forgotten, and stays: %s", file, error)

    async def _exported(self, file: Path) -> tuple[Reply, str]:
        """The reply, and the size in words."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            await self.library.export(file)
            length, content = await aside(self._taken, file)
        except OSError as error:
            raise storage_trouble(error, file.parent) from error
        size = words.spoken_size(length)
        if content is None:
            return sentence(words.EXPORT_LIES.format(file=file, size=size)), size
        about = Block(words.EXPORTED.format(size=size))
        return Reply((about,), enclosed=Enclosure(file.name, content)), size

    def _taken(self, file: Path) -> tuple[int, bytes | None]:
        """The length of a file, and its bytes in place of it; None if it stays, too large."""
        length = file.stat().st_size
        if length > self.largest:
            return length, None
        content = file.read_bytes()
        file.unlink()
        return length, content
