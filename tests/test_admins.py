"""Who is let in, who administers and who is blocked: a real bot between people and its records."""

from __future__ import annotations

from gettext import NullTranslations
from pathlib import Path
from typing import Any

import pytest

from bot import languages, words
from bot.languages import ALL, LANGUAGES
from bot.records import Records
from bot.records.people import Role
from index.errors import StorageFull
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.shelf import Shelf, talking

OWNER, ADMIN, ANN, BOB, GROUP = 99, 98, 7, 8, -5
ANSWER = "sixteen hours"
QUESTION = "how long does a cat sleep?"
RUN = {"admin_ids": (OWNER, ADMIN)}


@pytest.fixture
def records():
    with Records() as opened:
        yield opened


class Marked(NullTranslations):
    """Translates by naming the language."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def gettext(self, message: str) -> str:
        known = message.startswith("{name}")  # how people are called is the same everywhere
        return message if self._language == "en" or known else f"{self._language}: {message}"


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every sentence says in which language it is said."""
    monkeypatch.setattr(languages, "_catalogue", Marked)


async def said(server: BotApiServer, chat: Any, count: int = 1) -> list[str]:
    """What the bot said, once it is that much and nothing more comes."""
    await server.wait_for(lambda: len(server.bot_messages(chat)) >= count)
    await server.quiet()
    return [message["text"] for message in server.bot_messages(chat)]


def offers(message: dict[str, Any]) -> dict[str, str]:
    return {button["text"]: button["callback_data"] for button in buttons(message)}


def kept_actions(records: Records) -> list[tuple[int, str, str]]:
    return [(each.actor, each.action, each.detail) for each in records.audit.latest(99)]


# --- pairing ---


async def paired(server: BotApiServer, ann: Any, boss: Any) -> tuple[str, dict[str, Any]]:
    """Ann has asked to be let in: her code, and the message that the owner got."""
    await server.send_text(ann, ann, "/start")
    [text] = await said(server, ann)
    await server.wait_for(lambda: server.bot_messages(boss))
    return text.partition("code is ")[2][:6], server.bot_messages(boss)[0]


async def test_a_stranger_is_let_in_by_a_button(server: BotApiServer, records: Records):
    boss, other = server.person(OWNER, "Boss"), server.person(ADMIN, "Eve")
    ann = server.person(ANN, "Ann", username="ann")

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        code, asked = await paired(server, ann, boss)
        await server.press(boss, asked, offers(asked)[words.APPROVE])
        await said(server, ann, 2)
        await server.send_text(ann, ann, QUESTION)
        [_, told, answer] = await said(server, ann, 3)

    assert asked["text"] == f"Ann (@ann, 7) asks to be let in. Their code is {code}."
    assert (told, answer.split("\n")[0]) == (words.PAIRING_APPROVED, ANSWER)
    for admin in (boss, other):
        [shown] = server.bot_messages(admin)
        assert shown["text"] == "Ann (@ann, 7) was let in by Boss."
        assert offers(shown) == {}
    assert kept_actions(records) == [(OWNER, "allow", "Ann (@ann, 7)")]


@pytest.mark.parametrize("way", ["button", "code", "id"])
async def test_what_a_stranger_asked_is_answered_once_they_are_let_in(
    server: BotApiServer, records: Records, way: str
):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        await server.send_text(ann, ann, QUESTION)
        await server.send_text(ann, ann, "how long does a dog sleep?")
        await said(server, ann, 2)
        [asked] = server.bot_messages(boss)
        code = asked["text"].rpartition(" ")[2].rstrip(".")
        if way == "button":
            await server.press(boss, asked, offers(asked)[words.APPROVE])
        else:
            await server.send_text(boss, boss, f"/allow {code if way == 'code' else ANN}")
        [first, waits, told, *answers] = await said(server, ann, 5)

    assert (code in first, waits) == (True, words.PAIRING_WAITS.format(code=code))
    assert told == words.PAIRING_APPROVED
    assert [each.split("\n")[0] for each in answers] == [ANSWER, "The documents don't say."]
    assert records.journal.unanswered(server.bot["id"]) == []


