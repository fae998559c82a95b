"""The bench judges a reply as its README says; small sets made by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import quality
from bench.asking import Proof, ask_all, ask_stock
from bench.figures import SetOutcomes, figures, question_word, reached
from bench.growth import make_documents, questions, sentences
from bench.quality import Options, faults, measure
from bench.scoring import (
    Cited,
    Outcome,
    balanced_accuracy,
    chunk_meets_passage,
    exact_match,
    f1,
    normalised,
    of_gold_document,
    overlap,
    quote_in_passage,
    ranking,
    refused_at,
    right,
    shows_evidence,
    stands_in,
)
from bench.sets import Question, SetUnusable, lay_out, load_set, load_sets, sample
from bench.speed import Program, percentile
from index.errors import IndexOutdated, QuestionUnusable
from index.passages import Answer, Citation, Document, NoAnswer, Passage, RetrievedPassage, Sentence

HERON = "The grey heron stands still for hours. It eats fish and frogs. It nests in tall trees."
OTTER = "The otter sleeps in a holt by the river. It eats eels at night."


def question(**changes: object) -> Question:
    plain: dict[str, object] = {
        "id": "1", "text": "What does the heron eat?", "document": "pond/documents/heron.txt",
        "passage": HERON, "answers": ("fish", "fish and frogs"), "evidence": (), "answerable": True,
    }  # fmt: skip
    return Question(**{**plain, **changes})


def cited(text: str, *sources: str) -> Cited:
    return Cited(text=text, sources=sources or ("pond/documents/heron.txt",))


def outcome(*cites: Cited, refused: bool = False, **changes: object) -> Outcome:
    asked = changes.pop("question", question())
    return Outcome(question=asked, refused=refused, cited=cites, **changes)


class ListedIndex:
    """Answers by a list of questions; any other question is refused with the first sentence."""

    def __init__(self, documents: Path, answers: dict[str, tuple[str, str]]) -> None:
        self._documents, self._answers = documents, answers

    def ask(self, question: str) -> Answer | NoAnswer:
        if not question.strip():
            raise QuestionUnusable("Nothing to look for.")
        if question not in self._answers:
            near = (self._cite("pond/documents/heron.txt", HERON.split(". ")[0]),)
            return NoAnswer(question=question, text="", nearest=near, considered=())
        source, quote = self._answers[question]
        citation = self._cite(source, quote)
        found = RetrievedPassage(
            passage=citation.passage, score=1.5, sentence=Sentence(citation.start, citation.end)
        )
        return Answer(
            question=question, lead="", citations=(citation,), considered=(found,), confidence=1
        )

    def reindex(self, progress: object = None) -> None: ...

    def close(self) -> None: ...

    def _cite(self, source: str, quote: str) -> Citation:
        path = self._documents / source
        text = path.read_text("utf-8") if path.exists() else HERON
        document = Document(source=source, title=source, text=text)
        start = text.index(quote)
        passage = Passage(id="p", document=document, start=0, end=len(text), sentences=())
        return Citation(
            number=1, quote=quote, start=start, end=start + len(quote), document=document,
            passage=passage,
        )  # fmt: skip


class ListedChunks:
    def __init__(self, *chunks: tuple[str, str]) -> None:
        self._chunks = chunks

    def ask(self, question: str) -> Sequence[Chunk]:
        return [Chunk(*each) for each in self._chunks]


class Chunk:
    def __init__(self, source: str, text: str) -> None:
        self.source, self.text = source, text


@pytest.fixture
def pond(tmp_path: Path) -> Path:
    return write_set(tmp_path / "pond", {"heron.txt": HERON}, [
        line("1", "What does the heron eat?", "heron.txt", HERON, ["fish"]),
        line("2", "Who feeds the heron?", "heron.txt", HERON, []),
    ])  # fmt: skip


@pytest.fixture
def river(tmp_path: Path) -> Path:
    return write_set(tmp_path / "river", {"otter.txt": OTTER}, [
        line("1", "When does the otter eat?", "otter.txt", OTTER, ["at night"]),
    ])  # fmt: skip


def write_set(folder: Path, texts: dict[str, str], lines: list[dict[str, object]]) -> Path:
    (folder / "documents").mkdir(parents=True)
    for name, text in texts.items():
        (folder / "documents" / name).write_text(text, "utf-8")
    asked = "\n".join(json.dumps(each) for each in lines)
    (folder / "questions.jsonl").write_text(asked + "\n", "utf-8")
    return folder


def line(
    name: str, text: str, document: str, passage: str, answers: list[str]
) -> dict[str, object]:
    return {"id": name, "question": text, "document": document, "passage": passage,
            "answers": answers, "answerable": bool(answers)}  # fmt: skip


# What counts as right.


def test_a_quote_counts_where_white_space_alone_differs():
    spaced = cited("It eats\n fish  and frogs.")

    judged = quote_in_passage(question(), spaced)

    assert judged


def test_invisible_characters_that_are_never_stored_are_no_difference():
    marked = HERON.replace("fish and", "fi\u00adsh\ufeff and")
    gold = question(passage=marked, answers=("fi\u00adsh",))
    quote = cited("It eats fish and frogs.")

    judged = (quote_in_passage(gold, quote), shows_evidence(gold, quote))

    assert judged == (True, True)


def test_a_quote_that_leaves_the_passage_does_not_count_as_in_it():
    longer = cited("It nests in tall trees. The bittern hides in reeds.")

    judged = (of_gold_document(question(), longer), quote_in_passage(question(), longer))

    assert judged == (True, False)


def test_the_gold_text_counts_in_another_document_too():
    copy = cited("The grey heron stands still for hours.", "lake/documents/birds.txt")

    judged = (of_gold_document(question(), copy), quote_in_passage(question(), copy))

    assert judged == (True, True)


def test_a_few_words_of_the_gold_text_prove_no_copy():
    few = cited("It eats fish", "lake/documents/birds.txt")

    judged = of_gold_document(question(), few)

    assert not judged


def test_a_document_that_is_known_to_hold_the_quote_too_counts():
    collapsed = cited("It eats", "lake/documents/birds.txt", "pond/documents/heron.txt")

    judged = of_gold_document(question(), collapsed)

    assert judged


@pytest.mark.parametrize(
    ("chunk", "meets"),
    [
        (f"Before. {HERON} After.", True),
        ("It eats fish and frogs.", True),
        ("A pond has many guests at dawn. " + HERON[:50], True),
        ("A pond has many guests at dawn, and more of them at dusk. " + HERON[:30], False),
        (OTTER, False),
    ],
    ids=["holds it", "lies in it", "over half", "less than half", "another"],
)
def test_a_chunk_meets_the_passage_by_over_half_of_the_shorter(chunk: str, meets: bool):
    judged = chunk_meets_passage(question(), cited(chunk))

    assert judged == meets


def test_an_answer_stands_in_a_text_as_whole_words():
    text = "It cost  nearly\n$12 in 1974"

    found = [stands_in(answer, text) for answer in ("$12", "Nearly $12", "97", "1974", "")]

    assert found == [True, True, False, True, False]


def test_where_sentences_are_marked_they_are_the_evidence():
    marked = question(answers=("it eats fish",), evidence=("It nests in tall trees.",))

    found = [
        shows_evidence(marked, cited(text)) for text in ("It nests in tall trees.", "it eats fish")
    ]

    assert found == [True, False]


def test_a_later_citation_counts_at_rank_three_alone():
    late = outcome(cited(OTTER, "o"), cited("It nests in tall trees."), cited("It eats fish"))

    found = [right(late, shows_evidence, rank) for rank in (1, 2, 3)]

    assert found == [False, False, True]


def test_ranking_counts_answerable_questions_alone():
    outcomes = [
        outcome(cited("It eats fish and frogs.")),
        outcome(cited("It eats eels at night.", "river/documents/otter.txt")),
        outcome(question=question(answerable=False, answers=())),
    ]

    found = ranking(outcomes, quote_in_passage)

    assert (found.questions, found.document, found.passage[1], found.evidence[3]) == (
        2,
        0.5,
        0.5,
        0.5,
    )


# Short answers.


def test_short_answers_are_compared_without_case_articles_and_punctuation():
    words = normalised("The  Heron's, an old friend")

    assert words == ["herons", "old", "friend"]


def test_the_best_accepted_answer_counts():
    scores = (f1("fish and eels", ["trees", "fish and frogs"]), exact_match("The fish", ["fish"]))

    assert scores == (pytest.approx(2 / 3), 1.0)


def test_a_missing_short_answer_counts_nothing():
    scores = (f1(None, ["fish"]), exact_match(None, ["fish"]))

    assert scores == (0.0, 0.0)


@given(st.text(), st.text())
def test_f1_is_a_share_and_the_same_both_ways(one: str, two: str):
    there, back = f1(one, [two]), f1(two, [one])

    assert there == back
    assert 0 <= there <= 1


@given(st.text(alphabet="ab ", max_size=80), st.text(alphabet="ab ", max_size=80))
def test_overlap_is_at_most_the_shorter_text(one: str, two: str):
    shared = overlap(one, two)

    assert shared == overlap(two, one)
    assert 0 <= shared <= min(len(one), len(two))


# Refusals.


def test_refusing_everything_is_worth_no_more_than_a_coin():
    unanswerable = question(answerable=False)
    outcomes = [outcome(refused=True), outcome(refused=True, question=unanswerable)]

    accuracy = balanced_accuracy(outcomes)

    assert accuracy == 0.5


def test_confidence_alone_is_judged_at_the_cost_that_is_allowed():
    answerable = [outcome(confidence=each / 10) for each in range(1, 11)]
    foreign = [outcome(confidence=each) for each in (0.05, 0.15, 0.25, 0.9)]

    shares = [refused_at(answerable, foreign, cost) for cost in (0.0, 0.1, 0.2)]

    assert shares == [0.25, 0.5, 0.75]


def test_a_goal_may_be_a_bound_from_above():
    met = [
        reached("answerable refused", 0.05, 0.04), reached("answerable refused", 0.03, 0.04),
        reached("document@1", 0.95, 0.95), reached("document@1", None, 0.95),
    ]  # fmt: skip

    assert met == [False, True, True, None]


# Sets.


def test_a_set_names_its_documents_as_the_index_will(pond: Path):
    loaded = load_set(pond)

    assert loaded.questions[0].document == "pond/documents/heron.txt"
    assert loaded.files == {"pond/documents/heron.txt": pond / "documents" / "heron.txt"}


@pytest.mark.parametrize("missing", ["questions.jsonl", "documents/heron.txt"])
def test_a_folder_without_what_it_needs_is_no_set(pond: Path, missing: str):
    (pond / missing).unlink()

    with pytest.raises(SetUnusable):
        load_set(pond)


def test_two_sets_of_one_name_are_refused(pond: Path):
    with pytest.raises(SetUnusable, match="same name"):
        load_sets([pond, pond])


def test_a_sample_keeps_the_share_of_answerable_questions_and_is_the_same_again():
    questions = [question(id=str(at), answerable=at % 4 > 0) for at in range(100)]

    chosen = sample(questions, 20, seed=7)

    assert sum(each.answerable for each in chosen) == 15
    assert len(chosen) == 20
    assert chosen == sample(questions, 20, seed=7)
    assert chosen != sample(questions, 20, seed=8)


def test_laying_out_follows_the_sets(pond: Path, river: Path, tmp_path: Path):
    folder = tmp_path / "laid"
    lay_out(load_sets([pond, river]), folder)
    (pond / "documents" / "heron.txt").unlink()
    (pond / "documents" / "heron.txt").write_text(HERON + " It flies slowly.", "utf-8")

    lay_out(load_sets([pond]), folder)

    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert there == {"pond/documents/heron.txt"}
    assert (folder / "pond/documents/heron.txt").read_text("utf-8").endswith("It flies slowly.")


# Asking.


def test_of_a_refusal_the_nearest_are_judged(pond: Path):
    index = ListedIndex(pond.parent, {})

    found = ask_all(index, load_set(pond).questions[:1], Proof(pond.parent), lambda: None)

    assert [(each.refused, each.cited[0].text, each.short) for each in found] == [
        (True, "The grey heron stands still for hours", None)
    ]


def test_a_question_that_cannot_be_used_is_a_refusal(pond: Path):
    index = ListedIndex(pond.parent, {})

    found = ask_all(index, [question(text=" ")], Proof(pond.parent), lambda: None)

    assert (found[0].refused, found[0].cited) == (True, ())


def test_chunks_of_the_stock_pipeline_are_judged_like_citations():
    stock = ListedChunks(("pond/documents/heron.txt", HERON))

    found = ask_stock(stock, [question()], lambda: None)

    assert ranking(found, chunk_meets_passage).passage[1] == 1.0


def test_a_quote_that_left_its_file_breaks_the_proof(pond: Path):
    index = ListedIndex(pond.parent, {"?": ("pond/documents/heron.txt", "It eats fish")})
    reply = index.ask("?")
    assert isinstance(reply, Answer)
    (pond / "documents" / "heron.txt").write_text("Nothing of it.", "utf-8")
    proof = Proof(pond.parent)

    proof.check(reply.citations)

    assert (proof.quotes, proof.broken) == (
        1, ["pond/documents/heron.txt 39:51: not in its file"],
    )  # fmt: skip


def test_question_words_are_the_longest_that_fit():
    words = [
        question_word(text)
        for text in (
            "How many eggs?",
            "how does it fly",
            "In which tree?",
            "Name a bird",
            "Show it",
        )
    ]

    assert words == ["how many", "how", "which", "other", "other"]


# A whole run.


def run_listed(
    monkeypatch: pytest.MonkeyPatch, home: Path, *folders: Path, **answers: tuple[str, str]
) -> quality.Run:
    told = {text.replace("_", " ") + "?": reply for text, reply in answers.items()}

    def opened(documents: Path, storage: Path, **_: object) -> ListedIndex:
        return ListedIndex(documents, told)

    monkeypatch.setattr(quality, "open_index", opened)
    return measure(options(home, *folders))


def options(home: Path, *folders: Path, apart: bool = False, foreign: bool = True) -> Options:
    return Options(
        folders=folders, limit=None, seed=1, reader="none", stock=False, foreign=foreign,
        apart=apart, home=home,
    )  # fmt: skip


def test_a_run_asks_each_set_of_all_documents_and_of_the_others(
    pond: Path, river: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    heron = ("pond/documents/heron.txt", "It eats fish")

    run = run_listed(monkeypatch, tmp_path / "home", pond, river, What_does_the_heron_eat=heron)

    asked = {each.name: figures(each).ours for each in run.sets}
    assert asked["pond"]["evidence@1"] == 1.0
    assert asked["pond"]["balanced accuracy"] == 1.0
    assert asked["pond"]["foreign refused"] == 0.5
    assert asked["river"]["answerable refused"] == 1.0
    assert run.quotes == 6
    laid = sorted(path.name for path in (tmp_path / "home" / "documents").iterdir())
    assert laid == ["pond", "pond+river", "river"]


def test_apart_each_set_is_asked_of_its_own_documents(
    pond: Path, river: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        quality, "open_index", lambda documents, *_, **__: ListedIndex(documents, {})
    )

    run = measure(options(tmp_path / "home", pond, river, apart=True, foreign=False))

    asked = [(each.name, len(each.own), len(each.foreign)) for each in run.sets]
    laid = sorted(path.name for path in (tmp_path / "home" / "documents").iterdir())
    assert asked == [("pond", 2, 0), ("river", 1, 0)]
    assert laid == ["pond", "river"]


def test_an_index_over_fewer_sets_starts_as_a_copy(
    pond: Path, river: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def opened(documents: Path, storage: Path, **_: object) -> ListedIndex:
        storage.mkdir(parents=True, exist_ok=True)
        (storage / f"opened {documents.name}").touch()
        return ListedIndex(documents, {})

    monkeypatch.setattr(quality, "open_index", opened)

    measure(options(tmp_path, pond, river))

    held = {folder.name: {path.name for path in folder.iterdir()}
            for folder in (tmp_path / "index").iterdir()}  # fmt: skip
    assert held == {
        "pond+river": {"opened pond+river"},
        "pond": {"opened pond+river", "opened pond"},
        "river": {"opened pond+river", "opened river"},
    }


def test_indexes_that_another_model_made_are_made_anew(
    pond: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def opened(documents: Path, storage: Path, **_: object) -> ListedIndex:
        if storage.exists():
            raise IndexOutdated("an old model", "a new model")
        return ListedIndex(documents, {})

    monkeypatch.setattr(quality, "open_index", opened)
    (tmp_path / "index" / "pond").mkdir(parents=True)
    (tmp_path / "index" / "pond+river").mkdir()

    run = measure(options(tmp_path, pond))

    assert [len(each.own) for each in run.sets] == [2]
    assert not (tmp_path / "index").exists()


def test_a_broken_quote_fails_the_run(
    pond: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken(_: Options) -> quality.Run:
        return quality.Run(sets=[SetOutcomes(name="pond", own=[], foreign=[], stock=[])], quotes=2,
                           broken=["heron.txt 1:2: not its slice"])  # fmt: skip

    monkeypatch.setattr(quality, "measure", broken)

    status = quality.main([str(pond)])

    assert status == 1
    assert "50.00% equal\nheron.txt 1:2: not its slice" in capsys.readouterr().out


def test_a_folder_that_is_no_set_ends_the_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    status = quality.main([str(tmp_path)])

    assert status == 2
    assert "is no question set" in capsys.readouterr().err


def test_failures_say_what_went_wrong_and_what_was_cited(
    pond: Path, river: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    nests = ("pond/documents/heron.txt", "It nests in tall trees")
    run = run_listed(monkeypatch, tmp_path / "home", pond, river, What_does_the_heron_eat=nests)

    quality.write_outcomes(run, tmp_path / "failures.jsonl", failures_only=True)

    lines = [json.loads(each) for each in (tmp_path / "failures.jsonl").read_text().splitlines()]
    first = lines[0]
    assert [(each["set"], each["asked_of"]) for each in lines] == [
        ("pond", "own"), ("pond", "foreign"), ("river", "own"),
    ]  # fmt: skip
    assert first["wrong"] == ["evidence@1", "evidence@3", "short"]
    assert first["cited"][0]["text"] == "It nests in tall trees"
    assert first["why"][0]["score"] == 1.5


def test_a_foreign_question_that_is_answered_is_a_fault():
    answered = outcome(cited("It eats fish"))

    found = (faults(answered, foreign=True), faults(outcome(refused=True), foreign=True))

    assert found == (["answered"], [])


def test_a_percentile_is_one_of_the_values():
    assert percentile([3.0, 1.0, 2.0, 4.0], 0.5) == 3.0
    assert percentile([7.0], 0.95) == 7.0


def test_made_documents_are_the_same_again_and_differ_from_each_other():
    assert sentences(3) == sentences(3)
    assert sentences(3) != sentences(4)
    assert all(each.endswith(".") for each in sentences(3))


def test_a_made_question_is_of_words_that_a_document_has():
    told = " ".join(sentences(0)).lower()

    (asked,) = questions(1)

    assert all(word in told for word in asked.removeprefix("What about ").rstrip("?").split())


def test_an_index_grows_from_size_to_size(tmp_path: Path):
    make_documents(tmp_path, 2)
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.txt")}

    make_documents(tmp_path, 3)

    assert len(list(tmp_path.rglob("*.txt"))) == 3
    assert all(path.stat().st_mtime_ns == time for path, time in kept.items())


@pytest.mark.slow
def test_a_contender_is_measured_in_a_process_of_its_own(pond: Path, tmp_path: Path):
    program = Program("ours-without-reader", pond / "documents", tmp_path / "index")
    try:
        taken = program.seconds("answer", ["Where does the heron stand?", "What is deep?"])
        both = program.number("threads 2", ["Where does the heron stand?"] * 4)
        memory = program.number("memory")
    finally:
        program.end()

    assert len(taken) == 2
    assert min(*taken, both) > 0
    assert memory > 10
