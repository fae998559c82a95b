"""The front door, with the real machines, over the sample collection; slow parts are shared."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from index import Answer, NoAnswer, open_index
from index.__main__ import main
from index.embedding import (
    OnnxEmbedder,
    TorchEmbedder,
    default_model_folder,
    export_once,
    open_embedder,
)
from index.errors import DocumentGone, IndexOutdated, IndexReplaced, ModelUnavailable
from index.llama import QuothRetriever
from index.passages import DocumentSummary
from index.span_reader import open_reader
from tests.doubles import write

ROOT = Path(__file__).parent.parent
DOCUMENTS = ROOT / "data" / "documents"
ASKED = [json.loads(line) for line in (ROOT / "tests/sample_questions.jsonl").open()]
EXAMPLE = ASKED[0]["question"]
ACCEPTED = ASKED[0]["document"]
"""The documents that tell it."""


@pytest.fixture(scope="module")
def storage(sample, sample_folder, tmp_path_factory):
    """The index of the sample collection, copied: here it is opened several times at once."""
    folder = tmp_path_factory.mktemp("storage") / "index"
    shutil.copytree(sample_folder / "index", folder)
    return folder


@pytest.fixture(scope="module")
def index(storage):
    with open_index(documents=DOCUMENTS, storage=storage) as opened:
        yield opened


def test_the_example_question_is_answered_with_name_words_and_document(index):
    reply = index.ask(EXAMPLE)

    assert isinstance(reply, Answer)
    assert " ".join(reply.speaker.split()) == "Fahim Dashty"
    first = reply.citations[0]
    assert "unbreakable" in first.quote
    assert first.document.text[first.start : first.end] == first.quote
    assert first.document.source in ACCEPTED
    assert str(first.document.date) == "2021-09-04"


def test_what_is_not_in_the_documents_is_refused(index):
    reply = index.ask("How long should bread dough rise before baking?")

    assert isinstance(reply, NoAnswer)
    assert reply.text == "The documents don't say."


def test_a_citation_can_be_opened_again_by_its_offsets(index):
    cited = index.ask(EXAMPLE).citations[0]

    opened = index.passage(cited.document.id, cited.start, cited.end)

    assert opened.quote == cited.quote
    assert opened.passage == cited.passage


def test_a_citation_is_shown_among_what_stands_around_it(index):
    cited = index.ask(EXAMPLE).citations[0]

    shown = index.excerpt(cited.document.id, cited.start)

    assert shown.passage == cited.passage
    assert shown.start <= cited.start < cited.end <= shown.end


@pytest.mark.parametrize(("start", "end"), [(0, 0), (10**9, 10**9 + 1), (5, 2), (0, 10**9)])
def test_offsets_that_are_no_quote_are_gone(index, start, end):
    document = index.ask(EXAMPLE).citations[0].document

    with pytest.raises(DocumentGone):
        index.passage(document.id, start, end)


def test_search_gives_passages_best_first(index):
    found = index.search("Mazar-i-Sharif flight", limit=3)

    assert len(found) == 3
    assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)
    assert "Mazar-i-Sharif" in found[0].passage.text


def test_search_gives_as_many_passages_as_are_asked_for(index):
    assert len(index.search("flights to Kabul", limit=70)) == 70


def test_documents_are_listed_by_title_with_their_formats(index):
    listed = index.documents()

    assert all(isinstance(each, DocumentSummary) for each in listed)
    assert {Path(each.source).suffix for each in listed} >= {
        ".txt", ".md", ".html", ".pdf", ".docx", ".eml", ".csv",
    }  # fmt: skip
    assert [each.title.casefold() for each in listed] == sorted(e.title.casefold() for e in listed)


def test_status_counts_what_is_held(index):
    status = index.status()

    assert status.documents == len(index.documents())
    assert status.sentences > status.passages > status.documents
    assert status.model.startswith("all-MiniLM-L6-v2@53aa51172d14")
    assert status.disk > 10**6


def test_a_pdf_quote_names_its_page(index):
    found = index.search("Panjshir a short history: the son of the commander, a large armory", 10)
    passages = [each.passage for each in found if each.passage.document.source.endswith(".pdf")]

    pages = {
        index.passage(passage.document.id, passage.start, passage.end).page for passage in passages
    }

    assert pages
    assert pages <= {1, 2}


def test_another_model_refuses_to_open_and_says_the_remedy(storage, monkeypatch):
    monkeypatch.setattr("index.wiring.chunking.VERSION", "another")

    with pytest.raises(IndexOutdated, match="python -m index reindex --rebuild"):
        open_index(documents=DOCUMENTS, storage=storage)


def test_a_rebuild_makes_an_outdated_index_anew(models, tmp_path, monkeypatch):
    shutil.copytree(models, tmp_path / "index" / "models")
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "one.txt").write_text("The bridge was opened in 1932 by the king.")
    with open_index(documents=folder, storage=tmp_path / "index") as index:
        index.reindex()
    monkeypatch.setattr("index.wiring.chunking.VERSION", "another")
    given = ["--documents", str(folder), "--storage", str(tmp_path / "index")]

    assert main(["reindex", *given]) == 1
    assert main(["reindex", "--rebuild", *given]) == 0

    with open_index(documents=folder, storage=tmp_path / "index") as index:
        assert "1932" in index.ask("When was the bridge opened?").citations[0].quote


def test_a_running_program_says_that_another_one_rebuilt_its_index(models, tmp_path, monkeypatch):
    shutil.copytree(models, tmp_path / "index" / "models")
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "one.txt").write_text("The bridge was opened in 1932 by the king.")
    running = open_index(documents=folder, storage=tmp_path / "index")
    running.reindex()
    monkeypatch.setattr("index.wiring.chunking.VERSION", "another")
    given = ["--documents", str(folder), "--storage", str(tmp_path / "index")]

    assert main(["reindex", "--rebuild", *given]) == 0

    with running:
        for use in (lambda: running.ask("When was it opened?"), running.status, running.reindex):
            with pytest.raises(IndexReplaced, match="starts it again"):
                use()


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_said_in_a_sentence(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{}")

    with pytest.raises(ModelUnavailable, match="broken cannot be loaded"):
        open_index(storage=tmp_path, embedding_model=str(tmp_path / "broken"))


@pytest.mark.slow
def test_a_sentence_transformers_model_is_taken_by_its_path(tmp_path):
    shutil.copytree(default_model_folder(), tmp_path / "model")
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "one.txt").write_text("The bridge was opened in 1932 by the king.")

    given = {"documents": tmp_path / "documents", "storage": tmp_path / "index"}
    with open_index(**given, embedding_model=str(tmp_path / "model")) as index:
        index.reindex()
        found = index.search("When was the bridge inaugurated?")
        name = index.status().model

    assert [hit.passage.document.source for hit in found] == ["one.txt"]
    assert name.startswith(f"{tmp_path / 'model'}@")


def test_an_unknown_setting_is_refused(tmp_path):
    with pytest.raises(ValueError, match="documets"):
        open_index(storage=tmp_path, documets="data")


@pytest.mark.slow
def test_the_exported_model_agrees_with_sentence_transformers(storage):
    texts = ["A cat sleeps.", "Where do cats sleep?", "Parliament rose at noon."] * 2
    exported = open_embedder("default", storage)
    torch = TorchEmbedder(str(default_model_folder()), "all-MiniLM-L6-v2")

    agreement = (exported.embed(texts) * torch.embed(texts)).sum(axis=1)

    assert isinstance(exported, OnnxEmbedder)
    assert exported.name == torch.name
    assert agreement.min() > 0.97


def test_of_two_processes_that_start_at_once_one_exports_the_model(tmp_path, monkeypatch):
    exported, both = [], threading.Barrier(2)

    def export(source: str, folder: Path) -> None:
        exported.append(source)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.5)
        folder.mkdir()
        (folder / "made.json").write_text("{}")

    monkeypatch.setattr("index.embedding.export", export)
    folder = tmp_path / "models" / "small"
    write(folder.with_name("small.unfinished"), left="by a process that was killed")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: export_once("small", folder), range(2)))

    assert exported == ["small"]
    assert [each.name for each in folder.iterdir()] == ["made.json"]


@pytest.mark.slow
def test_where_no_model_can_be_written_torch_runs_it(tmp_path):
    (tmp_path / "models").write_text("a file, where the folder should be")

    assert isinstance(open_embedder("default", tmp_path), TorchEmbedder)


@pytest.mark.slow
def test_a_model_whose_export_takes_too_long_is_run_by_torch(tmp_path, monkeypatch):
    monkeypatch.setattr("index.embedding.TURN_SECONDS", 0)
    monkeypatch.setattr("index.embedding.EXPORT_SECONDS", 0.01)

    assert isinstance(open_embedder("default", tmp_path), TorchEmbedder)


def test_texts_of_many_batches_come_back_in_their_order(storage):
    embedder = open_embedder("default", storage)
    texts = [f"{'word ' * (number % 40)}{number}" for number in range(300)]

    rows = embedder.embed(texts)

    alone = np.stack([embedder.embed([text])[0] for text in texts[::7]])
    assert (rows[::7] * alone).sum(axis=1).min() > 0.97


def test_a_passage_is_read_alike_alone_and_among_others():
    reader = open_reader("default")
    passages = ["Ada built the mill.", "The mill stands in the harbour. " * 9, "Nobody came."]

    reads = reader.read("Who built the mill?", passages)

    alone = [reader.read("Who built the mill?", [each])[0] for each in passages]
    assert [each.margin for each in reads] == [each.margin for each in alone]


def test_changed_weights_are_not_loaded(models, tmp_path):
    shutil.copytree(models, tmp_path / "models")
    model = next((tmp_path / "models").glob("*/model.onnx"))
    model.write_bytes(model.read_bytes()[:-1])

    with pytest.raises(ModelUnavailable, match="its file changed"):
        open_embedder("default", tmp_path)


def test_a_llama_index_program_retrieves_through_quoth(index, monkeypatch):
    from llama_index.core import Settings
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine
    from llama_index.core.response_synthesizers import ResponseMode, get_response_synthesizer

    monkeypatch.setattr(Settings, "_llm", MockLLM())
    only_nodes = get_response_synthesizer(response_mode=ResponseMode.NO_TEXT)
    engine = RetrieverQueryEngine.from_args(
        QuothRetriever(index, limit=4), response_synthesizer=only_nodes
    )

    nodes = engine.query(EXAMPLE).source_nodes

    assert len(nodes) == 4
    first = nodes[0].node
    document = index.search(EXAMPLE, 1)[0].passage.document
    assert document.text[first.start_char_idx : first.end_char_idx] == first.text
    assert first.metadata["title"] == document.title


def test_json_has_the_names_of_the_python_api(storage, capsys):
    given = ["--documents", str(DOCUMENTS), "--storage", str(storage)]

    assert main(["ask", "--json", EXAMPLE, *given]) == 0

    reply = json.loads(capsys.readouterr().out)
    assert (reply["speaker"], reply["text"][:12]) == ("Fahim Dashty", "Fahim Dashty")
    cited = reply["citations"][0]
    assert {"quote", "start", "end", "page", "document"} <= set(cited)
    assert {"title", "source", "date"} <= set(cited["document"])


def test_questions_from_a_file_are_answered_one_a_line(storage, tmp_path, capsys):
    questions = tmp_path / "questions.txt"
    questions.write_text(f"{EXAMPLE}\n\n!!!\nWho won the world cup in 2018?\n")
    given = ["--documents", str(DOCUMENTS), "--storage", str(storage)]

    status = main(["ask", "--json", "--file", str(questions), *given])

    said = capsys.readouterr()
    replies = [json.loads(line) for line in said.out.splitlines()]
    assert [reply.get("answered") for reply in replies] == [True, None, False]
    assert "words" in replies[1]["error"]
    assert (status, said.err.splitlines()) == (1, [replies[1]["error"]])


def test_a_question_that_cannot_be_asked_is_a_failure_to_scripts(tmp_path, capsys):
    status = main(["ask", "", "--documents", str(DOCUMENTS), "--storage", str(tmp_path)])

    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert "Ask a question" in said.err


def test_asking_nothing_is_refused_with_what_to_give(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["ask"])

    assert ended.value.code == 2
    assert "ask a question, or give a --file" in capsys.readouterr().err


def test_a_file_of_questions_that_is_not_text_is_named(tmp_path, capsys):
    questions = tmp_path / "questions.txt"
    questions.write_bytes("Wer öffnete die Brücke?".encode("latin-1"))

    with pytest.raises(SystemExit):
        main(["ask", "--file", str(questions)])

    assert f"{questions} is not text in UTF-8" in capsys.readouterr().err


def test_the_mark_that_some_editors_begin_a_file_with_is_no_question(storage, tmp_path, capsys):
    questions = tmp_path / "questions.txt"
    questions.write_text("!!!", "utf-8-sig")
    given = ["--documents", str(DOCUMENTS), "--storage", str(storage)]

    main(["ask", "--json", "--file", str(questions), *given])

    assert json.loads(capsys.readouterr().out)["question"] == "!!!"


@pytest.mark.slow
def test_a_question_loads_neither_torch_nor_transformers(storage):
    code = (
        "import sys\nfrom index import open_index\n"
        f"with open_index(documents={str(DOCUMENTS)!r}, storage={str(storage)!r}) as index:\n"
        f"    index.ask({EXAMPLE!r})\n"
        "print(*({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert done.stdout.strip() == ""


def test_a_reader_that_has_seen_enough_ends_a_command_without_a_word(storage):
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "index", "status", "--storage", str(storage)]

    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, text=True)
    os.close(writer)

    assert (done.returncode, done.stderr) == (0, "")
