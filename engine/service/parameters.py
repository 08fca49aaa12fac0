"""The query of a unified list, read: what is asked for, or everything that is wrong with it at once.

Parameters are written as Truto's API has them: `user[id]=7`, `updated_at[gte]=2025-01-01`, `status[in]=passed,failed`,
`exclude_fields[]=urls`; `truto_` before a name of the service changes nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args
from urllib.parse import parse_qsl

from engine.errors import UsageError
from engine.filters import Filter, Filters, Operator
from engine.records import RESOURCE_MODELS, field_kinds
from engine.service.failures import Detail, Failure
from engine.spelling import did_you_mean

__all__ = ["DEFAULT_LIMIT", "MOST", "NAMES", "Asked", "Form", "read"]

Form = Literal["unified", "raw", "debug", "stream"]

DEFAULT_LIMIT = 100
#: The largest `limit`.
MOST = 1000
#: How many parameters a query may have.
MOST_PARAMETERS = 200

#: The parameters of every list, beside the filters.
NAMES = (
    "integrated_account_id",
    "limit",
    "next_cursor",
    "response_format",
    "ignore_remote_data",
    "exclude_fields",
    "key_by",
    "ignore_limit",
    "remote_query",
    "mode",
)
#: Those that are for lists only.
_OF_LISTS = ("limit", "next_cursor", "key_by", "ignore_limit")
#: Those that change a record, of which there is none in what is raw.
_OF_RECORDS = ("ignore_remote_data", "exclude_fields")
#: Those that may also be written with `truto_` before them.
_ALIASED = {f"truto_{name}": name for name in NAMES if name not in ("integrated_account_id", "limit", "next_cursor")}
_PARTS = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
_ORDERED = ("gt", "gte", "lt", "lte")


@dataclass(frozen=True)
class Asked:
    """What a list is asked for. `limit` is None for as many records as an answer may hold; a stream may hold all."""

    account: str
    filters: tuple[Filter, ...] = ()
    limit: int | None = DEFAULT_LIMIT
    cursor: str = ""
    form: Form = "unified"
    remote_data: bool = True
    exclude: tuple[str, ...] = ()
    key_by: str = ""
    remote_query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Given:
    """One parameter as it was written: `a[b][]` with the value `c` is `a`, `("b",)`, in a list, `c`."""

    written: str
    name: str
    keys: tuple[str, ...]
    listed: bool
    value: str


def read(query: str, resource: str, id: str | None = None) -> Asked:  # noqa: A002 - the word for it
    """Read the query of a list of a resource, or of the record with an id.

    Raises Failure 400 with a detail for every parameter that is wrong.
    """
    return _Reader(query, resource, id).asked()


class _Reader:
    def __init__(self, query: str, resource: str, id: str | None) -> None:  # noqa: A002
        self._resource = resource
        self._id = id
        self._there: dict[str, str] = {}
        self._wrong: list[Detail] = []
        self._limited: str | None = None
        self._options: dict[str, Any] = {}
        self._excluded: list[str] = []
        self._remote: dict[str, str] = {}
        self._conditions: dict[tuple[str, str], list[str]] = {}
        for given in self._given(query):
            self._take(given)

    def asked(self) -> Asked:
        """Return what is asked for."""
        filters = tuple(self._filters())
        if self._id is not None:
            filters = self._only(self._id)
        if self._options.get("form") == "raw":
            for name in self._written_of(_OF_RECORDS):
                self._refuse(name, "changes a record, and raw items come as they are; leave one out")
        if not self._options.get("account") and not any(
            one.parameter == "integrated_account_id" for one in self._wrong
        ):
            self._refuse("integrated_account_id", "is missing; it says which account to read")
        if self._options.get("form") == "stream" and self._options.get("key_by"):
            self._refuse("key_by", "makes an object of a whole answer, and a stream is a record a line; leave one out")
        limit = 1 if self._id is not None else self._limit()
        if self._wrong:
            raise Failure(400, _together(self._wrong), self._wrong)
        return Asked(
            filters=filters,
            limit=limit,
            exclude=tuple(dict.fromkeys(self._excluded)),
            remote_query=self._remote,
            **self._options,
        )

    def _written_of(self, names: Sequence[str]) -> list[str]:
        """Return those of some parameters that were given, as they were written."""
        return [self._there[name] for name in names if name in self._there]

    def _only(self, id: str) -> tuple[Filter, ...]:  # noqa: A002
        """Return the filter for one record; what makes sense for lists only is refused."""
        filters = [name for name in self._there if name not in NAMES]
        for name in (*self._written_of(_OF_LISTS), *self._written_of(filters)):
            self._refuse(name, "is for lists; a single record is found by its id alone")
        if self._options.get("form") == "stream":
            self._refuse("response_format", "a single record is no stream; leave it out")
        try:
            Filters([only := Filter("id", "eq", (id,))], self._resource)
        except UsageError as error:
            self._refuse("id", str(error))
            return ()
        return (only,)

    def _refuse(self, parameter: str, message: str) -> None:
        self._wrong.append(Detail(parameter, message))

    def _given(self, query: str) -> Iterator[_Given]:
        try:
            pairs = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS)
        except ValueError as error:
            what = (
                "is not UTF-8"
                if isinstance(error, UnicodeDecodeError)
                else f"has more than {MOST_PARAMETERS} parameters"
            )
            self._refuse("query", what)
            return
        for written, value in pairs:
            found = _PARTS.fullmatch(written)
            if found is None or "\0" in written:
                self._refuse(written, "is no parameter; brackets are written as in `user[id]=7`")
                continue
            keys = tuple(re.findall(r"\[([^\[\]]*)\]", found[2]))
            listed = bool(keys) and keys[-1] == ""
            keys = keys[:-1] if listed else keys
            yield _Given(written, _ALIASED.get(found[1], found[1]), keys, listed, value)

    def _take(self, given: _Given) -> None:
        """Take one parameter, as what its name says."""
        self._there.setdefault(given.name, given.written)
        if given.name not in NAMES:
            self._take_filter(given)
        elif given.name == "remote_query":
            self._take_remote(given)
        elif given.name == "exclude_fields":
            self._exclude(given)
        elif given.keys or given.listed:
            self._refuse(given.written, f"takes one value: write {given.name}=…")
        else:
            self._take_option(given)

    def _take_option(self, given: _Given) -> None:
        name, value = given.name, given.value
        if name == "integrated_account_id":
            self._set(given, "account", value)
        elif name == "next_cursor":
            self._set(given, "cursor", value)
        elif name == "limit":
            if self._limited not in (None, value):
                self._refuse(given.written, "is there twice, with different values")
            self._limited = value
        elif name == "response_format":
            self._set(given, "form", self._choice(given, get_args(Form)))
        elif name == "ignore_remote_data":
            self._set(given, "remote_data", not self._switch(given))
        elif name == "ignore_limit":
            self._set(given, "all", self._switch(given))
        elif name == "key_by":
            kinds = {key: kind for key, kind in field_kinds(self._resource).items() if kind in ("id", "text")}
            self._set(given, "key_by", self._choice(given, tuple(kinds)))
        elif self._choice(given, ("live", "synced")) == "synced":
            self._refuse(given.written, "nothing is synced yet; leave it out, or say `mode=live`")

    def _set(self, given: _Given, name: str, value: Any) -> None:
        if self._options.setdefault(name, value) != value:
            self._refuse(given.written, "is there twice, with different values")

    def _choice(self, given: _Given, choices: Sequence[str]) -> str:
        if given.value not in choices:
            hint = did_you_mean(given.value, choices)
            self._refuse(given.written, f"there is no `{given.value[:100]}`; {hint}")
        return given.value

    def _switch(self, given: _Given) -> bool:
        return self._choice(given, ("true", "false")) == "true"

    def _limit(self) -> int | None:
        if self._options.pop("all", False):
            return None
        if self._limited is None:
            return None if self._options.get("form") == "stream" else DEFAULT_LIMIT
        if not re.fullmatch(r"[0-9]{1,9}", self._limited) or not 1 <= int(self._limited) <= MOST:
            self._refuse("limit", f"must be a whole number from 1 to {MOST}")
            return DEFAULT_LIMIT
        return int(self._limited)

    def _exclude(self, given: _Given) -> None:
        fields = tuple(RESOURCE_MODELS[self._resource].model_fields)
        for name in [given.value] if given.listed else given.value.split(","):
            if given.keys or name not in fields:
                self._refuse(given.written, f"there is no field `{name[:100]}`; {did_you_mean(name, fields)}")
            else:
                self._excluded.append(name)

    def _take_remote(self, given: _Given) -> None:
        if not given.keys or any(not key.isprintable() for key in given.keys):
            self._refuse(given.written, "write remote_query[name]=value")
            return
        first, *rest = given.keys
        name = first + "".join(f"[{key}]" for key in rest) + ("[]" if given.listed else "")
        if name in self._remote:
            self._refuse(given.written, "is there twice")
        self._remote[name] = given.value

    def _take_filter(self, given: _Given) -> None:
        path = [given.name, *given.keys]
        op = path.pop() if len(path) > 1 and path[-1] in get_args(Operator) else "in" if given.listed else "eq"
        name = ".".join(path)
        if name.partition(".")[0] not in RESOURCE_MODELS[self._resource].model_fields:
            fields = ", ".join(_written(known) for known in field_kinds(self._resource))
            names = (*NAMES, *field_kinds(self._resource))
            hint = did_you_mean(given.name, names, "choose another")
            self._refuse(
                given.written, f"is no parameter; {hint} There are {', '.join(NAMES)}; and filters by {fields}"
            )
            return
        several = op in ("in", "nin") and not given.listed
        values = given.value.split(",") if several else [given.value]
        self._conditions.setdefault((name, op), []).extend(values)

    def _filters(self) -> Iterator[Filter]:
        for (name, op), values in self._conditions.items():
            singles = [(value,) for value in values] if op in (*_ORDERED, "ne", "like") else [tuple(values)]
            try:
                made = [Filter(name, "in" if op == "eq" and len(one) > 1 else op, one) for one in singles]  # type: ignore[arg-type]
                Filters(made, self._resource)
            except UsageError as error:
                self._refuse(_written(name) + (f"[{op}]" if op != "eq" else ""), str(error))
                continue
            yield from made


def _written(name: str) -> str:
    """Return a dotted field as a parameter writes it: `user.id` is `user[id]`."""
    first, *rest = name.split(".")
    return first + "".join(f"[{key}]" for key in rest)


def _together(wrong: Sequence[Detail]) -> str:
    return "; ".join(f"{one.parameter[:200]}: {one.message}" for one in wrong)
