"""Opening a quote where it stands: from a button, from a link, and on through its document."""

from __future__ import annotations

from dataclasses import dataclass

from bot import words
from bot.citing import opened
from bot.library import Library
from bot.pointers import Link, Spot, Step
from bot.replies import Reply, sentence, trouble
from index.errors import DocumentGone, QuothError
from index.scopes import Scopes


@dataclass(frozen=True, slots=True)
class Opening:
    """Each opens a passage, or says in a sentence why it cannot be opened.

    What `scopes` don't allow is gone like anything else that is not there.
    """

    library: Library

    async def open(self, spot: Spot, scopes: Scopes) -> Reply:
        """The passage that holds the quote."""
        return await self.walk(Step(spot.start, spot), scopes)

    async def walk(self, step: Step, scopes: Scopes) -> Reply:
        """A passage of the document that the quote is from."""
        try:
            return await self._shown(step.quote, step.offset, scopes)
        except QuothError as error:
            return trouble(error)

    async def follow(self, link: Link, scopes: Scopes) -> Reply:
        """The quote of a link, or what became of it in a newer version of its source."""
        try:
            try:
                return await self._shown(link.spot, link.spot.start, scopes)
            except DocumentGone:
                return await self._now(link, scopes)
        except QuothError as error:
            return trouble(error)

    async def _now(self, link: Link, scopes: Scopes) -> Reply:
        listed = await self.library.documents(scopes=scopes)
        held = [each.id for each in listed if link.is_from(each.source)]
        for id in held:
            start = await self.library.find_again(id, link, scopes=scopes)
            if start is not None:
                spot = Spot(id, start, start + link.spot.end - link.spot.start)
                return await self._shown(spot, start, scopes, words.SOURCE_CHANGED)
        if held:
            spot = Spot(held[0], 0, 0)
            return await self._shown(spot, link.spot.start, scopes, words.WORDS_CHANGED)
        return sentence(words.SOURCE_GONE)

    async def _shown(self, quote: Spot, offset: int, scopes: Scopes, notice: str = "") -> Reply:
        excerpt = await self.library.excerpt(quote.document, offset, scopes=scopes)
        if not quote.start <= quote.end <= len(excerpt.passage.document.text):
            raise DocumentGone(quote.document)
        return opened(excerpt, quote, notice)
