"""The languages that the bot speaks, and how each writes days and numbers: Babel lives here.

Whoever writes is answered in the language of their Telegram, as far as there is a catalogue for it
(`bot/locales`, one gettext file a language); else in English. Documents are never translated.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path

from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH = "en"
LANGUAGES = ("de", "es", "fr", "ru", "uk", "fa", "ps", "ar", "zh")
"""Those with a catalogue, by ISO 639-1; English is what the sentences are written in."""
ALL = (ENGLISH, *LANGUAGES)
CATALOGUES = Path(__file__).parent / "locales"

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def speak(code: str | None) -> None:
    """From here on the language of this code ("de-AT") is spoken: in this task and those it begins.

    Each update that Telegram sends is handled in a task of its own.
    """
    _spoken.set(known(code))


@contextmanager
def speaking(language: str | None) -> Iterator[None]:
    """Inside of the block this language is spoken."""
    token = _spoken.set(known(language))
    try:
        yield
    finally:
        _spoken.reset(token)


def spoken() -> str:
    """The language that is spoken here, by ISO 639-1."""
    return _spoken.get()


def known(code: str | None) -> str:
    """The language that is spoken for a code such as "de-AT" or "zh-hans"; English for others."""
    language = (code or ENGLISH).lower().replace("_", "-").partition("-")[0]
    return language if language in LANGUAGES else ENGLISH


def said(sentence: str) -> str:
    """The sentence in the language that is spoken; as it is where its translation is missing."""
    return _catalogue(_spoken.get()).gettext(sentence) if sentence else sentence


def counted(count: int, one: str, many: str) -> str:
    """`one` or `many` in the language that is spoken, with the number for its `{count}`."""
    form = _catalogue(_spoken.get()).ngettext(one, many, count)
    return form.format(count=format_decimal(count, locale=_locale()))


def spoken_day(day: date) -> str:
    """`4 September 2021`, as the language that is spoken writes it."""
    return format_date(day, "long", locale=_locale())


def _locale() -> str:
    """Babel's name for it. English days are written as in Britain: day, month, year."""
    language = _spoken.get()
    return "en_GB" if language == ENGLISH else language


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    file = CATALOGUES / f"{language}.po"
    if language == ENGLISH or not file.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
