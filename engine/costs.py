"""What a resource costs: how often each of its requests is made, in words."""

import re
from collections import Counter
from typing import Any

from engine.loading import LoadedMapping
from engine.mapping import Fetch, Loop
from engine.plan import plan
from engine.templates import Template

__all__ = ["costs", "how_often"]

#: What parameters are called that say how much a page has, where the paging itself does not know it.
_SIZES = re.compile(r"size|limit|per_?page|max|top|count", re.IGNORECASE)


def costs(loaded: LoadedMapping, resource: str) -> list[str]:
    """Say what all records of a resource cost, a phrase for each kind of list that is asked for."""
    counted: Counter[tuple[str, str]] = Counter()
    for name, fetch in plan(loaded.mapping, resource).fetches():
        if fetch.path is not None:
            counted["at most " if fetch.when else "", how_often(loaded, name)] += 1
    return [f"{most}{_times(often, number)}" for (most, often), number in counted.items()]


def how_often(loaded: LoadedMapping, name: str) -> str:
    """Say how often a fetch is requested: `once per 100 enrollments of each course`."""
    fetch = loaded.mapping.fetch[name]
    if fetch.batch is not None and fetch.for_ is not None:
        above = loaded.mapping.fetch[fetch.for_.fetch].for_
        each_of = f" of each {_words(above.name)}" if above else ""
        return f"once per {fetch.batch.size} {_words(fetch.for_.fetch)}{each_of}"
    each, parent = _each(loaded, fetch), ""
    if fetch.for_ is not None:
        parent = f"distinct {fetch.once.text}" if fetch.once else _parent(loaded, fetch.for_)
    if each:
        return f"once per {each} {_words(name)}" + (f" of each {parent}" if parent else "")
    return f"once per {parent}" if parent else f"once for all {_words(name)}"


def _parent(loaded: LoadedMapping, loop: Loop) -> str:
    """Name what a list is asked for, with what it is a part of: `list of each student`."""
    fetch = loaded.mapping.fetch[loop.fetch]
    above = fetch.for_ if fetch.path is None else None
    return _words(loop.name) + (f" of each {_words(above.name)}" if above else "")


def _times(often: str, number: int) -> str:
    return often if number == 1 else often.replace("once", "twice" if number == 2 else f"{number} times", 1)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _each(loaded: LoadedMapping, fetch: Fetch) -> str:
    """Say how much comes with one request: a number, `page of` where it is not known, nothing where everything."""
    pages = fetch.pages or loaded.mapping.http.pages
    if pages.single or fetch.job:
        return ""
    counted = pages.page or pages.offset
    size = counted.size if counted else _size([fetch.query, fetch.json_, fetch.form, loaded.mapping.http.query])
    return str(size) if size else "page of"


def _size(written: Any) -> int | None:
    """Find the number among the parameters that says how much a page has."""
    for part in written if isinstance(written, list) else [written]:
        for key, value in part.items() if isinstance(part, dict) else ():
            found = _number(value) if _SIZES.search(key) else _size([value])
            if found is not None:
                return found
    return None


def _number(value: Any) -> int | None:
    if isinstance(value, Template) and not list(value.holes) and value.text.isdecimal():
        return int(value.text)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 1 else None
