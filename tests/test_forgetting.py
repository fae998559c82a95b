"""What is forgotten while something is under way: an answer, or a file that is being read."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bot import words
from bot.records import Records
from index.passages import Turn
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.scoped_index import opened, with_bears
from tests.shelf import talking
from tests.test_contributions import (
    ANN,
    ASKED,
    BOB,
    BOSS,
    GROUP,
    HERONS,
    PLACE,
    SlowReader,
    offers,
    said,
)

BEARS = "when do the bears of the forest sleep?"
WINTER = "all winter"

pytestmark = pytest.mark.usefixtures("small_models")


class Held:
    """An index that finds its answers at once, and gives them when it is let go.

    `forget` it holds when it is told to.
    """

    def __init__(self, index: Index) -> None:
        self._index, self.go, self.forgets = index, threading.Event(), threading.Event()
        self.forgets.set()
        self.forgetting = False
        self.histories: list[Sequence[Turn]] = []

    def ask(self, question: str, history: Sequence[Turn] = (), *args: Any, **named: Any) -> Any:
        found = self._index.ask(question, history, *args, **named)
        self.histories.append(history)
        self.go.wait(30)
        return found

    def forget(self, *args: Any) -> list[str]:
        self.forgetting = True
        self.forgets.wait(30)
        return self._index.forget(*args)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._index, name)


@pytest.fixture
def held(tmp_path) -> Iterator[Held]:
    with with_bears(tmp_path) as index:
        yield Held(index)


async def prompt(server: BotApiServer, chat: Any, person: Any, command: str) -> dict[str, Any]:
    """What the bot says to a command."""
    await server.send_text(chat, person, command)
    return (await said(server, chat))[-1]


async def asks(server: BotApiServer, held: Held, chat: Any, person: Any, text: str) -> None:
    """Somebody asks, and the answer is found and not yet given."""
    await server.send_text(chat, person, text)
    await server.wait_for(lambda: held.histories)


async def told(server: BotApiServer, chat: Any, text: str) -> dict[str, Any]:
    """The message of the bot that has these words in it, once there is one."""

    def found() -> list[dict[str, Any]]:
        return [each for each in server.bot_messages(chat) if text in each["text"]]

    return (await server.wait_for(found))[-1]


async def gives(server: BotApiServer, held: Held, chat: Any, text: str) -> dict[str, Any]:
    """The answer that is given now, with these words in it."""
    held.go.set()
    answer = await told(server, chat, text)
    await server.quiet()
    return answer


@pytest.mark.parametrize("where", [ANN, GROUP])
async def test_of_a_question_that_is_being_answered_nothing_is_kept_for_who_is_forgotten(
    server: BotApiServer, held: Held, where: int
):
    ann, records = server.person(ANN, "Ann"), Records()
    server.group(GROUP, members=[ann])

    async with talking(server, held, records):
        asked = await prompt(server, ann, ann, "/forgetme")
        await asks(server, held, where, ann, f"/ask {BEARS}")
        await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
        await told(server, ann, "Forgotten")
        answer = await gives(server, held, where, WINTER)
        kept = records.answers.since(0)
        await server.send_text(where, ann, "/ask and the bears?", reply_to=answer)
        await server.send_text(where, ann, "/ask and the forest?")
        await server.wait_for(lambda: len(held.histories) == 3)
        await server.quiet()

    assert kept == []
    assert held.histories[:2] == [(), ()]
    assert [each.question for each in held.histories[2]] == ["and the bears?"]


async def test_of_a_question_that_waits_in_line_nothing_is_kept_for_who_is_forgotten(
    server: BotApiServer, held: Held
):
    ann, bob, records = server.person(ANN), server.person(BOB), Records()

    async with talking(server, held, records, concurrent_updates=1, patience=0):
        asked = await prompt(server, ann, ann, "/forgetme")
        await asks(server, held, bob, bob, BEARS)
        await server.send_text(ann, ann, BEARS)
        await told(server, ann, words.BUSY.format(place=1))
        await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
        await told(server, ann, "Forgotten")
        await gives(server, held, ann, WINTER)

    assert [each.asker for each in records.answers.since(0)] == [BOB]


async def test_what_others_ask_meanwhile_is_kept(server: BotApiServer, held: Held):
    ann, boss, records = server.person(ANN), server.person(BOSS), Records()

    async with talking(server, held, records):
        asked = await prompt(server, ann, ann, "/forgetme")
        await asks(server, held, boss, boss, BEARS)
        await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
        await told(server, ann, "Forgotten")
        await gives(server, held, boss, WINTER)
        await server.send_text(boss, boss, "and the forest?")
        await server.wait_for(lambda: len(held.histories) == 2)
        await server.quiet()

    assert [each.asker for each in records.answers.since(0)] == [BOSS, BOSS]
    assert [each.question for each in held.histories[1]] == [BEARS]


async def test_an_answer_from_what_is_forgotten_meanwhile_is_not_gone_on_from(
    server: BotApiServer, held: Held
):
    ann, records = server.person(ANN), Records()
    held.add("herons.txt", HERONS, "person:7")

    async with talking(server, held, records):
        asked = await prompt(server, ann, ann, "/forget herons.txt")
        await asks(server, held, ann, ann, ASKED)
        await server.press(ann, asked, offers(asked)[words.FORGET_YES])
        await told(server, ann, "Forgotten")
        answer = await gives(server, held, ann, PLACE)
        await server.send_text(ann, ann, "and the bears?")
        await server.send_text(ann, ann, "/ask and the herons?", reply_to=answer)
        await server.wait_for(lambda: len(held.histories) == 3)
        await server.quiet()

    [first, *_] = records.answers.since(0)
    assert (first.question, first.own) == (ASKED, True)
    assert [list(each) for each in held.histories] == [[], [], [Turn(ASKED, "")]]


@pytest.mark.parametrize(
    ("command", "yes"),
    [("/forget herons.txt", words.FORGET_YES), ("/forgetme", words.FORGETME_YES)],
)
async def test_what_is_answered_while_a_document_is_being_forgotten_is_not_gone_on_from(
    server: BotApiServer, held: Held, command: str, yes: str
):
    ann = server.person(ANN)
    held.add("herons.txt", HERONS, "person:7")
    held.forgets.clear()

    async with talking(server, held):
        asked = await prompt(server, ann, ann, command)
        await server.press(ann, asked, offers(asked)[yes])
        await server.wait_for(lambda: held.forgetting)
        await server.send_text(ann, ann, ASKED)
        await gives(server, held, ann, PLACE)
        held.forgets.set()
        await told(server, ann, "Forgotten")
        await server.send_text(ann, ann, "and the bears?")
        await server.wait_for(lambda: len(held.histories) == 2)
        await server.quiet()

    assert list(held.histories[1]) == []


async def test_an_answer_from_what_an_admin_forgets_meanwhile_is_not_gone_on_from_nor_explained(
    server: BotApiServer, held: Held
):
    boss, records = server.person(BOSS), Records()

    async with talking(server, held, records, admin_ids={BOSS}):
        asked = await prompt(server, boss, boss, "/forget bears.txt")
        await asks(server, held, boss, boss, BEARS)
        await server.press(boss, asked, offers(asked)[words.FORGET_YES])
        await told(server, boss, "Forgotten")
        answer = await gives(server, held, boss, WINTER)
        await server.send_text(boss, boss, "/why", reply_to=answer)
        await told(server, boss, words.WHY_UNKNOWN)
        await server.send_text(boss, boss, "and the forest?")
        await server.wait_for(lambda: len(held.histories) == 2)
        await server.quiet()

    assert list(held.histories[1]) == []
    assert [each.question for each in records.answers.since(0)][:1] == [BEARS]


@pytest.mark.parametrize(
    ("where", "says", "kept"),
    [(ANN, "Forgotten: herons.txt", []), (GROUP, "Ask away", ["herons.txt"])],
)
async def test_a_file_that_is_being_read_is_not_kept_for_who_is_forgotten(
    server: BotApiServer, tmp_path, monkeypatch, where: int, says: str, kept: list[str]
):
    ann, slow, records = server.person(ANN, "Ann"), SlowReader(), Records()
    server.group(GROUP, members=[ann])
    monkeypatch.setattr("index.wiring.IsolatedReader", lambda **_: slow)
    monkeypatch.setattr("bot.contributions.PATIENCE", 0.05)

    with opened(tmp_path) as index:
        async with talking(server, index, records):
            asked = await prompt(server, ann, ann, "/forgetme")
            await server.send_document(where, ann, HERONS, "herons.txt", caption="@quoth_bot")
            await told(server, where, "Reading herons.txt")
            await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
            await told(server, ann, "Forgotten")
            slow.go.set()
            await told(server, where, says)
            await server.quiet()
        held = index.contributions("person:7" if where > 0 else "chat:-5")

    assert [each.source for each in held] == kept
    assert records.database.rows("SELECT person FROM added") == []
