"""Why an answer is what it is, for admins: kept for the latest answers, told on /why."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from bot import words
from bot.replies import Block, Reply, sentence

KEPT_ANSWERS = 500
"""Latest answers whose traces are kept; older ones, and those before a restart, are forgotten."""
SHOWN_PASSAGES = 6

Trace = Mapping[str, Any]


class Explanations:
    """The traces of the latest answers, by the messages they were sent as."""

    def __init__(self) -> None:
        self._traces: OrderedDict[tuple[int, int], Trace] = OrderedDict()

    def keep(self, chat: int, messages: Iterable[int], trace: Trace) -> None:
        """Keeps how the answer in these messages of a chat came about."""
        for message in messages:
            self._traces[chat, message] = trace
        while len(self._traces) > KEPT_ANSWERS:
            self._traces.popitem(last=False)

    def why(self, chat: int, message: int | None) -> Reply:
        """How the answer in a message came about; a sentence when that is not known (any more)."""
        trace = self._traces.get((chat, message)) if message is not None else None
        return explained(trace) if trace else sentence(words.WHY_UNKNOWN)

    def forget(self) -> None:
        """Drops all: after a reindex a trace may tell of documents that have gone."""
        self._traces.clear()


def explained(trace: Trace) -> Reply:
    """A trace as an admin reads it: index, words, confidence, passages, quotes, milliseconds."""
    took = trace["milliseconds"]
    looked_for = " ".join(f"{word} {weight}" for word, weight in trace["looked for"].items())
    lines = [
        f"Looked for: {trace['completed']}",
        f"Words and weights: {looked_for or '–'}",
        *(f"Corrected: {was} → {now}" for was, now in trace["corrected"].items()),
        f"Confidence: {trace['confidence']:.2f}, needed {trace['confidence needed']:.2f}",
        f"Index: generation {trace['generation']}",
        "Milliseconds: " + ", ".join(f"{step} {spent:.0f}" for step, spent in took.items()),
    ]
    return Reply(
        (
            Block(words.WHY, bold=((0, len(words.WHY)),)),
            *(Block(line, tight=True) for line in lines),
            *_model(trace.get("language model")),
            *_quotes(trace["quoted"]),
            *_passages(trace["retrieved"], trace["left out"]),
        )
    )


def _model(told: Trace | None) -> list[Block]:
    """What the language model did, and what was cut of it; nothing where there is none."""
    if told is None:
        return []
    lines = [
        f"Language model: {told['model']}: {told['outcome']}",
        f"Tokens: {told['tokens read']} read, {told['tokens written']} written in "
        f"{told['calls']} calls, {told['milliseconds']:.0f} milliseconds; cost {told['cost']}",
        *(f"Searched for as well: {each}" for each in told["subquestions"]),
    ]
    cut = "\n".join(f"{each['why']} – {each['sentence']}" for each in told["cut"])
    blocks = [Block(line, tight=True) for line in lines]
    folded = [Block(cut, quoted=True, folded=True, tight=True)] if cut else []
    return [*blocks, *([Block(words.CUT), *folded] if cut else [])]


def _quotes(quotes: list[Trace]) -> list[Block]:
    blocks = [Block("Quoted, with what each feature says:")] if quotes else []
    for number, quote in enumerate(quotes, start=1):
        features = ", ".join(f"{name} {value}" for name, value in quote["features"].items())
        told = "; also in " + ", ".join(quote["told again by"]) if quote["told again by"] else ""
        head = f"[{number}] {quote['source']} at {quote['start']}, score {quote['score']}{told}"
        blocks += [Block(head, tight=True), Block(features, quoted=True, folded=True, tight=True)]
    return blocks


def _passages(passages: list[Trace], left_out: int) -> list[Block]:
    if not passages:
        return []
    shown = passages[:SHOWN_PASSAGES]
    more = len(passages) - len(shown) + left_out
    lines = [
        f"{each['score']} {each['source']} at {each['start']} "
        f"(cosine {each['cosine']}, words {each['words']}): {each['outcome']}"
        for each in shown
    ]
    lines += [f"and {more} more, further down"] if more else []
    text = "\n".join(lines)
    return [Block("Retrieved:"), Block(text, quoted=True, folded=True, tight=True)]
