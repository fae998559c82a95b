"""Who administers, what their buttons do, and the note that is made of it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.records.audit import Audit
from bot.replies import Reply
from bot.threads import aside
from index.errors import QuothError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin:
    """Somebody who may administer, and where they do it. Ids are Telegram's."""

    id: int
    owner: bool = False
    private: bool = False
    """Whether nobody else reads along."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a button does. What comes of it goes below the message, or `instead` of it.

    `meanwhile` is shown in its place until then, for what takes a while.
    """

    act: Callable[[], Awaitable[Reply]]
    instead: bool = True
    meanwhile: str = ""


Command = Callable[[Admin, str], Awaitable[Reply]]
"""What a command does with the words after it."""
Press = Callable[[Admin, str], Step | str]
"""What a button does with the rest of its data; or the sentence that says why it does nothing."""


async def noted(audit: Audit, admin: Admin, action: str, detail: str = "") -> None:
    """Notes what was done. Trouble with that is logged: what was done, is done."""
    try:
        await aside(audit.note, admin.id, action, detail)
    except QuothError as error:
        log.warning("%s of %s is not in the audit: %s", action, admin.id, error)
