"""Documents that people add, apart from the folder: a catalog for each scope, below one folder.

Nothing of a scope is in another one's files. A reindex of the folder, going back to an earlier
version of it and rebuilding it leave these as they are.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, unquote

from index.archive import signature, workplace
from index.building import Builder
from index.catalog import Catalog
from index.comparing import Comparison
from index.errors import IndexDamaged, NothingContributed
from index.folder import FoundFile
from index.locking import lock
from index.passages import Contribution, Quota
from index.ports import PassageSearch
from index.scopes import EVERYBODY, Scopes, checked
from index.shelves import Shelf
from index.verifying import Problem, Verification, verify

FILE = "catalog.sqlite"
KEPT_OPEN = 16
"""Scopes whose catalogs stay open for the next question; each takes a few files a thread."""
PATIENCE = 600.0
"""Seconds that one document of a scope waits until another one is added."""

Build = Callable[[Path, Catalog, PassageSearch], Builder]
"""A builder without a folder, for a catalog in this storage."""


@dataclass(slots=True, eq=False)
class _Opened:
    """A scope's catalog, and how many use it now."""

    shelf: Shelf
    storage: Path
    builder: Builder
    users: int = 0
    agreed: bool = False
    """It is known to be made by the same model."""
    agreeing: threading.Lock = field(default_factory=threading.Lock)


