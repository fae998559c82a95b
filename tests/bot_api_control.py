"""The doors of `python -m tests.bot_api` through which people are moved, in JSON.

POST /control/update    {"act": "send_text", "chat": 7, "user": 7, "text": "hello"}
POST /control/fault     {"fault": "drop", "method": "sendMessage", "when": "after"}
GET  /control/calls     what the bot asked; ?since=N leaves out the first N
GET  /control/messages  what a chat shows: ?chat=7

An act is a method of the server of the same name (`person` and `group` make the stage), with its
parameters; chats and people are named by id, a message is given as /control/messages shows it,
and the bytes of a file as base64.
"""

import base64
import inspect
import json
from typing import TYPE_CHECKING, Any

from tornado.web import RequestHandler

from tests.bot_api_rules import Json
from tests.bot_api_world import Chat, Person

if TYPE_CHECKING:
    from tests.bot_api import BotApiServer

ACTS = {
    "add_bot",
    "block",
    "choose",
    "edit_text",
    "group",
    "guest_message",
    "inline_query",
    "person",
    "press",
    "react",
    "remove_bot",
    "send_document",
    "send_photo",
    "send_sticker",
    "send_text",
    "send_voice",
}
FAULTS = {"drop", "fail_next", "retry_after", "stall"}


def control_routes(server: "BotApiServer") -> list[tuple[str, type[RequestHandler], Json]]:
    """What to serve beside the Bot API itself."""
    given = {"server": server}
    return [
        (r"/control/(update|fault)", _Act, given),
        (r"/control/(calls|messages)", _Look, given),
    ]


class _Control(RequestHandler):
    def initialize(self, server: "BotApiServer") -> None:
        self.server = server

    def answer(self, value: Any, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(value, default=str))


class _Act(_Control):
    async def post(self, kind: str) -> None:
        # A page of another origin cannot send this type without asking, and is not answered.
        if not self.request.headers.get("Content-Type", "").startswith("application/json"):
            return self.answer({"error": "Send application/json"}, 415)
        try:
            asked = json.loads(self.request.body)
            name = asked.pop("act" if kind == "update" else "fault")
            if name not in (ACTS if kind == "update" else FAULTS):
                raise LookupError(f"No {name!r} here")
            return self.answer({"result": await _done(self.server, name, asked)})
        except (ValueError, TypeError, LookupError) as error:
            return self.answer({"error": f"{type(error).__name__}: {error}"}, 400)


async def _done(server: "BotApiServer", name: str, asked: Json) -> Any:
    if isinstance(asked.get("content"), str):
        asked["content"] = base64.b64decode(asked["content"])
    emoji = asked.pop("emoji", []) if name == "react" else []
    result = getattr(server, name)(*_named(asked, name, emoji), **asked)
    if inspect.isawaitable(result):
        result = await result
    return result.as_json() if isinstance(result, Person | Chat) else result


def _named(asked: Json, name: str, emoji: list[str]) -> list[Any]:
    """Arguments by position, for the one act that takes any number of them."""
    return [asked.pop("user"), asked.pop("message"), *emoji] if name == "react" else []


class _Look(_Control):
    def get(self, kind: str) -> None:
        if kind == "calls":
            since = int(self.get_argument("since", "0"))
            return self.answer([_shown(call) for call in self.server.calls[since:]])
        chat = int(self.get_argument("chat"))
        if chat not in self.server.chats:
            return self.answer({"error": "No such chat"}, 404)
        return self.answer(self.server.messages(chat))


def _shown(call: Any) -> Json:
    fields = ("method", "parameters", "result", "error", "delivered", "when")
    return {field: getattr(call, field) for field in fields}
