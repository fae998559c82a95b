"""Question sets (documents and a `questions.jsonl`), and folders to index made of them."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDERS = ("documents", "distractors")
"""What a set's questions may be asked of; only `documents` holds answers."""


class SetUnusable(Exception):
    """A folder that is not a question set; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question and what is known about its answer."""

    id: str
    text: str
    document: str
    """The source of the gold document, as the index names it: "squad2/documents/Brain.txt"."""
    passage: str
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    answerable: bool


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A named set: its questions and its files by source."""

    name: str
    questions: tuple[Question, ...]
    files: Mapping[str, Path]


def load_set(folder: Path) -> QuestionSet:
    """The set in `folder`, named like it. Raises SetUnusable when something is missing."""
    asked = folder / "questions.jsonl"
    if not asked.is_file() or not (folder / "documents").is_dir():
        raise SetUnusable(f"{folder} is no question set: it needs questions.jsonl and documents/")
    name = folder.resolve().name
    lines = asked.read_text("utf-8").splitlines()
    questions = tuple(_question(json.loads(line), name) for line in lines if line.strip())
    files = {f"{name}/{below}": path for below, path in _files(folder)}
    lost = {each.document for each in questions} - files.keys()
    if lost:
        raise SetUnusable(f"{folder} lacks {len(lost)} documents, such as {min(lost)}")
    return QuestionSet(name, questions, files)


def load_sets(folders: Iterable[Path]) -> list[QuestionSet]:
    """One set a folder. Raises SetUnusable, also when two of them have the same name."""
    sets = [load_set(folder) for folder in folders]
    names = [each.name for each in sets]
    if len(set(names)) < len(names):
        raise SetUnusable(f"two sets have the same name: {', '.join(sorted(names))}")
    return sets


def sample(questions: Sequence[Question], limit: int | None, seed: int) -> tuple[Question, ...]:
    """`limit` questions, the same ones for the same seed, with the set's share of answerable ones.

    In the set's order; all of them without a limit or when there are no more than that.
    """
    if limit is None or limit >= len(questions):
        return tuple(questions)
    answerable = [each for each in questions if each.answerable]
    others = [each for each in questions if not each.answerable]
    wanted = round(limit * len(answerable) / len(questions))
    chance = random.Random(seed)
    chosen = chance.sample(answerable, wanted) + chance.sample(others, limit - wanted)
    kept = {each.id for each in chosen}
    return tuple(each for each in questions if each.id in kept)


def lay_out(sets: Sequence[QuestionSet], folder: Path) -> Path:
    """Makes `folder` hold exactly the files of `sets`, each under its source; returns `folder`.

    Hard links where the file system allows, else copies with their dates, so that a second run
    finds nothing changed.
    """
    wanted = {source: path for each in sets for source, path in each.files.items()}
    for there in [path for path in folder.rglob("*") if path.is_file()]:
        if there.relative_to(folder).as_posix() not in wanted:
            there.unlink()
    for source, path in wanted.items():
        _place(path, folder / source)
    return folder


def _question(line: Mapping[str, object], name: str) -> Question:
    return Question(
        id=str(line["id"]),
        text=str(line["question"]),
        document=f"{name}/documents/{line['document']}",
        passage=str(line["passage"]),
        answers=_strings(line.get("answers")),
        evidence=_strings(line.get("evidence")),
        answerable=bool(line["answerable"]),
    )


def _strings(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, list) else ()


def _files(folder: Path) -> list[tuple[str, Path]]:
    found = [path for part in FOLDERS for path in (folder / part).rglob("*") if path.is_file()]
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def _place(path: Path, target: Path) -> None:
    if target.exists() and _same(path, target):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def _same(path: Path, other: Path) -> bool:
    one, two = path.stat(), other.stat()
    return (one.st_size, one.st_mtime_ns) == (two.st_size, two.st_mtime_ns)
