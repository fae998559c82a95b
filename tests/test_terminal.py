"""The conversation on a console: same replies, quotes set off, numbers that open them."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from rich.console import Console

from bot import words
from bot.administration import Administration
from bot.conversation import Conversation
from bot.library import Library
from bot.terminal import Terminal, piped, typed
from index.passages import Document, NoAnswer
from tests.shelf import CATS, EVIDENCE, Shelf, citation

DOGS = Document(source="animals/dogs.txt", title="Dogs", text="Dogs bark.")


async def said(*lines: str, shelf: Shelf | None = None, **console: object) -> str:
    """What is printed for these lines."""
    out = io.StringIO()
    library = Library(shelf or Shelf())
    conversation = Conversation(library)
    shown = Console(file=out, highlight=False, markup=False, emoji=False, **console)  # type: ignore[arg-type]
    terminal = Terminal(conversation, Administration(library, conversation), shown)
    await terminal.converse(_lines(lines))
    return out.getvalue()


async def _lines(lines: tuple[str, ...]) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def test_a_line_gets_an_answer_with_its_quote_set_off():
    printed = await said("how long does a cat sleep?")

    assert printed == (f"sixteen hours\n\n[1] Cats · 4 September 2021 · p. 1\n  │ {CATS.text}\n\n")


async def test_a_number_opens_that_quote_of_the_last_answer():
    printed = await said("a cat?", "1")

    assert printed.endswith(
        f"Cats\n4 September 2021 · p. 1 · animals/cats.txt · passage 1 of 1\n  │ {CATS.text}\n\n"
    )


async def test_more_shows_what_comes_next_and_numbers_open_it_too():
    near = Document(source="near.txt", title="Near", text="Lions rest too. And on.")

    printed = await said("a cat?", "/more", "2", "1", shelf=Shelf([CATS, near], near=[near]))

    assert [printed.count(each) for each in ("[2] Near", "near.txt ·", "animals/cats.txt ·")] == [
        1,
        1,
        1,
    ]


async def test_new_forgets_what_was_said():
    shelf = Shelf()

    printed = await said("a cat?", "/new", "another cat?", "/new", "/more", shelf=shelf)

    assert shelf.asked[1] == ("another cat?", [])
    assert printed.endswith(f"{words.NO_MORE}\n\n")


async def test_a_number_without_a_quote_is_said():
    printed = await said("a cat?", "2")

    assert printed.endswith(words.NO_SUCH_QUOTE.format(number=2) + "\n\n")


async def test_a_number_still_opens_the_last_answer_after_what_was_no_question():
    printed = await said("a cat?", "?!", "1")

    assert "animals/cats.txt" in printed


async def test_commands_work_as_in_telegram():
    shelf = Shelf()
    shelf.gate.set()

    printed = await said("/help", "/sources", "/status", "/reindex", "/sorces", "/", shelf=shelf)

    expected = [words.HELP_TERMINAL, "1. Cats", "1 document, 1 passage", words.REINDEX_SAME]
    assert [text in printed for text in [*expected, "Did you mean /sources?"]] == [True] * 5


async def test_a_number_presses_what_an_admins_command_offers():
    shelf = Shelf(documents_held=[CATS, DOGS])

    printed = await said("/forget animals", "2", "1", "/docs", "a cat?", "1", shelf=shelf)

    assert "1 – Cats\n2 – Dogs" in printed
    assert "Forget “Dogs” (animals/dogs.txt)?" in printed
    assert ("Forgotten: animals/dogs.txt" in printed, shelf.documents_held) == (True, [CATS])
    assert printed.endswith(f"passage 1 of 1\n  │ {CATS.text}\n\n")


async def test_what_telegram_sends_as_a_file_is_printed():
    printed = await said("/status", "1")

    assert printed.endswith("  │ broken.pdf: it is broken\n\n")


async def test_what_nobody_foresaw_is_a_sentence_and_the_next_line_is_answered():
    printed = await said("a cat?", "/sources", shelf=Shelf(reply=ZeroDivisionError("secret")))

    assert printed.startswith("Something went wrong on my side.")
    assert ("secret" in printed, "1. Cats" in printed) == (False, True)


async def test_quit_ends_and_empty_lines_are_passed_over():
    shelf = Shelf()

    printed = await said("", "  ", "/quit", "a cat?", shelf=shelf)

    assert (printed, shelf.asked) == ("", [])


async def test_a_pipe_gives_its_lines():
    lines = [line async for line in piped(io.StringIO("a\nb"))]

    assert lines == ["a\n", "b"]


async def test_a_prompt_gives_its_lines_and_keeps_them(tmp_path: Path):
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        keys.send_text("a cat?\rno\x03a dog?\r\x04")  # Enter, Ctrl+C, Enter, Ctrl+D
        lines = [line async for line in typed(tmp_path / "new" / "history")]

    kept = re.findall(r"^\+(.*)", (tmp_path / "new" / "history").read_text("utf-8"), re.M)
    assert (lines, kept) == (["a cat?", "a dog?"], ["a cat?", "a dog?"])


async def test_there_are_no_colours_and_no_wrapping_in_a_pipe():
    long = Document(source="a", title="A", text="word " * 100 + EVIDENCE)
    shelf = Shelf(
        reply=NoAnswer(question="?", text="No.", nearest=(citation(long),), considered=())
    )

    printed = await said("dog?", shelf=shelf, width=40)

    assert ("\x1b" in printed, EVIDENCE in printed) == (False, True)


async def test_a_terminal_shows_bold_and_wraps_quotes_at_its_width():
    printed = await said("cat?", force_terminal=True, width=40, color_system="standard")

    bars = [line for line in printed.splitlines() if "│" in line]
    assert ("\x1b[1m" in printed, len(bars)) == (True, 3)


async def test_a_document_cannot_steer_the_terminal():
    wicked = Document(source="a", title="A\x1b[2J", text="\x1b]0;owned\x07 cats")
    shelf = Shelf(
        reply=NoAnswer(question="?", text="No.", nearest=(citation(wicked, "cats"),), considered=())
    )

    printed = await said("dog?", shelf=shelf)

    assert ("\x1b" in printed, "\x07" in printed) == (False, False)


@given(st.text(), st.text(min_size=1))
async def test_any_line_and_any_document_can_be_shown(line: str, text: str):
    document = Document(source="a", title=text, text=text)
    shelf = Shelf(
        reply=NoAnswer(question="?", text="No.", nearest=(citation(document, text),), considered=())
    )

    printed = await said(line, "/sources", shelf=shelf)

    assert printed
