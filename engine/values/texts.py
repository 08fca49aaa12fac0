"""Texts and ids."""

import html
from typing import Any

from engine.telling import shown
from engine.values.problems import ValueProblem

__all__ = ["check_text", "read_id", "read_text"]


def read_text(value: Any, *, entities: bool = False) -> str | None:
    """Read text; numbers become text, empty text is None. `entities` decodes HTML entities. Raises ValueProblem."""
    if isinstance(value, str):
        text = html.unescape(value) if entities and "&" in value else value
    elif isinstance(value, int | float) and not isinstance(value, bool):
        text = _number_text(value)
    else:
        raise ValueProblem(f"{shown(value)} is not text", "choose one text in the expression")
    return check_text(text) or None


def read_id(value: Any) -> str:
    """Read an id: text or a whole number, every digit kept. Raises ValueProblem.

    A whole number that came as a float, such as 7.0, is one as long as a float is exact.
    """
    if isinstance(value, str) and value.strip():
        return check_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    raise ValueProblem(f"{shown(value)} is not an id", "an id is text or a whole number")


def check_text(text: str) -> str:
    """Return text that every database and every file takes; raises ValueProblem for what is none."""
    if text.isascii() and "\0" not in text:
        return text
    if "\0" in text:
        raise ValueProblem(f"{shown(text)} holds a NUL character", "no database takes it: remove it in the expression")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueProblem(f"{shown(text)} holds half a character", "the provider has cut a text in two") from None
    return text


def _number_text(number: float) -> str:
    if isinstance(number, float) and number.is_integer() and abs(number) < 2**53:
        return str(int(number))
    if isinstance(number, float) and number - number != 0:
        raise ValueProblem(f"{number} is not a finite number")
    return str(number)
