"""The provider's words and what they mean: `status`, and other fields that are one of a few words."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.jsonata import EvaluationProblem, Program, truth
from engine.mapping import Status
from engine.noting import Held, Notes, Path
from engine.reading import Nothing
from engine.records import words_of
from engine.telling import shown
from engine.values import ValueProblem

__all__ = ["StatusRule", "WordRule"]

#: How many spellings of words are remembered, with what they mean.
_MOST_READ = 1000


class WordRule:
    """What the words for a field mean. `path` is where they are in the mapping, below the resource."""

    def __init__(self, resource: str, field: str, words: Mapping[str, str], path: Path, notes: Notes | Held) -> None:
        self._field = field
        self._meanings = {_folded(word): meaning for word, meaning in words.items()}
        self._path = path
        self._notes = notes
        self._known = words_of(resource, field)
        self._read: dict[str, str] = {}
        self._otherwise = "unknown" if "unknown" in self._known else "other"

    def __call__(self, word: Any) -> str | None:
        """Return the meaning of a word; `unknown` or `other` for one that is in no table, None for no word at all.

        Raises ValueProblem for what cannot be a word.
        """
        if type(word) is str and word in self._read:
            self._notes.word(self._field, word)
            return self._read[word]
        text = _text(word)
        meaning = self._meanings.get(_folded(text))
        if meaning is None and not text.strip():
            return None
        self._notes.word(self._field, text)
        if meaning is None:
            self._notes.unknown_word(self._field, self._path, text, self._otherwise, self._known)
        elif len(self._read) < _MOST_READ:
            self._read[text] = meaning
        return meaning or self._otherwise


class StatusRule:
    """How the status is found: evidence first, then the provider's own word."""

    def __init__(self, resource: str, status: Status, nothing: Nothing, notes: Notes) -> None:
        self._words = [] if status.from_ is None else [status.from_]
        self._evidence = status.when
        self._when = list(enumerate(status.when, len(self._words)))
        self._otherwise = status.otherwise or "unknown"
        self._nothing = nothing
        self._notes = notes
        self._meaning = WordRule(resource, "status", status.words, ("status", "words"), notes)

    @property
    def programs(self) -> list[Program]:
        """What is to be evaluated: what gives the word, if anything does, then each condition."""
        return [*self._words, *self._evidence.values()]

    def __call__(self, values: Sequence[Any], problems: Mapping[int, Exception]) -> tuple[str, Any]:
        """Return the status, and the provider's own word for it, or None where it has none.

        `values` are those of the programs, `problems` what went wrong with some of them, by number.
        """
        word = None
        if self._words:
            word = values[0]
            if problems:
                self._note(problems, 0, "from")
        if word == "" or word in self._nothing:
            word = None
        meaning = self._looked_up(word)  # also where evidence decides, so that no unknown word goes unseen
        for number, status in self._when:
            if values[number] is not None and truth(values[number]):
                return status, word
            if problems:
                self._note(problems, number, "when", status)
        return meaning or self._otherwise, word

    def _note(self, problems: Mapping[int, Exception], number: int, *path: str) -> None:
        problem = problems.get(number)
        if isinstance(problem, EvaluationProblem):
            self._notes.failed("status", ("status", *path), problem)

    def _looked_up(self, word: Any) -> str | None:
        try:
            return None if word is None else self._meaning(word)
        except ValueProblem as problem:
            self._notes.failed("status", ("status", "from"), problem, word)
            return "unknown"


def _folded(word: str) -> str:
    return word.strip().casefold()


def _text(word: Any) -> str:
    """Return a word as text, as it is written in a table: `true`, `1`, `active`."""
    if isinstance(word, str):
        return word
    if isinstance(word, bool):
        return "true" if word else "false"
    if isinstance(word, float) and word.is_integer():
        return str(int(word))
    if isinstance(word, int | float):
        return str(word)
    raise ValueProblem(f"{shown(word)} is not a single word", "choose one in the expression")
