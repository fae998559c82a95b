"""Follow-ups: what a question follows, for how long, and that it is nobody else's."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.conversation import Conversation
from bot.library import Library
from bot.memory import KEPT_SECONDS, Exchange, Memory, Place
from bot.records import Records
from bot.replies import sentence
from index.errors import IndexDamaged
from index.passages import Document, Turn
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking
from tests.test_app import QUESTION, replies
from tests.test_opening import labelled

HERE = Place(1, None, 1)


def turn(question: str) -> Turn:
    return Turn(question, "an answer")


def exchange(question: str, *before: str) -> Exchange:
    return Exchange(
        reply=sentence("?"), turn=turn(question), before=tuple(turn(each) for each in before)
    )


def test_a_reply_to_an_answer_follows_what_led_to_it():
    memory = Memory()
    memory.keep(HERE, [5, 6], exchange("second", "first"))

    assert memory.turns_after(HERE, 5) == memory.turns_after(HERE, 6)
    assert memory.turns_after(HERE, 5) == (turn("first"), turn("second"))


def test_somebody_elses_reply_to_an_answer_follows_that_answer_alone():
    memory = Memory()
    memory.keep(HERE, [5], exchange("second", "first"))

    assert memory.turns_after(Place(1, None, 2), 5) == (turn("second"),)
    assert memory.turns_after(Place(2, None, 1), 5) is None


def test_answers_are_kept_for_a_limited_time():
    now = [0.0]
    memory = Memory(lambda: now[0])
    memory.keep(HERE, [5], exchange("second", "first"))

    now[0] = KEPT_SECONDS + 1

    assert memory.turns_after(HERE, 5) is None


def test_what_is_shown_more_of_an_answer_forgotten_meanwhile_is_not_kept():
    memory = Memory()
    asked = replace(exchange("second", "first"), fate=memory.begin(HERE))
    memory.keep(HERE, [5], asked)
    memory.forget(HERE)

    memory.keep_as(1, 5, [6], asked)

    assert (memory.turns_after(HERE, 5), memory.turns_after(HERE, 6)) == ((), None)


# --- nobody's turns leak into another's ---

PLACES = st.builds(Place, st.sampled_from([1, -5]), st.sampled_from([None, 11]), st.integers(1, 3))


@dataclass
class Told:
    """What each place said by itself, and what each message answered."""

    own: dict[Place, list[str]] = field(default_factory=dict)
    answered: dict[tuple[int, int], str] = field(default_factory=dict)


@given(st.lists(st.tuples(PLACES, st.sampled_from(["ask", "reply", "new"]), st.integers(0, 20))))
async def test_a_question_follows_ones_own_turns_or_the_answer_one_replies_to(
    acts: list[tuple[Place, str, int]],
):
    shelf, told = Shelf(), Told()
    conversation = Conversation(Library(shelf))

    for number, (place, act, message) in enumerate(acts):
        if act == "new":
            conversation.memory.forget(place)
            told.own.pop(place, None)
            continue
        replied_to = message if act == "reply" else None
        asked = f"cat {number}?"
        found = await conversation.ask(place, asked, replied_to)
        conversation.memory.keep(place, [number], found)

        followed = [each.question for each in shelf.asked[-1][1]]
        allowed = set(told.own.get(place, []))
        replied = told.answered.get((place.chat, message)) if act == "reply" else None
        assert set(followed) <= allowed | ({replied} if replied else set())
        told.own.setdefault(place, []).extend([*followed, asked])
        told.answered[place.chat, number] = asked


# --- in Telegram ---


def followed(shelf: Shelf) -> list[str]:
    """The questions that the latest one followed."""
    return [each.question for each in shelf.asked[-1][1]]


async def test_a_reply_to_an_older_answer_continues_that_one(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        await server.send_text(ann, ann, "a cat?")
        [first] = await replies(server, ann)
        await server.send_text(ann, ann, "another cat?")
        await replies(server, ann, 2)
        await server.send_text(ann, ann, "and that cat?", reply_to=first)
        await replies(server, ann, 3)

    assert followed(shelf) == ["a cat?"]


async def test_after_a_restart_a_reply_to_an_answer_follows_its_question(
    server: BotApiServer, tmp_path: Path
):
    ann, shelf = server.person(7), Shelf()

    for asked, replied_to in (("a cat?", None), ("and that cat?", 0)):
        with Records(tmp_path) as records:
            async with talking(server, shelf, records):
                said = server.bot_messages(ann)
                answer = said[replied_to] if replied_to is not None else None
                await server.send_text(ann, ann, asked, reply_to=answer)
                await replies(server, ann, len(said) + 1)

    assert shelf.asked[-1][1] == [Turn("a cat?", "")]


async def test_new_forgets_the_conversation_and_says_so(server: BotApiServer):
    ann, shelf = server.person(7), Shelf()

    async with talking(server, shelf):
        await server.send_text(ann, ann, "a cat?")
        [first] = await replies(server, ann)
        await server.send_text(ann, ann, "/new")
        [_, said] = await replies(server, ann, 2)
        await server.send_text(ann, ann, "another cat?", reply_to=first)
        await replies(server, ann, 3)

    assert (said["text"], followed(shelf)) == (words.FORGOTTEN, [])


async def test_in_a_group_each_person_and_topic_has_a_memory_of_its_own(server: BotApiServer):
    ann, bob, shelf = server.person(7), server.person(8), Shelf()
    forum = server.group(-1_000_000_000_005, topics={11: "A", 12: "B"}, members=[ann, bob])
    seen = []

    async with talking(server, shelf):
        for count, (person, topic) in enumerate([(ann, 11), (bob, 11), (ann, 12), (ann, 11)], 1):
            await server.send_text(forum, person, f"/ask cat {count}?", thread=topic)
            await replies(server, forum, count)
            seen.append(followed(shelf))

    assert seen == [[], [], [], ["cat 1?"]]


# --- more ---

NEAR = [
    Document(source=f"{n}.txt", title=f"Near {n}", text=f"Sentence {n}. And on.") for n in range(5)
]


def quotes(message: dict[str, Any]) -> list[str]:
    return [line for line in message["text"].split("\n") if line.startswith("Sentence")]


async def test_more_shows_what_comes_next_until_there_is_no_more(server: BotApiServer):
    ann = server.person(7)
    shelf = Shelf(near=NEAR)
    shelf.documents_held += NEAR

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
        [_, second] = await replies(server, ann, 2)
        await server.press(ann, second, labelled(second, words.SHOW_MORE))
        [_, _, third] = await replies(server, ann, 3)

    assert quotes(second) == ["Sentence 0.", "Sentence 1.", "Sentence 2."]
    assert quotes(third) == ["Sentence 3.", "Sentence 4."]
    assert ("[2] Near 0" in second["text"], "[5] Near 3" in third["text"]) == (True, True)
    assert second["reply_to_message"]["message_id"] == answer["message_id"]


async def test_more_shows_nothing_that_has_gone_from_the_documents(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(near=NEAR)):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
        [_, reply] = await replies(server, ann, 2)

    assert reply["text"] == words.NO_MORE


async def test_more_goes_on_over_restarts(server: BotApiServer, tmp_path: Path):
    ann, shelf = server.person(7), Shelf(near=NEAR)
    shelf.documents_held += NEAR

    with Records(tmp_path) as records:
        async with talking(server, shelf, records):
            await server.send_text(ann, ann, QUESTION)
            [answer] = await replies(server, ann)
    with Records(tmp_path) as records:
        async with talking(server, shelf, records):
            await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
            [_, second] = await replies(server, ann, 2)
    with Records(tmp_path) as records:
        async with talking(server, shelf, records, llm_tokens_a_day=1):
            await server.press(ann, second, labelled(second, words.SHOW_MORE))
            [_, _, third] = await replies(server, ann, 3)

    assert quotes(second) == ["Sentence 0.", "Sentence 1.", "Sentence 2."]
    assert quotes(third) == ["Sentence 3.", "Sentence 4."]
    assert ("[2] Near 0" in second["text"], "[5] Near 3" in third["text"]) == (True, True)
    assert [asked for asked, _ in shelf.asked] == [QUESTION] * 3
    assert shelf.tokens[1:] == [0, 0]


async def test_the_same_more_shows_the_same_again(server: BotApiServer):
    ann, shelf = server.person(7), Shelf(near=NEAR)
    shelf.documents_held += NEAR

    async with talking(server, shelf):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
        for _ in range(2):
            await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
            await server.quiet()
        [_, second, again] = await replies(server, ann, 3)

    assert second["text"] == again["text"]
    assert len(shelf.asked) == 1


async def test_more_of_what_is_not_kept_asks_to_ask_again(server: BotApiServer):
    ann = server.person(7)

    async with talking(server, Shelf(near=NEAR)):
        await server.send_text(ann, ann, QUESTION)
        [answer] = await replies(server, ann)
    async with talking(server, Shelf(near=NEAR)):  # with records of its own
        await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
        [_, reply] = await replies(server, ann, 2)

    assert reply["text"] == words.NO_MORE


async def test_more_after_a_restart_says_why_when_nothing_can_be_looked_up(
    server: BotApiServer, tmp_path: Path
):
    ann = server.person(7)

    with Records(tmp_path) as records:
        async with talking(server, Shelf(near=NEAR), records):
            await server.send_text(ann, ann, QUESTION)
            [answer] = await replies(server, ann)
    with Records(tmp_path) as records:
        async with talking(server, Shelf(reply=IndexDamaged(tmp_path, "torn")), records):
            await server.press(ann, answer, labelled(answer, words.SHOW_MORE))
            [_, reply] = await replies(server, ann, 2)

    assert "torn" in reply["text"]
