"""Noise around the story of a page, and facts in it, in sites of several makes."""

from __future__ import annotations

import pytest

from index.documents.draft import composed
from index.documents.web import html_draft

STORY = (
    "The council of the valley decided on Tuesday to keep the north mill running for ten years.",
    "“Nobody who has heard the wheel at night wants it to stop,” said Ada Miller, its owner.",
    "Repairs to the dam begin in spring and will cost less than a new bridge over the river.",
    "Fishermen had asked for the dam to be opened, since the salmon cannot pass it in dry years.",
)
NOISE = "Armchairs for people who read a lot, at half price this week only"
ABOVE = {
    "cookies by id": f"<div id=cookie-banner><p>{NOISE}</p><button>Accept</button></div>",
    "cookies by class": f"<div class=cc-window><p>{NOISE} cookies</p><a class=cc-btn>OK</a></div>",
    "cookies by words": f"<div class=x7><p>We use cookies. {NOISE}.</p><div><button>Agree</button>"
    "</div></div>",
    "consent by words": f"<div><p>With your consent we use data. {NOISE}</p>"
    "<button>OK</button></div>",
    "menu": f"<ul><li><a href=/1>{NOISE}</a></li><li><a href=/2>Weather</a></li></ul>",
    "menu as a table": f"<table><tr><td><a>{NOISE}</a></td><td><a>Weather</a></td></tr></table>",
    "breadcrumbs": f"<div class=breadcrumb><a>Start</a> &gt; <a>{NOISE}</a> &gt; Mill</div>",
    "ticker": f"<div class=breaking-news-ticker>{NOISE}</div>",
    "offers": f"<div class=announcement-bar>{NOISE}</div>",
    "old browser": f"<div class=browserupgrade><p>{NOISE}</p></div>",
    "who is there": f"<div class=user-menu><a>Log in</a><span>{NOISE}</span></div>",
}
WITHIN = {
    "advert": f"<div class=ad><p>{NOISE}</p></div>",
    "advert in one division": f"<div class=advertisement>{NOISE}</div>",
    "advert by its label": f"<div class=x3><small>Anzeige</small><p>{NOISE}</p></div>",
    "advert of a network": f"<ins class=adsbygoogle>{NOISE}</ins>",
    "promotion": f"<div class=promo-box><p>{NOISE}</p></div>",
    "newsletter": f"<div class=newsletter-signup><h3>Letter</h3><p>{NOISE}</p></div>",
    "subscription": f"<div class=subscribe-cta><p>{NOISE}</p></div>",
    "line to another story": f"<p><strong>Read more: <a href=/1>{NOISE}</a></strong></p>",
    "list of other stories": f"<div class=related><h4>Related</h4><ul><li><a>{NOISE}</a></li></ul>"
    "</div>",
    "sharing": f"<div class=share-buttons><span>{NOISE}</span><a>Mail</a></div>",
    "paywall": f"<div class=paywall><h3>Go on</h3><p>{NOISE}</p></div>",
    "hidden by style": f"<div style='display: none'>{NOISE}</div>",
    "hidden by attribute": f"<p hidden>{NOISE}</p>",
    "invisible": f"<div style='visibility:hidden'>{NOISE}</div>",
    "hidden by class": f"<div class=hidden>{NOISE}</div>",
    "without a size": f"<span style='font-size:0'>{NOISE}</span>",
    "off the page": f"<div style='position:absolute;left:-9999px'>{NOISE}</div>",
    "read out": f"<span class=visually-hidden>{NOISE}</span>",
    "template": f"<template><p>{NOISE}</p></template>",
    "video": f"<div class=video-player><div>{NOISE}</div></div>",
}
BELOW = {
    "comments": f"<div id=comments><h3>Comments</h3><div class=comment><p>{NOISE}</p></div></div>",
    "comments of a service": f"<div id=disqus_thread><p>{NOISE}</p></div>",
    "comments in German": f"<div class=kommentare><p>{NOISE}</p></div>",
    "cards": f"<section><h2>More</h2><div class=c><a><h3>{NOISE}</h3></a><p>Soon.</p></div>"
    "<div class=c><a><h3>Bakers</h3></a><p>Late.</p></div></section>",
    "steps to others": f"<div class=pager><a>« {NOISE}</a> <a>Bakers »</a></div>",
    "most read": f"<div class=most-read><ol><li><a>{NOISE}</a></li>"
    "<li><a>Bakers</a></li></ol></div>",
    "sign up": f"<div class=signup><h3>Never miss a story</h3><p>{NOISE}</p></div>",
    "rights": f"<div><p>© Courier. {NOISE}</p></div>",
    "rights in small letters": f"<hr><small>{NOISE}. All rights reserved.</small>",
    "chat": f"<div id=chat-widget><p>{NOISE}</p></div>",
    "beside": f"<div class=sidebar><h3>Tides</h3><p>{NOISE}</p></div>",
}
NAV = "<nav><ul><li><a href=/1>Start</a></li><li><a href=/2>Weather</a></li></ul></nav>"
FOOT = "<footer><p>Courier, Mill Lane 1</p></footer>"
FIRST, LAST = ("".join(f"<p>{each}</p>\n" for each in half) for half in (STORY[:2], STORY[2:]))
SITES = {
    "article": "<main><article><h1>Mill</h1>{first}{within}{last}</article>{below}</main>",
    "all in the article": "<main><article><h1>Mill</h1><div class=body>{first}{within}{last}</div>"
    "{below}</article></main>",
    "classes": "<div class=content><h1>Mill</h1><div class=entry-content>{first}{within}{last}"
    "</div>{below}</div>",
    "an id": "<div id=main><h1>Mill</h1>{first}{within}{last}{below}</div>",
    "no names": "<div><div><h1>Mill</h1>{first}{within}{last}</div>{below}</div>",
    "flat": "<h1>Mill</h1>{first}{within}{last}{below}",
}


