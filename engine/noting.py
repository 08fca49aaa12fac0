"""The notes of one record: what could not be read, each with the record's id and its place in the mapping."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from engine.errors import Place
from engine.jsonata import EvaluationProblem
from engine.mapping import Mapping as ProviderMapping
from engine.report import KEPT_LETTERS, Note, Report
from engine.telling import cut, shown
from engine.values import ValueProblem

__all__ = ["Call", "Held", "Loaded", "Notes", "Path"]

Path = tuple[str, ...]
#: A note that is held: what tells it, and with what.
Call = tuple[Callable[..., None], tuple[Any, ...]]

#: What can be a key in YAML without quotes, and is nothing but text.
_PLAIN_KEY = re.compile(r"(?!(?:true|false|yes|no|on|off|null|y|n)$)[^\W\d][\w -]*(?<! )", re.IGNORECASE)


class Loaded(Protocol):
    """What is needed of a loaded mapping."""

    @property
    def mapping(self) -> ProviderMapping:
        """The mapping."""

    def place(self, *path: str | int, offset: int = 0) -> Place:
        """Return the place of a node of the mapping, or of a character of its text."""


class Notes:
    """Writes notes about the record whose id is `record`. Paths start below the resource."""

    def __init__(self, loaded: Loaded, resource: str, report: Report) -> None:
        self._loaded = loaded
        self._resource = resource
        self._report = report
        self.record = ""

    def failed(self, field: str, path: Path, problem: ValueError, value: Any = None) -> None:
        """Note a field that is left out, because its expression failed or its value cannot be read."""
        place, what, do = self._told(path, problem)
        self._report.note(Note("field_failed", f"left out: {what}", "", self.record, field, value, place, do))

    def dropped(self, field: str, path: Path, what: str) -> None:
        """Note a part of a value that is left out."""
        place = self._loaded.place(self._resource, *path)
        self._report.note(Note("dropped_value", f"left out: {what}", "", self.record, field, None, place))

    def set_aside(self, problem: ValueError, raw: Any) -> None:
        """Note a record that has no usable id, with its raw data."""
        place, what, do = self._told(("fields", "id"), problem)
        self._report.note(
            Note("set_aside", f"set aside, for it has no usable id: {what}", "", "", "id", raw, place, do)
        )

    def word(self, field: str, word: str) -> None:
        """Count a word of the provider."""
        self._report.word(field, word)

    def unknown_word(self, field: str, path: Path, word: str, becomes: str, known: tuple[str, ...]) -> None:
        """Count a word that is in no table; the first time, note the line that would put it there."""
        place = self._loaded.place(self._resource, *path)
        key = word if _PLAIN_KEY.fullmatch(word) else json.dumps(word, ensure_ascii=False)
        table = ".".join((self._resource, *path)) if path[-1] == "words" else f"{self._resource}.words.{field}.words"
        do = f"add to `{table}` the line `{cut(key, KEPT_LETTERS)}: …` with one of {', '.join(known)}"
        what = f"the word {shown(word)} is in no table and becomes {becomes}"
        self._report.unknown_word(field, word, Note("unknown_word", what, "", self.record, field, word, place, do))

    def _told(self, path: Path, problem: ValueError) -> tuple[Place, str, str]:
        if isinstance(problem, ValueProblem):
            return self._loaded.place(self._resource, *path), problem.what, problem.do or "correct the expression"
        if isinstance(problem, EvaluationProblem):
            place = self._loaded.place(self._resource, *path, offset=problem.offset or 0)
            return place, problem.message, "correct the expression"
        return self._loaded.place(self._resource, *path), str(problem), "correct the expression"


class Held:
    """Holds notes back while a record is evaluated, which may be begun anew: only what counts is told."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes
        self._calls: list[Call] = []

    def dropped(self, *told: Any) -> None:
        """Hold a note of a part of a value that is left out."""
        self._calls.append((self._notes.dropped, told))

    def word(self, *told: Any) -> None:
        """Hold the count of a word."""
        self._calls.append((self._notes.word, told))

    def unknown_word(self, *told: Any) -> None:
        """Hold the count of a word that is in no table."""
        self._calls.append((self._notes.unknown_word, told))

    def taken(self) -> Sequence[Call]:
        """Return all that is held, in its order, to be called by whoever has it; nothing is held any more."""
        if not self._calls:
            return ()
        calls, self._calls = self._calls, []
        return calls
