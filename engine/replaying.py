"""A run against cassettes instead of the network: the same code, offline, with a clock that stands still."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.cassettes import Cassette, read
from engine.errors import UsageError
from engine.loading import LoadedMapping, shipped
from engine.running import Run

__all__ = ["cassette_files", "replay"]


def cassette_files(given: str, provider: str) -> list[Path]:
    """Return the cassette files meant: a file, a folder, a pattern, or, for empty text, those shipped for a provider.

    Patterns are looked for here first, then among the shipped cassettes. Raises UsageError where there are none.
    """
    pattern = given or f"{provider}/run*.json"
    path = Path(pattern)
    if path.is_file():
        return [path]
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in (".json", ".yaml", ".gz"))
    for folder in (Path(), shipped("cassettes")):
        found = [] if path.is_absolute() else sorted(folder.glob(pattern))
        if found:
            return found
    raise UsageError(f"there is no cassette {pattern}; give a file, a folder or a pattern")


def replay(
    loaded: LoadedMapping,
    cassette: Cassette | Sequence[Path],
    connection: Mapping[str, Any] | None = None,
    **options: Any,
) -> Run:
    """Return a run that plays a cassette. What is given of the connection replaces the cassette's own."""
    played = cassette if isinstance(cassette, Cassette) else read(*cassette)
    known = {name: value for name, value in played.connection.items() if name in loaded.mapping.connection}
    if played.now and "now" not in options:
        options["now"] = datetime.fromisoformat(played.now)
    run = Run(loaded, {**known, **(connection or {})}, backoff=0.0, **options)
    run.transport = played.player(run.connection.secrets)
    return run
