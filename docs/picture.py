"""Makes docs/conversation.png: `python -m docs.picture` (needs Chromium).

A real bot answers from the sample collection through the tests' Bot API server. What it sends
(text, entities, buttons) is drawn as a chat by docs/picture.html, and Chromium takes the picture.
"""

from __future__ import annotations

import asyncio
import html
import re
import shutil
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from string import Template
from typing import Any

from PIL import Image

from index import open_index
from index.answering import NOT_FOUND
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, utf16_slice
from tests.shelf import talking

QUESTIONS = ("who said the defense is unbreakable", "who said that Panjshir has surrendered?")
HERE = Path(__file__).parent
WIDTH = 900
"""CSS pixels; the picture has twice as many."""
TAGS = {"bold": "b", "text_link": "a"}
Message = dict[str, Any]


def main() -> None:
    """Writes the picture, or to the path that is given."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "conversation.png"
    with tempfile.TemporaryDirectory() as folder:
        messages = asyncio.run(conversation(Path(folder)))
        if not messages[3]["text"].startswith(NOT_FOUND):
            sys.exit("The second question should be one that is refused: choose another.")
        page = Path(folder) / "page.html"
        page.write_text(drawn(messages), "utf-8")
        height = int(re.findall(r'data-height="(\d+)"', chromium(page, "--dump-dom"))[0])
        chromium(page, f"--screenshot={path.absolute()}", height=height)
    with Image.open(path) as taken:
        taken.convert("RGB").quantize(64).save(path, optimize=True)


async def conversation(folder: Path) -> list[Message]:
    """The questions and what the bot sends, as its Bot API calls say it; a quote is opened last."""
    documents = HERE.parent / "data/documents"
    with open_index(documents, folder / "index") as index:
        index.reindex()
        async with BotApiServer(flood=None) as server, talking(server, index):
            ann = server.person(7, "Ann")
            for number, question in enumerate(QUESTIONS, start=1):
                await server.send_text(ann, ann, question)
                await server.wait_for(lambda n=number: len(server.bot_messages(ann)) >= n, 60)
                await server.quiet()
            refusal = server.bot_messages(ann)[-1]
            await server.press(ann, refusal, next(buttons(refusal))["callback_data"])
            await server.wait_for(lambda: len(server.bot_messages(ann)) > len(QUESTIONS))
            return list(server.messages(ann))


def drawn(messages: list[Message]) -> str:
    """The page with the conversation on it, each question beside the other."""
    sides = [messages[:2], messages[2:]]
    chat = "".join(f"<section>{''.join(map(_bubble, side))}</section>\n" for side in sides)
    return Template((HERE / "picture.html").read_text("utf-8")).substitute(chat=chat)


def _bubble(message: Message) -> str:
    side = "bot" if message["from"]["is_bot"] else "person"
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    drawn = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in rows)
    return f'<div class="{side}"><div class="bubble">{_marked_up(message)}</div>{drawn}</div>'


def _button(button: dict[str, str]) -> str:
    return f"<span>{html.escape(button['text'])}</span>"


def _marked_up(message: Message) -> str:
    """The text with its entities as HTML; a line end beside a block quotation is part of it."""
    entities = message.get("entities", [])
    quotes = [each for each in entities if each["type"].endswith("blockquote")]
    html_of, at = "", 0
    for quote in sorted(quotes, key=lambda each: each["offset"]):
        end = quote["offset"] + quote["length"]
        html_of += _styled(message, at, quote["offset"] - 1)
        html_of += f'<div class="{quote["type"]}">{_styled(message, quote["offset"], end)}</div>'
        at = end + 1
    return html_of + _styled(message, at, len(message["text"].encode("utf-16-le")) // 2)


def _styled(message: Message, start: int, end: int) -> str:
    """Between two UTF-16 offsets, with what is bold or a link marked."""
    borders = {start, end}
    styled = [
        (each["offset"], each["offset"] + each["length"], TAGS[each["type"]])
        for each in message.get("entities", [])
        if each["type"] in TAGS
    ]
    borders |= {at for a, b, _ in styled for at in (a, b) if start < at < end}
    parts = []
    for first, last in pairwise(sorted(borders)):
        text = html.escape(utf16_slice(message["text"], first, last - first))
        tags = [tag for a, b, tag in styled if a <= first and last <= b]
        parts.append("".join(f"<{tag}>" for tag in tags) + text)
        parts += [f"</{tag}>" for tag in reversed(tags)]
    return "".join(parts)


def chromium(page: Path, *what: str, height: int = 800) -> str:
    """What Chromium prints about the page."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("Chromium is not installed.")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program,
            "--headless",
            "--no-sandbox",  # the page is our own
            "--disable-gpu",
            "--disable-quic",
            "--disable-sync",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--hide-scrollbars",
            "--force-device-scale-factor=2",
            f"--user-data-dir={profile}",
            f"--window-size={WIDTH},{height}",
            *what,
            page.as_uri(),
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603
    return done.stdout


if __name__ == "__main__":
    main()
