"""Members of a zip that are encrypted by AES, as WinZip and 7-Zip do it: cryptography lives here.

The format is WinZip's AE-1 and AE-2: salt, two bytes that check the password, text, ten bytes of an
HMAC. The counter of its CTR mode begins with 1 and is little-endian, which no library offers.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
import zipfile
import zlib
from collections.abc import Iterator

import numpy as np

METHOD = 99
"""What the directory of the zip has as the way of packing; the true one is in an extra field."""
FIELD = 0x9901
ROUNDS = 1000
PROOF = 10
BLOCK = 16


class WrongPassword(Exception):
    """The password does not open the member."""


def decrypted(archive: bytes, member: zipfile.ZipInfo, password: str, most: int) -> bytes:
    """The bytes of the member, at most `most` of them.

    Raises WrongPassword, and what `zipfile` and `zlib` raise on damaged files.
    """
    strength, method = _facts(member)
    size = 8 * (strength + 1)
    salt_size = size // 2
    raw = _stored(archive, member)
    salt, check = raw[:salt_size], raw[salt_size : salt_size + 2]
    text, proof = raw[salt_size + 2 : -PROOF], raw[-PROOF:]
    keys = hashlib.pbkdf2_hmac("sha1", password.encode(), salt, ROUNDS, 2 * size + 2)
    if keys[-2:] != check:
        raise WrongPassword
    if not hmac.compare_digest(hmac.digest(keys[size:-2], text, "sha1")[:PROOF], proof):
        raise zipfile.BadZipFile("the text was changed")
    plain = _counted(text, keys[:size])
    if method == zipfile.ZIP_STORED:
        return plain[:most]
    if method == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(plain, most)
    raise NotImplementedError(f"way of packing {method}")


def _facts(member: zipfile.ZipInfo) -> tuple[int, int]:
    """The strength (1 to 3: AES-128, -192, -256) and the way of packing of an encrypted member."""
    for kind, field in _fields(member.extra):
        if kind == FIELD:
            _, _, strength, method = struct.unpack("<H2sBH", field)
            if 1 <= strength <= 3:
                return strength, method
    raise zipfile.BadZipFile("nothing says how it is encrypted")


def _fields(extra: bytes) -> Iterator[tuple[int, bytes]]:
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        yield kind, extra[4 : 4 + size]
        extra = extra[4 + size :]


def _stored(archive: bytes, member: zipfile.ZipInfo) -> bytes:
    """The member as it lies in the archive, behind its name and its extra fields."""
    at = member.header_offset
    name, extra = struct.unpack_from("<HH", archive, at + 26)
    start = at + 30 + name + extra
    return archive[start : start + member.compress_size]


def _counted(text: bytes, key: bytes) -> bytes:
    """AES in the counter mode of WinZip, which takes encryption off as it puts it on."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    blocks = -(-len(text) // BLOCK)
    counters = np.zeros((blocks, 2), "<u8")
    counters[:, 0] = np.arange(1, blocks + 1)
    # The counter is ours, so the mode is; a block of it is used once.
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305
    stream = np.frombuffer(encryptor.update(counters.tobytes()), np.uint8)[: len(text)]
    return bytes(np.frombuffer(text, np.uint8) ^ stream)
