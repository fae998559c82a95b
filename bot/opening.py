"""Opening a quote where it stands: from a button, from a link, and on through its document."""

from __future__ import annotations

from dataclasses import dataclass

from bot import words
from bot.library import Library
from bot.pointers import Link, Spot, Step
from bot.replies import Reply, opened, sentence
from index.errors import DocumentGone, QuothError


@dataclass(frozen=True, slots=True)
class Opening:
    """Each opens a passage, or says in a sentence why it cannot be opened."""

    library: Library

    async def open(self, spot: Spot) -> Reply:
        """The passage that holds the quote."""
        return await self.walk(Step(spot.start, spot))

    async def walk(self, step: Step) -> Reply:
        """A passage of the document that the quote is from."""
        try:
            return await self._shown(step.quote, step.offset)
        except QuothError as error:
            return sentence(str(error))

    async def follow(self, link: Link) -> Reply:
        """The quote of a link, or what became of it in a newer version of its source."""
        try:
            try:
                return await self._shown(link.spot, link.spot.start)
            except DocumentGone:
                return await self._now(link)
        except QuothError as error:
            return sentence(str(error))

    async def _now(self, link: Link) -> Reply:
        held = [each.id for each in await self.library.documents() if link.is_from(each.source)]
        for id in held:
            start = await self.library.find_again(id, link)
            if start is not None:
                spot = Spot(id, start, start + link.spot.end - link.spot.start)
                return await self._shown(spot, start, words.SOURCE_CHANGED)
        if held:
            return await self._shown(Spot(held[0], 0, 0), link.spot.start, words.WORDS_CHANGED)
        return sentence(words.SOURCE_GONE)

    async def _shown(self, quote: Spot, offset: int, notice: str = "") -> Reply:
        excerpt = await self.library.excerpt(quote.document, offset)
        if not quote.start <= quote.end <= len(excerpt.passage.document.text):
            raise DocumentGone(quote.document)
        return opened(excerpt, quote, notice)
