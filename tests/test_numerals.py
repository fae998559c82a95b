"""Numbers are found however they are written."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import open_index
from index.numerals import LARGEST, other_spellings
from index.wiring import Index


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("8", ("eight", "viii")),
        ("eight", ("8", "viii")),
        ("VIII", ("8", "eight")),
        ("51", ("li",)),
        ("40", ("xl",)),
        ("1", ("one",)),
        ("8th", ("eighth",)),
        ("Twelfth", ("12th",)),
        ("22nd", ()),
        ("X", ()),
        ("1998", ()),
        ("heron", ()),
        ("", ()),
    ],
)
def test_a_small_number_is_known_in_all_its_spellings(word, others):
    assert other_spellings(word) == others


@given(st.integers(1, LARGEST))
def test_every_spelling_leads_back_to_the_number(number):
    for other in other_spellings(str(number)):
        assert str(number) in other_spellings(other)


@given(st.text(max_size=12))
def test_no_word_is_its_own_other_spelling(word):
    assert word.casefold() not in other_spellings(word)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("numerals")
    written = folder / "documents"
    written.mkdir()
    (written / "fifty.txt").write_text("Ada Brandt sang at Lantern Feast LI, and it rained.\n")
    (written / "later.txt").write_text("Cleo Dorn sang at Lantern Feast 52, and it was dry.\n")
    (written / "other.txt").write_text("Nobody sang at the lantern feast of the other town.\n")
    (written / "book.txt").write_text(
        "The harbour book has many authors. Eva Falk wrote Chapter Four of the harbour book.\n"
    )
    (written / "end.txt").write_text("Gil Hahn wrote the 5th chapter of the harbour book.\n")
    shutil.copytree(models, folder / "index" / "models")
    with open_index(written, folder / "index") as index:
        index.reindex()
        yield index


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who sang at the lantern feast 51", "Lantern Feast LI"),
        ("who sang at lantern feast LII", "Lantern Feast 52"),
        ("who wrote chapter 4 of the harbour book", "Chapter Four"),
        ("who wrote the fifth chapter of the harbour book", "5th chapter"),
    ],
)
def test_a_question_finds_the_number_as_the_documents_write_it(index, question, words):
    _, found = index.retriever.candidates(question)

    best = max(found, key=lambda each: each.passage_lexical)
    assert words in best.stored.passage.text