async def test_what_a_stranger_asked_is_answered_however_soon_a_question_is_too_old(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)
    await server.send_text(ann, ann, QUESTION)
    server.updates[-1]["message"]["date"] -= 900

    async with talking(server, Shelf(), records, access="pairing", answer_within_minutes=10, **RUN):
        await said(server, ann)
        [asked] = server.bot_messages(boss)
        await server.press(boss, asked, offers(asked)[words.APPROVE])
        [_, told, *answers] = await said(server, ann, 3)

    assert told == words.PAIRING_APPROVED
    assert [each.split("\n")[0] for each in answers] == [ANSWER]


async def test_what_a_stranger_asked_over_an_hour_ago_is_not_answered(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)
    await server.send_text(ann, ann, QUESTION)
    server.updates[-1]["message"]["date"] -= 3700

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        await said(server, ann)
        [asked] = server.bot_messages(boss)
        await server.press(boss, asked, offers(asked)[words.APPROVE])
        texts = await said(server, ann, 2)

    assert texts[1:] == [words.PAIRING_APPROVED]


async def test_of_what_a_stranger_wrote_only_questions_are_answered(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        for text in ("/start", "/help", f"/ask {QUESTION}"):
            await server.send_text(ann, ann, text)
        await server.send_sticker(ann, ann)
        await said(server, ann, 4)
        [asked] = server.bot_messages(boss)
        await server.press(boss, asked, offers(asked)[words.APPROVE])
        texts = await said(server, ann, 6)

    assert [each.split("\n")[0] for each in texts[4:]] == [words.PAIRING_APPROVED, ANSWER]


async def test_each_is_told_in_their_own_language(
    server: BotApiServer, records: Records, marked: None
):
    boss = server.person(OWNER, "Boss", language_code="de")
    ann = server.person(ANN, "Ann", language_code="fr")

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        await server.send_text(boss, boss, "/new")
        await said(server, boss)
        await server.send_text(ann, ann, "/start")
        await said(server, boss, 2)
        asked = server.bot_messages(boss)[-1]
        await server.press(boss, asked, next(iter(offers(asked).values())))
        [_, let_in] = await said(server, ann, 2)
        [_, decided] = await said(server, boss, 2)

    assert next(iter(offers(asked))) == f"de: {words.APPROVE}"
    assert decided == "de: " + words.PAIRING_APPROVED_BY.format(who="Ann (7)", admin="Boss")
    assert let_in == f"fr: {words.PAIRING_APPROVED}"


async def test_who_waits_is_told_the_same_code_and_admins_are_not_asked_again(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        code, _ = await paired(server, ann, boss)
        await server.send_text(ann, ann, QUESTION)
        [_, again] = await said(server, ann, 2)

    assert again == words.PAIRING_WAITS.format(code=code)
    assert len(server.bot_messages(boss)) == 1


async def test_who_is_declined_is_told_once(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        _, asked = await paired(server, ann, boss)
        await server.press(boss, asked, offers(asked)[words.DECLINE])
        await said(server, ann, 2)
        await server.send_text(ann, ann, "please!")
        texts = await said(server, ann, 2)

    assert texts[1:] == [words.PAIRING_DECLINED]
    assert len(server.bot_messages(boss)) == 1


async def test_who_is_blocked_hears_nothing_from_then_on(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, members=[ann])

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        _, asked = await paired(server, ann, boss)
        await server.press(boss, asked, offers(asked)[words.BLOCK])
        await server.quiet()
        for text in ("/start", "/help", QUESTION, "/reindex"):
            await server.send_text(ann, ann, text)
            await server.send_text(group, ann, f"@quoth_bot {text}")
        await server.send_sticker(ann, ann)
        await server.quiet()

    assert (len(server.bot_messages(ann)), server.bot_messages(group)) == (1, [])
    assert records.people.roles() == {ANN: Role.BLOCKED}


async def test_an_admin_who_begins_later_is_shown_who_waits_once(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER, "Boss", started=False), server.person(ANN, "Ann")

    async with talking(server, Shelf(), records, access="pairing", admin_ids=(OWNER,)):
        await server.send_text(ann, ann, QUESTION)
        [text] = await said(server, ann)
        for _ in range(2):
            await server.send_text(boss, boss, "/start")
        shown = await said(server, boss, 3)
        asked = server.bot_messages(boss)[1]
        await server.press(boss, asked, offers(asked)[words.APPROVE])
        [*_, answer] = await said(server, ann, 3)
        edited = await said(server, boss, 3)

    code = text.partition("code is ")[2][:6]
    assert [code in each for each in shown] == [False, True, False]
    assert answer.startswith(ANSWER)
    assert edited[1] == words.PAIRING_APPROVED_BY.format(who="Ann (7)", admin="Boss")


async def test_a_request_is_decided_on_once(server: BotApiServer, records: Records):
    boss, eve, ann = server.person(OWNER), server.person(ADMIN), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        code, _ = await paired(server, ann, boss)
        await server.send_text(eve, eve, f"/allow {code.lower()}")
        await said(server, eve, 2)
        await server.send_text(eve, eve, f"/allow {code}")
        texts = await said(server, eve, 3)

    assert texts[1:] == [words.PAIRING_DONE, words.PAIRING_OVER]
    assert len(kept_actions(records)) == 1


async def test_a_stranger_cannot_let_themselves_in(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        code, asked = await paired(server, ann, boss)
        for data in offers(asked).values():
            await server.press(ann, asked, data)
        for text in (f"/allow {code}", "/allow 7", "/promote 7", "/unblock 7"):
            await server.send_text(ann, ann, text)
        await server.quiet()

    assert (records.people.roles(), kept_actions(records)) == ({}, [])
    assert records.pairing.find(code) is not None


async def test_in_a_group_strangers_get_no_code(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, members=[ann])

    async with talking(server, Shelf(), records, access="pairing", **RUN):
        await server.send_text(group, ann, f"@quoth_bot {QUESTION}")
        await server.quiet()

    assert [server.bot_messages(chat) for chat in (group, ann, boss)] == [[], [], []]


async def test_an_admin_lets_a_group_in_by_allow_there(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, "Friends", members=[ann, boss])

    async with talking(server, Shelf(), records, access="list", **RUN):
        await server.send_text(group, boss, "/allow")
        await said(server, group)
        await server.send_text(group, ann, f"@quoth_bot {QUESTION}")
        [let_in, answer] = await said(server, group, 2)
        await server.send_text(ann, ann, QUESTION)
        [private] = await said(server, ann)

    assert let_in == words.LET_IN.format(who="Friends (-5)")
    assert answer.startswith(ANSWER)
    assert private == words.NOT_ALLOWED.format(person=ANN)


# --- roles ---


async def test_a_promoted_person_administers_until_demoted(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN, "Ann")

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, "/help")
        await said(server, ann)
        await server.send_text(boss, boss, "/promote 7")
        await said(server, ann, 2)
        await server.send_text(ann, ann, "/status")
        await server.send_text(ann, ann, "/people")
        [_, told, status, people] = await said(server, ann, 4)
        listed = server.bot_messages(ann)[-1]
        await server.send_text(boss, boss, "/demote 7")
        await said(server, ann, 5)
        await server.send_text(ann, ann, "/status")
        last = (await said(server, ann, 6))[-1]

    assert told == words.PROMOTED_YOU
    assert ("1 document" in status, "• Ann (7): admin" in people) == (True, True)
    assert (last, listed["text"]) == (words.UNKNOWN_COMMAND, people)
    given = [each for each in server.called("setMyCommands") if str(ANN) in str(each.parameters)]
    taken = server.called("deleteMyCommands")
    assert [menu.parameters.get("language_code") for menu in given] == [None, *LANGUAGES]
    assert [menu.parameters.get("language_code") for menu in taken] == [None, *LANGUAGES]
    scopes = [menu.parameters["scope"] for menu in (*given, *taken)]
    assert all(scope == {"type": "chat", "chat_id": ANN} for scope in scopes)
    assert [action for _, action, _ in kept_actions(records)] == ["demote", "promote"]


async def test_an_owner_who_begins_after_the_bot_gets_the_menu_of_admins(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER, started=False)

    async with talking(server, Shelf(), records, **RUN):
        for _ in range(2):
            await server.send_text(boss, boss, "/start")
        await said(server, boss, 2)
        offered = server.called("setMyCommands")

    menus = [each for each in offered if str(OWNER) in str(each.parameters)]
    assert [each.accepted for each in menus] == [False, *[True] * len(ALL)]


async def test_roles_outlive_a_restart(server: BotApiServer, records: Records):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(boss, boss, "/promote 7")
        await said(server, boss)
    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, "/status")
        [status] = await said(server, ann)

    assert "1 document" in status


async def test_an_admin_who_is_not_the_owner_appoints_nobody(
    server: BotApiServer, records: Records
):
    eve = server.person(ADMIN)
    server.person(ANN)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(eve, eve, "/promote 7")
        [reply] = await said(server, eve)

    assert (reply, records.people.roles()) == (words.ROLE_BY_OWNER, {})


async def test_somebody_is_meant_by_a_reply_in_a_group(server: BotApiServer, records: Records):
    boss, bob = server.person(OWNER), server.person(BOB, "Bob")
    group = server.group(GROUP, members=[boss, bob])

    async with talking(server, Shelf(), records, **RUN):
        spam = await server.send_text(group, bob, "buy now")
        await server.send_text(group, boss, "/block", reply_to=spam)
        [blocked] = await said(server, group)
        await server.send_text(group, boss, "/unblock", reply_to=spam)
        [_, unblocked] = await said(server, group, 2)

    assert blocked == words.BLOCKED.format(who="Bob (8)", id=BOB)
    assert unblocked == words.UNBLOCKED.format(who="Bob (8)")


async def test_in_private_the_author_of_a_forwarded_message_is_meant(
    server: BotApiServer, records: Records
):
    boss, bob = server.person(OWNER), server.person(BOB, "Bob")
    origin = {"type": "user", "date": 1, "sender_user": bob.as_json()}

    async with talking(server, Shelf(), records, **RUN):
        spam = await server.send_text(boss, boss, "buy now", forward_origin=origin)
        await said(server, boss)
        await server.send_text(boss, boss, "/block", reply_to=spam)
        own = await server.send_text(boss, boss, "hm")
        await server.send_text(boss, boss, "/block", reply_to=own)
        texts = await said(server, boss, 4)

    answers = (words.BLOCKED.format(who="Bob (8)", id=BOB), words.WHOM)
    assert [text for text in texts if text in answers] == list(answers)


async def test_in_a_topic_nobody_is_meant_without_a_reply(server: BotApiServer, records: Records):
    boss = server.person(OWNER)
    forum = server.group(-1_000_000_000_005, topics={11: "Animals"}, members=[boss])

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(forum, boss, "/block", thread=11)
        [reply] = await said(server, forum)

    assert reply == words.WHOM


async def test_somebody_is_meant_by_their_name(server: BotApiServer, records: Records):
    boss, bob = server.person(OWNER), server.person(BOB, "Bob", username="Bobby")

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(bob, bob, "/help")
        await said(server, bob)
        await server.send_text(boss, boss, "/promote @BOBBY")
        [reply] = await said(server, boss)

    assert reply == words.PROMOTED.format(who="Bob (@bobby, 8)", id=BOB)


async def test_a_name_that_its_owner_left_means_nobody(server: BotApiServer, records: Records):
    boss, bob = server.person(OWNER), server.person(BOB, "Bob", username="bobby")

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(bob, bob, "/help")
        await said(server, bob)
        bob.username = server.chat(bob).username = "robert"
        await server.send_text(boss, boss, "/promote @bobby")
        await server.send_text(boss, boss, "/promote @nobody")
        texts = await said(server, boss, 2)

    assert texts == [words.NAME_UNKNOWN.format(name=name) for name in ("@bobby", "@nobody")]
    assert records.people.roles() == {}


@pytest.mark.parametrize(
    "command", ["/block", "/block what?", "/block 12345678901234567890", "/promote"]
)
async def test_a_command_that_names_nobody_asks_whom(
    server: BotApiServer, records: Records, command: str
):
    boss = server.person(OWNER)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(boss, boss, command)
        [reply] = await said(server, boss)

    assert (reply, records.people.roles()) == (words.WHOM, {})


async def test_commands_never_take_a_role_by_accident(server: BotApiServer, records: Records):
    boss = server.person(OWNER)
    records.people.give(BOB, Role.ADMIN)
    records.people.give(ANN, Role.BLOCKED)

    async with talking(server, Shelf(), records, **RUN):
        for text in ("/allow 8", "/unblock 8", "/demote 7", "/demote 1234", "/promote 8"):
            await server.send_text(boss, boss, text)
        texts = await said(server, boss, 5)

    assert {text.split(":")[0] for text in texts} == {words.ROLE_SAME.split(":")[0]}
    assert records.people.roles() == {BOB: Role.ADMIN, ANN: Role.BLOCKED}


# --- in whose name ---


async def test_nobody_administers_in_the_name_of_a_chat(server: BotApiServer, records: Records):
    boss = server.person(OWNER)
    group, channel = server.group(GROUP, admins=[boss]), server.channel(-1_000_000_000_009)

    async with talking(server, Shelf(), records, **RUN):
        for author in (group, channel):
            await server.send_text(group, boss, "/reindex@quoth_bot", in_name_of=author)
            await server.send_text(group, boss, "/promote@quoth_bot 7", in_name_of=author)
            await said(server, group, 2)
        texts = await said(server, group, 4)

    assert texts == [words.ANONYMOUS] * 2 + [words.UNKNOWN_COMMAND] * 2
    assert (records.people.roles(), kept_actions(records)) == ({}, [])


async def test_a_command_of_anonymous_admins_that_may_be_another_bots_is_spoken_of_once(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER)
    group = server.group(GROUP, admins=[boss])

    async with talking(server, Shelf(), records, **RUN):
        for text in ("/status", "/status", "/weather", "/status@other_bot"):
            await server.send_text(group, boss, text, in_name_of=group)
        await server.send_text(
            group, boss, "/status", in_name_of=server.channel(-1_000_000_000_009)
        )
        texts = await said(server, group)

    assert texts == [words.ANONYMOUS]


async def test_anonymous_admins_ask_where_their_group_is_let_in(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER)
    inside, outside = server.group(GROUP, admins=[boss]), server.group(-6, admins=[boss])

    async with talking(server, Shelf(), records, allowed_ids=(GROUP,), **RUN):
        for group in (inside, outside):
            await server.send_text(group, boss, f"@quoth_bot {QUESTION}", in_name_of=group)
        [answer] = await said(server, inside)

    assert (answer.split("\n")[0], server.bot_messages(outside)) == (ANSWER, [])


async def test_posts_of_a_linked_channel_are_no_questions(server: BotApiServer, records: Records):
    boss = server.person(OWNER)
    group, channel = server.group(GROUP, members=[boss]), server.channel(-1_000_000_000_009)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(
            group, boss, f"@quoth_bot {QUESTION}", in_name_of=channel, forwarded=True
        )
        await server.quiet()

    assert server.bot_messages(group) == []


async def test_a_channel_that_writes_in_a_group_can_be_blocked(
    server: BotApiServer, records: Records
):
    boss, bob = server.person(OWNER), server.person(BOB)
    group, channel = server.group(GROUP, members=[boss]), server.channel(-1_000_000_000_009)

    async with talking(server, Shelf(), records, **RUN):
        spam = await server.send_text(group, bob, f"@quoth_bot {QUESTION}", in_name_of=channel)
        await said(server, group)
        await server.send_text(group, boss, "/block", reply_to=spam)
        await said(server, group, 2)
        await server.send_text(group, bob, f"@quoth_bot {QUESTION}", in_name_of=channel)
        await server.send_text(group, bob, f"@quoth_bot {QUESTION}")
        texts = await said(server, group, 3)

    assert len(texts) == 3
    assert records.people.roles() == {channel.id: Role.BLOCKED}


async def test_a_reply_to_an_anonymous_admin_does_not_block_the_group(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, admins=[boss, ann])

    async with talking(server, Shelf(), records, **RUN):
        spam = await server.send_text(group, ann, "spam", in_name_of=group)
        await server.send_text(group, boss, "/block", reply_to=spam)
        [refused] = await said(server, group)
        before = records.people.roles()
        await server.send_text(group, boss, f"/block {GROUP}")
        await said(server, group, 2)

    assert refused == words.BLOCKS_ALL.format(id=GROUP)
    assert (before, records.people.roles()) == ({}, {GROUP: Role.BLOCKED})


@pytest.mark.parametrize(("role", "answers"), [(Role.ALLOWED, 1), (Role.BLOCKED, 0)])
async def test_a_group_keeps_its_role_as_a_supergroup(
    server: BotApiServer, records: Records, role: Role, answers: int
):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, members=[boss, ann])
    records.people.give(GROUP, role)

    async with talking(server, Shelf(), records, access="list", **RUN):
        larger = await server.upgrade(group, -1_000_000_000_005, boss)
        await server.send_text(larger, ann, f"@quoth_bot {QUESTION}")
        await server.quiet()

    assert len(server.bot_messages(larger)) == answers
    assert records.people.roles() == {GROUP: role, larger.id: role}


# --- lists ---


async def test_lists_are_for_private_chats(server: BotApiServer, records: Records):
    boss = server.person(OWNER)
    group = server.group(GROUP, members=[boss])

    async with talking(server, Shelf(), records, **RUN):
        for command in ("/people", "/audit"):
            await server.send_text(group, boss, command)
        texts = await said(server, group, 2)

    assert texts == [words.IN_PRIVATE] * 2


async def test_the_audit_is_paged_and_for_admins_alone(server: BotApiServer, records: Records):
    boss = server.person(OWNER, "Boss")
    for number in range(40):
        records.audit.note(BOB, "block", f"number {number}.")

    async with talking(server, Shelf(), records, **RUN):
        records.people.give(BOB, Role.ADMIN)
        await server.send_text(boss, boss, "/audit")
        await said(server, boss)
        [listed] = server.bot_messages(boss)
        ann = server.person(ANN)
        await server.press(ann, listed, "audit:1")
        await server.quiet()
        [unturned] = await said(server, boss)
        await server.press(boss, listed, "audit:1")
        [turned] = await said(server, boss)

    assert unturned == listed["text"]
    assert ("number 39." in unturned, "number 24." in turned) == (True, True)
    assert "Page 2 of 3" in turned


async def test_a_page_of_the_audit_holds_each_action_and_the_buttons_however_long_they_are(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER, "Boss")
    for number in range(40):
        records.audit.note(OWNER, "broadcast", f"#{number}. {'We are closed. ' * 99}")

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(boss, boss, "/audit")
        await said(server, boss)
        [listed] = server.bot_messages(boss)
        await server.press(boss, listed, offers(listed)[words.LATER])
        [turned] = await said(server, boss)

    assert [f"#{number}." in turned for number in range(24, 9, -1)] == [True] * 15
    assert set(offers(server.bot_messages(boss)[0])) == {words.EARLIER, words.LATER}


async def test_whom_the_settings_name_are_listed_once_each_and_paged_as_all_others(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER, "Boss")
    named, others = range(1000, 1020), range(200, 215)
    for id in (*named, *others):
        records.people.hear(id, f"Person {id}")

    pages = []
    async with talking(server, Shelf(), records, allowed_ids=tuple(named), **RUN):
        await server.send_text(boss, boss, "/people")
        pages += await said(server, boss)
        for _ in range(2):
            [listed] = server.bot_messages(boss)
            await server.press(boss, listed, offers(listed)[words.LATER])
            pages += await said(server, boss)
        last = server.bot_messages(boss)[0]

    # The owner, who wrote, and an admin are named by the settings too.
    assert [page.count("•") for page in pages] == [15, 15, 7]
    assert all("".join(pages).count(f"({id})") == 1 for id in (OWNER, *named, *others))
    assert set(offers(last)) == {words.EARLIER}


async def test_people_are_listed_with_their_roles(server: BotApiServer, records: Records):
    boss = server.person(OWNER, "Boss")
    records.people.hear(BOB, "Bob\u202e\nthe owner (99)", "bob")
    records.people.give(BOB, Role.BLOCKED)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(boss, boss, "/people")
        [listed] = await said(server, boss)

    assert listed.split("\n\n") == [
        words.PEOPLE,
        "• Boss (99): owner\n• 98: admin\n• Bob the owner (99) (@bob, 8): blocked",
    ]


async def test_of_those_who_talk_to_others_nothing_is_noted(server: BotApiServer, records: Records):
    ann = server.person(ANN)
    group = server.group(GROUP, members=[ann])

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(group, ann, "a private matter")
        await server.send_sticker(group, ann)
        await server.quiet()

    assert records.people.count() == 0


@pytest.mark.parametrize(
    ("access", "told"), [("pairing", True), ("list", True), ("everybody", False)]
)
async def test_an_admin_who_brings_it_into_a_group_is_told_how_its_members_are_let_in(
    server: BotApiServer, access: str, told: bool
):
    boss, ann = server.person(OWNER), server.person(ANN)
    group = server.group(GROUP, "The team", members=[boss, ann])
    group.bot_status = "left"

    async with talking(server, Shelf(), access=access, **RUN):
        await server.add_bot(group, boss)
        await server.quiet()
        await server.remove_bot(group, boss)
        await server.add_bot(group, ann)
        await server.quiet()

    said = [each["text"] for each in server.bot_messages(boss)]
    assert said == [words.GROUP_NOT_LET_IN.format(group="The team")] * told
    assert server.bot_messages(group) == server.bot_messages(ann) == []


async def test_a_group_that_is_let_in_already_is_not_spoken_of(server: BotApiServer):
    boss = server.person(OWNER)
    group = server.group(GROUP, members=[boss])
    group.bot_status = "left"

    async with talking(server, Shelf(), allowed_ids={GROUP}, **RUN):
        await server.add_bot(group, boss)
        await server.quiet()

    assert server.bot_messages(boss) == []


async def test_who_leaves_the_bot_is_not_reachable(server: BotApiServer, records: Records):
    ann, group = server.person(ANN), server.group(GROUP)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, "/help")
        await server.add_bot(group, ann)
        await said(server, ann)
        before = records.people.reachable()
        await server.block(ann)
        await server.remove_bot(group, ann)
        await server.quiet()

    assert (before, records.people.reachable()) == ([GROUP, ANN], [])


