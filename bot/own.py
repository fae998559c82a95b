"""What was added in a chat: told of, listed, forgotten, and published by admins. No Telegram."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass

from bot import words
from bot.library import Library
from bot.memory import Fate
from bot.pointers import fingerprint
from bot.records.added import Added
from bot.replies import Block, Button, Reply, one_line, sentence, shortened, turning
from bot.scopes import scope_of
from bot.threads import aside
from index.errors import DocumentUnreadable, QuothError
from index.passages import Contribution, Quota

log = logging.getLogger(__name__)
ON_A_PAGE = 8
LONGEST_LABEL = 32
"""Characters of a name on a button beside another one."""
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Sender:
    """Who adds something, and whether they are forgotten while it is read."""

    person: int
    fate: Fate
    _: KW_ONLY
    admin: bool


@dataclass(frozen=True, slots=True)
class Own:
    """The documents of one chat after another. Buttons carry a fingerprint of the name."""

    library: Library
    quota: Quota
    added: Added

    async def add(self, chat: int, name: str, content: bytes, by: Sender) -> Reply:
        """Reads a file for the chat, and says what came of it. It may be forgotten `by` them."""
        try:
            added = await self.library.add(name, content, scope_of(chat), self.quota)
        except QuothError as error:
            return _not_added(name, error)
        return await self._kept(chat, added, by)

    async def add_link(self, chat: int, link: str, by: Sender) -> Reply:
        """The same for a link."""
        try:
            added = await self.library.add_link(link, scope_of(chat), self.quota)
        except QuothError as error:
            return _not_added(link, error)
        return await self._kept(chat, added, by)

    async def is_of(self, person: int, chat: int, key: str) -> bool:
        """Whether it was surely this person who added it to the group."""
        try:
            return await aside(self.added.who, chat, key) == person
        except QuothError:
            return False

    async def listed(self, chat: int, page: int = 0, *, admin: bool) -> Reply:
        """A page (0-based) of what was added here, with a button to forget each."""
        try:
            held = await self.library.contributions(scope_of(chat))
        except QuothError as error:
            return sentence(str(error))
        if not held:
            return sentence(self._none(chat))
        last = (len(held) - 1) // ON_A_PAGE
        page = max(0, min(page, last))
        first = page * ON_A_PAGE
        shown = held[first : first + ON_A_PAGE]
        head = words.MINE_HEAD.format(
            documents=words.counted(len(held), "document"),
            size=words.spoken_size(sum(each.size for each in held)),
            most=words.spoken_size(self.quota.size),
        )
        blocks = [Block(head, bold=((0, len(head)),))]
        blocks += [
            Block(_line(each, at), tight=at > first + 1) for at, each in enumerate(shown, first + 1)
        ]
        if last:
            blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
        rows = tuple(_buttons(each, admin=admin) for each in shown)
        return Reply(tuple(blocks), (*rows, *turning("own:page", page, last)))

    async def found(self, chat: int, named: str) -> list[Contribution]:
        """What was added here and is called so, by file name or title; empty when nothing is.

        Raises QuothError when that cannot be known.
        """
        wanted = " ".join(named.split()).strip("“”\"'").casefold()
        held = await self.library.contributions(scope_of(chat))
        return [each for each in held if wanted in (each.source.casefold(), each.title.casefold())]

    async def ask_to_forget(self, chat: int, key: str) -> Reply:
        """Asks once more."""
        yes = Button(words.FORGET_YES, f"own:forgotten:{key}")
        return await self._asked(chat, key, words.FORGET_OWN, yes)

    async def forget(self, chat: int, key: str) -> Reply:
        """Forgets it, with every word."""
        try:
            held = await self._of_key(chat, key)
            gone = await self.library.forget(held.source, scope_of(chat)) if held else []
            await aside(self.added.drop, chat, key)
        except QuothError as error:
            return sentence(str(error))
        if not gone:
            return sentence(words.MINE_GONE)
        return sentence(words.FORGOT.format(files=", ".join(map(one_line, gone))))

    async def ask_to_publish(self, chat: int, key: str) -> Reply:
        """Asks once more."""
        yes = Button(words.PUBLISH_YES, f"own:published:{key}")
        return await self._asked(chat, key, words.PUBLISH, yes)

    async def publish(self, chat: int, key: str) -> tuple[Reply, str]:
        """Gives it to everybody; with the name of what was given, empty when nothing was."""
        try:
            held = await self._of_key(chat, key)
            if held is None:
                return sentence(words.MINE_GONE), ""
            await self.library.publish(held.source, scope_of(chat))
        except QuothError as error:
            return sentence(str(error)), ""
        return sentence(words.PUBLISHED.format(name=_name(held))), held.source

    async def forget_all(self, chat: int) -> int:
        """Forgets everything that was added here; how many that was."""
        held = await self.library.contributions(scope_of(chat))
        for each in held:
            await self.library.forget(each.source, scope_of(chat))
        return len(held)

    async def move(self, old: int, new: int) -> None:
        """A group has got another id: what was added there goes with it. Raises QuothError."""
        await self.library.move_contributions(scope_of(old), scope_of(new))
        await aside(self.added.move, old, new)

    async def _kept(self, chat: int, added: Contribution, by: Sender) -> Reply:
        """What came of it. In private it goes, if they were forgotten while it was read."""
        if chat < 0:
            await self._note(chat, added, by)
        elif by.fate.forgotten:
            return await self.forget(chat, key_of(added))
        return _added(added, chat, admin=by.admin)

    async def _note(self, chat: int, added: Contribution, by: Sender) -> None:
        try:
            await aside(self.added.note, chat, key_of(added), by.person)
            if by.fate.forgotten:
                await aside(self.added.drop, chat, key_of(added))
        except QuothError as error:  # it has been added all the same
            log.warning("who added something is not noted: %s", error)

    def _none(self, chat: int) -> str:
        if not self.quota.files:
            return words.ADDING_OFF
        return words.MINE_NONE if chat > 0 else words.OURS_NONE

    async def _asked(self, chat: int, key: str, question: str, yes: Button) -> Reply:
        try:
            held = await self._of_key(chat, key)
        except QuothError as error:
            return sentence(str(error))
        if held is None:
            return sentence(words.MINE_GONE)
        asked = Block(question.format(name=_name(held)))
        return Reply((asked,), ((yes, Button(words.LEAVE_IT, "own:leave")),))

    async def _of_key(self, chat: int, key: str) -> Contribution | None:
        held = await self.library.contributions(scope_of(chat))
        return next((each for each in held if key_of(each) == key), None)


def key_of(held: Contribution) -> str:
    """What stands for it in a button."""
    return fingerprint(held.source).hex()


def which(found: Sequence[Contribution]) -> Reply:
    """Asks which of several is meant."""
    blocks = [Block(_line(each, at), tight=at > 1) for at, each in enumerate(found, 1)]
    buttons = tuple(_buttons(each, admin=False) for each in found)
    return Reply((Block(words.FORGET_WHICH), *blocks), buttons)


def _added(added: Contribution, chat: int, *, admin: bool) -> Reply:
    name = _name(added)
    sentences = words.counted(added.sentences, "sentence")
    said = words.ADDED_ANEW if added.replaced else words.ADDED_FILE
    whose = words.ADDED_FOR_YOU if chat > 0 else words.ADDED_FOR_GROUP
    blocks = (Block(said.format(sentences=sentences, name=name)), Block(whose, tight=True))
    return Reply(blocks, (_buttons(added, admin=admin, named=False),))


def _not_added(name: str, error: QuothError) -> Reply:
    reason = error.reason if isinstance(error, DocumentUnreadable) else str(error)
    shown = shortened(one_line(name), LONGEST_NAME)
    return sentence(words.NOT_ADDED.format(name=shown, reason=one_line(reason)))


def _buttons(held: Contribution, *, admin: bool, named: bool = True) -> tuple[Button, ...]:
    name, key = shortened(one_line(held.source), LONGEST_LABEL), key_of(held)
    forget = words.FORGET_NAMED.format(name=name) if named else words.DOC_FORGET
    publish = words.PUBLISH_NAMED.format(name=name) if named else words.PUBLISH_BUTTON
    made = [Button(forget, f"own:forget:{key}")]
    return (*made, Button(publish, f"own:publish:{key}")) if admin else tuple(made)


def _line(held: Contribution, number: int) -> str:
    sentences = words.counted(held.sentences, "sentence")
    return words.MINE_LINE.format(number=number, name=_name(held), sentences=sentences)


def _name(held: Contribution) -> str:
    return shortened(one_line(held.source), LONGEST_NAME)
