"""What Python code gives, held against what is wanted, before anything is done with it.

Each fault names the argument, says in plain words what was given, and what to give.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from inspect import signature
from pathlib import Path
from typing import Any

from engine.errors import UsageError
from engine.spelling import did_you_mean
from engine.telling import kind_of

__all__ = ["check", "fault", "known", "paths", "several"]

#: Whether what was given will do, and what to give.
Wanted = tuple[Callable[[Any], bool], str]


def check(**given: Any) -> None:
    """Look at arguments by their names. Raises UsageError for the first that will not do."""
    for name, value in given.items():
        fits, give = _WANTED[name]
        if not fits(value):
            raise fault(f"`{name}`", value, give)
        if isinstance(value, datetime) and value.utcoffset() is None:
            raise UsageError(f"`{name}` needs a time zone: {value.isoformat()} could be any of a day; give {give}")
        if isinstance(value, Mapping):
            for key in value:
                if not isinstance(key, str):
                    raise fault(f"a name in `{name}`", key, "text")


def known(called: str, function: Callable[..., Any], given: Iterable[str]) -> None:
    """Look at the names of options that go on to a function. Raises UsageError for the first that it does not have."""
    parameters = signature(function).parameters.values()
    options = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    for name in given:
        if name not in options:
            raise UsageError(f"`{called}` has no option `{name}`; {did_you_mean(name, options)}")


def fault(what: str, given: object, give: str) -> UsageError:
    """Return the error of an argument. A small number is told as it is, of anything else only its kind."""
    number = isinstance(given, int | float) and not isinstance(given, bool) and abs(given) < 1e9
    return UsageError(f"{what} is {given if number else kind_of(given)}; give {give}")


def several(name: str, given: Any, kinds: tuple[type, ...], give: str, give_each: str) -> list[Any]:
    """Return the entries of what must be a list or the like, also a generator. Raises UsageError."""
    if not isinstance(given, Iterable) or isinstance(given, str | bytes | bytearray | memoryview | Mapping):
        raise fault(f"`{name}`", given, give)
    entries = list(given)
    for entry in entries:
        if not isinstance(entry, kinds):
            raise fault(f"an entry of `{name}`", entry, give_each)
    return entries


def paths(name: str, given: Any) -> list[Path]:
    """Return a list of files or folders. Raises UsageError, also for a single one: its letters are no files."""
    give, give_each = _PATHS[name]
    found = [Path(entry) for entry in several(name, given, (str, Path), give, give_each)]
    if any("\0" in str(path) for path in found):
        raise UsageError(f"an entry of `{name}` has a null character, which no path has; give {give_each}")
    return found


def _is(*kinds: type) -> Callable[[Any], bool]:
    return lambda given: isinstance(given, kinds)


def _is_whole(given: Any) -> bool:
    return given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0)


def _is_pause(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1e9


_NONE = type(None)
_PATHS = {
    "overrides": ('a list of files, such as ["customer.yaml"]', "the path of a file"),
    "folders": ('a list of folders, such as ["mappings"]', "the path of a folder"),
}
_SWITCH = "`True` or `False`"
_TIME = "a `datetime` with a time zone, such as `datetime.now(UTC)`, or leave it out"

_WANTED: dict[str, Wanted] = {
    "mapping": (_is(str, Path), "the id of a mapping, its file, or what `engine.load` returns"),
    "source": (_is(str, Path), "the id of a mapping, or its file"),
    "connection": (_is(Mapping, _NONE), 'names and values, as in {"url": "https://…", "token": "…"}'),
    "resource": (_is(str), "the name of a resource, such as `course_enrollments`"),
    "since": (_is(datetime, _NONE), _TIME),
    "limit": (_is_whole, "a whole number from 0, or leave it out"),
    "start": (_is(Mapping, _NONE), "the `position` of an earlier run, or leave it out"),
    "strict": (_is(bool), _SWITCH),
    "remote_data": (_is(bool), _SWITCH),
    "now": (_is(datetime, _NONE), _TIME),
    "backoff": (_is_pause, "seconds, from 0"),
}
