"""The two files of a new mapping."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from engine.errors import UsageError
from engine.mapping.connection import is_id
from engine.proposing.drafts import Draft
from engine.proposing.mapping import mapping_text
from engine.proposing.openapi import fill_from_openapi
from engine.proposing.samples import add_samples, read_sample
from engine.proposing.scaffold import tests_text
from engine.proposing.security import KINDS, security_of

__all__ = ["NewMapping", "new_mapping"]


class NewMapping(NamedTuple):
    """The texts of a mapping and of its tests."""

    mapping: str
    tests: str


def new_mapping(
    provider: str, name: str = "", *, samples: Sequence[str] = (), openapi: Path | None = None, auth: str = ""
) -> NewMapping:
    """Return a new mapping. Raises UsageError for an id that is none, and for files that cannot be read."""
    if not is_id(provider):
        do = "write small letters, digits, `_` and `-`, beginning with a letter or digit"
        raise UsageError(f"{provider!r} cannot be the id of a provider; {do}")
    draft = Draft(provider, name or provider.replace("_", " ").replace("-", " ").title())
    if openapi is not None:
        fill_from_openapi(draft, openapi)
    if auth:
        _prove(draft, auth)
    if samples:
        add_samples(draft, [read_sample(given) for given in samples])
    return NewMapping(mapping_text(draft), tests_text(draft))


def _prove(draft: Draft, auth: str) -> None:
    """Let a draft prove who asks as its author says, with the connection fields that this needs."""
    found = security_of(auth)
    others = {name for kind in KINDS for name in security_of(kind).connection} - found.connection.keys()
    kept = {name: given for name, given in draft.connection.items() if name not in others}
    draft.auth, draft.connection = found.auth, {**kept, **found.connection}
