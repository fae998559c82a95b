"""/forgetme: what the bot knows of a person goes, when they say so twice."""

from __future__ import annotations

from collections.abc import Callable

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ContextTypes

from bot import words
from bot.chatting import target_of
from bot.memory import Memory
from bot.outbox import Outbox
from bot.own import Own
from bot.pressing import end_waiting
from bot.records import Records
from bot.replies import Block, Button, Reply, sentence
from bot.threads import aside
from index.errors import QuothError

BUTTON, LEAVE = "forgetme", "forgetme:no"


class Forgetting:
    """For everybody, about themselves alone, in private.

    It reaches what is under way: of a question that was begun before the button was pressed
    nothing is kept, and a file that was being read for them is dropped once it is read. What waited
    behind those, and is begun after, counts as sent after.
    """

    def __init__(
        self,
        records: Records,
        memory: Memory,
        outbox: Outbox,
        own: Own,
        unheard: Callable[[int], None],
    ) -> None:
        """`unheard` is told whom the records have forgotten."""
        self._records, self._memory, self._outbox, self._own = records, memory, outbox, own
        self._unheard = unheard

    async def ask(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Says what goes and what stays, with a button that does it."""
        message = update.effective_message
        if message is None:
            return
        if message.chat.type != ChatType.PRIVATE:
            await self._outbox.send(target_of(message), sentence(words.IN_PRIVATE))
            return
        choice = (Button(words.FORGETME_YES, BUTTON), Button(words.LEAVE_IT, LEAVE))
        question = Reply((Block(words.FORGETME),), (choice,))
        await self._outbox.send(target_of(message), question)

    async def pressed(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Forgets who presses that button, in their own chat: a changed app presses it anywhere."""
        query = update.callback_query
        if query is None or query.message is None:
            return
        await end_waiting(query)
        person, chat = query.from_user.id, query.message.chat.id
        if chat != person:
            return
        if query.data == LEAVE:
            await self._outbox.edit(chat, query.message.message_id, sentence(words.LEFT))
            return
        self._memory.forget_person(person)  # first: from now on nothing is noted that then stays
        count = await aside(self._records.forget, person)
        self._unheard(person)
        try:
            documents = await self._own.forget_all(person)
        except QuothError as error:
            await self._outbox.edit(chat, query.message.message_id, sentence(str(error)))
            return
        finally:
            self._memory.forget_chat(chat)  # what was asked meanwhile may rest on the documents
        done = words.FORGOT_YOU.format(
            questions=words.counted(count, "question"),
            documents=words.counted(documents, "document"),
        )
        await self._outbox.edit(chat, query.message.message_id, sentence(done))
