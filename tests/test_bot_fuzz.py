"""Any Unicode from people and documents becomes calls that Telegram accepts."""

from __future__ import annotations

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from bot import words
from index.passages import Document, NoAnswer
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, utf16, utf16_slice
from tests.shelf import CATS, Shelf, citation, talking

NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example starts a bot and a server: looking for the smallest one would take minutes."""
SAYABLE = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300)
"""What a person can send: Telegram lets no lone surrogates through."""


@settings(max_examples=5, deadline=None, phases=NO_SHRINKING)
@given(
    st.lists(SAYABLE.filter(lambda text: utf16(text) <= 4096), min_size=1, max_size=2),
    st.text(min_size=1, max_size=500),
    st.text(max_size=200),
    st.text(min_size=1, max_size=200),
)
async def test_any_unicode_gets_one_reply_each_and_no_call_is_refused(
    questions: list[str], text: str, title: str, source: str
):
    document = Document(source=source, title=title, text=text)
    found = NoAnswer(question="?", text="No.", nearest=(citation(document, text),), considered=())
    shelf = Shelf(documents_held=[document], reply=found)
    async with BotApiServer(flood=None) as server, talking(server, shelf):
        ann = server.person(7)

        for question in questions:
            await server.send_text(ann, ann, question)
        await server.wait_for(lambda: len(server.bot_messages(ann)) >= len(questions))
        for message in server.bot_messages(ann):
            for button in buttons(message):
                await server.press(ann, message, button["callback_data"])
        await server.send_text(ann, ann, "/sources")
        await server.quiet()

        assert [call.error for call in server.calls if not call.accepted] == []
        assert len(server.bot_messages(ann)) > len(questions)


@settings(max_examples=10, deadline=None, phases=NO_SHRINKING)
@given(st.text(min_size=1, max_size=500))
async def test_the_quote_that_is_sent_is_the_slice(text: str):
    document = Document(source="a.txt", title="A", text=text)
    found = NoAnswer(question="?", text="No.", nearest=(citation(document, text),), considered=())
    async with BotApiServer(flood=None) as server, talking(server, Shelf(reply=found)):
        ann = server.person(7)

        await server.send_text(ann, ann, "what?")
        await server.wait_for(lambda: server.bot_messages(ann))

        sent = server.called("sendMessage")[0].parameters
        quotes = [
            utf16_slice(sent["text"], entity["offset"], entity["length"])
            for entity in sent["entities"]
            if entity["type"] == "expandable_blockquote"
        ]
        # Telegram takes no controls and no lone surrogates; all the rest is as it is stored.
        kept = "".join(" " if c < " " and c != "\n" else "\ufffd" if _lone(c) else c for c in text)
        assert quotes == ([kept.strip()] if kept.strip() else [])


BUTTON_DATA = st.text(min_size=1, max_size=60) | st.from_regex(
    rf"[pw]:({CATS.id}|[0-9a-f]{{1,16}}):[0-9a-f]{{1,7}}:[0-9a-f]{{1,7}}(:[0-9a-f]{{1,7}})?",
    fullmatch=True,
)


@settings(max_examples=5, deadline=None, phases=NO_SHRINKING)
@given(st.lists(BUTTON_DATA, min_size=1, max_size=8))
async def test_a_press_that_a_changed_app_makes_up_is_ended_and_does_no_harm(pressed: list[str]):
    async with BotApiServer(flood=None) as server, talking(server, Shelf()):
        ann = server.person(7)
        await server.send_text(ann, ann, "a cat?")
        await server.wait_for(lambda: server.bot_messages(ann))
        [answer] = server.bot_messages(ann)

        made_up = [server.open_query("callback") for _ in pressed]
        for id, data in zip(made_up, pressed, strict=True):
            query = {"id": id, "from": ann.as_json(), "chat_instance": "7", "data": data}
            server.add_update("callback_query", query | {"message": answer})
        await server.wait_for(lambda: set(made_up) <= server.callback_answers.keys())
        await server.quiet()

        refused = [call.error for call in server.calls if not call.accepted]
        # Two presses may show the same sentence in one message, and the second changes nothing.
        assert [error for error in refused if "not modified" not in error] == []
        assert not any(words.TROUBLE[:20] in each["text"] for each in server.bot_messages(ann))


@settings(max_examples=5, deadline=None, phases=NO_SHRINKING)
@given(
    st.lists(
        st.from_regex(r"c_[A-Za-z0-9_-]{0,62}", fullmatch=True)
        | st.from_regex(r"c_[A-Za-z0-9_-]{30}", fullmatch=True),
        min_size=1,
        max_size=5,
    )
)
async def test_a_link_that_somebody_makes_up_gets_one_sentence(parameters: list[str]):
    async with BotApiServer(flood=None) as server, talking(server, Shelf()):
        ann = server.person(7)
        for parameter in parameters:
            await server.send_text(ann, ann, f"/start {parameter}")
        await server.wait_for(lambda: len(server.bot_messages(ann)) >= len(parameters))

        said = {each["text"] for each in server.bot_messages(ann)}
        assert said <= {words.BROKEN_LINK, words.SOURCE_GONE}


def _lone(character: str) -> bool:
    return "\ud800" <= character <= "\udfff"
