"""Encrypted files, each with its password in a file beside it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import struct
import zipfile
import zlib
from contextlib import suppress
from hashlib import md5

import pytest
from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
from cryptography.hazmat.decrepit.ciphers.modes import CFB
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from hypothesis import given, settings
from hypothesis import strategies as st
from msoffcrypto.method.ecma376_agile import ECMA376Agile
from msoffcrypto.method.rc4 import DocumentRC4

from index.documents import IsolatedReader, read_file
from index.documents.formats import read_original
from index.documents.original import Limits, Original
from index.errors import DocumentUnreadable
from index.folder import find_files
from index.sidecars import is_sidecar
from tests.documents_files import compound, doc, docx, ods, odt, paragraph, xlsx, zipped

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


def sealed_members(plain, seal):
    """An OpenDocument package, each member but its type encrypted by itself (OpenDocument 1.2)."""
    members, entries = {}, ""
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        members["mimetype"] = package.read("mimetype")
        for name in set(package.namelist()) - {"mimetype", "META-INF/manifest.xml"}:
            members[name], said = seal(package.read(name))
            entries += f'<m:file-entry m:full-path="{name}" {said}</m:file-entry>'
    return sealed_package(members, entries)


def sealed_whole(plain, seal):
    """An OpenDocument package inside another, as it is encrypted since LibreOffice 24."""
    with zipfile.ZipFile(io.BytesIO(plain)) as package:
        members = {"mimetype": package.read("mimetype")}
    members["encrypted-package"], said = seal(plain)
    entry = f'<m:file-entry m:full-path="encrypted-package" {said}</m:file-entry>'
    return sealed_package(members, entry)


def sealed_package(members, entries):
    manifest = f'<m:manifest xmlns:m="m" xmlns:l="l">{entries}</m:manifest>'
    return zipped(members | {"META-INF/manifest.xml": manifest}, zipfile.ZIP_STORED)


def by_aes(data, digest="sha256", rounds=1000):
    """AES-256-CBC with a padding that says its length, and the SHA-256 of the first kibibyte."""
    packed = zlib.compress(data, wbits=-15)
    left = 16 - len(packed) % 16
    key = pbkdf2(digest, rounds, 32)
    encryptor = Cipher(algorithms.AES(key), modes.CBC(SALT)).encryptor()
    body = encryptor.update(packed + bytes(left - 1) + bytes([left]))
    checksum = f"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0#{digest}-1k"
    return body, said(
        data,
        ("http://www.w3.org/2001/04/xmlenc#aes256-cbc", SALT),
        f'm:key-derivation-name="PBKDF2" m:key-size="32" m:iteration-count="{rounds}"',
        (checksum, hashlib.new(digest, packed[:1024]).digest()),
        f"http://www.w3.org/2000/09/xmldsig#{digest}",
    )


def by_blowfish(data, checksum=None):
    """Blowfish in blocks of 64 bits, as OpenDocument 1.1 and OpenOffice have it; no key size."""
    packed = zlib.compress(data, wbits=-15)
    key = pbkdf2("sha1", 1024, 16)
    body = Cipher(Blowfish(key), CFB(SALT[:8])).encryptor().update(packed)
    digest = hashlib.sha1(packed[:1024]).digest()  # noqa: S324
    how = 'm:key-derivation-name="PBKDF2" m:iteration-count="1024"'
    return body, said(data, ("Blowfish CFB", SALT[:8]), how, ("SHA1/1K", checksum or digest))


def by_gcm(data, memory=64, argon=True):
    """AES-256-GCM, whose key is derived by Argon2id or PBKDF2; its vector stands before it."""
    how = 'm:key-derivation-name="PBKDF2" m:key-size="32" m:iteration-count="1000"'
    key = pbkdf2("sha256", 1000, 32)
    if argon:
        start = hashlib.sha256(PASSWORD.encode()).digest()
        kdf = Argon2id(salt=SALT, length=32, iterations=3, lanes=4, memory_cost=64)
        key = kdf.derive(start)
        how = (
            'm:key-derivation-name="urn:org:documentfoundation:names:experimental:office:manifest:'
            f'argon2id" m:key-size="32" l:argon2-iterations="3" l:argon2-memory="{memory}" '
            'l:argon2-lanes="4"'
        )
    vector = SALT[:12]
    body = vector + AESGCM(key).encrypt(vector, zlib.compress(data, wbits=-15), None)
    algorithm = ("http://www.w3.org/2009/xmlenc11#aes256-gcm", vector)
    return body, said(data, algorithm, how, start="http://www.w3.org/2001/04/xmlenc#sha256")


SALT = bytes(range(16))


def pbkdf2(digest, rounds, size):
    start = hashlib.new(digest, PASSWORD.encode()).digest()
    return hashlib.pbkdf2_hmac("sha1", start, SALT, rounds, size)


def said(data, algorithm, derivation, checksum=None, start=None):
    """What a manifest says of an encrypted member, from within its file-entry."""
    kind, digest = checksum or ("", b"")
    checked = f'm:checksum-type="{kind}" m:checksum="{text64(digest)}"' if kind else ""
    begun = f'<m:start-key-generation m:start-key-generation-name="{start}" m:key-size="20"/>'
    return (
        f'm:size="{len(data)}"><m:encryption-data {checked}>'
        f'<m:algorithm m:algorithm-name="{algorithm[0]}" '
        f'm:initialisation-vector="{text64(algorithm[1])}"/>{begun if start else ""}'
        f'<m:key-derivation {derivation} m:salt="{text64(SALT)}"/></m:encryption-data>'
    )


def text64(data):
    return base64.b64encode(data).decode()


TEXT = odt(f"<text:p>{SAID}</text:p>")
SHEET = ods([("Mill", "Says"), ("North", SAID)])
LOCKED = {
    "mill.odt": sealed_members(TEXT, by_aes),
    "old.odt": sealed_members(TEXT, by_blowfish),
    "whole.odt": sealed_whole(TEXT, by_gcm),
    "mill.ods": sealed_members(SHEET, by_aes),
    "whole.ods": sealed_whole(SHEET, by_gcm),
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


@pytest.mark.parametrize(
    "sealed",
    [
        sealed_whole(TEXT, lambda data: by_gcm(data, argon=False)),
        sealed_members(TEXT, lambda data: by_aes(data, digest="sha1")),
        sealed_members(TEXT, lambda data: by_aes(data, digest="sha512")),
        # Old writers had a SHA-1 of their own for some lengths.
        sealed_members(TEXT, lambda data: by_blowfish(data, checksum=bytes(20))),
    ],
    ids=["GCM by PBKDF2", "SHA-1", "SHA-512", "a checksum that is wrong"],
)
def test_opendocument_is_opened_in_whichever_way_it_is_encrypted(sealed):
    original = Original(source="mill.odt", name="mill.odt", data=sealed, password=PASSWORD)

    (document,) = read_original(original).documents

    assert document.text == SAID
    assert document.title == "The mill"


def resaid(sealed, before, after):
    """The package with a manifest that says something else."""
    with zipfile.ZipFile(io.BytesIO(sealed)) as package:
        members = {each: package.read(each) for each in package.namelist()}
    manifest = members["META-INF/manifest.xml"]
    assert before.encode() in manifest
    members["META-INF/manifest.xml"] = manifest.replace(before.encode(), after.encode())
    return zipped(members, zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("mill.odt", 'count="1000"', 'count="9999999"'),
        ("mill.odt", 'count="1000"', 'count="-1"'),
        ("mill.odt", 'count="1000"', 'count="many"'),
        ("mill.odt", "PBKDF2", "PGP"),
        ("mill.odt", "aes256-cbc", "tripledes-cbc"),
        ("mill.odt", "#sha256-1k", "#md5"),
        ("mill.odt", 'key-size="32"', 'key-size="31"'),
        ("mill.odt", text64(SALT), "?"),
        ("mill.odt", text64(SALT), "AAAA"),
        ("whole.odt", 'memory="64"', 'memory="4294967295"'),
        ("whole.odt", 'memory="64"', 'memory="1"'),
        ("whole.odt", 'lanes="4"', 'lanes="4000"'),
        ("whole.odt", 'iterations="3"', ""),
    ],
)
def test_a_way_to_encrypt_that_is_unknown_or_takes_too_much_is_a_reason(name, before, after):
    sealed = resaid(LOCKED[name], before, after)

    with pytest.raises(DocumentUnreadable) as caught:
        read_original(Original(source=name, name=name, data=sealed, password=PASSWORD))

    assert "it is encrypted in a way that cannot be opened" in caught.value.reason


def test_what_is_encrypted_unpacks_within_the_limits():
    bomb = sealed_members(odt("x" * 2**20), by_aes)
    limits = Limits(unpacked=2**18)
    original = Original(
        source="mill.odt", name="mill.odt", data=bomb, password=PASSWORD, limits=limits
    )

    with pytest.raises(DocumentUnreadable) as caught:
        read_original(original)

    assert len(bomb) < 2**14
    assert caught.value.reason == "it unpacks to more than 0 MiB"


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
