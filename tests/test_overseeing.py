"""What admins do about the index in Telegram: versions, documents, failures, the schedule."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.acting import Admin
from bot.confirming import LASTS, Confirmations
from bot.documents import Documents
from bot.exporting import Exporting
from bot.library import Library
from bot.records import Records
from bot.records.audit import ITSELF
from bot.records.people import Role
from bot.replies import sentence
from index.errors import DocumentsUnreadable
from index.passages import Document, Failure, Generation, ReindexReport
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.shelf import CATS, Shelf, talking

BOSS, OTHER, ANN = 99, 98, 7
DOGS = Document(source="animals/dogs.txt", title="Dogs", text="Dogs bark.")
NEWER = Generation(number=5, built=datetime(2026, 8, 2, 10, 30, tzinfo=UTC), documents=2)
OLDER = Generation(
    number=3, built=datetime(2026, 8, 1, 9, 0, tzinfo=UTC), documents=1, current=False
)


def versions() -> list[Generation]:
    return [NEWER, OLDER]


async def said(server: BotApiServer, chat: Any, count: int = 1) -> list[dict[str, Any]]:
    """What the bot said, once it is that much and nothing more comes."""
    await server.wait_for(lambda: len(server.bot_messages(chat)) >= count)
    await server.quiet()
    return server.bot_messages(chat)


async def shown(server: BotApiServer, chat: Any, beginning: str) -> dict[str, Any]:
    """The bot's message that begins so, once it is there."""

    def found() -> list[dict[str, Any]]:
        messages = server.bot_messages(chat)
        return [each for each in messages if each.get("text", "").startswith(beginning)]

    return (await server.wait_for(found))[-1]


def data_of(message: dict[str, Any], label: str) -> str:
    """What the button with this label carries."""
    return next(str(each["callback_data"]) for each in buttons(message) if each["text"] == label)


async def press(server: BotApiServer, user: Any, message: dict[str, Any], label: str) -> str:
    """A person presses a button; what Telegram shows them for it, if anything."""
    query = await server.press(user, message, data_of(message, label))
    await server.wait_for(lambda: query in server.callback_answers)
    await server.quiet()
    return str(server.callback_answers[query].get("text", ""))


# --- an empty folder ---


@pytest.mark.parametrize(("unchanged", "says_so"), [(0, True), (3, False)])
async def test_a_reindex_that_found_no_documents_says_where_they_belong(
    server: BotApiServer, unchanged: int, says_so: bool
):
    boss, shelf = server.person(BOSS), Shelf(report=ReindexReport(unchanged=unchanged))
    shelf.gate.set()

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/reindex")
        report = await shown(server, boss, words.REINDEX_SAME)

    assert (words.FOLDER_EMPTY in report["text"]) is says_so


# --- going back ---


async def test_a_rollback_says_from_where_to_where_and_waits_for_a_yes(server: BotApiServer):
    boss, shelf, records = server.person(BOSS), Shelf(versions=versions()), Records()

    async with talking(server, shelf, records, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/rollback")
        [asked] = await said(server, boss)
        before = shelf.versions
        question = asked["text"]
        await press(server, boss, asked, "Go back to version 3")
        answered = await shown(server, boss, "Questions are answered")

    assert before == versions()
    assert [
        part in question for part in ("version 3 of 2026-08-01 09:00", "version 5 of 2026-08-02")
    ] == [True, True]
    assert answered["text"].startswith("Questions are answered from version 3 of 2026-08-01 09:00")
    assert [each.current for each in shelf.versions] == [False, True]
    assert [(each.action, each.detail) for each in records.audit.latest(5)] == [
        ("rollback", "5 → 3")
    ]


async def test_after_a_rollback_nothing_is_remembered_of_a_conversation(server: BotApiServer):
    boss, shelf = server.person(BOSS), Shelf(versions=versions())

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "a cat?")
        await said(server, boss)
        await server.send_text(boss, boss, "/rollback")
        asked = (await said(server, boss, 2))[-1]
        await press(server, boss, asked, "Go back to version 3")
        await shown(server, boss, "Questions are answered")
        await server.send_text(boss, boss, "and a cat?")
        await said(server, boss, 3)

    assert shelf.asked[-1][1] == []


async def test_a_no_leaves_everything(server: BotApiServer):
    boss, shelf = server.person(BOSS), Shelf(versions=versions())

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/rollback")
        [asked] = await said(server, boss)
        yes = data_of(asked, "Go back to version 3")
        await press(server, boss, asked, words.LEAVE_IT)
        left = await shown(server, boss, words.LEFT)

    assert (left["text"], shelf.versions, list(buttons(left))) == (words.LEFT, versions(), [])
    assert yes.startswith("yes:")


