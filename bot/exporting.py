"""/export: the whole index as one file, for the owner."""

from __future__ import annotations

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
        try:
            reply = await self._exported()
        except QuothError as error:
            return trouble(error)
        await noted(self.records.audit, admin, "export", reply.text)
        return reply

    async def _exported(self) -> Reply:
        name = f"quoth-{datetime.now(UTC):%Y-%m-%d-%H%M%S}.zip"
        with TemporaryDirectory() as empty:
            folder = (self.records.folder or Path(empty)) / FOLDER
            file = folder / name
            try:
                folder.mkdir(parents=True, exist_ok=True)
                await self.library.export(file)
                size = words.spoken_size(file.stat().st_size)
                if file.stat().st_size > self.largest:
                    return sentence(words.EXPORT_LIES.format(file=file, size=size))
                content = await aside(file.read_bytes)
                file.unlink()
            except OSError as error:
                raise storage_trouble(error, folder) from error
        about = Block(words.EXPORTED.format(size=size))
        return Reply((about,), enclosed=Enclosure(name, content))
