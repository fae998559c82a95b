"""Files and links that people send, through a real bot and a real index."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from bot import words
from bot.records import Records
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.doubles import PlainReader
from tests.scoped_index import opened, with_bears
from tests.shelf import talking

BOSS, ANN, BOB, GROUP = 99, 7, 8, -5
HERONS = b"Herons\n\nThe herons of the lake sleep in the tall reeds. They wake at dawn."
ASKED = "where do the herons of the lake sleep?"
PLACE = "in the tall reeds"

pytestmark = pytest.mark.usefixtures("small_models")


@pytest.fixture
def index(tmp_path):
    with with_bears(tmp_path) as index:
        yield index


async def said(server: BotApiServer, chat: Any, count: int = 1) -> list[dict[str, Any]]:
    """What the bot said, once it is that much and nothing more comes."""
    await server.wait_for(lambda: len(server.bot_messages(chat)) >= count)
    await server.quiet()
    return server.bot_messages(chat)


async def shows(server: BotApiServer, chat: Any, text: str) -> dict[str, Any]:
    """The bot's last message, once that begins so."""
    await server.wait_for(lambda: server.bot_messages(chat)[-1]["text"].startswith(text))
    await server.quiet()
    return server.bot_messages(chat)[-1]


def offers(message: dict[str, Any]) -> dict[str, str]:
    return {button["text"]: button["callback_data"] for button in buttons(message)}


async def answer(server: BotApiServer, person: Any) -> str:
    """What a person is told about the herons."""
    before = len(server.bot_messages(person))
    await server.send_text(person, person, ASKED)
    return (await said(server, person, before + 1))[-1]["text"]


async def test_a_file_is_read_for_who_sent_it_alone(server: BotApiServer, index: Index):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        [told] = await said(server, ann)
        of_ann, of_bob = await answer(server, ann), await answer(server, bob)

    assert told["text"].split("\n")[0] == "I have read 2 sentences from herons.txt. Ask away."
    assert PLACE in of_ann
    assert "eron" not in of_bob.replace(ASKED, "")


async def test_a_file_in_a_group_is_the_groups_when_the_bot_is_addressed(
    server: BotApiServer, index: Index
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])

    async with talking(server, index):
        await server.send_document(GROUP, ann, HERONS, "unasked.txt")
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption="@quoth_bot")
        [told] = await said(server, GROUP)
        await server.send_text(GROUP, bob, f"/ask {ASKED}")
        [_, asked] = await said(server, GROUP, 2)
        of_ann = await answer(server, ann)

    assert "herons.txt" in told["text"]
    assert words.ADDED_FOR_GROUP in told["text"]
    assert PLACE in asked["text"]
    assert PLACE not in of_ann
    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


@pytest.mark.parametrize("captioned", [0, 1, 2])
async def test_of_an_album_in_a_group_all_files_are_read_whichever_has_the_words(
    server: BotApiServer, index: Index, captioned: int
):
    ann = server.person(ANN, "Ann")
    server.group(GROUP, members=[ann])
    album = [
        ("one.txt", b"One\n\nThe owl sleeps."),
        ("two.txt", HERONS),
        ("three.txt", b"3\n\nBees."),
    ]

    async with talking(server, index):
        await server.send_document(GROUP, ann, HERONS, "unasked.txt", album="1")
        for at, (name, content) in enumerate(album):
            caption = f"@quoth_bot {ASKED}" if at == captioned else None
            await server.send_document(GROUP, ann, content, name, album="2", caption=caption)
        *told, answered = await said(server, GROUP, 4)

    named = [next(name for name, _ in album if name in each["text"]) for each in told]
    assert named == [name for name, _ in album]
    assert PLACE in answered["text"]
    assert {each.source for each in index.contributions("chat:-5")} == {name for name, _ in album}


