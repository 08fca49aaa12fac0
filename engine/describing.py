"""What a mapping needs, calls, gives and costs, for people and machines."""

from collections.abc import Iterator
from typing import Any

from engine.errors import RollbookError, UsageError
from engine.loading import LoadedMapping
from engine.mapping import Call, Fetch, Resource
from engine.plan import plan
from engine.records import field_kinds
from engine.testing import path_of_tests, read_tests

__all__ = ["describe", "evidence", "requests_of"]


def evidence(loaded: LoadedMapping) -> str:
    """Return the evidence level from the mapping's tests; `untested` where it has none that can be run."""
    path = path_of_tests(loaded.path)
    if not path.is_file():
        return "untested"
    try:
        tests = read_tests(path)
    except RollbookError:
        return "untested"
    return tests.evidence if tests.replays or tests.examples else "untested"


def describe(loaded: LoadedMapping) -> dict[str, Any]:
    """Return everything `rollbook show` tells, as plain JSON data."""
    mapping = loaded.mapping
    return {
        "id": mapping.provider.id,
        "name": mapping.provider.name,
        "about": mapping.provider.about,
        "docs": mapping.provider.docs,
        "evidence": evidence(loaded),
        "version": loaded.version,
        "auth": mapping.http.auth.kind,
        "connection": {
            name: {
                key: value
                for key, value in field.model_dump().items()
                if value is not None and (value is not False or key == "default")
            }
            for name, field in mapping.connection.items()
        },
        "limits": {
            "parallel": mapping.http.limits.parallel,
            "rates": [f"{rate.requests} per {rate.per}" for rate in mapping.http.limits.rates],
        },
        "resources": {name: _resource(loaded, name, given) for name, given in mapping.resources.items()},
        "gaps": mapping.provider.gaps,
    }


def _resource(loaded: LoadedMapping, name: str, given: Resource) -> dict[str, Any]:
    known = [field for field in field_kinds(name) if "<" not in field and field not in ("urls", "status")]
    filled = set(given.fields) | set(given.words)
    statuses: list[str] = []
    if given.status:
        otherwise = [given.status.otherwise] if given.status.otherwise else []
        statuses = list(dict.fromkeys([*given.status.when, *given.status.words.values(), *otherwise]))
    return {
        "fields": {field: program.text for field, program in given.fields.items()},
        "covered": sum(field in filled for field in known),
        "of": len(known),
        "missing": [field for field in known if field not in filled],
        "statuses": statuses,
        "requests": list(requests_of(loaded, name)),
    }


def requests_of(loaded: LoadedMapping, resource: str) -> Iterator[dict[str, str]]:
    """Yield the requests of a resource: what is called, and how often. Raises UsageError if it is not given."""
    if resource not in loaded.mapping.resources:
        given = ", ".join(loaded.mapping.resources)
        raise UsageError(f"{loaded.mapping.provider.id} has no {resource}; it gives {given}")
    for name, fetch in plan(loaded.mapping, resource).fetches():
        if fetch.path is not None:
            often = how_often(loaded, fetch)
            yield {"fetch": name, "request": _request(fetch), "how_often": often}
            if fetch.job is not None:
                looks = f"every {fetch.job.pause:g} seconds until it is ready, {fetch.job.most} times at most"
                yield {"fetch": name, "request": _request(fetch.job.poll), "how_often": looks}
            if fetch.job is not None and fetch.job.result is not None:
                yield {"fetch": name, "request": _request(fetch.job.result), "how_often": often}


def _request(call: Call) -> str:
    method = "GET" if call.get is not None else "POST"
    return f"{method} {call.path.text if call.path is not None else ''}"


def how_often(loaded: LoadedMapping, fetch: Fetch) -> str:
    """Say how often a fetch is requested."""
    pages = fetch.pages or loaded.mapping.http.pages
    size = (pages.page or pages.offset).size if pages.page or pages.offset else None  # type: ignore[union-attr]
    each = "once" if pages.single or fetch.job else f"once per {size} items" if size else "once per page"
    if fetch.for_ is None:
        return each
    condition = f" where {fetch.when.text}" if fetch.when else ""
    if fetch.once is not None:
        return f"{each} for each distinct {fetch.once.text}{condition}"
    return f"{each} for each {fetch.for_.name}{condition}"
