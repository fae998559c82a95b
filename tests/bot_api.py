"""A Bot API server of our own on loopback, as strict as Telegram, for tests.

In a test:

    async with BotApiServer() as server:
        ann = server.person(7, "Ann")
        ...start a bot with server.builder(), or with server.token and server.base_url...
        await server.send_text(ann, ann, "who said it?")
        reply = await server.wait_for(lambda: server.bot_messages(ann))

By itself, with people moved by JSON on /control (see `tests/bot_api_control.py`):

    python -m tests.bot_api --port 8081 --token 1:x
"""

import argparse
import asyncio
import copy
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from telegram import Bot
from telegram.ext import ApplicationBuilder
from telegram.request import HTTPXRequest
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

from tests.bot_api_delivery import Delivery
from tests.bot_api_faults import Fault, Faults, Weather, When
from tests.bot_api_flood import Flood, FloodLimits
from tests.bot_api_methods import Methods, Upload
from tests.bot_api_rules import Json, Refused, refuse_broken_strings
from tests.bot_api_world import World

BODY_LIMIT = 80 * 1024 * 1024
REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request of the bot, in the order they ended: what it asked and what became of it.

    `error` is Telegram's description when the call was not accepted. `delivered` is false when
    it was accepted but the bot never heard so. `when` is in seconds of `time.monotonic`.
    """

    method: str
    parameters: Json
    result: Any = None
    error: str | None = None
    delivered: bool = True
    when: float = 0.0

    @property
    def accepted(self) -> bool:
        return self.error is None


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back over the wire; nothing at all when `dropped`."""

    status: int = 200
    body: bytes = b""
    dropped: bool = False


