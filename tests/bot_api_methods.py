"""The methods of the Bot API, as Telegram carries them out for a bot: one function a method.

Each takes the parameters as parsed and returns what goes into `result`; `Refused` says why not.
Everything is checked before anything happens, and flood limits are asked last.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from telegram.constants import ReactionEmoji

from tests.bot_api_flood import Flood
from tests.bot_api_rules import (
    Json,
    Refused,
    check_preview,
    check_result,
    check_results_button,
    checked_caption,
    checked_commands,
    checked_language,
    checked_markup,
    checked_results,
    checked_rich,
    checked_scope,
    checked_text,
    utf16,
)
from tests.bot_api_world import Chat, World

UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024
CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request, in the place of the parameter it was sent as."""

    name: str
    content: bytes


class Methods:
    """What a bot may ask of Telegram. A method's name in lower case finds its function."""

    def __init__(self, world: World, flood: Flood) -> None:
        self._world = world
        self._flood = flood
        self._commands: dict[tuple[str, ...], list[Json]] = {}
        self._descriptions: dict[tuple[str, str], str] = {}

    def find(self, name: str) -> Callable[[Json], Any] | None:
        """The function behind a method's name, whatever its letters' case; `None` if unknown."""
        known = {
            attribute.replace("_", ""): attribute
            for attribute in vars(type(self))
            if not attribute.startswith("_") and attribute != "find"
        }
        attribute = known.get(name.lower())
        return getattr(self, attribute) if attribute else None

    # --- about the bot ---

    def get_me(self, _: Json) -> Json:
        return self._world.bot | {
            "can_join_groups": True,
            "can_read_all_group_messages": not self._world.privacy,
            "supports_inline_queries": True,
            "supports_guest_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }

    def set_my_commands(self, given: Json) -> bool:
        key = self._scope(given)
        self._commands[key] = checked_commands(given.get("commands"))
        return True

    def _scope(self, given: Json) -> tuple[str, ...]:
        key = checked_scope(given.get("scope"), given.get("language_code"))
        chat = self._world.chats.get(int(key[1])) if key[1] else None
        person = self._world.people.get(int(key[1])) if key[1] else None
        if key[1] and (chat is None or (person and not person.started)):
            raise Refused("chat not found")
        return key

    def delete_my_commands(self, given: Json) -> bool:
        key = self._scope(given)
        self._commands.pop(key, None)
        return True

    def get_my_commands(self, given: Json) -> list[Json]:
        key = checked_scope(given.get("scope"), given.get("language_code"))
        return self._commands.get(key, [])

    def set_my_description(self, given: Json) -> bool:
        return self._describe("description", given, limit=512)

    def set_my_short_description(self, given: Json) -> bool:
        return self._describe("short_description", given, limit=120)

    def set_my_name(self, given: Json) -> bool:
        return self._describe("name", given, limit=64)

    def get_my_description(self, given: Json) -> Json:
        return self._described("description", given)

    def get_my_short_description(self, given: Json) -> Json:
        return self._described("short_description", given)

    def get_my_name(self, given: Json) -> Json:
        return self._described("name", given)

    def _describe(self, field: str, given: Json, limit: int) -> bool:
        text = str(given.get(field, ""))
        if utf16(text) > limit:
            raise Refused(f"{field.replace('_', ' ')} is too long")
        self._descriptions[field, checked_language(given.get("language_code"))] = text
        return True

    def _described(self, field: str, given: Json) -> Json:
        language = checked_language(given.get("language_code"))
        return {field: self._descriptions.get((field, language), "")}

    # --- saying something ---

    def send_message(self, given: Json) -> Json:
        text, entities = checked_text(
            given.get("text"), given.get("entities"), given.get("parse_mode")
        )
        check_preview(given.get("link_preview_options"))
        content: Json = {"text": text} | ({"entities": entities} if entities else {})
        return self._send(given, content)

    def send_document(self, given: Json) -> Json:
        return self._send_file(given, "document", "documents")

    def send_photo(self, given: Json) -> Json:
        return self._send_file(given, "photo", "photos")

    def send_chat_action(self, given: Json) -> bool:
        chat = self._chat(given)
        self._thread(chat, given)
        if given.get("action") not in CHAT_ACTIONS:
            raise Refused("wrong parameter action in request")
        self._flood.spend_in_all()
        return True

    def send_rich_message(self, given: Json) -> Json:
        html = (given.get("rich_message") or {}).get("html") or ""
        content = checked_rich(html)
        return self._send(given, {"rich_message": {"html": html}, "text": content})

    def send_message_draft(self, given: Json) -> bool:
        chat = self._chat(given)
        if chat.type != "private":
            raise Refused("TEXTDRAFT_PEER_INVALID")
        if not given.get("draft_id"):
            raise Refused("RANDOM_ID_INVALID")
        text, entities = "", list[Json]()
        if given.get("text"):
            text, entities = checked_text(
                given["text"], given.get("entities"), given.get("parse_mode")
            )
        thread = self._thread(chat, given)
        self._flood.spend_in_all()
        draft = {"draft_id": given["draft_id"], "text": text, "entities": entities}
        chat.drafts.append(draft | {"message_thread_id": thread, "date": time.time()})
        self._world.changed()
        return True

    def _send(self, given: Json, content: Json) -> Json:
        chat = self._chat(given)
        thread = self._thread(chat, given)
        reply_to = self._reply_target(chat, given)
        markup = checked_markup(given.get("reply_markup"))
        self._check_mentions(content)
        if markup and "inline_keyboard" in markup and markup["inline_keyboard"]:
            content["reply_markup"] = markup
        self._flood.spend(chat)
        return self._world.new_message(chat, self._world.bot, content, reply_to, thread)

    def _send_file(self, given: Json, field: str, folder: str) -> Json:
        caption, entities = checked_caption(
            given.get("caption"), given.get("caption_entities"), given.get("parse_mode")
        )
        shown, name = self._file_shown(given, field, folder)
        content: Json
        if field == "photo":
            content = {"photo": [shown | {"width": 640, "height": 480}]}
        else:
            content = {"document": shown | {"file_name": name}}
        content |= {"caption": caption} if caption else {}
        content |= {"caption_entities": entities} if entities else {}
        return self._send(given, content)

    def _file_shown(self, given: Json, field: str, folder: str) -> tuple[Json, str]:
        upload = given.get(field)
        if isinstance(upload, str) and upload.startswith("attach://"):
            upload = given.get(upload.removeprefix("attach://"))
        if isinstance(upload, str):
            return self._file_again(upload)
        if not isinstance(upload, Upload):
            raise Refused(f"there is no {field} in the request")
        if not upload.content:
            raise Refused("file must be non-empty")
        if len(upload.content) > UPLOAD_LIMIT:
            raise Refused("Request Entity Too Large", 413)
        stored = self._world.store_file(upload.content, folder, upload.name)
        return self._world.file_json(stored), upload.name

    def _file_again(self, file_id: str) -> tuple[Json, str]:
        if file_id not in self._world.files:
            raise Refused("wrong remote file identifier specified: can't unserialize it")
        stored = self._world.files[file_id]
        return self._world.file_json(stored), stored.path.rpartition("/")[2]

    # --- changing what was said ---

    def edit_message_text(self, given: Json) -> Any:
        text, entities = checked_text(
            given.get("text"), given.get("entities"), given.get("parse_mode")
        )
        check_preview(given.get("link_preview_options"))
        message = self._own_message(given, "edit")
        if "text" not in message:
            raise Refused("there is no text in the message to edit")
        fresh: Json = {"text": text} | ({"entities": entities} if entities else {})
        return self._edit(given, message, ("text", "entities", "reply_markup"), fresh)

    def edit_message_caption(self, given: Json) -> Any:
        caption, entities = checked_caption(
            given.get("caption"), given.get("caption_entities"), given.get("parse_mode")
        )
        message = self._own_message(given, "edit")
        if "text" in message:
            raise Refused("there is no caption in the message to edit")
        fresh: Json = {"caption": caption} if caption else {}
        fresh |= {"caption_entities": entities} if entities else {}
        return self._edit(given, message, ("caption", "caption_entities", "reply_markup"), fresh)

    def edit_message_reply_markup(self, given: Json) -> Any:
        return self._edit(given, self._own_message(given, "edit"), ("reply_markup",), {})

    def _edit(self, given: Json, message: Json, fields: tuple[str, ...], fresh: Json) -> Any:
        markup = checked_markup(given.get("reply_markup"))
        if markup and "inline_keyboard" not in markup:
            raise Refused("inline keyboard expected")
        fresh |= {"reply_markup": markup} if markup and markup["inline_keyboard"] else {}
        if fresh == {name: message[name] for name in fields if name in message}:
            raise Refused(NOT_MODIFIED)
        self._check_mentions(fresh)
        inline = "chat" not in message
        self._flood.spend_in_all() if inline else self._flood.spend(self._chat(given))
        for name in fields:
            message.pop(name, None)
        message |= fresh
        if inline:
            return True
        message["edit_date"] = int(time.time())
        self._world.changed()
        return message

    def delete_message(self, given: Json) -> bool:
        chat = self._chat(given)
        message = chat.messages.get(given.get("message_id", 0))
        if message is None:
            raise Refused("message to delete not found")
        own = message["from"]["id"] == self._world.bot["id"]
        if not own and chat.type != "private" and chat.bot_status != "administrator":
            raise Refused("message can't be deleted")
        self._flood.spend_in_all()
        del chat.messages[message["message_id"]]
        self._world.changed()
        return True

    def delete_messages(self, given: Json) -> bool:
        chat, ids = self._chat(given), given.get("message_ids") or []
        if not 1 <= len(ids) <= 100:
            raise Refused("message identifiers are not specified")
        for id in ids:  # those not found are skipped
            if id in chat.messages:
                self.delete_message(given | {"message_id": id})
        return True

    def set_message_reaction(self, given: Json) -> bool:
        chat = self._chat(given)
        if given.get("message_id") not in chat.messages:
            raise Refused("message to react not found")
        reaction = given.get("reaction") or []
        if len(reaction) > 1:
            raise Refused("REACTIONS_TOO_MANY")
        known = {emoji.value for emoji in ReactionEmoji}
        if any(one.get("emoji") not in known for one in reaction):
            raise Refused("REACTION_INVALID")
        self._flood.spend_in_all()
        chat.reactions[given["message_id"], self._world.bot["id"]] = reaction
        self._world.changed()
        return True

    def pin_chat_message(self, given: Json) -> bool:
        chat = self._administered(given)
        if given.get("message_id") not in chat.messages:
            raise Refused("message to pin not found")
        chat.pinned.append(given["message_id"])
        return True

    def unpin_chat_message(self, given: Json) -> bool:
        chat = self._administered(given)
        pinned = given.get("message_id", chat.pinned[-1] if chat.pinned else None)
        if pinned not in chat.pinned:
            raise Refused("message to unpin not found")
        chat.pinned.remove(pinned)
        return True

    def unpin_all_chat_messages(self, given: Json) -> bool:
        self._administered(given).pinned.clear()
        return True

    # --- answering queries ---

    def answer_callback_query(self, given: Json) -> bool:
        if utf16(str(given.get("text", ""))) > 200:
            raise Refused("MESSAGE_TOO_LONG")
        id = self._close_query(given.get("callback_query_id"), "callback")
        self._world.callback_answers[id] = given
        self._world.changed()
        return True

    def answer_inline_query(self, given: Json) -> bool:
        checked_results(given.get("results"))
        if len(str(given.get("next_offset", "")).encode()) > 64:
            raise Refused("NEXT_OFFSET_INVALID")
        check_results_button(given.get("button"))
        id = self._close_query(given.get("inline_query_id"), "inline")
        self._world.inline_answers[id] = given
        self._world.changed()
        return True

    def answer_guest_query(self, given: Json) -> Json:
        result = check_result(given.get("result"))
        id = self._close_query(given.get("guest_query_id"), "guest")
        self._world.guest_answers[id] = given
        inline_id = f"guest{id}"
        content = result.get("input_message_content") or {}
        text, entities = checked_text(
            content.get("message_text", "(media)"),
            content.get("entities"),
            content.get("parse_mode"),
        )
        message: Json = {"inline_message_id": inline_id, "text": text, "entities": entities}
        message |= {"reply_markup": result["reply_markup"]} if "reply_markup" in result else {}
        self._world.inline_messages[inline_id] = message
        self._world.changed()
        return {"inline_message_id": inline_id}

    def _close_query(self, id: object, kind: str) -> str:
        if self._world.open_queries.get(str(id)) != kind:
            raise Refused(TOO_OLD)
        del self._world.open_queries[str(id)]
        return str(id)

    # --- looking around ---

    def get_chat(self, given: Json) -> Json:
        chat = self._chat(given, to_write=False)
        return chat.as_json() | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys(
                (
                    "unlimited_gifts",
                    "limited_gifts",
                    "unique_gifts",
                    "premium_subscription",
                    "gifts_from_channels",
                ),
                False,
            ),
        }

    def get_chat_member(self, given: Json) -> Json:
        chat = self._chat(given, to_write=False)
        user_id = given.get("user_id", 0)
        user = self._world.user_json(user_id)
        if user is None:
            raise Refused("invalid user_id specified")
        status = chat.members.get(user_id, "left")
        return self._world.member_json(user, chat.bot_status if user == self._world.bot else status)

    def get_chat_administrators(self, given: Json) -> list[Json]:
        chat = self._chat(given, to_write=False)
        if chat.type == "private":
            raise Refused("there are no administrators in the private chat")
        return [
            self._world.member_json(self._world.user_json(user) or self._world.bot, status)
            for user, status in chat.members.items()
            if status in {"administrator", "creator"}
        ]

    def get_chat_member_count(self, given: Json) -> int:
        return len(self._chat(given, to_write=False).members) + 1

    def get_file(self, given: Json) -> Json:
        stored = self._world.files.get(str(given.get("file_id")))
        if stored is None:
            raise Refused("invalid file_id")
        if stored.size > DOWNLOAD_LIMIT:
            raise Refused("file is too big")
        return self._world.file_json(stored) | {"file_path": stored.path}

    def leave_chat(self, given: Json) -> bool:
        chat = self._chat(given)
        if chat.type == "private":
            raise Refused("chat member status can't be changed in private chats")
        chat.bot_status = "left"
        self._world.changed()
        return True

    # --- finding what parameters name ---

    def _chat(self, given: Json, *, to_write: bool = True) -> Chat:
        named = given.get("chat_id")
        if named in (None, ""):
            raise Refused("chat_id is empty")
        chat = self._world.chats.get(named) if isinstance(named, int) else self._named(str(named))
        if chat is None:
            raise Refused("chat not found")
        if chat.upgraded_to:
            said = "group chat was upgraded to a supergroup chat"
            raise Refused(said, 400, migrate_to_chat_id=chat.upgraded_to)
        if chat.bot_status in {"left", "kicked"} and chat.type != "private":
            happened = "was kicked from" if chat.bot_status == "kicked" else "is not a member of"
            raise Refused(f"Forbidden: bot {happened} the {chat.type} chat", 403)
        if chat.type == "private" and to_write:
            self._check_welcome(chat)
        return chat

    def _named(self, username: str) -> Chat | None:
        named = [
            chat
            for chat in self._world.chats.values()
            if chat.username and f"@{chat.username}".lower() == username.lower()
        ]
        # Private chats cannot be addressed by name.
        return next((chat for chat in named if chat.type != "private"), None)

    def _check_welcome(self, chat: Chat) -> None:
        person = self._world.people[chat.id]
        if person.blocked:
            raise Refused("Forbidden: bot was blocked by the user", 403)
        if not person.started:
            raise Refused("Forbidden: bot can't initiate conversation with a user", 403)

    def _administered(self, given: Json) -> Chat:
        chat = self._chat(given)
        if chat.type != "private" and chat.bot_status != "administrator":
            raise Refused("not enough rights to manage pinned messages in the chat")
        self._flood.spend_in_all()
        return chat

    def _thread(self, chat: Chat, given: Json) -> int | None:
        thread = given.get("message_thread_id")
        if thread is None:
            return None
        # Also in a chat without topics, where a message may well show a thread of replies.
        if thread not in chat.topics:
            raise Refused("message thread not found")
        return int(thread)

    def _reply_target(self, chat: Chat, given: Json) -> Json | None:
        asked = given.get("reply_parameters")
        if asked is None and given.get("reply_to_message_id"):
            asked = {
                "message_id": given["reply_to_message_id"],
                "allow_sending_without_reply": given.get("allow_sending_without_reply"),
            }
        if not asked:
            return None
        if "message_id" not in asked:
            raise Refused('can\'t find field "message_id"')
        place = self._chat(asked) if asked.get("chat_id") else chat
        target = place.messages.get(asked["message_id"])
        if target is None and not asked.get("allow_sending_without_reply"):
            raise Refused("message to be replied not found")
        self._check_quote(target, asked.get("quote"))
        return target

    def _check_quote(self, target: Json | None, quote: object) -> None:
        if target is None or not quote:
            return
        if str(quote) not in str(target.get("text", target.get("caption", ""))):
            raise Refused("QUOTE_TEXT_INVALID")

    def _check_mentions(self, content: Json) -> None:
        for entity in [*content.get("entities", []), *content.get("caption_entities", [])]:
            user = entity.get("user")
            if user and self._world.user_json(user.get("id", 0)) is None:
                raise Refused("user not found")

    def _own_message(self, given: Json, doing: str) -> Json:
        inline_id = given.get("inline_message_id")
        if inline_id:
            if inline_id not in self._world.inline_messages:
                raise Refused("MESSAGE_ID_INVALID")
            return self._world.inline_messages[inline_id]
        chat = self._chat(given)
        if not given.get("message_id"):
            raise Refused("message identifier is not specified")
        message = chat.messages.get(given["message_id"])
        if message is None:
            raise Refused(f"message to {doing} not found")
        if message["from"]["id"] != self._world.bot["id"]:
            raise Refused(f"message can't be {doing}ed")
        return message
