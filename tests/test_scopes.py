"""What belongs to one scope reaches nobody else, through no door."""

from __future__ import annotations

import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import chunking
from index.building import Builder
from index.errors import (
    ArchiveUnusable,
    DocumentGone,
    DocumentUnreadable,
    IndexDamaged,
    NothingContributed,
    QuotaReached,
)
from index.passages import Quota
from index.scopes import EVERYBODY, PUBLIC, Scopes
from index.wiring import Index
from tests.doubles import write
from tests.scoped_index import opened, with_bears

ANN, BOB, CHAT = "person:1", "person:2", "chat:-100"
HERON = b"Herons\n\nThe herons of the lake sleep in the tall reeds."
OTTER = b"Otters\n\nThe otters of the river sleep in hollow trees."

pytestmark = pytest.mark.usefixtures("small_models")


@pytest.fixture
def index(tmp_path):
    with with_bears(tmp_path) as index:
        yield index


def sources(index: Index, question: str, *scopes: str) -> list[str]:
    found = index.search(question, scopes=Scopes.of(*scopes))
    return [each.passage.document.source for each in found]


def stored_bytes(folder: Path) -> bytes:
    """Of all files that hold what people added; Chroma has none of it."""
    files = (each for each in (folder / "contributed").rglob("*") if each.is_file())
    return b"".join(each.read_bytes() for each in files)


def test_what_one_person_adds_is_found_by_that_person_alone(index):
    added = index.add("herons.txt", HERON, ANN)

    assert (added.source, added.title, added.sentences) == ("herons.txt", "Herons", 1)
    assert "herons.txt" in sources(index, "where do herons sleep", ANN)
    assert sources(index, "where do herons sleep", BOB) == ["bears.txt"]
    assert sources(index, "where do herons sleep", CHAT) == ["bears.txt"]
    assert sources(index, "where do herons sleep") == ["bears.txt"]


def test_several_scopes_are_searched_as_one(index):
    index.add("herons.txt", HERON, ANN)
    index.add("otters.txt", OTTER, CHAT)

    found = sources(index, "who sleeps", ANN, CHAT)

    assert set(found) == {"bears.txt", "herons.txt", "otters.txt"}


def test_the_same_file_of_two_people_is_no_word_to_either(index):
    index.add("herons.txt", HERON, ANN)
    index.add("birds.txt", HERON, BOB)

    [of_ann] = [
        each
        for each in index.search("herons", scopes=Scopes.of(ANN))
        if each.passage.document.title == "Herons"
    ]

    assert of_ann.also_in == ()


def test_the_same_text_in_the_folder_and_of_ones_own_is_one_passage_of_two_documents(
    index, tmp_path
):
    write(tmp_path / "documents", wading=HERON.decode())
    index.reindex()
    index.add("herons.txt", HERON, ANN)

    found = [e for e in index.search("herons", scopes=Scopes.of(ANN)) if "heron" in e.passage.text]

    assert [[e.passage.document.source, *(d.source for d in e.also_in)] for e in found] == [
        ["wading.txt", "herons.txt"]
    ]


def test_an_id_opens_nothing_for_those_who_may_not_read_it(index):
    document = index.add("herons.txt", HERON, ANN).document

    assert index.excerpt(document, 20, scopes=Scopes.of(ANN)).passage.document.id == document
    for others in (PUBLIC, Scopes.of(BOB), Scopes.of(CHAT)):
        with pytest.raises(DocumentGone):
            index.excerpt(document, 20, scopes=others)
        with pytest.raises(DocumentGone):
            index.passage(document, 20, 25, scopes=others)


def test_a_misspelt_word_is_not_corrected_to_a_word_of_others(index):
    index.add("herons.txt", HERON, ANN)

    of_ann = index.ask("where do the heronz sleep", scopes=Scopes.of(ANN))
    of_bob = index.ask("where do the heronz sleep", scopes=Scopes.of(BOB))

    assert of_ann.trace["corrected"] == {"heronz": "heron"}
    assert of_bob.trace["corrected"] == {}


def test_documents_and_counts_are_the_askers(index):
    index.add("herons.txt", HERON, ANN)

    def held(*scopes):
        return [(e.source, e.scope) for e in index.documents(scopes=Scopes.of(*scopes))]

    assert held() == [("bears.txt", EVERYBODY)]
    assert held(ANN) == [("bears.txt", EVERYBODY), ("herons.txt", ANN)]
    assert index.status().documents == 1
    assert index.status(scopes=Scopes.of(ANN)).documents == 2


