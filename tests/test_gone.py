"""What was deleted is gone: from answers at once, and from the disk with its last version."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.errors import DocumentGone, NothingToRollBack
from index.passages import Document
from tests.doubles import write
from tests.small_index import SmallIndex, forget

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
SECRET = "Zanzibarita\nThe quokkaword is hidden under the flagstoneword of Zanzibarita."
WORDS = (b"zanzibarita", b"quokkaword", b"flagstoneword", b"secret.txt")


UNUSED_MEMORY = "data_level0.bin"
"""Chroma's graph writes a block of memory as it was allocated: the part that no vector fills yet
holds whatever this process had there before, this test's own words too."""


def traces(storage: Path, *words: bytes) -> dict[str, list[bytes]]:
    """Which files below the folder hold which of the words, in capitals or not."""
    found = {}
    for path in storage.rglob("*"):
        if path.is_file() and path.name != UNUSED_MEMORY:
            data = path.read_bytes().lower()
            held = [word for word in words if word in data]
            if held:
                found[path.relative_to(storage).as_posix()] = held
    return found


def key_of(text: str, source: str = "secret.txt") -> bytes:
    """What the vectors of the text are called."""
    title = text.partition("\n")[0]
    return Document(source=source, title=title, text=text).content_id.encode()


@pytest.fixture
def index(tmp_path):
    write(tmp_path / "documents", cats=CATS, secret=SECRET, **{
        f"dog{n}": f"Dog {n}\nDog {n} barks." for n in range(50)
    })  # fmt: skip
    with SmallIndex(tmp_path, kept_generations=1) as opened:
        opened.reindex()
        yield opened


def document_id(index: SmallIndex, source: str) -> str:
    with index.catalog.snapshot() as snapshot:
        return next(each.id for each in snapshot.documents() if each.source == source)


def test_the_words_are_there_before(index):
    assert "catalog.sqlite" in {name.removesuffix("-wal") for name in traces(index.storage, *WORDS)}


def test_after_the_switch_nothing_finds_a_removed_document(index, tmp_path):
    gone = document_id(index, "secret.txt")
    (tmp_path / "documents" / "secret.txt").unlink()

    index.reindex()

    assert "secret.txt" not in index.search("what is hidden under the flagstoneword", 20)
    with index.catalog.snapshot() as snapshot:
        assert snapshot.match("quokkaword", 5) == []
        with pytest.raises(DocumentGone):
            snapshot.passage_at(gone, 20)


def test_with_its_last_version_a_document_is_gone_from_the_disk(index, tmp_path):
    (tmp_path / "documents" / "secret.txt").unlink()
    index.reindex()
    write(tmp_path / "documents", cats=CATS + " They purr.")

    index.reindex()

    assert traces(index.storage, *WORDS) == {}
    assert index.search("cats sleep")[0] == "cats.txt"


def test_it_is_gone_after_the_program_ended_as_well(index, tmp_path):
    (tmp_path / "documents" / "secret.txt").unlink()
    index.reindex()
    write(tmp_path / "documents", cats=CATS + " They purr.")
    index.reindex()

    index.close()

    assert traces(index.storage, *WORDS) == {}


def test_what_is_forgotten_is_gone_at_once_with_its_vectors(index):
    forgotten = forget(index, "secret.txt")

    assert forgotten == ["secret.txt"]
    assert traces(index.storage, *WORDS, key_of(SECRET)) == {}
    assert "secret.txt" not in index.search("what is hidden under the flagstoneword", 20)
    assert index.stored() == 51


def test_what_is_forgotten_while_it_is_read_leaves_the_disk_with_the_next_reindex(index):
    index.catalog._connection.execute("PRAGMA busy_timeout=100")
    reading, done = threading.Event(), threading.Event()

    def read() -> None:
        with index.catalog.snapshot():
            reading.set()
            done.wait()

    reader = threading.Thread(target=read)
    reader.start()
    reading.wait()
    forget(index, "secret.txt")
    left = traces(index.storage, *WORDS)
    done.set()
    reader.join()

    index.reindex()

    assert left != {}
    assert traces(index.storage, *WORDS, key_of(SECRET)) == {}


def test_what_is_forgotten_does_not_come_back_with_the_version_before(index, tmp_path):
    write(tmp_path / "documents", cats=CATS + " They purr.")
    index.reindex()
    forget(index, "secret.txt")

    index.catalog.rollback()

    assert "secret.txt" not in index.search("what is hidden under the flagstoneword", 60)
    assert index.search("cats sleep")[0] == "cats.txt"


def test_the_same_text_under_another_name_stays(index, tmp_path):
    write(tmp_path / "documents", copy=SECRET)
    index.reindex()

    forget(index, "secret.txt")

    assert index.search("what is hidden under the flagstoneword")[0] == "copy.txt"


def test_what_the_index_does_not_hold_cannot_be_forgotten(index):
    assert forget(index, "nothing.txt") == []


def test_going_back_answers_from_the_version_before(index, tmp_path):
    (tmp_path / "documents" / "secret.txt").unlink()
    index.reindex()

    index.catalog.rollback()

    assert index.search("what is hidden under the flagstoneword")[0] == "secret.txt"
    with index.catalog.snapshot() as snapshot:
        assert [each.current for each in snapshot.generations()] == [False, True]
    with pytest.raises(NothingToRollBack):
        index.catalog.rollback()


def test_after_going_back_a_reindex_takes_over_the_folder_again(index, tmp_path):
    (tmp_path / "documents" / "secret.txt").unlink()
    index.reindex()
    index.catalog.rollback()

    report = index.reindex()

    assert report.removed == ("secret.txt",)
    assert "secret.txt" not in index.search("what is hidden under the flagstoneword", 20)


def test_vectors_of_other_versions_do_not_crowd_out_the_current_one(index, tmp_path):
    for path in (tmp_path / "documents").glob("dog*"):
        path.unlink()
    write(tmp_path / "documents", cat2="Cat two\nA cat barks like a dog.")
    index.reindex()

    found = index.vectors.nearest(index.question("which dog barks"), 20)

    assert len(found) == 3
