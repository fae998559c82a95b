"""A language model on loopback that plays what a test scripts, by OpenAI's chat protocol.

It streams when it is asked to. A `Play` is what it does for one request; the last one is repeated.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Says = str | Callable[["Prompt"], str]
PIECE = 7
"""Characters of a piece of a stream, so that keys and words are cut in two."""


@dataclass(frozen=True)
class Prompt:
    """What the model was asked."""

    text: str

    @property
    def evidence(self) -> dict[str, str]:
        """Each sentence of the evidence → its key."""
        _, _, shown = self.text.partition("Question:")
        return {text: key for key, text in re.findall(r"^\[(\w{4})\] (.+)$", shown, re.MULTILINE)}

    def key(self, words: str) -> str:
        """The key of the first sentence that has these words, in its brackets."""
        return next(f"[{key}]" for text, key in self.evidence.items() if words in text)


@dataclass(frozen=True)
class Play:
    """What is done for one request: a reply, or one of the ways to fail."""

    says: Says = ""
    status: int = 200
    retry_after: str | None = None
    waits: float = 0.0
    """Seconds before anything is sent,"""
    dawdles: float = 0.0
    """and between the pieces of a stream."""
    cut: bool = False
    """The connection ends in the middle."""
    raw: bytes | None = None
    """Sent in place of JSON."""


class OpenAiServer:
    """Serves until the `with` block ends. Prompts are kept in `prompts`."""

    def __init__(self, *plays: Play) -> None:
        self._plays = list(plays)
        self._lock = threading.Lock()
        self.prompts: list[Prompt] = []
        self.streamed: list[bool] = []
        self.keys: set[str] = set()
        self.over = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._http.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def next(self, body: dict[str, Any], key: str) -> tuple[Prompt, Play]:
        with self._lock:
            prompt = Prompt("\n".join(each["content"] for each in body["messages"]))
            self.prompts.append(prompt)
            self.streamed.append(bool(body.get("stream")))
            self.keys.add(key)
            play = self._plays.pop(0) if len(self._plays) > 1 else self._plays[0]
        return prompt, play

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._http.shutdown()
        self._http.server_close()


def _handler(server: OpenAiServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return None

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt, play = server.next(body, self.headers.get("Authorization", ""))
            server.over.wait(play.waits)
            try:
                self._play(body, prompt, play)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _play(self, body: dict[str, Any], prompt: Prompt, play: Play) -> None:
            text = play.says if isinstance(play.says, str) else play.says(prompt)
            if play.status != 200:
                error = {"error": {"message": f"refused: {self.headers['Authorization']}"}}
                self._whole(json.dumps(error).encode(), play)
            elif play.raw is not None:
                self._whole(play.raw, play)
            elif body.get("stream"):
                self._stream(text, prompt, play)
            else:
                self._whole(json.dumps(_completion(text, prompt)).encode(), play)

        def _whole(self, data: bytes, play: Play) -> None:
            self.send_response(play.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            if play.retry_after:
                self.send_header("Retry-After", play.retry_after)
            self.end_headers()
            self.wfile.write(data[: len(data) // 2] if play.cut else data)
            self.close_connection = play.cut

        def _stream(self, text: str, prompt: Prompt, play: Play) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            shown = text[: len(text) // 2] if play.cut else text
            for at in range(0, len(shown), PIECE):
                self._event(_chunk(shown[at : at + PIECE]))
                if play.dawdles and server.over.wait(play.dawdles):
                    return
            if play.cut:
                self.close_connection = True
                return
            self._event({**_chunk(""), "choices": [], "usage": _usage(text, prompt)})
            self._write(b"data: [DONE]\n\n")
            self.wfile.write(b"0\r\n\r\n")

        def _event(self, value: object) -> None:
            self._write(b"data: " + json.dumps(value).encode() + b"\n\n")

        def _write(self, data: bytes) -> None:
            self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            self.wfile.flush()

    return Handler


def _usage(text: str, prompt: Prompt) -> dict[str, int]:
    read, written = len(prompt.text) // 4, len(text) // 4
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def _completion(text: str, prompt: Prompt) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": "scripted",
        "choices": [choice],
        "usage": _usage(text, prompt),
    }


def _chunk(piece: str) -> dict[str, object]:
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": int(time.time()),
        "model": "scripted",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}],
    }
