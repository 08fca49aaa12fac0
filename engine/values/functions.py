"""What expressions may call beyond JSONata's own functions. Few, because the mapping's `values:` does the rest.

`docs/values.md` shows each, with examples that are run as tests.
"""

from collections.abc import Callable
from typing import Any

import pydantic_core

from engine import elements
from engine.jsonata import Function
from engine.telling import shown
from engine.values.durations import read_seconds
from engine.values.markup import plain_text
from engine.values.numbers import read_number
from engine.values.problems import ValueProblem
from engine.values.texts import read_id
from engine.values.times import read_time

__all__ = ["FUNCTIONS"]


def _time(value: Any, form: str | None = None, zone: str | None = None) -> str | None:
    """`$time(x, format?, zone?)`: a time as RFC 3339 text in UTC."""
    if value is None or value == "":
        return None
    return read_time(value, form or "rfc3339", zone).isoformat().replace("+00:00", "Z")


def _seconds(value: Any, unit: str | None = None) -> int | float | None:
    """`$seconds(x, unit?)`: a duration in seconds."""
    return None if value is None else read_seconds(value, unit)


def _percent(value: Any, whole: Any = None) -> int | float | None:
    """`$percent(x, of?)`: a share in percent, absent where there is nothing to share; `"47.1%"` is read as it stands.

    Without `of`, the share is of 1: 0.471 is 47.1 percent.
    """
    if isinstance(value, str) and value.strip().endswith("%"):
        return read_number(value.strip()[:-1].strip())
    part = None if value is None else read_number(value)
    of = 1 if whole is None else read_number(whole)
    if part is None or not of:
        return None
    return _rounded(part / of * 100)


def _rounded(percent: float) -> int | float:
    """Return a percentage without the noise of its division: 1/3 keeps 12 digits, 0.29 of 1 is 29."""
    rounded = round(percent, 12)
    return int(rounded) if rounded.is_integer() else rounded


def _plain(value: Any) -> str | None:
    """`$plain(html)`: HTML as plain text."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ValueProblem(f"{shown(value)} is not text")
    return plain_text(value) or None


def _xml(value: Any) -> dict[str, Any] | None:
    """`$xml(text)`: XML that stands in a text, as the data it is."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueProblem(f"{shown(value)} is not text")
    return elements.read(value)


def _json(value: Any) -> Any:
    """`$json(text)`: JSON that stands in a text, as the data it is; integers keep every digit."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueProblem(f"{shown(value)} is not text")
    try:
        return pydantic_core.from_json(value, allow_inf_nan=False)
    except ValueError as error:
        raise ValueProblem(f"{shown(value)} is not JSON: {error}", "correct what it is read as") from None


def _key(*parts: Any) -> str | None:
    """`$key(a, b, …)`: ids joined with `-`, absent where one of them is: half a key would tell no records apart."""
    if any(part is None or part == "" for part in parts):
        return None
    return "-".join(read_id(part) for part in parts)


def _telling(call: Callable[..., Any]) -> Callable[..., Any]:
    """Put into one text what is wrong and what to do, for the expression's problem."""

    def telling(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except ValueProblem as problem:
            raise ValueError(f"{problem.what}; {problem.do}" if problem.do else problem.what) from None

    return telling


#: The functions by name, without the `$`.
FUNCTIONS: dict[str, Function] = {
    "time": Function(_telling(_time), "<x-s?s?:s>"),
    "seconds": Function(_telling(_seconds), "<x-s?:n>"),
    "percent": Function(_telling(_percent), "<x-x?:n>"),
    "plain": Function(_telling(_plain), "<x-:s>"),
    "xml": Function(_telling(_xml), "<x-:o>"),
    "json": Function(_telling(_json), "<x-:x>"),
    "key": Function(_telling(_key)),
}
