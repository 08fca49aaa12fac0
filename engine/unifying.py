"""Raw items in, one unified record out. No I/O: a mapping can be tested from a dict.

A value that breaks a rule never loses its record: the field is left out and noted with record, field, raw value and
place in the mapping. Only a record without a usable id is set aside.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from engine.errors import Place
from engine.jsonata import EvaluationProblem, Program
from engine.mapping import Mapping as ProviderMapping
from engine.mapping import Resource, Status, Values, Words
from engine.records import MODELS, Kind, Record, element_names, field_kinds, words_of
from engine.report import Note, Report
from engine.values import (
    ValueProblem,
    read_boolean,
    read_emails,
    read_id,
    read_integer,
    read_number,
    read_objects,
    read_text,
    read_time,
    read_urls,
)

__all__ = ["Loaded", "Unifier"]

#: Names in scope that are no raw items.
GIVEN = frozenset({"connection", "run", "filter"})


class Loaded(Protocol):
    """What is needed of a loaded mapping."""

    @property
    def mapping(self) -> ProviderMapping:
        """The mapping."""

    def place(self, *path: str | int, offset: int = 0) -> Place:
        """Return the place of a node of the mapping."""


class _Field:
    """One field, prepared: where it goes, what computes it, and how its value is read."""

    __slots__ = ("first", "name", "program", "read", "rest")

    def __init__(self, name: str, program: Program, read: Callable[[Any], Any]) -> None:
        self.name = name
        self.program = program
        self.read = read
        self.first, _, self.rest = name.partition(".")


class Unifier:
    """Unifies the items of one resource."""

    def __init__(self, loaded: Loaded, resource: str, report: Report, *, remote_data: bool = True) -> None:
        self._loaded = loaded
        self._resource = resource
        self._report = report
        self._mapping: Resource = loaded.mapping.resources[resource]
        self._values = loaded.mapping.values
        self._model = MODELS[resource]
        kinds = field_kinds(resource)
        self._fields = [
            _Field(name, program, self._reader(name, _kind(kinds, name)))
            for name, program in sorted(self._mapping.fields.items(), key=lambda item: item[0] != "id")
        ]
        self._words = [(name, words, self._table(words.words)) for name, words in self._mapping.words.items()]
        self._status_table = self._table(self._mapping.status.words) if self._mapping.status else {}
        self._raw_names = self._items_read() if remote_data else ()

    def unify(self, scope: Mapping[str, Any]) -> Record | None:
        """Return the record for what is in scope, or None where it is set aside; the report says why."""
        data: dict[str, Any] = {}
        for field in self._fields:
            value = self._value(field, scope, str(data.get("id", "")))
            if value is None:
                if field.name == "id":
                    self._set_aside(scope)
                    return None
                continue
            if not field.rest:
                data[field.first] = value
            elif field.first == "urls":
                data.setdefault("urls", []).extend(value)
            else:
                data.setdefault(field.first, {})[field.rest] = value
        record_id = data["id"]
        for name, words, table in self._words:
            self._word(name, words, table, scope, data, record_id)
        if self._mapping.status or self._resource == "course_enrollments":
            data["status"] = self._status(scope, data, record_id)
        if self._raw_names:
            data["remote_data"] = {name: scope[name] for name in self._raw_names if scope.get(name) is not None}
        return self._model.model_validate(data)

    # -- fields ----------------------------------------------------------------------------------------------------

    def _value(self, field: _Field, scope: Mapping[str, Any], record: str) -> Any:
        value: Any = None
        try:
            value = field.program(scope)
            if value is None or self._is_none(value):
                return None
            return field.read(value)
        except EvaluationProblem as problem:
            self._failed(field.name, problem.message, record, None, problem.offset or 0)
        except ValueProblem as problem:
            self._failed(field.name, problem.what, record, value, 0, problem.do)
        return None

    def _is_none(self, value: Any) -> bool:
        return bool(self._values.none) and _among(value, self._values.none)

    def _failed(self, field: str, what: str, record: str, value: Any, offset: int, do: str = "") -> None:
        place = self._loaded.place(self._resource, "fields", field, offset=offset)
        self._report.note(Note("field_failed", what, record=record, field=field, value=value, place=place, do=do))

    def _set_aside(self, scope: Mapping[str, Any]) -> None:
        place = self._loaded.place(self._resource, "fields", "id")
        raw = {name: scope[name] for name in scope if name not in GIVEN}
        what = "a record has no usable id and is set aside"
        do = "correct the expression, or join the provider's keys: a.id & '-' & b.id"
        self._report.note(Note("set_aside", what, field="id", value=raw, place=place, do=do))

    def _reader(self, name: str, kind: Kind) -> Callable[[Any], Any]:
        """Return what reads a value of this kind, as the provider writes it."""
        values: Values = self._values
        times = values.times
        if kind == "time":
            return lambda value: None if _among(value, times.none) else read_time(value, times.format, times.zone)
        if kind == "text":
            return lambda value: read_text(value, entities=values.html)
        if kind == "boolean":
            return lambda value: read_boolean(value, values.booleans)
        if kind == "percent":
            return self._read_percent
        if kind == "emails":
            return self._read_emails
        if kind == "urls":
            label = name.partition(".")[2] or None
            return lambda value: read_urls(value, label) or None
        if kind == "list":
            names = element_names(self._resource, name)
            return lambda value: read_objects(value, names) or None
        if kind == "word":
            words = words_of(self._resource, name)
            return lambda value: self._read_word(name, value, words)
        plain: dict[Kind, Callable[[Any], Any]] = {"id": read_id, "integer": read_integer, "number": read_number}
        return plain.get(kind, lambda value: value)

    def _read_percent(self, value: Any) -> int | float | None:
        number = read_number(value)
        if number is None or 0 <= number <= 100:
            return number
        if self._values.clamp_percent:
            return min(max(number, 0), 100)
        raise ValueProblem(f"{number} is not a percentage from 0 to 100", "cut it off: values.clamp_percent: true")

    def _read_emails(self, value: Any) -> list[dict[str, Any]] | None:
        found, dropped = read_emails(value)
        for address in dropped:
            what = f"{address} is not an e-mail address and is left out"
            self._report.note(Note("dropped_value", what, field="emails"))
        return found or None

    def _read_word(self, name: str, value: Any, words: tuple[str, ...]) -> str:
        if value in words:
            return str(value)
        do = f"use `words: {{{name}: {{from: …, words: …}}}}`"
        raise ValueProblem(f"{value!r} is not one of {', '.join(words)}", do)

    # -- words -----------------------------------------------------------------------------------------------------

    def _table(self, words: Mapping[str, str]) -> dict[str, str]:
        return {word.strip().casefold(): unified for word, unified in words.items()}

    def _word(
        self, name: str, words: Words, table: Mapping[str, str], scope: Mapping[str, Any],
        data: dict[str, Any], record: str,
    ) -> None:  # fmt: skip
        word = self._ask(words.from_, scope, record, (self._resource, "words", name, "from"))
        if word is None or self._is_none(word):
            return
        data[name] = self._looked_up(name, word, table, record, (self._resource, "words", name, "words"))

    def _status(self, scope: Mapping[str, Any], data: dict[str, Any], record: str) -> str:
        status = self._mapping.status or Status()
        path = (self._resource, "status")
        word = self._ask(status.from_, scope, record, (*path, "from")) if status.from_ else None
        if word is not None and not self._is_none(word):
            data.setdefault("custom_fields", {})["remote_status"] = word
        else:
            word = None
        for unified, condition in status.when.items():
            if self._ask(condition, scope, record, (*path, "when", unified)):
                return unified
        if word is None:
            return status.otherwise or "unknown"
        return self._looked_up("status", word, self._status_table, record, (*path, "words"))

    def _ask(self, program: Program, scope: Mapping[str, Any], record: str, path: tuple[str, ...]) -> Any:
        try:
            return program(scope)
        except EvaluationProblem as problem:
            place = self._loaded.place(*path, offset=problem.offset or 0)
            field = path[1] if path[1] == "status" else path[2]
            self._report.note(Note("field_failed", problem.message, record=record, field=field, place=place))
            return None

    def _looked_up(self, field: str, word: Any, table: Mapping[str, str], record: str, path: tuple[str, ...]) -> str:
        text = str(word).lower() if isinstance(word, bool) else str(word)
        unified = table.get(text.strip().casefold())
        if unified is not None:
            return unified
        known = words_of(self._resource, field)
        unified = "unknown" if "unknown" in known else "other"
        note = Note(
            "unknown_word",
            f"{text!r} is in no table and becomes {unified}",
            record=record,
            field=field,
            place=self._loaded.place(*path),
            do=f"add a line: {text}: <one of {', '.join(known)}>",
        )
        self._report.unknown_word(field, text, note)
        return unified

    def _items_read(self) -> tuple[str, ...]:
        """Name the raw items that take part: those some expression of the resource reads."""
        resource = self._mapping
        programs = [*resource.fields.values(), *(words.from_ for words in resource.words.values())]
        if resource.status:
            programs += [*resource.status.when.values(), *([resource.status.from_] if resource.status.from_ else [])]
        programs += [join.id for join in resource.join.values() if join.id is not None]
        read = {name for program in programs for name in program.names} | {resource.for_.name}
        return tuple(sorted(read - GIVEN - {"$"}))


def _kind(kinds: Mapping[str, Kind], name: str) -> Kind:
    first = name.partition(".")[0]
    return kinds.get(name) or kinds.get(f"{first}.<type>") or kinds.get(f"{first}.<name>") or "custom"


def _among(value: Any, sentinels: list[str | int]) -> bool:
    """Whether a value is one of the sentinels; false is not 0, and "0" is "0"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    return any(value == sentinel and isinstance(sentinel, str) == isinstance(value, str) for sentinel in sentinels) or (
        isinstance(value, str) and any(isinstance(s, int) and value.strip() == str(s) for s in sentinels)
    )
