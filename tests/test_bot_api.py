"""The Bot API server of our own, proved with the library that the bot uses."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Message,
    ReplyParameters,
    Update,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)
from telegram.ext import TypeHandler

from tests.bot_api import BotApiServer
from tests.bot_api_flood import Flood, FloodLimits, Window
from tests.bot_api_rules import Refused
from tests.bot_api_world import Chat, Person


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


@pytest.fixture
def forum(server: BotApiServer) -> Chat:
    return server.group(-1001, "Forum", topics={4: "History"})


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(rows)


def button(data: str = "d", **more: Any) -> InlineKeyboardButton:
    return InlineKeyboardButton("Press", callback_data=data, **more)


# --- chats, topics and replies ------------------------------------------------------------------


async def test_an_unknown_chat_is_not_found(bot: Bot) -> None:
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(99, "hi")


async def test_a_person_who_blocked_the_bot_cannot_be_written_to(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    await server.block(ann)

    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ann.id, "hi")


async def test_a_bot_thrown_out_of_a_group_cannot_write_there(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    group = server.group(-5, "Group", members=[ann])
    await server.remove_bot(group, ann)

    with pytest.raises(Forbidden, match="kicked from the group chat"):
        await bot.send_message(group.id, "hi")


async def test_a_group_that_became_a_supergroup_names_its_new_id(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    group = server.group(-5, "Group", members=[ann])
    await server.upgrade(group, -1005, ann)

    with pytest.raises(ChatMigrated) as refused:
        await bot.send_message(-5, "hi")
    await bot.send_message(refused.value.new_chat_id, "hi")

    assert [message["text"] for message in server.bot_messages(-1005)] == ["hi"]


async def test_a_message_in_a_topic_says_so_and_points_at_its_beginning(
    server: BotApiServer, bot: Bot, ann: Person, forum: Chat
) -> None:
    await server.send_text(forum, ann, "hello", thread=4)
    [update] = await bot.get_updates()

    answer = await bot.send_message(forum.id, "here", message_thread_id=4)

    assert update.message.is_topic_message
    assert update.message.message_thread_id == 4
    assert update.message.reply_to_message.forum_topic_created.name == "History"
    assert (answer.message_thread_id, answer.is_topic_message) == (4, True)


async def test_a_thread_of_replies_is_no_topic(server: BotApiServer, bot: Bot, ann: Person) -> None:
    group = server.group(-1_000_000_000_002, "Supergroup")
    first = await server.send_text(group, ann, "first")
    reply = await server.send_text(group, ann, "second", reply_to=first)

    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(group.id, "hi", message_thread_id=reply["message_thread_id"])

    assert "is_topic_message" not in reply


async def test_a_quotation_in_a_reply_must_stand_in_the_message(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    said = await server.send_text(ann, ann, "the defence is unbreakable")

    sent = await bot.send_message(
        ann.id, "yes", reply_parameters=ReplyParameters(said["message_id"], quote="is unbreakable")
    )
    with pytest.raises(BadRequest, match=r"(?i)quote_text_invalid"):
        await bot.send_message(
            ann.id, "no", reply_parameters=ReplyParameters(said["message_id"], quote="was")
        )

    assert sent.reply_to_message.text == "the defence is unbreakable"


async def test_commands_mentions_and_addresses_of_people_are_marked(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    await server.send_text(ann, ann, "/ask@quoth_bot 😀 @quoth_bot https://a.example/b.")
    [update] = await bot.get_updates()

    marked = {entity.type: text for entity, text in update.message.parse_entities().items()}

    assert marked == {
        "bot_command": "/ask@quoth_bot",
        "mention": "@quoth_bot",
        "url": "https://a.example/b",
    }


async def test_what_people_do_arrives_as_telegram_tells_it(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    said = await server.send_text(ann, ann, "first")
    await server.edit_text(said, "second")
    await server.send_voice(ann, ann, b"ogg")
    await server.send_sticker(ann, ann)
    await server.send_photo(ann, ann, b"jpg", caption="see")
    await server.inline_query(ann, "unbreakable")
    await server.choose(ann, "unbreakable", "1")
    await server.block(ann)

    updates = await bot.get_updates()

    ids = [update.update_id for update in updates]
    assert ids == list(range(ids[0], ids[0] + 8))
    assert updates[1].edited_message.text == "second"
    assert updates[2].message.voice.mime_type == "audio/ogg"
    assert updates[3].message.sticker.emoji == "👍"
    assert (updates[4].message.photo[0].width, updates[4].message.caption) == (640, "see")
    assert updates[5].inline_query.query == "unbreakable"
    assert updates[6].chosen_inline_result.result_id == "1"
    assert updates[7].my_chat_member.new_chat_member.status == "kicked"


async def test_a_bot_learns_who_brought_it_into_a_group(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    group = server.group(-5, "Group")
    await server.remove_bot(group, ann)
    await server.add_bot(group, ann)

    _, added, welcomed = await bot.get_updates()
    await bot.leave_chat(group.id)

    assert added.my_chat_member.from_user.id == 7
    assert added.my_chat_member.old_chat_member.status == "kicked"
    assert [user.id for user in welcomed.message.new_chat_members] == [bot.id]
    with pytest.raises(Forbidden, match="not a member of the group chat"):
        await bot.send_message(group.id, "hi")


@pytest.mark.parametrize(("privacy", "heard"), [(True, ["/ask"]), (False, ["hello", "/ask"])])
async def test_privacy_mode_hides_what_is_not_for_the_bot(privacy: bool, heard: list[str]) -> None:
    async with BotApiServer(privacy=privacy) as server, server.client() as bot:
        ann, group = server.person(7, "Ann"), server.group(-5)
        await server.send_text(group, ann, "hello")
        await server.send_text(group, ann, "/ask")

        updates = await bot.get_updates()

    assert [update.message.text for update in updates] == heard


# --- changing what was said ---------------------------------------------------------------------


async def test_an_edit_changes_what_the_chat_shows(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    sent = await bot.send_message(ann.id, "first", reply_markup=keyboard([button()]))

    await bot.edit_message_text("second", ann.id, sent.message_id)

    [shown] = server.messages(ann)
    assert shown["text"] == "second"
    assert "reply_markup" not in shown


async def test_an_edit_to_the_same_is_refused(bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.id, "first")

    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(" first\n", ann.id, sent.message_id)


async def test_only_messages_of_its_own_can_be_edited(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    said = await server.send_text(ann, ann, "mine")

    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("yours", ann.id, said["message_id"])
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("yours", ann.id, 99)


async def test_a_deleted_message_is_gone(server: BotApiServer, bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.id, "first")

    await bot.delete_message(ann.id, sent.message_id)

    assert server.messages(ann) == []
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(ann.id, sent.message_id)


async def test_drafts_are_for_private_chats(
    server: BotApiServer, bot: Bot, ann: Person, forum: Chat
) -> None:
    await bot.send_message_draft(ann.id, 5, "thinking")

    with pytest.raises(BadRequest, match=r"(?i)textdraft_peer_invalid"):
        await bot.send_message_draft(forum.id, 5, "thinking")

    assert [draft["text"] for draft in server.drafts(ann)] == ["thinking"]
    assert server.messages(ann) == []


# --- buttons, reactions, inline and guest queries -----------------------------------------------


async def test_a_press_is_answered_once(server: BotApiServer, bot: Bot, ann: Person) -> None:
    sent = await bot.send_message(ann.id, "choose", reply_markup=keyboard([button("yes")]))
    query = await server.press(ann, server.messages(ann)[0], "yes")
    [update] = await bot.get_updates()

    await bot.answer_callback_query(update.callback_query.id, "Thanks")

    assert update.callback_query.message.message_id == sent.message_id
    assert server.callback_answers[query]["text"] == "Thanks"
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired"):
        await bot.answer_callback_query(query)


async def test_an_answer_to_a_press_has_200_characters(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    await bot.send_message(ann.id, "choose", reply_markup=keyboard([button("yes")]))
    query = await server.press(ann, server.messages(ann)[0], "yes")

    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(query, "x" * 201)
    await bot.answer_callback_query(query, "x" * 200)


async def test_only_a_button_that_is_there_can_be_pressed(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    sent = await bot.send_message(ann.id, "choose", reply_markup=keyboard([button("yes")]))
    [before] = [dict(message) for message in server.messages(ann)]
    await bot.edit_message_text("chosen", ann.id, sent.message_id)

    with pytest.raises(LookupError, match="No button 'yes'"):
        await server.press(ann, before, "yes")


async def test_reactions_come_only_to_a_bot_that_asked_for_them(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    await bot.send_message(ann.id, "an answer")
    await server.react(ann, server.messages(ann)[0], "👍")
    unasked = await bot.get_updates()
    await bot.get_updates(allowed_updates=["message", "message_reaction"])
    await server.react(ann, server.messages(ann)[0], "👎")

    [update] = await bot.get_updates()

    assert unasked == ()
    assert [one.emoji for one in update.message_reaction.old_reaction] == ["👍"]
    assert [one.emoji for one in update.message_reaction.new_reaction] == ["👎"]


async def test_a_reaction_that_telegram_does_not_know_is_refused(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    said = await server.send_text(ann, ann, "hello")

    await bot.set_message_reaction(ann.id, said["message_id"], "👀")
    with pytest.raises(BadRequest, match=r"(?i)reaction_invalid"):
        await bot.set_message_reaction(ann.id, said["message_id"], "🧷")

    assert server.chat(ann).reactions[1, 1] == [{"type": "emoji", "emoji": "👀"}]


def article(id: str, text: str = "words") -> InlineQueryResultArticle:
    return InlineQueryResultArticle(id, "Title", InputTextMessageContent(text))


async def test_an_inline_query_is_answered_with_results(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    query = await server.inline_query(ann, "unbreakable")

    await bot.answer_inline_query(query, [article("1"), article("2")])

    assert [one["id"] for one in server.inline_answers[query]["results"]] == ["1", "2"]


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([article(str(number)) for number in range(51)], "results_too_much"),
        ([article("1"), article("1")], "result_id_duplicate"),
        ([article("i" * 65)], "result_id_invalid"),
        ([article("1", "x" * 4097)], "message is too long"),
    ],
)
async def test_inline_results_past_a_limit_are_refused(
    server: BotApiServer,
    bot: Bot,
    ann: Person,
    results: list[InlineQueryResultArticle],
    reason: str,
) -> None:
    query = await server.inline_query(ann, "unbreakable")

    # The library itself cuts the list to a page; without an offset it passes it on.
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.answer_inline_query(query, results)


async def test_a_guest_is_answered_and_its_button_works(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    query = await server.guest_message(ann, "@quoth_bot who said it?")
    [update] = await bot.get_updates()
    result = InlineQueryResultArticle(
        "1", "Title", InputTextMessageContent("he did"), reply_markup=keyboard([button("more")])
    )

    sent = await bot.answer_guest_query(update.guest_message.guest_query_id, result)
    await server.press(ann, server.inline_messages[sent.inline_message_id], "more")
    await bot.edit_message_text("he did, twice", inline_message_id=sent.inline_message_id)

    assert server.guest_answers[query]["result"]["title"] == "Title"
    assert server.inline_messages[sent.inline_message_id]["text"] == "he did, twice"


# --- the bot's own face -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "description", "reason"),
    [
        ("Ask", "Ask a question", "bot_command_invalid"),
        ("ask-me", "Ask a question", "bot_command_invalid"),
        ("a" * 33, "Ask a question", "command length must not exceed 32"),
        ("ask", "", "command description must be non-empty"),
        ("ask", "x" * 257, "command description length must not exceed 256"),
    ],
)
async def test_a_command_that_telegram_would_not_list_is_refused(
    bot: Bot, command: str, description: str, reason: str
) -> None:
    with pytest.raises(BadRequest, match=f"(?i){reason}"):
        await bot.set_my_commands([(command, description)])


async def test_commands_are_kept_by_scope_and_language(bot: Bot, ann: Person) -> None:
    await bot.set_my_commands([("ask", "Ask")])
    await bot.set_my_commands([("ask", "Fragen")], language_code="de")
    await bot.set_my_commands([("reindex", "Reindex")], scope=BotCommandScopeChat(ann.id))
    await bot.delete_my_commands(language_code="de")

    assert [one.command for one in await bot.get_my_commands()] == ["ask"]
    assert await bot.get_my_commands(language_code="de") == ()
    assert [one.command for one in await bot.get_my_commands(BotCommandScopeChat(ann.id))] == [
        "reindex"
    ]


async def test_a_menu_is_set_only_where_somebody_has_begun(server: BotApiServer, bot: Bot) -> None:
    server.person(9, started=False)

    for chat in (9, 10):
        with pytest.raises(BadRequest, match="hat not found"):
            await bot.set_my_commands([("ask", "Ask")], scope=BotCommandScopeChat(chat))


async def test_a_description_is_kept_by_language(bot: Bot) -> None:
    await bot.set_my_description("Antwortet", language_code="de")
    await bot.set_my_short_description("Answers")

    assert (await bot.get_my_description("de")).description == "Antwortet"
    assert (await bot.get_my_description()).description == ""
    assert (await bot.get_my_short_description()).short_description == "Answers"


async def test_members_and_chats_can_be_looked_up(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    bob = server.person(8, "Bob")
    server.group(-5, "Group", members=[ann], admins=[bob])

    statuses = [(await bot.get_chat_member(-5, user)).status for user in (7, 8, bot.id)]

    assert statuses == ["member", "administrator", "member"]
    assert (await bot.get_chat(-5)).title == "Group"
    assert [one.user.id for one in await bot.get_chat_administrators(-5)] == [8]


# --- files --------------------------------------------------------------------------------------


async def test_a_document_of_the_bot_can_be_read_back(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    sent = await bot.send_document(ann.id, b"a,b\n", filename="gaps.csv", caption="Gaps")

    file = await bot.get_file(sent.document.file_id)
    content = await file.download_as_bytearray()

    assert (bytes(content), sent.document.file_name) == (b"a,b\n", "gaps.csv")
    assert server.files[sent.document.file_id].content == b"a,b\n"
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_document(ann.id, b"a", filename="a.txt", caption="x" * 1025)


async def test_a_document_of_a_person_can_be_fetched_up_to_20_megabytes(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    small = await server.send_document(ann, ann, b"text", "a/../b?.txt", caption="read this")
    large = await server.send_document(ann, ann, b"", "large.pdf", size=20 * 1024 * 1024 + 1)

    file = await bot.get_file(small["document"]["file_id"])

    assert bytes(await file.download_as_bytearray()) == b"text"
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.get_file(large["document"]["file_id"])


# --- updates ------------------------------------------------------------------------------------


async def test_an_update_stays_until_a_later_offset_confirms_it(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    for text in ("one", "two", "three"):
        await server.send_text(ann, ann, text)

    first = await bot.get_updates(limit=2)
    again = await bot.get_updates(limit=2)
    rest = await bot.get_updates(offset=first[-1].update_id + 1)

    assert [update.message.text for update in first] == ["one", "two"]
    assert first == again
    assert [update.message.text for update in rest] == ["three"]


async def test_a_poll_waits_for_the_next_update(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    await server.send_text(ann, ann, "hello")

    [update] = await asyncio.wait_for(poll, 1)

    assert update.message.text == "hello"


async def test_of_two_polls_the_older_is_ended(server: BotApiServer, bot: Bot, ann: Person) -> None:
    async with server.client() as other:
        older = asyncio.create_task(other.get_updates(timeout=5))
        await asyncio.sleep(0.05)
        newer = asyncio.create_task(bot.get_updates(timeout=5))

        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await older
        await server.send_text(ann, ann, "hello")

        assert len(await newer) == 1


async def test_a_bot_hears_its_updates_by_webhook(server: BotApiServer, ann: Person) -> None:
    heard: list[Update] = []
    application = _application(server, heard.append)
    port = _free_port()

    async with application:
        await application.start()
        await application.updater.start_webhook(
            port=port,
            url_path="hook",
            webhook_url=f"http://127.0.0.1:{port}/hook",
            secret_token="open_sesame",
        )
        await server.send_text(ann, ann, "hello")
        await server.wait_for(lambda: heard)
        with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
            await application.bot.get_updates()
        await application.updater.stop()
        await application.stop()

    assert [update.message.text for update in heard] == ["hello"]
    assert server.updates == []


async def test_a_webhook_with_the_wrong_secret_gets_nothing_through(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    heard: list[Update] = []
    application = _application(server, heard.append)
    port = _free_port()
    url = f"http://127.0.0.1:{port}/hook"

    async with application:
        await application.start()
        await application.updater.start_webhook(
            port=port, url_path="hook", webhook_url=url, secret_token="open_sesame"
        )
        await bot.set_webhook(url, secret_token="guessed")
        await server.send_text(ann, ann, "hello")
        info = await _failed_webhook(bot)
        await application.updater.stop()
        await application.stop()

    assert info.pending_update_count == 1
    assert info.last_error_message == "Wrong response from the webhook: 403"
    assert heard == []


async def test_a_webhook_is_https_and_its_secret_plain(bot: Bot) -> None:
    with pytest.raises(BadRequest, match=r"(?i)an https url must be provided"):
        await bot.set_webhook("http://bot.example/hook")
    with pytest.raises(BadRequest, match=r"(?i)secret token contains unallowed characters"):
        await bot.set_webhook("https://bot.example/hook", secret_token="a b")


async def test_a_whole_application_answers_and_grows_quiet(
    server: BotApiServer, ann: Person
) -> None:
    async def echo(message: Message) -> None:
        await message.reply_text(f"You said: {message.text}", do_quote=True)

    application = _application(server, lambda update: echo(update.message))

    async with application:
        await application.start()
        await application.updater.start_polling()
        await server.send_text(ann, ann, "hello")
        await server.quiet()
        await application.updater.stop()
        await application.stop()

    [answer] = server.bot_messages(ann)
    assert answer["text"] == "You said: hello"
    assert answer["reply_to_message"]["text"] == "hello"


def _application(server: BotApiServer, hear: Callable[[Update], Any]) -> Any:
    async def handle(update: Update, _: Any) -> None:
        waiting = hear(update)
        if waiting is not None:
            await waiting

    application = server.builder().build()
    application.add_handler(TypeHandler(Update, handle))
    return application


async def _failed_webhook(bot: Bot) -> Any:
    async with asyncio.timeout(5):
        while True:
            info = await bot.get_webhook_info()
            if info.last_error_message:
                return info


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# --- tokens, unknown methods, faults and floods -------------------------------------------------


@pytest.mark.parametrize(("token", "status"), [("1:wrong", 401), ("wrong", 404)])
async def test_another_token_is_sent_away(server: BotApiServer, token: str, status: int) -> None:
    async with httpx.AsyncClient() as client:
        reply = await client.post(f"{server.base_url}{token}/getMe")

    assert (reply.status_code, reply.json()["ok"]) == (status, False)
    with pytest.raises(InvalidToken):
        await server.client(token).initialize()


async def test_an_unknown_method_is_not_found(server: BotApiServer, bot: Bot) -> None:
    async with httpx.AsyncClient() as client:
        reply = await client.post(f"{server.base_url}{server.token}/sendRichMessage")

    assert reply.json() == {"ok": False, "error_code": 404, "description": "Not Found"}
    with pytest.raises(EndPointNotFound):
        await bot.do_api_request("sendRichMessage")


async def test_a_failure_comes_as_often_as_asked(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    server.fail_next("sendMessage", 500, times=2)

    for _ in range(2):
        with pytest.raises(NetworkError, match="Internal Server Error"):
            await bot.send_message(ann.id, "hi")
    await bot.send_message(ann.id, "hi")

    assert [call.accepted for call in server.called("sendMessage")] == [False, False, True]


async def test_a_proxy_may_answer_what_is_no_json(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    server.fail_next("sendMessage", 502, body=b"<html>Bad Gateway</html>")

    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "hi")

    assert server.messages(ann) == []


@pytest.mark.parametrize(("when", "shown"), [("before", []), ("after", ["hi"])])
async def test_a_dropped_connection_leaves_the_outcome_unknown(
    server: BotApiServer, bot: Bot, ann: Person, when: Any, shown: list[str]
) -> None:
    server.drop("sendMessage", when=when)

    with pytest.raises(NetworkError):
        await bot.send_message(ann.id, "hi")

    [call] = server.called("sendMessage")
    assert [message["text"] for message in server.messages(ann)] == shown
    assert (call.accepted, call.accepted and not call.delivered) == (bool(shown), bool(shown))


@pytest.mark.parametrize(("when", "shown"), [("before", []), ("after", ["hi"])])
async def test_a_stalled_call_runs_into_a_timeout(
    server: BotApiServer, bot: Bot, ann: Person, when: Any, shown: list[str]
) -> None:
    server.stall("sendMessage", 0.3, when=when)

    with pytest.raises(TimedOut):
        await bot.send_message(ann.id, "hi", read_timeout=0.1)

    assert [message["text"] for message in server.messages(ann)] == shown
    assert await server.wait_for(lambda: server.messages(ann))


async def test_a_call_told_to_wait_names_the_seconds(
    server: BotApiServer, bot: Bot, ann: Person
) -> None:
    server.retry_after("sendMessage", 17)

    with pytest.raises(RetryAfter, match="Retry in 17 seconds"):
        await bot.send_message(ann.id, "hi")


async def test_a_second_message_within_a_second_is_too_much() -> None:
    async with BotApiServer() as server, server.client() as bot:
        ann = server.person(7, "Ann")
        sent = await bot.send_message(ann.id, "one")

        with pytest.raises(RetryAfter, match="Retry in 1 seconds"):
            await bot.edit_message_text("two", ann.id, sent.message_id)
        await bot.send_chat_action(ann.id, "typing")

        assert [message["text"] for message in server.messages(ann)] == ["one"]


@pytest.mark.parametrize(
    ("limits", "chats", "wait"),
    [
        (FloodLimits(), [1, 1], 1),
        (FloodLimits(chat=Window(3, 3.0)), [1] * 4, 3),
        (FloodLimits(), range(1, 32), 1),
        (FloodLimits(chat=Window(99, 1.0)), [-5] * 21, 60),
    ],
    ids=["a chat", "a burst", "all", "a group"],
)
def test_a_flood_is_stopped_until_the_named_time_has_passed(
    limits: FloodLimits, chats: list[int], wait: int
) -> None:
    now = [1000.0]
    flood = Flood(limits, lambda: now[0])
    *before, last = [Chat(id, "private" if id > 0 else "group") for id in chats]
    for chat in before:
        flood.spend(chat)

    for late in (0, wait - 0.01):
        now[0] = 1000.0 + late
        with pytest.raises(Refused) as refused:
            flood.spend(last)
        assert refused.value.status == 429
        assert refused.value.parameters["retry_after"] == (wait if not late else 1)
    now[0] = 1000.0 + wait
    flood.spend(last)


# --- by itself ----------------------------------------------------------------------------------


def test_the_program_lets_people_be_moved_by_json() -> None:
    command = [sys.executable, "-m", "tests.bot_api", "--port", "0", "--token", "5:y"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            base_url = program.stdout.readline().strip()
            control = base_url.removesuffix("/bot") + "/control"
            with httpx.Client() as client:
                made = {"act": "person", "id": 7, "first_name": "Ann"}
                client.post(f"{control}/update", json=made).raise_for_status()
                said = {"act": "send_text", "chat": 7, "user": 7, "text": "hello"}
                client.post(f"{control}/update", json=said).raise_for_status()
                client.post(f"{control}/fault", json={"fault": "fail_next", "method": "getMe"})
                failed = client.post(f"{base_url}5:y/getMe")
                updates = client.post(f"{base_url}5:y/getUpdates").json()["result"]
                calls = client.get(f"{control}/calls").json()
                shown = client.get(f"{control}/messages", params={"chat": 7}).json()
                forged = client.post(f"{control}/update", content=b'{"act": "stop"}')
        finally:
            program.terminate()

    assert failed.status_code == 500
    assert [update["message"]["text"] for update in updates] == ["hello"]
    assert [(call["method"], call["error"]) for call in calls] == [
        ("getMe", "Internal Server Error")
    ]
    assert [message["text"] for message in shown] == ["hello"]
    assert forged.status_code == 415
