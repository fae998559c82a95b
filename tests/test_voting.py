"""👍 and 👎, as buttons and as reactions: one vote a person, on the answer it was given to."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot import words
from bot.records import Records
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import QUESTION, replies
from tests.test_opening import labelled


def votes(records: Records) -> list[tuple[str, bool, int, int]]:
    """(question, answered, up, down) of each question that was noted."""
    return [(each.question, each.answered, each.up, each.down) for each in records.answers.since(0)]


async def toast(server: BotApiServer, query: str) -> str:
    await server.wait_for(lambda: query in server.callback_answers)
    return str(server.callback_answers[query].get("text"))


async def test_answers_and_refusals_are_noted_with_their_questions(server: BotApiServer):
    ann, records = server.person(7), Records()

    async with talking(server, Shelf(), records):
        for asked in (QUESTION, "what of dogs?", "?!"):
            await server.send_text(ann, ann, asked)
        await replies(server, ann, 3)

    assert votes(records) == [(QUESTION, True, 0, 0), ("what of dogs?", False, 0, 0)]


async def test_a_vote_is_noted_and_the_same_again_takes_it_back(server: BotApiServer):
    ann, records, said, noted = server.person(7), Records(), [], []

    async with talking(server, Shelf(), records):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        for label in (words.VOTE_UP, words.VOTE_DOWN, words.VOTE_DOWN):
            query = await server.press(ann, answer, labelled(answer, label))
            said.append(await toast(server, query))
            noted += [each[2:] for each in votes(records)]

    assert said == [words.VOTED_UP, words.VOTED_DOWN, words.VOTE_TAKEN_BACK]
    assert noted == [(1, 0), (0, 1), (0, 0)]


async def test_a_vote_counts_after_a_restart(server: BotApiServer, tmp_path: Path):
    ann = server.person(7)

    with Records(tmp_path) as records:
        async with talking(server, Shelf(), records):
            await server.send_text(ann, ann, QUESTION)
            [answer] = await replies(server, ann)
    with Records(tmp_path) as records:
        async with talking(server, Shelf(), records):
            query = await server.press(ann, answer, labelled(answer, words.VOTE_DOWN))
            await toast(server, query)
        assert votes(records) == [(QUESTION, True, 0, 1)]


async def test_a_vote_on_an_answer_that_was_not_kept_says_so(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
    async with talking(server, Shelf()):
        query = await server.press(ann, answer, labelled(answer, words.VOTE_UP))
        said = await toast(server, query)

    assert said == words.VOTE_TOO_LATE


async def test_those_who_may_not_ask_may_not_vote(server: BotApiServer):
    ann, eve, records = server.person(7), server.person(8), Records()
    group = server.group(-5, members=[ann, eve])

    async with talking(server, Shelf(), records, allowed_ids={7}):
        await server.send_text(group, ann, f"/ask {QUESTION}")
        [answer] = await replies(server, group)
        query = await server.press(eve, answer, labelled(answer, words.VOTE_DOWN))
        await toast(server, query)

    assert votes(records) == [(QUESTION, True, 0, 0)]


@pytest.mark.parametrize(
    ("emoji", "noted"),
    [(["👍"], (1, 0)), (["👎"], (0, 1)), (["👍", "👎"], (0, 1)), (["🔥"], (0, 0))],
)
async def test_a_reaction_is_a_vote(server: BotApiServer, emoji: list[str], noted: tuple[int, int]):
    ann, records = server.person(7), Records()

    async with talking(server, Shelf(), records):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.react(ann, answer, *emoji)
        await server.quiet()

    assert [each[2:] for each in votes(records)] == [noted]


async def test_a_reaction_that_is_taken_away_takes_the_vote_back(server: BotApiServer):
    ann, records = server.person(7), Records()

    async with talking(server, Shelf(), records):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.react(ann, answer, "👎")
        await server.react(ann, answer)
        await server.quiet()

    assert votes(records) == [(QUESTION, True, 0, 0)]


async def test_a_reaction_to_anything_else_is_passed_over(server: BotApiServer):
    ann, records = server.person(7), Records()

    async with talking(server, Shelf(), records):
        said = await server.send_text(ann, ann, "/help")
        await replies(server, ann)
        await server.react(ann, said, "👍")
        await server.quiet()

    assert votes(records) == []


async def test_records_that_fail_cost_no_answer(
    server: BotApiServer, caplog: pytest.LogCaptureFixture
):
    ann, records = server.person(7), Records()
    records.database.change("DROP TABLE answer_message")

    async with talking(server, Shelf(), records):
        await server.send_text(ann, ann, QUESTION)
        said = await replies(server, ann)

    assert [each["text"].split("\n")[0] for each in said] == ["sixteen hours"]
    assert "could not be noted" in caplog.text
