"""Files that are encrypted, opened by their password: msoffcrypto, for Office files, lives here."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

from index.documents.compound import MAGIC
from index.documents.original import Original
from index.documents.package_cipher import OTHERWISE, opened_package

BY_PROGRAMS = "VelvetSweatshop"
"""What Excel encrypts with when a file is only protected against changes."""
ZIP = b"PK\x03\x04"


def unlocked(original: Original) -> Original:
    """The file without its encryption; itself when it has none.

    Raises DocumentUnreadable when it has, and there is no password, or none that opens it.
    """
    if original.data.startswith(ZIP):
        return opened_package(original)
    if not original.data.startswith(MAGIC) or _encrypted(original.data) is None:
        return original
    for password in filter(None, (original.password, BY_PROGRAMS)):
        plain = _opened(original, password)
        if plain is not None:
            return replace(original, data=plain)
    raise original.unreadable(original.locked)


def _encrypted(data: bytes) -> Any | None:  # noqa: ANN401  msoffcrypto has no types
    """The file, if it is an Office file that is encrypted."""
    from msoffcrypto import OfficeFile  # type: ignore[import-untyped]

    try:
        file = OfficeFile(io.BytesIO(data))
        return file if file.is_encrypted() else None
    # It raises anything on damaged files; what is wrong with them is their readers' to say.
    except Exception:
        return None


def _opened(original: Original, password: str) -> bytes | None:
    """The bytes without their encryption; None when this is not the password."""
    from msoffcrypto.exceptions import InvalidKeyError  # type: ignore[import-untyped]

    file: Any = _encrypted(original.data)
    plain = io.BytesIO()
    try:
        file.load_key(password=password)
        file.decrypt(plain)
    except InvalidKeyError:
        return None
    except MemoryError:
        raise
    # Of damaged files, and of ways to encrypt that it does not know, it raises anything else.
    except Exception as error:
        raise original.unreadable(OTHERWISE) from error
    return plain.getvalue()
