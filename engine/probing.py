"""Whether a connection works: the request that its mapping has for it, and nothing else."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.channel import Channel, Keeper
from engine.client import LONGEST_WAIT, Client
from engine.connections import connect
from engine.loading import LoadedMapping
from engine.placing import MARK
from engine.report import Report

__all__ = ["probe"]


async def probe(
    loaded: LoadedMapping,
    connection: Mapping[str, Any],
    *,
    transport: Any = None,
    keeper: Keeper | None = None,
    channel: Channel | None = None,
    backoff: float = 0.5,
    patience: float = LONGEST_WAIT,
) -> None:
    """Make the request of `http.check`, as a run would make it.

    Raises UsageError where the connection is not complete, or the ProviderError that says what is wrong with it.
    """
    mapping = loaded.mapping
    values = connect(mapping, connection).values
    run = {"now": datetime.now(UTC), "since": None}
    holes = {"connection": dict(values), "run": run, "filter": {}, "token": MARK}
    report = Report(provider=mapping.provider.id)
    options: dict[str, Any] = {"keeper": keeper, "channel": channel, "backoff": backoff, "patience": patience}
    async with Client(mapping, holes, report, transport=transport, **options) as client:
        await client.check()
