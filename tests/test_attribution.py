"""Who said it: over three hundred cases by form, and what may never happen whatever the text."""

import json
import re
import sys
import textwrap
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
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
from index.passages import Attribution

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
    head = [
        " of ",
        " at ",
        " in ",
        " close ",
        " by ",
        " from ",
        " for ",
        " with ",
        " involved ",
        " on ",
    ]
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
    sys.stdout.write(f"\n{half}, asked by {how}\n{_table(judged)}\n")

    assert len(judged) >= 150
    assert counted["right"] >= 0.92 * len(judged)
    assert counted["wrong"] <= 0.03 * len(judged)


def _wrapped(text: str) -> str:
    paragraphs = [p if "\n" in p else textwrap.fill(p, 60) for p in text.split("\n\n")]
    return "\n\n".join(paragraphs)


def _among_others(text: str) -> str:
    return f"The market opened early. Prices rose.\n\n{text}\n\nIt will stay dry until Sunday."


@pytest.mark.parametrize("change", [_wrapped, _among_others])
def test_most_speakers_are_right_in_wrapped_lines_and_among_other_paragraphs(change):
    verdicts = Counter()
    for case in CASES:
        text = change(case["text"])
        quote = re.search(r"\s".join(map(re.escape, case["quote"].split())), text)
        found = attribute(text, *quote.span())
        verdicts[_verdict(case["speaker"], found.speaker if found else None)] += 1

    assert verdicts["right"] >= 0.92 * len(CASES)
    assert verdicts["wrong"] <= 0.03 * len(CASES)


def test_a_surname_is_given_in_full_with_its_role():
    text = (
        "Fahim Dashty, spokesman of the National Resistance Front, spoke on Saturday.\n\n"
        "The defense is unbreakable, Dashty said."
    )
    start = text.index("The defense")

    found = attribute(text, start, len(text))

    assert found is not None
    assert found.speaker == "Fahim Dashty"
    assert found.role == "spokesman of the National Resistance Front"
    assert text[found.mention.start : found.mention.end] == "Dashty"
    assert text[found.cue.start : found.cue.end] == "said"


@pytest.mark.parametrize(
    ("text", "speaker", "role"),
    [
        (
            "A front holds it. Its spokesman is Fahim Dashty. “We stay,” he said.",
            "Fahim Dashty",
            "Its spokesman",
        ),
        ("The mayor was Anna Berg. “We stay,” she said.", "Anna Berg", "The mayor"),
        ("The capital is Kabul. “We stay,” he said.", None, None),
        ("Its spokesman is in Kabul. “We stay,” he said.", "Its spokesman", None),
        ("“We stay,” said this Taliban source.", "Taliban source", None),
        (
            "“No,” said Kim Sorrell, a Utah state official. “We stay.”",
            "Kim Sorrell",
            "a Utah state official",
        ),
    ],
)
def test_a_pronoun_takes_the_name_that_a_role_is_said_to_bear(text, speaker, role):
    start = text.index("We stay")

    found = attribute(text, start, start + len("We stay"))

    assert (found and found.speaker) == speaker
    assert (found and found.role) == role


