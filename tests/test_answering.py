"""A question gets proven quotes, the speaker where the text names one, or an honest refusal."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import chunking
from index.answering import LONGEST_QUESTION, Answerer, usable, whole_quotes, without_half_quotes
from index.building import Builder
from index.catalog import Catalog
from index.errors import QuestionUnusable, QuoteMismatch
from index.passages import Answer, Citation, Document, NoAnswer, Passage, Sentence
from index.ports import Reader, Span
from index.reading import (
    CLEAR,
    READ_FIRST,
    READ_PASSAGES,
    EvidenceFinder,
    Learned,
    whole_words,
)
from index.retrieval import Retriever
from index.shelves import alone
from index.vector_search import VectorSearch
from tests.doubles import ListVectors, PlainReader, ScriptedReader, WordEmbedder, write

LIGHTHOUSE = (
    "The lighthouse of Skarn\n\n"
    "The lighthouse of Skarn was built in 1871 by Ada Holm. It is 43 metres tall. "
    '"The lamp will never go out," said the keeper, Jonas Brandt. '
    "Gulls nest on the northern cliff of the island."
)
HARBOUR = (
    "The harbour\n\n"
    "Fishing boats leave the harbour before dawn and come back with herring. "
    "The ice house was rebuilt after the storm of 1953."
)


class Listening(ScriptedReader):
    """Remembers what it was given to read."""

    def __init__(self, *phrases: str, margin: float = 5.0) -> None:
        super().__init__(*phrases, margin=margin)
        self.heard: list[str] = []

    def read(self, question, passages):
        self.heard += passages
        return super().read(question, passages)


class Library:
    """An index with doubles for the machines."""

    def __init__(
        self, folder: Path, *readings: str, reader: Reader | None = None, **texts: str
    ) -> None:
        self.catalog = Catalog(folder / "index" / "catalog.sqlite")
        vectors = VectorSearch(self.catalog, ListVectors)
        self.embedder = embedder = WordEmbedder(512)
        builder = Builder(
            folder=write(folder / "documents", **texts),
            storage=folder / "index",
            catalog=self.catalog,
            vectors=vectors,
            embedder=lambda: embedder,
            reader=PlainReader(),
            chunker=chunking.cut,
            max_file_bytes=10**6,
        )
        builder.reindex()
        self.retriever = Retriever(alone(self.catalog, vectors), lambda: embedder)
        self.finder = EvidenceFinder(ScriptedReader(*readings) if readings else reader)
        self.ask = Answerer(self.retriever, self.finder).answer


@pytest.fixture
def library(tmp_path):
    made = Library(tmp_path, "1871", "herring", skarn=LIGHTHOUSE, harbour=HARBOUR)
    yield made
    made.catalog.close()


def test_the_quote_holds_the_answer_and_is_a_slice(library):
    reply = library.ask("When was the lighthouse of Skarn built?")

    assert isinstance(reply, Answer)
    first = reply.citations[0]
    assert "was built in 1871" in first.quote
    assert first.document.text[first.start : first.end] == first.quote
    assert first.document.source == "skarn.txt"


def test_the_short_answer_is_what_the_reader_marks(library):
    reply = library.ask("When was the lighthouse of Skarn built?")

    assert reply.short == "1871"
    assert reply.text.startswith("1871 [1]\n“")


def test_the_reader_reads_a_passage_under_its_title_and_marks_nothing_in_that(tmp_path):
    reader = Listening("lighthouse of Skarn")
    library = Library(tmp_path, skarn=LIGHTHOUSE, reader=reader)

    reply = library.ask("When was the lighthouse of Skarn built?")

    assert reader.heard[0].startswith("The lighthouse of Skarn. The lighthouse of Skarn was")
    assert all(each.quote != "The lighthouse of Skarn" for each in reply.citations)


@pytest.mark.parametrize(("margin", "read"), [(CLEAR + 1, READ_FIRST), (CLEAR - 1, READ_PASSAGES)])
def test_no_more_is_read_once_a_passage_clearly_answers(tmp_path, margin, read):
    mills = {f"mill{at}": f"Mill {at}\n\nThe mill was built in 18{at}0." for at in range(8)}
    reader = Listening("was", margin=margin)
    library = Library(tmp_path, reader=reader, **mills)

    library.ask("When was the mill built?")

    assert len(reader.heard) == read


@pytest.mark.parametrize(("cosine", "logit"), [(-1.0, -1.0), (0.2, -1.0), (0.4, 0.0), (0.9, 1.0)])
def test_a_curve_is_straight_between_its_points_and_level_beyond(cosine, logit):
    learned = Learned({}, {"cosine": [(0.2, 0.0), (0.6, 2.0)]}, base=-1.0)

    assert learned.surety({"cosine": cosine}) == pytest.approx(logit)


def test_the_speaker_of_a_quotation_is_named(library):
    reply = library.ask("Who said that the lamp will never go out?")

    assert reply.speaker == "Jonas Brandt"
    assert reply.asks_speaker
    assert reply.text.startswith("Jonas Brandt")


def test_the_role_of_a_speaker_goes_on_in_the_line_of_the_name(tmp_path):
    told = "A front holds the valley. Its spokesman is Fahim Dashty. “Our walls hold,” he said."
    library = Library(tmp_path, valley=told)

    reply = library.ask("Who said the walls hold?")

    assert reply.lead == "Fahim Dashty, its spokesman"


def test_the_words_asked_for_are_nobodys_though_the_sentence_beside_them_has_a_speaker(tmp_path):
    told = (
        '"They want to tell us it is freedom. It is filth," said Dwight Kessler, to applause.\n\n'
        '"Fascist!" somebody shouted from the back.'
    )
    library = Library(tmp_path, "Fascist", meeting=f"The meeting\n\n{told}")

    reply = library.ask('who shouted "Fascist!"?')

    assert "Fascist" in reply.citations[0].quote
    assert reply.speaker is None


def test_who_wrote_a_song_is_read_where_it_is_nobodys_remark(tmp_path):
    song = 'Songs\n\n"The Lamp Must Have Gone Out" is a song with words by Cleo Dorn.'
    library = Library(tmp_path, "Cleo Dorn", song=song)

    reply = library.ask("who wrote the lamp must have gone out")

    assert not reply.asks_speaker
    assert reply.text.startswith("Cleo Dorn [1]")


def test_a_speaker_whom_nobody_names_is_not_invented(tmp_path):
    library = Library(tmp_path, "The lamp", fog="Fog\n\nThe lamp will never go out in the fog.")

    reply = library.ask("Who said that the lamp will never go out in the fog?")

    assert isinstance(reply, Answer)
    assert reply.speaker is None
    assert reply.text.startswith("The text does not say who.")


def test_what_the_documents_do_not_hold_is_refused_with_the_nearest_passages(tmp_path):
    library = Library(tmp_path, "nothing of the kind", skarn=LIGHTHOUSE, harbour=HARBOUR)

    reply = library.ask("Which football club won the world cup in Brazil?")

    assert isinstance(reply, NoAnswer)
    assert reply.text == "The documents don't say."
    for each in reply.nearest:
        assert each.document.text[each.start : each.end] == each.quote


def test_an_empty_index_says_that_there_is_nothing(tmp_path):
    reply = Library(tmp_path).ask("When was the lighthouse built?")

    assert isinstance(reply, NoAnswer)
    assert reply.text == "There are no documents to answer from yet."
    assert reply.nearest == ()


def test_a_story_told_again_is_one_citation_that_names_the_other(tmp_path):
    again = LIGHTHOUSE.replace("The lighthouse of Skarn\n", "Skarn once more\n", 1)
    library = Library(tmp_path, "1871", first=LIGHTHOUSE, second=again)

    reply = library.ask("When was the lighthouse of Skarn built?")

    assert [each.source for each in reply.citations[0].also_in] in (["second.txt"], ["first.txt"])
    assert sum("1871" in each.quote for each in reply.citations) == 1


def test_a_sentence_that_points_back_is_quoted_with_the_one_before(tmp_path):
    library = Library(tmp_path, "43 metres", skarn=LIGHTHOUSE)

    reply = library.ask("How many metres tall is it?")

    assert reply.citations[0].quote.startswith("The lighthouse of Skarn was built")
    assert "It is 43 metres tall." in reply.citations[0].quote


def test_the_trace_says_how_long_each_step_took(library):
    reply = library.ask("When was the lighthouse of Skarn built?")

    assert set(reply.trace["milliseconds"]) == {"retrieval", "reading", "quoting"}


@pytest.mark.parametrize("question", ["", "   ", "?!…", "—", "x" * (LONGEST_QUESTION + 1), "😀"])
def test_an_unusable_question_is_told_what_to_do(library, question):
    with pytest.raises(QuestionUnusable, match=r"[Aa]sk"):
        library.ask(question)


def test_white_space_in_a_question_is_tidied():
    assert usable("  when \n was\tit ") == "when was it"


def test_a_citation_that_is_no_slice_cannot_be_made():
    document = Document(source="a.txt", title="A", text="Only this.")
    passage = Passage(id="p", document=document, start=0, end=10, sentences=(Sentence(0, 10),))

    with pytest.raises(QuoteMismatch):
        Citation(number=1, quote="That", start=0, end=4, document=document, passage=passage)


def test_an_answer_whose_short_form_is_in_no_quote_cannot_be_made(library):
    reply = library.ask("When was the lighthouse of Skarn built?")

    with pytest.raises(QuoteMismatch):
        Answer(
            question="q", lead="", citations=reply.citations, considered=(), short="never written"
        )


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(question=st.text(max_size=80))
def test_any_question_ends_in_proven_quotes_or_in_a_sentence(library, question):
    try:
        reply = library.ask(question)
    except QuestionUnusable:
        return

    shown = reply.citations if isinstance(reply, Answer) else reply.nearest
    assert all(each.document.text[each.start : each.end] == each.quote for each in shown)


@settings(deadline=None, max_examples=25)
@given(text=st.text(min_size=1, max_size=400))
def test_any_document_is_quoted_exactly(tmp_path_factory, text):
    body = "lamp " + "".join(each for each in text if not "\ud800" <= each <= "\udfff")
    library = Library(tmp_path_factory.mktemp("any"), "lamp", any=body)

    reply = library.ask("what of the lamp")

    shown = reply.citations if isinstance(reply, Answer) else reply.nearest
    assert shown
    assert all(each.document.text[each.start : each.end] == each.quote for each in shown)
    library.catalog.close()


def test_a_misspelt_word_finds_what_was_meant(library):
    reply = library.ask("When was the lighthuose of Skarn built?")

    assert "1871" in reply.citations[0].quote
    assert reply.trace["corrected"] == {"lighthuos": "lighthous"}


def test_what_somebody_said_finds_their_own_words(tmp_path):
    text = (
        "The keeper\n\n"
        "Jonas Brandt has kept the lamp of Skarn for thirty years and talks about the lamp a lot. "
        'The lamp is old. "It will never go out while I live," Brandt said. '
        "Visitors often ask Brandt about the lamp."
    )
    library = Library(tmp_path, "never go out", skarn=text)

    reply = library.ask("What did Jonas Brandt say about the lamp?")

    assert "It will never go out while I live" in reply.citations[0].quote


def test_an_abbreviation_finds_what_is_told_by_its_long_form(tmp_path):
    library = Library(
        tmp_path,
        "1902",
        about="Who is who\n\nThe Northern Harbour Guild (NHG) looks after the piers of the coast.",
        story="A founding\n\nThe Northern Harbour Guild was founded in 1902 by nine fishermen.",
        other="Elsewhere\n\nThe glass works was founded in 1902 by two brothers from the south.",
    )

    reply = library.ask("When was the NHG founded?")

    assert reply.citations[0].document.source == "story.txt"


def test_of_two_reports_that_are_alike_the_one_of_the_time_asked_for_comes_first(tmp_path):
    telling = "{}\n\nThe ferry of Skarn stayed in the harbour because of the storm."
    library = Library(
        tmp_path,
        "storm",
        **{
            "a-2019-03-02": telling.format("Storm in the north, 2 March 2019"),
            "b-2021-09-04": telling.format("Storm in the north, 4 September 2021"),
            "c-2020-05-05": telling.format("Storm in the north, 5 May 2020"),
        },
    )

    asked = library.ask("Why did the ferry of Skarn stay in the harbour in May 2020?")
    latest = library.ask("What is the latest on the ferry of Skarn?")

    first = [reply.citations[0].document.source for reply in (asked, latest)]
    assert first == ["c-2020-05-05.txt", "b-2021-09-04.txt"]


def test_a_quotation_of_common_words_is_found_in_its_order(tmp_path):
    library = Library(
        tmp_path,
        "nothing of the kind",
        one='One\n\n"It is not the end of it all," said Ada Holm. The storm was strong.',
        two='Two\n\n"The end is all of it, is it not," said Jonas Brandt. The storm was strong.',
    )

    reply = library.ask("who said it is not the end of it")

    assert reply.speaker == "Ada Holm"


def test_a_saying_is_found_in_other_words_and_not_by_a_few_common_ones(tmp_path):
    library = Library(
        tmp_path,
        "nothing of the kind",
        one='One\n\n"I was bored in the long winter," said Ada Holm. The storm was strong.',
        two='Two\n\n"They took the last boat," said Jonas Brandt. The storm was strong.',
    )

    told = library.ask("who said he had been bored in the long winter")
    untold = library.ask("who said they sold silver from a church in May")

    assert told.speaker == "Ada Holm"
    assert isinstance(untold, NoAnswer)


def test_nobody_is_named_for_words_that_nobody_said(library):
    reply = library.ask("Who said that the submarine was sold?")

    assert isinstance(reply, NoAnswer)


def test_half_of_a_surrogate_pair_in_a_question_does_no_harm(library):
    reply = library.ask("When was the lighthouse of Skarn built \ud83d?")

    assert "1871" in reply.citations[0].quote


@pytest.mark.parametrize(
    ("marked", "short"),
    [
        ('will continue"', "will continue"),
        ("“will continue", "will continue"),
        ('the "stronghold" of all', 'the "stronghold" of all'),
        ("«so»", "«so»"),
        ("", ""),
    ],
)
def test_a_short_answer_has_no_quotation_mark_without_its_partner(marked, short):
    assert without_half_quotes(marked) == short


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("the “stronghold” and “unbreakable”.", "the “stronghold” and “unbreakable”"),
        ('the "stronghold" and "unbreakable".', 'the "stronghold" and "unbreakable"'),
        ("the «stronghold» and «unbreakable».", "the «stronghold» and «unbreakable»"),
        ("the “stronghold” and more”", "the “stronghold” and more"),
        ("“unbreakable”", "“unbreakable"),
    ],
)
def test_the_last_quote_of_a_short_answer_keeps_the_mark_that_ends_it(text, short):
    end = max(text.find("unbreakable") + 11, text.find("more") + 4)

    assert whole_quotes(text, 0, end) == short


@pytest.mark.parametrize(
    ("text", "read", "whole"),
    [
        ("The code was 1234 then.", "123", "1234"),
        ("Invoice INV2023001187 is paid.", "V2023001187", "INV2023001187"),
        ("Write to office42@harfield.example today.", "42@harfield", "office42@harfield.example"),
        ("It cost 1,234.50 euros.", "234", "1,234.50"),
        ("In the 1990s it closed.", "1990", "1990s"),
        ("It is 43 metres tall, in all.", "43 metres", "43 metres"),
        ("Das Haus gehört Müller.", "ehör", "gehört"),
        ("灯塔建于一八七一年。", "一八七一年", "一八七一年"),
        ("It was in 1871. Ada Holm built it.", "1871", "1871"),
    ],
)
def test_a_short_answer_cuts_no_word_and_no_number(text, read, whole):
    start = text.index(read)

    span = whole_words(text, Span(start=start, end=start + len(read), margin=1.0))

    assert text[span.start : span.end] == whole


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The daily dose of Brexol for a grown person is 20 mg.",
         "The daily dose of Brexol for a grown person is 5 mg."),
        ("The council of Skarn has approved the new bridge over the sound.",
         "The council of Skarn has not approved the new bridge over the sound."),
        ("Visitors of the old park at Skarn may bring their dogs.",
         "Visitors of the old park at Skarn may not bring their dogs."),
        ("The harbour of Skarn was opened by Ada Holm in the winter.",
         "The harbour of Skarn was opened by Jonas Brandt in the winter."),
        ("The price of herring rose in Skarn after the storm of last year.",
         "The price of herring fell in Skarn after the storm of last year."),
    ],
)  # fmt: skip
def test_who_says_the_opposite_is_quoted_and_not_named_as_saying_the_same(tmp_path, one, other):
    library = Library(tmp_path, one=f"One\n\n{one}", other=f"Other\n\n{other}")

    reply = library.ask(one.rstrip(".") + "?")

    shown = reply.citations if isinstance(reply, Answer) else reply.nearest
    assert {each.quote for each in shown} == {one, other}
    assert [each.also_in for each in shown] == [(), ()]
