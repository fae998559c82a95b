"""Reading in child processes: what a file may take, and what it costs when it takes more."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.documents import IsolatedReader, Limits
from index.errors import DocumentUnreadable
from tests.documents_files import docx, xlsx, zipped

MISBEHAVING = ("-m", "tests.documents_child")


@pytest.fixture(scope="module")
def reader():
    with IsolatedReader(seconds=20, memory=512 * 2**20, workers=2) as reader:
        yield reader


@pytest.fixture
def fragile():
    with IsolatedReader(seconds=1, memory=512 * 2**20, workers=1, child=MISBEHAVING) as reader:
        yield reader


def written(folder, name, content):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def reason_for(reader, path):
    with pytest.raises(DocumentUnreadable) as caught:
        reader.read("a source", path)
    assert caught.value.source == "a source"
    return caught.value.reason


def test_a_document_comes_over_whole(reader, tmp_path):
    path = written(tmp_path, "2021-09-04 mill.md", "# The mill\n\nIt stands — naïve, 水車.\n")

    (document,) = reader.read("a/mill.md", path)

    assert document.source == "a/mill.md"
    assert document.text == "The mill\n\nIt stands — naïve, 水車."
    assert document.title == "The mill"
    assert str(document.date) == "2021-09-04"
    assert [heading.title for heading in document.headings] == ["The mill"]


def test_what_inside_a_file_failed_is_told_beside_what_was_read(reader, tmp_path):
    path = written(tmp_path, "all.zip", zipped({"a.txt": "Good text.", "b.pdf": b"\0\1\2"}))

    reading = reader.reading("all.zip", path)

    assert [document.source for document in reading.documents] == ["all.zip/a.txt"]
    assert [failure.source for failure in reading.failures] == ["all.zip/b.pdf"]


def test_a_file_that_loops_is_ended_in_its_time(fragile, tmp_path):
    fragile.read("warm", written(tmp_path, "good.txt", "Good text."))

    reason = reason_for(fragile, written(tmp_path, "a.txt", "loop"))

    assert reason == "reading it took longer than 1 seconds (READ_SECONDS)"


@pytest.mark.parametrize(
    ("what", "reason"), [("abort", f"signal {signal.SIGABRT.value}"), ("exit", "code 3")]
)
def test_a_crash_costs_one_file(fragile, tmp_path, what, reason):
    good = written(tmp_path, "good.txt", "Good text.")
    fragile.read("good", good)

    said = reason_for(fragile, written(tmp_path, "a.txt", what))
    after = fragile.read("good", good)

    assert reason in said
    assert [document.text for document in after] == ["Good text."]


def test_a_file_that_fills_the_memory_is_ended(fragile, tmp_path):
    reason = reason_for(fragile, written(tmp_path, "a.txt", "memory"))

    assert reason == "reading it takes more than 512 MiB of memory (READ_MEMORY)"


def test_each_page_of_a_scan_has_the_time_of_a_file(fragile, tmp_path):
    (document,) = fragile.read("a", written(tmp_path, "a.txt", "pages"))

    assert document.text == "pages"


def test_a_scan_that_does_not_end_is_ended(fragile, tmp_path, monkeypatch):
    monkeypatch.setattr("index.documents.isolation.PAGES", 2)

    assert "took longer" in reason_for(fragile, written(tmp_path, "a.txt", "endless pages"))


def test_memory_that_earlier_files_filled_does_not_count(fragile, tmp_path):
    fragile.read("good", written(tmp_path, "good.txt", "Good text."))

    (document,) = fragile.read("a", written(tmp_path, "a.txt", "leak"))

    assert document.text == "leak"


@pytest.mark.parametrize("what", ["print", "garble"])
def test_noise_of_a_parser_is_not_taken_for_a_reply(fragile, tmp_path, what):
    path = written(tmp_path, "a.txt", what)
    try:
        texts = [document.text for document in fragile.read("a", path)]
    except DocumentUnreadable:
        texts = [what]

    assert texts == [what]


def test_a_child_does_not_see_the_environment(fragile, tmp_path, monkeypatch):
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "secret")
    path = written(tmp_path, "a.txt", "environment")

    (document,) = fragile.read("a", path)

    assert "PYTHONPATH" in document.text
    assert "TELEGRAM_BOT_TOKEN" not in document.text


def test_a_thousand_small_files_do_not_start_a_thousand_children(reader, tmp_path):
    path = written(tmp_path, "a.txt", "Good text.")
    reader.read("a", path)
    before = children()

    for number in range(200):
        reader.read(str(number), path)

    assert children() == before


def children() -> set[str]:
    """The processes that any thread of this one has started and that still run."""
    tasks = Path("/proc/self/task").glob("*/children")
    return {child for task in tasks for child in task.read_text().split()}


def test_threads_share_the_children(reader, tmp_path):
    paths = [written(tmp_path, f"{number}.txt", f"Text {number}.") for number in range(40)]

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda path: reader.read(path.name, path), paths))

    assert [each[0].text for each in found] == [f"Text {number}." for number in range(40)]


def test_no_child_is_left_when_the_reader_closes(tmp_path):
    path = written(tmp_path, "a.txt", "process")
    reader = IsolatedReader(seconds=5, memory=2**29, workers=3, child=MISBEHAVING)
    (document,) = reader.read("a", path)

    reader.close()

    assert is_gone(document.text)
    assert reason_for(reader, path) == "reading was stopped"


def test_a_busy_child_goes_when_the_parent_is_killed(tmp_path):
    path = written(tmp_path, "a.txt", "loop")
    program = (
        "import sys\nfrom index.documents import IsolatedReader\n"
        f"IsolatedReader(60, 2**29, 1, child={MISBEHAVING!r}).read('a', sys.argv[1])\n"
    )
    command = [sys.executable, "-c", program, path]
    parent = subprocess.Popen(command, cwd=Path(__file__).parents[1])
    children_file = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    wait_until(lambda: children_file.read_text().split())
    (child,) = children_file.read_text().split()
    time.sleep(0.5)

    parent.kill()
    parent.wait()

    wait_until(lambda: is_gone(child))


def is_gone(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


def wait_until(happened, seconds=10):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_a_zip_bomb_is_refused(tmp_path):
    path = written(tmp_path, "bomb.zip", zipped({f"{n}.txt": bytes(2**21) for n in range(12)}))
    with IsolatedReader(20, 2**29, 1, Limits(unpacked=2**24)) as reader:
        assert reason_for(reader, path) == "it unpacks to more than 16 MiB"


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    honest = zipped({"a.txt": bytes(2**25)})
    lying = honest.replace((2**25).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    path = written(tmp_path, "bomb.zip", lying)
    with IsolatedReader(20, 2**29, 1, Limits(unpacked=2**24)) as reader:
        assert reason_for(reader, path)


def test_a_docx_that_is_a_bomb_is_refused(tmp_path):
    body = "<w:p><w:r><w:t>" + "a" * 2**25 + "</w:t></w:r></w:p>"
    with IsolatedReader(20, 2**29, 1, Limits(unpacked=2**24)) as reader:
        reason = reason_for(reader, written(tmp_path, "bomb.docx", docx(body)))

    assert reason == "it unpacks to more than 16 MiB"


def test_a_sheet_that_is_a_bomb_is_refused(tmp_path):
    path = written(tmp_path, "bomb.xlsx", xlsx([("a" * 2**25, "b")]))
    with IsolatedReader(20, 2**29, 1, Limits(unpacked=2**24)) as reader:
        assert reason_for(reader, path) == "it unpacks to more than 16 MiB"


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
BILLION = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "ha">{ENTITIES}]><x>&a11;</x>'
FOREIGN = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x>b &f;</x>'


def test_an_entity_bomb_is_not_unfolded(reader, tmp_path):
    path = written(tmp_path, "bomb.xml", BILLION)

    assert reason_for(reader, path)


def test_an_entity_of_another_file_is_not_read(reader, tmp_path):
    (document,) = reader.read("a.xml", written(tmp_path, "a.xml", FOREIGN))

    assert "root" not in document.text


def test_deep_nesting_is_a_reason_and_not_a_crash(reader, tmp_path):
    deep = "<div>" * 100_000 + "deep" + "</div>" * 100_000
    for name, content in {
        "a.html": deep,
        "a.xml": f"<x>{deep}</x>",
        "a.json": "[" * 100_000,
        "a.md": ">" * 50_000 + " deep",
    }.items():
        try:
            texts = [each.text for each in reader.read(name, written(tmp_path, name, content))]
        except DocumentUnreadable as error:
            texts = [error.reason]

        assert len(texts) == 1


def test_an_archive_in_an_archive_ends_somewhere(reader, tmp_path):
    data = zipped({"a.txt": "Deep text."})
    for _ in range(8):
        data = zipped({"inner.zip": data})

    reason = reason_for(reader, written(tmp_path, "deep.zip", data))

    assert "more than 4 files deep" in reason


def test_more_text_than_may_be_is_a_reason(tmp_path):
    path = written(tmp_path, "long.txt", "word " * 100)
    with IsolatedReader(20, 2**29, 1, Limits(characters=100)) as reader:
        assert reason_for(reader, path) == "it holds more than 100 characters of text: split it"


def test_a_file_that_vanished_is_gone(reader, tmp_path):
    assert reason_for(reader, tmp_path / "gone.txt").startswith("it is gone")


def test_a_link_to_a_file_is_read_and_a_broken_one_is_gone(reader, tmp_path):
    written(tmp_path, "real.txt", "Good text.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    (tmp_path / "broken.txt").symlink_to(tmp_path / "nowhere.txt")

    (document,) = reader.read("link.txt", tmp_path / "link.txt")

    assert document.text == "Good text."
    assert reason_for(reader, tmp_path / "broken.txt").startswith("it is gone")


def test_a_pipe_is_not_waited_for(reader, tmp_path):
    os.mkfifo(tmp_path / "pipe.txt")

    assert reason_for(reader, tmp_path / "pipe.txt").startswith("it is not a file")


@pytest.mark.parametrize(
    "name", ["мельница.txt", "水車.md", "a\nb.txt", "🏭.txt", "نص.txt", "-.txt"]
)
def test_any_name_is_a_name(reader, tmp_path, name):
    (document,) = reader.read(name, written(tmp_path, name, "Good text."))

    assert document.text == "Good text."


def test_a_name_that_is_no_unicode_is_read_too(reader, tmp_path):
    path = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.txt")
    Path(path).write_text("Good text.")

    (document,) = reader.read("odd.txt", path)

    assert document.text == "Good text."


def test_closing_while_threads_read_ends_well(tmp_path):
    path = written(tmp_path, "a.txt", "Good text.")
    reader = IsolatedReader(5, 2**29, 2)
    ended = []

    def reads():
        try:
            while True:
                reader.read("a", path)
        except DocumentUnreadable as error:
            ended.append(error.reason)

    threads = [threading.Thread(target=reads) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    reader.close()
    for thread in threads:
        thread.join(10)

    assert ended == ["reading was stopped"] * 4
