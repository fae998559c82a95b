"""What Telegram can do that the library does not know yet, each until it is refused once.

All are off by default: clients and servers take them up at their own pace.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from enum import StrEnum

from telegram import Bot, Message
from telegram.error import BadRequest, EndPointNotFound

STOPPED = "stopped_message_generation"
"""The update that comes of a press on the Stop button."""

log = logging.getLogger(__name__)


class Feature(StrEnum):
    """By their names in the setting."""

    RICH = "rich"
    """Answers as rich messages, in one piece (Bot API 10.1)."""
    EPHEMERAL = "ephemeral"
    """In groups, what concerns one person alone is shown to that person alone (10.3)."""
    STOP = "stop"
    """A Stop button beside a draft (10.3)."""


class Capabilities:
    """Asks for newer methods; after the first refusal of a feature never for that one again."""

    def __init__(self, bot: Bot, wanted: Collection[Feature] = ()) -> None:
        self._bot, self._wanted = bot, set(wanted)

    def has(self, feature: Feature) -> bool:
        """Whether it is worth trying."""
        return feature in self._wanted

    async def send(
        self, feature: Feature, endpoint: str, parameters: dict[str, object]
    ) -> Message | None:
        """The message that came of it; None when the feature is off or refused. Else raises."""
        if not self.has(feature):
            return None
        given = {name: value for name, value in parameters.items() if value is not None}
        try:
            return await self._bot.do_api_request(  # type: ignore[no-any-return]
                endpoint, api_kwargs=given, return_type=Message
            )
        except (EndPointNotFound, BadRequest) as error:
            self.give_up(feature, error)
            return None

    def give_up(self, feature: Feature, error: Exception) -> None:
        """It was refused."""
        self._wanted.discard(feature)
        log.info("%s is not taken here, and not tried again: %s", feature, error)
