"""Answer | NoAnswer → a reply: the answer, the quotes that prove it, and the way on. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import languages, words
from bot.pointers import (
    VOTE_DOWN,
    VOTE_UP,
    More,
    Spot,
    link_to,
    more_data,
    passage_data,
    spot_of,
    step_data,
)
from bot.replies import (
    GAP,
    Block,
    Button,
    Reply,
    one_line,
    sentence,
    shortened,
    spoken_day,
    turning,
)
from bot.scopes import is_of_a_group
from index.passages import (
    Answer,
    Citation,
    Document,
    DocumentSummary,
    Excerpt,
    NoAnswer,
    Sentence,
)
from index.scopes import EVERYBODY

BUTTONS_IN_A_ROW = 3
LONGEST_NEIGHBOUR = 240
"""Characters of a sentence beside the evidence; longer ones are left out."""
LONGEST_PREVIEW = 120
"""Characters that a folded block shows, about: the evidence begins within them."""
LONGEST_OPEN = 400
"""Characters of the first quote that are shown at once: what fits a phone below the answer."""
LONGEST_ALSO_IN = 80
SOURCES_ON_A_PAGE = 15
WRAP = re.compile(
    r"(?<=[^\n]{50})(?<![.!?:;…\"”’)])\n(?!\s|[•*#>|–—-]|\d+[.)]\s|[^\n:]{1,30}:\s)", re.ASCII
)
"""A line end that only keeps lines short: after a long line, inside a sentence, and before what
begins neither a list item nor a labelled row."""
WRAP_SEES = 60
"""Characters around a line end that may decide."""


def answered(reply: Answer | NoAnswer, *, more: bool = False, group: int | None = None) -> Reply:
    """An answer with its quotes, or an honest sentence with the nearest passages.

    With votes, and with `more` a button for what comes next to these. Members of the `group` that
    it is for can open its links.
    """
    below = (
        Button(words.VOTE_UP, VOTE_UP),
        Button(words.VOTE_DOWN, VOTE_DOWN),
        *([_more(More())] if more else []),
    )
    if isinstance(reply, Answer):
        blocks = (*_head(reply), *_prose(reply), *_quotes(reply.citations, group))
        return Reply(blocks, (*_buttons(reply.citations), below))
    if not reply.nearest:
        return sentence(languages.said(reply.text))
    text = languages.said(reply.text)
    refusal = Block(text, bold=((0, len(text)),))
    nearest = [block for each in reply.nearest for block in _nearest(each, group)]
    buttons = (*_buttons(reply.nearest), below)
    asks = [Block(reply.asks)] if reply.asks else []
    return Reply((refusal, *asks, Block(words.NEAREST), *nearest), buttons)


def _more(more: More) -> Button:
    return Button(words.SHOW_MORE, more_data(more))


def linked(reply: Answer | NoAnswer) -> Reply:
    """The same for a chat that the bot is not in: its buttons are links."""
    citations = reply.citations if isinstance(reply, Answer) else reply.nearest
    made = [
        Button(words.OPEN.format(number=each.number), opens=link)
        for each in citations
        if (link := link_to(each.document, each.start, each.end))
    ]
    return replace(answered(reply), buttons=_rows(made))


def quoted(citation: Citation) -> Reply:
    """A quote by itself, with what it is from below it."""
    document = citation.document
    start, end = _with_neighbours(citation, (), longest_before=LONGEST_NEIGHBOUR)
    link = link_to(document, citation.start, citation.end)
    quote = _slice(document, spot_of(citation), start, end, folded=end - start > LONGEST_OPEN)
    links = ((0, len(_title(document)), link),) if link else ()
    buttons = ((Button(words.OPEN_SOURCE, opens=link),),) if link else ()
    return Reply((quote, Block(_from(citation), tight=True, links=links)), buttons)


def further(citations: Sequence[Citation], *, more: More | None, group: int | None = None) -> Reply:
    """What comes next to an answer's quotes, with a button for what comes after that."""
    blocks = [block for each in citations for block in _nearest(each, group)]
    buttons = (*_buttons(citations), *([(_more(more),)] if more else []))
    return Reply((Block(words.FURTHER), *blocks), buttons)


