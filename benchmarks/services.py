"""The services that `service.py` compares, each in a process of its own on a free port of 127.0.0.1.

    python benchmarks/services.py rollbook|bare URL [list|dear|large]

`rollbook` is the service as it is, over a store of its own; `bare` is FastAPI as its manual has it: a route that asks
the provider, maps by hand, and returns a pydantic model, all of which is validated. Both print, as JSON, where a page
is and the headers to ask with; and when their standard input ends, the longest time that one task had before others had
their turn, and that their event loop was busy between two looks at what has come, in which everybody has a turn: CPU
time of its thread, so that what else the machine does is left out; and how late
a task was that wanted its turn every millisecond, by the clock on the wall: in that is also what the loop waited for
other threads and other programs.
"""

import asyncio
import json
import selectors
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import httpx2
import uvicorn
from fastapi import FastAPI, Query
from pydantic import BaseModel

from engine.records import CourseEnrollment
from engine.service.settling import SETTLED, Settling

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "contenders"))

from record import unified  # noqa: E402 - beside the other contenders

#: How often the monitor looks at the clock, in seconds.
TICK = 0.001
#: How many accounts the clients share.
ACCOUNTS = 20


class Page(BaseModel):
    """The answer of the bare service, all of it validated."""

    result: list[CourseEnrollment]
    next_cursor: str | None
    result_count: int
    limit: int


def bare(provider: str, _: Path, __: str) -> tuple[Any, list[str], dict[str, str]]:
    app = FastAPI()
    client = httpx2.AsyncClient(base_url=provider)

    @app.get("/course-enrollments")
    async def listed(limit: int = 100, page: Annotated[int, Query()] = 1) -> Page:
        response = await client.get("/enrollments", params={"page": page, "per_page": limit})
        items = response.raise_for_status().json()["data"]
        records = [unified(item, item["course"], item["user"], {"enrollment": item}) for item in items]
        result = [CourseEnrollment.model_validate(record) for record in records]
        return Page(result=result, next_cursor=str(page + 1), result_count=len(result), limit=limit)

    return app, ["/course-enrollments?limit=100"], {}


def rollbook(provider: str, folder: Path, mapping: str) -> tuple[Any, list[str], dict[str, str]]:
    from engine.service import Settings, application
    from engine.service.catalog import read
    from engine.service.logs import configure
    from engine.store import KeyRing, open_store

    settings = Settings(allow=(provider.removeprefix("http://"),), requests_per_minute=10_000_000, log_level="warning")
    configure(settings, ())
    store = open_store(f"sqlite:///{folder / 'store.db'}", KeyRing.generate(), migrate=True)
    # Several, for each asks its provider for no more than the mapping allows at once.
    accounts = [
        store.accounts.create(mapping, f"Benchmark {n}", {"url": provider}, secret=()).id for n in range(ACCOUNTS)
    ]
    _, key = store.keys.create("read", None, "benchmark")
    app = application(settings, store, read((HERE / "contenders" / "mappings", HERE / "stalling")))
    paths = [f"/unified/lms/course-enrollments?integrated_account_id={account}&limit=100" for account in accounts]
    return app, paths, {"Authorization": f"Bearer {key}"}


SERVICES: dict[str, Callable[[str, Path, str], tuple[Any, list[str], dict[str, str]]]] = {
    "rollbook": rollbook,
    "bare": bare,
}


class Steps:
    """Keeps the longest CPU time of one step: what a task or callback does before anything else has its turn."""

    def __init__(self) -> None:
        self.longest = 0.0
        run = asyncio.Handle._run  # noqa: SLF001 - there is no other way to see every step

        def timed(handle: asyncio.Handle) -> None:
            before = time.thread_time()
            run(handle)
            self.longest = max(self.longest, time.thread_time() - before)

        asyncio.Handle._run = timed  # type: ignore[method-assign] # noqa: SLF001 - the same


class Looks(selectors.DefaultSelector):
    """Looks for what has come, and keeps the longest CPU time from one look to the next."""

    longest = 0.0
    _since: float | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Look for what has come."""
        if self._since is not None:
            self.longest = max(self.longest, time.thread_time() - self._since)
        found = super().select(timeout)
        self._since = time.thread_time()
        return found


async def late() -> list[float]:
    """Return how late this task was each time that it wanted its turn, when it is told to end."""
    times = []
    try:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(TICK)
            times.append(time.perf_counter() - before - TICK)
    except asyncio.CancelledError:
        return sorted(times)


async def main(looks: Looks, steps: Steps, name: str, provider: str, mapping: str = "list") -> None:
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listening:
        app, paths, headers = SERVICES[name](provider, Path(folder), mapping)
        settling = Settling()
        if name == "rollbook":  # as `rollbook serve` does, with the server of uvicorn that it has
            settling.start()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started:  # noqa: ASYNC110 - it has no event for that
            await asyncio.sleep(0.01)
        print(json.dumps({"port": listening.getsockname()[1], "paths": paths, "headers": headers}), flush=True)
        loop = asyncio.get_running_loop()
        # The first requests read and compile what all others use: they are not what is looked for.
        await loop.run_in_executor(None, sys.stdin.readline)
        if name == "rollbook":
            settling.look(SETTLED)
        await asyncio.sleep(0.1)
        looks.longest = steps.longest = 0.0
        monitor = asyncio.create_task(late())
        await loop.run_in_executor(None, sys.stdin.read)
        monitor.cancel()
        times = await monitor
        told = {
            "step": steps.longest,
            "stall": looks.longest,
            "late": times[int(len(times) * 0.99)],
            "latest": times[-1],
        }
        print(json.dumps(told), flush=True)
        server.should_exit = True
        await serving


if __name__ == "__main__":
    watched = Looks()
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(watched)) as runner:
        runner.run(main(watched, Steps(), *sys.argv[1:]))