class BotApiServer(World):
    """Telegram for one bot: its methods over HTTP, and a world of people to talk to it.

    `flood=None` lifts the flood limits; `privacy=True` hides from the bot what Telegram's privacy
    mode hides; `control=True` opens /control. Port 0 takes a free one.
    """

    def __init__(
        self,
        token: str = "1:x",  # noqa: S107 - nobody's
        *,
        username: str = "quoth_bot",
        privacy: bool = False,
        flood: FloodLimits | None = FloodLimits(),  # noqa: B008 - it is frozen
        host: str = "127.0.0.1",
        port: int = 0,
        control: bool = False,
    ) -> None:
        super().__init__(int(token.partition(":")[0]), username, privacy=privacy)
        self.token = token
        self.calls: list[Call] = []
        self._faults = Faults()
        self._delivery = Delivery(self)
        self._methods = Methods(self, Flood(flood))
        self._address = (host, port)
        self._control = control
        self._only: tuple[set[str], int] | None = None
        self.newer = False
        """Whether it knows the methods of Bot API 10.1."""
        self._busy = 0
        self._last_activity = time.monotonic()
        self._server: HTTPServer | None = None

    # --- running ---

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen on the address; `base_url` is known from here on."""
        host, port = self._address
        sockets = bind_sockets(port, host)
        self._address = (host, sockets[0].getsockname()[1])
        self._server = HTTPServer(
            self._application(), max_buffer_size=BODY_LIMIT, max_body_size=BODY_LIMIT
        )
        self._server.add_sockets(sockets)
        self._delivery.start()

    def _application(self) -> Application:
        routes: list[Any] = [
            (r"/bot([^/]*)/(?:test/)?(\w+)", _MethodHandler, {"server": self}),
            (r"/file/bot([^/]*)/(.+)", _FileHandler, {"server": self}),
        ]
        if self._control:
            from tests.bot_api_control import control_routes

            routes += control_routes(self)
        return Application(routes, default_handler_class=_NotFound, log_function=lambda _: None)

    async def stop(self) -> None:
        """Hang up on everybody."""
        await self._delivery.stop()
        if self._server:
            self._server.stop()
            await self._server.close_all_connections()

    @property
    def base_url(self) -> str:
        """For `ApplicationBuilder.base_url`."""
        return "http://{}:{}/bot".format(*self._address)

    @property
    def base_file_url(self) -> str:
        """For `ApplicationBuilder.base_file_url`."""
        return "http://{}:{}/file/bot".format(*self._address)

    def client(self, token: str | None = None) -> Bot:
        """The library's own bot, not initialised yet: `async with server.client() as bot`."""
        return Bot(
            token or self.token,
            self.base_url,
            self.base_file_url,
            request=_plain_request(),
            get_updates_request=_plain_request(),
        )

    def builder(self) -> Any:
        """A `telegram.ext.ApplicationBuilder` that leads here, for more to be added to it."""
        leading = ApplicationBuilder().token(self.token).base_url(self.base_url)
        leading = leading.base_file_url(self.base_file_url).request(_plain_request())
        return leading.get_updates_request(_plain_request())

    # --- faults ---

    def fail_next(
        self,
        method: str,
        status: int = 500,
        description: str | None = None,
        times: int = 1,
        *,
        body: bytes | None = None,
    ) -> None:
        """Refuse the next calls; `body` stands for a proxy that answers something else."""
        said = Refused(description or REASONS.get(status, "Unknown"), status).as_json()
        body = json.dumps(said).encode() if body is None else body
        self._faults.add(method, Fault(status=status, body=body), times)

    def retry_after(self, method: str, seconds: int, times: int = 1) -> None:
        """Answer the next calls with 429 and the time to wait."""
        description = f"Too Many Requests: retry after {seconds}"
        said = Refused(description, 429, retry_after=seconds).as_json()
        self._faults.add(method, Fault(status=429, body=json.dumps(said).encode()), times)

    def stall(self, method: str, seconds: float, times: int = 1, when: When = "before") -> None:
        """Let the next calls wait before they are carried out, or with their answer after."""
        self._faults.add(method, Fault(when, seconds=seconds), times)

    def drop(self, method: str, when: When = "before", times: int = 1) -> None:
        """Hang up on the next calls: before anything happened, or after all did, unanswered."""
        self._faults.add(method, Fault(when, drop=True), times)

    def know_only(self, *methods: str, status: int = 404) -> None:
        """Be a smaller server: other methods are answered with 404 or with 400."""
        self._only = ({method.lower() for method in methods}, status)

    def misbehave(self, share: float, seed: int = 1) -> None:
        """Let that share of all calls meet a fault by chance; 0 lets them go well again."""
        self._faults.weather = Weather(share, seed) if share else None

    # --- watching ---

    def called(self, method: str) -> list[Call]:
        """The calls of one method, accepted or not. Polls for updates are not kept."""
        return [call for call in self.calls if call.method.lower() == method.lower()]

    async def quiet(self, idle: float = 0.1, seconds: float = 10) -> None:
        """Wait until the bot took every update and asked nothing for `idle` seconds.

        A bot that thinks longer than `idle` between two calls looks quiet: then use `wait_for`.
        """
        self._last_activity = time.monotonic()
        await self.wait_for(lambda: self._idle_for() >= idle, seconds)

    def _idle_for(self) -> float:
        if self.updates or self._busy:
            return 0.0
        return time.monotonic() - self._last_activity

    # --- answering ---

    async def answer(self, method: str, raw: Json) -> Reply:
        """Carry out one request, with the faults that wait for it."""
        polling = method.lower() == "getupdates"
        self._busy += not polling
        try:
            return await self._answer_with_faults(method, raw, polling)
        finally:
            self._busy -= not polling
            self._last_activity = self._last_activity if polling else time.monotonic()

    async def _answer_with_faults(self, method: str, raw: Json, polling: bool) -> Reply:
        fault = self._faults.take(method)
        if fault and fault.when == "before":
            await asyncio.sleep(fault.seconds)
            if fault.drop or fault.status:
                self._record(polling, method, raw, error=_told(fault))
                return Reply(fault.status or 0, fault.body, fault.drop)
        delivered = not (fault and (fault.drop or fault.status))
        reply = await self._carry_out(method, raw, polling, delivered)
        if fault and fault.when == "after":
            await asyncio.sleep(fault.seconds)
            if fault.drop or fault.status:
                return Reply(fault.status or 0, fault.body, fault.drop)
        return reply

    async def _carry_out(self, method: str, raw: Json, polling: bool, delivered: bool) -> Reply:
        given = raw
        try:
            given = parsed_parameters(raw)
            result = await self._result(method, given)
        except Refused as refused:
            self._record(polling, method, given, error=refused.description, delivered=delivered)
            return Reply(refused.status, json.dumps(refused.as_json()).encode())
        kept = copy.deepcopy(result)
        self._record(polling, method, given, result=kept, delivered=delivered)
        return Reply(200, json.dumps({"ok": True, "result": result}).encode())

    async def _result(self, method: str, given: Json) -> Any:
        if self._only and method.lower() not in self._only[0]:
            raise Refused("Not Found" if self._only[1] == 404 else "unknown method", self._only[1])
        match method.lower():
            case "getupdates":
                return await self._delivery.get_updates(given)
            case "setwebhook":
                return self._delivery.set_webhook(given)
            case "deletewebhook":
                return self._delivery.delete_webhook(given)
            case "getwebhookinfo":
                return self._delivery.get_webhook_info(given)
        function = self._methods.find(method)
        if function is None or (method.lower() in _NEWER and not self.newer):
            raise Refused("Not Found", 404)
        return function(given)

    def _record(self, polling: bool, method: str, parameters: Json, **outcome: Any) -> None:
        if not polling:
            call = Call(method=method, parameters=parameters, when=time.monotonic(), **outcome)
            self.calls.append(call)
            self.changed()

    def check_token(self, token: str) -> None:
        """Refuse a request that another bot's address, or none, carries."""
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise Refused("Not Found", 404)
        if token != self.token:
            raise Refused("Unauthorized", 401)


def _plain_request() -> HTTPXRequest:
    # Reading the certificates of the world takes a tenth of a second, and none is needed here.
    return HTTPXRequest(connection_pool_size=256, httpx_kwargs={"verify": False})


def _told(fault: Fault) -> str:
    if fault.drop:
        return "connection dropped"
    try:
        return str(json.loads(fault.body)["description"])
    except ValueError:
        return f"{fault.status}"


