"""Faults on demand: what a network or a busy Telegram does to the next calls of a method."""

from dataclasses import dataclass
from typing import Literal

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One call's misfortune, before it is carried out or after it was.

    Waits `seconds`; then drops the connection, or answers `status` with `body`, or goes on.
    """

    when: When = "before"
    seconds: float = 0
    drop: bool = False
    status: int | None = None
    body: bytes = b""


class Faults:
    """What will go wrong, by method (`*` is every method but getUpdates), oldest first."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Fault]] = {}

    def add(self, method: str, fault: Fault, times: int = 1) -> None:
        """The next `times` calls of `method` meet this fault."""
        self._waiting.setdefault(method.lower(), []).extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        """The fault that this call meets; `None` when it goes well."""
        name = method.lower()
        everywhere = [] if name == "getupdates" else self._waiting.get("*", [])
        waiting = self._waiting.get(name) or everywhere
        return waiting.pop(0) if waiting else None
