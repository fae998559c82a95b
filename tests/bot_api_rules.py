"""What Telegram accepts from a bot: pure checks of a message, in Telegram's own words.

Limits come from core.telegram.org/bots/api; what is cleaned and most sentences from the sources
of tdlib/td and tdlib/telegram-bot-api. Where Telegram silently drops or mends something, these
checks refuse it, so that a test notices; such sentences are our own and marked `ours`.
"""

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import combinations, pairwise
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
ENTITY_LIMIT = 100
# Telegram's servers answer ENTITIES_TOO_LONG past about this many bytes of entities
# (tdlib/telegram-bot-api#165); an entity takes twelve bytes and its address.
ENTITY_BYTES = 9500

SPLITTABLE = {"bold", "italic", "underline", "strikethrough", "spoiler"}
QUOTES = {"blockquote", "expandable_blockquote"}
MONOSPACED = {"code", "pre"}
DETECTED = {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
LINKED = {"text_link", "text_mention", "custom_emoji", "date_time"}
ENTITY_TYPES = SPLITTABLE | QUOTES | MONOSPACED | DETECTED | LINKED
REQUIRED = {
    "text_link": "url",
    "text_mention": "user",
    "custom_emoji": "custom_emoji_id",
    "date_time": "unix_time",
}


class Refused(Exception):
    """What Telegram answers instead of doing what was asked."""

    def __init__(self, description: str, status: int = 400, **parameters: int) -> None:
        named = status == 400 and not description.startswith("Bad Request")
        self.description = f"Bad Request: {description}" if named else description
        self.status = status
        self.parameters = parameters
        super().__init__(self.description)

    def as_json(self) -> Json:
        reply = {"ok": False, "error_code": self.status, "description": self.description}
        return reply | ({"parameters": self.parameters} if self.parameters else {})


def utf16(text: str) -> int:
    """How many UTF-16 units `text` takes: Telegram's measure of offsets and lengths."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_slice(text: str, offset: int, length: int) -> str:
    """The part of `text` that an entity with this offset and length covers."""
    units = text.encode("utf-16-le")
    return units[2 * offset : 2 * (offset + length)].decode("utf-16-le")


# --- text and its entities --------------------------------------------------------------------


def checked_text(
    text: object, entities: object = None, parse_mode: object = None
) -> tuple[str, list[Json]]:
    """The text as Telegram would keep it, with its entities; `Refused` when it would not."""
    if not isinstance(text, str) or not text:
        raise Refused("message text is empty")
    return _checked(text, entities, parse_mode, TEXT_LIMIT, "message is too long")


def checked_caption(
    text: object, entities: object = None, parse_mode: object = None
) -> tuple[str, list[Json]]:
    """A caption as Telegram would keep it: a file may go without, so it may be empty."""
    if not isinstance(text, str) or is_blank(text):
        return "", []
    return _checked(text, entities, parse_mode, CAPTION_LIMIT, "message caption is too long")


def _checked(
    text: str, entities: object, parse_mode: object, limit: int, too_long: str
) -> tuple[str, list[Json]]:
    refuse_broken_strings(text)
    text, given = parsed(text, parse_mode) if parse_mode else (text, _entity_list(entities))
    for entity in given:
        _check_entity(text, entity)
    _check_together(given)
    if is_blank(text):
        raise Refused("text must be non-empty")
    # Telegram counts characters; UTF-16 units are the stricter measure.
    if utf16(text) > limit:
        raise Refused(too_long)
    return with_detected(*cleaned(text, given))


def refuse_broken_strings(value: object) -> None:
    """Refuse a lone surrogate anywhere in a parameter: such a string has no UTF-8."""
    match value:
        case str():
            try:
                value.encode()
            except UnicodeEncodeError:
                raise Refused("strings must be encoded in UTF-8") from None
        case dict():
            for inner in value.values():
                refuse_broken_strings(inner)
        case list():
            for inner in value:
                refuse_broken_strings(inner)


def is_blank(text: str) -> bool:
    """True when nothing of `text` would be seen: spaces, controls and invisible marks only."""
    return all(
        unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
        or character in "\u2800\ufffc"
        for character in text
    )


def _entity_list(entities: object) -> list[Json]:
    if entities is None:
        return []
    if not isinstance(entities, list) or not all(isinstance(item, dict) for item in entities):
        raise Refused("can't parse entities: expected an Array of MessageEntity")
    return entities


def _check_entity(text: str, entity: Json) -> None:
    kind = entity.get("type")
    if kind not in ENTITY_TYPES:
        raise Refused("can't parse MessageEntity: Unsupported type specified")
    needed = ["offset", "length", *([REQUIRED[kind]] if kind in REQUIRED else [])]
    for field in needed:
        if field not in entity:
            raise Refused(f"can't parse MessageEntity: Can't find field \"{field}\"")
    _check_range(text, entity)
    if kind == "text_link":
        _check_url(str(entity["url"]), "entity URL")


def _check_range(text: str, entity: Json) -> None:
    offset, length = entity["offset"], entity["length"]
    if not isinstance(offset, int) or offset < 0:
        raise Refused(f"receive an entity with incorrect offset {offset}")
    if not isinstance(length, int) or length <= 0:  # ours for 0, which Telegram drops
        raise Refused(f"receive an entity with incorrect length {length}")
    if offset > utf16(text):
        raise Refused(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset + length > utf16(text):
        raise Refused(
            f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
            f"at UTF-16 offset {offset + length}"
        )
    if _splits_a_character(text, offset):
        raise Refused(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
    if _splits_a_character(text, offset + length):
        raise Refused(
            f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol"
        )


def _splits_a_character(text: str, offset: int) -> bool:
    unit = text.encode("utf-16-le")[2 * offset : 2 * offset + 2]
    return len(unit) == 2 and 0xDC00 <= int.from_bytes(unit, "little") <= 0xDFFF


def _check_together(entities: list[Json]) -> None:
    if len(entities) > ENTITY_LIMIT:  # ours: Telegram keeps the first hundred
        raise Refused(f"can't parse entities: {len(entities)} entities, Telegram keeps 100")
    if sum(12 + len(str(entity.get("url", "")).encode()) for entity in entities) > ENTITY_BYTES:
        raise Refused("ENTITIES_TOO_LONG")
    for first, second in combinations(entities, 2):
        if _common(first, second) and not _may_share(first, second):
            raise Refused(  # ours: Telegram splits or drops one of the two
                f"can't parse entities: {first['type']} and {second['type']} overlap "
                f"at UTF-16 offset {max(first['offset'], second['offset'])}"
            )


def _end(entity: Json) -> int:
    return int(entity["offset"] + entity["length"])


def _common(first: Json, second: Json) -> bool:
    return bool(first["offset"] < _end(second) and second["offset"] < _end(first))


def _contains(outer: Json, inner: Json) -> bool:
    return bool(outer["offset"] <= inner["offset"] and _end(inner) <= _end(outer))


def _may_share(first: Json, second: Json) -> bool:
    """Whether two entities with common characters are formed as the Bot API asks."""
    kinds = {first["type"], second["type"]}
    if not (_contains(first, second) or _contains(second, first)):
        return False
    if kinds <= QUOTES:
        return False
    if kinds & QUOTES:  # a quotation holds anything but a quotation; only styles hold it
        quote, other = (first, second) if first["type"] in QUOTES else (second, first)
        return _contains(quote, other) or other["type"] in SPLITTABLE
    return bool(kinds & SPLITTABLE) and not kinds & MONOSPACED


def check_preview(options: object) -> None:
    """Refuse link preview options that Telegram would not read."""
    if options is None:
        return
    if not isinstance(options, dict):
        raise Refused("object expected as link preview options")
    for name, value in options.items():
        if name != "url" and not isinstance(value, bool):
            raise Refused(f'field "{name}" must be of type Boolean')
    if "url" in options:
        try:
            _check_url(str(options["url"]), "")
        except Refused:
            raise Refused("WEBPAGE_URL_INVALID") from None


def _check_url(url: str, what: str) -> None:
    parts = urlsplit(url if "://" in url else f"http://{url}" if url else "")
    problem = None
    if parts.scheme not in {"", "http", "https", "tg", "ton"}:
        problem = "Unsupported URL protocol"
    elif not parts.netloc:
        problem = "URL host is empty"
    elif parts.scheme in {"", "http", "https"} and "." not in parts.netloc:
        problem = "Wrong HTTP URL"
    if problem:
        raise Refused(f"{what} '{url}' is invalid: {problem}")


# --- what Telegram changes in a text ----------------------------------------------------------


def cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Text without what Telegram removes, spaces trimmed at both ends, entities moved along.

    Carriage returns, U+2028 to U+202E and three combining marks go; other controls become
    spaces (`clean_input_string` of tdlib/td). Entities that cover only spaces go too.
    """
    kept = [_replacement(character) for character in text]
    moved = [0]
    for character, replacement in zip(text, kept, strict=True):
        width = 2 if character > "\uffff" else 1
        moved += [moved[-1] + (width if replacement else 0)] * width
    shifted = [
        entity
        | {
            "offset": moved[entity["offset"]],
            "length": moved[_end(entity)] - moved[entity["offset"]],
        }
        for entity in entities
    ]
    return _trimmed("".join(kept), shifted)


def _replacement(character: str) -> str:
    if character == "\r" or "\u2028" <= character <= "\u202e" or character in "\u0333\u033f\u030a":
        return ""
    return " " if character < " " and character != "\n" else character


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    seen = [
        entity
        for entity in entities
        if utf16_slice(text, entity["offset"], entity["length"]).strip()
    ]
    text = text.rstrip(" \n")
    first = min((entity["offset"] for entity in seen), default=utf16(text))
    cut = min(len(text) - len(text.lstrip(" \n")), first)
    text = text[cut:]
    kept = []
    for entity in seen:
        offset = entity["offset"] - cut
        kept.append(
            entity | {"offset": offset, "length": min(entity["length"], utf16(text) - offset)}
        )
    return text, sorted(kept, key=lambda entity: (entity["offset"], -entity["length"]))


_PATTERNS = {
    "url": r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”]",
    "email": r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "bot_command": r"(?<![\w/<>@.])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])",
    "mention": r"(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}(?!\w)",
    "hashtag": r"(?<![\w#])#\w*[^\W\d]\w*",
}


