"""The commands that look after an index, as a person types them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from index import open_index
from index.__main__ import main
from index.passages import Progress
from index.progress_bar import line
from index.upkeep import _interruptible
from tests.doubles import write

ROOT = Path(__file__).parent.parent
BRIDGE = "The bridge\n\nThe bridge of Ulmen was opened in 1932 by the king."
MILL = "The mill\n\nThe mill of Rehna burnt down in 1871 and was never rebuilt."


@pytest.fixture
def place(models, tmp_path):
    write(tmp_path / "documents", bridge=BRIDGE)
    shutil.copytree(models, tmp_path / "index" / "models")
    return tmp_path


def given(place: Path) -> list[str]:
    return ["--documents", str(place / "documents"), "--storage", str(place / "index")]


def test_from_indexing_to_going_back(place, capsys):
    assert main(["rollback", "--yes", *given(place)]) == 1
    assert "no earlier version" in capsys.readouterr().err
    assert main(["reindex", *given(place)]) == 0
    write(place / "documents", mill=MILL)
    assert main(["reindex", *given(place)]) == 0
    assert "1 added, 0 changed" in capsys.readouterr().out

    assert main(["rollback", "--yes", *given(place)]) == 0

    assert "version 1 of 20" in capsys.readouterr().out
    main(["versions", "--json", *given(place)])
    listed = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [(each["number"], each["documents"], each["current"]) for each in listed] == [
        (2, 2, False),
        (1, 1, True),
    ]


def test_going_back_asks_first(place, capsys, monkeypatch):
    main(["reindex", *given(place)])
    monkeypatch.setattr("builtins.input", lambda _: "n")

    assert main(["rollback", *given(place)]) == 1
    assert "Nothing was changed." in capsys.readouterr().out


def test_verify_says_what_is_wrong_and_mends_it(place, capsys):
    main(["reindex", *given(place)])
    assert main(["verify", *given(place)]) == 0
    shutil.rmtree(place / "index" / "vectors")
    harm(place)

    assert main(["verify", *given(place)]) == 1
    assert "WRONG: full text differs from the passages" in capsys.readouterr().out
    assert main(["verify", "--repair", *given(place)]) == 0
    assert main(["verify", "--json", *given(place)]) == 0


def harm(place: Path) -> None:
    with sqlite3.connect(place / "index" / "catalog.sqlite") as connection:
        connection.execute("INSERT INTO passage_text(passage_text) VALUES('delete-all')")


def test_a_forgotten_file_stays_away(place, capsys):
    write(place / "documents", mill=MILL)
    main(["reindex", *given(place)])

    assert main(["forget", "mill.txt", *given(place)]) == 0

    assert "left out by .quothignore: mill.txt" in capsys.readouterr().out
    main(["reindex", *given(place)])
    assert "0 added" in capsys.readouterr().out
    assert main(["forget", "mill.txt", *given(place)]) == 1


def test_an_exported_index_answers_elsewhere(place, tmp_path_factory, models, capsys):
    main(["reindex", *given(place)])
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "documents").mkdir()
    shutil.copytree(models, elsewhere / "index" / "models")

    assert main(["export", str(place / "quoth.zip"), *given(place)]) == 0
    assert main(["import", str(place / "quoth.zip"), *given(elsewhere)]) == 0

    capsys.readouterr()
    main(["ask", "--json", "When was the bridge of Ulmen opened?", *given(elsewhere)])
    assert "1932" in json.loads(capsys.readouterr().out)["citations"][0]["quote"]


def test_the_first_ctrl_c_stops_softly_and_the_second_at_once():
    softly = False

    def twice() -> None:
        nonlocal softly
        with _interruptible() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            softly = stop.wait(5)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        twice()

    assert softly


@pytest.mark.slow
def test_ctrl_c_leaves_the_old_index(place):
    long = {f"mill{n}": f"Mill {n}\n\n" + "It turns. " * 300 for n in range(99)}
    write(place / "documents", **long)
    process = program(place, "reindex")
    begun = place / "index" / "reindex.holder"
    while not begun.exists() and process.poll() is None:
        time.sleep(0.01)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.strip().endswith("The index is as it was before.")


@pytest.mark.slow
def test_a_watched_folder_is_followed_until_ctrl_c(place):
    process = program(place, "reindex", "--watch")
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()
    _wait_for(lines, 1)

    write(place / "documents", mill=MILL)
    _wait_for(lines, 2)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    reader.join()

    assert [each.partition(",")[0] for each in lines] == ["1 added", "1 added"]
    assert process.returncode == 0


def _wait_for(lines: list[str], count: int) -> None:
    until = time.monotonic() + 100
    while len(lines) < count and time.monotonic() < until:
        time.sleep(0.2)


def program(place: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "index", *arguments, *given(place)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (Progress(stage="reading", done=0, total=9), "0 of 9 files"),
        (
            Progress(stage="reading", done=50, total=500, passages=70, seconds=10.0),
            "50 of 500 files, 70 passages, 5 a second, 2 min left",
        ),
        (
            Progress(stage="reading", done=2, total=3, passages=7, seconds=10.0),
            "2 of 3 files, 7 passages, 12 a minute, 5 s left",
        ),
        (
            Progress(stage="switching", done=9, total=9, passages=7, seconds=1.0),
            "9 of 9 files, 7 passages, switching",
        ),
    ],
)
def test_progress_says_how_far_how_fast_and_how_long(progress, expected):
    assert line(progress) == expected


def test_a_rebuild_that_fails_leaves_the_index_of_the_other_model(place, monkeypatch):
    main(["reindex", *given(place)])
    monkeypatch.setattr("index.wiring.chunking.VERSION", "another")
    (place / "documents").rename(place / "elsewhere")

    assert main(["reindex", "--rebuild", *given(place)]) == 1

    monkeypatch.undo()
    (place / "elsewhere").rename(place / "documents")
    assert main(["verify", *given(place)]) == 0
    with open_index(place / "documents", place / "index") as index:
        assert "1932" in index.ask("When was the bridge of Ulmen opened?").citations[0].quote


def test_a_damaged_catalog_is_set_aside_by_a_rebuild(place, capsys):
    main(["reindex", *given(place)])
    (place / "index" / "catalog.sqlite").write_bytes(b"not a database at all" * 100)

    assert main(["reindex", *given(place)]) == 1
    assert "--rebuild" in capsys.readouterr().err
    assert main(["reindex", "--rebuild", *given(place)]) == 0
    assert main(["verify", *given(place)]) == 0
    assert list((place / "index").glob("damaged.*")) == []


def test_a_damaged_catalog_is_kept_when_its_rebuild_fails(place, capsys):
    main(["reindex", *given(place)])
    damaged = b"not a database at all" * 100
    (place / "index" / "catalog.sqlite").write_bytes(damaged)
    (place / "documents").rename(place / "elsewhere")

    assert main(["reindex", "--rebuild", *given(place)]) == 1
    assert (place / "index" / "damaged.catalog.sqlite").read_bytes() == damaged

    (place / "elsewhere").rename(place / "documents")
    assert main(["reindex", *given(place)]) == 0
    assert list((place / "index").glob("damaged.*")) == []