class Contributed:
    """The shelves of all scopes, below one folder. Safe to use from several threads."""

    def __init__(self, folder: Path, build: Build, made_with: Callable[[], str]) -> None:
        self._folder, self._build, self._made_with = folder, build, made_with
        self._open: OrderedDict[str, _Opened] = OrderedDict()
        self._lock = threading.Lock()

    def scopes(self) -> list[str]:
        """Every scope that something was ever added for, by name."""
        found = self._folder.glob(f"*/{FILE}")
        return sorted(unquote(each.parent.name) for each in found)

    @contextmanager
    def shelves(self, scopes: Scopes) -> Iterator[list[Shelf]]:
        """The shelves that these scopes may read; none of scopes that hold nothing."""
        with ExitStack() as held:
            there = [each for each in scopes if (self._storage(each) / FILE).exists()]
            yield [held.enter_context(self._using(each)).shelf for each in there]

    def add(self, file: FoundFile, scope: str, quota: Quota | None = None) -> Contribution:
        """Reads a file or link for a scope alone; one of the same name is replaced.

        Raises DocumentUnreadable and QuotaReached; nothing has changed then.
        """
        with self._using(scope) as opened:
            replaced = opened.builder.add(file, quota)
            return _contribution(opened, file.source, replaced=replaced)

    def listed(self, scope: str) -> list[Contribution]:
        """What was added for the scope, by name."""
        with self.shelves(Scopes.of(scope)) as shelves:
            for shelf in shelves:
                if shelf.scope == scope:
                    with shelf.catalog.snapshot() as snapshot:
                        return snapshot.contributions()
        return []

    def forget(self, source: str, scope: str) -> list[str]:
        """Takes a file out of a scope, with every word of it; gives what went: empty for none."""
        if not (self._storage(scope) / FILE).exists():
            return []
        with self._using(scope) as opened:
            return opened.builder.forget(source)

    def publish(self, source: str, scope: str) -> Contribution:
        """Gives a file of a scope to everybody. Raises NothingContributed.

        A newer one of the same name, which came meanwhile, stays the scope's own.
        """
        if scope == EVERYBODY:
            raise NothingContributed(source)
        with self._using(scope) as own, self._using(EVERYBODY) as published:
            with own.shelf.catalog.snapshot() as snapshot:
                file = snapshot.files().get(source)
                if file is None:
                    raise NothingContributed(source)
                published.builder.copy([file], snapshot.document)
            own.builder.forget(source, file)
            return _contribution(published, source)

    def remake(self) -> None:
        """Brings what another model made up to date, in every scope."""
        for scope in self.scopes():
            with self._using(scope):
                pass

    def move(self, old: str, new: str) -> None:
        """Gives all that belongs to a scope to another one, which had another name before."""
        if old == new or not (self._storage(old) / FILE).exists():
            return
        with self._using(old) as one, self._using(new) as other:
            with one.shelf.catalog.snapshot() as snapshot:
                files = list(snapshot.files().values())
                other.builder.copy(files, snapshot.document)
            for each in files:
                one.builder.forget(each.source, each)

    @contextmanager
    def catalogs(self, *, private: bool) -> Iterator[dict[str, Catalog]]:
        """By scope, for a copy of all: what was published, and with `private` of everybody else."""
        scopes = [each for each in self.scopes() if private or each == EVERYBODY]
        with ExitStack() as held:
            opened = {each: held.enter_context(self._using(each)) for each in scopes}
            yield {scope: each.shelf.catalog for scope, each in opened.items()}

    def replace(self, scope: str, path: Path) -> None:
        """Puts another catalog of the same scope in place of what is there."""
        with self._using(scope) as opened, lock(opened.storage, PATIENCE):
            opened.shelf.catalog.replace_with(path)

    def verified(self, found: Verification, *, repair: bool) -> Verification:
        """With what is wrong in any scope, and mended with `repair`."""
        for scope in self.scopes():
            try:
                with self._using(scope) as opened, lock(opened.storage, PATIENCE):
                    catalog = opened.shelf.catalog
                    again = "it is to be sent again"
                    own = verify(catalog, Comparison(catalog), repair=repair, again=again)
            except IndexDamaged as error:
                problem = Problem(str(error), how=f"remove {self._storage(scope)}")
                own = Verification(
                    documents=0, sentences=0, vectors_checked=True, problems=(problem,)
                )
            found = found.joined(scope, own)
        return found

    def close(self) -> None:
        with self._lock:
            opened = list(self._open.values())
            self._open.clear()
        for each in opened:  # whoever is in one of them may need the lock to leave it
            each.shelf.catalog.close()

    def _storage(self, scope: str) -> Path:
        return self._folder / quote(checked(scope), safe="")

    @contextmanager
    def _using(self, scope: str) -> Iterator[_Opened]:
        opened = self._taken(scope)
        try:
            with opened.agreeing:
                self._agree(opened)
            yield opened
        finally:
            with self._lock:
                opened.users -= 1
                self._close_idle()

    def _taken(self, scope: str) -> _Opened:
        with self._lock:
            opened = self._open.get(scope)
            if opened is None:
                storage = self._storage(scope)
                catalog = Catalog(storage / FILE)
                vectors = Comparison(catalog)
                shelf = Shelf(scope, catalog, vectors)
                opened = _Opened(shelf, storage, self._build(storage, catalog, vectors))
                self._open[scope] = opened
            opened.users += 1
            self._open.move_to_end(scope)
            return opened

    def _close_idle(self) -> None:
        idle = [scope for scope, each in self._open.items() if not each.users]
        for scope in idle[: max(0, len(self._open) - KEPT_OPEN)]:
            self._open.pop(scope).shelf.catalog.close()

    def _agree(self, opened: _Opened) -> None:
        """Sees that the catalog belongs to this scope, and is made by the model that is used."""
        if opened.agreed:
            return
        catalog, scope = opened.shelf.catalog, opened.shelf.scope
        made, now = catalog.made_with(), signature(self._made_with(), scope)
        if made is None:
            catalog.sign(now)
        elif not made.endswith(signature("", scope)):
            raise IndexDamaged(opened.storage, "it belongs to somebody else")
        elif made != now:
            self._remake(opened, now)
        catalog.expect(now)
        opened.agreed = True

    def _remake(self, opened: _Opened, made_with: str) -> None:
        """Cuts and embeds again, beside the old, which is replaced at once."""
        old = opened.shelf.catalog
        with (
            lock(opened.storage, PATIENCE),
            workplace(opened.storage, "rebuild.unfinished") as folder,
        ):
            if old.made_with() == made_with:
                return  # another process was at it meanwhile
            fresh = Catalog(folder / FILE)
            try:
                fresh.clear(made_with)
                with old.snapshot() as snapshot:
                    files = list(snapshot.files().values())
                    self._build(folder, fresh, Comparison(fresh)).copy(files, snapshot.document)
            finally:
                fresh.close()
            old.replace_with(folder / FILE)


def _contribution(opened: _Opened, source: str, *, replaced: bool = False) -> Contribution:
    with opened.shelf.catalog.snapshot() as snapshot:
        [found] = snapshot.contributions(source)
    return replace(found, replaced=replaced)
