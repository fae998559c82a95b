"""The catalog: one SQLite file with all that is stored."""

from __future__ import annotations

from index.catalog.contents import Contents
from index.catalog.copying import Copying
from index.catalog.generations import Generations
from index.catalog.links import Links
from index.catalog.upkeep import Upkeep
from index.catalog.vector_queue import VectorQueue


class Catalog(Contents, Generations, Links, VectorQueue, Upkeep, Copying):
    """One SQLite file. A connection a thread; writing is for one thread at a time."""
