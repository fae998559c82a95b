"""Made examples of 'who said it', from names, verbs and statements written for this project."""

import random

from training.examples import Example

_FIRST = [
    "Amara", "Boris", "Chloe", "Dmitri", "Elena", "Farid", "Greta", "Hamid", "Ines", "Jonas",
    "Kavita", "Liam", "Mei", "Nadia", "Omar", "Paula", "Quentin", "Rosa", "Samir", "Tamar",
    "Ulrich", "Vera", "Wanjiru", "Xavier", "Yusuf", "Zofia", "Abena", "Bruno", "Carmen",
]  # fmt: skip
_LAST = [
    "Okafor", "Petrov", "Lindqvist", "Moreau", "Haddad", "Nakamura", "Silva", "Kovacs", "Brennan",
    "Castillo", "Dlamini", "Eriksen", "Farouk", "Grossman", "Huang", "Ivanova", "Jansen",
    "Karimi", "Laurent", "Mbeki", "Novak", "Ortega", "Pillai",
]  # fmt: skip
_ROLES = [
    "the harbour master", "a spokeswoman for the clinic", "the head of the union", "the mayor",
    "a retired engineer", "the team's coach", "the minister of transport", "a witness",
    "the museum's director", "a farmer from the valley", "the company's lawyer", "her neighbour",
    "the lead scientist", "a member of the council", "the school's headteacher",
]  # fmt: skip
_SUBJECTS = [
    "the bridge", "the new timetable", "the harvest", "our budget", "the old mill", "the ferry",
    "the vaccine", "the northern road", "the orchestra", "the defence of the town", "the museum",
    "the river", "the agreement", "the software", "the strike", "the campaign", "the water supply",
    "the second report", "the stadium", "the railway", "the peace plan", "the power station",
]  # fmt: skip
_PREDICATES = [
    "will be ready before winter", "is stronger than ever", "cannot be repaired in time",
    "has cost twice what was promised", "should never have been closed", "belongs to everybody",
    "was a mistake from the start", "is safe for children", "will save hundreds of jobs",
    "deserves a second chance", "depends on the weather", "has changed our lives",
    "needs another year of work", "is not for sale", "will surprise the critics",
    "was delayed by the flood", "must be paid for by the state", "is the best in the region",
]  # fmt: skip
_CUES = ["said", "told reporters", "announced", "warned", "explained", "insisted", "added", "wrote"]
_ASKED = ["said", "says", "claimed", "announced", "stated", "told reporters", "thinks"]
_FILLERS = [
    "The meeting lasted until late in the evening.", "Nobody was hurt.",
    "About forty people had come to listen.", "A decision is expected next week.",
    "The rain did not stop all day.", "Two earlier attempts had failed.",
    "Tickets were sold out within an hour.", "The figures were published on Monday.",
    "Outside, a small crowd waited for news.", "The town has some nine thousand inhabitants.",
]  # fmt: skip


def made_sayings(count: int, rng: random.Random) -> list[Example]:
    """`count` examples; in a quarter the passage has other sayings, or names nobody."""
    return [_saying(rng) for _ in range(count)]


def _saying(rng: random.Random) -> Example:
    said = rng.sample([(s, p) for s in _SUBJECTS for p in _PREDICATES], 3)
    people = [_person(rng) for _ in said]
    told = [_told(" ".join(what), who, rng) for what, who in zip(said, people, strict=True)]
    chance = rng.random()
    if chance < 0.12:
        told[0] = f'"{_capital(" ".join(said[0]))}," was heard in the hall.'
    parts = told[1:] if chance > 0.87 else told
    parts = parts[: rng.randint(1, len(parts))] + rng.sample(_FILLERS, rng.randint(0, 3))
    rng.shuffle(parts)
    passage = " ".join(_capital(part) for part in parts)
    answered = 0.12 <= chance <= 0.87
    start = passage.lower().find(people[0].lower()) if answered else -1
    return Example(
        question=f"{rng.choice(['who', 'Who'])} {rng.choice(_ASKED)} {' '.join(said[0])}"
        + rng.choice(["?", ""]),
        passage=passage,
        answer=(start, start + len(people[0])) if answered else None,
        accepted=(people[0],) if answered else (),
    )


def _person(rng: random.Random) -> str:
    name = f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    return rng.choice([name, name, name, rng.choice(_ROLES)])


def _told(what: str, who: str, rng: random.Random) -> str:
    cue = rng.choice(_CUES)
    quoted = _capital(what)
    return rng.choice(
        [
            f'"{quoted}," {cue} {who}.',
            f'"{quoted}," {who} {cue}.',
            f'{who} {cue}: "{quoted}."',
            f"{who} {cue} that {what}.",
            f"according to {who}, {what}.",
            f'{who}: "{quoted}."',
        ]
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
