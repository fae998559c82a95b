"""What an asker may read, as one: the catalogs of their scopes, each seen as it is now.

Scopes are kept apart from the ground up: each has a catalog of its own, so that words, counts,
spellings and duplicates of one cannot reach an answer for another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace

from index.catalog import Catalog, Snapshot
from index.errors import DocumentGone
from index.passages import DocumentSummary
from index.ports import Nearest
from index.scopes import EVERYBODY, Scopes


@dataclass(frozen=True, slots=True)
class Shelf:
    """The documents of one scope, and the search in their vectors."""

    scope: str
    catalog: Catalog
    vectors: Nearest


@dataclass(frozen=True, slots=True)
class Part:
    """A shelf as it is now; it does not change while the view is held."""

    scope: str
    snapshot: Snapshot
    vectors: Nearest


class View:
    """Several shelves as one. Shelves that nothing was built on are left out."""

    def __init__(self, parts: Iterable[Part]) -> None:
        self.parts = tuple(parts)

    @property
    def generation(self) -> int:
        """The generation of the first shelf; 0 when nothing is built."""
        return self.parts[0].snapshot.number if self.parts else 0

    @property
    def written(self) -> int:
        """Grows with each write to any of them."""
        return sum(part.snapshot.written for part in self.parts)

    def frequencies(self, stems: Iterable[str]) -> dict[str, int]:
        """In how many passages each stem is; those that are in none are left out."""
        wanted = list(stems)
        total: dict[str, int] = {}
        for part in self.parts:
            for stem, count in part.snapshot.frequencies(wanted).items():
                total[stem] = total.get(stem, 0) + count
        return total

    def vocabulary(self, letter: str) -> list[str]:
        """All stems that begin with the letter, each once."""
        found = (stem for part in self.parts for stem in part.snapshot.vocabulary(letter))
        return list(dict.fromkeys(found)) if len(self.parts) > 1 else list(found)

    def passage_count(self) -> int:
        return sum(part.snapshot.passage_count() for part in self.parts)

    def sentence_count(self) -> int:
        return sum(part.snapshot.sentence_count() for part in self.parts)

    def documents(self) -> list[DocumentSummary]:
        """All documents, by title."""
        found = [
            replace(each, scope=part.scope)
            for part in self.parts
            for each in part.snapshot.documents()
        ]
        if len(self.parts) > 1:
            found.sort(key=lambda each: (each.title.casefold(), each.source))
        return found

    def holding(self, document_id: str) -> Snapshot:
        """The snapshot that has the document; raises DocumentGone when none of these has."""
        for part in self.parts:
            if part.snapshot.holds(document_id):
                return part.snapshot
        raise DocumentGone(document_id)


Views = Callable[[Scopes], AbstractContextManager[View]]
"""Opens what an asker may read."""


@contextmanager
def viewed(shelves: Iterable[Shelf], scopes: Scopes) -> Iterator[View]:
    """These shelves as one view; raises ValueError for one that the scopes do not allow."""
    with ExitStack() as held:
        parts = []
        for shelf in shelves:
            if not scopes.allow(shelf.scope):
                raise ValueError("a shelf was opened for somebody who may not read it")
            snapshot = held.enter_context(shelf.catalog.snapshot())
            if snapshot.number:
                parts.append(Part(shelf.scope, snapshot, shelf.vectors))
        yield View(parts)


def alone(catalog: Catalog, vectors: Nearest) -> Views:
    """Views on one catalog, which belongs to everybody."""
    return lambda scopes: viewed([Shelf(EVERYBODY, catalog, vectors)], scopes)
