"""Brings the catalogues of translations up to date: python -m bot.translating

It collects the sentences of `bot/words.py` and what is counted anywhere in this room, adds the new
ones to each catalogue without a translation, drops those that nobody says any more, and prints how
many are missing.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from bot.languages import CATALOGUES, LANGUAGES

ROOM = Path(__file__).parent
Message = str | tuple[str, str]
"""A sentence, or its form for one thing and its form for many."""


def messages() -> list[Message]:
    """All that has to be translated, in the order of the files; each once."""
    found: dict[Message, None] = {}
    for file in sorted(ROOM.rglob("*.py"), key=lambda path: (path.name != "words.py", path)):
        tree = ast.parse(file.read_text("utf-8"))
        if file.name == "words.py":
            found.update(dict.fromkeys(_sentences(tree)))
        found.update(dict.fromkeys(_counted(tree)))
    return list(found)


def missing(language: str) -> list[Message]:
    """What the language's catalogue has no translation for, or one that is marked as doubtful."""
    catalogue = _read(language)
    return [each for each in messages() if not _is_translated(catalogue, each)]


def update(language: str) -> None:
    """Rewrites the catalogue with exactly what is said now; translations are kept."""
    before = _read(language)
    after = Catalog(
        locale=language,
        header_comment=f"# What the bot says by itself, in the language {language!r}.",
        project="Quoth",
        version="1",
        last_translator="Quoth",
        language_team=language,
        creation_date=before.creation_date,
        revision_date=before.creation_date,
        fuzzy=False,
    )
    for message in messages():
        kept = before.get(message)
        after.add(message, kept.string if kept is not None else None)
    with (CATALOGUES / f"{language}.po").open("wb") as file:
        write_po(file, after, width=100, omit_header=False)


def _read(language: str) -> Catalog:
    file = CATALOGUES / f"{language}.po"
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as opened:
        return read_po(opened, locale=language)


def _is_translated(catalogue: Catalog, message: Message) -> bool:
    held = catalogue.get(message)
    if held is None or held.fuzzy:
        return False
    forms = held.string if isinstance(held.string, (tuple, list)) else (held.string,)
    return bool(forms) and all(forms)


def _sentences(tree: ast.Module) -> Iterator[str]:
    """The constants in capitals, and the values of those that are a mapping."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and all(
            isinstance(each, ast.Name) and each.id.isupper() for each in node.targets
        ):
            value = ast.literal_eval(node.value)
            yield from value.values() if isinstance(value, dict) else [value]


def _counted(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The arguments of `counted(number, "document")` and `counted(number, "refusal", "…")`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        given = [each.value for each in node.args[1:] if isinstance(each, ast.Constant)]
        if name == "counted" and given and all(isinstance(each, str) for each in given):
            one, *many = (str(each) for each in given)
            yield f"{{count}} {one}", f"{{count}} {many[0] if many else one + 's'}"


def main() -> None:
    """Update every catalogue, and say what is missing."""
    CATALOGUES.mkdir(exist_ok=True)
    for language in LANGUAGES:
        update(language)
        sys.stdout.write(f"{language}: {len(missing(language))} of {len(messages())} missing\n")


if __name__ == "__main__":
    main()
