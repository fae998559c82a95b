"""The catalog: generations that switch at once, vectors that survive packing, text that is gone."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.catalog import Catalog, StoredFile, pack, passage_of_key, unpack, vector_key
from index.chunking import cut
from index.errors import DocumentGone, IndexDamaged
from index.passages import Document
from tests.doubles import WordEmbedder


@pytest.fixture
def catalog(tmp_path):
    opened = Catalog(tmp_path / "catalog.sqlite")
    yield opened
    opened.close()


def stored(catalog: Catalog, *documents: Document) -> list[StoredFile]:
    files = []
    for document in documents:
        passages = cut(document)
        texts = [document.text[s.start : s.end] for p in passages for s in p.sentences]
        catalog.add(document, passages, WordEmbedder().embed(texts))
        files.append(
            StoredFile(
                source=document.source, hash="h", size=1, modified=1, checked=1,
                documents=(document.id,),
            )
        )  # fmt: skip
    return files


CATS = Document(source="cats.txt", title="Cats", text="Cats sleep long. Cats purr loudly.")
DOGS = Document(source="dogs.txt", title="Dogs", text="Dogs bark.")


def test_what_is_added_is_not_seen_before_the_switch(catalog):
    files = stored(catalog, CATS)
    with catalog.snapshot() as before:
        seen = before.documents(), before.match("sleep", 5)

    catalog.switch(files)

    assert seen == ([], [])
    with catalog.snapshot() as after:
        assert [each.title for each in after.documents()] == ["Cats"]
        assert len(after.match("sleep", 5)) == 1


def test_a_view_stays_as_it_was_while_another_thread_switches(catalog):
    catalog.switch(stored(catalog, CATS))
    files = stored(catalog, DOGS)

    with catalog.snapshot() as held:
        other = threading.Thread(target=lambda: (catalog.switch(files), catalog.prune(1)))
        other.start()
        other.join()
        row, _ = held.match("sleep", 5)[0]

        assert held.passage(row).passage.document == CATS


def test_pruned_text_is_gone_from_full_text_and_vocabulary(catalog):
    catalog.switch(stored(catalog, CATS))
    catalog.switch(stored(catalog, DOGS))

    assert catalog.prune(1) == 1

    assert catalog.gone_vectors(10) == [vector_key(cut(CATS)[0].id, number) for number in (0, 1)]
    with catalog.snapshot() as snapshot:
        assert snapshot.frequencies(["purr"]) == {}
        with pytest.raises(DocumentGone):
            snapshot.document(CATS.id)


def test_a_passage_comes_back_with_text_offsets_and_vectors(catalog):
    catalog.switch(stored(catalog, CATS))

    with catalog.snapshot() as snapshot:
        found = snapshot.passage(snapshot.match("purr", 5)[0][0])

    assert found.passage == cut(CATS)[0]
    assert found.vectors.shape == (2, 64)


def test_a_passage_is_found_by_any_of_its_characters(catalog):
    catalog.switch(stored(catalog, CATS))

    with catalog.snapshot() as snapshot:
        assert snapshot.passage_at(CATS.id, 15).text == CATS.text
        with pytest.raises(DocumentGone):
            snapshot.passage_at(CATS.id, 10_000)


def test_a_file_that_is_no_catalog_is_damage(tmp_path):
    (tmp_path / "catalog.sqlite").write_bytes(b"not a database at all" * 100)

    with pytest.raises(IndexDamaged, match="python -m index reindex --rebuild"):
        Catalog(tmp_path / "catalog.sqlite")


@given(arrays(np.float32, (3, 16), elements=st.floats(-1, 1, width=32)))
def test_packed_vectors_come_back_within_a_hundredth(vectors):
    again = unpack(pack(vectors), 3)

    assert np.abs(again - vectors).max() <= np.abs(vectors).max() / 100 + 1e-6


@given(st.integers(0, 9), st.integers(0, 99))
def test_a_vector_key_says_its_passage_and_sentence(passage, sentence):
    key = vector_key(f"00ff-{passage}", sentence)

    assert passage_of_key(key) == (f"00ff-{passage}", sentence)
