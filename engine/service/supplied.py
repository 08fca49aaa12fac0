"""What a caller supplies for a connection: held against the mapping, its addresses judged, all faults at once."""

from collections.abc import Collection, Mapping
from typing import Any

from engine.calls import fill
from engine.connections import Incomplete, connect
from engine.errors import ProviderError
from engine.guarding import Guard
from engine.loading import LoadedMapping
from engine.mapping import Mapping as ProviderMapping
from engine.service.failures import Detail, Failure

__all__ = ["secret_fields", "stay_at_home", "supplied"]


async def supplied(
    loaded: LoadedMapping, given: Mapping[str, Any], guard: Guard, *, later: Collection[str] = ()
) -> dict[str, Any]:
    """Return the values that were given, checked; those left out are the mapping's, now and when it changes.

    Raises Failure 400 with a detail for every field that is wrong, never quoting a value.
    """
    wrong: dict[str, str] = {}
    try:
        values = dict(connect(loaded.mapping, given, later=later).values)
    except Incomplete as error:
        wrong = {f"connection.{name}": what for name, what in error.faults.items()}
        right = {name: value for name, value in given.items() if name not in error.faults}
        values = {name: value.strip() for name, value in right.items() if isinstance(value, str) and value.strip()}
    for name, address in _addresses(loaded.mapping, values).items():
        try:
            await guard.check(address)
        except ProviderError as error:  # Blocked, or Unreachable where nobody knows the host
            wrong[name] = f"{error.what}; {error.do}" if error.do else error.what
    if wrong:
        name, told = loaded.mapping.provider.id, "; ".join(wrong.values())
        details = [Detail(parameter, message) for parameter, message in wrong.items()]
        raise Failure(400, f"{name}: the connection is not right: {told}", details)
    return {name: values[name] for name, value in given.items() if value not in (None, "") and name in values}


def stay_at_home(
    loaded: LoadedMapping, there: Mapping[str, Any], given: Mapping[str, Any], *, later: Collection[str] = ()
) -> None:
    """Raise Failure 400 where secrets that are kept would be sent to another host than they were given for.

    Whoever may change an address may not thereby read what is write-only: those secrets must be given again.
    """
    moved = [name for name in _leading(loaded.mapping) if name in given and given[name] != there.get(name)]
    kept = secret_fields(loaded.mapping).intersection(there).difference(given, later)
    if moved and kept:
        what = f"must be given again, since {' and '.join(moved)} changes: secrets do not follow to another address"
        details = [Detail(f"connection.{name}", what) for name in sorted(kept)]
        raise Failure(400, "; ".join(f"{one.parameter}: {one.message}" for one in details), details)


def _leading(mapping: ProviderMapping) -> list[str]:
    """Return the fields that say which hosts requests go to; not those whose values the mapping lists itself."""
    oauth2 = mapping.http.auth.oauth2
    templates = [mapping.http.base_url, *([oauth2.token_url] if oauth2 else [])]
    holes = {hole.path[-1] for template in templates for hole in template.holes}
    fields = mapping.connection.items()
    return [name for name, field in fields if not field.choices and (field.format == "url" or name in holes)]


def secret_fields(mapping: ProviderMapping) -> frozenset[str]:
    """Return the fields of a connection that are never shown."""
    return frozenset(name for name, field in mapping.connection.items() if field.secret)


def _addresses(mapping: ProviderMapping, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the addresses that requests will go to, each by the field that it is made of."""
    fields = [name for name, field in mapping.connection.items() if field.format == "url" and name in values]
    found = {f"connection.{name}": str(values[name]) for name in fields}
    templates = [mapping.http.base_url]
    if mapping.http.auth.oauth2 is not None:
        templates.append(mapping.http.auth.oauth2.token_url)
    for template in templates:
        holes = [hole.path[-1] for hole in template.holes]
        if not holes or any(name in fields or name not in values for name in holes):
            continue  # it is the mapping's own, or that of a field, which is judged as it is
        address = fill(template, {"connection": values})
        if address.startswith(("http://", "https://")):
            found.setdefault(f"connection.{holes[0]}", address)
    return found