def with_detected(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """The text with the addresses, mentions, commands and tags that Telegram marks by itself."""
    taken = [entity for entity in entities if entity["type"] not in SPLITTABLE | QUOTES]
    for kind, pattern in _PATTERNS.items():
        for found in re.finditer(pattern, text):
            entity = {
                "type": kind,
                "offset": utf16(text[: found.start()]),
                "length": utf16(found.group()),
            }
            if not any(_common(entity, other) for other in taken):
                taken.append(entity)
                entities = [*entities, entity]
    return text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"]))


# --- HTML --------------------------------------------------------------------------------------

_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}
_ESCAPES = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_HTML = re.compile(
    r"<(?P<close>/?)(?P<tag>[^>]*)>|&(?P<escape>lt|gt|amp|quot|#\d+);|(?P<raw>.)", re.S
)


def parsed(text: str, parse_mode: object) -> tuple[str, list[Json]]:
    """Text and entities of a marked-up message; only HTML is read here, other modes refused."""
    if str(parse_mode).lower() != "html":
        raise Refused("unsupported parse_mode")
    plain, opened, entities = "", list[tuple[str, Json]](), list[Json]()
    for token in _HTML.finditer(text):
        place = len(text[: token.start()].encode())
        if token["escape"]:
            plain += _unescaped(token["escape"])
        elif token["raw"] == "<":
            raise Refused(f"can't parse entities: Unclosed start tag at byte offset {place}")
        elif token["raw"]:
            plain += token["raw"]
        elif token["close"]:
            _close_tag(token["tag"].strip(), place, opened, utf16(plain), entities)
        else:
            opened.append(_open_tag(token["tag"], place, utf16(plain)))
    if opened:
        raise Refused(
            "can't parse entities: Can't find end tag corresponding to start tag "
            f'"{opened[-1][0]}"'
        )
    return plain, entities