async def test_a_question_belongs_to_the_one_who_asked_for_it(server: BotApiServer):
    boss, other = server.person(BOSS), server.person(OTHER)
    group, shelf = server.group(-5, members=[boss, other]), Shelf(versions=versions())

    async with talking(server, shelf, admin_ids={BOSS, OTHER}):
        await server.send_text(group, boss, "/rollback")
        [asked] = await said(server, group)
        told = await press(server, other, asked, "Go back to version 3")
        left = await press(server, other, asked, words.LEAVE_IT)

    assert ([told, left], shelf.versions) == ([words.NOT_YOURS] * 2, versions())


async def test_who_is_no_admin_any_more_decides_nothing(server: BotApiServer):
    boss, other = server.person(BOSS), server.person(OTHER)
    shelf, records = Shelf(versions=versions()), Records()
    records.people.give(OTHER, Role.ADMIN)

    async with talking(server, shelf, records, admin_ids={BOSS}, owner_id=BOSS):
        await server.send_text(other, other, "/rollback")
        [asked] = await said(server, other)
        await server.send_text(boss, boss, f"/demote {OTHER}")
        await said(server, boss)
        told = await press(server, other, asked, "Go back to version 3")

    assert (told, shelf.versions) == (words.OLD_BUTTON, versions())


async def test_a_reindex_in_between_calls_a_rollback_off(server: BotApiServer):
    boss, shelf = server.person(BOSS), Shelf(versions=versions())

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/rollback")
        [asked] = await said(server, boss)
        shelf.versions = [Generation(number=6, built=NEWER.built), *versions()[1:]]
        await press(server, boss, asked, "Go back to version 3")
        answered = await shown(server, boss, words.ROLLBACK_OVERTAKEN)

    assert (answered["text"], shelf.versions[0].number) == (words.ROLLBACK_OVERTAKEN, 6)


async def test_without_an_earlier_version_there_is_nothing_to_confirm(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, Shelf(versions=[NEWER]), admin_ids={BOSS}):
        await server.send_text(boss, boss, "/rollback")
        [told] = await said(server, boss)

    assert (told["text"], list(buttons(told))) == (
        "There is no earlier version of the index to go back to.",
        [],
    )


async def test_a_question_closes_after_a_while_and_is_good_for_one_yes():
    now, done = [0.0], []
    confirmations, boss = Confirmations(lambda: now[0]), Admin(id=BOSS)

    async def act():
        done.append(now[0])
        return sentence("Done.")

    first = confirmations.ask(boss, sentence("Sure?"), "Yes", act).buttons[0][0].data[4:]
    step = confirmations.agree(boss, first)
    again = confirmations.agree(boss, first)
    second = confirmations.ask(boss, sentence("Sure?"), "Yes", act).buttons[0][0].data[4:]
    now[0] = LASTS + 1
    late = confirmations.agree(boss, second)

    assert not isinstance(step, str)
    assert (again, late, done) == (words.TOO_LATE, words.TOO_LATE, [])


# --- documents ---


async def test_documents_are_found_by_words_of_title_and_source(server: BotApiServer):
    boss = server.person(BOSS)
    many = [Document(source=f"{n}.txt", title=f"Note {n:02}", text="x.") for n in range(20)]

    async with talking(server, Shelf(documents_held=[CATS, DOGS, *many]), admin_ids={BOSS}):
        await server.send_text(boss, boss, "/docs animals CAT")
        [found] = await said(server, boss)
        await server.send_text(boss, boss, "/docs note")
        first = (await said(server, boss, 2))[-1]
        before = first["text"]
        await press(server, boss, first, words.LATER)
        second = await shown(server, boss, "20 documents")
        await server.wait_for(lambda: "Note 08" in second["text"])

    assert found["text"].split("\n") == [
        "1 document with “animals CAT” in title or name",
        "",
        "Cats · 4 September 2021",
    ]
    assert ["Note 07" in before, "Note 08" in before] == [True, False]
    assert ["Note 07" in second["text"], "Note 08" in second["text"]] == [False, True]


async def test_a_document_tells_its_details_and_opens(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, Shelf(), admin_ids={BOSS}):
        await server.send_text(boss, boss, "/docs cats")
        [found] = await said(server, boss)
        await press(server, boss, found, "Cats")
        details = await shown(server, boss, "Cats\nFile")
        await press(server, boss, details, words.DOC_OPEN)
        opened = (await said(server, boss, 3))[-1]

    assert details["text"].split("\n") == [
        "Cats",
        "File: animals/cats.txt",
        "Date: 4 September 2021",
        "Holds: 3 sentences in 1 passage",
        "Read: 2026-08-02 10:30 UTC",
        "State: as it was read last",
    ]
    assert CATS.text in opened["text"]


