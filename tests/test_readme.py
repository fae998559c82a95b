"""What the README says is so: its example runs, its commands and files are there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_example_runs(sample, sample_folder, tmp_path, monkeypatch, capsys):
    [example] = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    shutil.copytree(sample_folder / "documents", tmp_path / "data/documents")
    shutil.copytree(sample_folder / "index", tmp_path / "data/index")
    monkeypatch.chdir(tmp_path)

    exec(example, {})  # noqa: S102 - our own README

    assert capsys.readouterr().out.startswith("Fahim Dashty\n")


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:)([^)#]+)", README))
def test_a_file_that_is_linked_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make (\w+)", README))))
def test_a_make_target_that_is_named_is_there(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
