"""What a reader sees while it trains: shares of the sets, and negatives beside the answers."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from training.examples import Example, read_examples
from training.negatives import (
    HardNegatives,
    elsewhere,
    with_another_question,
    without_answer,
)
from training.sayings import made_sayings

SHARES = {
    "squadshifts_new_wiki": 0.30,
    "squadshifts_reddit": 0.15,
    "squadshifts_amazon_reviews": 0.15,
    "qamr": 0.28,
    "fairytaleqa": 0.07,
    "covidqa": 0.03,
    "sayings": 0.02,
}
"""Shares of the answerable examples; they lean to Wikipedia, the nearest to what is asked later."""

NEGATIVES = 0.55
"""Negatives for each answerable example, so a third of all."""

CASUAL = 0.15
"""The share of questions that lose their question mark, as people leave it out in a chat."""

OTHERS = 0.4
MADE = 0.12
"""Beside each tuning example: examples of the other sets, and negatives made of it."""

_EDITED = {"judged": 0.0, "squadshifts_new_wiki": 0.35, "covidqa": 0.25, "qamr": 0.3}
"""The share of a set's negatives that have their question changed, where it isn't 0.15."""

_SINGLE_SENTENCES = "qamr"
_ARTICLES = "squadshifts_new_wiki"


@dataclass(frozen=True, slots=True)
class Source:
    """A set with what is needed to make negatives of it."""

    name: str
    examples: Sequence[Example]
    hard: HardNegatives

    def negative(self, example: Example, rng: random.Random) -> Example | None:
        """One negative made of `example`; None if this time none could be made."""
        chance = rng.random()
        if chance < _EDITED.get(self.name, 0.15):
            return with_another_question(example, rng)
        if chance > 0.75 and self.name != _SINGLE_SENTENCES:
            return without_answer(example)
        return elsewhere(example, self.hard.passages(example), rng)


def open_sources(folder: Path) -> dict[str, Source]:
    """Every set of the mixture that is read from `folder`."""
    sources = {}
    for name in SHARES:
        if name != "sayings":
            examples = read_examples(folder / f"{name}.jsonl", titled=name == _ARTICLES)
            sources[name] = Source(name, examples, HardNegatives(examples))
    return sources


def slices(sources: Mapping[str, Source], size: int, rng: random.Random) -> Iterator[list[Example]]:
    """Endless slices of about `size` examples; each set goes round before one comes again."""
    draws = {name: _endless(source.examples, rng) for name, source in sources.items()}
    while True:
        drawn = []
        for name, share in SHARES.items():
            count = round(size * share / (1 + NEGATIVES))
            if name == "sayings":
                drawn += made_sayings(round(size * share), rng)
                continue
            positives = [next(draws[name]) for _ in range(count)]
            drawn += in_company(with_negatives(positives, sources[name], rng), sources[name], rng)
        rng.shuffle(drawn)
        yield [_casual(example) if rng.random() < CASUAL else example for example in drawn]


def tuning_slices(
    judged: Sequence[Example],
    sources: Mapping[str, Source],
    rng: random.Random,
    others_share: float = OTHERS,
    made_share: float = MADE,
) -> Iterator[list[Example]]:
    """Endless slices: all of `judged`, some negatives made of it, and some of the other sets.

    The negatives are drawn from the other articles too: who asks for what no document answers is
    given the nearest passages all the same.
    """
    answerable = [example for example in judged if example.answer]
    hard = HardNegatives(answerable, sources[_ARTICLES].examples)
    source = Source("judged", answerable, hard)
    others = slices(sources, round(len(judged) * others_share), rng)
    while True:
        chosen = rng.sample(answerable, round(len(answerable) * made_share))
        made = [source.negative(example, rng) for example in chosen]
        drawn = [*judged, *(example for example in made if example), *next(others)]
        rng.shuffle(drawn)
        yield [_casual(example) if rng.random() < CASUAL else example for example in drawn]


def _casual(example: Example) -> Example:
    return replace(example, question=example.question.rstrip(" ?"))


def with_negatives(
    positives: Sequence[Example], source: Source, rng: random.Random
) -> list[Example]:
    """The examples, and for a share of them a negative of the same question or passage."""
    chosen = [example for example in positives if rng.random() < NEGATIVES * 1.1]
    made = [source.negative(example, rng) for example in chosen]
    return [*positives, *(example for example in made if example)]


def in_company(examples: list[Example], source: Source, rng: random.Random) -> list[Example]:
    """Single sentences set among up to four others of their set; other sets are left alone."""
    if source.name != _SINGLE_SENTENCES:
        return examples
    others = sorted({example.passage for example in source.examples})
    return [_accompanied(each, lambda: rng.choice(others), rng) for each in examples]


def _accompanied(example: Example, other: Callable[[], str], rng: random.Random) -> Example:
    company = [other() for _ in range(rng.randint(0, 4))]
    if example.answer is not None:
        answer = example.passage[slice(*example.answer)].lower()
        company = [each for each in company if answer not in each.lower()]
    before = rng.randint(0, len(company))
    lead = "".join(f"{each} " for each in company[:before])
    tail = "".join(f" {each}" for each in company[before:])
    moved = example.answer and (example.answer[0] + len(lead), example.answer[1] + len(lead))
    return replace(example, passage=lead + example.passage + tail, answer=moved)


def _endless(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    while True:
        yield from rng.sample(examples, len(examples))
