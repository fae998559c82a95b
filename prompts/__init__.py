"""What a language model reads, as Markdown files. Their placeholders are part of the contract."""

from __future__ import annotations

from importlib.resources import files
from string import Template


class PromptChanged(Exception):
    """A prompt does not have the placeholders that the code fills in; the text says which."""

    def __init__(self, name: str, expected: set[str], found: set[str]) -> None:
        super().__init__(
            f"prompts/{name}.md must have the placeholders {sorted(expected)}, "
            f"but has {sorted(found)}. Mend the file, or take it from the repository again."
        )


def load(name: str, *placeholders: str) -> Template:
    """The prompt of this name. Raises PromptChanged unless it has just these placeholders."""
    template = Template(files(__name__).joinpath(f"{name}.md").read_text("utf-8"))
    found = set(template.get_identifiers())
    if not template.is_valid() or found != set(placeholders):
        raise PromptChanged(name, set(placeholders), found)
    return template


def filled(name: str, **values: str) -> str:
    """The prompt with these values in the place of its placeholders. Raises PromptChanged."""
    return load(name, *values).substitute(values)
