"""The same conversation without Telegram: at a prompt, or line by line from a pipe."""

from __future__ import annotations

import logging
import secrets
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from bot import words
from bot.acting import Admin
from bot.addressing import unknown_command
from bot.administration import Administration
from bot.conversation import Conversation
from bot.memory import Exchange, Place
from bot.pointers import read_passage_data
from bot.progress import Spaced
from bot.records.audit import ITSELF
from bot.replies import Block, Reply, sentence
from bot.scopes import scopes_of

log = logging.getLogger(__name__)
HERE = Place(chat=0, topic=None, person=0)
LAST = 1
"""The id under which the latest reply is remembered."""
ADMIN = Admin(id=ITSELF, owner=True, private=True)
COMMANDS = ("help", "more", "new", "sources", "reindex", "ask", "quit")
"""Besides those of Administration."""
ELSEWHERE = {"cancel", "stats", "export"}
"""What makes no sense here: one line is done after the other, and nothing can be enclosed."""
BAR = "│ "


class Terminal:
    """Answers lines on a console. Colours, and wrapping at its width, only on a real terminal."""

    def __init__(
        self, conversation: Conversation, administration: Administration, console: Console
    ) -> None:
        self._conversation, self._administration = conversation, administration
        self._console = console
        self._choices: dict[int, str] = {}

    async def converse(self, lines: AsyncIterator[str]) -> None:
        """Answers each line until there are no more, or one says /quit."""
        async for line in lines:
            asked = line.strip()
            if asked in ("/quit", "/exit"):
                return
            if asked:
                self.show(await self._surely(asked))

    async def reply_to(self, line: str) -> Reply:
        """What a line gets: what a number chooses, the reply of a command, or an answer."""
        if line.isdecimal() and len(line) < 4:
            return await self._chosen(int(line))
        if line.startswith("/"):
            return await self._commanded(*line[1:].split(maxsplit=1))
        return await self._answered(line)

    async def _surely(self, line: str) -> Reply:
        try:
            return await self.reply_to(line)
        except Exception:  # the terminal's error handler, as bot/trouble.py is Telegram's
            id = secrets.token_hex(3)
            log.exception("trouble %s", id)
            return sentence(words.TROUBLE.format(id=id))

    async def _answered(self, question: str) -> Reply:
        exchange = await self._conversation.ask(HERE, question)
        if exchange.shown:
            self._choices = {}
        return self._kept(exchange)

    def _kept(self, exchange: Exchange) -> Reply:
        """The reply, whose quotes can be opened by their numbers from now on."""
        data = [button.data for row in exchange.reply.buttons for button in row]
        opens = [each for each in data if read_passage_data(each)]
        self._choices |= enumerate(opens, start=exchange.shown - len(opens) + 1)
        if exchange.question:
            self._conversation.memory.keep(HERE, [LAST], exchange)
        return exchange.reply

    async def _commanded(self, command: str = "", rest: str = "") -> Reply:
        match command.lower():
            case "ask":
                return await self._answered(rest) if rest else sentence(words.ASK_SOMETHING_HERE)
            case "help" | "start":
                holdings = await self._conversation.holdings(HERE.chat)
                return sentence(f"{words.HELP}\n\n{holdings}\n\n{words.HELP_TERMINAL}")
            case "more":
                return self._kept(await self._conversation.more(HERE.chat, LAST))
            case "new":
                self._conversation.memory.forget(HERE)
                return sentence(words.FORGOTTEN)
            case "sources":
                page = int(rest) - 1 if rest.isdecimal() else 0
                return await self._conversation.sources(HERE.chat, page)
            case "reindex":
                return self._offered(await self._administration.reindex(ADMIN, Spaced(_told)))
        known = self._administration.commands.keys() - ELSEWHERE
        if command.lower() in known:
            done = await self._administration.command(command.lower(), ADMIN, rest)
            return self._offered(done)
        return sentence(unknown_command(f"/{command}", [*COMMANDS, *known]))

    async def _chosen(self, number: int) -> Reply:
        data = self._choices.get(number)
        if data is None:
            return sentence(words.NO_SUCH_QUOTE.format(number=number))
        spot = read_passage_data(data)
        if spot:
            return await self._conversation.opening.open(spot, scopes_of(HERE.chat))
        step = self._administration.press(ADMIN, data)
        return sentence(step) if isinstance(step, str) else self._offered(await step.act())

    def _offered(self, reply: Reply) -> Reply:
        """The reply with a number for each of its buttons, and what is enclosed as text."""
        buttons = [button for row in reply.buttons for button in row]
        self._choices = {at: each.data for at, each in enumerate(buttons, 1)} or self._choices
        lines = [
            words.CHOICE.format(number=at, label=each.label) for at, each in enumerate(buttons, 1)
        ]
        blocks = [Block("\n".join(lines))] if lines else []
        if reply.enclosed and isinstance(reply.enclosed.content, bytes):
            blocks.insert(
                0, Block(reply.enclosed.content.decode("utf-8-sig").rstrip(), quoted=True)
            )
        return Reply((*reply.blocks, *blocks))

    def show(self, reply: Reply) -> None:
        """Prints a reply, its quotes set off, with an empty line after it."""
        for at, block in enumerate(reply.blocks):
            if at and not block.tight:
                self._console.print()
            self._show(block)
        self._console.print()

    def _show(self, block: Block) -> None:
        text = Text(_harmless(block.text))
        for start, end in block.bold:
            text.stylize("bold", start, end)
        wide = self._console.width if self._console.is_terminal else sys.maxsize
        if not block.quoted:
            self._console.print(text, soft_wrap=not self._console.is_terminal)
            return
        for line in text.split("\n", allow_blank=True):
            for part in line.wrap(self._console, max(20, wide - 4)) if line else [line]:
                self._console.print(Text("  ") + Text(BAR, "dim") + part, soft_wrap=True)


def _told(progress: str) -> None:
    sys.stderr.write(progress + "\n")


def _harmless(text: str) -> str:
    """Without control characters: a document must not steer the terminal. Same length."""
    return "".join(c if c.isprintable() or c in "\n\t " or c.isspace() else "\ufffd" for c in text)


async def typed(history: Path) -> AsyncIterator[str]:
    """Lines from a prompt with a history that is kept in a file; ends with Ctrl+D."""
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import FileHistory

    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)))
    while True:
        try:
            yield await session.prompt_async("› ")
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


async def piped(stream: TextIO) -> AsyncIterator[str]:
    """The lines of a stream; what is not UTF-8 in it was replaced when it was opened."""
    for line in stream:
        yield line
