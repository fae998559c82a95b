"""A quote is opened where it stands, by its button or its link, and one walks on from there."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.pointers import link_to
from index.chunking import cut
from index.passages import Document
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, utf16_slice
from tests.shelf import CATS, EVIDENCE, Shelf, citation, talking
from tests.test_app import QUESTION, replies

BOOK = Document(
    source="book.txt",
    title="A book",
    text="\n\n".join(
        f"Chapter {name} tells at length of many a thing that happened to {name} in those days. "
        f"It was the thing of {name} that people spoke of for a long while afterwards, and some "
        f"of them would swear that they had been there when {name} began. What {name} was, nobody "
        f"could say for certain, but all of them knew a great deal about {name} by hearsay alone."
        for name in ("one", "two", "three")
    ),
)


def labelled(message: dict[str, Any], label: str) -> str:
    return next(each["callback_data"] for each in buttons(message) if each["text"] == label)


def bold(message: dict[str, Any]) -> list[str]:
    return [
        utf16_slice(message["text"], each["offset"], each["length"])
        for each in message["entities"]
        if each["type"] == "bold"
    ]


async def test_one_walks_through_the_document_in_place_and_back_to_the_quote(server: BotApiServer):
    ann, shelf = server.person(7), Shelf(documents_held=[BOOK], cut=cut)
    evidence = BOOK.text.partition("\n")[0]

    async with talking(server, shelf):
        shelf.reply = shelf.answer(citation(BOOK, evidence))
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, labelled(answer, "Open [1]"))
        [_, first] = await replies(server, ann, 2)
        await server.press(ann, first, labelled(first, words.STEP_ON))
        await server.quiet()
        [_, second] = server.bot_messages(ann)
        await server.press(ann, second, labelled(second, words.STEP_BACK))
        await server.quiet()
        [_, back] = server.bot_messages(ann)

    assert ["passage 1 of 3" in first["text"], "passage 2 of 3" in second["text"]] == [True, True]
    assert [bold(first)[1:], bold(back)[1:]] == [[evidence], [evidence]]
    assert second["message_id"] == first["message_id"]
    assert "text" in next(b["copy_text"] for b in buttons(second) if "copy_text" in b)


async def test_a_step_is_taken_after_a_flood_limit(server: BotApiServer):
    ann, shelf = server.person(7), Shelf(documents_held=[BOOK], cut=cut)
    shelf.reply = shelf.answer(citation(BOOK, "Chapter one"))
    server.retry_after("editMessageText", 1)

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, labelled(answer, "Open [1]"))
        [_, opened] = await replies(server, ann, 2)
        await server.press(ann, opened, labelled(opened, words.STEP_ON))
        await server.wait_for(lambda: "passage 2 of 3" in server.bot_messages(ann)[1]["text"])

    assert len(server.called("editMessageText")) == 2


async def test_a_step_in_a_document_that_has_gone_says_so_in_place(server: BotApiServer):
    ann, shelf = server.person(7), Shelf(documents_held=[BOOK], cut=cut)
    shelf.reply = shelf.answer(citation(BOOK, "Chapter one"))

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, labelled(answer, "Open [1]"))
        [_, opened] = await replies(server, ann, 2)
        shelf.documents_held.clear()
        await server.press(ann, opened, labelled(opened, words.STEP_ON))
        await server.quiet()

    assert "no longer in the documents" in server.bot_messages(ann)[1]["text"]


# --- links ---


def link(message: dict[str, Any]) -> str:
    [url] = [each["url"] for each in message["entities"] if each["type"] == "text_link"]
    return str(url).partition("?start=")[2]


async def followed(server: BotApiServer, shelf: Shelf, parameter: str, **settings: Any) -> Any:
    """What somebody else gets who opens a link."""
    bob = server.person(8, "Bob")
    async with talking(server, shelf, **settings):
        await server.send_text(bob, bob, f"/start {parameter}")
        [reply] = await replies(server, bob)
    return reply


async def test_the_link_of_a_quote_opens_it_for_somebody_else_after_a_restart(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
    opened = await followed(server, Shelf(), link(answer))

    assert bold(opened) == ["Cats", EVIDENCE]


async def test_the_link_that_is_copied_is_the_link_of_the_quote(server: BotApiServer):
    parameter = link_to(CATS, CATS.text.index(EVIDENCE), len(CATS.text))

    opened = await followed(server, Shelf(), parameter)

    [copied] = [each["copy_text"]["text"] for each in buttons(opened)]
    assert copied == f"https://t.me/quoth_bot?start={parameter}"


async def test_a_link_finds_its_words_in_a_newer_version_and_says_that_it_changed(
    server: BotApiServer,
):
    at = CATS.text.index(EVIDENCE)
    newer = Document(source=CATS.source, title=CATS.title, text=f"Corrected. {CATS.text}")

    opened = await followed(
        server, Shelf(documents_held=[newer]), link_to(CATS, at, at + len(EVIDENCE))
    )

    assert opened["text"].startswith(words.SOURCE_CHANGED)
    assert bold(opened) == ["Cats", EVIDENCE]


async def test_a_link_whose_words_were_deleted_shows_where_they_stood_and_not_them(
    server: BotApiServer,
):
    at = CATS.text.index(EVIDENCE)
    newer = Document(source=CATS.source, title=CATS.title, text="Cats rest a lot. Then they eat.")

    opened = await followed(
        server, Shelf(documents_held=[newer]), link_to(CATS, at, at + len(EVIDENCE))
    )

    assert opened["text"].startswith(words.WORDS_CHANGED)
    assert (bold(opened), newer.text in opened["text"]) == (["Cats"], True)


async def test_a_link_whose_source_has_gone_says_so(server: BotApiServer):
    reply = await followed(server, Shelf(documents_held=[BOOK]), link_to(CATS, 0, 4))

    assert reply["text"] == words.SOURCE_GONE


async def test_a_link_that_was_cut_off_says_so(server: BotApiServer):
    reply = await followed(server, Shelf(), link_to(CATS, 0, 4)[:-3])

    assert reply["text"] == words.BROKEN_LINK


async def test_a_link_opens_nothing_for_somebody_who_may_not_ask(server: BotApiServer):
    reply = await followed(server, Shelf(), link_to(CATS, 0, 4), allowed_ids={9})

    assert reply["text"] == words.NOT_ALLOWED.format(person=8)
