"""What nobody foresaw: the error handler."""

from __future__ import annotations

import logging
import secrets

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.chatting import target_of
from bot.elsewhere import Elsewhere
from bot.outbox import Outbox
from bot.replies import sentence
from index.errors import QuothError

log = logging.getLogger(__name__)


class Trouble:
    """What nobody foresaw: logged with an id, and told to the person who waits."""

    def __init__(self, outbox: Outbox, elsewhere: Elsewhere) -> None:
        self._outbox, self._elsewhere = outbox, elsewhere

    async def handle(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        id = secrets.token_hex(3)
        log.error("trouble %s", id, exc_info=context.error)
        message = update.effective_message if isinstance(update, Update) else None
        if message is None:
            return
        foreseen = isinstance(context.error, QuothError)
        text = str(context.error) if foreseen else words.TROUBLE.format(id=id)
        if message.guest_query_id:
            await self._elsewhere.tell(message, sentence(text))
        else:
            await self._outbox.send(target_of(message), sentence(text))
