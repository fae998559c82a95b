"""A small index whose answers a scripted language model writes: real all the way but the model."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Self

from pydantic import SecretStr

from index.answering import Answerer
from index.grounding import Grounding
from index.language_model import Access, open_language_model
from index.passages import Answer, NoAnswer, Turn
from index.prose import Listener, Prices, Writer
from tests.openai_server import OpenAiServer
from tests.test_answering import Library

KEY = "sk-not-for-anybody"
SKARN = (
    "The lighthouse of Skarn\n\n"
    "The lighthouse of Skarn was built in 1871 by Ada Holm. It is 43 metres tall. "
    '"The lamp will never go out," said the keeper, Jonas Brandt. '
    "Ada Holm defeated Karl Voss in the contest for the design. "
    "The lighthouse of Skarn was not damaged by the storm of 1953."
)
HARBOUR = (
    "The harbour\n\n"
    "Fishing boats leave the harbour before dawn and come back with herring. "
    "The ice house of the harbour was rebuilt after the storm of 1953. "
    "The harbour master is Lene Falk."
)
QUESTION = "When was the lighthouse of Skarn built?"


class Written:
    """An index of these texts, and the model on `server` that writes. Close it."""

    def __init__(
        self, folder: Path, server: OpenAiServer, *readings: str, seconds: float = 5.0, **texts: str
    ) -> None:
        texts = texts or {"skarn": SKARN, "harbour": HARBOUR}
        self._library = Library(folder, *readings, **texts)
        self.model = open_language_model(
            Access(model="scripted", base_url=server.url, api_key=SecretStr(KEY), seconds=seconds)
        )
        grounding = Grounding(self._library.embedder.embed)
        writer = Writer(self.model, grounding, seconds=seconds, prices=Prices(1.0, 4.0))
        self._answerer = Answerer(self._library.retriever, self._library.finder, writer)

    def ask(
        self, question: str = QUESTION, *history: Turn, **listener: object
    ) -> Answer | NoAnswer:
        heard = Listener(**listener)  # type: ignore[arg-type]
        return self._answerer.answer(question, history, listener=heard)

    def plain(self, question: str = QUESTION) -> Answer | NoAnswer:
        """The answer without the model."""
        return self._library.ask(question)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._library.catalog.close()


def told_by(reply: Answer | NoAnswer) -> SimpleNamespace:
    """What the trace says of the model."""
    told = reply.trace["language model"]
    assert isinstance(told, dict)
    return SimpleNamespace(**{name.replace(" ", "_"): value for name, value in told.items()})
