"""What can be set, where it is read from, and that .env.example tells the truth about it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from bot.settings import BotEnvironment, BotSettings
from index.settings import IndexEnvironment, IndexSettings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def example() -> dict[str, str]:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    return dict(line[2:].split("=", 1) for line in lines if re.match(r"# [A-Z_]+=", line))


@pytest.mark.parametrize("settings", [BotSettings, IndexSettings])
def test_the_example_names_each_setting(settings: type[BaseModel]):
    missing = {name.upper() for name in settings.model_fields} - example().keys()

    assert missing == set()


def test_the_example_names_nothing_else():
    known = {name.upper() for name in {**BotSettings.model_fields, **IndexSettings.model_fields}}

    assert example().keys() - known == set()


def test_the_example_shows_the_defaults(tmp_path, monkeypatch):
    written = "\n".join(f"{name}={value}" for name, value in example().items())
    (tmp_path / ".env").write_text(written, "utf-8")
    monkeypatch.chdir(tmp_path)

    read = [BotEnvironment().model_dump(), IndexEnvironment().model_dump()]

    assert read == [BotSettings().model_dump(), IndexSettings().model_dump()]


@pytest.mark.parametrize(("written", "ids"), [("7", (7,)), ("7, 8;-9  10,", (7, 8, -9, 10))])
def test_ids_are_written_with_commas_or_spaces(monkeypatch, tmp_path, written: str, ids: object):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ALLOWED_IDS", written)

    assert BotEnvironment().allowed_ids == ids


def test_nobody_is_admin_by_default():
    assert (BotSettings().admin_ids, BotSettings().owner) == ((), None)


def test_the_owner_is_the_first_admin_unless_another_is_named():
    first = BotSettings.model_validate({"admin_ids": "9, 7"})
    other = BotSettings.model_validate({"admin_ids": "9, 7", "owner_id": 8})

    assert (first.owner, other.owner) == (9, 8)


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ({}, "everybody"),
        ({"allowed_ids": "7"}, "list"),
        ({"allowed_ids": "7", "access": "pairing"}, "pairing"),
        ({"access": "list"}, "list"),
    ],
)
def test_everybody_may_ask_unless_somebody_is_named(written: dict[str, str], mode: str):
    assert BotSettings.model_validate(written).who_may_ask == mode


@pytest.mark.parametrize(
    "wrong",
    [
        {"admin_ids": "ann"},
        {"admin_ids": "-100"},
        {"admin_ids": "1087968824"},
        {"access": "somebody"},
        {"webhook_secret": "not allowed!"},
        {"webhook_url": "http://example.org"},
        {"log_level": "LOUD"},
        {"concurrent_updates": 0},
    ],
)
def test_a_wrong_setting_is_refused(wrong: dict[str, object]):
    with pytest.raises(ValidationError):
        BotSettings.model_validate(wrong)


def test_a_bot_api_server_of_ones_own_may_post_without_tls():
    own = {"bot_api_base_url": "http://127.0.0.1:8081", "webhook_url": "http://127.0.0.1:8443/hook"}

    assert BotSettings.model_validate(own).webhook_url == own["webhook_url"]


def test_a_token_is_not_in_what_is_printed():
    settings = BotSettings(telegram_bot_token=SecretStr("123456:ABC"))

    assert "ABC" not in repr(settings)
