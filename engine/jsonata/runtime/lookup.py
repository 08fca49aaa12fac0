"""Names looked up in values: objects give what they have, lists what each of their elements gives.

https://docs.jsonata.org/simple, and jsonata-js for how lists of lists are flattened: one level at each step, except
that a list which is the one result of the last step comes out as it is.
"""

from collections.abc import Sequence
from typing import Any

from engine.jsonata.runtime.fuel import ROUND, Run
from engine.jsonata.runtime.values import LISTS, Kept, Made, Outer, Seq, Whole, present, single

__all__ = [
    "NOTHING", "Elsewhere", "all_under", "beneath", "chain", "chain_of", "contexts", "descendants", "fields",
    "flat_last", "inside", "kept", "look", "look_kept", "scanned", "starts", "through", "unwrapped", "wildcard",
]  # fmt: skip

#: Stands for what has no fields.
NOTHING: dict[str, Any] = {}
#: Lists up to this length are looked through for nothing.
_SHORT = 32


def scanned(run: Run, values: list[Any]) -> list[Any]:
    """Return a list of the data without its nulls, at the cost of looking for them."""
    if len(values) > _SHORT:
        run.spend(len(values) // _SHORT)
    return present(values)


def _added(run: Run, results: list[Any], found: list[Any]) -> None:
    """Add the elements of a list to results, having charged for it: the same list may be added again and again."""
    run.spend(len(found))
    results.extend(present(found) if type(found) is list else found)


def look(run: Run, value: Any, name: str) -> Any:
    """Return what a value has under a name."""
    if type(value) is dict:
        found = value.get(name)
        return scanned(run, found) if type(found) is list else found
    return single(_look_up(run, value, name)) if isinstance(value, list) else None


def look_kept(run: Run, value: Any, name: str) -> Any:
    """Return what a value has under a name, where `[]` follows: what a list has stays a list."""
    return kept(run, _look_up(run, value, name))


def _look_up(run: Run, value: Any, name: str) -> Any:
    if type(value) is dict:
        found = value.get(name)
        return scanned(run, found) if type(found) is list else found
    if not isinstance(value, list):
        return None
    run.spend(len(value))
    results = Seq()
    for element in value:
        found = element.get(name) if type(element) is dict else _look_up(run, element, name)
        if isinstance(found, list):
            _added(run, results, found)
        elif found is not None:
            results.append(found)
    return results


def contexts(value: Any) -> Sequence[Any]:
    """Return the values from which a path starts: the elements of a list, or the one value, even where it is absent."""
    return value if isinstance(value, list) else (value,)


def through(run: Run, values: Sequence[Any], names: tuple[str, ...]) -> Sequence[Any]:
    """Return what the steps of a path find that are plain names, and not the last."""
    for name in names:
        run.spend(len(values))
        results = Seq()
        for value in values:
            found = value.get(name) if type(value) is dict else look(run, value, name)
            if isinstance(found, list) and type(found) is not Whole:
                _added(run, results, found)
            elif found is not None:
                results.append(found)
        values = results
    return values


def chain(run: Run, value: Any, names: tuple[str, ...], *, keep: bool = False) -> Any:
    """Return what a path of plain names finds, starting from a value."""
    return _last(run, contexts(value), names, keep=keep)


def chain_of(run: Run, value: Any, names: tuple[str, ...], *, keep: bool = False) -> Any:
    """Return what a path of plain names finds that starts from the value of an expression, which is its first step."""
    return _last(run, starts(value), names, keep=keep)


def _last(run: Run, values: Sequence[Any], names: tuple[str, ...], *, keep: bool) -> Any:
    values = through(run, values, names[:-1])
    name = names[-1]
    run.spend(len(values))
    results = Seq()
    for value in values:
        found = value.get(name) if type(value) is dict else look(run, value, name)
        if found is not None:
            results.append(found)
    flattened = flat_last(run, results)
    return kept(run, flattened) if keep else single(flattened)


def kept(run: Run, results: Any) -> Any:
    """Return results that stay a list, even of one; what is no sequence is what it is."""
    if type(results) is Kept:
        return results or None
    if isinstance(results, Seq):
        run.spend(len(results) // 4)
        return Kept(results) if results else None
    return Kept((results,)) if type(results) is Whole else results


def starts(value: Any) -> Sequence[Any]:
    """Return the values a path goes on from when its first step is an expression."""
    if value is None:
        return ()
    return value if isinstance(value, list) and type(value) is not Whole else (value,)


def flat_last(run: Run, results: list[Any]) -> list[Any]:
    """Flatten the results of the last step of a path: one list that is no sequence stays as it is."""
    if len(results) == 1:
        only = results[0]
        if type(only) is list:
            return scanned(run, only)
        if isinstance(only, list) and type(only) is not Kept:  # a sequence is flat already
            return only
    return results if type(results) is Seq and LISTS.isdisjoint(map(type, results)) else _flat(run, results)


def unwrapped(run: Run, results: Seq) -> Any:
    """Return what the results of the last step of a path stand for, flattened."""
    if len(results) == 1:
        only = results[0]
        if not isinstance(only, list):
            return only
        if type(only) is not Kept:
            return scanned(run, only) if type(only) is list else single(only)
    if not results:
        return None
    return results if LISTS.isdisjoint(map(type, results)) else single(_flat(run, results))


def _flat(run: Run, results: list[Any]) -> Seq:
    """Flatten the results of a step by one level."""
    flattened = Seq()
    for result in results:
        if not isinstance(result, list) or type(result) is Whole:
            flattened.append(result)
        else:
            _added(run, flattened, result)
    return flattened


class Elsewhere:
    """Stands for a list in the place of an object: `get` walks the whole path from where it starts.

    `found` is the list itself, where one name leads to it: its objects then give what they have, one after the other.
    """

    __slots__ = ("_names", "_run", "_start", "found")

    def __init__(self, run: Run, start: Any, names: tuple[str, ...], found: list[Any] | None = None) -> None:
        self._run = run
        self._start = start
        self._names = names
        self.found = found

    def get(self, name: str) -> Any:
        """Return what the path finds that ends with this name."""
        if self.found is not None:
            results = Seq()
            for element in self.found:
                if type(element) is not dict:
                    break
                value = element.get(name)
                if value is None:
                    continue
                if type(value) in LISTS:
                    break
                results.append(value)
            else:
                self._run.spend(len(self.found))
                return results if len(results) > 1 else results[0] if results else None
        return chain(self._run, self._start, (*self._names, name))

    def below(self, name: str) -> "Elsewhere":
        """Return what stands for what is found under a name, when it is no object either."""
        return Elsewhere(self._run, self._start, (*self._names, name))


def inside(run: Run, holder: Any, found: Any, name: str) -> Any:
    """Return something with `get` for what was found under a name and is no object."""
    if type(holder) is Elsewhere:
        return holder.below(name)
    return Elsewhere(run, holder, (name,), found) if isinstance(found, list) else NOTHING


def beneath(run: Run, holder: Any, start: Any, names: tuple[str, ...]) -> Sequence[Any]:
    """Return what a path of names leads to, of which `holder` stands for the end and is no object."""
    if type(holder) is Elsewhere and holder.found is not None:
        run.spend(len(holder.found))
        return present(holder.found)
    return through(run, (start,), names)


def all_under(run: Run, holder: Any, start: Any, names: tuple[str, ...], last: str) -> Seq:
    """Return what is under a name in everything that a path of names leads to, all in one; None where it is absent."""
    values = beneath(run, holder, start, names)
    run.spend(ROUND * len(values))
    results = Seq()
    for value in values:
        found = look(run, value, last)
        if isinstance(found, list):
            _added(run, results, found)
        else:
            results.append(found)
    return results


def fields(value: dict[str, Any]) -> dict[str, Any]:
    """Return an object without the fields that are null; the object itself where there are none."""
    if None in value.values():
        return {name: entry for name, entry in value.items() if entry is not None}
    return value


def wildcard(run: Run, value: Any) -> Any:
    """Return the values of all fields, lists among them flattened to the ground: then all of it is one list."""
    if type(value) is Outer and value:
        value = value[0]
    results: list[Any] = []
    listed = False
    for entry in value.values() if type(value) is dict else value if isinstance(value, list) else ():
        if isinstance(entry, list):
            listed = True
            _flatten(run, entry, results)
        elif entry is not None:
            results.append(entry)
    run.spend(len(results))
    return Made(results) if listed else Seq(results)


def _flatten(run: Run, values: list[Any], into: list[Any]) -> None:
    run.spend(len(values))
    for value in values:
        if isinstance(value, list):
            _flatten(run, value, into)
        elif value is not None:
            into.append(value)


def descendants(run: Run, value: Any) -> Any:
    """Return a value and everything below it, at any depth, but no lists; one result is no list, whatever follows."""
    results = Seq()
    if value is not None:
        _descend(run, value, results)
    return results[0] if len(results) == 1 else results


def _descend(run: Run, value: Any, into: list[Any]) -> None:
    run.spend(1)
    if not isinstance(value, list):
        into.append(value)
    parts = value if isinstance(value, list) else value.values() if type(value) is dict else ()
    for part in parts:
        if part is not None:
            _descend(run, part, into)
