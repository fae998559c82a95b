"""Answer | NoAnswer → a reply of blocks; blocks → pages that Telegram accepts. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from telegram import MessageEntity
from telegram.constants import MessageLimit

from bot import words
from index.passages import Answer, Citation, Document, DocumentSummary, NoAnswer, Sentence

LONGEST_PAGE = int(MessageLimit.MAX_TEXT_LENGTH)
"""In UTF-16 units, as offsets are. Telegram counts characters, of which there are never more."""
MOST_ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
BUTTONS_IN_A_ROW = 3
LONGEST_NEIGHBOUR = 240
"""Characters of a sentence beside the evidence; longer ones are left out."""
LONGEST_PREVIEW = 120
"""Characters that a folded block shows, about: the evidence begins within them."""
LONGEST_OPEN = 400
"""Characters of the first quote that are shown at once: what fits a phone below the answer."""
LONGEST_ALSO_IN = 80
SOURCES_ON_A_PAGE = 15
GAP = "\n\n"
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}
"""Unicode categories of spaces, controls and formats."""
WRAP = re.compile(
    r"(?<=[^\n]{50})(?<![.!?:;…\"”’)])\n(?!\s|[•*#>|–—-]|\d+[.)]\s|[^\n:]{1,30}:\s)", re.ASCII
)
"""A line end that only keeps lines short: after a long line, inside a sentence, and before what
begins neither a list item nor a labelled row."""
WRAP_SEES = 60
"""Characters around a line end that may decide."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a reply. `bold` holds (start, end) in characters of `text`.

    `quoted` text is set apart; `folded` text may be shown as its first lines only. `tight` follows
    the block before it without an empty line between.
    """

    text: str
    bold: tuple[tuple[int, int], ...] = ()
    quoted: bool = False
    folded: bool = False
    tight: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """What is pressed to go on. `data` is at most 64 bytes and means the same after a restart."""

    label: str
    data: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said at once. Buttons come in rows."""

    blocks: tuple[Block, ...]
    buttons: tuple[tuple[Button, ...], ...] = ()
    trace: Mapping[str, object] | None = None
    """How it came about, for admins; None for what is no answer."""

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "".join(_separated(self.blocks))


