"""A live page of the service beside the same page from a bare one, and a hundred clients at once.

    python benchmarks/service.py [--rounds N] [--pages N] [--clients N] [--seconds N] [--latency MS] [--stalls]

First both give the page of a hundred records by turns, to one client: wall time, and the CPU time of the service for
each page. Then so many clients ask for pages of a provider that takes its time, through twenty accounts, for some
seconds each: requests per second, percentiles of the time to an answer, the longest time the event loop stood still,
and how memory grew. At last four clients ask for pages that keep a processor busy for long: every record of one takes
thousands of rounds, and one comes in an answer of 5 MB. With `--stalls`, only that.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from end_to_end import machine

HERE = Path(__file__).parent
NAMES = ("rollbook", "bare")
LONG = {
    "list": "records of 1.5 KB",
    "dear": "records that take 40,000 rounds each",
    "large": "answers of 5 MB, records of 50 KB",
}
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Service:
    """A service under way."""

    process: "subprocess.Popen[str]"
    urls: list[str]
    headers: dict[str, str]
    step: float = 0.0
    stall: float = 0.0
    late: float = 0.0
    latest: float = 0.0

    def cpu(self) -> float:
        """Return the CPU seconds it used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def memory(self) -> float:
        """Return the memory it holds, in MB."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


@contextmanager
def started(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, str(HERE / script), *arguments]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            pipe.close()


@contextmanager
def serving(name: str, latency: int, mapping: str = "list") -> Iterator[Service]:
    """Start a provider and a service that reads it; warm it up; at the end, ask it how long it stood still."""
    with ExitStack() as stack:
        provider = stack.enter_context(started("server.py", "list", "20000", str(latency)))
        assert provider.stdout is not None
        process = stack.enter_context(
            started("services.py", name, f"http://127.0.0.1:{int(provider.stdout.readline())}", mapping)
        )
        assert process.stdout is not None
        assert process.stdin is not None
        told = json.loads(process.stdout.readline())
        urls = [f"http://127.0.0.1:{told['port']}{path}" for path in told["paths"]]
        service = Service(process, urls, told["headers"])
        asyncio.run(load(service, 4, requests=20 if mapping == "list" else 2))
        print(file=process.stdin, flush=True)
        yield service
        process.stdin.close()
        told = json.loads(process.stdout.readline())
        for figure, found in told.items():
            setattr(service, figure, found)


async def load(service: Service, clients: int, *, requests: int | None = None, seconds: float = 0.0) -> list[float]:
    """Ask with so many clients, a number of times or for some seconds; return how long each answer took."""
    took: list[float] = []
    until = time.perf_counter() + seconds
    limits = httpx2.Limits(max_connections=clients)
    async with httpx2.AsyncClient(headers=service.headers, timeout=60, limits=limits) as client:

        async def ask(url: str) -> None:
            while len(took) < requests if requests is not None else time.perf_counter() < until:
                began = time.perf_counter()
                answer = await client.get(url)
                took.append(time.perf_counter() - began)
                body: dict[str, Any] = answer.json() if len(took) == 1 else {"result_count": 100}
                if answer.status_code != 200 or body["result_count"] != 100:
                    raise SystemExit(f"{url}: {answer.status_code} {answer.text[:300]}")

        await asyncio.gather(*[ask(service.urls[number % len(service.urls)]) for number in range(clients)])
    return took


def by_turns(rounds: int, pages: int) -> None:
    """Compare a page of each, one client, by turns."""
    figures: dict[str, list[tuple[float, float]]] = {name: [] for name in NAMES}
    with ExitStack() as stack:
        services = {name: stack.enter_context(serving(name, 0)) for name in NAMES}
        for _ in range(rounds):
            for name, service in services.items():
                before = service.cpu()
                took = asyncio.run(load(service, 1, requests=pages))
                figures[name].append((statistics.median(took), (service.cpu() - before) / pages))
    print(f"a page of 100 records of 1.5 KB, one client, {rounds} rounds of {pages} pages, medians")
    wall, cpu = ({name: statistics.median(row[at] for row in figures[name]) * 1000 for name in NAMES} for at in (0, 1))
    for name in NAMES:
        ratios = f"{wall[name] / wall['bare']:5.2f} x wall, {cpu[name] / cpu['bare']:5.2f} x CPU of bare"
        print(f"  {name:9} {wall[name]:7.2f} ms to the answer  {cpu[name]:7.2f} ms of CPU  {ratios}")


def at_once(clients: int, seconds: float, latency: int) -> None:
    """Let many clients ask at once."""
    print(f"{clients} clients at once for {seconds:g} s, provider answers after {latency} ms")
    for name in NAMES:
        with serving(name, latency) as service:
            asyncio.run(load(service, clients, seconds=seconds / 4))
            memory, before = service.memory(), service.cpu()
            took = sorted(asyncio.run(load(service, clients, seconds=seconds)))
            used, grown = service.cpu() - before, service.memory() - memory
            held = service.memory()
        p50, p95, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.95, 0.99))
        print(
            f"  {name:9} {len(took) / seconds:6.1f} pages/s  p50 {p50:6.0f}  p95 {p95:6.0f}  p99 {p99:6.0f} ms"
            f"  {used / len(took) * 1000:5.2f} ms of CPU a page  longest stall {service.stall * 1000:5.1f} ms"
            f"  memory {held:.0f} MB, {grown:+.1f} MB"
        )


def long_work(seconds: float) -> None:
    """Let four clients ask for what takes long, and print for how long others on the loop were kept waiting."""
    print(f"4 clients at once for {seconds:g} s")
    for mapping, about in LONG.items():
        with serving("rollbook", 0, mapping) as service:
            took = sorted(asyncio.run(load(service, 4, seconds=seconds)))
        print(
            f"  {about:45} {len(took):4} pages, p50 {took[len(took) // 2] * 1000:6.0f} ms"
            f"  longest step {service.step * 1000:4.1f} ms, round {service.stall * 1000:4.1f} ms"
            f"  late p99 {service.late * 1000:5.1f} ms"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="The service, beside a bare one.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--pages", type=int, default=60, help="pages of a round (60)")
    parser.add_argument("--clients", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--latency", type=int, default=200, help="milliseconds that the provider takes (200)")
    parser.add_argument("--stalls", action="store_true", help="only what takes long")
    given = parser.parse_args()
    print(machine())
    if not given.stalls:
        by_turns(given.rounds, given.pages)
        at_once(given.clients, given.seconds, given.latency)
    long_work(given.seconds)


if __name__ == "__main__":
    main()
