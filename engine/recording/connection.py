"""A made-up connection in place of the real one, and the hosts that follow from it."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from engine.calls import fill
from engine.errors import UsageError
from engine.mapping import Mapping as ProviderMapping
from engine.recording.inventing import is_reserved
from engine.recording.literals import templates
from engine.recording.secrets import LEAST, Secrets

__all__ = ["MadeUp", "make_up"]

_HOST = re.compile(r"^https?://[^/]*")


class MadeUp:
    """A made-up connection: its `values`, and `hosts` with what they become. `open` are fields that are mere text."""

    def __init__(self, values: dict[str, Any], hosts: dict[str, str], open_: tuple[str, ...]) -> None:
        self.values = values
        self.hosts = hosts
        self.open = open_


def make_up(mapping: ProviderMapping, values: Mapping[str, Any], secrets: Secrets) -> MadeUp:
    """Return a made-up connection, and take note of its secrets. Raises UsageError for one too short to be found."""
    made: dict[str, Any] = {}
    hosts: dict[str, str] = {}
    open_: list[str] = []
    in_host = _fields_of_hosts(mapping)
    label = re.sub(r"[^a-z0-9-]", "-", mapping.provider.id).strip("-")
    for name, value in values.items():
        field = mapping.connection[name]
        if field.secret:
            made[name] = _secret(mapping, name, str(value), secrets)
        elif field.choices is not None:  # a data centre of the vendor, or the like
            made[name] = value
        elif field.format == "url":
            made[name] = _address(str(value), label if not hosts else f"{label}-{len(hosts) + 1}", hosts)
        elif name in in_host and value != field.default:
            made[name] = "school"
        else:
            made[name] = value
            if isinstance(value, str) and value != field.default:
                open_.append(name)
    for template in templates(mapping):
        if _HOST.match(template.text) and all(hole.path[0] == "connection" for hole in template.holes):
            _host(template, values, made, hosts)
    return MadeUp(made, hosts, tuple(open_))


def _host(template: Any, values: Mapping[str, Any], made: Mapping[str, Any], hosts: dict[str, str]) -> None:
    """Take note of the host of an address that is filled in with the connection."""
    try:
        real, new = (urlsplit(fill(template, {"connection": given})) for given in (values, made))
    except UsageError:  # a field that is not given
        return
    if real.netloc != new.netloc:
        hosts.setdefault(real.netloc.lower(), new.netloc)


def _fields_of_hosts(mapping: ProviderMapping) -> set[str]:
    """Return the fields that are a part of a host: `school` of `https://{connection.school}.vendor.example`."""
    found: set[str] = set()
    for template in templates(mapping):
        start = _HOST.match(template.text)
        if start:
            found.update(re.findall(r"\{connection\.(\w+)", start[0]))
    return found


def _address(value: str, label: str, hosts: dict[str, str]) -> str:
    parts = urlsplit(value)
    if is_reserved(parts.hostname or ""):
        return value
    host = f"{label}.example"
    hosts[parts.netloc.lower()] = host
    return urlunsplit(("https" if parts.scheme == "https" else "http", host, parts.path, "", ""))


def _secret(mapping: ProviderMapping, name: str, value: str, secrets: Secrets) -> str:
    if len(value) < LEAST:
        what = f"`{name}` has fewer than {LEAST} characters, and could not be told from other text"
        raise UsageError(f"{what}; record with a longer one")
    made = _key(mapping) if "PRIVATE KEY-----" in value else None
    secrets.add(value, name.replace("_", "-"), made)
    return secrets.made_up(value)


def _key(mapping: ProviderMapping) -> str:
    """Return a private key that is good for nothing, since a run that is replayed has to sign with one."""
    from joserfc.jwk import ECKey, RSAKey

    oauth2 = mapping.http.auth.oauth2
    assertion = oauth2.assertion if oauth2 else None
    if assertion is not None and assertion.algorithm.startswith("ES"):
        return ECKey.generate_key("P-256").as_pem(private=True).decode()
    return RSAKey.generate_key(2048).as_pem(private=True).decode()
