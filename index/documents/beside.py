"""What stands beside the text of a page, by its name or its words: adverts, invitations, rights."""

from __future__ import annotations

import re

from index.documents.markup import Element, name_of
from index.documents.page_parts import names_of, size, weight

NAMED = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert(?:s|isements?|ising)?|adsbygoogle|anzeigen?|werbung|publicite"
    r"|publicidad|reklama?|dfp|promo(?:tion|box)?|sponsor(?:ed|s)?|subscri(?:be|ption)|newsletter"
    r"|sign-?up|paywall|cta|taboola|outbrain|disqus|kommentare?|live-?chat|chat-?widget|ticker"
    r"|browser-?up(?:grade|date)|announcement-bar|(?:right|left)-rail|sidebar|user-menu"
    r"|(?:video|audio)-?player|vjs|jwplayer|tts|you-?may(?:-?also)?-?like|recirc)(?=$|[\s_-])",
    re.IGNORECASE,
)
"""Names of what stands beside a text, as words of their own."""
RIGHTS = re.compile(
    r"\s*(?:©|\(c\)\s|copyright\b)|.*\b(?:all rights reserved|alle rechte vorbehalten|tous droits"
    r" réservés|todos los derechos reservados|все права защищены)|.*(?:جميع الحقوق محفوظة|"
    r"تمام حقوق|版权所有|無断転載)",
    re.IGNORECASE | re.DOTALL,
)
INVITING = re.compile(
    r"\s*(?:read (?:more|also|next)|related|more on this|lesen sie auch|mehr zum thema|lire aussi"
    r"|à lire aussi|lee también|leia também|leggi anche|читайте также|читайте також|اقرأ أيضا"
    r"|بیشتر بخوانید|延伸阅读)\s*[:：]",
    re.IGNORECASE,
)
"""How a line begins that leads to another page."""
STEPS = {"back to top", "to the top", "nach oben", "zum seitenanfang", "retour en haut",
         "skip to content", "skip to main content", "zum inhalt springen"}  # fmt: skip
BUTTON = re.compile(r"(?:^|[\s_-])(?:btn|button)(?=$|[\s_-])", re.IGNORECASE)
MOST_WORDS = 4
"""Of a link that looks like a button: "Book now"."""
LINES = {"p", "div", "small", "span", "li", "a", "font", "center"}
LONGEST_LINE = 200


def drop_beside(root: Element) -> None:
    """Takes away what stands beside the text, unless it is a third of the page or has its title."""
    body = root.find("body")
    if body is None:
        return
    most = weight(body) / 3
    for each in list(body.iterdescendants()):
        if each.getparent() is None or not name_of(each):
            continue
        if _is_line_beside(each) or (_is_part_beside(each) and weight(each) <= most):
            each.drop_tree()


def _is_part_beside(element: Element) -> bool:
    return bool(NAMED.search(names_of(element))) and element.find(".//h1") is None


def _is_line_beside(element: Element) -> bool:
    """Whether it is a line about rights, or that leads up, down or to another page."""
    if element.tag not in LINES:
        return False
    text = element.text_content()
    if len(text) > 4 * LONGEST_LINE or size(element) > LONGEST_LINE:
        return False
    if element.tag == "a" and BUTTON.search(names_of(element)) and len(text.split()) <= MOST_WORDS:
        return True
    inviting = INVITING.match(text) and 2 * weight(element) < size(element)
    return bool(inviting or RIGHTS.match(text)) or " ".join(text.split()).lower() in STEPS
