"""The index as one file that another machine can take over.

A zip of the catalog, of those of scopes, and a page of facts about them. The vector store is not in
it: it is made anew from the vectors in the catalog, without embedding. What is imported is checked
like a stranger's.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.catalog import SCHEMA, Catalog
from index.errors import ArchiveUnusable, IndexDamaged, IndexMissing, storage_trouble
from index.locking import in_turn
from index.scopes import is_scope
from index.verifying import wrong

FACTS, CATALOG = "quoth.json", "catalog.sqlite"
FORMAT = 1
LARGEST_FACTS = 64 * 1024
AT_ONCE = 2**20
"""Bytes that are copied at once."""


def export(
    catalog: Catalog, storage: Path, file: Path, others: Mapping[str, Catalog] | None = None
) -> None:
    """Writes the whole index to `file`; an earlier one there is replaced when it is complete.

    With the catalogs of the scopes in `others`. Raises IndexMissing when nothing was built yet,
    StorageFull and StorageUnwritable.
    """
    with catalog.snapshot() as snapshot:
        generation = snapshot.generation()
        documents = len(snapshot.documents())
    if generation is None:
        raise IndexMissing(storage)
    try:
        # What lies in the workplace is then of a process that was killed, never of another export.
        with in_turn(storage / "export.lock"), workplace(storage, "export.unfinished") as folder:
            catalog.copy_to(folder / CATALOG)
            facts: dict[str, object] = {
                "format": FORMAT,
                "schema": SCHEMA,
                "made_with": catalog.made_with(),
                "built": generation.built.isoformat(),
                "documents": documents,
                **_seal(folder / CATALOG),
            }
            contributed = {}
            for number, (scope, other) in enumerate((others or {}).items()):
                name = f"contributed-{number}.sqlite"
                other.copy_to(folder / name)
                contributed[scope] = {"name": name, **_seal(folder / name)}
            facts["contributed"] = contributed
            _pack(folder, facts, file)
    except OSError as error:
        raise storage_trouble(error, file.parent) from error


def take_over(
    catalog: Catalog,
    storage: Path,
    file: Path,
    made_with: str,
    replace: Callable[[str, Path], None] | None = None,
) -> None:
    """Puts the archive's index in place of the one that is there, in one transaction.

    Then `replace` gets each scope that the archive holds, with its catalog. Whoever calls holds the
    right to write. Raises ArchiveUnusable when it is damaged, or was made by another model or
    program.
    """
    try:
        with workplace(storage, "import.unfinished") as folder, zipfile.ZipFile(file) as zipped:
            facts = _facts(zipped, file)
            _check_facts(facts, file, made_with)
            _unpack(zipped, folder / CATALOG, facts, file)
            _check_catalog(folder / CATALOG, file, made_with)
            contributed = _contributed(facts, file) if replace else {}
            for scope, each in contributed.items():
                path = folder / str(each["name"])
                _unpack(zipped, path, each, file)
                _check_catalog(path, file, signature(made_with, scope))
            catalog.replace_with(folder / CATALOG)
            for scope, each in contributed.items():
                if replace:
                    replace(scope, folder / str(each["name"]))
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, RuntimeError) as error:
        # RuntimeError: zipfile's for what it takes to be encrypted, or packed in no way it knows.
        raise ArchiveUnusable(file, "it is not an archive of Quoth, or it is damaged") from error
    except FileNotFoundError as error:
        raise ArchiveUnusable(file, "it is not there") from error
    except OSError as error:
        raise storage_trouble(error, storage) from error


def signature(made_with: str, scope: str) -> str:
    """What a scope's catalog is signed with: another scope cannot take it for its own."""
    return f"{made_with}, for {scope}"


@contextmanager
def workplace(storage: Path, name: str) -> Iterator[Path]:
    """An empty folder below the storage, which is gone afterwards.

    For one at a time: what lies there is deleted, as what a killed process has left.
    """
    folder = storage / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pack(folder: Path, facts: dict[str, object], file: Path) -> None:
    """The catalogs of a folder as an archive, which takes the place of `file` when it is whole."""
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
            zipped.writestr(FACTS, json.dumps(facts, indent=1))
            for each in sorted(folder.glob("*.sqlite")):
                zipped.write(each, each.name)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _facts(zipped: zipfile.ZipFile, file: Path) -> dict[str, object]:
    if zipped.getinfo(FACTS).file_size > LARGEST_FACTS:
        raise ArchiveUnusable(file, "it is not an archive of Quoth")
    try:
        facts = json.loads(zipped.read(FACTS))
    except ValueError as error:
        raise ArchiveUnusable(file, "it is damaged") from error
    if not isinstance(facts, dict) or not isinstance(facts.get("size"), int):
        raise ArchiveUnusable(file, "it is not an archive of Quoth")
    return facts


def _contributed(facts: dict[str, object], file: Path) -> dict[str, dict[str, object]]:
    """What the archive holds of scopes; raises ArchiveUnusable for what is no such thing."""
    found = facts.get("contributed", {})
    if not isinstance(found, dict):
        raise ArchiveUnusable(file, "it is damaged")
    for number, (scope, each) in enumerate(found.items()):
        named = isinstance(each, dict) and each.get("name") == f"contributed-{number}.sqlite"
        if not named or not is_scope(scope) or not isinstance(each.get("size"), int):
            raise ArchiveUnusable(file, "it is damaged")
    return found


def _check_facts(facts: dict[str, object], file: Path, made_with: str) -> None:
    if (facts.get("format"), facts.get("schema")) != (FORMAT, SCHEMA):
        raise ArchiveUnusable(file, "another release of Quoth made it")
    if facts.get("made_with") != made_with:
        raise ArchiveUnusable(
            file, f"it was made with {facts.get('made_with')}, but this index is with {made_with}"
        )


def _unpack(zipped: zipfile.ZipFile, to: Path, facts: dict[str, object], file: Path) -> None:
    """Writes the catalog; no more of it than the facts announce."""
    size = 0
    digest = hashlib.sha256()
    with zipped.open(to.name) as packed, to.open("wb") as unpacked:
        while part := packed.read(AT_ONCE):
            size += len(part)
            if size > int(str(facts["size"])):
                break
            digest.update(part)
            unpacked.write(part)
    if size != facts["size"] or digest.hexdigest() != facts.get("sha256"):
        raise ArchiveUnusable(file, "it is damaged")


def _check_catalog(path: Path, file: Path, made_with: str) -> None:
    """Every text and offset, as `verify` does: the digest proves only that nothing fell off."""
    try:
        found = Catalog(path, untrusted=True)
        try:
            sound = found.made_with() == made_with and not found.disorder()
            with found.snapshot() as snapshot:
                sound = sound and snapshot.generation() is not None and not snapshot.strays()
                sound = sound and not any(
                    True for content in snapshot.contents() for _ in wrong(content)
                )
        finally:
            found.close()
    except IndexDamaged as error:
        raise ArchiveUnusable(file, "its catalog is damaged") from error
    if not sound:
        raise ArchiveUnusable(file, "its catalog contradicts itself")


def _seal(path: Path) -> dict[str, object]:
    return {"sha256": _sha256(path), "size": path.stat().st_size}


def _sha256(path: Path) -> str:
    opened: IO[bytes]
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
