"""Inline and guest mode: quotes and answers in chats that the bot is not in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import elsewhere, words
from bot.citing import linked, quoted
from bot.elsewhere import AT_ONCE
from bot.pages import pages
from bot.pointers import read_link
from bot.records import Records
from index import open_index
from index.errors import ModelUnavailable
from index.passages import Citation
from tests.bot_api import BotApiServer
from tests.bot_api_faults import When
from tests.bot_api_rules import buttons, checked_text, utf16_slice
from tests.doubles import write
from tests.shelf import CATS, Shelf, talking
from tests.test_app import QUESTION, replies
from tests.test_opening import bold
from tests.test_replies import answer, citations


async def offered(server: BotApiServer, query: str) -> dict[str, Any]:
    """What an inline query was answered with."""
    await server.wait_for(lambda: query in server.inline_answers)
    return server.inline_answers[query]


async def told(server: BotApiServer, query: str) -> dict[str, Any]:
    """The message that a guest was answered with."""
    await server.wait_for(lambda: query in server.guest_answers)
    return server.inline_messages[f"guest{query}"]


# --- inline ---


@pytest.mark.usefixtures("small_models")
async def test_quotes_are_found_without_the_reader(server: BotApiServer, tmp_path: Path):
    ann = server.person(7)
    write(tmp_path / "documents", bears="Bears\n\nThe bears of the forest sleep all winter.")

    nowhere = str(tmp_path / "no-reader")
    with open_index(tmp_path / "documents", tmp_path / "index", reader_model=nowhere) as index:
        index.reindex()
        async with talking(server, index):
            answer = await offered(server, await server.inline_query(ann, "bears winter"))
            with pytest.raises(ModelUnavailable):
                index.ask("where do the bears sleep?")

    assert [each["description"] for each in answer["results"]] == [
        "The bears of the forest sleep all winter."
    ]


async def test_words_after_the_bots_name_find_quotes_ready_to_be_sent(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        answer = await offered(server, await server.inline_query(ann, "cats rest"))

    [result] = answer["results"]
    sent = result["input_message_content"]
    assert (result["title"], result["description"]) == (
        "Cats · 4 September 2021 · p. 1",
        "Cats rest a lot.",
    )
    assert sent["message_text"].endswith("\nCats · 4 September 2021 · p. 1")
    assert [
        utf16_slice(sent["message_text"], each["offset"], each["length"])
        for each in sent["entities"]
        if each["type"] == "bold"
    ] == ["Cats rest a lot."]


async def test_results_are_in_the_language_of_whoever_types(server: BotApiServer):
    ann, otto = server.person(7), server.person(8, language_code="de")

    async with talking(server, Shelf()):
        english = await offered(server, await server.inline_query(ann, "cats"))
        german = await offered(server, await server.inline_query(otto, "cats"))

    assert [each["results"][0]["title"] for each in (english, german)] == [
        "Cats · 4 September 2021 · p. 1",
        "Cats · 4. September 2021 · S. 1",
    ]
    assert (english["is_personal"], german["is_personal"]) == (True, True)


async def test_the_button_below_a_quote_is_its_link(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        answer = await offered(server, await server.inline_query(ann, "cats rest"))

    [button] = buttons(answer["results"][0])
    link = read_link(button["url"].partition("?start=")[2])
    assert link is not None
    assert (link.spot.document, button["url"].partition("?")[0]) == (
        CATS.id,
        "https://t.me/quoth_bot",
    )


@pytest.mark.parametrize("query", ["", "?!"])
async def test_without_words_it_says_how_it_is_used(server: BotApiServer, query: str):
    ann = server.person(7)

    async with talking(server, Shelf()):
        answer = await offered(server, await server.inline_query(ann, query))
        await server.send_text(ann, ann, f"/start {answer['button']['start_parameter']}")
        [started] = await replies(server, ann)

    assert (answer["results"], answer["button"]["text"]) == ([], words.INLINE_HELP)
    assert started["text"].startswith(words.START)


async def test_where_nothing_is_found_it_says_so(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(documents_held=[])):
        answer = await offered(server, await server.inline_query(ann, "cats"))

    assert (answer["results"], answer["button"]["text"]) == ([], words.INLINE_NOTHING)


async def test_more_results_come_as_one_scrolls_until_the_end(server: BotApiServer):
    ann = server.person(7)
    shelf = Shelf(documents_held=[CATS] * (AT_ONCE + 3))

    async with talking(server, shelf):
        first = await offered(server, await server.inline_query(ann, "cats"))
        offset = first["next_offset"]
        second = await offered(server, await server.inline_query(ann, "cats", offset))

    assert [len(each["results"]) for each in (first, second)] == [AT_ONCE, 3]
    assert second.get("next_offset", "") == ""
    assert shelf.searched == ["cats"]


async def test_results_are_searched_anew_when_the_index_has_changed(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        await offered(server, await server.inline_query(ann, "cats"))
        shelf.number, shelf.documents_held = 2, []
        answer = await offered(server, await server.inline_query(ann, "cats"))

    assert answer["results"] == []


async def test_who_may_not_ask_finds_nothing(server: BotApiServer):
    ann, eve = server.person(7), server.person(8)

    async with talking(server, Shelf(), allowed_ids={7}):
        unheard = await server.inline_query(eve, "cats")
        answer = await offered(server, await server.inline_query(ann, "cats"))
        await server.quiet()

    assert (len(answer["results"]), unheard in server.inline_answers) == (1, False)


@given(citations())
def test_telegram_takes_any_quote_as_a_result(found: Citation):
    [page, *_] = pages(quoted(found), "quoth_bot")

    checked_text(page.text, [entity.to_dict() for entity in page.entities])


# --- guests ---


async def test_a_guest_is_answered_with_quotes_whose_buttons_are_links(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        message = await told(server, await server.guest_message(ann, f"@quoth_bot {QUESTION}"))

    assert (shelf.asked, message["text"].split("\n")[0]) == ([(QUESTION, [])], "sixteen hours")
    assert [set(each) for each in buttons(message)] == [{"text", "url"}]
    assert bold(message)[0] == "sixteen hours"


async def test_nothing_of_a_guest_is_remembered_nor_noted_of_that_chat(server: BotApiServer):
    ann, shelf, records = server.person(7), Shelf(), Records()

    async with talking(server, shelf, records):
        for _ in range(2):
            await told(server, await server.guest_message(ann, f"@quoth_bot {QUESTION}"))

    assert [history for _, history in shelf.asked] == [[], []]
    assert (records.answers.since(0), records.people.count()) == ([], 0)


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_guest_is_answered_once_though_the_connection_breaks(
    server: BotApiServer, monkeypatch: pytest.MonkeyPatch, when: When
):
    monkeypatch.setattr(elsewhere, "AGAIN", (0.0, 0.0))
    server.drop("answerGuestQuery", when)
    server.fail_next("answerGuestQuery", 502)

    async with talking(server, Shelf()):
        message = await told(server, await server.guest_message(server.person(7), QUESTION))
        await server.quiet()

    called = server.called("answerGuestQuery")
    assert message["text"].startswith("sixteen hours")
    assert [call.accepted for call in called].count(True) == 1


async def test_an_answer_that_telegram_refuses_a_guest_is_not_sent_again(server: BotApiServer):
    server.fail_next("answerGuestQuery", 400, "query is too old")

    async with talking(server, Shelf()):
        await server.guest_message(server.person(7), QUESTION)
        await server.wait_for(lambda: server.called("answerGuestQuery"))
        await server.quiet()

    assert len(server.called("answerGuestQuery")) == 1


async def test_a_guest_who_asks_nothing_is_told_what_to_do(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        message = await told(server, await server.guest_message(ann, "@quoth_bot"))

    assert message["text"] == words.ASK_ME


async def test_trouble_is_told_to_a_guest_there_and_nowhere_else(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(reply=RuntimeError("secret detail"))):
        message = await told(server, await server.guest_message(ann, f"@quoth_bot {QUESTION}"))

    assert message["text"].startswith(words.TROUBLE.partition("(")[0])
    assert server.called("sendMessage") == []


async def test_a_guest_who_asks_too_often_is_told_once(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(), questions_per_minute=1):
        queries = [await server.guest_message(ann, f"@quoth_bot {QUESTION}") for _ in range(3)]
        await told(server, queries[1])
        await server.quiet()

    assert "more than 1 question" in server.inline_messages[f"guest{queries[1]}"]["text"]
    assert queries[2] not in server.guest_answers


@given(st.lists(citations(), min_size=1, max_size=4))
def test_telegram_takes_any_answer_to_a_guest(found: list[Citation]):
    [page, *_] = pages(linked(answer(*found, short=None)), "quoth_bot")

    checked_text(page.text, [entity.to_dict() for entity in page.entities])
