"""The part of a page that holds its text: found, and written as trafilatura takes it."""

from __future__ import annotations

import re
from collections import Counter

from index.documents.markup import Element, name_of
from index.documents.page_parts import BETWEEN, LITTLE, PARTS, PROSE, names_of, size, weight

NAMED = re.compile(r"post|entry|article|text|content", re.IGNORECASE)
HEAD = re.compile(r"head|intro|top", re.IGNORECASE)
LEADS = re.compile(
    r"standfirst|(?:^|[-_ ])(?:dek|lead|lede|chapo|intro|teaser|summary|abstract|vorspann)\b",
    re.IGNORECASE,
)
"""How the part with the title, and what sums a text up, are named."""
INLINE = {"a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "data", "dfn", "em", "font", "i",
          "img", "ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup",
          "time", "tt", "u", "var", "wbr", "relative-time"}  # fmt: skip
PLAINER = {"fieldset": "div", "legend": "p", "menu": "ul", "output": "div"}
FACTS = re.compile(r"fact|info|note|\btip|warning|callout|admonition", re.IGNORECASE)
"""How an aside is named that is part of the text."""
NAMED_ELEMENTS = re.compile(r"amp-|.*-(?:ad|ads|ago|time|icon|button|menu|consent|sidebar|share)\b")
"""Elements of their own that hold no text of the page."""
ENDED = re.compile(r"[.!?…]$")
BESIDE = re.compile(
    r"related|recommend|shar(?:e|ing)|social|newsletter|subscri|comment|promo|sidebar|advert|teaser"
    r"|breadcrumb|paginat|most-?read|popular|trending|tags?\b|byline|author-?(?:bio|box)|paywall"
    r"|sponsor|outbrain|taboola|read-?(?:more|next)|more-?(?:from|on|stor)|footer|menu|widget",
    re.IGNORECASE,
)
"""How parts are named that stand beside a text."""
MOST = 0.6
"""A part that holds so much of the page's text is where the main text is."""


def main_part(root: Element) -> Element | None:
    """The part that is named as the page's main one, without what only stands beside its text."""
    parts = root.xpath("//article|//main|//*[@role='main' or @itemprop='articleBody']")
    part = max(parts or root.xpath("//body"), key=weight, default=None)
    if part is None:
        return None
    half = weight(part) / 2
    for each in list(part.iterdescendants()):
        beside = each.getparent() is not None and BESIDE.search(names_of(each))
        if beside and weight(each) < half:
            each.drop_tree()
    return part


def mark_main(root: Element) -> None:
    """Names the part that holds most of the text, on pages that do not: trafilatura goes by names.

    Where several parts have the name, as in a forum, it would take the first one alone.
    """
    for each in root.xpath("//article[following-sibling::article or preceding-sibling::article]"):
        each.tag = "div"
    named = [each for each in root.iter(*PARTS) if NAMED.search(each.get("class", ""))]
    often = Counter(each.get("class") for each in named)
    for each in named:
        if often[each.get("class")] > 1 or _is_below_title(each):
            del each.attrib["class"]
    body = root.find("body")
    if body is None or root.xpath("//article|//main|//*[@role='main' or @itemprop='articleBody']"):
        return
    part, most = body, MOST * weight(body)
    while inner := [each for each in part if each.tag in PARTS and weight(each) >= most]:
        if part is not body and _has_title(part) and not _has_title(inner[0]):
            break
        part = inner[0]
    if part is not body:
        article = part.makeelement("article")
        part.addprevious(article)
        article.append(part)
    elif _is_story(body):
        article = body.makeelement("article")
        article[:] = list(body)
        body.append(article)


def _is_story(body: Element) -> bool:
    """Whether the page has no parts: its title and paragraphs lie in it as they are."""
    paragraphs = sum(map(weight, body.findall("p")))
    return body.find("h1") is not None and 2 * paragraphs > weight(body)


def _is_below_title(part: Element) -> bool:
    """Whether its article has a title, and perhaps more, that this part lacks."""
    whole = next(part.iterancestors("article"), None)
    return whole is not None and _has_title(whole) and not _has_title(part)


def _has_title(part: Element) -> bool:
    return part.find(".//h1") is not None


def unname(root: Element) -> None:
    """Takes names from what stands above a text, which trafilatura would leave out by them: the
    part with the title and what sums the text up; and makes lines of a wiki's box of facts.
    """
    for element in list(root.iter()):
        element.tag = _plainer(element)
    for element in root.iter("div", "p", "section", "h2"):
        named = element.get("class", "")
        begins = HEAD.search(named) and element.find(".//h1") is not None
        if begins or (LEADS.search(named) and weight(element) == size(element)):
            element.attrib.pop("class")
    for box in root.xpath("//aside[contains(@class, 'infobox')]"):
        box.tag = "div"
        box.attrib.pop("class")
        for name in box.xpath(".//*[contains(@class, 'label')][following-sibling::*]"):
            value = name.getnext()
            value.text = f"{name.text_content()}: {value.text or ''}"
            name.drop_tree()


