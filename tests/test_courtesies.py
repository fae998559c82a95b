"""A greeting or thanks is answered in kind: it is no question, and no gap of the documents."""

from __future__ import annotations

import pytest

from bot import words
from bot.courtesies import answer_in_kind
from bot.languages import ALL, speaking
from bot.records import Records
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import QUESTION, replies, texts


@pytest.mark.parametrize("language", ALL)
def test_each_language_greets_and_thanks_and_english_does_everywhere(language: str):
    with speaking(language):
        greetings, thanks = words.GREETINGS.split("|"), words.THANKS.split("|")

        assert {answer_in_kind(f" {each.title()}! 🙂") for each in greetings} == {words.START}
        assert {answer_in_kind(f"{each}.") for each in thanks} == {words.YOU_ARE_WELCOME}
        assert answer_in_kind("Hello") == words.START


@pytest.mark.parametrize("language", ALL)
def test_who_asks_about_the_bot_is_told_where_to_read_on(language: str):
    with speaking(language):
        told = {answer_in_kind(f"{each.capitalize()}?") for each in words.ABOUT_ME.split("|")}

        assert told == {f"{words.START} {words.HELP_SAYS_MORE}"} == {answer_in_kind("Help!")}


def test_marks_above_letters_may_be_left_out_or_written():
    with speaking("ar"):
        assert answer_in_kind("شكرًا") == answer_in_kind("شكرا") == words.YOU_ARE_WELCOME


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "hello, who said it?",
        "thanks for what?",
        "hi cats",
        "who are you, cat?",
        "help me find cats",
        "hello " * 20,
        QUESTION,
    ],
)
def test_what_says_more_is_no_courtesy(said: str):
    assert answer_in_kind(said) is None


async def test_a_courtesy_is_neither_looked_up_nor_a_gap_nor_the_end_of_a_conversation(
    server: BotApiServer,
):
    ann, shelf, records = server.person(7, language_code="de"), Shelf(), Records()

    async with talking(server, shelf, records):
        for text in ("Hallo!", QUESTION, "Danke 🙂", "and what does the cat eat?"):
            await server.send_text(ann, ann, text)
        said = await replies(server, ann, 4)

    with speaking("de"):
        assert [texts(said)[at] for at in (0, 2)] == [words.START, words.YOU_ARE_WELCOME]
    assert [len(history) for _, history in shelf.asked] == [0, 1]
    assert [each.question for each in records.answers.since(0)] == [
        asked for asked, _ in shelf.asked
    ]


async def test_a_courtesy_in_a_group_is_answered_where_it_is_said(server: BotApiServer):
    ann = server.person(7)
    group = server.group(-100, topics=["One"], members=[ann])

    async with talking(server, Shelf()):
        await server.send_text(group, ann, "@quoth_bot hi", thread=2)
        await server.send_text(group, ann, "hi all", thread=2)
        [said] = await replies(server, group)

    assert (said["text"], said["message_thread_id"]) == (words.START, 2)
