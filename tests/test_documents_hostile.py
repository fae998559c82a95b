"""Odd and hostile files, as people and strangers put them into folders: each ends as text or with
a reason that a person understands."""

from __future__ import annotations

import gzip
import io
import os
import random
import tarfile

import pytest

from index.documents import read_file
from index.documents.formats import read_original
from index.documents.original import Limits, Original
from index.errors import DocumentUnreadable
from tests.documents_files import docx, epub, paragraph, pdf, tarred, xlsx, zipped

WORD = docx(paragraph("It stands."))
PDF = pdf([[(72, 700, "It stands.")]])
CYCLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 1>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<!DOCTYPE l [<!ENTITY e0 "lol">{ENTITIES}]><l>&e9;</l>'
OUTSIDE = '<!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>Hello &x; there.</l>'
DEEP = 6


def nested(depth):
    data = b"It stands."
    for _ in range(depth):
        data = zipped({"a.zip" if data.startswith(b"PK") else "a.txt": data})
    return data


def packed(times):
    data = b"It stands."
    for _ in range(times):
        data = gzip.compress(data)
    return data


def sparse(size):
    """A tar of a file that says it has so many bytes, and holds none of them."""
    made = tarfile.TarInfo("a.txt")
    made.pax_headers = {
        "GNU.sparse.map": f"{size - 1},1", "GNU.sparse.size": str(size), "GNU.sparse.numblocks": "1"
    }  # fmt: skip
    made.size = 1
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(made, io.BytesIO(b"a"))
    return file.getvalue()


def special(*kinds):
    """A tar of what is no file: links that lead outside, devices, pipes."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        for number, kind in enumerate(kinds):
            made = tarfile.TarInfo(f"{number}.txt")
            made.type, made.linkname = kind, "/etc/passwd"
            archive.addfile(made)
    return file.getvalue()


LINKS = special(
    tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE
)
READ = {
    "borders.rst": b"=== ===\n" * 200_000 + b"\nIt stands.\n",
    "pdf.docx": PDF,
    "docx.pdf": WORD,
    "text.pdf": b"It stands.",
    "no suffix": PDF,
    "plain": b"It stands.",
    "page.txt": b"<!doctype html><p>It stands.</p>",
    "nested.zip": nested(4),
    "slip.zip": zipped({"../../etc/a.txt": "It stands."}),
    "slip.tar": tarred({"../../etc/a.txt": b"It stands."}),
    "nested.gz": packed(4),
    "outside.xml": OUTSIDE.replace("Hello", "It stands.").encode(),
    "without mark.txt": "It stands.".encode("utf-16-le"),
    "colours.log": b"\x1b[32mIt\x1b[0m stands.\x07\n",
    "mixed.txt": "Grüße. ".encode() + "Grüße. ".encode("latin-1") + b"It stands.",
    "long.txt": b"It stands. " + b"x" * 2_000_000,
    "long.html": b"<p>It stands." + b" word" * 2_500_000,
    "wide.csv": b",".join(b"c%d" % n for n in range(5000)) + b"\n" + b"It stands.," * 5000,
    "stars.md": b"It stands.\n\n" + b"*" * 20_000,
    "brackets.md": b"It stands.\n\n" + b"[a](" * 2_000,
}
REFUSED = {
    "cut.docx": (WORD[: len(WORD) // 2], "damaged or incomplete"),
    "cut.pdf": (PDF[:200], "damaged"),
    "nothing.pdf": (b"", "it is empty"),
    "zeros.txt": (bytes(5000), "its format is not one that can be read"),
    "deep.zip": (nested(DEEP), "more than 4 files deep"),
    "many.zip": (zipped({f"{n}.txt": "a" for n in range(2500)}), "more than 2,000 files"),
    "bomb.zip": (zipped({"a.txt": bytes(600 * 2**20)}), "unpacks to more than 512 MiB"),
    "laughs.xml": (LAUGHS.encode(), "it holds no text"),
    "laughs.docx": (zipped({"word/document.xml": LAUGHS}), "it holds no text"),
    "cycle.pdf": (CYCLE, "none of its pages opens"),
    "cycle.eml": (b"A: b\nSubject: x\nContent-Type: message/rfc822\n\n" * 3000, "too deeply"),
    "deep.json": (b"[" * 100_000, "too deeply"),
    "deep.html": (b"<div>" * 3000 + b"It stands.", "too deeply"),
    "picture.epub": (epub({}).replace(b"all.opf", b"all.xyz"), "epub"),
    "a.tar.gz": (b"\x1f\x8b" + bytes(50), "damaged or incomplete"),
    "cut.gz": (gzip.compress(random.Random(1).randbytes(5000))[:900], "damaged or incomplete"),
    "a.tar": (b"a.txt".ljust(257, b"\0") + b"ustar" + bytes(50), "damaged or incomplete"),
    "bomb.gz": (gzip.compress(bytes(600 * 2**20), 1), "unpacks to more than 512 MiB"),
    "bomb.tar.gz": (gzip.compress(tarred({"a.txt": bytes(600 * 2**20)}), 1), "more than 512 MiB"),
    "sparse.tar": (sparse(2**40), "unpacks to more than 512 MiB"),
    "many.tar": (tarred({f"{n}.txt": b"a" for n in range(2500)}), "more than 2,000 files"),
    "deep.gz": (packed(6), "more than 4 files deep"),
    "links.tar": (LINKS, "it holds no text"),
    "a.rar": (b"Rar!\x1a\x07\x00" + bytes(50), "pack it as zip"),
    "film.mp4": (b"\0\0\0\x18ftypmp42" + bytes(50), "sound or video"),
    "program": (b"\x7fELF" + bytes(50), "a program"),
    "a.sqlite": (b"SQLite format 3\0" + bytes(50), "as csv"),
    "cut.xlsx": (xlsx([("a", "b")])[:400], "damaged or incomplete"),
}


def read(name, data, limits=None):
    return read_original(
        Original(source=name, name=name, data=data, limits=limits or Limits())
    ).documents


@pytest.mark.parametrize("name", READ)
def test_an_odd_file_is_read_for_what_it_is(name):
    assert "It stands." in read(name, READ[name])[0].text


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_ends_with_a_reason(name):
    data, reason = REFUSED[name]

    with pytest.raises(DocumentUnreadable, match=reason):
        read(name, data)


def test_what_files_inside_of_a_file_hold_counts_together():
    inner = zipped({"a.txt": "It stands. " * 10})
    data = zipped({f"{number}.zip": inner for number in range(9)})

    with pytest.raises(DocumentUnreadable, match="more than 500 characters") as caught:
        read("all.zip", data, Limits(characters=500))

    assert caught.value.source == "all.zip"


@pytest.mark.parametrize("name", ["a\nb.txt", "a\u202egnp.txt", "x" * 250 + ".txt", " a .txt"])
def test_names_that_deceive_are_names_on_one_line(name, tmp_path):
    (tmp_path / name).write_text("It stands.")

    (document,) = read_file(name, tmp_path / name)

    assert not set(document.title) & set("\n\u202e")


def test_a_pipe_and_a_broken_link_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")

    with pytest.raises(DocumentUnreadable, match="a pipe"):
        read_file("pipe.txt", tmp_path / "pipe.txt")
    with pytest.raises(DocumentUnreadable, match="broken link"):
        read_file("link.txt", tmp_path / "link.txt")
