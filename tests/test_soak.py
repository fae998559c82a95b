"""The benches that talk to the bot from outside: what they send, what they count, their marks."""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from bench import load, soak
from bench.load import Measured
from bench.marked import MARK, Marked
from bench.soak import ADMIN, Asked, Crowd, Driver, Run, Watch, ended, report
from bot import words
from tests.bot_api import BotApiServer, Call
from tests.doubles import write
from tests.scoped_index import opened
from tests.shelf import Shelf, citation, talking
from tests.test_app import QUESTION, replies

ANN, BOB = 1000, 1001


@dataclass
class Process:
    """As much of a process as is looked at: whether it has ended."""

    returncode: int | None = None
    pid: int = field(default_factory=os.getpid)


def said(chat: int, text: str, **changes: Any) -> Call:
    """A message of the bot."""
    result = {"chat": {"id": chat}, "text": text}
    return replace(Call(method="sendMessage", parameters={}, result=result), **changes)


def run_of(asked: Asked, **changes: Any) -> Run:
    watch = Watch(os.getpid(), ([100.0], [100.0], [100.0], [100.0]))
    return replace(Run(asked=asked, watch=watch, wanted=4, sent=4), **changes)


def failing(run: Run) -> list[str]:
    return [name for name, _, holds in run.verdicts() if not holds]


# --- what is counted ---


def test_an_answer_in_its_own_chat_closes_its_question():
    asked = Asked()
    sent = [asked.ask(ANN, "why?"), asked.ask(ANN, "who?")]

    asked.look([said(ANN, "#2 it was Bob")])

    assert sent == ["#1 why?", "#2 who?"]
    assert (asked.open(), asked.unanswered()) == (1, {ANN: ["#1 why?"]})


def test_a_question_that_was_apologised_for_is_neither_open_nor_lost():
    asked = Asked()
    asked.ask(ANN, "why?")

    asked.look([said(ANN, words.CONNECTION)])

    assert (asked.open(), asked.lost(), asked.unanswered()) == (0, 0, {})


def test_an_apology_excuses_nothing_in_another_chat():
    asked = Asked()
    asked.ask(ANN, "why?")

    asked.look([said(BOB, words.CONNECTION)])

    assert (asked.open(), asked.lost()) == (1, 1)


def test_an_answer_in_another_chat_is_astray_and_its_question_lost():
    asked = Asked()
    asked.ask(ANN, "why?")

    asked.look([said(BOB, "#1 because")])

    assert failing(run_of(asked)) == ["lost", "in a wrong chat"]


def test_an_answer_to_what_nobody_asked_is_astray():
    asked = Asked()

    asked.look([said(BOB, "#7 because")])

    assert failing(run_of(asked)) == ["in a wrong chat"]


def test_a_second_answer_is_one_too_many_though_the_bot_never_heard_of_the_first():
    asked = Asked()
    asked.ask(ANN, "why?")

    asked.look([said(ANN, "#1 because", delivered=False), said(ANN, "#1 because")])

    assert failing(run_of(asked)) == ["answered twice"]
    assert asked.faults == 1


@pytest.mark.parametrize("text", ["#1 because", words.CONNECTION])
def test_an_answer_that_is_written_over_another_message_is_told(text: str):
    asked = Asked()
    asked.ask(ANN, "why?")
    edit = Call(method="editMessageText", parameters={"chat_id": ANN, "text": text})

    asked.look([replace(edit, error="message is not modified"), edit])

    assert (asked.overwritten, failing(run_of(asked))) == (
        [text],
        ["lost", "written over another message"],
    )


def test_a_passage_that_is_walked_through_is_no_answer_written_over():
    asked = Asked()

    asked.look([Call(method="editMessageText", parameters={"chat_id": ANN, "text": "Cats\n…"})])

    assert failing(run_of(asked)) == []


def test_what_telegram_refused_answers_nothing():
    asked = Asked()
    asked.ask(ANN, "why?")

    asked.look([said(ANN, "#1 because", error="Internal Server Error")])

    assert asked.lost() == 1


def test_a_command_is_lost_without_a_reply_and_a_place_in_line_is_none():
    asked = Asked()
    asked.plain[ANN] += 2

    asked.look([said(ANN, words.BUSY.format(place=7)), said(ANN, words.FORGOTTEN)])

    assert asked.lost() == 1


