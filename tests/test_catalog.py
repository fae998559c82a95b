"""The catalog: generations that switch at once, vectors that survive packing, text that is gone."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index.catalog import Catalog, StoredFile, StoredLink, file, pack, unpack
from index.chunking import cut
from index.errors import (
    DocumentGone,
    IndexClosed,
    IndexDamaged,
    NothingToRollBack,
    QuothError,
)
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


def test_a_view_stays_as_it_was_while_another_thread_switches(catalog, monkeypatch):
    monkeypatch.setattr("index.catalog.file.PATIENCE", 0.1)  # pruning waits for who reads
    catalog.switch(stored(catalog, CATS))
    files = stored(catalog, DOGS)

    with catalog.snapshot() as held:
        other = threading.Thread(target=lambda: (catalog.switch(files), catalog.prune(1)))
        other.start()
        other.join()
        row, _ = held.match("sleep", 5)[0]

        assert held.passages([row])[0].passage.document == CATS


def test_pruned_text_is_gone_from_full_text_and_vocabulary(catalog):
    catalog.switch(stored(catalog, CATS))
    catalog.switch(stored(catalog, DOGS))

    assert catalog.prune(1) == 1

    assert catalog.gone_vectors(10) == [cut(CATS)[0].id]
    with catalog.snapshot() as snapshot:
        assert snapshot.frequencies(["purr"]) == {}
        with pytest.raises(DocumentGone):
            snapshot.document(CATS.id)


def test_a_passage_comes_back_with_text_offsets_and_vectors(catalog):
    catalog.switch(stored(catalog, CATS))

    with catalog.snapshot() as snapshot:
        (found,) = snapshot.passages([snapshot.match("purr", 5)[0][0]])

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


def test_passages_come_in_the_order_that_is_asked_for(catalog):
    catalog.switch(stored(catalog, CATS, DOGS))
    cats, dogs = cut(CATS)[0].id, cut(DOGS)[0].id

    with catalog.snapshot() as snapshot:
        rows = snapshot.passages_of([dogs, "nobody-0", cats])
        found = snapshot.passages(rows.values())

    assert list(rows) == [dogs, cats]
    assert [each.passage.id for each in found] == [dogs, cats]


def test_passages_are_counted_again_after_a_write(catalog):
    catalog.switch(stored(catalog, CATS))
    with catalog.snapshot() as snapshot:
        before = snapshot.passage_count()

    catalog.switch(stored(catalog, CATS, DOGS))

    with catalog.snapshot() as snapshot:
        assert (before, snapshot.passage_count()) == (1, 2)


@pytest.mark.parametrize("first", ["held", "now"])
def test_a_document_is_as_it_was_in_a_view_of_before_and_as_it_is_in_one_of_now(catalog, first):
    dated = replace(CATS, date=date(2024, 5, 5))
    catalog.switch(stored(catalog, CATS))

    def now() -> Document:
        with catalog.snapshot() as snapshot:
            return snapshot.document(CATS.id)

    def changed() -> None:
        catalog.switch(stored(catalog, dated))
        with catalog.snapshot():
            pass  # all that was kept is let go

    with catalog.snapshot() as held, ThreadPoolExecutor(1) as other:
        other.submit(changed).result()
        if first == "now":
            other.submit(now).result()
        before = held.document(CATS.id)

    assert (before.date, now().date) == (None, dated.date)


@given(arrays(np.float32, (3, 16), elements=st.floats(-1, 1, width=32)))
def test_packed_vectors_come_back_within_a_hundredth(vectors):
    again = unpack(pack(vectors), 3)

    assert np.abs(again - vectors).max() <= np.abs(vectors).max() / 100 + 1e-6


def test_a_view_inside_a_view_is_the_same(catalog):
    catalog.switch(stored(catalog, CATS))

    with catalog.snapshot() as outer, catalog.snapshot() as inner:
        assert inner is outer


def test_the_current_version_is_never_pruned(catalog):
    catalog.switch(stored(catalog, CATS))
    catalog.switch(stored(catalog, DOGS))
    catalog.rollback()

    catalog.prune(1)

    with catalog.snapshot() as snapshot:
        assert [each.title for each in snapshot.documents()] == ["Cats"]
        assert [(each.number, each.current) for each in snapshot.generations()] == [(1, True)]


def test_without_a_version_before_there_is_none_to_go_back_to(catalog):
    catalog.switch(stored(catalog, CATS))

    with pytest.raises(NothingToRollBack):
        catalog.rollback()


def test_what_the_store_has_to_do_is_noted_with_the_text(catalog):
    catalog.switch(stored(catalog, CATS))

    waiting = catalog.waiting_vectors(10)
    catalog.vectors_taken(each.row for each in waiting)

    assert [(each.passage_id, each.count) for each in waiting] == [(cut(CATS)[0].id, 2)]
    assert catalog.waiting_vectors(10) == []


def test_what_a_site_said_of_a_version_is_kept_for_that_version(catalog):
    catalog.note_link(
        StoredLink("https://mill.example/", "new", "https://mill.example/2", '"2"', None)
    )

    assert catalog.link("https://mill.example/", "new").etag == '"2"'
    assert catalog.link("https://mill.example/", "old") is None


def test_a_question_that_full_text_does_not_take_is_no_error_of_sqlite(catalog):
    with pytest.raises(QuothError), catalog.snapshot() as snapshot:
        snapshot.match('"', 5)


def test_another_thread_leaves_no_connection_behind(catalog):
    def ask() -> None:
        with catalog.snapshot():
            pass

    for _ in range(5):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()

    gc.collect()  # a connection refers to itself
    assert len(catalog._opened) == 1


# --- the end ---


def test_closing_waits_for_a_thread_that_looks_at_it(catalog):
    catalog.switch(stored(catalog, CATS))
    looking, closing = threading.Event(), threading.Event()

    def look() -> list[str]:
        with catalog.snapshot() as view:
            looking.set()
            closing.wait(10)
            return [each.title for each in view.documents()]

    with ThreadPoolExecutor(2) as threads:
        seen = threads.submit(look)
        looking.wait(10)
        closed = threads.submit(catalog.close)
        while not catalog._uses._ended:
            closing.wait(0.001)
        assert not closed.done()
        closing.set()

        assert seen.result() == ["Cats"]
        assert closed.result() is None


def test_closing_breaks_off_what_does_not_end(catalog, monkeypatch):
    monkeypatch.setattr(file, "ENDING", 0.5)
    counting = threading.Event()
    endless = (
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    )

    def count() -> None:
        with catalog.snapshot() as view:
            counting.set()
            view._connection.execute(endless).fetchone()

    with ThreadPoolExecutor(1) as threads:
        counted = threads.submit(count)
        counting.wait(10)
        catalog.close()

        with pytest.raises(IndexClosed):
            counted.result()


def test_who_comes_after_the_end_is_told_so(catalog):
    catalog.close()

    with pytest.raises(IndexClosed, match="Open it again"), catalog.snapshot():
        pass
    catalog.close()
