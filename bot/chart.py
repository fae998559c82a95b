"""Questions a day as a picture. Pillow lives here.

The picture holds numbers and days alone, which every language reads; its words stand below it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 1200, 600
LEFT, RIGHT, TOP, BOTTOM = 90, 30, 40, 80
"""Margins in pixels."""
WHITE, INK, GRID = "#ffffff", "#333333", "#dddddd"
ANSWERED, REFUSED = "#1f6fb2", "#e0a030"
"""Apart also for who does not tell colours: one is dark, the other is light and hatched."""
HATCH = 10
FONT = 22
LABELS = 10
"""At most so many days are named below."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day: the answered questions below, the refused ones on top of them."""

    label: str
    answered: int
    refused: int


def drawn(bars: Sequence[Bar]) -> bytes:
    """The bars as a PNG."""
    # Not above: it takes a tenth of a second, for what few ask for.
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (WIDTH, HEIGHT), WHITE)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(FONT)
    highest = nice(max(each.answered + each.refused for each in bars))
    scale = (HEIGHT - TOP - BOTTOM) / highest
    base, step = HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / len(bars)
    for part in range(5):
        value = highest * part / 4
        y = base - value * scale
        draw.line((LEFT, y, WIDTH - RIGHT, y), GRID)
        draw.text((LEFT - 12, y), f"{value:g}", INK, font, anchor="rm")
    named = -(-len(bars) // LABELS)
    for at, bar in enumerate(bars):
        left, right = LEFT + at * step + step * 0.15, LEFT + (at + 1) * step - step * 0.15
        middle, top = base - bar.answered * scale, base - (bar.answered + bar.refused) * scale
        if bar.answered:
            draw.rectangle((left, middle, right, base), ANSWERED)
        if bar.refused:
            draw.rectangle((left, top, right, middle), REFUSED, outline=INK)
            for y in range(int(top) + HATCH, int(middle), HATCH):
                draw.line((left, y, right, y), INK)
        if (len(bars) - 1 - at) % named == 0:
            draw.text(((left + right) / 2, base + 14), bar.label, INK, font, anchor="mt")
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()


def nice(highest: int) -> int:
    """A round number that is not below: 4, 8, 20, 40, 80, 200, …, which four lines divide."""
    top = 4
    while top < highest:
        top = top * 5 // 2 if str(top).startswith("8") else top * 2
    return top
