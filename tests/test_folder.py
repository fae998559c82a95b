"""What in the folder is read: files that are not ignored, and the links that a list names."""

from __future__ import annotations

import hashlib
import os
import re
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.errors import DocumentsUnreadable, DocumentUnreadable
from index.folder import FoundFile, find_files, ignore
from index.ports import Known
from index.watching import occasions
from tests.doubles import write
from tests.small_index import SmallIndex

CATS = "Cats\nCats sleep for sixteen hours a day. They hunt at dusk."
MILL = "The mill\nThe mill stands on the river since 1742."


def sources(folder: Path) -> list[str]:
    return [each.source for each in find_files(folder, 10_000)]


def test_what_the_ignore_file_names_is_left_out(tmp_path):
    write(tmp_path, cats=CATS, drafts__one=CATS, notes__keep=CATS, notes__drop=CATS)
    (tmp_path / ".quothignore").write_text("drafts/\n*.txt\n!cats.txt\n!keep.txt\n# a comment\n")

    assert sources(tmp_path) == ["cats.txt", "notes/keep.txt"]


@pytest.mark.parametrize("line", ["!", "[z-a]"])
def test_an_ignore_file_that_is_no_patterns_is_said(tmp_path, line):
    write(tmp_path, cats=CATS)
    (tmp_path / ".quothignore").write_text(f"drafts/\n{line}\n")

    with pytest.raises(DocumentsUnreadable, match=f"no pattern: {re.escape(line)}"):
        sources(tmp_path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_an_ignore_file_is_read_by_its_byte_order_mark(tmp_path, encoding):
    write(tmp_path, cats=CATS, größe=CATS)
    (tmp_path / ".quothignore").write_text("größe.txt\n", encoding)

    assert sources(tmp_path) == ["cats.txt"]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16-le"])
def test_an_ignore_file_that_names_nothing_as_utf8_is_said(tmp_path, encoding):
    write(tmp_path, cats=CATS, größe=CATS)
    (tmp_path / ".quothignore").write_text("größe.txt\n", encoding)

    with pytest.raises(DocumentsUnreadable, match="quothignore is no text in UTF-8"):
        sources(tmp_path)


@pytest.mark.parametrize("name", ["cats", "a b", "[x] #1!", "*", "back\\slash"])
def test_exactly_the_named_file_is_left_out(tmp_path, name):
    write(tmp_path, **{name: CATS, "other": CATS, "sub__cats": CATS})

    ignore(tmp_path, f"{name}.txt", find_files(tmp_path, 0))

    assert sources(tmp_path) == ["other.txt", "sub/cats.txt"]


@pytest.mark.parametrize(
    "name", [b"bad\xff", b"two\nother", "a\u2028b".encode(), b"\x0c", b"a\tb", b"a\r\nb"]
)
def test_a_forgotten_file_stays_away_whatever_its_name_is_made_of(tmp_path, name):
    folder = write(tmp_path / "documents", other=MILL)
    Path(os.fsdecode(bytes(folder) + b"/" + name + b".txt")).write_text(CATS)
    with SmallIndex(tmp_path) as index:
        (source,) = set(index.reindex().added) - {"other.txt"}

        assert index.builder.forget(source) == [source]
        assert index.reindex().changes == 0
        assert sources(folder) == ["other.txt"]


def test_a_forgotten_file_whose_folder_cannot_be_listed_is_noted(tmp_path):
    closed = [FoundFile("sub", "sub", problem="reading it is not permitted")]

    ignore(tmp_path, "sub/cats.txt", closed)
    write(tmp_path, sub__cats=CATS, sub__mill=MILL)

    assert sources(tmp_path) == ["sub/mill.txt"]


def test_a_file_that_is_gone_is_forgotten_without_a_note(tmp_path):
    write(tmp_path, other=MILL)

    ignore(tmp_path, "cats.txt", find_files(tmp_path, 0))

    assert not (tmp_path / ".quothignore").exists()


def test_nothing_is_forgotten_while_the_ignore_file_cannot_be_understood(tmp_path):
    folder = write(tmp_path / "documents", cats=CATS)
    with SmallIndex(tmp_path) as index:
        index.reindex()
        (folder / ".quothignore").write_text("[z-a]\n")

        with pytest.raises(DocumentsUnreadable):
            index.builder.forget("cats.txt")
        assert index.search("how long do cats sleep") == ["cats.txt"]


def test_links_are_listed_once_and_what_is_none_is_said(tmp_path):
    write(tmp_path, cats=CATS)
    (tmp_path / "links.txt").write_text(
        "# pages\nhttps://mill.example/a\n\nhttps://mill.example/a\nfile:///etc/passwd\n"
    )

    found = list(find_files(tmp_path, 10_000))

    assert [(each.source, each.problem) for each in found] == [
        ("cats.txt", None),
        ("https://mill.example/a", None),
        ("links.txt: file:///etc/passwd", "it is not an http(s) link"),
    ]


def test_a_link_may_begin_with_capitals_and_be_struck_out(tmp_path):
    (tmp_path / "links.txt").write_text("HTTP://mill.example/A\nhttps://mill.example/b\n")

    assert sources(tmp_path) == ["http://mill.example/A", "https://mill.example/b"]

    ignore(tmp_path, "http://mill.example/A", [])

    assert sources(tmp_path) == ["https://mill.example/b"]


def test_a_comment_in_another_encoding_keeps_no_link_from_being_read_or_struck_out(tmp_path):
    listed = "# größe\nhttps://mill.example/a\nhttps://mill.example/b\n"
    (tmp_path / "links.txt").write_text(listed, "cp1252")

    ignore(tmp_path, "https://mill.example/a", [])

    assert sources(tmp_path) == ["https://mill.example/b"]


@dataclass
class Page:
    """What the site gives."""

    final_url: str
    data: bytes
    etag: str | None
    last_modified: str | None = None
    unchanged: bool = False

    def saved_in(self, folder: Path) -> Path:
        path = folder / "page.txt"
        path.write_bytes(self.data)
        return path


class Site:
    """One page, with or without an etag; it may be away."""

    def __init__(self, text: str, etags: bool = True) -> None:
        self.text, self.etags = text, etags
        self.away = False
        self.sent: list[str] = []

    def fetch(self, link: str, known: Known | None) -> Page:
        if self.away:
            raise DocumentUnreadable(link, "the site does not answer")
        data = self.text.encode()
        own = hashlib.sha256(data).hexdigest() if self.etags else None
        if own and known and (known.final_url, known.etag) == (link, own):
            return Page(link, b"", own, unchanged=True)
        self.sent.append(self.text)
        return Page(link, data, own)


@pytest.fixture(params=[True, False], ids=["with an etag", "without"])
def site(request):
    return Site(MILL, etags=request.param)


@pytest.fixture
def index(site, tmp_path):
    folder = write(tmp_path / "documents", cats=CATS)
    (folder / "links.txt").write_text("https://mill.example/a\n")
    with SmallIndex(tmp_path, fetch=site.fetch) as opened:
        opened.reindex()
        yield opened


def test_a_link_is_a_document(index):
    assert index.search("which river does the mill stand on")[0] == "https://mill.example/a"


def test_a_link_that_did_not_change_is_neither_sent_nor_embedded_again(index, site):
    index._embedder.embedded.clear()
    report = index.reindex()

    assert (report.unchanged, report.changes) == (2, 0)
    assert len(site.sent) == (1 if site.etags else 2)
    assert index._embedder.embedded == []


def test_a_link_that_changed_is_read_again(index, site):
    site.text = "The mill\nThe mill burnt down."

    report = index.reindex()

    assert report.changed == ("https://mill.example/a",)
    assert index.search("what became of the mill") == ["https://mill.example/a", "cats.txt"]


def test_a_link_whose_site_is_away_keeps_its_earlier_version(index, site):
    site.away = True

    report = index.reindex()

    assert [each.source for each in report.failed] == ["https://mill.example/a"]
    assert "earlier version is kept" in report.failed[0].reason
    assert index.search("which river does the mill stand on")[0] == "https://mill.example/a"


def test_a_link_that_is_listed_no_more_goes(index, tmp_path):
    (tmp_path / "documents" / "links.txt").write_text("")

    report = index.reindex()

    assert report.removed == ("https://mill.example/a",)


def test_a_list_of_links_that_cannot_be_read_loses_nothing(index, tmp_path):
    (tmp_path / "documents" / "links.txt").unlink()
    (tmp_path / "documents" / "links.txt").mkdir()

    report = index.reindex()

    assert report.removed == ()
    assert [each.source for each in report.failed] == ["links.txt"]


@pytest.mark.parametrize("asked", [{"watch": True}, {"every": 0.05}], ids=["watching", "by time"])
def test_a_change_is_an_occasion_to_look_again(tmp_path, asked):
    stop = threading.Event()
    timer = threading.Timer(0.3, lambda: write(tmp_path, cats=CATS))
    timer.start()

    for _ in occasions(tmp_path, stop, **asked):
        seen = (tmp_path / "cats.txt").exists()
        if seen:
            stop.set()

    assert seen


def test_without_a_schedule_there_is_nothing_to_wait_for(tmp_path):
    assert list(occasions(tmp_path, threading.Event())) == []
