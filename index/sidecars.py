"""Files that only serve another one: a password beside what it opens. They are never indexed."""

from __future__ import annotations

import re

SIDECAR = re.compile(r"\.password(?:\.txt)?~?$", re.IGNORECASE)
"""Windows puts .txt behind what its editor saves, and other editors keep a copy with ~."""


def is_sidecar(name: str) -> bool:
    """Whether the file of this name holds a password and is no document."""
    return bool(SIDECAR.search(name))


def beside(name: str) -> tuple[str, ...]:
    """Where the password of a file may lie, the nearest first; the last is for a whole folder."""
    return (f"{name}.password", f"{name}.password.txt", ".password")
