"""The server of `end_to_end.py`: the made-up school over HTTP on a free port of 127.0.0.1, in a process of its own.

    python benchmarks/server.py JOB RECORDS [LATENCY]

It prints its port and serves until its standard input ends or it is terminated. Beside the lists of the job there is
`/counts`: how many requests came since it was asked last, how many of them were under way at once, and when the first
came, on the clock that all processes of a machine share.
"""

import asyncio
import json
import sys
import time
from urllib.parse import parse_qs

import school

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
_MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class School:
    """Answers paths of one job."""

    def __init__(self, job: school.Job, records: int, latency: int | None = None) -> None:
        self.job = job
        self.latency = (job.latency if latency is None else latency) / 1000
        self.records = records
        self.requests = self.at_once = self.under_way = 0
        self.first = 0.0
        self._large: dict[int, bytes] = {}

    def counts(self) -> bytes:
        """Return what was counted, and count anew."""
        counted = {"requests": self.requests, "at_once": self.at_once, "first": self.first}
        self.requests = self.at_once = 0
        return json.dumps(counted).encode()

    def count(self) -> None:
        """Count a request that begins."""
        self.first = self.first if self.requests else time.monotonic()
        self.requests += 1
        self.under_way += 1
        self.at_once = max(self.at_once, self.under_way)

    def answer(self, target: str) -> bytes | None:
        """Return the body for a path with its query, or None where there is none."""
        path, _, query = target.partition("?")
        number = int(parse_qs(query).get("page", ["1"])[0])
        match path.strip("/").split("/"):
            case ["enrollments"]:
                return school.page(school.WHOLE, range(self.records), number)
            case ["large"]:
                if number not in self._large:
                    self._large = {number: school.page(school.LARGE, range(self.records), number)}
                return self._large[number]
            case ["courses"]:
                # Numbers of courses begin at 1: there are providers to whom an id of 0 is none.
                return school.courses(range(1, -(-self.records // school.PAGE) + 1), number)
            case ["courses", course, "enrollments"]:
                bare = school.BARE if self.job.name == "join" else school.OF_COURSE
                return school.page(bare, self._of(int(course)), number, int(course))
            case ["courses", course, "people"]:
                return school.page(school.PERSON, self._of(int(course)), number, int(course))
        return None

    def _of(self, course: int) -> range:
        return range((course - 1) * school.PAGE, min(course * school.PAGE, self.records))


class Connection(asyncio.Protocol):
    """One connection: GET requests, one after the other."""

    def __init__(self, served: School) -> None:
        self.school = served
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request when the latency is over."""
        self.received += data
        while b"\r\n\r\n" in self.received:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            target = head.split(b" ", 2)[1].decode()
            if target == "/counts":
                self._write(self.school.counts())
                continue
            self.school.count()
            asyncio.get_running_loop().call_later(self.school.latency, self._finish, target)

    def _finish(self, target: str) -> None:
        self.school.under_way -= 1
        self._write(self.school.answer(target))

    def _write(self, body: bytes | None) -> None:
        if not self.transport.is_closing():
            self.transport.write(_MISSING if body is None else _HEAD % len(body) + body)


async def serve(job: str, records: int, latency: int | None = None) -> None:
    served = School(school.JOBS[job], records, latency)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(served), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    # Whoever started this may be killed: its end of the pipe closes then, too.
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], *(int(given) for given in sys.argv[2:])))
