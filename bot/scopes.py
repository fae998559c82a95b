"""Whose documents are read in which chat.

In private a person reads what they added themselves, in a group what was added there: what is said
in a group is read by all of its members, so nobody's own documents are looked into there.
"""

from __future__ import annotations

from index.scopes import Scopes


def scope_of(chat: int) -> str:
    """The scope of what is added in a chat. A private chat has the id of its person."""
    return f"chat:{chat}" if chat < 0 else f"person:{chat}"


def scopes_of(chat: int) -> Scopes:
    """What may be read in a chat besides what everybody may."""
    return Scopes.of(scope_of(chat))
