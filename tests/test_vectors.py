"""Chroma keeps sentence vectors; the list that stands in for it passes the same tests."""

from __future__ import annotations

import numpy as np
import pytest

from index.vectors import ChromaVectors
from tests.doubles import ListVectors


@pytest.fixture(params=["list", "chroma"])
def store(request, tmp_path):
    opened = ListVectors() if request.param == "list" else ChromaVectors(tmp_path)
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
