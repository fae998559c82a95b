"""Who said a part of a quotation, asked over all the texts of the attribution cases at once."""

from __future__ import annotations

import json
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from index import Answer, open_index
from index.attribution import attribute
from index.attribution_words import TITLES
from index.wiring import Index

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "attribution_cases.jsonl").read_text("utf-8").splitlines()
]
NEWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "news_passages.jsonl").read_text("utf-8").splitlines()
]
"""Passages as news writes them, with several speakers each: (quote, who may be named for it)."""
ASKED = [
    json.loads(line)
    for line in (Path(__file__).parent / "who_said_questions.jsonl").read_text("utf-8").splitlines()
]
"""Questions for a speaker in other words than the stories', some for what none of them says."""
DULL = TITLES | {"the", "a", "an"}
SHARE = 0.6
"""Of the quotation's words that are in the question, one after the other."""


def part_of(quote: str, chance: random.Random) -> str:
    words = quote.strip("\"“”'«» ").split()
    count = max(3, round(len(words) * SHARE))
    start = chance.randint(0, max(0, len(words) - count))
    return " ".join(words[start : start + count])


def verdict(wanted: list[str] | None, named: str | None) -> str:
    """ "right" where the words of one name are all in the other: a surname will do."""
    if not wanted or not named:
        return "right" if not wanted and not named else "none" if not named else "wrong"
    one = words_of(named)
    alike = [one <= words_of(other) or words_of(other) <= one for other in wanted]
    return "right" if one and any(alike) else "wrong"


def words_of(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold())) - DULL


HALVES = list(dict.fromkeys(story["half"] for story in NEWS))
"""In the order in which they were written; how each was first read is told in docs/decisions.md."""


@pytest.mark.parametrize("half", HALVES)
def test_most_speakers_of_a_news_story_are_right_and_few_are_wrong(half):
    counts: Counter[str] = Counter()
    missed = []

    for story in [each for each in NEWS if each["half"] == half]:
        for quote, wanted in story["said"]:
            start = story["text"].index(quote)
            found = attribute(story["text"], start, start + len(quote))
            judged = verdict(wanted, found.speaker if found else None)
            counts[judged] += 1
            if judged != "right":
                missed.append(f"{story['id']}: {quote} — {found.speaker if found else None}")

    sys.stdout.write("\n".join(["", f"{half}: {dict(counts)}", *missed, ""]))
    assert counts.total() >= 50
    assert counts["right"] >= 0.94 * counts.total()
    assert counts["wrong"] <= 0.03 * counts.total()


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Iterator[Index]:
    """An index of all the stories at once, with the model that all tests share."""
    folder = tmp_path_factory.mktemp("news")
    shutil.copytree(models, folder / "index" / "models")
    (folder / "documents").mkdir()
    for story in NEWS:
        (folder / "documents" / f"{story['id']}.txt").write_text(story["text"], "utf-8")
    with open_index(folder / "documents", folder / "index") as index:
        index.reindex()
        yield index


def answered(index: Index, asked: list[tuple[str, list[str] | None]]) -> dict[str, float]:
    """The shares of the questions that are answered "right", "wrong" and with "none"."""
    counts: Counter[str] = Counter()
    for question, wanted in asked:
        reply = index.ask(question)
        speaker = reply.speaker if isinstance(reply, Answer) else None
        judged = verdict(wanted, speaker)
        counts[judged] += 1
        if judged != "right":
            sys.stdout.write(f"\n{question} — {wanted}: {speaker}")
    sys.stdout.write(f"\n{dict(counts)}\n")
    return {each: counts[each] / counts.total() for each in ("right", "wrong", "none")}


@pytest.mark.slow
def test_most_speakers_are_found_among_all_news_stories_at_once(news):
    chance = random.Random(1)
    said = [each for story in NEWS for each in story["said"] if each[0].count(" ") > 3]

    share = answered(news, [(f"who said {part_of(q, chance)}", who) for q, who in said[::3]])

    assert share["right"] >= 0.92, share
    assert share["wrong"] <= 0.04, share


@pytest.mark.slow
def test_most_questions_in_other_words_find_the_speaker(news):
    asked = [(each["question"], each["speakers"]) for each in ASKED if each["speakers"]]

    share = answered(news, asked)

    assert share["right"] >= 0.85, share
    assert share["wrong"] <= 0.05, share


@pytest.mark.slow
def test_hardly_anybody_is_named_for_what_no_document_says(news):
    chance = random.Random(1)
    strange = [f"who said {part_of(each['quote'], chance)}" for each in CASES]
    unsaid = [each["question"] for each in ASKED if not each["speakers"]]

    of_others = answered(news, [(question, None) for question in strange])
    of_nobody = answered(news, [(question, None) for question in unsaid])

    assert of_others["wrong"] <= 0.12, "three common words are met with anywhere"
    assert of_nobody["wrong"] <= 0.05


@pytest.mark.slow
def test_most_quotations_are_given_to_their_speakers_and_few_to_others(tmp_path, models):
    shutil.copytree(models, tmp_path / "index" / "models")
    (tmp_path / "documents").mkdir()
    for case in CASES:
        (tmp_path / "documents" / f"{case['id']}.txt").write_text(case["text"], "utf-8")
    chance, counts = random.Random(1), {"right": 0, "wrong": 0, "none": 0}

    with open_index(tmp_path / "documents", tmp_path / "index") as index:
        index.reindex()
        for case in [each for each in CASES if each["speaker"]]:
            reply = index.ask(f"who said {part_of(case['quote'], chance)}")
            speaker = reply.speaker if isinstance(reply, Answer) else None
            named, wanted = " ".join((speaker or "").split()).lower(), case["speaker"].lower()
            right = bool(named) and (named in wanted or wanted in named)
            counts["right" if right else "wrong" if named else "none"] += 1

    total = sum(counts.values())
    assert counts["right"] / total >= 0.85, counts
    assert counts["wrong"] / total <= 0.05, counts
