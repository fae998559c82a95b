"""The people, chats and messages around a bot, and what people do there.

Every act of a person changes the chat and gives the bot an update of the kind Telegram would
send. Messages are kept as the JSON the Bot API shows; they are changed only here and by the
bot's methods.
"""

import asyncio
import contextlib
import itertools
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.bot_api_rules import Json, buttons, utf16, with_detected

T = TypeVar("T")

# Telegram sends these only to a bot that asked for them by name.
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(slots=True, eq=False)
class Person:
    """Somebody with a Telegram account, who has pressed Start unless `started` is false."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = None
    started: bool = True
    blocked: bool = False

    def as_json(self) -> Json:
        named = {
            "last_name": self.last_name,
            "username": self.username,
            "language_code": self.language_code,
        }
        return {"id": self.id, "is_bot": False, "first_name": self.first_name} | {
            name: value for name, value in named.items() if value
        }


@dataclass(slots=True, eq=False)
class Chat:
    """A private chat, a group or a supergroup, with every message in it."""

    id: int
    type: str
    title: str | None = None
    username: str | None = None
    topics: dict[int, str] = field(default_factory=dict)
    members: dict[int, str] = field(default_factory=dict)
    bot_status: str = "member"
    messages: dict[int, Json] = field(default_factory=dict)
    drafts: list[Json] = field(default_factory=list)
    pinned: list[int] = field(default_factory=list)
    reactions: dict[tuple[int, int], list[Json]] = field(default_factory=dict)
    last_message_id: int = 0
    upgraded_to: int | None = None

    def as_json(self) -> Json:
        shown: Json = {"id": self.id, "type": self.type}
        if self.title:
            shown["title" if self.type != "private" else "first_name"] = self.title
        if self.username:
            shown["username"] = self.username
        if self.topics:
            shown["is_forum"] = True
        return shown

    def next_message_id(self) -> int:
        # Ids start anew in every chat, as in supergroups: they never name a message alone.
        self.last_message_id = max(self.last_message_id, *self.topics, 0) + 1
        return self.last_message_id


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file on the server; `size` may claim more bytes than `content` holds."""

    id: str
    content: bytes
    size: int
    path: str