@pytest.mark.parametrize(
    ("text", "quote", "speaker"),
    [
        (
            'Ana Ruiz lost her temper. "No more," the Rovers manager said.',
            "No more",
            "Ana Ruiz",
        ),
        ('Ana Ruiz lost to Elin Berg. "No more," said the Spaniard.', "No more", "Ana Ruiz"),
        ('Ana Ruiz lost her temper. "No more," the judge said.', "No more", "the judge"),
        (
            'A farmer met Ana Ruiz. Ruiz smiled. "No more," the farmer said.',
            "No more",
            "the farmer",
        ),
        ('"No more," said Ana Ruiz.\n\n"Boo!" somebody shouted.', "Boo", None),
        ('Ana Ruiz spoke. A hand-painted sign said "Bring a boat."', "Bring a boat", None),
        (
            'Ana Ruiz said her book, "The Long Corridor," was late.',
            "The Long Corridor",
            None,
        ),
        ('"Is it late?" asked Ana Ruiz.\n\n"It is."', "It is.", None),
        ('Ana Ruiz came last. It was what she liked to call "a walk."', "a walk", "Ana Ruiz"),
        ('Ana Ruiz put it to him that he was "a thief".', "a thief", "Ana Ruiz"),
        ('His wife of 51 years, Ana Ruiz, laughed. "No," she said.', "No", "Ana Ruiz"),
        ('Ana Ruiz opened by calling him "a tourist".', "a tourist", "Ana Ruiz"),
        (
            'Ana Ruiz rang, according to the White House, and told her it was "brave."',
            "brave",
            "Ana Ruiz",
        ),
        ('Ana Ruiz won again. "At last," the seven-time All-Star said.', "At last", "Ana Ruiz"),
        ("My uncle was a miner. \"It's dark,\" he'd say.", "It's dark", "My uncle"),
        ('"A lie," came the reply from Ana Ruiz.', "A lie", "Ana Ruiz"),
        ('"Well?" Ana Ruiz demanded.', "Well?", "Ana Ruiz"),
        ("Ana Ruiz blamed the frost.", "the frost", "Ana Ruiz"),
        ("Ana Ruiz insisted, however, that it was late.", "it was late", "Ana Ruiz"),
        ("On the tape Ana Ruiz can be heard telling him to go home.", "go home", "Ana Ruiz"),
        ("Ana Ruiz won. Elin Berg, she said, ran well.", "ran well", "Ana Ruiz"),
        (
            "The chief witness in the trial of founder Ana Ruiz said it was late.",
            "it was late",
            "The chief witness in the trial of founder Ana Ruiz",
        ),
        ('A woman who sold fish saw it. "It was late," she said.', "It was late", "A woman"),
        ('County Recorder Ana Ruiz left. "No," she said.', "No", "Ana Ruiz"),
        (
            'Ana Ruiz sang. Her first teacher, Elin Berg, told her to stop. "I wept," she said.',
            "I wept",
            "Ana Ruiz",
        ),
        (
            "An interview with Ana Ruiz, the baker.\n\nQ: Why?\n\nA: The oven was cold.",
            "The oven was cold",
            "Ana Ruiz",
        ),
        ('"No," said Ana Ruiz.\n\n"Was it late?"\n\n"It was."', "It was.", None),
        ("KABUL (Khama Press): Ana Ruiz fell. It was late.", "It was late", None),
        (
            "Aides to former Gov. Ana Ruiz said it was late.",
            "it was late",
            "Aides to former Gov. Ana Ruiz",
        ),
        ("Ana Ruiz, a cook in Portland, Oregon, said it was late.", "it was late", "Ana Ruiz"),
        ('In Bend, Oregon, Ana Ruiz woke. "It was late," she said.', "It was late", "Ana Ruiz"),
        ("A divided court ruled that it was late.", "it was late", "A divided court"),
        ("Ana Ruiz begged them to go home.", "go home", "Ana Ruiz"),
        ('A note saying "Go home" hung there. Ana Ruiz spoke.', "Go home", None),
        (
            "Law professor Ana Ruiz of Kent College left. She said it was late.",
            "it was late",
            "Ana Ruiz",
        ),
        ("Ana Ruiz apologised for the noise.", "for the noise", "Ana Ruiz"),
        ('Purdell Pharma said it was sad. "We try," the company said.', "We try", "Purdell Pharma"),
        ("Employers added 41,000 jobs in July, which was late.", "which was late", None),
        ('The WHO is late. "No," WHO head Ana Ruiz told them.', "No", "Ana Ruiz"),
        ('The vote ended, with one mayor calling it "a farce".', "a farce", "one mayor"),
        ('Ana Ruiz slammed it as "a farce".', "a farce", "Ana Ruiz"),
        (
            'Ana Ruiz spoke. Elin Berg (Lib Dem, Bath), who said it was "late", left.',
            "late",
            "Elin Berg",
        ),
        ('Late Thursday Ana Ruiz\'s wife, Jo, rang. "No," she said.', "No", "Jo"),
        ('"No," said Ruiz of her fall.', "No", "Ruiz"),
        (
            'Sir Ivo Ruiz has won. At a school, the prime minister said it was "late".',
            "late",
            "Ivo Ruiz",
        ),
        (
            'Ana Ruiz spoke where some people blocked the road and chanted "Shame!"',
            "Shame",
            "some people",
        ),
        ('A county nurse named Ana Ruiz rang. "No," she said.', "No", "Ana Ruiz"),
        ('However, a guard, who asked not to be named, said no. "No," he said.', "No,", "a guard"),
        ('Ana Ruiz sat. When a reporter asked her why, she said: "No."', "No", "Ana Ruiz"),
        ("Oxfam, the only group there, has warned of floods.", "floods", "Oxfam"),
        (
            'Boeing is late. O’Leary said he was glad. "No," he said. Michael O’Leary left.',
            "No",
            "Michael O’Leary",
        ),
        ('Ivo Ruiz left. Sadiq lost his son. "No," he said.', "No", "Sadiq"),
        ('Ana Ruiz left. Her friend Tojo stayed. "No," he said.', "No", "Tojo"),
        ("Viv Ruiz (Lib Dem, Bath), who ran, said it was late.", "it was late", "Viv Ruiz"),
        ('It was signed by ten-year-old Ivo Ruiz. "No," he said.', "No", "Ivo Ruiz"),
        ('Justice Ana Ruiz looked up. "No," the judge said.', "No", "Ana Ruiz"),
        ('Ivo Ruiz left. Until it reports, he said, "all is dark".', "all is dark", "Ivo Ruiz"),
        ('Ana Ruiz wrote that signs suggested it was "late".', "late", "Ana Ruiz"),
        ("Ana Ruiz congratulated the winner.", "the winner", "Ana Ruiz"),
        ('Honor Ruiz was born in Bath. Her Lear was late. "No," she said.', "No", "Honor Ruiz"),
        (
            'Ivo Ruiz sat. When Ana Berg asked whether he knew, he answered, "Some."',
            "Some",
            "Ivo Ruiz",
        ),
        ("Ana Ruiz welcomed the ruling.", "the ruling", "Ana Ruiz"),
        ('Ana Ruiz blamed a rival, a charge that Elin Berg rejected as "rot".', "rot", "Elin Berg"),
        ('Iqra Khan left. Mujtaba Khan, a mayor, fell. "No," he said.', "No", "Mujtaba Khan"),
    ],
)
def test_who_stands_behind_a_calling_a_sign_or_a_question(text, quote, speaker):
    start = text.index(quote)

    found = attribute(text, start, start + len(quote))

    assert (found.speaker if found else None) == speaker


