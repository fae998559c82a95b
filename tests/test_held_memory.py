"""No memory is held for nothing."""

from __future__ import annotations

import sys

import pytest

from bench.contender import resident
from index.embedding import open_embedder
from index.heap import give_back

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the system says it on Linux")


def test_what_is_free_between_what_is_kept_goes_back_to_the_system():
    blocks = [bytes(2_000) for _ in range(50_000)]
    kept = blocks[::200]
    del blocks
    before = resident()

    give_back()

    assert before - resident() > 50
    assert len(kept) == 250


def test_a_batch_of_a_shape_seen_before_takes_no_more_memory(models):
    embedder = open_embedder("default", models.parent)
    texts = [f"{number}{' word' * 28}" for number in range(128)]
    embedder.embed(texts)
    before = resident()

    embedder.embed(texts)

    assert resident() - before < 20
