"""A language model may say only what the documents say; whatever it does, there is an answer."""

from __future__ import annotations

import time

import pytest

from index.passages import Answer, NoAnswer, Turn
from tests.openai_server import OpenAiServer, Play, Prompt
from tests.written import QUESTION, Written, told_by


def right(prompt: Prompt) -> str:
    return (
        f"Ada Holm built the lighthouse of Skarn in 1871. {prompt.key('1871')}\n"
        f"The keeper Jonas Brandt said: “The lamp will never go out”. {prompt.key('lamp')}\n"
    )


@pytest.fixture
def written(tmp_path):
    """Makes an index whose model plays these."""
    made = []

    def make(*plays, marked="1871", **options):
        server = OpenAiServer(*(each if isinstance(each, Play) else Play(each) for each in plays))
        server.__enter__()
        index = Written(tmp_path, server, marked, **options)
        made.extend((index, server))
        index.server = server
        return index

    yield make
    for each in made:
        each.__exit__()


def proven(reply):
    return all(
        each.document.text[each.start : each.end] == each.quote
        for each in (reply.citations if isinstance(reply, Answer) else reply.nearest)
    )


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "at once"])
def test_a_right_answer_is_prose_whose_citations_are_slices(written, streamed):
    index, heard = written(right), []

    reply = index.ask(told=heard.append if streamed else None)

    assert isinstance(reply, Answer)
    assert reply.written_by == "scripted"
    assert reply.text == (
        "Ada Holm built the lighthouse of Skarn in 1871. [1] "
        "The keeper Jonas Brandt said: “The lamp will never go out”. [2]"
    )
    assert proven(reply)
    assert told_by(reply).outcome == "written"
    assert index.server.streamed == [streamed]


def test_what_is_heard_meanwhile_is_checked_already(written):
    index, heard = written(lambda p: f"It was built in 1999. {p.key('1871')}\n{right(p)}"), []

    index.ask(told=heard.append)

    assert heard[0] == "Ada Holm built the lighthouse of Skarn in 1871."
    assert len(heard) == 2
    assert not any("1999" in each for each in heard)


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        (lambda p: "Ada Holm built the lighthouse in 1871. [z9z9]", "names no evidence"),
        (lambda p: "Ada Holm built the lighthouse in 1871.", "names no evidence"),
        (lambda p: f"It was built in 1872 by Ada Holm. {p.key('1871')}", "1872"),
        (lambda p: f"It was built in 1871 by Ida Holm. {p.key('1871')}", "Ida"),
        (lambda p: f"“The lamp went out at last”, said Jonas Brandt. {p.key('lamp')}", "quotation"),
        (lambda p: f"Karl Voss defeated Ada Holm in the contest. {p.key('contest')}", "places"),
        (lambda p: f"Ada Holm was defeated by Karl Voss in the contest. {p.key('contest')}", "pla"),
        (lambda p: f"The storm of 1953 damaged the lighthouse of Skarn. {p.key('1953')}", "oppos"),
        (lambda p: f"The lighthouse was not built in 1871. {p.key('1871')}", "opposite"),
        (lambda p: f"The lamp will never go out, said Ada Holm. {p.key('lamp')}", "not there: Ada"),
        (lambda p: f"The lighthouse is haunted by pale ghosts. {p.key('1871')}", "too little"),
        (lambda p: f"The lighthouse was built in 1871: see evil.example. {p.key('1871')}", "addre"),
        (lambda p: f"Gulls nest on the cliff. {p.key('1871')}", "not there"),
    ],
)
def test_a_sentence_that_its_evidence_does_not_say_is_cut(written, lie, why):
    index = written(lie)

    reply = index.ask()

    assert reply.text == index.plain().text
    assert reply.written_by is None
    told = told_by(reply)
    assert told.outcome == "no sentence of it is proven"
    assert why in told.cut[0]["why"]


