"""Read this first: what a message goes through, from Telegram and back.

A person writes to a strict Bot API server on loopback. A real Application takes the update, a real
index of the sample collection answers, and what comes back is what that person sees.
"""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import words
from bot.citing import unwrapped
from bot.pointers import Spot, read_passage_data
from index import open_index
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, utf16_slice
from tests.shelf import talking

QUESTION = "who said the defense is unbreakable"
ADMIN = 99


async def said(server: BotApiServer, chat: Any, count: int = 1) -> list[dict[str, Any]]:
    """What the bot said in a chat, once it is that much and nothing more comes."""
    await server.wait_for(lambda: len(server.bot_messages(chat)) >= count, seconds=30)
    await server.quiet(idle=0.3, seconds=30)
    return server.bot_messages(chat)


def marked(message: dict[str, Any], kind: str) -> list[str]:
    """The parts of a message that are of a kind: bold, expandable_blockquote, …"""
    return [
        utf16_slice(message["text"], entity["offset"], entity["length"])
        for entity in message["entities"]
        if entity["type"] == kind
    ]


def opening(message: dict[str, Any]) -> list[Spot]:
    """What the buttons below a message open."""
    data = [str(each.get("callback_data")) for each in buttons(message)]
    return [spot for each in data if (spot := read_passage_data(each))]


async def test_who_said_it_is_answered_with_a_name_a_quote_and_its_document(
    server: BotApiServer, sample: Index
):
    ann = server.person(7, "Ann")

    async with talking(server, sample):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await said(server, ann)

    name, evidence = marked(answer, "bold")[:2]
    assert name == "Fahim Dashty"
    assert "unbreakable" in evidence
    assert evidence in marked(answer, "blockquote")[0]
    assert "Panjshir" in answer["text"]


async def test_a_button_opens_the_passage_also_after_a_restart(server: BotApiServer, sample: Index):
    ann = server.person(7, "Ann")

    async with talking(server, sample):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await said(server, ann)
    async with talking(server, sample):
        await server.send_text(ann, ann, "how many people were injured in Kabul?")
        await said(server, ann, 2)
        await server.press(ann, answer, next(buttons(answer))["callback_data"])
        opened = (await said(server, ann, 3))[-1]

    assert marked(opened, "bold")[1] == marked(answer, "bold")[1]
    assert "2021-09-04-" in opened["text"]


async def test_what_the_documents_do_not_say_is_refused_with_the_nearest_passages(
    server: BotApiServer, sample: Index
):
    ann = server.person(7, "Ann")

    async with talking(server, sample):
        await server.send_text(ann, ann, "what is the price of tea on Mars?")
        [refusal] = await said(server, ann)

    assert refusal["text"].startswith("The documents don't say.")
    assert len(opening(refusal)) == len(marked(refusal, "expandable_blockquote")) > 0


async def test_every_quote_that_arrives_is_a_slice_of_its_document(
    server: BotApiServer, sample: Index
):
    ann = server.person(7, "Ann")
    asked = [QUESTION, "when was the airport closed?", "what is Ariana?", "¿quién es Dashty?"]

    async with talking(server, sample):
        for question in asked:
            await server.send_text(ann, ann, question)
        answers = await said(server, ann, len(asked))

    for answer in answers:
        for quote, spot in zip(
            [*marked(answer, "blockquote"), *marked(answer, "expandable_blockquote")],
            opening(answer),
            strict=True,
        ):
            text = sample.excerpt(spot.document, spot.start).passage.document.text
            shown = unwrapped(text, 0, len(text))
            assert (quote in shown, shown[spot.start : spot.end] in quote) == (True, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/ask", words.ASK_SOMETHING_HERE),
        ("?!… 🙂", "There are no words in that. Ask in a sentence or a few words."),
        ("why " * 1_000, "That is 3,999 characters. Ask in at most 1,000, please."),
        ("كم عدد القتلى في بنجشير؟", "The documents don't say."),
        ("/sorces", words.UNKNOWN_COMMAND_NEAREST.format(nearest="sources")),
        ("/xyzzyx", words.UNKNOWN_COMMAND),
    ],
)
async def test_what_is_no_question_is_told_what_to_do(
    server: BotApiServer, sample: Index, text: str, sentence: str
):
    ann = server.person(7, "Ann")

    async with talking(server, sample):
        await server.send_text(ann, ann, text)
        [reply] = await said(server, ann)

    assert reply["text"].split("\n")[0] == sentence


async def test_an_edited_question_and_what_is_no_text_get_one_reply_each(
    server: BotApiServer, sample: Index
):
    ann = server.person(7, "Ann")

    async with talking(server, sample):
        asked = await server.send_text(ann, ann, "what is the price of tea on Mars?")
        await said(server, ann)
        await server.edit_text(asked, QUESTION)
        await said(server, ann, 2)
        await server.send_sticker(ann, ann)
        await server.send_voice(ann, ann)
        replies = await said(server, ann, 4)

    assert [reply["text"].split("\n")[0].partition(",")[0] for reply in replies] == [
        "The documents don't say.",
        "Fahim Dashty",
        words.TEXT_ONLY.partition(",")[0],
        words.TEXT_ONLY.partition(",")[0],
    ]


