"""Chroma keeps sentence vectors, in this process or on a server; the list passes the same tests."""

from __future__ import annotations

import numpy as np
import pytest

from index import NoAnswer, open_index
from index.errors import VectorsReplaced, VectorsUnusable
from index.vectors import ChromaVectors
from tests.chroma_server import ChromaServer
from tests.doubles import ListVectors, write


@pytest.fixture(scope="session")
def chroma(tmp_path_factory):
    with ChromaServer(tmp_path_factory.mktemp("chroma")) as server:
        yield server


@pytest.fixture(params=["list", "chroma", pytest.param("server", marks=pytest.mark.slow)])
def store(request, tmp_path):
    if request.param == "list":
        opened = ListVectors()
    elif request.param == "chroma":
        opened = ChromaVectors(tmp_path)
    else:
        opened = ChromaVectors(tmp_path, request.getfixturevalue("chroma").url)
        opened.clear()
    yield opened
    opened.close()


def unit(*values: float):
    vector = np.asarray(values, np.float32)
    return vector / np.linalg.norm(vector)


NEAR, FAR, OPPOSITE = unit(1, 0.1), unit(0.6, 0.8), unit(-1, 0)
QUESTION = unit(1, 0)


def test_the_nearest_comes_first_with_its_cosine(store):
    store.add(["far", "near", "opposite"], np.stack([FAR, NEAR, OPPOSITE]))

    found = store.nearest(QUESTION, 2)

    assert [key for key, _ in found] == ["near", "far"]
    assert [score for _, score in found] == pytest.approx([float(NEAR @ QUESTION), 0.6], abs=1e-4)


def test_a_key_that_is_there_is_replaced(store):
    store.add(["a"], np.stack([FAR]))
    store.add(["a"], np.stack([NEAR]))

    assert store.count() == 1
    assert store.nearest(QUESTION, 1)[0][1] == pytest.approx(float(NEAR @ QUESTION), abs=1e-4)


def test_what_is_removed_is_found_no_more(store):
    store.add(["far", "near"], np.stack([FAR, NEAR]))
    store.remove(["near", "never there"])

    assert sorted(store.keys()) == ["far"]
    assert [key for key, _ in store.nearest(QUESTION, 5)] == ["far"]


def test_an_empty_store_finds_nothing(store):
    assert store.nearest(QUESTION, 5) == []
    assert store.count() == 0


def test_clear_forgets_everything_and_takes_vectors_of_another_size(store):
    store.add(["a"], np.stack([FAR]))
    store.clear()

    store.add(["b"], np.stack([unit(1, 0, 0)]))

    assert list(store.keys()) == ["b"]


def test_vectors_are_still_there_when_the_folder_is_opened_again(tmp_path):
    first = ChromaVectors(tmp_path)
    first.add(["near"], np.stack([NEAR]))
    first.close()

    again = ChromaVectors(tmp_path)

    assert again.nearest(QUESTION, 1)[0][0] == "near"
    again.close()


@pytest.mark.slow
def test_vectors_on_a_server_are_there_for_the_next_one_who_opens_it(chroma, tmp_path):
    first = ChromaVectors(tmp_path, chroma.url)
    first.clear()
    first.add(["near"], np.stack([NEAR]))
    first.close()

    again = ChromaVectors(tmp_path / "elsewhere", chroma.url)

    assert again.nearest(QUESTION, 1)[0][0] == "near"
    assert list(tmp_path.iterdir()) == []
    again.close()


@pytest.mark.slow
def test_who_holds_a_collection_that_another_one_lets_begin_anew_is_told_so(chroma, tmp_path):
    one, two = (ChromaVectors(tmp_path, chroma.url, "shared") for _ in range(2))
    one.add(["near"], np.stack([NEAR]))
    two.clear()

    with pytest.raises(VectorsReplaced):
        one.nearest(QUESTION, 1)
    with pytest.raises(VectorsReplaced):
        one.add(["near"], np.stack([NEAR]))
    one.close()
    two.close()


@pytest.mark.slow
def test_two_indexes_on_one_server_keep_apart_by_name(chroma, tmp_path):
    one, two = (ChromaVectors(tmp_path, chroma.url, name) for name in ("one", "two"))

    one.add(["near"], np.stack([NEAR]))
    two.clear()

    assert (one.count(), two.count()) == (1, 0)
    one.close()
    two.close()


@pytest.mark.slow
def test_an_index_on_a_server_answers_also_when_the_server_is_gone(models, tmp_path):
    write(tmp_path / "documents", bridge="The bridge of Ulmen was opened in 1932 by the king.")
    (tmp_path / "index").mkdir()
    (tmp_path / "index/models").symlink_to(models)
    places = {"documents": tmp_path / "documents", "storage": tmp_path / "index"}
    with (
        ChromaServer(tmp_path / "chroma") as server,
        open_index(**places, chroma_url=server.url) as index,
    ):
        index.reindex()
        before = index.ask("When was the bridge of Ulmen opened?")
        there = ChromaVectors(tmp_path, server.url).count()

        server.stop()
        after = index.ask("When was the bridge of Ulmen opened?")
    with open_index(**places, chroma_url=server.url) as index:
        without = index.ask("When was the bridge of Ulmen opened?")

    assert there == 1
    assert not isinstance(before, NoAnswer)
    assert (after.text, without.text) == (before.text, before.text)


def test_a_server_that_is_not_there_is_said_in_a_sentence(tmp_path):
    with pytest.raises(VectorsUnusable, match="no server answers at"):
        ChromaVectors(tmp_path, "http://127.0.0.1:9")
