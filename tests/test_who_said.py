"""Who said a part of a quotation, asked over all the texts of the attribution cases at once."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest

from index import Answer, open_index

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "attribution_cases.jsonl").read_text("utf-8").splitlines()
]
SHARE = 0.6
"""Of the quotation's words that are in the question, one after the other."""


def part_of(quote: str, chance: random.Random) -> str:
    words = quote.strip("\"“”'«» ").split()
    count = max(3, round(len(words) * SHARE))
    start = chance.randint(0, max(0, len(words) - count))
    return " ".join(words[start : start + count])


@pytest.mark.slow
def test_most_quotations_are_given_to_their_speakers_and_few_to_others(
    tmp_path, sample, sample_folder
):
    shutil.copytree(sample_folder / "index" / "models", tmp_path / "index" / "models")
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