class World:
    """Chats and people, the queue of updates, and what acts as people."""

    def __init__(self, bot_id: int, username: str, *, privacy: bool) -> None:
        self.bot: Json = {
            "id": bot_id,
            "is_bot": True,
            "first_name": username,
            "username": username,
        }
        self.privacy = privacy
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, StoredFile] = {}
        self.updates: list[Json] = []
        self.allowed_updates: frozenset[str] = frozenset()
        # Queries not answered yet, then what the bot answered, both by id.
        self.open_queries: dict[str, str] = {}
        self.callback_answers: dict[str, Json] = {}
        self.inline_answers: dict[str, Json] = {}
        self.guest_answers: dict[str, Json] = {}
        self.inline_messages: dict[str, Json] = {}
        self._ids = itertools.count(70_001)
        self._update_ids = itertools.count(500_001)
        self._changed = asyncio.Event()

    # --- the stage ---

    def person(
        self,
        id: int,
        first_name: str = "Ann",
        *,
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        started: bool = True,
    ) -> Person:
        """Somebody new, with a private chat with the bot."""
        person = Person(id, first_name, last_name, username, language_code, started)
        self.people[id] = person
        self.chats[id] = Chat(
            id, "private", first_name, username, members={id: "member"}, bot_status="member"
        )
        return person

    def group(
        self,
        id: int,
        title: str = "Group",
        *,
        topics: Mapping[int, str] | Iterable[str] = (),
        members: Iterable["Person | int"] = (),
        admins: Iterable["Person | int"] = (),
        bot_is_admin: bool = False,
        username: str | None = None,
    ) -> Chat:
        """A group that the bot is in; a supergroup when its id starts with -100 or it has topics.

        `topics` are names, or names by thread id; each opens with its service message.
        """
        if id >= 0:
            raise ValueError("A group's id is negative")
        if not isinstance(topics, Mapping):
            topics = {2 + number: name for number, name in enumerate(topics)}
        kind = "supergroup" if topics or id <= -1_000_000_000_000 else "group"
        statuses = {_id(person): "member" for person in members}
        statuses |= {_id(person): "administrator" for person in admins}
        status = "administrator" if bot_is_admin else "member"
        chat = Chat(id, kind, title, username, dict(topics), statuses, status)
        self.chats[id] = chat
        for thread, name in chat.topics.items():
            chat.messages[thread] = self._topic_opened(chat, thread, name)
        return chat

    def channel(self, id: int, title: str = "Channel", *, username: str | None = None) -> Chat:
        """A channel that the bot is not in: somebody may write in its name in a group."""
        self.chats[id] = Chat(id, "channel", title, username, bot_status="left")
        return self.chats[id]

    def _topic_opened(self, chat: Chat, thread: int, name: str) -> Json:
        return {
            "message_id": thread,
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": {"id": 1087968824, "is_bot": True, "first_name": "Group"},
            "message_thread_id": thread,
            "is_topic_message": True,
            "forum_topic_created": {"name": name, "icon_color": 7322096},
        }

    def chat(self, chat: "Chat | Person | int") -> Chat:
        """The chat itself, of an id or of the person whose private chat it is."""
        return chat if isinstance(chat, Chat) else self.chats[_id(chat)]

    def messages(self, chat: "Chat | Person | int") -> list[Json]:
        """What the chat shows now, oldest first, edits applied; without service messages."""
        shown = self.chat(chat).messages.values()
        return [dict(message) for message in shown if "forum_topic_created" not in message]

    def bot_messages(self, chat: "Chat | Person | int") -> list[Json]:
        """What the bot said in this chat and has not deleted, oldest first."""
        said = self.messages(chat)
        return [message for message in said if message["from"]["id"] == self.bot["id"]]

    def drafts(self, chat: "Chat | Person | int") -> list[Json]:
        """Every draft the bot streamed here, oldest first: draft_id, text, entities."""
        return self.chat(chat).drafts

    # --- what people do ---

    async def send_text(
        self,
        chat: "Chat | Person | int",
        user: Person | int,
        text: str,
        *,
        reply_to: Json | int | None = None,
        thread: int | None = None,
        entities: Sequence[Json] = (),
        in_name_of: Chat | None = None,
        forwarded: bool = False,
        **more: Any,
    ) -> Json:
        """A message of a person; commands, mentions and links in it are marked by themselves.

        `in_name_of` a chat: the group itself for an anonymous admin, else a channel of theirs.
        `forwarded`: Telegram itself brings the post of the channel that is linked to the group.
        """
        if not 1 <= utf16(text) <= 4096:
            raise ValueError("A person's message has 1 to 4096 characters")
        text, marked = with_detected(text, list(entities))
        content: Json = {"text": text} | ({"entities": marked} if marked else {}) | more
        if in_name_of:
            content |= _impersonal(in_name_of, self.chat(chat), forwarded)
        return self._say(chat, user, content, reply_to, thread)

    async def send_document(
        self,
        chat: "Chat | Person | int",
        user: Person | int,
        content: bytes,
        file_name: str,
        *,
        mime_type: str | None = None,
        caption: str | None = None,
        size: int | None = None,
        album: str | None = None,
        reply_to: Json | int | None = None,
        thread: int | None = None,
    ) -> Json:
        """A person sends a file; `size` claims that it is larger than what is stored.

        Files of one `album` are shown together, and each is a message of its own.
        """
        file = self.store_file(content, "documents", file_name, size)
        document = self.file_json(file) | {"file_name": file_name}
        document |= {"mime_type": mime_type} if mime_type else {}
        said = self._captioned({"document": document}, caption)
        said |= {"media_group_id": album} if album else {}
        return self._say(chat, user, said, reply_to, thread)

    async def send_photo(
        self,
        chat: "Chat | Person | int",
        user: Person | int,
        content: bytes,
        *,
        caption: str | None = None,
        **where: Any,
    ) -> Json:
        """A person sends a picture."""
        file = self.store_file(content, "photos", "picture.jpg")
        photo = self.file_json(file) | {"width": 640, "height": 480}
        said = self._captioned({"photo": [photo]}, caption)
        return self._say(chat, user, said, where.get("reply_to"), where.get("thread"))

    async def send_voice(
        self, chat: "Chat | Person | int", user: Person | int, content: bytes = b"ogg", **where: Any
    ) -> Json:
        """A person speaks for three seconds."""
        file = self.store_file(content, "voice", "note.oga")
        voice = self.file_json(file) | {"duration": 3, "mime_type": "audio/ogg"}
        return self._say(chat, user, {"voice": voice}, where.get("reply_to"), where.get("thread"))

    async def send_sticker(
        self, chat: "Chat | Person | int", user: Person | int, emoji: str = "👍", **where: Any
    ) -> Json:
        """A person sends a sticker."""
        sticker = self.file_json(self.store_file(b"webp", "stickers", "sticker.webp")) | {
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        said = {"sticker": sticker}
        return self._say(chat, user, said, where.get("reply_to"), where.get("thread"))

    async def edit_text(self, message: Json, text: str) -> Json:
        """A person changes a message sent earlier."""
        current = self._current(message)
        text, marked = with_detected(text, [])
        current.pop("entities", None)
        current |= {"text": text, "edit_date": int(time.time())}
        current |= {"entities": marked} if marked else {}
        self.add_update("edited_message", dict(current))
        return dict(current)

    async def press(self, user: Person | int, message: Json, data: str) -> str:
        """A person presses the button with this data; the id of the query that comes of it.

        Raises LookupError when the message, as it is now, has no such button.
        """
        inline_id = message.get("inline_message_id")
        current = self.inline_messages[inline_id] if inline_id else self._current(message)
        offered = [button.get("callback_data") for button in buttons(current)]
        if data not in offered:
            raise LookupError(f"No button {data!r} under this message, only {offered}")
        query: Json = {
            "id": self.open_query("callback"),
            "from": self._user(user),
            "chat_instance": str(current.get("chat", {}).get("id", inline_id)),
            "data": data,
        }
        query |= {"inline_message_id": inline_id} if inline_id else {"message": dict(current)}
        self.add_update("callback_query", query)
        return str(query["id"])

    async def react(self, user: Person | int, message: Json, *emoji: str) -> None:
        """A person sets reactions (none takes them away); in a group only an admin bot hears."""
        chat = self.chat(message["chat"]["id"])
        key = (message["message_id"], _id(user))
        new = [{"type": "emoji", "emoji": one} for one in emoji]
        old, chat.reactions[key] = chat.reactions.get(key, []), new
        if chat.type != "private" and chat.bot_status != "administrator":
            return
        changed = {"old_reaction": old, "new_reaction": new, "user": self._user(user)}
        place = {"chat": chat.as_json(), "message_id": message["message_id"]}
        self.add_update("message_reaction", place | changed | {"date": int(time.time())})

    async def inline_query(self, user: Person | int, query: str, offset: str = "") -> str:
        """A person types the bot's name and a query; its id, for `inline_answers`."""
        if utf16(query) > 256:
            raise ValueError("An inline query has at most 256 characters")
        id = self.open_query("inline")
        asked = {"id": id, "from": self._user(user), "query": query, "offset": offset}
        self.add_update("inline_query", asked | {"chat_type": "private"})
        return id

    async def choose(self, user: Person | int, query: str, result_id: str) -> None:
        """A person picks a result of an inline query."""
        chosen = {"result_id": result_id, "from": self._user(user), "query": query}
        self.add_update("chosen_inline_result", chosen)

    async def guest_message(self, user: Person | int, text: str, chat_id: int = -999) -> str:
        """A person mentions the bot in a chat it is not in; the id, for `guest_answers`."""
        text, marked = with_detected(text, [])
        id = self.open_query("guest")
        message: Json = {
            "message_id": 1,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "group", "title": "Elsewhere"},
            "from": self._user(user),
            "text": text,
            "entities": marked,
            "guest_query_id": id,
            "guest_bot_caller_user": self._user(user),
        }
        self.add_update("guest_message", message)
        return id

    async def block(self, user: Person | int) -> None:
        """A person blocks the bot: sending to them is forbidden until they write again."""
        person = self.people[_id(user)]
        person.blocked = True
        self._bot_membership(self.chat(person.id), user, "member", "kicked")

    async def add_bot(self, chat: "Chat | Person | int", user: Person | int) -> None:
        """A person brings the bot into a group."""
        group = self.chat(chat)
        old = "left" if group.bot_status == "member" else group.bot_status
        group.bot_status = "member"
        self._bot_membership(group, user, old, "member")
        self._say(group, user, {"new_chat_members": [self.bot]}, None, None)

    async def remove_bot(self, chat: "Chat | Person | int", user: Person | int) -> None:
        """A person throws the bot out of a group."""
        group = self.chat(chat)
        old, group.bot_status = group.bot_status, "kicked"
        self._bot_membership(group, user, old, "kicked")

    async def upgrade(self, chat: "Chat | Person | int", id: int, user: Person | int) -> Chat:
        """A group becomes a supergroup with another id; the old id says so when it is used."""
        group = self.chat(chat)
        group.upgraded_to = id
        admins = [member for member, status in group.members.items() if status != "member"]
        members = [member for member in group.members if member not in admins]
        upgraded = self.group(id, group.title or "Group", members=members, admins=admins)
        upgraded.bot_status = group.bot_status
        self._say(group, user, {"migrate_to_chat_id": id}, None, None)
        self._say(upgraded, user, {"migrate_from_chat_id": group.id}, None, None)
        return upgraded

    def _bot_membership(self, chat: Chat, user: Person | int, old: str, new: str) -> None:
        changed = {
            "chat": chat.as_json(),
            "from": self._user(user),
            "date": int(time.time()),
            "old_chat_member": self.member_json(self.bot, old),
            "new_chat_member": self.member_json(self.bot, new),
        }
        self.add_update("my_chat_member", changed)

    # --- messages and files, shared with the bot's own methods ---

    def new_message(
        self, chat: Chat, sender: Json, content: Json, reply_to: Json | None, thread: int | None
    ) -> Json:
        """Put a message into a chat, in its topic and under what it replies to."""
        message: Json = {
            "message_id": chat.next_message_id(),
            "date": int(time.time()),
            "chat": chat.as_json(),
            "from": sender,
        }
        message |= self._place(chat, reply_to, thread)
        message |= content
        chat.messages[message["message_id"]] = message
        self.changed()
        return message

    def _place(self, chat: Chat, reply_to: Json | None, thread: int | None) -> Json:
        place: Json = {}
        if reply_to is not None:
            place["reply_to_message"] = _without_reply(reply_to)
        if thread is None and reply_to is not None:
            thread = reply_to.get("message_thread_id")
            if thread is None and chat.type == "supergroup" and not chat.topics:
                thread = reply_to["message_id"]  # a thread of replies is no topic
        if thread is not None:
            place["message_thread_id"] = thread
        if thread in chat.topics:
            place["is_topic_message"] = True
            # In a topic even a message that answers nobody points at the topic's first message.
            place.setdefault("reply_to_message", chat.messages[thread])
        return place

    def store_file(
        self, content: bytes, folder: str, name: str, size: int | None = None
    ) -> StoredFile:
        """Keep a file under a new id; of its name only a plain ending shows in its path."""
        number = next(self._ids)
        id = f"AgAD{number}"
        suffix = name.rpartition(".")[2]
        ending = suffix if suffix.isascii() and suffix.isalnum() else "bin"
        size = len(content) if size is None else size
        self.files[id] = StoredFile(id, content, size, f"{folder}/file_{number}.{ending}")
        return self.files[id]

    def file_json(self, file: StoredFile) -> Json:
        """A file as messages show it."""
        return {"file_id": file.id, "file_unique_id": file.id[4:], "file_size": file.size}

    def member_json(self, user: Json, status: str) -> Json:
        """A chat member with everything that its status brings along."""
        member: Json = {"user": user, "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status in {"creator", "administrator"}:
            member["is_anonymous"] = False
        if status == "administrator":
            member |= dict.fromkeys(_ADMIN_RIGHTS, True)
        return member

    def open_query(self, kind: str) -> str:
        """The id of a new query that the bot may answer once."""
        id = str(next(self._ids))
        self.open_queries[id] = kind
        return id

    def expire(self, query_id: str) -> None:
        """From now on this query is too old to be answered."""
        self.open_queries.pop(query_id, None)

    def user_json(self, user_id: int) -> Json | None:
        """A user as the bot sees one; `None` when there is no such user."""
        if user_id == self.bot["id"]:
            return self.bot
        return self.people[user_id].as_json() if user_id in self.people else None

    def add_update(self, kind: str, payload: Json) -> Json | None:
        """Queue an update, or drop it and return `None` when the bot did not ask for its kind."""
        wanted = self.allowed_updates
        if kind not in wanted if wanted else kind in ON_REQUEST:
            return None
        update = {"update_id": next(self._update_ids), kind: payload}
        self.updates.append(update)
        self.changed()
        return update

    # --- waiting ---

    def changed(self) -> None:
        """Wake everybody who waits for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for(self, found: Callable[[], T], seconds: float = 5) -> T:
        """The first true value of `found()`; TimeoutError, with the bot's words, without one."""
        deadline = time.monotonic() + seconds
        while not (value := found()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"Nothing in {seconds} s; the bot has said {self._said()}")
            # What is waited for may lie outside this world, so look again now and then.
            await self.wait_for_change(min(left, 0.02))
        return value

    async def wait_for_change(self, seconds: float) -> None:
        """Return when something happens in this world, or after `seconds` without."""
        # Not asyncio.wait_for: before Python 3.12 it may swallow a cancellation.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def _said(self) -> list[str]:
        return [
            message.get("text", "(no text)")
            for chat in self.chats.values()
            for message in self.bot_messages(chat)
        ]

    # --- details ---

    def _say(
        self,
        chat: "Chat | Person | int",
        user: Person | int,
        content: Json,
        reply_to: Json | int | None,
        thread: int | None,
    ) -> Json:
        place = self.chat(chat)
        if thread is not None and thread not in place.topics:
            raise LookupError(f"No topic {thread} in this chat, only {sorted(place.topics)}")
        self._arrive(place, user)
        target = self._target(place, reply_to)
        message = self.new_message(place, self._user(user), content, target, thread)
        if self._bot_may_see(place, message):
            self.add_update("message", dict(message))
        return dict(message)

    def _arrive(self, chat: Chat, user: Person | int) -> None:
        chat.members.setdefault(_id(user), "member")
        if chat.type == "private":
            person = self.people[chat.id]
            person.started, person.blocked = True, False

    def _target(self, chat: Chat, reply_to: Json | int | None) -> Json | None:
        if reply_to is None:
            return None
        return chat.messages[reply_to if isinstance(reply_to, int) else reply_to["message_id"]]

    def _bot_may_see(self, chat: Chat, message: Json) -> bool:
        if chat.bot_status not in {"member", "administrator"}:
            return False
        if not self.privacy or chat.type == "private" or chat.bot_status == "administrator":
            return True
        words = str(message.get("text", message.get("caption", ""))).lower()
        replied = message.get("reply_to_message", {}).get("from", {}).get("id")
        named = f"@{self.bot['username'].lower()}" in words
        return named or words.startswith("/") or replied == self.bot["id"]

    def _captioned(self, content: Json, caption: str | None) -> Json:
        if not caption:
            return content
        text, marked = with_detected(caption, [])
        return content | {"caption": text} | ({"caption_entities": marked} if marked else {})

    def _current(self, message: Json) -> Json:
        messages = self.chat(message["chat"]["id"]).messages
        if message["message_id"] not in messages:
            raise LookupError("This message has been deleted")
        return messages[message["message_id"]]

    def _user(self, user: Person | int) -> Json:
        return self.people[_id(user)].as_json()


def _impersonal(author: Chat, place: Chat, forwarded: bool) -> Json:
    """How Telegram shows a message in the name of a chat: from nobody, and a stand-in for old
    programs."""
    stand_in = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
    if author is place:
        stand_in = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    if forwarded:
        stand_in = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    shown: Json = {"from": stand_in, "sender_chat": author.as_json()}
    if not forwarded:
        return shown
    origin = {"type": "channel", "date": 0, "chat": author.as_json(), "message_id": 1}
    return shown | {"is_automatic_forward": True, "forward_origin": origin}


def _id(someone: "Chat | Person | int") -> int:
    return someone if isinstance(someone, int) else someone.id


def _without_reply(message: Json) -> Json:
    return {name: value for name, value in message.items() if name != "reply_to_message"}


_ADMIN_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)
