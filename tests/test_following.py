"""Follow-ups are spelled out well enough to be answered, and nothing else is touched."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import Answer, NoAnswer, Turn, open_index
from index.following import complete
from index.wiring import Index

HERE = Path(__file__).parent
COLLECTION = HERE.parent / "data" / "documents"
CONVERSATIONS = [
    json.loads(line) for line in (HERE / "conversations.jsonl").read_text("utf-8").splitlines()
]
SAMPLES = [
    json.loads(line)["question"]
    for line in (HERE / "sample_questions.jsonl").read_text("utf-8").splitlines()
]
AS_GOOD_AS_SPELLED_OUT = 0.85

DASHTY = Turn(
    "Who said the defense is unbreakable?",
    "Fahim Dashty, spokesman of the NRF [1]\n"
    "“The defense is “unbreakable”, Fahim Dashty, the spokesman of the NRF, said.” [1]",
)
GENEVA = Turn(
    "Who will convene the meeting on aid in Geneva?",
    "Secretary-General [1]\n"
    "“UN Secretary-General António Guterres is to convene a meeting on aid in Geneva.” [1]",
)
TOWER = Turn(
    "Who designed the Eiffel Tower?",
    "Gustave Eiffel [1]\n“It was designed by engineers of Gustave Eiffel in Paris.” [1]",
)
WORKERS = Turn(
    "When did the company lay off workers?",
    "in March 2020 [1]\n“It laid off workers in March 2020, said Jane Doe, its chief.” [1]",
)
LEASE = Turn(
    "What does the contract say about late payment?",
    "interest of 5 % [1]\n“The tenant pays interest of 5 % on late payment.” [1]",
)
GUNFIRE = Turn(
    "How many people died from the gunfire in Kabul?",
    "two [1]\n“Two people died and 20 were injured.” [1]",
)
BLINKEN = Turn(
    "When is Antony Blinken expected in Geneva?",
    "5 September [1]\n“Antony Blinken is expected on 5 September.” [1]",
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Index]:
    storage = tmp_path_factory.mktemp("following")
    shutil.copytree(models, storage / "models")
    with open_index(documents=COLLECTION, storage=storage) as opened:
        opened.reindex()
        yield opened


def _holds(reply: Answer | NoAnswer, accepted: list[str]) -> bool:
    """Whether the lead, the speaker or the first quote holds an accepted answer."""
    if isinstance(reply, NoAnswer):
        return not accepted
    shown = " ".join(f"{reply.lead} {reply.speaker or ''} {reply.citations[0].quote}".split())
    return any(answer in shown for answer in accepted)


@pytest.mark.slow
def test_an_answer_keeps_the_question_as_written_and_says_what_was_looked_for(index):
    reply = index.ask("who is he", history=[DASHTY])

    assert reply.question == "who is he"
    assert reply.trace["completed"] == "Who is Fahim Dashty?"


def test_there_are_sixty_conversations_and_more_of_many_kinds():
    kinds = {each["id"].rsplit("-", 1)[0] for each in CONVERSATIONS}

    turns = [turn for each in CONVERSATIONS for turn in each["turns"]]

    assert len(CONVERSATIONS) >= 60
    assert len(kinds) >= 12
    assert len({each["id"] for each in CONVERSATIONS}) == len(CONVERSATIONS)
    assert [turn for turn in turns if not (turn["question"] and turn["spelled_out"])] == []


@pytest.mark.slow
def test_follow_ups_are_answered_as_well_as_spelled_out_questions(index):
    outcomes: dict[str, bool] = {}
    for conversation in CONVERSATIONS:
        history: list[Turn] = []
        for number, turn in enumerate(conversation["turns"]):
            reply = index.ask(turn["question"], history=history)
            if number:
                whole = index.ask(turn["spelled_out"])
                held = _holds(reply, turn["answers"]), _holds(whole, turn["answers"])
                name = f"{conversation['id']}: {reply.trace['completed']}"
                outcomes[name] = held[0] >= held[1]
            history.append(Turn(turn["question"], reply.text))

    worse = [name for name, as_good in outcomes.items() if not as_good]

    assert 1 - len(worse) / len(outcomes) >= AS_GOOD_AS_SPELLED_OUT, worse


@pytest.mark.parametrize(
    ("turn", "follow_up", "completed"),
    [
        (DASHTY, "who is he?", "Who is Fahim Dashty?"),
        (DASHTY, "and what did he say about Darband", "What did Fahim Dashty say about Darband?"),
        (DASHTY, "why did he say that?", "Why did Fahim Dashty say the defense is unbreakable?"),
        (GENEVA, "when?", "When will António Guterres convene the meeting on aid in Geneva?"),
        (
            GENEVA,
            "on which day?",
            "On which day will António Guterres convene the meeting on aid in Geneva?",
        ),
        (GUNFIRE, "what happened?", "What happened from the gunfire in Kabul?"),
        (GENEVA, "When is the meeting?", "When is the meeting on aid?"),
        (TOWER, "how tall is it?", "How tall is the Eiffel Tower?"),
        (TOWER, "why?", "Why did Gustave Eiffel design the Eiffel Tower?"),
        (TOWER, "and the Louvre?", "Who designed the Louvre?"),
        (WORKERS, "where was that?", "Where did the company lay off workers?"),
        (WORKERS, "what did she say?", "What did Jane Doe say?"),
        (WORKERS, "how does it make money?", "How does the company make money?"),
        (LEASE, "what about deposits?", "What does the contract say about deposits?"),
        (LEASE, "and about pets?", "What does the contract say about pets?"),
        (
            GUNFIRE,
            "and how many were injured?",
            "How many people were injured from the gunfire in Kabul?",
        ),
        (GUNFIRE, "and in Panjshir?", "How many people died from the gunfire in Panjshir?"),
        (BLINKEN, "what about Qatar?", "When is Antony Blinken expected in Qatar?"),
        (BLINKEN, "What about Guterres?", "When is Guterres expected in Geneva?"),
    ],
)
def test_a_follow_up_is_spelled_out(turn, follow_up, completed):
    actual = complete(follow_up, [turn])

    assert actual == completed


@pytest.mark.parametrize(
    "question",
    [
        *SAMPLES,
        "What is the capital of France?",
        "What did Massoud say about his father?",
        "Is it true that many banks are closed?",
        "How long does it take to bake bread?",
        "Where do they film that series about dragons in Iceland?",
        "Who said that the airport is open?",
        "Are there any flights from Kabul?",
        "What is photosynthesis?",
        "panjshir armory",
        "thanks",
        "¿Quién dijo eso?",
    ],
)
@pytest.mark.parametrize("turn", [DASHTY, GENEVA, GUNFIRE, LEASE])
def test_a_question_that_stands_alone_is_left_as_it_is(turn, question):
    actual = complete(question, [turn])

    assert actual == question


def test_a_question_without_turns_before_is_left_as_it_is():
    actual = complete("who is he?", [])

    assert actual == "who is he?"


def test_a_follow_up_may_rest_on_a_turn_before_the_last():
    history = [DASHTY, Turn("How many cameras are there?", "three [1]\n“There are three.” [1]")]

    actual = complete("who is he?", history)

    assert actual == "Who is Fahim Dashty?"


@given(st.text(max_size=300), st.lists(st.builds(Turn, st.text(), st.text()), max_size=3))
def test_any_text_is_completed_to_a_question_with_words_or_left(question, history):
    actual = complete(question, history)

    assert actual == question or any(each.isalnum() for each in actual)


@given(
    st.sampled_from(["who is he?", "why?", "and Ärzte?", "what about that valley", "who said so"]),
    st.builds(Turn, st.text(), st.text()),
)
def test_a_follow_up_to_any_turn_is_no_longer_than_question_and_turn_allow(question, turn):
    actual = complete(question, [turn])

    assert len(actual) <= 401