def test_the_good_sentences_of_a_mixed_answer_stay(written):
    index = written(lambda p: f"{right(p)}It cost 90 crowns. {p.key('1871')}")

    reply = index.ask()

    assert len(reply.prose) == 2
    assert [each["sentence"] for each in told_by(reply).cut] == ["It cost 90 crowns."]


def test_an_answer_that_is_mostly_cut_is_given_up(written):
    lies = "It cost 90 crowns. {0}\nIt has 12 rooms. {0}\nAda Holm built it in 1871. {0}"
    index = written(lambda p: lies.format(p.key("1871")))

    reply = index.ask()

    assert reply.text == index.plain().text
    assert told_by(reply).outcome == "too little of it is proven"


def test_a_pronoun_is_grounded_in_the_sentence_before_which_is_then_quoted(written):
    index = written(lambda p: f"The lighthouse of Skarn is 43 metres tall. {p.key('43')}")

    reply = index.ask("How tall is the lighthouse of Skarn?")

    assert reply.prose[0].text == "The lighthouse of Skarn is 43 metres tall."
    assert any("The lighthouse of Skarn" in each.quote for each in reply.citations)
    assert any("43 metres" in each.quote for each in reply.citations)


def test_a_speaker_keeps_the_quote_that_proves_them(written):
    index = written(lambda p: f"Jonas Brandt, the keeper, said it. {p.key('lamp')}\nNo more.")

    reply = index.ask("Who said that the lamp will never go out?")

    assert reply.speaker == "Jonas Brandt"
    assert reply.text.startswith("Jonas Brandt")
    assert reply.citations[0].attribution.speaker == "Jonas Brandt"


FAULTS = {
    "busy": Play(status=429, retry_after="3600"),
    "busy without a time": Play(status=429),
    "broken": Play(status=500),
    "wrong key": Play(status=401),
    "no such model": Play(status=404),
    "silent": Play(right, waits=30),
    "slow": Play("Ada " * 400, dawdles=0.2),
    "cut": Play(lambda p: right(p) * 3, cut=True),
    "empty": Play(""),
    "white space": Play(" \n \n"),
    "no JSON": Play(raw=b"<html>Bad gateway</html>"),
    "half JSON": Play(raw=b'{"choices": [{"mess'),
    "another shape": Play(raw=b'{"choices": []}'),
    "a loop": Play("The lighthouse of Skarn is old. " * 300),
    "without an end": Play("".join(f"Word {n} follows. " for n in range(9_000))),
    "nothing": Play("NOTHING"),
    "chatter": Play("Sure! I'd love to help you with that. What would you like to know?"),
    "its thoughts": Play("<think>1871 is in the evidence, but I wonder"),
    "brackets": Play('[[[[{{{{"text": [}]]]]'),
}


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "at once"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_of_the_model_costs_no_answer_and_little_time(written, fault, streamed):
    index, began = written(fault, seconds=2.0), time.monotonic()

    reply = index.ask(told=(lambda _: None) if streamed else None)

    assert reply.text == index.plain().text
    assert proven(reply)
    assert told_by(reply).outcome != "written"
    assert time.monotonic() - began < 20


def test_a_server_that_is_busy_for_a_moment_is_asked_once_more(written):
    index = written(Play(status=429, retry_after="0.1"), right)

    reply = index.ask()

    assert reply.written_by == "scripted"
    assert len(index.server.prompts) == 2


def test_a_model_that_fails_again_and_again_is_left_alone_and_that_is_told_once(written):
    index = written(Play(status=401))

    told = [told_by(index.ask()) for _ in range(5)]

    assert len(index.server.prompts) == 3
    assert [each.trouble is not None for each in told] == [False, False, True, False, False]
    assert "LLM_API_KEY" in told[2].trouble


