"""Encrypted files, each with its password in a file beside it."""

from __future__ import annotations

import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from contextlib import suppress
from hashlib import md5

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.rc4 import DocumentRC4

from index.documents import IsolatedReader, read_file
from index.documents.formats import read_original
from index.documents.original import Original
from index.errors import DocumentUnreadable
from index.folder import find_files
from index.sidecars import is_sidecar
from tests.documents_files import compound, doc, docx, paragraph, xlsx, zipped

PASSWORD = "Mühle 1742"
SAID = "It stands."


def office(plain):
    """An Office file of after 2007, encrypted as Office does it now (AES, agile).

    It has the size of one that Office writes: msoffcrypto writes smaller ones wrongly.
    """
    larger = io.BytesIO(plain)
    with zipfile.ZipFile(larger, "a") as archive:
        archive.writestr("padding.bin", bytes(8192))
    return ECMA376Agile.encrypt(PASSWORD, io.BytesIO(larger.getvalue()))


def old_word(text, password=PASSWORD):
    """A Word 97 document, encrypted as Word 97 did it (RC4)."""
    from olefile import OleFileIO

    with OleFileIO(doc(text)) as file:
        table = file.openstream("1Table").read()
        words = bytearray(file.openstream("WordDocument").read())
    salt, verifier = bytes(range(16)), b"sixteen letters."
    sealed = rc4(password, salt, verifier + md5(verifier).digest())  # noqa: S324
    header = struct.pack("<HH", 1, 1) + salt + sealed
    table = header + rc4(password, salt, bytes(len(header)) + table)[len(header) :]
    at, size = struct.unpack_from("<II", words, 0x1A2)
    struct.pack_into("<II", words, 0x1A2, at + len(header), size)
    hidden = bytearray(rc4(password, salt, bytes(words)))
    hidden[:0x44] = words[:0x44]
    struct.pack_into("<H", hidden, 10, 0x200 | 0x100)
    struct.pack_into("<I", hidden, 14, len(header))
    return compound({"1Table": table, "WordDocument": bytes(hidden)})


def rc4(password, salt, data):
    return DocumentRC4.decrypt(password, salt, io.BytesIO(data)).read()


