"""What people are called in lists, and whom a command means."""

from __future__ import annotations

import re
from collections.abc import Sequence

from telegram import Message, MessageEntity, MessageOriginUser, User
from telegram.constants import ChatType

from bot import words
from bot.records.people import Known

LONGEST_NAME = 64


def called(name: str) -> str:
    """A name in one line, without what is not seen; empty when nothing is left of it."""
    seen = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(seen.split())[:LONGEST_NAME].rstrip()


def known_as(who: User | Known) -> str:
    """`Ann (@ann, 7)`: a name is chosen freely, so that the id is always beside it."""
    name = called(who.full_name if isinstance(who, User) else who.name)
    if not name:
        return str(who.id)
    if who.username:
        return words.PERSON_WITH_USERNAME.format(name=name, username=who.username, id=who.id)
    return words.PERSON_WITH_NAME.format(name=name, id=who.id)


def meant_by(message: Message, args: Sequence[str]) -> int | str | User | None:
    """Whom a command is about: an id, an @name, somebody mentioned or replied to; None if nobody.

    What is written goes before what is replied to. In private, a reply to a forwarded message
    means its author.
    """
    for entity in message.parse_entities([MessageEntity.TEXT_MENTION]):
        return entity.user
    if args:
        first = args[0]
        if re.fullmatch(r"-?\d{1,15}", first):
            return int(first)
        return first.lower() if re.fullmatch(r"@\w{3,32}", first, re.ASCII) else None
    replied = message.reply_to_message
    # In a topic each message "replies" to the service message that opened the topic.
    if replied is None or replied.forum_topic_created:
        return None
    if message.chat.type == ChatType.PRIVATE:
        origin = replied.forward_origin
        return origin.sender_user if isinstance(origin, MessageOriginUser) else None
    return replied.sender_chat.id if replied.sender_chat else replied.from_user
