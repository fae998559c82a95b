"""Numbers are found however they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import open_index
from index.numerals import LARGEST, other_spellings


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


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who sang at the lantern feast 51", "Lantern Feast LI"),
        ("who sang at lantern feast LII", "Lantern Feast 52"),
        ("who wrote chapter 4 of the harbour book", "Chapter Four"),
        ("who wrote the fifth chapter of the harbour book", "5th chapter"),
    ],
)
def test_a_question_finds_the_number_as_the_documents_write_it(question, words, tmp_path):
    written = tmp_path / "documents"
    written.mkdir()
    (written / "fifty.txt").write_text("Ada Brandt sang at Lantern Feast LI, and it rained.\n")
    (written / "later.txt").write_text("Cleo Dorn sang at Lantern Feast 52, and it was dry.\n")
    (written / "other.txt").write_text("Nobody sang at the lantern feast of the other town.\n")
    (written / "book.txt").write_text(
        "The harbour book has many authors. Eva Falk wrote Chapter Four of the harbour book.\n"
    )
    (written / "end.txt").write_text("Gil Hahn wrote the 5th chapter of the harbour book.\n")
    with open_index(written, tmp_path / "index") as index:
        index.reindex()
        _, found = index.retriever.candidates(question)

    best = max(found, key=lambda each: each.passage_lexical)
    assert words in best.stored.passage.text
