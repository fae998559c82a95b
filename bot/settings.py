"""What can be set for the bot, with its defaults. Only `__main__` reads the environment."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.access import IMPERSONAL, Mode
from bot.capabilities import Feature

TELEGRAM = "https://api.telegram.org"
Ids = Annotated[tuple[int, ...], NoDecode]
"""Numbers with commas or spaces between them."""


class BotSettings(BaseModel):
    """Plain values; tests make them by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    telegram_bot_token: SecretStr | None = None
    """From @BotFather. Without it the conversation is held in the terminal."""
    admin_ids: Ids = ()
    """Telegram ids of the people who may administer; nobody by default."""
    owner_id: int | None = Field(default=None, gt=0)
    """Who appoints admins and is told of trouble; the first of `admin_ids` when not set."""
    allowed_ids: Ids = ()
    """Ids of people and groups who may ask. Admins always may."""
    access: Mode | None = None
    """Who else may ask. When not set: everybody, or nobody when `allowed_ids` has any."""
    questions_per_minute: int = Field(default=20, ge=1)
    """More than these by one person in a minute are declined."""
    questions_per_day: int = Field(default=500, ge=0)
    """The same in a day (UTC); 0 is no limit. Admins have none."""
    llm_tokens_a_day: int = Field(default=200_000, ge=0)
    """What the language model may read and write for a person in a day (UTC); 0 is no limit. Admins
    have none."""
    keep_questions_days: int = Field(default=90, ge=1)
    """Questions, votes, and who was heard are kept for so long."""
    keep_audit_days: int = Field(default=365, ge=1)
    """What admins did is kept for so long."""
    low_disk_bytes: int = Field(default=2**30, ge=0)
    """The owner is told when less than this is free where the index is stored; 0 never."""
    own_documents: int = Field(default=100, ge=0)
    """So many files and links one person, or one group, may have read; 0 switches that off."""
    own_bytes: int = Field(default=100 * 2**20, gt=0)
    """The same in bytes, of the files as they were sent."""
    group_files: bool = False
    """Whether every file in a group is read; else those that are sent to the bot, or by /add."""
    concurrent_updates: int = Field(default=8, ge=1, le=256)
    """So many questions are worked on at once; within a chat, one after the other."""
    answer_within_minutes: int = Field(default=60, ge=1)
    """What was asked longer ago, while the bot was away, is not answered; the chat is told once."""
    bot_api_base_url: str = TELEGRAM
    """Another Bot API server, without the `/bot` at the end."""
    telegram_features: Annotated[frozenset[Feature], NoDecode] = frozenset()
    """What of newer Telegram is tried: rich, ephemeral, stop. Until the first refusal."""
    webhook_url: str | None = None
    """https://… where Telegram reaches this bot; polling when not set. A Bot API server of one's
    own takes http://… too."""
    webhook_listen: str = "127.0.0.1"
    """The address to listen on, behind a proxy that ends TLS."""
    webhook_port: int = Field(default=8443, ge=1, le=65535)
    webhook_secret: SecretStr | None = None
    """What Telegram proves itself with; a new one each start when not set. Replicas share one."""
    log_level: str = "INFO"

    @field_validator("admin_ids", "allowed_ids", mode="before")
    @classmethod
    def _numbers(cls, value: object) -> object:
        if isinstance(value, int):
            return {value}
        if not isinstance(value, str):
            return value
        ids = re.split(r"[,;\s]+", value.strip(" ,;\n"))
        if not all(re.fullmatch(r"-?[0-9]+", id) for id in ids):
            raise ValueError(
                "numbers are expected, with commas between them; @userinfobot tells you yours"
            )
        return ids

    @field_validator("telegram_features", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return re.findall(r"\w+", value.lower()) if isinstance(value, str) else value

    @field_validator("admin_ids")
    @classmethod
    def _people(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(id <= 0 or id in IMPERSONAL for id in value):
            raise ValueError("these are ids of people: greater than 0, and of one person each")
        return value

    @property
    def bot_id(self) -> int:
        """The bot's own id, with which its token begins; 0 without a token."""
        token = self.telegram_bot_token.get_secret_value() if self.telegram_bot_token else ""
        id = token.partition(":")[0]
        return int(id) if id.isdecimal() else 0

    @property
    def owner(self) -> int | None:
        """The owner; None when nobody administers."""
        return self.owner_id or next(iter(self.admin_ids), None)

    @property
    def who_may_ask(self) -> Mode:
        """The mode that holds."""
        return self.access or (Mode.LIST if self.allowed_ids else Mode.EVERYBODY)

    @field_validator("webhook_secret")
    @classmethod
    def _accepted_by_telegram(cls, value: SecretStr | None) -> SecretStr | None:
        # https://core.telegram.org/bots/api#setwebhook
        if value and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value.get_secret_value()):
            raise ValueError("1 to 256 letters, digits, _ and - are allowed")
        return value

    @field_validator("webhook_url")
    @classmethod
    def _by_https(cls, value: str | None, info: ValidationInfo) -> str | None:
        # Only a Bot API server of one's own posts without TLS: https://core.telegram.org/bots/api
        may_be_plain = info.data.get("bot_api_base_url") != TELEGRAM
        schemes = ("https://", "http://") if may_be_plain else ("https://",)
        if value and not value.startswith(schemes):
            raise ValueError("it must begin with https://")
        return value

    @field_validator("log_level")
    @classmethod
    def _known(cls, value: str) -> str:
        if value.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
            raise ValueError("one of DEBUG, INFO, WARNING, ERROR")
        return value.upper()


class BotEnvironment(BaseSettings, BotSettings):
    """The same, read from environment variables of the same names in capitals, and from `.env`."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_ignore_empty=True
    )
