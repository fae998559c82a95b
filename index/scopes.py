"""Who may read what: a document belongs to everybody, or to one scope alone.

A scope is an opaque name, made by whoever asks ("person:7", "chat:-100123"). An asker may read what
belongs to everybody and to the scopes that come with the question, and cannot tell whether there is
anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

EVERYBODY = "everybody"
"""The scope of the folder, its links, and what was published."""

_NAME = re.compile(r"[a-z0-9][a-z0-9:_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Scopes:
    """What an asker may read: what belongs to everybody, and to these."""

    own: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for each in self.own:
            checked(each)

    @classmethod
    def of(cls, *names: str) -> Scopes:
        """Everybody's, and these."""
        return cls(frozenset(names) - {EVERYBODY})

    def allow(self, scope: str) -> bool:
        """Whether what belongs to this scope may be read."""
        return scope == EVERYBODY or scope in self.own

    def __iter__(self) -> Iterator[str]:
        """Everybody's first, then the others by name."""
        yield EVERYBODY
        yield from sorted(self.own)


PUBLIC = Scopes()
"""What everybody may read, and nothing else."""


def is_scope(name: str) -> bool:
    """Whether a scope may be called so."""
    return bool(_NAME.fullmatch(name))


def checked(scope: str) -> str:
    """The scope; raises ValueError for a name that no folder should have."""
    if not is_scope(scope):
        raise ValueError(f"a scope has 1 to 64 of a-z, 0-9, :, _ and -, not {scope!r}")
    return scope
