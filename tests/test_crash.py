"""Killed at any moment, on a full disk, on one that cannot be written: the index stays whole."""

from __future__ import annotations

import multiprocessing
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import Answer, open_index
from index.errors import ModelUnavailable, QuothError, StorageFull, StorageUnwritable
from index.verifying import verify
from tests.doubles import write
from tests.small_index import SmallIndex, reindex_in

SPAWN = multiprocessing.get_context("forkserver")
SPAWN.set_forkserver_preload(["tests.small_index"])
KILLS = 50
DOCUMENTS = 24
ROOT = Path(__file__).parent.parent


def turn_to(folder: Path, state: int) -> None:
    """All documents say the state's number, and one name is new in each."""
    shutil.rmtree(folder / "documents", ignore_errors=True)
    texts = {
        f"dog{n}": f"Dog {n}\nDog {n} barks at state{state}. It was seen by keeper{state}."
        for n in range(state % 3, DOCUMENTS + state % 3)
    }
    write(folder / "documents", **texts)


def states(index: SmallIndex) -> set[str]:
    """The states that the documents which are answered from are in."""
    with index.catalog.snapshot() as snapshot:
        texts = [snapshot.document(each.id).text for each in snapshot.documents()]
    assert len(texts) == DOCUMENTS
    return {text.split("state")[1].split(".")[0] for text in texts}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_at_any_moment_the_next_start_answers_from_a_whole_index(tmp_path):
    moments = random.Random(4)
    turn_to(tmp_path, 0)
    began = time.monotonic()
    started(tmp_path).join()
    usual = time.monotonic() - began
    now, state, kills = 0, 0, 0

    while kills < KILLS:
        state += 1
        turn_to(tmp_path, state)
        process = started(tmp_path)
        process.join(moments.uniform(0, usual))
        process.kill()
        process.join()
        kills += process.exitcode == -signal.SIGKILL

        with SmallIndex(tmp_path) as index:
            assert verify(index.catalog, index.vectors).problems == ()
            found = states(index)
            assert found in ({str(now)}, {str(state)})
            now = int(found.pop())
            assert index.search(f"which dog barks at state{now}")[0].startswith("dog")


def started(folder: Path):
    process = SPAWN.Process(target=reindex_in, args=(folder,))
    process.start()
    return process


@pytest.mark.slow
def test_the_real_program_survives_being_killed(sample_folder, sample, tmp_path):
    folder = tmp_path / "documents"
    shutil.copytree(sample_folder / "documents", folder)
    shutil.copytree(sample_folder / "index", tmp_path / "index")
    command = [sys.executable, "-m", "index", "reindex", "--documents", str(folder),
               "--storage", str(tmp_path / "index")]  # fmt: skip
    for seconds in (1.0, 3.0, 6.0):
        write(folder, **{f"new{seconds}": f"Killed after {seconds}.\n\n" + "It rained a lot. " * 9})
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

        with open_index(folder, tmp_path / "index") as index:
            found = index.verify()
            reply = index.ask("who said the defense is unbreakable")

        assert found.problems == ()
        assert isinstance(reply, Answer)


@pytest.fixture
def index(tmp_path):
    turn_to(tmp_path, 0)
    with SmallIndex(tmp_path) as opened:
        opened.reindex()
        yield opened


def test_a_full_disk_is_said_in_a_sentence_and_leaves_the_old_index(index, tmp_path):
    turn_to(tmp_path, 1)
    # SQLite says the same of a database that may not grow as of a disk that is full.
    pages = index.catalog._connection.execute("PRAGMA page_count").fetchone()[0]
    index.catalog._connection.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(StorageFull, match=r"is full\. Free some space"):
        index.reindex()

    assert states(index) == {"0"}
    assert index.search("which dog barks")
    index.catalog._connection.execute("PRAGMA max_page_count=1000000")
    index.reindex()
    assert states(index) == {"1"}


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small tmpfs")
def test_on_a_disk_that_is_really_full_the_old_index_answers(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)],  # noqa: S607
        check=False, capture_output=True,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("mounting is not permitted here")
    try:
        fill_up(disk)
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S607


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small tmpfs")
def test_on_a_disk_that_became_read_only_questions_are_answered(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)]
    if subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip("mounting is not permitted here")
    try:
        turn_to(disk, 0)
        started(disk).join()  # in a process that ends: Chroma leaves its files open
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)  # noqa: S607
        with SmallIndex(disk) as index:
            assert index.search("which dog barks at state0")[0].startswith("dog")
            with pytest.raises(StorageUnwritable, match="set STORAGE to another one"):
                index.reindex()
            assert states(index) == {"0"}
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)  # noqa: S607


