"""A link to a group's document opens in private for members of the group, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Bot, ChatMember, User

from bot import words
from bot.access import Access
from bot.membership import KEPT_SECONDS, Membership
from bot.records import Records
from bot.scopes import scopes_of
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.bot_api_world import Person
from tests.scoped_index import with_bears
from tests.shelf import talking

ANN, BOB, EVE, BOSS, GROUP, UPGRADED = 7, 8, 9, 99, -5, -1_000_000_000_123
PARAGRAPH = "The herons of the lake number {n} sleep in the tall reeds, and they wake at dawn. "
HERONS = "Herons\n\n" + "\n\n".join(PARAGRAPH.format(n=n) * 8 for n in range(3))
ASKED = "where do the herons of the lake sleep?"
PLACE = "in the tall reeds"

pytestmark = pytest.mark.usefixtures("small_models")


@pytest.fixture
def index(tmp_path):
    with with_bears(tmp_path) as index:
        index.add("herons.txt", HERONS.encode(), f"chat:{GROUP}")
        yield index


@pytest.fixture
def people(server: BotApiServer) -> tuple[Person, Person, Person]:
    """Ann and Bob, who are in the group, and Eve, who is not."""
    ann, bob, eve = (server.person(id) for id in (ANN, BOB, EVE))
    server.group(GROUP, members=[ann, bob])
    return ann, bob, eve


async def link_of_the_group(server: BotApiServer) -> str:
    """The parameter of the link of a quote that Ann asks for in the group."""
    await server.send_text(GROUP, ANN, f"/ask {ASKED}")
    [answer] = await server.wait_for(lambda: server.bot_messages(GROUP))
    assert PLACE in answer["text"]
    urls = [each["url"] for each in answer["entities"] if each["type"] == "text_link"]
    return str(urls[0]).partition("?start=")[2]


async def followed(
    server: BotApiServer, person: Person, parameter: str, chat: Any = None
) -> dict[str, Any]:
    """What somebody gets who opens a link, in private unless a chat is named."""
    place = person if chat is None else chat
    before = len(server.bot_messages(place))
    start = "/start" if chat is None else f"/start@{server.bot['username']}"
    await server.send_text(place, person, f"{start} {parameter}")
    await server.wait_for(lambda: len(server.bot_messages(place)) > before)
    return server.bot_messages(place)[-1]


def pressing(message: dict[str, Any], label: str) -> str:
    return next(each["callback_data"] for each in buttons(message) if each["text"] == label)


async def test_a_member_opens_it_in_private_and_walks_on(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, _ = people

    async with talking(server, index):
        shown = await followed(server, bob, await link_of_the_group(server))
        await server.press(bob, shown, pressing(shown, words.STEP_ON))
        await server.wait_for(lambda: "passage 2 of" in server.bot_messages(bob)[-1]["text"])

    assert "passage 1 of" in shown["text"]
    assert PLACE in server.bot_messages(bob)[-1]["text"]


async def test_the_link_that_a_member_copies_opens_for_another_one_alone(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    ann, bob, eve = people

    async with talking(server, index):
        shown = await followed(server, bob, await link_of_the_group(server))
        [copied] = [each["copy_text"]["text"] for each in buttons(shown) if "copy_text" in each]
        parameter = copied.partition("?start=")[2]
        of_ann, of_eve = [await followed(server, each, parameter) for each in (ann, eve)]

    assert (PLACE in of_ann["text"], of_eve["text"]) == (True, words.SOURCE_GONE)


async def test_others_are_told_what_they_are_told_of_a_document_that_is_nowhere(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, eve = people

    async with talking(server, index):
        parameter = await link_of_the_group(server)
        of_eve = await followed(server, eve, parameter)
        index.forget("herons.txt", f"chat:{GROUP}")
        gone = await followed(server, bob, parameter)
        of_eve_then = await followed(server, eve, parameter)

    told = [(each["text"], list(buttons(each))) for each in (of_eve, of_eve_then, gone)]
    assert told == [(words.SOURCE_GONE, [])] * 3
    asked = [call.parameters["user_id"] for call in server.called("getChatMember")]
    assert asked == [EVE, BOB]


async def test_a_step_that_a_member_was_shown_is_taken_by_members_alone(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, eve = people

    async with talking(server, index):
        shown = await followed(server, bob, await link_of_the_group(server))
        data = pressing(shown, words.STEP_ON)
        mine = await followed(server, eve, "c_broken")
        # A changed app presses whatever it likes.
        [row] = [[{"text": "x", "callback_data": data}]]
        server.chat(eve).messages[mine["message_id"]]["reply_markup"] = {"inline_keyboard": [row]}
        await server.press(eve, mine, data)
        await server.quiet()

    assert PLACE not in server.bot_messages(eve)[-1]["text"]


async def test_in_another_group_it_stays_closed_also_for_a_member(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, eve = people
    other = server.group(-6, members=[bob, eve])

    async with talking(server, index):
        told = await followed(server, bob, await link_of_the_group(server), chat=other)

    assert told["text"] == words.SOURCE_GONE


async def test_whoever_has_left_the_group_reads_no_more(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, _ = people

    async with talking(server, index):
        parameter = await link_of_the_group(server)
        server.chat(GROUP).members[BOB] = "left"
        told = await followed(server, bob, parameter)

    assert told["text"] == words.SOURCE_GONE


async def test_without_the_bot_in_it_a_group_has_no_members(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    ann, bob, _ = people

    async with talking(server, index):
        parameter = await link_of_the_group(server)
        await server.remove_bot(GROUP, ann)
        told = await followed(server, bob, parameter)

    assert told["text"] == words.SOURCE_GONE


async def test_an_error_is_no_membership_and_is_not_remembered(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, _ = people
    server.fail_next("getChatMember", 500)

    async with talking(server, index):
        parameter = await link_of_the_group(server)
        first, second = [await followed(server, bob, parameter) for _ in range(2)]

    assert (first["text"], PLACE in second["text"]) == (words.SOURCE_GONE, True)


async def test_a_group_that_became_a_supergroup_is_the_same_group(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    ann, bob, eve = people

    async with talking(server, index):
        parameter = await link_of_the_group(server)
        await server.upgrade(GROUP, UPGRADED, ann)
        await server.quiet()
        of_bob, of_eve = [await followed(server, each, parameter) for each in (bob, eve)]

    assert (PLACE in of_bob["text"], of_eve["text"]) == (True, words.SOURCE_GONE)


async def test_what_a_blocked_group_added_is_closed(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, _ = people
    boss = server.person(BOSS)

    async with talking(server, index, admin_ids={BOSS}):
        parameter = await link_of_the_group(server)
        await server.send_text(boss, boss, f"/block {GROUP}")
        await server.wait_for(lambda: server.bot_messages(boss))
        told = await followed(server, bob, parameter)

    assert told["text"] == words.SOURCE_GONE


async def test_a_document_of_everybody_opens_from_a_group_for_everybody(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, _, eve = people

    async with talking(server, index):
        await server.send_text(GROUP, ANN, "/ask where do the bears of the forest sleep?")
        [answer] = await server.wait_for(lambda: server.bot_messages(GROUP))
        [url, *_] = [each["url"] for each in answer["entities"] if each["type"] == "text_link"]
        told = await followed(server, eve, str(url).partition("?start=")[2])

    assert "all winter" in told["text"]


async def test_many_links_in_a_minute_are_as_many_questions(
    server: BotApiServer, index: Index, people: tuple[Person, ...]
):
    _, bob, _ = people

    async with talking(server, index, questions_per_minute=2):
        parameter = await link_of_the_group(server)
        told = [await followed(server, bob, parameter) for _ in range(3)]

    assert [PLACE in each["text"] for each in told] == [True, True, False]


# --- what Telegram says ---


class Telegram:
    """Answers getChatMember from a list, oldest first; raises what is an error."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers, self.asked = list(answers), 0

    async def get_chat_member(self, _group: int, _person: int) -> ChatMember:
        self.asked += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        user = User(BOB, "Bob", is_bot=False).to_dict()
        return ChatMember.de_json({"user": user, **answer}, Bot("1:x"))


