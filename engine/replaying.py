"""A run against cassettes instead of the network: the same code, offline, with a clock that stands still."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from glob import glob
from pathlib import Path
from typing import Any

from engine.arguments import check
from engine.calls import fill
from engine.cassettes import Cassette, read
from engine.errors import UsageError
from engine.loading import LoadedMapping, cassettes_beside, shipped
from engine.playing import Player
from engine.running import Run
from engine.values import ValueProblem, read_time

__all__ = ["cassette_files", "replay"]


def cassette_files(given: str, provider: str, mapping: Path | None = None) -> list[Path]:
    """Return the cassette files meant: a file, a folder, a pattern, or, for empty text, those shipped for a provider.

    Patterns are looked for here first, then among the cassettes beside the `mapping`, then among the shipped ones.
    Raises UsageError where there are none.
    """
    pattern = given or f"{provider}/run*"
    for folder in (Path(), *([] if mapping is None else [cassettes_beside(mapping)]), shipped("cassettes")):
        found = [file for path in _matching(folder, pattern) for file in _cassettes(path)]
        if found:
            return found
    raise UsageError(f"there is no cassette {pattern}; give a file, a folder or a pattern")


def _matching(folder: Path, pattern: str) -> list[Path]:
    path = folder / pattern  # of an absolute pattern, the pattern alone
    if path.exists():
        return [path]
    return sorted(folder / found for found in glob(pattern, root_dir=folder, recursive=True))  # noqa: PTH207 - takes absolute patterns, too


def _cassettes(path: Path) -> list[Path]:
    """Return the cassettes a path stands for: itself, or those in a folder."""
    if not path.is_dir():
        return [path] if path.is_file() else []
    return sorted(file for file in path.iterdir() if file.suffix in (".json", ".yaml", ".gz"))


def replay(
    loaded: LoadedMapping,
    cassette: Cassette | Sequence[Path],
    connection: Mapping[str, Any] | None = None,
    **options: Any,
) -> Run:
    """Return a run that plays a cassette. What is given of the connection replaces the cassette's own."""
    check(connection=connection)
    played = cassette if isinstance(cassette, Cassette) else read(*cassette)
    known = {name: value for name, value in played.connection.items() if name in loaded.mapping.connection}
    if played.now is not None and "now" not in options:
        options["now"] = _clock(played.now)
    options.setdefault("on_token", lambda _: None)  # recorded tokens are nobody's
    run = Run(loaded, {**known, **(connection or {})}, backoff=0.0, **options)
    recorded = {str(value) for name, value in known.items() if loaded.mapping.connection[name].secret}
    base_url = fill(loaded.mapping.http.base_url, {"connection": run.connection.values})
    run.transport = Player(played.exchanges, run.connection.secrets | recorded, base_url)
    return run


def _clock(now: str) -> datetime:
    try:
        return read_time(str(now), zone="UTC")
    except ValueProblem as problem:
        raise UsageError(f"`now` of the cassette: {problem}") from None
