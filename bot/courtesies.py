"""What people say that no document answers, a greeting or "what can you do?": not looked up."""

from __future__ import annotations

from bot import languages, words

LONGEST = 60
"""Characters; what is longer says more."""


def answer_in_kind(said: str) -> str | None:
    """A sentence for a courtesy or a question about the bot alone; None for any other message."""
    if len(said) > LONGEST:
        return None
    if _plain(said) in _phrases("GREETINGS"):
        return words.START
    if _plain(said) in _phrases("ABOUT_ME"):
        return f"{words.START} {words.HELP_SAYS_MORE}"
    return words.YOU_ARE_WELCOME if _plain(said) in _phrases("THANKS") else None


def _phrases(name: str) -> set[str]:
    """Those of the language that is spoken, and the English ones, which are said everywhere."""
    spoken = getattr(words, name)
    with languages.speaking(languages.ENGLISH):
        english = getattr(words, name)
    return {_plain(each) for each in f"{spoken}|{english}".split("|")}


def _plain(text: str) -> str:
    """Without case, punctuation, pictures and marks."""
    kept = "".join(c if c.isalnum() or c.isspace() else "" for c in text.casefold())
    return " ".join(kept.split())
