"""Faults on demand: what a network or a busy Telegram does to the next calls of a method."""

import json
import random
from dataclasses import dataclass
from typing import Literal

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One call's misfortune, before it is carried out or after it was.

    Waits `seconds`; then drops the connection, or answers `status` with `body`, or goes on. With
    `after` a `status` stands in place of the answer of what was carried out.
    """

    when: When = "before"
    seconds: float = 0
    drop: bool = False
    status: int | None = None
    body: bytes = b""


class Weather:
    """Faults by chance: that share of all calls, the same ones for the same seed and order."""

    def __init__(self, share: float, seed: int = 1, stall: float = 25.0) -> None:
        """`stall` in seconds is longer than a bot waits for an answer."""
        self._share, self._chance = share, random.Random(seed)
        self._faults = [
            Fault(status=429, body=_said(429, "Too Many Requests", retry_after=1)),
            Fault(status=500, body=_said(500, "Internal Server Error")),
            Fault("after", status=502, body=b"<html>Bad Gateway</html>"),
            Fault(seconds=stall, drop=True),
            Fault(drop=True),
            Fault("after", drop=True),
        ]

    def take(self) -> Fault | None:
        """What the next call meets; `None` when it goes well."""
        return self._chance.choice(self._faults) if self._chance.random() < self._share else None


def _said(status: int, description: str, **parameters: int) -> bytes:
    said = {"ok": False, "error_code": status, "description": description}
    return json.dumps(said | ({"parameters": parameters} if parameters else {})).encode()


class Faults:
    """What will go wrong, by method (`*` is every method but getUpdates), oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}
        self.weather: Weather | None = None

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of `method` meet this fault."""
        self._waiting.setdefault(method.lower(), []).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets; `None` when it goes well."""
        name = method.lower()
        everywhere = [] if name == "getupdates" else self._waiting.get("*", [])
        waiting = self._waiting.get(name) or everywhere
        if waiting:
            return waiting.pop(0)
        return self.weather.take() if self.weather else None
