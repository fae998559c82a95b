"""The nearest sentences are found whatever the vector store holds, lacks or refuses."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.catalog import Catalog, StoredFile
from index.chunking import cut
from index.errors import VectorsReplaced, VectorsUnusable
from index.passages import Document
from index.vector_search import VectorSearch
from tests.doubles import ListVectors, WordEmbedder

EMBEDDER = WordEmbedder(128)


def document(number: int) -> Document:
    text = f"Dog number{number} barks at cat number{number + 1}."
    return Document(source=f"{number}.txt", title=f"Dog {number}", text=text)


class Place:
    """A catalog with a store beside it."""

    def __init__(self, folder) -> None:
        self.catalog = Catalog(folder / "catalog.sqlite")
        self.store = ListVectors()
        self.vectors = VectorSearch(self.catalog, lambda: self.store)

    def hold(self, *numbers: int) -> None:
        """Makes these documents, and no others, the current version."""
        files = []
        for number in numbers:
            each = document(number)
            passages = cut(each)
            texts = [each.text[s.start : s.end] for p in passages for s in p.sentences]
            self.catalog.add(each, passages, EMBEDDER.embed(texts))
            files.append(
                StoredFile(
                    source=each.source, hash="h", size=1, modified=1, checked=1,
                    documents=(each.id,),
                )
            )  # fmt: skip
        self.catalog.switch(files)

    def nearest(self, number: int, limit: int = 3) -> list[str]:
        """Keys of the passages nearest to that document's own."""
        question = EMBEDDER.embed([document(number).text])[0]
        return [key for key, _ in self.vectors.nearest(question, limit)]

    def key(self, number: int) -> str:
        return cut(document(number))[0].id


def test_a_passage_is_as_near_as_the_mean_of_its_sentences(tmp_path):
    catalog = Catalog(tmp_path / "catalog.sqlite")
    told = Document(source="a.txt", title="A", text="Dogs bark at strangers. Cats sleep all day.")
    (passage,) = cut(told)
    vectors = EMBEDDER.embed(["Dogs bark at strangers.", "Cats sleep all day."])
    catalog.add(told, [passage], vectors)
    catalog.switch([StoredFile(source="a.txt", hash="h", size=1, modified=1, checked=1,
                               documents=(told.id,))])  # fmt: skip
    mean = vectors.mean(axis=0)

    for opened in (ListVectors(), None):
        found = VectorSearch(catalog, lambda opened=opened: opened)
        found.take_over()
        ((key, cosine),) = found.nearest(vectors[0], 5)

        assert key == passage.id
        assert cosine == pytest.approx(float(mean @ vectors[0] / np.linalg.norm(mean)), abs=0.01)


@pytest.fixture
def place(tmp_path):
    made = Place(tmp_path)
    yield made
    made.vectors.close()
    made.catalog.close()


def test_what_the_store_does_not_hold_yet_is_found(place):
    place.hold(1, 2)

    assert place.nearest(2)[0] == place.key(2)


def test_what_waits_is_taken_over_once(place):
    place.hold(1, 2)

    assert place.vectors.take_over()
    assert sorted(place.store.keys()) == sorted([place.key(1), place.key(2)])
    assert place.nearest(2)[0] == place.key(2)


def test_only_the_current_version_is_found(place):
    place.hold(1, 2, 3)
    place.vectors.take_over()
    place.hold(3)

    assert place.nearest(1) == [place.key(3)]


def test_many_vectors_of_other_versions_do_not_hide_the_current_one(place):
    place.hold(*range(1, 40))
    place.vectors.take_over()
    place.hold(90, 91)
    place.vectors.take_over()

    found = place.nearest(5, limit=2)

    assert sorted(found) == sorted([place.key(90), place.key(91)])


