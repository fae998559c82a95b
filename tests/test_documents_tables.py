"""Tables in PDF: whose cells are parted by drawn lines, each row with its header."""

from __future__ import annotations

import pytest

from index.documents.formats import read_original
from index.documents.original import Original
from tests.documents_files import pdf, ruled

WIDTHS = (90, 90, 200)
MILLS = [
    ("Mill", "Built", "Keeper"),
    ("North", "1742", "Ada Miller, who kept\nthe wheel"),
    ("South", "1850", "Bea Miller"),
]
PROSE = [
    "The mill stands on the river since the year of the flood, and its wheel",
    "turns when the water is high. In dry summers it stands still, and those",
    "who live there tell each other what they have heard about the valley.",
]


def text_of(pages):
    data = pdf(pages)
    (document,) = read_original(Original(source="mill.pdf", name="mill.pdf", data=data)).documents
    return document.text


def prose(y):
    return [(72, y - 14 * n, each) for n, each in enumerate(PROSE)]


def test_a_row_of_a_ruled_table_says_its_header():
    text = text_of([[*prose(740), *ruled(72, 680, WIDTHS, MILLS), *prose(580)]])

    assert text.split("\n\n") == [
        " ".join(PROSE),
        "Mill: North; Built: 1742; Keeper: Ada Miller, who kept the wheel.\n"
        "Mill: South; Built: 1850; Keeper: Bea Miller.",
        " ".join(PROSE),
    ]


def test_the_sides_of_a_table_may_be_open():
    across = b"".join(b"72 %d 380 0.5 re f\n" % y for y in (680, 660, 640, 620))
    down = b"162 620 0.5 60 re f\n252 620 0.5 60 re f\n"
    texts = [each for each in ruled(72, 680, WIDTHS, MILLS) if b" re " not in each]

    text = text_of([[*prose(740), across, down, *texts]])

    assert "Mill: South; Built: 1850; Keeper: Bea Miller." in text


def test_a_table_in_a_form_that_is_placed_and_scaled_is_read():
    drawn = b"q 0.5 0 0 0.5 36 300 cm\n" + b"".join(ruled(72, 680, WIDTHS, MILLS)) + b"Q\n"

    text = text_of([[*prose(740), drawn]])

    assert "Mill: South; Built: 1850; Keeper: Bea Miller." in text


def test_a_caption_over_all_columns_stands_above_the_rows():
    rows = [("Mills of the valley", "", ""), *MILLS]

    text = text_of([ruled(72, 680, WIDTHS, rows, bold=2)])

    assert text.split("\n\n")[0] == "Mills of the valley"
    assert text.split("\n\n")[1].startswith("Mill: North; Built: 1742; ")


def test_a_table_goes_on_over_a_page_end_with_its_header():
    more = [("West", "1901", "Cid Miller"), ("East", "1902", "Dan Miller")]
    first = ruled(72, 120, WIDTHS, MILLS)
    second = ruled(72, 740, WIDTHS, more, bold=0)

    text = text_of([[*prose(740), *first], [*second, *prose(600)]])

    assert "Mill: West; Built: 1901; Keeper: Cid Miller.\nMill: East; Built: 1902; " in text


def test_a_header_that_is_drawn_again_on_the_next_page_is_no_row():
    first = ruled(72, 120, WIDTHS, MILLS)
    second = ruled(72, 740, WIDTHS, [MILLS[0], ("West", "1901", "Cid Miller")])

    text = text_of([[*prose(740), *first], second])

    assert "Mill: West; Built: 1901; Keeper: Cid Miller." in text
    assert "Mill: Mill" not in text


def test_a_row_that_goes_on_over_a_page_end_is_one():
    boxes = b"72 720 90 20 re S 162 720 90 20 re S 252 720 200 20 re S\n"
    rest = [boxes, *ruled(72, 720, WIDTHS, [("West", "1901", "Cid Miller")], bold=0)]

    text = text_of([[*prose(740), *ruled(72, 120, WIDTHS, MILLS)], [(255, 726, "who died"), *rest]])

    assert "Mill: South; Built: 1850; Keeper: Bea Miller who died." in text
    assert "Mill: West; Built: 1901; Keeper: Cid Miller." in text


def test_the_first_of_rows_that_look_alike_is_no_header():
    rows = [("Ada Miller", "keeps the wheel"), ("Bea Miller", "keeps the books")]

    text = text_of([ruled(72, 680, (90, 200), rows, bold=0)])

    assert text == "Ada Miller; keeps the wheel.\nBea Miller; keeps the books."


def test_names_above_numbers_are_a_header_however_they_look():
    rows = [("Mill", "Built"), ("North", "1742"), ("South", "1850")]

    text = text_of([ruled(72, 680, (90, 200), rows, bold=0)])

    assert text == "Mill: North; Built: 1742.\nMill: South; Built: 1850."


def test_the_same_table_with_other_numbers_on_each_page_is_no_running_head():
    pages = [
        [*ruled(72, 760, (90, 90), [("Month", "Flour"), ("June", str(number))]), *prose(600)]
        for number in range(4)
    ]

    text = text_of(pages)

    assert [f"Flour: {number}." in text for number in range(4)] == [True] * 4


