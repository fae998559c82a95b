"""Language models by llama-index live here: any OpenAI-compatible server, or another class of it.

A model may be slow, busy, broken or endless. Whatever it does, a call ends in time, with a reply
or with WriterSilent; after some failures in a row it is left alone for a while. What a server says
of an error is neither logged nor shown: it may repeat the key.
"""

from __future__ import annotations

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from index.errors import ModelUnavailable, WriterSilent
from index.ports import Heard, Said

if TYPE_CHECKING:
    from llama_index.core.llms import LLM, ChatResponse

MOST_TOKENS = 700
"""Of a reply: a few sentences."""
LONGEST_REPLY = 6_000
"""Characters; what goes on after that is cut off."""
FAILURES, RESTS = 3, 60.0
"""After so many failures in a row a model is left alone for so many seconds."""
TRIES = 2
SHORTEST_WAIT = 0.2
"""Seconds before a server that failed is asked once more."""
TOKEN = 4
"""Characters of a token, about, where the server does not count."""
NO_KEY = "none"

_CLASS = re.compile(r"(llama_index\.llms(?:\.\w+)+):([A-Za-z_]\w*)")
_LOOPS = range(2, 300)
"""Characters that are looked at for being said again."""
_SHORTEST_LOOP = 60
_BUSY = (408, 409, 425, 429)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Which model is asked, and where."""

    model: str
    base_url: str | None = None
    api_key: SecretStr | None = None
    class_path: str | None = None
    seconds: float = 20.0


def open_language_model(access: Access) -> LlamaIndexModel:
    """The model of these settings; nothing is asked of it yet.

    Raises ModelUnavailable when the class is not one of llama-index's or is not installed.
    """
    make = _openai_like if access.class_path is None else _of_class
    return LlamaIndexModel(make(access), access.model)


class LlamaIndexModel:
    """A language model of llama-index that always ends in time. Safe in threads."""

    def __init__(self, llm: LLM, name: str) -> None:
        self.name = name
        self._llm = llm
        self._breaker = _Breaker()

    def say(self, prompt: str, *, until: float, heard: Heard | None = None) -> Said:
        """The reply; see the port."""
        self._breaker.pass_through()
        try:
            said = self._tried(prompt, until, heard)
        except WriterSilent as error:
            broken = self._breaker.failed(getattr(error.__cause__, "rest", 0.0))
            raise WriterSilent(error.reason, broken=broken) from error
        self._breaker.worked()
        return said

    def _tried(self, prompt: str, until: float, heard: Heard | None) -> Said:
        for left in range(TRIES - 1, -1, -1):
            try:
                return self._once(prompt, until, heard)
            except _Failure as failure:
                wait = max(SHORTEST_WAIT, failure.rest)
                if not (left and failure.again and time.monotonic() + 2 * wait < until):
                    raise WriterSilent(str(failure)) from failure
                time.sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _once(self, prompt: str, until: float, heard: Heard | None) -> Said:
        """One reply. A thread of its own waits for the server, so that we need not."""
        call = _Call(self._llm, prompt, streaming=heard is not None)
        threading.Thread(target=call.run, name="language model", daemon=True).start()
        text = ""
        try:
            for text in call.pieces(until):
                if len(text) > LONGEST_REPLY or _loops(text):
                    raise _Failure("it wrote in a loop or without an end")
                if heard is not None and not heard(text):
                    break
        finally:
            call.stopped.set()
        if not text.strip():
            raise _Failure("it was empty")
        read, written = call.tokens
        return Said(text, read or len(prompt) // TOKEN + 1, written or len(text) // TOKEN + 1)


class _Failure(Exception):
    """A reply that failed. `again` when asking once more may help, after `rest` seconds."""

    def __init__(self, reason: str, *, again: bool = False, rest: float = 0.0) -> None:
        super().__init__(reason)
        self.again, self.rest = again, rest


class _Call:
    """One call of a model, run in a thread and heard in another."""

    def __init__(self, llm: LLM, prompt: str, *, streaming: bool) -> None:
        self._llm, self._prompt, self._streaming = llm, prompt, streaming
        self._pieces: queue.SimpleQueue[str | Exception | None] = queue.SimpleQueue()
        self.stopped = threading.Event()
        self.tokens = (0, 0)

    def run(self) -> None:
        """Puts all that is said so far, time after time; an error or None is the end."""
        try:
            for response in self._responses():
                self.tokens = _tokens(response.raw) or self.tokens
                self._pieces.put(response.message.content or "")
                if self.stopped.is_set():
                    break
        except Exception as error:
            self._pieces.put(error)
        self._pieces.put(None)

    def pieces(self, until: float) -> Iterator[str]:
        """What is said so far, whenever there is more. Raises _Failure."""
        while True:
            try:
                piece = self._pieces.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                raise _Failure("it took too long") from None
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise _failure(piece) from None
            yield piece

    def _responses(self) -> Iterator[ChatResponse]:
        from llama_index.core.llms import ChatMessage

        messages = [ChatMessage(role="user", content=self._prompt)]
        if self._streaming:
            yield from self._llm.stream_chat(messages)
        else:
            yield self._llm.chat(messages)


class _Breaker:
    """Opens after some failures in a row, so that nobody waits for a model that is down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures, self._closed_from = 0, 0.0

    def pass_through(self) -> None:
        """Raises WriterSilent while the model is left alone; after that, one call may try it."""
        with self._lock:
            now = time.monotonic()
            if now < self._closed_from:
                raise WriterSilent("it failed several times just now and is left alone for a while")
            if self._failures >= FAILURES:
                self._closed_from = now + RESTS

    def failed(self, rest: float) -> bool:
        """Notes a failure; True for the one that opens the breaker."""
        with self._lock:
            self._failures += 1
            if self._failures >= FAILURES:
                self._closed_from = time.monotonic() + max(RESTS, rest)
            return self._failures == FAILURES

    def worked(self) -> None:
        with self._lock:
            self._failures, self._closed_from = 0, 0.0


