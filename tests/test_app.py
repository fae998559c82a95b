"""A real Application between a strict Telegram on loopback and an index in memory."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from bot import languages, words
from index.passages import Failure, ReindexReport
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.shelf import CATS, EVIDENCE, Shelf, talking

ADMIN = 99
ANSWER = "sixteen hours"
QUESTION = "how long does a cat sleep?"


def texts(messages: list[dict[str, Any]]) -> list[str]:
    return [message["text"].split("\n")[0] for message in messages]


async def replies(server: BotApiServer, chat: Any, count: int = 1) -> list[dict[str, Any]]:
    """What the bot said, once it is that much and nothing more comes."""
    await server.wait_for(lambda: len(server.bot_messages(chat)) >= count)
    await server.quiet()
    return server.bot_messages(chat)


# --- questions ---


async def test_a_text_in_private_is_a_question(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)

    assert texts([reply]) == [ANSWER]


async def test_typing_is_shown_while_an_answer_is_looked_for(server: BotApiServer):
    ann, gate = server.person(7), threading.Event()

    async with talking(server, Shelf(before=lambda _: gate.wait(5) and None)):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.called("sendChatAction"))
        gate.set()
        await replies(server, ann)

    assert [call.parameters["action"] for call in server.called("sendChatAction")] == ["typing"]


async def test_a_button_opens_the_passage_below_its_answer(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, next(buttons(answer))["callback_data"])
        [_, opened] = await replies(server, ann, 2)

    assert (EVIDENCE in opened["text"], CATS.source in opened["text"]) == (True, True)
    assert opened["reply_to_message"]["message_id"] == answer["message_id"]


async def test_an_old_button_opens_its_own_passage_after_a_restart(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
    async with talking(server, Shelf()):
        await server.send_text(ann, ann, "another cat?")
        await replies(server, ann, 2)
        await server.press(ann, answer, next(buttons(answer))["callback_data"])
        opened = (await replies(server, ann, 3))[-1]

    assert EVIDENCE in opened["text"]


async def test_a_button_whose_document_is_gone_says_so(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        shelf.documents_held.clear()
        await server.press(ann, answer, next(buttons(answer))["callback_data"])
        [_, opened] = await replies(server, ann, 2)

    assert "no longer in the documents" in opened["text"]


async def test_an_edited_question_is_answered_anew(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        asked = await server.send_text(ann, ann, "how long does a dog sleep?")
        await replies(server, ann)
        await server.edit_text(asked, QUESTION)
        said = await replies(server, ann, 2)

    assert texts(said) == ["The documents don't say.", ANSWER]


async def test_ask_without_a_question_asks_for_one(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, "/ask")
        [reply] = await replies(server, ann)

    assert reply["text"] == words.ASK_SOMETHING_HERE


@pytest.mark.parametrize("asks", ["/ask", "@quoth_bot", "@quoth_bot,"])
async def test_ask_alone_in_reply_to_somebody_asks_what_they_ask(server: BotApiServer, asks: str):
    ann, bob = server.person(7), server.person(8)
    group = server.group(-100, topics=["One"], members=[ann, bob])
    shelf = Shelf()

    async with talking(server, shelf):
        asked = await server.send_text(group, bob, QUESTION, thread=2)
        await server.send_text(group, ann, asks, thread=2, reply_to=asked)
        [reply] = await replies(server, group)

    assert (texts([reply]), shelf.asked) == ([ANSWER], [(QUESTION, [])])


async def test_ask_alone_in_reply_to_the_bot_or_to_a_topic_asks_for_a_question(
    server: BotApiServer,
):
    ann = server.person(7)
    group = server.group(-100, topics=["One"], members=[ann])

    async with talking(server, Shelf()):
        await server.send_text(group, ann, f"/ask {QUESTION}", thread=2)
        [answer] = await replies(server, group)
        await server.send_text(group, ann, "/ask", thread=2, reply_to=answer)
        await server.send_text(group, ann, "/ask", thread=2)
        said = await replies(server, group, 3)

    assert texts(said[1:]) == [words.ASK_SOMETHING, words.ASK_SOMETHING]


async def test_own_words_in_reply_to_somebody_are_what_is_asked(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)
    group = server.group(-100, members=[ann, bob])
    shelf = Shelf()

    async with talking(server, shelf):
        asked = await server.send_text(group, bob, "does a dog sleep?")
        await server.send_text(group, ann, f"@quoth_bot {QUESTION}", reply_to=asked)
        await replies(server, group)

    assert [question for question, _ in shelf.asked] == [QUESTION]


async def test_ask_with_a_question_answers_it(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        await server.send_text(ann, ann, f"/ask   {QUESTION}")
        await replies(server, ann)

    assert shelf.asked[0][0] == QUESTION


@pytest.mark.parametrize("text", ["?!…", "¿?", "🙂🙂"])
async def test_punctuation_alone_gets_a_sentence(server: BotApiServer, text: str):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, text)
        [reply] = await replies(server, ann)

    assert reply["text"] == "There are no words in that."


async def test_a_mistyped_command_gets_the_nearest_one(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, "/sorces")
        [reply] = await replies(server, ann)

    assert reply["text"] == words.UNKNOWN_COMMAND_NEAREST.format(nearest="sources")


async def test_a_sticker_and_a_voice_message_get_a_sentence(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_sticker(ann, ann)
        await server.send_voice(ann, ann)
        said = await replies(server, ann, 2)

    assert texts(said) == [words.TEXT_ONLY, words.TEXT_ONLY]


async def test_start_and_help_say_what_is_known(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, "/start")
        await server.send_text(ann, ann, "/help")
        said = await replies(server, ann, 2)

    assert ["I know 1 document, as of 2 August 2026" in each["text"] for each in said] == [True] * 2
    assert ["/reindex" in each["text"] for each in said] == [False] * 2


async def test_sources_are_paged_in_place(server: BotApiServer):
    ann = server.person(7)
    shelf = Shelf(documents_held=[CATS] * 40)

    async with talking(server, shelf):
        await server.send_text(ann, ann, "/sources")
        [listed] = await replies(server, ann)
        await server.press(ann, listed, "s:1")
        await server.wait_for(lambda: "Page 2 of 3" in server.bot_messages(ann)[0]["text"])

    assert "16. Cats" in server.bot_messages(ann)[0]["text"]


async def test_a_fault_while_it_begins_ends_no_bot(server: BotApiServer):
    ann = server.person(7)
    server.fail_next("deleteWebhook", 500)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)

    assert texts([reply]) == [ANSWER]


# --- by webhook ---


async def test_a_webhook_that_was_not_taken_is_named_again(
    server: BotApiServer, unused_tcp_port: int
):
    ann, address = server.person(7), f"http://127.0.0.1:{unused_tcp_port}/hook"
    server.fail_next("setWebhook", 502)

    async with talking(server, Shelf(), webhook_url=address, webhook_port=unused_tcp_port):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)

    assert texts([reply]) == [ANSWER]


async def test_updates_are_posted_to_a_webhook_with_its_secret(
    server: BotApiServer, unused_tcp_port: int
):
    ann = server.person(7)
    address = f"http://127.0.0.1:{unused_tcp_port}/hook"

    async with talking(server, Shelf(), webhook_url=address, webhook_port=unused_tcp_port):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    [hook] = [call.parameters for call in server.called("setWebhook")]
    assert (texts(said), hook["url"], len(hook["secret_token"])) == ([ANSWER], address, 43)
    assert server.updates == []


async def test_a_post_without_the_secret_is_no_update(server: BotApiServer, unused_tcp_port: int):
    ann, shelf = server.person(7), Shelf()
    address = f"http://127.0.0.1:{unused_tcp_port}/hook"
    forged = {"update_id": 1, "message": {"message_id": 1, "date": 0, "text": "a cat?"}}
    forged["message"]["chat"] = forged["message"]["from"] = {"id": ann.id, "type": "private"}

    async with talking(server, shelf, webhook_url=address, webhook_port=unused_tcp_port):
        async with httpx.AsyncClient() as client:
            bare = await client.post(address, json=forged)
            guessed = await client.post(
                address, json=forged, headers={"X-Telegram-Bot-Api-Secret-Token": "guessed"}
            )
        await server.quiet()

    assert [bare.status_code, guessed.status_code] == [403, 403]
    assert (shelf.asked, server.bot_messages(ann)) == ([], [])


# --- groups ---


async def test_a_group_is_answered_only_when_the_bot_is_meant(server: BotApiServer):
    ann = server.person(7)
    group = server.group(-5, members=[ann])

    async with talking(server, Shelf()):
        await server.send_text(group, ann, QUESTION)
        await server.send_text(group, ann, "/nonsense")
        await server.send_text(group, ann, "/ask@other_bot cats")
        await server.send_sticker(group, ann)
        asked = await server.send_text(group, ann, f"@quoth_bot {QUESTION}")
        [reply] = await replies(server, group)

    assert texts([reply]) == [ANSWER]
    assert reply["reply_to_message"]["message_id"] == asked["message_id"]


async def test_a_mention_is_not_part_of_the_question(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()
    group = server.group(-5, members=[ann])

    async with talking(server, shelf):
        await server.send_text(group, ann, "🙂 how long, @Quoth_Bot, does a cat sleep?")
        await replies(server, group)

    assert shelf.asked[0][0] == "🙂 how long, , does a cat sleep?"


async def test_a_reply_to_the_bot_in_a_group_is_a_question(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)
    group = server.group(-5, members=[ann, bob])

    async with talking(server, Shelf()):
        await server.send_text(group, ann, "/ask cats?")
        [first] = await replies(server, group)
        await server.send_text(group, bob, "and when does the cat eat?", reply_to=first)
        said = await replies(server, group, 2)

    assert texts(said) == [ANSWER, ANSWER]


async def test_a_reply_stays_in_its_topic(server: BotApiServer):
    ann = server.person(7)
    forum = server.group(-1_000_000_000_005, topics={11: "Animals", 12: "Plants"}, members=[ann])

    async with talking(server, Shelf()):
        await server.send_text(forum, ann, "a cat, but nobody is meant", thread=11)
        await server.send_text(forum, ann, f"@quoth_bot {QUESTION}", thread=12)
        [reply] = await replies(server, forum)

    assert reply["message_thread_id"] == 12


# --- order ---


async def test_chats_do_not_wait_for_each_other_and_a_chat_keeps_its_order(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)
    gate = threading.Event()
    shelf = Shelf(before=lambda question: gate.wait(5) and None if "slow" in question else None)

    async with talking(server, shelf):
        await server.send_text(ann, ann, "slow cat?")
        await server.send_text(ann, ann, "quick dog?")
        await server.send_text(bob, bob, QUESTION)
        await server.wait_for(lambda: server.bot_messages(bob))
        before = server.bot_messages(ann)
        gate.set()
        said = await replies(server, ann, 2)

    assert before == []
    assert texts(said) == [ANSWER, "The documents don't say."]


# --- admins ---


async def test_a_reindex_shows_its_progress_and_ends_with_a_report(server: BotApiServer):
    boss, ann = server.person(ADMIN), server.person(7)
    report = ReindexReport(
        added=("a.txt",),
        changed=("b.txt",),
        unchanged=3,
        failed=(Failure(source="c.pdf", reason="it is encrypted"),),
        duplicates=(("d.txt", "a.txt"),),
        seconds=2.0,
    )
    shelf = Shelf(report=report)

    async with talking(server, shelf, admin_ids={ADMIN}):
        await server.send_text(boss, boss, "/reindex")
        await server.wait_for(lambda: any("1 of 2" in m["text"] for m in server.bot_messages(boss)))
        await server.send_text(boss, boss, "/reindex")
        await server.send_text(ann, ann, QUESTION)
        await replies(server, ann)
        await server.wait_for(lambda: len(server.bot_messages(boss)) == 2)
        shelf.gate.set()
        [shown, second, said] = await replies(server, boss, 3)

    assert shown["text"] == words.REINDEX_ENDED
    assert "already running" in second["text"]
    assert "1 added, 1 changed, 0 removed, 3 unchanged, 1 failed" in said["text"]
    assert ["c.pdf: it is encrypted" in said["text"], "d.txt repeats a.txt" in said["text"]] == [
        True,
        True,
    ]


async def test_cancel_stops_a_running_reindex(server: BotApiServer):
    boss = server.person(ADMIN)

    async with talking(server, Shelf(), admin_ids={ADMIN}):
        await server.send_text(boss, boss, "/cancel")
        await replies(server, boss, 1)
        await server.send_text(boss, boss, "/reindex")
        await replies(server, boss, 2)
        await server.send_text(boss, boss, "/cancel")
        said = await replies(server, boss, 4)

    assert texts(said)[0] == words.NOTHING_RUNS
    assert words.REINDEX_STOPPING in texts(said)
    assert texts(said)[-1].startswith("The reindex was stopped.")


async def test_a_bot_that_is_stopped_stops_its_reindex(server: BotApiServer):
    boss = server.person(ADMIN)

    async with asyncio.timeout(5), talking(server, Shelf(), admin_ids={ADMIN}):
        await server.send_text(boss, boss, "/reindex")
        await server.wait_for(lambda: server.bot_messages(boss))

    assert server.bot_messages(boss)[0]["text"] == words.REINDEX_ENDED


async def test_the_status_counts_questions_and_refusals(server: BotApiServer):
    boss = server.person(ADMIN)

    async with talking(server, Shelf(), admin_ids={ADMIN}):
        await server.send_text(boss, boss, QUESTION)
        await server.send_text(boss, boss, "what of dogs?")
        await replies(server, boss, 2)
        await server.send_text(boss, boss, "/status")
        said = (await replies(server, boss, 3))[-1]["text"]

    assert "2 questions, 1 refusal" in said
    assert "broken.pdf: it is broken" in said


@pytest.mark.parametrize("command", ["/reindex", "/status", "/cancel"])
async def test_a_stranger_is_told_of_no_admin_command(server: BotApiServer, command: str):
    ann = server.person(7)

    async with talking(server, Shelf(), admin_ids={ADMIN}):
        await server.send_text(ann, ann, command)
        [reply] = await replies(server, ann)

    assert reply["text"] == words.UNKNOWN_COMMAND


async def test_admin_commands_are_in_the_menu_of_admins_alone(server: BotApiServer):
    server.person(ADMIN)

    async with talking(server, Shelf(), admin_ids={ADMIN}):
        menus = [call.parameters for call in server.called("setMyCommands")]

    offered = {
        (menu.get("scope", {}).get("type", "default"), menu.get("language_code")): [
            each["command"] for each in menu["commands"]
        ]
        for menu in menus
    }
    everybodys = list(words.COMMANDS)
    codes = (None, *languages.LANGUAGES)
    assert offered == {
        **{("default", code): everybodys for code in codes},
        **{("chat", code): [*everybodys, *words.ADMIN_COMMANDS] for code in codes},
    }


async def test_only_those_let_in_are_answered(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)

    async with talking(server, Shelf(), allowed_ids={8}):
        await server.send_text(ann, ann, QUESTION)
        await server.send_text(bob, bob, QUESTION)
        [to_ann] = await replies(server, ann)
        [to_bob] = await replies(server, bob)

    assert [to_ann["text"], *texts([to_bob])] == [words.NOT_ALLOWED.format(person=7), ANSWER]


async def test_too_many_questions_are_declined_once(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(), questions_per_minute=1):
        for _ in range(3):
            await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann, 2)

    assert [text[:13] for text in texts(said)] == [ANSWER[:13], words.TOO_MANY[:13]]


# --- trouble ---


async def test_what_nobody_foresaw_is_told_with_an_id(server: BotApiServer, caplog):
    ann = server.person(7)

    async with talking(server, Shelf(reply=ZeroDivisionError("secret detail"))):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)

    id = reply["text"].rpartition(" ")[2].rstrip(".)")
    assert reply["text"] == words.TROUBLE.format(id=id)
    assert f"trouble {id}" in caplog.text


async def test_an_answer_is_sent_again_after_a_flood_limit(server: BotApiServer):
    ann = server.person(7)
    server.retry_after("sendMessage", 1)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [ANSWER]


@pytest.mark.parametrize("status", [500, 502, 504])
async def test_a_server_error_ends_in_one_sentence(server: BotApiServer, status: int):
    ann = server.person(7)
    server.fail_next("sendMessage", status)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [words.CONNECTION]


async def test_a_proxys_error_page_ends_in_one_sentence(server: BotApiServer):
    ann = server.person(7)
    server.fail_next("sendMessage", 502, body=b"<html>Bad Gateway</html>")

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [words.CONNECTION]


async def test_a_connection_dropped_before_the_send_ends_in_one_sentence(server: BotApiServer):
    ann = server.person(7)
    server.drop("sendMessage", when="before")

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [words.CONNECTION]


async def test_a_connection_dropped_after_the_send_ends_in_the_answer(server: BotApiServer):
    ann = server.person(7)
    server.drop("sendMessage", when="after")

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert texts(said) == [ANSWER]


async def test_entities_that_are_refused_leave_a_plain_answer(server: BotApiServer):
    ann = server.person(7)
    server.fail_next("sendMessage", 400, "Bad Request: can't parse entities: whatever")

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [reply] = await replies(server, ann)

    assert (texts([reply]), "entities" in reply) == ([ANSWER], False)


async def test_a_person_who_blocked_the_bot_stops_nobody_else(server: BotApiServer):
    ann, bob = server.person(7), server.person(8)
    gate = threading.Event()
    shelf = Shelf(before=lambda _: gate.wait(5) and None)

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: shelf.asked)
        await server.block(ann)
        gate.set()
        await server.send_text(bob, bob, QUESTION)
        said = await replies(server, bob)

    assert texts(said) == [ANSWER]
