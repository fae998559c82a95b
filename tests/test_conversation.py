"""A question → a reply, with a short memory, counts, and words for every trouble."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.acting import Admin
from bot.administration import Administration
from bot.conversation import Conversation
from bot.library import Library
from bot.memory import REMEMBERED_SECONDS, REMEMBERED_TURNS, Place
from bot.pointers import Spot
from bot.progress import Pace, Spaced
from index.errors import DocumentsUnreadable, IndexBusy, IndexMissing, ModelUnavailable
from index.passages import Progress, ReindexReport
from index.scopes import PUBLIC
from tests.shelf import CATS, Shelf

HERE, THERE = Place(1, None, 1), Place(1, 5, 1)
BOSS = Admin(id=99)


async def test_the_history_of_a_place_goes_with_its_next_question():
    shelf = Shelf()
    conversation = Conversation(Library(shelf))

    await conversation.ask(HERE, "a cat?")
    await conversation.ask(HERE, "and then, cat?")
    await conversation.ask(THERE, "a cat elsewhere?")

    assert [[turn.question for turn in history] for _, history in shelf.asked] == [
        [],
        ["a cat?"],
        [],
    ]


async def test_a_refusal_is_not_remembered():
    shelf = Shelf()
    conversation = Conversation(Library(shelf))

    await conversation.ask(HERE, "a dog?")
    await conversation.ask(HERE, "a cat?")

    assert shelf.asked[1][1] == []


async def test_the_memory_is_short_and_fades():
    now, shelf = [0.0], Shelf()
    conversation = Conversation(Library(shelf), clock=lambda: now[0])

    for number in range(REMEMBERED_TURNS + 3):
        await conversation.ask(HERE, f"cat {number}?")
    full = len(shelf.asked[-1][1])
    now[0] = REMEMBERED_SECONDS + 1
    await conversation.ask(HERE, "cat?")

    assert (full, shelf.asked[-1][1]) == (REMEMBERED_TURNS, [])


async def test_questions_and_refusals_are_counted_but_not_what_is_no_question():
    conversation = Conversation(Library(Shelf()))

    for asked in ("a cat?", "a dog?", "?!"):
        await conversation.ask(HERE, asked)

    assert (conversation.counts.questions, conversation.counts.refusals) == (2, 1)


async def test_a_missing_index_is_said_without_paths():
    conversation = Conversation(Library(Shelf(reply=IndexMissing(Path("/secret/place")))))

    reply = (await conversation.ask(HERE, "a cat?")).reply

    assert reply.text == words.NO_INDEX


async def test_a_trouble_of_the_index_is_its_sentence():
    conversation = Conversation(Library(Shelf(reply=ModelUnavailable("m", "it is not there"))))

    reply = (await conversation.ask(HERE, "a cat?")).reply

    assert reply.text == "The model m cannot be loaded: it is not there"


async def test_a_passage_that_is_gone_is_said():
    conversation = Conversation(Library(Shelf(documents_held=[])))

    reply = await conversation.opening.open(Spot(CATS.id, 0, 4), PUBLIC)

    assert "no longer in the documents" in reply.text


async def test_an_empty_index_knows_nothing():
    conversation = Conversation(Library(Shelf(documents_held=[])))

    assert await conversation.holdings(7) == words.HOLDS_NOTHING


@given(st.text(max_size=10_000))
async def test_any_text_gets_a_reply(question: str):
    reply = (await Conversation(Library(Shelf())).ask(HERE, question)).reply

    assert reply.text


# --- administration ---


async def test_a_reindex_forgets_what_was_said():
    shelf = Shelf()
    shelf.gate.set()
    conversation = Conversation(Library(shelf))
    await conversation.ask(HERE, "a cat?")

    await Administration(Library(shelf), conversation).reindex(BOSS)
    await conversation.ask(HERE, "a cat again?")

    assert shelf.asked[-1][1] == []


@pytest.mark.parametrize(
    "error", [IndexBusy("process 7"), DocumentsUnreadable(Path("docs"), "it does not exist")]
)
async def test_a_reindex_that_cannot_run_says_why_and_can_run_later(error: Exception):
    shelf = Shelf(report=error)
    shelf.gate.set()
    administration = Administration(Library(shelf), Conversation(Library(shelf)))

    refused = await administration.reindex(BOSS)
    shelf.report = ReindexReport(unchanged=1)
    later = await administration.reindex(BOSS)

    assert [refused.text, later.blocks[0].text] == [str(error), words.REINDEX_SAME]


async def test_a_long_report_names_some_and_counts_the_rest():
    shelf = Shelf(report=ReindexReport(added=tuple(f"{n}.txt" for n in range(25))))
    shelf.gate.set()

    reply = await Administration(Library(shelf), Conversation(Library(shelf))).reindex(BOSS)

    assert ("25 added" in reply.text, "… and 15 more" in reply.text) == (True, True)


async def test_the_status_says_what_is_held():
    reply = await Administration(Library(Shelf()), Conversation(Library(Shelf()))).command(
        "status", BOSS
    )

    lines = reply.text.split("\n")
    assert lines[:2] == [
        "1 document, 1 passage, 3 sentences",
        "Index: 2026-08-02 10:30 UTC (version 1)",
    ]


def test_progress_is_told_for_each_stage_and_now_and_then_within_it():
    now, told = [0.0], []
    spaced = Spaced(told.append, seconds=5, clock=lambda: now[0])

    for second in range(8):
        now[0] = float(second)
        spaced(Progress(stage="reading", done=second, total=9))
    spaced(Progress(stage="switching", done=9, total=9))

    assert told == [
        words.READING.format(done=0, total=9),
        words.READING.format(done=5, total=9),
        words.SWITCHING,
    ]


def test_progress_tells_documents_passages_rate_and_time_left():
    pace = Pace()

    for done, seconds in ((5_000, 0.1), (5_001, 2.0), (5_008, 3.6), (5_036, 7.1)):
        progress = Progress(stage="reading", done=done, total=5_100, passages=done, seconds=seconds)
        pace.hear(progress)

    assert pace.line() == (
        "Reading the documents: 5,036 of 5,100, 5,036 passages so far, 5 a second, about 12 s left"
    )


def test_a_rate_is_of_late_and_of_minutes_when_it_is_slow():
    pace = Pace()

    for second in range(100):
        done = 1_000 + second // 10
        pace.hear(Progress(stage="reading", done=done, total=1_019, seconds=float(second)))

    assert pace.line().endswith("1,009 of 1,019, 6 a minute, about 1 min 40 s left")


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [
        (0.04, "0.0 s"),
        (9.96, "10 s"),
        (59.6, "1 min 0 s"),
        (185, "3 min 5 s"),
        (7800, "2 h 10 min"),
    ],
)
def test_durations_are_spoken(seconds: float, spoken: str):
    assert words.spoken_duration(seconds) == spoken


@pytest.mark.parametrize(
    ("size", "spoken"), [(1, "1 byte"), (1023, "1,023 bytes"), (1024, "1.0 KB"), (2**40, "1.0 TB")]
)
def test_sizes_are_spoken(size: int, spoken: str):
    assert words.spoken_size(size) == spoken
