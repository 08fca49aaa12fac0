"""Where the provider's own words are, and what they mean where there is no doubt."""

from dataclasses import dataclass

from engine.proposing.evidence import evidence
from engine.proposing.matching import Matches, called
from engine.proposing.names import words
from engine.proposing.shapes import Path, Shape
from engine.proposing.tables import CLEAR, STATUS

__all__ = ["Worded", "worded"]

#: More different values are no words for a status.
_MOST = 30
_LONGEST = 40


@dataclass(frozen=True)
class Worded:
    """A place with words: those that are clear, and how often every word was met."""

    path: Path
    shape: Shape
    clear: dict[str, str]
    unclear: tuple[str, ...]

    def often(self, word: str) -> int:
        """How often a word was met; numbers and switches count as they are written."""
        return sum(number for (_, value), number in self.shape.values.items() if _written(value) == word)


def worded(matches: Matches, field: str) -> tuple[Worded | None, list[str]]:
    """Return the place that has the words of a field, and why others that are called so do not."""
    names = STATUS[matches.resource][field]
    found = [
        (one, rank)
        for path, shape in matches.rest.items()
        if path not in matches.reasons or "cannot be written" not in matches.reasons[path]
        if (rank := _rank(path, matches.resource, names)) is not None
        if (one := _words(path, shape, CLEAR[matches.resource, field]))
    ]
    if not found:
        return None, []
    found.sort(
        key=lambda each: (-len(each[0].clear), bool(each[0].unclear) and not each[0].clear, each[1], len(each[0].path))
    )
    best = found[0][0]
    others = [f"{'.'.join(one.path)} ({evidence(one.shape, one.shape.met)})" for one, _ in found[1:]]
    matches.rest.pop(best.path)
    return best, others


def _rank(path: Path, resource: str, names: tuple[str, ...]) -> int | None:
    return min((names.index(name) for name in called(path, resource) if name in names), default=None)


def _words(path: Path, shape: Shape, meanings: dict[str, str]) -> Worded | None:
    """Take the values of a place for words, if they can be."""
    if shape.given - {"text", "integer"} or shape.more or len(shape.values) > _MOST:
        return None
    if any(isinstance(value, str) and not _is_word(value) for value in shape.scalars):
        return None
    met: dict[str, str] = {}
    for value in shape.scalars:
        word = _written(value)
        if word.strip() and word.strip().casefold() not in {known.strip().casefold() for known in met}:
            met[word] = meanings.get("".join(words(word)), "")
    clear = {word: meaning for word, meaning in met.items() if meaning}
    return Worded(path, shape, clear, tuple(word for word in met if word not in clear))


def _is_word(value: str) -> bool:
    return len(value) <= _LONGEST and value.isprintable() and "@" not in value and "://" not in value


def _written(value: object) -> str:
    return str(value)
