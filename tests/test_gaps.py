"""What was asked in vain: grouped by what it asks for, shown to admins, made items."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from bench.sets import load_set
from bot import words
from bot.acting import Admin
from bot.gaps import DAYS, Gaps
from bot.library import Library
from bot.records import Records
from bot.records.answers import Answered
from index.errors import IndexDamaged
from index.grouping import grouped
from index.passages import Contribution
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons
from tests.doubles import WordEmbedder, write
from tests.scoped_index import opened
from tests.shelf import CATS, EVIDENCE, Shelf, talking
from tests.test_overseeing import press, said, shown

BOSS = 99
ADMIN = Admin(id=BOSS, owner=True, private=True)
GROUPS = Path(__file__).parent / "question_groups.jsonl"


def asked(
    records: Records, question: str, *, answered: bool = False, down: int = 0, own: bool = False
) -> None:
    """Notes a question, and votes against its answer."""
    note = Answered(
        chat=7, asker=7, question=question, answered=answered, seconds=0.1, generation=1, own=own
    )
    id = records.answers.note(note, [])
    for person in range(down):
        records.answers.vote(id, person, up=False)


def labels(message: dict) -> list[str]:
    return [each["text"] for each in buttons(message)]


@pytest.mark.usefixtures("small_models")
async def test_what_is_asked_of_an_empty_index_is_no_gap(server: BotApiServer, tmp_path: Path):
    ann = server.person(7)
    records = Records(tmp_path / "records")
    write(tmp_path / "documents")

    with opened(tmp_path) as index:
        index.reindex()
        async with talking(server, index, records):
            await server.send_text(ann, ann, "how long do cats sleep?")
            [told] = await server.wait_for(lambda: server.bot_messages(ann))
            await server.quiet()

    assert told["text"] == words.HOLDS_NOTHING
    assert records.answers.since(0) == []


async def test_gaps_are_grouped_and_counted_newest_first(tmp_path: Path):
    now = [1_000_000.0]
    records = Records(tmp_path, clock=lambda: now[0])
    asked(records, "long ago about dogs?")
    now[0] += (DAYS + 1) * 24 * 3600
    asked(records, "how long do dogs sleep?")
    asked(records, "a good answer on sleep?", answered=True)
    asked(records, "what do dogs eat?")
    asked(records, "why do cats eat?", answered=True, down=1)

    reply = await Gaps(Library(Shelf()), records, clock=lambda: now[0]).listed(ADMIN)

    assert reply.text.split("\n\n") == [
        "3 questions of the last 90 days refused, or voted down more than up",
        "why do cats eat?\nrefused 1 × · voted down 1 × · last on 1970-04-13",
        "how long do dogs sleep?\nrefused 1 × · last on 1970-04-13",
    ]
    assert [row[0].label for row in reply.buttons] == [
        "why do cats eat?",
        "how long do dogs sleep?",
    ]


async def test_an_admin_says_what_should_have_been_the_answer(server: BotApiServer, tmp_path: Path):
    boss, records = server.person(BOSS), Records(tmp_path)
    asked(records, "how long does it sleep?")
    asked(records, "does a dog sleep?")

    async with talking(server, Shelf(), records, admin_ids={BOSS}):
        await server.send_text(boss, boss, "/gaps")
        listed = await shown(server, boss, "2 questions")
        await press(server, boss, listed, "does a dog sleep?")
        details = await shown(server, boss, "does a dog sleep?")
        await press(server, boss, details, words.GAP_ANSWERS.format(number=1))
        kept = await shown(server, boss, "Kept: ")
        await server.send_text(boss, boss, "/gaps")
        none = await shown(server, boss, "In the last 90 days")

    [line] = (tmp_path / "evaluation/questions.jsonl").read_text("utf-8").splitlines()
    assert "how long does it sleep?" in details["text"]
    assert EVIDENCE in details["text"]
    assert json.loads(line) == {
        "id": "gap-2",
        "question": "does a dog sleep?",
        "answerable": True,
        "document": CATS.source,
        "passage": CATS.text,
        "answers": [EVIDENCE],
        "evidence": [EVIDENCE],
    }
    assert (kept["text"].count("Cats"), none["text"]) == (1, words.GAPS_NONE.format(days=DAYS))
    assert [each.action for each in records.audit.latest(3)] == ["gaps"]


async def test_the_bench_reads_what_was_noted(tmp_path: Path):
    records, shelf = Records(tmp_path), Shelf()
    gaps = Gaps(Library(shelf), records)
    for number in range(2):
        asked(records, f"question number {number}?")
        listed = await gaps.listed(ADMIN)
        step = gaps.open(ADMIN, listed.buttons[0][0].data.partition(":")[2])
        assert not isinstance(step, str)
        details = await step.act()
        label = (words.GAP_ANSWERS.format(number=1), words.GAP_UNANSWERABLE)[number]
        [data] = [row[0].data for row in details.buttons if row[0].label == label]
        judged = gaps.judge(ADMIN, data.partition(":")[2])
        assert not isinstance(judged, str)
        await judged.act()
    document = tmp_path / "evaluation/documents" / CATS.source
    document.parent.mkdir(parents=True)
    document.write_text(CATS.text, "utf-8")

    found = load_set(tmp_path / "evaluation").questions

    assert [(each.text, each.answerable, each.answers) for each in found] == [
        ("question number 0?", True, (EVIDENCE,)),
        ("question number 1?", False, ()),
    ]


async def test_what_is_settled_leaves_the_list_until_it_is_asked_again(tmp_path: Path):
    records = Records(tmp_path)
    gaps = Gaps(Library(Shelf()), records)
    asked(records, "a dog?")

    before = await gaps.listed(ADMIN)
    step = gaps.settle(ADMIN, "1")
    assert not isinstance(step, str)
    await step.act()
    after = await gaps.listed(ADMIN)
    asked(records, "a dog?")
    again = await gaps.listed(ADMIN)

    assert [reply.text.count("a dog?") for reply in (before, after, again)] == [1, 0, 1]


async def test_what_is_asked_beside_own_documents_is_counted_and_not_shown(tmp_path: Path):
    records = Records(tmp_path)
    gaps = Gaps(Library(Shelf()), records)
    asked(records, "what does my doctor say?", own=True)
    asked(records, "what do dogs eat?", answered=True, down=1, own=True)
    none = await gaps.listed(ADMIN)
    asked(records, "why do dogs eat?")

    some = await gaps.listed(ADMIN)
    step = gaps.open(ADMIN, "1")
    assert not isinstance(step, str)
    opened = await step.act()

    hidden = words.GAPS_OWN.format(questions="2 questions")
    assert none.text.split("\n\n") == [words.GAPS_NONE.format(days=DAYS), hidden]
    assert (some.text.count("eat?"), some.text.endswith(hidden)) == (1, True)
    assert opened.text == words.GAP_GONE


@pytest.mark.usefixtures("small_models")
async def test_admins_see_what_was_asked_of_the_shared_documents_and_never_who_asked(
    server: BotApiServer, tmp_path: Path
):
    boss, ann = server.person(BOSS, "Boss"), server.person(7, "Annabel", username="annabel")
    bob = server.person(8, "Bobby", username="bobby")
    group = server.group(-5, "Family", members=[ann])
    write(tmp_path / "documents", bears="Bears\n\nThe bears of the forest sleep all winter.")

    with opened(tmp_path) as index:
        index.reindex()
        index.add("letter.txt", b"A letter\n\nThe doctor writes of gout.", "person:7")
        index.add("rent.txt", b"Rent\n\nThe rent is paid in May.", "chat:-5")
        async with talking(server, index, Records(tmp_path), admin_ids={BOSS}):
            await server.send_text(ann, ann, "zebra secret of mine?")
            await server.send_text(group, ann, "/ask zebra secret of ours?")
            await server.send_text(bob, bob, "zebra of everybody?")
            for chat in (ann, group, bob):
                await said(server, chat)
            await server.send_text(boss, boss, "/gaps")
            listed = await shown(server, boss, "1 question ")
            await press(server, boss, listed, "zebra of everybody?")

    told = " ".join(each["text"] for each in server.bot_messages(boss))
    assert words.GAPS_OWN.format(questions="2 questions") in listed["text"]
    assert not [each for each in ("secret", "nnabel", "obby", "Family") if each in told]


async def test_where_it_is_not_known_whether_there_are_own_documents_nothing_is_shown(
    server: BotApiServer,
):
    ann, records = server.person(7), Records()

    async with talking(server, Unreadable(), records):
        await server.send_text(ann, ann, "a dog?")
        await said(server, ann)

    assert [each.own for each in records.answers.since(0)] == [True]


class Unreadable(Shelf):
    """Cannot say what was added."""

    def contributions(self, scope: str) -> list[Contribution]:
        raise IndexDamaged(Path("index"), "it is broken")


async def test_peoples_questions_are_not_read_in_a_group(server: BotApiServer):
    boss, records = server.person(BOSS), Records()
    group = server.group(-5, members=[boss])
    asked(records, "my secret question?")

    async with talking(server, Shelf(), records, admin_ids={BOSS}):
        await server.send_text(group, boss, "/gaps")
        [told] = await said(server, group)

    assert told["text"] == words.IN_PRIVATE


@pytest.mark.parametrize("data", ["", "x", "1", "1:1", "1:2:p:ab:0:1", "9:1:p:ab:0", "1:1:w:ab"])
def test_data_that_is_none_of_ours_judges_nothing(data: str):
    assert Gaps(Library(Shelf()), Records()).judge(ADMIN, data) == words.OLD_BUTTON


def agreement(groups: list[list[int]], names: list[str]) -> float:
    """F1 over pairs: two in a group, and two of a name."""
    pairs = list(itertools.combinations(range(len(names)), 2))
    group_of = {at: number for number, group in enumerate(groups) for at in group}
    together = {(a, b) for a, b in pairs if group_of[a] == group_of[b]}
    meant = {(a, b) for a, b in pairs if names[a] == names[b]}
    return 2 * len(together & meant) / (len(together) + len(meant))


def test_questions_that_ask_for_the_same_fall_together_better_than_by_their_words(sample: Index):
    lines = [json.loads(line) for line in GROUPS.read_text("utf-8").splitlines()]
    questions, names = [each["question"] for each in lines], [each["group"] for each in lines]
    by_words = WordEmbedder(4096).embed(questions)

    agreed = agreement(sample.alike(questions), names)
    at_best = max(agreement(grouped(by_words, at / 20), names) for at in range(2, 20))

    assert (agreed > 0.55, at_best < 0.35) == (True, True), (agreed, at_best)
