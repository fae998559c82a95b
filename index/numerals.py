"""The ways to write one small number: "8", "eight", "VIII"; "8th", "eighth"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

_SMALL = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINAL = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()
_TENS = ("", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc")
_ONES = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
LARGEST = 99
"""Beyond it, Roman numerals name years and nothing that a question would write otherwise."""


def other_spellings(word: str) -> tuple[str, ...]:
    """How else the number may be written, folded; empty for a word that is no small number.

    Roman numerals of one letter are left out on both sides: they are letters more often.
    """
    folded = word.casefold()
    return tuple(each for each in _spellings().get(folded, ()) if each != folded)


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Each spelling of a number, with all of them."""
    found: dict[str, tuple[str, ...]] = {}
    for number in range(1, LARGEST + 1):
        named = _SMALL[number - 1 : number]
        for same in ((str(number), *named, *_roman(number)), _ordinals(number)):
            found.update(dict.fromkeys(same, same))
    return found


def _roman(number: int) -> Iterable[str]:
    numeral = _TENS[number // 10] + _ONES[number % 10]
    return [numeral] if len(numeral) > 1 else []


def _ordinals(number: int) -> tuple[str, ...]:
    last = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number // 10 != 1 else "th"
    return (f"{number}{last}", *_ORDINAL[number - 1 : number])
