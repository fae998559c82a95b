"""What happens to text before it is stored: encodings, normalising, unwrapping, dates, titles."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.documents.dates import date_in, date_in_name, date_in_opening, date_of
from index.documents.decoding import decoded, repaired
from index.documents.draft import Block, Draft, composed, language_code, readable
from index.documents.normalising import line as one_line
from index.documents.normalising import normalised
from index.documents.tables import table_blocks
from index.documents.wrapping import paragraphs

RUSSIAN = "Мельница стоит на реке с давних пор, и колесо её слышно по всей долине."
ENGLISH = "It’s the “old” mill – naïve, but 100 € dear."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_any_encoding_is_read(encoding):
    assert decoded(ENGLISH.encode(encoding)) == ENGLISH


@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_an_encoding_that_nobody_names_is_detected(encoding):
    assert decoded((RUSSIAN * 5).encode(encoding)) == RUSSIAN * 5


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Der Müller fährt täglich über die größere Brücke."),
        ("cp1250", "Młyn stoi nad rzeką, a jego koło słychać w całej dolinie."),
        ("cp1250", "Mlýn stojí u řeky a jeho kolo je slyšet v celém údolí."),
        ("cp1254", "Değirmen ırmağın kıyısında, çarkı bütün vadide işitiliyor."),
        ("cp1255", "הטחנה עומדת על הנהר מאז ומתמיד"),
    ],
)
def test_encodings_of_one_script_are_told_apart(encoding, text):
    assert decoded(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Café"),
        ("cp1252", "naïve déjà vu"),
        ("cp1252", "Größe: 5 m²"),
        ("cp1251", "Привет, мир"),
        ("cp1251", "Україна"),
        ("koi8-r", "Мельница стоит"),
        ("cp866", "Мельница стоит"),
        ("cp1253", "Ελλάδα"),
        ("cp1255", "שלום עולם"),
        ("cp932", "テスト"),
        ("cp932", "こんにちは"),
        ("cp949", "안녕하세요"),
    ],
)
def test_a_few_words_in_an_encoding_that_nobody_names_are_read(encoding, text):
    assert decoded(text.encode(encoding)) == text


def test_a_declared_encoding_is_used():
    assert decoded("水車は川にある".encode("shift_jis"), "Shift_JIS") == "水車は川にある"


def test_a_label_that_is_no_encoding_of_text_is_ignored():
    assert decoded(b"caf\xe9 noir", "rot13") == "café noir"
    assert decoded(b"caf\xe9 noir", "no such thing") == "café noir"


def test_a_damaged_place_does_not_change_the_encoding_of_the_rest():
    assert decoded(RUSSIAN.encode() + b" \xff " + RUSSIAN.encode()) == f"{RUSSIAN} \ufffd {RUSSIAN}"


@pytest.mark.parametrize("text", ["It’s “old – naïve", "Café de la Crème", "fünf Mühlen"])
def test_text_that_was_decoded_twice_is_repaired(text):
    assert repaired(text.encode().decode("cp1252")) == text


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, "São Ângelo à Âncora", "Ð and Þ", "ÉTÉ À LA"])
def test_text_that_is_right_is_left_alone(text):
    assert repaired(text) == text


@given(st.binary(max_size=300))
def test_any_bytes_have_a_text(data):
    assert isinstance(decoded(data), str)


@pytest.mark.parametrize(
    ("given_text", "stored"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("so\u00adft, zero\u200bwidth\ufeff", "soft, zerowidth"),
        ("\uf0b7 One\n\uf0a7\tTwo \uf0fc", "• One\n• Two \uf0fc"),
        ("ﬁne ﬂat oﬃce", "fine flat office"),
        ("ﺍﻟﻄﺎﺣﻮﻧﺔ ﻻ ﺗﺪﻭﺭ ﷺ", "الطاحونة لا تدور ﷺ"),
        ("cafe\u0301", "café"),
        ("a\u00a0b\u3000c \t d", "a b c d"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("a\ud800b", "ab"),
        ("one\n\n\n\ntwo \n three", "one\n\ntwo\nthree"),
        ("left \u202eright\u202c", "left right"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🌾", "👩\u200d🌾"),
    ],
)
def test_text_is_normalised(given_text, stored):
    assert normalised(given_text) == stored


@given(st.text())
@example("\u1100\u00ad\u1161")
@example("e\x00\u0301")
def test_normalising_twice_changes_nothing(text):
    once = normalised(text)

    assert normalised(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.lists(st.tuples(st.text(max_size=20), st.booleans(), st.integers(1, 4)), max_size=8))
def test_offsets_are_those_of_the_stored_text(parts):
    parts = sorted(parts, key=lambda part: part[2])
    blocks = [Block(text, heading=heading, page=page) for text, heading, page in parts]

    document = composed(Draft(blocks=blocks, pages=4), "a", "a.txt")

    if document is not None:
        assert len(document.pages) == 4
        assert list(document.pages) == sorted(document.pages)
        for heading in document.headings:
            assert document.text.startswith(heading.title, heading.start)


def test_the_items_of_a_wrapped_list_keep_their_lines():
    text = (
        "- the wheel of the north mill, which has been turning since the year of the\n"
        "  great flood and was mended twice, the last time by a carpenter who came up\n"
        "  from the coast with his own tools and went away without having been paid\n"
        "- the dam, which is older than the wheel and was built by nobody knows whom,\n"
        "  though some say that it was the monks\n"
    )

    (paragraph,) = paragraphs(text)

    assert [line[:9] for line in paragraph.split("\n")] == ["- the whe", "- the dam"]


@given(st.text(alphabet="ab -\n.1", max_size=300))
def test_unwrapping_loses_no_letter(text):
    kept = [each for each in "".join(paragraphs(text)) if each.isalnum()]

    assert kept == [each for each in text if each.isalnum()]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 September 2021", "2021-09-04"),
        ("September 4th, 2021", "2021-09-04"),
        ("Sept. 4, 2021", "2021-09-04"),
        ("2021-09-04", "2021-09-04"),
        ("den 4. September 2021", "2021-09-04"),
        ("4.9.2021", "2021-09-04"),
        ("4 septembre 2021", "2021-09-04"),
        ("4 de septiembre de 2021", "2021-09-04"),
        ("4 сентября 2021", "2021-09-04"),
        ("2021年9月4日", "2021-09-04"),
    ],
)
def test_a_written_date_is_understood(text, day):
    assert str(date_in(text)) == day


@pytest.mark.parametrize(
    "text",
    [
        "04/09/2021",
        "31 February 2021",
        "September 2021",
        "from 1 May 2020 to 2 May 2020",
        "4 Mall 2021",
    ],
)
def test_an_ambiguous_date_is_none(text):
    assert date_in(text) is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("Sat, 04 Sep 2021 23:30:00 -0500", "2021-09-04"),
        ("D:20210904120000+02'00'", "2021-09-04"),
        ("2021-09-04T10:00:00Z", "2021-09-04"),
        ("20210904", "2021-09-04"),
        ("yesterday", "None"),
        ("", "None"),
        (None, "None"),
    ],
)
def test_a_date_of_metadata_is_understood(value, day):
    assert str(date_of(value)) == day


@given(st.text(max_size=60))
def test_any_value_is_a_date_or_none(value):
    assert date_of(value) is None or date_of(value).year >= 1500


def test_a_date_in_a_file_name_is_taken_when_there_is_one():
    assert str(date_in_name("2021-09-04-panjshir.txt")) == "2021-09-04"
    assert str(date_in_name("scan_20210904.pdf")) == "2021-09-04"
    assert date_in_name("2021-09-04 to 2021-09-05.txt") is None
    assert date_in_name("20219904.txt") is None


def test_a_dateline_is_a_date_and_a_date_in_a_sentence_is_not():
    assert (
        str(date_in_opening("Fighting goes on\n\nKabul, 4 September 2021\n\nText.")) == "2021-09-04"
    )
    assert (
        date_in_opening("It was on 4 September 2021 that the first of the two mills burned.")
        is None
    )


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("annual_report_2020.pdf", "annual report 2020"),
        ("the-north-mill.txt", "the north mill"),
        ("Report No. 5", "Report No. 5"),
        (".txt", ".txt"),
    ],
)
def test_a_file_name_is_made_readable(name, title):
    assert readable(name) == title


def test_a_language_is_two_letters_or_none():
    assert [language_code(each) for each in ("en-US", "pt_BR", "DE", "english", "", None)] == [
        "en",
        "pt",
        "de",
        None,
        None,
        None,
    ]


@given(st.lists(st.lists(st.text(max_size=8), max_size=4), max_size=5))
def test_every_cell_of_the_last_row_is_in_the_text_of_a_table(rows):
    cells = [one_line(cell) for row in rows[-1:] for cell in row]

    text = "\n".join(block.text for block in table_blocks(rows))

    assert [cell for cell in cells if cell not in text] == []
