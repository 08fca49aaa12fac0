"""A million enrollments through the command line, from a local server; prints time and peak memory.

    python benchmarks/million.py [records]

The server runs in a process of its own and gives 1,000 courses with as many enrollments each as it takes, in pages of
500 of about 600 bytes an item. What is measured is the whole `rollbook run` process, writing JSON Lines to a file.
"""

import asyncio
import json
import multiprocessing
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

COURSES = 1000
PAGE = 500
MAPPING = """
mapping: 1
provider: { id: local, name: Local }
connection: { url: { title: Address, format: url } }
http:
  base_url: "{connection.url}"
  auth: { none: true }
  check: { get: /courses }
fetch:
  courses: { get: /courses, items: items }
  enrollments:
    for: course in courses
    get: /courses/{course.id}/enrollments
    items: items
    pages: { page: { param: page, size: 500, size_param: size, total: total } }
course_enrollments:
  for: enrollment in enrollments
  fields:
    id: enrollment.id
    user.id: enrollment.user.id
    user.name: enrollment.user.name
    user.emails: enrollment.user.email
    course.id: course.id
    course.title: course.title
    enrolled_at: enrollment.created_at
    completed_at: enrollment.completed_at
    progress_percent: enrollment.progress
    score: enrollment.score
  status: { from: enrollment.state, words: { active: in_progress, done: completed } }
"""


def item(course: int, number: int) -> dict[str, Any]:
    return {
        "id": course * 1_000_000 + number,
        "user": {"id": number, "name": f"Learner Number {number}", "email": f"learner{number}@school.example"},
        "state": "done" if number % 3 else "active",
        "created_at": "2026-01-05T08:00:00Z",
        "completed_at": "2026-03-01T10:11:12Z" if number % 3 else None,
        "progress": 100 if number % 3 else 40,
        "score": 87.5,
        "note": "x" * 300,
    }


async def serve(per_course: int, ready: Any) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            while (await reader.readline()).strip():
                pass
            url = urlsplit(line.split()[1].decode())
            if url.path == "/courses":
                body = {"items": [{"id": number, "title": f"Course {number}"} for number in range(1, COURSES + 1)]}
            else:
                course, page = int(url.path.split("/")[2]), int(parse_qs(url.query)["page"][0])
                first = (page - 1) * PAGE
                numbers = range(first, min(first + PAGE, per_course))
                body = {"items": [item(course, number) for number in numbers], "total": per_course}
            text = json.dumps(body).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(text))
            writer.write(text)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    ready.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def started(per_course: int, ready: Any) -> None:
    asyncio.run(serve(per_course, ready))


def main() -> None:
    records = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=started, args=(records // COURSES, theirs), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "local.yaml").write_text(MAPPING)
        out = Path(folder) / "out.jsonl"
        program = [str(Path(sys.executable).with_name("rollbook")), "run", "local", "--mappings", folder]
        began = time.monotonic()
        subprocess.run([*program, "--set", f"url={url}", "--out", str(out)], check=True)
        took = time.monotonic() - began
        written = sum(1 for _ in out.open("rb"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    server.terminate()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{written} records in {took:.0f} s ({written / took:.0f}/s), {used.ru_utime + used.ru_stime:.0f} s of CPU")
    print(f"peak memory {used.ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
