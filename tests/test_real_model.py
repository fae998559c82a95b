"""A real llama.cpp with a model of random weights: it talks, and none of it gets through."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from index.passages import Answer, Turn
from tests.noise_model import llama_cpp, write_model
from tests.written import QUESTION, Written, told_by

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    model = write_model(tmp_path_factory.mktemp("noise") / "noise.gguf")
    with llama_cpp(model) as url:
        yield SimpleNamespace(url=url)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "at once"])
def test_noise_is_heard_out_and_the_answer_is_the_one_without_a_model(tmp_path, engine, streamed):
    heard = []
    with Written(tmp_path, engine, "1871", seconds=20) as index:
        reply = index.ask(told=heard.append if streamed else None)

        assert isinstance(reply, Answer)
        assert reply.text == index.plain().text
        told = told_by(reply)

    assert heard == []
    assert reply.written_by is None
    assert told.tokens_read > 500
    assert told.tokens_written > 10
    assert told.outcome == "no sentence of it is proven"


def test_a_follow_up_that_becomes_noise_is_spelled_out_by_rules(tmp_path, engine):
    with Written(tmp_path, engine, "43 metres", seconds=20) as index:
        reply = index.ask("And how tall is it?", Turn(QUESTION, "1871 [1]"))

    assert "Skarn" in reply.trace["completed"]
    assert reply.written_by is None