def winzip(name, content, strength=3, pack=True):
    """A zip with one member, encrypted by AES as WinZip, 7-Zip and others do it."""
    size = 8 * (strength + 1)
    salt = bytes(range(size // 2))
    keys = hashlib.pbkdf2_hmac("sha1", PASSWORD.encode(), salt, 1000, 2 * size + 2)
    packed = zlib.compress(content, wbits=-15) if pack else content
    text = counted(packed, keys[:size])
    proof = hmac.digest(keys[size:-2], text, "sha1")[:10]
    body = salt + keys[-2:] + text + proof
    field = struct.pack("<HHH2sBH", 0x9901, 7, 2, b"AE", strength, 8 if pack else 0)
    facts = struct.pack("<HHHHHIIIHH", 51, 1, 99, 0, 0x21, 0, len(body), len(content),
                        len(name), len(field))  # fmt: skip
    local = b"PK\x03\x04" + facts + name.encode() + field + body
    central = b"PK\x01\x02" + struct.pack("<H", 51) + facts + struct.pack("<HHHII", 0, 0, 0, 0, 0)
    central += name.encode() + field
    end = struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + b"PK\x05\x06" + end


def counted(data, key):
    stream = b""
    for block in range(1, len(data) // 16 + 2):
        encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
        stream += encryptor.update(block.to_bytes(16, "little"))
    return bytes(a ^ b for a, b in zip(data, stream, strict=False))


LOCKED = {
    "mill.docx": office(docx(paragraph(SAID))),
    "mill.xlsx": office(xlsx([("Mill", "Says"), ("North", SAID)])),
    "mill.doc": old_word(f"{SAID}\r"),
    "mill.zip": winzip("mill.txt", SAID.encode()),
}


def write(folder, name, password=PASSWORD, beside="{}.password"):
    (folder / name).write_bytes(LOCKED[name])
    if password is not None:
        (folder / beside.format(name)).write_text(f"{password}\n", "utf-8")
    return folder / name


def reason_for(path):
    with pytest.raises(DocumentUnreadable) as caught:
        read_file(path.name, path)
    return caught.value.reason


@pytest.mark.parametrize("name", LOCKED)
def test_a_file_is_opened_by_the_password_beside_it(name, tmp_path):
    path = write(tmp_path, name)

    (document,) = read_file(name, path)

    assert SAID in document.text


@pytest.mark.parametrize("name", LOCKED)
def test_without_a_password_the_reason_says_where_to_put_it(name, tmp_path):
    path = write(tmp_path, name, password=None)

    assert f"put its password into {name}.password beside it" in reason_for(path) or (
        name == "mill.zip" and "mill.txt in it: it is encrypted" in reason_for(path)
    )


@pytest.mark.parametrize("name", LOCKED)
def test_a_wrong_password_is_said_to_be_wrong_and_not_repeated(name, tmp_path):
    path = write(tmp_path, name, password="windmill")

    reason = reason_for(path)

    assert "it is encrypted, and the password beside it does not open it" in reason
    assert "windmill" not in reason


@pytest.mark.parametrize("name", LOCKED)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_encrypted_file_ends_as_documents_or_a_reason(name, data):
    sealed = bytearray(LOCKED[name])
    for _ in range(data.draw(st.integers(1, 8))):
        sealed[data.draw(st.integers(0, len(sealed) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sealed)))

    for damaged in (bytes(sealed), bytes(sealed[:cut])):
        with suppress(DocumentUnreadable):
            assert read_original(
                Original(source=name, name=name, data=damaged, password=PASSWORD)
            ).documents


def test_one_password_serves_a_whole_folder(tmp_path):
    path = write(tmp_path, "mill.docx", beside=".password")

    (document,) = read_file("mill.docx", path)

    assert document.text == SAID


def test_the_nearest_password_comes_first(tmp_path):
    (tmp_path / ".password").write_text("windmill")
    path = write(tmp_path, "mill.docx", beside="{}.password.txt")

    (document,) = read_file("mill.docx", path)

    assert document.text == SAID


def test_a_file_that_is_only_protected_against_changes_needs_no_password(tmp_path):
    path = tmp_path / "mill.doc"
    path.write_bytes(old_word(f"{SAID}\r", password="VelvetSweatshop"))

    (document,) = read_file("mill.doc", path)

    assert document.text == SAID


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("pack", [True, False])
def test_zips_of_each_strength_are_opened(strength, pack, tmp_path):
    path = tmp_path / "mill.zip"
    path.write_bytes(winzip("mill.txt", SAID.encode() * 9, strength, pack))
    (tmp_path / "mill.zip.password").write_text(PASSWORD, "utf-8")

    (document,) = read_file("mill.zip", path)

    assert document.text == SAID * 9


def test_an_encrypted_file_in_an_archive_takes_the_password_of_the_archive(tmp_path):
    (tmp_path / "all.zip").write_bytes(zipped({"mill.docx": LOCKED["mill.docx"]}))

    without = reason_for(tmp_path / "all.zip")
    (tmp_path / "all.zip.password").write_text(PASSWORD, "utf-8")
    (document,) = read_file("all.zip", tmp_path / "all.zip")

    assert "put its password beside the file that holds it" in without
    assert (document.source, document.text) == ("all.zip/mill.docx", SAID)


def test_the_password_of_a_file_reaches_the_child_that_reads_it(tmp_path):
    path = write(tmp_path, "mill.docx")

    with IsolatedReader(workers=1) as reader:
        (document,) = reader.read("mill.docx", path)

    assert document.text == SAID


NAMES = ["a.pdf.password", "a.pdf.PASSWORD", "a.pdf.password.txt", "a.pdf.password~", ".password"]


@pytest.mark.parametrize("name", NAMES)
def test_a_password_is_never_a_document(name, tmp_path):
    (tmp_path / "a.txt").write_text("Good text.")
    (tmp_path / name).write_text("secret")
    (tmp_path / "all.zip").write_bytes(zipped({"a.txt": "Good text.", name: "secret"}))

    found = [each.source for each in find_files(tmp_path, 10_000)]
    packed = read_file("all.zip", tmp_path / "all.zip")

    assert is_sidecar(name)
    assert found == ["a.txt", "all.zip"]
    assert [each.source for each in packed] == ["all.zip/a.txt"]


def test_a_document_about_passwords_is_one():
    assert not is_sidecar("passwords.txt")
    assert not is_sidecar("how to choose a password.txt")
