"""Servers that know less than this bot, and servers that know more than its library."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.capabilities import STOPPED, Feature
from bot.replies import Block, Reply
from bot.rich import rich_html
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, checked_rich
from tests.shelf import Shelf, talking
from tests.test_app import ANSWER, EVIDENCE, QUESTION, replies, texts

# --- less ---


@pytest.mark.parametrize("status", [404, 400])
async def test_a_server_that_only_sends_messages_is_enough(
    server: BotApiServer, status: int, caplog: pytest.LogCaptureFixture
):
    ann = server.person(7)
    group = server.group(-5, members=[ann])
    server.know_only("getMe", "getUpdates", "sendMessage", status=status)

    async with talking(server, Shelf(), admin_ids={99}):
        for chat in (ann, ann, group, group):
            await server.send_text(chat, ann, f"/ask {QUESTION}")
        in_private = await replies(server, ann, 2)
        in_group = await replies(server, group, 2)

    assert texts(in_private) == texts(in_group) == [ANSWER, ANSWER]
    assert [each for each in caplog.records if each.levelname == "ERROR"] == []
    assert len(server.called("deleteWebhook")) == 1


async def test_what_a_server_does_not_know_is_asked_for_once(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()
    server.know_only("getMe", "getUpdates", "sendMessage")

    async with talking(server, Shelf(before=lambda _: gate.wait(5) and None)):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.called("sendChatAction"))
        gate.set()
        for count in range(1, 4):
            await replies(server, ann, count)
            await server.send_text(ann, ann, QUESTION)

    assert len(server.called("sendChatAction")) == 1


# --- more ---


async def test_an_answer_is_a_rich_message_where_that_is_wanted_and_known(server: BotApiServer):
    ann, server.newer = server.person(7), True

    async with talking(server, Shelf(), telegram_features="rich"):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)
        await server.press(ann, reply, next(buttons(reply))["callback_data"])
        await replies(server, ann, 2)

    [sent, _opened] = [call.parameters for call in server.called("sendRichMessage")]
    assert sent["rich_message"]["html"].startswith(f"<p><b>{ANSWER}</b></p>")
    assert EVIDENCE in sent["rich_message"]["html"]
    assert server.called("sendMessage") == []


async def test_rich_messages_that_are_refused_are_given_up_for_good(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(), telegram_features="rich"):
        for count in (1, 2):
            await server.send_text(ann, ann, QUESTION)
            said = await replies(server, ann, count)

    assert texts(said) == [ANSWER, ANSWER]
    assert len(server.called("sendRichMessage")) == 1


async def test_nothing_newer_is_tried_by_default(server: BotApiServer):
    ann, server.newer = server.person(7), True

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        await replies(server, ann)

    assert server.called("sendRichMessage") == []


async def test_an_aside_in_a_group_is_shown_to_the_asker_alone(server: BotApiServer):
    ann = server.person(7)
    group = server.group(-5, members=[ann])

    async with talking(server, Shelf(), telegram_features="ephemeral"):
        for chat in (group, ann):
            await server.send_text(chat, ann, "/ask@quoth_bot")
            await replies(server, chat)

    in_group, in_private = [call.parameters for call in server.called("sendMessage")]
    assert in_group["ephemeral_message_parameters"] == {"receiver_user_id": 7}
    assert (in_group["text"], "ephemeral_message_parameters" in in_private) == (
        words.ASK_SOMETHING,
        False,
    )


async def test_the_stop_button_breaks_off_an_answer(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()
    shelf = Shelf(before=lambda question: gate.wait(10) and None if "slow" in question else None)

    async with talking(server, shelf, telegram_features="stop"):
        await server.send_text(ann, ann, "slow cat?")
        await server.wait_for(lambda: server.called("sendMessageDraft"))
        [call] = server.called("sendMessageDraft")
        stopped = {"chat": server.chat(ann).as_json(), "draft_id": call.parameters["draft_id"]}
        server.add_update(STOPPED, stopped)
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)
        gate.set()
        await server.quiet()

    assert call.parameters["can_stop"] in (True, "true")
    assert (texts(said), len(server.bot_messages(ann))) == ([ANSWER], 1)


async def test_a_stop_button_that_is_refused_leaves_the_draft(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()
    server.fail_next("sendMessageDraft", 400, "Bad Request: can_stop is not supported")

    async with talking(
        server, Shelf(before=lambda _: gate.wait(10) and None), telegram_features="stop"
    ):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.drafts(ann))
        gate.set()
        await replies(server, ann)

    first, second = [call.parameters for call in server.called("sendMessageDraft")][:2]
    assert ("can_stop" in first, "can_stop" in second) == (True, False)


BLOCKS = st.builds(
    lambda text, bold, quoted, folded, link: Block(
        text,
        bold=((min(bold), min(max(bold), len(text))),) if min(bold) < len(text) else (),
        quoted=quoted,
        folded=folded,
        links=((0, len(text) // 2, "c_x"),) if link and len(text) > 1 else (),
    ),
    st.text(min_size=1, max_size=200),
    st.tuples(st.integers(0, 99), st.integers(0, 99)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(BLOCKS, min_size=1, max_size=5))
def test_any_text_makes_a_rich_message_that_nests(blocks: list[Block]):
    html = rich_html(Reply((Block("Answer"), *blocks)), "quoth_bot")

    assert html is not None
    assert checked_rich(html).startswith("Answer")


def test_the_features_have_names():
    assert {each.value for each in Feature} == {"rich", "ephemeral", "stop"}