def opened(excerpt: Excerpt, quote: Spot, notice: str = "", group: int | None = None) -> Reply:
    """A passage with what is around it, the quote bold where it is in sight, and the way on.

    `notice` is a sentence that comes first. Members of `group` can go on and open its link.
    """
    document = excerpt.passage.document
    about = [
        spoken_day(document.date),
        _page(document.page_at(excerpt.passage.start)),
        document.source,
        words.PASSAGE.format(number=excerpt.number, total=excerpt.total),
    ]
    title = _title(document)
    return Reply(
        (
            *([Block(notice)] if notice else []),
            Block(title, bold=((0, len(title)),)),
            Block(" · ".join(part for part in about if part), tight=True),
            _slice(document, quote, excerpt.start, excerpt.end, folded=False),
        ),
        _walking(excerpt, quote, group),
    )


def sources(documents: Sequence[DocumentSummary], page: int) -> Reply:
    """The list of documents, a page of it (0-based; the nearest page when there is no such)."""
    if not documents:
        return sentence(words.SOURCES_NONE)
    last = (len(documents) - 1) // SOURCES_ON_A_PAGE
    page = max(0, min(page, last))
    first = page * SOURCES_ON_A_PAGE
    head = words.counted(len(documents), "document")
    lines = [
        _source_line(number, each)
        for number, each in enumerate(documents[first : first + SOURCES_ON_A_PAGE], first + 1)
    ]
    blocks = [Block(head, bold=((0, len(head)),)), *lines]
    if last:
        blocks.append(Block(words.SOURCES_PAGE.format(page=page + 1, pages=last + 1)))
    return Reply(tuple(blocks), turning("s", page, last))


# --- parts of a reply ----------------------------------------------------------------------------


def _head(answer: Answer) -> list[Block]:
    """The answer in a line, its short form bold; nothing when the quotes speak for themselves."""
    unnamed = answer.asks_speaker and not answer.speaker
    lead = words.NO_SPEAKER if unnamed else answer.lead
    part = answer.speaker or answer.short
    at = lead.find(part) if part else -1
    bold = (at, at + len(part)) if part and at >= 0 else (0, len(lead))
    return [Block(lead, bold=(bold,))] if lead else []


def _prose(answer: Answer) -> list[Block]:
    """What a language model wrote and the quotes below prove, with their numbers."""
    return [Block(answer.written)] if answer.prose else []


def _quotes(citations: Sequence[Citation], group: int | None) -> list[Block]:
    """Each quote below what it is from; the first is seen at once, the others are folded."""
    blocks = []
    for at, citation in enumerate(citations):
        longest = LONGEST_PREVIEW if at else LONGEST_NEIGHBOUR
        start, end = _with_neighbours(citation, citations[:at], longest_before=longest)
        if at == 0 and end - start > LONGEST_OPEN:
            start, end = citation.start, citation.end
        folded = at > 0 or end - start > LONGEST_OPEN
        quote = _slice(citation.document, spot_of(citation), start, end, folded=folded)
        blocks += [_about(citation, group), quote]
        if citation.also_in:
            titles = "; ".join(dict.fromkeys(map(_title, citation.also_in)))
            also = shortened(titles, LONGEST_ALSO_IN)
            blocks.append(Block(words.ALSO_IN.format(titles=also), tight=True))
    return blocks


def _nearest(citation: Citation, group: int | None) -> tuple[Block, Block]:
    """What is near but does not answer: not bold, for it proves nothing."""
    text = unwrapped(citation.document.text, citation.start, citation.end)
    return _about(citation, group), Block(text, quoted=True, folded=True, tight=True)


