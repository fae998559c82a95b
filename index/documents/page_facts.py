"""What a page says about itself for machines (JSON-LD), and what of a byline is a name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date

from index.documents.markup import Element

WORKS = re.compile(r"Article|Posting|Report|Recipe|Review|WebPage|Book|Thesis|Episode|HowTo")
"""Kinds of things, of schema.org, that somebody wrote."""
PREFIX = re.compile(r"(?:par|por|автор)(?::\s*|\s+)", re.IGNORECASE)
"""Before a name; trafilatura takes "by" and "von" away."""
HEADLINES = (
    "//*[contains(@class, 'entry-title') or contains(@class, 'post-title')"
    " or @itemprop='headline'][normalize-space()]"
)
CITED = "//meta[@name='citation_author' or @name='dc.creator' or @name='DC.creator']"
"""Where papers name their authors, one each, "Miller, A."."""
NO_NAME = re.compile(r"[\d@»|/<>]|https?:")
LONGEST_NAME, MOST_WORDS = 60, 5
MOST_AUTHORS = 10
DEEPEST = 6


def declared_author(root: Element) -> str | None:
    """Who wrote what the page is about; None where it does not say so for machines."""
    cited = [" ".join((each.get("content") or "").split()) for each in root.xpath(CITED)]
    if names := [each for each in cited if _is_name(each)]:
        return "; ".join(dict.fromkeys(names[:MOST_AUTHORS]))
    for thing in _things(root):
        names = [each for each in _names(thing.get("author")) if _is_name(each)]
        if names:
            return "; ".join(dict.fromkeys(names[:MOST_AUTHORS]))
    return None


def declared_date(root: Element) -> str | None:
    """When it was published, as the page writes it; None where it does not say so."""
    for thing in _things(root):
        if isinstance(said := thing.get("datePublished"), str):
            return said
    return None


def names_in(byline: str | None) -> str | None:
    """The byline without what is no name; None when nothing is left."""
    parts = [each.strip() for each in (byline or "").split(";")]
    parts = [each[found.end() :] if (found := PREFIX.match(each)) else each for each in parts]
    return "; ".join(each for each in parts if _is_name(each)) or None


def is_ambiguous(day: date, page: str) -> bool:
    """Whether the page names this day only as two numbers that could be day and month in turn."""
    if day.day > 12 or day.day == day.month or re.search(day.strftime("%Y-?%m-?%d"), page):
        return False
    numbers = rf"0?{day.day}[/.]0?{day.month}[/.]", rf"0?{day.month}[/.]0?{day.day}[/.]"
    return bool(re.search(rf"\b(?:{'|'.join(numbers)}){day.year}\b", page))


def headline(root: Element) -> str | None:
    """What the page marks as the title of its text, and has in its own; None where it does not."""
    named = root.find(".//title")
    whole = " ".join(named.text_content().split()) if named is not None else ""
    texts = {" ".join(each.text_content().split()) for each in root.xpath(HEADLINES)}
    return next(iter(texts)) if len(texts) == 1 and all(each in whole for each in texts) else None


def _is_name(text: str) -> bool:
    brief = len(text) <= LONGEST_NAME and len(text.split()) <= MOST_WORDS
    return brief and any(map(str.isalpha, text)) and not NO_NAME.search(text)


def _things(root: Element) -> Iterator[dict[str, object]]:
    """What the page declares that somebody wrote, in its order."""
    for script in root.iter("script"):
        if (script.get("type") or "").strip().lower() == "application/ld+json":
            try:
                found = json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue
            yield from _written(found, DEEPEST)


def _written(found: object, depth: int) -> Iterator[dict[str, object]]:
    if isinstance(found, list) and depth:
        for each in found:
            yield from _written(each, depth - 1)
    elif isinstance(found, dict):
        kinds = found.get("@type")
        named = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(each, str) and WORKS.search(each) for each in named):
            yield found
        yield from _written(found.get("@graph") or found.get("mainEntity"), depth - 1)


def _names(author: object) -> Iterator[str]:
    """The names of persons, not of the publisher."""
    for each in author if isinstance(author, list) else [author]:
        if isinstance(each, dict) and each.get("@type", "Person") == "Person":
            each = each.get("name")
        if isinstance(each, str):
            yield " ".join(each.split())
