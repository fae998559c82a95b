"""Is this message for the bot, and what does it ask? Pure, on Telegram's messages."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA
from telegram import Message, MessageEntity, Update, User
from telegram.constants import ChatType
from telegram.ext.filters import MessageFilter, StatusUpdate

from bot import words
from bot.memory import Place


class Addressed(MessageFilter):
    """Messages meant for the bot: all in private, mentions and replies to it elsewhere."""

    def filter(self, message: Message) -> bool:
        return is_addressed(message, message.get_bot().bot)


def is_addressed(message: Message, bot: User) -> bool:
    """Private, or mentions the bot, or replies to it."""
    if message.chat.type == ChatType.PRIVATE:
        return True
    replied = message.reply_to_message
    # In a topic each message "replies" to the service message that opened the topic.
    if replied and replied.from_user and not replied.forum_topic_created:
        return replied.from_user.id == bot.id or bool(_mentions(message, bot))
    return bool(_mentions(message, bot))


def may_concern(message: Message) -> bool:
    """Addressed, a command in a group that is not plainly another bot's, or a group's new id."""
    bot = message.get_bot().bot
    if is_addressed(message, bot) or StatusUpdate.MIGRATE.filter(message):
        return True
    return command_in(message, bot.username or "") is not None


def command_in(message: Message, username: str) -> str | None:
    """The command a message begins with, in small letters; None for no or another bot's one."""
    found = re.match(r"/(\w+)(?:@(\w+))?(?=\s|$)", message.text or message.caption or "")
    if found is None or (found[2] and found[2].lower() != username.lower()):
        return None
    return found[1].lower()


def question_in(message: Message, bot: User) -> str:
    """The words of a message without the mention of the bot and without a command before them."""
    text = message.text or message.caption or ""
    units = text.encode("utf-16-le", "surrogatepass")
    for entity in sorted(_mentions(message, bot), key=lambda each: -each.offset):
        start, end = 2 * entity.offset, 2 * (entity.offset + entity.length)
        units = units[:start] + units[end:]
    rest = units.decode("utf-16-le", "surrogatepass")
    if rest.startswith("/"):
        rest = "".join(rest.split(maxsplit=1)[1:])
    return rest.strip(" \n\t,:")


def asked_in(message: Message, bot: User) -> str:
    """What a message asks: its own words, or without any those of the message it replies to.

    Empty when there are none, or when that one is the bot's.
    """
    replied, own = message.reply_to_message, question_in(message, bot)
    if own or replied is None or (replied.from_user and replied.from_user.id == bot.id):
        return own
    return question_in(replied, bot)


def sender_of(update: Update) -> int | None:
    """Who an update is from: a person, or the chat in whose name a message was written."""
    sender = update.effective_sender
    return sender.id if sender else None


def place_of(message: Message) -> Place:
    """Where a message was written, by whom. Threads that are not topics are not places."""
    person = message.sender_chat or message.from_user
    topic = message.message_thread_id if message.is_topic_message else None
    return Place(message.chat.id, topic, person.id if person else message.chat.id)


def unknown_command(text: str, known: list[str]) -> str:
    """The sentence for a command that does not exist; it names the nearest, if one is near."""
    written = text.split(maxsplit=1)[0].lstrip("/").partition("@")[0].lower()
    nearest = min(known, key=lambda name: OSA.distance(written, name))
    # One slip in a short word, two in a longer one; more is another word.
    if OSA.distance(written, nearest) > max(1, len(written) // 3):
        return words.UNKNOWN_COMMAND
    return words.UNKNOWN_COMMAND_NEAREST.format(nearest=nearest)


def _mentions(message: Message, bot: User) -> list[MessageEntity]:
    entities = {
        **message.parse_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]),
        **message.parse_caption_entities([MessageEntity.MENTION, MessageEntity.TEXT_MENTION]),
    }
    return [entity for entity, text in entities.items() if _is_bot(entity, text, bot)]


def _is_bot(entity: MessageEntity, text: str, bot: User) -> bool:
    if entity.user:
        return entity.user.id == bot.id
    return text.lower() == f"@{bot.username}".lower()
