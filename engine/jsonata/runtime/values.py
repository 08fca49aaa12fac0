"""The values of an evaluation: what JSON has, marked lists, functions, and what they are called."""

from collections.abc import Callable
from typing import Any, Final

__all__ = [
    "LISTS", "NULL", "NUMBERS", "OBJECTS", "TEXTS", "UNFIT", "Function", "Kept", "Made", "Null", "Outer", "Rows", "Seq",
    "Whole", "fitting", "kind_of", "letter_of", "present", "single",
]  # fmt: skip


class Null:
    """The null of JSON, in the language that tells it from what is absent. There is one: `NULL`."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "NULL"

    def __bool__(self) -> bool:
        return False


NULL: Final = Null()


class Seq(list[Any]):
    """A sequence, the results of a step: of one it is that one, of none it is absent."""

    __slots__ = ()


class Kept(Seq):
    """A sequence that stays a list, even of one, because `[]` says so."""

    __slots__ = ()


class Outer(Seq):
    """A list that is the whole input: one value, in spite of being a sequence."""

    __slots__ = ()


class Made(list[Any]):
    """A list that an expression made. A list of the data is a plain list, with nothing in it but data."""

    __slots__ = ()


class Whole(Made):
    """A list made at either end of a path: one value among the results of a step."""

    __slots__ = ()


class Rows(Seq):
    """Results together with the variables bound on the way: objects whose `@` is the result."""

    __slots__ = ()


class Function:
    """A function as a value. `call(run, arguments, context)` returns its result; `arity` is what it cares for.

    One that is written as a pattern has that pattern, compiled by RE2. One of an expression has its body as `direct`,
    to be called with exactly `arity` arguments, where no signature stands between.
    """

    __slots__ = ("arity", "call", "direct", "name", "pattern")

    def __init__(
        self,
        name: str,
        arity: int,
        call: Callable[..., Any],
        *,
        pattern: Any = None,
        direct: Callable[..., Any] | None = None,
    ) -> None:
        self.name = name
        self.arity = arity
        self.call = call
        self.pattern = pattern
        self.direct = direct


#: Stands for an argument that a function does not take.
UNFIT: Final = Null()
NUMBERS = frozenset({int, float})
TEXTS = frozenset({str})
OBJECTS = frozenset({dict})

#: The types that a list may have: one of the data, and those that expressions make.
LISTS = frozenset({list, Seq, Kept, Outer, Made, Whole, Rows})

_LETTERS: dict[type[Any], str] = {
    str: "s", int: "n", float: "n", bool: "b", dict: "o", list: "a", Seq: "a", Kept: "a", Outer: "a", Made: "a",
    Whole: "a", Rows: "a", type(None): "m", Null: "l", Function: "f",
}  # fmt: skip
_KINDS = {
    "s": "text", "n": "a number", "b": "true or false", "o": "an object", "a": "a list", "m": "nothing", "l": "null",
    "f": "a function",
}  # fmt: skip


def letter_of(value: Any) -> str:
    """Return the letter by which signatures know the type of a value."""
    letter = _LETTERS.get(type(value))
    if letter is None:
        raise TypeError(f"{type(value).__name__} is not of JSON")
    return letter


def kind_of(value: Any) -> str:
    """Name the type of a value in a message. The value itself is never told: it may be about a person."""
    return _KINDS[letter_of(value)]


def fitting(value: Any, types: frozenset[type[Any]]) -> Any:
    """Return a list of nothing but some types as it is, one such value as a list; None for None, else `UNFIT`."""
    if isinstance(value, list):
        return value if types.issuperset(map(type, value)) else UNFIT
    if value is None:
        return None
    return Made((value,)) if type(value) in types else UNFIT


def present(values: list[Any]) -> list[Any]:
    """Return a plain list without its nulls, where they mean absent; the list itself where it has none."""
    return [value for value in values if value is not None] if None in values else values


def single(value: Any) -> Any:
    """Return what a result stands for: a sequence of one is that one, of none it is absent."""
    kind = type(value)
    if kind is Seq or kind is Outer:
        return value if len(value) > 1 else value[0] if value else None
    if kind is Kept and not value:
        return None
    return value
