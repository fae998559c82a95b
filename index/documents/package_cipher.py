"""OpenDocument packages (odt, ods, odp) that are encrypted: cryptography lives here.

OpenDocument 1.2 encrypts each member of its zip by itself, and the manifest says how; newer writers
encrypt one member, `encrypted-package`, which is the whole package. What is encrypted is deflated.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import zipfile
import zlib
from dataclasses import replace

from index.documents.containers import Container, too_large
from index.documents.markup import Element, name_of, xml_root
from index.documents.original import Original

MANIFEST = "META-INF/manifest.xml"
WHOLE = "encrypted-package"
TEXT = "content.xml"
READ = ("mimetype", TEXT, "meta.xml")
"""The members that a reader looks at; each costs a derivation of its own key."""
OTHERWISE = "it is encrypted in a way that cannot be opened: save it without a password"
MOST_ROUNDS = 5_000_000
"""Of PBKDF2; 600,000 are written today."""
MOST_PASSES = 64
MOST_KIBIBYTES = 2**19
MOST_LANES = 64
"""Of Argon2id; 3 passes over 65,536 KiB in 4 lanes are written today."""
LARGEST_KEY = 56
Seal = dict[str, str]
"""How a member is encrypted: the attributes that the manifest has for it."""
KIBIBYTE = 1024
"""So much of a member, deflated, is what its checksum is of."""


class _WrongPassword(Exception):
    """The password does not open the member."""


class _Unknown(Exception):
    """The member is encrypted in a way that is not known here, or takes more than it may."""


def opened_package(original: Original) -> Original:
    """The package without its encryption; itself when it is no package, or not encrypted.

    Raises DocumentUnreadable when it is, and there is no password, or none that opens it.
    """
    container = Container(original)
    manifest = container.spare(MANIFEST) or b""
    if b"encryption-data" not in manifest:
        return original
    if not original.password:
        raise original.unreadable(original.locked)
    seals = _seals(xml_root(original, manifest))
    if container.has(WHOLE):
        return replace(original, data=_plain(original, container, seals, WHOLE))
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as package:
        for name in READ:
            if container.has(name):
                package.writestr(name, _plain(original, container, seals, name))
        # Without one it is no package to those who tell formats by it.
        package.writestr(MANIFEST, "<manifest/>")
    return replace(original, data=plain.getvalue())


def _seals(manifest: Element) -> dict[str, Seal]:
    """The seal of each member that has one, by the member's name."""
    entries = [each for each in manifest.iter() if name_of(each) == "file-entry"]
    sealed = [
        each for each in entries if any(name_of(inner) == "encryption-data" for inner in each)
    ]
    seals = [_attributes(each) for each in sealed]
    return {each.get("full-path", "").lstrip("/"): each for each in seals}


def _attributes(entry: Element) -> Seal:
    """The attributes of the entry and all in it; the "key-size" is that of the derived key."""
    return {
        key.rpartition("}")[2]: str(value)
        for each in entry.iter()
        for key, value in each.attrib.items()
        if not (name_of(each) == "start-key-generation" and key.endswith("key-size"))
    }


def _plain(original: Original, container: Container, seals: dict[str, Seal], name: str) -> bytes:
    """The member without its encryption, or as it is when it has none."""
    data = container.member(name) or b""
    seal = seals.get(name)
    if seal is None:
        return data
    try:
        plain = _opened(data, seal, original.password or "", original.limits.unpacked + 1)
    except _WrongPassword as error:
        raise original.unreadable(original.locked) from error
    except (_Unknown, ValueError) as error:
        raise original.unreadable(OTHERWISE) from error
    except zlib.error as error:
        raise original.unreadable(f"it is damaged: {name} in it cannot be unpacked") from error
    if len(plain) > original.limits.unpacked:
        raise too_large(original)
    return plain


