"""The bot's own sentences in the languages of those who write; documents stay as they are."""

from __future__ import annotations

import ast
import re
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from bot import languages, translating, words
from bot.languages import ALL, CATALOGUES, LANGUAGES, speaking
from index import answering
from index.errors import Cancelled, DocumentGone, NothingToRollBack, QuestionUnusable
from tests.bot_api import BotApiServer
from tests.shelf import Shelf, talking

ROOM = Path(words.__file__).parent
COMMANDS = re.compile(r"(?<![\w/])/[a-z]{2,}")


def forms(language: str):
    """(English forms, translated forms) of each message in the catalogue."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    for message in catalogue:
        if message.id:
            english = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
            given = (
                message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            )
            yield tuple(english), tuple(given)


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language):
    assert translating.missing(language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_fills_in_what_the_english_fills_in(language):
    for english, given in forms(language):
        wanted = placeholders(english[-1])
        # "one document" may do without its number where the form is for one thing alone.
        assert all(
            placeholders(each) | {"count"} == wanted | {"count"} for each in given if each
        ), english


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_commands(language):
    for english, given in forms(language):
        for each in given:
            assert set(COMMANDS.findall(each)) == set(COMMANDS.findall(english[-1])), each


def test_descriptions_of_commands_fit_into_telegrams_menu():
    for language in ALL:
        with speaking(language):
            for about in (*words.COMMANDS.values(), *words.ADMIN_COMMANDS.values()):
                assert 1 <= len(about) <= 256


@pytest.mark.parametrize(
    ("code", "language"),
    [("de", "de"), ("de-AT", "de"), ("zh-hans", "zh"), ("pt-br", "en"), (None, "en"), ("", "en")],
)
def test_a_language_is_known_by_the_beginning_of_its_code(code, language):
    assert languages.known(code) == language


def test_days_and_numbers_are_written_as_in_the_language():
    with speaking("de"):
        german = languages.spoken_day(date(2021, 9, 4)), words.counted(1234, "document")
    english = languages.spoken_day(date(2021, 9, 4)), words.counted(1234, "document")

    assert german[0] == "4. September 2021"
    assert "1.234" in german[1]
    assert english == ("4 September 2021", "1,234 documents")


def test_a_moment_is_told_with_its_day():
    assert (
        words.day_and_time(datetime(2026, 8, 2, 10, 30, tzinfo=UTC)) == "2 August 2026, 10:30 UTC"
    )


def test_what_the_index_says_to_people_is_among_the_sentences():
    sentences = set(translating.messages())
    said = [answering.NOT_FOUND, answering.NOTHING_INDEXED]
    said += [str(DocumentGone("1")), str(NothingToRollBack()), str(Cancelled())]
    for question in ("", "???"):
        with pytest.raises(QuestionUnusable) as error:
            answering.usable(question)
        said.append(str(error.value))

    assert set(said) <= sentences


def test_sentences_are_never_imported_by_name():
    """An imported one would stay English."""
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "bot.words":
                assert not [each.name for each in node.names if each.name.isupper()], file


@pytest.mark.parametrize("language", LANGUAGES)
async def test_each_is_answered_in_their_own_language(server: BotApiServer, language: str):
    ann, bob = server.person(7, language_code=language), server.person(8)

    async with talking(server, Shelf()):
        await server.send_text(ann, ann, "what is the capital of nowhere?")
        await server.send_text(bob, bob, "what is the capital of nowhere?")
        await server.wait_for(lambda: server.bot_messages(ann) and server.bot_messages(bob))

    with speaking(language):
        theirs = words.NOT_FOUND
    assert server.bot_messages(ann)[0]["text"].startswith(theirs)
    assert server.bot_messages(bob)[0]["text"].startswith(answering.NOT_FOUND)
    assert theirs != answering.NOT_FOUND