def test_the_same_name_again_takes_the_place_of_the_first(index, tmp_path):
    index.add("notes.txt", HERON, ANN)

    again = index.add("notes.txt", OTTER, ANN)

    assert again.replaced
    assert [each.title for each in index.contributions(ANN)] == ["Otters"]
    assert b"reeds" not in stored_bytes(tmp_path / "index")


def test_a_file_that_cannot_be_read_changes_nothing(index):
    index.add("notes.txt", HERON, ANN)

    with pytest.raises(DocumentUnreadable, match="it is broken"):
        index.add("notes.txt", b"broken", ANN)

    assert [each.title for each in index.contributions(ANN)] == ["Herons"]


@pytest.mark.parametrize("quota", [Quota(1, 10_000), Quota(9, 100)])
def test_more_than_the_quota_is_refused_with_a_sentence(index, quota):
    index.add("herons.txt", HERON, ANN, quota)

    with pytest.raises(QuotaReached, match="can be kept here"):
        index.add("otters.txt", OTTER, ANN, quota)
    index.add("herons.txt", HERON + b" All night.", ANN, quota)

    assert [each.source for each in index.contributions(ANN)] == ["herons.txt"]


def test_what_is_forgotten_leaves_no_word_behind(index, tmp_path):
    index.add("herons.txt", HERON, ANN)
    assert b"reeds" in stored_bytes(tmp_path / "index")

    gone = index.forget("herons.txt", ANN)

    assert gone == ["herons.txt"]
    assert sources(index, "herons", ANN) == ["bears.txt"]
    assert b"reeds" not in stored_bytes(tmp_path / "index")


def test_what_others_have_cannot_be_forgotten(index):
    index.add("herons.txt", HERON, ANN)

    assert index.forget("herons.txt", BOB) == []
    assert index.forget("herons.txt") == []
    assert [each.source for each in index.contributions(ANN)] == ["herons.txt"]


def test_what_is_published_is_everybodys_and_nobodys_own(index):
    index.add("herons.txt", HERON, ANN)

    index.publish("herons.txt", ANN)

    assert "herons.txt" in sources(index, "herons")
    assert index.contributions(ANN) == []
    assert index.forget("herons.txt") == ["herons.txt"]
    assert sources(index, "herons") == ["bears.txt"]


@pytest.fixture
def sends_meanwhile(index, monkeypatch):
    """Whenever files are copied, Ann and the group send herons.txt anew before anything else."""
    monkeypatch.setattr("index.catalog.file.PATIENCE", 0.1)  # a view is held over the copying
    copy = Builder.copy

    def copy_before_one_is_sent(builder, files, document):
        copy(builder, files, document)
        for scope in (ANN, CHAT):
            thread = threading.Thread(target=index.add, args=("herons.txt", OTTER, scope))
            thread.start()
            thread.join()

    monkeypatch.setattr(Builder, "copy", copy_before_one_is_sent)


def test_what_is_sent_while_one_of_its_name_is_published_is_not_lost(index, sends_meanwhile):
    index.add("herons.txt", HERON, ANN)

    index.publish("herons.txt", ANN)

    assert [each.title for each in index.contributions(ANN)] == ["Otters"]
    assert [each.title for each in index.documents()] == ["Bears", "Herons"]


def test_what_is_sent_while_a_scope_gets_another_name_is_not_lost(index, sends_meanwhile):
    index.add("herons.txt", HERON, CHAT)

    index.move_contributions(CHAT, "chat:-100555")

    assert [each.title for each in index.contributions(CHAT)] == ["Otters"]
    assert [each.title for each in index.contributions("chat:-100555")] == ["Herons"]


def test_only_what_one_has_can_be_published(index):
    with pytest.raises(NothingContributed):
        index.publish("herons.txt", ANN)


def test_what_is_published_or_moved_to_where_it_is_stays(index):
    index.add("herons.txt", HERON, ANN)
    index.add("otters.txt", OTTER, EVERYBODY)

    with pytest.raises(NothingContributed):
        index.publish("otters.txt", EVERYBODY)
    index.move_contributions(ANN, ANN)

    assert [each.source for each in index.contributions(EVERYBODY)] == ["otters.txt"]
    assert [each.source for each in index.contributions(ANN)] == ["herons.txt"]