async def test_a_mention_in_reply_to_a_file_of_an_album_is_for_all_of_it(
    server: BotApiServer, index: Index
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])

    async with talking(server, index):
        await server.send_document(GROUP, ann, b"One\n\nThe owl sleeps.", "one.txt", album="2")
        second = await server.send_document(GROUP, ann, HERONS, "two.txt", album="2")
        await server.send_text(GROUP, bob, "@quoth_bot", reply_to=second)
        await said(server, GROUP, 2)

    assert {each.source for each in index.contributions("chat:-5")} == {"one.txt", "two.txt"}


@pytest.mark.parametrize("caption", ["/add", "/add@quoth_bot", "/ADD please"])
async def test_a_caption_that_begins_with_add_gives_a_file_to_the_group(
    server: BotApiServer, index: Index, caption: str
):
    ann = server.person(ANN, "Ann")
    server.group(GROUP, members=[ann])

    async with talking(server, index):
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption=caption)
        [told] = await said(server, GROUP)

    assert words.ADDED_FOR_GROUP in told["text"]
    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


@pytest.mark.parametrize("caption", ["/ask", "/ask@quoth_bot"])
async def test_a_caption_that_begins_with_ask_is_answered_from_the_file(
    server: BotApiServer, index: Index, caption: str
):
    ann = server.person(ANN, "Ann")
    server.group(GROUP, members=[ann])

    async with talking(server, index):
        question = f"{caption} {ASKED.removesuffix('?')}"
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption=question)
        told, answered = await said(server, GROUP, 2)

    assert words.ADDED_FOR_GROUP in told["text"]
    assert PLACE in answered["text"]


@pytest.mark.parametrize("caption", ["/add@other_bot", "/status", "look: /add"])
async def test_a_caption_for_others_leaves_a_file_alone(
    server: BotApiServer, index: Index, caption: str
):
    ann = server.person(ANN, "Ann")
    server.group(GROUP, members=[ann], bot_is_admin=True)

    async with talking(server, index):
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption=caption)
        await server.quiet()

    assert server.bot_messages(GROUP) == []
    assert index.contributions("chat:-5") == []


async def test_a_file_whose_caption_is_a_command_keeps_its_turn(server: BotApiServer, index: Index):
    ann = server.person(ANN, "Ann")

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt", caption="/help")
        await server.send_text(ann, ann, ASKED)
        told, answered = await said(server, ann, 2)

    assert "herons.txt" in told["text"]
    assert PLACE in answered["text"]


async def test_every_file_of_a_group_is_read_where_that_is_set(server: BotApiServer, index: Index):
    ann = server.person(ANN)
    server.group(GROUP, members=[ann])

    async with talking(server, index, group_files=True):
        await server.send_document(GROUP, ann, HERONS, "herons.txt")
        await said(server, GROUP)

    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


async def test_what_a_person_added_is_not_looked_into_in_a_group(
    server: BotApiServer, index: Index
):
    ann = server.person(ANN)
    server.group(GROUP, members=[ann])

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        await said(server, ann)
        await server.send_text(GROUP, ann, f"/ask {ASKED}")
        [asked] = await said(server, GROUP)

    assert PLACE not in asked["text"]


