"""Sheets: numbers, days and times as their cells show them."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.documents.cell_formats import shown
from index.documents.formats import read_original
from index.documents.original import Original
from tests.documents_files import ods, xls, xlsx, zipped

CODES = ["General", "0.0%", '"$"#,##0.00_);\\("$"#,##0.00\\)', "d mmmm yyyy", "00000"]
ROWS = [
    ("Region", "Share", "Revenue", "Day", "Zip"),
    ("North", 0.125, 1234.5, 44443, 7),
    ("South", 0.5, -99.9, 44592, 12345),
]
TOLD = (
    "Mills\n\nRegion: North; Share: 12.5%; Revenue: $1,234.50; Day: 4 September 2021; Zip: 00007.\n"
    "Region: South; Share: 50.0%; Revenue: ($99.90); Day: 31 January 2022; Zip: 12345."
)
ACCOUNTS = '_("$"* #,##0.00_);_("$"* \\(#,##0.00\\);_("$"* "-"??_);_(@_)'
MOMENT = datetime.datetime(2021, 9, 4, 15, 7, 9)
DAY = datetime.datetime(2021, 9, 4)


def text_of(name, data):
    (document,) = read_original(Original(source=name, name=name, data=data)).documents
    return document.text


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mill.xlsx", xlsx(ROWS, codes=CODES)),
        ("moved.xlsx", xlsx(ROWS, codes=CODES, left=2, top=3)),
        ("mill.xls", xls(ROWS, CODES)),
    ],
)
def test_cells_are_quoted_as_they_are_shown(name, data):
    assert text_of(name, data) == TOLD


GROUPS = [
    ("Costs of the mill", "", "", "", ""),
    ("Item", "2020", "", "2021", ""),
    ("", "Plan", "Actual", "Plan", "Actual"),
    ("Clay", 100, 120, 90, 95),
]
MERGED = (
    '<mergeCells><mergeCell ref="A1:E1"/><mergeCell ref="B2:C2"/><mergeCell ref="D2:E2"/>'
    '<mergeCell ref="A2:A3"/></mergeCells>'
)


def changed(data, name, old, new):
    """The file with other words in one of its members."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        members = {each: made.read(each) for each in made.namelist()}
    assert old in members[name]
    return zipped(members | {name: members[name].replace(old, new)})


def test_a_group_of_columns_is_named_before_each_of_them():
    sheet = "xl/worksheets/sheet1.xml"
    data = changed(xlsx(GROUPS), sheet, b"</sheetData>", b"</sheetData>" + MERGED.encode())

    assert text_of("mill.xlsx", data) == (
        "Mills\n\nCosts of the mill\n\n"
        "Item: Clay; 2020 Plan: 100; 2020 Actual: 120; 2021 Plan: 90; 2021 Actual: 95."
    )


def test_what_is_noted_at_a_cell_stands_below_the_sheets():
    noted = (
        '<comments><commentList><comment ref="B2"><text><r><t>Of </t></r><r><t>May.</t></r></text>'
    )
    made = with_member(
        xlsx(ROWS), "xl/comments1.xml", f"{noted}</comment></commentList></comments>"
    )

    assert text_of("mill.xlsx", made).endswith("Zip: 12345.\n\nB2: Of May.")


def with_member(data, name, content):
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return zipped({each: made.read(each) for each in made.namelist()} | {name: content})


def test_a_hidden_sheet_is_left_out_unless_all_are():
    book = changed(xlsx(ROWS), "xl/workbook.xml", b'sheetId="1"', b'sheetId="1" state="hidden"')
    two = changed(
        book,
        "xl/workbook.xml",
        b"</sheets>",
        b'<sheet name="Seen" sheetId="2" r:id="r1"/></sheets>',
    )

    assert text_of("mill.xlsx", book).startswith("Mills\n\nRegion: North")
    assert text_of("mill.xlsx", two).startswith("Seen\n\nRegion: North")
    assert "Mills" not in text_of("mill.xlsx", two)


def test_an_opendocument_sheet_says_itself_how_its_cells_are_shown():
    data = ods([("Posten", "Anteil", "Tag"), ("Miete", "12,5 %", "04.09.2021")])

    assert text_of("mill.ods", data) == "Mills\n\nPosten: Miete; Anteil: 12,5 %; Tag: 04.09.2021."


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.125, "0.0 %", "12.5 %"),
        (0.125, "0%", "13%"),
        (-0.002, "0%", "0%"),
        (-0.25, "0%", "-25%"),
        (1234.5, ACCOUNTS, "$1,234.50"),
        (-1234.5, ACCOUNTS, "$(1,234.50)"),
        (0, ACCOUNTS, "$-"),
        (1234.5, '#,##0.00\\ "€"', "1,234.50 €"),
        (-1234.5, "#,##0.00 [$€-407];[Red]-#,##0.00 [$€-407]", "-1,234.50 €"),
        (1_500_000, '0.0,,"M"', "1.5M"),
        (3.1, "0.##", "3.1"),
        (12, '0 "kg; dry"', "12 kg; dry"),
        (1.005, "0.00", "1.01"),
        (MOMENT, "dddd, mmmm d, yyyy", "Saturday, September 4, 2021"),
        (MOMENT, "dd.mm.yyyy", "04.09.2021"),
        (MOMENT, "[$-409]d mmm yy", "4 Sep 21"),
        (MOMENT, "[$-407]dd.mm.yyyy", "04.09.2021"),
        (MOMENT, 'yyyy"年"m"月"d"日"', "2021年9月4日"),
        (MOMENT, "yyyy-mm-dd hh:mm:ss", "2021-09-04 15:07:09"),
        (MOMENT, "h:mm AM/PM", "3:07 PM"),
        (datetime.time(0, 5), "hh:mm", "00:05"),
        (datetime.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_a_number_format_is_understood(value, code, text):
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0.5, "General"),
        (1.5, "# ?/?"),
        (5551234, "000-0000"),
        (1e-7, "0.00E+00"),
        (3, "[<5]0;0"),
        (3, '0"'),
        (3, "0" * 300),
        (1e300, "0.00"),
        (float("nan"), "0.00"),
        (3, "0.00000000000"),
        (3, "d mmm yyyy"),
        (MOMENT, "[$-407]d. mmmm yyyy"),
        (MOMENT, "[$-F800]dddd, mmmm dd, yyyy"),
        (DAY, "yyyy-mm-dd hh:mm:ss"),
        (DAY, "0.00"),
        (datetime.time(9, 5), "d mmm yyyy"),
        ("mill", "0.00"),
        (True, "0.00"),
    ],
)
def test_what_is_not_understood_is_left_alone(value, code):
    assert shown(value, code) is None


@example(9.9e14, "0.0000000000%%%%%%")
@given(
    st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.datetimes(), st.timedeltas()),
    st.text('#0?,.%;"\\_*[]$€-@ dmyhsAP/E', max_size=12),
)
def test_no_format_breaks_a_sheet(value, code):
    text = shown(value, code)

    assert text is None or text == " ".join(text.split())