def test_reindexing_and_going_back_leave_it_as_it_is(index, tmp_path):
    index.add("herons.txt", HERON, ANN)
    write(tmp_path / "documents", otters=OTTER.decode())

    index.reindex()
    assert set(sources(index, "sleep", ANN)) == {"bears.txt", "herons.txt", "otters.txt"}
    index.rollback()

    assert set(sources(index, "sleep", ANN)) == {"bears.txt", "herons.txt"}


def test_adding_does_not_wait_for_a_reindex(index, tmp_path):
    write(tmp_path / "documents", otters=OTTER.decode())
    added = threading.Event()

    def add_meanwhile(_):
        if not added.is_set():
            index.add("herons.txt", HERON, ANN)
            added.set()

    report = index.reindex(add_meanwhile)

    assert report.added == ("otters.txt",)
    assert set(sources(index, "sleep", ANN)) == {"bears.txt", "herons.txt", "otters.txt"}


def test_it_is_there_when_the_index_is_opened_again(index, tmp_path):
    index.add("herons.txt", HERON, ANN)

    with opened(tmp_path) as again:
        assert "herons.txt" in sources(again, "herons", ANN)


def test_several_at_once_wait_for_each_other(index):
    names = [f"note{number}.txt" for number in range(6)]
    adding = [
        threading.Thread(target=index.add, args=(name, HERON + name.encode(), CHAT))
        for name in names
    ]
    for each in adding:
        each.start()
    for each in adding:
        each.join()

    assert [each.source for each in index.contributions(CHAT)] == names


def test_a_folder_that_belongs_to_somebody_else_is_not_read(index, tmp_path):
    index.add("herons.txt", HERON, ANN)
    contributed = tmp_path / "index" / "contributed"
    (contributed / "person%3A1").rename(contributed / "person%3A2")

    with opened(tmp_path) as again, pytest.raises(IndexDamaged, match="somebody else"):
        again.ask("herons", scopes=Scopes.of(BOB))


def test_another_model_cuts_and_embeds_it_again(index, tmp_path, monkeypatch):
    index.add("herons.txt", HERON, ANN)
    index.close()
    monkeypatch.setattr("index.chunking.VERSION", "another")

    with opened_anew(tmp_path) as again:
        again.reindex(rebuild=True)

        assert "herons.txt" in sources(again, "herons", ANN)


def test_two_processes_that_embed_it_again_at_once_leave_it_whole(index, tmp_path, monkeypatch):
    index.add("herons.txt", HERON, ANN)
    index.close()
    both, cut = threading.Barrier(2), chunking.cut

    def cut_beside_the_other(document):
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        return cut(document)

    monkeypatch.setattr("index.chunking.VERSION", "another")
    monkeypatch.setattr("index.chunking.cut", cut_beside_the_other)
    with opened_anew(tmp_path) as one, opened_anew(tmp_path) as other, ThreadPoolExecutor() as pool:
        list(pool.map(lambda each: each.contributions(ANN), (one, other)))

        assert [each.sentences for each in other.contributions(ANN)] == [1]


def opened_anew(folder: Path) -> Index:
    from index.settings import IndexSettings
    from index.wiring import assemble

    settings = IndexSettings(
        documents=folder / "documents", storage=folder / "index", reader_model="none"
    )
    return assemble(settings, rebuild=True)


def test_what_is_stored_of_each_scope_is_verified_and_mended(index):
    index.add("herons.txt", HERON, ANN)
    with index._contributed.shelves(Scopes.of(ANN)) as [shelf]:
        shelf.catalog._connection.execute("UPDATE content SET text='Other\n\nThe words.'")

    broken, mended, after = index.verify(), index.verify(repair=True), index.verify()

    assert all(each.what.startswith("person:1: ") for each in broken.problems)
    assert not broken.whole
    assert mended.whole
    assert after.problems == ()


