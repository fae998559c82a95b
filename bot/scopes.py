"""Whose documents are read in which chat.

In private a person reads what they added themselves, in a group what was added there: what is said
in a group is read by all of its members, so nobody's own documents are looked into there.
"""

from __future__ import annotations

from index.scopes import Scopes


def scope_of(chat: int) -> str:
    """The scope of what is added in a chat. A private chat has the id of its person."""
    return f"chat:{chat}" if chat < 0 else f"person:{chat}"


def scopes_of(*chats: int) -> Scopes:
    """What may be read in a chat, or in several, besides what everybody may."""
    return Scopes.of(*map(scope_of, chats))


def is_of_a_group(scope: str) -> bool:
    """Whether it is the scope of what was added in a group."""
    return scope.startswith("chat:")


def group_of(chat: int) -> int | None:
    """The chat, if it is a group: its members may read what was added there also in private."""
    return chat if chat < 0 else None
