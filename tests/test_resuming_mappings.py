"""Pages of every mapping: together they are the whole run, whatever their sizes.

Each page is a run of its own, from the position that the page before gave, as JSON.
"""

import asyncio
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engine.cassettes import read
from engine.loading import LoadedMapping, available, load
from engine.records import as_dict
from engine.replaying import cassette_files, replay
from engine.resuming import Position
from engine.testing import Replay, path_of_tests, read_tests
from engine.values import read_time

NOW = datetime(2026, 11, 26, tzinfo=UTC)
SIZES = (1, 2, 3, 5, 8, 13, 50)
#: Cassettes that no page can be played from alone, and why.
WHOLE = {"kolibri: a session that ended is made anew": "the session ends between two of its lists"}


def cases() -> Iterator[Any]:
    """Yield every replay that reads all there is: one that ends in an error has no whole to compare with."""
    for path in sorted(available().values()):
        for case in read_tests(path_of_tests(path)).replays:
            name = f"{path.stem}: {case.name}"
            if case.expect.error is None and case.limit is None and name not in WHOLE:
                yield pytest.param(path, case, id=name)


def page(
    loaded: LoadedMapping, case: Replay, now: Any, start: Position | None = None, limit: int | None = None
) -> tuple[list[dict[str, Any]], Position]:
    files = [file for pattern in case.cassettes for file in cassette_files(pattern, loaded.mapping.provider.id)]
    since = None if case.since is None else read_time(case.since, zone="UTC")
    options = {"resource": case.resource, "filters": case.filters, "since": since, **now}
    run = replay(loaded, files, case.connection, start=start, limit=limit, **options)

    async def collect() -> list[dict[str, Any]]:
        return [as_dict(record) async for record in run]

    records = asyncio.run(collect())
    assert run.position is not None
    return records, json.loads(json.dumps(run.position))


@pytest.mark.parametrize(("path", "case"), list(cases()))
def test_pages_of_any_size_are_the_whole_run_record_by_record(path: Path, case: Replay) -> None:
    loaded = load(path)
    files = [file for pattern in case.cassettes for file in cassette_files(pattern, loaded.mapping.provider.id)]
    now = {} if read(*files).now is not None else {"now": NOW}
    whole, _ = page(loaded, case, now)
    sizes = random.Random(f"{path.stem} {case.name}")  # noqa: S311 - the same sizes every time
    got: list[dict[str, Any]] = []
    position: Position | None = None
    while position is None or "end" not in position:
        records, position = page(loaded, case, now, position, sizes.choice(SIZES))
        got += records
        assert len(got) <= len(whole)
    assert got == whole