async def test_a_failed_file_is_among_the_documents_with_its_reason(server: BotApiServer):
    boss, shelf = server.person(BOSS), Shelf()

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/docs broken")
        [found] = await said(server, boss)
        await press(server, boss, found, "broken.pdf")
        details = await shown(server, boss, "broken.pdf\nFile")
        await press(server, boss, details, words.DOC_FORGET)
        asked = await shown(server, boss, "Forget “")
        await press(server, boss, asked, words.FORGET_YES)
        forgotten = await shown(server, boss, "Forgotten")

    assert "could not be read: it is broken" in found["text"]
    assert [each["text"] for each in buttons(details)] == [words.DOC_FORGET]
    assert (forgotten["text"], shelf.failed) == ("Forgotten: broken.pdf", [])


@pytest.mark.parametrize("named", ["Cats", "animals/cats.txt", "“cats”", "cat"])
async def test_a_document_is_forgotten_by_its_title_or_source_after_a_yes(
    server: BotApiServer, named: str
):
    boss, records = server.person(BOSS), Records()
    shelf = Shelf(documents_held=[CATS, DOGS])

    async with talking(server, shelf, records, admin_ids={BOSS}):
        await server.send_text(boss, boss, f"/forget {named}")
        [asked] = await said(server, boss)
        held = list(shelf.documents_held)
        question = asked["text"].split("\n")[0]
        await press(server, boss, asked, words.FORGET_YES)
        answered = await shown(server, boss, "Forgotten")

    assert (question, held) == ("Forget “Cats” (animals/cats.txt)?", [CATS, DOGS])
    assert (answered["text"], shelf.documents_held) == ("Forgotten: animals/cats.txt", [DOGS])
    assert [(each.actor, each.action, each.detail) for each in records.audit.latest(5)] == [
        (BOSS, "forget", "animals/cats.txt")
    ]


async def test_an_unclear_title_offers_a_choice(server: BotApiServer):
    boss, shelf = server.person(BOSS), Shelf(documents_held=[CATS, DOGS])

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/forget animals")
        [choice] = await said(server, boss)
        await press(server, boss, choice, "Dogs")
        asked = await shown(server, boss, "Forget “")

    assert choice["text"].startswith(words.FORGET_WHICH)
    assert asked["text"].startswith("Forget “Dogs” (animals/dogs.txt)?")
    assert shelf.documents_held == [CATS, DOGS]


async def test_what_is_not_there_cannot_be_forgotten(server: BotApiServer):
    boss = server.person(BOSS)

    async with talking(server, Shelf(), admin_ids={BOSS}):
        await server.send_text(boss, boss, "/forget")
        await server.send_text(boss, boss, "/forget mice")
        told = [each["text"] for each in await said(server, boss, 2)]

    assert told == [words.FORGET_WHAT, words.FORGET_NONE.format(named="mice")]