def test_the_words_asked_for_choose_among_two_speakers_of_a_sentence():
    text = "Ana Lima said the well was dry, while Rui Costa said the pump was stolen."

    dry = attribute(text, 0, len(text), about="who said the well was dry")
    stolen = attribute(text, 0, len(text), about="who said the pump was stolen")

    assert dry is not None
    assert stolen is not None
    assert (dry.speaker, stolen.speaker) == ("Ana Lima", "Rui Costa")


@pytest.mark.parametrize("how", ["quote", "sentence"])
def test_the_paragraph_of_a_quote_tells_the_same_as_all_around_it(monkeypatch, how):
    alone = [_heard_of(case, how) for case in CASES]
    monkeypatch.setattr("index.attribution._plainly_heard", lambda *_: None)

    assert alone == [_heard_of(case, how) for case in CASES]


def _heard_of(case: dict[str, str], how: str) -> Attribution | None:
    start, end, about = _asked(case, how)
    return attribute(f"{BEFORE}\n\n{case['text']}", *_shifted(start, end), about=about)


BEFORE = "Mr. Ortiz had told the council so before. “We knew,” he said."


def _shifted(start: int, end: int) -> tuple[int, int]:
    return start + len(BEFORE) + 2, end + len(BEFORE) + 2


def test_nobody_is_named_for_an_empty_or_impossible_span():
    text = '"We will stay," said Ana Lima.'

    found = [attribute(text, *span) for span in ((3, 3), (-1, 4), (0, 999), (5, 2))]

    assert found == [None, None, None, None]


