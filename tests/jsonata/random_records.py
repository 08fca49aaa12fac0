"""Records as LMSs send them, and the ways in which they are not what was agreed."""

from collections.abc import Callable
from random import Random
from typing import Any

__all__ = ["SHAPES", "mutated", "random_input", "random_record"]

#: The fields of each kind of object, and what is in them: a kind of object, or a kind of value; lists in brackets.
SHAPES: dict[str, dict[str, str]] = {
    "record": {
        "id": "number", "name": "text", "score": "number", "done": "switch", "at": "time", "course": "course",
        "items": "[item]", "roles": "[text]", "grid": "[number]", "person": "person", "marks": "[number]",
    },
    "course": {"id": "number", "title": "text", "tags": "[text]", "credits": "number", "owner": "person"},
    "item": {
        "id": "number", "kind": "text", "points": "number", "tags": "[text]", "owner": "person", "parts": "[part]",
    },
    "part": {"id": "number", "kind": "text", "points": "number"},
    "person": {"id": "number", "name": "text", "mail": "text", "on": "switch"},
}  # fmt: skip

_ODD: tuple[Any, ...] = (
    "", "x", 0, 1, -1.5, 7, True, False, [], {}, [[]], "12", [None], None, [1, 2], [[1], [2, 3]], [{}], ["quiz"],
    {"id": 1}, [{"id": 1}, {"id": 2}], [[{"id": 1}]], {"id": [1, [2]]}, 1e21, 0.1, " a  b ", "é", 123456789012,
)  # fmt: skip


def _person(rng: Random) -> dict[str, Any]:
    name = rng.choice(["Ada", "Bo", "Cy Dee", ""])
    return {"id": rng.randrange(4), "name": name, "mail": f"{name.lower()}@x.org", "on": rng.random() < 0.5}


def _part(rng: Random) -> dict[str, Any]:
    return {"id": rng.randrange(3), "kind": rng.choice(["a", "b"]), "points": rng.choice([0, 1, 2.5])}


def _texts(rng: Random) -> list[str]:
    return [rng.choice(["x", "y", "z", "a,b"]) for _ in range(rng.choice([0, 1, 2, 3]))]


def _item(rng: Random) -> dict[str, Any]:
    return {
        "id": rng.randrange(5),
        "kind": rng.choice(["quiz", "page", "file"]),
        "points": rng.choice([0, 1, 2, 3, 0.5, 10]),
        "tags": _texts(rng),
        "owner": _person(rng),
        "parts": [_part(rng) for _ in range(rng.choice([0, 1, 2]))],
    }


def random_record(rng: Random) -> dict[str, Any]:
    """Return a record as it was agreed."""
    return {
        "id": rng.choice([1, 7, 1234567]),
        "name": rng.choice(["Ada", "Bo Li", "x"]),
        "score": rng.choice([0, 92.5, 100, 3.25]),
        "done": rng.random() < 0.5,
        "at": rng.choice(["2024-03-01T10:00:00Z", "2023-12-31T23:59:59.999Z", "2024-02-29"]),
        "course": {
            "id": 3, "title": rng.choice(["Chemistry I", "art"]), "tags": _texts(rng), "credits": 1.5,
            "owner": _person(rng),
        },
        "items": [_item(rng) for _ in range(rng.choice([0, 1, 2, 3, 4]))],
        "roles": rng.choice([["student"], ["student", "teacher"], []]),
        "grid": rng.choice([[[1, 2], [3]], [[1], [], [2, [3]]], [1, 2]]),
        "person": _person(rng),
        "marks": [rng.choice([1, 2, 3, 1.5]) for _ in range(rng.choice([0, 1, 3]))],
    }  # fmt: skip


def mutated(value: Any, rng: Random, rate: float) -> Any:
    """Return a copy in which things are missing, null, of another type, in lists or out of them."""
    if isinstance(value, dict):
        made = {}
        for name, entry in value.items():
            found = rng.random()
            if found >= rate:
                made[name] = _changed(mutated(entry, rng, rate), rng, rate * 0.6)
            elif found > rate / 2:
                made[name] = None
        return made
    if isinstance(value, list):
        found = rng.random()
        if found < rate:
            return rng.choice(_LISTS)([mutated(entry, rng, rate) for entry in value], rng)
        return [_changed(mutated(entry, rng, rate), rng, rate * 0.3) for entry in value]
    return value


def _changed(value: Any, rng: Random, rate: float) -> Any:
    found = rng.random()
    if found < rate / 2:
        return rng.choice(_ODD)
    if found < rate:
        return [value]
    return value


def _inserted(values: list[Any], rng: Random) -> list[Any]:
    return [*values, rng.choice(_ODD)]


_LISTS: tuple[Callable[[list[Any], Random], Any], ...] = (
    lambda _values, _rng: [],
    lambda values, _rng: values[0] if values else None,
    lambda values, _rng: values[:1],
    lambda values, _rng: [values],
    lambda values, _rng: [[value] for value in values],
    lambda values, _rng: [*values, values],
    _inserted,
)


def random_input(rng: Random) -> Any:
    """Return what an expression is evaluated on: mostly a record, more or less as agreed."""
    found = rng.random()
    record = mutated(random_record(rng), rng, rng.choice([0.0, 0.03, 0.1, 0.3]))
    if found < 0.86:
        return record
    if found < 0.96:
        return mutated([random_record(rng) for _ in range(rng.choice([0, 1, 2]))], rng, 0.1)
    return rng.choice(_ODD)
