"""What buttons and links carry: where they lead, in few characters, the same after a restart.

Callback data has at most 64 bytes; the start parameter of a link at most 64 of A–Z a–z 0–9 _ -.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from index.passages import Citation, Document

VOTE_UP, VOTE_DOWN, SHOW_MORE = "v:1", "v:0", "m:"
"""Callback data of buttons that mean the answer they stand below."""
LINK = "c_"
"""How the start parameter of a link to a quote begins."""
_HASHED = 4
"""Bytes of a fingerprint: enough to tell the sources, and the quotes of one document, apart."""
_GROUP = 8
"""Bytes of a group's id, which has at most 52 bits."""
_LONGEST = 2_000
"""Characters of a quote that a link is made for; quotes are shorter."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Characters of one version of a document, what is opened; with none of them, a place."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Step:
    """On the walk through a document: the passage at `offset`, with the quote one came from."""

    offset: int
    quote: Spot
    group: int | None = None
    """The group whose members may read it also elsewhere."""


@dataclass(frozen=True, slots=True)
class More:
    """What comes next to an answer beyond the first `skip`; without a message, to the one above."""

    skip: int = 0
    message: int | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A quote, and what helps to find it again in a newer version of its source."""

    spot: Spot
    source: bytes
    words: bytes
    group: int | None = None
    """The group that it was quoted in: its members may read what was added there."""

    def is_from(self, source: str) -> bool:
        """Whether this is the source that was quoted."""
        return fingerprint(source) == self.source

    def found_in(self, text: str) -> int | None:
        """Where the quoted words stand in a text, nearest to where they were; None when nowhere."""
        length = self.spot.end - self.spot.start
        beginnings = (each.start() for each in re.finditer(r"(?<!\S)\S", text))
        found = [at for at in beginnings if fingerprint(text[at : at + length]) == self.words]
        return min(found, key=lambda at: abs(at - self.spot.start), default=None)


def spot_of(citation: Citation) -> Spot:
    """Where a quote stands."""
    return Spot(citation.document.id, citation.start, citation.end)


def passage_data(citation: Citation) -> str:
    """`p:<document id>:<start>:<end>`, offsets in hexadecimal: at most 64 bytes."""
    return f"p:{_written(spot_of(citation))}"


def read_passage_data(data: str) -> Spot | None:
    """What `passage_data` wrote; None for anything else."""
    return _read_spot(data[2:]) if data.startswith("p:") else None


def step_data(offset: int, quote: Spot, group: int | None = None) -> str:
    """`w:<offset>:` and the quote, likewise; and `:<group>`, where it was opened for a member."""
    return f"w:{offset:x}:{_written(quote)}" + (f":{-group:x}" if group else "")


def read_step_data(data: str) -> Step | None:
    """What `step_data` wrote; None for anything else."""
    found = re.fullmatch(r"w:([0-9a-f]{1,7}):(\w+:\w+:\w+)(?::([0-9a-f]{1,13}))?", data, re.ASCII)
    spot = _read_spot(found[2]) if found else None
    group = -int(found[3], 16) if found and found[3] else None
    return Step(int(found[1], 16), spot, group) if found and spot else None


def more_data(more: More) -> str:
    """`m:<skip>:<message>`, or `SHOW_MORE` below the answer itself."""
    return f"{SHOW_MORE}{more.skip}:{more.message}" if more.message else SHOW_MORE


def read_more_data(data: str) -> More | None:
    """What `more_data` wrote; None for anything else."""
    found = re.fullmatch(rf"{SHOW_MORE}(\d{{1,3}}):(\d{{1,12}})", data, re.ASCII)
    if found:
        return More(int(found[1]), int(found[2]))
    return More() if data == SHOW_MORE else None


def read_sources_data(data: str) -> int | None:
    """The page of a button under the list of documents; None for anything else."""
    found = re.fullmatch(r"s:(\d{1,9})", data)
    return int(found[1]) if found else None


def link_to(document: Document, start: int, end: int, group: int | None = None) -> str:
    """The start parameter that opens these characters; empty when there are none, or too many.

    With the group that they are quoted in, so that its members can open them elsewhere.
    """
    if not 0 < end - start <= _LONGEST or start >= 2**32:
        return ""
    packed = (
        bytes.fromhex(document.id)
        + fingerprint(document.source)
        + fingerprint(document.text[start:end])
        + start.to_bytes(4, "big")
        + (end - start).to_bytes(2, "big")
        + (b"" if group is None else (-group).to_bytes(_GROUP, "big"))
    )
    return LINK + urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def read_link(parameter: str) -> Link | None:
    """What `link_to` wrote; None for anything else."""
    if not re.fullmatch(rf"{LINK}[A-Za-z0-9_-]{{30}}(?:[A-Za-z0-9_-]{{10}})?", parameter):
        return None
    written = parameter.removeprefix(LINK)
    packed = urlsafe_b64decode(written + "=" * (-len(written) % 4))
    start, length = int.from_bytes(packed[16:20], "big"), int.from_bytes(packed[20:22], "big")
    if not 0 < length <= _LONGEST:
        return None
    spot, group = Spot(packed[:8].hex(), start, start + length), -int.from_bytes(packed[22:], "big")
    return Link(spot, packed[8:12], packed[12:16], group or None)


def fingerprint(text: str) -> bytes:
    """A few bytes that tell a text from others."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_HASHED).digest()


def _written(spot: Spot) -> str:
    return f"{spot.document}:{spot.start:x}:{spot.end:x}"


def _read_spot(written: str) -> Spot | None:
    found = re.fullmatch(r"([0-9a-f]{1,32}):([0-9a-f]{1,7}):([0-9a-f]{1,7})", written)
    return Spot(found[1], int(found[2], 16), int(found[3], 16)) if found else None