# --- parameters ---------------------------------------------------------------------------------

_NEWER = {"sendrichmessage"}
_STRUCTURED = {
    "allowed_updates",
    "button",
    "caption_entities",
    "commands",
    "entities",
    "link_preview_options",
    "message_ids",
    "reaction",
    "reply_markup",
    "reply_parameters",
    "ephemeral_message_parameters",
    "rich_message",
    "result",
    "results",
    "scope",
}
_FLAGS = {
    "allow_sending_without_reply",
    "disable_notification",
    "drop_pending_updates",
    "is_personal",
    "protect_content",
    "show_alert",
}
_NUMBERS = {
    "cache_time",
    "chat_id",
    "draft_id",
    "limit",
    "max_connections",
    "message_id",
    "message_thread_id",
    "offset",
    "reply_to_message_id",
    "timeout",
    "user_id",
}


def parsed_parameters(raw: Json) -> Json:
    """Parameters as what they mean: a form sends everything as text, JSON inside of it.

    A next offset is text and stays so; what is no number stays as it came.
    """
    given = {name: _parsed(name, value) for name, value in raw.items()}
    refuse_broken_strings(given)
    return {name: value for name, value in given.items() if value is not None}


def _parsed(name: str, value: object) -> object:
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            raise Refused("strings must be encoded in UTF-8") from None
    if not isinstance(value, str):
        return value
    if name in _STRUCTURED:
        return _structured(name, value)
    if name in _NUMBERS and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    return {"true": True, "false": False}.get(value.lower(), value) if name in _FLAGS else value


def _structured(name: str, value: str) -> object:
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(f"can't parse {name.replace('_', ' ')} JSON object") from None


# --- HTTP ---------------------------------------------------------------------------------------


class _Handler(RequestHandler):
    def initialize(self, server: BotApiServer) -> None:
        self.server = server

    def send(self, status: int, body: bytes) -> None:
        self.set_status(status, reason=REASONS.get(status, "Unknown"))
        self.set_header("Content-Type", "application/json")
        self.finish(body)

    def refuse(self, refused: Refused) -> None:
        self.send(refused.status, json.dumps(refused.as_json()).encode())


class _MethodHandler(_Handler):
    _task: asyncio.Task[Reply] | None = None
    _method = ""
    _gone = False

    async def get(self, token: str, method: str) -> None:
        await self.post(token, method)

    async def post(self, token: str, method: str) -> None:
        try:
            self.server.check_token(token)
            raw = _raw_parameters(self.request)
        except Refused as refused:
            return self.refuse(refused)
        self._method = method
        self._task = asyncio.create_task(self.server.answer(method, raw))
        try:
            reply = await self._task
        except asyncio.CancelledError:
            return None
        if reply.dropped:
            self.detach().close()
        elif not self._gone:
            self.send(reply.status, reply.body)
        return None

    def on_connection_close(self) -> None:
        self._gone = True
        # Whatever else was asked is carried out although nobody waits for the answer.
        if self._task and self._method.lower() == "getupdates":
            self._task.cancel()


def _raw_parameters(request: HTTPServerRequest) -> Json:
    if request.headers.get("Content-Type", "").startswith("application/json"):
        try:
            sent = json.loads(request.body or b"{}")
        except ValueError:
            raise Refused("can't parse JSON object") from None
        if not isinstance(sent, dict):
            raise Refused("expected an Object")
        return sent
    # With a form tornado has put the body's fields beside those of the address.
    fields: Json = {name: values[-1] for name, values in request.arguments.items()}
    for name, uploads in request.files.items():
        fields[name] = Upload(uploads[-1]["filename"], uploads[-1]["body"])
    return fields


class _FileHandler(_Handler):
    def get(self, token: str, path: str) -> None:
        try:
            self.server.check_token(token)
        except Refused as refused:
            return self.refuse(refused)
        for stored in self.server.files.values():
            if stored.path == path:
                self.set_header("Content-Type", "application/octet-stream")
                self.finish(stored.content)
                return None
        return self.refuse(Refused("Not Found", 404))


class _NotFound(RequestHandler):
    def prepare(self) -> None:
        self.set_status(404)
        self.finish(Refused("Not Found", 404).as_json())


# --- by itself ----------------------------------------------------------------------------------


async def _serve(server: BotApiServer) -> None:
    async with server:
        sys.stdout.write(f"{server.base_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve one bot until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.bot_api", description=__doc__)
    parser.add_argument("--port", type=int, default=8081)
    parser.add_argument("--token", default="1:x")
    parser.add_argument("--username", default="quoth_bot")
    parser.add_argument("--no-flood", action="store_true", help="lift the flood limits")
    parser.add_argument("--privacy", action="store_true", help="privacy mode, as BotFather sets it")
    chosen = parser.parse_args(arguments)
    server = BotApiServer(
        chosen.token,
        username=chosen.username,
        privacy=chosen.privacy,
        flood=None if chosen.no_flood else FloodLimits(),
        port=chosen.port,
        control=True,
    )
    try:
        asyncio.run(_serve(server))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