def text_in(site, above=NAV, within="", below=FOOT):
    body = SITES[site].format(first=FIRST, within=within, last=LAST, below=below)
    page = f"<!doctype html><html><head><title>Mill</title></head><body>{above}{body}</body></html>"
    return composed(html_draft(page), "a.html", "a.html").text


PLACED = [
    *[(name, {"above": html}) for name, html in ABOVE.items()],
    *[(name, {"within": html}) for name, html in WITHIN.items()],
    *[(name, {"below": html}) for name, html in BELOW.items()],
]


@pytest.mark.parametrize("noise", [each for _, each in PLACED], ids=[each for each, _ in PLACED])
@pytest.mark.parametrize("site", SITES)
def test_what_is_no_part_of_a_story_stays_out_and_the_story_stays(site, noise):
    text = text_in(site, **noise)

    assert NOISE not in text
    assert [each for each in STORY if each not in text] == []


@pytest.mark.parametrize(
    "kept",
    [
        "<div class='hidden md:block'>{}</div>",
        "<p style='font-size:0.9em'>{}</p>",
        "<div class='player-card'>{}</div>",
        "<p>Read more: {}</p>",
        "<div class='answer hidden'>{}</div>",
        "<p>Bread and cookies for every partner of the mill: {}</p>",
    ],
)
def test_what_only_looks_like_noise_stays(kept):
    assert NOISE in text_in("article", within=kept.format(NOISE))


FACT = "Tickets cost 14 euros at the gate"
MARKUP = {
    "a line in a division": "<div>{}.</div>",
    "text by itself": "{}.",
    "text between breaks": "Prices<br>{}.<br>Bring a coat.",
    "a line above another": "<div class=x><span>{}</span><p>Bring a coat.</p></div>",
    "a list": "<ul><li>{}</li><li>Children pay nothing</li></ul>",
    "a list in a list": "<ul><li>Prices<ul><li>{}</li></ul></li></ul>",
    "a list of links": "<ul><li><a href=x>{}</a></li><li>Children pay nothing at all</li></ul>",
    "a definition": "<dl><dt>Prices</dt><dd>{}</dd></dl>",
    "a cell": "<table><tr><th>Who</th><th>Price</th></tr><tr><td>All</td><td>{}</td></tr></table>",
    "a lone cell": "<table><tr><td>{}</td></tr></table>",
    "a caption": "<figure><img src=x><figcaption>{}</figcaption></figure>",
    "a quotation": "<blockquote>{}.</blockquote>",
    "who is quoted": "<blockquote><p>So it is.</p><cite>{}</cite></blockquote>",
    "code": "<pre><code>{}</code></pre>",
    "a heading": "<h3>{}</h3><p>That is less than last year.</p>",
    "a heading that is a link": "<h2><a href='#x'>{}</a></h2><p>That is less than last year.</p>",
    "what opens": "<details><summary>Prices</summary><p>{}.</p></details>",
    "an address": "<address>{}</address>",
    "a link": "<p><a href=x>{}</a></p>",
    "a time": "<p>Until May <time>{}</time>.</p>",
    "a label": "<label>{}</label>",
    "an element of its own": "<my-box>{}</my-box>",
    "a warning": "<div class='callout warning'><p>{}</p></div>",
    "a box of facts": "<aside class=fact-box><h4>Prices</h4><p>{}</p></aside>",
    "an alert": "<div role=alert>{}</div>",
    "a price": "<div class=price><span>{}</span></div>",
    "columns": "<div class=row><div class=col>{}</div><div class=col>Children: free.</div></div>",
    "fields": "<fieldset><legend>Prices</legend>{}</fieldset>",
    "a tab": "<div role=tabpanel hidden><p>{}</p></div>",
}


@pytest.mark.parametrize("markup", MARKUP.values(), ids=MARKUP)
@pytest.mark.parametrize("site", SITES)
def test_a_fact_is_found_in_whatever_it_is_marked_up(site, markup):
    text = text_in(site, within=markup.format(FACT))

    assert FACT in text
    assert [each for each in STORY if each not in text] == []