def _opened(sealed: bytes, seal: Seal, password: str, most: int) -> bytes:
    """What was encrypted, inflated to at most `most` bytes.

    Raises _WrongPassword, _Unknown, ValueError for values that cannot be, and zlib.error.
    """
    packed = _deciphered(sealed, _key(seal, password), seal)
    proven = _is_proven(packed, seal)
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        plain = inflating.decompress(packed, most)
    except zlib.error:
        if proven:
            raise
        raise _WrongPassword from None
    # Old writers had a SHA-1 of their own for some lengths, so the size proves the password too.
    if not proven and not (inflating.eof and seal.get("size") == str(len(plain))):
        raise _WrongPassword
    if not inflating.eof and len(plain) < most:
        raise zlib.error("it is cut off")
    return plain


def _key(seal: Seal, password: str) -> bytes:
    """The member's key, derived from the password's digest with the member's salt."""
    digest = _hash(seal.get("start-key-generation-name", "sha1"))
    start = hashlib.new(digest, password.encode()).digest()
    name = seal.get("key-derivation-name", "").lower()
    size = _number(seal, "key-size", LARGEST_KEY, "16")
    if "argon2id" in name:
        return _argon2id(seal, start, size)
    if "pbkdf2" in name:
        rounds = _number(seal, "iteration-count", MOST_ROUNDS, "1024")
        return hashlib.pbkdf2_hmac("sha1", start, _octets(seal, "salt"), rounds, size)
    raise _Unknown(name)


def _argon2id(seal: Seal, start: bytes, size: int) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    try:
        return Argon2id(
            salt=_octets(seal, "salt"),
            length=size,
            iterations=_number(seal, "argon2-iterations", MOST_PASSES),
            lanes=_number(seal, "argon2-lanes", MOST_LANES),
            memory_cost=_number(seal, "argon2-memory", MOST_KIBIBYTES),
        ).derive(start)
    except UnsupportedAlgorithm as error:
        raise _Unknown("argon2id") from error


def _deciphered(sealed: bytes, key: bytes, seal: Seal) -> bytes:
    """The member without its cipher and its padding, still deflated."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.decrepit.ciphers.algorithms import Blowfish
    from cryptography.hazmat.decrepit.ciphers.modes import CFB
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    name, vector = seal.get("algorithm-name", "").lower(), _octets(seal, "initialisation-vector")
    if "blowfish" in name:
        return Cipher(Blowfish(key), CFB(vector)).decryptor().update(sealed)
    if re.search(r"aes\d+-gcm$", name):
        try:
            return AESGCM(key).decrypt(vector, sealed.removeprefix(vector), None)
        except InvalidTag as error:
            raise _WrongPassword from error
    if re.search(r"aes\d+-cbc$", name):
        padded = Cipher(algorithms.AES(key), modes.CBC(vector)).decryptor().update(sealed)
        return padded[: -padded[-1]] if padded and 0 < padded[-1] <= len(vector) else padded
    raise _Unknown(name)


def _is_proven(packed: bytes, seal: Seal) -> bool:
    """Whether what was deciphered is known to be right: by its checksum, or by its cipher."""
    if "checksum" not in seal:
        return seal.get("algorithm-name", "").lower().endswith("-gcm")
    digest = hashlib.new(_hash(seal.get("checksum-type", "")), packed[:KIBIBYTE]).digest()
    return digest == _octets(seal, "checksum")


def _hash(name: str) -> str:
    """The hash that a name such as "SHA1/1K" or "…xmldsig#sha256" means."""
    found = re.search(r"sha-?(1|256|512)(?!\d)", name.lower())
    if not found:
        raise _Unknown(name)
    return f"sha{found[1]}"


def _octets(seal: Seal, name: str) -> bytes:
    return base64.b64decode(seal.get(name, ""), validate=True)


def _number(seal: Seal, name: str, most: int, default: str = "0") -> int:
    """A number of the manifest, from 1 to `most`; raises _Unknown beyond, ValueError for none."""
    number = int(seal.get(name, default))
    if not 1 <= number <= most:
        raise _Unknown(f"{name} {number:,}")
    return number
