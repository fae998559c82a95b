"""The sample collection keeps its promises: true to its facts, readable, small, in many formats."""

import csv
import difflib
import email
import email.policy
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import docx
import pypdfium2
import pytest

COLLECTION = Path(__file__).parents[1] / "data" / "documents"
QUESTIONS = Path(__file__).with_name("sample_questions.jsonl")
FILES = sorted(path for path in COLLECTION.iterdir() if path.is_file())
SAMPLES = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
ANSWERABLE = [sample for sample in SAMPLES if sample["kind"] != "unanswerable"]
MARGINS = ("Accept all cookies", "Crosswords", "Sign in", "Copyright 2021", "newsletter")

# A quoted fragment stands in the same paragraph as the one who said it, word for word.
FRAGMENTS = [
    ("stronghold of Afghanistan", "Fahim Dashty", "2021-09-04-panjshir-fighting.md"),
    ("unbreakable", "Fahim Dashty", "2021-09-04-panjshir-fighting.md"),
    ("unbreakable", "Fahim Dashty", "2021-09-04-timeline.md"),
    ("stronghold of Afghanistan", "Fahim Dashty", "2021-09-04-questions-and-answers.html"),
    ("unbreakable", "Fahim Dashty", "2021-09-04-panjshir-history.pdf"),
    ("at the same time", "Taliban source", "2021-09-04-panjshir-fighting.md"),
    ("at the same time", "Taliban source", "2021-09-04-correspondent-email.eml"),
    ("can also injure civilians", "Zabihullah Mujahid", "2021-09-04-kabul-gunfire.html"),
    ("can also injure civilians", "Zabihullah Mujahid", "2021-09-04-emergency-hospital-note.txt"),
    ("difficult", "Amrullah Saleh", "2021-09-04-saleh-video-message.txt"),
    ("will continue", "Amrullah Saleh", "2021-09-04-panjshir-fighting.md"),
    ("inclusive", "The Taliban promised", "2021-09-04-government-in-waiting.md"),
    ("inclusive", "The Taliban promised", "2021-09-04-diplomatic-calendar.docx"),
]


class _PageText(HTMLParser):
    """The words of a page, one paragraph a line; of one element only where `inside` names it."""

    def __init__(self, inside: str | None = None) -> None:
        super().__init__()
        self._inside, self._open, self._words = inside, Counter(), []

    def handle_starttag(self, tag, attrs):
        self._open[tag] += 1

    def handle_endtag(self, tag):
        self._open[tag] -= 1
        if tag in {"p", "h1", "h2", "li", "button"}:
            self._words.append("\n")

    def handle_data(self, data):
        hidden = self._open["script"] or self._open["style"]
        if not hidden and (self._inside is None or self._open[self._inside]):
            # White space in a page's source is layout, as it is to a browser.
            self._words.append(re.sub(r"\s+", " ", data))

    def text(self) -> str:
        return "".join(self._words)


def _html(source: str, inside: str | None = None) -> str:
    page = _PageText(inside)
    page.feed(source)
    return page.text()


def _message(path: Path):
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)


def _pages(path: Path) -> list[str]:
    with pypdfium2.PdfDocument(path) as pdf:
        return [page.get_textpage().get_text_range().replace("\r\n", "\n") for page in pdf]