def fill_up(disk: Path) -> None:
    (disk / "ballast").write_bytes(b"-" * 4_000_000)
    turn_to(disk, 0)
    with SmallIndex(disk) as index:
        index.reindex()
        index.builder._folder = disk.parent / "more"
        with pytest.raises(QuothError, match=r"is full|not be written"):
            grow(index, disk.parent / "more")
        assert index.search("which dog barks at state0")
    (disk / "ballast").unlink()
    with SmallIndex(disk) as index:
        index.reindex()
        assert states(index) == {"0"}
        assert index.search("which dog barks at state0")[0].startswith("dog")
        assert verify(index.catalog, index.vectors).problems == ()


def grow(index: SmallIndex, folder: Path) -> None:
    for turn in range(20):
        write(folder, **{f"more{turn}-{n}": more(100 * turn + n) for n in range(20)})
        index.reindex()


def more(number: int) -> str:
    return f"More {number}\n" + " ".join(f"Cat {n} of {number} sleeps long." for n in range(60))


def test_a_storage_that_cannot_be_made_is_said_in_a_sentence(tmp_path):
    (tmp_path / "index").write_text("a file, where the folder should be")

    with pytest.raises(StorageUnwritable, match="set STORAGE to another one"):
        SmallIndex(tmp_path)


def test_a_storage_that_turns_read_only_is_said_and_leaves_the_old_index(index, tmp_path):
    turn_to(tmp_path, 1)
    index.catalog._connection.execute("PRAGMA query_only=ON")

    with pytest.raises(StorageUnwritable, match="writing there is not permitted"):
        index.reindex()

    assert states(index) == {"0"}
    assert index.search("which dog barks at state0")


def test_a_process_that_may_write_no_more_bytes_leaves_the_old_index(tmp_path):
    turn_to(tmp_path, 0)
    with SmallIndex(tmp_path) as index:
        index.reindex()
    write(tmp_path / "documents", **{f"more{n}": more(n) for n in range(40)})

    process = SPAWN.Process(target=reindex_within_a_limit, args=(tmp_path,))
    process.start()
    process.join(60)

    assert process.exitcode == 3
    with SmallIndex(tmp_path) as index:
        assert states(index) == {"0"}
        assert verify(index.catalog, index.vectors).problems == ()


def reindex_within_a_limit(folder: Path) -> None:
    """Ends with 3 when the refusal is one of ours."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
    try:
        reindex_in(folder)
    except QuothError:
        sys.exit(3)


def test_a_vector_store_that_is_broken_is_made_anew(tmp_path):
    turn_to(tmp_path, 0)
    with SmallIndex(tmp_path) as index:
        index.reindex()
    for path in (tmp_path / "index" / "vectors").rglob("*"):
        if path.is_file():
            path.write_bytes(b"not what Chroma wrote")

    with SmallIndex(tmp_path) as index:
        assert index.search("which dog barks at state0")[0].startswith("dog")
        assert verify(index.catalog, index.vectors).problems == ()
        assert index.stored() == DOCUMENTS


def test_a_vector_store_that_is_gone_is_made_anew_without_embedding(tmp_path):
    turn_to(tmp_path, 0)
    with SmallIndex(tmp_path) as index:
        index.reindex()
    shutil.rmtree(tmp_path / "index" / "vectors")

    with SmallIndex(tmp_path) as index:
        assert index.search("which dog barks at state0")[0].startswith("dog")
        assert verify(index.catalog, index.vectors).problems == ()
        assert index._embedder.embedded == ["which dog barks at state0"]


def test_a_catalog_of_an_earlier_release_is_opened_with_its_queues(tmp_path):
    turn_to(tmp_path, 0)
    with SmallIndex(tmp_path) as index:
        index.reindex()
    with sqlite3.connect(tmp_path / "index" / "catalog.sqlite") as connection:
        connection.execute("DROP TABLE vector_waiting")
        connection.execute("DROP TABLE vector_gone")
        connection.execute("DROP TABLE link_version")
        connection.execute("CREATE TABLE link(source, hash, etag, modified)")
        connection.execute("INSERT INTO link VALUES('https://mill.example/', 'a', '1', NULL)")

    with SmallIndex(tmp_path) as index:
        assert verify(index.catalog, index.vectors).problems == ()
        assert index.catalog.link("https://mill.example/", "a") is None
        index.catalog.copy_to(tmp_path / "copy.sqlite")
    assert b"mill.example" not in (tmp_path / "copy.sqlite").read_bytes()


def test_after_a_model_that_cannot_be_loaded_the_old_index_answers(index, tmp_path):
    turn_to(tmp_path, 1)

    def unavailable():
        raise ModelUnavailable("words", "its file is gone")

    index.builder._embedder = unavailable

    with pytest.raises(ModelUnavailable):
        index.reindex()

    assert states(index) == {"0"}
    assert index.search("which dog barks at state0")[0].startswith("dog")