async def test_the_limit_of_the_day_says_when_to_come_back_and_spares_admins(
    server: BotApiServer, records: Records
):
    boss, ann = server.person(OWNER), server.person(ANN)

    async with talking(server, Shelf(), records, questions_per_day=1, **RUN):
        for person in (ann, boss):
            await server.send_text(person, person, QUESTION)
            await server.send_text(person, person, QUESTION)
        [first, second] = await said(server, ann, 2)
        texts = await said(server, boss, 2)

    assert (first.split("\n")[0], second[:34]) == (
        ANSWER,
        words.TOO_MANY_TODAY.format(limit=1, wait="")[:34],
    )
    assert [text.split("\n")[0] for text in texts] == [ANSWER] * 2


@pytest.mark.parametrize("trouble", [StorageFull(Path("/data")), ZeroDivisionError("a secret")])
async def test_the_owner_is_told_when_a_reindex_of_another_admin_fails(
    server: BotApiServer, records: Records, trouble: Exception
):
    boss, eve = server.person(OWNER), server.person(ADMIN)
    shelf = Shelf(report=trouble)
    shelf.gate.set()

    async with talking(server, shelf, records, **RUN):
        for _ in range(2):
            count = len(server.bot_messages(eve))
            await server.send_text(eve, eve, "/reindex")
            await said(server, eve, count + 2)
        texts = await said(server, boss)

    [notice] = texts
    assert ("/data is full" in notice, "secret" in notice) == (
        isinstance(trouble, StorageFull),
        False,
    )
    assert [(actor, action) for actor, action, _ in kept_actions(records)] == [
        (ADMIN, "reindex")
    ] * 2


