"""From settings to a conversation: open the index, bring it up to date, and serve."""

from __future__ import annotations

import asyncio
import io
import logging
import re
import sys

from rich.console import Console
from telegram.error import InvalidToken, NetworkError

from bot import words
from bot.administration import Administration
from bot.app import build_application
from bot.conversation import Conversation
from bot.library import Answering, Library
from bot.progress import Spaced
from bot.records import Records
from bot.serving import serve
from bot.settings import BotSettings
from bot.terminal import Terminal, piped, typed
from index.errors import QuothError
from index.passages import ReindexReport
from index.settings import IndexSettings
from index.wiring import Index, assemble

log = logging.getLogger(__name__)


def start(settings: BotSettings, index_settings: IndexSettings) -> int:
    """Serves until the end; the exit status.

    Raises QuothError when the index does not open: one that another model or chunker made is left
    as it is, and the error says which command builds it again.
    """
    with assemble(index_settings) as index:
        bring_up_to_date(index)
        with Records(index_settings.storage) as records:
            if settings.telegram_bot_token is None:
                return in_terminal(index, index_settings, records)
            return in_telegram(index, settings, records, index_settings.reindex_every)


def bring_up_to_date(index: Index) -> None:
    """Reads what has changed. When that fails the old index serves, and the log says why."""
    if index.status().built is None:
        log.info("There is no index yet: it is built now.")
    try:
        report = index.reindex(Spaced(log.info))
    except QuothError as error:
        log.warning("%s", error)
        return
    for failure in report.failed:
        log.warning("not read: %s: %s", failure.source, failure.reason)
    log.info("%s", _summary(report))


def in_terminal(index: Index, settings: IndexSettings, records: Records | None = None) -> int:
    """The conversation on standard input and output."""
    library = Library(index)
    conversation = Conversation(library)
    console = Console(highlight=False, markup=False, emoji=False)
    terminal = Terminal(conversation, Administration(library, conversation, records), console)
    if sys.stdin.isatty():
        sys.stderr.write(f"{words.NO_BOT}\n\n{words.TERMINAL_HINT}\n\n")
        lines = typed(settings.storage / "terminal-history")
    else:
        lines = piped(sys.stdin)
    _forgive_encodings()
    asyncio.run(terminal.converse(lines))
    return 0


def _forgive_encodings() -> None:
    """What is not UTF-8 in a pipe, or cannot be written where the answers go, becomes a mark."""
    if isinstance(sys.stdin, io.TextIOWrapper) and not sys.stdin.isatty():
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def in_telegram(
    index: Answering,
    settings: BotSettings,
    records: Records | None = None,
    reindex_every: float = 0,
) -> int:
    """The bot, until it is told to stop; 1 after a sentence when Telegram cannot be reached."""
    if settings.owner is None:
        log.info(words.NO_ADMINS)
    try:
        application = build_application(settings, index, records, reindex_every=reindex_every)
        serve(application, settings)
    except InvalidToken:
        sys.stderr.write(words.NOT_ACCEPTED + "\n")
        return 1
    except NetworkError as error:
        # "httpx.ConnectError: [Errno -2] Name or service not known", without what only we know
        reason = re.sub(r"^(?:httpx\.\w+: )?(?:\[Errno -?\d+\] )?", "", error.message)
        host = settings.bot_api_base_url
        sys.stderr.write(words.NO_TELEGRAM.format(host=host, reason=reason) + "\n")
        return 1
    return 0


def _summary(report: ReindexReport) -> str:
    return (
        f"The index is up to date: {len(report.added)} added, {len(report.changed)} changed, "
        f"{len(report.removed)} removed, {report.unchanged} unchanged, "
        f"{len(report.failed)} failed, in {words.spoken_duration(report.seconds)}."
    )
