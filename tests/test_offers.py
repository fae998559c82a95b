"""What the bot says that it can do is what it can do, in every language."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bot import words
from bot.languages import ALL, speaking
from bot.offers import ADDING, Offers
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import replies

BOSS = 99
NAMED = re.compile(rf"/(?:{'|'.join(ADDING)})\b")


async def told(server: BotApiServer, *written: str, **settings: Any) -> list[str]:
    """What somebody is told for each of these."""
    ann = server.person(7)
    async with talking(server, Shelf(), **settings):
        for text in written:
            await server.send_text(ann, ann, text)
        found = await replies(server, ann, len(written))
    return [each["text"] for each in found]


def menus(server: BotApiServer, kind: str) -> set[tuple[str, ...]]:
    """The commands in the menus of everybody ("default"), or of somebody alone ("chat")."""
    called = [call.parameters for call in server.called("setMyCommands")]
    return {
        tuple(each["command"] for each in menu["commands"])
        for menu in called
        if menu.get("scope", {}).get("type", "default") == kind
    }


async def test_help_offers_no_files_where_none_are_read(server: BotApiServer):
    help, start = await told(server, "/help", "/start", own_documents=0)

    assert (NAMED.findall(help + start), words.HELP_OWN in help) == ([], False)
    assert (words.HELP_SEEN in help, words.HELP_SEEN_NOT in help) == (True, False)
    assert {"/ask", "/sources", "/forgetme"} <= set(re.findall(r"/\w+", help))


async def test_help_offers_them_where_they_are_and_says_what_admins_see(server: BotApiServer):
    [help] = await told(server, "/help")

    assert set(NAMED.findall(help)) == {"/add", "/mine", "/forget"}
    assert words.HELP_OWN in help
    assert f"{words.HELP_SEEN} {words.HELP_SEEN_NOT}" in help


async def test_menus_leave_out_what_is_off_but_an_admin_forgets_what_all_share(
    server: BotApiServer,
):
    server.person(BOSS)

    await told(server, "/help", own_documents=0, admin_ids={BOSS})

    [everybodys], [bosss] = menus(server, "default"), menus(server, "chat")
    assert not {*ADDING} & {*everybodys}
    assert ({*ADDING} & {*bosss}, bosss.count("forget")) == ({"forget"}, 1)


async def test_what_is_off_is_not_proposed_and_says_so_when_it_is_written(server: BotApiServer):
    near, mine, add = await told(server, "/mime", "/mine", "/add", own_documents=0)

    assert (near, mine, add) == (words.UNKNOWN_COMMAND, words.ADDING_OFF, words.ADDING_OFF)


async def test_a_sticker_is_not_told_of_files_where_none_are_read(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(), own_documents=0):
        await server.send_sticker(ann, ann)
        [said] = await replies(server, ann)

    assert said["text"] == words.TEXT_ALONE


@pytest.mark.parametrize("language", ALL)
def test_no_language_names_what_is_off(language: str):
    offers = Offers(own_documents=False)

    with speaking(language):
        help = offers.help("", "quoth_bot", admin=False)
        everything = Offers(own_documents=True).usage()

    assert NAMED.findall(help) == []
    assert len(everything.split("\n")) == len(offers.usage().split("\n")) + len(ADDING)
