"""What a customer supplied, checked against what the mapping's `connection` asks for."""

import re
from collections.abc import Collection
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from engine.errors import UsageError
from engine.mapping import ConnectionField, Mapping
from engine.spelling import did_you_mean
from engine.telling import cut, kind_of

__all__ = ["Connection", "Incomplete", "connect", "read_value"]

#: A whole number, of no more digits than any id has.
_WHOLE = re.compile(r"-?[0-9]{1,100}")


@dataclass(frozen=True)
class Connection:
    """Checked values. `values` holds everything and is only for holes; `public` has no secrets."""

    values: MappingOf[str, Any] = field(repr=False)
    public: MappingOf[str, Any]

    @property
    def secrets(self) -> frozenset[str]:
        """The secret values, for redaction."""
        hidden = (self.values[name] for name in self.values if name not in self.public)
        return frozenset(str(value) for value in hidden if value not in (None, ""))


class Incomplete(UsageError):
    """What was given is no connection. `faults` says what is wrong with each field, without what a command is told."""

    def __init__(self, provider: str, faults: MappingOf[str, str], advice: MappingOf[str, str]) -> None:
        self.faults = faults
        told = [f"{fault}{advice.get(name, '')}" for name, fault in faults.items()]
        super().__init__(f"{provider}: the connection is not complete:\n  " + "\n  ".join(told))


def connect(mapping: Mapping, given: MappingOf[str, Any], *, later: Collection[str] = ()) -> Connection:
    """Check what was given; raises Incomplete that lists everything missing, unknown or wrong, never a value.

    Fields that come `later` need not be there yet.
    """
    faults = {name: _unknown(name, mapping) for name in given if name not in mapping.connection}
    advice: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, wanted in mapping.connection.items():
        value = given.get(name)
        try:
            read = read_value(value, wanted)
            if read is not None:
                values[name] = read
            elif wanted.required and name not in later:
                faults[name] = f"{_named(name, wanted)} is missing"
                advice[name] = _advice(name, wanted)
        except ValueError as fault:
            faults[name] = f"{_named(name, wanted)} {fault}"
    if faults:
        raise Incomplete(mapping.provider.id, faults, advice)
    public = {name: value for name, value in values.items() if not mapping.connection[name].secret}
    return Connection(values, public)


def read_value(value: Any, wanted: ConnectionField) -> Any:
    """Return one value as it is used, or its default; None where there is neither.

    Raises ValueError that says what is wrong after the name of the field, without quoting it.
    """
    _check_kind(value, wanted)
    if value in (None, ""):
        value = wanted.default
    return None if value is None else _read(value, wanted)


def _unknown(name: str, mapping: Mapping) -> str:
    return f"`{name}` is not a connection field; {did_you_mean(name, mapping.connection)}"


def _named(name: str, wanted: ConnectionField) -> str:
    return f"`{name}` ({cut(wanted.title, 200)})"


def _advice(name: str, wanted: ConnectionField) -> str:
    help_ = f" ({cut(wanted.help.rstrip('.'))})" if wanted.help else ""
    example = "@env:NAME" if wanted.secret else cut(wanted.example or "…", 200)
    return f"; give it with --set {name}={example}{help_}"


def _check_kind(value: Any, wanted: ConnectionField) -> None:
    """Raise ValueError for what is no single value: as text it would be what Python writes for it."""
    if isinstance(value, bool):
        fits = wanted.format in ("boolean", "integer") or wanted.choices is not None  # these refuse it themselves
    else:
        fits = value is None or isinstance(value, str | int | float)
    if not fits:
        give = {"integer": "a whole number", "boolean": "true or false"}.get(wanted.format, "text")
        raise ValueError(f"is {kind_of(value)}; give {give}")


def _read(value: Any, wanted: ConnectionField) -> Any:
    """Read one value; raises ValueError that says what is wrong without quoting a secret."""
    if wanted.choices and str(value) not in wanted.choices:
        raise ValueError(f"must be one of {', '.join(wanted.choices)}")
    if wanted.format == "url":
        return _url(str(value).strip())
    if wanted.format == "integer":
        if isinstance(value, bool) or not _WHOLE.fullmatch(str(value).strip()):
            raise ValueError("must be a whole number")
        return int(value)
    if wanted.format == "boolean":
        if str(value).lower() not in ("true", "false"):
            raise ValueError("must be true or false")
        return str(value).lower() == "true"
    text = str(value)
    if "\n" in text.strip():
        return text.strip()  # a key of several lines, whose file ends with one more
    if wanted.secret and text != text.strip():
        raise ValueError("has blanks around it; copy it again without them")
    return text


def _url(text: str) -> str:
    """Check an address and return it without a trailing slash."""
    wrong = "must be a full address such as https://school.example"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - read, since only then it is checked
    except ValueError:
        raise ValueError(wrong) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(wrong)
    if parts.username or parts.password:
        raise ValueError("must not carry a user name or password")
    if parts.query or parts.fragment:
        raise ValueError("must not have a `?` or `#` part")
    return text.rstrip("/")
