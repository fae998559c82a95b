"""What buttons and links carry comes back as it was, fits, and means nothing to others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.pointers import (
    More,
    Spot,
    Step,
    link_to,
    more_data,
    passage_data,
    read_link,
    read_more_data,
    read_passage_data,
    read_sources_data,
    read_step_data,
    step_data,
)
from index.passages import Document
from tests.shelf import CATS, EVIDENCE, citation

OFFSETS = st.integers(0, 2**28 - 1)
GROUPS = st.none() | st.integers(-(2**52) + 1, -1)
AT = CATS.text.index(EVIDENCE)
QUOTE = Spot(CATS.id, AT, AT + len(EVIDENCE))


def test_the_button_of_a_citation_names_its_document_and_offsets():
    assert read_passage_data(passage_data(citation())) == QUOTE


@given(OFFSETS, OFFSETS, OFFSETS, GROUPS)
def test_a_step_comes_back_and_has_at_most_64_bytes(
    offset: int, start: int, end: int, group: int | None
):
    step = Step(offset, Spot(CATS.id, start, end), group)
    data = step_data(offset, step.quote, group)

    assert len(data.encode()) <= 64
    assert read_step_data(data) == step


@given(st.text(min_size=1), st.text(), GROUPS, st.data())
def test_a_link_comes_back_and_may_be_a_start_parameter(
    source: str, text: str, group: int | None, data: st.DataObject
):
    document = Document(source=source, title="A", text=f"{text}.")
    start = data.draw(st.integers(0, len(document.text) - 1))
    end = data.draw(st.integers(start + 1, len(document.text)))

    parameter = link_to(document, start, end, group)

    assert len(parameter) <= 64
    assert set(parameter) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
    link = read_link(parameter)
    assert link is not None
    assert (link.spot, link.is_from(source)) == (Spot(document.id, start, end), True)
    assert link.group == group


@given(st.integers(0, 999), st.integers(1, 2**31 - 1))
def test_what_comes_next_comes_back_and_has_at_most_64_bytes(skip: int, message: int):
    data = more_data(More(skip, message))

    assert len(data) <= 64
    assert (read_more_data(data), read_more_data(more_data(More()))) == (
        More(skip, message),
        More(),
    )


@given(st.text() | st.from_regex(r"(p|w|s|m|c_)[:0-9a-f_A-Z-]{0,64}", fullmatch=True))
def test_what_others_wrote_is_refused_quietly(data: str):
    assert read_passage_data(data) is None or data.startswith("p:")
    assert read_step_data(data) is None or data.startswith("w:")
    assert read_sources_data(data) is None or data.startswith("s:")
    assert read_more_data(data) is None or data.startswith("m:")
    assert read_link(data) is None or data.startswith("c_")


def test_a_link_finds_its_words_nearest_to_where_they_stood():
    link = read_link(link_to(CATS, QUOTE.start, QUOTE.end))
    assert link is not None

    twice = f"New. {EVIDENCE} More. {EVIDENCE}"

    assert [link.found_in(text) for text in (CATS.text, twice, "Nothing of it.", "")] == [
        AT,
        twice.index(EVIDENCE),
        None,
        None,
    ]


def test_there_is_no_link_to_nothing_nor_to_a_whole_book():
    book = Document(source="a", title="A", text="word " * 1_000)

    assert [link_to(book, 5, 5), link_to(book, 0, 5_000)] == ["", ""]