def test_a_store_that_begins_anew_takes_over_what_was_struck_out_meanwhile(place):
    place.hold(1, 2)
    place.vectors.take_over()
    place.catalog.renew_vectors()
    place.catalog.vectors_taken(each.row for each in place.catalog.waiting_vectors(10))

    assert place.vectors.take_over()

    assert sorted(place.store.keys()) == sorted([place.key(1), place.key(2)])
    assert place.nearest(2)[0] == place.key(2)


def test_a_view_of_before_finds_all_while_the_store_is_filled_anew(place):
    place.hold(1, 2)
    place.vectors.take_over()

    def begin_anew() -> None:
        place.store.add = lambda *_: None  # as long as it is not there yet
        place.catalog.renew_vectors()
        place.vectors.take_over()

    with place.catalog.snapshot():
        thread = threading.Thread(target=begin_anew)
        thread.start()
        thread.join()

        assert sorted(place.nearest(2)) == sorted([place.key(1), place.key(2)])


def test_a_store_that_refuses_is_done_without(place):
    place.hold(1, 2)

    def refuse(*_: object) -> None:
        raise VectorsUnusable("InternalError")

    place.store.nearest = refuse
    place.store.add = refuse

    assert place.nearest(2)[0] == place.key(2)


@pytest.mark.parametrize("step", ["nearest", "add"])
def test_a_store_that_another_process_let_begin_anew_is_opened_again(place, step):
    place.hold(1, 2)
    place.vectors.take_over()
    place.hold(1, 2, 3)
    fresh = ListVectors()
    fresh.add(list(place.store.keys()), list(place.store._vectors.values()))

    def refuse(*_: object) -> None:
        place.store = fresh
        raise VectorsReplaced

    setattr(place.store, step, refuse)
    if step == "nearest":
        assert place.nearest(2)[0] == place.key(2)
    else:
        assert not place.vectors.take_over()

    assert place.vectors.take_over()
    assert sorted(fresh.keys()) == sorted(map(place.key, (1, 2, 3)))
    assert place.nearest(3)[0] == place.key(3)


def test_a_store_that_does_not_open_is_done_without(place):
    def refuse() -> ListVectors:
        raise VectorsUnusable("InternalError")

    place.hold(1, 2)
    vectors = VectorSearch(place.catalog, refuse)

    found = vectors.nearest(EMBEDDER.embed([document(2).text])[0], 1)

    assert [key for key, _ in found] == [place.key(2)]
    assert not vectors.take_over()


def test_a_store_that_lost_vectors_is_made_anew(place):
    place.hold(1, 2, 3)
    place.vectors.take_over()
    place.store.remove([place.key(2)])
    again = VectorSearch(place.catalog, lambda: place.store)

    again.take_over()

    assert place.store.count() == 3
    again.close()


def test_nothing_indexed_is_nothing_near(place):
    assert place.nearest(1) == []


def test_vectors_of_another_dimension_are_not_compared(place):
    place.hold(1)
    other = VectorSearch(place.catalog, lambda: None)

    assert other.nearest(np.ones(7, np.float32), 3) == []


@settings(max_examples=25, deadline=None)
@given(
    versions=st.lists(st.sets(st.integers(0, 9)), min_size=1, max_size=4),
    taken=st.lists(st.booleans(), min_size=4, max_size=4),
    kept=st.integers(1, 3),
)
def test_whatever_was_taken_over_all_and_only_the_current_version_is_found(
    tmp_path_factory, versions, taken, kept
):
    place = Place(tmp_path_factory.mktemp("any"))
    for version, take in zip(versions, taken, strict=False):
        place.hold(*sorted(version))
        place.catalog.prune(kept)
        if take:
            place.vectors.take_over()

    assert sorted(place.nearest(0, 50)) == sorted(place.key(each) for each in versions[-1])
    place.vectors.take_over()
    assert sorted(place.nearest(0, 50)) == sorted(place.key(each) for each in versions[-1])
    assert place.vectors.compare_with_catalog() == (set(), set())
    place.vectors.close()
    place.catalog.close()
