"""A document is cut into passages whose sentences are slices, in order, with nothing lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index import passages
from index.chunking import LONG_PASSAGE, LONG_SENTENCE, cut
from index.passages import Document, Heading


def document(text: str, **more) -> Document:
    return Document(source="a.txt", title="A title", text=text, **more)


def sentences(text: str, **more) -> list[str]:
    made = document(text, **more)
    return [made.text[each.start : each.end] for passage in cut(made) for each in passage.sentences]


def test_sentences_end_where_a_reader_would_end_them():
    text = 'Dr. Lee said: "It is over. We won." Then the U.S. team left at 3.5 p.m. sharp.'

    assert sentences(text) == [
        'Dr. Lee said: "It is over. We won."',
        "Then the U.S. team left at 3.5 p.m. sharp.",
    ]


def test_a_fragment_stays_with_what_follows():
    text = "NRF. The front was founded in 2019. It lost. Why?"

    assert sentences(text) == ["NRF. The front was founded in 2019.", "It lost. Why?"]


def test_a_paragraph_is_a_passage():
    first, second = "One thing is said here. " * 8, "Another thing is said there. " * 8

    passages = cut(document(f"{first}\n\n{second}"))

    assert [passage.text for passage in passages] == [first.strip(), second.strip()]


def test_short_paragraphs_share_a_passage():
    passages = cut(document("Milk.\n\nBread.\n\nTea and biscuits."))

    assert len(passages) == 1
    assert len(passages[0].sentences) == 3


def test_title_and_headings_are_no_sentences():
    text = "A title\n\nOne\n\nIt rains here.\n\nTwo\n\nIt pours there."
    headings = (Heading(9, "One"), Heading(30, "Two"))

    assert sentences(text, headings=headings) == ["It rains here.", "It pours there."]


def test_a_passage_does_not_cross_a_heading():
    text = "It rains here.\n\nTwo\n\nIt pours there."

    passages = cut(document(text, headings=(Heading(16, "Two"),)))

    assert [passage.text for passage in passages] == ["It rains here.", "It pours there."]


def test_text_without_words_has_no_passages():
    assert cut(document("—— … \n\n * * *")) == []


@given(st.text(max_size=3000))
def test_every_passage_is_made_of_slices_in_order(text):
    made = document(text)
    end = 0
    for passage in cut(made):
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        for each in passage.sentences:
            assert end <= each.start < each.end <= len(text)
            assert each.end - each.start <= LONG_SENTENCE
            assert any(character.isalnum() for character in text[each.start : each.end])
            end = each.end


@given(st.lists(st.sampled_from(["word", "Word.", "and;", "x" * 90]), max_size=600))
def test_no_passage_is_longer_than_a_reader_takes_in(words):
    for passage in cut(document(" ".join(words))):
        assert passage.end - passage.start <= LONG_PASSAGE


def test_a_text_is_hashed_once_however_many_passages_it_has(monkeypatch):
    hashed = []
    real = passages._digest
    monkeypatch.setattr(passages, "_digest", lambda *parts: hashed.append(parts) or real(*parts))

    cut(Document(source="a.txt", title="A", text="It stands. " * 2000))

    assert len(hashed) == 1
