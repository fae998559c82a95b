"""The index as one file that another machine can take over.

A zip of the catalog and a page of facts about it. The vector store is not in it: it is made anew
from the vectors in the catalog, without embedding. What is imported is checked like a stranger's.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from index.catalog import SCHEMA, Catalog
from index.errors import ArchiveUnusable, IndexDamaged, IndexMissing, storage_trouble
from index.verifying import wrong

FACTS, CATALOG = "quoth.json", "catalog.sqlite"
FORMAT = 1
LARGEST_FACTS = 64 * 1024
AT_ONCE = 2**20
"""Bytes that are copied at once."""


def export(catalog: Catalog, storage: Path, file: Path) -> None:
    """Writes the whole index to `file`; an earlier one there is replaced when it is complete.

    Raises IndexMissing when nothing was built yet, StorageFull and StorageUnwritable.
    """
    with catalog.snapshot() as snapshot:
        generation = snapshot.generation()
        documents = len(snapshot.documents())
    if generation is None:
        raise IndexMissing(storage)
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        with workplace(storage, "archive.unfinished") as folder:
            catalog.copy_to(folder / CATALOG)
            facts = {
                "format": FORMAT,
                "schema": SCHEMA,
                "made_with": catalog.made_with(),
                "built": generation.built.isoformat(),
                "documents": documents,
                "sha256": _sha256(folder / CATALOG),
                "size": (folder / CATALOG).stat().st_size,
            }
            with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as zipped:
                zipped.writestr(FACTS, json.dumps(facts, indent=1))
                zipped.write(folder / CATALOG, CATALOG)
        unfinished.replace(file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise storage_trouble(error, file.parent) from error


def take_over(catalog: Catalog, storage: Path, file: Path, made_with: str) -> None:
    """Puts the archive's index in place of the one that is there, in one transaction.

    Raises ArchiveUnusable when it is damaged, or was made by another model or program.
    """
    try:
        with workplace(storage, "archive.unfinished") as folder, zipfile.ZipFile(file) as zipped:
            facts = _facts(zipped, file)
            _check_facts(facts, file, made_with)
            _unpack(zipped, folder / CATALOG, facts, file)
            _check_catalog(folder / CATALOG, file, made_with)
            catalog.replace_with(folder / CATALOG)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError) as error:
        raise ArchiveUnusable(file, "it is not an archive of Quoth, or it is damaged") from error
    except FileNotFoundError as error:
        raise ArchiveUnusable(file, "it is not there") from error
    except OSError as error:
        raise storage_trouble(error, storage) from error


@contextmanager
def workplace(storage: Path, name: str) -> Iterator[Path]:
    """An empty folder below the storage, which is gone afterwards."""
    folder = storage / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


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
    with zipped.open(CATALOG) as packed, to.open("wb") as unpacked:
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


def _sha256(path: Path) -> str:
    opened: IO[bytes]
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
