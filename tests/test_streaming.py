"""The whole way of a written answer: model, checks, thread, draft, and one message at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.passages import Answer, NoAnswer, Turn
from tests.bot_api import BotApiServer
from tests.openai_server import OpenAiServer, Play, Prompt
from tests.shelf import Shelf, talking
from tests.test_app import replies
from tests.test_prose import right
from tests.written import QUESTION, Written

FIRST = "Ada Holm built the lighthouse of Skarn in 1871."


pytestmark = pytest.mark.slow


def with_a_lie(prompt: Prompt) -> str:
    return f"It was built in 1999. {prompt.key('1871')}\n{right(prompt)}"


@dataclass
class WrittenShelf(Shelf):
    """Answers by a language model."""

    index: Written | None = None

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        told: Callable[[str], None] | None = None,
        **_: object,
    ) -> Answer | NoAnswer:
        assert self.index
        return self.index.ask(question, *history, told=told)


@pytest.fixture
def slowly(tmp_path: Path) -> Iterator[WrittenShelf]:
    """The model takes a while for each piece that it writes."""
    with (
        OpenAiServer(Play(with_a_lie, dawdles=0.1)) as server,
        Written(tmp_path, server, "1871", seconds=30) as index,
    ):
        yield WrittenShelf(index=index)


async def test_a_written_answer_grows_in_a_draft_and_arrives_once(
    server: BotApiServer, slowly: WrittenShelf
):
    ann = server.person(7)

    async with talking(server, slowly):
        await server.send_text(ann, ann, QUESTION)
        await server.wait_for(lambda: server.bot_messages(ann), seconds=30)
        said = await replies(server, ann)

    drafted = [each["text"] for each in server.drafts(ann)]
    assert drafted[0] == ""
    assert FIRST in drafted
    assert not any("1999" in text for text in drafted)
    assert len(said) == 1
    assert FIRST in said[0]["text"]


async def test_in_a_group_it_arrives_once_without_drafts(
    server: BotApiServer, slowly: WrittenShelf
):
    ann = server.person(7)
    group = server.group(-5, members=[ann])

    async with talking(server, slowly):
        await server.send_text(group, ann, f"/ask {QUESTION}")
        await server.wait_for(lambda: server.bot_messages(group), seconds=30)
        said = await replies(server, group)

    assert (len(said), server.called("sendMessageDraft")) == (1, [])
    assert FIRST in said[0]["text"]
