"""The one place where text is changed: after it, every character is what is stored and quoted."""

from __future__ import annotations

import re
import unicodedata

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl",
             0xFB05: "st", 0xFB06: "st"}  # fmt: skip
# How Arabic letters look beside others, each with a character of its own; signs for whole phrases
# stay, and marks that stand alone.
SHAPES = {
    code: letters
    for code in (*range(0xFB50, 0xFE00), *range(0xFE70, 0xFEFD))
    if (letters := unicodedata.normalize("NFKC", chr(code))).isalpha()
}
LINE_ENDS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
SPACES = dict.fromkeys((0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000), " ")

# Soft hyphen, zero-width space, word joiner and byte order mark; embeddings, overrides and isolates
# (a slice that holds only their opening half would turn the rest of a message around); annotation
# marks; the invisible tag characters; noncharacters. Joiners (200C, 200D) and direction marks
# (200E, 200F) belong to the spelling and stay.
REMOVED = dict.fromkeys((
    0xAD, 0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A),
    *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080), 0xFFFE, 0xFFFF,
))  # fmt: skip
CONTROLS = {code: None for code in (*range(0x20), *range(0x7F, 0xA0)) if code != 0x0A}
TERMINAL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")
"""How a program asks a terminal for colours; logs are full of it."""
BULLET = re.compile(r"^[\ue000-\uf8ff](?=[^\S\n])", re.MULTILINE)
"""What stands before an item of a list in a font of signs: no other font has it."""
SURROGATES = re.compile(r"[\ud800-\udfff]")
TABLE = {**CONTROLS, **REMOVED, **LIGATURES, **SHAPES, **SPACES, **LINE_ENDS}


def normalised(text: str) -> str:
    """Text in NFC with "\\n" as its only control character, one space between words, and no
    spaces around line ends; at most one blank line in a row. Normalising it again changes nothing.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in text:
        text = TERMINAL.sub("", text)
    text = BULLET.sub("•", SURROGATES.sub("", text).translate(TABLE))
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r" *\n *", "\n", re.sub(r"  +", " ", text))
    return re.sub(r"\n{3,}", "\n\n", text).strip(" \n")


def line(text: str) -> str:
    """The text on one line, normalised: for titles, names and cells."""
    return " ".join(normalised(text).split())