@dataclass(frozen=True, slots=True)
class Page:
    """One message: never over 4,096 characters and 100 entities; offsets in UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()


def sentence(text: str) -> Reply:
    """A reply of plain words."""
    return Reply((Block(text),))


def answered(reply: Answer | NoAnswer) -> Reply:
    """An answer with its quotes, or an honest sentence with the nearest passages."""
    if isinstance(reply, Answer):
        return Reply((*_head(reply), *_quotes(reply.citations)), _buttons(reply.citations))
    if not reply.nearest:
        return sentence(reply.text)
    refusal = Block(reply.text, bold=((0, len(reply.text)),))
    nearest = [block for each in reply.nearest for block in _nearest(each)]
    return Reply((refusal, Block(words.NEAREST), *nearest), _buttons(reply.nearest))


def opened(citation: Citation) -> Reply:
    """The passage of a citation with its quote bold, and where it stands."""
    document, passage = citation.document, citation.passage
    start, end = min(passage.start, citation.start), max(passage.end, citation.end)
    about = [_spoken(document.date), _page(citation.page), document.source]
    title = _title(document)
    return Reply(
        (
            Block(title, bold=((0, len(title)),)),
            Block(" · ".join(part for part in about if part), tight=True),
            _slice(citation, start, end, folded=False),
        )
    )


def sources(documents: Sequence[DocumentSummary], page: int) -> Reply:
    """The list of documents, a page of it (0-based; the nearest page when there is no such)."""
    if not documents:
        return sentence(words.SOURCES_NONE)
    last = (len(documents) - 1) // SOURCES_ON_A_PAGE
    page = max(0, min(page, last))
    first = page * SOURCES_ON_A_PAGE
    head = words.counted(len(documents), "document")
    lines = [
        _source_line(number, each)
        for number, each in enumerate(documents[first : first + SOURCES_ON_A_PAGE], first + 1)
    ]
    blocks = [Block(head, bold=((0, len(head)),)), *lines]
    if last:
        blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
    return Reply(tuple(blocks), _turning(page, last))


def pages(reply: Reply) -> list[Page]:
    """The messages of a reply, cut at borders of blocks; at least one. Buttons go on the last."""
    groups: list[list[Block]] = [[]]
    for block in _fitting(reply.blocks):
        if groups[-1] and not _fits([*groups[-1], block]):
            groups.append([])
        groups[-1].append(block)
    made = [_made(group) for group in groups]
    # Telegram refuses a message of which nothing would be seen.
    made = [page for page in made if _is_seen(page.text)] or [Page("…")]
    made[-1] = Page(made[-1].text, made[-1].entities, reply.buttons)
    return made


# --- callback data -------------------------------------------------------------------------------


def passage_data(citation: Citation) -> str:
    """`p:<document id>:<start>:<end>`, offsets in hexadecimal: at most 64 bytes."""
    return f"p:{citation.document.id}:{citation.start:x}:{citation.end:x}"


def read_passage_data(data: str) -> tuple[str, int, int] | None:
    """What `passage_data` wrote; None for anything else."""
    found = re.fullmatch(r"p:([0-9a-f]{1,32}):([0-9a-f]{1,14}):([0-9a-f]{1,14})", data)
    return (found[1], int(found[2], 16), int(found[3], 16)) if found else None


def read_sources_data(data: str) -> int | None:
    """The page of a button under the list of documents; None for anything else."""
    found = re.fullmatch(r"s:(\d{1,9})", data)
    return int(found[1]) if found else None


# --- parts of a reply ----------------------------------------------------------------------------


def _head(answer: Answer) -> list[Block]:
    """The answer in a line, its short form bold; nothing when the quotes speak for themselves."""
    lead = answer.lead or (words.NO_SPEAKER if answer.asks_speaker and not answer.speaker else "")
    part = answer.speaker or answer.short
    at = lead.find(part) if part else -1
    bold = (at, at + len(part)) if part and at >= 0 else (0, len(lead))
    return [Block(lead, bold=(bold,))] if lead else []


def _quotes(citations: Sequence[Citation]) -> list[Block]:
    """Each quote below what it is from; the first is seen at once, the others are folded."""
    blocks = []
    for at, citation in enumerate(citations):
        longest = LONGEST_PREVIEW if at else LONGEST_NEIGHBOUR
        start, end = _with_neighbours(citation, citations[:at], longest_before=longest)
        if at == 0 and end - start > LONGEST_OPEN:
            start, end = citation.start, citation.end
        folded = at > 0 or end - start > LONGEST_OPEN
        blocks += [Block(_about(citation)), _slice(citation, start, end, folded=folded)]
        if citation.also_in:
            titles = "; ".join(dict.fromkeys(map(_title, citation.also_in)))
            also = _shortened(titles, LONGEST_ALSO_IN)
            blocks.append(Block(words.ALSO_IN.format(titles=also), tight=True))
    return blocks


def _nearest(citation: Citation) -> tuple[Block, Block]:
    """What is near but does not answer: not bold, for it proves nothing."""
    text = unwrapped(citation.document.text, citation.start, citation.end)
    return Block(_about(citation)), Block(text, quoted=True, folded=True, tight=True)


def _about(citation: Citation) -> str:
    about = [_title(citation.document), _spoken(citation.document.date), _page(citation.page)]
    return f"[{citation.number}] " + " · ".join(part for part in about if part)


def _with_neighbours(
    citation: Citation, shown: Iterable[Citation], *, longest_before: int
) -> tuple[int, int]:
    """From the sentence before the quote to the one after it, where they are short, stand in the
    same paragraph, and are not quoted by a citation that is shown before."""
    document, start, end = citation.document, citation.start, citation.end
    quoted = [each for each in shown if each.document == document]
    for each in [each for each in citation.passage.sentences if each.end <= start][-1:]:
        apart = GAP in document.text[each.start : start] or _overlaps(each, quoted)
        start = start if apart or start - each.start > longest_before else each.start
    for each in [each for each in citation.passage.sentences if each.start >= end][:1]:
        apart = GAP in document.text[end : each.end] or _overlaps(each, quoted)
        end = end if apart or each.end - end > LONGEST_NEIGHBOUR else each.end
    return start, end


def _overlaps(sentence: Sentence, citations: Iterable[Citation]) -> bool:
    return any(each.start < sentence.end and sentence.start < each.end for each in citations)


def _slice(citation: Citation, start: int, end: int, *, folded: bool) -> Block:
    bold = (citation.start - start, citation.end - start)
    text = unwrapped(citation.document.text, start, end)
    return Block(text, bold=(bold,), quoted=True, folded=folded, tight=True)


def unwrapped(text: str, start: int, end: int) -> str:
    """A slice, as long as it is stored, with spaces for line ends that only keep lines short."""
    first = max(0, start - WRAP_SEES)
    return WRAP.sub(" ", text[first : end + WRAP_SEES])[start - first : end - first]


def _buttons(citations: Sequence[Citation]) -> tuple[tuple[Button, ...], ...]:
    made = [Button(words.OPEN.format(number=each.number), passage_data(each)) for each in citations]
    rows = range(0, len(made), BUTTONS_IN_A_ROW)
    return tuple(tuple(made[at : at + BUTTONS_IN_A_ROW]) for at in rows)


def _turning(page: int, last: int) -> tuple[tuple[Button, ...], ...]:
    earlier = [Button(words.EARLIER, f"s:{page - 1}")] if page else []
    later = [Button(words.LATER, f"s:{page + 1}")] if page < last else []
    return ((*earlier, *later),) if earlier or later else ()


def _source_line(number: int, document: DocumentSummary) -> Block:
    title = _shortened(_one_line(document.title) or _one_line(document.source), 120)
    parts = [f"{number}. {title}", _spoken(document.date)]
    return Block(" · ".join(part for part in parts if part), tight=number % SOURCES_ON_A_PAGE != 1)


def _title(document: Document) -> str:
    shown = _one_line(document.title) or _one_line(document.source) or "document"
    return _shortened(shown, 150)


def _one_line(text: str) -> str:
    """Without what is not seen: format and control characters, so that a name is never blank."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _spoken(day: date | None) -> str:
    return f"{day.day} {day:%B} {day.year}" if day else ""


