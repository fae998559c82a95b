"""Shared by all tests: a clean environment, Telegram on loopback, the sample collection."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator

import pytest

from bot.settings import BotSettings
from index.settings import IndexSettings
from tests.bot_api import BotApiServer


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine or the developer reaches a test."""
    names = {*BotSettings.model_fields, *IndexSettings.model_fields}
    for name in [name for name in os.environ if name.lower() in names]:
        monkeypatch.delenv(name)


@pytest.fixture
async def server() -> AsyncIterator[BotApiServer]:
    """Telegram for one bot, with nobody in it yet. In a hurry: without flood limits."""
    async with BotApiServer(flood=None) as server:
        yield server
