"""Which value of an item is which field of the model: by its name, and only if its values are of the kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.proposing.names import words
from engine.proposing.paths import writable
from engine.proposing.reading import Fit, fit
from engine.proposing.shapes import Path, Shape, leaves
from engine.proposing.tables import OWN, RULES, SYNONYMS, UNDER

__all__ = ["Match", "Matches", "called", "matched"]

#: No item has more places that are looked at.
_MOST = 600


@dataclass(frozen=True)
class Match:
    """A place that is a field, and how it is read."""

    path: Path
    shape: Shape
    fit: Fit


@dataclass
class Matches:
    """What an item gives: the fields found, and every other place with the reason why it is none."""

    resource: str
    found: dict[str, Match] = field(default_factory=dict)
    rest: dict[Path, Shape] = field(default_factory=dict)
    reasons: dict[Path, str] = field(default_factory=dict)
    more: bool = False
    """Whether the item has more places than were looked at."""


def matched(item: Shape, resource: str) -> Matches:
    """Hold all places of an item against the names of a resource's fields."""
    result = Matches(resource)
    places: dict[str, list[Path]] = {}
    for path, shape in leaves(item):
        if len(result.rest) >= _MOST:
            result.more = True
            break
        result.rest[path] = shape
        if not writable(path):
            result.reasons[path] = "its name cannot be written in an expression"
            continue
        for name in called(path, resource):
            places.setdefault(name, []).append(path)
    for name, names in RULES[resource].items():
        _find(name, names, places, result)
    return result


def _find(name: str, names: tuple[str, ...], places: Mapping[str, list[Path]], result: Matches) -> None:
    """Find the place of one field: the best name first, and of those with one name the least deep."""
    for path in _candidates(names, places):
        if path not in result.rest:
            continue
        fits = fit(result.resource, name, path, result.rest[path])
        if isinstance(fits, str):
            result.reasons.setdefault(path, f"called like {name}, but {fits}")
            continue
        result.found[name] = Match(path, result.rest.pop(path), fits)
        result.reasons.pop(path, None)
        return


def _candidates(names: tuple[str, ...], places: Mapping[str, list[Path]]) -> Iterator[Path]:
    for name in names:
        yield from sorted(places.get(name, ()), key=len)


def called(path: Path, resource: str) -> list[str]:
    """Return the names that a place goes by, the whole one first."""
    inner = [key for key in path[:-1] if "".join(words(key)) not in UNDER]
    names = []
    for steps in ([*inner, path[-1]], path):
        name = "".join(SYNONYMS.get(word, word) for key in steps for word in words(key)).replace(
            "learningobject", "course"
        )
        names.append(name)
        names += [name.removeprefix(own) for own in OWN[resource] if name.startswith(own) and name != own]
    return list(dict.fromkeys(names))