async def test_a_reindex_and_its_cancelling_are_in_the_audit(
    server: BotApiServer, records: Records
):
    boss = server.person(OWNER)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(boss, boss, "/cancel")
        await server.send_text(boss, boss, "/reindex")
        await said(server, boss, 2)
        await server.send_text(boss, boss, "/cancel")
        await said(server, boss, 4)

    assert [(actor, action) for actor, action, _ in kept_actions(records)] == [
        (OWNER, "reindex"),
        (OWNER, "cancel"),
    ]


# --- what is forgotten ---


async def test_who_asks_for_it_twice_is_forgotten(server: BotApiServer, records: Records):
    ann, bob = server.person(ANN), server.person(BOB)
    shelf = Shelf()

    async with talking(server, shelf, records, **RUN):
        for person in (ann, bob):
            await server.send_text(person, person, QUESTION)
        await server.send_text(ann, ann, "/forgetme")
        await said(server, ann, 2)
        before = len(records.answers.since(0))
        [_, question] = server.bot_messages(ann)
        await server.press(ann, question, offers(question)[words.FORGETME_YES])
        [_, done] = await said(server, ann, 2)
        known = records.people.find(ANN)
        await server.send_text(ann, ann, "and when does the cat eat?")
        await said(server, ann, 3)

    assert (before, done) == (
        2,
        words.FORGOT_YOU.format(questions="1 question", documents="0 documents"),
    )
    assert [each.asker for each in records.answers.since(0)] == [BOB, ANN]
    assert shelf.asked[-1][1] == []
    assert known is None