def _docx(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _text(path: Path) -> str:
    match path.suffix:
        case ".pdf":
            return "\n".join(_pages(path))
        case ".docx":
            return _docx(path)
        case ".eml":
            return _message(path).get_body(("plain",)).get_content()
        case ".html":
            return _html(path.read_text("utf-8"))
        case _:
            return path.read_text("utf-8")


def _paragraphs(path: Path) -> list[str]:
    # A PDF and a wrapped text break lines anywhere; only an empty line parts their paragraphs.
    parted = r"\n\s*\n" if path.suffix in {".txt", ".pdf", ".eml"} else r"\n"
    return [" ".join(paragraph.split()) for paragraph in re.split(parted, _text(path))]


def _documents(sample) -> list[Path]:
    named = sample["document"]
    return [COLLECTION / name for name in ([named] if isinstance(named, str) else named)]


def _holds(text: str, answer: str) -> bool:
    # A wrapped text may break its line inside a name.
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", " ".join(text.split())) is not None


def test_the_collection_has_fifteen_to_eighteen_documents_in_seven_formats():
    formats = {path.suffix for path in FILES}

    assert 15 <= len(FILES) <= 18
    assert formats == {".txt", ".md", ".html", ".pdf", ".docx", ".eml", ".csv"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_document_is_small_and_named_by_its_date_and_subject(path):
    name = path.name

    assert path.stat().st_size < 60_000
    assert re.fullmatch(r"2021-\d\d-\d\d-[a-z]+(-[a-z]+)*\.[a-z]+", name)


@pytest.mark.parametrize(
    "path", [path for path in FILES if path.suffix != ".csv"], ids=lambda path: path.name
)
def test_a_document_is_short_enough_to_read_and_long_enough_to_search(path):
    words = _text(path).split()

    assert 150 <= len(words) <= 500


@pytest.mark.parametrize("sample", ANSWERABLE, ids=lambda sample: sample["question"])
def test_every_accepted_answer_stands_in_a_document_named_for_it(sample):
    texts = [_text(path) for path in _documents(sample)]

    assert sample["answers"]
    assert all(any(_holds(text, answer) for text in texts) for answer in sample["answers"])
    assert all(any(_holds(text, answer) for answer in sample["answers"]) for text in texts)


@pytest.mark.parametrize(
    "sample", [s for s in ANSWERABLE if s["speaker"]], ids=lambda sample: sample["question"]
)
def test_a_speaker_is_named_in_full_in_every_document_that_answers(sample):
    texts = [_text(path) for path in _documents(sample)]

    assert all(sample["speaker"] in " ".join(text.split()) for text in texts)


def test_the_questions_are_forty_and_of_every_kind():
    kinds = Counter(sample["kind"] for sample in SAMPLES)

    assert len({sample["question"] for sample in SAMPLES}) == 40
    assert kinds["unanswerable"] == 10
    assert kinds["who_said"] == 8
    assert set(kinds) == {
        *("who_said", "what_said", "who", "when", "where"),
        *("how_many", "what", "unanswerable"),
    }


def test_a_question_without_an_answer_names_no_document_and_no_speaker():
    unanswerable = [sample for sample in SAMPLES if sample["kind"] == "unanswerable"]

    assert [s for s in unanswerable if s["answers"] or s["document"] or s["speaker"]] == []


@pytest.mark.parametrize(("fragment", "speaker", "name"), FRAGMENTS)
def test_a_quoted_fragment_stands_beside_the_one_who_said_it(fragment, speaker, name):
    quoted = re.compile(rf"[\"“]{re.escape(fragment)}[\"”]")

    paragraphs = _paragraphs(COLLECTION / name)

    assert any(quoted.search(text) and speaker in text for text in paragraphs)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_quoted_fragment_is_put_between_quotation_marks_but_those_of_the_facts(path):
    facts = {fragment for fragment, _, _ in FRAGMENTS}
    others = {
        *("fallen", "five lions", "reported, not verified", "defense", "rumor", "armory"),
        "by the count of the emergency hospital",
        *("bastión de Afganistán", "inquebrantable", "difícil"),
    }

    prose = _html(path.read_text("utf-8")) if path.suffix == ".html" else _text(path)
    # The table's own quotation marks hold its cells together and quote nobody.
    cells = [] if path.suffix == ".csv" else re.findall(r"[\"“]([^\"”]+)[\"”]", prose)

    assert {" ".join(cell.split()).rstrip(",") for cell in cells} - facts - others == set()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_document_counts_no_injured_but_the_twenty_of_the_hospital(path):
    text = " ".join(_text(path).split())

    counted = re.findall(r"(\d+) (?:people )?(?:were )?(?:injured|dead|killed|wounded)", text)

    assert set(counted) <= {"20"}


def test_the_table_counts_two_dead_and_twenty_injured_in_kabul_and_nothing_elsewhere():
    with (COLLECTION / "2021-09-04-casualty-figures.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))

    counted = [(row["place"], row["dead"], row["injured"], row["source"]) for row in rows]
    assert counted[0] == ("Kabul", "2", "20", "emergency hospital")
    assert {(dead, injured) for _, dead, injured, _ in counted[1:]} == {("", "")}


def test_the_evening_edition_nearly_repeats_the_wire_story():
    wire, evening = (
        _text(COLLECTION / name).split()
        for name in (
            "2021-09-04-panjshir-fighting.md",
            "2021-09-04-panjshir-fighting-evening-edition.txt",
        )
    )

    likeness = difflib.SequenceMatcher(None, wire, evening, autojunk=False).ratio()

    assert 0.8 < likeness < 0.99


def test_the_menu_the_cookie_note_and_the_footer_stand_outside_the_article():
    source = (COLLECTION / "2021-09-04-questions-and-answers.html").read_text("utf-8")

    page, article = _html(source), _html(source, inside="article")

    assert [words for words in MARGINS if words not in page] == []
    assert [words for words in MARGINS if words in article] == []


def test_the_explainer_has_two_numbered_pages_and_a_sentence_across_them():
    first, second = _pages(COLLECTION / "2021-09-04-panjshir-history.pdf")

    assert "Page 1 of 2" in first
    assert "Page 2 of 2" in second
    assert "The Taliban government fell" in first
    assert "his allies." in second


def test_the_calendar_has_headings_and_a_table_of_dates():
    document = docx.Document(str(COLLECTION / "2021-09-04-diplomatic-calendar.docx"))

    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    (table,) = document.tables

    assert headings == ["Dates", "Qatar", "Geneva", "Kabul", "For planners"]
    assert [cell.text for cell in table.rows[0].cells] == ["Date", "Place", "Who", "What"]
    assert len(table.rows) == 4


def test_the_mail_says_the_same_in_plain_text_and_in_html_and_attaches_nothing():
    message = _message(COLLECTION / "2021-09-04-correspondent-email.eml")

    plain = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()

    assert message.get_content_type() == "multipart/alternative"
    assert list(message.iter_attachments()) == []
    assert _html(page).split() == plain.split()


def test_the_dates_inside_the_files_agree_with_their_names():
    calendar = docx.Document(str(COLLECTION / "2021-09-04-diplomatic-calendar.docx"))
    message = _message(COLLECTION / "2021-09-04-correspondent-email.eml")
    with pypdfium2.PdfDocument(COLLECTION / "2021-09-04-panjshir-history.pdf") as pdf:
        printed = pdf.get_metadata_value("CreationDate")

    assert printed.startswith("D:20210904")
    assert calendar.core_properties.created.date().isoformat() == "2021-09-04"
    assert message["date"].datetime.date().isoformat() == "2021-09-04"
