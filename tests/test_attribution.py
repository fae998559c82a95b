"""Who said it: over three hundred cases by form, and what may never happen whatever the text."""

import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.attribution import (
    asks_what_said,
    asks_who_said,
    attribute,
    speeches,
    spoken_by,
)
from index.attribution_words import TITLES

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "attribution_cases.jsonl").read_text("utf-8").splitlines()
]


def _words(name: str) -> list[str]:
    words = re.findall(r"\w+", name.casefold())
    return [word for word in words if word not in TITLES | {"the", "a", "an"}]


def _verdict(expected: str | None, speaker: str | None) -> str:
    """ "right", "wrong" or "none"; a noun phrase may be cut after its head, a name may not."""
    if expected is None or speaker is None:
        return "right" if expected == speaker else ("none" if speaker is None else "wrong")
    meant, named = _words(expected), _words(speaker)
    longer = set(meant) <= set(named) and len(named) <= len(meant) + 4
    head = " of | at | in | close | by | from | for | with | involved | on ".split("|")
    cut = any(" ".join(_words(expected.split(word)[0])) == " ".join(named) for word in head)
    return "right" if longer or (cut and not expected[0].isupper()) else "wrong"


def _asked(case: dict[str, str], how: str) -> tuple[int, int, str]:
    start = case["text"].index(case["quote"])
    end = start + len(case["quote"])
    if how == "quote":
        return start, end, case["question"]
    breaks = [m.end() for m in re.finditer(r"\n\n|(?<=[.!?])[\"”»'’]?\s", case["text"])]
    bounds = [0, *breaks, len(case["text"])]
    low = max(each for each in bounds if each <= start)
    return low, min(each for each in bounds if each >= end), f"Who said {case['quote']}?"


def verdicts(half: str, how: str) -> Iterator[tuple[dict[str, str], str]]:
    """Each case of the half with "right", "wrong" or "none"; `how`: its quote, or its sentence."""
    for case in CASES:
        if case["half"] == half:
            start, end, about = _asked(case, how)
            found = attribute(case["text"], start, end, about=about)
            yield case, _verdict(case["speaker"], found.speaker if found else None)


def _table(judged: Iterable[tuple[dict[str, str], str]]) -> str:
    by_form: dict[str, Counter[str]] = defaultdict(Counter)
    for case, verdict in judged:
        by_form[case["form"]][verdict] += 1
        by_form["ALL"][verdict] += 1
    names = ("right", "wrong", "none")
    rows = [f"{form:28}" + "".join(f"{c[n]:7d}" for n in names) for form, c in by_form.items()]
    return "\n".join([" " * 28 + "".join(f"{name:>7}" for name in names), *rows])


@pytest.mark.parametrize("how", ["quote", "sentence"])
@pytest.mark.parametrize("half", ["build", "aside"])
def test_most_speakers_are_right_and_few_are_wrong(half, how):
    judged = list(verdicts(half, how))

    counted = Counter(verdict for _, verdict in judged)
    print(f"\n{half}, asked by {how}\n{_table(judged)}")

    assert len(judged) >= 150
    assert counted["right"] >= 0.92 * len(judged)
    assert counted["wrong"] <= 0.03 * len(judged)
