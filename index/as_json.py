"""The nouns as JSON, with the names of the Python API."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from typing import Any

from index.passages import Answer, Document, NoAnswer, Passage, RetrievedPassage


def as_json(value: object, *, trace: bool = False) -> Any:  # noqa: ANN401 - what json takes
    """A noun as JSON, with the names of the Python API; a document without its text."""
    if isinstance(value, Document):
        return {
            "id": value.id,
            "source": value.source,
            "title": value.title,
            "date": as_json(value.date),
            "author": value.author,
        }
    if isinstance(value, Passage):
        return {"id": value.id, "start": value.start, "end": value.end, "text": value.text}
    if isinstance(value, RetrievedPassage):
        found = {each: as_json(getattr(value, each)) for each in ("passage", "score", "why")}
        return {**found, "document": as_json(value.passage.document)}
    if isinstance(value, (Answer, NoAnswer)):
        kind = {"answered": isinstance(value, Answer), "text": value.text}
        left_out = {"considered"} if trace else {"considered", "trace"}
        return kind | {k: as_json(v) for k, v in _fields(value).items() if k not in left_out}
    if dataclasses.is_dataclass(value):
        return {name: as_json(each) for name, each in _fields(value).items()}
    if isinstance(value, (tuple, list)):
        return [as_json(each) for each in value]
    if isinstance(value, dict):
        return {name: as_json(each) for name, each in value.items()}
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _fields(value: object) -> dict[str, object]:
    return {each.name: getattr(value, each.name) for each in dataclasses.fields(value)}  # type: ignore[arg-type]
