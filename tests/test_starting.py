"""The bot as a process: how it starts, fails to start, ends, and what it prints meanwhile."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from pathlib import Path

import httpx
import pytest

from bot import words
from bot.logs import HIDDEN, Scrubbed
from tests.bot_api import BotApiServer

ROOT = Path(__file__).parent.parent
TOKEN = "123456:AAHnotARealTokenButOneThatLooksLikeIt"
SERVE = """
import sys
from bot.logs import start_logging
from bot.settings import BotEnvironment
from bot.starting import in_telegram
from tests.shelf import Shelf
settings = BotEnvironment()
start_logging("DEBUG", settings.telegram_bot_token.get_secret_value())
sys.exit(in_telegram(Shelf(), settings))
"""


async def serving(**environment: str) -> asyncio.subprocess.Process:
    """A process that serves Telegram from the index in memory."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SERVE,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "", **environment},
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """The exit status and what was printed on standard error."""
    async with asyncio.timeout(30):
        _, printed = await process.communicate()
    return process.returncode, printed.decode()


@pytest.mark.parametrize("token", [TOKEN, "nonsense"])
async def test_a_wrong_token_is_one_sentence_and_is_not_printed(server: BotApiServer, token: str):
    base = server.base_url.removesuffix("/bot")

    status, printed = await ended(
        await serving(TELEGRAM_BOT_TOKEN=token, BOT_API_BASE_URL=base, ADMIN_IDS="99")
    )

    assert (status, printed) == (1, words.NOT_ACCEPTED + "\n")


async def test_no_network_is_one_sentence_without_the_token():
    status, printed = await ended(
        await serving(
            TELEGRAM_BOT_TOKEN=TOKEN, BOT_API_BASE_URL="http://127.0.0.1:9", ADMIN_IDS="99"
        )
    )

    assert (status, printed.count("\n"), TOKEN in printed) == (1, 1, False)
    assert printed.startswith("Telegram cannot be reached at http://127.0.0.1:9")


async def test_a_bot_serves_until_it_is_told_to_stop(server: BotApiServer):
    ann = server.person(7)
    base = server.base_url.removesuffix("/bot")

    process = await serving(TELEGRAM_BOT_TOKEN=server.token, BOT_API_BASE_URL=base)
    await server.send_text(ann, ann, "how long does a cat sleep?")
    await server.wait_for(lambda: server.bot_messages(ann), seconds=20)
    process.send_signal(signal.SIGTERM)
    status, printed = await ended(process)

    assert (status, words.NO_ADMINS in printed, server.token in printed) == (0, True, False)


async def test_a_webhook_takes_updates_from_telegram_alone(
    server: BotApiServer, unused_tcp_port: int
):
    ann = server.person(7)
    process = await serving(
        TELEGRAM_BOT_TOKEN=server.token,
        BOT_API_BASE_URL=server.base_url.removesuffix("/bot"),
        WEBHOOK_URL="https://quoth.example.org/hook",
        WEBHOOK_PORT=str(unused_tcp_port),
    )
    await server.wait_for(lambda: server.called("setWebhook"), seconds=20)
    [call] = server.called("setWebhook")
    await server.send_text(ann, ann, "how long does a cat sleep?")
    [update] = server.updates

    answered = []
    async with httpx.AsyncClient() as client:
        for secret in ("guessed", call.parameters["secret_token"]):
            header = {"X-Telegram-Bot-Api-Secret-Token": secret}
            address = f"http://127.0.0.1:{unused_tcp_port}/hook"
            answered.append((await client.post(address, json=update, headers=header)).status_code)
    await server.wait_for(lambda: server.bot_messages(ann), seconds=20)
    process.send_signal(signal.SIGTERM)
    status, _ = await ended(process)

    assert (answered, status, len(server.bot_messages(ann))) == ([403, 200], 0, 1)
    assert call.parameters["url"] == "https://quoth.example.org/hook"


def test_a_token_is_hidden_wherever_it_stands_in_a_log():
    written = Scrubbed("%(message)s", "s3cret")
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        record = logging.LogRecord("x", 40, "x.py", 1, "s3cret %s", (TOKEN,), sys.exc_info())

    text = written.format(record)

    assert (TOKEN in text, "s3cret" in text, text.count(HIDDEN)) == (False, False, 3)
