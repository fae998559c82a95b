"""OLE compound files, the containers of old Office and Outlook: olefile lives here."""

from __future__ import annotations

import io
from datetime import date

from index.documents.decoding import decoded
from index.documents.original import Original

MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


class Compound:
    """The streams of a compound file; raises DocumentUnreadable when it is damaged."""

    def __init__(self, original: Original) -> None:
        import olefile  # type: ignore[import-untyped]

        self._original = original
        try:
            self._file = olefile.OleFileIO(io.BytesIO(original.data))
        except (OSError, ValueError, IndexError) as error:
            raise original.unreadable("it is damaged, or cut off") from error

    def names(self) -> list[str]:
        """The paths of all streams, "storage/stream"."""
        return ["/".join(path) for path in self._file.listdir(streams=True, storages=False)]

    def stream(self, name: str) -> bytes | None:
        """The bytes of a stream; None when there is none of that name."""
        if not self._file.exists(name):
            return None
        try:
            with self._file.openstream(name) as stream:
                data: bytes = stream.read()
        except OSError as error:
            raise self._original.unreadable("it is damaged, or cut off") from error
        return data

    def properties(self) -> dict[str, str | date | None]:
        """Title, author and day of making, from its summary; None each where it does not say."""
        summary = self._file.get_metadata()
        page = f"cp{summary.codepage}" if isinstance(summary.codepage, int) else None
        made = summary.create_time
        return {
            "title": _text(summary.title, page),
            "author": _text(summary.author, page),
            # 1601 is the epoch: written by programs that leave the field empty.
            "created": made.date() if made is not None and made.year > 1980 else None,
        }


def _text(value: object, encoding: str | None) -> str | None:
    if isinstance(value, bytes):
        return decoded(value, encoding).strip("\0 ") or None
    return str(value) if value else None
