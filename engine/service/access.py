"""Who may ask for what: API keys, their scope and accounts, and how many requests each may make."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass
from time import monotonic

from pyrate_limiter import InMemoryBucket, Rate, RateItem
from starlette.requests import Request

from engine.service.failures import Failure
from engine.store import Scope, Store

__all__ = ["Access", "Caller"]

#: The window of the rate of a key, in seconds.
WINDOW = 60
#: Of how many keys the requests of the last minute are remembered.
REMEMBERED = 10_000

_GIVE = "give an API key: `Authorization: Bearer rbk_…`; `rollbook keys create` makes one"


@dataclass(frozen=True)
class Caller:
    """Whoever has the key: its id, its scope, and which accounts it may use (None: all)."""

    key: str
    scope: Scope
    accounts: Collection[str] | None

    def may_use(self, account: str) -> bool:
        """Whether the key may use an account."""
        return self.accounts is None or account in self.accounts

    def may_change(self) -> None:
        """Raise Failure 403 where the key may only read."""
        if self.scope != "admin":
            raise Failure(403, "this key may only read; use one that was created with `--scope admin`")


class Access:
    """Checks the key of every request. `per_minute` is the rate of keys that have none of their own."""

    def __init__(self, store: Store, per_minute: int) -> None:
        self._store = store
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, InMemoryBucket] = OrderedDict()

    async def __call__(self, request: Request) -> Caller:
        """Return who asks. Raises Failure 401 without a key that holds, 429 where it is used too often."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        key = None
        if scheme.lower() == "bearer" and text:
            key = await asyncio.to_thread(self._store.keys.check, text.strip())
        if key is None:
            what = "this API key does not hold" if text else "no API key was given"
            raise Failure(401, f"{what}; {_GIVE}", headers={"WWW-Authenticate": "Bearer"})
        request.state.key = key.id
        self._count(key.id, key.rate or self._per_minute, request)
        return Caller(key.id, key.scope, key.accounts)

    def _count(self, key: str, rate: int, request: Request) -> None:
        """Count a request, and say in its answer how many more there may be."""
        bucket = self._bucket(key, rate)
        now = round(monotonic() * 1000)
        bucket.leak(now)
        allowed = bucket.put(RateItem(key, now))
        oldest = bucket.peek(bucket.count() - 1)
        reset = 0 if oldest is None else max(0, math.ceil((oldest.timestamp + WINDOW * 1000 - now) / 1000))
        headers = {
            "ratelimit-limit": str(rate),
            "ratelimit-remaining": str(max(0, rate - bucket.count())),
            "ratelimit-reset": str(reset),
        }
        request.state.headers = headers
        if not allowed:
            what = f"this key may make {rate} requests a minute; wait {max(1, reset)} seconds"
            raise Failure(429, what, headers={"Retry-After": str(max(1, reset))})

    def _bucket(self, key: str, rate: int) -> InMemoryBucket:
        bucket = self._buckets.get(key)
        if bucket is None or bucket.rates[0].limit != rate:
            bucket = self._buckets[key] = InMemoryBucket([Rate(rate, WINDOW * 1000)])
        self._buckets.move_to_end(key)
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return bucket
