"""Files of every format to documents: text, title, date, pages and headings."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from index.documents import SUFFIXES
from index.documents.formats import read_original
from index.documents.original import Original
from index.errors import DocumentUnreadable
from index.passages import Document
from tests.documents_files import (
    BOOK,
    doc,
    docx,
    epub,
    msg,
    odt,
    paragraph,
    pdf,
    ppt,
    pptx,
    tarred,
    tnef,
    tnef_properties,
    word_table,
    xlsx,
    zipped,
)


def documents_in(name, content):
    data = content.encode() if isinstance(content, str) else content
    return read_original(Original(source=name, name=name, data=data)).documents


def read(name, content):
    (document,) = documents_in(name, content)
    return document


def reason_for(name, content):
    with pytest.raises(DocumentUnreadable) as caught:
        documents_in(name, content)
    return caught.value.reason


def headings(document):
    """The headings, each as the text has it at its offset."""
    found = [(each.start, each.title) for each in document.headings]
    return [document.text[start : start + len(title)] for start, title in found]


def page_texts(document):
    ends = [*document.pages[1:], len(document.text)]
    return [document.text[s:e].strip() for s, e in zip(document.pages, ends, strict=True)]


# Plain text, Markdown, reStructuredText


def test_the_lines_of_a_wrapped_paragraph_are_joined():
    wrapped = (
        "The north mill has stood on the river since the year of the great flood, and\n"
        "nobody who lives in the valley can remember a time when its wheel was not to\n"
        "be heard at night. It was built of oak that came down the river on rafts, by\n"
        "carpenters from the coast.\n\nIts owner sold it.\n"
    )

    document = read("mill.txt", wrapped)

    assert document.text.split("\n\n") == [
        " ".join(wrapped.split("\n\n")[0].split()),
        "Its owner sold it.",
    ]


def test_the_lines_of_a_poem_stay():
    poem = "The wheel goes round,\nthe river sings,\nand all the sound\nthe evening brings.\n"

    assert read("poem.txt", poem).text == poem.strip()


def test_a_readable_file_name_is_the_title_of_a_text():
    assert read("2021-09-04_the_north_mill.txt", "It stands.").title == "the north mill"


def test_a_first_sentence_that_ends_with_a_quotation_is_no_title():
    opening = 'The minister said the bill was "an insult."'

    document = read("2021 the bill.txt", f"{opening}\n\nShe left.")

    assert document.title == "2021 the bill"
    assert not document.headings


def test_a_byline_and_a_dateline_may_stand_below_the_title_of_a_text():
    document = read(
        "mill.txt", "The mill of Ham\nBy Ada Miller\n4 September 2021\n\nIt stands.\n\nIt turns.\n"
    )

    assert (document.title, document.author) == ("The mill of Ham", "Ada Miller")
    assert str(document.date) == "2021-09-04"


def test_a_short_first_line_is_the_title_of_a_text():
    text = "Saving the mill\nFrom: Ada\nTo: all who care\n\nThe dam will be mended in spring.\n"

    document = read("a.txt", text)

    assert document.title == "Saving the mill"
    assert document.text.startswith("Saving the mill\n\nFrom: Ada\nTo: all who care\n\nThe dam")


def test_markdown_comes_without_its_marks():
    document = read(
        "mill.md",
        "---\ntitle: The mill\ndate: 2021-09-04\nauthor: Ada Miller\nlang: en\n---\n\n# History\n\n"
        "It was **built** of [oak](http://example.org) in\n1742.\n\n- one\n- two\n\n"
        "| Mill | Year |\n|---|---|\n| North | 1742 |\n",
    )

    assert document.text == (
        "History\n\nIt was built of oak in 1742.\n\none\ntwo\n\nMill: North; Year: 1742."
    )
    assert (document.title, str(document.date)) == ("The mill", "2021-09-04")
    assert (document.author, document.language) == ("Ada Miller", "en")
    assert headings(document) == ["History"]


def test_underlined_lines_of_restructuredtext_are_headings():
    document = read("mill.rst", "The mill\n========\n\n.. image:: mill.png\n\nIt stands.\n")

    assert document.text == "The mill\n\nIt stands."
    assert headings(document) == ["The mill"]


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("It *stands* and **turns** since ``1742``.", "It stands and turns since 1742."),
        ("See `the mill <http://mill.example>`_ and `Wheels`_.", "See the mill and Wheels."),
        ("Call :py:func:`~mill.turn` or :doc:`Mills <mills>`.", "Call mill.turn or Mills."),
        ("2 * 3 * 4 is snake_case_name", "2 * 3 * 4 is snake_case_name"),
        (".. note:: It stands\n   since 1742.", "It stands\nsince 1742."),
    ],
)
def test_restructuredtext_comes_without_its_marks(marked, text):
    assert read("mill.rst", f"Mills\n=====\n\n{marked}\n").text == f"Mills\n\n{text}"


@pytest.mark.parametrize(
    "table",
    [
        "+-------+-------+\n| Mill  | Built |\n+=======+=======+\n| North | in    |\n"
        "|       | 1742  |\n+-------+-------+\n| South | 1850  |\n+-------+-------+\n",
        "=====  =====\nMill   Built\n=====  =====\nNorth  in\n       1742\n"
        "South  1850\n=====  =====\n",
    ],
    ids=["grid", "simple"],
)
def test_a_table_of_restructuredtext_is_rows_with_their_header(table):
    document = read("mill.rst", f":Author: Ada\n:Date: 2021-09-04\n\nMills\n\n{table}\nThe end.\n")

    assert document.text.split("\n\n") == [
        "Mills",
        "Mill: North; Built: in 1742.\nMill: South; Built: 1850.",
        "The end.",
    ]
    assert (document.author, str(document.date)) == ("Ada", "2021-09-04")


def test_a_table_whose_cells_span_others_stays_as_it_is_drawn():
    table = "+---+---+\n| a | b |\n+---+---+\n| both  |\n+---+---+\n"

    assert "| both |" in read("mill.rst", f"Mills\n\n{table}").text


def test_each_line_of_a_log_stays_a_line():
    log = "\n".join(
        f"12:00:{n:02} the wheel turned round once more, as it has to" for n in range(9)
    )

    assert read("mill.log", log).text == log


# Data


def test_a_row_of_a_table_says_its_header():
    assert read("mills.csv", "Mill;Built;Place\nNorth;1742;Elm Lane\nSouth;;\n").text == (
        "Mill: North; Built: 1742; Place: Elm Lane.\nMill: South."
    )


def test_a_caption_above_a_table_is_a_paragraph():
    assert read("mills.tsv", "Mills\t\nMill\tBuilt\nNorth\t1742\n").text == (
        "Mills\n\nMill: North; Built: 1742."
    )


def test_rows_without_a_header_are_their_cells():
    assert read("mills.csv", "1742,North\n1801,South\n").text == "1742; North.\n1801; South."


def test_a_name_beside_its_value_needs_no_header():
    assert read("lamp.csv", "Weight,1.1 kg\nGuarantee,5 years\nColour,red\n").text == (
        "Weight: 1.1 kg.\nGuarantee: 5 years.\nColour: red."
    )


def test_json_objects_are_lines_with_the_names_of_their_values():
    found = read("mills.json", json.dumps([{"mill": {"name": "North"}, "built": 1742}, {"a": [1]}]))

    assert found.text == "mill.name: North; built: 1742.\na: 1."


def test_the_line_that_says_what_a_file_is_parted_by_is_no_row():
    text = read("mill.csv", b"sep=|\nMill|Built\nNorth, the old one|1742\n").text

    assert text == "Mill: North, the old one; Built: 1742."


def test_a_quotation_mark_that_nothing_closes_is_one():
    text = read("mill.csv", b'Mill,Wheel\nNorth,6" wide\nSouth,"8 wide\nWest,oak\n').text

    assert text.split("\n") == [
        'Mill: North; Wheel: 6" wide.',
        'Mill: South; Wheel: "8 wide.',
        "Mill: West; Wheel: oak.",
    ]


def test_a_quotation_mark_within_a_cell_leaves_the_others_their_meaning():
    text = read("mill.csv", b'Mill,Wheel\nNorth,6" wide\nSouth,"oak, old"\n').text

    assert text.split("\n")[-1] == "Mill: South; Wheel: oak, old."


def test_a_header_may_leave_its_corner_empty():
    text = read("mill.csv", b",Built\nNorth,1742\nSouth,1850\n").text

    assert text == "North; Built: 1742.\nSouth; Built: 1850."


def test_numbers_stay_as_they_are_written():
    long = "1" * 5000

    text = read("mill.json", f'{{"height": 1.50, "wheel": {long}}}'.encode()).text

    assert text == f"height: 1.50; wheel: {long}."


def test_a_notebook_of_the_third_version_is_read():
    data = (
        b'{"worksheets": [{"cells": [{"cell_type": "markdown", "source": ["# Mills"]}, '
        b'{"cell_type": "code", "input": "turn(3)", "outputs": []}]}]}'
    )

    assert read("mill.ipynb", data).text == "Mills\n\nturn(3)"


def test_json_lines_are_read_line_by_line():
    assert read("mills.jsonl", '{"mill": "North"}\n{"mill": "South"}\n').text == (
        "mill: North.\nmill: South."
    )


def test_broken_json_names_its_line():
    assert reason_for("mills.json", '{"a": 1}\n{"b": \n').startswith(
        "it is not valid JSON (line 2)"
    )


def test_a_notebook_is_its_text_code_and_output():
    cells = [
        {"cell_type": "markdown", "source": ["# Mills\n", "Two of them."]},
        {"cell_type": "code", "source": "1 + 1", "outputs": [{"data": {"text/plain": ["2"]}}]},
    ]

    assert read("mills.ipynb", json.dumps({"cells": cells})).text == (
        "Mills\n\nTwo of them.\n\n1 + 1\n\n2"
    )


# The web

PAGE = """<!doctype html><html lang="en-GB"><head><title>The north mill | Valley News</title>
<meta name="author" content="Ada Miller"><meta property="article:published_time"
content="2021-09-04T10:00:00Z"><meta property="og:title" content="The north mill"></head><body>
<nav><ul><li><a href="/">Home page</a></li><li><a href="/all">All the news</a></li></ul></nav>
<div class="cookie-banner">We use cookies to make this site better. Accept them all?</div>
<article><h1>The north mill</h1><p>The north mill has stood on the river since the year of the
great flood, and nobody can remember a time without it.</p><h2>Its owner</h2><p>Its owner, a
carpenter from the coast, said that he would never sell it to anybody who wants to stop the
wheel.</p></article><aside><p>Read more: ten mills you must see before they are gone</p></aside>
<footer><p>Copyright Valley News. All rights reserved.</p></footer></body></html>"""


def test_a_page_is_its_main_text():
    document = read("mill.html", PAGE)

    assert "nobody can remember a time without it." in document.text
    assert "said that he would never sell it" in document.text
    for noise in ("Home page", "cookies", "ten mills", "Copyright"):
        assert noise not in document.text


def test_a_page_says_its_title_author_date_and_language():
    document = read("mill.html", PAGE)

    assert (document.title, document.author) == ("The north mill", "Ada Miller")
    assert (str(document.date), document.language) == ("2021-09-04", "en")
    assert "Its owner" in headings(document)


def test_lists_and_links_in_a_box_of_facts_stay():
    box = (
        "<table class=infobox><tr><th>Founders</th><td><ul><li><a href=/a>Ada</a></li><li>"
        "<a href=/b>Ben</a></li></ul></td></tr><tr><th>Seat</th><td>Elm Lane 4,<br>"
        "<a href=/v>Vey</a>, in the valley</td></tr><tr><th>Founded</th><td>1742<style>b{}</style>"
        "</td></tr></table>"
    )

    text = read("mill.html", PAGE.replace("<h2>", box + "<h2>")).text

    assert "Founders: Ada, Ben.\nSeat: Elm Lane 4, Vey, in the valley.\nFounded: 1742." in text


LONG = "The mill stands on the river since the year of the flood, and its wheel turns. " * 2


def test_what_a_page_does_not_show_is_left_out():
    data = (
        f"<html><body><main><h1>Mills</h1><p>{LONG}</p><p hidden>Not one.</p><template>Not two."
        f"</template><div style='color: red; display: none'>Not three.</div><p>{LONG}</p></main>"
    )

    assert "Not" not in read("mill.html", data).text


def test_a_page_that_its_scripts_show_is_read():
    data = f"<html><body><div style='display:none' id=app><h1>Mills</h1><p>{LONG}</p></div>"

    assert LONG.strip() in read("mill.html", data).text


SPANS = (
    "<table><tr><th>Mill</th><th>Built</th><th>Keeper</th></tr>"
    "<tr><td rowspan=2>North</td><td>1742</td><td>Ada</td></tr><tr><td>1850</td><td>Bea</td></tr>"
    "<tr><td colspan=2>South and West</td><td>Cid</td></tr></table>"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("mill.html", f"<html><body><main><h1>Mills</h1><p>{LONG}</p>{SPANS}</main></body></html>"),
        ("mill.eml", f"From: a@b\nSubject: Mills\nContent-Type: text/html\n\n<p>Here:</p>{SPANS}"),
    ],
)
def test_a_cell_of_a_page_that_spans_rows_or_columns_leaves_the_others_in_theirs(name, data):
    rows = read(name, data).text.split("\n")

    assert rows[-3:] == [
        "Mill: North; Built: 1742; Keeper: Ada.",
        "Mill: North; Built: 1850; Keeper: Bea.",
        "Mill: South and West; Keeper: Cid.",
    ]


def test_spans_that_are_no_numbers_or_too_many_are_one_or_few():
    rows = "<tr><td rowspan=9999999>A</td><td colspan=-1>1</td><td colspan=x>2</td></tr>"
    head = "From: a@b\nSubject: Mills\nContent-Type: text/html\n\n"

    text = read("mill.eml", f"{head}<table>{rows}<tr><td>3</td></tr></table>").text

    assert text.endswith("A; 1; 2.\nA; 3.")


def test_every_post_of_a_thread_is_read():
    posts = [f"This is post {n}, which says what the others do not say at all." for n in range(4)]
    thread = "".join(f"<article class=post><p>{each}</p></article>" for each in posts)

    text = read("mill.html", f"<html><body><h1>Mill</h1>{thread}</body></html>").text

    assert [each for each in posts if each not in text] == []


def test_a_page_in_its_own_charset_is_read_in_it():
    text = "Мельница стоит на реке с 1742 года."
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{text}</p></body></html>'

    assert read("mill.html", page.encode("cp1251")).text == text


def test_a_feed_is_its_entries():
    feed = (
        "<rss><channel><title>Valley News</title><item><title>Flood</title>"
        "<pubDate>Sat, 04 Sep 2021 10:00:00 GMT</pubDate>"
        "<description>&lt;p&gt;The river rose.&lt;/p&gt;</description></item></channel></rss>"
    )

    document = read("news.xml", feed)

    assert document.title == "Valley News"
    assert document.text == "Flood\n\nPublished: 2021-09-04.\n\nThe river rose."


# PDF


def test_pages_of_a_pdf_begin_where_their_text_begins():
    document = read("mill.pdf", pdf([[(72, 700, "First page.")], [], [(72, 700, "Third page.")]]))

    assert page_texts(document) == ["First page.", "", "Third page."]
    assert document.page_at(document.text.index("Third")) == 3
    assert str(document.date) == "2021-09-04"


def test_columns_are_read_one_after_the_other():
    left = [f"The left column says in line {n} what it" for n in range(8)]
    right = [f"The right column says in line {n} what" for n in range(8)]
    lines = []
    for n in range(8):
        lines += [(60, 700 - 14 * n, left[n]), (330, 700 - 14 * n, right[n])]

    text = read("mill.pdf", pdf([lines])).text

    assert text.index("left column says in line 7") < text.index("right column says in line 0")


def test_a_word_that_was_hyphenated_is_joined():
    lines = [
        (72, 700, "The river was so high in the spring of that year that all the car-"),
        (72, 686, "penters of the valley came to help, and the well-known mill was saved by the"),
        (72, 672, "rafts."),
    ]

    text = read("mill.pdf", pdf([lines])).text

    assert "all the carpenters of the valley" in text
    assert "well-known mill" in text


def test_running_heads_and_page_numbers_are_dropped():
    pages = [
        [
            (72, 760, "Valley Mills: a history"),
            (72, 700, f"Text of page {word}."),
            (72, 650, "More of it."),
            (72, 600, "And more."),
            (300, 30, str(number)),
        ]
        for number, word in enumerate(("one", "two", "three", "four"), start=1)
    ]

    text = read("mill.pdf", pdf(pages)).text

    assert "a history" not in text
    assert page_texts(read("mill.pdf", pdf(pages)))[1].startswith("Text of page two.")
    assert not any(line.isdigit() for line in text.split("\n"))


def test_a_heading_on_every_page_is_no_running_head():
    pages = [
        [(72, 740, f"Chapter {n}", 22), *((72, 700 - 14 * m, f"Line {m}.") for m in range(9))]
        for n in range(1, 5)
    ]

    assert headings(read("mill.pdf", pdf(pages))) == [f"Chapter {n}" for n in range(1, 5)]


def test_a_large_line_of_a_pdf_is_a_heading_and_its_title():
    lines = [(72, 720, "The north mill", 20)]
    lines += [(72, 680 - 14 * n, "It stands on the river and its wheel turns.") for n in range(6)]

    document = read("2021 scan.pdf", pdf([lines], title="Microsoft Word - scan.doc"))

    assert document.title == "The north mill"
    assert headings(document) == ["The north mill"]


def test_the_bullet_of_a_font_of_signs_begins_an_item():
    bullet = b"BT /F2 11 Tf 72 %d Td (\\267 The item number %d) Tj ET\n"
    cmap = b"1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar <b7> <f0b7>"
    cmap += b" <20> <0020> endbfchar 1 beginbfrange <21> <7e> <0021> endbfrange"
    stream = b"90 0 obj\n<< /Length %d >> stream\n%s\nendstream\nendobj\nxref\n" % (len(cmap), cmap)
    made = pdf([[bullet % (700, 1), bullet % (686, 2)]])
    made = made.replace(b"/Helvetica-Bold", b"/Helvetica-Bold /ToUnicode 90 0 R")

    text = read("mill.pdf", made.replace(b"xref\n", stream, 1)).text

    assert text == "• The item number 1\n• The item number 2"


def test_a_paragraph_runs_on_over_a_page_end():
    pages = [
        [(72, 700, "The owner of the mill said to the people who had come from the town that")],
        [(72, 700, "he would never sell it.")],
    ]

    document = read("mill.pdf", pdf(pages))

    assert "from the town that he would never sell it." in document.text
    assert document.page_at(document.text.index("he would")) == 2


def test_a_pdf_without_text_says_so():
    assert "no text layer" in reason_for("scan.pdf", pdf([[]]))


def test_a_damaged_pdf_says_so():
    assert reason_for("mill.pdf", b"%PDF-1.4 and nothing more") == "it is damaged, or not a PDF"


# Office


def test_a_word_document_is_its_paragraphs_tables_and_notes():
    body = paragraph("The north mill", "H1") + paragraph("It stands.")
    body += word_table([("Mill", "Built"), ("North", "1742")])
    notes = f"<w:footnote>{paragraph('See the archive.')}</w:footnote>"

    document = read("mill.docx", docx(body, footnotes=notes))

    assert document.text == (
        "The north mill\n\nIt stands.\n\nMill: North; Built: 1742.\n\nSee the archive."
    )
    assert (document.title, document.author, document.language) == ("The mill", "Ada Miller", "en")
    assert headings(document) == ["The north mill"]


def test_a_cell_that_spans_rows_says_in_each_what_it_says():
    lower = f"<w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('')}</w:tc>"
    table = word_table([("River", "Mill"), ("Elm", "North")])
    table = table.replace(
        "</w:tbl>", f"<w:tr>{lower}<w:tc>{paragraph('South')}</w:tc></w:tr></w:tbl>"
    )

    assert read("mill.docx", docx(table)).text == (
        "River: Elm; Mill: North.\nRiver: Elm; Mill: South."
    )


def test_damage_beside_the_text_of_a_word_document_does_not_matter():
    whole = docx(paragraph("It stands."))
    at = whole.index(b"word/styles.xml") + len("word/styles.xml")

    damaged = whole[: at + 9] + bytes(8) + whole[at + 17 :]

    assert read("mill.docx", damaged).text == "It stands."


def test_deleted_text_of_a_word_document_is_gone_and_inserted_text_stays():
    body = (
        "<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>fell</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>stands</w:t></w:r></w:ins></w:p>"
    )

    assert read("mill.docx", docx(body)).text == "It stands"


@pytest.mark.parametrize("name", ["mill.docx", "mill"])
def test_a_word_document_whose_main_part_has_a_number_is_read(name):
    with zipfile.ZipFile(io.BytesIO(docx(paragraph("It stands.")))) as made:
        members = {each: made.read(each) for each in made.namelist()}
    members["word/document2.xml"] = members.pop("word/document.xml")

    assert read(name, zipped(members)).text == "It stands."


def test_a_formula_is_no_archive():
    members = {
        "mimetype": "application/vnd.oasis.opendocument.formula",
        "content.xml": "<math><mi>a</mi></math>",
        "settings.xml": "<s><item>no text</item></s>",
    }

    assert reason_for("mill.odf", zipped(members)) == "it holds no text"


def test_hidden_text_of_a_word_document_is_left_out():
    body = "".join(
        f"<w:r><w:rPr>{mark}</w:rPr><w:t>{text}</w:t></w:r>"
        for mark, text in (
            ("<w:b/>", "Shown, "),
            ("<w:vanish/>", "not shown, "),
            ('<w:vanish w:val="0"/>', "shown."),
        )
    )

    assert read("mill.docx", docx(f"<w:p>{body}</w:p>")).text == "Shown, shown."


def test_an_old_word_document_is_read():
    text = "The north mill\rIt stands.\rMill\x07Built\x07\x07North\x071742\x07\x07The end.\r"

    assert read("mill.doc", doc(text)).text == (
        "The north mill\n\nIt stands.\n\nMill: North; Built: 1742.\n\nThe end."
    )


def test_the_codes_of_a_field_are_left_out():
    assert read("mill.doc", doc("See \x13 HYPERLINK x \x14here\x15.\r")).text == "See here."


def test_paragraphs_of_an_old_word_document_that_have_the_style_of_headings_are_headings():
    document = read("mill.doc", doc("Mills\rTwo of them.\rNorth\rIt stands.\r", headings={0, 2}))

    assert headings(document) == ["Mills", "North"]
    assert document.text == "Mills\n\nTwo of them.\n\nNorth\n\nIt stands."
    assert document.title == "Mills"


def test_an_old_word_document_whose_styles_cannot_be_found_keeps_its_text():
    made = bytearray(doc("Mills\rTwo of them.\r", headings={0}))
    struct.pack_into("<II", made, made.index(struct.pack("<H", 0xA5EC)) + 0x102, 2**31, 12)

    document = read("mill.doc", bytes(made))

    assert document.text == "Mills\n\nTwo of them."
    assert headings(document) == []


def test_an_encrypted_old_word_document_says_so():
    assert reason_for("mill.doc", doc("x\r", encrypted=True)).startswith("it is encrypted")


def test_lines_are_joined_in_each_of_the_columns_that_a_paragraph_goes_through():
    left = ["The mill stands on the river since the", "year of the flood, and its wheel turns"]
    right = [
        "when the water is high. In dry summers",
        "it stands still, and those living there",
        "wait.",
    ]
    page = [(72, 700 - 14 * n, each) for n, each in enumerate(left)]
    page += [(320, 700 - 14 * n, each) for n, each in enumerate(right)]

    assert read("mill.pdf", pdf([page])).text == " ".join([*left, *right])


@pytest.mark.parametrize(("name", "made"), [("mill.pptx", pptx), ("mill.ppt", ppt)])
def test_slides_are_pages_in_their_order(name, made):
    document = read(name, made([("Mills", "Two of them."), ("North", "It stands.")]))

    assert page_texts(document) == ["Mills\n\nTwo of them.", "North\n\nIt stands."]
    assert headings(document) == ["Mills", "North"]


CHART = (
    '<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart><c:title><a:t>Members</a:t></c:title>'
    "<c:plotArea><c:ser><c:tx><c:v>Paid</c:v></c:tx><c:cat><c:pt idx='0'><c:v>2020</c:v></c:pt>"
    "<c:pt idx='1'><c:v>2021</c:v></c:pt></c:cat><c:val><c:formatCode>0%</c:formatCode>"
    "<c:pt idx='0'><c:v>0.5</c:v></c:pt><c:pt idx='1'><c:v>0.75</c:v></c:pt></c:val></c:ser>"
    "<c:valAx><c:title><a:t>Share</a:t></c:title></c:valAx></c:plotArea></c:chart></c:chartSpace>"
)


def with_members(data, more):
    """The zip with more members."""
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        return zipped({each: made.read(each) for each in made.namelist()} | more)


def test_a_chart_is_rows_of_what_it_shows():
    relation = (
        '<Relationships><Relationship Id="r9" Target="../charts/chart1.xml"/></Relationships>'
    )
    shown = {"ppt/slides/_rels/slide1.xml.rels": relation, "ppt/charts/chart1.xml": CHART}
    slides = with_members(pptx([("Mills", "Two of them.")]), shown)
    text = with_members(docx(paragraph("Two of them.")), {"word/charts/chart1.xml": CHART})
    told = "Two of them.\n\nMembers\n\n2020; Paid: 50%.\n2021; Paid: 75%."

    assert read("mill.pptx", slides).text == f"Mills\n\n{told}"
    assert read("mill.docx", text).text == told


def test_a_sheet_is_rows_with_their_header():
    rows = [("Mill", "Built", "Wheels"), ("North", 1742, 2.5)]

    document = read("valley_mills.xlsx", xlsx(rows))

    assert document.text == "Mills\n\nMill: North; Built: 1742; Wheels: 2.5."
    assert document.title == "valley mills"


def test_a_cell_at_the_end_of_a_sheet_does_not_fill_it():
    data = xlsx([("Mill", "Built"), ("North", 1742), ("South", 1850)])
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        members = {each: made.read(each) for each in made.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    for place, moved in ((b'r="3"', b'r="1048576"'), (b"A3", b"A1048576"), (b"B3", b"B1048576")):
        sheet = sheet.replace(place, moved)

    text = read("mill.xlsx", zipped(members | {"xl/worksheets/sheet1.xml": sheet})).text

    assert text == "Mills\n\nMill: North; Built: 1742.\nMill: South; Built: 1850."


def test_an_opendocument_text_is_read():
    document = read(
        "mill.odt",
        odt(
            "<text:h>The north mill</text:h><text:p>It <text:s/>stands<text:tracked-changes>x"
            "</text:tracked-changes>.</text:p><table:table><table:table-row><table:table-cell>"
            "<text:p>Mill</text:p></table:table-cell><table:table-cell><text:p>Built</text:p>"
            "</table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>North"
            "</text:p></table:table-cell><table:table-cell><text:p>1742</text:p>"
            "</table:table-cell></table:table-row></table:table>"
        ),
    )

    assert document.text == "The north mill\n\nIt stands.\n\nMill: North; Built: 1742."
    assert (document.title, str(document.date)) == ("The mill", "2021-09-04")


def test_a_paragraph_in_a_style_of_titles_is_a_heading():
    styles = '<s:style s:name="P1" s:parent-style-name="Heading_20_1"/>'
    body = (
        '<text:p text:style-name="P1">Old mills</text:p><text:p>One.</text:p>'
        '<text:p text:style-name="Title">Mills</text:p><text:p text:style-name="P2">Two.</text:p>'
    )
    data = odt(f'<styles xmlns:s="s">{styles}</styles>{body}')

    assert [each.title for each in read("mill.odt", data).headings] == ["Old mills", "Mills"]


FLAT = (
    '<?xml version="1.0"?><office:document xmlns:office="o" xmlns:text="t" xmlns:table="b" '
    'xmlns:meta="m" office:mimetype="application/vnd.oasis.opendocument.{}"><office:meta>'
    "<meta:initial-creator>Ada Miller</meta:initial-creator></office:meta>"
    "<office:body>{}</office:body></office:document>"
)


@pytest.mark.parametrize("name", ["mill.fodt", "mill.xml", "mill"])
def test_an_opendocument_text_in_one_file_is_read(name):
    data = FLAT.format("text", "<text:h>Mills</text:h><text:p>It stands.</text:p>").encode()

    document = read(name, data)

    assert (document.text, document.author) == ("Mills\n\nIt stands.", "Ada Miller")


def test_an_opendocument_sheet_in_one_file_is_rows_with_their_header():
    cells = [("Mill", "Built"), ("North", "1742")]
    rows = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{c}</text:p></table:table-cell>" for c in row)
        + "</table:table-row>"
        for row in cells
    )

    data = FLAT.format("spreadsheet", f"<table:table>{rows}</table:table>").encode()

    assert read("mill.fods", data).text == "Mill: North; Built: 1742."


def test_the_title_of_a_slide_is_a_heading_in_opendocument_too():
    data = FLAT.format(
        "presentation",
        '<page><frame class="title"><box><text:p>Old</text:p><text:p>mills</text:p></box></frame>'
        "<frame><box><text:p>They stand.</text:p></box></frame></page>",
    )

    document = read("mill.fodp", data)

    assert (document.title, document.text) == ("Old mills", "Old mills\n\nThey stand.")


def test_a_drawing_is_its_text():
    data = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.graphics",
            "content.xml": '<d xmlns:t="t"><body><page><frame><text-box><t:p>It stands.</t:p>'
            "</text-box></frame></page></body></d>",
            "settings.xml": "<s><item>no text</item></s>",
        }
    )

    assert read("mill.odg", data).text == "It stands."


def test_a_heading_of_rich_text_is_told_by_the_name_of_its_style():
    rtf = (
        r"{\rtf1\ansi{\stylesheet{\s0 Normal;}{\s1\sb240\b heading 1;}{\s2\b \'dcberschrift 2;}"
        r"{\s3 Table Heading;}}{\info{\creatim\yr2021\mo9\dy4\hr1}}"
        r"\pard\s1 Mills\par\pard\s0 It stands.\par\pard\s2 Wheels\par\pard\s3 No heading\par}"
    )

    document = read("mill.rtf", rtf.encode("latin-1"))

    assert [each.title for each in document.headings] == ["Mills", "Wheels"]
    assert str(document.date) == "2021-09-04"


OLD_SHEET = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="s" xmlns:s="s"><Worksheet><Table>{}</Table></Worksheet></Workbook>'
).format(
    "".join(
        f'<Row><Cell><Data>{first}</Data></Cell><Cell s:Index="3"><Data>{third}</Data></Cell></Row>'
        for first, third in (("Mill", "Built"), ("North", "1742"), ("South", "1850"))
    )
)


@pytest.mark.parametrize(
    "content",
    [
        "Mill\tBuilt\nNorth\t1742\nSouth\t1850\n",
        "<html><table><tr><th>Mill<th>Built<tr><td>North<td>1742<tr><td>South<td>1850</table>",
        OLD_SHEET,
    ],
    ids=["tabs", "html", "xml"],
)
def test_a_text_that_a_program_calls_a_sheet_is_read_as_a_table(content):
    text = read("mill.xls", content.encode()).text

    assert text == "Mill: North; Built: 1742.\nMill: South; Built: 1850."


def test_rich_text_is_read_in_its_character_sets():
    rtf = (
        r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}"
        r"{\info{\title The mill}{\author Ada}}{\header skipped\par}"
        r"\pard\outlinelevel0 History\par\pard\f0 Caf\'e9 \u8212?and \f1\'cc\'e5\'eb\par"
        r"{\trowd\cellx1\cellx2\pard\intbl Mill\cell Built\cell\row"
        r"\pard\intbl North\cell 1742\cell\row}\pard The end.\par}"
    )

    document = read("mill.rtf", rtf)

    assert document.text == "History\n\nCafé —and Мел\n\nMill: North; Built: 1742.\n\nThe end."
    assert (document.title, document.author) == ("The mill", "Ada")
    assert headings(document) == ["History"]


def test_a_book_is_its_chapters_in_reading_order():
    document = read("mill.epub", epub({"z.xhtml": "<h1>One</h1><p>a</p>", "a.xhtml": "<p>b</p>"}))

    assert document.text == "One\n\na\n\nb"
    assert (document.title, document.author, document.language) == BOOK


# Mail


def mail(html=False, attached=None):
    message = EmailMessage()
    message["Subject"] = "The mill is säved"
    message["From"] = "Ada Miller <ada@example.org>"
    message["To"] = "bob@example.org"
    message["Date"] = "Sat, 04 Sep 2021 10:00:00 +0200"
    message.set_content("The mill is saved.\n\nAda")
    if html:
        message.add_alternative("<p>Another text.</p>", subtype="html")
    for name, data in (attached or {}).items():
        message.add_attachment(data, maintype="application", subtype="x", filename=name)
    return message.as_bytes()


def test_a_message_says_who_writes_what_and_when():
    document = read("a.eml", mail(html=True))

    assert document.text == (
        "The mill is säved\n\nFrom: Ada Miller <ada@example.org>\nTo: bob@example.org\n\n"
        "The mill is saved.\n\nAda"
    )
    assert (document.title, document.author) == ("The mill is säved", "Ada Miller")
    assert str(document.date) == "2021-09-04"


def test_attachments_are_named_and_read_as_documents_of_their_own():
    first, second = documents_in("a.eml", mail(attached={"plan.txt": b"Save the mill."}))

    assert first.text.endswith("Attachments: plan.txt")
    assert (second.source, second.text) == ("a.eml/plan.txt", "Save the mill.")


def test_a_box_of_mail_is_its_messages():
    box = b"From ada Sat Sep  4 10:00:00 2021\n" + mail() + b"\nFrom bob Sun Sep  5 10:00:00 2021\n"
    box += mail()

    assert [each.source for each in documents_in("a.mbox", box)] == ["a.mbox/1", "a.mbox/2"]


def test_lines_of_a_message_that_flow_are_joined():
    mail = (
        b"From: a@b.org\nSubject: Mills\nContent-Type: text/plain; format=flowed\n\n"
        b"The mill \nstands. \n\nIts wheel\nturns.\n> quoted \n-- \nAda"
    )

    text = read("mill.eml", mail).text

    assert text.split("\n\n")[2:] == ["The mill stands.", "Its wheel\nturns.\n> quoted\n--\nAda"]


def test_a_message_may_be_nothing_but_a_file():
    mail = (
        b"From: a@b.org\nSubject: Mills\nContent-Type: text/csv; name=mills.csv\n"
        b"Content-Disposition: attachment; filename=mills.csv\n\nMill,Built\nNorth,1742\n"
    )

    document = read("mail.eml", mail)

    assert (document.source, document.text) == ("mail.eml/mills.csv", "Mill: North; Built: 1742.")


@pytest.mark.parametrize("kind", ["", "; smime-type=enveloped-data"])
def test_a_message_that_is_encrypted_by_a_certificate_says_so(kind):
    mail = f"From: a@b.org\nContent-Type: application/pkcs7-mime{kind}; name=smime.p7m\n\nMIIB\n"

    assert reason_for("mail.eml", mail).startswith("the message is encrypted")


def test_a_box_of_mail_is_one_whatever_its_name():
    box = b"From a@b Sat Sep  4 10:00:00 2021\nSubject: Mills\n\nThey stand.\n\n"

    assert [each.source for each in documents_in("Inbox", box * 2)] == ["Inbox/1", "Inbox/2"]


def test_a_line_that_begins_like_a_message_stands_in_a_box_as_it_was_written():
    box = b"From a@b Sat Sep  4 10:00:00 2021\nSubject: Mills\n\n>From the mill to the river.\n"

    assert read("box.mbox", box).text == "Mills\n\nFrom the mill to the river."


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Mühle.txt".encode(), "Mühle.txt"),
        ("Mühle.txt".encode("cp437"), "Mühle.txt"),
        ("Отчёт.txt".encode("cp866"), "Отчёт.txt"),
        (b"a\nb\x1b.txt", "a b.txt"),
    ],
)
def test_a_member_has_the_name_that_its_writer_gave_it(raw, name):
    data = zipped({"x" * len(raw): "It stands."}).replace(b"x" * len(raw), raw)

    assert read("all.zip", data).source == f"all.zip/{name}"


def test_an_outlook_message_is_read():
    document = read("a.msg", msg(subject="The mill", sender="Ada", to="Bob", body="It is saved."))

    assert document.text == "The mill\n\nFrom: Ada\nTo: Bob\n\nIt is saved."
    assert (document.title, str(document.date)) == ("The mill", "2021-09-04")


def test_what_outlook_wraps_in_winmail_dat_is_read():
    message = EmailMessage()
    message["Subject"] = "Mill"
    message.set_content("The plan is attached.")
    wrapped = tnef({"Plan of the mill.txt": b"It stands."})
    message.add_attachment(wrapped, "application", "ms-tnef", filename="winmail.dat")

    found = [(each.source, each.text) for each in documents_in("a.eml", message.as_bytes())]

    assert found[1:] == [("a.eml/winmail.dat/Plan of the mill.txt", "It stands.")]


def test_a_winmail_dat_by_itself_is_a_message_with_what_it_carries():
    said = tnef_properties({0x1000001F: "The wheel turns.", 0x0C1A001F: "Ada Miller"})

    message, attached = documents_in("winmail.dat", tnef({"a.txt": b"It stands."}, said))

    assert message.text == "Mill\n\nFrom: Ada Miller\n\nThe wheel turns.\n\nAttachments: a.txt"
    assert (message.title, message.author) == ("Mill", "Ada Miller")
    assert attached.source == "winmail.dat/a.txt"


def test_a_message_that_outlook_wraps_in_another_one_is_read():
    inner = tnef({}, tnef_properties({0x10130102: b"<p>It stands.</p>"}), b"Inner\0")
    outer = tnef({"Inner": b""}).replace(tnef_properties({0x3707001F: "Inner"}), b"")
    held = tnef_properties({0x3707001F: "Inner", 0x3701000D: bytes(16) + inner})
    outer = outer[:-11] + struct.pack("<BHHI", 2, 0x9005, 6, len(held)) + held + b"\0\0"

    (document,) = documents_in("winmail.dat", outer)

    assert (document.source, document.title) == ("winmail.dat/Inner.tnef", "Inner")
    assert document.text == "Inner\n\nIt stands."


def test_notes_of_markup_are_paragraphs_and_their_numbers_go():
    markdown = "It stands[^a] ~~no~~ `x[^a]` long.\n\n[^a]: Since 1742.\n"
    structured = "Mills\n=====\n\nIt stands [1]_ long.\n\n.. [1] Since 1742.\n"

    assert read("mill.md", markdown).text == "It stands no x[^a] long.\n\nSince 1742."
    assert read("mill.rst", structured).text == ("Mills\n\nIt stands [1] long.\n\n[1] Since 1742.")


def test_an_encoded_name_with_a_comma_is_one_sender():
    message = EmailMessage()
    message["From"], message["Subject"] = '"Миллер, Ада" <ada@example.org>', "Mill"
    message.set_content("It stands.")

    assert read("a.eml", message.as_bytes()).author == "Миллер, Ада"


def test_an_encrypted_message_says_so():
    message = b"From: ada@example.org\nContent-Type: multipart/encrypted; boundary=x\n\n--x--\n"

    assert "encrypted" in reason_for("a.eml", message)


def test_a_note_in_rtf_follows_its_paragraph_and_hidden_text_is_left_out():
    text = (
        rb"{\rtf1{\stylesheet{\s1\v0 Normal;}}A mill{\footnote Of 1742.} stands. "
        rb"{\v ads}\v ads\v0 On.\par It turns.\par}"
    )

    assert read("mill.rtf", text).text == "A mill stands. On.\n\nOf 1742.\n\nIt turns."


def test_the_number_of_a_note_in_a_book_goes_and_the_note_stays():
    chapter = (
        '<p>It was night<a epub:type="noteref" href="#f">1</a> then.</p>'
        '<aside epub:type="footnote" id="f"><p>Of 4 May. <a role="doc-backlink">↩</a></p></aside>'
    )

    assert read("a.epub", epub({"a.xhtml": chapter})).text == "It was night then.\n\nOf 4 May."


def test_a_notebook_shows_tables_by_their_rows_and_nothing_of_pictures():
    table = "<table><tr><th>day</th><th>level</th></tr><tr><td>1</td><td>1.2</td></tr></table>"
    outputs = [
        {"output_type": "execute_result", "data": {"text/html": table, "text/plain": "0 1 1.2"}},
        {"output_type": "display_data", "data": {"image/png": "x", "text/plain": "<Figure>"}},
        {"output_type": "stream", "text": ["mean 1.27"]},
    ]
    cells = [{"cell_type": "code", "source": "show()", "outputs": outputs}]

    text = read("a.ipynb", json.dumps({"cells": cells})).text

    assert text == "show()\n\nday: 1; level: 1.2.\n\nmean 1.27"


# What a file is


def test_the_members_of_an_archive_are_documents():
    made = zipped({"a/one.txt": "One.", "../two.txt": "Two.", "__MACOSX/x.txt": "Hidden."})

    found = [(each.source, each.text) for each in documents_in("all.zip", made)]

    assert found == [("all.zip/a/one.txt", "One."), ("all.zip/two.txt", "Two.")]


TARRED = tarred({"./a/one.txt": b"One.", "../two.txt": b"Two.", "./._one.txt": b"Hidden."})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("all.tar", TARRED),
        ("all.tar.gz", gzip.compress(TARRED)),
        ("all.tbz", bz2.compress(TARRED)),
        ("all", lzma.compress(TARRED)),
        ("all.tar", tarred({"a/one.txt": b"One.", "two.txt": b"Two."}, format=tarfile.PAX_FORMAT)),
    ],
)
def test_the_members_of_a_tar_are_documents_however_it_is_packed(name, data):
    found = [(each.source, each.text) for each in documents_in(name, data)]

    assert found == [(f"{name}/a/one.txt", "One."), (f"{name}/two.txt", "Two.")]


def test_the_name_of_a_packed_file_is_that_of_the_file_in_it():
    document = read("mills.csv.gz", gzip.compress(b"Mill,Built\nNorth,1742\n"))

    assert (document.source, document.title) == ("mills.csv.gz/mills.csv", "mills")
    assert document.text == "Mill: North; Built: 1742."


def test_a_member_of_a_tar_may_have_a_name_of_another_time():
    data = tarred({"Мельница.txt": b"One."}, format=tarfile.USTAR_FORMAT, encoding="koi8-r")

    assert read("all.tar", data).text == "One."


@pytest.mark.parametrize("name", ["mill.txt", "mill", "mill.bin", "mill.docx"])
def test_bytes_and_not_the_name_say_what_a_file_is(name):
    assert read(name, pdf([[(72, 700, "It stands.")]])).text == "It stands."


def test_a_text_without_a_known_name_is_a_text():
    assert read("README", "It stands.").text == "It stands."


def test_a_file_of_no_known_format_says_so():
    assert reason_for("mill.bin", bytes(range(256)) * 4).startswith("its format is not one")


@pytest.mark.parametrize("content", ["", " \n\t\n", "\ufeff", "- - -\n"])
def test_a_file_without_text_says_so(content):
    assert reason_for("mill.txt", content) in ("it is empty", "it holds no text")


SAMPLES = {
    ".docx": docx(paragraph("It stands.") + word_table([("a", "b"), ("c", "d")])),
    ".pptx": pptx([("Mills", "Two of them.")]),
    ".xlsx": xlsx([("Mill", "Built"), ("North", 1742)]),
    ".odt": odt("<text:p>It stands.</text:p>"),
    ".epub": epub({"a.xhtml": "<p>It stands.</p>"}),
    ".pdf": pdf([[(72, 700, "It stands.")]]),
    ".doc": doc("It stands.\r"),
    ".ppt": ppt([("Mills", "Two of them.")]),
    ".msg": msg(subject="Mills", body="It stands."),
    ".zip": zipped({"a.txt": "It stands."}),
    ".tar": tarred({"a.txt": b"It stands."}),
    ".tnef": tnef({"a.txt": b"It stands."}, tnef_properties({0x1000001F: "It stands."})),
    ".gz": gzip.compress(tarred({"a.txt": b"It stands."})),
    ".eml": mail(html=True, attached={"a.txt": b"It stands."}),
    ".rtf": rb"{\rtf1 It stands.\par}",
    ".html": PAGE.encode(),
    ".ipynb": b'{"cells": [{"cell_type": "code", "source": "1"}]}',
}
ENOUGH = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def ends_well(name, data):
    """Documents with text that is a fixed point of normalising, or a reason."""
    try:
        found = documents_in(name, data)
    except DocumentUnreadable:
        found = []
    for document in found:
        assert isinstance(document, Document)
        assert document.text.strip()
        assert list(document.pages) == sorted(document.pages)
        assert headings(document) == [each.title for each in document.headings]


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@ENOUGH
@given(data=st.binary(max_size=400))
@example(data=b"")
def test_any_bytes_end_as_documents_or_a_reason(suffix, data):
    ends_well(f"a{suffix}", data)


@pytest.mark.parametrize("suffix", sorted(SAMPLES))
@ENOUGH
@given(data=st.data())
def test_a_damaged_file_ends_as_documents_or_a_reason(suffix, data):
    sample = bytearray(SAMPLES[suffix])
    for _ in range(data.draw(st.integers(1, 8))):
        sample[data.draw(st.integers(0, len(sample) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(sample)))

    ends_well(f"a{suffix}", bytes(sample))
    ends_well(f"a{suffix}", bytes(sample[:cut]))


@pytest.mark.parametrize(
    "suffix", [".txt", ".md", ".rst", ".csv", ".json", ".html", ".rtf", ".xml"]
)
@ENOUGH
@given(text=st.text(max_size=300))
def test_any_text_ends_as_documents_or_a_reason(suffix, text):
    ends_well(f"a{suffix}", text.encode("utf-8", "surrogatepass"))


def test_few_cells_above_a_header_are_a_caption():
    rows = "In millions,June 2023,,,\n,Sales,Profit,Staff,Shops\nNorth,12,3,40,5\nSouth,9,1,30,2\n"

    assert read("mills.csv", rows).text == (
        "In millions; June 2023\n\nNorth; Sales: 12; Profit: 3; Staff: 40; Shops: 5.\n"
        "South; Sales: 9; Profit: 1; Staff: 30; Shops: 2."
    )


def test_the_day_that_somebody_was_born_is_not_the_day_of_the_text():
    assert read("a.txt", "Ada Miller\nDate of birth 26 June 1968\n\nShe keeps a mill.").date is None


def test_a_template_does_not_date_what_its_name_dates():
    sheet = docx(paragraph("It stands."))  # made in 2021, it says

    assert str(read("mills.docx", sheet).date) == "2021-09-04"
    assert read("mills 2023.docx", sheet).date is None


def test_pictures_that_a_message_shows_and_its_signature_are_not_attachments():
    message = EmailMessage()
    message["Subject"], message["From"] = "Mill", "ada@example.org"
    message.set_content("The dam will be mended in spring.")
    message.add_attachment(b"\x89PNG\r\n", "image", "png", filename="logo.png", cid="<logo>")
    message.add_attachment(b"\0\1\2", "application", "pkcs7-signature", filename="smime.p7s")
    del message.get_payload()[1]["content-disposition"]
    message.get_payload()[1]["content-disposition"] = 'inline; filename="logo.png"'

    (document,) = documents_in("a.eml", message.as_bytes())

    assert "Attachments" not in document.text


def test_below_an_empty_row_a_caption_and_a_header_begin_another_table():
    rows = "Mill,Built\nNorth,1742\n,\nSouth,1801\n,\nOwners,\nName,Mills,Since\nAda,2,1999\n"

    assert read("mills.csv", rows).text == (
        "Mill: North; Built: 1742.\nMill: South; Built: 1801.\n\nOwners\n\n"
        "Name: Ada; Mills: 2; Since: 1999."
    )