def test_the_progress_of_a_reindex_is_no_report():
    asked = Asked()
    asked.plain[ADMIN] += 1

    asked.look([said(ADMIN, words.REINDEX_SHOWN.format(progress=words.REINDEXING))])

    assert asked.lost() == 1


def test_a_guest_waits_until_an_answer_is_taken():
    asked = Asked(guests={"5", "6", "7"})
    taken = {"guest_query_id": "5"}, {"guest_query_id": 6}

    asked.look([Call(method="answerGuestQuery", parameters=each) for each in taken])
    refused = Call(method="answerGuestQuery", parameters={"guest_query_id": "7"}, error="no")
    asked.look([refused])

    assert (asked.guests, failing(run_of(asked))) == ({"7"}, ["guests without an answer"])


@pytest.mark.parametrize(
    ("changes", "fails"),
    [
        ({}, []),
        ({"sent": 3}, ["updates"]),
        ({"status": 1}, ["exit status"]),
        ({"log": "12:00 ERROR trouble ab12"}, ["errors in the log"]),
        ({"log": "12:00 WARNING sending to chat 7 failed"}, []),
        ({"log": "Task exception was never retrieved"}, ["errors in the log"]),
        ({"watch": Watch(0, ([9.0], [100.0], [100.0], [104.0]))}, []),
        ({"watch": Watch(0, ([9.0], [100.0], [100.0], [106.0]))}, ["MiB by quarter"]),
    ],
)
def test_a_run_is_as_it_should_be_or_says_what_is_not(changes: dict[str, Any], fails: list[str]):
    assert failing(run_of(Asked(), **changes)) == fails


def test_the_report_names_what_got_no_answer_and_what_was_logged(
    capsys: pytest.CaptureFixture[str],
):
    asked = Asked()
    asked.ask(ANN, "why?")

    status = report(run_of(asked, log="fine\n12:00 ERROR trouble ab12\n"))

    printed = capsys.readouterr().out.splitlines()
    assert status == 1
    assert printed[-2:] == [f"No answer in chat {ANN}: #1 why?", "12:00 ERROR trouble ab12"]


def test_memory_is_noted_by_quarter():
    watch = Watch(os.getpid())

    for share in (0.0, 0.3, 0.99, 1.0):
        watch.look(share)

    assert [len(each) for each in watch.quarters] == [1, 1, 0, 2]
    assert [each > 1 for each in watch.means()] == [True, True, False, True]


# --- what is sent ---


async def test_a_crowd_does_everything_and_each_question_has_its_mark(server: BotApiServer):
    crowd = Crowd(server, chats=20, seed=1)
    for _ in range(300):
        await crowd.act()

    sent = [
        (each["chat"]["id"], found[0])
        for update in server.updates
        if (each := update.get("message") or update.get("edited_message"))
        and (found := re.search(r"#\d+", each.get("text", "")))
    ]

    kinds = {name for update in server.updates for name in update} - {"update_id"}
    assert {mark: chat for chat, mark in sent} == {
        mark: each.chat for mark, each in crowd.asked.questions.items()
    }
    assert len(sent) == len(crowd.asked.questions)
    assert kinds == {"message", "edited_message", "inline_query", "guest_message"}
    assert len(crowd.asked.kinds) == 9


async def test_the_same_seed_is_the_same_crowd():
    sent = []
    for _ in range(2):
        async with BotApiServer(flood=None) as server:
            crowd = Crowd(server, chats=9, seed=3)
            for _ in range(50):
                await crowd.act()
            sent.append([each.get("message", {}).get("text") for each in server.updates])

    assert sent[0] == sent[1]


# --- the driver ---


