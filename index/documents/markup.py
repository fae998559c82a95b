"""XML and HTML trees, parsed without entities, network or unbounded depth: lxml lives here."""

from __future__ import annotations

from typing import Any

from index.documents.original import Original

Element = Any
"""An lxml element; its types stop at the readers of markup formats."""


def xml_root(original: Original, data: bytes, lenient: bool = True) -> Element:
    """The root of an XML document, entities unresolved; raises DocumentUnreadable without one."""
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        recover=lenient, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise original.unreadable("it is not well-formed XML: it is damaged") from error
    if root is None:
        raise original.unreadable("it is not well-formed XML: it is damaged")
    return root


def html_root(text: str) -> Element | None:
    """The root of an HTML page; None when there is nothing in it."""
    from lxml import etree, html

    # Without it text of over 10 million characters, and what lies over 256 deep, would be lost.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, huge_tree=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def name_of(element: Element) -> str:
    """The local name of an element: "p" for "{http://…}p"; empty for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """The attribute with this local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None
