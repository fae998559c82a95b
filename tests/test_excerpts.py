"""A passage among the sentences around it, and the way on through its document."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import cut
from index.errors import DocumentGone
from index.excerpts import AROUND, excerpt
from index.passages import Document

TEXTS = st.lists(st.text("ab .\n", max_size=300), min_size=1, max_size=12).map("\n\n".join)


@given(TEXTS, st.integers(0, 4_000))
def test_an_excerpt_holds_its_passage_and_whole_sentences_near_it(text: str, offset: int):
    passages = cut(Document(source="a", title="A", text=text))
    if not passages:
        return

    found = excerpt(passages, offset, "a")

    borders = [(each.start, each.end) for passage in passages for each in passage.sentences]
    assert found.start in [start for start, _ in borders]
    assert found.end in [end for _, end in borders]
    assert found.passage.start - AROUND <= found.start <= found.passage.start
    assert found.passage.end <= found.end <= found.passage.end + AROUND


@given(TEXTS)
def test_the_way_on_shows_every_sentence_and_so_does_the_way_back(text: str):
    passages = cut(Document(source="a", title="A", text=text))
    if not passages:
        return

    on, back = [excerpt(passages, 0, "a")], [excerpt(passages, len(text), "a")]
    while (after := on[-1].after) is not None:
        on.append(excerpt(passages, after, "a"))
    while (before := back[-1].before) is not None:
        back.append(excerpt(passages, before, "a"))

    for way in (on, back[::-1]):
        assert (way[0].start, way[-1].end) == (passages[0].start, passages[-1].end)
        assert [each.number for each in way] == sorted({each.number for each in way})
        for one, other in pairwise(way):
            sentences = [each for passage in passages for each in passage.sentences]
            assert [each for each in sentences if one.end <= each.start < other.start] == []


def test_a_document_without_passages_has_no_excerpt():
    with pytest.raises(DocumentGone):
        excerpt([], 0, "a")
