"""Pages as sites make them: which of their strings are the main text, and which are not.

`pages/tuned` was looked at while the reader was made; `pages/aside` only counts how well it does.
Each page begins with the strings that must and that must not be in its title and text.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from index.documents.draft import composed
from index.documents.web import html_draft

STORY = (
    "The council of the valley decided on Tuesday to keep the north mill running for ten years.",
    "“Nobody who has heard the wheel at night wants it to stop,” said Ada Miller, its owner.",
    "Repairs to the dam begin in spring and will cost less than a new bridge over the river.",
)
MENU = ("Start page", "Weather today", "Local sport", "Subscribe now")
COOKIES = "We and our partners store cookies on your device. Accept all or manage your choices."
ADVERT = "Sponsored: the ten best armchairs for people who read a lot, tested by experts"
TEASERS = ("Five towns that banned leaf blowers", "Why bakers love the new bridge")
FOOT = "© Valley Courier. All rights reserved. Imprint, privacy, terms of use."
NOISE = (*MENU, COOKIES, ADVERT, *TEASERS, FOOT)


def paragraphs(mark="p"):
    return "".join(f"<{mark}>{each}</{mark}>" for each in STORY)


def links(mark="li"):
    return "".join(f'<{mark}><a href="/{n}">{each}</a></{mark}>' for n, each in enumerate(MENU))


def teasers():
    return "".join(f'<div class="teaser"><a href="/t">{each}</a></div>' for each in TEASERS)


def page(body, head=""):
    head = f"<head><title>Mill</title>{head}</head>"
    return f"<!doctype html><html lang=en>{head}<body>{body}</body></html>"


SITES = {
    "news with landmarks": page(
        f"<header><nav><ul>{links()}</ul></nav></header><div id='cookie-notice'>{COOKIES}</div>"
        f"<main><article><h1>Mill stays</h1>{paragraphs()}<aside class='ad'>{ADVERT}</aside>"
        f"</article></main><aside>{teasers()}</aside><footer>{FOOT}</footer>"
    ),
    "old site of nested tables": page(
        f"<table width=800><tr><td colspan=2>{links('span')}</td></tr><tr><td width=150>"
        f"<font size=1>{ADVERT}</font></td><td>{paragraphs()}</td></tr>"
        f"<tr><td colspan=2><small>{FOOT}</small></td></tr></table>"
    ),
    "blog of divisions": page(
        f"<div class='navbar'>{links('div')}</div><div class='consent-overlay'>{COOKIES}</div>"
        f"<div class='post'><h2 class='post-title'>Mill stays</h2><div class='entry-content'>"
        f"{paragraphs()}</div><div class='related-posts'>{teasers()}</div></div>"
        f"<div class='sidebar'>{ADVERT}</div><div class='footer'>{FOOT}</div>"
    ),
    "breaks instead of paragraphs": page(
        f"<div class='menu'>{links('div')}</div><div class='content'>{'<br><br>'.join(STORY)}</div>"
        f"<div id='footer'>{FOOT}</div>"
    ),
    "a dialog on top": page(
        f"<div role='dialog' class='gdpr-modal'><h2>Privacy</h2><p>{COOKIES}</p></div>"
        f"<div id='root'><nav>{links('span')}</nav><section class='article-body'>{paragraphs()}"
        f"</section><section class='recommended'>{teasers()}</section></div><footer>{FOOT}</footer>"
    ),
    "a list is the story": page(
        f"<nav>{links('span')}</nav><article><h1>Three facts</h1><ul>{paragraphs('li')}</ul>"
        f"</article><footer>{FOOT}</footer>"
    ),
    "nothing but text": page(paragraphs()),
    "documentation with a side menu": page(
        f"<div class='sphinxsidebar'><ul>{links()}</ul></div><div class='document'>"
        f"<div role='main'><h1>The mill</h1>{paragraphs()}<pre>wheel --turn 3</pre></div></div>"
        f"<div class='footer' role='contentinfo'>{FOOT}</div>"
    ),
}


def main_text(site):
    document = composed(html_draft(SITES[site]), site, "a.html")
    return " ".join(document.text.split())


@pytest.mark.parametrize("site", SITES)
def test_the_story_of_a_page_is_its_text(site):
    text = main_text(site)

    assert [each for each in STORY if each not in text] == []


def test_little_else_of_the_pages_is_taken_for_their_text():
    wanted = found = strange = 0
    for site in SITES:
        text = main_text(site)
        wanted += len(STORY)
        found += sum(each in text for each in STORY)
        strange += sum(each in text for each in NOISE)
    precision, recall = found / (found + strange), found / wanted

    assert 2 * precision * recall / (precision + recall) >= 0.9


PAGES = Path(__file__).parent / "pages"
EXPECTED = re.compile(r"<!-- must\n(.*?)\nmust not\n(.*?)\n-->\n(.*)", re.DOTALL)


def flat(text):
    return " ".join(text.split())


def page_in(path):
    """What must be in its title and text, what must not, and what is."""
    must, must_not, text = EXPECTED.fullmatch(path.read_text("utf-8")).groups()
    document = composed(html_draft(text), path.stem, path.name)
    return must.split("\n"), must_not.split("\n"), flat(f"{document.title}\n{document.text}")


def measured(folder):
    """Precision, recall and F1 over the pages of a folder, counted in their strings."""
    wanted = found = strange = 0
    for path in sorted((PAGES / folder).glob("*.html")):
        must, must_not, text = page_in(path)
        wanted += len(must)
        found += sum(flat(each) in text for each in must)
        strange += sum(flat(each) in text for each in must_not)
    precision, recall = found / (found + strange), found / wanted
    return precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize("path", sorted((PAGES / "tuned").glob("*.html")), ids=lambda p: p.stem)
def test_nothing_of_a_pages_text_is_lost(path):
    must, _, text = page_in(path)

    assert [each for each in must if flat(each) not in text] == []


@pytest.mark.parametrize("folder", ["tuned", "aside"])
def test_main_text_is_told_from_the_rest_of_pages_of_many_kinds(folder):
    _, _, f1 = measured(folder)

    assert f1 >= 0.9


def draft_of(body, head=""):
    return html_draft(page(body, head))


def declared(thing):
    return f'<script type="application/ld+json">{json.dumps(thing)}</script>'


@pytest.mark.parametrize(
    ("thing", "author"),
    [
        ({"@type": "Recipe", "author": {"@type": "Person", "name": "Ada Miller"}}, "Ada Miller"),
        ([{"@type": "WebSite"}, {"@type": "BlogPosting", "author": "Ada Miller"}], "Ada Miller"),
        (
            {"@graph": [{"@type": ["NewsArticle"], "author": [{"name": "Ada Miller"}, "Bo Lee"]}]},
            "Ada Miller; Bo Lee",
        ),
        ({"@type": "Article", "author": {"@type": "Organization", "name": "Courier"}}, None),
        ({"@type": "Article", "author": {"@type": "Person", "name": "12 June, 9:00"}}, None),
        ({"@type": "Product", "author": "Ada Miller"}, None),
        ([[[[[[[[[{"@type": "Article", "author": "Ada Miller"}]]]]]]]]], None),
    ],
)
def test_who_wrote_a_page_is_read_from_what_it_declares(thing, author):
    assert draft_of(f"<article>{paragraphs()}</article>", declared(thing)).author == author


def test_the_authors_of_a_paper_are_each_one():
    named = "".join(
        f'<meta name="citation_author" content="{n}">' for n in ("Rehm, A.", "Solt, B.")
    )

    assert draft_of(f"<article>{paragraphs()}</article>", named).author == "Rehm, A.; Solt, B."


def test_what_is_declared_in_disorder_is_passed_over():
    broken = '<script type="application/ld+json">{"@type": "Article", "author": </script>'

    assert draft_of(f"<article>{paragraphs()}</article>", broken).author is None


def test_a_byline_is_a_name():
    byline = "<p class='author'>Par Hélène Varel</p>"

    assert draft_of(f"<article>{byline}{paragraphs()}</article>").author == "Hélène Varel"


@pytest.mark.parametrize(
    ("written", "day"),
    [("02/10/2021", None), ("22/10/2021", "2021-10-22"), ("10 February 2021", "2021-02-10")],
)
def test_a_day_that_could_be_two_is_none(written, day):
    found = draft_of(f"<article><div class='date'>{written}</div>{paragraphs()}</article>").date

    assert (str(found) if found else None) == day


def test_the_title_of_a_post_goes_before_that_of_its_blog():
    head = "<title>The shed: Mill stays</title>"
    post = f"<h1>The shed</h1><h3 class='post-title'>Mill stays</h3><div>{paragraphs()}</div>"

    assert html_draft(f"<html><head>{head}</head><body>{post}</body></html>").title == "Mill stays"


def test_a_page_in_one_form_is_read():
    form = f"<form id=aspnetForm><input name=q><div>{paragraphs()}</div></form>"

    assert all(each in text_of(draft_of(form)) for each in STORY)


def test_what_opens_at_a_touch_is_text_and_what_is_hidden_is_not():
    body = (
        f"<main><h1>Mill</h1>{paragraphs()}<button aria-expanded=false aria-controls=a>"
        "Who owns the mill?</button><div id=a hidden>Ada Miller does.</div>"
        "<div style='display:none'>cheap watches</div></main>"
    )

    text = text_of(draft_of(body))

    assert "Who owns the mill?\n\nAda Miller does." in text
    assert "cheap watches" not in text


def test_a_word_and_what_is_said_of_it_are_one_line():
    word = "<dl><dt>Hopper</dt><dd><p>The funnel.</p><p>It holds 40 kg.</p></dd></dl>"
    body = f"<main>{word}{paragraphs()}</main>"

    assert "Hopper: The funnel. It holds 40 kg." in text_of(draft_of(body))


def test_a_thread_of_comments_that_is_the_page_is_its_text():
    thread = "".join(
        f"<div class=comment id=c{n}><p>{each}</p></div>" for n, each in enumerate(STORY)
    )

    assert [
        each for each in STORY if each not in text_of(draft_of(f"<h1>Mill?</h1>{thread}"))
    ] == []
    assert STORY[0] not in text_of(draft_of(f"<article>{paragraphs()}</article>{thread}"))[300:]


def test_lines_of_a_name_and_a_value_are_facts():
    facts = "<div class=meta><div class=f><span>Flow</span><span>1,200 l/h</span></div>"
    facts += "<div class=f><span>Power:</span><span>14 W</span></div></div>"
    listed = "<dl><div><dt>Weight</dt><dd>4 kg</dd></div></dl>"

    text = text_of(draft_of(f"<main><h1>Pump</h1>{paragraphs()}{facts}{listed}</main>"))

    assert "Flow: 1,200 l/h" in text
    assert "Power: 14 W" in text
    assert "Weight: 4 kg" in text


def test_what_stands_beside_frames_is_the_text_of_a_page_of_frames():
    site = f"<frameset><frame src=a><noframes><body>{paragraphs()}</body></noframes></frameset>"

    text = text_of(html_draft(f"<html><head><title>Mill</title></head>{site}</html>"))

    assert text == "\n\n".join(STORY)


def test_a_group_of_columns_of_a_page_is_named_before_each_of_them():
    table = (
        "<table><tr><th rowspan=2>Month</th><th colspan=2>Rain</th></tr><tr><th>2020</th>"
        "<th>2021</th></tr><tr><td>May</td><td>61</td><td>88</td></tr></table>"
    )
    body = f"<main>{paragraphs()}{table}</main>"

    assert "Month: May; Rain 2020: 61; Rain 2021: 88." in text_of(draft_of(body))


def text_of(draft):
    return composed(draft, "a.html", "a.html").text
