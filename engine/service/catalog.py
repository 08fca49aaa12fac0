"""The mappings in use, read once when the service starts."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import structlog

from engine.describing import describe
from engine.errors import MappingError
from engine.loading import LoadedMapping, available, load
from engine.service.forms import form
from engine.store import Account, mapping_of

__all__ = ["Catalog", "read"]

log = structlog.get_logger("rollbook.service")


#: How many mappings with what a customer has different are kept at once.
TAILORED = 500


class _Tailored:
    """An account, the same as another where the same is different from the same mapping."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self._key = account.id, json.dumps(account.overrides, sort_keys=True)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Tailored) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)


class Catalog(Mapping[str, LoadedMapping]):
    """All mappings by provider. `wrong` has those that cannot be used, each with its problems."""

    def __init__(self, folders: tuple[Path, ...] = ()) -> None:
        self._loaded: dict[str, LoadedMapping] = {}
        self._tailored = lru_cache(maxsize=TAILORED)(lambda account: mapping_of(account.account, folders))
        self._described: dict[str, dict[str, Any]] = {}
        self.wrong: dict[str, MappingError] = {}
        for provider in available(folders):
            try:
                self._loaded[provider] = load(provider, folders=folders)
            except MappingError as error:
                self.wrong[provider] = error

    def of(self, account: Account) -> LoadedMapping:
        """Return the mapping of an account, with what its customer has different; may take a while the first time.

        Raises KeyError where its provider has no mapping, MappingError where what is different does not fit any more.
        """
        loaded = self[account.provider]
        return self._tailored(_Tailored(account)) if account.overrides else loaded

    def described(self, provider: str) -> dict[str, Any]:
        """Return what `describe` tells of a provider, and its forms; read once, as its tests have to be for it."""
        if provider not in self._described:
            loaded = self._loaded[provider]
            oauth2 = loaded.mapping.http.auth.oauth2
            granted = (oauth2.replaceable,) if oauth2 and oauth2.authorize and oauth2.replaceable else None
            told = {**describe(loaded), "authorizes": granted is not None, "form": form(loaded.mapping)}
            told["authorize_form"] = None if granted is None else form(loaded.mapping, without=granted)
            self._described[provider] = told
        return self._described[provider]

    def __getitem__(self, provider: str) -> LoadedMapping:
        return self._loaded[provider]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded)

    def __len__(self) -> int:
        return len(self._loaded)


def read(folders: tuple[Path, ...]) -> Catalog:
    """Read the mappings for a service, and log which ones it does without."""
    catalog = Catalog(folders)
    for provider, error in catalog.wrong.items():
        log.error("a mapping cannot be used", provider=provider, problems=[str(one) for one in error.problems])
    return catalog