@pytest.mark.usefixtures("small_models")
async def test_a_real_bot_is_driven_to_the_end_and_loses_nothing(
    server: BotApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(soak, "MOST_OPEN", 5)
    write(tmp_path / "documents", bridge="Bridges\n\nIn 1820 Ada Moss restored the old bridge.")
    with opened(tmp_path) as index:
        index.reindex()
        async with talking(
            server, Marked(index), pace=None, admin_ids={ADMIN}, questions_per_minute=1000
        ):
            crowd = Crowd(server, chats=10, seed=2)
            run = Run(asked=crowd.asked, watch=Watch(os.getpid()), wanted=60)
            driver = Driver(server, crowd, Process(), run, patience=20)
            await driver.drive(tmp_path / "documents")
            await driver.calm()

    held = {name for name, _, holds in run.verdicts() if holds}
    wanted = {"updates", "lost", "answered twice", "in a wrong chat", "guests without an answer"}
    assert held >= wanted, report(run)
    assert crowd.asked.found.keys() == crowd.asked.questions.keys()
    assert (tmp_path / "documents" / "more").is_dir()


async def test_a_run_is_broken_off_when_no_answer_comes(
    server: BotApiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(soak, "MOST_OPEN", 3)
    server.updates = Unheard()
    crowd = Crowd(server, chats=10, seed=1)
    run = Run(asked=crowd.asked, watch=Watch(os.getpid()), wanted=60)

    await Driver(server, crowd, Process(), run, patience=0.2).drive(tmp_path)

    named = [each for marks in crowd.asked.unanswered().values() for each in marks]
    assert len(named) == len(crowd.asked.questions) == 4
    assert "updates" in failing(run)


class Unheard(list[Any]):
    """Updates that a bot takes and never answers."""

    def append(self, _: object) -> None:
        return None


async def test_a_run_ends_with_the_bot(server: BotApiServer, tmp_path: Path):
    crowd = Crowd(server, chats=10, seed=1)
    run = Run(asked=crowd.asked, watch=Watch(os.getpid()), wanted=60)

    await Driver(server, crowd, Process(returncode=1), run, patience=60).drive(tmp_path)

    assert run.sent == 0


@pytest.mark.parametrize("deaf", [False, True])
async def test_a_bot_that_does_not_end_is_killed(deaf: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(soak, "END", 0.2)
    listens = "signal.signal(signal.SIGTERM, signal.SIG_IGN);" if deaf else ""
    process = await asyncio.create_subprocess_exec(
        *(
            sys.executable,
            "-c",
            f"import signal, time; {listens} print(1, flush=True); time.sleep(9)",
        ),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout
    await process.stdout.readline()

    status = await ended(process)

    assert status == -(signal.SIGKILL if deaf else signal.SIGTERM)
    assert await ended(process) == status


# --- marks ---


async def test_a_mark_comes_back_before_the_answer_and_is_not_looked_for(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, Marked(shelf)):
        await server.send_text(ann, ann, f"#17 {QUESTION}")
        await server.send_text(ann, ann, "#18 how long does a dog sleep?")
        await server.send_text(ann, ann, QUESTION)
        told = await replies(server, ann, 3)

    marks = [MARK.match(each["text"]) for each in told]
    assert [found and found[0] for found in marks] == ["#17", "#18", None]
    assert shelf.asked[0][0].strip() == QUESTION


async def test_a_mark_stands_also_where_the_text_names_no_speaker(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()
    shelf.reply = replace(Shelf.answer(citation()), asks_speaker=True)

    async with talking(server, Marked(shelf)):
        await server.send_text(ann, ann, "#3 who said so?")
        [told] = await replies(server, ann)

    assert told["text"].startswith(f"#3 {words.NO_SPEAKER}\n")


# --- load ---


async def test_all_who_ask_at_once_and_at_a_rate_are_timed_by_their_own_answers(
    server: BotApiServer,
):
    async with talking(server, Marked(Shelf()), pace=None, questions_per_minute=1000):
        people = load.People(server, chats=4)
        watching = asyncio.create_task(people.watch())
        chosen = argparse.Namespace(reader="none", rounds=2, seconds=0.2)
        measured = await load._measured(people, os.getpid(), chosen)
        watching.cancel()

    asked = [each["text"] for chat in people.everybody for each in server.messages(chat)]
    assert [len(measured.alone), len(measured.at_once), len(measured.at_rate)] == [30, 8, 8]
    assert min(measured.alone + measured.at_once + measured.at_rate) > 0
    assert len({found[0] for each in asked if (found := MARK.match(each))}) == 4 + 30 + 8 + 8


@pytest.mark.parametrize(
    ("slowest", "throughput", "status"), [(0.9, 41.0, 0), (1.1, 41.0, 1), (0.9, 39.0, 1)]
)
def test_a_goal_that_is_missed_is_an_exit_status(slowest: float, throughput: float, status: int):
    ours = Measured(alone=[0.1], at_once=[1.0], throughput=throughput, at_rate=[slowest], work=0.01)

    assert load._report(ours, ours, 40.0) == status


@pytest.mark.usefixtures("small_models")
def test_a_collection_is_made_and_indexed_once(tmp_path: Path):
    load.build(tmp_path, 3)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.txt")}
    load.build(tmp_path, 3)

    with opened(tmp_path) as index:
        assert index.status().passages == 3
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.txt")} == kept
