"""What a mapping needs, calls, gives and costs, for people and machines."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from engine.costs import costs, how_often
from engine.errors import RollbookError, UsageError
from engine.loading import LoadedMapping
from engine.mapping import Call, Resource
from engine.origins import origins
from engine.plan import plan
from engine.records import field_kinds, words_of
from engine.testing import Tests, path_of_tests, read_tests

__all__ = ["describe", "evidence", "requests_of"]


def evidence(loaded: LoadedMapping) -> str:
    """Return the evidence level from the mapping's tests; `untested` where it has none that can be run."""
    return _evidence(_tests(loaded))


def _tests(loaded: LoadedMapping) -> Tests:
    """Read the mapping's tests; none where there are none that can be read."""
    path = path_of_tests(loaded.path)
    try:
        return read_tests(path) if path.is_file() else Tests()
    except RollbookError:
        return Tests()


def _evidence(tests: Tests) -> str:
    return tests.evidence if tests.replays or tests.examples else "untested"


def describe(loaded: LoadedMapping) -> dict[str, Any]:
    """Return everything `rollbook show` tells, as plain JSON data."""
    mapping, tests = loaded.mapping, _tests(loaded)
    return {
        "id": mapping.provider.id,
        "name": mapping.provider.name,
        "about": mapping.provider.about,
        "docs": mapping.provider.docs,
        "evidence": _evidence(tests),
        "cases": dict(Counter(case.evidence for case in (*tests.replays, *tests.examples))),
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
            "rates": [
                *(f"{rate.requests} per {rate.per}" for rate in mapping.http.limits.rates),
                *(
                    f"{rate.requests} {name} per {rate.per}"
                    for name, fetch in mapping.fetch.items()
                    for rate in (fetch.limits.rates if fetch.limits else ())
                ),
            ],
        },
        "resources": {name: _resource(loaded, name, given, tests) for name, given in mapping.resources.items()},
        "gaps": mapping.provider.gaps,
    }


def _resource(loaded: LoadedMapping, name: str, given: Resource, tests: Tests) -> dict[str, Any]:
    known = [field for field in field_kinds(name) if "<" not in field and field not in ("urls", "status")]
    filled = set(given.fields) | set(given.words)
    statuses: list[str] = []
    if given.status:
        otherwise = [given.status.otherwise] if given.status.otherwise else []
        statuses = list(dict.fromkeys([*given.status.when, *given.status.words.values(), *otherwise]))
    return {
        "fields": {field: program.text for field, program in given.fields.items()},
        "origins": origins(loaded.mapping, given),
        "covered": sum(field in filled for field in known),
        "of": len(known),
        "missing": [field for field in known if field not in filled],
        "statuses": statuses,
        "statuses_seen": _seen(tests, name),
        "since": _since(loaded, name, given),
        "costs": costs(loaded, name),
        "requests": list(requests_of(loaded, name)),
    }


def _seen(tests: Tests, resource: str) -> list[str]:
    """Return the statuses that the cases of a resource expect, in the order of the model."""
    seen: set[Any] = set()
    for replay in tests.replays:
        if replay.resource == resource:
            seen.update(replay.expect.by_status or (), (record.get("status") for record in replay.expect.contains))
    seen.update(example.expect.get("status") for example in tests.examples if example.resource == resource)
    return [word for word in words_of(resource, "status") if word in seen]


def _since(loaded: LoadedMapping, name: str, given: Resource) -> str:
    """Say what `since` does: `asked`, `sifted`, `asked and sifted`, or `refused`."""
    asked, told = plan(loaded.mapping, name).reads("run", "since"), "updated_at" in given.fields
    return " and ".join(["asked"] * asked + ["sifted"] * told) or "refused"


def requests_of(loaded: LoadedMapping, resource: str) -> Iterator[dict[str, str]]:
    """Yield the requests of a resource: what is called, and how often. Raises UsageError if it is not given."""
    if resource not in loaded.mapping.resources:
        given = ", ".join(loaded.mapping.resources)
        raise UsageError(f"{loaded.mapping.provider.id} has no {resource}; it gives {given}")
    for name, fetch in plan(loaded.mapping, resource).fetches():
        if fetch.path is not None:
            often = how_often(loaded, name)
            condition = {"when": fetch.when.text} if fetch.when else {}
            yield {"fetch": name, "request": _request(fetch), "how_often": often, **condition}
            if fetch.job is not None:
                looks = f"every {fetch.job.pause:g} seconds until it is ready, {fetch.job.most} times at most"
                yield {"fetch": name, "request": _request(fetch.job.poll), "how_often": looks}
            if fetch.job is not None and fetch.job.result is not None:
                yield {"fetch": name, "request": _request(fetch.job.result), "how_often": often}


def _request(call: Call) -> str:
    method = "GET" if call.get is not None else "POST"
    return f"{method} {call.path.text if call.path is not None else ''}"
