"""Rollbook as a library: the mappings in `mappings/`, records written as JSON Lines.

python ours.py JOB URL OUT
"""

import asyncio
import sys
from pathlib import Path

import engine
from engine.writing import open_writer

MAPPINGS = Path(__file__).parent / "mappings"


async def main(job: str, url: str, out: str) -> None:
    run = engine.run(MAPPINGS / f"{'list' if job == 'memory' else job}.yaml", {"url": url})
    with open_writer("jsonl", run.resource, Path(out), sys.stdout) as writer:
        async for record in run:
            writer.write(record)
    assert run.report.complete, run.report.as_json()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
