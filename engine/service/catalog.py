"""The mappings in use, read once when the service starts."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.errors import MappingError
from engine.loading import LoadedMapping, available, load

__all__ = ["Catalog"]


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
