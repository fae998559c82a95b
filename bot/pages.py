"""A reply → pages that Telegram accepts: text and entities, cut at borders of blocks. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity
from telegram.constants import MessageLimit
from telegram.helpers import create_deep_linked_url

from bot.replies import Block, Button, Reply, separated

LONGEST_PAGE = int(MessageLimit.MAX_TEXT_LENGTH)
"""In UTF-16 units, as offsets are. Telegram counts characters, of which there are never more."""
MOST_ENTITIES = int(MessageLimit.MESSAGE_ENTITIES)
UNSENDABLE = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")
UNSEEN = {"Zs", "Zl", "Zp", "Cc", "Cf"}
"""Unicode categories of spaces, controls and formats."""


@dataclass(frozen=True, slots=True)
class Page:
    """One message: never over 4,096 characters and 100 entities; offsets in UTF-16 units."""

    text: str
    entities: tuple[MessageEntity, ...] = ()
    buttons: tuple[tuple[Button, ...], ...] = ()


def pages(reply: Reply, bot: str = "") -> list[Page]:
    """The messages of a reply, cut at borders of blocks; at least one. Buttons go on the last.

    Links lead to the bot of this name; without a name there are none.
    """
    groups: list[list[Block]] = [[]]
    for block in _fitting(reply.blocks):
        if groups[-1] and not _fits([*groups[-1], block]):
            groups.append([])
        groups[-1].append(block)
    made = [_made(group, bot) for group in groups]
    # Telegram refuses a message of which nothing would be seen.
    made = [page for page in made if _is_seen(page.text)] or [Page("…")]
    made[-1] = replace(made[-1], buttons=reply.buttons)
    return made


def keyboard(rows: Sequence[Sequence[Button]], bot: str) -> InlineKeyboardMarkup | None:
    """The buttons of a page, whose links lead to the bot of this name; None without buttons."""
    shown = [[_shown(button, bot) for button in row] for row in rows]
    return InlineKeyboardMarkup(shown) if shown else None


def _shown(button: Button, bot: str) -> InlineKeyboardButton:
    if button.copies:
        link = CopyTextButton(create_deep_linked_url(bot, button.copies))
        return InlineKeyboardButton(button.label, copy_text=link)
    if button.opens:
        return InlineKeyboardButton(button.label, url=create_deep_linked_url(bot, button.opens))
    return InlineKeyboardButton(button.label, callback_data=button.data)


def _is_seen(text: str) -> bool:
    return any(unicodedata.category(c) not in UNSEEN and c not in "\u2800\ufffc" for c in text)


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units: characters beyond U+FFFF count two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fits(blocks: Sequence[Block]) -> bool:
    entities = sum(len(block.bold) + len(block.links) + block.quoted for block in blocks)
    return utf16("".join(separated(blocks))) <= LONGEST_PAGE and entities <= MOST_ENTITIES


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
    text = UNSENDABLE.sub(_instead, block.text)
    start = len(text) - len(text.lstrip())
    return _part(replace(block, text=text), start, None)


def _instead(found: re.Match[str]) -> str:
    """What stands for half a character, or for a control."""
    return "\ufffd" if found[0] > " " else " "


def _part(block: Block, start: int, end: int | None) -> Block:
    text = block.text[start:end].rstrip()

    def within(first: int, last: int) -> tuple[int, int]:
        return max(first, start) - start, min(last - start, len(text))

    bold = tuple(within(*each) for each in block.bold)
    links = tuple((*within(first, last), link) for first, last, link in block.links)
    return replace(
        block,
        text=text,
        bold=tuple(each for each in bold if each[0] < each[1]),
        links=tuple(each for each in links if each[0] < each[1]),
    )


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


def _made(blocks: Sequence[Block], bot: str) -> Page:
    texts = separated(blocks)
    entities: list[MessageEntity] = []
    at = 0
    for block, text in zip(blocks, texts, strict=True):
        entities += _entities(block, at + len(text) - len(block.text) if text else at, bot)
        at += utf16(text)
    return Page("".join(texts), tuple(entities))


def _entities(block: Block, at: int, bot: str) -> Iterable[MessageEntity]:
    """The entities of a block that begins at `at` UTF-16 units; the gap before it is ASCII."""
    if block.quoted and block.text:
        kind = MessageEntity.EXPANDABLE_BLOCKQUOTE if block.folded else MessageEntity.BLOCKQUOTE
        yield MessageEntity(kind, at, utf16(block.text))
    for start, end in block.bold:
        yield MessageEntity(MessageEntity.BOLD, *_units(block.text, start, end, at))
    for start, end, link in block.links if bot else ():
        url = create_deep_linked_url(bot, link)
        yield MessageEntity(MessageEntity.TEXT_LINK, *_units(block.text, start, end, at), url=url)


def _units(text: str, start: int, end: int, at: int) -> tuple[int, int]:
    """Offset and length of a part of a text that begins at `at`."""
    return at + utf16(text[:start]), utf16(text[start:end])
