"""Lines from right to left in PDF, which has shapes in places: read as they are written."""

from __future__ import annotations

import pytest

from index.documents.formats import read_original
from index.documents.layout import Line
from index.documents.original import Original
from index.documents.right_to_left import in_writing_order
from index.documents.ruled import Table
from tests.documents_files import pdf, ruled


def line(text, table=None):
    return Line(text, 72, 700, 500, 712, 12, table=table)


def written(*texts):
    return [each.text for each in in_writing_order([line(text) for text in texts], {})]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("הטחנה עומדת משנת .1742", "הטחנה עומדת משנת 1742."),
        ("משנת ,1742 והגלגל", "משנת 1742, והגלגל"),
        ("בيش از ٪۲۵ مردم", "בيش از ۲۵٪ مردم"),
        ("وطلب 3.5 مليون في 15/8/2021", "وطلب 3.5 مليون في 15/8/2021"),
        ("على النهر )نهر الأردن( هنا", "على النهر (نهر الأردن) هنا"),
        ("گفت که »مقاومت« ادامه دارد", "گفت که «مقاومت» ادامه دارد"),
        ("على النهر (نهر الأردن) هنا", "على النهر (نهر الأردن) هنا"),
        ("The mill )stands( since .1742", "The mill )stands( since .1742"),
    ],
)
def test_marks_stand_where_they_are_written(read, expected):
    assert written(read) == [expected]


def test_a_bracket_that_goes_on_in_the_next_line_is_turned_with_the_others():
    lines = written("على النهر )نهر", "الأردن( هنا", "في الوادي )بنجشير( أيضا")

    assert lines == ["على النهر (نهر", "الأردن) هنا", "في الوادي (بنجشير) أيضا"]


def test_the_columns_of_a_table_are_read_from_the_right():
    table = Table((72, 200, 500), (("البناء", "الطاحونة"), ("1742", "الشمال")), "الطاحونة", True)

    (found,) = in_writing_order([line(table.text, table)], {})

    assert found.table.rows == (("الطاحونة", "البناء"), ("الشمال", "1742"))


SHAPES = {"A": "ق", "B": "ا", "C": "ل", "D": "د", "E": "و", "F": "ر", "G": "لا", "H": "م", "I": "ب"}
"""The letters that the font of `arabic` has, by those that are drawn."""


def arabic(*drawn):
    """A PDF whose bold font has Arabic shapes."""
    pairs = "".join(
        f"<{ord(code):02x}> <{shape.encode('utf-16-be').hex()}>\n" for code, shape in SHAPES.items()
    )
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(SHAPES)} beginbfchar\n{pairs}endbfchar endcmap end end"
    ).encode()
    stream = b"90 0 obj\n<< /Length %d >> stream\n%s\nendstream\nendobj\n" % (len(cmap), cmap)
    made = pdf([drawn]).replace(b"/Helvetica-Bold", b"/Helvetica-Bold /ToUnicode 90 0 R")
    return made.replace(b"\nxref\n", b"\n" + stream + b"xref\n", 1)


def shapes(y, text):
    return b"BT /F2 11 Tf 300 %d Td (%s) Tj ET\n" % (y, text.encode())


def read(data):
    (document,) = read_original(Original(source="a.pdf", name="a.pdf", data=data)).documents
    return document.text


def test_a_line_of_shapes_is_read_as_it_is_written():
    text = read(arabic(shapes(700, ".2021 \\(FGED\\) CBA")))

    assert text == "قال (دولار) 2021."


def test_lam_and_alef_in_one_shape_are_told_from_two():
    assert read(arabic(shapes(700, "HG ICB"))) == "الب لام"


def test_a_table_from_right_to_left_is_read_with_its_header():
    cells = [("DG", "ABI"), ("1742", "CBA"), ("1850", "HGI")]
    drawn = [each.replace(b"/F1", b"/F2") for each in ruled(72, 680, (90, 90), cells)]

    text = read(arabic(*drawn))

    assert text.split("\n") == ["باق: قال; لاد: 1742.", "باق: بلام; لاد: 1850."]
