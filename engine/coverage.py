"""What the cases of a mapping show together: fields with a value, words met, joins that found something."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from engine.loading import LoadedMapping
from engine.records import Record
from engine.report import Report

__all__ = ["Coverage", "filled"]


class Coverage:
    """Collects what the cases of one mapping show. Everything is named by its path, such as `users.fields.email`."""

    def __init__(self, loaded: LoadedMapping) -> None:
        self._loaded = loaded
        self._shown: set[str] = set()
        self._words: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, resource: str, records: list[Record], report: Report) -> None:
        """Take in what one case gave."""
        for record in records:
            self._shown.update(f"{resource}.fields.{name}" for name in filled(record))
            self._shown.add(f"{resource}.status.when.{getattr(record, 'status', None)}")
        for name, words in report.words.items():
            self._words[f"{resource}.{name}"].update(word.strip().casefold() for word in words)
        self._shown.update(f"{resource}.join.{name}" for name in report.joined)

    def faults(self, allow: Mapping[str, str]) -> Iterator[str]:
        """Yield what no case shows, unless it is allowed, and what is allowed without need."""
        missing = {".".join(path): (path, what) for path, what in self._missing()}
        for name, (path, what) in missing.items():
            if name not in allow:
                yield f"{self._loaded.place(*path, key=True)}: {name} {what}"
        for name in allow:
            if name not in missing:
                yield f"allow: `{name}` is shown by a case, or is nothing of the mapping; leave it out"

    def _missing(self) -> Iterator[tuple[tuple[str, ...], str]]:
        for resource, given in self._loaded.mapping.resources.items():
            status = given.status
            parts: list[tuple[tuple[str, ...], Iterable[str], str]] = [
                (("fields",), given.fields, "has a value in no case"),
                (("status", "when"), status.when if status else (), "holds in no case"),
                (("join",), given.join, "finds something in no case"),
            ]
            for part, names, what in parts:
                paths = ((resource, *part, name) for name in names)
                yield from ((path, what) for path in paths if ".".join(path) not in self._shown)
            tables: list[tuple[str, tuple[str, ...], Iterable[str]]] = [
                (name, ("words", name, "words"), words.words) for name, words in given.words.items()
            ]
            if status:
                tables.append(("status", ("status", "words"), status.words))
            for name, part, words in tables:
                met = self._words[f"{resource}.{name}"]
                unmet = (word for word in words if word.strip().casefold() not in met)
                yield from (((resource, *part, word), "is seen in no case") for word in unmet)


def filled(record: Record) -> Iterator[str]:
    """Yield the fields of a record that have a value, as a mapping names them."""
    for name in record.model_fields_set:
        value = getattr(record, name)
        if name == "urls":
            yield "urls"
            yield from (f"urls.{url.type}" for url in value or ())
        elif name == "custom_fields":
            yield from (f"custom_fields.{key}" for key, entry in (value or {}).items() if entry is not None)
        elif hasattr(value, "model_fields_set"):
            yield from (f"{name}.{part}" for part in value.model_fields_set if getattr(value, part) is not None)
        elif value is not None:
            yield name
