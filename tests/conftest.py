"""Shared by all tests: a clean environment, Telegram on loopback, the sample collection."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import AsyncIterator, Iterator
from functools import cache
from pathlib import Path

import pytest
from filelock import FileLock

from bot.settings import BotSettings
from index import open_index, wiring
from index.embedding import DEFAULT, open_embedder
from index.settings import IndexSettings
from index.wiring import Index
from tests.bot_api import BotApiServer
from tests.doubles import PlainReader, WordEmbedder


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine or the developer reaches a test."""
    names = {*BotSettings.model_fields, *IndexSettings.model_fields}
    for name in [name for name in os.environ if name.lower() in names]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once() -> Iterator[None]:
    """Those of the world take a twentieth of a second, twice for each bot."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", cache(ssl.create_default_context))
        yield


@pytest.fixture
def small_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """`open_index` embeds by eye, and reads plain text without child processes."""
    monkeypatch.setattr(wiring, "open_embedder", lambda *_: WordEmbedder(256))
    monkeypatch.setattr(wiring, "IsolatedReader", lambda **_: PlainReader())


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Telegram for one bot, with nobody in it yet. In a hurry: without flood limits."""
    async with BotApiServer(flood=None) as server:
        yield server


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The exported embedding model: copied to `models` in a storage folder, it is used there.

    It takes a while, so one process exports it for all those that test side by side.
    """
    own = tmp_path_factory.getbasetemp()
    storage = (own if worker_id == "master" else own.parent) / "exported"
    with FileLock(f"{storage}.lock"):
        open_embedder(DEFAULT, storage)
    return storage / "models"


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A copy of the sample collection, and beside it `index`, where it is indexed."""
    folder = tmp_path_factory.mktemp("sample")
    shutil.copytree(Path(__file__).parent.parent / "data/documents", folder / "documents")
    shutil.copytree(models, folder / "index" / "models")
    return folder


@pytest.fixture(scope="session")
def sample(sample_folder: Path) -> Iterator[Index]:
    """A real index of the sample collection, with the real models."""
    with open_index(sample_folder / "documents", sample_folder / "index") as index:
        index.reindex()
        yield index
