"""A second process may write while the first one answers: nothing is stale, nothing is lost."""

from __future__ import annotations

import multiprocessing
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index import open_index
from index.catalog import Catalog
from index.errors import IndexBusy
from index.locking import Ownership
from tests.doubles import write
from tests.small_index import SmallIndex, reindex_in, reindex_slowly_in

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
DOGS = "Dogs\nDogs bark at strangers. They like long walks."
ROOT = Path(__file__).parent.parent
SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload(["tests.small_index"])


def elsewhere(work, folder: Path) -> None:
    """Does the work in a process of its own, and waits for it."""
    process = SPAWN.Process(target=work, args=(folder,))
    process.start()
    process.join(60)
    assert process.exitcode == 0


def slowly_elsewhere(folder: Path):
    """A process that is in the middle of a long reindex."""
    process = SPAWN.Process(target=reindex_slowly_in, args=(folder,))
    process.start()
    while not (folder / "began").exists():
        assert process.is_alive()
        time.sleep(0.01)
    return process


@pytest.fixture
def index(tmp_path):
    write(tmp_path / "documents", cats=CATS)
    with SmallIndex(tmp_path) as opened:
        opened.reindex()
        yield opened


def test_what_another_process_indexed_is_found_with_the_next_question(index, tmp_path):
    found_before = index.search("who barks at strangers")
    write(tmp_path / "documents", dogs=DOGS)

    elsewhere(reindex_in, tmp_path)

    assert "dogs.txt" not in found_before
    assert index.search("who barks at strangers")[0] == "dogs.txt"


def test_what_another_process_removed_is_found_no_more(index, tmp_path):
    write(tmp_path / "documents", dogs=DOGS)
    (tmp_path / "documents" / "cats.txt").unlink()

    elsewhere(reindex_in, tmp_path)

    assert index.search("cats sleep for sixteen hours") == ["dogs.txt"]


@pytest.mark.slow
def test_the_process_that_holds_the_vectors_takes_over_what_others_wrote(index, tmp_path):
    write(tmp_path / "documents", dogs=DOGS)
    elsewhere(reindex_in, tmp_path)

    index.search("who barks at strangers")

    until = time.monotonic() + 5
    while index.stored() != 4 and time.monotonic() < until:
        time.sleep(0.05)
    assert index.stored() == 2
    assert index.search("who barks at strangers")[0] == "dogs.txt"


def test_both_may_write_in_turn_and_no_vector_is_lost(index, tmp_path):
    for turn in range(3):
        write(tmp_path / "documents", **{f"own{turn}": f"Own\nThe own{turn} owl hoots."})
        index.reindex()
        write(tmp_path / "documents", **{f"theirs{turn}": f"Theirs\nThe theirs{turn} hen clucks."})
        elsewhere(reindex_in, tmp_path)
    index.search("owl")

    assert index.vectors.compare_with_catalog() == (set(), set())
    assert {"own0.txt", "own1.txt", "own2.txt"} <= set(index.search("owl hoots", 20))
    assert {"theirs0.txt", "theirs2.txt"} <= set(index.search("hen clucks", 20))


def test_questions_are_answered_while_another_process_reindexes(index, tmp_path):
    write(tmp_path / "documents", **{f"dog{n}": f"Dog {n}\nDog {n} barks." for n in range(30)})
    process = slowly_elsewhere(tmp_path)
    seen = []

    while process.is_alive():
        seen.append(len(index.search("which dog barks", 40)))
        time.sleep(0.01)

    assert process.exitcode == 0
    assert set(seen) <= {1, 31}
    assert len(index.search("which dog barks", 40)) == 31


def test_a_second_writer_is_told_who_writes_and_since_when(index, tmp_path):
    write(tmp_path / "documents", **{f"dog{n}": f"Dog {n}\nDog {n} barks." for n in range(30)})
    process = slowly_elsewhere(tmp_path)

    with pytest.raises(IndexBusy, match=f"process {process.pid}, since 20"):
        index.reindex()

    process.kill()
    process.join()


def test_the_lock_of_a_killed_process_is_taken_over(index, tmp_path):
    write(tmp_path / "documents", **{f"dog{n}": f"Dog {n}\nDog {n} barks." for n in range(30)})
    process = slowly_elsewhere(tmp_path)
    process.kill()
    process.join()

    index.reindex()

    assert len(index.search("which dog barks", 40)) == 31


def test_the_vectors_are_adopted_when_the_process_that_held_them_ends(tmp_path):
    write(tmp_path / "documents", cats=CATS)
    first = SmallIndex(tmp_path)
    first.reindex()
    with SmallIndex(tmp_path) as second:
        beside = second.search("cats sleep")
        held_before = second.holds()
        first.close()

        after = second.search("cats sleep")

        assert (beside, after) == (["cats.txt"], ["cats.txt"])
        assert (held_before, second.holds()) == (False, True)


@pytest.mark.slow
def test_all_processes_that_begin_with_a_new_file_at_once_may_use_it(tmp_path):
    together = SPAWN.Barrier(3)
    processes = [SPAWN.Process(target=begin_in, args=(tmp_path, together)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)

    assert [process.exitcode for process in processes] == [0, 0, 0]


def begin_in(folder: Path, together: Any) -> None:
    for number in range(20):
        together.wait(30)
        Catalog(folder / str(number) / "catalog.sqlite").close()


def test_the_vectors_are_held_by_the_process_whichever_of_its_threads_took_them(tmp_path):
    one, other = Ownership(tmp_path), Ownership(tmp_path)
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(one.taken).result()

    assert one.taken()
    assert not other.taken()
    one.give_up()
    assert other.taken()


def test_an_open_index_serves_what_the_command_line_indexed(models, tmp_path):
    shutil.copytree(models, tmp_path / "index" / "models")
    folder = write(tmp_path / "documents", mill="The mill\n\nThe mill of Rehna burnt down in 1871.")
    command = [sys.executable, "-m", "index", "reindex", "--documents", str(folder),
               "--storage", str(tmp_path / "index")]  # fmt: skip
    with open_index(folder, tmp_path / "index") as index:
        index.reindex()
        write(folder, bridge="The bridge\n\nThe bridge of Ulmen was opened in 1932 by the king.")

        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
        began = time.monotonic()
        reply = index.ask("When was the bridge of Ulmen opened?")

        assert "1932" in reply.citations[0].quote
        assert time.monotonic() - began < 5
        assert index.verify().problems == ()
