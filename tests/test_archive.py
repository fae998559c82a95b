"""One file holds the whole index; another machine takes it over, and nothing that is not sound."""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
import zipfile
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from index.archive import export, take_over
from index.catalog import Catalog
from index.errors import ArchiveUnusable, IndexMissing, QuothError
from index.verifying import verify
from tests.doubles import write
from tests.small_index import SmallIndex

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
DOGS = "Dogs\nDogs bark at strangers. They like long walks."
MADE = "words"


@pytest.fixture
def here(tmp_path):
    write(tmp_path / "here" / "documents", cats=CATS, dogs=DOGS)
    with SmallIndex(tmp_path / "here") as opened:
        opened.catalog.clear(MADE)
        opened.reindex()
        yield opened


@pytest.fixture
def there(tmp_path):
    write(tmp_path / "there" / "documents", old="Old\nWhat was there before is old.")
    with SmallIndex(tmp_path / "there") as opened:
        opened.catalog.clear(MADE)
        opened.reindex()
        yield opened


@pytest.fixture
def archive(here, tmp_path):
    export(here.catalog, here.storage, tmp_path / "quoth.zip")
    return tmp_path / "quoth.zip"


def changed(archive: Path, **facts: object) -> Path:
    """The archive with other facts."""
    with zipfile.ZipFile(archive) as zipped:
        found = json.loads(zipped.read("quoth.json"))
        catalog = zipped.read("catalog.sqlite")
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("quoth.json", json.dumps(found | facts))
        zipped.writestr("catalog.sqlite", catalog)
    return archive


def contents(archive: Path) -> list[bytes] | None:
    """What the archive unpacks to; None where it does not."""
    try:
        with zipfile.ZipFile(archive) as zipped:
            return [zipped.read(name) for name in ("quoth.json", "catalog.sqlite")]
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError):
        return None