def _plainer(element: Element) -> str | Element:
    """The tag that trafilatura reads in place of one that it passes over with its text."""
    tag = element.tag
    if tag == "aside" and FACTS.search(element.get("class", "")):
        return "div"
    if tag == "time" and (around := next(element.iterancestors("p", "li"), None)) is not None:
        return "span" if size(around) > size(element) else tag
    if tag == "label":
        return tag if next(element.iterancestors("form"), None) is not None else "span"
    if isinstance(tag, str) and "-" in tag and not NAMED_ELEMENTS.match(tag):
        return "div"
    return PLAINER.get(tag, tag)


def keep_threads(root: Element) -> None:
    """Takes their names from the comments of a page that is hardly more than these."""
    body = root.find("body")
    named = [each for each in root.iter() if "comment" in names_of(each).lower()]
    known = set(named)
    outer = [each for each in named if not any(a in known for a in each.iterancestors())]
    if body is None or weight(body) - sum(map(weight, outer)) > 2 * LITTLE:
        return
    for each in named:
        each.attrib.pop("class", None)
        each.attrib.pop("id", None)


def pair_definitions(root: Element) -> None:
    """Makes one item of a word and what is said of it, where that is no more than a paragraph."""
    for listed in root.iter("dl"):
        for group in listed.xpath("./div"):
            group.drop_tag()
        terms: list[Element] = []
        for each in list(listed):
            if each.tag == "dt":
                terms.append(each)
            elif each.tag == "dd" and terms:
                if all(name_of(part) in INLINE | {"p"} for part in each.iterdescendants()):
                    _join(terms, each)
                terms = []


def pair_lines(root: Element) -> None:
    """Makes one line of a name and its value, where line after line is made of two parts, and
    takes the name from what holds them: "meta" is left out by it.
    """
    for parent in list(root.iter("div", "ul", "ol", "section", "dl")):
        rows = [each for each in parent if each.tag in ("div", "li", "p") and _is_pair(each)]
        alike = Counter((each.tag, each.get("class")) for each in rows)
        pairs = [each for each in rows if alike[each.tag, each.get("class")] > 1]
        for row in pairs:
            name, value = (each.text_content().strip() for each in row)
            row[:] = []
            row.text = f"{name.rstrip(': ')}: {value}"
        if pairs:
            parent.attrib.pop("class", None)


def _is_pair(row: Element) -> bool:
    """Whether it is two short texts, the first of which names the second, which has a number."""
    if len(row) != 2 or any((each or "").strip() for each in (row.text, row[0].tail, row[1].tail)):
        return False
    plain = all(each.tag in ("div", "span", "p", "b", "strong") and not len(each) for each in row)
    name, value = (each.text_content().strip() for each in row)
    named = (
        0 < len(name) <= PROSE // 2 and any(map(str.isalpha, name)) and ENDED.search(name) is None
    )
    return plain and named and 0 < len(value) <= PROSE // 2 and any(map(str.isdigit, value))


def _join(terms: list[Element], said: Element) -> None:
    names = [" ".join(term.text_content().split()) for term in terms]
    told = " ".join(" ".join(each.split()) for each in said.itertext() if each.strip())
    if not all(names) or not told or sum(map(len, names)) > PROSE:
        return
    for each in [*said, *terms]:
        each.getparent().remove(each)
    said.text = f"{', '.join(names).rstrip(':')}: {told}"


def make_paragraphs(root: Element) -> None:
    """Makes a paragraph of each division that holds a line of text, or of running ones, and of a
    line that stands above others: dates, prices and places stand in such, and trafilatura takes
    paragraphs alone.
    """
    for each in list(root.iter("div", "figcaption")):
        if each.tag == "figcaption":
            _place_caption(each)
        elif all(name_of(part) in INLINE for part in each.iterdescendants()):
            each.tag = "p" if weight(each) > BETWEEN else "div"
            before = each.getprevious()
            if before is not None and name_of(before) in INLINE:
                before.tail = f"{before.tail or ''} "
    for each in list(root.xpath("//div/span|//div/strong|//div/b|//section/span|//article/span")):
        before = each.getprevious()
        around = (each.tail, each.getparent().text if before is None else before.tail)
        if not any((text or "").strip() for text in around) and weight(each) > BETWEEN:
            each.tag = "p"
    for link in list(root.xpath("//li//a|//p//a")):
        around = next(link.iterancestors("li", "p"))
        if link.tag == "a" and 2 * weight(around) > size(around):
            link.tag = "span"


def _place_caption(caption: Element) -> None:
    """Puts what stands below a picture behind it: trafilatura drops pictures as a whole."""
    figure = next(caption.iterancestors("figure"), None)
    if figure is None or figure.find(".//table") is not None or weight(caption) < LITTLE // 3:
        return
    told = figure.makeelement("p")
    told.text = " ".join(caption.text_content().split())
    caption.drop_tree()
    figure.addnext(told)