@pytest.mark.parametrize(
    ("private", "found"), [(False, {"otters.txt"}), (True, {"herons.txt", "otters.txt"})]
)
def test_an_exported_index_holds_what_is_published_and_the_rest_if_that_is_asked_for(
    index, tmp_path, private, found
):
    index.add("herons.txt", HERON, ANN)
    index.add("otters.txt", OTTER, EVERYBODY)

    index.export(tmp_path / "quoth.zip", private=private)
    with opened(tmp_path / "there") as there:
        there.take_over(tmp_path / "quoth.zip")

        assert set(sources(there, "who sleeps", ANN)) == {"bears.txt", *found}
        assert set(sources(there, "who sleeps")) == {"bears.txt", "otters.txt"}


@pytest.mark.parametrize("scope", ["person:2", "../../person"])
def test_an_archive_gives_nobody_what_belongs_to_somebody_else(index, tmp_path, scope):
    index.add("herons.txt", HERON, ANN)
    index.export(tmp_path / "quoth.zip", private=True)
    with zipfile.ZipFile(tmp_path / "quoth.zip") as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    files["quoth.json"] = files["quoth.json"].replace(b"person:1", scope.encode())
    with zipfile.ZipFile(tmp_path / "quoth.zip", "w") as zipped:
        for name, content in files.items():
            zipped.writestr(name, content)

    with opened(tmp_path / "there") as there, pytest.raises(ArchiveUnusable):
        there.take_over(tmp_path / "quoth.zip")


def test_a_scope_that_gets_another_name_keeps_its_documents(index):
    index.add("herons.txt", HERON, CHAT)

    index.move_contributions(CHAT, "chat:-100555")
    index.move_contributions("chat:-3", "chat:-100556")

    assert "herons.txt" in sources(index, "herons", "chat:-100555")
    assert index.contributions(CHAT) == []


@pytest.mark.parametrize("name", ["", "Person:1", "../other", "a/b", "person 1", "a" * 65])
def test_a_scope_is_a_name_that_a_folder_can_have(name):
    with pytest.raises(ValueError, match="a scope has"):
        Scopes.of(name)


WORDS = ("heron", "herons", "otter", "lantern", "lanterns", "copper", "NRF", "sleeps", "secret")
text = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9).map(" ".join)
documents = st.lists(
    st.tuples(st.sampled_from(["folder", EVERYBODY, ANN, BOB, CHAT]), text, text),
    min_size=1,
    max_size=7,
)
questions = st.lists(
    st.sampled_from((*WORDS, "herron", "lantrens", "who", "said")), min_size=1, max_size=5
).map(" ".join)


def filled(folder: Path, held: list[tuple[int, tuple[str, str, str]]]) -> Index:
    index = opened(folder)
    for number, (scope, title, body) in held:
        content = f"{title}\n\nThe {body}. It was {title} of the {body}."
        if scope == "folder":
            (folder / "documents" / f"{number}.txt").write_text(content, "utf-8")
        else:
            index.add(f"{number}.txt", content.encode(), scope)
    index.reindex()
    return index


def everything(index: Index, question: str, scopes: Scopes) -> object:
    """All that an asker is told, in words that can be compared."""
    reply = index.ask(question, scopes=scopes)
    status = index.status(scopes=scopes)
    return (
        type(reply),
        reply.text,
        getattr(reply, "citations", None) or getattr(reply, "nearest", None),
        [(hit.passage, hit.score, hit.also_in) for hit in reply.considered],
        {name: told for name, told in reply.trace.items() if name != "milliseconds"},
        index.search(question, 9, scopes=scopes),
        index.documents(scopes=scopes),
        (status.documents, status.passages, status.sentences, status.failed),
    )


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(held=documents, question=questions, asker=st.sampled_from([(), (ANN,), (BOB,), (CHAT,)]))
def test_an_asker_is_told_the_same_whatever_others_have(held, question, asker):
    scopes = Scopes.of(*asker)
    numbered = list(enumerate(held))
    allowed = [each for each in numbered if each[1][0] == "folder" or scopes.allow(each[1][0])]
    with (
        TemporaryDirectory() as one,
        TemporaryDirectory() as other,
        filled(Path(one), numbered) as whole,
        filled(Path(other), allowed) as theirs,
    ):
        told = everything(whole, question, scopes)

        assert told == everything(theirs, question, scopes)
        for number, (scope, *_) in numbered:
            if scope != "folder" and not scopes.allow(scope):
                [own] = [e for e in whole.contributions(scope) if e.source == f"{number}.txt"]
                with pytest.raises(DocumentGone):
                    whole.excerpt(own.document, 0, scopes=scopes)
