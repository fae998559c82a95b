"""Abbreviations are taken from texts that define them, and help questions to find both forms."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.abbreviations import abbreviations, spelled

COLLECTION = Path(__file__).parents[1] / "data" / "documents"
NRF = ("NRF", "National Resistance Front")


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("The spokesman of the National Resistance Front (NRF) said so.", [NRF]),
        ("The NRF (National Resistance Front) keeps an armory.", [NRF]),
        ("the National\nResistance Front (“NRF”, founded in 2019)", [NRF]),
        ("They call themselves the National Resistance Front, or NRF, and fight.", [NRF]),
        ("NRF: National Resistance Front", [NRF]),
        ("**NRF.** National Resistance Front: the militias who hold the valley.", [NRF]),
        ("- NRF – National Resistance Front, in the valley", [NRF]),
        ("the HyperText Transfer Protocol (HTTP)", [("HTTP", "HyperText Transfer Protocol")]),
        ("the Food and Drug Administration (FDA)", [("FDA", "Food and Drug Administration")]),
        (
            "Organization of Arab Petroleum Exporting Countries (OAPEC)",
            [("OAPEC", "Organization of Arab Petroleum Exporting Countries")],
        ),
        ("messenger RNA (mRNA) vaccines", [("mRNA", "messenger RNA")]),
        ("She had tuberculosis (TB).", [("TB", "tuberculosis")]),
        (
            "Many non-governmental organisations (NGOs) left.",
            [("NGO", "non-governmental organisations")],
        ),
        ("die Europäische Union (EU)", [("EU", "Europäische Union")]),
        ("Организация Объединённых Наций (ООН)", [("ООН", "Организация Объединённых Наций")]),
        (
            "World Health Organization (WHO) and European Central Bank (ECB)",
            [("WHO", "World Health Organization"), ("ECB", "European Central Bank")],
        ),
    ],
)
def test_a_defined_abbreviation_is_found(text, pairs):
    found = abbreviations(text)

    assert found == pairs


@pytest.mark.parametrize(
    "text",
    [
        "Ines Calder (chair), Tom Arden (Kabul desk), Ruth Molina (aid desk)",
        "The army (see below) fought (2001) near the border (Kapisa).",
        "The company lost money (USA).",
        "He won (RIP) the race. Nobody saw the front (NRF).",
        "Note: Send it now. NB: National holidays come first",
        "Is it this, or NRF?",
        "The first sentence ends here. North (NRF)",
        "()()(((NRF)))) (N) (NR",
        "A: Alpha\nB: Beta",
        "Nora Feld (ID) and Nobody",
        "",
    ],
)
def test_what_is_not_defined_is_not_found(text):
    found = abbreviations(text)

    assert found == []


def test_an_abbreviation_of_two_meanings_is_found_with_both():
    text = "The American Medical Association (AMA). The Ad Men's Alliance (AMA)."

    found = abbreviations(text)

    assert found == [("AMA", "American Medical Association"), ("AMA", "Ad Men's Alliance")]


def test_the_sample_collection_defines_only_what_a_reader_would_say():
    texts = [
        path.read_text("utf-8")
        for path in sorted(COLLECTION.iterdir())
        if path.suffix in {".md", ".txt", ".html"}
    ]

    found = {pair for text in texts for pair in abbreviations(text)}

    assert found == {NRF}


@pytest.mark.parametrize(
    ("question", "further"),
    [
        ("What does the NRF keep?", ["National", "Resistance", "Front"]),
        ("what does nrf stand for", ["National", "Resistance", "Front"]),
        ("Who leads the National Resistance Front?", ["NRF"]),
        ("Who leads the national resistance fronts?", ["NRF"]),
        ("What is the NRF, the National Front?", ["Resistance"]),
        ("Who fights at the front?", []),
        ("who is ill", []),
        ("What does the WHO say?", ["World", "Health", "Organization"]),
        ("", []),
    ],
)
def test_a_question_gains_the_words_of_the_other_form(question, further):
    known = {"NRF": "National Resistance Front", "WHO": "World Health Organization"}

    found = spelled(question, known)

    assert found == further


@given(st.text())
def test_any_text_gives_long_forms_that_are_longer_and_stand_in_it(text):
    found = abbreviations(text)

    plain = " ".join(text.split())
    assert [pair for pair in found if len(pair[1]) <= len(pair[0])] == []
    assert [pair for pair in found if pair[1] not in plain] == []


@given(st.text(), st.dictionaries(st.text(), st.text(), max_size=5))
def test_any_question_gains_only_words_that_it_lacks(question, known):
    found = spelled(question, known)

    assert len(found) == len(set(found))
    assert [each for each in found if each in question.split()] == []


@pytest.mark.parametrize("piece", ["(NRF", "National (NRF) ", "a ", "NRF: ", "\n\n(", ", or NRF, "])
@pytest.mark.timeout(60)  # work that grew with the square of the text would need hours
def test_a_long_text_is_read_to_its_end(piece):
    text = piece * (400_000 // len(piece)) + " the National Resistance Front (NRF)"

    assert ("NRF", "National Resistance Front") in abbreviations(text)
