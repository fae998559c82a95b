"""What the bot says that it can do: /help, and the commands of menus and of near misses.

Where nobody may add documents, it offers nothing of that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot import words

ADDING = ("add", "mine", "forget")
"""Commands that are about what people add. Admins forget what all share by the last one."""


@dataclass(frozen=True, slots=True)
class Offers:
    """The offers of a bot that reads what people send, or of one that does not."""

    own_documents: bool

    def help(self, holdings: str, inline: str | None, *, admin: bool) -> str:
        """All of /help; `inline` is the bot's name where it is heard in other chats."""
        points = [words.HELP, words.HELP_GOING_ON]
        points += [words.HELP_OWN] * self.own_documents
        points += [words.HELP_INLINE.format(bot=inline)] if inline else []
        seen = [words.HELP_SEEN] + [words.HELP_SEEN_NOT] * self.own_documents
        points.append(" ".join(seen))
        parts = ["\n".join(points), holdings, self.usage()]
        return "\n\n".join([*parts, words.HELP_ADMIN] if admin else parts)

    def usage(self) -> str:
        """How one asks, and the commands for everybody, a line each."""
        lines = words.HELP_TELEGRAM.split("\n")
        return "\n".join(each for each in lines if self._holds(_command_in(each)))

    def commands(self, *, admin: bool) -> dict[str, str]:
        """The names of commands, with what each is for."""
        everybodys = {
            name: about
            for name, about in words.COMMANDS.items()
            if self._holds(name) or (admin and name == "forget")
        }
        return everybodys | (words.ADMIN_COMMANDS if admin else {})

    def what_is_read(self) -> str:
        """The sentence for what is neither text nor a file."""
        return words.TEXT_ONLY if self.own_documents else words.TEXT_ALONE

    def _holds(self, command: str) -> bool:
        return self.own_documents or command not in ADDING


def _command_in(line: str) -> str:
    """The command that a line begins with; empty for none."""
    found = re.match(r"/([a-z]+)\b", line)
    return found[1] if found else ""