def rewritten(archive: Path, folder: Path, *statements: str) -> Path:
    """The archive with another catalog whose digest fits: made on purpose."""
    with zipfile.ZipFile(archive) as zipped:
        found = json.loads(zipped.read("quoth.json"))
        zipped.extract("catalog.sqlite", folder)
    path = folder / "catalog.sqlite"
    with sqlite3.connect(path) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    data = path.read_bytes()
    found |= {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("quoth.json", json.dumps(found))
        zipped.writestr("catalog.sqlite", data)
    return archive


def taken(there: SmallIndex, archive: Path) -> None:
    take_over(there.catalog, there.storage, archive, MADE)


def test_an_imported_index_answers_as_the_exported_one_did(here, there, archive):
    expected = here.search("who barks at strangers")

    taken(there, archive)

    assert there.search("who barks at strangers") == expected
    assert "old.txt" not in there.search("what was there before")
    assert there._embedder.embedded[-1] == "what was there before"
    assert verify(there.catalog, there.vectors).problems == ()
    assert there.stored() == 2


def test_after_an_import_a_reindex_takes_over_what_is_in_the_folder(there, archive):
    taken(there, archive)

    report = there.reindex()

    assert report.removed == ("cats.txt", "dogs.txt")
    assert there.search("what was there before") == ["old.txt"]


def test_nothing_is_left_beside_the_archive(here, there, archive, tmp_path):
    taken(there, archive)

    left = [path.name for path in tmp_path.rglob("*unfinished*")]
    assert left == []


class Meeting:
    """A catalog whose copies wait until two of them are made; no longer, if there is but one."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog, self._both = catalog, threading.Barrier(2)
        self.snapshot, self.made_with = catalog.snapshot, catalog.made_with

    def copy_to(self, path: Path) -> None:
        self._catalog.copy_to(path)
        with suppress(threading.BrokenBarrierError):
            self._both.wait(0.5)


def test_two_exports_at_once_are_both_whole(here, there, tmp_path):
    catalog = Meeting(here.catalog)
    files = [tmp_path / "one.zip", tmp_path / "other.zip"]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda file: export(catalog, here.storage, file), files))

    for file in files:
        taken(there, file)
        assert there.search("who barks at strangers")[0] == "dogs.txt"


def test_an_import_beside_an_export_disturbs_neither(here, archive, tmp_path):
    class Busy(Meeting):
        def copy_to(self, path: Path) -> None:
            here.catalog.copy_to(path)
            taken(here, archive)

    export(Busy(here.catalog), here.storage, tmp_path / "again.zip")

    taken(here, tmp_path / "again.zip")
    assert here.search("who barks at strangers")[0] == "dogs.txt"


def test_what_a_killed_export_left_goes_with_the_next_one(here, tmp_path):
    left = write(here.storage / "export.unfinished", left="the half of a catalog")

    export(here.catalog, here.storage, tmp_path / "quoth.zip")

    assert not left.exists()


def test_nothing_built_is_nothing_to_export(tmp_path):
    with SmallIndex(tmp_path) as index, pytest.raises(IndexMissing):
        export(index.catalog, index.storage, tmp_path / "quoth.zip")


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"schema": "0"}, "another release"),
        ({"format": 2}, "another release"),
        ({"made_with": "another model"}, "made with another model"),
        ({"sha256": "00"}, "damaged"),
        ({"size": 10}, "damaged"),
        ({"size": "large"}, "not an archive"),
    ],
)
def test_an_archive_of_another_kind_is_refused(there, archive, facts, reason):
    with pytest.raises(ArchiveUnusable, match=reason):
        taken(there, changed(archive, **facts))

    assert there.search("what was there before") == ["old.txt"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE content SET text=replace(text, 'sixteen', 'SIXTEEN')",
        "UPDATE passage SET sentences=zeroblob(length(sentences))",
        "UPDATE passage SET vectors=x'00'",
        "DELETE FROM document",
        "UPDATE meta SET value='77' WHERE key='current'",
        "CREATE TRIGGER harm AFTER INSERT ON meta BEGIN DELETE FROM content; END",
        "CREATE VIEW harm AS SELECT 1",
        "DROP TABLE passage",
    ],
)
def test_an_archive_that_contradicts_itself_is_refused(there, archive, tmp_path, statement):
    with pytest.raises(ArchiveUnusable):
        taken(there, rewritten(archive, tmp_path, statement))

    assert there.search("what was there before") == ["old.txt"]


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.99])
def test_half_an_archive_is_refused(there, archive, share):
    whole = archive.read_bytes()
    archive.write_bytes(whole[: int(share * len(whole))])

    with pytest.raises(ArchiveUnusable):
        taken(there, archive)

    assert there.search("what was there before") == ["old.txt"]


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.7])
def test_an_archive_with_a_changed_byte_is_refused(there, archive, share):
    whole, held = archive.read_bytes(), contents(archive)
    place = int(share * len(whole))
    # Another byte may unpack to the same: where all is zeros, any zeros before may be meant.
    while contents(archive) == held:
        archive.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        place += 1

    with pytest.raises(ArchiveUnusable):
        taken(there, archive)

    assert there.search("what was there before") == ["old.txt"]


def test_an_archive_that_says_it_is_encrypted_is_refused(there, archive):
    whole, flags = archive.read_bytes(), zipfile.ZipFile(archive).start_dir + 8
    archive.write_bytes(whole[:flags] + bytes([whole[flags] | 1]) + whole[flags + 1 :])

    with pytest.raises(ArchiveUnusable):
        taken(there, archive)

    assert there.search("what was there before") == ["old.txt"]


def test_an_archive_that_is_not_there_is_said(there, tmp_path):
    with pytest.raises(ArchiveUnusable, match="it is not there"):
        taken(there, tmp_path / "nowhere.zip")


def test_an_export_into_nowhere_is_said(here, tmp_path):
    with pytest.raises(QuothError):
        export(here.catalog, here.storage, tmp_path / "no" / "folder" / "quoth.zip")
