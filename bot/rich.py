"""A reply → the HTML of a rich message (Bot API 10.1), in one piece. Pure."""

from __future__ import annotations

from html import escape
from itertools import pairwise

from telegram.helpers import create_deep_linked_url

from bot.replies import Block, Reply

LONGEST = 32_768
MOST_BLOCKS = 500
LONGEST_SUMMARY = 80
"""Characters of a folded quote that are shown before it is opened."""


def rich_html(reply: Reply, bot: str) -> str | None:
    """The whole reply; None when it holds a file or is more than one rich message may be."""
    characters = sum(len(block.text) + LONGEST_SUMMARY for block in reply.blocks)
    if reply.enclosed or characters > LONGEST or 3 * len(reply.blocks) > MOST_BLOCKS:
        return None
    return "".join(_block(block, bot) for block in reply.blocks if block.text.strip())


def _block(block: Block, bot: str) -> str:
    inner = _inline(block, bot)
    if not block.quoted:
        return f"<p>{inner}</p>"
    quote = f"<blockquote>{inner}</blockquote>"
    if not block.folded or len(block.text) <= LONGEST_SUMMARY:
        return quote
    summary = " ".join(block.text[:LONGEST_SUMMARY].split())
    return f"<details><summary>{_escaped(summary)}…</summary>{quote}</details>"


def _inline(block: Block, bot: str) -> str:
    """The text with what is bold and what is a link marked; marks never cross, but may nest."""
    marks: list[tuple[int, int, str, str]] = [
        (start, end, "<b>", "</b>") for start, end in block.bold if start < end
    ]
    if bot:
        marks += [
            (start, end, f'<a href="{escape(create_deep_linked_url(bot, to))}">', "</a>")
            for start, end, to in block.links
            if start < end
        ]
    edges = sorted({0, len(block.text), *(at for mark in marks for at in mark[:2])})
    written = []
    for start, end in pairwise(edges):
        around = [mark for mark in marks if mark[0] <= start and end <= mark[1]]
        opened = "".join(mark[2] for mark in around)
        closed = "".join(mark[3] for mark in reversed(around))
        written.append(f"{opened}{_escaped(block.text[start:end])}{closed}")
    return "".join(written)


def _escaped(text: str) -> str:
    """With controls and halves of surrogate pairs, which Telegram refuses, replaced."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    seen = "".join(" " if each < " " and each != "\n" else each for each in whole)
    return escape(seen, quote=False).replace("\n", "<br>")
