"""What can be set, with its defaults. Only the two `__main__` files read the environment."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

Bytes = Annotated[int, Field(gt=0)]
Seconds = Annotated[float, Field(gt=0)]
Price = Annotated[float, Field(ge=0)]


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
    chroma_collection: Annotated[str, Field(pattern=r"^[A-Za-z0-9][\w.-]{1,60}[A-Za-z0-9]$")] = (
        "passages"
    )
    """Where on the server the vectors lie: another name for each index there."""
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

    llm_base_url: str | None = None
    """An OpenAI-compatible server: "http://localhost:11434/v1". Without a model nothing is asked
    of any."""
    llm_model: str | None = None
    """The name of the model there. When it is set, answers are written in prose, and checked."""
    llm_api_key: SecretStr | None = None
    llm_class: str | None = None
    """Another class of llama-index than OpenAILike: "llama_index.llms.anthropic:Anthropic"."""
    llm_seconds: Annotated[float, Field(gt=0, le=120)] = 20
    """All that the model does for one question may take this long; then we answer without it."""
    llm_price_read: Price = 0
    """What a million tokens cost that the model reads, in any currency,"""
    llm_price_written: Price = 0
    """and a million that it writes."""

    @model_validator(mode="after")
    def _a_server_needs_a_model(self) -> Self:
        if (self.llm_base_url or self.llm_class) and not self.llm_model:
            raise ValueError("LLM_BASE_URL and LLM_CLASS need LLM_MODEL: the name of a model there")
        if self.llm_base_url and not self.llm_base_url.startswith(("http://", "https://")):
            raise ValueError("LLM_BASE_URL must begin with http:// or https://")
        return self


class IndexEnvironment(BaseSettings, IndexSettings):
    """The same, read from environment variables of the same names in capitals, and from `.env`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_ignore_empty=True
    )


def what_is_wrong(error: ValidationError) -> list[str]:
    """A sentence for each setting that is wrong, without its value, which may be a secret."""
    told = []
    for each in error.errors():
        reason = each["msg"].removeprefix("Value error, ")
        # Of a list the name comes first; what is wrong between several settings has none.
        name = "".join(map(str, each["loc"][:1])).upper()
        told.append(f"The setting {name} is wrong: {reason}" if name else reason)
    return list(dict.fromkeys(told))
