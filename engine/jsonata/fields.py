"""Many expressions over the same scope as one function: what they share is looked up once, each fails on its own."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any, NamedTuple

from engine.jsonata.evaluating import Bound, fields_written, problem_of
from engine.jsonata.generator.places import Place
from engine.jsonata.problems import EvaluationProblem
from engine.jsonata.program import Parsed, Program
from engine.jsonata.runtime.clock import millis_at
from engine.jsonata.runtime.fuel import Run

__all__ = ["Failure", "Fields", "Place", "Reader"]

#: Takes a value that is there; returns what it stands for, or None for nothing; raises ValueError.
Reader = Callable[[Any], Any]


#: Of how many sets of programs the code is kept: those of the resources of some hundred mappings.
KEPT = 512


class Failure(NamedTuple):
    """A field that has no value: which, what is wrong, and the value that could not be read, if it came so far."""

    field: int
    problem: EvaluationProblem | ValueError
    found: Any


def _failed(failures: list[Failure], field: int, error: Exception, found: Any, run: Run) -> None:
    run.reset()
    if found is None:
        failures.append(Failure(field, problem_of(error), None))
    elif isinstance(error, ValueError):
        failures.append(Failure(field, error, found))
    else:
        raise error


@lru_cache(maxsize=KEPT)
def _bound(parsed: tuple[Parsed, ...], read: tuple[bool, ...], places: tuple[Place | None, ...]) -> Bound:
    """Write the code for some programs: it is the same for all who evaluate these, whatever reads the values."""
    return fields_written([one.tree for one in parsed], parsed[0].language, read, places)


class Fields:
    """The programs of a record, what reads the value of each, and where it belongs in the record.

    Without a reader a value is taken as it is; what has no place is given apart.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        readers: Sequence[Reader | None],
        places: Sequence[Place | None] | None = None,
    ) -> None:
        self._programs = programs
        self._readers = readers
        self._places = [None] * len(programs) if places is None else places
        self._clock = next((program.parsed.clock for program in programs if program.parsed.clock), None)
        self._function: Callable[..., Any] | None = None

    def write(self) -> None:
        """Write the code now, and not with the first evaluation."""
        if self._function is None:
            self._function = self._written()

    def __call__(self, scope: Mapping[str, Any]) -> tuple[dict[str, Any], Sequence[Any], Sequence[Failure]]:
        """Return the record, the values without a place (None where there is none), and what failed.

        The scope must be a dict.
        """
        function = self._function
        if function is None:
            function = self._function = self._written()
        failures: list[Failure] = []
        now = None if self._clock is None else millis_at(scope, self._clock)
        record, rest = function(scope, Run(scope, now), partial(_failed, failures))
        return record, rest, failures

    def _written(self) -> Callable[..., Any]:
        if all(program.is_compiled for program in self._programs):
            parsed = tuple(program.parsed for program in self._programs)
            read = tuple(reader is not None for reader in self._readers)
            return _bound(parsed, read, tuple(self._places))(self._readers)
        return self._one_by_one

    def _one_by_one(self, scope: Any, run: Run, failed: Callable[..., None]) -> tuple[dict[str, Any], list[Any]]:
        """Evaluate program by program: those of another engine do not share their work."""
        record: dict[str, Any] = {}
        rest = []
        for number, (program, read, place) in enumerate(zip(self._programs, self._readers, self._places, strict=True)):
            found = value = None
            try:
                found = program(scope)
                value = found if found is None or read is None else read(found)
            except Exception as error:  # noqa: BLE001 - `failed` raises what is no problem of the data
                failed(number, error, found, run)
            if place is None:
                rest.append(value)
            elif value is not None and place.joined:
                record.setdefault(place.name, []).extend(value)
            elif value is not None and place.within:
                record.setdefault(place.name, {})[place.within] = value
            elif value is not None:
                record[place.name] = value
        return record, rest
