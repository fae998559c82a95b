"""What a reply looks like, and that Telegram takes it whatever the documents hold."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.citing import answered, opened, sources, unwrapped
from bot.outbox import Outbox, Target
from bot.pages import pages, utf16
from bot.pointers import Spot, spot_of
from bot.replies import Block, Button, Reply, sentence
from index.excerpts import excerpt
from index.passages import Answer, Citation, Document, DocumentSummary, NoAnswer, Passage, Sentence
from tests.bot_api import BotApiServer
from tests.bot_api_rules import buttons, checked_markup, checked_text, is_blank, utf16_slice
from tests.shelf import CATS, EVIDENCE, Shelf, citation, talking, whole

ANY = st.text(max_size=60)
LONG = st.text(max_size=400).map(lambda text: text * 30)


def answer(*citations: Citation, **named: object) -> Answer:
    given = {"lead": "sixteen hours", "short": "sixteen hours", **named}
    return Answer(question="?", citations=citations, considered=(), **given)  # type: ignore[arg-type]


def bold_in(reply: Reply) -> list[str]:
    return [block.text[start:end] for block in reply.blocks for start, end in block.bold]


def accepted(reply: Reply) -> list[str]:
    """The texts of the messages as Telegram keeps them; fails where it would refuse one."""
    kept = []
    for page in pages(reply, "quoth_bot"):
        text, _ = checked_text(page.text, [entity.to_dict() for entity in page.entities])
        rows = [[shown(button) for button in row] for row in page.buttons]
        checked_markup({"inline_keyboard": rows})
        kept.append(text)
    return kept


def shown(button: Button) -> dict[str, object]:
    if button.copies:
        return {"text": button.label, "copy_text": {"text": f"https://t.me/?start={button.copies}"}}
    return {"text": button.label, "callback_data": button.data}


def open_where_it_stands(found: Citation) -> Reply:
    return opened(excerpt([found.passage], found.start, "?"), spot_of(found))


# --- what is seen ---


def test_an_answer_comes_first_and_then_its_quote_among_its_neighbours():
    reply = answered(answer(citation()))

    assert reply.text == (
        "sixteen hours\n"
        "\n"
        "[1] Cats · 4 September 2021 · p. 1\n"
        "Cats rest a lot. A cat sleeps for sixteen hours, said Ann Lee. Then it eats."
    )
    assert bold_in(reply) == ["sixteen hours", EVIDENCE]


def test_a_speaker_is_bold_and_the_role_is_not():
    reply = answered(
        answer(citation(), lead="Ann Lee, a vet", short=None, speaker="Ann Lee", asks_speaker=True)
    )

    assert bold_in(reply) == ["Ann Lee", EVIDENCE]


def test_a_quote_without_a_speaker_says_so():
    reply = answered(answer(citation(), lead="", short=None, asks_speaker=True))

    assert reply.blocks[0].text == words.NO_SPEAKER


def test_the_first_quote_is_seen_at_once_and_the_others_are_folded():
    reply = answered(answer(citation(), citation(number=2), citation(number=3)))

    assert [block.folded for block in reply.blocks if block.quoted] == [False, True, True]


def test_a_first_quote_too_long_to_be_seen_at_once_is_folded_and_comes_alone():
    document = Document(source="a", title="A", text=f"Before it. {'Very ' * 90}long. After it.")
    quote = document.text.removeprefix("Before it. ").removesuffix(" After it.")

    reply = answered(answer(citation(document, quote), short=None))

    assert [(b.text, b.folded) for b in reply.blocks if b.quoted] == [(quote, True)]


def test_a_refusal_shows_the_nearest_passages_with_their_buttons():
    refusal = NoAnswer(question="?", text="No.", nearest=(citation(),), considered=())

    reply = answered(refusal)

    assert [block.text for block in reply.blocks[:2]] == ["No.", words.NEAREST]
    assert [(b.text, b.folded) for b in reply.blocks if b.quoted] == [(EVIDENCE, True)]
    assert bold_in(reply) == ["No."]
    assert [[button.label for button in row] for row in reply.buttons] == [
        ["Open [1]"],
        [words.VOTE_UP, words.VOTE_DOWN],
    ]


def test_a_refusal_with_nothing_near_is_a_sentence():
    reply = answered(NoAnswer(question="?", text="No.", nearest=(), considered=()))

    assert (reply.text, reply.buttons) == ("No.", ())


def test_other_sources_of_the_same_words_are_named_once():
    twin = Document(source="b.txt", title="Wire", text=CATS.text)

    reply = answered(answer(citation(also_in=(twin, twin))))

    assert reply.blocks[-1].text == "Also in: Wire"


def test_a_long_neighbour_is_left_out():
    document = Document(source="a", title="A", text=f"{'Very ' * 60}long. Short one. After it.")

    reply = answered(answer(citation(document, "Short one."), lead="", short=None))

    assert reply.blocks[-1].text == "Short one. After it."


def test_a_folded_quote_begins_where_the_fold_still_shows_it():
    document = Document(source="a", title="A", text=f"{'Very ' * 30}long. Short one. After it.")
    found = citation(document, "Short one.")

    reply = answered(answer(found, found, lead="", short=None))

    assert [b.text for b in reply.blocks if b.quoted] == [document.text, "Short one. After it."]


def test_a_neighbour_in_another_paragraph_is_left_out():
    document = Document(source="a", title="A", text="A heading.\n\nShort one.\nAfter it.\n\nLater.")

    reply = answered(answer(citation(document, "Short one."), lead="", short=None))

    assert reply.blocks[-1].text == "Short one.\nAfter it."


def test_what_is_quoted_above_is_not_said_again():
    document = Document(source="a", title="A", text="One here. Two here. Three here.")
    found = [citation(document, "Two here."), citation(document, "Three here.", 2)]

    reply = answered(answer(*found, lead="", short=None))

    assert [b.text for b in reply.blocks if b.quoted] == [document.text, "Three here."]


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("{long}\nits end", "{long} its end"),
        ("{long}.\nThe next sentence", "{long}.\nThe next sentence"),
        ("{long}\n\nAnother paragraph", "{long}\n\nAnother paragraph"),
        ("A short line\nits end", "A short line\nits end"),
        ("{long}\n- an item", "{long}\n- an item"),
        ("{long}\n2. an item", "{long}\n2. an item"),
        ("{long}\nPlace: Geneva", "{long}\nPlace: Geneva"),
    ],
)
def test_a_line_end_that_only_keeps_lines_short_is_shown_as_a_space(stored: str, shown: str):
    long = "The flight was on Saturday, and it went from Kabul to"
    document = Document(source="a", title="A", text=stored.format(long=long))

    reply = answered(answer(citation(document, document.text), short=None))

    assert reply.blocks[-1].text == shown.format(long=long)


def test_buttons_stand_side_by_side():
    reply = answered(answer(*[citation(number=number) for number in (1, 2, 3, 4)]))

    assert [[button.label for button in row] for row in reply.buttons] == [
        ["Open [1]", "Open [2]", "Open [3]"],
        ["Open [4]"],
        [words.VOTE_UP, words.VOTE_DOWN],
    ]


def test_an_opened_citation_is_the_whole_passage_with_its_source():
    reply = open_where_it_stands(citation())

    about = "4 September 2021 · p. 1 · animals/cats.txt · passage 1 of 1"
    assert reply.text == f"Cats\n{about}\n{CATS.text}"
    assert bold_in(reply) == ["Cats", EVIDENCE]


def test_on_the_way_through_a_document_the_quote_is_bold_only_where_it_is_in_sight():
    reply = opened(excerpt([whole(CATS)], 0, "?"), Spot(CATS.id, 500, 600))

    assert bold_in(reply) == ["Cats"]


def test_the_title_of_a_quote_is_a_link_to_it():
    [page] = pages(answered(answer(citation())), "quoth_bot")

    [link] = [entity for entity in page.entities if entity.type == "text_link"]
    assert utf16_slice(page.text, link.offset, link.length) == "Cats"
    assert str(link.url).startswith("https://t.me/quoth_bot?start=c_")


def test_without_a_bot_there_are_no_links():
    [page] = pages(answered(answer(citation())))

    assert [entity for entity in page.entities if entity.type == "text_link"] == []


def test_the_list_of_documents_turns_its_pages():
    held = [
        DocumentSummary(id=str(n), source=f"{n}.txt", title=f"T{n}", date=None, passages=1)
        for n in range(1, 32)
    ]

    labels = [[b.data for row in sources(held, page).buttons for b in row] for page in (0, 1, 2, 9)]

    assert labels == [["s:1"], ["s:0", "s:2"], ["s:1"], ["s:1"]]


# --- pages ---


@pytest.mark.parametrize("character", ["x", "é", "🙂", "न"])
def test_a_long_block_is_cut_and_nothing_is_lost(character: str):
    text = "a" + character * 9_000

    made = pages(Reply((Block(text, quoted=True),)))

    assert max(utf16(page.text) for page in made) <= 4096
    assert "".join(page.text for page in made) == text


def test_a_page_of_which_nothing_is_seen_is_not_sent():
    made = pages(Reply((Block("seen"), Block("\u200b" * 4096), Block("\u2028"))))

    assert [page.text for page in made] == ["seen"]


def test_pages_are_cut_at_borders_of_blocks():
    blocks = tuple(Block(str(number) * 1500) for number in range(5))

    made = pages(Reply(blocks, ((Button("b", "s:0"),),)))

    assert [page.text[0] for page in made] == ["0", "2", "4"]
    assert [len(page.buttons) for page in made] == [0, 0, 1]


def test_a_page_has_at_most_a_hundred_entities():
    blocks = tuple(Block("ab", bold=((0, 1),), quoted=True) for _ in range(130))

    made = pages(Reply(blocks))

    assert [len(page.entities) for page in made] == [100, 100, 60]


def test_offsets_are_counted_in_utf16_units():
    [page] = pages(Reply((Block("🙂🙂"), Block("a🙂b c", bold=((1, 3),)))))

    [entity] = page.entities
    assert utf16_slice(page.text, entity.offset, entity.length) == "🙂b"


# --- whatever the documents hold ---


@st.composite
def citations(draw: st.DrawFn) -> Citation:
    before, quote, after = draw(ANY), draw(st.text(min_size=1, max_size=200)), draw(LONG)
    document = Document(
        source=draw(st.text(min_size=1, max_size=300)),
        title=draw(ANY),
        text=before + quote + after,
        date=draw(st.none() | st.dates(date(1, 1, 1))),
        pages=draw(st.sampled_from([(), (0,)])),
    )
    start, end = len(before), len(before) + len(quote)
    ranges = [(0, start), (start, end), (end, len(document.text))]
    passage = Passage(
        id="1",
        document=document,
        start=0,
        end=len(document.text),
        sentences=tuple(Sentence(a, b) for a, b in ranges if a < b),
    )
    return Citation(
        number=draw(st.integers(1, 9)),
        quote=quote,
        start=start,
        end=end,
        document=document,
        passage=passage,
        page=document.page_at(start),
        also_in=tuple(draw(st.lists(st.just(document), max_size=2))),
    )


@given(st.lists(citations(), min_size=1, max_size=5), ANY, st.booleans())
def test_telegram_takes_any_answer(found: list[Citation], lead: str, asks: bool):
    reply = answered(answer(*found, lead=lead, short=None, asks_speaker=asks))

    assert all(not is_blank(text) for text in accepted(reply))


@given(st.lists(citations(), max_size=5), ANY)
def test_telegram_takes_any_refusal(found: list[Citation], text: str):
    refusal = NoAnswer(question="?", text=text, nearest=tuple(found), considered=())

    assert all(not is_blank(text) for text in accepted(answered(refusal)))


@given(citations())
def test_telegram_takes_any_passage(found: Citation):
    assert all(not is_blank(text) for text in accepted(open_where_it_stands(found)))


@given(citations())
def test_every_quote_that_is_shown_is_a_slice_with_its_evidence_bold(found: Citation):
    [shown] = [block for block in answered(answer(found, short=None)).blocks if block.quoted]

    whole = unwrapped(found.document.text, 0, len(found.document.text))
    assert shown.text in whole
    assert [shown.text[first:last] for first, last in shown.bold] == [
        whole[found.start : found.end]
    ]


@given(st.lists(st.tuples(ANY, ANY, st.none() | st.dates(date(1, 1, 1))), max_size=40))
def test_telegram_takes_any_list_of_documents(held: list[tuple[str, str, date | None]]):
    documents = [
        DocumentSummary(id="1", source=source, title=title, date=day, passages=1)
        for source, title, day in held
    ]

    assert all(not is_blank(text) for text in accepted(sources(documents, 0)))


async def test_what_is_too_long_for_the_message_it_stands_in_keeps_its_buttons(
    server: BotApiServer,
):
    ann = server.person(7)
    too_long = Reply((Block("word " * 2_000),), ((Button("Later", "page:1"),),))

    async with talking(server, Shelf()) as application:
        outbox = Outbox(application.bot)
        shown = await outbox.send_first(Target(7), sentence("A list"))
        await outbox.edit(7, shown.message_id, too_long)

    [message] = server.bot_messages(ann)
    assert [each["callback_data"] for each in buttons(message)] == ["page:1"]