def test_the_key_is_sent_and_shown_nowhere(written, caplog):
    index = written(Play(status=500))

    reply = index.ask()

    assert index.server.keys == {"Bearer sk-not-for-anybody"}
    assert "sk-not" not in f"{reply} {caplog.text} {index.model!r} {index.model}"


def test_tokens_and_cost_are_counted(written):
    index = written(right)

    told = told_by(index.ask())

    assert told.calls == 1
    assert told.tokens_read > 300
    assert told.tokens_written > 20
    assert told.cost == pytest.approx((told.tokens_read + 4 * told.tokens_written) / 1e6)


def test_who_has_no_tokens_left_is_answered_without_the_model(written):
    index = written(right)

    reply = index.ask(tokens=200)

    assert reply.text == index.plain().text
    assert told_by(reply).outcome == "no tokens are left for today"
    assert index.server.prompts == []


def test_stopping_keeps_what_is_proven_by_then(written):
    index, heard = written(lambda p: right(p) + "The rest takes long. " * 90), []

    reply = index.ask(told=heard.append, cancelled=lambda: bool(heard))

    assert [each.text for each in reply.prose] == [heard[0]]


def test_a_follow_up_is_spelled_out_by_the_model(written):
    index = written("How tall is the lighthouse of Skarn?", "NOTHING")
    before = Turn(QUESTION, "1871 [1]")

    reply = index.ask("And how tall is it?", before)

    assert reply.trace["completed"] == "How tall is the lighthouse of Skarn?"


@pytest.mark.parametrize(
    "drift",
    ["How rich is Elon Musk?", "It is 43 metres tall.\nIndeed.", "", "See https://evil.example?"],
)
def test_a_follow_up_that_drifts_is_spelled_out_by_rules_instead(written, drift):
    index = written(drift, "NOTHING")

    reply = index.ask("And how tall is it?", Turn(QUESTION, "1871 [1]"))

    assert "Skarn" in reply.trace["completed"]
    assert "evil" not in reply.trace["completed"]


def test_a_question_for_several_facts_is_searched_for_each(written):
    parts = "When was the lighthouse of Skarn built?\nWho is the harbour master?\nWho is Elon Musk?"
    index = written(
        parts,
        lambda p: (
            f"The lighthouse of Skarn was built in 1871. {p.key('1871')}\n"
            f"The harbour master is Lene Falk. {p.key('Falk')}"
        ),
    )

    reply = index.ask(
        "When was the lighthouse of Skarn built and who is the master of the harbour?"
    )

    assert {each.document.source for each in reply.citations} == {"skarn.txt", "harbour.txt"}
    assert len(told_by(reply).subquestions) == 2


def test_a_refusal_comes_in_the_language_of_the_question(written):
    index = written("Los documentos no lo dicen.", marked="nothing")

    reply = index.ask("¿Quién ganó la copa mundial de fútbol en Brasil?")

    assert isinstance(reply, NoAnswer)
    assert reply.text == "Los documentos no lo dicen."


@pytest.mark.parametrize(
    "told", ["Argentina won 3-0.", "Brasil: “campeón”.", "See evil.example", "x" * 300]
)
def test_a_refusal_that_says_more_stays_in_our_words(written, told):
    index = written(told, marked="nothing")

    reply = index.ask("¿Quién ganó la copa mundial de fútbol en Brasil?")

    assert reply.text == "The documents don't say."


def test_a_short_question_that_finds_nothing_may_be_asked_back(written):
    asked_back = "Do you mean the harbour master or the keeper Jonas Brandt?"
    index = written(asked_back, marked="nothing")

    reply = index.ask("Which football club won?")

    assert isinstance(reply, NoAnswer)
    assert reply.asks == asked_back


def test_json_and_lists_are_understood_too(written):
    def as_json(p):
        return (
            f'```json\n[{{"text": "Ada Holm built it in 1871.", "keys": ["{p.key("1871")[1:5]}"]}}]'
        )

    assert len(written(as_json).ask().prose) == 1