def test_what_someone_said_is_found_under_surname_pronoun_and_full_name():
    text = (
        '"The well is dry," said Ana Lima. Rui Costa said the pump was stolen.\n\n'
        'Lima was sad. She said the goats would go. "All of them," Lima added.'
    )

    found = [
        [text[s.start : s.end] for s in spoken_by(text, name)] for name in ("Lima", "Ana Lima")
    ]

    assert found[0] == found[1]
    assert found[0] == ['"The well is dry,"', "the goats would go.", '"All of them,"']


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who said the defense is unbreakable", "the defense is unbreakable"),
        ("Who said that the defense is unbreakable?", "the defense is unbreakable"),
        ('who said "we will not sell"?', "we will not sell"),
        ("According to whom did the bridge close in May?", "did the bridge close in May"),
        ("who told reporters that the talks had failed", "the talks had failed"),
        ("Whose words are 'the river is alive'?", "the river is alive"),
        ("who was it that called the plan 'a scar'?", "the plan 'a scar"),
        ("who described the bank's records as incomplete", "the bank's records as incomplete"),
        ("By whom was it announced that the pool would close?", "the pool would close"),
        ("who denied taking the money", "taking the money"),
        ("who tweeted that the egg had hatched", "the egg had hatched"),
        ("Who is quoted as saying the ward is full?", "the ward is full"),
        ("who claims the vase is a copy", "the vase is a copy"),
        ("who accused the army of war crimes", "the army of war crimes"),
        ("Who wrote on Twitter that the valley will hold?", "the valley will hold"),
        ("which minister said the road was safe", "the road was safe"),
        ("who predicted that prices will fall", "prices will fall"),
        ("who believes the lake drained in a night", "the lake drained in a night"),
        ("Do you know who said the lift was broken?", "the lift was broken"),
        ("who said that?", ""),
        ("the river is alive - who said that", "the river is alive"),
        ('"the river is alive": whose words are these?', "the river is alive"),
        ('whose words were these: "the river is alive"', "the river is alive"),
        ('who hit back with "you started it"', "you started it"),
        ('who whispered "go, baby, go"?', "go, baby, go"),
        ('who came up with the phrase "a scar of light"', "a scar of light"),
        ("who referred to the plan as a scar", "the plan as a scar"),
        ('who coined "the scar"?', "the scar"),
        ("who likened the plan to a scar", "the plan to a scar"),
        ('who does the quote "I am bored" belong to?', "I am bored"),
        ('whom does the text quote as saying "I am bored"', "I am bored"),
        ('did anyone say "I am bored"? who?', "I am bored"),
        ('tell me who called the plan "a scar"', 'the plan "a scar'),
    ],
)
def test_a_question_for_a_speaker_gives_what_was_said(question, said):
    assert asks_who_said(question) == said


@pytest.mark.parametrize(
    "question",
    [
        "who invented the telephone",
        "who won the 2010 world cup",
        "who called the police",
        "who wrote the book Dune",
        "who wrote Hamlet",
        "who asked for a recount",
        "who is the spokesman of the NRF",
        "who called for an ambulance",
        "what did Dashty say about the defense",
        "when was the bridge closed",
        "who called off the strike",
        "who attacked the village",
        "who cast the first stone",
        "who observed the eclipse",
        "who shot back the ball",
        "who painted the Mona Lisa",
        "who is responsible for the fire",
        "",
    ],
)
def test_a_question_that_asks_for_no_speaker_is_left_alone(question):
    assert asks_who_said(question) is None


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What did Dashty say about the defense?", ("Dashty", "the defense")),
        ("what did the minister of transport announce", ("the minister of transport", "")),
        ("how did Maria Lopez describe the fire?", ("Maria Lopez", "the fire")),
        ("What was Merkel's comment on the treaty?", ("Merkel", "the treaty")),
        ("what does Fauci think of the new vaccine", ("Fauci", "the new vaccine")),
        ("What has the UN said about aid?", ("the UN", "aid")),
        ("what did Saleh tweet", ("Saleh", "")),
        ("what did Brandvold call the plan?", ("Brandvold", "the plan")),
        ("what was said by Des Moffatt about tea", ("Des Moffatt", "tea")),
        ("What is Lima's view of the dam?", ("Lima", "the dam")),
    ],
)
def test_a_question_for_words_gives_speaker_and_subject(question, asked):
    assert asks_what_said(question) == asked