def _page(page: int | None) -> str:
    return words.PAGE.format(page=page) if page else ""


# --- pages ---------------------------------------------------------------------------------------


def _is_seen(text: str) -> bool:
    return any(unicodedata.category(c) not in UNSEEN and c not in "\u2800\ufffc" for c in text)


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units: characters beyond U+FFFF count two."""
    return len(text) + sum(character > "\uffff" for character in text)


def _separated(blocks: Sequence[Block]) -> list[str]:
    """The texts of blocks, each with the gap that is before it."""
    return [
        (("\n" if block.tight else GAP) if at else "") + block.text
        for at, block in enumerate(blocks)
    ]


def _fits(blocks: Sequence[Block]) -> bool:
    entities = sum(len(block.bold) + block.quoted for block in blocks)
    return utf16("".join(_separated(blocks))) <= LONGEST_PAGE and entities <= MOST_ENTITIES


def _fitting(blocks: Iterable[Block]) -> Iterable[Block]:
    """The blocks as Telegram keeps them, those that are longer than a page cut into several."""
    for block in map(_cleaned, blocks):
        rest: Block | None = block
        while rest is not None and rest.text:
            at = _cut(rest.text)
            yield _part(rest, 0, at)
            rest = _part(rest, at, len(rest.text)) if at < len(rest.text) else None


def _cleaned(block: Block) -> Block:
    """Same length, but what cannot be sent replaced, and no white space at the ends."""
    text = "".join(_sendable(character) for character in block.text)
    start = len(text) - len(text.lstrip())
    return _part(Block(text, block.bold, block.quoted, block.folded, block.tight), start, None)


def _sendable(character: str) -> str:
    if "\ud800" <= character <= "\udfff":
        return "\ufffd"
    return character if character >= " " or character == "\n" else " "


def _part(block: Block, start: int, end: int | None) -> Block:
    text = block.text[start:end].rstrip()
    bold = tuple(
        (max(first, start) - start, min(last - start, len(text)))
        for first, last in block.bold
        if max(first, start) - start < min(last - start, len(text))
    )
    return Block(text, bold, block.quoted, block.folded, block.tight)


def _cut(text: str) -> int:
    """Where a text is cut so that the first part fits a page: at a space, if there is one."""
    if utf16(text) <= LONGEST_PAGE:
        return len(text)
    units = 0
    for at, character in enumerate(text):
        units += 2 if character > "\uffff" else 1
        if units > LONGEST_PAGE:
            space = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
            return space if space > at // 2 else at
    return len(text)


def _made(blocks: Sequence[Block]) -> Page:
    texts = _separated(blocks)
    entities: list[MessageEntity] = []
    at = 0
    for block, text in zip(blocks, texts, strict=True):
        entities += _entities(block, at + len(text) - len(block.text) if text else at)
        at += utf16(text)
    return Page("".join(texts), tuple(entities))


def _entities(block: Block, at: int) -> Iterable[MessageEntity]:
    """The entities of a block that begins at `at` UTF-16 units; the gap before it is ASCII."""
    if block.quoted and block.text:
        kind = MessageEntity.EXPANDABLE_BLOCKQUOTE if block.folded else MessageEntity.BLOCKQUOTE
        yield MessageEntity(kind, at, utf16(block.text))
    for start, end in block.bold:
        offset = at + utf16(block.text[:start])
        yield MessageEntity(MessageEntity.BOLD, offset, utf16(block.text[start:end]))