FRAMES = {
    "columns with a line between them": b"300 500 m 300 750 l S\n",
    "a frame around each column": b"60 500 235 250 re S 305 500 245 250 re S\n",
    "a frame with a title's bar": b"60 500 490 250 re S 60 735 490 15 re S 300 500 m 300 735 l S\n",
    "lines that cut through words": b"60 500 150 250 re S 210 500 340 250 re S 60 700 490 9 re S\n",
    "the grid of a chart": b"".join(
        b"60 %d 490 25 re S %d 500 49 250 re S\n" % (500 + 25 * n, 60 + 49 * n) for n in range(10)
    ),
}


@pytest.mark.parametrize("frame", FRAMES)
def test_lines_between_and_around_prose_are_no_table(frame):
    left = [(72, 740 - 14 * n, each[:40]) for n, each in enumerate(PROSE * 4)]
    right = [(312, 740 - 14 * n, each[:40]) for n, each in enumerate(PROSE * 4)]

    assert text_of([[FRAMES[frame], *left, *right]]) == text_of([[*left, *right]])


def test_a_page_full_of_drawn_lines_is_read_without_them():
    drawing = b"".join(b"%d 100 m %d 700 l S\n" % (x % 500, x % 500) for x in range(5000))

    assert text_of([[drawing, *prose(740)]]) == " ".join(PROSE)


TURNS = {"left": b"0 1 -1 0 612 0", "right": b"0 -1 1 0 0 792", "over": b"-1 0 0 -1 612 792"}


@pytest.mark.parametrize("shown", [0, 90, 180, 270])
@pytest.mark.parametrize("turn", TURNS)
def test_a_page_that_is_set_sideways_is_read_like_any(turn, shown):
    drawn = [*prose(560), *ruled(72, 490, WIDTHS, MILLS), *prose(390)]
    upright = pdf([drawn])
    turned = pdf([[b"q %s cm\n" % TURNS[turn], *drawn, b"Q\n"]])
    box = b"/MediaBox [0 0 612 792]"
    turned = turned.replace(box, box + b" /Rotate %d" % shown)

    found, expected = (
        read_original(Original(source="mill.pdf", name="mill.pdf", data=data)).documents[0].text
        for data in (turned, upright)
    )

    assert "Mill: South; Built: 1850; Keeper: Bea Miller." in expected
    assert found == expected


def test_a_stamp_along_the_side_of_a_page_is_no_text():
    stamp = b"BT /F1 11 Tf 0 1 -1 0 30 100 Tm (Received on the fourth of September) Tj ET\n"

    assert text_of([[stamp, *prose(740)]]) == " ".join(PROSE)


# Without drawn lines

POND = [
    ("Pond", "Depth (m)", "Year"),
    ("Cranz", "1.2", "1999"),
    ("Varel", "0.9", "2001"),
    ("Upper Ellersee", "12.75", "1987"),
]


def placed(rows, y=680, places=(72, 200, 300)):
    """Cells by themselves, without a line between them."""
    return [
        (place, y - 16 * number, cell)
        for number, row in enumerate(rows)
        for place, cell in zip(places, row, strict=False)
        if cell
    ]


def test_a_row_of_a_table_without_lines_says_its_header_where_numbers_stand_below_it():
    text = text_of([[*prose(740), *placed(POND), *prose(580)]])

    assert text.split("\n\n") == [
        " ".join(PROSE),
        "Pond: Cranz; Depth (m): 1.2; Year: 1999.\nPond: Varel; Depth (m): 0.9; Year: 2001.\n"
        "Pond: Upper Ellersee; Depth (m): 12.75; Year: 1987.",
        " ".join(PROSE),
    ]


def test_a_header_whose_names_stand_close_is_parted_where_the_columns_are():
    header = [(72, 680, "Pond"), (182, 680, "Depth in metres  Year")]
    rows = placed([("", "", ""), *POND[1:]], places=(72, 210, 270))

    assert "Pond: Varel; Depth in metres: 0.9; Year: 2001." in text_of([[*header, *rows]])


@pytest.mark.parametrize(
    "rows",
    [
        [("Pond", "Keeper", "Town"), ("Cranz", "Ada", "Rehna"), ("Varel", "Bo", "Nesse")],
        POND[1:],
        [POND[0], POND[1]],
        [
            POND[0],
            *[(name, f"{depth} or so", f"{year}, he says") for name, depth, year in POND[1:]],
        ],
        [POND[0], POND[1], ("Varel", "", "2001"), POND[3]],
    ],
    ids=["no numbers", "no header", "one row", "words", "a gap"],
)
def test_rows_without_lines_stay_lines_where_a_header_is_not_certain(rows):
    text = text_of([[*prose(740), *placed(rows), *prose(560)]])

    assert ": Cranz" not in text
    assert "Varel" in text or len(rows) == 2


def test_two_columns_of_prose_with_numbers_are_no_table():
    left = ["In the year of the flood the mill", "was built by four men who came from", "the hills"]
    right = ["1742 and 1743 were years of rain", "1744 was dry, and the wheel stood", "1745 too"]
    page = [(72, 700 - 14 * n, each) for n, each in enumerate(left)]
    page += [(320, 700 - 14 * n, each) for n, each in enumerate(right)]

    assert ": " not in text_of([page])