@pytest.mark.parametrize(
    "question", ["what is a dam", "who said the dam is safe", "what did it cost"]
)
def test_a_question_for_no_words_is_left_alone(question):
    assert asks_what_said(question) is None


_ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("\"'“”‘’«»„—:,.?!\n ()"), st.characters(), st.sampled_from("aeIS")
    ),
    max_size=300,
)
_NEWSLIKE = st.lists(
    st.sampled_from(
        [
            "said",
            '"We',
            "“",
            "”",
            "‘",
            "’",
            "'",
            ",",
            ".",
            ":",
            "?",
            "—",
            "Ana",
            "Lima",
            "he",
            "who",
            "according",
            "to",
            "told",
            "the",
            "BBC",
            "that",
            "and",
            ",",
            "\n\n\n",
            "",
            "",
            "",
            "",
            "",
            "",
            "",
            "spokesman",
            "Mr.",
            "'s",
            "was",
            "quoted",
            "as",
            "saying",
            "in",
            "statement",
            "Q:",
            "A:",
            "LIMA:",
            "did",
            "not",
            "They",
            "it",
            "(",
            ")",
            "by",
        ]
    ),
    max_size=80,
).map(" ".join)


@given(text=st.one_of(_ODD, _NEWSLIKE), start=st.integers(0, 300), length=st.integers(1, 300))
@settings(max_examples=300, deadline=None)
def test_every_attribution_is_made_of_slices_of_the_text(text, start, length):
    found = attribute(text, start, min(len(text), start + length))
    everything = [each for each, _ in speeches(text) if each is not None]

    for each in [*everything, *([found] if found else [])]:
        assert each.speaker in text
        assert each.role is None or each.role in text
        assert 0 <= each.mention.start < each.mention.end <= len(text)
        assert 0 <= each.cue.start < each.cue.end <= len(text)


@given(question=st.one_of(_ODD, _NEWSLIKE))
@settings(max_examples=200, deadline=None)
def test_any_question_is_read_without_an_error(question):
    said, what = asks_who_said(question), asks_what_said(question)

    assert said is None or isinstance(said, str)
    assert what is None or len(what) == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        'said Ana Lima, the mayor, who told the BBC that "we will stay," ',
        "said ",
        ", ",
        '"',
        "'a ",
        "“",
        "In, ",
        "NAME ",
        "A" * 7 + " ",
        "Ana Lima and ",
        "Ana said. He said. ",
        "LIMA: yes\n",
        "who that which ",
        "the report ",
        "a\n",
        ": ",
        "“Ana” said. ",
    ],
)
@pytest.mark.timeout(120)  # a pattern that goes back and forth would need hours
def test_work_grows_no_faster_than_the_text(piece):
    calls = []
    for size in (12_000, 48_000):  # both far beyond what is remembered at a time
        text = piece * (size // len(piece))
        calls.append(calls_in(lambda text=text: spoken_by(text, "Ana Lima")))
        attribute(text, size // 2, size // 2 + 50)

    assert calls[1] <= 4.5 * calls[0] + 1_000


def calls_in(work) -> int:
    """How many calls of functions the work takes: the same on any machine."""
    counted = Counter()
    sys.setprofile(lambda _frame, event, _argument: counted.update([event]))
    try:
        work()
    finally:
        sys.setprofile(None)
    return counted["call"] + counted["c_call"]
