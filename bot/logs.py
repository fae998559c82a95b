"""Logs without secrets: the token is in every address that python-telegram-bot speaks to."""

from __future__ import annotations

import logging
import re
import warnings

TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")
"""What a bot's token looks like: 123456789:AAH…"""
HIDDEN = "<token>"


class Scrubbed(logging.Formatter):
    """Writes records, tracebacks included, with the secrets hidden."""

    def __init__(self, pattern: str, *secrets: str) -> None:
        super().__init__(pattern)
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        written = super().format(record)
        for secret in self._secrets:
            written = written.replace(secret, HIDDEN)
        return TOKEN.sub(HIDDEN, written)


def start_logging(level: str, *secrets: str) -> None:
    """Logs to standard error; other people's libraries only from warnings on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Scrubbed("%(asctime)s %(levelname)s %(name)s: %(message)s", *secrets))
    logging.basicConfig(level="WARNING", handlers=[handler], force=True)
    for ours in ("bot", "index"):
        logging.getLogger(ours).setLevel(level)
    # What it says, with the whole answer and a traceback, reaches us as an error that we treat.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    logging.captureWarnings(True)
    # Ours to settle when the library is upgraded; of no use to who runs the bot.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="Deprecated since version", category=UserWarning)