async def test_a_group_is_answered_in_its_topic_when_the_bot_is_mentioned(
    server: BotApiServer, sample: Index
):
    ann = server.person(7, "Ann")
    forum = server.group(-1_000_000_000_005, topics={11: "News", 12: "Else"}, members=[ann])

    async with talking(server, sample):
        await server.send_text(forum, ann, QUESTION, thread=11)
        await server.send_text(forum, ann, f"@quoth_bot {QUESTION}", thread=12)
        [answer] = await said(server, forum)

    assert (answer["message_thread_id"], "Fahim Dashty" in answer["text"]) == (12, True)


@pytest.mark.parametrize("fault", ["429", "500", "dropped before", "dropped after", "slow"])
async def test_a_fault_of_telegram_ends_in_one_answer_or_one_apology(
    server: BotApiServer, sample: Index, fault: str
):
    ann = server.person(7, "Ann")
    match fault:
        case "429":
            server.retry_after("sendMessage", 1)
        case "500":
            server.fail_next("sendMessage", 500)
        case "slow":
            server.stall("sendMessage", 2, when="after")
        case _:
            server.drop("sendMessage", "after" if fault.endswith("after") else "before")

    async with talking(server, sample):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await said(server, ann)

    answered = "Fahim Dashty" in reply["text"]
    assert answered != (reply["text"] == words.CONNECTION)
    assert answered == (fault in ("429", "dropped after", "slow"))


async def test_a_fault_of_chroma_ends_in_one_sentence_and_the_next_question_is_answered(
    server: BotApiServer, sample: Index, monkeypatch: pytest.MonkeyPatch
):
    ann = server.person(7, "Ann")

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    async with talking(server, sample):
        with monkeypatch.context() as patch:
            patch.setattr("chromadb.api.models.Collection.Collection.query", broken)
            await server.send_text(ann, ann, QUESTION)
            [first] = await said(server, ann)
        await server.send_text(ann, ann, QUESTION)
        [_, second] = await said(server, ann, 2)

    assert ("secret detail" in first["text"], len(first["text"]) > 20) == (False, True)
    assert second["text"].startswith("Fahim Dashty")


# --- an admin changes the documents ---


@pytest.fixture
def own(sample_folder: Path, sample: Index, tmp_path: Path) -> Iterator[tuple[Index, Path]]:
    """An index of one's own, with its folder of documents."""
    shutil.copytree(sample_folder, tmp_path / "own")
    folder = tmp_path / "own" / "documents"
    with open_index(folder, tmp_path / "own" / "index") as index:
        yield index, folder


async def test_an_admin_reindexes_and_the_answers_change(
    server: BotApiServer, own: tuple[Index, Path]
):
    index, folder = own
    boss, ann = server.person(ADMIN, "Boss"), server.person(7, "Ann")
    (folder / "lighthouse.txt").write_text(
        "The keeper of the lighthouse at Ferro Point is called Odalys Brant.", "utf-8"
    )
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 this is no PDF")
    (folder / "2021-09-04-glossary.md").unlink()

    async with talking(server, index, admin_ids={ADMIN}):
        await server.send_text(boss, boss, "/reindex")
        [progress, report] = await said(server, boss, 2)
        await server.send_text(ann, ann, "who is the keeper of the lighthouse at Ferro Point?")
        [answer] = await said(server, ann)

    assert progress["text"] == words.REINDEX_ENDED
    assert "1 added, 0 changed, 1 removed, 17 unchanged, 1 failed" in report["text"]
    assert "broken.pdf" in report["text"]
    assert "Odalys Brant" in answer["text"]


async def test_an_admin_sees_how_things_are(server: BotApiServer, sample: Index):
    boss = server.person(ADMIN, "Boss")

    async with talking(server, sample, admin_ids={ADMIN}):
        await server.send_text(boss, boss, "what is the price of tea on Mars?")
        await said(server, boss)
        await server.send_text(boss, boss, "/status")
        status = (await said(server, boss, 2))[-1]["text"]

    assert status.startswith("18 documents, ")
    assert re.findall(r"^(\w+)", status, re.M) == [
        *("18", "Index", "Model", "Reader", "Disk", "Memory", "Running")
    ]
    assert status.endswith("1 question, 1 refusal")


async def test_a_stranger_cannot_reindex(server: BotApiServer, sample: Index):
    ann = server.person(7, "Ann")

    async with talking(server, sample, admin_ids={ADMIN}):
        await server.send_text(ann, ann, "/reindex")
        [reply] = await said(server, ann)

    assert reply["text"] == words.UNKNOWN_COMMAND


async def test_many_people_are_answered_at_once(server: BotApiServer, sample: Index):
    people = [server.person(id, f"P{id}") for id in range(10, 30)]

    async with talking(server, sample):
        await asyncio.gather(*(server.send_text(each, each, QUESTION) for each in people))
        answers = await asyncio.gather(*(said(server, each) for each in people))

    assert [len(each) for each in answers] == [1] * len(people)
