"""The bot as a process: how it starts, fails to start, ends, and what it prints meanwhile."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import sys
from pathlib import Path

import httpx
import pytest
from telegram.ext import ApplicationBuilder

from bot import words
from bot.logs import HIDDEN, Scrubbed
from bot.serving import serve
from bot.settings import BotSettings
from index import open_index
from index.wiring import Index
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


CHANGED = """
import sys
from index import chunking
chunking.VERSION = "another"
from bot.__main__ import main
sys.exit(main())
"""
"""The whole program, with a chunker that cuts in another way."""


async def serving(**environment: str) -> asyncio.subprocess.Process:
    """A process that serves Telegram from the index in memory."""
    return await started("-c", SERVE, **environment)


async def started(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    """A Python process of ours; where it runs there is no `.env`."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT / "tests",
        env={"PYTHONPATH": str(ROOT), "PATH": "", **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


@pytest.fixture
def own(sample: Index, sample_folder: Path, tmp_path: Path) -> dict[str, str]:
    """Settings for an index of the sample collection of one's own."""
    shutil.copytree(sample_folder / "index", tmp_path / "index")
    return {"DOCUMENTS": str(sample_folder / "documents"), "STORAGE": str(tmp_path / "index")}


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


@pytest.mark.slow  # it tries again for some seconds
async def test_no_network_is_one_sentence_without_the_token():
    status, printed = await ended(
        await serving(
            TELEGRAM_BOT_TOKEN=TOKEN, BOT_API_BASE_URL="http://127.0.0.1:9", ADMIN_IDS="99"
        )
    )

    assert (status, printed.count("\n"), TOKEN in printed) == (1, 1, False)
    assert printed.startswith("Telegram cannot be reached at http://127.0.0.1:9 (")
    assert ("httpx" in printed, "Errno" in printed) == (False, False)


async def test_a_bot_serves_until_it_is_told_to_stop(server: BotApiServer):
    ann = server.person(7)
    base = server.base_url.removesuffix("/bot")

    process = await serving(TELEGRAM_BOT_TOKEN=server.token, BOT_API_BASE_URL=base)
    await server.send_text(ann, ann, "how long does a cat sleep?")
    await server.wait_for(lambda: server.bot_messages(ann), seconds=20)
    process.send_signal(signal.SIGTERM)
    status, printed = await ended(process)

    assert (status, words.NO_ADMINS in printed, server.token in printed) == (0, True, False)


@pytest.mark.parametrize("there", [True, False])
def test_it_serves_in_the_quicker_loop_where_there_is_one(
    there: bool, monkeypatch: pytest.MonkeyPatch
):
    loops = []

    async def run(*_: object) -> None:
        loops.append(type(asyncio.get_running_loop()).__module__)

    monkeypatch.setattr("bot.serving.run", run)
    if not there:
        monkeypatch.setitem(sys.modules, "uvloop", None)
    serve(ApplicationBuilder().token(TOKEN).build(), BotSettings())

    assert loops[0].startswith("uvloop" if there else "asyncio")


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


@pytest.mark.slow
async def test_a_pipe_is_answered_line_by_line_and_the_program_ends(own: dict[str, str]):
    process = await started("-m", "bot", **own, LC_ALL="C", PYTHONCOERCECLOCALE="0")

    async with asyncio.timeout(60):
        printed, _ = await process.communicate(
            b"who said the defense is unbreakable\n\n\xff\xfe?\n1\n/quit\nnever asked"
        )

    answers = printed.decode("utf-8").split("\n\n")
    assert (process.returncode, answers[0].partition(",")[0]) == (0, "Fahim Dashty")
    assert "There are no words in that. Ask in a sentence or a few words." in answers
    assert "2021-09-04-" in answers[-2]


@pytest.mark.slow
async def test_an_index_of_another_chunker_is_refused_and_kept(own: dict[str, str]):
    status, printed = await ended(await started("-c", CHANGED, **own))

    with open_index(own["DOCUMENTS"], own["STORAGE"]) as index:
        held = index.status().documents
    assert (status, held, printed.count("\n")) == (1, 18, 1)
    assert printed.endswith("Build it again: python -m index reindex --rebuild\n")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WEBHOOK_SECRET", "not allowed!", "letters"),
        ("ADMIN_IDS", "@boss", "wrong: numbers are expected"),
        ("ALLOWED_IDS", "7, @ann, @bob", "@userinfobot tells you yours"),
        ("TELEGRAM_FEATURES", "magic, wonders", "'rich'"),
    ],
)
async def test_a_wrong_setting_is_one_sentence_without_its_value(
    name: str, value: str, expected: str
):
    status, printed = await ended(await started("-m", "bot", **{name: value}))

    assert (status, value in printed, printed.count("\n")) == (1, False, 1)
    assert printed.startswith(f"The setting {name} is wrong: ")
    assert expected in printed


@pytest.mark.parametrize("program", [("-m", "bot"), ("-m", "index", "status")])
async def test_what_is_wrong_between_settings_is_one_sentence(program: tuple[str, ...]):
    status, printed = await ended(await started(*program, LLM_BASE_URL="http://localhost:1"))

    assert status == 1
    assert printed == "LLM_BASE_URL and LLM_CLASS need LLM_MODEL: the name of a model there\n"


def test_a_token_is_hidden_wherever_it_stands_in_a_log():
    written = Scrubbed("%(message)s", "s3cret")
    try:
        raise ValueError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ValueError:
        record = logging.LogRecord("x", 40, "x.py", 1, "s3cret %s", (TOKEN,), sys.exc_info())

    text = written.format(record)

    assert (TOKEN in text, "s3cret" in text, text.count(HIDDEN)) == (False, False, 3)


async def test_a_token_that_is_taken_back_ends_the_bot_with_a_sentence(server: BotApiServer):
    base = server.base_url.removesuffix("/bot")
    process = await serving(TELEGRAM_BOT_TOKEN=server.token, BOT_API_BASE_URL=base)
    await server.wait_for(lambda: server.called("setMyCommands"), 20)

    server.fail_next("getUpdates", 401, times=100)
    server.person(7)
    await server.send_text(7, 7, "hello")
    status, printed = await ended(process)

    assert (status, printed.splitlines()[-1]) == (1, words.NOT_ACCEPTED)
