"""A document cut into passages of sentences, each an offset range of its text."""

from __future__ import annotations

from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from index.passages import Document, Passage, Sentence

VERSION = "2"
"""Part of what made an index: raise it when the same document would be cut differently."""

SHORT_PARAGRAPH = 160
"""Characters: a shorter paragraph (a heading, a list item, a row) joins the next one."""
LONG_PASSAGE = 1400
"""Characters: about 300 tokens, which a reader of 384 can take in whole."""
FRAGMENT = 3
"""Words: a sentence of fewer ("NRF.", "Yes!") proves nothing by itself."""
LONG_SENTENCE = 700
"""Characters: a longer "sentence" (a table, a list without stops) is cut at white space."""


def cut(document: Document) -> list[Passage]:
    """The passages of the document in order; empty when it holds no sentence.

    Passages do not overlap and lie inside paragraphs, or join a few short ones.
    """
    headings = {heading.title.strip() for heading in document.headings} | {document.title.strip()}
    return _cut(document, headings) or _cut(document, set())  # headings alone are the text then


def _cut(document: Document, headings: set[str]) -> list[Passage]:
    language = document.language or "en"
    passages: list[Passage] = []
    waiting: list[Sentence] = []

    def close() -> None:
        if waiting:
            passages.append(_passage(document, len(passages), tuple(waiting)))
            waiting.clear()

    for start, end in _paragraphs(document.text):
        if document.text[start:end] in headings:
            close()
            continue
        for sentence in _sentences(document.text, start, end, language):
            if waiting and sentence.end - waiting[0].start > LONG_PASSAGE:
                close()
            waiting.append(sentence)
        if waiting and end - waiting[0].start >= SHORT_PARAGRAPH:
            close()
    close()
    return passages


def _passage(document: Document, number: int, sentences: tuple[Sentence, ...]) -> Passage:
    return Passage(
        id=f"{document.content_id}-{number}",
        document=document,
        start=sentences[0].start,
        end=sentences[-1].end,
        sentences=sentences,
    )


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Lines that hold more than white space, without the space around them."""
    start = 0
    for line in text.splitlines(keepends=True):
        if stripped := line.strip():
            begin = start + line.index(stripped)
            yield begin, begin + len(stripped)
        start += len(line)


def _sentences(text: str, start: int, end: int, language: str) -> Iterator[Sentence]:
    """The paragraph's sentences; a fragment stays with the one that follows."""
    begin = None
    for boundary in get_sentence_boundaries(language, text[start:end]):
        piece = boundary["text"]
        if begin is None and not any(character.isalnum() for character in piece):
            continue
        lead = len(piece) - len(piece.lstrip())
        begin = start + boundary["start_index"] + lead if begin is None else begin
        stop = start + boundary["start_index"] + len(piece.rstrip())
        if len(text[begin:stop].split()) >= FRAGMENT:
            yield from _cut_long(text, begin, stop)
            begin = None
    if begin is not None:
        yield from _cut_long(text, begin, stop)


def _cut_long(text: str, start: int, end: int) -> Iterator[Sentence]:
    while end - start > LONG_SENTENCE:
        space = max(text.rfind(mark, start, start + LONG_SENTENCE) for mark in (" ", "\t", ";"))
        middle = space if space > start else start + LONG_SENTENCE
        yield Sentence(start, middle)
        start = middle
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Sentence(start, end)
