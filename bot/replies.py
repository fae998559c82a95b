"""What is said at once: blocks of text and buttons. Pure, and the same for all channels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot import languages, words

GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a reply. `bold` holds (start, end) in characters of `text`, `links` holds
    (start, end, start parameter of the bot).

    `quoted` text is set apart; `folded` text may be shown as its first lines only. `tight` follows
    the block before it without an empty line between.
    """

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    quoted: bool = False
    folded: bool = False
    tight: bool = False
    links: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Button:
    """What is pressed to go on. `data` is at most 64 bytes and means the same after a restart.

    Instead of that, `copies` and `opens` are the start parameter of a link to the bot.
    """

    label: str
    data: str = ""
    copies: str = ""
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a reply: its bytes, or where it lies. A `picture` is shown."""

    name: str
    content: bytes | Path
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said at once. Buttons come in rows."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    enclosed: Enclosure | None = None
    trace: Mapping[str, object] | None = None
    """How it came about, for admins; None for what is no answer."""

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "".join(separated(self.blocks))


def sentence(text: str) -> Reply:
    """A reply of plain words."""
    return Reply((Block(text),))


def trouble(error: Exception) -> Reply:
    """What an error of ours says, in the language that is spoken if it is the same each time."""
    return sentence(languages.said(str(error)))


def turning(prefix: str, page: int, last: int) -> tuple[tuple[Button, ...], ...]:
    """The buttons below a page (0-based) of a list: `prefix:page`; none when it is the only one."""
    earlier = [Button(words.EARLIER, f"{prefix}:{page - 1}")] if page else []
    later = [Button(words.LATER, f"{prefix}:{page + 1}")] if page < last else []
    return ((*earlier, *later),) if earlier or later else ()


def one_line(text: str) -> str:
    """Without what is not seen: format and control characters, so that a name is never blank."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def shortened(text: str, limit: int) -> str:
    """A text of at most so many characters; one that was cut says so at its end."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def spoken_day(day: date | None) -> str:
    """`4 September 2021`; empty when it is not known."""
    return languages.spoken_day(day) if day else ""


def separated(blocks: Sequence[Block]) -> list[str]:
    """The texts of blocks, each with the gap that is before it."""
    return [
        (("\n" if block.tight else GAP) if at else "") + block.text
        for at, block in enumerate(blocks)
    ]