async def test_with_a_document_go_the_exports_that_hold_it(server: BotApiServer, tmp_path: Path):
    boss, records = server.person(BOSS), Records(tmp_path)
    (tmp_path / "export").mkdir()
    (tmp_path / "export/quoth-2026-08-02-103000.zip").write_bytes(b"A cat sleeps")

    async with talking(server, Shelf(), records, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/forget cats")
        asked = await shown(server, boss, "Forget “")
        await press(server, boss, asked, words.FORGET_YES)
        await shown(server, boss, "Forgotten")

    assert list((tmp_path / "export").iterdir()) == []


@given(st.text(max_size=100))
async def test_buttons_carry_any_words_that_are_looked_for(sought: str):
    many = [Document(source=f"{n} {sought}", title=f"{n}", text="x.") for n in range(20)]
    documents = Documents(
        library=Library(Shelf(documents_held=many)),
        confirmations=Confirmations(),
        audit=Records().audit,
        changed=lambda: None,
    )

    reply = await documents.listed(Admin(id=BOSS), sought)

    carried = [button.data for row in reply.buttons for button in row]
    assert all(0 < len(data.encode("utf-8")) <= 64 for data in carried)
    if carried[-1].startswith("docs:"):
        step = documents.turn(Admin(id=BOSS), carried[-1].removeprefix("docs:"))
        assert not isinstance(step, str)
        assert (await step.act()).buttons


# --- failures ---


async def test_all_failures_come_as_a_file(server: BotApiServer):
    boss = server.person(BOSS)
    failed = [Failure(source=f"{n}.pdf", reason="it is\nencrypted") for n in range(25)]
    shelf = Shelf(report=ReindexReport(failed=tuple(failed)), failed=failed)
    shelf.gate.set()

    async with talking(server, shelf, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/reindex")
        [_, report] = await said(server, boss, 2)
        await press(server, boss, report, words.ALL_FAILURES)
        sent = (await said(server, boss, 3))[-1]

    content = server.files[sent["document"]["file_id"]].content.decode("utf-8-sig")
    assert ["9.pdf: it is encrypted" in report["text"], "… and 15 more" in report["text"]] == [
        True,
        True,
    ]
    assert content.splitlines() == [f"{n}.pdf: it is encrypted" for n in range(25)]
    assert sent["document"]["file_name"] == "failures.txt"
    assert sent["caption"].startswith("25 files could not be read")


# --- the schedule ---


class Watched(Shelf):
    """Counts how often it is reindexed, and how many at once."""

    runs = going = most = 0

    def reindex(self, *given: Any, **named: Any) -> ReindexReport:
        self.runs += 1
        self.going += 1
        self.most = max(self.most, self.going)
        try:
            report = super().reindex(*given, **named)
        finally:
            self.going -= 1
        self.report = ReindexReport(unchanged=1)
        return report


async def test_a_reindex_on_schedule_tells_what_changed_once(server: BotApiServer):
    boss, records = server.person(BOSS), Records()
    shelf = Watched(report=ReindexReport(added=("new.txt",)))
    await server.send_text(boss, boss, "/start")
    shelf.gate.set()

    async with talking(server, shelf, records, admin_ids={BOSS}, reindex_every=0.05):
        await server.wait_for(lambda: shelf.runs > 3)
        await server.send_text(boss, boss, "/status")
        status = await shown(server, boss, "1 document")

    told = [each["text"] for each in server.bot_messages(boss)]
    assert sum("new.txt" in text for text in told) == 1
    assert ["Last reindex: " in status["text"], "Next reindex: " in status["text"]] == [True, True]
    assert [(each.actor, each.action) for each in records.audit.latest(5)] == [(ITSELF, "reindex")]


async def test_the_same_trouble_on_schedule_is_told_once(server: BotApiServer, tmp_path: Path):
    error = DocumentsUnreadable(tmp_path, "it does not exist")
    boss, shelf = server.person(BOSS), Watched(report=error)
    await server.send_text(boss, boss, "/start")
    shelf.gate.set()

    async with talking(server, shelf, admin_ids={BOSS}, reindex_every=0.02):
        await server.wait_for(lambda: shelf.runs > 4)
        await said(server, boss, 2)

    told = [each["text"] for each in server.bot_messages(boss)]
    assert told.count(words.REINDEX_FAILED_SO.format(error=error)) == 1


async def test_reindexes_by_hand_and_on_schedule_never_overlap(server: BotApiServer):
    boss, shelf = server.person(BOSS), Watched()

    async with talking(server, shelf, admin_ids={BOSS}, reindex_every=0.02):
        await server.wait_for(lambda: shelf.going)
        await server.send_text(boss, boss, "/reindex")
        refused = await shown(server, boss, "A reindex is already running")
        await server.send_text(boss, boss, "/cancel")
        await server.wait_for(lambda: shelf.runs > 1)

    assert ("1 of 2" in refused["text"], shelf.most) == (True, 1)


# --- the whole index as a file ---


async def test_the_owner_gets_the_whole_index_and_nothing_is_left_of_it(
    server: BotApiServer, tmp_path: Path
):
    boss, records = server.person(BOSS), Records(tmp_path)

    async with talking(server, Shelf(), records, owner_id=BOSS):
        await server.send_text(boss, boss, "/export")
        await server.wait_for(lambda: server.bot_messages(boss))
        [sent] = server.bot_messages(boss)

    assert server.files[sent["document"]["file_id"]].content == b"the whole shelf"
    assert sent["caption"].startswith("The whole index, 15 bytes.")
    assert list((tmp_path / "export").iterdir()) == []
    assert [each.action for each in records.audit.latest(5)] == ["export"]


async def test_an_index_that_is_too_large_says_where_it_lies(tmp_path: Path):
    owner, library = Admin(id=BOSS, owner=True, private=True), Library(Shelf())

    told = await Exporting(library, Records(tmp_path), largest=14).export(owner)

    [file] = (tmp_path / "export").iterdir()
    assert (str(file) in told.text, told.enclosed) == (True, None)


async def test_the_index_goes_to_the_owner_alone_and_in_private(server: BotApiServer):
    boss, other = server.person(BOSS), server.person(OTHER)
    group = server.group(-5, members=[boss])

    async with talking(server, Shelf(), owner_id=BOSS, admin_ids={OTHER}):
        await server.send_text(other, other, "/export")
        await server.send_text(group, boss, "/export")
        [to_other] = await said(server, other)
        [to_group] = await said(server, group)

    assert [to_other["text"], to_group["text"]] == [words.FOR_THE_OWNER, words.IN_PRIVATE]
