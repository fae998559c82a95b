"""Clears a page of what is not its text, and marks where its text is, for `web` to look there."""

from __future__ import annotations

import re

from index.documents.beside import drop_beside
from index.documents.main_part import (
    keep_threads,
    make_paragraphs,
    mark_main,
    pair_definitions,
    pair_lines,
    unname,
)
from index.documents.markup import Element, name_of
from index.documents.page_parts import BETWEEN, LITTLE, PARTS, PROSE, names_of, size, weight
from index.documents.page_tables import fill_spans, flatten_tables, lay_out_tables
from index.documents.unfolding import drop_hidden, open_folded, open_forms

MARKS = (
    "//a[contains(concat(' ', @class, ' '), ' headerlink ') or normalize-space() = '¶']"
    "|//*[contains(@class, 'mw-editsection')]"
    "|//sup[contains(@class, 'reference') or contains(@class, 'noprint')]"
    "|//*[@id='toc' or @role='doc-toc' or @role='navigation' or @role='search']"
    "|//*[@id='siteNotice' or @id='siteSub' or @id='catlinks']"
    "|//button|//*[@role='button']"
)
"""What belongs to the page's machinery: permalinks, edit links, numbers of notes, menus."""
UNSEEN = re.compile(
    r"(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-(?:text|only)|show-for-sr|a11y-hidden)(?:\s|$)"
)
"""How parts are named that are only read out: "Skip to the content"."""
LABELS = set(
    """advertisement advertisements ad ads sponsored anzeige werbung publicité publicidad
pubblicità reklama реклама إعلان تبلیغات 広告 广告 share""".split()
)
"""What stands above adverts and beside buttons."""
ASKING = re.compile(
    r"(?=.*\bcookies?\b)(?=.*(?:agree|accept|allow|consent|choice|settings|device|partner|privacy"
    r"|zustimm|akzeptier|acept|accett|разреш|соглас|موافق))"
    r"|(?=.*(?:consent|zustimm|einwillig))(?=.*(?:\bdat|donn|partner))",
    re.IGNORECASE | re.DOTALL,
)
"""What a notice about cookies says, above buttons."""
LONGEST_NOTICE = 800
BUTTONS = ".//button|.//a[contains(@class, 'btn') or contains(@class, 'button')]"
CONSENT = re.compile(
    r"cookie|consent|gdpr|\bcmp-|\bcc-(?:window|banner)|onetrust|truste-", re.IGNORECASE
)
OFFERS = re.compile(
    r"recommend|(?:up|cross)-?sell|also-?(?:bought|like|viewed)|affiliate|disclosure", re.IGNORECASE
)
LONGEST_ADVERT = 300


def clear(root: Element) -> None:
    """Takes away notices and menus, and names the part of the page that holds its text."""
    open_folded(root)
    unname(root)
    open_forms(root)
    drop_hidden(root)
    _drop_notices(root)
    drop_beside(root)
    lay_out_tables(root)
    fill_spans(root)
    _drop_menus(root)
    _drop_cards(root)
    flatten_tables(root)
    keep_threads(root)
    pair_definitions(root)
    pair_lines(root)
    mark_main(root)
    make_paragraphs(root)


def _drop_notices(root: Element) -> None:
    """Takes away notices about cookies and the like, and what belongs to the page's machinery."""
    for element in list(root.iter(*PARTS, "dialog")):
        if element.getparent() is not None and _asks(element):
            element.drop_tree()
    for element in root.xpath(MARKS):
        if element.getparent() is not None:
            element.drop_tree()
    for element in list(root.iter("div", "p", "span", "small", "strong", "h3", "h4", "h5", "h6")):
        if element.getparent() is not None and _is_said_apart(element):
            _with_its_advert(element).drop_tree()
    for folded in list(root.iter("details", "summary")):
        folded.tag = "h4" if folded.tag == "summary" else "div"
    for element in list(root.iter()):
        if element.getparent() is not None and (_is_notice(element) or _is_offer(element)):
            element.drop_tree()


def _asks(element: Element) -> bool:
    """Whether it is no more than a question about cookies, with a button."""
    if not element.xpath(BUTTONS) or element.find(".//h1") is not None:
        return False
    text = element.text_content()
    return len(text) < LONGEST_NOTICE and bool(ASKING.match(text))


def _is_said_apart(element: Element) -> bool:
    """Whether it is only read out, or the label of an advert."""
    if UNSEEN.search(element.get("class", "")):
        return size(element) <= PROSE
    return not len(element) and (element.text or "").strip(" :\n").casefold() in LABELS


def _with_its_advert(label: Element) -> Element:
    """The label, or the part that it begins, which is the advert."""
    part = label.getparent()
    begins = part.tag in PARTS and part[0] is label and not (part.text or "").strip()
    brief = size(part) < LONGEST_ADVERT and part.find(".//h1") is None
    return part if begins and brief else label


def _is_notice(element: Element) -> bool:
    """Whether it asks for consent; some sites mark the whole page with the state of it."""
    return bool(CONSENT.search(names_of(element))) and len(element.xpath(".//p")) < 10


def _is_offer(element: Element) -> bool:
    """Whether it names other things to read or to buy, and says no more about them."""
    return bool(OFFERS.search(names_of(element))) and not any(
        size(each) > PROSE for each in element.iter("p")
    )


def _drop_menus(root: Element) -> None:
    """Takes away what is but links, as long as the page has other text."""
    menus = [
        each
        for each in root.iter("div", "ul", "ol", "p", "span", "tr")
        if (links := len(list(each.iter("a")))) > 1
        and weight(each) <= BETWEEN * (links - 1)
        and next(each.iterancestors("td", "th"), None) is None
        and each.find("th") is None
        and not _is_index(each, root)
    ]
    if weight(root) >= LITTLE:
        for each in menus:
            if each.getparent() is not None:
                each.drop_tree()


def _is_index(listed: Element, root: Element) -> bool:
    """Whether the page is there for this list of links, each with some words of its own."""
    words = [len(each.text_content().split()) for each in listed.iter("a")]
    wordy = listed.tag in ("ul", "ol") and sum(words) >= 4 * len(words)
    body = root.find("body")
    return wordy and body is not None and size(listed) > weight(body)


def _drop_cards(root: Element) -> None:
    """Takes away lists of other pages, each with its title and what it is about, unless the page
    is such a list itself.
    """
    for each in list(root.iter("div", "section", "ul", "ol")):
        if each.getparent() is None:
            continue
        cards = [card for card in each if not re.fullmatch("h[1-6]", name_of(card))]
        if len(cards) > 1 and all(map(_leads_away, cards)) and 3 * weight(each) < weight(root):
            each.drop_tree()


def _leads_away(card: Element) -> bool:
    """Whether its title is a link, and no long text follows."""
    titles = card.xpath(".//a[.//h2|.//h3|.//h4|.//h5]|.//h2[a]|.//h3[a]|.//h4[a]|.//h5[a]")
    return len(titles) == 1 and all(size(p) <= 2 * PROSE for p in card.iter("p"))
