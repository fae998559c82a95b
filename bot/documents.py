"""The documents as admins see them: looked up by words, opened, forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import words
from bot.acting import Admin, Step, noted
from bot.confirming import Confirmations
from bot.library import Library
from bot.pointers import fingerprint
from bot.records.audit import Audit
from bot.replies import (
    Block,
    Button,
    Reply,
    one_line,
    sentence,
    shortened,
    spoken_day,
    trouble,
    turning,
)
from index.errors import QuothError
from index.passages import DocumentDetails, DocumentSummary

ON_A_PAGE = 8
"""Documents of a page: each has a button."""
CHOICES = 8
"""So many are offered where a title is not clear."""
UNREAD = "x"
"""How the key of a file without a document begins; those of documents are hexadecimal."""
LONGEST_LABEL = 48
LONGEST_WORDS = 45
"""Bytes of the words that are looked for: buttons carry them."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document, or a file that could not be read. `key` names it in a button."""

    key: str
    title: str
    source: str
    day: str = ""
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """/docs and /forget. `changed` is called after something was forgotten."""

    library: Library
    confirmations: Confirmations
    audit: Audit
    changed: Callable[[], None]

    async def listed(self, _: Admin, sought: str = "") -> Reply:
        """The documents and failed files with these words in title or name; all without words."""
        return await self._page(_fitting(sought), 0)

    def turn(self, _: Admin, data: str) -> Step | str:
        """A button below the list: another page of it."""
        sought, _colon, page = data.rpartition(":")
        return Step(lambda: self._page(sought, int(page))) if page.isdecimal() else words.OLD_BUTTON

    def open(self, admin: Admin, key: str) -> Step | str:
        """The button of a document: what is known of it."""
        return Step(lambda: self._details(admin, key), instead=False)

    def choose(self, admin: Admin, key: str) -> Step | str:
        """The button that forgets a document: asks once more."""
        return Step(lambda: self._asked(admin, key), instead=False)

    async def forget(self, admin: Admin, named: str = "") -> Reply:
        """Asks whether the document of this title or source is to be forgotten, or which one."""
        if not named.strip():
            return sentence(words.FORGET_WHAT)
        try:
            found = _named(named, await self._all())
        except QuothError as error:
            return trouble(error)
        if not found:
            return sentence(words.FORGET_NONE.format(named=shortened(one_line(named), 100)))
        if len(found) == 1:
            return await self._asked(admin, found[0].key)
        if len(found) > CHOICES:
            count = words.counted(len(found), "document")
            return sentence(words.FORGET_MANY.format(documents=count))
        buttons = tuple((Button(_label(each), f"forget:{each.key}"),) for each in found)
        lines = [Block(_line(each), tight=at > 0) for at, each in enumerate(found)]
        return Reply((Block(words.FORGET_WHICH), *lines), buttons)

    async def _all(self) -> list[Item]:
        documents = await self.library.documents()
        failed = {each.source: each.reason for each in (await self.library.status()).failed}
        items = [_of_document(each, failed.pop(each.source, None)) for each in documents]
        return [*items, *(_of_failure(*each) for each in failed.items())]

    async def _page(self, sought: str, page: int) -> Reply:
        try:
            found = _matching(sought, await self._all())
        except QuothError as error:
            return trouble(error)
        if not found:
            return sentence(words.DOCS_NONE.format(words=sought) if sought else words.SOURCES_NONE)
        last = (len(found) - 1) // ON_A_PAGE
        page = max(0, min(page, last))
        shown = found[page * ON_A_PAGE : (page + 1) * ON_A_PAGE]
        count = words.counted(len(found), "document")
        head = words.DOCS_FOUND.format(documents=count, words=sought) if sought else count
        blocks = [Block(head, bold=((0, len(head)),))]
        blocks += [Block(_line(each), tight=at > 0) for at, each in enumerate(shown)]
        if last:
            blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
        buttons = tuple((Button(_label(each), f"doc:{each.key}"),) for each in shown)
        turned = turning(f"docs:{sought}", page, last)
        return Reply(tuple(blocks), (*buttons, *turned))

    async def _item(self, key: str) -> Item | DocumentDetails | None:
        """What a key stands for; None when it went."""
        if key.startswith(UNREAD):
            return next((each for each in await self._all() if each.key == key), None)
        try:
            return await self.library.details(key)
        except QuothError:
            return None

    async def _details(self, admin: Admin, key: str) -> Reply:
        found = await self._item(key)
        if found is None:
            return sentence(words.DOC_GONE)
        lines = _told(found)
        blocks = [Block(lines[0], bold=((0, len(lines[0])),))]
        blocks += [Block(line, tight=True) for line in lines[1:]]
        opens = [Button(words.DOC_OPEN, f"p:{key}:0:0")] if not key.startswith(UNREAD) else []
        return Reply(tuple(blocks), ((*opens, Button(words.DOC_FORGET, f"forget:{key}")),))

    async def _asked(self, admin: Admin, key: str) -> Reply:
        found = await self._item(key)
        if found is None:
            return sentence(words.DOC_GONE)
        title = shortened(one_line(found.title) or one_line(found.source), 120)
        asked = words.FORGET.format(title=title, source=shortened(one_line(found.source), 200))
        more = found.documents_in_file - 1 if isinstance(found, DocumentDetails) else 0
        file = found.file if isinstance(found, DocumentDetails) else found.source
        blocks = [Block(asked)]
        if more:
            others = words.counted(more, "other document")
            blocks.append(Block(words.FORGET_BESIDE.format(others=others, file=one_line(file))))
        added = isinstance(found, DocumentDetails) and found.added
        blocks.append(Block(words.FORGET_MEANS_ADDED if added else words.FORGET_MEANS))
        return self.confirmations.ask(
            admin,
            Reply(tuple(blocks)),
            words.FORGET_YES,
            lambda: self._forget(admin, file),
            meanwhile=words.FORGETTING,
        )

    async def _forget(self, admin: Admin, file: str) -> Reply:
        try:
            gone = await self.library.forget(file)
        except QuothError as error:
            return trouble(error)
        if not gone:
            return sentence(words.DOC_GONE)
        self.changed()
        await noted(self.audit, admin, "forget", ", ".join(gone))
        return sentence(words.FORGOT.format(files=", ".join(map(one_line, gone))))


