"""A bot as a process of its own whose answers tell which question they are for.

    python -m bench.marked FOLDER [--reader default|none]     serves, as settings say

A question that begins with "#17" is answered, without the mark, by a real index over FOLDER, and
the mark is put in front of the answer. So it can be seen from outside that each question is
answered, once, and in its own chat.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot import inbox, ordering, words
from bot.app import build_application
from bot.logs import start_logging
from bot.records import Records
from bot.serving import serve
from bot.settings import BotEnvironment
from bot.throttle import Pace
from index import open_index
from index.passages import Answer, NoAnswer
from index.wiring import Index

MARK = re.compile(r"#\d+")


class Marked:
    """An index that puts the mark of a question in front of its answer."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def ask(self, question: str, *rest: Any, **named: Any) -> Answer | NoAnswer:  # noqa: ANN401
        """As the index does, whatever else it takes."""
        found = MARK.match(question)
        reply = self._index.ask(question[found.end() :] if found else question, *rest, **named)
        if found is None:
            return reply
        if isinstance(reply, NoAnswer):
            return replace(reply, text=f"{found[0]} {reply.text}")
        # The bot's sentence for a speaker that the text does not name would take the lead's place.
        if reply.asks_speaker and not reply.speaker:
            reply = replace(reply, lead=words.NO_SPEAKER, asks_speaker=False)
        return replace(reply, lead=f"{found[0]} {reply.lead}".strip())

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - all the rest is the index's own
        return getattr(self._index, name)


def main() -> None:
    """Serves until it is told to stop; without pacing, since nobody's limits are at stake here."""
    parser = argparse.ArgumentParser(prog="python -m bench.marked", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--reader", default="none")
    parser.add_argument("--one-after-the-other", action="store_true", help="as the library does")
    parser.add_argument("--paced", action="store_true", help="keep to Telegram's limits")
    chosen = parser.parse_args()
    settings = BotEnvironment()
    token = settings.telegram_bot_token
    start_logging("INFO", token.get_secret_value() if token else "")
    storage = chosen.folder / "index"
    with (
        open_index(chosen.folder / "documents", storage, reader_model=chosen.reader) as index,
        Records(storage) as records,
    ):
        index.reindex()
        if chosen.one_after_the_other:
            ordering.WAITING_IN_A_LANE = inbox.WAITING
            ordering.lane_of = lambda _: ordering.Lane(ordering.Kind.TALK, 0)
        pace = Pace() if chosen.paced else None
        application = build_application(settings, Marked(index), records, pace=pace)
        serve(application, settings)


if __name__ == "__main__":
    main()
