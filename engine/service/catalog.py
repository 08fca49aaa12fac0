"""The mappings in use, read once when the service starts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import structlog

from engine.errors import MappingError
from engine.loading import LoadedMapping, available, load

__all__ = ["Catalog", "read"]

log = structlog.get_logger("rollbook.service")


class Catalog(Mapping[str, LoadedMapping]):
    """All mappings by provider. `wrong` has those that cannot be used, each with its problems."""

    def __init__(self, folders: tuple[Path, ...] = ()) -> None:
        self._loaded: dict[str, LoadedMapping] = {}
        self.wrong: dict[str, MappingError] = {}
        for provider in available(folders):
            try:
                self._loaded[provider] = load(provider, folders=folders)
            except MappingError as error:
                self.wrong[provider] = error

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
