"""The page of the settings, written from what the engine says of them."""

from pathlib import Path
from typing import get_args, get_origin

from pydantic.fields import FieldInfo

from engine.service.settings import PREFIX, Settings

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parent.parent / "docs" / "settings.md"

HEAD = """# Settings

Of `rollbook serve`, from the environment; `--host`, `--port` and `--workers` of the command line come first. A variable
that is empty says nothing. What is wrong is told at the start, all of it at once, and nothing is served. This page is
written from the code (`make fix`).

## The service

| variable | default | what it says |
|---|---|---|
"""

STORE = """
## The store and its keys

Read by every command that uses the store ([store.md](store.md)).

| variable | what it says |
|---|---|
"""

#: A test holds these names against what the store reads.
OF_STORE = {
    "ROLLBOOK_DATABASE": "The database: `sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST/DATABASE`. "
    "Without it, SQLite in the folder for a user's data, such as `~/.local/share/rollbook`.",
    "ROLLBOOK_SECRET_KEYS": "The keys that encrypt what the store keeps, as `id:key,id:key`: the first encrypts, "
    "any of them decrypts. `rollbook keys secret` prints one.",
    "ROLLBOOK_SECRET_KEYS_FILE": "A file with them instead, one `id:key` a line, that nobody but its owner may read.",
    "ROLLBOOK_ENV": "`development` or `production`. In `development`, keys are made beside the database where there "
    "are none, and the first start prints an API key. Without it, it is `production` where `ROLLBOOK_DATABASE` is set.",
}

OTHERS = """
## Of all commands

| variable | what it says |
|---|---|
| `ROLLBOOK_MAPPINGS` | folders with mappings of your own, as in `PATH`; they come before those that are shipped |
| `ROLLBOOK_JSONATA` | `reference` has expressions run by another engine, to compare ([jsonata.md](jsonata.md)) |
"""


def page() -> str:
    """Return the whole page."""
    rows = "".join(_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + rows + STORE + "".join(f"| `{name}` | {about} |\n" for name, about in OF_STORE.items()) + OTHERS


def _row(name: str, field: FieldInfo) -> str:
    about = (field.description or "").replace("\n", " ").replace("|", "\\|")
    bounds = _bounds(field)
    return f"| `{PREFIX}{name.upper()}` | {_default(field)} | {about}{f' ({bounds})' if bounds else ''} |\n"


def _default(field: FieldInfo) -> str:
    value = field.default
    if value in ("", ()):
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else f'{value:g}' if isinstance(value, float) else value}`"


def _bounds(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not None and str(get_origin(field.annotation)).endswith("Literal"):
        return ", ".join(f"`{word}`" for word in get_args(field.annotation))
    words = {"Ge": "at least", "Gt": "more than", "Le": "at most", "Lt": "less than"}
    told = [
        f"{words[type(bound).__name__]} {getattr(bound, type(bound).__name__.lower())}"
        for bound in field.metadata
        if type(bound).__name__ in words
    ]
    return ", ".join(told)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
