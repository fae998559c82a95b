"""What is stored wrongly is found, each kind of it, and mended where it can be."""

from __future__ import annotations

import sqlite3

import pytest

from index.verifying import Verification, describe, verify
from tests.doubles import write
from tests.small_index import SmallIndex

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
DOGS = "Dogs\nDogs bark at strangers. They like long walks."


class Patient:
    """An index whose catalog can be harmed behind its back."""

    def __init__(self, folder) -> None:
        write(folder / "documents", cats=CATS, dogs=DOGS)
        self.index = SmallIndex(folder)
        self.index.reindex()

    def harm(self, statement: str) -> None:
        with sqlite3.connect(self.index.storage / "catalog.sqlite") as connection:
            assert connection.execute(statement).rowcount != 0

    def verify(self, repair: bool = False) -> Verification:
        return verify(self.index.catalog, self.index.vectors, repair=repair)

    def wrong(self, repair: bool = False) -> list[str]:
        return [each.what for each in self.verify(repair).problems]


@pytest.fixture
def patient(tmp_path):
    made = Patient(tmp_path)
    yield made
    made.index.close()


def test_a_whole_index_has_no_problems(patient):
    found = patient.verify()

    assert (found.problems, found.whole, found.vectors_checked) == ((), True, True)
    assert (found.documents, found.sentences) == (2, 4)
    assert describe(found).endswith("All is whole.")


def test_a_changed_text_is_found(patient):
    patient.harm("UPDATE content SET text=replace(text, 'sixteen', 'SIXTEEN')")

    assert "cats.txt: its stored text is not the text that was read" in patient.wrong()


def test_a_text_cut_short_is_found_by_its_offsets(patient):
    patient.harm("UPDATE content SET text=substr(text, 1, 20) WHERE text LIKE 'Cats%'")

    found = patient.verify()

    assert not found.whole
    assert any("cats.txt" in each.what for each in found.problems)


def test_a_mangled_offset_is_found(patient):
    patient.harm("UPDATE passage SET sentences=zeroblob(length(sentences)) WHERE id=1")

    assert any("lies outside its text" in each for each in patient.wrong())


def test_vectors_that_do_not_fit_are_found(patient):
    patient.harm("UPDATE passage SET vectors=x'00' WHERE id=1")

    assert any("no vectors that fit" in each for each in patient.wrong())


def test_what_is_stored_wrongly_is_forgotten_and_read_again(patient):
    patient.harm("UPDATE content SET text=replace(text, 'sixteen', 'SIXTEEN')")

    repaired = patient.verify(repair=True)
    forgotten = patient.index.search("cats sleep")
    patient.index.reindex()

    assert repaired.whole
    assert "cats.txt" not in forgotten
    assert patient.index.search("cats sleep")[0] == "cats.txt"
    assert patient.verify().problems == ()


def test_a_lost_full_text_row_is_found_and_mended(patient):
    patient.harm("INSERT INTO passage_text(passage_text) VALUES('delete-all')")

    assert patient.wrong() == ["full text differs from the passages"]
    assert patient.verify(repair=True).whole
    assert patient.wrong() == []


def test_full_text_of_other_words_is_found(patient):
    patient.harm("INSERT INTO passage_text(rowid, context, body) VALUES(999, 'x', 'stray words')")

    assert patient.wrong() == ["full text differs from the passages"]


def test_missing_vectors_are_found_and_taken_from_the_catalog(patient):
    key = next(iter(patient.index.store.keys()))
    patient.index.store.remove([key])

    assert patient.wrong() == ["1 vectors are missing"]
    assert patient.verify(repair=True).whole
    assert patient.index.store.count() == 2


def test_orphaned_vectors_are_found_and_removed(patient):
    patient.index.store.add(["00ff-0"], patient.index.question("stray")[None])

    assert patient.wrong() == ["1 vectors belong to nothing"]
    assert patient.verify(repair=True).whole
    assert patient.index.store.count() == 2


def test_a_document_that_a_version_names_and_nobody_stores_is_found(patient):
    patient.harm("DELETE FROM document WHERE source='cats.txt'")

    assert patient.wrong() == ["cats.txt: a document of it is not stored"]
    assert patient.verify(repair=True).whole
    patient.index.reindex()
    assert patient.index.search("cats sleep")[0] == "cats.txt"


def _found_again_after_repair(patient) -> bool:
    repaired = patient.verify(repair=True)
    patient.index.reindex()
    found = sorted(patient.index.search("cats sleep, dogs bark"))
    whole = repaired.whole and patient.verify().problems == ()
    return whole and found == ["cats.txt", "dogs.txt"]


def test_a_document_whose_passages_are_lost_is_found_and_read_again(patient):
    patient.harm(
        "DELETE FROM passage WHERE content=(SELECT content FROM document WHERE source='cats.txt')"
    )

    assert "cats.txt: passages of it are not stored" in patient.wrong()
    assert _found_again_after_repair(patient)


def test_a_document_that_lost_a_passage_between_others_is_found(tmp_path):
    write(tmp_path / "documents", birds="\n".join(["Birds", *["Birds sing at dawn. " * 10] * 3]))
    with SmallIndex(tmp_path) as index:
        index.reindex()
        whole = verify(index.catalog, index.vectors)
        with sqlite3.connect(index.storage / "catalog.sqlite") as connection:
            connection.execute("DELETE FROM passage WHERE number=1")

        harmed = verify(index.catalog, index.vectors)

    assert whole.problems == ()
    assert "birds.txt: passages of it are not stored" in [each.what for each in harmed.problems]


def test_a_text_without_words_needs_no_passages(tmp_path):
    write(tmp_path / "documents", rules="-----\n*****")
    with SmallIndex(tmp_path) as index:
        index.reindex()

        assert verify(index.catalog, index.vectors).problems == ()


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("DELETE FROM content WHERE text LIKE 'Cats%'", "cats.txt"),
        ("DELETE FROM content WHERE text LIKE 'Dogs%'", "dogs.txt"),
    ],
)
def test_a_document_whose_text_is_lost_is_found_and_read_again(patient, statement, lost):
    patient.harm(statement)

    assert f"{lost}: a document of it is not stored" in patient.wrong()
    assert _found_again_after_repair(patient)


def test_a_file_of_which_a_version_lost_all_documents_is_found_and_read_again(patient):
    patient.harm("DELETE FROM member WHERE file='cats.txt'")

    assert patient.wrong() == ["cats.txt: a document of it is not stored"]
    assert _found_again_after_repair(patient)


def test_a_current_version_that_is_not_stored_is_found(patient):
    patient.harm("UPDATE meta SET value='77' WHERE key='current'")

    assert "the current version is not stored" in patient.wrong()


def test_vectors_that_another_process_holds_are_left_to_it(patient, tmp_path):
    with SmallIndex(tmp_path) as second:
        found = verify(second.catalog, second.vectors)

    assert (found.vectors_checked, found.whole) == (False, True)
    assert "another process holds them" in describe(found)
