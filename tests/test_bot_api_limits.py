"""What the Bot API server refuses to send, proved with the library that the bot uses."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    MessageEntity,
    ReplyParameters,
)
from telegram.error import BadRequest

from tests.bot_api import BotApiServer
from tests.bot_api_rules import Refused, checked_text, cleaned, parsed, utf16, utf16_slice
from tests.bot_api_world import Person

LETTERS = st.text("ab é😀𝔘日\n.", min_size=1, max_size=60).filter(str.strip)
STAYS = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    async with BotApiServer(flood=None) as running:
        yield running


@pytest.fixture
async def bot(server: BotApiServer) -> AsyncIterator[Bot]:
    async with server.client() as ready:
        yield ready


@pytest.fixture
def ann(server: BotApiServer) -> Person:
    return server.person(7, "Ann")


def bold(offset: int, length: int) -> MessageEntity:
    return MessageEntity("bold", offset, length)


def quote(offset: int, length: int) -> MessageEntity:
    return MessageEntity("expandable_blockquote", offset, length)


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def button(data: str = "d", **more: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton("Press", callback_data=data, **more)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "4,097 characters": ({"text": "x" * 4097}, "message is too long"),
    "4,098 units of UTF-16": ({"text": "😀" * 2049}, "message is too long"),
    "spaces": ({"text": " \n\u200b\u2800"}, "text must be non-empty"),
    "nothing": ({"text": ""}, "message text is empty"),
    "an entity past the end": (
        {"text": "hello", "entities": [bold(0, 6)]},
        "ends after the end of the text at UTF-16 offset 6",
    ),
    "an entity from past the end": (
        {"text": "hello", "entities": [bold(9, 1)]},
        "entity begins after the end of the text at UTF-16 offset 9",
    ),
    "a negative offset": ({"text": "hi", "entities": [bold(-1, 1)]}, "incorrect offset -1"),
    "an empty entity": ({"text": "hi", "entities": [bold(0, 0)]}, "incorrect length 0"),
    "a cut emoji at the start": (
        {"text": "😀 hi", "entities": [bold(1, 3)]},
        "begins in a middle of a UTF-16 symbol",
    ),
    "a cut emoji at the end": (
        {"text": "hi 😀", "entities": [bold(0, 4)]},
        "ends in a middle of a UTF-16 symbol",
    ),
    "an unknown entity": (
        {"text": "hi", "entities": [MessageEntity("loud", 0, 2)]},
        "can't parse MessageEntity: Unsupported type specified",
    ),
    "a link to nowhere": (
        {"text": "hi", "entities": [MessageEntity("text_link", 0, 2)]},
        'Can\'t find field "url"',
    ),
    "a link that is no address": (
        {"text": "hi", "entities": [MessageEntity("text_link", 0, 2, url="here")]},
        "entity URL 'here' is invalid: Wrong HTTP URL",
    ),
    "a quotation in a quotation": (
        {"text": "hello you", "entities": [quote(0, 9), MessageEntity("blockquote", 0, 5)]},
        "expandable_blockquote and blockquote overlap",
    ),
    "crossed entities": (
        {"text": "hello you", "entities": [bold(0, 6), MessageEntity("italic", 3, 6)]},
        "bold and italic overlap at UTF-16 offset 3",
    ),
    "bold code": (
        {"text": "hello", "entities": [bold(0, 5), MessageEntity("code", 1, 2)]},
        "bold and code overlap",
    ),
    "101 entities": (
        {"text": "x" * 101, "entities": [bold(place, 1) for place in range(101)]},
        "101 entities",
    ),
    "entities too large": (
        {
            "text": "x" * 90,
            "entities": [
                MessageEntity("text_link", place, 1, url="https://a.example/" + "p" * 90)
                for place in range(90)
            ],
        },
        "ENTITIES_TOO_LONG",
    ),
    "an unclosed tag": ({"text": "<b>hi", "parse_mode": "HTML"}, "Can't find end tag"),
    "an unknown tag": ({"text": "<h1>hi</h1>", "parse_mode": "HTML"}, 'start tag "h1"'),
    "a stray bracket": ({"text": "1 < 2", "parse_mode": "HTML"}, "can't parse entities"),
    "65 bytes of data": (
        {"text": "hi", "reply_markup": keyboard([button("é" * 33)])},
        "BUTTON_DATA_INVALID",
    ),
    "empty data": (
        {"text": "hi", "reply_markup": keyboard([button("")])},
        "Text buttons are unallowed in the inline keyboard",
    ),
    "a button without an action": (
        {"text": "hi", "reply_markup": keyboard([InlineKeyboardButton("Press")])},
        "Text buttons are unallowed in the inline keyboard",
    ),
    "a button with two actions": (
        {"text": "hi", "reply_markup": keyboard([button(url="https://a.example")])},
        "more than one action",
    ),
    "an empty row": ({"text": "hi", "reply_markup": keyboard([button()], [])}, "a row without"),
    "101 buttons": (
        {"text": "hi", "reply_markup": keyboard(*[[button()]] * 101)},
        "reply markup is too long",
    ),
    "257 characters to copy": (
        {
            "text": "hi",
            "reply_markup": keyboard(
                [InlineKeyboardButton("Copy", copy_text=CopyTextButton("x" * 257))]
            ),
        },
        "BUTTON_COPY_TEXT_INVALID",
    ),
    "a preview of no address": (
        {"text": "hi", "link_preview_options": LinkPreviewOptions(url="here")},
        "WEBPAGE_URL_INVALID",
    ),
    "an unknown topic": ({"text": "hi", "message_thread_id": 4}, "message thread not found"),
    "a reply to nothing": (
        {"text": "hi", "reply_parameters": ReplyParameters(99)},
        "message to be replied not found",
    ),
}


@pytest.mark.parametrize(("message", "reason"), REFUSED.values(), ids=REFUSED.keys())
async def test_a_message_that_breaks_a_limit_is_refused(
    server: BotApiServer, bot: Bot, ann: Person, message: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadRequest) as refused:
        await bot.send_message(ann.id, **message)

    assert reason.lower() in str(refused.value).lower()
    assert server.messages(ann) == []
    assert server.called("sendMessage")[-1].accepted is False


ACCEPTED: dict[str, dict[str, Any]] = {
    "4,096 characters": {"text": "x" * 4096},
    "a hundred entities": {"text": "x" * 100, "entities": [bold(place, 1) for place in range(100)]},
    "a link in bold in a quotation": {
        "text": "hello you",
        "entities": [
            quote(0, 9),
            bold(0, 5),
            MessageEntity("text_link", 0, 5, url="https://a.example/x?y=1"),
        ],
    },
    "64 bytes of data": {"text": "hi", "reply_markup": keyboard([button("é" * 32)])},
    "a hundred buttons": {"text": "hi", "reply_markup": keyboard(*[[button()] * 5] * 20)},
    "a reply to nothing that may go without": {
        "text": "hi",
        "reply_parameters": ReplyParameters(99, allow_sending_without_reply=True),
    },
}


@pytest.mark.parametrize("message", ACCEPTED.values(), ids=ACCEPTED.keys())
async def test_a_message_just_inside_the_limits_is_sent(
    server: BotApiServer, bot: Bot, ann: Person, message: dict[str, Any]
) -> None:
    sent = await bot.send_message(ann.id, **message)

    assert sent.text == message["text"]
    assert sent.entities == tuple(message.get("entities", ()))
    assert [shown["text"] for shown in server.messages(ann)] == [message["text"]]


@STAYS
@given(text=LETTERS, data=st.data())
async def test_an_entity_comes_back_around_the_same_words(
    bot: Bot, ann: Person, text: str, data: st.DataObject
) -> None:
    text = text.strip()
    start = data.draw(st.integers(0, len(text) - 1))
    marked = text[start : data.draw(st.integers(start + 1, len(text)))]
    entity = bold(utf16(text[:start]), utf16(marked))

    sent = await bot.send_message(ann.id, text, entities=[entity])

    expected = {entity: marked} if marked.strip() else {}
    assert sent.parse_entities(["bold"]) == expected


@given(before=st.text("a😀é", max_size=9), after=st.text("a😀é", max_size=9))
def test_an_entity_that_cuts_a_character_is_always_refused(before: str, after: str) -> None:
    text = f"{before}😀{after}"
    middle = utf16(before) + 1

    for offset, length in [(0, middle), (middle, utf16(text) - middle)]:
        with pytest.raises(Refused, match="UTF-16 symbol"):
            checked_text(text, [{"type": "bold", "offset": offset, "length": length}])


@given(text=st.text("ab 😀\r\n\t\u202e\u0333", min_size=1, max_size=40), data=st.data())
def test_entities_move_with_what_telegram_removes(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    marked = text[start : data.draw(st.integers(start + 1, len(text)))]
    entity = {"type": "bold", "offset": utf16(text[:start]), "length": utf16(marked)}

    kept, moved = cleaned(text, [entity])

    words = [utf16_slice(kept, one["offset"], one["length"]) for one in moved]
    without = cleaned(marked, [])[0]
    assert [word.strip() for word in words] == ([without] if without else [])


@given(text=st.text("ab<>&\"'😀\n ", max_size=40))
def test_escaped_html_is_the_text_itself(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    plain, entities = parsed(f"<b>{escaped}</b>", "HTML")

    assert plain == text
    assert [one["length"] for one in entities] == ([utf16(text)] if text else [])


@pytest.mark.parametrize("text", [b"text=a%ED%A0%80", b"text=%FF"])
async def test_a_text_that_is_no_unicode_is_refused(
    server: BotApiServer, ann: Person, text: bytes
) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}

    async with httpx.AsyncClient(base_url=f"{server.base_url}{server.token}") as client:
        reply = await client.post("/sendMessage", content=b"chat_id=7&" + text, headers=form)
        spoken = await client.post(
            "/sendMessage",
            content=b'{"chat_id": 7, "text": "a\\ud83d"}',
            headers={"Content-Type": "application/json"},
        )

    assert reply.json()["description"] == "Bad Request: strings must be encoded in UTF-8"
    assert spoken.json()["description"] == "Bad Request: strings must be encoded in UTF-8"


# --- what the library would not send -------------------------------------------------------------


def with_buttons(*row: Any) -> dict[str, Any]:
    return {"chat_id": 7, "text": "hi", "reply_markup": {"inline_keyboard": [list(row)]}}


def with_result(**result: Any) -> dict[str, Any]:
    return {"inline_query_id": "1", "results": [result]}


def message(**more: Any) -> dict[str, Any]:
    return {"chat_id": 7, "text": "hi"} | more


def commands(*given: Any, **more: Any) -> dict[str, Any]:
    return {"commands": list(given)} | more


ASK = {"command": "ask", "description": "Ask"}
RAW: list[tuple[str, dict[str, Any], str]] = [
    ("sendMessage", {"text": "hi"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": "@nobody", "text": "hi"}, "chat not found"),
    ("sendMessage", message(entities={}), "expected an Array of MessageEntity"),
    ("sendMessage", message(entities=[{"type": "bold"}]), 'Can\'t find field "offset"'),
    ("sendMessage", message(parse_mode="Loud"), "unsupported parse_mode"),
    ("sendMessage", message(parse_mode="HTML", text="a</b>"), "Unexpected end tag at byte"),
    ("sendMessage", message(parse_mode="HTML", text="<b><i>a</b></i>"), "Unmatched end tag at"),
    ("sendMessage", message(link_preview_options=1), "object expected as link preview"),
    ("sendMessage", message(link_preview_options={"is_disabled": 1}), "must be of type Boolean"),
    ("sendMessage", message(reply_markup="{"), "can't parse reply markup JSON object"),
    ("sendMessage", message(reply_markup=[]), "object expected as reply markup"),
    ("sendMessage", message(reply_markup={"rows": []}), "object expected as reply markup"),
    ("sendMessage", message(reply_markup={"inline_keyboard": 1}), "must be of type Array"),
    ("sendMessage", message(reply_parameters={"quote": "a"}), 'can\'t find field "message_id"'),
    (
        "sendMessage",
        message(entities=[{"type": "text_mention", "offset": 0, "length": 2, "user": {"id": 99}}]),
        "user not found",
    ),
    ("sendMessage", with_buttons("x"), "InlineKeyboardButton must be an Object"),
    ("sendMessage", with_buttons({"callback_data": "d"}), 'Can\'t find field "text"'),
    ("sendMessage", with_buttons({"text": " ", "callback_data": "d"}), "BUTTON_TEXT_INVALID"),
    ("sendMessage", with_buttons({"text": "x", "pay": True}), "BUTTON_TYPE_INVALID"),
    ("sendMessage", with_buttons({"text": "x", "url": "ftp://a.b"}), "Unsupported URL protocol"),
    (
        "sendMessage",
        with_buttons({"text": "x", "web_app": {"url": "http://a.b"}}),
        "Only HTTPS links are allowed",
    ),
    ("setMyCommands", {"commands": 1}, "expected an Array of BotCommand"),
    ("setMyCommands", commands(*[ASK] * 101), "BOT_COMMANDS_TOO_MUCH"),
    ("setMyCommands", commands(ASK, ASK), "BOT_COMMAND_INVALID"),
    ("setMyCommands", commands({"description": "a"}), "command must be non-empty"),
    ("setMyCommands", commands(ASK, scope={"type": "all"}), "Unsupported type specified"),
    ("setMyCommands", commands(ASK, scope={"type": "chat"}), 'Can\'t find field "chat_id"'),
    ("setMyCommands", commands(ASK, language_code="en-GB"), "invalid language code specified"),
    ("setMyDescription", {"description": "x" * 513}, "description is too long"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "short description is too long"),
    ("answerInlineQuery", {"inline_query_id": "1", "results": 1}, "expected an Array"),
    ("answerInlineQuery", with_result(id="1"), 'Can\'t find field "type"'),
    ("answerInlineQuery", with_result(id="1", type="article"), 'Can\'t find field "title"'),
    ("answerInlineQuery", {"inline_query_id": "1", "results": []}, "query is too old"),
    (
        "answerInlineQuery",
        {"inline_query_id": "1", "results": [], "next_offset": "x" * 65},
        "NEXT_OFFSET_INVALID",
    ),
    ("sendChatAction", {"chat_id": 7, "action": "dancing"}, "wrong parameter action in request"),
    ("sendMessageDraft", {"chat_id": 7, "draft_id": 0, "text": "a"}, "RANDOM_ID_INVALID"),
    ("sendDocument", {"chat_id": 7}, "there is no document in the request"),
    ("sendDocument", {"chat_id": 7, "document": "AgAD0"}, "wrong remote file identifier"),
    ("editMessageText", {"chat_id": 7, "text": "a"}, "message identifier is not specified"),
    ("editMessageText", {"inline_message_id": "a", "text": "a"}, "MESSAGE_ID_INVALID"),
    ("setMessageReaction", {"chat_id": 7, "message_id": 9}, "message to react not found"),
    ("pinChatMessage", {"chat_id": 7, "message_id": 9}, "message to pin not found"),
    ("unpinChatMessage", {"chat_id": 7}, "message to unpin not found"),
    ("leaveChat", {"chat_id": 7}, "can't be changed in private chats"),
    ("getChatMember", {"chat_id": 7, "user_id": 9}, "invalid user_id specified"),
    ("getChatAdministrators", {"chat_id": 7}, "no administrators in the private chat"),
    ("getFile", {"file_id": "AgAD0"}, "invalid file_id"),
]


@pytest.mark.parametrize(
    ("method", "parameters", "reason"), RAW, ids=[f"{row[0]}: {row[2]}" for row in RAW]
)
async def test_a_request_that_breaks_a_rule_is_refused(
    method: str, parameters: dict[str, Any], reason: str
) -> None:
    server = BotApiServer(flood=None)
    server.person(7, "Ann")

    reply = await server.answer(method, parameters)

    assert reply.status == 400
    assert reason in json.loads(reply.body)["description"]
    assert server.messages(7) == []
