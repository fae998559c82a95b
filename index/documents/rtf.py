"""Rich Text Format (rtf), by Microsoft's specification 1.9.1."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from index.documents.dates import date_of
from index.documents.decoding import decoded
from index.documents.draft import Block, Draft
from index.documents.original import Original
from index.documents.tables import table_blocks
from index.documents.word import HEADING

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})"
    r"|\\(?P<symbol>[^a-zA-Z])|(?P<brace>[{}])|[\r\n]+|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)
SKIPPED = {"fonttbl", "colortbl", "stylesheet", "pict", "object", "header", "headerl", "headerr",
           "headerf", "footer", "footerl", "footerr", "footerf", "themedata", "datastore",
           "xmlnstbl",
           "listtable", "listoverridetable", "rsidtbl", "generator", "fldinst", "latentstyles",
           "colorschememapping", "nonshppict", "bkmkstart", "bkmkend", "filetbl", "revtbl",
           "pgptbl", "mmathPr", "listtext", "pntext", "htmltag"}  # fmt: skip
SYMBOLS = {"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
           "rdblquote": "”", "bullet": "•", "tab": " ", "emspace": " ", "enspace": " ",
           "zwj": "\u200d", "zwnj": "\u200c", "line": "\n"}  # fmt: skip
CREATED = re.compile(r"\\creatim\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")
STYLE = re.compile(r"\{\\s(\d{1,5})\b([^;{}]{0,2000});\}")
CONTROL = re.compile(r"\\'([0-9a-fA-F]{2})|\\[a-z]+-?\d* ?|[\r\n]")
LARGEST_STYLES = 2**20
ENDS = {"par", "sect", "page"}
# Fonts name their character set by Windows' numbers.
CHARSETS = {0: "cp1252", 77: "mac-roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030",
            136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
            186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"}  # fmt: skip


def read_rtf(original: Original) -> Iterator[Draft]:
    """Paragraphs, headings by outline level, and table rows; headers and footers are left out."""
    text = original.data.decode("latin-1")
    parser = _Parser()
    blocks = list(parser.blocks(text))
    info = {name: "".join(parts) for name, parts in parser.info.items()}
    made = CREATED.search(text)
    yield Draft(
        blocks=blocks,
        title=info.get("title"),
        author=info.get("author"),
        created=date_of("-".join(each.zfill(2) for each in made.groups())) if made else None,
    )


def _heading_styles(source: str) -> Iterator[int]:
    """The numbers of the styles that are called headings; writers name them in their languages."""
    for number, described in STYLE.findall(source[:LARGEST_STYLES]):
        name = CONTROL.sub(lambda match: chr(int(match[1], 16)) if match[1] else "", described)
        if HEADING.match(name.strip()):
            yield int(number)


def rtf_blocks(text: str) -> Iterator[Block]:
    """The blocks of an RTF text, its bytes as Latin-1."""
    return _Parser().blocks(text)


@dataclass(frozen=True, slots=True)
class _Group:
    """What holds until the group's closing brace."""

    skipped: bool = False
    hidden: bool = False
    """It is text that is not shown."""
    note: bool = False
    """It is a note, which is read after the paragraph that it stands in."""
    info: str | None = None
    encoding: str = "cp1252"
    fallback: int = 1
    """How many characters after a \\u are its replacement for old programs."""


