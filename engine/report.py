"""What happened in a run: counters while it goes, and everything that was not plain sailing.

Nothing is lost in silence: whatever was set aside, skipped, left out, unknown or tolerated is a note here.
Counts are exact; of each kind and field only the first notes are kept, and of long values only the beginning, so a
report stays small however long the run.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from engine.errors import DiagnosticError, Place
from engine.telling import LINE, cut

__all__ = ["KEPT_NOTES", "Ended", "Kind", "Note", "Report"]

#: How many notes of one kind about one field are kept; a field that always fails must not hide the others.
KEPT_NOTES = 50

#: How many characters of a raw value are kept.
KEPT_CHARACTERS = 1000

#: How many characters of a word are kept.
KEPT_LETTERS = 200

#: How many different words of a field are told apart.
KEPT_WORDS = 500

Kind = Literal[
    "parent_failed",  # a parent, page or whole fetch could not be read: its records are missing
    "short_list",  # fewer items came than the provider counts
    "set_aside",  # a record without a usable id
    "field_failed",  # a field whose value could not be read: left out of its record
    "unknown_word",  # a provider's word that is in no table
    "tolerated",  # an error the mapping says means "none"
    "dropped_value",  # part of a value that cannot be what it should be, such as an address without @
    "ambiguous_join",  # several items where one was looked for: the first was taken
    "repeated_item",  # the same id twice in one list
    "warned",  # what the provider says beside its items
    "token_replaced",  # the provider ended a token of the connection, and the new one was stored nowhere
]

Ended = Literal[
    "finished",  # all there is was read
    "limited",  # as many records as were asked for; there may be more
    "stopped",  # a strict run met something, or whoever takes the records did not take all
    "interrupted",  # asked to end, as by Ctrl-C
    "failed",  # an error
]

#: The kinds that mean the result is not all it could be: exit code 3.
INCOMPLETE: frozenset[Kind] = frozenset({"parent_failed", "short_list", "set_aside", "field_failed"})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing worth knowing: what, where in the run, which record and field, and where in the mapping."""

    kind: Kind
    what: str
    where: str = ""
    record: str = ""
    field: str = ""
    value: Any = None
    place: Place | None = None
    do: str = ""
    cause: str = ""  # the word of the error behind it, such as `forbidden`, where there is one

    def __str__(self) -> str:
        name = " ".join(part for part in (self.record, self.field) if part)
        text = ": ".join(part for part in (self.where, name, self.what) if part)
        text += f"; {self.do}" if self.do else ""
        return f"{text} ({self.place})" if self.place else text


def _count(words: Counter[str], word: str) -> str:
    """Count a word, under `…` once there are too many different ones to be words. Returns what it was counted as."""
    word = cut(word, KEPT_LETTERS)
    counted = word if word in words or len(words) < KEPT_WORDS else "…"
    words[counted] += 1
    return counted


@dataclass
class Report:
    """Counters and notes of one run. Counters may be read while the run goes on."""

    provider: str = ""
    resource: str = ""
    strict: bool = False
    ended: Ended | None = None  # None while the run goes on
    problem: str = ""  # what it ended with, where that was not its end
    redact: Callable[[str], str] = field(default=str, repr=False)
    requests: int = 0
    retries: int = 0
    pages: int = 0
    items: int = 0
    records: int = 0
    filtered: int = 0  # records that no filter passes
    pruned: int = 0  # items that can lead to no such record, and were not followed
    waited: float = 0.0  # seconds spent waiting because the provider asked to, or its limits did
    by_status: Counter[str] = field(default_factory=Counter)
    words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    unknown_words: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    joined: Counter[str] = field(default_factory=Counter)
    failed_fields: Counter[str] = field(default_factory=Counter)
    counts: Counter[Kind] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    _kept: Counter[tuple[Kind, str]] = field(default_factory=Counter, repr=False)

    def note(self, note: Note) -> None:
        """Count a note and keep it while there are few of its kind; a strict run raises DiagnosticError.

        What it says and shows is redacted: a provider may echo a secret in what it sends.
        """
        what, do = cut(self.redact(note.what), LINE), cut(self.redact(note.do))
        note = replace(note, what=what, do=do, record=cut(note.record), value=self._shown(note.value))
        if self.strict:
            raise DiagnosticError(f"{note.kind.replace('_', ' ')}: {note}")
        self.counts[note.kind] += 1
        if note.kind == "field_failed":
            self.failed_fields[note.field] += 1
        about = note.kind, note.field
        if self._kept[about] < KEPT_NOTES:
            self._kept[about] += 1
            self.notes.append(note)

    def _shown(self, value: Any) -> Any:
        """Return a value as it is, or its JSON text where that is long or holds a secret."""
        text = json.dumps(value, ensure_ascii=False, default=str)
        redacted = self.redact(text)
        if redacted == text and len(text) <= KEPT_CHARACTERS:
            return value
        return redacted if len(redacted) <= KEPT_CHARACTERS else redacted[: KEPT_CHARACTERS - 1] + "…"

    def word(self, field: str, word: str) -> None:
        """Count a word of the provider."""
        _count(self.words[field], word)

    def unknown_word(self, field: str, word: str, note: Note) -> None:
        """Count a word that is in no table; it is noted the first time it is met."""
        word = _count(self.unknown_words[field], word)
        if self.unknown_words[field][word] == 1:
            self.note(note)

    def end(self, ended: Ended, problem: str = "") -> None:
        """Say how the run ended. What is said last holds: whoever writes the records may know more than the run."""
        self.ended, self.problem = ended, self.redact(problem)

    def broke(self, error: BaseException) -> None:
        """Say what ended the run before its end."""
        if isinstance(error, GeneratorExit):
            self.end("stopped", "not all records were taken")
        elif isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
            self.end("interrupted")
        else:
            self.end("stopped" if isinstance(error, DiagnosticError) else "failed", str(error) or type(error).__name__)

    @property
    def missing(self) -> bool:
        """Whether something could not be read, was set aside or left out."""
        return any(self.counts[kind] for kind in INCOMPLETE)

    @property
    def complete(self) -> bool:
        """Whether the run read all there is, and nothing of it is missing."""
        return self.ended == "finished" and not self.missing

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain JSON data."""
        notes = [
            {
                name: str(value) if isinstance(value, Place) else value
                for name in ("kind", "what", "where", "record", "field", "value", "place", "do")
                if (value := getattr(note, name)) not in ("", None)
            }
            for note in self.notes
        ]
        return {
            "provider": self.provider,
            "resource": self.resource,
            "complete": self.complete,
            "ended": self.ended,
            **({"problem": self.problem} if self.problem else {}),
            "requests": self.requests,
            "retries": self.retries,
            "pages": self.pages,
            "items": self.items,
            "records": self.records,
            "filtered": self.filtered,
            "pruned": self.pruned,
            "waited_seconds": round(self.waited, 3),
            "by_status": dict(self.by_status),
            "failed_fields": dict(self.failed_fields),
            "unknown_words": {name: dict(words) for name, words in self.unknown_words.items()},
            "counts": {kind: self.counts[kind] for kind in get_args(Kind) if self.counts[kind]},
            "notes": notes,
        }
