"""Chats that the bot is not in: quotes by inline mode, answers by guest mode.

Anybody may be in such a chat, so only documents that everybody may read are searched there.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass

from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    Message,
    Update,
)
from telegram.error import BadRequest, NetworkError, TelegramError
from telegram.ext import ContextTypes

from bot import languages, words
from bot.addressing import question_in
from bot.chatting import too_many
from bot.citing import quoted
from bot.conversation import Conversation
from bot.library import Library
from bot.limits import Limits
from bot.line import Line
from bot.outbox import NO_PREVIEW
from bot.pages import keyboard, pages
from bot.replies import Reply, sentence
from index.errors import QuestionUnusable, QuothError
from index.passages import Citation, RetrievedPassage

FOUND = 30
"""Quotes that an inline query finds, at most,"""
AT_ONCE = 10
"""and that are shown at once; the others as one scrolls."""
AGAIN = (0.5, 2.0)
"""Seconds after which a guest is answered again when the connection failed."""
CACHED_QUERIES = 500
CACHED_BY_TELEGRAM = 10
"""Seconds; short, since what is deleted must not be found for longer."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """A quote that is offered: what the list of results shows of it, and what is sent."""

    title: str
    quote: str
    reply: Reply


class Elsewhere:
    """The handlers of inline queries and guest messages."""

    def __init__(
        self,
        bot: Bot,
        library: Library,
        conversation: Conversation,
        limits: Limits,
        line: Line,
    ) -> None:
        self._bot, self._library, self._conversation = bot, library, conversation
        self._limits, self._line = limits, line
        self._edition: object = None
        self._cached: OrderedDict[tuple[str, str], list[Found]] = OrderedDict()

    async def inline(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Quotes for the words that somebody types after the bot's name, ready to be sent."""
        query = update.inline_query
        if query:
            try:
                await self._offer(query, await self._find(query.query))
            except QuestionUnusable:
                await self._offer(query, None)
            except QuothError as error:
                log.warning("%s", error)
                await self._offer(query, [])

    async def guest(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """The bot was mentioned in a chat that it is not in: one answer, without a memory."""
        message = update.guest_message
        if message is None or message.from_user is None:
            return
        asked = question_in(message, context.bot.bot)
        verdict = await self._limits.admit(message.from_user.id)
        if verdict.sentence_due:
            await self.tell(message, sentence(too_many(verdict, self._limits)))
        elif verdict.welcome:
            await self.tell(message, await self._answer(asked))

    async def _answer(self, asked: str) -> Reply:
        if not asked:
            return sentence(words.ASK_ME)
        async with self._line.turn(_say_nothing):
            return await self._conversation.ask_in_public(asked)

    async def tell(self, message: Message, reply: Reply) -> None:
        """Answers a guest message. Telegram takes one answer, of one page, and for a while.

        Since it takes only one, an answer whose outcome is unknown is sent again.
        """
        article = self._article("1", Found(words.ANSWER, "", reply))
        for pause in (*AGAIN, None):
            try:
                await self._bot.answer_guest_query(message.guest_query_id or "", article)
                return
            except TelegramError as error:
                surely_not = isinstance(error, BadRequest) or not isinstance(error, NetworkError)
                if surely_not or pause is None:
                    log.info("a guest could not be answered: %s", error)
                    return
                await asyncio.sleep(pause)

    async def _find(self, asked: str) -> list[Found]:
        """The quotes for some words, best first. Raises QuestionUnusable when there are none."""
        edition = await self._library.edition()
        if edition != self._edition:
            self._cached.clear()
            self._edition = edition
        looked_for = " ".join(asked.split())
        key = (languages.spoken(), looked_for)
        if key in self._cached:
            self._cached.move_to_end(key)
            return self._cached[key]
        found = list(map(_offered, await self._library.search(looked_for, FOUND)))
        if edition == self._edition:  # another query may have seen a newer one meanwhile
            self._cached[key] = found
        if len(self._cached) > CACHED_QUERIES:
            self._cached.popitem(last=False)
        return found

    async def _offer(self, query: InlineQuery, found: list[Found] | None) -> None:
        """The results from where the list was scrolled to; without words, how it is used."""
        first = int(query.offset) if re.fullmatch(r"[0-9]{1,3}", query.offset) else 0
        shown = (found or [])[first : first + AT_ONCE]
        help = words.INLINE_HELP if found is None else words.INLINE_NOTHING
        more = found is not None and first + AT_ONCE < len(found)
        try:
            await self._bot.answer_inline_query(
                query.id,
                [self._article(str(at), each) for at, each in enumerate(shown, first)],
                cache_time=CACHED_BY_TELEGRAM,
                is_personal=True,  # in one's own language, and not everybody may ask everywhere
                next_offset=str(first + AT_ONCE) if more else "",
                button=None if shown else InlineQueryResultsButton(help, start_parameter="inline"),
            )
        except TelegramError as error:  # too late: the person has typed on
            log.debug("an inline query could not be answered: %s", error)

    def _article(self, id: str, found: Found) -> InlineQueryResultArticle:
        name = self._bot.username
        page = pages(found.reply, name)[0]
        return InlineQueryResultArticle(
            id,
            found.title,
            InputTextMessageContent(
                page.text, entities=page.entities, link_preview_options=NO_PREVIEW
            ),
            description=found.quote or None,
            reply_markup=keyboard(found.reply.buttons, name),
        )


async def _say_nothing(_place: int) -> None:
    """Guests wait without a word: Telegram takes one."""


def _offered(found: RetrievedPassage) -> Found:
    citation = Citation.of(found.passage, found.sentence.start, found.sentence.end)
    reply = quoted(citation)
    return Found(reply.blocks[-1].text, citation.quote, reply)
