"""What a plain scalar means: what JSON would make of it, and text otherwise."""

import math
import re
from typing import Any

__all__ = ["TooLarge", "meaning"]

_WORDS: dict[str, Any] = {"": None, "~": None, "null": None, "true": True, "false": False}
#: A number as JSON writes it: https://www.rfc-editor.org/rfc/rfc8259#section-6
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
#: How many digits an integer may have; Python itself refuses more than 4300.
_DIGITS = 1000


class TooLarge(ValueError):
    """A number no computer can hold as it is written."""


def meaning(text: str) -> Any:
    """Return what a plain scalar stands for. Raises TooLarge."""
    if text in _WORDS:
        return _WORDS[text]
    found = _NUMBER.fullmatch(text)
    if not found:
        return text
    if len(text) > _DIGITS:
        raise TooLarge
    if not found[2] and not found[3]:
        return int(text)
    number = float(text)
    if math.isinf(number):
        raise TooLarge
    return number