async def test_who_writes_again_after_being_forgotten_is_known_again(
    server: BotApiServer, records: Records
):
    ann = server.person(ANN)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, "/forgetme")
        await said(server, ann)
        [question] = server.bot_messages(ann)
        await server.press(ann, question, offers(question)[words.FORGETME_YES])
        await server.wait_for(lambda: records.people.find(ANN) is None)
        await said(server, ann)
        await server.send_text(ann, ann, QUESTION)
        await said(server, ann, 2)

    assert records.people.reachable() == [ANN]


async def test_who_leaves_it_is_not_forgotten(server: BotApiServer, records: Records):
    ann = server.person(ANN)

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, QUESTION)
        await server.send_text(ann, ann, "/forgetme")
        await said(server, ann, 2)
        [_, question] = server.bot_messages(ann)
        await server.press(ann, question, offers(question)[words.LEAVE_IT])
        [_, left] = await said(server, ann, 2)

    assert (left, len(records.answers.since(0))) == (words.LEFT, 1)


async def test_whoever_writes_is_answered_in_their_language(
    server: BotApiServer, records: Records, marked: None
):
    ann = server.person(ANN, language_code="de-AT")

    async with talking(server, Shelf(), records, **RUN):
        await server.send_text(ann, ann, "/nonsense")
        [reply] = await said(server, ann)

    assert reply == f"de: {words.UNKNOWN_COMMAND}"