def _about(citation: Citation, group: int | None) -> Block:
    """The number of a citation and what it is from; the title is a link that opens it."""
    number, document = f"[{citation.number}] ", citation.document
    at, link = len(number), link_to(document, citation.start, citation.end, group)
    links = ((at, at + len(_title(document)), link),) if link else ()
    return Block(number + _from(citation), links=links)


def _from(citation: Citation) -> str:
    """Title, date and page."""
    document = citation.document
    about = [_title(document), spoken_day(document.date), _page(citation.page)]
    return " · ".join(part for part in about if part)


def _with_neighbours(
    citation: Citation, shown: Iterable[Citation], *, longest_before: int
) -> tuple[int, int]:
    """From the sentence before the quote to the one after it, where they are short, stand in the
    same paragraph, and are not quoted by a citation that is shown before."""
    document, start, end = citation.document, citation.start, citation.end
    quoted = [each for each in shown if each.document == document]
    for each in [each for each in citation.passage.sentences if each.end <= start][-1:]:
        apart = GAP in document.text[each.start : start] or _overlaps(each, quoted)
        start = start if apart or start - each.start > longest_before else each.start
    for each in [each for each in citation.passage.sentences if each.start >= end][:1]:
        apart = GAP in document.text[end : each.end] or _overlaps(each, quoted)
        end = end if apart or each.end - end > LONGEST_NEIGHBOUR else each.end
    return start, end


def _overlaps(sentence: Sentence, citations: Iterable[Citation]) -> bool:
    return any(each.start < sentence.end and sentence.start < each.end for each in citations)


def _slice(document: Document, quote: Spot, start: int, end: int, *, folded: bool) -> Block:
    bold = max(quote.start, start) - start, min(quote.end, end) - start
    text = unwrapped(document.text, start, end)
    seen = (bold,) if bold[0] < bold[1] else ()
    return Block(text, bold=seen, quoted=True, folded=folded, tight=True)


def unwrapped(text: str, start: int, end: int) -> str:
    """A slice, as long as it is stored, with spaces for line ends that only keep lines short."""
    first = max(0, start - WRAP_SEES)
    return WRAP.sub(" ", text[first : end + WRAP_SEES])[start - first : end - first]


def _buttons(citations: Sequence[Citation]) -> tuple[tuple[Button, ...], ...]:
    return _rows(
        [Button(words.OPEN.format(number=each.number), passage_data(each)) for each in citations]
    )


def _rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    rows = range(0, len(buttons), BUTTONS_IN_A_ROW)
    return tuple(tuple(buttons[at : at + BUTTONS_IN_A_ROW]) for at in rows)


def _walking(excerpt: Excerpt, quote: Spot, group: int | None) -> tuple[tuple[Button, ...], ...]:
    steps = [(words.STEP_BACK, excerpt.before), (words.STEP_ON, excerpt.after)]
    walk = [Button(label, step_data(at, quote, group)) for label, at in steps if at is not None]
    link = link_to(excerpt.passage.document, quote.start, quote.end, group)
    copy = [Button(words.COPY_LINK, copies=link)] if link else []
    return tuple(tuple(row) for row in (walk, copy) if row)


def _source_line(number: int, document: DocumentSummary) -> Block:
    title = shortened(one_line(document.title) or one_line(document.source), 120)
    parts = [f"{number}. {title}", spoken_day(document.date), _whose(document.scope)]
    return Block(" · ".join(part for part in parts if part), tight=number % SOURCES_ON_A_PAGE != 1)


def _whose(scope: str) -> str:
    """Who added a document; empty for one of everybody's."""
    if scope == EVERYBODY:
        return ""
    return words.ADDED_HERE if is_of_a_group(scope) else words.ADDED_BY_YOU


def _title(document: Document) -> str:
    shown = one_line(document.title) or one_line(document.source) or "document"
    return shortened(shown, 150)


def _page(page: int | None) -> str:
    return words.PAGE.format(page=page) if page else ""
