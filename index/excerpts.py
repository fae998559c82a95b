"""A passage where it stands: with the sentences around it, and the way on through its document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from index.errors import DocumentGone
from index.passages import Excerpt, Passage, Sentence

AROUND = 300
"""Characters of whole sentences before a passage, and after it."""


def excerpt(passages: Sequence[Passage], offset: int, document_id: str) -> Excerpt:
    """The passage that holds the character, or else the next one, or else the last.

    `passages` are all of a document, in order. Raises DocumentGone when there are none.
    """
    if not passages:
        raise DocumentGone(document_id)
    at = next((n for n, each in enumerate(passages) if offset < each.end), len(passages) - 1)
    passage = passages[at]
    before = (each for other in passages[:at][::-1] for each in other.sentences[::-1])
    after = (each for other in passages[at + 1 :] for each in other.sentences)
    start, end = _reach(before, passage).start, _reach(after, passage).end
    return Excerpt(
        passage=passage,
        number=at + 1,
        total=len(passages),
        start=start,
        end=end,
        before=next((each.start for each in passages[:at][::-1] if each.start < start), None),
        after=next((each.start for each in passages[at + 1 :] if each.end > end), None),
    )


def _reach(sentences: Iterable[Sentence], passage: Passage) -> Sentence:
    """The passage made longer by the sentences, nearest first, that are near enough."""
    start, end = passage.start, passage.end
    for each in sentences:
        if passage.start - each.start > AROUND or each.end - passage.end > AROUND:
            break
        start, end = min(start, each.start), max(end, each.end)
    return Sentence(start, end)