def _unescaped(escape: str) -> str:
    return chr(int(escape[1:])) if escape.startswith("#") else _ESCAPES[escape]


def _open_tag(tag: str, place: int, offset: int) -> tuple[str, Json]:
    name, _, attributes = tag.strip().partition(" ")
    name = name.lower()
    kind = _TAGS.get(name) or ("spoiler" if tag == 'span class="tg-spoiler"' else None)
    if kind is None:
        raise Refused(
            f'can\'t parse entities: Unsupported start tag "{name}" at byte offset {place}'
        )
    entity: Json = {"type": kind, "offset": offset}
    address = re.search(r"href=[\"']?([^\"'\s>]+)", attributes)
    if kind == "text_link":
        entity["url"] = _unescape_all(address[1]) if address else ""
    if kind == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    return name, entity


def _unescape_all(text: str) -> str:
    return re.sub(r"&(lt|gt|amp|quot|#\d+);", lambda found: _unescaped(found[1]), text)


def _close_tag(
    name: str, place: int, opened: list[tuple[str, Json]], offset: int, entities: list[Json]
) -> None:
    if not opened:
        raise Refused(f"can't parse entities: Unexpected end tag at byte offset {place}")
    expected, entity = opened.pop()
    if name.lower() != expected:
        raise Refused(
            f"can't parse entities: Unmatched end tag at byte offset {place}, "
            f'expected "</{expected}>", found "</{name}>"'
        )
    length = offset - entity["offset"]
    if length:  # Telegram drops an empty tag
        entities.append(entity | {"length": length})


