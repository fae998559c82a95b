"""Pictures and scanned pages: read where the extra `ocr` is installed, and said so where not."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageFont

from index.documents import IsolatedReader, images, read_file
from index.errors import DocumentUnreadable

LINES = ["The north mill", "was built in 1742", "by Ada Miller."]


def picture(lines=LINES):
    """A page as a scanner gives it: black print of some size on white."""
    image = Image.new("RGB", (1000, 160 + 90 * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 90 * number), line, "black", ImageFont.load_default(48))
    return image


def saved(format, *pages):
    file = io.BytesIO()
    first, *others = pages
    first.save(file, format, **({"save_all": True, "append_images": others} if others else {}))
    return file.getvalue()


SCANS = {"scan.png": saved("PNG", picture()), "scan.pdf": saved("PDF", picture())}


@pytest.fixture
def without(monkeypatch):
    """As if the extra were not installed."""
    monkeypatch.setattr(images, "find_spec", lambda name: None)


@pytest.mark.parametrize("name", SCANS)
def test_without_the_extra_the_reason_names_it(name, without, tmp_path):
    (tmp_path / name).write_bytes(SCANS[name])

    with pytest.raises(DocumentUnreadable, match=r"no text layer: install quoth\[ocr\]"):
        read_file(name, tmp_path / name)


@pytest.mark.slow
@pytest.mark.skipif(not images.can_recognise(), reason="the extra `ocr` is not installed")
@pytest.mark.parametrize("name", SCANS)
def test_a_scan_is_read(name, tmp_path):
    (tmp_path / name).write_bytes(SCANS[name])

    with IsolatedReader(workers=1) as reader:
        (document,) = reader.read(name, tmp_path / name)

    assert "".join("".join(LINES).split()) in "".join(document.text.split())


@pytest.mark.slow
@pytest.mark.skipif(not images.can_recognise(), reason="the extra `ocr` is not installed")
def test_pages_of_a_scan_are_pages(tmp_path):
    path = tmp_path / "scan.pdf"
    path.write_bytes(saved("PDF", picture(["First page"]), picture(["Second page"])))

    with IsolatedReader(workers=1) as reader:
        (document,) = reader.read("scan.pdf", path)

    assert [document.page_at(document.text.index(each)) for each in ("First", "Second")] == [1, 2]


@pytest.mark.slow
@pytest.mark.skipif(not images.can_recognise(), reason="the extra `ocr` is not installed")
def test_a_picture_without_text_says_so(tmp_path):
    path = tmp_path / "blank.png"
    path.write_bytes(saved("PNG", picture([])))

    with pytest.raises(DocumentUnreadable, match="it holds no text"), IsolatedReader() as reader:
        reader.read("blank.png", path)