@dataclass(slots=True)
class _Parser:
    info: dict[str, list[str]] = field(default_factory=dict)
    text: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    raw: bytearray = field(default_factory=bytearray)
    """Bytes of one character set that are not decoded yet: a character may have two."""
    cells: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    page: str = "cp1252"
    headings: set[int] = field(default_factory=set)
    """The numbers of the styles that are headings."""
    outline: bool = False
    in_table: bool = False
    group: _Group = field(default_factory=_Group)
    groups: list[_Group] = field(default_factory=list)
    to_skip: int = 0

    def blocks(self, source: str) -> Iterator[Block]:
        self.headings = set(_heading_styles(source))
        for token in TOKEN.finditer(source):
            if token["brace"]:
                self._brace(token["brace"])
            elif token["word"]:
                number = int(token["number"]) if token["number"] else None
                yield from self._word(token["word"], number)
            elif token["hex"]:
                self._byte(int(token["hex"], 16))
            elif token["symbol"]:
                self._symbol(token["symbol"])
            elif token["text"]:
                self._running(token["text"])
        yield from self._ended()
        yield from self._table()

    def _brace(self, brace: str) -> None:
        self._decode()
        self.to_skip = 0
        if brace == "{":
            self.groups.append(self.group)
        elif self.groups:
            self.group = self.groups.pop()

    def _word(self, word: str, number: int | None) -> Iterator[Block]:
        if word == "u" and number is not None:
            self._unicode(number)
            return
        if word == "bin":
            return
        self._state(word, number)
        if self.group.skipped:
            return
        if word in SYMBOLS:
            self._add(SYMBOLS[word])
        elif word == "cell":
            self._decode()
            self.cells.append("".join(self.text))
            self.text = []
        elif word == "row":
            self.rows.append(self.cells)
            self.cells = []
        elif word in ENDS:
            if self.in_table or self.group.note:
                self._add(" ")
            else:
                yield from self._ended()

    def _state(self, word: str, number: int | None) -> None:
        if word in SKIPPED:
            self.group = replace(self.group, skipped=True)
        elif word in ("title", "author") and self.group.info == "":
            self.group = replace(self.group, info=word)
        elif word == "info":
            self.group = replace(self.group, skipped=True, info="")
        elif word == "ansicpg" and number:
            self.page = f"cp{number}"
            self.group = replace(self.group, encoding=self.page)
        elif word == "uc":
            self.group = replace(self.group, fallback=min(number or 0, 10))
        elif word == "f" and number is not None:
            self._decode()
            self.font = number
            self.group = replace(self.group, encoding=self.fonts.get(number, self.page))
        elif word == "fcharset" and number in CHARSETS and number != 0:
            self.fonts[self.font] = CHARSETS[number]
        elif word == "pard":
            self.outline = self.in_table = False
        elif word == "intbl":
            self.in_table = True
        elif word == "v":
            self._decode()
            self.group = replace(self.group, hidden=number != 0)
        elif word == "plain":
            self._decode()
            self.group = replace(self.group, hidden=False)
        elif word == "footnote":
            self._decode()
            self.group = replace(self.group, note=True)
        elif word == "outlinelevel" or (word == "s" and number in self.headings):
            self.outline = True

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self.group = replace(self.group, skipped=True)
        elif symbol == "~":
            self._add(" ")
        elif symbol == "_":
            self._add("-")
        elif symbol in "{}\\":
            self._running(symbol)

    def _running(self, text: str) -> None:
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        if self.group.skipped and not self.group.info:
            return
        self.raw += text[skipped:].encode("latin-1", "replace")

    def _byte(self, value: int) -> None:
        if self.to_skip:
            self.to_skip -= 1
        elif not self.group.skipped or self.group.info:
            self.raw.append(value)

    def _unicode(self, number: int) -> None:
        self.to_skip = self.group.fallback
        self._add(chr(number % 0x10000))

    def _add(self, text: str) -> None:
        self._decode()
        if self.group.info:
            self.info.setdefault(self.group.info, []).append(text)
        elif not self.group.skipped and not self.group.hidden:
            (self.notes if self.group.note else self.text).append(text)

    def _decode(self) -> None:
        if self.raw:
            data, self.raw = bytes(self.raw), bytearray()
            try:
                text = data.decode(self.group.encoding, "replace")
            except LookupError:
                text = decoded(data)
            self._add(text)

    def _ended(self) -> Iterator[Block]:
        self._decode()
        text, note = _whole(self.text), _whole(self.notes)
        self.text, self.notes = [], []
        if text.strip():
            yield from self._table()
            yield Block(text, heading=self.outline and len(text) <= 300)
        if note.strip():
            yield Block(note)

    def _table(self) -> Iterator[Block]:
        rows, self.rows = self.rows, []
        yield from table_blocks(rows)


def _whole(parts: list[str]) -> str:
    """The parts together: a character beyond 0xFFFF comes as two surrogates."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
