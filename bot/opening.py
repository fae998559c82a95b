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

    async def open(self, spot: Spot, scopes: Scopes, group: int | None = None) -> Reply:
        """The passage that holds the quote, with links for the members of a group."""
        return await self.walk(Step(spot.start, spot, group), scopes)

    async def walk(self, step: Step, scopes: Scopes) -> Reply:
        """A passage of the document that the quote is from."""
        try:
            return await self._shown(step, scopes)
        except QuothError as error:
            return trouble(error)

    async def follow(self, link: Link, scopes: Scopes) -> Reply:
        """The quote of a link, or what became of it in a newer version of its source."""
        try:
            try:
                return await self._shown(Step(link.spot.start, link.spot, link.group), scopes)
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
                step = Step(start, spot, link.group)
                return await self._shown(step, scopes, words.SOURCE_CHANGED)
        if held:
            step = Step(link.spot.start, Spot(held[0], 0, 0), link.group)
            return await self._shown(step, scopes, words.WORDS_CHANGED)
        return sentence(words.SOURCE_GONE)

    async def _shown(self, step: Step, scopes: Scopes, notice: str = "") -> Reply:
        quote = step.quote
        excerpt = await self.library.excerpt(quote.document, step.offset, scopes=scopes)
        if not quote.start <= quote.end <= len(excerpt.passage.document.text):
            raise DocumentGone(quote.document)
        return opened(excerpt, quote, notice, step.group)