def _of_document(document: DocumentSummary, failure: str | None) -> Item:
    """`failure` is why a newer version of it could not be read."""
    title = one_line(document.title) or one_line(document.source)
    return Item(document.id, title, document.source, spoken_day(document.date), failure)


def _of_failure(source: str, reason: str) -> Item:
    return Item(UNREAD + fingerprint(source).hex(), one_line(source), source, failure=reason)


def _fitting(sought: str) -> str:
    """The words in a line, as many as a button can carry."""
    cut = one_line(sought).encode("utf-8", "replace")[:LONGEST_WORDS]
    return cut.decode("utf-8", "ignore").strip()


def _matching(sought: str, items: list[Item]) -> list[Item]:
    """The items with each of these words in title or source."""
    parts = sought.casefold().split()
    return [
        each
        for each in items
        if all(part in f"{each.title}\n{each.source}".casefold() for part in parts)
    ]


def _named(named: str, items: list[Item]) -> list[Item]:
    """What a source or a title names: exactly, else by its words."""
    written = " ".join(named.split()).strip("“”\"'").casefold()
    sources = [each for each in items if each.source.casefold() == written]
    titles = [each for each in items if each.title.casefold() == written]
    return sources or titles or _matching(written, items)


def _line(item: Item) -> str:
    title = shortened(item.title, 120)
    if item.failure:
        return words.DOC_FAILED_LINE.format(title=title, reason=shortened(item.failure, 150))
    return " · ".join(part for part in (title, item.day) if part)


def _label(item: Item) -> str:
    return shortened(item.title, LONGEST_LABEL)


def _told(found: Item | DocumentDetails) -> list[str]:
    """A document in lines: title, source, date, size, when it was read, and its state."""
    title = shortened(one_line(found.title) or one_line(found.source), 150)
    lines = [title, words.DOC_SOURCE.format(source=one_line(found.source))]
    if isinstance(found, Item):
        return [*lines, words.DOC_FAILED.format(reason=found.failure)]
    if found.file != found.source:
        lines.append(words.DOC_FILE.format(file=one_line(found.file)))
    if found.date:
        lines.append(words.DOC_DATE.format(date=spoken_day(found.date)))
    sentences = words.counted(found.sentences, "sentence")
    passages = words.counted(found.passages, "passage")
    lines.append(words.DOC_SIZE.format(sentences=sentences, passages=passages))
    if found.read:
        lines.append(words.DOC_READ.format(when=words.moment(found.read)))
    state = words.DOC_STALE.format(reason=found.failure) if found.failure else words.DOC_FINE
    return [*lines, state]
