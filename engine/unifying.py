"""Raw items in, one unified record out. No I/O: a mapping can be tested from a dict.

A value that breaks a rule never loses its record: the field is left out and noted with record, field, raw value and
place in the mapping. Only a record without a usable id is set aside. `docs/unifying.md` has the rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from engine.jsonata import Failure, Fields, Place, Program
from engine.mapping import Mapping as ProviderMapping
from engine.mapping import Resource, Status
from engine.noting import Call, Held, Loaded, Notes, Path
from engine.plan import chain, computed
from engine.reading import Nothing, Reader, as_it_is, reader
from engine.records import RESOURCE_MODELS, Record, kind_of, words_of
from engine.report import Report
from engine.values import ValueProblem
from engine.wording import StatusRule, WordRule

__all__ = ["Evaluated", "Unifier"]

#: Names in scope that are no raw items.
_GIVEN = frozenset({"connection", "run", "filter"})


#: Fields whose parts are lists that are put together.
_LISTS = frozenset({"urls"})


class _Field(NamedTuple):
    """One field, prepared: its name, what finds a value and reads it, and its path in the mapping."""

    name: str
    program: Program
    read: Reader
    path: Path

    @property
    def place(self) -> Place:
        """Where its value belongs in the record."""
        first, _, rest = self.name.partition(".")
        return Place(first, rest, joined=first in _LISTS)


class Evaluated(NamedTuple):
    """What came of the expressions of a record: its fields, the values that tell its status, and what failed."""

    data: dict[str, Any]
    asked: Sequence[Any]
    failures: Sequence[Failure]
    record: str
    """Its id; empty where it has none."""
    notes: Sequence[Call]
    """What is to be told of the values that were read."""


class Unifier:
    """Unifies the items of one resource. One unifier is for one task: it writes the notes of one record at a time."""

    def __init__(self, loaded: Loaded, resource: str, report: Report, *, remote_data: bool = True) -> None:
        given = loaded.mapping.resources[resource]
        self._resource = resource
        self._values = loaded.mapping.values
        self._validate: Callable[[Any], Record] = RESOURCE_MODELS[resource].__pydantic_validator__.validate_python
        self._notes = Notes(loaded, resource, report)
        self._held = Held(self._notes)
        self._fields = sorted(self._prepared(given), key=lambda field: field.name != "id")
        self._status = self._status_rule(given)
        asked = [] if self._status is None else self._status.programs
        programs = [*(field.program for field in self._fields), *asked]
        read = (None if field.read is as_it_is else field.read for field in self._fields)
        readers: list[Reader | None] = [*read, *(None for _ in asked)]
        readers[0] = self._identified(self._fields[0].read)
        places = [*(field.place for field in self._fields), *(None for _ in asked)]
        self._expressions = Fields(programs, readers, places)
        self._everything, names = _names_read(loaded.mapping, given)
        self._given = _GIVEN.union(_own_names(loaded.mapping, given))
        self._raw_names = tuple(name for name in names if name not in self._given)
        self._remote_data = remote_data

    def unify(self, scope: Mapping[str, Any]) -> Record | None:
        """Return the record for what is in scope, or None where it is set aside; the report says why.

        `scope` holds the raw items by name, and `connection` (without its secrets), `run` and `filter`.
        """
        return self.made(scope, self.evaluate(scope))

    def prepare(self) -> None:
        """Write the code of the expressions now, and not with the first record."""
        self._expressions.write()

    def evaluate(self, scope: Mapping[str, Any]) -> Evaluated:
        """Evaluate and read the fields of a record. It may be broken off and begun anew, in any thread."""
        self._notes.record = ""
        self._held.taken()
        data, asked, failures = self._expressions(scope)
        return Evaluated(data, asked, failures, self._notes.record, self._held.taken())

    def made(self, scope: Mapping[str, Any], evaluated: Evaluated) -> Record | None:
        """Return the record that what was evaluated makes, or None; the report says why.

        Several can be evaluated before the first is made: that is faster, for code and tables stay at hand.
        """
        data, asked, failures, self._notes.record, notes = evaluated
        for tell, told in notes:
            tell(*told)
        if not self._notes.record:
            unread = next((failure.problem for failure in failures if failure.field == 0), None)
            self._notes.set_aside(unread or ValueProblem("it is absent"), self._raw(scope))
            return None
        problems: dict[int, ValueError] = {}
        for number, problem, found in failures:
            if number < len(self._fields):
                field = self._fields[number]
                self._notes.failed(field.name, field.path, problem, found)
            else:
                problems[number - len(self._fields)] = problem
        if self._status is not None:
            data["status"], word = self._status(asked, problems)
            if word is not None:
                data.setdefault("custom_fields", {})["remote_status"] = word
        if self._remote_data:
            data["remote_data"] = self._raw(scope)
        return self._made(data)

    def _identified(self, read: Reader) -> Reader:
        """Return a reader of the id, from which on the notes are about its record."""
        notes = self._notes

        def identified(value: Any) -> Any:
            found = read(value)
            notes.record = found or ""
            return found

        return identified

    def _raw(self, scope: Mapping[str, Any]) -> dict[str, Any]:
        """Return the raw items that take part, the very same objects."""
        names = [name for name in scope if name not in self._given] if self._everything else self._raw_names
        return {name: scope[name] for name in names if scope.get(name) is not None}

    def _made(self, data: dict[str, Any]) -> Record:
        """Return the record; what only the model refuses, such as a telephone without a number, is left out too."""
        try:
            return self._validate(data)
        except ValidationError as error:
            refused = {str(detail["loc"][0]): detail["msg"].lower() for detail in error.errors()}
        for name, message in refused.items():
            self._notes.failed(
                name, ("fields", name), ValueProblem(f"not as the model has it: {message}"), data.pop(name)
            )
        return self._validate(data)

    # -- preparing -------------------------------------------------------------------------------------------------

    def _prepared(self, given: Resource) -> Iterator[_Field]:
        for name, program in given.fields.items():
            path = ("fields", name)
            if kind_of(self._resource, name) == "word":
                same = {word: word for word in words_of(self._resource, name)}
                yield _Field(name, program, self._word_reader(name, same, path), path)
            else:
                yield _Field(name, program, reader(self._resource, name, self._values, self._dropper(name)), path)
        for name, words in given.words.items():
            read = self._word_reader(name, words.words, ("words", name, "words"))
            yield _Field(name, words.from_, read, ("words", name, "from"))

    def _dropper(self, name: str) -> Any:
        notes, held = self._notes, self._held

        def drop(what: str) -> None:
            if notes.record:
                held.dropped(name, ("fields", name), what)

        return drop

    def _word_reader(self, name: str, words: Mapping[str, str], path: Path) -> Reader:
        rule = WordRule(self._resource, name, words, path, self._held)
        nothing, notes = Nothing(self._values.none), self._notes
        return lambda word: None if word in nothing or not notes.record else rule(word)

    def _status_rule(self, given: Resource) -> StatusRule | None:
        """Return the rule for the status, if this resource has one; an enrollment always has a status."""
        status = given.status or (Status() if self._resource == "course_enrollments" else None)
        if status is None or not words_of(self._resource, "status"):
            return None
        return StatusRule(self._resource, status, Nothing(self._values.none), self._notes)


def _own_names(mapping: ProviderMapping, given: Resource) -> Iterator[str]:
    """Yield the names of items that the mapping computed: nobody sent them, so they are no raw data."""
    fetches = {loop.name: loop.fetch for loop in chain(mapping, given.for_)}
    fetches |= {name: join.in_ for name, join in given.join.items()}
    return (name for name, fetch in fetches.items() if computed(mapping, fetch))


def _names_read(mapping: ProviderMapping, given: Resource) -> tuple[bool, tuple[str, ...]]:
    """Say whether some expression reads the whole scope, and name the items that any reads, in the plan's order."""
    status = given.status or Status()
    programs = [
        *given.fields.values(),
        *(words.from_ for words in given.words.values()),
        *status.when.values(),
        *(program for program in (given.where, status.from_) if program is not None),
        *(join.id for join in given.join.values() if join.id is not None),
    ]
    read = {name for program in programs for name in program.names} | {given.for_.name}
    order = [*(loop.name for loop in chain(mapping, given.for_)), *given.join]
    return "$" in read, tuple(name for name in order if name in read)
