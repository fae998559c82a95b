"""The few rules of the house, held with `ast`: who imports whom, and which library lives where."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("bot", "index", "prompts")
MAY_IMPORT = {"bot": {"bot", "index"}, "index": {"index", "prompts"}, "prompts": {"prompts"}}
LIVES_IN = {
    "chromadb": {"index/vectors.py"},
    "sqlite3": {"index/catalog", "bot/records/database.py"},
    "sentence_transformers": {"index/embedding.py"},
    "onnxruntime": {"index/onnx.py"},
    "tokenizers": {"index/onnx.py"},
    "sentencex": {"index/chunking.py"},
    "Stemmer": {"index/words.py"},
    "rapidfuzz": {"index/queries.py", "bot/addressing.py"},
    "filelock": {"index/locking.py"},
    "pathspec": {"index/folder.py"},
    "llama_index": {"index/llama.py", "index/language_model.py"},
    "transformers": {"index/foreign_reader.py"},
    "torch": {"index/foreign_reader.py"},
    "msoffcrypto": {"index/documents/unlocking.py"},
    "cryptography": {"index/documents/zip_cipher.py", "index/documents/package_cipher.py"},
    "watchfiles": {"index/watching.py"},
    "prompt_toolkit": {"bot/terminal.py"},
    "babel": {"bot/languages.py", "bot/translating.py"},
    "PIL": {"bot/chart.py", "index/documents/images.py"},
}
KNOWS_PORTS_AND_MACHINES = {"index/wiring.py"}
MACHINES = {
    "index.vectors",
    "index.embedding",
    "index.span_reader",
    "index.documents",
    "index.language_model",
}
FILES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Dotted names of the modules that the file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_go_one_way(path):
    room = path.relative_to(ROOT).parts[0]
    others = {each.partition(".")[0] for each in imports(path)} & set(ROOMS)

    assert others <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_foreign_library_lives_in_one_file_or_room(path):
    libraries = {each.partition(".")[0] for each in imports(path)}
    here = {name(path), name(path.parent)}
    elsewhere = {lib for lib in libraries & set(LIVES_IN) if not here & LIVES_IN[lib]}

    assert elsewhere == set()


@pytest.mark.parametrize("path", FILES, ids=name)
def test_only_wiring_joins_ports_and_machines(path):
    used = {each for each in imports(path) if each in MACHINES}
    own = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    among_machines = any(own.startswith(machine) for machine in MACHINES)

    assert not used or among_machines or name(path) in KNOWS_PORTS_AND_MACHINES


@pytest.mark.parametrize("path", FILES, ids=name)
def test_rooms_are_imported_by_their_modules_names(path):
    plain = {
        each.name
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import)
        for each in node.names
    }

    assert not plain & set(ROOMS)


@pytest.mark.parametrize("path", sorted((ROOT / "bot").rglob("*.py")), ids=name)
def test_the_bot_goes_to_threads_through_one_doorway(path):
    text = path.read_text("utf-8")
    others = ("to_thread", "run_in_executor", "Thread(", "ThreadPoolExecutor")

    assert name(path) == "bot/threads.py" or not any(each in text for each in others)


def test_each_sentence_has_a_name_of_its_own():
    body = ast.parse((ROOT / "bot/words.py").read_text("utf-8")).body
    targets = [each.targets[0] for each in body if isinstance(each, ast.Assign)]
    named = [each.id for each in targets if isinstance(each, ast.Name)]

    assert [each for each in set(named) if named.count(each) > 1] == []


@pytest.mark.parametrize("path", FILES, ids=name)
def test_the_environment_is_read_in_main_alone(path):
    text = path.read_text("utf-8")

    assert "os.environ" not in text
    assert "getenv" not in text


def loaded_by(statement: str) -> set[str]:
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return {each.partition(".")[0] for each in done.stdout.split()}


def test_importing_index_is_cheap():
    heavy = {"chromadb", "torch", "transformers", "onnxruntime", "numpy", "pydantic", "sqlite3"}

    assert loaded_by("from index import open_index") & heavy == set()


def test_type_checkers_are_told_that_the_index_is_typed():
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]

    assert "py.typed" in built["package-data"]["index"]
    assert (ROOT / "index" / "py.typed").is_file()
