"""What a smaller or older Bot API server may lack: its refusals cost no answer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from telegram.error import BadRequest, InvalidToken
from telegram.ext import BaseRateLimiter

from bot.throttle import Returned, Throttle

DISPENSABLE = {
    "answerCallbackQuery",
    "deleteMyCommands",
    "deleteWebhook",
    "sendChatAction",
    "sendMessageDraft",
    "setMessageReaction",
    "setMyCommands",
}
"""Methods whose outcome nobody needs. Without deleteWebhook the library would not begin to poll."""

log = logging.getLogger(__name__)


class Niceties(BaseRateLimiter[int]):
    """A throttle that takes a method which the server does not know for done, ever after."""

    def __init__(self, throttle: Throttle) -> None:
        self._throttle = throttle
        self._unknown: set[str] = set()

    async def initialize(self) -> None:
        """There is nothing to prepare."""

    async def shutdown(self) -> None:
        """There is nothing to give back."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Returned]],
        args: Any,  # noqa: ANN401 - the signature is the library's
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: int | None,
    ) -> Returned:
        """The outcome of the request; true for one that this server does not know."""
        if endpoint in self._unknown:
            return True
        try:
            return await self._throttle.process_request(
                callback, args, kwargs, endpoint, data, rate_limit_args
            )
        except (InvalidToken, BadRequest) as error:
            if endpoint not in DISPENSABLE or not _unknown(endpoint, error):
                raise
            self._unknown.add(endpoint)
            log.info("this Bot API server does not know %s: %s", endpoint, error)
            return True


def _unknown(endpoint: str, error: InvalidToken | BadRequest) -> bool:
    """The library says InvalidToken for 404 and for 401, which is about the token indeed."""
    if isinstance(error, InvalidToken):
        return error.message == "Not Found"
    # Telegram itself has no reason to refuse this one; of others a 400 is about what they say.
    return endpoint == "deleteWebhook" or "method" in error.message.lower()
