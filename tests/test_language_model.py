"""Which models can be set, and how a setting that cannot work is told."""

from __future__ import annotations

import sys
import time

import pytest
from llama_index.core.llms import MockLLM
from pydantic import SecretStr, ValidationError

from index import open_index
from index.errors import ModelUnavailable
from index.language_model import Access, open_language_model
from index.settings import IndexSettings


@pytest.fixture
def another_class(monkeypatch):
    """A class of llama-index as its own package would bring it."""
    module = type(sys)("llama_index.llms.another")

    class Another(MockLLM):
        model: str = ""

        def __init__(self, model: str, **_: object) -> None:
            super().__init__()
            self.model = model

    module.Another, module.other = Another, str
    monkeypatch.setitem(sys.modules, "llama_index.llms.another", module)
    return "llama_index.llms.another:Another"


def test_another_class_of_llama_index_takes_our_settings(another_class):
    model = open_language_model(Access(model="m", class_path=another_class))

    said = model.say("One two three.", until=time.monotonic() + 5)

    assert model.name == "m"
    assert "One two three." in said.text
    assert said.written > 0


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("os:system", "LLM_CLASS must be like"),
        ("llama_index.core.llms:MockLLM", "LLM_CLASS must be like"),
        ("llama_index.llms.openai", "LLM_CLASS must be like"),
        ("llama_index.llms.not_there:Model", "pip install llama-index-llms-not-there"),
        ("llama_index.llms.openai:Nothing", "pip install llama-index-llms-openai"),
    ],
)
def test_no_other_code_is_loaded_and_the_remedy_is_told(path, told):
    with pytest.raises(ModelUnavailable, match=told):
        open_language_model(Access(model="m", class_path=path))


def test_what_is_no_model_is_refused(another_class):
    with pytest.raises(ModelUnavailable, match="no language model"):
        open_language_model(Access(model="m", class_path="llama_index.llms.another:other"))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"llm_base_url": "http://localhost:8080/v1"}, "LLM_MODEL"),
        ({"llm_class": "llama_index.llms.openai:OpenAI"}, "LLM_MODEL"),
        ({"llm_base_url": "localhost:8080", "llm_model": "m"}, "http://"),
    ],
)
def test_half_a_setting_says_what_is_missing(given, told):
    with pytest.raises(ValidationError, match=told):
        IndexSettings(**given)


def test_a_key_is_not_shown():
    settings = IndexSettings(llm_model="m", llm_api_key=SecretStr("sk-hidden"))

    assert "sk-hidden" not in repr(settings)


def test_a_real_index_answers_though_its_model_cannot_be_reached(sample, sample_folder):
    nowhere = {"llm_model": "m", "llm_base_url": "http://127.0.0.1:1/v1"}

    with open_index(sample_folder / "documents", sample_folder / "index", **nowhere) as index:
        reply = index.ask("who said the defense is unbreakable")

    assert reply.speaker == "Fahim Dashty"
    assert reply.written_by is None
    assert "connection failed" in reply.trace["language model"]["outcome"]
