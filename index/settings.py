"""What can be set, with its defaults. Only the two `__main__` files read the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Bytes = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]


class IndexSettings(BaseModel):
    """Plain values. `open_index(name=…)` overrides each by its name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    documents: Path = Path("data/documents")
    """The folder whose files are answered from, with its subfolders."""
    storage: Path = Path("data/index")
    """Where the index is kept: text, offsets, vectors and the exported model."""
    embedding_model: str = "default"
    """"default" (all-MiniLM-L6-v2, from a package), or a sentence-transformers name or path."""
    reader_model: str = "default"
    """"default" (the reader that comes with Quoth), "none", or an extractive QA name or path."""
    chroma_url: str | None = None
    """http://host:port of a Chroma server; embedded in `storage` when not set."""
    max_file_bytes: Bytes = 256 * 2**20
    """Larger files are reported and left out."""
    read_seconds: Seconds = 60
    """Reading one file may take this long."""
    read_memory: Bytes = 2**30
    """Memory that reading one file may take, in bytes."""
    private_links: bool = False
    """Whether `links.txt` may name pages of this machine and its network."""
    reindex_every: Annotated[float, Field(ge=0)] = 0
    """Seconds from one look at the folder and the links to the next; 0 looks only when asked."""
    kept_generations: Annotated[int, Field(ge=0)] = 2
    """Earlier versions of the index that are kept, to go back to."""


class IndexEnvironment(BaseSettings, IndexSettings):
    """The same, read from environment variables of the same names in capitals, and from `.env`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_ignore_empty=True
    )