async def test_a_button_of_ones_own_quote_opens_nothing_for_others(
    server: BotApiServer, index: Index
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        await said(server, ann)
        await answer(server, ann)
        shown = server.bot_messages(ann)[-1]
        link = next(e["url"] for e in shown["entities"] if e["type"] == "text_link")
        start = link.partition("start=")[2]
        await server.send_text(ann, ann, f"/start {start}")
        await server.send_text(bob, bob, f"/start {start}")
        of_ann, of_bob = (await said(server, ann, 3))[-1], (await said(server, bob))[-1]

    assert PLACE in of_ann["text"]
    assert of_bob["text"] == words.SOURCE_GONE


async def test_a_caption_that_asks_is_answered_from_the_file(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt", caption=ASKED)
        [_, answered] = await said(server, ann, 2)

    assert PLACE in answered["text"]


async def test_a_file_over_the_limit_of_telegram_is_not_asked_for(
    server: BotApiServer, index: Index
):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_document(ann, ann, b"", "large.pdf", size=20 * 2**20 + 1)
        [told] = await said(server, ann)

    assert told["text"].startswith("large.pdf has 20.0 MB.")
    assert server.called("getFile") == []


async def test_a_file_that_cannot_be_read_says_why(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_document(ann, ann, b"broken", "../notes\n.txt")
        [told] = await said(server, ann)

    assert told["text"] == "I could not read ../notes .txt: it is broken."
    assert index.contributions("person:7") == []


async def test_a_download_that_fails_says_so(server: BotApiServer, index: Index):
    ann = server.person(ANN)
    server.fail_next("getFile", 500, times=9)

    async with talking(server, index):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        [told] = await said(server, ann)

    assert told["text"] == words.DOWNLOAD_FAILED.format(name="herons.txt")


async def test_the_same_name_again_is_a_new_version(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_document(ann, ann, b"Old\n\nThe otters swim.", "notes.txt")
        await server.send_document(ann, ann, HERONS, "notes.txt")
        [_, told] = await said(server, ann, 2)

    assert "in place of the one you sent before" in told["text"]


async def test_more_than_ones_share_is_refused(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index, own_documents=1):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        await server.send_document(ann, ann, HERONS, "again.txt")
        [_, told] = await said(server, ann, 2)

    assert "At most 1 documents can be kept here" in told["text"]


async def test_none_are_read_where_that_is_switched_off(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index, own_documents=0):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        [told] = await said(server, ann)

    assert told["text"] == words.ADDING_OFF


class SlowReader(PlainReader):
    """Waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def reading(self, source, path):
        self.go.wait(60)
        return super().reading(source, path)


async def test_a_file_that_takes_its_time_is_said_to_be_read_and_keeps_nobody_waiting(
    server: BotApiServer, tmp_path, monkeypatch
):
    ann, bob = server.person(ANN), server.person(BOB)
    slow = SlowReader()
    monkeypatch.setattr("index.wiring.IsolatedReader", lambda **_: slow)
    monkeypatch.setattr("bot.contributions.PATIENCE", 0.05)

    with opened(tmp_path) as index:
        async with talking(server, index, concurrent_updates=1):
            await server.send_document(ann, ann, HERONS, "herons.txt")
            await server.wait_for(lambda: server.bot_messages(ann))
            reading = server.bot_messages(ann)[0]["text"]
            of_bob = await answer(server, bob)
            slow.go.set()
            await server.wait_for(lambda: "Ask away" in server.bot_messages(ann)[0]["text"])

    assert reading == "Reading herons.txt …"
    assert of_bob
    assert len(server.bot_messages(ann)) == 1


async def test_a_file_that_was_being_read_when_the_bot_stopped_is_read_after_the_start(
    server: BotApiServer, tmp_path, monkeypatch
):
    ann, slow, records = server.person(ANN), SlowReader(), Records()
    monkeypatch.setattr("index.wiring.IsolatedReader", lambda **_: slow)
    monkeypatch.setattr("bot.contributions.PATIENCE", 0.05)

    with opened(tmp_path) as index:
        async with talking(server, index, records, grace=0.05):
            await server.send_document(ann, ann, HERONS, "herons.txt")
            await server.wait_for(lambda: server.bot_messages(ann))
        slow.go.set()
        async with talking(server, index, records):
            told = await shows(server, ann, "I have read")

    assert "herons.txt" in told["text"]


async def test_an_album_that_was_being_read_when_the_bot_stopped_is_said_to_be_cut_off(
    server: BotApiServer, tmp_path, monkeypatch
):
    """Of its files the next start knows but the one that the words came with."""
    ann, slow, records = server.person(ANN), SlowReader(), Records()
    server.group(GROUP, members=[ann])
    monkeypatch.setattr("index.wiring.IsolatedReader", lambda **_: slow)
    monkeypatch.setattr("bot.contributions.PATIENCE", 0.05)

    with opened(tmp_path) as index:
        async with talking(server, index, records, grace=0.05):
            await server.send_document(GROUP, ann, HERONS, "one.txt", album="1")
            await server.send_document(
                GROUP, ann, HERONS, "two.txt", album="1", caption="@quoth_bot"
            )
            await server.wait_for(lambda: server.bot_messages(GROUP))
        slow.go.set()
        async with talking(server, index, records):
            told = await shows(server, GROUP, words.CUT_OFF)

    assert told["text"] == words.CUT_OFF


# --- links ---


@pytest.fixture
def pages(monkeypatch):
    """What links give, by link, without a network."""
    given: dict[str, bytes] = {}

    class Page:
        etag = last_modified = None
        unchanged = False

        def __init__(self, data):
            self.data = data

        def saved_in(self, folder):
            path = folder / "page.txt"
            path.write_bytes(self.data)
            return path

    monkeypatch.setattr("index.wiring.fetch", lambda link, *_, **__: Page(given[link]))
    return given


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("https://lake.example/herons", []),
        ("lake.example/herons", [{"type": "url", "offset": 0, "length": 19}]),
        ("/add https://lake.example/herons", []),
    ],
)
async def test_a_link_alone_is_read(server: BotApiServer, index: Index, pages, text, marked):
    ann = server.person(ANN)
    pages["https://lake.example/herons"] = HERONS

    async with talking(server, index):
        await server.send_text(ann, ann, text, entities=marked)
        [told] = await said(server, ann)
        of_ann = await answer(server, ann)

    assert "I have read 2 sentences from https://lake.example/herons." in told["text"]
    assert PLACE in of_ann


async def test_a_link_with_words_beside_it_is_a_question(server: BotApiServer, index: Index, pages):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_text(ann, ann, "what does https://lake.example/herons say")
        [told] = await said(server, ann)

    assert "I have read" not in told["text"]


async def test_add_in_reply_to_a_file_reads_that_file(server: BotApiServer, index: Index):
    ann, bob = server.person(ANN), server.person(BOB)
    server.group(GROUP, members=[ann, bob])

    async with talking(server, index):
        sent = await server.send_document(GROUP, bob, HERONS, "herons.txt")
        await server.send_text(GROUP, ann, "/add", reply_to=sent)
        [told] = await said(server, GROUP)

    assert "herons.txt" in told["text"]


async def test_add_alone_says_what_it_is_for(server: BotApiServer, index: Index):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_text(ann, ann, "/add")
        [told] = await said(server, ann)

    assert told["text"] == words.ADD_WHAT


async def test_a_mention_alone_in_reply_to_a_file_reads_that_file(
    server: BotApiServer, index: Index
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])

    async with talking(server, index):
        sent = await server.send_document(GROUP, ann, HERONS, "herons.txt")
        await server.send_text(GROUP, bob, "@quoth_bot", reply_to=sent)
        [told] = await said(server, GROUP)

    assert "herons.txt" in told["text"]
    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


# --- listing and forgetting ---


async def test_the_list_of_documents_says_which_were_added_and_by_whom(
    server: BotApiServer, index: Index
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])
    index.add("herons.txt", HERONS, "person:7")
    index.add("rent.txt", b"Rent\n\nThe rent is due in May.", "chat:-5")

    async with talking(server, index):
        for chat, person in ((ann, ann), (bob, bob), (GROUP, bob)):
            await server.send_text(chat, person, "/sources")
        listed = [(await said(server, chat))[0]["text"] for chat in (ann, bob, GROUP)]

    assert listed == [
        f"2 documents\n\n1. Bears\n2. Herons · {words.ADDED_BY_YOU}",
        "1 document\n\n1. Bears",
        f"2 documents\n\n1. Bears\n2. Rent · {words.ADDED_HERE}",
    ]


async def test_mine_lists_what_was_added_a_page_at_a_time(server: BotApiServer, index: Index):
    ann = server.person(ANN)
    for number in range(10):
        index.add(f"notes{number}.txt", HERONS, "person:7")

    async with talking(server, index):
        await server.send_text(ann, ann, "/mine")
        [listed] = await said(server, ann)
        await server.press(ann, listed, offers(listed)[words.LATER])
        await server.wait_for(lambda: "notes9" in server.bot_messages(ann)[0]["text"])
        [turned] = server.bot_messages(ann)

    assert listed["text"].startswith("10 documents, ")
    assert "1. notes0.txt · 2 sentences" in listed["text"]
    assert "9. notes8.txt · 2 sentences" in turned["text"]
    assert "Forget notes9.txt" in offers(turned)


async def test_what_is_forgotten_is_asked_for_once_more_and_then_gone(
    server: BotApiServer, index: Index
):
    ann = server.person(ANN)
    index.add("herons.txt", HERONS, "person:7")

    async with talking(server, index):
        assert PLACE in await answer(server, ann)
        await server.send_text(ann, ann, "/forget Herons")
        asked = (await said(server, ann, 2))[-1]
        await server.press(ann, asked, offers(asked)[words.FORGET_YES])
        await shows(server, ann, "Forgotten: herons.txt")
        after = await answer(server, ann)

    assert asked["text"] == "Forget herons.txt, with every word of it? This cannot be undone."
    assert PLACE not in after
    assert index.contributions("person:7") == []


async def test_what_is_to_stay_stays(server: BotApiServer, index: Index):
    ann = server.person(ANN)
    index.add("herons.txt", HERONS, "person:7")

    async with talking(server, index):
        await server.send_text(ann, ann, "/forget herons.txt")
        [asked] = await said(server, ann)
        await server.press(ann, asked, offers(asked)[words.LEAVE_IT])
        await shows(server, ann, words.LEFT)

    assert [each.source for each in index.contributions("person:7")] == ["herons.txt"]


@pytest.mark.parametrize(
    ("command", "told"),
    [("/forget", words.FORGET_WHICH_OWN), ("/forget bears.txt", words.FORGET_NONE_OWN)],
)
async def test_people_cannot_forget_what_all_share(
    server: BotApiServer, index: Index, command, told
):
    ann = server.person(ANN)

    async with talking(server, index):
        await server.send_text(ann, ann, command)
        [message] = await said(server, ann)

    assert message["text"] == told


async def test_in_a_group_who_sent_it_and_its_admins_may_forget_it(
    server: BotApiServer, index: Index
):
    ann, bob, eve = server.person(ANN, "Ann"), server.person(BOB, "Bob"), server.person(9, "Eve")
    server.group(GROUP, members=[ann, bob], admins=[eve])

    async with talking(server, index):
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption="@quoth_bot")
        [told] = await said(server, GROUP)
        refused = await server.press(bob, told, offers(told)[words.DOC_FORGET])
        await server.quiet()
        await server.press(ann, told, offers(told)[words.DOC_FORGET])
        asked = await shows(server, GROUP, "Forget herons.txt")
        await server.press(eve, asked, offers(asked)[words.FORGET_YES])
        await shows(server, GROUP, "Forgotten: herons.txt")

    assert server.callback_answers[refused]["text"] == words.NOT_YOURS_TO_FORGET
    assert index.contributions("chat:-5") == []


async def test_who_sent_it_to_a_group_may_forget_it_from_any_list_and_after_a_restart(
    server: BotApiServer, index: Index, tmp_path: Path
):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])

    with Records(tmp_path) as records:
        async with talking(server, index, records):
            await server.send_document(GROUP, ann, HERONS, "herons.txt", caption="@quoth_bot")
            await said(server, GROUP)
    with Records(tmp_path) as records:
        async with talking(server, index, records):
            await server.send_text(GROUP, bob, "/mine")
            [_, listed] = await said(server, GROUP, 2)
            refused = await server.press(bob, listed, offers(listed)["Forget herons.txt"])
            await server.quiet()
            await server.press(ann, listed, offers(listed)["Forget herons.txt"])
            asked = await shows(server, GROUP, "Forget herons.txt")
            await server.press(ann, asked, offers(asked)[words.FORGET_YES])
            await shows(server, GROUP, "Forgotten: herons.txt")
        kept = records.database.rows("SELECT * FROM added")

    assert server.callback_answers[refused]["text"] == words.NOT_YOURS_TO_FORGET
    assert (index.contributions("chat:-5"), kept) == ([], [])


async def test_who_added_a_file_to_a_group_may_forget_it_once_it_is_a_supergroup(
    server: BotApiServer, index: Index
):
    ann, records = server.person(ANN, "Ann"), Records()
    server.group(GROUP, members=[ann])

    async with talking(server, index, records):
        sent = await server.send_document(GROUP, ann, HERONS, "herons.txt")
        await server.send_text(GROUP, ann, "/add", reply_to=sent)
        await said(server, GROUP)
        upgraded = await server.upgrade(GROUP, -1005, ann)
        await server.wait_for(lambda: index.contributions("chat:-1005"))
        await server.send_text(upgraded, ann, "/forget herons.txt")
        [asked] = await said(server, upgraded)
        await server.press(ann, asked, offers(asked)[words.FORGET_YES])
        await shows(server, upgraded, "Forgotten: herons.txt")

    assert index.contributions("chat:-1005") == []


async def test_after_forgetme_nothing_says_who_added_what(server: BotApiServer, index: Index):
    ann, records = server.person(ANN, "Ann"), Records()
    server.group(GROUP, members=[ann])

    async with talking(server, index, records):
        await server.send_document(GROUP, ann, HERONS, "herons.txt", caption="@quoth_bot")
        await said(server, GROUP)
        before = records.database.rows("SELECT person FROM added")
        await server.send_text(ann, ann, "/forgetme")
        [asked] = await said(server, ann)
        await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
        await shows(server, ann, "Forgotten")

    assert (before, records.database.rows("SELECT person FROM added")) == ([(ANN,)], [])
    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


async def test_asking_to_forget_gives_nobody_the_right_to_it(server: BotApiServer, index: Index):
    ann, bob = server.person(ANN, "Ann"), server.person(BOB, "Bob")
    server.group(GROUP, members=[ann, bob])
    index.add("herons.txt", HERONS, "chat:-5")

    async with talking(server, index):
        await server.send_text(GROUP, bob, "/forget herons.txt")
        [asked] = await said(server, GROUP)
        refused = await server.press(bob, asked, offers(asked)[words.FORGET_YES])
        await server.quiet()

    assert server.callback_answers[refused]["text"] == words.NOT_YOURS_TO_FORGET
    assert [each.source for each in index.contributions("chat:-5")] == ["herons.txt"]


async def test_a_group_keeps_its_documents_as_a_supergroup(server: BotApiServer, index: Index):
    ann = server.person(ANN)
    server.group(GROUP, members=[ann])
    index.add("herons.txt", HERONS, "chat:-5")

    async with talking(server, index):
        await server.upgrade(GROUP, -1005, ann)
        await server.wait_for(lambda: index.contributions("chat:-1005"))

    assert index.contributions("chat:-5") == []


@pytest.mark.parametrize("by", [ANN, BOB])
@pytest.mark.parametrize("seconds", [0, 7200])
async def test_a_group_keeps_its_documents_whoever_makes_it_a_supergroup_and_whenever(
    server: BotApiServer, index: Index, by: int, seconds: int
):
    members = [server.person(ANN), server.person(BOB)]
    server.group(GROUP, members=members)
    index.add("herons.txt", HERONS, "chat:-5")
    await server.upgrade(GROUP, -1005, by)
    for update in server.updates:
        update["message"]["date"] -= seconds

    async with talking(server, index, access="list", allowed_ids=(ANN,)):
        await server.wait_for(lambda: not server.updates)
        await server.quiet()

    assert [each.source for each in index.contributions("chat:-1005")] == ["herons.txt"]
    assert index.contributions("chat:-5") == []


async def test_that_a_group_became_a_supergroup_is_noted_so_that_no_crash_loses_it(
    server: BotApiServer, index: Index
):
    ann, records = server.person(ANN), Records()
    server.group(GROUP, members=[ann])
    await server.upgrade(GROUP, -1005, ann)

    async with talking(server, index, records):
        await server.wait_for(lambda: not server.updates)
        await server.quiet()
    received = records.database.rows("SELECT id FROM received")

    assert len(received) == 2


async def test_an_admin_publishes_to_everybody_and_takes_it_back(
    server: BotApiServer, index: Index
):
    boss, bob = server.person(BOSS, "Boss"), server.person(BOB, "Bob")

    with Records() as records:
        async with talking(server, index, records, admin_ids=(BOSS,)):
            await server.send_document(boss, boss, HERONS, "herons.txt")
            [told] = await said(server, boss)
            await server.press(boss, told, offers(told)[words.PUBLISH_BUTTON])
            asked = await shows(server, boss, "Publish herons.txt to everybody")
            await server.press(boss, asked, offers(asked)[words.PUBLISH_YES])
            await shows(server, boss, "herons.txt can now be asked about by everybody.")
            of_bob = await answer(server, bob)
            await server.send_text(boss, boss, "/forget herons.txt")
            shared = (await said(server, boss, 2))[-1]
            assert words.FORGET_MEANS_ADDED in shared["text"]
            await server.press(boss, shared, offers(shared)[words.FORGET_YES])
            await shows(server, boss, "Forgotten: herons.txt")
            after = await answer(server, bob)
        audit = [(each.action, each.detail) for each in records.audit.latest(9)]

    assert PLACE in of_bob
    assert PLACE not in after
    assert audit == [("forget", "herons.txt"), ("publish", "herons.txt")]


async def test_nobody_but_an_admin_publishes(server: BotApiServer, index: Index):
    boss, ann = server.person(BOSS), server.person(ANN)

    async with talking(server, index, admin_ids=(BOSS,)):
        await server.send_document(ann, ann, HERONS, "herons.txt")
        [told] = await said(server, ann)
        shown = server.chat(ann).messages[told["message_id"]]
        key = offers(told)[words.DOC_FORGET].rpartition(":")[2]
        shown["reply_markup"]["inline_keyboard"][0].append(
            {"text": "made up", "callback_data": f"own:published:{key}"}
        )
        refused = await server.press(ann, told, f"own:published:{key}")
        await server.quiet()

    assert server.callback_answers[refused]["text"] == words.NOT_YOURS_TO_FORGET
    assert words.PUBLISH_BUTTON not in offers(told)
    assert boss
    assert [each.source for each in index.contributions("person:7")] == ["herons.txt"]


async def test_who_wants_to_be_forgotten_is_forgotten_with_their_documents(
    server: BotApiServer, index: Index
):
    ann = server.person(ANN)
    index.add("herons.txt", HERONS, "person:7")

    async with talking(server, index):
        await server.send_text(ann, ann, "/forgetme")
        [asked] = await said(server, ann)
        await server.press(ann, asked, offers(asked)[words.FORGETME_YES])
        done = await shows(server, ann, "Forgotten, with")

    assert "1 document" in done["text"]
    assert index.contributions("person:7") == []
