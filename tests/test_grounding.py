"""What a sentence claims, and whether its evidence says so; on any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import chunking
from index.claims import Claim
from index.grounding import Ground, Grounding, invented
from index.passages import Document
from index.polarity import flipped, opposite
from index.roles import exchanged
from index.writing import brief, one_line, says_nothing, single_lines
from prompts import PromptChanged, filled, load
from tests.doubles import WordEmbedder
from tests.written import SKARN

ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("[](){}\"“”'’.,;:!?-–\n abcXY0123456789%$€<>`*#|\\"), st.characters()
    ),
    max_size=200,
)


def grounds(text=SKARN):
    document = Document(source="skarn.txt", title="Skarn", text=text)
    return [
        Ground(passage, number)
        for passage in chunking.cut(document)
        for number in range(len(passage.sentences))
    ]


EVIDENCE = grounds()
GROUNDING = Grounding(WordEmbedder(512).embed)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("5 million people", {"5000000"}),
        ("5,000,000 people", {"5000000"}),
        ("twenty-three of 1,204.5", {"23", "1204.5"}),
        ("the 19th of May, 07:30", {"19", "7", "30"}),
        ("in the 1990s", {"1990s"}),
        ("20 per cent, or 20%", {"20 %"}),
        ("$12 and 12 dollars", {"12 $"}),
        ("a dozen of one", {"12"}),
        ("nobody", set()),
    ],
)
def test_numbers_are_known_by_their_value(text, numbers):
    assert Claim(text).stated_numbers == numbers


@given(st.integers(0, 10**9))
def test_a_number_is_the_same_with_and_without_commas(number):
    assert Claim(f"{number:,} men").stated_numbers == Claim(f"{number} men").stated_numbers


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The keeper is Jonas Brandt.", ["Jonas Brandt"]),
        ("However, he left. Then Ada Holm came.", ["Ada Holm"]),
        ("In Skarn, U.S. ships met.", ["Skarn", "U.S."]),
        ("nothing here", []),
    ],
)
def test_names_are_runs_of_capitals(text, names):
    assert [" ".join(token.text for token in name) for name in Claim(text).names] == names


@pytest.mark.parametrize(
    ("said", "evidence"),
    [
        ("The ship did not sail.", "The ship sailed at dawn."),
        ("The ship sailed at dawn.", "The ship never sailed."),
        ("The ship sinks.", "The ship may sink."),
        ("He denied the attack.", "He claimed the attack."),
    ],
)
def test_what_is_denied_or_doubted_may_not_be_said_otherwise(said, evidence):
    assert flipped(Claim(said), [Claim(evidence)])


def test_an_opposite_is_no_paraphrase():
    assert opposite(Claim("Prices rose."), [Claim("Prices fell.")]) == "rose"
    assert opposite(Claim("Prices rose."), [Claim("Prices rose, then fell.")]) is None


@pytest.mark.parametrize(
    ("said", "evidence", "swapped"),
    [
        ("Voss defeated Holm.", "Holm defeated Voss.", True),
        ("Holm was defeated by Voss.", "Holm defeated Voss.", True),
        ("Voss was defeated by Holm.", "Holm defeated Voss.", False),
        ("Holm built the tower in 1871.", "The tower was built in 1871 by Holm.", False),
        ("In 1871 Holm built it.", "Holm built it in 1871.", False),
        ("30 were killed and 12 hurt.", "12 were killed and 30 hurt.", True),
    ],
)
def test_names_and_numbers_keep_their_places(said, evidence, swapped):
    assert (exchanged(Claim(said), [Claim(evidence)]) is not None) is swapped


def test_a_name_is_bound_to_the_sentence_that_it_stands_in():
    fault = GROUNDING.fault("The keeper is Karl Voss.", EVIDENCE)

    assert fault == "the evidence says that of something else: Karl"


@pytest.mark.parametrize("ground", EVIDENCE[1:], ids=lambda each: each.text[:20])
def test_a_sentence_as_it_stands_is_grounded_in_itself(ground):
    assert GROUNDING.fault(ground.text, [ground]) is None


@given(ODD)
def test_any_text_is_judged(text):
    fault = GROUNDING.fault(text, EVIDENCE)

    assert fault is None or fault
    assert invented(text, [text]) is None or Claim(text).quoted


@given(ODD, st.integers(2_000, 10**6))
def test_no_text_with_a_new_number_gets_through(text, number):
    assert GROUNDING.fault(f"Ada Holm built the lighthouse. {number} {text}", EVIDENCE)


@given(st.lists(st.one_of(ODD, st.sampled_from(["KEY", "[KEY]", "It was so. [KEY, KEY]"]))))
def test_any_reply_is_read_and_only_known_keys_count(parts):
    shown = brief(EVIDENCE)
    key = next(iter(shown.grounds))
    reply = "\n".join(parts).replace("KEY", key)

    drafted = shown.drafted(reply)

    for each in drafted:
        assert set(each.grounds) <= set(EVIDENCE)
        assert each.text == one_line(each.text)
        assert f"[{key}]" not in each.text
    assert single_lines(reply) == [] or not says_nothing(reply)


@given(st.lists(ODD, max_size=5), st.integers(0, 400))
def test_what_is_read_of_half_a_reply_stays_as_it_is(lines, length):
    shown = brief(EVIDENCE)
    key = next(iter(shown.grounds))
    reply = "Begin. [" + key + "]\n" + "\n".join(f"{line} [{key}]" for line in lines)

    half = shown.drafted(reply[:length], finished=False)

    if "<think" not in reply.lower() and "```" not in reply:
        assert half == shown.drafted(reply)[: len(half)]


@given(st.text(max_size=80))
def test_evidence_is_one_line_a_sentence_whatever_it_holds(text):
    shown = brief(grounds(f"Ada Holm said {text} to Karl Voss in the year 1871."))

    lines = shown.shown().split("\n")

    assert len([line for line in lines if line.startswith("[")]) >= len(shown.grounds)
    assert all(each == one_line(each) for each in lines)


def test_a_prompt_must_have_its_placeholders():
    with pytest.raises(PromptChanged, match="must have the placeholders"):
        load("answer", "fence", "question")

    assert "Skarn?" in filled("refuse", fence="=====", question="Skarn?")