# --- keyboards ---------------------------------------------------------------------------------

_ACTIONS = {
    "callback_data",
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def checked_markup(markup: object) -> Json | None:
    """The keyboard under a message, or `None`; `Refused` when Telegram would not show it."""
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise Refused("object expected as reply markup")
    if "inline_keyboard" in markup:
        _check_rows(markup["inline_keyboard"])
    elif not markup.keys() & {"keyboard", "remove_keyboard", "force_reply"}:
        raise Refused("object expected as reply markup")
    return markup


def _check_rows(rows: object) -> None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Refused('field "inline_keyboard" must be of type Array')
    if any(not row for row in rows):  # ours: Telegram leaves an empty row out
        raise Refused("can't parse inline keyboard: a row without buttons")
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise Refused("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)


def _check_button(button: object) -> None:
    if not isinstance(button, dict):
        raise Refused("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    where = "can't parse inline keyboard button"
    if "text" not in button:
        raise Refused(f'{where}: Can\'t find field "text"')
    if is_blank(str(button["text"])):
        raise Refused("BUTTON_TEXT_INVALID")
    actions = sorted(button.keys() & _ACTIONS)
    if not actions or button.get("callback_data") == "":
        raise Refused(f"{where}: Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:  # ours: Telegram takes the first it knows
        raise Refused(f"{where}: more than one action: {', '.join(actions)}")
    _check_action(actions[0], button[actions[0]])


def _check_action(action: str, value: Any) -> None:
    match action:
        case "callback_data":
            if not isinstance(value, str) or len(value.encode()) > 64:
                raise Refused("BUTTON_DATA_INVALID")
        case "url":
            _check_url(str(value), "inline keyboard button URL")
        case "copy_text":
            if not 1 <= len(value.get("text", "")) <= 256:
                raise Refused("BUTTON_COPY_TEXT_INVALID")
        case "web_app":
            if not str(value.get("url")).startswith("https://"):
                raise Refused(
                    f"inline keyboard button Web App URL '{value.get('url')}' is invalid: "
                    "Only HTTPS links are allowed"
                )
        case "pay" | "callback_game":
            raise Refused("BUTTON_TYPE_INVALID")


def buttons(message: Json) -> Iterator[Json]:
    """The inline buttons under a message, row by row; none when it has no inline keyboard."""
    for row in message.get("reply_markup", {}).get("inline_keyboard", []):
        yield from row


# --- commands and inline results ---------------------------------------------------------------

_SCOPES = {
    "default": set(),
    "all_private_chats": set(),
    "all_group_chats": set(),
    "all_chat_administrators": set(),
    "chat": {"chat_id"},
    "chat_administrators": {"chat_id"},
    "chat_member": {"chat_id", "user_id"},
}


def checked_commands(commands: object) -> list[Json]:
    """The commands of a menu as they were given; `Refused` when one breaks a rule."""
    if not isinstance(commands, list) or not all(isinstance(item, dict) for item in commands):
        raise Refused("can't parse commands: expected an Array of BotCommand")
    if len(commands) > 100:
        raise Refused("BOT_COMMANDS_TOO_MUCH")
    for item in commands:
        _check_command(str(item.get("command", "")), str(item.get("description", "")))
    names = sorted(str(item["command"]) for item in commands)
    if any(first == second for first, second in pairwise(names)):
        raise Refused("BOT_COMMAND_INVALID")  # ours: a command named twice
    return commands


def _check_command(command: str, description: str) -> None:
    if not command:
        raise Refused("command must be non-empty")
    if len(command) > 32:
        raise Refused("command length must not exceed 32")
    if not re.fullmatch(r"[a-z0-9_]+", command):
        raise Refused("BOT_COMMAND_INVALID")
    if is_blank(description):
        raise Refused("command description must be non-empty")
    if utf16(description) > 256:
        raise Refused("command description length must not exceed 256")


def checked_scope(scope: object, language_code: object) -> tuple[str, ...]:
    """The key under which a command menu is kept: scope, chat, user and language."""
    scope = {"type": "default"} if scope is None else scope
    if not isinstance(scope, dict) or scope.get("type") not in _SCOPES:
        raise Refused("can't parse BotCommandScope: Unsupported type specified")
    for field in _SCOPES[scope["type"]]:
        if field not in scope:
            raise Refused(f"can't parse BotCommandScope: Can't find field \"{field}\"")
    language = checked_language(language_code)
    return (scope["type"], str(scope.get("chat_id", "")), str(scope.get("user_id", "")), language)


def checked_language(language_code: object) -> str:
    """A two-letter language code, or an empty string for every language."""
    if language_code in (None, ""):
        return ""
    if not re.fullmatch(r"[a-z]{2}", str(language_code)):
        raise Refused("invalid language code specified")
    return str(language_code)


def checked_results(results: object) -> list[Json]:
    """The results of an inline query; each message they would send is checked as well."""
    if not isinstance(results, list):
        raise Refused("can't parse inline query results: expected an Array")
    if len(results) > 50:
        raise Refused("RESULTS_TOO_MUCH")
    ids = [result.get("id") for result in results]
    if len(set(ids)) < len(ids):
        raise Refused("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(result)
    return results


def check_result(result: object) -> Json:
    """The inline query result as it was given; `Refused` when Telegram would not show it."""
    where = "can't parse inline query result"
    if not isinstance(result, dict) or "type" not in result:
        raise Refused(f'{where}: Can\'t find field "type"')
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise Refused("RESULT_ID_INVALID")
    if result["type"] == "article":
        for field in ("title", "input_message_content"):
            if not result.get(field):
                raise Refused(f'{where}: Can\'t find field "{field}"')
    content = result.get("input_message_content")
    if content is not None:
        checked_text(
            content.get("message_text"), content.get("entities"), content.get("parse_mode")
        )
    checked_markup(result.get("reply_markup"))
    return result


def check_results_button(button: object) -> None:
    """Refuse the button above inline results when Telegram would not show it."""
    if button is None:
        return
    if not isinstance(button, dict) or is_blank(str(button.get("text", ""))):
        raise Refused("can't parse inline query results button: text must be non-empty")
    actions = sorted(button.keys() & {"start_parameter", "web_app"})
    if len(actions) != 1:
        raise Refused("can't parse inline query results button: exactly one action is expected")
    parameter = button.get("start_parameter")
    if parameter is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(parameter)):
        raise Refused("START_PARAM_INVALID")


_RICH_TAGS = {"p", "b", "a", "blockquote", "details", "summary", "br"}


class _Rich(HTMLParser):
    """Reads the HTML of a rich message; refuses what does not nest or is not known."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _RICH_TAGS:
            raise Refused(f"can't parse rich message: unsupported tag {tag}")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Refused(f"can't parse rich message: unexpected end tag {tag}")

    def handle_data(self, data: str) -> None:
        self.text += data


def checked_rich(html: str) -> str:
    """The text of a rich message; Refused when it is empty, too long or badly nested."""
    reader = _Rich()
    reader.feed(html)
    reader.close()
    if reader.open:
        raise Refused(f"can't parse rich message: {reader.open[-1]} is not closed")
    if not reader.text.strip():
        raise Refused("rich message is empty")
    if len(reader.text) > 32_768:
        raise Refused("rich message is too long")
    return reader.text
