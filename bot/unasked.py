"""What looks like a question and is none."""

from __future__ import annotations

from collections import OrderedDict

from telegram import Message, Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot.addressing import may_concern

REMEMBERED = 10_000
"""Messages whose words are compared; those looked at longest ago are forgotten first."""


class Unasked:
    """Stops what Telegram calls an edit though no word changed, as after a reaction, and quotes
    that somebody sent by typing the bot's name, as the words are the bot's."""

    def __init__(self) -> None:
        self._seen: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def look(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Raises ApplicationHandlerStop for what nobody asked."""
        message, edited = update.message or update.edited_message, update.edited_message
        if message and message.via_bot and message.via_bot.id == context.bot.id:
            raise ApplicationHandlerStop
        if edited and edited.edit_date is None:
            raise ApplicationHandlerStop
        if message and may_concern(message) and self._is_known(message) and edited:
            raise ApplicationHandlerStop

    def _is_known(self, message: Message) -> bool:
        """Whether the message said the same before; notes what it says now."""
        key, says = (message.chat.id, message.message_id), hash((message.text, message.entities))
        before = self._seen.pop(key, None)
        self._seen[key] = says
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return before == says
