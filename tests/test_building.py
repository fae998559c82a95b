"""A reindex takes over exactly what changed, and nothing that goes wrong loses anything."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index import building, chunking
from index.building import Builder
from index.catalog import Catalog
from index.errors import Cancelled, DocumentGone, DocumentsUnreadable, IndexBusy
from index.folder import find_files
from index.locking import lock
from index.passages import Failure, Progress, Reading
from index.vector_search import VectorSearch
from tests.doubles import ListVectors, PlainReader, WordEmbedder, write
from tests.small_index import SmallIndex

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
DOGS = "Dogs\nDogs bark at strangers. They like long walks."


class Bench:
    """A builder with doubles for the machines, over a folder of its own."""

    def __init__(self, tmp: Path) -> None:
        self.folder, self.storage = tmp / "documents", tmp / "storage"
        self.folder.mkdir()
        self.catalog = Catalog(self.storage / "catalog.sqlite")
        self.vectors, self.embedder, self.reader = ListVectors(), WordEmbedder(), PlainReader()
        self.builder = Builder(
            folder=self.folder,
            storage=self.storage,
            catalog=self.catalog,
            vectors=VectorSearch(self.catalog, lambda: self.vectors),
            embedder=lambda: self.embedder,
            reader=self.reader,
            chunker=chunking.cut,
            max_file_bytes=10_000,
        )
        self.reindex = self.builder.reindex

    def sources(self) -> list[str]:
        with self.catalog.snapshot() as snapshot:
            return sorted(each.source for each in snapshot.documents())

    def words(self, query: str) -> list[str]:
        with self.catalog.snapshot() as snapshot:
            rows = snapshot.match(query, 10)
            return [
                each.passage.document.source for each in snapshot.passages(row for row, _ in rows)
            ]


@pytest.fixture
def bench(tmp_path):
    made = Bench(tmp_path)
    yield made
    made.catalog.close()


def test_new_files_are_added_and_can_be_found(bench):
    write(bench.folder, cats=CATS, pets__dogs=DOGS)

    report = bench.reindex()

    assert report.added == ("cats.txt", "pets/dogs.txt")
    assert bench.words("bark") == ["pets/dogs.txt"]
    assert bench.vectors.count() == 2


def test_a_second_reindex_reads_nothing_and_says_unchanged(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    bench.reindex()
    bench.reader.read_sources.clear()

    report = bench.reindex()

    assert (report.added, report.changed, report.removed) == ((), (), ())
    assert report.unchanged == 2
    assert bench.reader.read_sources == []


def test_a_file_that_was_only_touched_makes_no_new_version_and_is_known_by_its_new_time(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    before = bench.reindex()
    settle(bench.folder / "cats.txt")

    touched = bench.reindex()

    assert touched.generation == before.generation
    assert (touched.changed, touched.unchanged) == ((), 2)
    with bench.catalog.snapshot() as snapshot:
        known = snapshot.files()["cats.txt"]
    assert known.modified == (bench.folder / "cats.txt").stat().st_mtime_ns
    assert known.checked - known.modified > building.SETTLED


def test_touching_files_costs_no_version_that_one_may_go_back_to(tmp_path):
    write(tmp_path / "documents", cats=CATS)
    with SmallIndex(tmp_path, kept_generations=1) as index:
        index.reindex()
        write(tmp_path / "documents", cats=DOGS)
        index.reindex()
        for _ in range(2):
            settle(tmp_path / "documents" / "cats.txt")
            index.reindex()

        index.catalog.rollback()

        with index.catalog.snapshot() as snapshot:
            assert [each.title for each in snapshot.documents()] == ["Cats"]


def test_a_changed_file_replaces_its_old_text(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    bench.reindex()
    write(bench.folder, dogs="Dogs\nDogs sniff at everything.")

    report = bench.reindex()

    assert report.changed == ("dogs.txt",)
    assert report.unchanged == 1
    assert bench.words("bark") == []
    assert bench.words("sniff") == ["dogs.txt"]
    assert bench.vectors.count() == 2


def test_a_removed_file_leaves_text_and_vectors(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    bench.reindex()
    (bench.folder / "dogs.txt").unlink()

    report = bench.reindex()

    assert report.removed == ("dogs.txt",)
    assert bench.sources() == ["cats.txt"]
    assert bench.words("bark") == []
    assert bench.vectors.count() == 1


def test_only_new_sentences_are_embedded(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    bench.embedder.embedded.clear()
    write(bench.folder, dogs=DOGS)

    bench.reindex()

    assert bench.embedder.embedded == ["Dogs bark at strangers.", "They like long walks."]


def test_an_unreadable_file_is_reported_and_stops_nothing(bench):
    write(bench.folder, cats=CATS, bad="broken")

    report = bench.reindex()

    assert [(each.source, each.reason) for each in report.failed] == [("bad.txt", "it is broken")]
    assert report.added == ("cats.txt",)


def test_a_failed_file_is_tried_again_until_it_can_be_read(bench):
    write(bench.folder, bad="broken")
    bench.reindex()
    again = bench.reindex()
    write(bench.folder, bad=CATS)

    mended = bench.reindex()

    assert [each.source for each in again.failed] == ["bad.txt"]
    assert mended.failed == ()
    assert bench.words("sleep") == ["bad.txt"]


def test_a_file_that_breaks_keeps_its_earlier_version(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    write(bench.folder, cats="broken now")

    report = bench.reindex()

    assert report.failed[0].reason == "it is broken (the earlier version is kept)"
    assert bench.words("sleep") == ["cats.txt"]


def test_the_same_text_twice_is_stored_once_and_reported(bench):
    write(bench.folder, cats=CATS, copy=CATS)

    report = bench.reindex()

    assert report.duplicates == (("copy.txt", "cats.txt"),)
    assert bench.vectors.count() == 1
    assert bench.words("sleep") == ["cats.txt"]


def test_when_the_first_of_two_equal_files_goes_the_other_answers(bench):
    write(bench.folder, cats=CATS, copy=CATS)
    bench.reindex()
    (bench.folder / "cats.txt").unlink()

    bench.reindex()

    assert bench.words("sleep") == ["copy.txt"]
    assert bench.vectors.count() == 1


def test_a_moved_file_keeps_its_vectors(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    bench.embedder.embedded.clear()
    (bench.folder / "cats.txt").rename(bench.folder / "felines.txt")

    report = bench.reindex()

    assert (report.added, report.removed) == (("felines.txt",), ("cats.txt",))
    assert bench.embedder.embedded == []
    assert bench.words("sleep") == ["felines.txt"]


def test_a_cancelled_reindex_leaves_the_old_index(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    write(bench.folder, cats=DOGS, dogs=DOGS)

    with pytest.raises(Cancelled):
        bench.reindex(cancelled=lambda: True)

    assert bench.sources() == ["cats.txt"]
    assert bench.words("sleep") == ["cats.txt"]
    assert bench.vectors.count() == 1


def test_questions_meanwhile_are_answered_from_the_old_index(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    write(bench.folder, cats=DOGS, dogs=DOGS)
    seen: list[tuple[list[str], list[str]]] = []

    bench.reindex(progress=lambda _: seen.append((bench.words("sleep"), bench.words("bark"))))

    assert seen
    assert all(each == (["cats.txt"], []) for each in seen)
    assert bench.words("bark") != []


def test_progress_counts_up_to_all_files(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    told: list[Progress] = []

    bench.reindex(progress=told.append)

    done = [each.done for each in told]
    assert done == sorted(done)
    assert told[-1].stage == "switching"
    assert (told[-1].done, told[-1].total, told[-1].passages) == (2, 2, 2)


def test_a_second_reindex_meanwhile_is_refused_with_the_holder(bench):
    with lock(bench.storage), pytest.raises(IndexBusy, match=rf"process {os.getpid()}, since 20"):
        bench.reindex()


def test_an_empty_folder_gives_an_empty_index(bench):
    report = bench.reindex()

    assert report.added == ()
    assert bench.sources() == []


def test_a_missing_folder_is_said_and_loses_nothing(bench):
    write(bench.folder, cats=CATS)
    bench.reindex()
    bench.folder.rename(bench.folder.with_name("elsewhere"))

    with pytest.raises(DocumentsUnreadable, match="it is not there"):
        bench.reindex()

    assert bench.words("sleep") == ["cats.txt"]


def test_a_folder_that_cannot_be_listed_keeps_what_was_read_in_it(bench, monkeypatch):
    write(bench.folder, pets__cats=CATS)
    bench.reindex()
    real = os.scandir

    def closed(path):
        if str(path).endswith("pets"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)

    report = bench.reindex()

    assert [each.reason for each in report.failed] == ["reading it is not permitted"]
    assert report.removed == ()
    assert bench.words("sleep") == ["pets/cats.txt"]


def test_a_file_that_vanishes_while_it_is_read_is_reported(bench):
    write(bench.folder, cats=CATS, dogs=DOGS)
    real = bench.reader.reading

    def reading(source, path):
        if source == "dogs.txt":
            Path(path).unlink()
        return real(source, path)

    bench.reader.reading = reading

    report = bench.reindex()

    assert [each.source for each in report.failed] == ["dogs.txt"]
    assert report.added == ("cats.txt",)


def test_what_cannot_be_read_inside_a_file_is_listed_until_the_file_changes(bench):
    write(bench.folder, mail=CATS)
    settle(bench.folder / "mail.txt")
    real = bench.reader.reading

    def reading(source, path):
        locked = [Failure(source=f"{source}/{n}.pdf", reason="it is encrypted") for n in range(5)]
        return Reading(real(source, path).documents, tuple(locked))

    bench.reader.reading = reading

    first, second = bench.reindex(), bench.reindex()
    read_twice = list(bench.reader.read_sources)
    (bench.folder / "mail.txt.password").write_text("secret")
    bench.reader.reading = real
    third = bench.reindex()

    assert (first.added, second.added, second.unchanged) == (("mail.txt",), (), 1)
    assert first.failed == second.failed
    assert first.failed[0].reason == (
        "0.pdf in it cannot be read: it is encrypted; 1.pdf in it cannot be read: it is encrypted; "
        "2.pdf in it cannot be read: it is encrypted; and 2 more files in it"
    )
    assert read_twice == ["mail.txt"]
    assert third.failed == ()


def settle(path):
    """As if the file had been written a while ago, so that its time can be trusted."""
    os.utime(path, (path.stat().st_atime - 60, path.stat().st_mtime - 60))


def test_a_huge_file_is_left_out_without_being_read(bench):
    huge = bench.folder / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(2 * 2**30)

    report = bench.reindex()

    assert "2,048 MiB is over the limit" in report.failed[0].reason
    assert bench.reader.read_sources == []


def test_links_that_loop_are_reported(bench):
    write(bench.folder, cats=CATS)
    (bench.folder / "loop").symlink_to(bench.folder / "loop")
    (bench.folder / "up").symlink_to(bench.folder)

    report = bench.reindex()

    assert [each.source for each in report.failed] == ["loop", "up"]
    assert report.added == ("cats.txt",)


def test_hidden_files_and_passwords_are_not_documents(tmp_path):
    write(tmp_path, **{".hidden": CATS, "cats": CATS})
    (tmp_path / "cats.txt.password").write_text("secret")

    found = [each.source for each in find_files(tmp_path, 10_000)]

    assert found == ["cats.txt"]


def test_a_name_that_is_not_utf8_is_a_document_too(bench):
    path = os.fsencode(bench.folder) + b"/caf\xe9.txt"
    with open(path, "w", encoding="utf-8") as file:
        file.write(CATS)

    report = bench.reindex()

    assert report.added == ("caf\\xe9.txt",)


def test_the_details_of_a_document_say_when_it_was_read_and_what_is_beside_it(tmp_path: Path):
    cats = "Cats\nCats sleep for most of the day. They hunt at dusk."
    write(tmp_path / "documents", cats=cats, dogs="Dogs\nThey bark.")

    with SmallIndex(tmp_path) as index:
        index.reindex()
        with index.catalog.snapshot() as snapshot:
            id = snapshot.documents()[0].id
            found = snapshot.details(id)
        (tmp_path / "documents/cats.txt").write_text("broken", "utf-8")
        index.reindex()
        with index.catalog.snapshot() as snapshot:
            stale = snapshot.details(id)
            with pytest.raises(DocumentGone):
                snapshot.details("0" * 16)

    assert (found.title, found.source, found.file) == ("Cats", "cats.txt", "cats.txt")
    assert (found.documents_in_file, found.passages, found.sentences) == (1, 1, 2)
    assert found.read
    assert stale.failure == "it is broken (the earlier version is kept)"