RIGHTS = dict.fromkeys(
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos "
    "can_send_video_notes can_send_voice_notes can_send_polls can_send_other_messages "
    "can_add_web_page_previews can_change_info can_invite_users can_pin_messages "
    "can_manage_topics can_edit_tag can_react_to_messages".split(),
    False,
)


@pytest.mark.parametrize(
    ("answer", "inside"),
    [
        ({"status": "creator", "is_anonymous": False}, True),
        ({"status": "member"}, True),
        ({"status": "restricted", "is_member": True, "until_date": 0, **RIGHTS}, True),
        ({"status": "restricted", "is_member": False, "until_date": 0, **RIGHTS}, False),
        ({"status": "left"}, False),
        ({"status": "kicked", "until_date": 0}, False),
    ],
)
async def test_who_is_in_a_group_is_as_telegram_says(answer: dict[str, Any], inside: bool):
    membership = Membership(Telegram(answer), Access(Records().people))

    found = await membership.scopes(BOB, BOB, GROUP)

    assert found == (scopes_of(BOB, GROUP) if inside else scopes_of(BOB))


async def test_what_telegram_said_holds_for_a_minute():
    now, telegram = [0.0], Telegram({"status": "member"}, {"status": "left"})
    membership = Membership(telegram, Access(Records().people), clock=lambda: now[0])

    found = [await membership.scopes(BOB, BOB, GROUP) for _ in range(2)]
    now[0] += KEPT_SECONDS + 1
    found += [await membership.scopes(BOB, BOB, GROUP) for _ in range(2)]

    assert found == [scopes_of(BOB, GROUP)] * 2 + [scopes_of(BOB)] * 2
    assert telegram.asked == 2