def _openai_like(access: Access) -> LLM:
    from llama_index.llms.openai_like import OpenAILike

    key = access.api_key.get_secret_value() if access.api_key else NO_KEY
    return OpenAILike(
        model=access.model,
        api_base=access.base_url,
        api_key=key,
        is_chat_model=True,
        max_tokens=MOST_TOKENS,
        temperature=0.0,
        timeout=access.seconds,
        max_retries=0,
        additional_kwargs={"stream_options": {"include_usage": True}},
    )


def _of_class(access: Access) -> LLM:
    """A class of llama-index by its path, with as many of our settings as it has fields for."""
    from llama_index.core.llms import LLM

    path = access.class_path or ""
    named = _CLASS.fullmatch(path)
    if named is None:
        raise ModelUnavailable(path, "LLM_CLASS must be like llama_index.llms.anthropic:Anthropic")
    try:
        made = getattr(import_module(named[1]), named[2])
    except (ImportError, AttributeError) as error:
        package = named[1].replace("_", "-").replace(".", "-")
        raise ModelUnavailable(path, f"install it: pip install {package}") from error
    if not (isinstance(made, type) and issubclass(made, LLM)):
        raise ModelUnavailable(path, "it is no language model of llama-index")
    key = access.api_key.get_secret_value() if access.api_key else None
    wanted = {
        "model": access.model,
        "api_key": key,
        "api_base": access.base_url,
        "base_url": access.base_url,
        "max_tokens": MOST_TOKENS,
        "temperature": 0.0,
        "timeout": access.seconds,
        "request_timeout": access.seconds,
        "max_retries": 0,
    }
    fields = made.model_fields
    given = {k: v for k, v in wanted.items() if v is not None and (k in fields or k == "api_key")}
    make: Callable[..., LLM] = made
    try:
        return make(**given)
    except Exception as error:
        raise ModelUnavailable(path, f"it does not start ({type(error).__name__})") from error


def _failure(error: Exception) -> _Failure:
    """What an error of a library means. Its own words are not used."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        kind = type(error).__name__
        late = "timeout" in kind.casefold()
        if late:
            return _Failure("it took too long")
        return _Failure(f"the connection failed ({kind})", again=True)
    if status in (401, 403):
        return _Failure(f"the server refuses the key (status {status}); check LLM_API_KEY")
    if status == 404:
        return _Failure("the server does not know the model (status 404); check LLM_MODEL")
    again = status in _BUSY or status >= 500
    return _Failure(f"status {status}", again=again, rest=_retry_after(error))


def _retry_after(error: Exception) -> float:
    """Seconds that the server asks to wait; 0 when it says nothing that we understand."""
    headers = getattr(getattr(error, "response", None), "headers", None)
    if not isinstance(headers, Mapping):
        return 0.0
    try:
        return max(0.0, min(3_600.0, float(headers.get("retry-after", 0))))
    except ValueError:
        return 0.0


def _tokens(raw: Any) -> tuple[int, int] | None:  # noqa: ANN401 - what a library gives
    """Tokens (read, written) as the server counts them; None where it does not."""
    usage = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
    if usage is None:
        return None
    counts = usage if isinstance(usage, dict) else getattr(usage, "__dict__", {})
    read = counts.get("prompt_tokens", counts.get("input_tokens"))
    written = counts.get("completion_tokens", counts.get("output_tokens"))
    return (read, written) if isinstance(read, int) and isinstance(written, int) else None


def _loops(text: str) -> bool:
    """Whether the text ends in the same characters four times."""
    return any(
        4 * size >= _SHORTEST_LOOP and text.endswith(text[-size:] * 4)
        for size in _LOOPS
        if 4 * size <= len(text)
    )
